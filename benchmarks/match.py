"""The catalogue's speed: loading it, naming generated devices. `python -m benchmarks.match [--devices 2000] [--seed 1]`

Devices are the catalogue's own examples, shuffled and mixed with noise, so that every fingerprint has something to fit.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

from benchmarks.measure import machine, table
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import fit
from iotsweep.model import Observation
from iotsweep.vendors import load_vendors

_NOISE = ("http.server", "http.title", "ssdp.server", "mdns.name", "ssh.banner", "upnp.friendly_name")
_LETTERS = "abcdefghijklmnopqrstuvwxyz 0123456789-./()"


def main() -> None:
    """Measure, and print a Markdown table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__)
    options.add_argument("--devices", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    started = time.process_time()
    catalogue = load_catalogue(examples=True)
    loaded = time.process_time()
    vendors = load_vendors()
    vendors.name("00:00:00:00:00:00")
    ready = time.process_time()
    devices = make_devices(catalogue, chosen.devices, chosen.seed)
    fit(devices[0], catalogue, vendors)
    begun = time.process_time()
    confidences = Counter(
        matches[0].confidence if (matches := fit(seen, catalogue, vendors)) else "none" for seen in devices
    )
    spent = time.process_time() - begun
    print(f"{len(catalogue.fingerprints)} fingerprints, {len(devices)} devices, seed {chosen.seed}; {machine()}\n")
    rows: list[tuple[object, ...]] = [
        ("load the catalogue", f"{loaded - started:.2f} s cpu"),
        ("load the vendor table", f"{ready - loaded:.2f} s cpu"),
        ("name one device", f"{spent / len(devices) * 1e3:.2f} ms cpu"),
        ("devices per second", f"{len(devices) / spent:,.0f}"),
        ("best match", ", ".join(f"{word} {count}" for word, count in confidences.most_common())),
    ]
    print(table(("what", "how much"), rows))


def make_devices(catalogue: Catalogue, count: int, seed: int) -> list[list[tuple[int, Observation]]]:
    """`count` devices: an example of the catalogue or nothing known, and a handful of replies that mean nothing."""
    chance = random.Random(seed)
    examples = [example.saw for fingerprint in catalogue.fingerprints for example in fingerprint.examples]
    devices = []
    for number in range(count):
        known = chance.choice(examples) if examples and number % 4 else ()
        noise = [_noise(chance) for _ in range(chance.randint(2, 8))]
        seen = [*known, *noise]
        chance.shuffle(seen)
        devices.append(list(enumerate(seen)))
    return devices


def _noise(chance: random.Random) -> Observation:
    text = "".join(chance.choices(_LETTERS, k=chance.randint(5, 60)))
    return Observation("benchmark", "2026-01-01T00:00:00.000000Z", facts=((chance.choice(_NOISE), text),))


if __name__ == "__main__":
    main()
