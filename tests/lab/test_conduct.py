from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

from tests.lab.conduct import most_connections, never_touched, other_dns, outside_scope, unaccounted
from tests.lab.frames import ACK, FIN, RST, SYN, Packet, decode
from tests.lab.node import GATEWAY, NETWORK

DEVICE = "192.168.178.20"


def out(protocol: str, address: str, port: int | None = None, *, at: float = 0, local: int = 4000, flags: int = 0,
        payload: bytes = b"", hops: int = 64) -> Packet:  # fmt: skip
    return Packet(at, True, protocol, "192.168.178.50", address, local, port, flags, payload, hops=hops)


def back(port: int, *, at: float = 0, local: int = 4000, flags: int = 0) -> Packet:
    return Packet(at, False, "tcp", DEVICE, "192.168.178.50", port, local, flags)


def question(name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", 1, 256, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, kind, 1)


def run(*places: tuple[str, str, int | None, int], counted: str = "on the wire") -> dict[str, Any]:
    keys = ("protocol", "address", "port", "packets")
    destinations = [dict(zip(keys, place, strict=True)) for place in places]
    packets = sum(place[3] for place in places)
    return {"probe": "p", "sent": {"packets": packets, "counted": counted, "destinations": destinations}}


def test_the_network_and_the_discovery_groups_are_inside_and_all_else_is_outside() -> None:
    inside = [
        out("tcp", DEVICE, 80), out("udp", "224.0.0.251", 5353), out("arp", DEVICE),
        out("udp", "192.168.178.255", 9), out("udp", "239.255.255.250", 1900, hops=1),
        out("igmp", "224.0.0.22"), out("icmp6", "ff02::16"), out("udp", "ff02::fb", 5353),
    ]  # fmt: skip
    assert outside_scope(inside, NETWORK) == []
    beyond = [out("tcp", "8.8.8.8", 443), out("arp", "192.168.179.1"), out("udp", "2001:db8::1", 53)]
    assert len(outside_scope(beyond, NETWORK)) == 3
    over_ipv6 = [out("udp", "ff02::fb", 53), out("udp", "ff02::1", 5353), out("tcp", "fe80::1", 80)]
    assert len(outside_scope(over_ipv6, NETWORK)) == 3
    assert len(outside_scope([out("udp", "239.255.255.250", 1900, hops=4)], NETWORK)) == 1
    assert len(outside_scope([out("udp", "239.255.255.250", 5000, hops=1)], NETWORK)) == 1


def test_only_reverse_look_ups_of_this_network_at_the_gateway_are_allowed() -> None:
    allowed = out("udp", GATEWAY, 53, payload=question("20.178.168.192.in-addr.arpa", 12))
    assert other_dns([allowed], NETWORK, GATEWAY) == []
    breaches = [
        out("udp", GATEWAY, 53, payload=question("example.com", 1)),
        out("udp", GATEWAY, 53, payload=question("8.8.8.8.in-addr.arpa", 12)),
        out("udp", DEVICE, 53, payload=question("20.178.168.192.in-addr.arpa", 12)),
        out("tcp", GATEWAY, 53, payload=b"\x00\x1c"),
    ]
    assert len(other_dns(breaches, NETWORK, GATEWAY)) == 4


def test_ports_that_print_or_ask_on_a_screen_are_breaches() -> None:
    assert len(never_touched([out("tcp", DEVICE, port) for port in (9100, 9116, 8001, 8002, 80)])) == 4


def test_connections_are_open_until_the_laptop_closes_them_or_either_side_resets() -> None:
    packets = [
        out("tcp", DEVICE, 80, local=1, flags=SYN, at=0), back(80, local=1, flags=SYN | ACK, at=0.1),
        out("tcp", DEVICE, 81, local=2, flags=SYN, at=0.2), back(81, local=2, flags=RST | ACK, at=0.3),
        out("tcp", DEVICE, 82, local=3, flags=SYN, at=0.4), back(82, local=3, flags=SYN | ACK, at=0.5),
        back(80, local=1, flags=FIN | ACK, at=0.6),
        out("tcp", DEVICE, 83, local=4, flags=SYN, at=0.7),
        out("tcp", DEVICE, 80, local=1, flags=FIN | ACK, at=0.8),
        out("tcp", DEVICE, 84, local=5, flags=SYN, at=0.9),
    ]  # fmt: skip
    assert most_connections(packets) == {DEVICE: 3}


def test_an_attempt_that_nobody_answers_does_not_count_for_ever() -> None:
    packets = [out("tcp", DEVICE, port, local=port, flags=SYN, at=port * 4.0) for port in range(1, 9)]
    assert most_connections(packets) == {DEVICE: 1}


def test_an_account_on_the_wire_has_to_be_exact() -> None:
    wire = [out("tcp", DEVICE, 80)] * 3 + [replace(out("arp", DEVICE, None, flags=1), to_all=True)]
    assert unaccounted(wire, [run(("tcp", DEVICE, 80, 3), ("arp", DEVICE, None, 1))]) == []
    assert len(unaccounted(wire, [run(("tcp", DEVICE, 80, 2), ("arp", DEVICE, None, 1))])) == 1
    assert len(unaccounted(wire, [run(("arp", DEVICE, None, 1))])) == 1


def test_an_account_at_the_socket_may_leave_out_the_kernels_share_but_no_place() -> None:
    there = Packet(0, False, "arp", DEVICE, "192.168.178.50", flags=2)
    wire = [there] + [out("tcp", DEVICE, 80)] * 3
    assert unaccounted(wire, [run(("tcp", DEVICE, 80, 1), counted="at the socket")]) == []
    assert len(unaccounted(wire, [run(counted="at the socket")])) == 1
    assert len(unaccounted(wire, [run(("tcp", DEVICE, 80, 4), counted="at the socket")])) == 1


def test_a_datagram_to_nobody_leaves_the_socket_and_not_the_laptop() -> None:
    assert unaccounted([], [run(("udp", "192.168.178.99", 9, 1), counted="at the socket")]) == []
    assert len(unaccounted([], [run(("udp", "192.168.178.99", 9, 1))])) == 1


def test_what_the_kernel_sends_by_itself_may_be_told_but_not_invented() -> None:
    wire = [out("igmp", "224.0.0.22")] * 2
    assert unaccounted(wire, [run()]) == unaccounted(wire, [run(("igmp", "224.0.0.22", None, 2))]) == []
    assert len(unaccounted(wire, [run(("igmp", "224.0.0.22", None, 3))])) == 1


def test_the_kernel_may_check_a_neighbour_that_it_knows_but_a_sweep_is_counted() -> None:
    known = replace(out("arp", DEVICE, None, flags=1), to_all=False)
    swept = replace(known, to_all=True)
    assert unaccounted([known, swept], [run(("arp", DEVICE, None, 1))]) == []
    assert len(unaccounted([swept, swept], [run(("arp", DEVICE, None, 1))])) == 1


def test_frames_are_read_down_to_ports_and_payload() -> None:
    ether = bytes(12)
    udp = struct.pack("!HHHH", 5353, 53, 8 + 3, 0) + b"abc"
    head = bytes.fromhex("4500001f000000004011000000000000") + bytes([192, 168, 178, 1])
    packet = decode(ether + b"\x08\x00" + head + udp + b"padding", 1.0, True)
    assert (packet.protocol, packet.address, packet.source_port, packet.port) == ("udp", "192.168.178.1", 5353, 53)
    assert packet.payload == b"abc"
    arp = bytes.fromhex("0001080006040001") + bytes(6) + bytes([10, 0, 0, 1]) + bytes(6) + bytes([10, 0, 0, 2])
    asked = decode(ether + b"\x08\x06" + arp, 1.0, True)
    assert (asked.protocol, asked.address, asked.flags) == ("arp", "10.0.0.2", 1)
