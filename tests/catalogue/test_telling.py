"""Who made a device that no product family names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from iotsweep.catalogue.build import as_observation
from iotsweep.catalogue.telling import name_maker, tell_maker
from iotsweep.model import Observation
from tests.catalogue.helpers import FewVendors


@dataclass(frozen=True)
class Table:
    makers: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"TP-Link": ("TP-Link Technologies", "Kasa"), "Hunter": (), "Hunter Douglas": ()}
    )

    def makes_only_parts(self, holder: str) -> bool:
        return holder.startswith("Espressif")


TABLE = Table()


def saw(**facts: str) -> Observation:
    return as_observation({key.replace("__", "."): [value] for key, value in facts.items()}, probe="test")


@pytest.mark.parametrize(
    ("seen", "maker"),
    [
        ({"upnp__manufacturer": "Grandview Ltd."}, "Grandview Ltd."),
        ({"upnp__manufacturer": "TP-LINK TECHNOLOGIES CO.,LTD."}, "TP-Link"),
        ({"mdns__txt.vendor": "Tailored"}, "Tailored"),
        ({"mdns__txt.md": "Kasa Smart Plug"}, "TP-Link"),
        ({"upnp__model_name": "Hunter Douglas Gateway"}, "Hunter Douglas"),
        ({"upnp__model_name": "Huntersville"}, None),
        ({"http__title": "TP-Link Archer"}, "TP-Link"),
        ({"http__server": "TP-Link HTTPD/1.0"}, None),
        ({"mdns__service": "_hap._tcp.local.", "mdns__name": "Hunter-1A2B._hap._tcp.local."}, "Hunter"),
        ({"mdns__service": "_smb._tcp.local.", "mdns__name": "Hunter Smith's PC._smb._tcp.local."}, None),
        ({"tls__subject": "CN=door,O=Lockmaker\\, Inc.,C=US"}, "Lockmaker, Inc."),
        ({"tls__issuer": "CN=R3,O=Let's Encrypt,C=US"}, None),
        ({"tls__subject": "CN=x,O=Internet Widgits Pty Ltd"}, None),
        ({"upnp__manufacturer": "Unknown"}, None),
        ({"upnp__manufacturer": "x" * 61}, None),
    ],
)
def test_a_maker_is_told_by_what_the_device_says(seen: dict[str, str], maker: str | None) -> None:
    assert tell_maker([saw(**seen)], TABLE) == maker


def test_what_a_device_says_outright_counts_before_its_model_its_certificate_and_its_address_block() -> None:
    replies = [
        saw(tls__subject="O=Certified"),
        saw(**{"mdns__txt.md": "Kasa Plug"}),
        saw(upnp__manufacturer="Outright"),
    ]
    assert tell_maker(replies, TABLE, "Holder") == "Outright"
    assert tell_maker(replies[:2], TABLE, "Holder") == "TP-Link"
    assert tell_maker(replies[:1], TABLE, "Holder") == "Certified"
    assert tell_maker([], TABLE, "Holder") == "Holder"


def test_the_order_of_replies_changes_nothing() -> None:
    replies = [saw(upnp__manufacturer="B"), saw(upnp__manufacturer="A")]
    assert tell_maker(replies, TABLE) == tell_maker(replies[::-1], TABLE) == "A"


def test_a_maker_is_told_by_its_address_block_unless_it_makes_parts_for_others() -> None:
    assert tell_maker([], TABLE, "Espressif Inc.") is None
    assert tell_maker([], TABLE, "Shenzhen Kasa Technology Co.,Ltd") == "TP-Link"
    assert tell_maker([], TABLE, "Shenzhen Kasagawa Co.,Ltd") == "Shenzhen Kasagawa Co.,Ltd"
    assert name_maker([saw(mac__address="240ac4000001")], TABLE, FewVendors()) is None
    assert name_maker([saw(**{"mdns__txt.deviceid": "50:C7:BF:00:00:01"})], TABLE, FewVendors()) == "TP-Link"
    assert name_maker([saw(**{"mdns__txt.deviceid": "airplayid"})], TABLE, FewVendors()) is None
    assert name_maker([saw(mac__address="50c7bf000001")], TABLE, FewVendors()) == "TP-Link"


def test_a_printer_that_a_computer_shares_does_not_name_the_computers_maker() -> None:
    shared = {"mdns__txt.rp": "printers/Office", "mdns__name": "Office @ laptop", "mdns__txt.usb_mfg": "Printmaker"}
    assert tell_maker([saw(**shared)], TABLE) is None
