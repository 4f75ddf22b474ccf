"""The link layer: ready-made frames out and in, through scapy's socket for whichever system this is."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import pickle
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from iotsweep.model import Scope

ETHERTYPE_ARP = 0x0806

_QUEUE = 8192
_BURST = 512  # frames taken per turn of the event loop, so that a flood cannot keep it to itself
_BUFFER = 4 << 20
_ETHERNET = 1  # ARPHRD_ETHER of linux/if_arp.h and DLT_EN10MB of pcap(3)
_SO_RCVBUFFORCE = 33  # asm-generic/socket.h; Python does not name it
_REMEDY = "run it with administrator rights (on Windows, install Npcap as well)"
_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class LinkError(Exception):
    """The link layer cannot be used here; the message is one sentence that says what would mend it."""


def has_link_rights() -> bool:
    """True when this process may open a link-layer socket. Nothing is sent, and nothing imported."""
    if sys.platform.startswith("linux"):
        try:
            socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()  # protocol 0 receives nothing: packet(7)
        except OSError:
            return False
        return True
    if sys.platform == "win32":
        return Path(r"C:\Windows\System32\Npcap\wpcap.dll").exists()
    return os.geteuid() == 0


def open_socket(scope: Scope, kind: int = ETHERTYPE_ARP) -> Any:  # noqa: ANN401  (scapy's sockets have no common type)
    """scapy's link-layer socket on the scope's interface, for ARP unless told otherwise. Raises LinkError.

    Not promiscuous.
    """
    if not has_link_rights():
        raise LinkError(f"the link layer needs more rights: {_REMEDY}")
    try:
        with _private_folders():
            conf = _load_scapy()
        found = conf.L2socket(iface=scope.interface, type=kind, promisc=False)
    except Exception as error:  # scapy raises OSError, Scapy_Exception, ValueError and more, by system
        raise LinkError(f"the link layer of {scope.interface} does not open ({error}): {_REMEDY}") from error
    _enlarge(found)
    return found


class Link:
    """An open link-layer socket inside the event loop. Frames queue up to a limit; `dropped` counts the rest."""

    def __init__(self, own: Any) -> None:  # noqa: ANN401
        self._socket = own
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE)
        self._closed = False
        self.dropped = 0
        self._stop = self._read_in_loop() if sys.platform.startswith("linux") else self._read_in_thread()

    @classmethod
    async def open(cls, scope: Scope) -> Link:
        """Open the link layer while the event loop goes on: loading scapy takes half a second. Raises LinkError."""
        opening = asyncio.ensure_future(asyncio.to_thread(open_socket, scope))
        try:
            return cls(await asyncio.shield(opening))
        except asyncio.CancelledError:
            opening.add_done_callback(_close_late)
            raise

    def send(self, frame: bytes) -> bool:
        """Send one frame; False when the system could not take it (a full queue, an interface that is gone)."""
        try:
            self._socket.outs.send(frame) if sys.platform.startswith("linux") else self._socket.send(frame)
        except OSError:
            return False
        return True

    async def receive(self, timeout: float) -> bytes | None:
        """The next frame, or None after `timeout` seconds."""
        if not self._queue.empty():
            return self._queue.get_nowait()
        try:
            async with asyncio.timeout(timeout):
                return await self._queue.get()
        except TimeoutError:
            return None

    def close(self) -> None:
        """Stop reading and close the socket."""
        self._closed = True
        self._stop()
        with contextlib.suppress(OSError):
            self._socket.close()

    def _keep(self, frame: bytes) -> None:
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.dropped += 1

    def _read_in_loop(self) -> Callable[[], object]:
        number = self._socket.fileno()
        self._socket.ins.setblocking(False)

        def read() -> None:
            try:
                for _ in range(_BURST):
                    frame = self._socket.recv_raw()[1]
                    if frame:
                        self._keep(frame)
            except BlockingIOError:
                return
            except OSError:  # the interface went away: nothing more will come
                self._loop.remove_reader(number)

        self._loop.add_reader(number, read)
        return lambda: self._loop.remove_reader(number)

    def _read_in_thread(self) -> Callable[[], object]:
        """macOS and Windows: a capture handle is no socket that every event loop can watch."""

        def read() -> None:
            while not self._closed:
                try:
                    frame = self._socket.recv_raw()[1]
                except (OSError, ValueError):
                    return
                if frame and not self._closed:
                    with contextlib.suppress(RuntimeError):  # the loop ended first
                        self._loop.call_soon_threadsafe(self._keep, frame)

        threading.Thread(target=read, daemon=True).start()
        return lambda: None


def _close_late(opening: asyncio.Future[Any]) -> None:
    """Nobody waits for this socket any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _load_scapy() -> Any:  # noqa: ANN401
    """scapy's configuration with the sockets of this system: no protocol layers, since `wire/` decodes."""
    import scapy.arch  # noqa: F401  (sets conf.L2socket)
    from scapy.config import conf
    from scapy.packet import Raw

    conf.l2types.register(_ETHERNET, Raw)
    return conf


def _enlarge(found: Any) -> None:  # noqa: ANN401
    """A larger queue for bursts of answers; where the system refuses, its own stays."""
    own = getattr(found, "ins", None)
    if isinstance(own, socket.socket):
        for option in (socket.SO_RCVBUF, _SO_RCVBUFFORCE) if sys.platform.startswith("linux") else ():
            with contextlib.suppress(OSError):
                own.setsockopt(socket.SOL_SOCKET, option, _BUFFER)


@contextmanager
def _private_folders() -> Iterator[None]:
    """scapy looks for pickles and start-up files in the user's folders; it gets an empty one of its own instead.

    Under sudo with HOME kept, the user's folder would decide what root loads. The folder holds empty vendor
    tables, because parsing scapy's own costs twice the time and memory of all the rest of the import
    and we never ask it for a vendor; should scapy not take them, it reads its own.
    """
    kept = {name: os.environ.get(name) for name in _FOLDERS}
    with tempfile.TemporaryDirectory(prefix="iotsweep-") as folder:
        os.environ.update(dict.fromkeys(_FOLDERS, folder))
        _plant_empty_tables(Path(folder) / "scapy")
        try:
            yield
        finally:
            for name, value in kept.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _plant_empty_tables(folder: Path) -> None:
    folder.mkdir()
    prefixes = ("/usr", "/usr/local", "/opt", "/opt/wireshark", "/Applications/Wireshark.app/Contents/Resources")
    files = [f"{prefix}/share/wireshark/manuf" for prefix in prefixes]
    manuf = next((file for file in files if Path(file).exists()), "")
    for name, source in (("manufdb", manuf), ("bluetoothids", "")):
        table: dict[str, object] = {"id": hashlib.sha256(source.encode()).hexdigest(), "content": {}}
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(table))
