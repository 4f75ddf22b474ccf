"""The small responders of the practice home, one file per protocol. Each gives listeners for one device."""

from __future__ import annotations

from iotsweep.practice.home import Home, PracticeDevice
from iotsweep.practice.listeners import Listener
from iotsweep.practice.responders import (
    datagrams,
    greetings,
    mdns,
    netbios,
    pages,
    reverse_names,
    ssdp,
    streams,
    vendors,
    ws_discovery,
)


def listeners(device: PracticeDevice, home: Home) -> tuple[Listener, ...]:
    """Everything that `device` listens on, by what its home declares."""
    return (
        *pages.listeners(device),
        *streams.listeners(device),
        *greetings.listeners(device),
        *mdns.listeners(device),
        *ssdp.listeners(device),
        *ws_discovery.listeners(device),
        *datagrams.listeners(device),
        *vendors.listeners(device),
        *netbios.listeners(device),
        *reverse_names.listeners(device, home),
    )
