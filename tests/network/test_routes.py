"""Default routes as Linux, macOS and Windows tell them."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.network.routes import Route, decode_macos_route, decode_proc_route, decode_windows_routes

_HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


def _hex(address: str) -> str:
    number = bytes(int(part) for part in address.split("."))
    return (number if sys.byteorder == "big" else number[::-1]).hex().upper()


def test_linux_tells_gateways_in_host_order_with_their_metric() -> None:
    text = _HEADER
    text += f"wlan0\t00000000\t{_hex('192.168.1.1')}\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    text += f"tun0\t00000000\t{_hex('10.8.0.1')}\t0003\t0\t0\t50\t00000080\t0\t0\t0\n"  # half of a VPN's pair
    text += f"wlan0\t{_hex('192.168.1.0')}\t00000000\t0001\t0\t0\t600\t{_hex('255.255.255.0')}\t0\t0\t0\n"
    text += "broken\t00\n\nx y z w v u t s\n"
    assert decode_proc_route(text) == (Route("192.168.1.1", "wlan0", 600),)


def test_macos_tells_one_gateway() -> None:
    text = "   route to: default\ndestination: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP>\n"
    assert decode_macos_route(text) == (Route("192.168.1.1", "en0"),)


def test_macos_without_a_gateway_address_tells_none() -> None:
    assert decode_macos_route("    gateway: fe80::1%en0\n  interface: en0\n") == ()
    assert decode_macos_route("route: writing to routing socket: not in table\n") == ()


def test_windows_tells_gateways_by_our_own_address_in_any_language() -> None:
    text = """
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.20     35
          0.0.0.0          0.0.0.0   Auf Verbindung       10.8.0.2    281
        127.0.0.0        255.0.0.0   Auf Verbindung         127.0.0.1    331
"""
    assert decode_windows_routes(text) == (Route("192.168.1.1", "192.168.1.20", 35),)


@pytest.mark.parametrize(
    ("head", "on_link", "standard"),
    [
        ("Network Destination        Netmask          Gateway       Interface  Metric", "On-link", "Default"),
        ("     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik", "Auf Verbindung", "Standard"),
        ("Destination réseau    Masque réseau  Adr. passerelle   Adr. interface Métrique", "On-link", "Par défaut"),
        ("Destino de red        Máscara de red   Puerta de enlace   Interfaz  Métrica", "En vínculo", "Predeterminada"),
        ("Indirizzo rete             Mask          Gateway     Interfaccia Metrica", "On-link", "Predefinito"),
        ("Endereço de rede   Máscara   Ender. gateway   Interface   Custo", "No vínculo", "Padrão"),
        ("Miejsce docelowe w sieci   Maska sieci   Brama   Interfejs Metryka", "On-link", "Domyślne"),
        ("ネットワーク宛先   ネットマスク   ゲートウェイ   インターフェイス  メトリック", "リンク上", "既定値"),
        ("\ufffd\ufffd   \ufffd", "\ufffd\ufffd \ufffd", "\ufffd"),
    ],
)
def test_windows_routes_are_read_in_every_language(head: str, on_link: str, standard: str) -> None:
    text = f"""
===========================================================================
{head}
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.20     35
          0.0.0.0          0.0.0.0         10.0.0.1         10.0.0.9     55
          0.0.0.0          0.0.0.0         {on_link}        10.8.0.2    281
        127.0.0.0        255.0.0.0         {on_link}       127.0.0.1    331
      192.168.1.0    255.255.255.0         {on_link}    192.168.1.20    291
===========================================================================
          0.0.0.0          0.0.0.0      192.168.9.1  {standard}
"""
    assert decode_windows_routes(text.replace("\n", "\r\n")) == (
        Route("192.168.1.1", "192.168.1.20", 35),
        Route("10.0.0.1", "10.0.0.9", 55),
    )


@given(st.text())
def test_no_text_is_a_crash(text: str) -> None:
    decode_proc_route(_HEADER + text)
    decode_macos_route(text)
    decode_windows_routes(text)
