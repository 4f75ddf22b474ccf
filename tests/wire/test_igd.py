"""Port mappings: what a router tells, that only one question can be asked, and that nothing it says does harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.wire.error import WireError
from iotsweep.wire.igd import (
    MOST_ENTRIES,
    SERVICES,
    Control,
    PortMapping,
    decode_answer,
    decode_private_outside,
    encode_outside_question,
    encode_question,
    find_controls,
)
from iotsweep.wire.upnp_fetch import Place

PLACE = Place("192.168.7.1", 49000, "/igddesc.xml")
IP1 = "urn:schemas-upnp-org:service:WANIPConnection:1"
SOURCE = Path(__file__).parents[2] / "src"


def description(service: str = IP1, control: str = "/igdupnp/control/WANIPConn1", base: str = "") -> bytes:
    """A router that describes itself as IGD does, three devices deep."""
    return f"""<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">{base}
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType><serviceList><service>
<serviceType>{service}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<controlURL>{control}</controlURL></service></serviceList></device></deviceList></device></deviceList></device></root>
""".encode()


def entry(**fields: str) -> bytes:
    """An answer with one entry."""
    told = {
        "NewRemoteHost": "",
        "NewExternalPort": "8554",
        "NewProtocol": "TCP",
        "NewInternalPort": "554",
        "NewInternalClient": "192.168.7.23",
        "NewEnabled": "1",
        "NewPortMappingDescription": "camera",
        "NewLeaseDuration": "0",
    } | fields
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in told.items())
    return _message(
        200, f'<u:GetGenericPortMappingEntryResponse xmlns:u="{IP1}">{inside}</u:GetGenericPortMappingEntryResponse>'
    )


def fault(code: int) -> bytes:
    """A refusal."""
    return _message(
        500,
        "<s:Fault><detail><UPnPError xmlns='urn:schemas-upnp-org:control-1-0'>"
        f"<errorCode>{code}</errorCode></UPnPError></detail></s:Fault>",
    )


def outside(address: str) -> bytes:
    """The router's address on its other side."""
    told = f"<NewExternalIPAddress>{address}</NewExternalIPAddress>"
    return _message(200, f'<u:GetExternalIPAddressResponse xmlns:u="{IP1}">{told}</u:GetExternalIPAddressResponse>')


def _message(status: int, inside: str) -> bytes:
    body = (
        f"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{inside}</s:Body></s:Envelope>"
    ).encode()
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_an_entry_reads_as_where_it_comes_in_and_where_it_goes() -> None:
    mapping = decode_answer(entry())
    assert mapping == PortMapping("tcp", 8554, "192.168.7.23", 554, True, "camera")
    assert mapping is not None
    assert mapping.say() == "tcp 8554 -> 192.168.7.23:554 (camera)"


def test_an_entry_that_is_switched_off_says_so() -> None:
    mapping = decode_answer(entry(NewEnabled="0", NewPortMappingDescription="", NewProtocol="udp"))
    assert mapping is not None
    assert (mapping.enabled, mapping.say()) == (False, "udp 8554 -> 192.168.7.23:554 (switched off)")


def test_a_description_that_somebody_wrote_into_the_router_is_cleaned() -> None:
    mapping = decode_answer(entry(NewPortMappingDescription="cam\n\u202eera&#9;" + "x" * 300))
    assert mapping is not None
    assert mapping.description.startswith("cam era x")
    assert len(mapping.description) == 80


@pytest.mark.parametrize("code", [713, 714])
def test_an_index_without_an_entry_is_the_end(code: int) -> None:
    assert decode_answer(fault(code)) is None


@pytest.mark.parametrize("code", [401, 402, 501, 606])
def test_any_other_fault_is_a_refusal(code: int) -> None:
    with pytest.raises(WireError, match=str(code)):
        decode_answer(fault(code))


@pytest.mark.parametrize(
    "fields",
    [
        {"NewProtocol": "SCTP"},
        {"NewInternalClient": "cam.example.org"},
        {"NewInternalClient": ""},
        {"NewInternalPort": "99999"},
        {"NewExternalPort": "-1"},
    ],
)
def test_a_broken_entry_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(WireError):
        decode_answer(entry(**fields))


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_the_service_is_asked_where_the_router_says_that_it_is(service: str) -> None:
    place = Place("192.168.7.1", 49000, "/igdupnp/control/WANIPConn1")
    assert find_controls(description(service), PLACE) == (Control(place, service),)


