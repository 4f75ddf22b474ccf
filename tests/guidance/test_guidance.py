"""The texts for people: complete, readable, and free of words that frighten, accuse or promise."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

import pytest

from iotsweep.answers import Exposure
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.vocabulary import is_known
from iotsweep.concern.rule import TABLE
from iotsweep.guidance import GuidanceError, KindGuidance, load_guidance
from iotsweep.guidance.generic import load_generic_evidence
from iotsweep.guidance.page import page
from iotsweep.guidance.yaml_text import LARGEST, read_bundled, read_text
from iotsweep.model import Confidence
from tests.fakes_catalogue import KINDS, FakeCatalogue

ALL_KINDS = set(
    re.findall(
        r"\S+",
        """camera doorbell baby-monitor recorder intercom speaker display audio tv lock garage cover alarm sensor hub
        thermostat plug light appliance vacuum energy router network-monitor nas printer computer phone console board
        toy health tracker vehicle other""",
    )
)
FORBIDDEN = re.findall(
    r"\S+",
    """safe* clean* attack* victim* suspicious threat* hostile spy* spies rogue infect* compromis* danger* perpetrator*
    abus* stalk* malicious hack* risk* hidden illegal evidence unsafe warning urgent* immediately""",
)
ORDERS = re.compile(
    r"\b(you must|you should|you need to|you have to|never|must|should|always)\b"
    r"|^(do not|don't|call|remove|unplug|change|delete|reset|turn|switch)\b"
    r"|^(ask|stop|keep|make|use|look|take|tell|go|check|find)\b",
    re.IGNORECASE,
)
GUIDANCE = load_guidance()
KIND_TEXTS = [*GUIDANCE.kinds.values(), GUIDANCE.not_identified]


def every_text() -> Iterator[str]:
    for texts in KIND_TEXTS:
        yield from (texts.name, texts.can, *texts.questions, *texts.checks, *texts.next, *texts.do_not)
    yield from (*GUIDANCE.common_questions, *GUIDANCE.common_do_not, GUIDANCE.do_nothing, GUIDANCE.accounts)
    yield from (*GUIDANCE.blind_spots, *GUIDANCE.limits, *GUIDANCE.sentences.values(), *GUIDANCE.reasons.values())
    yield from (row.sentence for row in load_generic_evidence())


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:])\s+", text) if part]


@pytest.mark.parametrize("text", sorted(set(every_text())))
def test_no_text_frightens_accuses_or_promises(text: str) -> None:
    words = re.findall(r"[a-z]+", text.lower())
    for entry in FORBIDDEN:
        stem = entry.rstrip("*")
        assert not [w for w in words if (w.startswith(stem) if entry.endswith("*") else w == stem)], entry
    assert "!" not in text
    assert text == text.strip()
    assert text.isprintable()


@pytest.mark.parametrize("text", sorted(set(every_text())))
def test_no_text_gives_orders(text: str) -> None:
    assert not [sentence for sentence in sentences(text) if ORDERS.search(sentence)]


def test_sentences_are_short() -> None:
    lengths = [len(sentence.split()) for text in set(every_text()) for sentence in sentences(text)]
    assert sum(lengths) / len(lengths) <= 12
    assert max(lengths) <= 30


@pytest.mark.parametrize("texts", KIND_TEXTS, ids=lambda texts: texts.kind or "not identified")
def test_every_kind_says_what_it_can_do_what_to_ask_look_for_offer_and_leave(texts: KindGuidance) -> None:
    assert texts.name == texts.name.removesuffix(".")
    assert texts.can.endswith(".")
    assert texts.questions
    assert all(question.endswith((".", "?")) and "?" in question for question in texts.questions)
    assert texts.checks
    assert any("you could" in option.lower() for option in texts.next)
    assert all(text.startswith("Better not to ") for text in texts.do_not)
    assert texts.do_not


def test_every_kind_of_the_design_has_guidance() -> None:
    assert set(GUIDANCE.kinds) == ALL_KINDS == set(load_catalogue().kinds)


def test_generic_evidence_uses_only_keys_that_exist() -> None:
    texts = read_bundled("generic_evidence.yaml").fields().values()
    lists = [row.fields()[part] for row in texts for part in ("any", "unless") if part in row.fields()]
    keys = {key for signs in lists for sign in signs.items() for key in sign.fields()}
    assert not [key for key in keys if not is_known(key.replace("*", "x"))]


def test_an_unknown_kind_is_treated_as_not_identified() -> None:
    assert GUIDANCE.for_kind(None) is GUIDANCE.for_kind("spaceship") is GUIDANCE.not_identified
    assert GUIDANCE.for_kind("camera").kind == "camera"


def test_what_is_always_printed_is_there() -> None:
    assert len(GUIDANCE.blind_spots) == 8
    said = " ".join(GUIDANCE.blind_spots).lower()
    for word in ("switched off", "guest", "mobile data", "bluetooth", "card", "neighbour", "phones", "cars"):
        assert word in said
    limits = " ".join(GUIDANCE.limits)
    for part in ("forensic", "who used", "no device is present", "noticed", "changed nothing"):
        assert part in limits
    assert "account" in GUIDANCE.accounts.lower()
    assert "leave everything" in GUIDANCE.do_nothing


def test_every_code_of_the_rule_has_a_sentence() -> None:
    for row in TABLE:
        for column in ("K0", "K1", "NA", "K2", "N"):
            assert GUIDANCE.explain(f"{row}-{column}").count(".") >= 2
    for exposure in Exposure:
        assert f"MOD-EXPOSED:{exposure}" in GUIDANCE.reasons
    both = GUIDANCE.explain("MOD-EXPOSED:open_admin,open_stream")
    assert both.count(" and ") == 1
    assert both.endswith(".")


def test_sentences_are_filled_by_name() -> None:
    assert GUIDANCE.sentence("not-checked.silent", count="3").startswith("3 devices did not answer.")
    for identity in ("stop.monitor", "stop.router", "stop.choice"):
        assert GUIDANCE.sentence(identity, name="a network monitor")
    with pytest.raises(KeyError):
        GUIDANCE.sentence("nonsense")


def test_a_page_about_a_kind_says_everything_within_78_columns() -> None:
    text = page(KINDS["camera"], FakeCatalogue(), GUIDANCE)
    for part in (
        "You could ask",
        "Look for",
        "Options",
        "Take care",
        "What a network check cannot show",
        "- Can do video.",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 78


def test_generic_evidence_claims_known_capabilities_and_is_never_confirmed() -> None:
    for row in load_generic_evidence():
        assert row.can or row.exposure
        assert row.sentence.endswith(".")
        assert {capability for capability, _ in row.can} <= set(load_catalogue().capabilities)
        assert {confidence for _, confidence in row.can} <= {Confidence.LIKELY, Confidence.POSSIBLE}
        assert row.exposure is None or row.exposure in set(Exposure)


# --- The loader ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "line "),
        ("a: x\na: y\n", "line 2: 'a' stands here twice"),
        ("a: &x [b]\nc: *x\n", "alias"),
        ("", "empty"),
        ("\tx: 1", "not YAML"),
        ("a: " + "[" * 5000, "not YAML"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(GuidanceError, match=re.escape(says)):
        read_text(text.encode(), "x.yaml")


def test_bytes_that_are_no_text_and_files_that_are_huge_are_refused() -> None:
    with pytest.raises(GuidanceError, match="UTF-8"):
        read_text(b"\xff\xfe", "x.yaml")
    with pytest.raises(GuidanceError, match="larger"):
        read_text(b"a" * (LARGEST + 1), "x.yaml")


def test_values_stay_the_text_that_was_typed() -> None:
    fields = read_text(b"a: no\nb: 12:34:56\nc: 001122\n", "x.yaml").fields()
    assert [node.text() for node in fields.values()] == ["no", "12:34:56", "001122"]


def test_a_value_of_the_wrong_form_is_refused_with_its_line() -> None:
    root = read_text(textwrap.dedent("a: text\nb:\n  - one\nc:\n  d: e\nf: ''\n").encode(), "x.yaml")
    fields = root.fields()
    for wrong in (
        fields["a"].items,
        fields["a"].fields,
        fields["b"].fields,
        fields["b"].text,
        fields["c"].items,
        fields["f"].text,
        lambda: root.exactly(frozenset({"a", "b", "c", "f", "g"})),
        lambda: root.exactly(frozenset({"a", "b", "c"})),
    ):
        with pytest.raises(GuidanceError, match=r"x\.yaml, line \d+: .+[.]$"):
            wrong()


def test_bundled_files_are_found_wherever_the_package_is() -> None:
    assert read_bundled("kinds.yaml").fields()
