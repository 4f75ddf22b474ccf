"""The names of facts: every key that a reply can yield, in one line each. `iotsweep catalogue keys` prints this."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from iotsweep.catalogue.personal import sort_personal


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or a family of keys when it ends in `.*`. `passive`: captures and listening yield it too or alone.

    `personal`: of which sort its values are when they can tell of a person or of one single device, else None. A family
    says what holds for the members that `catalogue.personal` does not list.
    """

    name: str
    means: str
    passive: bool = False
    personal: str | None = None


def _keys(passive: bool, lines: str) -> tuple[Key, ...]:
    rows = (line.split("  ", 1) for line in lines.strip().splitlines())
    return tuple(Key(name.strip(), means.strip(), passive, sort_personal(name.strip())) for name, means in rows)


# Everything that is announced, broadcast or sent in clear text can also be heard; only answers to us alone cannot.
_HEARD = """
mac.address  the hardware address, as in 50:c7:bf:01:02:03
mac.vendor  to whom the IEEE gave the address block; never of a locally administered address
mac.thing_part  yes when the address block is that of a maker of parts for things, hardly ever for phones or computers
mac.prefix  the address block: 6, 7 or 9 hexadecimal digits, as in B85F98
mac.local  yes when the address is locally administered (made up by the device), else no
arp.pass  in which pass of ARP questions the device first answered, as in 1
ip.v4  the IPv4 address
ip.v6  an IPv6 address
ip.forwards  yes when frames show that the device leads to the internet, as a router does
heard.silence  for how many seconds nothing was heard of a known device before it spoke, as in 125
ip.ttl  the time to live of a packet as it arrived
dhcp.hostname  the name that the device gave when it joined the network (option 12)
dhcp.vendor_class  the DHCP client's own description (option 60)
dhcp.options  the options that the device asked for, in its order, as in 1,3,6,15 (option 55)
dhcp.client_id  the DHCP client identifier (option 61)
dhcp.user_class  the DHCP user class (option 77)
dhcp.fqdn  the full name that the DHCP client asked for (option 81)
dhcp.message  the kind of DHCP message, as in discover
dhcp.server  the address under which the device gives out addresses to others
ndp.router  yes when the device announced itself by IPv6 as a way out of this network
vlan.tag  the number of the divided network (VLAN) that a frame of the device was marked for
lldp.name  the name that a switch or access point tells its neighbours on the cable (LLDP)
lldp.description  what it says that it is
lldp.vlan  a divided network (VLAN) that it serves
cdp.name  the name that a Cisco device tells its neighbours on the cable (CDP)
cdp.platform  what it says that it is
cdp.vlan  the divided network (VLAN) of its port
dns.name  the name that the router has for the device's address
dns.query  a name that the device asked for
any.banner  for clues: words in which a service says what it is (server, sign-in, greeting, SNMP, certificate)
any.look_up  for clues: a server's name that the device asked for in any way (dns.query, tls.sni, http.host)
tls.sni  the server name that the device asked for when opening an encrypted connection
http.host  the server name that the device asked for over plain HTTP
http.user_agent  what the device called itself when it asked a web server
pppp.role  which side of a peer-to-peer camera talk was heard: signs on as a device, or sends a stream
mdns.service  the service type that is announced, as in _hap._tcp (without .local)
mdns.name  the announced instance name, as in Kitchen (without the service type)
mdns.host  the announced host name, without .local
mdns.port  the announced port
mdns.from  the address that announced it, when it is not the device itself
mdns.txt.*  a value of the announcement's TXT record; keys in lower case, as in mdns.txt.md
ssdp.st  the search target or notification type, as in upnp:rootdevice
ssdp.usn  the unique service name
ssdp.server  the SERVER header of the announcement or answer
ssdp.location  where the description stands
ssdp.header.*  any other header of the announcement, in lower case
wsd.types  a WS-Discovery type, as in dn:NetworkVideoTransmitter
wsd.scopes  a WS-Discovery scope, as in onvif://www.onvif.org/type/video_encoder
wsd.xaddrs  where a WS-Discovery device says that it can be reached
wsd.address  the WS-Discovery endpoint, mostly a UUID
onvif.name  the name from the ONVIF scopes
onvif.hardware  the hardware or model from the ONVIF scopes
onvif.profile  a profile from the ONVIF scopes, as in Streaming
onvif.type  a type from the ONVIF scopes, as in video_encoder
onvif.location  a location from the ONVIF scopes
onvif.mac  the MAC address from the ONVIF scopes
onvif.*  any other part of the ONVIF scopes
wsd.*  any other part of a WS-Discovery answer
netbios.name  the NetBIOS name
netbios.group  the NetBIOS workgroup
llmnr.name  the name that the device answers to by LLMNR
snmp.sys_descr  the SNMP system description
snmp.sys_name  the SNMP system name
snmp.sys_object_id  the SNMP system object identifier
wifi.ssid  the name of a Wi-Fi network
wifi.signal  how strong a Wi-Fi network arrives, in per cent or dBm
wifi.bssid  the hardware address of a Wi-Fi access point
tuya.*  Tuya's broadcast or answer, as in tuya.product_key
ubiquiti.*  Ubiquiti's discovery answer, as in ubiquiti.model
coap.*  a CoAP resource or CoIoT status, as in coap.resource
airplay.*  AirPlay details beyond the announcement
tutk.searching  an app on this device searches for a TUTK camera: Wyze, Owlet, baby monitors
netbios.mac  the hardware address that a NetBIOS status names
onvif.clock  the clock of an ONVIF device, in its UTC
onvif.capability  a capability that an ONVIF device names, as in PTZ or Analytics
onvif.service  the namespace of a service that an ONVIF device offers
onvif.hostname  the host name of an ONVIF device
onvif.answers  an ONVIF call that the device answered without a login
matter.*  Matter commissioning data: matter.vendor_id, matter.product_id, matter.device_type
"""
_ASKED = """
tcp.<port>  open when a TCP port answered, as in tcp.554
udp.<port>  open when a UDP port answered, as in udp.5353
upnp.device_type  the device type of the UPnP description, as in urn:schemas-upnp-org:device:MediaRenderer:1
upnp.service_type  a service type of the UPnP description, as in urn:schemas-upnp-org:service:AVTransport:1
upnp.friendly_name  the name of the UPnP description, often chosen by a person
upnp.manufacturer  the manufacturer of the UPnP description
upnp.manufacturer_url  the manufacturer's address in the UPnP description
upnp.model_name  the model name of the UPnP description
upnp.model_number  the model number of the UPnP description
upnp.model_description  the model description of the UPnP description
upnp.model_url  the model's address in the UPnP description
upnp.serial  the serial number of the UPnP description
upnp.udn  the unique device name of the UPnP description
http.status  the status of the answer to GET /, as in 401
http.server  the Server header
http.title  the title of the page
http.realm  the realm of the sign-in that is asked for
http.header.*  any other header, in lower case, as in http.header.location
http.body_hash  the SHA-256 of the page
http.favicon  the MD5 of the page's icon
http.port  the TCP port that this web answer came from
rtsp.server  the Server header of the video service
rtsp.realm  the realm of the video service's sign-in
rtsp.status  the status of the video service's answer
rtsp.public  the methods that the video service offers
tls.subject  the subject of the certificate
tls.issuer  the issuer of the certificate
tls.san  a name in the certificate
tls.sha256  the SHA-256 of the certificate
tls.port  the TCP port that this certificate came from
ssh.banner  the greeting of the SSH service
ftp.banner  the greeting of the FTP service
telnet.banner  the greeting of the Telnet service
sip.server  the Server or User-Agent of the telephony service
nmap.service  the service that nmap names
nmap.product  the product that nmap names
nmap.version  the version that nmap names
nmap.extrainfo  what else nmap says of a service
nmap.devicetype  the device type that nmap names
nmap.ostype  the system that nmap names
nmap.hostname  the host name that a service told nmap
nmap.cpe  a CPE name from nmap
nmap.tunnel  ssl when nmap reached the service through encryption
kasa.*  TP-Link Kasa's answer, as in kasa.model
tapo.*  TP-Link Tapo's discovery answer: tapo.device_type, tapo.device_model
miio.*  Xiaomi's hello answer, as in miio.device_id
pppp.*  the answer of a peer-to-peer camera module, as in pppp.prefix
sadp.*  Hikvision's discovery answer, as in sadp.model
dhip.*  Dahua's discovery answer, as in dhip.device_type
dvrip.*  the Xiongmai (XMEye) discovery answer, as in dvrip.serial
reolink.*  Reolink's discovery answer
tvt.*  TVT's discovery answer
hanwha.*  Hanwha's discovery answer
yeelight.*  Yeelight's answer, as in yeelight.model
lifx.*  the LIFX answer, as in lifx.service
wiz.*  the WiZ answer, as in wiz.module
v380.*  the V380 camera answer, as in v380.id
foscam.*  the Foscam answer, as in foscam.name
vstarcam.*  the VStarcam answer, as in vstarcam.uid
pppp.family  which of the peer-to-peer protocols a camera module speaks: CS2 or iLnkP2P
pppp.phrase  the phrase with which a camera module scrambles its answers
dahua.*  the answer of an old Dahua device, as in dahua.model
vivotek.*  Vivotek's discovery answer, as in vivotek.model
sony.*  the answer of a Sony network camera, as in sony.model
panasonic.*  the answer of a Panasonic network camera, as in panasonic.model
bosch.*  the answer of a Bosch camera, as in bosch.name
vision360.*  the answer of a 360 Vision camera, as in vision360.type
broadlink.*  Broadlink's hello answer, as in broadlink.type
govee.*  Govee's scan answer, as in govee.sku
magichome.*  the answer of a Magic Home lamp, as in magichome.model
gree.*  the answer of a Gree air conditioner, as in gree.mac
midea.*  the answer of a Midea appliance, as in midea.type
igd.port_mapping  what a router passes on from the internet, as in tcp 8554 -> 192.168.1.23:554 (camera)
igd.outside  the router's own address on its other side, kept only when it is a private one, as in 192.168.178.20
igd.mapped  a port of this device to which the router passes calls from the internet, as in tcp/554
roku.*  what a Roku says about itself, as in roku.model
shelly.*  what a Shelly says about itself, as in shelly.type
"""

