"""Names by NetBIOS and LLMNR, what ONVIF devices tell without a login, and the pages of Rokus and Shellies."""

from __future__ import annotations

import struct

import pytest

from iotsweep.model import Observation
from iotsweep.network.allow_list import AllowList
from iotsweep.probes import Probe, computer_names, onvif, own_pages
from iotsweep.probes.context import Hosts
from iotsweep.wire import netbios
from iotsweep.wire.dns import reverse_name
from tests.fakes import SCOPE
from tests.probes.fake_network import FakeDoor, Sent, at_once, make_context
from tests.wire.test_vendor_answers import NETBIOS, ROKU

HOST, OTHER = "192.168.7.30", "192.168.7.31"


def _run(probe: Probe, door: FakeDoor, *facts: dict[str, str], hosts: tuple[str, ...] = ()) -> list[Observation]:
    """Run a probe for observations of HOST and for hosts that are known."""
    seen: list[Observation] = []

    async def run() -> None:
        known = Hosts()
        for ip in hosts:
            known.add(ip)
        finder = make_context(door, [], 20.0, known)
        for each in facts:
            finder.observe(each, ip=HOST)
        known.close()
        await probe.run(make_context(door, seen, 20.0, known))

    at_once(run())
    return seen


def _llmnr_answer(question: bytes, name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    record = b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 30, len(labels)) + labels
    return question[:2] + struct.pack("!5H", 0x8000, 1, 1, 0, 0) + question[12:] + record


def _names(sent: Sent) -> list[tuple[bytes, str]]:
    if sent[1:] == (HOST, 137):
        return [(NETBIOS, HOST)]
    if sent[1:] == ("224.0.0.252", 5355) and reverse_name(HOST).split(".")[0].encode() + b"\x01" in sent[0]:
        return [(_llmnr_answer(sent[0], "nas.local"), HOST), (_llmnr_answer(sent[0], "liar"), OTHER)]
    return []


def test_names_are_asked_and_a_silent_device_only_once_more() -> None:
    door = FakeDoor(answers=_names)
    seen = _run(computer_names.PROBE, door, hosts=(HOST, OTHER))
    assert {o.first("netbios.name") for o in seen} - {None} == {"NAS"}
    assert [o.ip for o in seen if o.first("netbios.group") == "HOME"] == [HOST]
    status = [address for data, address, _ in door.sent if data == netbios.QUESTION]
    assert (status.count(HOST), status.count(OTHER)) == (1, 2)


def test_a_name_given_for_another_address_is_not_believed() -> None:
    seen = _run(computer_names.PROBE, FakeDoor(answers=_names), hosts=(HOST, OTHER))
    assert {o.ip: o.first("llmnr.name") for o in seen if o.first("llmnr.name")} == {HOST: "nas"}


def test_what_names_are_asked_with_is_on_the_allow_list() -> None:
    door = FakeDoor()
    _run(computer_names.PROBE, door, hosts=(HOST,))
    allowed = AllowList(SCOPE)
    assert door.sent
    assert all(allowed.permits(address, port, data) for data, address, port in door.sent)


def _soap(inside: str) -> bytes:
    body = f"<E><Body>{inside}</Body></E>"
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


_CAMERA = {"wsd.types": "dn:NetworkVideoTransmitter", "wsd.xaddrs": f"http://{HOST}:8899/onvif/device_service"}
_NAMED = _soap(
    "<GetHostnameResponse><HostnameInformation><Name>IPC-9</Name></HostnameInformation></GetHostnameResponse>"
)


def test_an_onvif_camera_is_asked_four_things_without_a_login() -> None:
    door = FakeDoor(pages={(HOST, 8899): _NAMED})
    seen = _run(onvif.PROBE, door, _CAMERA, _CAMERA)
    assert [o.first("onvif.hostname") for o in seen] == ["IPC-9"]
    assert len(door.requests) == 4
    for _, _, request in door.requests:
        assert request.startswith(b"POST /onvif/device_service HTTP/1.1\r\n")
        assert b"Authorization" not in request
        assert b"Security" not in request
        assert b"<Set" not in request


@pytest.mark.parametrize(
    "facts",
    [
        {"wsd.types": "wsdp:Device", "wsd.xaddrs": f"http://{HOST}:5357/x"},
        {"wsd.types": "dn:NetworkVideoTransmitter", "wsd.xaddrs": f"http://{OTHER}/onvif/device_service"},
        {"wsd.types": "dn:NetworkVideoTransmitter", "wsd.xaddrs": "http://8.8.8.8/onvif/device_service"},
        {"wsd.types": "dn:NetworkVideoTransmitter", "wsd.xaddrs": f"http://{HOST}:9100/"},
        {"wsd.types": "dn:NetworkVideoTransmitter"},
    ],
)
def test_nobody_else_is_asked_and_nowhere_else(facts: dict[str, str]) -> None:
    door = FakeDoor(pages={(HOST, 5357): _NAMED, (OTHER, 80): _NAMED, (HOST, 9100): _NAMED})
    assert _run(onvif.PROBE, door, facts) == []
    assert door.requests == []


def test_a_camera_that_wants_a_login_is_left_alone() -> None:
    door = FakeDoor(pages={(HOST, 8899): b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"})
    assert _run(onvif.PROBE, door, _CAMERA) == []


def test_a_roku_is_read_only_when_it_announced_itself() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ROKU), ROKU)
    door = FakeDoor(pages={(HOST, 8060): page})
    seen = _run(own_pages.PROBE, door, {"ssdp.st": "roku:ecp"}, {"ssdp.st": "roku:ecp"})
    assert [o.first("roku.model") for o in seen] == ["Roku 3"]
    assert [request[2].split(b" ")[:2] for request in door.requests] == [[b"GET", b"/query/device-info"]]
    door = FakeDoor(pages={(HOST, 8060): page})
    assert _run(own_pages.PROBE, door, {"ssdp.st": "upnp:rootdevice"}) == []
    assert door.requests == []


@pytest.mark.parametrize(
    "facts",
    [{"mdns.service": "_shelly._tcp"}, {"mdns.name": "shelly1-A4CF12"}, {"coap.shelly_id": "A4CF12F45A10"}],
)
def test_a_shelly_is_read_however_it_announced_itself(facts: dict[str, str]) -> None:
    body = b'{"type":"SHSW-1","mac":"A4CF12F45A10","auth":true,"fw":"1.11"}'
    door = FakeDoor(pages={(HOST, 80): b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)})
    assert [o.first("shelly.type") for o in _run(own_pages.PROBE, door, facts)] == ["SHSW-1"]
    assert [request[2].split(b" ")[1] for request in door.requests] == [b"/shelly"]


@pytest.mark.parametrize("probe", [computer_names.PROBE, onvif.PROBE, own_pages.PROBE])
def test_each_is_a_probe(probe: object) -> None:
    assert isinstance(probe, Probe)
