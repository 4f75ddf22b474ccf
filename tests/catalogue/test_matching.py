from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.catalogue.matching import best, fit, rivals
from iotsweep.catalogue.patterns import read_pattern
from iotsweep.model import Confidence, Observation
from tests.catalogue.helpers import FewVendors, a_catalogue, a_fingerprint, matches, seen

HAP = {"mdns.service": "_hap._tcp", "mdns.txt.ci": "17"}


def test_a_mapping_means_all_and_a_list_means_any() -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"likely": [{"http.title": ["One", "Two"], "http.server": "S"}]}))
    assert matches(catalogue, {"http.title": "two", "http.server": "s"})
    assert not matches(catalogue, {"http.title": "two"})
    assert not matches(catalogue, {"http.title": "three", "http.server": "s"})


def test_facts_of_one_protocol_have_to_come_from_one_reply() -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"likely": [HAP]}))
    assert matches(catalogue, {"mdns.service": ["_http._tcp", "_hap._tcp"], "mdns.txt.ci": "17"})
    assert not matches(catalogue, {"mdns.service": "_hap._tcp", "mdns.txt.ci": "5"}, {"mdns.txt.ci": "17"})


def test_facts_of_different_protocols_may_come_from_different_replies() -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"likely": [{"ssdp.server": "X", "upnp.model_name": "Y"}]}))
    assert matches(catalogue, {"ssdp.server": "X"}, {"upnp.model_name": "Y"})


@pytest.mark.parametrize(
    "reply",
    [
        {"http.server": "Acme/1.0"},
        {"snmp.sys_descr": "Linux acme"},
        {"telnet.banner": "Welcome to ACME"},
        {"tls.subject": "CN=camera.local, O=Acme"},
        {"tls.subject": 'C=US/O="Acme, Inc."/CN=x'},
    ],
)
def test_one_clue_asks_for_the_words_of_every_service(reply: dict[str, str]) -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"likely": [{"any.banner": r"/\bacme/"}]}))
    [match] = matches(catalogue, reply)
    assert [(because.key, because.value) for because in match.because] == list(reply.items())


@pytest.mark.parametrize("reply", [{"http.title": "Acme"}, {"sip.server": "Acme"}, {"tls.subject": "L=Acme, CN=x"}])
def test_a_page_telephony_and_a_town_are_no_words_of_a_service(reply: dict[str, str]) -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"likely": [{"any.banner": r"/\bacme/"}]}))
    assert not matches(catalogue, reply)


@pytest.mark.parametrize("key", ["dns.query", "tls.sni", "http.host"])
def test_one_clue_asks_for_a_server_s_name_however_it_was_asked_for(key: str) -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"possible": [{"any.look_up": "*.acme.com"}]}))
    assert matches(catalogue, {key: "api.acme.com"})
    assert not matches(catalogue, {"dns.name": "api.acme.com"})


def test_a_part_for_things_tells_a_thing_from_a_phone_with_its_app() -> None:
    clue = {"any.look_up": "*.acme.com", "mac.thing_part": "yes"}
    catalogue = replace(a_catalogue(a_fingerprint("a", {"possible": [clue]})), thing_part_makers=("TP-Link*",))
    asked = {"dns.query": "api.acme.com"}
    [match] = matches(catalogue, asked, {"mac.address": "50:c7:bf:00:00:01"})
    assert ("mac.vendor", "TP-Link") in [(because.key, because.value[:7]) for because in match.because]
    assert matches(catalogue, asked, {"mac.vendor": "TP-Link Inc."})
    assert not matches(catalogue, asked, {"mac.vendor": "Apple, Inc."})


def test_ports_and_addresses_are_true_of_the_whole_device() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"possible": [{"tcp.554": "open", "tcp.80": "open", "mac.vendor": "TP-Link*"}]})
    )
    assert matches(catalogue, {"tcp.554": "open"}, {"tcp.80": "open"}, {"mac.address": "50C7BF010203"})


def test_an_address_tells_its_block_its_maker_and_whether_it_is_local() -> None:
    catalogue = a_catalogue(
        a_fingerprint("block", {"possible": [{"mac.prefix": "50c7bf*"}]}),
        a_fingerprint("small-block", {"possible": [{"mac.prefix": "8C1F64ABC", "mac.vendor": "Tiny*"}]}),
        a_fingerprint("local", {"possible": [{"mac.local": "yes"}]}),
    )

    def of(mac: str) -> list[str]:
        return [m.fingerprint for m in fit([(7, Observation("arp", "t", mac=mac))], catalogue, FewVendors())]

    assert of("50:c7:bf:00:00:01") == ["block"]
    assert of("8c:1f:64:ab:c0:01") == ["small-block"]
    assert of("52:c7:bf:00:00:01") == ["local"]


