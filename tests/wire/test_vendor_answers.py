"""What devices answer to their makers' questions, as their protocols' projects published it, and what it tells."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from iotsweep.practice.home import PracticeDevice, Truth, Vendor
from iotsweep.practice.responders.vendor_cameras import SECRET
from iotsweep.practice.responders.vendors import PROTOCOLS, protocol_of
from iotsweep.wire import (
    aes,
    bosch,
    broadlink,
    coiot,
    dahua_v1,
    govee,
    gree,
    llmnr,
    magic_home,
    midea,
    netbios,
    onvif,
    own_pages,
    panasonic,
    sony,
    tutk,
    tuya,
    vision360,
    vivotek,
)
from iotsweep.wire.dns import encode_ptr_query
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_questions import QUESTIONS

Decode = Callable[[bytes], dict[str, str]]

# UniversalScanner's self-tests: real layouts with invented values.
DAHUA_V1 = (
    "b30018005800000000000000000000000200000058000000000000000000000000000000000000005669727475616c0000000000000000"
    "00f0000300ff0000007f000001000000000a070809b822320000000000000032000000000000005000bb0191930a00909392930000efff"
    "2a2a3a8f00000000000030303a31313a32323a33333a34343a35355669727475616c4e616d653a44616875610d0a4465766963653a5669"
    "727475616c0d0a49507636416464723a666538303a3a312f36343b676174657761793a666538303a3a0d0a0d0a53657269616c4e6f3a31"
    "32333435363738390d0a0d0a"
)
VIVOTEK = (
    "024a5d8f1c01115669727475616c2d5669727475616c2d3102060011223344550304f0000a00041b060250000802656e09075669727475"
    "616c1004030082000a0100050400000000"
)
SONY = b"\x02MAC:aa-bb-cc-dd-ee-ff\xffMODEL:Virtual\xffSERIAL:123456789\xffINFO:allinfo\xffDHCP:OFF\xff"
SONY += b"IPADR:240.0.11.0\xffMASK:255.0.0.0\xffWEBPORT:80\xffTIME:00000000000000\xffSOFTVERSION:3.0.0\xff\x03"
PANASONIC = (
    "00010175000e0011223344550050569b53f50a001489000020111e11231f1e191300000202020000000000000000000000000001020001"
    "00010000200004f0000f0000210004ff000000002200047f00000100a700105669727475616c00000000000000000000a8001056697274"
    "75616c00000000000000000000a90010312e343600000000000000000000000000ffff3017"
)
BOSCH = "9939a4276008ad0a00112233445503fff0000700ff0000007f00000100030071"
BOSCH_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><root xmlns="OEMExt00:device-1-0"><device><friendlyName>Virtual (XML)'
    b"</friendlyName><serialNumber>12345678:12345678</serialNumber><physAddress>00-11-22-33-44-55</physAddress>"
    b"<sessionKey>0000000000000001</sessionKey><unitIPAddress>240.0.7.1</unitIPAddress></device></root>"
)
VISION = b"DISCOVER TYPE=IPDOME KEY='00:11:22:33:44:55' ID=1234567890\r\n"
# Real: a plug's broadcast (tuyapi), a lamp's answer (flux_led); the 3.5 frame is tinytuya's test vector.
TUYA_33 = (
    "000055aa00000000000000130000009c000000006f02543bfe9d2ab4a04bf16f8867c44c9969edaf006b881dc7e3e0702c06fb879717e1"
    "4e4c8fab8bc25f0ab1242cba941a7bcb75ef5bb8eb330ad344dd0b106868c2c8903dec4bff0294046f69a2112cb14d42dae779bd097a67"
    "839861716672dad090fa96230f965190ab4e70ed4f7f61a87e102e9488471c99fadeba005d13bcc651832dd9b60158654b01a12a9a5202"
    "37a3fb0000aa55"
)
TUYA_35 = (
    "000066990000000000000000001300000074000102030405060708090a0bc73d7f42f5a2d9f3b82a32cee7c319d9e05513b8ab4fdd807e"
    "8cbf1f087a3c3159aa38d8b843fc87575756c4876a705603942c829df92d87d00e067f17637710dcc6c27efa22818f6ac9b489425d70f2"
    "22e5632de961a238c61495fdb2c411e24f81ac62cbeaef3500009966"
)
MAGIC_HOME = b"192.168.214.252,B4E842E10588,AK001-ZJ2145"
ROKU = (
    b"<device-info><udn>015e5108-0000</udn><model-name>Roku 3</model-name><model-number>4200X</model-number>"
    b"<wifi-mac>b0:a7:37:96:4d:fb</wifi-mac><network-name>our wifi</network-name><is-tv>false</is-tv>"
    b"<software-version>7.5.0</software-version><user-device-name>My Roku 3</user-device-name></device-info>"
)


# The decoded fields of a real answer (greeclimate).
GREE_INSIDE = b'{"t":"dev","cid":"502cc6a2bdb5","brand":"gree","mac":"502cc6a2bdb5","ver":"V1.2.1"}'
# The decoded fields of a real answer (msmart-ng).
MIDEA_INSIDE = bytes([77, 1, 168, 192]) + (6444).to_bytes(4, "little") + b"000000P0000000Q1B88C29C963BA0000"
MIDEA_INSIDE += b"\x0bnet_ac_63BA" + bytes(40)


def veil_gree(inside: bytes) -> bytes:
    """A scan answer with this inside, veiled again."""
    pack = base64.b64encode(aes.encrypt_ecb(gree.SCAN_KEY, inside)).decode()
    return json.dumps({"t": "pack", "i": 1, "uid": 0, "cid": "502cc6a2bdb5", "tcid": "", "pack": pack}).encode()


def veil_midea(inside: bytes, *, wrapped: bool = False) -> bytes:
    """An answer with this inside, veiled again."""
    head = bytes.fromhex("5a5a0111b8007a80") + bytes(12) + (147334558165565).to_bytes(6, "little") + bytes(14)
    frame = head + aes.encrypt_ecb(midea.VEIL_KEY, inside) + bytes(16)
    return bytes.fromhex("837000c8200f0000") + frame + bytes(16) if wrapped else frame


def _coiot() -> bytes:
    who = b"SHSW-25#A4CF12F45A10#2"
    return (
        b"\x50\x1e\0\1\xb3cit\x01s\xed"
        + (3332 - 11 - 269).to_bytes(2, "big")
        + bytes([len(who) - 13])
        + who
        + b"\xff{}"
    )


NETBIOS = (
    bytes.fromhex("00008400000000010000000020434b") + b"A" * 30 + bytes.fromhex("0000210001000000000041")
    + b"\2" + b"NAS".ljust(15) + b"\0\4\0" + b"HOME".ljust(15) + b"\0\x84\0" + bytes.fromhex("001132aabbcc") + bytes(22)
)  # fmt: skip
TOLD: list[tuple[str, Decode, bytes, dict[str, str]]] = [
    ("old Dahua", dahua_v1.decode_reply, bytes.fromhex(DAHUA_V1), {
        "dahua.name": "Virtual", "dahua.ip": "240.0.3.0", "dahua.http_port": "80", "dahua.tcp_port": "37777",
        "dahua.mac": "00:11:22:33:44:55", "dahua.model": "Virtual", "dahua.serial": "123456789"}),
    ("Vivotek", vivotek.decode_reply, bytes.fromhex(VIVOTEK), {
        "vivotek.name": "Virtual-Virtual-1", "vivotek.model": "Virtual", "vivotek.mac": "00:11:22:33:44:55",
        "vivotek.ip": "240.0.10.0"}),
    ("Sony", sony.decode_reply, SONY, {
        "sony.model": "Virtual", "sony.serial": "123456789", "sony.ip": "240.0.11.0", "sony.firmware": "3.0.0",
        "sony.mac": "aa:bb:cc:dd:ee:ff", "sony.port": "80"}),
    ("Panasonic", panasonic.decode_reply, bytes.fromhex(PANASONIC), {
        "panasonic.mac": "00:11:22:33:44:55", "panasonic.ip": "240.0.15.0", "panasonic.name": "Virtual",
        "panasonic.model": "Virtual", "panasonic.firmware": "1.46"}),
    ("Bosch", bosch.decode_reply, bytes.fromhex(BOSCH), {
        "bosch.mac": "00:11:22:33:44:55", "bosch.ip": "240.0.7.0"}),
    ("Bosch in XML", bosch.decode_reply, BOSCH_XML, {
        "bosch.mac": "00:11:22:33:44:55", "bosch.ip": "240.0.7.1", "bosch.name": "Virtual (XML)",
        "bosch.serial": "12345678:12345678"}),
    ("360 Vision", vision360.decode_reply, VISION, {
        "vision360.type": "IPDOME", "vision360.mac": "00:11:22:33:44:55", "vision360.id": "1234567890"}),
    ("Tuya 3.3", tuya.decode_broadcast, bytes.fromhex(TUYA_33), {
        "tuya.announced": "encrypted", "tuya.version": "3.3", "tuya.product_key": "3bhylhz5zhogklel",
        "tuya.gw_id": "bf90769136c9ac3653oqwj"}),
    ("Tuya 3.5", tuya.decode_broadcast, bytes.fromhex(TUYA_35), {
        "tuya.announced": "encrypted", "tuya.version": "3.5", "tuya.product_key": "pk", "tuya.gw_id": "abc"}),
    ("Magic Home", magic_home.decode_reply, MAGIC_HOME, {
        "magichome.ip": "192.168.214.252", "magichome.mac": "b4:e8:42:e1:05:88",
        "magichome.model": "AK001-ZJ2145"}),
    ("Gree", gree.decode_reply, veil_gree(GREE_INSIDE), {
        "gree.mac": "50:2c:c6:a2:bd:b5", "gree.brand": "gree", "gree.version": "V1.2.1"}),
    ("Midea", midea.decode_reply, veil_midea(MIDEA_INSIDE), {
        "midea.device_id": "147334558165565", "midea.port": "6444", "midea.name": "net_ac_63BA", "midea.type": "ac",
        "midea.serial": "000000P0000000Q1B88C29C963BA0000"}),
    ("Midea, wrapped", midea.decode_reply, veil_midea(MIDEA_INSIDE, wrapped=True), {
        "midea.device_id": "147334558165565", "midea.port": "6444", "midea.name": "net_ac_63BA", "midea.type": "ac",
        "midea.serial": "000000P0000000Q1B88C29C963BA0000"}),
    ("CoIoT", coiot.decode_announcement, _coiot(), {
        "coap.shelly_type": "SHSW-25", "coap.shelly_id": "A4CF12F45A10", "coap.shelly_version": "2"}),
    ("Govee", govee.decode_reply, b'{"msg":{"cmd":"scan","data":{"ip":"1.2.3.4","device":"AA:BB","sku":"H6072"}}}', {
        "govee.sku": "H6072", "govee.device": "AA:BB"}),
    ("NetBIOS", netbios.decode_reply, NETBIOS, {
        "netbios.name": "NAS", "netbios.group": "HOME", "netbios.mac": "00:11:32:aa:bb:cc"}),
    ("TUTK", tutk.decode_search, bytes.fromhex("6e4c9d8c40d140ca3d2da82d00e7cada") + bytes(52), {
        "tutk.searching": "TUTK"}),
    ("Roku", own_pages.decode_roku, ROKU, {
        "roku.model": "Roku 3", "roku.model_number": "4200X", "roku.name": "My Roku 3", "roku.version": "7.5.0",
        "roku.is_tv": "false", "roku.mac": "b0:a7:37:96:4d:fb"}),
    ("Shelly, first generation", own_pages.decode_shelly,
        b'{"type":"SHSW-25","mac":"A4CF12F45A10","auth":false,"fw":"20200827-065456/v1.8.3"}', {
        "shelly.type": "SHSW-25", "shelly.auth": "false", "shelly.version": "20200827-065456/v1.8.3",
        "shelly.mac": "a4:cf:12:f4:5a:10"}),
]  # fmt: skip


@pytest.mark.parametrize(("decode", "data", "told"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_an_answer_tells_exactly_this(decode: Decode, data: bytes, told: dict[str, str]) -> None:
    assert decode(data) == told


@pytest.mark.parametrize(("decode", "data"), [row[1:3] for row in TOLD], ids=[row[0] for row in TOLD])
def test_half_an_answer_is_refused_or_read_as_far_as_it_goes(decode: Decode, data: bytes) -> None:
    for size in range(len(data)):
        try:
            decode(data[:size])
        except WireError:
            continue


# --- against practice devices, which are built from the protocols' layouts and not from our decoders ----------------

DEVICE = PracticeDevice("thing", Truth(), "192.168.1.77", "a0:b1:c2:03:04:05")
VENDORS = {
    protocol: Vendor(protocol, id="12345678", name="net_ac_0405", model="2712", firmware="1.2.3")
    for protocol in PROTOCOLS
}
VENDORS["pppp"] = Vendor("pppp", id="DGOK-219681-XQKRP", phrase="SHIX")


@pytest.mark.parametrize("name", VENDORS)
def test_a_practice_device_of_every_protocol_is_understood(name: str) -> None:
    protocol, vendor = protocol_of(VENDORS[name]), VENDORS[name]
    answer = protocol.build(DEVICE, vendor)
    read = []
    for question in QUESTIONS:
        if protocol.port in {question.port, question.answers_to}:
            try:
                read.append(question.decode(answer))
            except WireError:
                continue
    assert len(read) >= 1, "nobody understands it"
    assert len({tuple(sorted(facts)) for facts in read}) == 1, "two makers claim it"
    assert not any(SECRET in value for facts in read for value in facts.values())


@pytest.mark.parametrize("name", [name for name, protocol in PROTOCOLS.items() if name not in {"tuya", "coiot"}])
def test_a_practice_device_answers_only_the_question_of_its_maker(name: str) -> None:
    asks = PROTOCOLS[name].asks
    own = [data for q in QUESTIONS if q.port == PROTOCOLS[name].port for data in q.asked("192.168.1.90")]
    assert any(asks(data) for data in own)
    assert not asks(b"")
    assert not asks(b"\0" * 20)


def test_the_decoders_that_read_xml_for_onvif_tell_what_was_answered() -> None:
    clock = (
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="d" xmlns:tt="s"><s:Body>'
        b"<t:GetSystemDateAndTimeResponse><t:SystemDateAndTime><tt:UTCDateTime><tt:Time><tt:Hour>7</tt:Hour>"
        b"<tt:Minute>5</tt:Minute><tt:Second>9</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>11"
        b"</tt:Month><tt:Day>2</tt:Day></tt:Date></tt:UTCDateTime></t:SystemDateAndTime>"
        b"</t:GetSystemDateAndTimeResponse></s:Body></s:Envelope>"
    )
    told = {"onvif.answers": ["GetSystemDateAndTime"], "onvif.clock": ["2026-11-02T07:05:09"]}
    assert onvif.decode_answer("GetSystemDateAndTime", clock) == told
    with pytest.raises(WireError):
        onvif.decode_answer("GetHostname", clock)
    services = (
        b"<E><GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace></Service>"
        b"<Service><Namespace>http://www.onvif.org/ver20/ptz/wsdl</Namespace></Service></GetServicesResponse></E>"
    )
    assert onvif.decode_answer("GetServices", services)["onvif.service"] == [
        "http://www.onvif.org/ver10/media/wsdl",
        "http://www.onvif.org/ver20/ptz/wsdl",
    ]
    capabilities = (
        b"<E><GetCapabilitiesResponse><Capabilities><Device/><Media/><Extension><DeviceIO/></Extension></Capabilities>"
        b"</GetCapabilitiesResponse></E>"
    )
    assert onvif.decode_answer("GetCapabilities", capabilities)["onvif.capability"] == ["Device", "Media", "DeviceIO"]


@pytest.mark.parametrize("call", ["GetDeviceInformation", "SetHostname", "SystemReboot", ""])
def test_only_calls_that_need_no_login_are_ever_written(call: str) -> None:
    with pytest.raises(WireError):
        onvif.encode_call(call)


def test_llmnr_asks_without_the_flags_of_dns_and_reads_no_question() -> None:
    question = llmnr.encode_question("192.168.1.77", 7)
    assert question[2:4] == b"\0\0"
    assert question[4:] == encode_ptr_query("192.168.1.77", 7)[4:]
    with pytest.raises(WireError):
        llmnr.decode_reply(question)


def test_the_questions_are_those_of_the_makers_apps() -> None:
    assert tuya.encode_question("192.168.1.10").hex() == (
        "00006699000000000000000000250000003e000102030405060708090a0bc73d7040b8f5dbebab727090f4d9039ea1591caab85acf8c28"
        "cdce551b6e2d231ab5bdd7d4c0a04ff849519629611529c77900009966"
    )
    assert midea.encode_question().hex() == (
        "5a5a0111480092" + "00" * 33 + "7f75bd6b3e4f8b762e849c6e578d6590036e9d4342a50f1f569eb8ec918e92e5"
    )
    assert broadlink.encode_question().hex() == "00" * 32 + "b5be0000000006000000000000000000"
    assert len(panasonic.encode_question("192.168.1.10")) == 52
