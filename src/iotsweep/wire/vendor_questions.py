"""The allow-list of makers' discovery questions: exactly these datagrams are sent, nothing is ever built from a reply.

Many of these protocols put "find" and "change" on one port, which is why the bytes are fixed here and why each
decoder names the fields that it keeps. None of the questions logs in, opens a session, pairs, wakes or moves anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from iotsweep.wire import (
    bosch,
    broadlink,
    coiot,
    dahua_v1,
    dhip,
    dvrip,
    foscam,
    govee,
    gree,
    hanwha,
    kasa,
    lifx,
    magic_home,
    midea,
    miio,
    panasonic,
    pppp,
    reolink,
    sadp,
    sony,
    tapo,
    tutk,
    tuya,
    tvt,
    ubiquiti,
    v380,
    vision360,
    vivotek,
    vstarcam,
    wiz,
    yeelight,
)
from iotsweep.wire.vendor_question import Announced, VendorQuestion

_SADP_ID = "b5a3c1d0-7f2e-4c58-9a61-0d2f4e6b8c13"  # any id will do; a fixed one keeps the datagram fixed
# reolink-cli: the same search in a scrambled frame, which newer cameras want; it names reply port 3000.
_REOLINK_FRAME = bytes.fromhex(
    "3acf872a340000000100000001000000e6c0e9b7706c1f4fb0432f680871440667171ebc106a50f4adc9f59585d14dacd6bc80637200026b"
    "e14150750f1c5367085d4dad7c286fb8"
)
_TUYA = Announced(tuya.decode_broadcast, tuya.KEYS)
_COIOT = Announced(coiot.decode_announcement, coiot.KEYS)
_TUTK = Announced(tutk.decode_search, tutk.KEYS)

_SCANNER = "UniversalScanner"
_KASA = "python-kasa"
_TINYTUYA = "tinytuya"
_PPPP = (pppp.SEARCH, pppp.SEARCH_EXTENDED, pppp.SEARCH_PADDED)
_UBIQUITI = (ubiquiti.QUESTION_V1, ubiquiti.QUESTION_V2)

QUESTIONS: tuple[VendorQuestion, ...] = (
    # Cameras, recorders and intercoms.
    VendorQuestion(
        "PPPP camera", "pppp-dissector, aiopppp, eufy-security-client", pppp, pppp.PORT, _PPPP, suspects=True
    ),
    VendorQuestion(
        "PPPP camera (scrambled)", "pppp-dissector, PPPP.md", pppp, pppp.PORT, pppp.SCRAMBLED, times=2, suspects=True
    ),
    VendorQuestion(
        "Hikvision",
        "hiktools",
        sadp,
        sadp.PORT,
        (sadp.encode_question(_SADP_ID),),
        sadp.PORT,
        group=sadp.GROUP,
        broadcast=False,
        withheld=True,
        suspects=True,
    ),
    VendorQuestion(
        "Dahua", "DahuaConsole", dhip, dhip.PORT, (dhip.encode_question(),), group=dhip.GROUP, suspects=True
    ),
    VendorQuestion(
        "Dahua (old)", f"{_SCANNER}, python-dvr", dahua_v1, dahua_v1.PORT, dahua_v1.QUESTIONS, dahua_v1.PORT, times=2
    ),
    VendorQuestion("Xiongmai", "python-dvr, go2rtc", dvrip, dvrip.PORT, (dvrip.QUESTION,), dvrip.PORT, suspects=True),
    VendorQuestion("V380", "prsyahmi/v380", v380, v380.PORT, (v380.QUESTION,), v380.ANSWER_PORT, suspects=True),
    VendorQuestion(
        "Foscam", f"{_SCANNER}, python-dvr", foscam, foscam.PORT, foscam.QUESTIONS, foscam.PORT, suspects=True
    ),
    VendorQuestion("Vivotek", _SCANNER, vivotek, vivotek.PORT, (vivotek.QUESTION,), foscam.PORT, times=2),
    VendorQuestion(
        "VStarcam",
        f"{_SCANNER}, python-dvr",
        vstarcam,
        vstarcam.PORT,
        (vstarcam.QUESTION,),
        vstarcam.PORT,
        withheld=True,
        suspects=True,
    ),
    VendorQuestion(
        "Reolink",
        "reolink-cli",
        reolink,
        reolink.PORT,
        (reolink.QUESTION,),
        reolink.ANSWER_PORT,
        withheld=True,
        suspects=True,
    ),
    VendorQuestion(
        "Reolink (newer)",
        "neolink, reolink-cli",
        reolink,
        2015,
        (_REOLINK_FRAME,),
        reolink.ANSWER_PORT,
        withheld=True,
        suspects=True,
    ),
    VendorQuestion(
        "TVT",
        "ipcprobe",
        tvt,
        tvt.PORT,
        (tvt.QUESTION,),
        tvt.PORT,
        group=tvt.GROUP,
        also_joins=(tvt.ANSWER_GROUP,),
        broadcast=False,
    ),
    VendorQuestion("Hanwha", _SCANNER, hanwha, hanwha.PORT, (hanwha.QUESTION,), hanwha.ANSWER_PORT, times=2),
    VendorQuestion("Sony", _SCANNER, sony, sony.PORT, (sony.QUESTION,), times=2),
    VendorQuestion(
        "Panasonic",
        _SCANNER,
        panasonic,
        panasonic.PORT,
        (),
        panasonic.ANSWER_PORT,
        named=panasonic.encode_question,
        times=2,
    ),
    VendorQuestion("Bosch", _SCANNER, bosch, bosch.PORT, (bosch.QUESTION,), bosch.ANSWER_PORT, withheld=True, times=2),
    VendorQuestion("360 Vision", _SCANNER, vision360, vision360.PORT, (vision360.QUESTION,), times=2),
    VendorQuestion(
        "Ubiquiti", "unifi-discovery, nmap ubiquiti-discovery", ubiquiti, ubiquiti.PORT, _UBIQUITI, group=ubiquiti.GROUP
    ),
    VendorQuestion("TUTK", "go2rtc", _TUTK, tutk.PORT, (), tutk.PORT),
    # Plugs, lamps, appliances and hubs, and cameras of the same makers.
    VendorQuestion("TP-Link Kasa", _KASA, kasa, 9999, (kasa.QUESTION,), withheld=True, suspects=True),
    VendorQuestion("TP-Link Tapo", _KASA, tapo, 20002, tapo.QUESTIONS, withheld=True, suspects=True),
    VendorQuestion("TP-Link Tapo (newer)", _KASA, tapo, 20004, tapo.QUESTIONS[1:], withheld=True, times=2),
    VendorQuestion("Xiaomi", "python-miio", miio, 54321, (miio.QUESTION,), withheld=True, suspects=True),
    VendorQuestion("Tuya", _TINYTUYA, _TUYA, tuya.PLAIN_PORT, (), tuya.PLAIN_PORT),
    VendorQuestion("Tuya", _TINYTUYA, _TUYA, tuya.ENCRYPTED_PORT, (), tuya.ENCRYPTED_PORT),
    VendorQuestion(
        "Tuya (3.5)", _TINYTUYA, _TUYA, tuya.APP_PORT, (), tuya.APP_PORT, named=tuya.encode_question, suspects=True
    ),
    VendorQuestion("Gree", "greeclimate", gree, gree.PORT, (gree.QUESTION,), tuya.APP_PORT, times=2),
    VendorQuestion("Midea", "msmart-ng", midea, midea.PORT, (midea.encode_question(),), times=2),
    VendorQuestion("Midea (second port)", "msmart-ng", midea, midea.SECOND_PORT, (midea.encode_question(),), times=2),
    VendorQuestion("Broadlink", "python-broadlink", broadlink, broadlink.PORT, (broadlink.encode_question(),), times=2),
    VendorQuestion("Shelly", "CoIoT specification, aioshelly", _COIOT, coiot.PORT, (), coiot.PORT, group=coiot.GROUP),
    VendorQuestion(
        "Govee",
        "Govee WLAN Guide",
        govee,
        govee.PORT,
        (govee.QUESTION,),
        govee.ANSWER_PORT,
        group=govee.GROUP,
        broadcast=False,
    ),
    VendorQuestion("Magic Home", "flux_led", magic_home, magic_home.PORT, (magic_home.QUESTION,), times=2),
    VendorQuestion(
        "Yeelight",
        "Yeelight WiFi Light Inter-Operation Specification",
        yeelight,
        yeelight.PORT,
        (yeelight.QUESTION,),
        group=yeelight.GROUP,
        broadcast=False,
    ),
    VendorQuestion("LIFX", "lan.developer.lifx.com", lifx, lifx.PORT, (lifx.QUESTION,), times=2),
    VendorQuestion("WiZ", "pywizlight", wiz, wiz.PORT, (wiz.QUESTION,), times=2),
)

# Ports at which a single datagram starts video, wakes a battery camera or switches a lamp: nothing goes there at all.
NEVER_ASKED = {
    8070: "starts the video of Little Stars cameras (DEEFRAG/A9)",
    8080: "starts the video of Little Stars cameras (DEEFRAG/A9)",
    2026: "wakes Reolink's battery cameras (neolink)",
    4003: "switches Govee lamps (Govee WLAN Guide)",
    32761: "opens TUTK sessions (go2rtc)",
    32100: "the camera clouds' own port (pppp-dissector)",
}


@lru_cache(maxsize=8)
def allowed_datagrams(address: str) -> Mapping[int, frozenset[bytes]]:
    """By port, every datagram that a laptop of `address` may send there: these and no others."""
    by_port: dict[int, set[bytes]] = defaultdict(set)
    for question in QUESTIONS:
        if question.asked(address):
            by_port[question.port].update(question.asked(address))
    return {port: frozenset(datagrams) for port, datagrams in by_port.items()}
