"""Which TCP ports a scan asks: those that some fingerprint can use, most telling first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from iotsweep.catalogue.normal import protocol
from iotsweep.model import Fingerprint

MOST = 80

# Raw print ports print what they are sent; Samsung's 8001 and 8002 ask the viewer for permission on screen.
NEVER = frozenset({*range(9100, 9117), 8001, 8002})

# Where each greeting is found, the usual place first.
BANNER_PORTS = {
    "rtsp": (554, 8554, 10554, 7070),
    "http": (80, 8080, 443, 81, 8443, 8081, 88, 8000, 8888, 5000, 8123, 8008, 82, 8899, 9000, 49152),
    "tls": (443, 8443, 8009, 8883, 5001),
    "ssh": (22,),
    "ftp": (21,),
    "telnet": (23,),
    "sip": (5060,),
}
# A device that drops what it does not know is asked the first few only, so these are the ones that cameras cannot
# do without: their stream, their page, their makers' own control ports.
_CANNOT_DO_WITHOUT = (554, 80, 443, 8554, 8080, 34567, 37777)
_CAPTURES = 3.0  # a port that finds what sees and hears counts this much more


def ports_to_ask(fingerprints: Iterable[Fingerprint], sees_or_hears: Callable[[Fingerprint], bool]) -> tuple[int, ...]:
    """The ports that most fingerprints can use, counted once each; those that find cameras and microphones first."""
    score: Counter[int] = Counter()
    for fingerprint in fingerprints:
        weight = _CAPTURES if sees_or_hears(fingerprint) else 1.0
        best: dict[int, float] = {}
        for port, share in _uses(fingerprint):
            best[port] = max(best.get(port, 0.0), share)
        for port, share in best.items():
            score[port] += weight * share  # type: ignore[assignment]  # Counter holds fractions well
    first = [port for port in _CANNOT_DO_WITHOUT if port in score]
    rest = (port for port in score if port not in NEVER and port not in first)
    return (*first, *sorted(rest, key=lambda port: (-score[port], port)))[:MOST]


def _uses(fingerprint: Fingerprint) -> Iterator[tuple[int, float]]:
    for _, clues in fingerprint.clues:
        for clue in clues:
            facts = dict(clue.facts)
            for key, values in facts.items():
                name, _, rest = key.partition(".")
                if name == "tcp" or (rest == "port" and name in BANNER_PORTS):
                    yield from ((int(text), 1.0) for text in ([rest] if name == "tcp" else values) if text.isdigit())
            for name in {protocol(key) for key in facts} & BANNER_PORTS.keys():
                if f"{name}.port" not in facts:
                    yield from ((port, 1.0 / (rank + 1)) for rank, port in enumerate(BANNER_PORTS[name]))
