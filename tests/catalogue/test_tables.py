"""The tables beside the fingerprints hold what the IEEE table and the fingerprints hold."""

from __future__ import annotations

import pytest

from iotsweep.catalogue.checks.case import Case, bare
from iotsweep.catalogue.data import Data, read_data
from iotsweep.catalogue.patterns import read_pattern
from iotsweep.catalogue.places import bundled_folder
from iotsweep.vendors import load_vendors
from tests.catalogue.helpers import a_catalogue


@pytest.fixture(scope="module")
def data() -> Data:
    return read_data(bundled_folder())[0]


@pytest.fixture(scope="module")
def case() -> Case:
    return Case(a_catalogue(), (), load_vendors())


def test_every_module_maker_stands_in_the_ieee_table(data: Data, case: Case) -> None:
    missing = [name for name in data.module_makers if not case.is_registered(read_pattern("mac.vendor", name))]
    assert missing == []


def test_every_holder_of_blocks_stands_in_the_ieee_table(data: Data, case: Case) -> None:
    named = [(maker, name) for maker, names in data.holders.items() for name in names]
    assert [one for one in named if not case.is_registered(read_pattern("mac.vendor", one[1]))] == []


def test_no_spelling_to_avoid_is_one_to_use(data: Data) -> None:
    right = {bare(maker) for maker in data.makers}
    wrong = {bare(other): maker for maker, others in data.makers.items() for other in others}
    assert {other for other, maker in wrong.items() if other in right and other != bare(maker)} == set()


@pytest.mark.parametrize(
    "vendor",
    [
        *("Espressif Inc.", "Murata Manufacturing Co., Ltd.", "AzureWave Technology Inc.", "Tuya Smart Inc."),
        *("Shenzhen Bilian Electronic Co.，Ltd", "AMPAK Technology, Inc.", "Hon Hai Precision Ind. Co.,Ltd."),  # noqa: RUF001
        *("Realtek Semiconductor Corp.", "Atheros Communications, Inc.", "Texas Instruments"),
    ],
)
def test_makers_of_parts_are_known_as_such(data: Data, vendor: str) -> None:
    patterns = [read_pattern("mac.vendor", name) for name in data.module_makers]
    assert any(pattern.match(vendor, vendor.casefold()) is not None for pattern in patterns)