def test_a_derived_fact_names_no_observation_and_a_seen_one_does() -> None:
    catalogue = a_catalogue(a_fingerprint("a", {"possible": [{"mac.vendor": "TP-Link*", "tcp.554": "open"}]}))
    replies = [
        (4, Observation("arp", "t", mac="50:c7:bf:00:00:01")),
        (9, Observation("tcp", "t", facts=(("tcp.554", "open"),))),
    ]
    because = fit(replies, catalogue, FewVendors())[0].because
    assert {(b.observation, b.key, b.value) for b in because} == {
        (None, "mac.vendor", "TP-Link Systems Inc."),
        (9, "tcp.554", "open"),
    }


def test_the_surest_level_wins_and_brings_its_facts() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"confirmed": [{"tapo.device_type": "CAM"}], "possible": [{"tcp.554": "open"}]})
    )
    found = matches(catalogue, {"tcp.554": "open"}, {"tapo.device_type": "CAM"})[0]
    assert found.confidence is Confidence.CONFIRMED
    assert [b.key for b in found.because] == ["tapo.device_type"]


def test_another_clue_that_holds_fills_the_missing_model_and_says_so() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"confirmed": [{"tapo.type": "CAM"}], "likely": [{"http.title": "/^Cam (?P<model>.+)$/"}]})
    )
    found = matches(catalogue, {"tapo.type": "CAM"}, {"http.title": "Cam 9"})[0]
    assert (found.confidence, found.model) == (Confidence.CONFIRMED, "9")
    assert [b.key for b in found.because] == ["tapo.type", "http.title"]


def test_the_better_match_comes_first() -> None:
    catalogue = a_catalogue(
        a_fingerprint("z-generic", {"likely": [HAP]}, generic=True, maker=""),
        a_fingerprint("y-two-facts", {"likely": [HAP]}),
        a_fingerprint("x-three-facts", {"likely": [HAP | {"mdns.txt.md": "Cam*"}]}),
        a_fingerprint("w-exact", {"likely": [HAP | {"mdns.txt.md": "Cam 1"}]}),
        a_fingerprint("v-sure", {"confirmed": [{"mdns.txt.md": "Cam 1"}]}),
    )
    found = matches(catalogue, HAP | {"mdns.txt.md": "Cam 1"})
    assert [m.fingerprint for m in found] == ["v-sure", "w-exact", "x-three-facts", "y-two-facts", "z-generic"]


def test_equally_sure_matches_of_other_kinds_leave_it_possible() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"likely": [HAP]}, kind="camera"), a_fingerprint("b", {"likely": [HAP]}, kind="lock")
    )
    answer = best(matches(catalogue, HAP))
    assert answer is not None
    assert answer.confidence is Confidence.POSSIBLE


def test_a_generic_match_of_another_kind_does_not_make_a_product_family_less_sure() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"likely": [HAP]}, kind="doorbell"),
        a_fingerprint("b", {"likely": [HAP]}, kind="camera", generic=True),
    )
    answer = best(matches(catalogue, HAP))
    assert answer is not None
    assert (answer.fingerprint, answer.confidence) == ("a", Confidence.LIKELY)


def test_a_likely_product_family_is_named_before_a_confirmed_generic_of_its_kind() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"likely": [HAP]}), a_fingerprint("b", {"confirmed": [HAP]}, generic=True, maker="")
    )
    answer = best(matches(catalogue, HAP))
    assert answer is not None
    assert answer.fingerprint == "a"
    assert best(()) is None


def test_a_generic_fingerprint_takes_the_maker_from_the_device() -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"likely": [{"upnp.manufacturer": "/^(?P<maker>.+)$/"}]}, generic=True, maker="")
    )
    assert matches(catalogue, {"upnp.manufacturer": "Nobody Heard Of"})[0].maker == "Nobody Heard Of"


_FACTS = st.dictionaries(
    st.sampled_from(["http.title", "http.server", "tcp.80", "mdns.name", "mac.address"]),
    st.sampled_from(["Cam 1", "Cam 2", "open", "Door", "50c7bf000001", "Cam 10"]),
    max_size=3,
)


@given(st.lists(_FACTS, max_size=5), st.randoms())
def test_the_order_of_replies_changes_nothing(replies: list[dict[str, str]], random: object) -> None:
    catalogue = a_catalogue(
        a_fingerprint("a", {"likely": [{"http.title": "/^Cam (?P<model>.+)$/"}], "possible": [{"mdns.name": "*o*"}]}),
        a_fingerprint("b", {"likely": [{"http.title": "Cam*", "http.server": ["Door", "/^Cam \\d+$/"]}]}),
        a_fingerprint("c", {"possible": [{"mac.vendor": "TP*", "tcp.80": "open"}]}),
    )
    numbered = seen(*replies)
    shuffled = list(numbered)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fit(numbered, catalogue, FewVendors()) == fit(shuffled, catalogue, FewVendors())


