"""What a practice home is made of. The files in `homes/` are written in exactly these words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

_STRICT: dict[str, Any] = {"extra": "forbid"}

Address = Annotated[str, Field(pattern=r"^(\d{1,3}\.){3}\d{1,3}$")]
Mac = Annotated[str, Field(pattern=r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(ge=0, le=10)]
Hex = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{2})*$")]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the device really is, for tests to compare with what a scan says. No kind: nobody could tell."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    kind: str | None = None
    maker: str | None = None
    model: str | None = None
    says: str = ""  # what a person would call it


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP service. `certificate` names a file of `certificates/` and makes it HTTPS."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    port: Port
    status: Annotated[int, Field(ge=100, le=599)] = 200
    server: str = ""
    title: str = ""
    realm: str = ""
    body: str = ""
    content_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    favicon: str = ""  # the text of an icon; only its hash matters
    paths: Mapping[str, str] = field(default_factory=dict)  # path -> body
    certificate: str = ""
    delay: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Stream:
    """An RTSP service. It answers OPTIONS; everything else meets the sign-in that `realm` names, or 404."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    port: Port = 554
    server: str = ""
    realm: str = ""
    public: str = "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY"


@dataclass(frozen=True, slots=True)
class Greeting:
    """A service that speaks first: SSH, FTP, Telnet. An empty text is an open port that says nothing."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    port: Port
    text: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One DNS-SD service: `_hue._tcp`, the instance name, its port and its TXT entries."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    type: Annotated[str, Field(pattern=r"^_[A-Za-z0-9-]+\._(tcp|udp)$")]
    name: Annotated[str, Field(max_length=63)]
    port: Port
    txt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PortMap:
    """A router's port mapping: what arrives from the internet at `outer` goes to `inner` of `client`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    outer: Port
    client: Address
    inner: Port
    protocol: Literal["TCP", "UDP"] = "TCP"
    description: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Upnp:
    """An SSDP responder and the description that its LOCATION points to."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    port: Port
    server: str
    uuid: str
    device_type: str
    description: Mapping[str, str]  # elements of <device>: friendlyName, manufacturer, modelName ...
    path: str = "/description.xml"
    services: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    port_mappings: tuple[PortMap, ...] = ()  # told by a service that keeps them, WANIPConnection or WANPPPConnection
    delay: Seconds = 0.1  # at most this long after the question, and never longer than its MX


@dataclass(frozen=True, slots=True)
class WsDiscovery:
    """A WS-Discovery responder. It answers a question for one of its types and, as cameras do, one for no type."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    uuid: str
    types: tuple[str, ...]  # prefixed: dn:NetworkVideoTransmitter
    address: str  # path and port of XAddrs: ":80/onvif/device_service"
    scopes: tuple[str, ...] = ()
    answers_untyped: bool = True


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP responder: a question that starts with `question` gets `answer_hex` followed by `answer`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    port: Port
    question: Hex = ""
    answer: str = ""
    answer_hex: Hex = ""
    kasa: bool = False  # both are veiled with the Kasa autokey XOR; `question` is then not looked at
    group: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A maker's own discovery protocol that the device answers; its bytes are built from these words."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    protocol: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    id: str = ""  # serial number, UID or whatever the maker calls it
    name: str = ""
    model: str = ""
    firmware: str = ""
    phrase: str = ""  # PPPP only: the phrase that its datagrams are scrambled with
    announces: bool = False  # says it every two seconds without being asked


@dataclass(frozen=True, slots=True)
class PracticeDevice:
    """One simulated thing: what it truly is, where it stands in the network, and what it answers."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    truth: Truth
    address: Address
    mac: Mac
    hostname: str = ""  # what the router's DNS knows it by
    mdns_host: str = ""  # its own .local name; the id when empty
    mdns: tuple[Service, ...] = ()
    mdns_delay: Seconds = 0.12  # at most; RFC 6762 section 6 asks for 20-120 ms
    http: tuple[Page, ...] = ()
    rtsp: tuple[Stream, ...] = ()
    greetings: tuple[Greeting, ...] = ()
    upnp: Upnp | None = None
    wsd: WsDiscovery | None = None
    datagrams: tuple[Datagram, ...] = ()
    vendors: tuple[Vendor, ...] = ()
    netbios: str = ""  # the name that it gives to a NetBIOS status question
    names_others: bool = False  # a router: answers reverse DNS look-ups with the hostnames of the home
    also_answers_for: tuple[Address, ...] = ()  # a proxy: answers ARP for these addresses too
    drops_everything: bool = False  # a firewall: answers ARP and nothing else, not even a refusal


@dataclass(frozen=True, slots=True)
class Laptop:
    """Where the scan runs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    address: Address
    mac: Mac


@dataclass(frozen=True, slots=True)
class Home:
    """A whole practice home."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    id: str
    title: str
    story: str
    network: Annotated[str, Field(pattern=r"^[\d.]+/\d+$")]
    gateway: Address
    laptop: Laptop
    devices: tuple[PracticeDevice, ...]
