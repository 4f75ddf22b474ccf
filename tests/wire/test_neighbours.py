"""Neighbour tables of Linux, macOS and Windows."""

from __future__ import annotations

import pytest

from iotsweep.wire.neighbours import Neighbour, decode_arp_a, decode_ip_neigh, decode_proc_arp

_PROC = """IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         00:11:22:33:44:55     *        wlan0
192.168.1.9      0x1         0x0         00:00:00:00:00:00     *        wlan0
192.168.1.10     0x1         0x6         02:00:00:00:00:10     *        eth0
224.0.0.251      0x1         0x2         01:00:5e:00:00:fb     *        wlan0
nonsense
"""
_MACOS = """? (192.168.1.1) at 0:11:22:3:44:5 on en0 ifscope [ethernet]
? (192.168.1.9) at (incomplete) on en0 ifscope [ethernet]
camera.lan (192.168.1.10) at 2:0:0:0:0:10 on en0 ifscope permanent [ethernet]
? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]
? (192.168.1.255) at ff:ff:ff:ff:ff:ff on en0 ifscope [ethernet]
"""
_LINUX = "_gateway (192.168.1.1) at 00:11:22:33:44:55 [ether] on wlan0\n? (192.168.1.9) at <incomplete> on wlan0\n"
_WINDOWS = """
Schnittstelle: 192.168.1.20 --- 0xb
  Internetadresse       Physische Adresse     Typ
  192.168.1.1           00-11-22-33-44-55     dynamisch
  192.168.1.255         ff-ff-ff-ff-ff-ff     statisch
  224.0.0.22            01-00-5e-00-00-16     statisch

Interface: 10.8.0.2 --- 0x17
  Internet Address      Physical Address      Type
  10.8.0.1              02-00-00-00-00-01     dynamic
"""
_NEIGH = """fe80::1 dev wlan0 lladdr 00:11:22:33:44:55 router REACHABLE
fe80::9 dev wlan0  FAILED
fe80::8 dev wlan0 lladdr 02:00:00:00:00:08 STALE
fe80::7 dev wlan0 lladdr
"""

PRINTED = tuple(text.encode() for text in (_PROC, _MACOS, _LINUX, _WINDOWS, _NEIGH))


def test_linux_shows_complete_entries_with_their_interface() -> None:
    assert decode_proc_arp(_PROC) == (
        Neighbour("192.168.1.1", "00:11:22:33:44:55", "wlan0"),
        Neighbour("192.168.1.10", "02:00:00:00:00:10", "eth0"),
    )


def test_macos_leaves_out_leading_zeros() -> None:
    assert decode_arp_a(_MACOS) == (
        Neighbour("192.168.1.1", "00:11:22:03:44:05", "en0"),
        Neighbour("192.168.1.10", "02:00:00:00:00:10", "en0"),
    )


def test_net_tools_print_another_order() -> None:
    assert decode_arp_a(_LINUX) == (Neighbour("192.168.1.1", "00:11:22:33:44:55", "wlan0"),)


def test_windows_names_the_interface_by_our_address_in_any_language() -> None:
    assert decode_arp_a(_WINDOWS) == (
        Neighbour("192.168.1.1", "00:11:22:33:44:55", "192.168.1.20"),
        Neighbour("10.8.0.1", "02:00:00:00:00:01", "10.8.0.2"),
    )


# The first line of a section and the words for "dynamic" and "static", as Windows prints them.
_LANGUAGES = {
    "English": ("Interface: ", "  Internet Address      Physical Address      Type", "dynamic", "static"),
    "German": ("Schnittstelle: ", "  Internetadresse       Physische Adresse     Typ", "dynamisch", "statisch"),
    "French": ("Interface\u00a0: ", "  Adresse Internet      Adresse physique      Type", "dynamique", "statique"),
    "Spanish": ("Interfaz: ", "  Dirección de Internet          Dirección física      Tipo", "dinámico", "estático"),
    "Italian": ("Interfaccia: ", "  Indirizzo Internet    Indirizzo fisico      Tipo", "dinamico", "statico"),
    "Portuguese": ("Interface: ", "  Endereço IP           Endereço físico       Tipo", "dinâmico", "estático"),
    "Polish": ("Interfejs: ", "  Adres internetowy     Adres fizyczny        Typ", "dynamiczne", "statyczne"),
    "Dutch": ("Interface: ", "  Internetadres         Fysiek adres          Type", "dynamisch", "statisch"),
    "Turkish": ("Arabirim: ", "  Internet Adresi       Fiziksel Adres        Türü", "dinamik", "statik"),
    "Russian": ("Интерфейс: ", "  адрес в Интернете     Физический адрес      Тип", "динамический", "статический"),
    "Japanese": ("インターフェイス: ", "  インターネット アドレス 物理アドレス           種類", "動的", "静的"),
    "Chinese": ("接口: ", "  Internet 地址         物理地址              类型", "动态", "静态"),
    "unreadable": ("\ufffd\ufffd:\ufffd: ", "  \ufffd\ufffd", "\ufffd", "\ufffd"),
}


@pytest.mark.parametrize("language", sorted(_LANGUAGES))
def test_windows_is_read_in_every_language(language: str) -> None:
    before, head, dynamic, static = _LANGUAGES[language]
    text = f"""
{before}192.168.1.20 --- 0xb
{head}
  192.168.1.1           00-11-22-33-44-55     {dynamic}
  192.168.1.23          02-00-00-00-00-23     {dynamic}
  192.168.1.255         ff-ff-ff-ff-ff-ff     {static}
  224.0.0.251           01-00-5e-00-00-fb     {static}

{before}10.8.0.2 --- 0x17
{head}
  10.8.0.1              02-00-00-00-00-01     {static}
"""
    assert decode_arp_a(text.replace("\n", "\r\n")) == (
        Neighbour("192.168.1.1", "00:11:22:33:44:55", "192.168.1.20"),
        Neighbour("192.168.1.23", "02:00:00:00:00:23", "192.168.1.20"),
        Neighbour("10.8.0.1", "02:00:00:00:00:01", "10.8.0.2"),
    )


def test_freebsd_says_when_an_entry_ends() -> None:
    text = "? (192.168.1.1) at 00:11:22:33:44:55 on em0 expires in 1196 seconds [ethernet]\n"
    assert decode_arp_a(text) == (Neighbour("192.168.1.1", "00:11:22:33:44:55", "em0"),)


def test_ipv6_neighbours_with_a_mac_count() -> None:
    assert [(entry.ip, entry.mac) for entry in decode_ip_neigh(_NEIGH, "wlan0")] == [
        ("fe80::1", "00:11:22:33:44:55"),
        ("fe80::8", "02:00:00:00:00:08"),
    ]
