"""The homes of the lab, as data. Every MAC prefix is the maker's own, as the IEEE assigned it."""

from __future__ import annotations

import importlib

from tests.lab.announcing import avahi, avahi_on_dbus, wsdd
from tests.lab.daemons import (
    dnsmasq,
    dropbear,
    gstreamer_rtsp,
    hap,
    ippeveprinter,
    minidlna,
    miniupnpd,
    mosquitto,
    samba,
    shairport,
    telnetd,
    udhcpc,
    vsftpd,
)
from tests.lab.node import GATEWAY, Layout, Node
from tests.lab.pages import lighttpd, nginx

_PHONE_MAC = "da:a1:19:6c:22:4e"  # locally administered, as phones make them up
_PHONE = Node(
    "phone",
    _PHONE_MAC,
    120,
    (udhcpc("Annas-iPhone", "dhcpcd-android"),),
    ("phone",),
    hostname="Annas-iPhone",
    dhcp=True,
)


def _router(maker: str, model: str, mac: str, names: dict[str, str]) -> Node:
    daemons = (
        dnsmasq({"router": GATEWAY, **names}, {_PHONE_MAC: _PHONE.address}),
        miniupnpd(maker, model),
        lighttpd("Router Webserver", f"{maker} {model}"),
    )
    return Node("router", mac, 1, daemons, ("router",), maker)


_CAST = {"id": "8f3a6e1b2c4d5e6f7a8b9c0d1e2f3a4b", "cd": "A1B2C3D4", "rm": "", "ve": "05", "ca": "201221", "st": "0"}
_HUE = {"bridgeid": "001788fffe2a1b3c", "modelid": "BSB002"}
_SONOS = {"info": "/api/v1/players/RINCON_5CAAFD0A0B0C01400/info", "vers": "3", "protovers": "1.29.0"}

FAMILY = Layout("family", (
    _router("TP-Link", "Archer C7", "50:c7:bf:1a:2b:3c", {"nas": "192.168.178.14"}),
    Node("airplay", "74:da:38:51:02:11", 10, (*avahi_on_dbus(), shairport("Living Room")), ("audio", "speaker"),
         hostname="livingroom"),
    Node("printer", "3c:d9:2b:7e:10:22", 11, (*avahi_on_dbus(), ippeveprinter("HP", "OfficeJet Pro 8020")),
         ("printer",), "HP", hostname="HP7E1022"),
    Node("nas", "00:11:32:8c:41:07", 14, (
        *samba("DISKSTATION"), wsdd(),
        *avahi(("diskstation", "_smb._tcp", 445, {}),
               ("diskstation", "_adisk._tcp", 9, {"sys": "waMa=0,adVF=0x100", "dk0": "adVN=TimeMachine,adVF=0x82"}),
               ("diskstation", "_http._tcp", 5000, {"vendor": "Synology", "model": "DS218j", "version_major": "7"}),
               ("diskstation", "_device-info._tcp", 0, {"model": "Xserve"})),
        nginx("diskstation - Synology DiskStation", port=5000)),
         ("nas",), "Synology", hostname="diskstation"),
    Node("media", "dc:a6:32:33:44:55", 15, (minidlna("Films"),), ("nas", "computer", "board"), hostname="films"),
    Node("pc", "18:66:da:0b:5f:31", 16, (wsdd(),), ("computer",), hostname="DESKTOP-4F2K9QX"),
    Node("camera-rtsp", "ec:71:db:22:90:4a", 20, (gstreamer_rtsp(554, "/h264Preview_01_main", "Reolink"),),
         ("camera", "recorder"), hostname="ipc"),
    Node("camera-odd-port", "2c:aa:8e:0c:3d:5e", 21, (gstreamer_rtsp(8554, "/unicast"),), ("camera", "recorder"),
         hostname="wyze"),
    Node("camera-page", "44:19:b6:5d:77:09", 22, (lighttpd("Hikvision-Webs", "index", realm="DS-2CD2042WD"),),
         ("camera", "recorder"), "Hikvision"),
    Node("camera-netsurveillance", "00:12:31:0a:6b:cc", 23, (lighttpd("uc-httpd 1.0.0", "NETSurveillance WEB"),),
         ("camera", "recorder")),
    Node("board", "b8:27:eb:4d:2e:10", 24, (dropbear(),), ("board", "computer"), hostname="raspberrypi"),
    Node("hub", "dc:a6:32:81:0f:6b", 25, (
        mosquitto(),
        *avahi(("Home", "_home-assistant._tcp", 8123, {
            "location_name": "Home", "uuid": "5c0f1d2e3b4a", "version": "2026.10.2", "base_url": "",
            "requires_api_password": "True"})),
        nginx("Home Assistant", port=8123)),
         ("hub",), hostname="homeassistant"),
    Node("telnet-box", "00:08:9b:41:42:43", 26, (telnetd("(none)"),)),
    Node("hap-camera", "70:ee:50:12:34:56", 30, (hap(17, "Hall Camera", "Netatmo", "NSC01"),), ("camera",)),
    Node("hap-doorbell", "00:1f:20:33:10:ab", 31, (hap(18, "Front Door", "Logitech", "Circle View Doorbell"),),
         ("doorbell",)),
    Node("hap-lock", "78:9c:85:0e:4f:21", 32, (hap(6, "August Smart Lock", "August Home", "ASL-03"),), ("lock",)),
    Node("hap-thermostat", "44:61:32:8a:bc:01", 33, (hap(9, "Thermostat Upstairs", "ecobee", "ecobee3 lite"),),
         ("thermostat",)),
    Node("hap-sensor", "54:ef:44:2f:61:72", 34, (hap(10, "Motion Hall", "Aqara", "MS-S02"),), ("sensor",)),
    Node("hap-plug", "48:e1:e9:77:65:43", 35, (hap(7, "Kettle", "Meross", "MSS210"),), ("plug",)),
    Node("tv", "54:60:09:ab:1d:ce", 40, avahi(
        ("Chromecast-Ultra-8f3a6e1b2c4d5e6f7a8b9c0d1e2f3a4b", "_googlecast._tcp", 8009,
         {**_CAST, "md": "Chromecast Ultra", "fn": "Living Room TV"})),
         ("tv",), "Google"),
    Node("music", "5c:aa:fd:0a:0b:0c", 41, avahi(
        ("RINCON_5CAAFD0A0B0C01400@Kitchen", "_sonos._tcp", 1443, _SONOS),
        ("5CAAFD0A0B0C@Kitchen", "_raop._tcp", 7000, {"am": "Play:1", "cn": "0,1", "et": "0,4", "vn": "65537"})),
         ("audio", "speaker"), "Sonos"),
    Node("hue", "00:17:88:2a:1b:3c", 42, (
        *avahi(("Philips Hue - 2A1B3C", "_hue._tcp", 443, _HUE)), nginx("hue personal wireless lighting")),
         ("hub",), "Philips"),
    Node("recorder", "3c:ef:8c:59:60:61", 43, (
        nginx("NVR - WEB SERVICE", certificate_name="/C=CN/O=Dahua/CN=NVR"), gstreamer_rtsp(554, "/cam/realmonitor")),
         ("recorder", "camera")),
    _PHONE,
    Node("silent", "a4:da:32:10:20:30", 44),
))  # fmt: skip

