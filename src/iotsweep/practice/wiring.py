"""The practice network: a switch in one namespace, every device in its own, the laptop where the scan runs."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

from iotsweep.practice import netlink
from iotsweep.practice.home import Home, PracticeDevice
from iotsweep.practice.kernel import enter_network, inside, new_network

INTERFACE = "eth0"
_BRIDGE = "switch"
_MULTICAST = IPv4Network("224.0.0.0/4")
_EVERYWHERE = IPv4Network("0.0.0.0/0")
_SETTINGS = Path("/proc/sys/net/ipv4/conf/all/rp_filter")  # the larger of this and the interface's own counts


def build(home: Home, laptop: int) -> dict[str, int]:
    """Cable up every device and the laptop, and return each device's namespace.

    Leaves the calling thread in the switch's namespace. Raises OSError.
    """
    switch = new_network()
    netlink.set_up("lo")
    netlink.make_bridge(_BRIDGE)
    prefix = IPv4Network(home.network).prefixlen
    nodes: dict[str, int] = {}
    for number, device in enumerate(home.devices):
        nodes[device.id] = node = new_network()
        enter_network(switch)
        netlink.make_cable(f"port{number}", _BRIDGE, INTERFACE, device.mac, node)
        with inside(node, switch):
            _join(device.address, prefix, home.gateway)
            _behave(device, home)
    netlink.make_cable("laptop", _BRIDGE, INTERFACE, home.laptop.mac, laptop)
    with inside(laptop, switch):
        _join(home.laptop.address, prefix, home.gateway)
    return nodes


def _join(address: str, prefix: int, gateway: str) -> None:
    netlink.set_up("lo")
    netlink.prepare_node(INTERFACE)
    with suppress(OSError):  # read-only in some containers; then only a device that drops everything hides from ARP too
        _SETTINGS.write_text("0")
    netlink.set_up(INTERFACE)
    netlink.add_address(INTERFACE, IPv4Interface(f"{address}/{prefix}"))
    netlink.add_route(_MULTICAST, INTERFACE)
    if address != gateway:
        netlink.add_route(_EVERYWHERE, INTERFACE, gateway)


def _behave(device: PracticeDevice, home: Home) -> None:
    for address in device.also_answers_for:
        netlink.add_address(INTERFACE, IPv4Interface(f"{address}/32"))
    if device.drops_everything:
        netlink.never_answer(IPv4Network(home.laptop.address))
