from __future__ import annotations

from iotsweep.catalogue.ports import MOST, NEVER, ports_to_ask
from iotsweep.model import Fingerprint
from tests.catalogue.helpers import a_fingerprint


def ask(*fingerprints: Fingerprint) -> tuple[int, ...]:
    return ports_to_ask(fingerprints, lambda fingerprint: fingerprint.kind == "camera")


def test_ports_come_from_the_clues() -> None:
    assert set(ask(a_fingerprint("a", {"possible": [{"tcp.37777": "open", "ssh.banner": "x"}]}))) == {37777, 22}


def test_a_greeting_needs_the_ports_where_it_is_found_unless_the_clue_names_one() -> None:
    assert ask(a_fingerprint("a", {"likely": [{"rtsp.server": "x"}]}))[:2] == (554, 8554)
    assert ask(a_fingerprint("a", {"likely": [{"http.title": "x", "http.port": "8899"}]})) == (8899,)


def test_what_finds_cameras_comes_first() -> None:
    lamps = [a_fingerprint(f"l{n}", {"possible": [{"tcp.9999": "open"}]}, "light") for n in range(2)]
    assert ask(*lamps, a_fingerprint("c", {"possible": [{"tcp.554": "open"}]})) == (554, 9999)


def test_ports_that_print_or_pop_up_are_never_asked() -> None:
    clues: list[dict[str, str | list[str]]] = [{f"tcp.{port}": "open"} for port in [*sorted(NEVER), *range(1, 100)]]
    asked = ask(a_fingerprint("a", {"possible": clues}))
    assert len(asked) == MOST
    assert NEVER.isdisjoint(asked)
    assert {9100, 9116, 8001, 8002} <= NEVER