def test_a_relative_control_address_starts_at_the_description_or_at_its_base() -> None:
    assert find_controls(description(control="ctl"), PLACE)[0].place == Place("192.168.7.1", 49000, "/ctl")
    base = "<URLBase>http://192.168.7.1:5000/a/</URLBase>"
    assert find_controls(description(control="ctl", base=base), PLACE)[0].place == Place("192.168.7.1", 5000, "/a/ctl")


@pytest.mark.parametrize(
    "control",
    [
        "http://192.168.7.9/ctl",
        "http://example.org/ctl",
        "https://192.168.7.1/ctl",
        "http://192.168.7.1:9100/",
        "//8.8.8.8/x",
    ],
)
def test_a_control_address_elsewhere_is_never_asked(control: str) -> None:
    assert find_controls(description(control=control), PLACE) == ()


def test_a_base_elsewhere_is_passed_over() -> None:
    base = "<URLBase>http://8.8.8.8/</URLBase>"
    assert find_controls(description(control="/ctl", base=base), PLACE)[0].place == Place("192.168.7.1", 49000, "/ctl")


def test_other_services_are_passed_over() -> None:
    for service in ("WANCommonInterfaceConfig:1", "Layer3Forwarding:1", "WANIPv6FirewallControl:1"):
        assert find_controls(description(f"urn:schemas-upnp-org:service:{service}"), PLACE) == ()


_QUESTION = re.compile(
    r"POST /[!-~]* HTTP/1\.1\r\nHost: [0-9.]+:[0-9]+\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n"
    r"SOAPAction: \"(urn:schemas-upnp-org:service:WAN(?:IPConnection:[12]|PPPConnection:1))"
    r"#GetGenericPortMappingEntry\"\r\nContent-Length: ([0-9]+)\r\nConnection: close\r\n\r\n"
    r"(<\?xml version=\"1\.0\"\?>\r\n<s:Envelope [^>]*><s:Body><u:GetGenericPortMappingEntry xmlns:u=\"\1\">"
    r"<NewPortMappingIndex>[0-9]+</NewPortMappingIndex></u:GetGenericPortMappingEntry></s:Body></s:Envelope>\r\n)"
)


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=80) | st.sampled_from(sorted(SERVICES)), st.integers(-5, 2 * MOST_ENTRIES))
def test_no_other_action_can_be_encoded(service: str, index: int) -> None:
    control = Control(Place("192.168.7.1", 49000, "/control"), service)
    try:
        request = encode_question(control, index).decode("ascii")
    except WireError:
        assert service not in SERVICES or not 0 <= index < MOST_ENTRIES
        return
    found = _QUESTION.fullmatch(request)
    assert found is not None
    assert int(found[2]) == len(found[3])


def test_no_action_that_changes_a_router_is_named_anywhere_in_the_program() -> None:
    words = re.compile(r"(Add|Delete|Set)\w*(PortMapping|ConnectionType|Pinhole)|ForceTermination|RequestConnection")
    for path in SOURCE.rglob("*.py"):
        assert not words.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("address", ["10.0.0.2", "172.16.9.9", "192.168.178.20"])
def test_only_a_private_address_of_the_other_side_is_read(address: str) -> None:
    assert decode_private_outside(outside(address)) == address


@pytest.mark.parametrize("address", ["93.184.215.14", "100.64.0.9", "0.0.0.0", "169.254.3.3"])
def test_any_other_address_of_the_other_side_is_not_given_on(address: str) -> None:
    assert decode_private_outside(outside(address)) is None


def test_the_question_about_the_other_side_carries_nothing() -> None:
    request = encode_outside_question(Control(PLACE, IP1))
    assert f'SOAPAction: "{IP1}#GetExternalIPAddress"'.encode() in request
    assert f'<u:GetExternalIPAddress xmlns:u="{IP1}"></u:GetExternalIPAddress>'.encode() in request
    with pytest.raises(WireError):
        encode_outside_question(Control(PLACE, "urn:schemas-upnp-org:service:Layer3Forwarding:1"))
