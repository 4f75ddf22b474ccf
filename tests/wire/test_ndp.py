"""ICMPv6 echo and the IPv6 neighbours of macOS and Windows, in several languages."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.ndp import decode_echo_reply, decode_ndp, encode_echo
from iotsweep.wire.neighbours import Neighbour

MACOS = """Neighbor                             Linklayer Address  Netif Expire    St Flgs Prbs
fe80::1%en0                          a4:91:b1:2:3:4     en0   23h59m58s S  R
fe80::1c2e:7fff:fe01:203%en0         (incomplete)       en0   expired   N
fe80::aede:48ff:fe00:1122%en5        ac:de:48:0:11:22   en5   permanent R
2a02:8070::15                        50:c7:bf:1:2:3     en0   10s       R
"""
ENGLISH = """

Interface 12: Wi-Fi


Internet Address                              Physical Address   Type
--------------------------------------------  -----------------  -----------
fe80::1                                       a4-91-b1-02-03-04  Reachable (Router)
fe80::99                                      Unreachable        Unreachable
ff02::fb                                      33-33-00-00-00-fb  Permanent
"""
GERMAN = """

Schnittstelle 12: WLAN


Internetadresse                               Physische Adresse  Typ
--------------------------------------------  -----------------  -----------
fe80::1                                       a4-91-b1-02-03-04  Erreichbar (Router)
fe80::99                                      Nicht erreichbar   Nicht erreichbar
"""
JAPANESE = """
インターフェイス 12: Wi-Fi

インターネット アドレス                       物理アドレス       種類
fe80::1                                       a4-91-b1-02-03-04  到達可能 (ルーター)
"""
ROUTER = "a4:91:b1:02:03:04"


def test_macos_names_the_interface_behind_the_address() -> None:
    assert decode_ndp(MACOS, "en0") == (
        Neighbour("fe80::1", ROUTER, "en0"),
        Neighbour("2a02:8070::15", "50:c7:bf:01:02:03", "en0"),
    )


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, JAPANESE])
def test_windows_is_read_in_any_language(text: str) -> None:
    assert decode_ndp(text, "Wi-Fi") == (Neighbour("fe80::1", ROUTER, "Wi-Fi"),)


def test_an_echo_request_is_empty_and_its_reply_names_its_sequence() -> None:
    request = encode_echo(7, 3)
    assert request == bytes.fromhex("80 00 0000 0007 0003")
    assert decode_echo_reply(b"\x81\0\xab\xcd" + request[4:] + b"more") == 3


@pytest.mark.parametrize("data", [b"", b"\x81\0", encode_echo(1, 1), b"\x81\x01" + bytes(6), b"\x88\0" + bytes(20)])
def test_anything_else_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_echo_reply(data)


@pytest.mark.parametrize(
    ("interface", "reachable", "unreachable", "router"),
    [
        ("Interface 12: Wi-Fi", "Reachable", "Unreachable", "(Router)"),
        ("Schnittstelle 12: WLAN", "Erreichbar", "Nicht erreichbar", "(Router)"),
        ("Interface 12\u00a0: Wi-Fi", "Joignable", "Inaccessible", "(Routeur)"),
        ("Interfaz 12: Wi-Fi", "Accesible", "Inaccesible", "(Enrutador)"),
        ("Interfaccia 12: Wi-Fi", "Raggiungibile", "Non raggiungibile", "(Router)"),
        ("Interface 12: Wi-Fi", "Acessível", "Inacessível", "(Roteador)"),
        ("Interfejs 12: Wi-Fi", "Osiągalny", "Nieosiągalny", "(Router)"),
        ("インターフェイス 12: Wi-Fi", "到達可能", "到達不能", "(ルーター)"),
        ("\ufffd\ufffd 12: Wi-Fi", "\ufffd", "\ufffd \ufffd", "(\ufffd)"),
    ],
)
def test_windows_ipv6_neighbours_are_read_in_every_language(
    interface: str, reachable: str, unreachable: str, router: str
) -> None:
    text = f"""

{interface}


Internet Address                              Physical Address   Type
--------------------------------------------  -----------------  -----------
fe80::1                                       00-11-22-33-44-55  {reachable} {router}
fe80::23                                      02-00-00-00-00-23  {reachable}
fe80::9                                       {unreachable}      {unreachable}
fe80::8                                       00-00-00-00-00-00  {unreachable}
ff02::fb                                      33-33-00-00-00-fb  {reachable}
"""
    found = [(entry.ip, entry.mac) for entry in decode_ndp(text.replace("\n", "\r\n"), "Wi-Fi")]
    assert found == [("fe80::1", "00:11:22:33:44:55"), ("fe80::23", "02:00:00:00:00:23")]
