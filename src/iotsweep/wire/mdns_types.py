"""The service types that are asked for by name at once, most telling first.

From the products' own documentation, the IANA service name registry and Home Assistant's zeroconf table (2026.2).
Everything else is learned by service enumeration (RFC 6763, section 9).
"""

from __future__ import annotations

from iotsweep.wire.mdns import Name

_TCP = """
hap googlecast airplay raop matter axis-video psia CGI rtsp dhnap dcp nvr onvif arlo-video doorbird
amzn-alexa amzn-wplay spotify-connect sonos hue esphomelib shelly nanoleafapi elg ewelink homekit companion-link
androidtvremote2 mediaremotetv touch-able appletv-v2 homeconnect home-assistant octoprint nvstream
ipp ipps printer pdl-datastream scanner uscan smb afpovertcp adisk workstation ssh sftp-ssh http https daap
homewizard hwenergy bond lutron ecobee mieleathome soundtouch heos-audio linkplay bangolufsen stream-magic musc
viziocast xbmc-jsonrpc-h plexmediasvr airport wled dyson_mqtt 360eye_mqtt enphase-envoy powerview PowerView-G3
leap tivo-videostream rdlink mqtt axis-nvr
"""
_UDP = "hap meshcop matterc miio sleep-proxy rabbitair api trel"

TYPES: tuple[Name, ...] = tuple(
    (f"_{name}", transport, "local") for transport, names in (("_tcp", _TCP), ("_udp", _UDP)) for name in names.split()
)
