"""Wi-Fi names: what four systems print in several languages, and that no name can break the reading."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from iotsweep.wire.wifi import (
    HOTSPOT_ADDRESSES,
    MOST_NETWORKS,
    WifiNetwork,
    decode_iw,
    decode_netsh,
    decode_nmcli,
    decode_system_profiler,
    find_hotspots,
)

ONE, TWO = "aa:bb:cc:dd:ee:01", "aa:bb:cc:dd:ee:02"
NMCLI = (
    "*:Home\\: Sweet:AA\\:BB\\:CC\\:DD\\:EE\\:01:78:6\n"
    " :Nax_12345678:AA\\:BB\\:CC\\:DD\\:EE\\:02:34:11\n"
    " :back\\\\:AA\\:BB\\:CC\\:DD\\:EE\\:03:8:36\n"
    " ::AA\\:BB\\:CC\\:DD\\:EE\\:04:5:36\n"
)
IW = f"""BSS {ONE}(on wlan0) -- associated
\tlast seen: 120 ms ago
\tTSF: 18446744073 usec (0d, 05:07:26)
\tfreq: 2437
\tsignal: -61.00 dBm
\tSSID: Caf\\xc3\\xa9
\tSupported rates: 1.0* 2.0* 5.5*
\tDS Parameter set: channel 6
BSS {TWO}(on wlan0)
\tsignal: -80.00 dBm
\tSSID: Nax_12345678
\tRSN:\t * Version: 1
\t\t * Group cipher: CCMP
"""
# The labels of netsh in English, German, French, Spanish and Japanese.
NETSH = {
    "en": ("There are 1 networks currently visible.", "Network type", "Signal", "Radio type", "Channel"),
    "de": ("Momentan sind 1 Netzwerke sichtbar.", "Netzwerktyp", "Signal", "Funktyp", "Kanal"),
    "fr": ("Il existe actuellement 1 réseaux visibles.", "Type de réseau", "Signal", "Type de radio", "Canal"),
    "es": ("Hay 1 redes visibles actualmente.", "Tipo de red", "Señal", "Tipo de radio", "Canal"),
    "ja": ("現在 1 のネットワークが表示されています。", "ネットワークの種類", "シグナル", "無線タイプ", "チャネル"),
}
PROFILER = """Wi-Fi:

      Software Versions:
          CoreWLAN: 16.0 (1657)
      Interfaces:
        en0:
          Card Type: Wi-Fi  (0x14E4, 0x4378)
          Supported PHY Modes: 802.11 a/b/g/n/ac/ax
          Status: Connected
          Current Network Information:
            My: Net:
              PHY Mode: 802.11ax
              Channel: 36 (5GHz, 80MHz)
              Network Type: Infrastructure
              Signal / Noise: -50 dBm / -90 dBm
          Other Local Wi-Fi Networks:
            Nax_12345678:
              PHY Mode: 802.11n
              Channel: 6
              Signal / Noise: -70 dBm / -90 dBm
            Neighbour:
              PHY Mode: 802.11n
              Channel: 1 (2GHz, 20MHz)
        awdl0:
          MAC Address: aa:bb:cc:dd:ee:ff
