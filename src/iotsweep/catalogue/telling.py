"""Who made a device that no product family names: what it says of itself, else who holds its address block. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from iotsweep.catalogue.normal import mac_digits, normal
from iotsweep.catalogue.seen import Vendors, announces_another
from iotsweep.model import Observation

_LONGEST = 60  # longer texts are no names
# With which the IEEE's names of Chinese companies begin.
_PLACE = re.compile(
    "(?:beijing|chengdu|dongguan|foshan|fujian|gd|guangdong|guangzhou|hangzhou|huizhou|jiangsu|nanjing|ningbo|qingdao|"
    "shanghai|shenzhen|suzhou|tianjin|wuhan|xiamen|zhejiang) +",
    re.IGNORECASE,
)

# Where a device names its maker outright: UPnP Device Architecture 2.0 section 2.3, Bonjour Printing 1.2.1,
# Thread 1.3 border agent (`vn`), and what makers put into their own announcements.
_OUTRIGHT = (
    "upnp.manufacturer",
    *(
        f"mdns.txt.{key}"
        for key in ("manufacturer", "vendor", "brand", "mf", "mfr", "mfg", "usb_mfg", "vn", "vendor_name", "maker")
    ),
)
# What names a product, and often begins with its maker's name: `LIFX Mini`, `Brother HL-L2350DW series`.
_PRODUCTS = (
    *(f"mdns.txt.{key}" for key in ("md", "model", "ty", "product", "mdl", "am", "modelname", "model_name")),
    *("upnp.model_name", "upnp.model_description", "upnp.model_number", "dhcp.vendor_class"),
    *(
        "http.title",
        "http.realm",
        "rtsp.server",
        "sip.server",
        "snmp.sys_descr",
    ),  # not http.server: that names programs
)
# Nobody renames what a HomeKit accessory announces, so its name is its maker's.
_OWN_NAMES = frozenset({"_hap._tcp", "_hap._udp", "_matterc._udp"})
_ORGANISATION = re.compile(r"(?:^|[,/+]\s*)O\s*=\s*((?:\\.|[^,/+\\])+)")  # RFC 4514 section 2.4
# What stands where nobody wrote a name, and who signs certificates for anybody.
_NOBODY = re.compile(
    r"\W*|(unknown|none|null|n/?a|default|generic|manufacturer|vendor|oem|linux|upnp|test|example|device|self-?signed|"
    r"my ?company|acme( co| inc)?|(the )?(default|some|your|my) ?(company|organi[sz]ation).*|organi[sz]ation|company|"
    r"internet widgits.*|let'?s encrypt.*|digicert.*|globalsign.*|sectigo.*|comodo.*|godaddy.*|entrust.*|verisign.*|"
    r"geotrust.*|thawte.*|zerossl.*|google trust services.*|(the )?(usertrust|starfield).*|amazon)\W*",
    re.IGNORECASE,
)


class Table(Protocol):
    """What is needed of `iotsweep.catalogue.catalogue.Catalogue`."""

    @property
    def makers(self) -> Mapping[str, tuple[str, ...]]:
        """The spelling of each maker's name to use, and others."""

    def makes_only_parts(self, holder: str) -> bool:
        """Whether the holder of an address block makes parts for other makers' products."""


# Where an announcement holds the device's own hardware address (AirPlay, Axis, SoundTouch, WLED, devolo ...).
_ADDRESSES = ("mac.address", *(f"mdns.txt.{key}" for key in ("deviceid", "mac", "macaddress", "mac_address", "eth")))


def name_maker(observations: Sequence[Observation], table: Table, vendors: Vendors) -> str | None:
    """The maker that replies name, or else whose address block it is that they came from."""
    said = {text for seen in observations for key in _ADDRESSES for text in seen.values(key)}
    said |= {seen.mac for seen in observations if seen.mac}
    holders = (vendors.name(normal("mac.address", one)) for one in sorted(said) if len(mac_digits(one)) == 12)
    return tell_maker(observations, table, next((holder for holder in holders if holder), None))


def tell_maker(observations: Iterable[Observation], table: Table, holder: str | None = None) -> str | None:
    """The maker that a device's replies name, else `holder` of its address block unless that makes parts for others."""
    own = [one for one in observations if not announces_another(one)]
    for texts in (_outright(own), _begun(own, table.makers), _organisations(own)):
        said = min(texts, default=None)
        if said is not None:
            return _spell(said, table.makers) or said
    if holder is None or table.makes_only_parts(holder):
        return None
    place = _PLACE.match(holder)  # `Chengdu Meross Technology Co., Ltd.`
    return _spell(holder[place.end() :] if place else holder, table.makers) or holder


def _outright(observations: Iterable[Observation]) -> Iterator[str]:
    texts = (text.strip() for one in observations for key in _OUTRIGHT for text in one.values(key))
    return (text for text in texts if _is_name(text))


def _begun(observations: Iterable[Observation], makers: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The makers whose names models begin with, only those that are listed."""
    for one in observations:
        named = _OWN_NAMES.intersection(normal("mdns.service", text) for text in one.values("mdns.service"))
        for key in (*_PRODUCTS, *(("mdns.name",) if named else ())):
            found = (_spell(text, makers) for text in one.values(key))
            yield from (maker for maker in found if maker)


def _organisations(observations: Iterable[Observation]) -> Iterator[str]:
    """Who a certificate is for, or who signed it; not those who sign for anybody."""
    for one in observations:
        for text in (*one.values("tls.subject"), *one.values("tls.issuer")):
            names = (re.sub(r"\\(.)", r"\1", found[1]).strip() for found in _ORGANISATION.finditer(text))
            yield from (name for name in names if _is_name(name))


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST and _NOBODY.fullmatch(text) is None


def _spell(text: str, makers: Mapping[str, tuple[str, ...]]) -> str | None:
    """The listed maker whose name `text` begins with, the longest name first."""
    folded = text.casefold()
    spellings = ((other.casefold(), right) for right, others in makers.items() for other in (right, *others))
    found = [(len(name), right) for name, right in spellings if folded.startswith(name) and _ends(folded, len(name))]
    return max(found)[1] if found else None


def _ends(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()