_WRITTEN = st.sampled_from(["Cam 1", "cam*", "*1", "C*m*0", "*", "/Cam \\d+/", "/^C.m 1$/", "/(door|cam 1)/", "Door"])


@given(st.lists(st.tuples(_WRITTEN, _WRITTEN), min_size=1, max_size=6), st.lists(_FACTS, max_size=4))
def test_the_index_finds_what_trying_every_clue_would_find(
    clues: list[tuple[str, str]], replies: list[dict[str, str]]
) -> None:
    written = [{"http.title": a, "http.server": b} for a, b in clues]
    catalogue = a_catalogue(*(a_fingerprint(f"f{n}", {"possible": [clue]}) for n, clue in enumerate(written)))
    alone = {f"f{n}" for n, clue in enumerate(written) if any(_holds(clue, reply) for reply in replies)}
    assert {m.fingerprint for m in matches(catalogue, *replies)} == alone


def _holds(clue: dict[str, str], reply: dict[str, str]) -> bool:
    from iotsweep.catalogue.patterns import read_pattern

    return all(
        key in reply and read_pattern(key, written).match(reply[key], reply[key].casefold()) is not None
        for key, written in clue.items()
    )


def test_the_routers_name_for_an_address_counts_as_the_name_that_the_device_gave() -> None:
    catalogue = a_catalogue(a_fingerprint("ring", {"possible": [{"dhcp.hostname": "ring-*"}]}))
    (match,) = matches(catalogue, {"dns.name": "Ring-1a2b"})
    assert [(because.key, because.value) for because in match.because] == [("dns.name", "Ring-1a2b")]


def test_a_family_that_another_refines_does_not_contest_it() -> None:
    camera = a_fingerprint("cam", {"likely": [{"onvif.hardware": "Reolink*"}]})
    doorbell = a_fingerprint("bell", {"likely": [{"onvif.hardware": "Reolink*Doorbell*"}]}, kind="doorbell")
    found = matches(a_catalogue(camera, doorbell), {"onvif.hardware": "Reolink Video Doorbell WiFi"})
    assert [m.fingerprint for m in found] == ["bell", "cam"]
    assert rivals(found) == ()
    answer = best(found)
    assert answer is not None
    assert (answer.kind, answer.confidence) == ("doorbell", Confidence.LIKELY)


def test_a_family_with_fewer_of_the_same_facts_does_not_contest_one_with_more() -> None:
    lock = a_fingerprint("lock", {"likely": [{"mdns.service": "_hap._tcp"}]}, kind="lock")
    found = matches(a_catalogue(lock, a_fingerprint("cam", {"likely": [HAP]})), HAP)
    assert [m.fingerprint for m in found] == ["cam", "lock"]
    assert rivals(found) == ()


def test_a_family_that_rests_on_something_else_contests() -> None:
    lock = a_fingerprint("lock", {"likely": [{"http.title": "Lock"}]}, kind="lock")
    found = matches(a_catalogue(lock, a_fingerprint("cam", {"likely": [HAP]})), HAP, {"http.title": "Lock"})
    assert [m.fingerprint for m in rivals(found)] == ["lock"]
    assert best(found) == replace(found[0], confidence=Confidence.POSSIBLE)


def test_more_spelled_out_letters_are_more_exact() -> None:
    written = ["*", "Cam*", "/^Cam/", "/^Cam [0-9]$/", "Cam 1*", "/^Cam (1|22)$/", "Cam 1"]
    exact = [read_pattern("http.title", text).exactness for text in written]
    assert exact == sorted(exact)
    assert exact[0] == 0


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"mdns.host": "Acme-1A2B.local."}, True),
        ({"netbios.name": "ACME-1A2B"}, True),
        ({"mdns.service": "_http._tcp.local.", "mdns.name": "acme-1a2b._http._tcp.local."}, True),
        ({"mdns.service": "_http._tcp.local.", "mdns.name": "acme-1a2b of Jane._http._tcp.local."}, False),
        ({"mdns.service": "_smb._tcp.local.", "mdns.name": "acme-1a2b._smb._tcp.local."}, False),
    ],
)
def test_a_host_name_counts_by_whatever_way_the_device_tells_it(said: dict[str, str], *, holds: bool) -> None:
    catalogue = a_catalogue(a_fingerprint("acme", {"likely": [{"dhcp.hostname": "acme-*"}]}))
    found = matches(catalogue, said)
    assert bool(found) is holds
    assert all(reason.key in said for match in found for reason in match.because)
