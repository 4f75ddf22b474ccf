"""What a device tells by mistake is dropped in the decoder: it reaches no observation, not even as a hash."""

from __future__ import annotations

import json

import pytest

from iotsweep.practice.home import PracticeDevice, Truth, Vendor
from iotsweep.practice.responders import vendor_cameras as cameras
from iotsweep.practice.responders import vendor_things as things
from iotsweep.wire import bosch, kasa, miio, own_pages, reolink, sadp, tapo, vstarcam, wiz
from iotsweep.wire.vendor_questions import QUESTIONS

DEVICE = PracticeDevice("thing", Truth(), "192.168.1.77", "a0:b1:c2:03:04:05")
WORD = cameras.SECRET


def _vendor(protocol: str) -> Vendor:
    return Vendor(protocol, id="12345678", name="Hall", model="C210", firmware="1")


def _kasa() -> bytes:
    place = {"latitude": 52.123456, "longitude": 13.654321, "latitude_i": 521234, "longitude_i": 136543}
    info = {"alias": "Porch", "model": "EC60(US)", "mac": "A0:B1:C2:03:04:05", "deviceId": "8006SECRETID", **place}
    return kasa.encode(json.dumps({"system": {"get_sysinfo": info}}).encode())


def _nested_kasa() -> bytes:
    info = {"system": {"model": "EC60(US)", "latitude": 52.123456, "longitude": 13.654321, "deviceId": "8006SECRETID"}}
    return kasa.encode(json.dumps({"system": {"get_sysinfo": info}}).encode())


def _miio() -> bytes:
    return things.miio(DEVICE, Vendor("miio", id="260426251"))


CASES = {
    "VStarcam's login name and password": (
        vstarcam.decode_reply, cameras.vstarcam(DEVICE, _vendor("vstarcam")), (WORD, "admin")),
    "miIO's token": (miio.decode_reply, _miio(), (WORD, WORD.encode().hex(), WORD.encode().ljust(16).hex())),
    "Reolink's access key": (reolink.decode_reply, cameras.reolink(DEVICE, _vendor("reolink")), (WORD,)),
    "SADP's salt": (sadp.decode_reply, cameras.sadp(DEVICE, _vendor("sadp")), (WORD,)),
    "Kasa's coordinates and account id": (
        kasa.decode_reply, _kasa(), ("52.12", "13.65", "521234", "136543", "8006SECRETID")),
    "a Kasa camera's coordinates": (kasa.decode_reply, _nested_kasa(), ("52.12", "13.65", "8006SECRETID")),
    "Tapo's device ids, the encrypted one too": (
        tapo.decode_reply, things.tapo(DEVICE, _vendor("tapo"), tapo.QUESTIONS[1]), (WORD,)),
    "Bosch's session key": (bosch.decode_reply, cameras.bosch(DEVICE, _vendor("bosch")), (WORD,)),
    "WiZ's home and room": (wiz.decode_reply, things.wiz(DEVICE, _vendor("wiz")), ("653906", "989983")),
    "Roku's ids and the Wi-Fi's name": (
        own_pages.decode_roku,
        b"<device-info><udn>s3cret-udn</udn><serial-number>s3cret-sn</serial-number><model-name>Roku 3</model-name>"
        b"<network-name>s3cret-wifi</network-name></device-info>",
        ("s3cret",)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_is_sent_and_never_kept(name: str) -> None:
    decode, reply, secrets = CASES[name]
    facts = decode(reply)
    assert facts, "the answer as a whole was refused, which proves nothing"
    told = json.dumps(facts).lower()
    assert not [secret for secret in secrets if secret.lower() in told]


@pytest.mark.parametrize(
    "decode",
    [vstarcam.decode_reply, miio.decode_reply, reolink.decode_reply, sadp.decode_reply, kasa.decode_reply,
     tapo.decode_reply, bosch.decode_reply],
)  # fmt: skip
def test_of_an_answer_with_a_secret_not_even_the_hash_is_kept(decode: object) -> None:
    assert all(question.withheld for question in QUESTIONS if question.decode is decode)
