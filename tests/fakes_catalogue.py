"""A small catalogue with the real one's shape: the kinds and capabilities that tests of judging need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iotsweep.model import Fingerprint


@dataclass(frozen=True)
class FakeKind:
    """A kind of device."""

    id: str
    name: str
    can: tuple[str, ...]
    ports: tuple[int, ...] | None = None


@dataclass(frozen=True)
class FakeCapability:
    """Something that a device can do."""

    id: str
    tier: str
    capture: bool
    say: str


CAPABILITIES = {
    name: FakeCapability(name, tier, capture, f"can do {name}")
    for name, tier, capture in (
        ("video", "T4", True),
        ("audio_listen", "T4", True),
        ("entry_control", "T4", False),
        ("two_way_audio", "T3", True),
        ("remote_access", "T3", False),
        ("hub_control", "T3", False),
        ("traffic_visibility", "T3", False),
        ("network_control", "T3", False),
        ("presence_occupancy", "T3", True),
        ("personal_computer", "T3", False),
        ("environment_control", "T2", False),
        ("media_control", "T2", False),
        ("file_share", "T2", False),
        ("message_call", "T2", False),
        ("announce_print", "T1", False),
        ("none_known", "T0", False),
    )
}
KINDS = {
    "camera": FakeKind("camera", "Camera", ("video", "audio_listen")),
    "doorbell": FakeKind("doorbell", "Video doorbell", ("video", "two_way_audio")),
    "plug": FakeKind("plug", "Smart plug", ("environment_control",)),
    "printer": FakeKind("printer", "Printer", ("announce_print",)),
    "other": FakeKind("other", "Other device", ("none_known",)),
}


@dataclass(frozen=True)
class FakeCatalogue:
    """Implements what judging needs of a catalogue."""

    kinds: Mapping[str, FakeKind] = field(default_factory=lambda: KINDS)
    capabilities: Mapping[str, FakeCapability] = field(default_factory=lambda: CAPABILITIES)
    fingerprints: tuple[Fingerprint, ...] = ()
    makers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"Brightly": ("Bright Lamps",)})

    def makes_only_parts(self, holder: str) -> bool:
        """True for the one maker of modules that the tests know."""
        return holder.startswith("Espressif")

    def fingerprint(self, identity: str) -> Fingerprint | None:
        """The fingerprint with this id."""
        return next((one for one in self.fingerprints if one.id == identity), None)
