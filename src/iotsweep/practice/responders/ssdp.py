"""SSDP (UPnP Device Architecture 2.0, section 1.3): answers M-SEARCH, one reply per matching target."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

from iotsweep.practice.home import PracticeDevice, Upnp
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_PORT = 1900
_GROUP = "239.255.255.250"
_LEAST_DELAY = 0.01


class Responder:
    """One device's search targets and what it answers with them."""

    def __init__(self, device: PracticeDevice, upnp: Upnp) -> None:
        self._upnp = upnp
        self._random = random.Random(device.id)  # noqa: S311  (a delay, not a secret)
        self._location = f"http://{device.address}:{upnp.port}{upnp.path}"
        own = f"uuid:{upnp.uuid}"
        kinds = ("upnp:rootdevice", upnp.device_type, *upnp.services)
        self._targets = {own: own, **{kind: f"{own}::{kind}" for kind in kinds}}

    def answer(self, data: bytes, sender: Sender) -> list[Reply]:
        """The replies to a search; none to anything else."""
        lines = data[:4096].decode("latin-1").splitlines()
        if not lines or not lines[0].startswith("M-SEARCH "):
            return []
        headers = {k.strip().lower(): v.strip() for k, colon, v in (line.partition(":") for line in lines[1:]) if colon}
        if headers.get("man") != '"ssdp:discover"':
            return []
        asked = headers.get("st", "")
        found = {st: usn for st, usn in self._targets.items() if asked in {st, "ssdp:all"}}
        most = min(self._upnp.delay, _longest_delay(headers))
        return [
            Reply(self._reply(st, usn), sender, self._random.uniform(min(_LEAST_DELAY, most), most))
            for st, usn in found.items()
        ]

    def _reply(self, target: str, usn: str) -> bytes:
        lines = ["HTTP/1.1 200 OK", "CACHE-CONTROL: max-age=1800", "EXT:", f"LOCATION: {self._location}"]
        lines += [f"SERVER: {self._upnp.server}", f"ST: {target}", f"USN: {usn}"]
        lines += [f"{name}: {value}" for name, value in self._upnp.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """Port 1900 in the SSDP group, when the device has UPnP."""
    if device.upnp:
        yield UdpListener(_PORT, Responder(device, device.upnp).answer, (_GROUP,))


def _longest_delay(headers: dict[str, str]) -> float:
    """The asker's MX in seconds; a unicast search has none and is answered within a second."""
    with suppress(ValueError):
        return max(0.0, min(5.0, float(headers.get("mx", "1"))))
    return 1.0