KEYS = tuple(sorted(_keys(True, _HEARD) + _keys(False, _ASKED), key=lambda key: key.name))

_EXACT = {key.name: key for key in KEYS if "*" not in key.name and "<" not in key.name}
_FAMILIES = {key.name[:-1]: key for key in KEYS if key.name.endswith(".*")}
_FAMILY_NAMES = {key.name for key in _FAMILIES.values()}
_PORT = re.compile(r"(tcp|udp)\.([1-9][0-9]{0,4})")
_MEMBER = re.compile(r"[a-z0-9_][a-z0-9_.:\-]{0,63}")


@lru_cache(maxsize=4096)
def find_key(name: str) -> Key | None:
    """The key or family that `name` belongs to; None when nothing can yield it."""
    if name in _EXACT:
        return _EXACT[name]
    port = _PORT.fullmatch(name)
    if port:
        return next(key for key in KEYS if key.name == f"{port[1]}.<port>") if int(port[2]) < 65536 else None
    for prefix, key in _FAMILIES.items():
        if name.startswith(prefix) and _MEMBER.fullmatch(name[len(prefix) :]):
            return key
    return None


def is_known(name: str) -> bool:
    """True when `name` is a key, a member of a family, or (for what a probe yields) a family itself."""
    if name.endswith(".*"):
        return any(key.name.startswith(name[:-1]) for key in KEYS)
    return find_key(name) is not None


def yielded_with(probes: frozenset[str]) -> frozenset[str]:
    """What these probes yield, with what is derived or heard. A family that a probe spells out counts as spelt out."""
    spelt_out = {key.partition(".")[0] for key in probes}
    heard = {
        key.name
        for key in KEYS
        if key.passive and not (key.name in _FAMILY_NAMES and key.name.partition(".")[0] in spelt_out)
    }
    return probes | heard


def suggest(name: str) -> str:
    """A remedy for an unknown key: the closest spelling, or where to look."""
    close = difflib.get_close_matches(name.lower(), [*_EXACT, *(key.name for key in _FAMILIES.values())], 1, 0.6)
    return f"Did you mean `{close[0]}`" if close else "`iotsweep catalogue keys` lists every key"
