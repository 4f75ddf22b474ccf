"""Service instances put together from what several responses say."""

from __future__ import annotations

import random

from iotsweep.wire.mdns import AAAA, SRV, TXT, A, decode_message
from iotsweep.wire.mdns_services import DEVICE_INFO, ENUMERATION, Instance, Services
from tests.wire import mdns_packets as packets

SENDER = "192.168.50.20"


def _services(*heard: tuple[str, bytes]) -> Services:
    services = Services()
    for source, raw in heard:
        services.hear(source, decode_message(raw), raw)
    return services


def _only(services: Services) -> Instance:
    (instance,) = services.instances()
    return instance


def test_one_packet_gives_one_whole_instance() -> None:
    instance = _only(_services((SENDER, packets.printer())))
    assert instance.complete
    assert instance.ip == SENDER
    assert instance.facts == {
        "mdns.service": "_ipp._tcp",
        "mdns.name": "Dr. Köhler's v1.2 printer",
        "mdns.host": "BRN30055C",
        "mdns.port": "631",
        "mdns.txt.ty": "Brother HL",
        "ip.v6": "fe80::1",
    }


def test_the_first_of_two_equal_keys_counts_however_they_are_written() -> None:
    assert _only(_services((SENDER, packets.printer()))).facts["mdns.txt.ty"] == "Brother HL"


def test_pieces_in_any_order_make_the_same_instance() -> None:
    pieces = [
        packets.response(packets.pointer(packets.IPP, packets.PRINTER)),
        packets.response(packets.server(packets.PRINTER, packets.PRINTER_HOST, 631)),
        packets.response(packets.text(packets.PRINTER, b"ty=Brother HL")),
        packets.response(packets.address(packets.PRINTER_HOST, SENDER)),
    ]
    told = []
    for seed in range(6):
        random.Random(seed).shuffle(pieces)
        told.append(_only(_services(*((SENDER, piece) for piece in pieces))).facts)
    assert all(facts == told[0] for facts in told)
    assert told[0]["mdns.host"] == "BRN30055C"


def test_what_is_missing_is_asked_for_and_no_more() -> None:
    services = _services((SENDER, packets.response(packets.pointer(packets.IPP, packets.PRINTER))))
    info = (packets.PRINTER[0], *DEVICE_INFO)
    assert list(services.missing()) == [(packets.PRINTER, SRV), (packets.PRINTER, TXT), (info, TXT)]
    server = packets.response(packets.server(packets.PRINTER, packets.PRINTER_HOST, 631))
    services.hear(SENDER, decode_message(server), server)
    assert (packets.PRINTER_HOST, A) in list(services.missing())
    whole = packets.printer()
    services.hear(SENDER, decode_message(whole), whole)
    assert list(services.missing()) == [(info, TXT)]


def test_a_question_tells_nothing_of_who_asks() -> None:
    services = Services()
    assert not services.hear(SENDER, decode_message(packets.query(packets.IPP)), b"")
    assert list(services.instances()) == []


def test_a_goodbye_tells_nothing() -> None:
    goodbye = packets.response(packets.pointer(packets.IPP, packets.PRINTER, ttl=0))
    assert list(_services((SENDER, goodbye)).instances()) == []


def test_a_bridge_that_announces_another_device_is_named_as_the_sender() -> None:
    instance = _only(_services(("192.168.50.2", packets.printer("192.168.50.20"))))
    assert instance.ip == "192.168.50.20"
    assert instance.facts["mdns.from"] == "192.168.50.2"


def test_two_devices_with_the_same_name_stay_two() -> None:
    services = _services(
        ("192.168.50.20", packets.printer("192.168.50.20")), ("192.168.50.21", packets.printer("192.168.50.21"))
    )
    assert sorted(instance.ip for instance in services.instances()) == ["192.168.50.20", "192.168.50.21"]


def test_a_device_with_several_addresses_is_at_the_one_it_answered_from() -> None:
    docker = packets.response(packets.address(packets.PRINTER_HOST, "172.17.0.1"))
    assert _only(_services((SENDER, docker), (SENDER, packets.printer()))).ip == SENDER


