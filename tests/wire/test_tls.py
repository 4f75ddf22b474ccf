"""What a server's certificate says of its device, compared with a library that we do not ship."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from iotsweep.wire.error import WireError
from iotsweep.wire.tls import find_certificate, is_alert, tls_facts
from iotsweep.wire.x509 import decode_certificate

CAST = (
    (NameOID.COUNTRY_NAME, "US"),
    (NameOID.STATE_OR_PROVINCE_NAME, "California"),
    (NameOID.LOCALITY_NAME, "Mountain View"),
    (NameOID.ORGANIZATION_NAME, "Google Inc"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "Cast"),
    (NameOID.COMMON_NAME, "Chromecast ICA 12"),
)


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate(subject: tuple[tuple[x509.ObjectIdentifier, str], ...], *sans: x509.GeneralName) -> bytes:
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in subject])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    issuer = x509.Name([x509.NameAttribute(kind, value) for kind, value in CAST])
    builder = x509.CertificateBuilder(issuer, name, key().public_key(), 7, day, day)
    if sans:
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
    return builder.sign(key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_a_certificate_gives_its_facts() -> None:
    names = x509.DNSName("hub.local"), x509.IPAddress(ip_address("192.168.1.9")), x509.DirectoryName(x509.Name([]))
    der = certificate(((NameOID.COMMON_NAME, "ecb5fafffe012345"), (NameOID.ORGANIZATION_NAME, "Philips Hue")), *names)
    assert tls_facts(der, 443) == {
        "tls.port": "443",
        "tls.subject": "O=Philips Hue,CN=ecb5fafffe012345",
        "tls.issuer": "CN=Chromecast ICA 12,OU=Cast,O=Google Inc,L=Mountain View,ST=California,C=US",
        "tls.san": ("hub.local", "192.168.1.9"),
        "tls.sha256": hashlib.sha256(der).hexdigest(),
    }


def test_a_certificate_without_names_still_has_a_hash() -> None:
    assert decode_certificate(certificate(())).subject == ""
    assert len(decode_certificate(certificate(())).sha256) == 64


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (NameOID.ORGANIZATION_NAME, "LifeSize Communications, Inc.", "O=LifeSize Communications\\, Inc."),
        (NameOID.COMMON_NAME, "Küche", "CN=Küche"),
        (NameOID.SERIAL_NUMBER, "42", "serialNumber=42"),
        (NameOID.DOMAIN_COMPONENT, "local", "DC=local"),
        (NameOID.EMAIL_ADDRESS, "a@b.example", "emailAddress=a@b.example"),
        (NameOID.PSEUDONYM, "x", "2.5.4.65=x"),
    ],
)
def test_names_are_written_as_rfc_4514_says(kind: x509.ObjectIdentifier, value: str, written: str) -> None:
    assert decode_certificate(certificate(((kind, value),))).subject == written


def test_every_cut_of_a_certificate_is_refused() -> None:
    der = certificate(CAST, x509.DNSName("a"))
    for cut in range(len(der)):
        with pytest.raises(WireError):
            decode_certificate(der[:cut])


@pytest.mark.parametrize(
    "data", [b"", b"\x30\x00", b"\x30\x80\x00\x00", b"\x30\x84\x7f\xff\xff\xff", b"\x1f" * 9, b"\x30" * 70_000]
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_certificate(data)


def test_an_alert_is_how_a_tls_port_answers_plain_text() -> None:
    assert is_alert(b"\x15\x03\x01\x00\x02\x02\x46")
    assert not is_alert(b"HTTP/1.1 400 Bad Request")


def handshake(*messages: tuple[int, bytes], cut: int = 100) -> bytes:
    stream = b"".join(bytes([kind]) + len(body).to_bytes(3, "big") + body for kind, body in messages)
    parts = [stream[start : start + cut] for start in range(0, len(stream), cut)]
    return b"".join(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part for part in parts)


def test_a_certificate_in_the_clear_is_found_over_several_records() -> None:
    der = certificate(CAST)
    chain = (2 * (len(der) + 3)).to_bytes(3, "big") + 2 * (len(der).to_bytes(3, "big") + der)
    stream = handshake((2, b"hello" * 9), (11, chain))
    assert find_certificate(stream) == der
    for cut in range(len(der)):
        with pytest.raises(WireError):
            find_certificate(stream[:cut])


@pytest.mark.parametrize(
    "stream", [b"", b"HTTP/1.1 400", handshake((2, b"x")), handshake((11, b"\0\0\0")), b"\x16\x03\x03\xff\xff"]
)
def test_a_stream_without_a_certificate_is_refused(stream: bytes) -> None:
    with pytest.raises(WireError):
        find_certificate(stream)
