"""What cameras and recorders answer to their makers' questions, byte by byte.

Where a real answer holds a secret, one that was made up stands in its place, so that tests can look for it in vain.
"""

from __future__ import annotations

import json
import struct
from ipaddress import IPv4Address
from itertools import cycle

from iotsweep.practice.home import PracticeDevice, Vendor
from iotsweep.wire.pppp_scramble import scramble

SECRET = "practice-secret"  # noqa: S105  (looked for by tests, a secret of nobody)
_MASK, _GATEWAY = "255.255.255.0", "192.168.1.254"


def _mac(device: PracticeDevice) -> bytes:
    return bytes.fromhex(device.mac.replace(":", ""))


def _ip(device: PracticeDevice) -> bytes:
    return IPv4Address(device.address).packed


def _put(size: int, *fields: tuple[int, bytes | str]) -> bytes:
    """A frame of `size` bytes with fields at their places, zero elsewhere."""
    frame = bytearray(size)
    for place, value in fields:
        data = value.encode() if isinstance(value, str) else value
        frame[place : place + len(data)] = data
    return bytes(frame)


def pppp(device: PracticeDevice, vendor: Vendor) -> bytes:
    """`id` as on the label: PREFIX-123456-CHECK."""
    prefix, number, check = vendor.id.split("-")
    clear = b"\xf1\x41\0\x14" + prefix.encode().ljust(8, b"\0") + struct.pack("!I", int(number))
    clear += check.encode().ljust(8, b"\0")
    return scramble(vendor.phrase, clear) if vendor.phrase else clear


