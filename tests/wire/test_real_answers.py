"""Every answer of a real device that a public project published, and all that we tell of it, nothing more.

Names, addresses and numbers that could lead to somebody had been masked by the projects themselves.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable

import pytest

from iotsweep.wire import (
    dhip,
    dvrip,
    kasa,
    miio,
    pppp,
    reolink,
    sadp,
    tapo,
    tvt,
    wiz,
    yeelight,
)
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.wire import test_dhip, test_dvrip, test_miio, test_pppp, test_sadp, test_tapo, test_tvt, test_vendor_answers

Read = Callable[[bytes], dict[str, str]]
_CLEAR = [bytes.fromhex(answer) for answer in test_pppp.ANSWERS]
_TOLD = {name: (read, data, told) for name, read, data, told in test_vendor_answers.TOLD}
_KASA = {
    "a_type": 2, "alias": "#MASKED_NAME#", "bind_status": False, "c_opt": [0, 1], "camera_switch": "on",
    "dev_name": "Kasa Spot, 24/7 Recording", "deviceId": "0" * 40, "err_code": 0, "hw_ver": "4.0",
}  # fmt: skip
# What python-kasa read of the part that the camera had encrypted for it, and the rest of that answer.
_TAPO_VEILED = {
    "connect_ssid": "#MASKED_SSID#", "connect_type": "wireless", "http_port": 443, "last_alarm_time": "1763150321",
    "last_alarm_type": "motion", "owner": "0" * 32, "sd_status": "normal",
}  # fmt: skip
_TAPO = {
    "device_model": "C210", "device_type": "SMART.IPCAMERA", "factory_default": False, "ip": "127.0.0.123",
    "firmware_version": "1.4.7 Build 250625 Rel.58841n", "hardware_version": "1.0", "mac": "9C-A2-F4-00-00-00",
}  # fmt: skip
_WIZ = {
    "mac": "a8bb5006033d", "homeId": 653906, "roomId": 989983, "moduleName": "ESP01_SHRGB_03", "fwVersion": "1.25.0",
    "groupId": 0, "drvConf": [30, 1], "ewf": [255, 0, 255, 255, 0, 0, 0], "ewfHex": "ff00ffff000000", "ping": 0,
}  # fmt: skip
_YEELIGHT = (
    b"HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nLocation: yeelight://10.0.7.184:55443\r\n"
    b"Server: POSIX UPnP/1.0 YGLC/1\r\nid: 0x00000000037073d2\r\nmodel: color\r\nfw_ver: 76\r\n"
)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


REAL: list[tuple[str, Read, bytes, dict[str, str]]] = [
    ("PPPP (aiopppp)", pppp.decode_reply, _CLEAR[0], {
        "pppp.prefix": "BATD", "pppp.uid": "BATD-156362-WONJM", "pppp.family": "CS2"}),
    ("PPPP (cam-reverse)", pppp.decode_reply, _CLEAR[1], {
        "pppp.prefix": "XHA", "pppp.uid": "XHA-000994-KMMEB", "pppp.family": "CS2"}),
    ("PPPP, a trail camera (aiopppp)", pppp.decode_reply, _CLEAR[2], {
        "pppp.prefix": "LBCS", "pppp.uid": "LBCS-000000-CCCJJ", "pppp.family": "CS2"}),
    ("PPPP, scrambled (pppp-dissector)", pppp.decode_reply, test_pppp.SCRAMBLED_ANSWER, {
        "pppp.prefix": "VSTH", "pppp.uid": "VSTH-378138-WVLKX", "pppp.family": "CS2", "pppp.phrase": "vstarcam2018"}),
    ("Xiongmai (python-dvr)", dvrip.decode_reply, test_dvrip.REPLY, {
        "dvrip.host_ip": "192.168.11.109", "dvrip.mac": "00:12:31:08:bb:97", "dvrip.sn": "41e6853ada5e9323",
        "dvrip.tcp_port": "34567", "dvrip.udp_port": "34568", "dvrip.ssl_port": "8443",
        "dvrip.other_function": "D=2019-02-28 17:30:58 V=92a9902100ec7c4"}),
    ("TVT, first 64 bytes (ipcprobe)", tvt.decode_reply, test_tvt.SHORT, {
        "tvt.name": "lobby", "tvt.mac": "02:00:00:00:00:01", "tvt.ip": "192.168.1.69", "tvt.build_date": "20231103",
        "tvt.http_port": "80", "tvt.rtsp_port": "554"}),
    ("Kasa EC60(US) 4.0 (python-kasa)", kasa.decode_reply,
        kasa.encode(_json({"system": {"get_sysinfo": {"err_code": 0, "system": _KASA}}})), {
        "kasa.alias": "#MASKED_NAME#", "kasa.bind_status": "false", "kasa.camera_switch": "on",
        "kasa.dev_name": "Kasa Spot, 24/7 Recording", "kasa.hw_ver": "4.0"}),
    ("Tapo C210(EU) 1.0, its published fields veiled again (python-kasa)", tapo.decode_reply,
        test_tapo.say(_TAPO_VEILED, beside=_TAPO), {
        "tapo.device_type": "SMART.IPCAMERA", "tapo.device_model": "C210", "tapo.hardware_version": "1.0",
        "tapo.firmware_version": "1.4.7 Build 250625 Rel.58841n", "tapo.factory_default": "false",
        "tapo.mac": "9c:a2:f4:00:00:00", "tapo.connect_ssid": "#MASKED_SSID#", "tapo.connect_type": "wireless",
        "tapo.last_alarm_time": "1763150321", "tapo.last_alarm_type": "motion", "tapo.owner": "0" * 32,
        "tapo.sd_status": "normal"}),
    ("Tuya 3.3 (tuyapi)", *_TOLD["Tuya 3.3"]),
    ("miIO (python-miio)", miio.decode_reply, test_miio.REPLIES[0], {"miio.device_id": "260426251"}),
    ("miIO, another (python-miio)", miio.decode_reply, test_miio.REPLIES[1], {"miio.device_id": "57948646"}),
    ("Yeelight (yeelight)", yeelight.decode_reply, _YEELIGHT, {
        "yeelight.id": "0x00000000037073d2", "yeelight.model": "color", "yeelight.fw_ver": "76",
        "yeelight.location": "yeelight://10.0.7.184:55443"}),
    ("WiZ (pywizlight)", wiz.decode_reply, _json({"method": "getSystemConfig", "env": "pro", "result": _WIZ}), {
        "wiz.mac": "a8:bb:50:06:03:3d", "wiz.module_name": "ESP01_SHRGB_03", "wiz.fw_version": "1.25.0"}),
    ("Magic Home (flux_led)", *_TOLD["Magic Home"]),
    ("Gree, its published fields veiled again (greeclimate)", *_TOLD["Gree"]),
    ("Midea, its published fields veiled again (msmart-ng)", *_TOLD["Midea"]),
    ("Roku (node-roku)", *_TOLD["Roku"]),
    ("Hikvision, published values (hiktools)", sadp.decode_reply, test_sadp.REPLY, {
        "sadp.device_description": "DS-2CD2320D-I", "sadp.device_sn": "DS-2CD2320D-I20180919AACHC52932642",
        "sadp.mac": "44:47:cc:37:ce:81", "sadp.software_version": "V5.5.6build 180326", "sadp.device_type": "123456",
        "sadp.command_port": "8000", "sadp.http_port": "80", "sadp.ipv4_address": "192.168.1.64",
        "sadp.activated": "true"}),
    ("Lorex, published values (DahuaConsole)", dhip.decode_reply, test_dhip.GOOD, {
        "dhip.device_class": "IPC", "dhip.device_type": "W461ASC", "dhip.vendor": "Lorex", "dhip.version": "2.800",
        "dhip.machine_name": "Porch", "dhip.serial_no": "1", "dhip.http_port": "80", "dhip.port": "37777",
        "dhip.mac": "00:1f:54:a9:2e:58"}),
]  # fmt: skip


@pytest.mark.parametrize(("read", "data", "told"), [row[1:] for row in REAL], ids=[row[0] for row in REAL])
def test_a_real_answer_tells_exactly_this(read: Read, data: bytes, told: dict[str, str]) -> None:
    assert read(data) == told


# A camera's confirmation of a session, published with neolink (thirtythreeforty/neolink#102). It is no answer to a
# search, but it is scrambled like our frozen question: who can read the one can read what the other asks.
_REOLINK_SESSION = bytes.fromhex(
    "3acf872a88000000010000004d040000c8b1cc2fa4101f4fe489501eaa71487be12a4f88446d56e21bcaf49538de46b2c1ebdd64f1241315"
    "e6e00334f60c7b57c4061dbe577d50e84bc2cc99739501bdc2ebdd65eb301315e6e0053ea60a250897564dad1b775bb82fc0a2cc65d848b5"
    "cef8967efc7e2723aeea013fc74029089b4805eb157b60f41bf6fa8a45d432dcb191bf29927c024fe8d35250"
)
_REOLINK_WORDS = (
    0x1F2D3C4B, 0x5A6C7F8D, 0x38172E4B, 0x8271635A, 0x863F1A2B, 0xA5C6F7D8, 0x8371E1B4, 0x17F2D3A5,
)  # fmt: skip


def _open_reolink(frame: bytes) -> bytes:
    """What neolink's bcudp describes: a head with length, transaction and checksum; words added to the transaction."""
    magic, size, _, transaction, checksum = struct.unpack_from("<5I", frame)
    body = frame[20:]
    assert (magic, size) == (0x2A87CF3A, len(body))
    assert zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF == checksum
    words = [word + transaction & 0xFFFFFFFF for word in _REOLINK_WORDS] * (len(body) // 32 + 1)
    return bytes(a ^ b for a, b in zip(body, struct.pack(f"<{len(words)}I", *words), strict=False))


def test_a_real_frame_of_reolink_shows_that_our_frozen_one_searches_and_opens_nothing() -> None:
    confirmed = _open_reolink(_REOLINK_SESSION)
    assert b"<D2C_CFM>" in confirmed
    assert b"<conn>local</conn>" in confirmed
    (frozen,) = next(question for question in QUESTIONS if question.port == 2015).datagrams
    assert _open_reolink(frozen) == b"<P2P><C2D_S><to><port>3000</port></to></C2D_S></P2P>"
    with pytest.raises(WireError):
        reolink.decode_reply(_REOLINK_SESSION)