def test_enumeration_teaches_new_types() -> None:
    services = _services((SENDER, packets.response(packets.pointer(ENUMERATION, ("_New-Thing", "_udp", "local")))))
    assert list(services.types.values()) == [("_New-Thing", "_udp", "local")]
    assert list(services.instances()) == []


def test_names_that_break_the_rules_still_make_an_instance() -> None:
    odd = ("No Underscore Type", "local")
    services = _services((SENDER, packets.response(packets.pointer(odd, ("x" * 63, *odd)))))
    assert _only(services).facts == {"mdns.service": "No Underscore Type", "mdns.name": "x" * 63}


def test_a_subtype_names_its_service() -> None:
    owner = ("_universal", "_sub", *packets.IPP)
    assert _only(_services((SENDER, packets.response(packets.pointer(owner, packets.PRINTER))))).facts == {
        "mdns.service": "_ipp._tcp",
        "mdns.name": packets.PRINTER[0],
    }


def test_the_model_of_device_info_needs_no_pointer() -> None:
    info = ("Anna's Mac", *DEVICE_INFO)
    instance = _only(_services((SENDER, packets.response(packets.text(info, b"model=MacBookPro18,3")))))
    assert instance.facts == {
        "mdns.service": "_device-info._tcp",
        "mdns.name": "Anna's Mac",
        "mdns.txt.model": "MacBookPro18,3",
    }


def test_a_host_without_a_service_still_has_its_name() -> None:
    services = _services((SENDER, packets.response(packets.address(("phone", "local"), SENDER))))
    assert [told[:4] for told in services.lone_hosts()] == [(SENDER, SENDER, "", "phone")]


def test_a_reverse_answer_names_the_address_asked_about() -> None:
    reverse = ("20", "50", "168", "192", "in-addr", "arpa")
    services = _services((SENDER, packets.response(packets.pointer(reverse, ("Annas-iPhone", "local")))))
    assert [told[:3] for told in services.named_addresses()] == [(SENDER, "192.168.50.20", "Annas-iPhone")]


def test_a_flood_of_names_is_bounded() -> None:
    services = Services()
    for number in range(6000):
        raw = packets.response(packets.pointer(packets.IPP, (f"printer {number}", *packets.IPP)))
        services.hear(SENDER, decode_message(raw), raw)
        raw = packets.response(packets.text((f"printer {number}", *packets.IPP), b"a=b"))
        services.hear(SENDER, decode_message(raw), raw)
    assert len(list(services.instances())) <= 4200


LINK_LOCAL = "fe80::20"


def test_who_speaks_over_ipv6_is_whole_without_an_ipv4_address_and_is_asked_for_both() -> None:
    told = [packets.server(packets.PRINTER, packets.PRINTER_HOST, 631), packets.text(packets.PRINTER, b"a=b")]
    pointed = packets.response(packets.pointer(packets.IPP, packets.PRINTER), *told)
    services = _services((LINK_LOCAL, pointed))
    assert not _only(services).complete
    assert {(packets.PRINTER_HOST, A), (packets.PRINTER_HOST, AAAA)} <= set(services.missing())
    raw = packets.response(packets.address(packets.PRINTER_HOST, LINK_LOCAL))
    services.hear(LINK_LOCAL, decode_message(raw), raw)
    assert _only(services).complete
    assert services.addresses(LINK_LOCAL, _only(services).host) == [LINK_LOCAL]
    assert services.hosts_by_source() == {LINK_LOCAL: {_only(services).host}}


def test_over_ipv4_an_ipv6_address_alone_is_not_the_whole() -> None:
    told = [packets.server(packets.PRINTER, packets.PRINTER_HOST, 631), packets.text(packets.PRINTER, b"a=b")]
    services = _services((SENDER, packets.response(*told, packets.address(packets.PRINTER_HOST, LINK_LOCAL))))
    assert not _only(services).complete
    assert AAAA not in {kind for _, kind in services.missing()}
