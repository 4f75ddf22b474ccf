"""For every test: lab tests only where a home can be built, and no test near a real network.

With IOTSWEEP_LAB=1 (as scripts/check sets it) a skipped test is a failed one: there everything has to run.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from typing import Any

import pytest

MUST_RUN = os.environ.get("IOTSWEEP_LAB") == "1"
_AF_PACKET = 17  # named only where the system has it
_watching = False
_breaches: list[str] = []


def pytest_configure() -> None:
    """Hear signals, also when started by `nohup` or in the background: what tests start inherits what is ignored."""
    for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a lab test with its reason where no home can be built."""
    if item.get_closest_marker("lab") is None:
        return
    from tests.lab.home import unavailable_here

    if reason := unavailable_here():
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where everything has to run, turn a skipped test into a failed one."""
    report: Any = yield
    if MUST_RUN and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where everything has to run: {report.longrepr[2]}"
    return report


@pytest.fixture(autouse=True)
def _near_no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that opens a socket beyond this machine; what a lab test does, it does inside namespaces."""
    global _watching
    _breaches.clear()
    _watching = True
    yield
    _watching = False
    if _breaches:
        pytest.fail(f"this test touched a network: {_breaches[0]}")


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or not event.startswith("socket.") or (breach := _breach(event, arguments)) is None:
        return
    _breaches.append(breach)
    raise RuntimeError(f"no network in tests: {breach}")


def _breach(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What this socket call would do beyond this machine, or None. Events: docs.python.org, audit events table."""
    if event == "socket.__new__":
        return "a link-layer socket" if int(arguments[1]) == _AF_PACKET else None
    if event == "socket.getaddrinfo":
        return None if _is_local(arguments[0]) else f"look-up of {arguments[0]!r}"
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}:
        address = arguments[1]
        if isinstance(address, tuple) and isinstance(address[0], str) and not _is_local(address[0]):
            return f"{event.partition('.')[2]} {address[0]}"
    return None


def _is_local(host: object) -> bool:
    """Loopback, or no particular address."""
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost"}:
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(_audit)
