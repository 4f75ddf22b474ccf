"""The allow-list of makers' discovery questions: exactly these datagrams are sent, nothing is ever built from a reply.

Many of these protocols put "find" and "change" on one port, which is why the bytes are fixed here and why each
decoder names the fields that it keeps. None of the questions logs in, opens a session, pairs, wakes or moves anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iotsweep.wire import (
    dhip,
    dvrip,
    foscam,
    hanwha,
    kasa,
    lifx,
    miio,
    pppp,
    reolink,
    sadp,
    tapo,
    tuya,
    tvt,
    ubiquiti,
    v380,
    vstarcam,
    wiz,
    yeelight,
)

_SADP_ID = "b5a3c1d0-7f2e-4c58-9a61-0d2f4e6b8c13"  # any id will do; a fixed one keeps the datagram fixed
# reolink-cli: the same search in a scrambled frame, which newer cameras want; it names reply port 3000.
_REOLINK_FRAME = bytes.fromhex(
    "3acf872a340000000100000001000000e6c0e9b7706c1f4fb0432f680871440667171ebc106a50f4adc9f59585d14dacd6bc80637200026b"
    "e14150750f1c5367085d4dad7c286fb8"
)


@dataclass(frozen=True, slots=True)
class VendorQuestion:
    """What is sent to one port of everybody, and how its answers are read. No datagrams: only listened for."""

    name: str  # for people: whose devices are asked
    port: int
    datagrams: tuple[bytes, ...]
    decode: Callable[[bytes], dict[str, str]]
    keys: tuple[str, ...]
    group: str | None = None  # multicast group that is asked, and joined when `answers_to` is given
    broadcast: bool = True
    answers_to: int = 0  # local port to which devices send answers and announcements, 0 for that of the question
    withheld: bool = False  # the reply can hold a secret, so not even its hash is kept


QUESTIONS: tuple[VendorQuestion, ...] = (
    VendorQuestion("TP-Link Kasa", 9999, (kasa.QUESTION,), kasa.decode_reply, kasa.KEYS, withheld=True),
    VendorQuestion("TP-Link Tapo", 20002, tapo.QUESTIONS, tapo.decode_reply, tapo.KEYS),
    VendorQuestion("TP-Link Tapo (newer)", 20004, tapo.QUESTIONS[1:], tapo.decode_reply, tapo.KEYS),
    VendorQuestion("Xiaomi", 54321, (miio.QUESTION,), miio.decode_reply, miio.KEYS, withheld=True),
    VendorQuestion(
        "Hikvision",
        sadp.PORT,
        (sadp.encode_question(_SADP_ID),),
        sadp.decode_reply,
        sadp.KEYS,
        group=sadp.GROUP,
        broadcast=False,
        answers_to=sadp.PORT,
        withheld=True,
    ),
    VendorQuestion("Dahua", dhip.PORT, (dhip.encode_question(),), dhip.decode_reply, dhip.KEYS, group=dhip.GROUP),
    VendorQuestion("Xiongmai", dvrip.PORT, (dvrip.QUESTION,), dvrip.decode_reply, dvrip.KEYS, answers_to=dvrip.PORT),
    VendorQuestion(
        "PPPP camera", pppp.PORT, (pppp.SEARCH, pppp.SEARCH_EXTENDED, pppp.SEARCH_PADDED), pppp.decode_reply, pppp.KEYS
    ),
    VendorQuestion("V380", v380.PORT, (v380.QUESTION,), v380.decode_reply, v380.KEYS, answers_to=v380.ANSWER_PORT),
    VendorQuestion("Foscam", foscam.PORT, foscam.QUESTIONS, foscam.decode_reply, foscam.KEYS, answers_to=foscam.PORT),
    VendorQuestion(
        "VStarcam",
        vstarcam.PORT,
        (vstarcam.QUESTION,),
        vstarcam.decode_reply,
        vstarcam.KEYS,
        answers_to=vstarcam.PORT,
        withheld=True,
    ),
    VendorQuestion(
        "Reolink",
        reolink.PORT,
        (reolink.QUESTION,),
        reolink.decode_reply,
        reolink.KEYS,
        answers_to=reolink.ANSWER_PORT,
        withheld=True,
    ),
    VendorQuestion("Reolink (newer)", 2015, (_REOLINK_FRAME,), reolink.decode_reply, reolink.KEYS, withheld=True),
    VendorQuestion(
        "TVT",
        tvt.PORT,
        (tvt.QUESTION,),
        tvt.decode_reply,
        tvt.KEYS,
        group=tvt.GROUP,
        broadcast=False,
        answers_to=tvt.PORT,
    ),
    VendorQuestion(
        "Hanwha", hanwha.PORT, (hanwha.QUESTION,), hanwha.decode_reply, hanwha.KEYS, answers_to=hanwha.ANSWER_PORT
    ),
    VendorQuestion(
        "Ubiquiti",
        ubiquiti.PORT,
        (ubiquiti.QUESTION_V1, ubiquiti.QUESTION_V2),
        ubiquiti.decode_reply,
        ubiquiti.KEYS,
        group=ubiquiti.GROUP,
    ),
    VendorQuestion(
        "Yeelight",
        yeelight.PORT,
        (yeelight.QUESTION,),
        yeelight.decode_reply,
        yeelight.KEYS,
        group=yeelight.GROUP,
        broadcast=False,
    ),
    VendorQuestion("LIFX", lifx.PORT, (lifx.QUESTION,), lifx.decode_reply, lifx.KEYS),
    VendorQuestion("WiZ", wiz.PORT, (wiz.QUESTION,), wiz.decode_reply, wiz.KEYS),
    VendorQuestion("Tuya", tuya.PLAIN_PORT, (), tuya.decode_broadcast, tuya.KEYS, answers_to=tuya.PLAIN_PORT),
    VendorQuestion("Tuya", tuya.ENCRYPTED_PORT, (), tuya.decode_broadcast, tuya.KEYS, answers_to=tuya.ENCRYPTED_PORT),
)
