"""The check of a large catalogue, spread over processors."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from iotsweep.catalogue.checks import workers
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.yaml_text import Document
from tests.catalogue.helpers import a_fingerprint


def _sources(count: int) -> list[Source]:
    return [Source(a_fingerprint(f"a-{n}", {}), Document(f"a-{n}.yaml", {}), "other") for n in range(count)]


def _look(share: Sequence[Source]) -> set[Problem]:
    return {Problem(source.document.path, os.getpid(), "seen", "") for source in share}


def test_each_fingerprint_is_seen_once_wherever_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_processors", lambda: 3)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    found = workers.spread(_look, _sources(1000))
    assert sorted(problem.path for problem in found) == sorted(f"a-{n}.yaml" for n in range(1000))
    assert len({problem.line for problem in found}) > 1
    assert os.getpid() not in {problem.line for problem in found}


@pytest.mark.parametrize(("count", "processors", "threads"), [(10, 3, 1), (1000, 1, 1), (1000, 3, 2)])
def test_a_few_or_one_processor_or_other_threads_are_looked_at_here(
    monkeypatch: pytest.MonkeyPatch, count: int, processors: int, threads: int
) -> None:
    monkeypatch.setattr(workers, "_processors", lambda: processors)
    monkeypatch.setattr("threading.active_count", lambda: threads)
    found = workers.spread(_look, _sources(count))
    assert {problem.line for problem in found} == {os.getpid()}
