from __future__ import annotations

import socket

import pytest

import tests.conftest as guard


def _was_refused() -> bool:
    found = bool(guard._breaches)
    guard._breaches.clear()  # what this file does on purpose must not fail it
    return found


@pytest.mark.parametrize("address", ["192.168.1.1", "224.0.0.251", "255.255.255.255", "8.8.8.8"])
def test_a_test_cannot_send_beyond_this_machine(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own, pytest.raises(RuntimeError, match="no network"):
        own.sendto(b"", (address, 9))
    assert _was_refused()


def test_a_test_cannot_connect_or_look_up_beyond_this_machine() -> None:
    with socket.socket() as own, pytest.raises(RuntimeError, match="no network"):
        own.connect(("192.168.1.1", 80))
    assert _was_refused()
    with pytest.raises(RuntimeError, match="no network"):
        socket.getaddrinfo("example.com", 80)
    assert _was_refused()


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    assert not _was_refused()
