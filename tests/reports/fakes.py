"""A small catalogue and small guidance, in the shapes that a report reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FakeKind:
    """A kind with nothing but its name."""

    name: str


@dataclass(frozen=True)
class FakeCapability:
    """A capability with nothing but its sentence."""

    say: str


@dataclass(frozen=True)
class FakeKindGuidance:
    """Guidance for one kind."""

    name: str
    questions: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    do_not: tuple[str, ...] = ()


KINDS = {
    "camera": "Camera",
    "doorbell": "Video doorbell",
    "speaker": "Smart speaker",
    "hub": "Smart-home hub",
    "tv": "TV or streaming box",
    "printer": "Printer",
    "plug": "Smart plug",
    "router": "Router",
    "computer": "Computer",
    "light": "Light",
    "phone": "Phone",
    "network-monitor": "Network repeater or monitor",
}
CAPABILITIES = {
    "video": "can show live or recorded video to people who have access to its account",
    "audio_listen": "can let people with access hear sound near it from somewhere else",
    "two_way_audio": "can play someone's voice or calls into the home",
    "recording_store": "can keep recordings from cameras or microphones",
    "presence_occupancy": "can show when people move, arrive, leave, or open doors",
    "voice_history": "can keep a history of spoken requests",
    "hub_control": "can control other devices in the home, some of which a network check cannot see",
    "traffic_visibility": "can show its manager which devices are online and may show which sites they use",
    "network_control": (
        "can block, pause or change the home internet, and may tell its manager when a new device joins"
    ),
    "remote_access": "can be reached and used from outside the home",
    "personal_computer": "is a computer, phone or tablet; what it can do depends on what is installed",
    "environment_control": "can turn lights, heating, sockets or blinds on and off from an app",
    "screen_content": "can show what is being watched, or have content sent to its screen",
    "usage_history": "can show when it was used, which can suggest when someone is home",
    "announce_print": "can print or scan",
    "none_known": "we know of no way it can watch, listen or control",
}

_BY_KIND = {
    "camera": FakeKindGuidance(
        "camera",
        ("Which rooms and which way does it face?", "Does a light show when someone watches?"),
        ("A list of people who share it, and of phones that are signed in.", "A memory card in it."),
        ("You could agree first where to talk, out of its view and hearing.", "You could leave it as it is for now."),
        ("Do not cover it or turn it away yet: the account holder may see that.",),
    ),
    "doorbell": FakeKindGuidance(
        "video doorbell",
        ("Who gets the ring on their phone?",),
        ("A list of people who share it, and its event history.",),
        ("You could plan how people arrive and leave with its view in mind.",),
        ("Do not take it down yet: the account holder may be told.",),
    ),
    "speaker": FakeKindGuidance(
        "smart speaker",
        ("Whose account does it speak for?", "Has it ever made a sound that nobody asked for?"),
        ("Who may call or drop in, and the voice history.",),
        ("You could press its microphone button while you talk; a light shows that it is off.",),
        ("Do not delete the voice history before you know whether it is needed as a record.",),
    ),
    "hub": FakeKindGuidance("smart-home hub", ("What is connected to it?",), ("Members, rooms and linked apps.",)),
    "router": FakeKindGuidance(
        "router",
        ("Whose name is the broadband in?", "Who has the router app, or the password on its label?"),
        ("A list of administrators, and alerts for new devices.",),
        ("You could ask the provider who is on the account, from a phone that only you use.",),
        ("Do not change the Wi-Fi name or password before a plan: every device drops off at once.",),
    ),
}
_UNIDENTIFIED = FakeKindGuidance(
    "not identified",
    ("Is there anything new, moved or given: a clock, a charger, a frame?",),
    ("A label on the device: maker, model and hardware address.",),
    ("You could walk through the home together and look at plugs, shelves and sockets.",),
    ("Do not switch things off to find it: the account holder may be told.",),
)


@dataclass(frozen=True)
class FakeCatalogue:
    """Kinds and capabilities, nothing else."""

    kinds: Mapping[str, FakeKind] = field(default_factory=lambda: {key: FakeKind(name) for key, name in KINDS.items()})
    capabilities: Mapping[str, FakeCapability] = field(
        default_factory=lambda: {key: FakeCapability(say) for key, say in CAPABILITIES.items()}
    )


@dataclass(frozen=True)
class FakeGuidance:
    """Guidance with the eight blind spots."""

    common_questions: tuple[str, ...] = (
        "Do you know this device? Who bought it, and when did it arrive?",
        "Who set it up, and on whose phone?",
        "Which email address or phone number is the account in? Can you sign in to it?",
        "Would anyone be told if it went offline, or if a person was removed?",
    )
    common_do_not: tuple[str, ...] = (
        "Do not unplug, cover, reset, rename or sign out of a device before a plan: the account holder may be told.",
        "Do not guess passwords, open its video or sign in to another person's account.",
        "Do not talk about what was found near anything that may hear or see.",
    )
    blind_spots: tuple[str, ...] = (
        "Devices that were switched off or asleep.",
        "Devices on another network, a guest network or their own hotspot.",
        "Devices that use mobile data.",
        "Devices that speak Bluetooth, Zigbee, Z-Wave, Thread or radio behind a hub.",
        "Devices that only record to a memory card.",
        "Devices on another person's router or a neighbour's Wi-Fi.",
        "Apps and spyware on phones and computers.",
        "Cars and item trackers.",
    )
    limits: tuple[str, ...] = (
        "This is a record of network observations. It does not show who used a device.",
        "It cannot show that no device is present.",
    )

    def for_kind(self, kind: str | None) -> FakeKindGuidance:
        """Guidance for a kind, or that for a device that was not identified."""
        return _UNIDENTIFIED if kind is None else _BY_KIND.get(kind, FakeKindGuidance(KINDS.get(kind, kind)))
