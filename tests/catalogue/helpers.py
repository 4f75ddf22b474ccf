"""Small catalogues and an IEEE table of four blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from iotsweep.catalogue.build import as_observation
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.matching import fit
from iotsweep.model import Clue, Confidence, Fingerprint, Match, Observation

Facts = Mapping[str, str | list[str]]


_BLOCKS = {"50c7bf": "TP-Link Systems Inc.", "b85f98": "Amazon Technologies Inc.", "240ac4": "Espressif Inc."}


class FewVendors:
    """Knows four blocks; like the real table it has no name for a local address."""

    date = "2026-11-22"

    def name(self, mac: str) -> str | None:
        digits = mac.replace(":", "").lower()
        return "Tiny Maker" if digits.startswith("8c1f64abc") else _BLOCKS.get(digits[:6])

    def names(self) -> list[str]:
        return [*_BLOCKS.values(), "Acme Cameras Ltd"]

    def is_local(self, mac: str) -> bool:
        return bool(int(mac[:2], 16) & 2)


def a_fingerprint(
    identity: str,
    clues: Mapping[str, Sequence[Facts]],
    kind: str = "camera",
    *,
    generic: bool = False,
    maker: str = "Acme",
) -> Fingerprint:
    levels = tuple(
        (
            level,
            tuple(Clue(tuple((k, _many(v)) for k, v in clue.items()), n) for n, clue in enumerate(clues[level.value])),
        )
        for level in Confidence
        if level.value in clues
    )
    return Fingerprint(
        identity,
        f"Name of {identity}",
        kind,
        maker,
        ("video",),
        "draft",
        "2026-11-22",
        ("r",),
        levels,
        (),
        generic=generic,
    )


def a_catalogue(*fingerprints: Fingerprint) -> Catalogue:
    return Catalogue(tuple(fingerprints), {}, {}, "2026.11.22", "")


def seen(*replies: Facts) -> list[tuple[int, Observation]]:
    return [(n, as_observation({k: list(_many(v)) for k, v in reply.items()})) for n, reply in enumerate(replies)]


def matches(catalogue: Catalogue, *replies: Facts) -> tuple[Match, ...]:
    return fit(seen(*replies), catalogue, FewVendors())


def _many(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


GOOD = """\
id: acme-doorcam
name: Acme DoorCam
kind: doorbell
maker: Acme
can: [video]
status: draft
reviewed: 2026-11-22
references: [Acme support page 12]
clues:
  confirmed:
    - mdns.service: _acme._tcp
      mdns.txt.model: '/^(?P<model>DC-\\d+)$/'
examples:
  - name: it announces itself
    saw:
      - mdns.service: _acme._tcp.local.
        mdns.txt.model: DC-200
    expect: {confidence: confirmed, model: DC-200}
  - name: the same maker's weather station
    saw:
      - mdns.service: _acme._tcp
        mdns.txt.model: WS-1
    expect: none
"""


def a_folder(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A whole catalogue with these fingerprint files."""
    tables: dict[str, str | bytes] = {
        "kinds.yaml": "camera: {name: Camera, can: [video]}\n"
        "doorbell: {name: Doorbell, can: [video]}\n"
        "plug: {name: Plug, can: [none_known], ports: [80]}\n",
        "capabilities.yaml": "video: {tier: T4, capture: yes, say: can show video}\n"
        "none_known: {tier: T0, capture: no, say: does nothing known}\n",
        "makers.yaml": "TP-Link: [TPLink]\n",
        "block_holders.yaml": "Acme: [Tiny Maker*]\n",
        "module_makers.yaml": "- Espressif*\n",
        "VERSION": "2026.11.22\n",
    }
    for name, text in {**tables, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
