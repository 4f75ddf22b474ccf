"""A home with fourteen devices of every level and role, for the gold files. Names and addresses are made up."""

from __future__ import annotations

from dataclasses import dataclass

from iotsweep.model import (
    Account,
    Because,
    Claim,
    Concern,
    Confidence,
    Consent,
    ConsentRole,
    Destination,
    Device,
    DeviceRole,
    Finding,
    Level,
    Match,
    NotChecked,
    Observation,
    ProbeRun,
    Reason,
    Report,
    Scope,
    Sent,
    Tool,
)

FIRST, FIND, NEXT, LOWER = Level.CHECK_FIRST, Level.FIND_IT, Level.CHECK_NEXT, Level.LOWER
CONFIRMED, LIKELY, POSSIBLE, NONE = Confidence.CONFIRMED, Confidence.LIKELY, Confidence.POSSIBLE, Confidence.NONE
HOSTILE = "\x1b[31mred\x1b[0m [bold red]markup[/] :smile: \u202eesrever \u0301\u0301\u0301\u0301 " + "long" * 40
NOT_NAMED = Observation(
    "ports",
    "2026-11-22T10:04:13.000000Z",
    "84:f3:eb:00:00:04",
    "192.168.1.77",
    (("http.title", "Web Client"), ("mac.address", "84:f3:eb:00:00:04"), ("tcp.554", "open"), ("tcp.80", "open")),
)


@dataclass(frozen=True)
class Thing:
    """One device of the sample, in short."""

    level: Level
    kind: str | None
    name: str | None
    maker: str | None
    last: int  # last byte of its addresses; 0 for none
    sure: Confidence = CONFIRMED
    because: tuple[tuple[str, str], ...] = ()
    can: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    vendor: str | None = None
    model: str | None = None
    tier: str | None = None
    why: tuple[str, ...] = ()
    role: DeviceRole = DeviceRole.DEVICE
    others: tuple[Match, ...] = ()
    account: Account | None = None
    answers_for: tuple[str, ...] = ()
    bridge: str | None = None
    seen: tuple[int, ...] = ()
    provisional: bool = True


def make_finding(thing: Thing) -> Finding:
    """The finding for one thing."""
    ipv4 = (f"192.168.1.{thing.last}",) if thing.last else ()
    macs = (f"84:f3:eb:00:00:{thing.last:02x}",) if thing.last else ()
    ident = f"device-{thing.last or thing.name}"
    claims = [Claim(each, LIKELY) for each in thing.can] + [Claim(each, POSSIBLE) for each in thing.maybe]
    return Finding(
        Device(
            ident,
            thing.role,
            macs,
            ipv4,
            (),
            thing.names,
            thing.vendor,
            thing.seen,
            thing.answers_for,
            thing.bridge,
        ),
        thing.kind,
        thing.name,
        thing.maker,
        thing.model,
        thing.sure,
        tuple(Because(0, key, value) for key, value in thing.because),
        thing.others,
        tuple(claims),
        Concern(thing.level, thing.provisional, thing.tier, tuple(Reason("T", why) for why in thing.why)),
        account=thing.account,
    )


