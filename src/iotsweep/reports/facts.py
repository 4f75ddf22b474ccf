"""One fact of the vocabulary as a sentence about "it": what was seen, in words that need no manual."""

from __future__ import annotations

from collections.abc import Iterable

from iotsweep.model import Because, Observation
from iotsweep.reports.makers import find_sentence
from iotsweep.reports.shown import quoted, shown

# {} is the device's own value, in quotes. Looked up whole, then by the longest prefix that ends in a dot.
_SENTENCES: dict[str, str] = {
    "mac.vendor": "The maker of its network part is {}.",
    "heard.silence": "It spoke again after {} seconds in which nothing was heard of it.",
    "ip.forwards": "It leads to the internet, as a router does.",
    "ip.ttl": "Its packets arrive with the time to live {}.",
    "mac.prefix": "Its hardware address starts with {}.",
    "dhcp.hostname": "It gave the name {} when it joined.",
    "dhcp.vendor_class": "It gave the type {} when it joined.",
    "dhcp.fqdn": "It gave the full name {} when it joined.",
    "dhcp.user_class": "It gave the user class {} when it joined.",
    "dhcp.options": "It asked for the settings {} when it joined.",
    "dhcp.server": "It gives out addresses here, as {}.",
    "ndp.router": "It announces itself as a way out of this network (IPv6).",
    "vlan.tag": "Its frames are marked for the part {} of a divided network (VLAN).",
    "lldp.vlan": "It tells its neighbours on the cable of the part {} of a divided network (LLDP).",
    "lldp.": "It tells its neighbours on the cable {key} = {} (LLDP).",
    "cdp.": "It tells its neighbours on the cable {key} = {} (CDP).",
    "dns.name": "The router knows it as {}.",
    "mdns.service": "It announces the service {}.",
    "mdns.name": "It announces itself as {}.",
    "mdns.host": "It announces the host name {}.",
    "mdns.txt.": "Its announcement says {key} = {}.",
    "ssdp.st": "It answers as {} (SSDP).",
    "ssdp.usn": "It gives the identity {} (SSDP).",
    "ssdp.server": "It names its software {} (SSDP).",
    "ssdp.": "It answers with {key} = {} (SSDP).",
    "upnp.device_type": "It describes itself as the type {} (UPnP).",
    "upnp.friendly_name": "It describes itself as {} (UPnP).",
    "upnp.manufacturer": "It gives its maker as {} (UPnP).",
    "upnp.model_name": "It gives its model as {} (UPnP).",
    "upnp.model_number": "It gives its model number as {} (UPnP).",
    "upnp.": "It gives {key} = {} (UPnP).",
    "wsd.types": "It answers camera and printer discovery as {} (WS-Discovery).",
    "wsd.": "It answers camera and printer discovery with {} (WS-Discovery).",
    "onvif.name": "It answers camera discovery as {} (ONVIF).",
    "onvif.hardware": "It gives its hardware as {} in camera discovery (ONVIF).",
    "onvif.": "It gives {key} = {} in camera discovery (ONVIF).",
    "netbios.name": "It gives the Windows name {}.",
    "netbios.group": "It gives the Windows workgroup {}.",
    "llmnr.name": "It gives the Windows name {}.",
    "snmp.": "It gives {key} = {} (SNMP).",
    "http.title": "Its web page has the title {}.",
    "http.server": "Its web server is {}.",
    "http.realm": "Its web page asks for a login to {}.",
    "http.user_agent": "It calls itself {} to web servers.",
    "http.host": "It asks the web server {}.",
    "http.status": "Its web server answers with {}.",
    "http.favicon": "The icon of its web page has the hash {}.",
    "http.": "Its web server says {key} = {}.",
    "rtsp.server": "It answers video requests (RTSP) as {}.",
    "rtsp.realm": "It asks for a login to {} before video (RTSP).",
    "rtsp.public": "It lets others ask for video (RTSP) with {}.",
    "rtsp.status": "It answers video requests (RTSP) with {}.",
    "tls.subject": "Its certificate is for {}.",
    "tls.issuer": "Its certificate was issued by {}.",
    "tls.": "Its certificate has {key} = {}.",
    "ssh.banner": "Its remote login (SSH) greets with {}.",
    "ftp.banner": "Its file transfer (FTP) greets with {}.",
    "telnet.banner": "Its remote login (Telnet) greets with {}.",
    "smtp.banner": "Its mail service greets with {}.",
    "mqtt.banner": "Its message service (MQTT) answers with {}.",
    "sip.server": "It answers calls (SIP) as {}.",
    "banner.text": "It greets with {}.",
    "dns.query": "It looks up {}.",
    "tls.sni": "It opens an encrypted connection to {}.",
    "igd.port_mapping": "From the internet it passes on: {} (port mapping).",
    "igd.outside": "Its own address on its other side is {}, a private one: another router stands before it.",
    "igd.mapped": "The router passes calls from the internet on to its port {} (port mapping).",
    "tutk.searching": "It looks for others of the TUTK (Kalay) family of cameras.",
    "wifi.ssid": "It offers the Wi-Fi network {}.",
    "wifi.bssid": "Its Wi-Fi has the hardware address {}.",
    "wifi.signal": "Its Wi-Fi arrives here with {}.",
    "nmap.": "To nmap it gives {key} = {}.",
    "airplay.": "Its AirPlay details say {key} = {}.",
    "matter.": "Its Matter details say {key} = {}.",
}
_MADE_UP = "It uses a made-up hardware address, as phones and laptops do for privacy."
_PORTS: dict[str, str] = {
    "21": "file transfer, FTP",
    "22": "remote login, SSH",
    "23": "remote login, Telnet",
    "53": "name server",
    "80": "web page",
    "139": "file sharing",
    "443": "encrypted web page",
    "445": "file sharing",
    "515": "printing",
    "548": "file sharing",
    "554": "video, RTSP",
    "631": "printing",
    "1400": "Sonos",
    "1883": "messages between devices, MQTT",
    "3389": "remote desktop",
    "5060": "calls, SIP",
    "5900": "screen sharing, VNC",
    "7000": "AirPlay",
    "8008": "Google Cast",
    "8009": "Google Cast",
    "8080": "web page",
    "8123": "Home Assistant",
    "8443": "encrypted web page",
    "8554": "video, RTSP",
    "32400": "Plex",
}
# Said elsewhere, or of use to the catalogue alone.
_UNSAID = (
    *("mac.", "ip.", "arp.", "heard.", "mdns.port", "mdns.from", "ssdp.usn", "ssdp.location", "upnp.udn"),
    *("upnp.serial", "tls.sha256", "tls.port", "tls.not_after", "http.body_hash", "http.port", "rtsp.port"),
    "banner.port",
)