def v380(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Fields between circumflexes: 2 the MAC, 3 the address, 12 the id."""
    fields = ["NVDEVRESULT", "1", device.mac.upper(), device.address, _MASK, _GATEWAY, *["0"] * 6, vendor.id, "0"]
    return "^".join(fields).encode()


def xmeye(device: PracticeDevice, vendor: Vendor) -> bytes:
    """A header with message 0x05fb, then JSON."""
    common = {
        "HostIP": f"0x{int.from_bytes(_ip(device), 'little'):08X}",
        "HostName": vendor.name,
        "MAC": device.mac,
        "SN": vendor.id,
        "TCPPort": 34567,
        "UDPPort": 34568,
        "SSLPort": 8443,
        "OtherFunction": "D=2026-10-01 08:00:00 V=practice",
    }
    body = json.dumps({"NetWork.NetCommon": common, "Ret": 100, "SessionID": "0x0"}).encode() + b"\n\0"
    return struct.pack("<BBHIIHHI", 0xFF, 1, 0, 0, 0, 0, 0x05FB, len(body)) + body


def vstarcam(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Some firmware puts the login name and password into the last fields."""
    return _put(
        0x130,
        (0x00, b"DH\1\x08"),
        (0x04, device.address),
        (0x14, _MASK),
        (0x24, _GATEWAY),
        (0x54, _mac(device)),
        (0x5A, struct.pack("<H", 81)),
        (0x5C, vendor.id),
        (0x7C, vendor.name),
        (0xCC, vendor.firmware),
        (0xEC, f"admin-{SECRET}"),
        (0x10C, SECRET),
    )


def foscam(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Everything after the header is XORed with a key that stands in the header."""
    key = b"_Foscam_"
    clear = _put(
        87,
        (0x17, device.mac.replace(":", "").upper()),
        (0x24, vendor.name),
        (0x39, _ip(device)),
        (0x3D, IPv4Address(_MASK).packed),
        (0x4D, bytes([1, 11, 5, 2])),
        (0x51, bytes([2, 0, 10, 1])),
        (0x55, struct.pack("!H", 88)),
    )
    head = b"MO_I\1\0\1" + key + struct.pack("<I", 0x40) + bytes(4)
    return head + bytes(byte ^ veil for byte, veil in zip(clear[0x17:], cycle(key), strict=False))


def vivotek(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Fields of one byte each for type and length."""
    fields = ((1, vendor.name.encode()), (2, _mac(device)), (3, _ip(device)), (9, vendor.model.encode()))
    return b"\x02\x4a\x5d\x8f\x1c" + b"".join(bytes([kind, len(value)]) + value for kind, value in fields)


def sadp(device: PracticeDevice, vendor: Vendor) -> bytes:
    """XML with a salt in it."""
    elements = {
        "Uuid": "1B2C3D4E-0000-4000-8000-000000000001",
        "Types": "inquiry",
        "DeviceType": "69121",
        "DeviceDescription": vendor.model,
        "DeviceSN": vendor.id,
        "CommandPort": "8000",
        "HttpPort": "80",
        "MAC": device.mac.replace(":", "-"),
        "IPv4Address": device.address,
        "SoftwareVersion": vendor.firmware,
        "BootTime": "2026-10-01 08:00:00",
        "Salt": SECRET,
        "Activated": "true",
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ProbeMatch>{inside}</ProbeMatch>\n'.encode()


def dhip(device: PracticeDevice, vendor: Vendor) -> bytes:
    """A header of 32 bytes, then JSON."""
    info = {
        "DeviceClass": "IPC",
        "DeviceType": vendor.model,
        "MachineName": vendor.name,
        "SerialNo": vendor.id,
        "Vendor": "General",
        "Version": vendor.firmware,
        "Port": 37777,
        "Init": 1,
    }
    whole = {"mac": device.mac, "method": "client.notifyDevInfo", "params": {"deviceInfo": info}}
    body = json.dumps(whole).encode() + b"\n"
    return b"\x20\0\0\0DHIP" + struct.pack("<8xIIII", len(body), 0, len(body), 0) + body


def dahua_v1(device: PracticeDevice, vendor: Vendor) -> bytes:
    """A binary head, MAC and model, then lines."""
    lines = f"Name:PrivateName\r\nDevice:{vendor.model}\r\n\r\nSerialNo:{vendor.id}\r\n\r\n".encode()
    head = _put(
        0x78,
        (0x00, bytes([0xB3, 0, 17 + len(vendor.model)])),
        (0x14, struct.pack("<H", len(lines))),
        (0x28, vendor.name[:16]),
        (0x38, _ip(device)),
        (0x5E, struct.pack("<HHH", 80, 443, 37777)),
    )
    return head + device.mac.encode() + vendor.model.encode() + lines


def reolink(device: PracticeDevice, vendor: Vendor) -> bytes:
    """388 bytes, an access key among them."""
    return _put(388, (0x50, _mac(device)), (0x60, device.address), (164, device.mac), (196, vendor.model),
                (228, vendor.id), (300, SECRET))  # fmt: skip


def tvt(device: PracticeDevice, vendor: Vendor) -> bytes:
    """240 bytes."""
    return _put(
        240,
        (0, b"MHED\x09\0\1\0\2\0"),
        (12, vendor.name),
        (32, _mac(device)),
        (40, _ip(device)),
        (56, struct.pack("<IHH", 20200515, 80, 554)),
        (140, vendor.id),
        (156, vendor.firmware),
        (196, vendor.model),
        (212, "TVT"),
    )


def hanwha(device: PracticeDevice, vendor: Vendor) -> bytes:
    """262 bytes of text fields."""
    return _put(262, (0, b"\x0b"), (0x13, device.mac), (0x25, device.address), (0x6D, vendor.model[:10]),
                (0x85, f"http://{device.address}/"))  # fmt: skip


def sony(device: PracticeDevice, vendor: Vendor) -> bytes:
    """NAME:VALUE, each ended by ff."""
    fields = {"MAC": device.mac.replace(":", "-"), "MODEL": vendor.model, "SERIAL": vendor.id, "INFO": "allinfo",
              "IPADR": device.address, "MASK": _MASK, "WEBPORT": "80", "SOFTVERSION": vendor.firmware}  # fmt: skip
    return b"\2" + b"".join(f"{name}:{value}".encode() + b"\xff" for name, value in fields.items()) + b"\3"


def panasonic(device: PracticeDevice, vendor: Vendor) -> bytes:
    """A head of 53 bytes, then fields of two bytes each for type and length."""
    head = _put(53, (0, b"\0\1\1\x75\0\x0e"), (6, _mac(device)))
    texts = {0xA7: vendor.name, 0xA8: vendor.model, 0xA9: vendor.firmware}
    fields = [(0x20, _ip(device)), *((kind, value.encode().ljust(16, b"\0")) for kind, value in texts.items())]
    return head + b"".join(struct.pack("!HH", kind, len(value)) + value for kind, value in fields) + bytes(2)


def bosch(device: PracticeDevice, vendor: Vendor) -> bytes:
    """The XML form, with a session key in it."""
    inside = (
        f"<friendlyName>{vendor.name}</friendlyName><serialNumber>{vendor.id}</serialNumber>"
        f"<physAddress>{device.mac.replace(':', '-')}</physAddress><sessionKey>{SECRET}</sessionKey>"
        f"<unitIPAddress>{device.address}</unitIPAddress><RCPPort>1756</RCPPort>"
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><root xmlns="OEM"><device>{inside}</device></root>'.encode()


def vision360(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Words of the form NAME=VALUE."""
    return f"DISCOVER TYPE={vendor.model} KEY='{device.mac}' ID={vendor.id}\r\n".encode()


def ubiquiti(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Version 2, fields of one byte for type and two for length."""
    fields = ((0x02, _mac(device) + _ip(device)), (0x01, _mac(device)), (0x0B, vendor.name.encode()),
              (0x0C, vendor.model.encode()), (0x03, vendor.firmware.encode()), (0x15, vendor.model.encode()),
              (0x17, b"\0"))  # fmt: skip
    body = b"".join(bytes([kind]) + struct.pack("!H", len(value)) + value for kind, value in fields)
    return b"\2\6" + struct.pack("!H", len(body)) + body
