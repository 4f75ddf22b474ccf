"""Every decoder of the wire with good messages of its protocol: one table, for noise and for time.

A decoder whose reading has a second half (the facts of a message, the icon of a page) is called with both. Where a
reply is scrambled, a further row damages what is inside, which damage from outside hardly ever reaches.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Any

from cryptography.x509 import DNSName, IPAddress

from iotsweep.wire import (
    arp,
    chunks,
    dhcp,
    dns,
    ethernet,
    favicon,
    ftp,
    head,
    heard_ipv6,
    hostile,
    http,
    igd,
    ip,
    llmnr,
    mdns,
    mdns_services,
    ndp,
    neighbours,
    netbios_heard,
    nmap_xml,
    onvif,
    page,
    pcap,
    pcapng,
    radiotap,
    rtsp,
    signs,
    sip,
    ssdp,
    ssh,
    switches,
    telnet,
    tls,
    tls_hello,
    upnp,
    upnp_fetch,
    wsd,
    x509,
)
from iotsweep.wire.frames import Reading
from tests.captures import making
from tests.probes.unasked import SENSOR, solicitation
from tests.wire import mdns_packets as packets
from tests.wire import (
    test_dns,
    test_http,
    test_igd,
    test_ndp,
    test_neighbours,
    test_nmap_xml,
    test_ssdp,
    test_switches,
    test_tls,
    test_upnp,
    test_upnp_fetch,
    test_wifi,
    test_wsd,
)
from tests.wire.decoders_of_makers import MAKERS, Decoder, Read, decoder

_HTTP = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html; charset=gb2312\r\n"
_PAGE = b'<html><head><title>Camera &amp; more</title><link rel="icon" href="/i.ico?v=1"></head></html>'
# What drivers put in front of a Wi-Fi frame, by link type.
_PREFIXES = dict.fromkeys(radiotap.LINKS, b"\0\0\x08\0" + bytes(4)) | {
    radiotap.WIFI: b"",
    radiotap.PRISM: bytes(144),
    radiotap.AVS: bytes(7) + b"\x08",
}
_PACKED = _HTTP + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(_PAGE, mtime=0)
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"
_BEACON = bytes.fromhex("80000000ffffffffffff0c0c0c0c0c0c0c0c0c0c0c0c0000") + bytes(12) + b"\0\6camera"
_NETBIOS = b"\x20" + b"EDEBEN" + b"CA" * 12 + b"AA\0"  # CAM, as RFC 1001 section 14.1 writes it
_SIP = b"SIP/2.0 200 OK\r\nServer: Door/1.0\r\nUser-Agent: phone\r\n\r\n"
_RTSP = b'RTSP/1.0 401 Unauthorized\r\nServer: Rtsp/3.0\r\nWWW-Authenticate: Digest realm="IP", nonce="1"\r\n\r\n'


def _printed(decode: Callable[..., object], samples: tuple[bytes, ...], *more: str) -> Decoder:
    """The row of a function that reads what a program on this laptop prints."""
    name = f"{decode.__module__.rpartition('.')[2]}.{decode.__name__}"
    return Decoder(name, lambda data: decode(data.decode("utf-8", "replace"), *more), samples, timed=False)


def _frame(decode: Callable[..., object], place: int = 0, *more: object) -> Read:
    return lambda data: decode(data, place, len(data), *more)


def _hear(data: bytes) -> None:
    services = mdns_services.Services()
    services.hear("192.168.50.20", mdns.decode_message(data), data)
    for told in (services.instances, services.missing, services.lone_hosts, services.named_addresses):
        list(told())


def _read_page(data: bytes) -> None:
    reply = http.decode_http(data)
    http.http_facts(reply, 80)
    favicon.icon_facts(reply, 80)


def _find_icon(data: bytes) -> None:
    favicon.find_icon(http.decode_http(data), "http://192.168.1.9/")


def _read_capture(read: Callable[..., Any]) -> Read:
    """Whole, and in pieces as from a slow disk."""

    def both(data: bytes) -> None:
        list(read(iter([data]), Reading()))
        list(read(iter([data[at : at + 4096] for at in range(0, len(data), 4096)]), Reading()))

    return both


_FRAME = making.ethernet(making.CAMERA, making.ROUTER, 0x0800, making.ipv4("10.0.0.1", "10.0.0.2", 17, b"x" * 9), (5,))
_FRAMES = (making.arp(making.CAMERA, "10.0.0.1", "10.0.0.2"), _FRAME)
_CHAIN = test_tls.certificate(test_tls.CAST)
_NAMED = test_tls.certificate(test_tls.CAST, DNSName("hub.local"), IPAddress(ip_address("192.168.1.9")))
_CHAIN_SENT = test_tls.handshake(
    (2, b"hello"), (11, (len(_CHAIN) + 3).to_bytes(3, "big") + len(_CHAIN).to_bytes(3, "big") + _CHAIN)
)
_PTR = test_dns.make_answer([test_dns.record(b"\4name\xc0\x0c")])
_DESCRIPTION = test_igd.description()


def _soap(call: str) -> bytes:
    said = "<HostnameInformation><Name>x</Name></HostnameInformation><Service><Namespace>n</Namespace></Service>"
    said += "<Capabilities><Media/><Extension><DeviceIO/></Extension></Capabilities>"
    said += "<UTCDateTime><Time><Hour>1</Hour></Time><Date><Year>2026</Year></Date></UTCDateTime>"
    return f"<E><{call}Response>{said}</{call}Response></E>".encode()


_DHCP = making.dhcp(making.CAMERA, {53: b"\1", 12: b"cam", 61: b"\0c-1", 77: b"class", 81: b"\4\0\0\3cam\4home\0"})

DECODERS: tuple[Decoder, ...] = (
    *MAKERS,
    decoder(chunks.join_chunks, b"5;a=b\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"),
    decoder(arp.decode_arp, *_FRAMES),
    Decoder("dhcp.decode_dhcp", lambda data: dhcp.to_facts(dhcp.decode_dhcp(data)), (_DHCP,)),
    decoder(dns.decode_answer, _PTR),
    decoder(dns.decode_question, making.question("a.example")),
    Decoder("ethernet.find_network", _frame(ethernet.find_network, 12), _FRAMES),
    Decoder("ethernet.read_cooked", _frame(ethernet.read_cooked), (bytes(14) + _FRAME[12:],)),
    Decoder("ethernet.read_cooked_2", _frame(ethernet.read_cooked_2), (b"\x81\0" + bytes(30),)),
    Decoder("favicon.find_icon", _find_icon, (_HTTP + b"\r\n" + _PAGE, test_http.CAMERA, _PACKED, _CHUNKED)),
    decoder(ftp.decode_ftp, b"220-Welcome\r\n220 ProFTPD 1.3\r\n"),
    decoder(ftp.is_complete, b"220-Welcome\r\n220 ProFTPD 1.3\r\n"),
    Decoder("head.decode_head", lambda data: head.decode_head(data, b"HTTP").realms(), (test_http.CAMERA,)),
    Decoder(
        "heard_ipv6.find_speaker",
        lambda data: heard_ipv6.find_speaker(data, ip.read_ipv6(data, 14, len(data))),
        (solicitation(SENSOR, "fe80::1", "fe80::99"), solicitation(SENSOR, "::", "fe80::99")),
    ),
    decoder(hostile.read_json, b'{"a":{"b":[1,"c"]}}\0'),
    decoder(hostile.read_xml, b"<a><b>c & d</b></a>\0"),
    Decoder("http.decode_http", _read_page, (_HTTP + b"\r\n" + _PAGE, test_http.CAMERA, _PACKED, _CHUNKED)),
    decoder(http.is_complete, test_http.CAMERA, _CHUNKED),
    decoder(igd.decode_answer, test_igd.entry(), test_igd.fault(713), test_igd.fault(401)),
    decoder(igd.decode_private_outside, test_igd.outside("10.0.0.2"), test_igd.fault(401)),
    Decoder("igd.find_controls", lambda data: igd.find_controls(data, test_igd.PLACE), (_DESCRIPTION,)),
    Decoder("ip.read_ipv4", _frame(ip.read_ipv4), (making.ipv4("10.0.0.1", "10.0.0.2", 17, b"x" * 9),)),
    Decoder("ip.read_ipv6", _frame(ip.read_ipv6), (b"\x60\0\0\0\0\x10\0" + bytes(60),)),
    decoder(llmnr.decode_reply, b"\x12\x34\x80\0" + _PTR[4:]),
    Decoder("mdns.decode_message", _hear, (packets.printer(), packets.query(packets.IPP))),
    decoder(ndp.decode_echo_reply, b"\x81\0\0\0\0\1\0\2"),
    _printed(ndp.decode_ndp, (test_ndp.MACOS.encode(),), "en0"),
    _printed(neighbours.decode_arp_a, test_neighbours.PRINTED),
    _printed(neighbours.decode_ip_neigh, test_neighbours.PRINTED, "wlan0"),
    _printed(neighbours.decode_proc_arp, test_neighbours.PRINTED),
    decoder(netbios_heard.decode_datagram, b"\x11" + bytes(13) + _NETBIOS + bytes(20)),
    decoder(netbios_heard.decode_registration, b"\0\1\x29\x10\0\1" + bytes(6) + _NETBIOS + bytes(16)),
    Decoder("nmap_xml.decode_nmap", nmap_xml.decode_nmap, (test_nmap_xml.OUTPUT,), timed=False),
    Decoder("nmap_xml.decode_scan", nmap_xml.decode_scan, (test_nmap_xml.OUTPUT,), timed=False),
    *(
        Decoder(f"onvif.decode_answer {call}", partial(onvif.decode_answer, call), (_soap(call),))
        for call in onvif.CALLS
    ),
    decoder(page.decode_title, _PAGE),
    decoder(page.icon_path, _PAGE),
    Decoder(
        "pcap.read_pcap",
        _read_capture(pcap.read_pcap),
        (making.pcap(*_FRAMES), making.pcap(*_FRAMES, order=">")),
        timed=False,
    ),
    Decoder("pcapng.read_pcapng", _read_capture(pcapng.read_pcapng), (making.pcapng(*_FRAMES),), timed=False),
    *(
        Decoder(f"radiotap.decode_wifi {link}", _frame(radiotap.decode_wifi, 0, link), (prefix + _BEACON,))
        for link, prefix in _PREFIXES.items()
    ),
    decoder(rtsp.decode_rtsp, _RTSP),
    Decoder("switches.decode_cdp", lambda data: switches.to_facts(switches.decode_cdp(data)), (test_switches.cdp(),)),
    Decoder(
        "switches.decode_lldp", lambda data: switches.to_facts(switches.decode_lldp(data)), (test_switches.lldp(),)
    ),
    Decoder(
        "signs.find_switch",
        lambda data: signs.find_switch(switches.LLDP, min(switches.LLDP_GROUPS), data),
        (test_switches.lldp(),),
    ),
    Decoder(
        "signs.router_facts",
        lambda data: signs.router_facts(bytes(16), data),
        (b"\x86\0\0\0\x40\0\x07\x08" + bytes(8),),
    ),
    decoder(signs.tag_facts, bytes(12) + b"\x81\0\0\x0a\x08\0"),
    decoder(rtsp.is_complete, _RTSP),
    decoder(sip.decode_sip, _SIP),
    Decoder(
        "ssdp.decode_message",
        lambda data: ssdp.to_facts(ssdp.decode_message(data)),
        (test_ssdp.REPLY, test_ssdp.NOTIFY),
    ),
    decoder(ssh.decode_ssh, b"hello\nSSH-2.0-dropbear_2022.83\r\n"),
    decoder(ssh.is_complete, b"hello\nSSH-2.0-dropbear_2022.83\r\n"),
    decoder(telnet.decode_telnet, b"\xff\xfd\x01\xff\xfa\x18\1\xff\xf0\x1b[2Jcamera login: "),
    decoder(tls.find_certificate, _CHAIN_SENT),
    Decoder("tls.tls_facts", lambda data: tls.tls_facts(data, 443), (_CHAIN,)),
    decoder(tls_hello.decode_server_name, making.hello("a.example")),
    Decoder("upnp.decode_description", lambda data: upnp.to_facts(upnp.decode_description(data)), (test_upnp.ROUTER,)),
    decoder(upnp_fetch.decode_any_reply, test_upnp_fetch.PLAIN, test_upnp_fetch.CHUNKED),
    decoder(upnp_fetch.decode_reply, test_upnp_fetch.PLAIN, test_upnp_fetch.CHUNKED),
    decoder(upnp_fetch.is_complete, test_upnp_fetch.PLAIN, test_upnp_fetch.CHUNKED),
    Decoder(
        "upnp_fetch.read_location",
        lambda data: upnp_fetch.read_location(data.decode("latin-1"), test_upnp_fetch.HOST),
        (f"http://{test_upnp_fetch.HOST}:80/x".encode(),),
    ),
    *(_printed(decode, (sample.encode(),)) for decode, sample in test_wifi.PRINTED),
    Decoder("wsd.decode_matches", lambda data: [*map(wsd.to_facts, wsd.decode_matches(data))], (test_wsd.CAMERA,)),
    decoder(wsd.decode_metadata, test_wsd.METADATA),
    decoder(x509.decode_certificate, _CHAIN, _NAMED),
)
