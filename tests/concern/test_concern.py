"""Matches, evidence and answers become findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from iotsweep.answers import Answer, Expectedness, Exposure, Placement
from iotsweep.concern import judge, order
from iotsweep.model import (
    Account,
    Because,
    Confidence,
    Device,
    DeviceRole,
    Finding,
    Fingerprint,
    Level,
    Match,
    Observation,
)
from tests.fakes_catalogue import FakeCatalogue

CONFIRMED, LIKELY, POSSIBLE, NONE = Confidence
CATALOGUE = FakeCatalogue()


def saw(**facts: str) -> Observation:
    pairs = sorted((key.replace("__", "."), value) for key, value in facts.items())
    return Observation("test", "2026-11-22T10:00:00.000000Z", None, "192.168.1.20", tuple(pairs))


def device(role: DeviceRole = DeviceRole.DEVICE, seen: int = 0, macs: tuple[str, ...] = ()) -> Device:
    return Device("device-1", role, macs, ("192.168.1.20",), (), (), None, tuple(range(seen)))


def match(kind: str, confidence: Confidence, **rest: object) -> Match:
    because = (Because(0, "http.title", kind),)
    values: dict[str, object] = {"maker": "Maker", "name": f"A {kind}", **rest}
    fingerprint = f"{kind}-generic" if rest.get("generic") else f"{kind}-x"
    return Match(fingerprint, kind=kind, confidence=confidence, because=because, **values)  # type: ignore[arg-type]


def judged(*matches: Match, seen: Sequence[Observation] = (), answer: Answer | None = None) -> Finding:
    return judge(device(seen=len(seen)), matches, seen, CATALOGUE, answer)


def claims(finding: Finding) -> dict[str, Confidence]:
    return {claim.capability: claim.confidence for claim in finding.can}


def codes(finding: Finding) -> list[str]:
    return [reason.code for reason in finding.concern.reasons]


def test_nothing_known_stays_on_the_list_to_be_found() -> None:
    finding = judged()
    assert (finding.kind, finding.confidence, finding.concern.level) == (None, NONE, Level.FIND_IT)
    assert finding.concern.provisional
    assert finding.concern.tier is None
    assert codes(finding) == ["NOID-NA"]
    assert finding.concern.reasons[0].sentence == "We could not name this device. We have not talked about it yet."


def test_the_first_match_says_what_it_is_and_claims_as_firmly_as_it_fits() -> None:
    finding = judged(match("camera", LIKELY, can=("video", "remote_access"), model="C200"))
    assert (finding.kind, finding.name, finding.maker, finding.model) == ("camera", "A camera", "Maker", "C200")
    assert claims(finding) == {"video": LIKELY, "remote_access": LIKELY}
    assert finding.can[0].because == finding.because
    assert finding.concern.level is Level.CHECK_FIRST
    assert codes(finding) == ["T4-NA", "CONF-LIKELY"]


def test_a_fingerprint_that_lists_nothing_can_do_what_its_kind_can() -> None:
    assert claims(judged(match("plug", CONFIRMED))) == {"environment_control": CONFIRMED}


def test_other_explanations_claim_what_is_possible() -> None:
    finding = judged(match("plug", LIKELY), match("camera", POSSIBLE))
    assert claims(finding) == {"video": POSSIBLE, "audio_listen": POSSIBLE, "environment_control": LIKELY}
    assert finding.alternatives[0].kind == "camera"
    assert finding.concern.level is Level.LOWER
    assert "HINT-T4" in codes(finding)


def test_a_device_that_said_what_it_is_claims_nothing_from_weaker_explanations() -> None:
    finding = judged(match("plug", CONFIRMED), match("camera", POSSIBLE))
    assert claims(finding) == {"environment_control": CONFIRMED}
    assert len(finding.alternatives) == 1


def test_equal_explanations_that_disagree_leave_what_it_is_possible_but_what_both_can_do_firm() -> None:
    finding = judged(match("camera", CONFIRMED), match("doorbell", CONFIRMED))
    assert finding.confidence is POSSIBLE
    assert claims(finding) == {"video": CONFIRMED, "audio_listen": POSSIBLE, "two_way_audio": POSSIBLE}
    assert finding.concern.level is Level.CHECK_FIRST
    assert codes(finding) == ["T4-NA", "NOID-NA", "CONF-DISAGREE", "HINT-T4"]


def test_a_general_fingerprint_does_not_dispute_a_product() -> None:
    finding = judged(match("plug", LIKELY), match("camera", LIKELY, generic=True))
    assert finding.confidence is LIKELY


def test_a_gap_is_filled_by_a_match_that_agrees() -> None:
    agreeing = match("camera", LIKELY, model="C200")
    assert judged(match("camera", CONFIRMED), agreeing).model == "C200"
    assert judged(match("camera", CONFIRMED), match("camera", LIKELY, maker="Other", model="X")).model is None
    assert judged(match("camera", CONFIRMED), match("plug", LIKELY, model="X")).model is None


def test_a_product_that_is_likely_is_named_before_a_general_answer() -> None:
    general = match("camera", CONFIRMED, maker="", name="Some camera", generic=True, model="C200")
    finding = judged(general, match("camera", LIKELY, name="X camera"), match("plug", LIKELY))
    assert (finding.name, finding.maker, finding.model, finding.confidence) == ("X camera", "Maker", "C200", LIKELY)
    assert finding.alternatives[0] is general
    assert claims(finding) == {"video": CONFIRMED, "audio_listen": CONFIRMED, "environment_control": POSSIBLE}


def test_a_device_with_only_a_possible_name_stays_to_be_found() -> None:
    finding = judged(match("camera", POSSIBLE))
    assert (finding.kind, finding.concern.level) == ("camera", Level.FIND_IT)
    assert "CONF-POSSIBLE" in codes(finding)


def test_a_video_service_can_show_video_whoever_made_it() -> None:
    finding = judged(seen=[saw(rtsp__status="401", rtsp__realm="x")])
    assert claims(finding) == {"video": LIKELY}
    assert finding.can[0].because == (Because(0, "rtsp.status", "401"),)
    assert finding.kind is None
    assert finding.concern.level is Level.CHECK_FIRST


def test_an_open_video_port_alone_is_only_a_possibility() -> None:
    finding = judged(seen=[saw(tcp__554="open")])
    assert claims(finding) == {"video": POSSIBLE}
    assert finding.concern.level is Level.FIND_IT


def test_an_airplay_receiver_speaks_the_same_protocol_and_shows_no_video() -> None:
    seen = [saw(rtsp__server="AirTunes/366.0", rtsp__status="200"), saw(mdns__service="_raop._tcp")]
    assert claims(judged(seen=seen)) == {"media_control": LIKELY}


def test_generic_evidence_of_every_row_is_recognised() -> None:
    cases = {
        ("wsd.types", "dn:NetworkVideoTransmitter"): "video",
        ("dvrip.serial", "1"): "video",
        ("mdns.service", "_googlecast._tcp"): "media_control",
        ("mdns.service", "_ipp._tcp.local."): "announce_print",
        ("tcp.445", "open"): "file_share",
        ("sip.server", "Phone"): "message_call",
        ("upnp.device_type", "urn:schemas-upnp-org:device:InternetGatewayDevice:1"): "network_control",
        ("tcp.1883", "open"): "hub_control",
        ("tcp.5900", "open"): "remote_access",
    }
    for (key, value), capability in cases.items():
        seen = [Observation("test", "t", None, None, ((key, value),))]
        assert capability in claims(judged(seen=seen)), key
    for category, capability in (("17", "video"), ("6", "entry_control"), ("2", "hub_control")):
        facts = (("mdns.service", "_hap._tcp"), ("mdns.txt.ci", category))
        assert capability in claims(judged(seen=[Observation("test", "t", None, None, facts)]))
        apart = [Observation("test", "t", None, None, (fact,)) for fact in facts]
        assert capability not in claims(judged(seen=apart))  # facts of one sign come from one reply


def test_only_what_was_seen_of_this_device_counts() -> None:
    finding = judge(device(seen=1), (), [saw(tcp__80="open"), saw(rtsp__status="200")], CATALOGUE)
    assert finding.can == ()


def test_a_telnet_answer_is_a_serious_exposure() -> None:
    plain, exposed = (judged(match("plug", LIKELY), seen=[s]) for s in (saw(tcp__80="open"), saw(telnet__banner="hi")))
    assert (plain.concern.level, exposed.concern.level) == (Level.LOWER, Level.CHECK_NEXT)
    assert "MOD-EXPOSED:open_remote_shell" in codes(exposed)


def test_answers_decide_the_level_and_end_what_is_provisional() -> None:
    mine = Answer(Expectedness.CHECKED, Placement.PRIVATE)
    theirs = Answer(Expectedness.UNKNOWN, Placement.PRIVATE, (Exposure.OPEN_STREAM,), incident=True)
    camera = match("camera", CONFIRMED)
    assert judged(camera, answer=mine).concern.level is Level.LOWER
    assert not judged(camera, answer=mine).concern.provisional
    assert codes(judged(camera, answer=theirs)) == [
        "T4-N",
        "MOD-PRIVATE-ROOM",
        "MOD-EXPOSED:open_stream",
        "MOD-INCIDENT",
        "FLOOR-INCIDENT",
    ]


def test_every_reason_of_every_answer_has_its_sentence() -> None:
    for expectedness in Expectedness:
        answer = Answer(expectedness, Placement.PRIVATE, tuple(Exposure), incident=True)
        for found in (judged(answer=answer), judged(match("camera", POSSIBLE), answer=answer)):
            assert all(reason.sentence.endswith(".") and "{" not in reason.sentence for reason in found.concern.reasons)


def test_this_laptop_is_ours_and_comes_last() -> None:
    laptop = judge(device(DeviceRole.LAPTOP), (match("camera", CONFIRMED),), (), CATALOGUE)
    assert (laptop.kind, laptop.concern.level, laptop.concern.provisional) == ("computer", Level.LOWER, False)
    assert codes(laptop) == ["ROLE-LAPTOP"]
    assert order([laptop, judged(match("printer", CONFIRMED))])[-1] is laptop


def test_circumstances_are_said() -> None:
    for role, code in ((DeviceRole.PROXY, "ROLE-PROXY"), (DeviceRole.BRIDGED, "ROLE-BRIDGED")):
        assert code in codes(judge(device(role), (), (), CATALOGUE))
    two = device(macs=("02:00:00:00:00:01", "02:00:00:00:00:02"))
    assert "SEEN-TWO-MACS" in codes(judge(two, (), (), CATALOGUE))


def test_the_account_of_the_product_is_handed_on() -> None:
    account = Account("App", "Me > Sharing")
    fingerprint = Fingerprint("camera-x", "X", "camera", "M", (), "tested", "", (), (), (), account)
    finding = judge(device(), (match("camera", LIKELY),), (), FakeCatalogue(fingerprints=(fingerprint,)))
    assert finding.account is account


def test_findings_are_sorted_by_level_tier_what_is_known_and_number_of_claims() -> None:
    camera = match("camera", CONFIRMED)
    first = [
        judged(camera, answer=Answer(Expectedness.UNKNOWN)),
        judged(camera, answer=Answer(Expectedness.OTHER)),
        judged(camera),
        judged(match("camera", CONFIRMED, can=("video",))),
        judged(),
        judged(match("x", CONFIRMED, can=("hub_control",))),
        judged(match("plug", CONFIRMED)),
        judged(match("printer", CONFIRMED)),
    ]
    assert list(order(reversed(first))) == first


def test_a_match_that_speaks_of_unknown_kinds_or_capabilities_breaks_nothing() -> None:
    finding = judged(match("spaceship", CONFIRMED, can=("warp",)))
    assert finding.kind == "spaceship"
    assert judged(match("spaceship", CONFIRMED)).can == ()


def test_without_a_name_the_holder_of_the_address_block_is_the_maker_unless_it_makes_parts() -> None:
    def maker(vendor: str) -> str | None:
        finding = judge(replace(device(), vendor=vendor), (), (), FakeCatalogue())
        assert finding.confidence is Confidence.NONE
        return finding.maker

    assert maker("Withings") == "Withings"
    assert maker("Espressif Inc.") is None


def test_a_kind_without_a_maker_gets_the_one_that_the_device_names() -> None:
    seen = (saw(upnp__manufacturer="Bright Lamps Ltd"),)
    assert judged(match("plug", LIKELY, maker="", generic=True), seen=seen).maker == "Brightly"
    assert judged(seen=seen).maker == "Brightly"
    assert judged(match("plug", LIKELY), seen=seen).maker == "Maker"
