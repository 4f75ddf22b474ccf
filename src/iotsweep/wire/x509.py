"""X.509: who a certificate says it is for and from (RFC 5280), through a small reader of DER (ITU-T X.690)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address

from iotsweep.wire.error import WireError

_LONGEST = 64 << 10  # bytes
_MOST = 64  # parts of a name, names of a certificate, extensions
_SEQUENCE, _SET, _OID, _OCTETS = 0x30, 0x31, 0x06, 0x04
_VERSION, _EXTENSIONS = 0xA0, 0xA3  # context tags of RFC 5280 section 4.1
_SAN = bytes.fromhex("551d11")  # 2.5.29.17
_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_TYPES = {  # RFC 4514 section 3, and the two that makers use besides
    "2.5.4.3": "CN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
}
_ESCAPED = str.maketrans({character: f"\\{character}" for character in '\\,+"<>;'})


@dataclass(frozen=True, slots=True)
class Certificate:
    """Names as RFC 4514 writes them, last part first; `sans` are names and addresses; the hash is of the DER."""

    subject: str
    issuer: str
    sans: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    body: bytes


def decode_certificate(der: bytes) -> Certificate:
    """Read one certificate. Raises WireError."""
    if len(der) > _LONGEST:
        raise WireError("this certificate is too long")
    fields = _parts(_only(_parts(_only([_element(der)], _SEQUENCE)), _SEQUENCE))
    if fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6:  # serial number, algorithm, issuer, validity, subject, key
        raise WireError("this certificate has too few fields")
    extensions = [field for field in fields[6:] if field.tag == _EXTENSIONS]
    return Certificate(
        subject=_name(fields[4]),
        issuer=_name(fields[2]),
        sans=_sans(extensions[0]) if extensions else (),
        sha256=hashlib.sha256(der).hexdigest(),
    )


def _element(data: bytes) -> _Element:
    return _parts(data)[0]


def _parts(data: bytes) -> list[_Element]:
    """The elements of a constructed value, at least one. Raises WireError for what is cut off or not DER."""
    parts: list[_Element] = []
    place = 0
    while place < len(data) and len(parts) < _MOST:
        tag, start, end = _header(data, place)
        parts.append(_Element(tag, data[start:end]))
        place = end
    if not parts:
        raise WireError("an element of this certificate is empty")
    return parts


def _header(data: bytes, place: int) -> tuple[int, int, int]:
    """Tag, start and end of the element at `place`: one-byte tags and lengths of at most three bytes."""
    if place + 2 > len(data) or data[place] & 0x1F == 0x1F:
        raise WireError("this certificate is not DER")
    length, start = data[place + 1], place + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 3 or start + count > len(data):
            raise WireError("this certificate has a length that is not DER")
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + length > len(data):
        raise WireError("this certificate is cut off")
    return data[place], start, start + length


def _only(parts: list[_Element], tag: int) -> bytes:
    """The body of the first part, which has to have this tag."""
    if parts[0].tag != tag:
        raise WireError("this certificate is not laid out as RFC 5280 says")
    return parts[0].body


def _name(field: _Element) -> str:
    """A distinguished name, last part first (RFC 4514 section 2.1)."""
    if field.tag != _SEQUENCE:
        raise WireError("a name of this certificate is not a sequence")
    written = []
    for part in _parts(field.body) if field.body else []:
        pairs = [_pair(pair) for pair in _parts(_only([part], _SET))]
        written.append("+".join(pairs))
    return ",".join(reversed(written))


def _pair(pair: _Element) -> str:
    parts = _parts(_only([pair], _SEQUENCE))
    if len(parts) < 2:
        raise WireError("a name of this certificate has a type without a value")
    kind = _oid(_only(parts, _OID))
    text = parts[1].body.decode(_TEXTS.get(parts[1].tag, "latin-1"), "replace")
    return f"{_TYPES.get(kind, kind)}={text[:512].translate(_ESCAPED)}"


def _oid(body: bytes) -> str:
    """An object identifier in dots (X.690 section 8.19)."""
    if not 1 <= len(body) <= 32:
        raise WireError("an object identifier of this certificate has a strange length")
    numbers, value = [], 0
    for byte in body:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    if not numbers:
        raise WireError("an object identifier of this certificate is cut off")
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def _sans(extensions: _Element) -> tuple[str, ...]:
    """The subject's other names: host names, addresses, URIs (RFC 5280 section 4.2.1.6)."""
    for extension in _parts(_only(_parts(extensions.body), _SEQUENCE)):
        parts = _parts(_only([extension], _SEQUENCE))
        if parts[0] == _Element(_OID, _SAN) and parts[-1].tag == _OCTETS:
            names = _parts(_only(_parts(parts[-1].body), _SEQUENCE))
            return tuple(text for name in names if (text := _general_name(name)))
    return ()


def _general_name(name: _Element) -> str:
    if name.tag in {0x81, 0x82, 0x86}:  # rfc822Name, dNSName, uniformResourceIdentifier
        return name.body[:512].decode("ascii", "replace")
    if name.tag == 0x87 and len(name.body) in {4, 16}:  # iPAddress
        return str(ip_address(name.body))
    return ""
