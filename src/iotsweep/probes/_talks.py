"""Which port is greeted how. To teach iotsweep a port, add it to one line; what stands nowhere is only listened to."""

from __future__ import annotations

from iotsweep.probes._greetings import (
    Greeting,
    greet_ftp,
    greet_http,
    greet_https,
    greet_rtsp,
    greet_sip,
    greet_ssh,
    greet_telnet,
    greet_tls,
    listen,
)

# Nothing is sent to these: their services crash, change state or ask for a login when spoken to, or answer only
# a vendor's own question, which a probe of its own asks by UDP. That they are open is telling enough.
SAY_NOTHING = frozenset(
    {
        139,  # NetBIOS session
        445,  # SMB
        515,  # LPD: what it receives may be printed
        548,  # AFP
        1883,  # MQTT: a CONNECT is a login
        3389,  # remote desktop
        4070,  # Spotify Connect
        5555,  # Android debugging: a CONNECT brings up a question on a TV
        5900,  # VNC: some screens show that somebody looks on
        6053,  # ESPHome
        6668,  # Tuya
        7236,  # Miracast
        8000,  # Hikvision SDK
        8800,  # V380
        9000,  # Reolink
        9999,  # TP-Link Kasa: a plug simulator stopped answering after text that it could not read
        34567,  # DVRIP (Xiongmai): a login channel
        37777,  # DHIP (Dahua): a login channel
        55443,  # Yeelight: each line is a command
        62078,  # iPhone synchronisation
    }
)

# In order; the next is tried, on a new connection, only where the one before was not understood.
_ORDERS: tuple[tuple[tuple[Greeting, ...], tuple[int, ...]], ...] = (
    ((greet_http,), (80, 81, 82, 83, 84, 85, 86, 87, 88, 280, 591, 631, 1080, 1400, 2869, 3000, 3689, 5357, 7080)),
    ((greet_http,), (*range(8003, 8009), *range(8060, 8100), 8123, 8180, 8181, 8200, 8880, 8888, 8899, 9080, 9090)),
    ((greet_http,), (9123, 9197, 9295, 10000, 16021, 32400, 38520, 49000, *range(49152, 49160), 52323)),
    ((greet_https, greet_http), (443, 3001, 4433, 4443, 5001, 7443, 8443, 8445, 8843, 9443, 10443)),
    (
        (greet_tls,),
        (322, 990, 993, 995, 5061, 6466, 6467, 8009, 8883, 8886),
    ),  # certificate only: Cast, Android TV, MQTT
    ((greet_rtsp,), (554, 1554, 5554, 7070, 7447, 8554, 8555, 10554)),
    ((greet_rtsp, greet_http), (7000, 7100)),  # AirPlay speaks RTSP and HTTP at one port
    ((greet_http, greet_rtsp), (5000,)),  # UPnP and Synology, or AirPlay
    ((greet_ssh,), (22, 2222)),
    ((greet_ftp,), (21,)),
    ((greet_telnet,), (23, 2323)),
    ((greet_sip,), (5060,)),
)
_GREETINGS = {port: greetings for greetings, ports in _ORDERS for port in ports}


def greetings_for(port: int) -> tuple[Greeting, ...]:
    """What to try at this port, in order; nothing where nothing may be said."""
    return () if port in SAY_NOTHING else _GREETINGS.get(port, (listen,))
