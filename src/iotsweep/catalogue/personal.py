"""Which facts can tell of a person or of one single device, and of what sort they are: a copy for others lacks them.

Every key of the vocabulary is decided on here, as are the members of a family that probes spell out. What a device may
add on its own (a TXT key, a header) is taken to be personal until it is listed as the product's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAME, ADDRESS, HARDWARE = "name", "address", "hardware address"
SERIAL, ACCOUNT, WIFI, PLACE = "serial", "account", "Wi-Fi", "place"
TIME, LOOKED_UP, TEXT = "time", "look-up", "text"

# One word per idea; a placeholder reads [word number].
MEANS: Final[Mapping[str, str]] = {
    NAME: "what somebody called it, or may have",
    ADDRESS: "where it stood in the network",
    HARDWARE: "a hardware address",
    SERIAL: "what one device alone has: serial number, UID, UUID, certificate",
    ACCOUNT: "whose account it is",
    WIFI: "the name of a Wi-Fi network",
    PLACE: "where it stands",
    TIME: "when something happened in the home",
    LOOKED_UP: "what somebody looked up",
    TEXT: "free text that can hold any of these",
}

_PERSONAL: Final[Mapping[str, str]] = {
    NAME: """
        dhcp.hostname dhcp.fqdn dns.name mdns.host mdns.name netbios.name netbios.group llmnr.name snmp.sys_name
        onvif.name onvif.hostname upnp.friendly_name nmap.hostname wsd.name wsd.computer
        mdns.txt.fn mdns.txt.n mdns.txt.dn mdns.txt.friendly_name mdns.txt.hostname
        bosch.name broadlink.name dahua.name dhip.machine_name dvrip.host_name foscam.name gree.name kasa.alias
        midea.name panasonic.name roku.name shelly.name tapo.device_name tvt.name ubiquiti.hostname vivotek.name
        vstarcam.name yeelight.name lldp.name cdp.name
    """,
    ADDRESS: """
        ip.v4 ip.v6 dhcp.server igd.outside mdns.from ssdp.location wsd.xaddrs hanwha.url yeelight.location
        bosch.ip dahua.ip dvrip.host_ip foscam.ip hanwha.ip magichome.ip panasonic.ip sadp.ipv4_address sony.ip
        tvt.ip v380.ip vivotek.ip vstarcam.ip
    """,
    HARDWARE: """
        mac.address wifi.bssid netbios.mac onvif.mac dhcp.client_id govee.device mdns.txt.mac mdns.txt.macaddress
        mdns.txt.mac_address bosch.mac broadlink.mac dahua.mac dhip.mac dvrip.mac foscam.mac gree.mac hanwha.mac
        kasa.mac lifx.mac magichome.mac panasonic.mac reolink.mac roku.mac sadp.mac shelly.mac sony.mac tapo.mac
        tvt.mac ubiquiti.mac v380.mac vision360.mac vivotek.mac vstarcam.mac wiz.mac
    """,
    SERIAL: """
        ssdp.usn wsd.address wsd.serial upnp.serial upnp.udn tls.sha256 coap.shelly_id mdns.txt.id mdns.txt.serialnum
        mdns.txt.bridgeid bosch.serial dahua.serial dhip.serial_no dvrip.sn foscam.serial midea.device_id midea.serial
        miio.device_id pppp.uid sadp.device_sn sony.serial tuya.gw_id tvt.serial v380.device_id vision360.id
        vstarcam.uid yeelight.id
    """,
    ACCOUNT: "tapo.owner",
    WIFI: "wifi.ssid tapo.connect_ssid",
    PLACE: "onvif.location",
    TIME: "tapo.last_alarm_time sadp.boot_time",
    LOOKED_UP: "dns.query tls.sni http.host any.look_up",
    TEXT: """
        any.banner dhcp.user_class dvrip.other_function ftp.banner http.body_hash http.realm http.title http.user_agent
        igd.port_mapping lldp.description nmap.extrainfo rtsp.realm snmp.sys_descr telnet.banner tls.issuer tls.san
        tls.subject wsd.scopes airplay.* coap.* http.header.* matter.* mdns.txt.* onvif.* ssdp.header.* wsd.*
        bosch.* broadlink.* dahua.* dhip.* dvrip.* foscam.* govee.* gree.* hanwha.* kasa.* lifx.* magichome.* midea.*
        miio.* panasonic.* pppp.* reolink.* roku.* sadp.* shelly.* sony.* tapo.* tuya.* tvt.* ubiquiti.* v380.*
        vision360.* vivotek.* vstarcam.* wiz.* yeelight.*
    """,
}
# What the product says of itself, or what many devices have alike: it stays.
_IMPERSONAL: Final = """
    mac.vendor mac.prefix mac.local mac.thing_part arp.pass ip.forwards ip.ttl
    dhcp.vendor_class dhcp.options dhcp.message
    tcp.<port> udp.<port> wifi.signal snmp.sys_object_id tutk.searching igd.mapped
    heard.silence ndp.router vlan.tag lldp.vlan cdp.vlan cdp.platform
    mdns.service mdns.port mdns.txt.am mdns.txt.board mdns.txt.brand mdns.txt.ci mdns.txt.devicetype mdns.txt.dt
    mdns.txt.dvty mdns.txt.fw_version mdns.txt.fv mdns.txt.manufacturer mdns.txt.md mdns.txt.mdl mdns.txt.mf
    mdns.txt.mfg mdns.txt.mn mdns.txt.model mdns.txt.model_number mdns.txt.model_type mdns.txt.modelid
    mdns.txt.platform mdns.txt.product mdns.txt.product_type mdns.txt.project_name mdns.txt.sf mdns.txt.srcvers
    mdns.txt.systype mdns.txt.ty mdns.txt.type mdns.txt.usb_mdl mdns.txt.usb_mfg mdns.txt.vendor mdns.txt.version
    mdns.txt.vn
    ssdp.st ssdp.server upnp.device_type upnp.service_type upnp.manufacturer upnp.manufacturer_url upnp.model_name
    upnp.model_number upnp.model_description upnp.model_url
    wsd.types wsd.firmware wsd.manufacturer wsd.model onvif.hardware onvif.profile onvif.type onvif.clock
    onvif.capability onvif.service onvif.answers matter.vendor_id matter.product_id matter.device_type
    http.status http.server http.favicon http.port http.header.content-type http.header.server
    rtsp.server rtsp.status rtsp.public tls.port ssh.banner sip.server
    nmap.service nmap.product nmap.version nmap.devicetype nmap.ostype nmap.cpe nmap.tunnel
    bosch.type broadlink.type coap.shelly_type coap.shelly_version dahua.http_port dahua.model dahua.tcp_port
    dhip.device_class dhip.device_type dhip.http_port dhip.init dhip.port dhip.remote_video_input_channels
    dhip.vendor dhip.version dhip.video_input_channels dvrip.build_date dvrip.channel_num dvrip.device_type
    dvrip.http_port dvrip.ssl_port dvrip.tcp_port dvrip.udp_port dvrip.version foscam.firmware foscam.port
    foscam.web_firmware govee.firmware govee.hardware govee.sku gree.brand gree.model gree.version hanwha.model
    kasa.bind_status kasa.camera_switch kasa.dev_name kasa.feature kasa.hw_ver kasa.model kasa.oem_id kasa.sw_ver
    kasa.type lifx.port lifx.service magichome.model midea.port midea.type panasonic.firmware panasonic.model
    pppp.family pppp.phrase pppp.prefix pppp.role reolink.model roku.is_tv roku.model roku.model_number roku.vendor
    roku.version sadp.activated sadp.analog_channel_num sadp.command_port sadp.device_description sadp.device_type
    sadp.digital_channel_num sadp.disk_number sadp.dsp_version sadp.http_port sadp.oem_info sadp.software_version
    shelly.app shelly.auth shelly.gen shelly.type shelly.version sony.firmware sony.model sony.port tapo.connect_type
    tapo.device_model tapo.device_type tapo.encrypt_type tapo.factory_default tapo.firmware_version
    tapo.hardware_version tapo.http_port tapo.is_support_iot_cloud tapo.last_alarm_type tapo.obd_src tapo.sd_status
    tuya.announced tuya.product_key tuya.version tvt.build_date tvt.firmware tvt.http_port tvt.model tvt.rtsp_port
    tvt.vendor ubiquiti.firmware ubiquiti.managed ubiquiti.model ubiquiti.platform ubiquiti.product ubiquiti.version
    vision360.type vivotek.model vstarcam.firmware vstarcam.port vstarcam.web_firmware wiz.fw_version wiz.module_name
    wiz.type_id yeelight.fw_ver yeelight.model
"""

_SORTS: Final = {key: word for word, keys in _PERSONAL.items() for key in keys.split()}
_KEPT: Final = frozenset(_IMPERSONAL.split())
DECIDED: Final = frozenset(_SORTS) | _KEPT
_PORT = re.compile(r"(?:tcp|udp)\.\d{1,5}")


def sort_personal(key: str) -> str | None:
    """Of which sort the values of `key` are, a word of MEANS; None when they tell of no person and no single device."""
    if key in _KEPT or _PORT.fullmatch(key):
        return None
    return _SORTS.get(key, TEXT)  # what nobody decided on may hold anything
