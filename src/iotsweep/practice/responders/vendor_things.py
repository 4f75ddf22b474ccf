"""What plugs, lamps, appliances, and cameras of the same makers, answer to their makers' questions, byte by byte."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from ipaddress import IPv4Address

from iotsweep.practice.home import PracticeDevice, Vendor
from iotsweep.practice.responders.vendor_cameras import SECRET
from iotsweep.wire import aes, rsa
from iotsweep.wire import gree as gree_wire
from iotsweep.wire import midea as midea_wire
from iotsweep.wire import tuya as tuya_wire


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _bare(device: PracticeDevice) -> str:
    return device.mac.replace(":", "")


def tapo(device: PracticeDevice, vendor: Vendor, question: bytes = b"") -> bytes:
    """A header of 16 bytes, then JSON. `name` is the device type, as SMART.IPCAMERA.

    A part is encrypted for the key that the question brought, as cameras do; without one there is no such part.
    """
    result: dict[str, object] = {
        "device_id": SECRET,
        "device_type": vendor.name,
        "device_model": vendor.model,
        "ip": device.address,
        "mac": device.mac.replace(":", "-").upper(),
        "firmware_version": vendor.firmware,
        "factory_default": False,
        "mgt_encrypt_schm": {"encrypt_type": "AES", "http_port": 443},
    }
    if question:
        result["encrypt_info"] = _veil_for(json.loads(question[16:])["params"]["rsa_key"])
    body = _json({"error_code": 0, "result": result})
    return struct.pack("!BBHHBBII", 2, 0, 1, len(body), 0x11, 0, 0, zlib.crc32(body)) + body


def _veil_for(pem: str) -> dict[str, str]:
    """AES key and IV by RSA-OAEP, then what only the asker may read by AES-CBC; the names are those of a C210."""
    told = {
        "connect_ssid": "Practice Flat",
        "connect_type": "wireless",
        "device_id": SECRET,
        "http_port": 443,
        "last_alarm_time": "1795330800",
        "last_alarm_type": "motion",
        "owner": "0123456789ABCDEF0123456789ABCDEF",
        "sd_status": "normal",
    }
    key, start, seed = b"a practice key..", b"a practice start", b"a practice seed for "  # random in a real camera
    locked = rsa.encrypt(rsa.read_public(pem), key + start, seed)
    data = aes.encrypt_cbc(key, start, _json(told))
    return {"sym_schm": "AES", "key": base64.b64encode(locked).decode(), "data": base64.b64encode(data).decode()}


def miio(device: PracticeDevice, vendor: Vendor) -> bytes:
    """32 bytes; the last half can be the control token."""
    head = bytes.fromhex("2131002000000000") + struct.pack("!II", int(vendor.id), 0x01020304)
    return head + SECRET.encode().ljust(16)


def tuya(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Protocol 3.3: AES-128-ECB. `model` is the product key, `id` the gateway id."""
    clear = _json({"ip": device.address, "gwId": vendor.id, "active": 2, "encrypt": True, "productKey": vendor.model,
                   "version": "3.3"})  # fmt: skip
    body = bytes(4) + aes.encrypt_ecb(tuya_wire.UDP_KEY, clear)
    frame = bytes.fromhex("000055aa000000000000001300") + (len(body) + 8).to_bytes(3, "big") + body
    return frame + struct.pack("!I", zlib.crc32(frame)) + bytes.fromhex("0000aa55")