def say_fact(key: str, value: str) -> str:
    """One sentence for one fact; a key that has no sentence of its own is shown as it is."""
    protocol, _, rest = key.partition(".")
    if key == "mac.local":
        return _MADE_UP if value == "yes" else "Its hardware address comes from its maker."
    if protocol in {"tcp", "udp"} and rest.isdigit():
        use = f" ({_PORTS[rest]})" if protocol == "tcp" and rest in _PORTS else ""
        return f"It answers at {protocol.upper()} port {rest}{use}."
    sentence, found = _sentence(key)
    return sentence.replace("{key}", _key_part(key.removeprefix(found))).replace("{}", quoted(value), 1)


def say_because(because: Iterable[Because], limit: int) -> tuple[str, ...]:
    """Up to `limit` sentences for the facts that made a match, each once, and (above one) how many more there were."""
    return _at_most([say_fact(fact.key, fact.value) for fact in because], limit)


def say_seen(observations: Iterable[Observation], limit: int) -> tuple[str, ...]:
    """Up to `limit` sentences for what a device showed, for one that could not be named."""
    facts = [(key, value) for seen in observations for key, value in seen.facts if not key.startswith(_UNSAID)]
    return _at_most([say_fact(key, value) for key, value in facts], limit)


def _sentence(key: str) -> tuple[str, str]:
    if key in _SENTENCES:
        return _SENTENCES[key], key
    families = [family for family in _SENTENCES if family.endswith(".") and key.startswith(family)]
    if families:
        longest = max(families, key=len)
        return _SENTENCES[longest], longest
    protocol = key.partition(".")[0]
    makers = find_sentence(key)
    if makers:
        return makers, f"{protocol}."
    return f"It answers {_key_part(protocol)} discovery with {{key}} = {{}}.", f"{protocol}."


def _key_part(key: str) -> str:
    # A device chooses its own TXT keys and header names: outside quotes they may not read like our sentences.
    return "".join(character if character.isalnum() or character in "._-:" else "_" for character in shown(key, 40))


def _at_most(sentences: list[str], limit: int) -> tuple[str, ...]:
    once = list(dict.fromkeys(sentences))
    more = len(once) - limit
    return (*once[:limit], *((f"The saved record holds {more} more.",) if more > 0 and limit > 1 else ()))
