"""The homes that lab tests share: each is built once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.home import Home, home


@pytest.fixture(scope="session")
def family() -> Iterator[Home]:
    """The home of 25 devices, every service answering."""
    with home("family") as built:
        yield built


@pytest.fixture(scope="session")
def second() -> Iterator[Home]:
    """The other home: kinds and makers that the first does not have."""
    with home("second") as built:
        yield built