def tuya_35(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Protocol 3.5: AES-128-GCM."""
    clear = _json({"ip": device.address, "gwId": vendor.id, "version": "3.5", "productKey": vendor.model})
    return tuya_wire.encode_35(0x13, clear)


def gree(device: PracticeDevice, vendor: Vendor) -> bytes:
    """JSON with a veiled part."""
    inside = {"t": "dev", "cid": _bare(device), "brand": "gree", "name": vendor.name, "mac": _bare(device),
              "model": vendor.model, "ver": vendor.firmware}  # fmt: skip
    pack = base64.b64encode(aes.encrypt_ecb(gree_wire.SCAN_KEY, _json(inside))).decode()
    return _json({"t": "pack", "i": 1, "uid": 0, "cid": _bare(device), "tcid": "", "pack": pack})


def midea(device: PracticeDevice, vendor: Vendor) -> bytes:
    """`id` is the serial number of 32 characters, `name` the name of its own Wi-Fi: net_ac_63BA."""
    body = bytes(reversed(IPv4Address(device.address).packed)) + struct.pack("<I", 6444)
    body += vendor.id.encode().ljust(32, b"0") + bytes([len(vendor.name)]) + vendor.name.encode() + bytes(20)
    head = bytearray(bytes.fromhex("5a5a011100007a80") + bytes(32))
    head[20:26] = bytes.fromhex(_bare(device))
    veiled = aes.encrypt_ecb(midea_wire.VEIL_KEY, body)
    head[4:6] = struct.pack("<H", len(head) + len(veiled) + 16)
    return bytes(head) + veiled + bytes(16)


def broadlink(device: PracticeDevice, vendor: Vendor) -> bytes:
    """128 bytes. `model` is the device type as four hexadecimal digits."""
    frame = bytearray(0x80)
    frame[:8] = bytes.fromhex("5aa5aa555aa5aa55")
    frame[0x26] = 0x07
    frame[0x34:0x36] = bytes.fromhex(vendor.model)[::-1]
    frame[0x3A:0x40] = bytes.fromhex(_bare(device))[::-1]
    frame[0x40 : 0x40 + len(vendor.name)] = vendor.name.encode()
    return bytes(frame)


def coiot(device: PracticeDevice, vendor: Vendor) -> bytes:
    """CoAP 0.30 with options 11 (/cit/s) and 3332 (who it is)."""
    who = f"{vendor.model}#{_bare(device).upper()}#2".encode()
    path = b"\xb3cit\x01s"
    option = b"\xed" + struct.pack("!H", 3332 - 11 - 269) + bytes([len(who) - 13]) + who
    return b"\x50\x1e\0\1" + path + option + b"\xff" + _json({"G": [[0, 1101, 1]]})


def govee(device: PracticeDevice, vendor: Vendor) -> bytes:
    """JSON; the id looks like a MAC of eight bytes."""
    data = {"ip": device.address, "device": f"AA:BB:{device.mac.upper()}", "sku": vendor.model,
            "bleVersionHard": "3.01.01", "wifiVersionSoft": "1.02.03", "wifiVersionHard": "1.00.10"}  # fmt: skip
    return _json({"msg": {"cmd": "scan", "data": data}})


def magic_home(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Address, MAC and module."""
    return f"{device.address},{_bare(device).upper()},{vendor.model}".encode()


def yeelight(device: PracticeDevice, vendor: Vendor) -> bytes:
    """Like SSDP."""
    lines = ["HTTP/1.1 200 OK", "Cache-Control: max-age=3600", f"Location: yeelight://{device.address}:55443",
             "Server: POSIX UPnP/1.0 YGLC/1", f"id: {vendor.id}", f"model: {vendor.model}", "fw_ver: 76"]  # fmt: skip
    return "\r\n".join([*lines, ""]).encode()


def lifx(device: PracticeDevice, vendor: Vendor) -> bytes:
    """StateService: service 1 on port 56700."""
    head = struct.pack("<HHI", 41, 0x1400, 2) + bytes.fromhex(_bare(device)) + bytes(2) + bytes(16)
    return head + struct.pack("<HHBI", 3, 0, 1, 56700)


def wiz(device: PracticeDevice, vendor: Vendor) -> bytes:
    """JSON with the account's home and room in it."""
    result = {"mac": _bare(device), "homeId": 653906, "roomId": 989983, "moduleName": vendor.model,
              "fwVersion": vendor.firmware}  # fmt: skip
    return _json({"method": "getSystemConfig", "env": "pro", "result": result})
