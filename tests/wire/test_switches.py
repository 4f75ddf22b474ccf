"""LLDP and CDP as switches and access points send them."""

from __future__ import annotations

import struct

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.switches import Switch, decode_cdp, decode_lldp, to_facts

MAC = "02:aa:00:00:00:20"


def lldp_field(kind: int, value: bytes) -> bytes:
    """Seven bits of type, nine of length (IEEE 802.1AB section 8.4)."""
    return struct.pack("!H", kind << 9 | len(value)) + value


def lldp(name: str = "switch-1", vlan: int = 20) -> bytes:
    """What a managed switch says on one of its sockets."""
    return b"".join(
        (
            lldp_field(1, b"\x04" + bytes.fromhex(MAC.replace(":", ""))),
            lldp_field(2, b"\x05port 3"),
            lldp_field(3, struct.pack("!H", 120)),
            lldp_field(5, name.encode()),
            lldp_field(6, b"8-Port Smart Switch"),
            lldp_field(8, bytes([5, 1, 192, 168, 7, 250]) + bytes(6)),
            lldp_field(127, bytes.fromhex("0080c201") + struct.pack("!H", vlan)),
            lldp_field(127, bytes.fromhex("0080c203") + struct.pack("!HB", 30, 5) + b"guest"),
            lldp_field(0, b""),
        )
    )


def cdp(name: str = "ap-1", vlan: int = 40) -> bytes:
    """What a Cisco access point says."""
    fields = ((1, name.encode()), (6, b"cisco AIR"), (10, struct.pack("!H", vlan)))
    return b"\x02\xb4\0\0" + b"".join(struct.pack("!HH", kind, 4 + len(value)) + value for kind, value in fields)


def test_a_switch_tells_its_name_its_kind_its_address_and_its_networks() -> None:
    switch = decode_lldp(lldp())
    assert switch == Switch("lldp", "switch-1", "8-Port Smart Switch", MAC, "192.168.7.250", (20, 30))
    assert to_facts(switch) == {
        "lldp.name": "switch-1",
        "lldp.description": "8-Port Smart Switch",
        "lldp.vlan": ["20", "30"],
    }


def test_an_access_point_of_cisco_tells_its_name_and_the_network_of_its_port() -> None:
    switch = decode_cdp(cdp())
    assert switch == Switch("cdp", "ap-1", "cisco AIR", vlans=(40,))
    assert to_facts(switch) == {"cdp.name": "ap-1", "cdp.platform": "cisco AIR", "cdp.vlan": ["40"]}


@pytest.mark.parametrize("data", [b"", lldp_field(0, b""), lldp_field(5, b""), b"\xff" * 40])
def test_a_message_that_names_nobody_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_lldp(data)
    with pytest.raises(WireError):
        decode_cdp(data[:4] + bytes(4))