SECOND = Layout("second", (
    _router("NETGEAR", "R7000", "b0:7f:b9:11:22:33", {}),
    Node("axis", "ac:cc:8e:70:71:72", 60, (
        *avahi(("AXIS M1065-LW - ACCC8E707172", "_axis-video._tcp", 80, {"macaddress": "ACCC8E707172"})),
        lighttpd("Apache", "AXIS", realm="AXIS_ACCC8E707172")),
         ("camera",), "Axis"),
    Node("camera-mjpeg", "b8:27:eb:99:10:20", 61, (lighttpd("MJPG-Streamer/0.2", "MJPG-Streamer", port=8080),),
         ("camera",)),
    Node("esphome", "c8:2b:96:44:55:66", 62, avahi(
        ("kitchen-plug", "_esphomelib._tcp", 6053, {
            "friendly_name": "Kitchen Plug", "version": "2026.10.1", "mac": "c82b96445566", "platform": "ESP8266",
            "board": "esp01_1m", "project_name": "athom.smart-plug-v2", "project_version": "2.0.8"})),
         ("plug", "board", "other")),
    Node("nanoleaf", "00:55:da:52:01:02", 63, avahi(
        ("Shapes 5201", "_nanoleafapi._tcp", 16021, {"md": "NL42", "srcvers": "9.2.4", "id": "52:01:02:AA:BB:CC"})),
         ("light",), "Nanoleaf"),
    Node("qnap", "00:08:9b:d0:10:11", 64, (
        vsftpd("NASFTPD Turbo Station 1.3.5a Server (ProFTPD)"),
        *avahi(("NASD01011", "_qdiscover._tcp", 8080, {
            "accessType": "http", "accessPort": "8080", "model": "TS-X53", "displayModel": "TS-253A"}))),
         ("nas",), "QNAP", hostname="NASD01011"),
    Node("hap-light", "00:55:da:60:61:62", 65, (hap(5, "Bedside", "Eve", "Light Strip"),), ("light",)),
    Node("hap-garage", "64:52:99:0a:0b:0c", 66, (hap(4, "Garage", "Chamberlain", "MYQ-G0301"),), ("garage", "cover")),
    Node("hap-alarm", "54:ef:44:70:71:72", 67, (hap(11, "Alarm", "Aqara", "HM1S"),), ("alarm",)),
    Node("tv", "a4:77:33:0d:0e:0f", 68, avahi(
        ("BRAVIA-4K-UR3-0f1e2d3c4b5a69788796a5b4c3d2e1f0", "_googlecast._tcp", 8009,
         {**_CAST, "md": "BRAVIA 4K UR3", "fn": "BRAVIA"}),
        ("BRAVIA", "_androidtvremote2._tcp", 6466, {"bt": "A4:77:33:0D:0E:10"})),
         ("tv",), "Sony"),
    Node("pc", "18:66:da:77:78:79", 69, (*samba("OFFICE"), wsdd()), ("computer", "nas"), hostname="office"),
    Node("camera-digest", "3c:ef:8c:01:02:03", 70, (
        lighttpd("Webs", "WEB SERVICE"), gstreamer_rtsp(554, "/cam/realmonitor", "Login to 4C01A2BPAG00000")),
         ("camera", "recorder"), "Dahua"),
    _PHONE,
))  # fmt: skip

HOMES = {layout.name: layout for layout in (FAMILY, SECOND)}


def find_layout(name: str) -> Layout:
    """The home called `name`, or one that a function makes: `package.module:function:argument`."""
    if ":" in name:
        module, function, argument = name.split(":")
        made: Layout = getattr(importlib.import_module(module), function)(argument)
        return made.here()
    return HOMES[name].here()
