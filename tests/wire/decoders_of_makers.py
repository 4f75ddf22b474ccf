"""The decoders of makers' protocols, with good messages: the part of the table in `decoders` that grows with makers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from iotsweep.wire import (
    aes,
    broadlink,
    dhip,
    dvrip,
    foscam,
    gree,
    hanwha,
    kasa,
    lifx,
    midea,
    miio,
    pppp,
    pppp_heard,
    pppp_keys,
    reolink,
    rsa,
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
from tests.wire import (
    test_dhip,
    test_dvrip,
    test_foscam,
    test_hanwha,
    test_kasa,
    test_lifx,
    test_miio,
    test_pppp,
    test_pppp_keys,
    test_reolink,
    test_sadp,
    test_tapo,
    test_tuya,
    test_tvt,
    test_ubiquiti,
    test_v380,
    test_vendor_answers,
    test_vstarcam,
    test_wiz,
    test_yeelight,
)

Read: TypeAlias = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Decoder:
    """`name` is module and function; a further row for the same function has more words behind them.

    `timed`: a device chooses all of the bytes; not so where they are a file, a program of this laptop prints them, or
    the row itself veils them.
    """

    name: str
    read: Read
    samples: tuple[bytes, ...]
    timed: bool = True


def decoder(read: Read, *samples: bytes) -> Decoder:
    """The row of a function that takes nothing but a message."""
    return Decoder(f"{read.__module__.rpartition('.')[2]}.{read.__name__}", read, samples)


def _told(read: Callable[[bytes], dict[str, str]]) -> Decoder:
    """The row of a function whose messages stand beside what they tell."""
    return decoder(read, *(data for _, other, data, _ in test_vendor_answers.TOLD if other is read))


def _tuya_inside(clear: bytes) -> object:
    veiled = aes.encrypt_ecb(tuya.UDP_KEY, clear[:64])
    return tuya.decode_broadcast(test_tuya.HEADER + bytes(4) + veiled + bytes(4) + bytes.fromhex("0000aa55"))


def _gree_inside(clear: bytes) -> object:
    return gree.decode_reply(test_vendor_answers.veil_gree(clear[:112]))


def _midea_inside(clear: bytes) -> object:
    return midea.decode_reply(test_vendor_answers.veil_midea(clear[:112]))


_TUYA_SAID = b'{"gwId":"bf90","productKey":"3b","version":"3.3"}'
_BROADLINK = (bytes(0x34) + b"\x2a\x27" + bytes(4) + bytes.fromhex("0302c1b0a0b0") + b"plug\0").ljust(0x80, b"\0")

MAKERS = (
    *map(_told, dict.fromkeys(read for _, read, _, _ in test_vendor_answers.TOLD)),
    decoder(broadlink.decode_reply, _BROADLINK),
    decoder(dhip.decode_reply, test_dhip.GOOD, test_dhip.BROKEN),
    decoder(dvrip.decode_reply, test_dvrip.REPLY),
    decoder(foscam.decode_reply, test_foscam.PLAIN, test_foscam.XORED),
    Decoder("gree.decode_reply inside", _gree_inside, (test_vendor_answers.GREE_INSIDE,), timed=False),
    decoder(hanwha.decode_reply, test_hanwha.REPLY),
    decoder(kasa.decode, test_kasa.CAMERA),
    decoder(kasa.decode_reply, test_kasa.CAMERA, test_kasa.PLUG),
    Decoder(
        "kasa.decode_reply inside",
        lambda clear: kasa.decode_reply(kasa.encode(clear)),
        (kasa.decode(test_kasa.CAMERA), kasa.decode(test_kasa.PLUG)),
        timed=False,
    ),
    decoder(lifx.decode_reply, test_lifx.REPLY),
    Decoder("midea.decode_reply inside", _midea_inside, (test_vendor_answers.MIDEA_INSIDE,), timed=False),
    decoder(miio.decode_reply, *test_miio.REPLIES),
    decoder(pppp.decode_reply, test_pppp.SCRAMBLED_ANSWER, *map(bytes.fromhex, test_pppp.ANSWERS)),
    decoder(pppp.read_answer, *map(bytes.fromhex, test_pppp.ANSWERS)),
    decoder(pppp_heard.decode_traffic, b"\xf1\x12\0\x2c" + bytes(44), b"\xf1\xd0\3\xe8" + bytes(1000)),
    decoder(pppp_keys.decode_unlisted, test_pppp_keys.REAL, test_pppp_keys.answer("a phrase of ours")),
    decoder(reolink.decode_reply, test_reolink.REPLY),
    decoder(sadp.decode_reply, test_sadp.REPLY),
    decoder(tapo.decode_reply, test_tapo.CAMERA, test_tapo.say({"owner": "0" * 32, "connect_ssid": "Flat"})),
    Decoder(
        "rsa.read_public",
        lambda data: rsa.read_public(data.decode("latin-1")),
        (tapo.KEY_PAIR.write_public().encode(),),
    ),
    Decoder(
        "aes.decrypt_cbc",
        lambda data: aes.decrypt_cbc(tuya.UDP_KEY, data[:16], data[16:]),
        (bytes(16) + aes.encrypt_cbc(tuya.UDP_KEY, bytes(16), b"{}"),),
    ),
    Decoder(
        "tuya.decode_broadcast older", tuya.decode_broadcast, (test_tuya.PLAIN, test_tuya.ENCRYPTED, test_tuya.NEWER)
    ),
    Decoder("tuya.decode_broadcast inside", _tuya_inside, (_TUYA_SAID, bytes(4) + _TUYA_SAID), timed=False),
    decoder(tvt.decode_reply, test_tvt.SHORT, test_tvt.SHORT.ljust(240, b"a")),
    decoder(ubiquiti.decode_reply, test_ubiquiti.REPLY),
    decoder(v380.decode_reply, test_v380.REPLY),
    decoder(vstarcam.decode_reply, test_vstarcam.REPLY),
    decoder(wiz.decode_reply, test_wiz.REPLY),
    decoder(yeelight.decode_reply, test_yeelight.REPLY),
    Decoder(
        "aes.decrypt_ecb", lambda data: aes.decrypt_ecb(tuya.UDP_KEY, data), (aes.encrypt_ecb(tuya.UDP_KEY, b"{}"),)
    ),
)
