"""Rules for what a fingerprint says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from iotsweep.catalogue.checks.case import Case, Rule, bare, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source

# Words that fit every reference and lead to none.
_EMPTY = """
a an and any by common details device devices docs documentation experience fact facts from general generally in
information internet is known knowledge manual na network none of official on online open own page pages product
products public publicly see site source sources specification the to todo unknown various web website
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())


def file_has_the_id_as_its_name(source: Source, _: Case) -> Iterator[Problem]:
    """`camera/tapo-camera.yaml` holds `tapo-camera`."""
    stem = Path(source.document.path).stem
    if stem != source.fingerprint.id:
        yield problem(
            source, ("id",), f"the id is `{source.fingerprint.id}` but the file is `{stem}.yaml`", "Make both the same"
        )


def folder_has_the_kind_as_its_name(source: Source, _: Case) -> Iterator[Problem]:
    """`camera/tapo-camera.yaml` is of kind `camera`."""
    kind = source.fingerprint.kind
    if source.folder != kind:
        yield problem(
            source, ("kind",), f"the kind is `{kind}` but the folder is `{source.folder}`", f"Move it into `{kind}/`"
        )


def maker_is_named(source: Source, _: Case) -> Iterator[Problem]:
    """Only a generic fingerprint may leave its maker open."""
    if not source.fingerprint.maker and not source.fingerprint.generic:
        yield problem(source, (), "`maker` is missing", "Add the name on the product, or `generic: true` for any maker")


def maker_has_one_spelling(source: Source, case: Case) -> Iterator[Problem]:
    """The same maker is written the same way in every file."""
    maker = source.fingerprint.maker
    right = case.spellings[bare(maker)]
    if right != maker:
        what = f"the maker is written `{maker}`"
        yield problem(source, ("maker",), what, f"Write `{right}`, as in makers.yaml or the other files")


def review_has_a_date(source: Source, _: Case) -> Iterator[Problem]:
    """`reviewed` is a day that existed."""
    text = source.fingerprint.reviewed
    try:
        if len(text) != 10:
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        yield problem(source, ("reviewed",), f"`reviewed` is `{text}`", "Write the day as in 2026-11-22")


def review_is_not_to_come(source: Source, _: Case) -> Iterator[Problem]:
    """`reviewed` is not in the future; a day of grace for whoever lives east of UTC."""
    text, tomorrow = source.fingerprint.reviewed, datetime.now(UTC).date() + timedelta(days=1)
    if len(text) == 10 and text > tomorrow.isoformat():
        yield problem(source, ("reviewed",), f"`reviewed` is `{text}`, which is still to come", "Write today's date")


def abilities_stand_once(source: Source, _: Case) -> Iterator[Problem]:
    """No capability twice, and `none_known` only alone."""
    can = source.fingerprint.can
    for number, name in enumerate(can):
        if name in can[:number]:
            yield problem(source, ("can", number), f"`{name}` stands twice in `can`", "Remove one")
    if "none_known" in can and len(can) > 1:
        yield problem(source, ("can",), "`none_known` stands beside other capabilities", "Remove `none_known`")


def references_can_be_followed(source: Source, _: Case) -> Iterator[Problem]:
    """A reference says where to look: a title or an address, not a single word and not only empty ones."""
    for number, text in enumerate(source.fingerprint.references):
        words = set(re.findall(r"[a-z0-9]+", text.casefold()))
        if len(text) < 12 or words <= _EMPTY_WORDS:
            yield problem(
                source, ("references", number), f"nobody can follow `{text}`", "Name the document, project or page"
            )


RULES: tuple[Rule, ...] = (
    file_has_the_id_as_its_name,
    folder_has_the_kind_as_its_name,
    maker_is_named,
    maker_has_one_spelling,
    review_has_a_date,
    review_is_not_to_come,
    abilities_stand_once,
    references_can_be_followed,
)
