"""What probes learn from the catalogue while they run."""

from __future__ import annotations

import pytest

from iotsweep.catalogue.asking import is_named
from tests.catalogue.helpers import Facts, FewVendors, a_catalogue, a_fingerprint, seen


@pytest.mark.parametrize(
    ("clue", "saw", "named"),
    [
        ({"dhcp.hostname": "lamp-*"}, {"dhcp.hostname": "lamp-1a2b"}, False),
        ({"dhcp.hostname": "lamp-*"}, {"mdns.host": "lamp-1a2b"}, False),
        ({"mac.vendor": "TP-Link*"}, {"mac.address": "50:c7:bf:00:00:01"}, False),
        ({"upnp.model_name": "*lamp*"}, {"upnp.model_name": "A lamp"}, True),
    ],
)
def test_a_guess_from_a_name_that_a_person_can_choose_is_no_reason_not_to_ask(
    clue: Facts, saw: Facts, *, named: bool
) -> None:
    of_any_maker = a_catalogue(a_fingerprint("lamps", {"possible": [clue]}, kind="light", generic=True, maker=""))
    of_one_maker = a_catalogue(a_fingerprint("acme", {"possible": [clue]}, kind="light"))
    replies = [observation for _, observation in seen(saw)]
    assert is_named(replies, of_any_maker, FewVendors()) is named
    assert is_named(replies, of_one_maker, FewVendors())