_CAMERA = ("video", "audio_listen", "recording_store")
_NOT_TALKED = "Nobody has talked about it yet."
THINGS = (
    Thing(
        FIRST,
        "camera",
        "Tapo camera",
        "TP-Link",
        23,
        because=(("tapo.device_type", "SMART.IPCAMERA"), ("mac.vendor", "TP-Link Systems Inc"), ("tcp.554", "open")),
        can=(*_CAMERA, "two_way_audio"),
        names=("Landing",),
        vendor="TP-Link Systems Inc",
        model="C200",
        tier="T4",
        why=("This kind of device can see or hear people.", _NOT_TALKED),
        account=Account("Tapo", "Me > Device Sharing", 'a new sign-in sends "We noticed a new login"'),
    ),
    Thing(
        FIRST,
        "camera",
        "Camera that uses the Hipcam software",
        None,
        24,
        LIKELY,
        because=(("rtsp.server", "Hipcam RealServer/V1.0"), ("tcp.554", "open"), ("tcp.80", "open")),
        can=("video",),
        maybe=("audio_listen",),
        vendor="Shenzhen Bilian Electronic",
        tier="T4",
        why=("This kind of device can see or hear people.", _NOT_TALKED),
        others=(Match("x", "Generic video recorder", "recorder", "", POSSIBLE, (Because(0, "tcp.554", "open"),)),),
    ),
    Thing(
        FIRST,
        "doorbell",
        "Ring video doorbell",
        "Ring",
        25,
        LIKELY,
        because=(("dhcp.hostname", "Ring-3a91c2"), ("mac.vendor", "Ring LLC")),
        can=("video", "audio_listen", "two_way_audio", "presence_occupancy"),
        names=("Ring-3a91c2",),
        vendor="Ring LLC",
        tier="T4",
        why=("This kind of device can see or hear people.", _NOT_TALKED),
        account=Account("Ring", "Control Center > Shared Users"),
    ),
    Thing(FIND, None, None, None, 77, NONE, vendor="Espressif Inc", seen=(0,), why=("We could not name it.",)),
    Thing(FIND, None, None, None, 78, NONE, why=("We could not name it.",), names=("android-2",)),
    Thing(
        NEXT,
        "speaker",
        "Echo speaker",
        "Amazon",
        30,
        because=(("upnp.model_name", "Echo Dot"), ("mac.vendor", "Amazon Technologies Inc.")),
        can=("two_way_audio", "voice_history", "hub_control"),
        names=("Kitchen",),
        vendor="Amazon Technologies Inc.",
        tier="T3",
        why=("This kind of device can reveal movements or control other devices.", _NOT_TALKED),
        account=Account("Alexa", "Devices > your Echo > Communications"),
    ),
    Thing(
        NEXT,
        "hub",
        "Hue bridge",
        "Philips",
        31,
        because=(("mdns.service", "_hue._tcp"), ("mdns.txt.modelid", "BSB002")),
        can=("hub_control",),
        names=("Hue Bridge - 4F21",),
        model="BSB002",
        vendor="Signify B.V.",
        tier="T3",
        why=("This kind of device can reveal movements or control other devices.", _NOT_TALKED),
    ),
    Thing(
        NEXT,
        "router",
        "FRITZ!Box",
        "AVM",
        1,
        because=(("ssdp.server", "FRITZ!Box 7590 UPnP/1.0 AVM"), ("upnp.manufacturer", "AVM Berlin")),
        can=("traffic_visibility", "network_control", "remote_access"),
        names=("fritz.box",),
        vendor="AVM GmbH",
        role=DeviceRole.ROUTER,
        tier="T3",
        why=("This kind of device can reveal movements or control other devices.", _NOT_TALKED),
    ),
    Thing(
        NEXT,
        "network-monitor",
        "Wi-Fi repeater",
        "TP-Link",
        40,
        POSSIBLE,
        because=(("mac.vendor", "TP-Link Systems Inc"),),
        maybe=("traffic_visibility",),
        vendor="TP-Link Systems Inc",
        role=DeviceRole.PROXY,
        answers_for=tuple(f"192.168.1.{last}" for last in range(120, 132)),
        why=("It could be something that can see which devices are online.", _NOT_TALKED),
    ),
    Thing(
        LOWER,
        "tv",
        "Samsung TV",
        "Samsung",
        50,
        because=(("upnp.model_name", "UE43TU7100"), ("upnp.manufacturer", "Samsung Electronics")),
        can=("screen_content", "usage_history"),
        names=(HOSTILE,),
        model=HOSTILE,
        vendor="Samsung Electronics Co.,Ltd",
        tier="T2",
    ),
    Thing(
        LOWER,
        "plug",
        "Kasa smart plug",
        "TP-Link",
        51,
        because=(("kasa.model", "HS110(UK)"),),
        can=("environment_control", "usage_history"),
        names=("Heater",),
        vendor="TP-Link Systems Inc",
        tier="T2",
    ),
    Thing(
        LOWER,
        "light",
        "Hue white lamp",
        "Philips",
        0,
        because=(("mdns.txt.modelid", "LWB010"),),
        can=("environment_control",),
        role=DeviceRole.BRIDGED,
        bridge="device-31",
        tier="T2",
    ),
    Thing(
        LOWER,
        "printer",
        "Epson printer",
        "Epson",
        52,
        LIKELY,
        because=(("mdns.service", "_ipp._tcp"), ("mdns.txt.ty", "EPSON ET-2750 Series")),
        can=("announce_print",),
        names=("EPSON1A2B3C", "プリンター"),
        vendor="Seiko Epson Corporation",
        tier="T1",
        provisional=False,
    ),
    Thing(LOWER, "computer", "This laptop", None, 99, can=("personal_computer",), role=DeviceRole.LAPTOP),
    Thing(
        LOWER,
        "light",
        "Shelly lamp",
        "Shelly",
        53,
        POSSIBLE,
        because=(("mdns.name", "shellybulb-1"),),
        maybe=("environment_control",),
        provisional=False,
    ),
)


def make_report(partial: str | None = None) -> Report:
    """The whole sample home."""
    to_all = tuple(Destination(f"192.168.1.{last}", "arp", None, 2, 84) for last in range(1, 255))
    sent = {
        "arp": Sent(508, 21336, to_all, "on the wire"),
        "mdns": Sent(14, 2211, (Destination("224.0.0.251", "udp", 5353, 14, 2211),), "on the wire"),
        "ports": Sent(402, 24120, (Destination("192.168.1.23", "tcp", 554, 402, 24120),), "on the wire"),
    }
    runs = (
        ProbeRun("arp", sent=sent["arp"], saw=14),
        ProbeRun("mdns", sent=sent["mdns"], saw=31),
        ProbeRun("ports", sent=sent["ports"], saw=22, limits=("192.168.1.78 did not answer at any port.",)),
        ProbeRun("nmap", skipped="It was not asked for; --nmap adds it."),
        ProbeRun("wsd", failed="The network refused to send to the group 239.255.255.250."),
    )
    return Report(
        "1",
        Tool("0.1.0", "3.11.2", "Linux", (), "2026.11", "ab" * 32, 112, "2026-11-01", "cd" * 32, True),
        Scope(
            "192.168.1.0/24",
            "wlan0",
            "192.168.1.99",
            "84:f3:eb:00:00:63",
            "192.168.1.1",
            consent=Consent(ConsentRole.OCCUPANT, "2026-11-22T10:03:00.000000Z", "on screen"),
        ),
        "2026-11-22T10:04:11.000000Z",
        "2026-11-22T10:04:17.300000Z",
        partial,
        runs,
        (NOT_NAMED,),
        tuple(make_finding(thing) for thing in THINGS),
        (NotChecked("Devices that use only IPv6", "This profile asks by IPv4."),),
    )