"""


def netsh(language: str) -> str:
    """What netsh prints in a language."""
    visible, kind, signal, radio, channel = NETSH[language]
    return (
        f"\r\nWLAN : Wi-Fi\r\n{visible}\r\n\r\nSSID 1 : Nax_12345678\r\n    {kind}            : Infrastructure\r\n"
        f"    BSSID 1                 : AA:BB:CC:DD:EE:01\r\n         {signal}             : 83%  \r\n"
        f"         {radio}         : 802.11n\r\n         {channel}            : 6 \r\n         Rates : 1 2 5.5 11\r\n"
        f"    BSSID 2                 : aa:bb:cc:dd:ee:02\r\n         {signal}             : 40%  \r\n"
    )


PRINTED = (
    (decode_nmcli, NMCLI),
    (decode_iw, IW),
    (decode_netsh, netsh("de")),
    (decode_system_profiler, PROFILER),
)


def test_nmcli_tells_names_with_colons_and_backslashes_and_which_one_is_joined() -> None:
    assert decode_nmcli(NMCLI) == (
        WifiNetwork("Home: Sweet", ONE, "78 %", "6", joined=True),
        WifiNetwork("Nax_12345678", TWO, "34 %", "11"),
        WifiNetwork("back\\", "aa:bb:cc:dd:ee:03", "8 %", "36"),
        WifiNetwork("", "aa:bb:cc:dd:ee:04", "5 %", "36"),
    )


def test_nmcli_may_leave_out_which_one_is_joined() -> None:
    assert decode_nmcli("Nax_1:AA\\:BB\\:CC\\:DD\\:EE\\:01:78:6\n") == (WifiNetwork("Nax_1", ONE, "78 %", "6"),)


def test_iw_tells_names_that_it_escaped() -> None:
    assert decode_iw(IW) == (
        WifiNetwork("Café", ONE, "-61.00 dBm", "6", joined=True),
        WifiNetwork("Nax_12345678", TWO, "-80.00 dBm"),
    )


@pytest.mark.parametrize("language", NETSH)
def test_netsh_is_read_in_every_language(language: str) -> None:
    assert decode_netsh(netsh(language)) == (
        WifiNetwork("Nax_12345678", ONE, "83 %", "6"),
        WifiNetwork("Nax_12345678", TWO, "40 %"),
    )


def test_system_profiler_tells_names_without_addresses() -> None:
    assert decode_system_profiler(PROFILER) == (
        WifiNetwork("My: Net", "", "-50 dBm", "36", joined=True),
        WifiNetwork("Nax_12345678", "", "-70 dBm", "6"),
        WifiNetwork("Neighbour", "", "", "1"),
    )


@pytest.mark.parametrize("decode", [decode_nmcli, decode_iw, decode_netsh, decode_system_profiler])
def test_another_tools_words_say_nothing(decode: Callable[[str], tuple[WifiNetwork, ...]]) -> None:
    assert decode("Error: NetworkManager is not running.\n") == ()
    assert decode("") == ()


def test_a_street_full_of_names_is_bounded() -> None:
    many = "".join(f" :n{i}:AA\\:BB\\:CC\\:DD\\:EE\\:01:78:6\n" for i in range(5000))
    assert len(decode_nmcli(many)) == MOST_NETWORKS
    assert len(decode_nmcli(f" :{'x' * 5000}:AA\\:BB\\:CC\\:DD\\:EE\\:01:78:6\n")[0].ssid) == 128


@pytest.mark.parametrize("address", HOTSPOT_ADDRESSES)
def test_each_hotspot_address_is_found_as_gateway_and_inside_a_network_without_one(address: str) -> None:
    assert ip_address(address).is_private
    network = f"{address.rpartition('.')[0]}.0/24"
    assert find_hotspots(address, network) == {address: HOTSPOT_ADDRESSES[address]}
    assert address in find_hotspots(None, network)


@pytest.mark.parametrize("gateway", ["192.168.1.1", "192.168.4.2", "nonsense", ""])
def test_another_gateway_is_no_hotspot(gateway: str) -> None:
    assert find_hotspots(gateway, "192.168.1.0/24") == {}


@pytest.mark.parametrize("network", ["unknown network", "", "192.168.169.1/99"])
def test_a_network_that_is_none_holds_no_hotspot(network: str) -> None:
    assert find_hotspots(None, network) == {}


@pytest.mark.parametrize("address", ["192.168.4.1", "192.168.43.1"])
def test_what_home_routers_and_phones_use_as_well_is_no_camera_by_itself(address: str) -> None:
    assert find_hotspots(address, "") != {}
    assert find_hotspots(address, "", only_cameras=True) == {}
