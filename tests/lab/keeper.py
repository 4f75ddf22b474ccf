"""The first process of a home: builds it inside its own namespaces, says when it is ready, ends with its parent.

Run by home.py through `unshare`; `python -m tests.lab.keeper HOME` prints one line of JSON and then waits for the end
of its standard input. When it ends, the kernel frees every process and network of the home.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

from tests.lab.node import GATEWAY, LAPTOP, LAPTOP_ADDRESS, LAPTOP_MAC, Layout, Node, have_users, multicast_only

NODES = Path("/run/nodes")
PATIENCE = 60.0  # seconds until a home that is not ready is given up
_LISTEN = "0A"  # TCP_LISTEN in /proc/net/tcp (include/net/tcp_states.h)

# A namespace made by an ordinary user has no id but 0, and daemons insist on finding their own user.
_USERS = ("root", "avahi", "messagebus", "nobody", "ftp", "mosquitto", "dnsmasq", "www-data", "shairport-sync", "wsdd")
_ACCOUNTS = {
    "etc/passwd": "".join(f"{user}:x:0:0::/run/home:/bin/sh\n" for user in _USERS),
    "etc/group": "".join(f"{group}:x:0:\n" for group in (*_USERS, "nogroup", "netdev")),
}
_ETC = {
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/resolv.conf": f"nameserver {GATEWAY}\noptions timeout:1 attempts:1\n",
    **({} if have_users() else _ACCOUNTS),
}
_SETTINGS = {
    "net/ipv4/conf/all/arp_ignore": "1",  # or one node answers for another's address
    "net/ipv4/conf/all/arp_announce": "2",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/ping_group_range": "0 0",
    # An address at once, and a kernel that asks for no router: what a silent laptop sends is then nothing at all.
    **{
        f"net/ipv6/conf/{interface}/{setting}": "0"
        for interface in ("default", "eth0")
        for setting in ("accept_dad", "router_solicitations", "accept_ra")
    },
}


def lay_out(layout: Layout) -> tuple[Node, ...]:
    """The devices of a home and the laptop."""
    return (*layout.nodes, Node(LAPTOP, LAPTOP_MAC, int(LAPTOP_ADDRESS.rpartition(".")[2]), hostname="laptop"))


def main(home: str) -> None:
    """Build `home`, report, and wait."""
    from tests.lab.homes import find_layout

    nodes = lay_out(find_layout(home))
    started = time.monotonic()
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    _wire(nodes)
    running = {node.name: _start(node) for node in nodes}
    missing = _wait(nodes, running)
    report: dict[str, object] = {"pids": {name: process.pid for name, process in running.items()}}
    if missing:
        report["failed"] = {name: {"waiting for": what, "log": _log(name)} for name, what in missing.items()}
    sys.stdout.write(json.dumps({**report, "seconds": round(time.monotonic() - started, 2)}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def _wire(nodes: tuple[Node, ...]) -> None:
    """One switch, one network per device, one cable each. The switch itself never says a word (no IPv6, no STP)."""
    Path("/run/netns").mkdir()
    _batch(["netns add sw", *(f"netns add {node.name}" for node in nodes)])
    switch = ["link add br0 type bridge mcast_snooping 0 forward_delay 0 stp_state 0"]
    for number, node in enumerate(nodes):
        switch.append(f"link add p{number} type veth peer name eth0 address {node.mac} netns {node.name}")
    _in_switch(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
    _in_switch(["ip", "-batch", "-"], "\n".join(switch))
    up = ["link set br0 up", *(f"link set p{number} master br0 up" for number in range(len(nodes)))]
    _in_switch(["ip", "-batch", "-"], "\n".join(up))


def _batch(lines: list[str]) -> None:
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)


def _in_switch(command: list[str], lines: str = "") -> None:
    subprocess.run(["nsenter", "--net=/run/netns/sw", *command], input=lines, text=True, check=True)


def _start(node: Node) -> subprocess.Popen[bytes]:
    """Start one device: its own mount, UTS, IPC and process namespaces around its own network."""
    folder = NODES / node.name
    files = {path: text for daemon in node.daemons for path, text in daemon.files.items()}
    name = node.hostname or node.name
    hosts = f"127.0.0.1 localhost\n{node.address} {name} {name}.local\n"
    files |= {**_ETC, "etc/hosts": hosts, "init": script(node)}
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(0o755)
    for name in ("log", "home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    command = ["nsenter", f"--net=/run/netns/{node.name}", "unshare", "-muipf", "--kill-child", "--mount-proc", "sh"]
    with (folder / "log" / "init").open("wb") as log:
        return subprocess.Popen([*command, str(folder / "init")], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def script(node: Node) -> str:
    """The shell script that makes a device out of empty namespaces, and its first process from then on."""
    lines = [
        "set -e",
        "mount --make-rprivate /",
        "mount -t sysfs sysfs /sys || true",
        f"mount --bind {NODES / node.name} /run",
        *(f"mount --bind /run/{path} /{path}" for path in (*_ETC, "etc/hosts")),
        f"hostname {node.hostname or node.name}",
        *(f"echo {value} > /proc/sys/{name}" for name, value in _SETTINGS.items()),
        "export HOME=/run/home TMPDIR=/run/tmp PYTHONDONTWRITEBYTECODE=1",
        f"export address={node.address}",
        *_addressing(node),
    ]
    for number, daemon in enumerate(node.daemons):
        lines += [daemon.prepare] if daemon.prepare else []
        lines.append(f"{daemon.start} > /run/log/{number} 2>&1 &")
        if daemon.ready:
            lines.append(f"until [ -e {daemon.ready} ]; do sleep 0.02; done")
    lines += ["wait || true", "exec sleep infinity"]
    return "\n".join(lines) + "\n"


def _addressing(node: Node) -> list[str]:
    # Checksums and segmentation done in software: captures then hold exactly the packets of a real wire.
    lines = ["ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true", "ip link set lo up"]
    if not node.addressed:
        return [*lines, "echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6", "ip link set eth0 arp off up"]
    lines.append("ip link set eth0 up")
    if node.dhcp:
        return lines
    lines.append(f"ip addr add {node.address}/24 brd + dev eth0")
    route = "224.0.0.0/4 dev eth0" if node.address == GATEWAY else f"default via {GATEWAY}"
    return [*lines, f"ip route add {route}"]


def _wait(nodes: tuple[Node, ...], running: dict[str, subprocess.Popen[bytes]]) -> dict[str, list[str]]:
    """Poll every device's own socket table until all that it offers is there; what is still missing after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while True:
        missing = {node.name: what for node in nodes if (what := _missing(node, running[node.name].pid))}
        nodes = tuple(node for node in nodes if node.name in missing)
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(0.1)


def _missing(node: Node, pid: int) -> list[str]:
    tcp = {service.port for service in node.services if not multicast_only(service)}
    tcp |= {port for daemon in node.daemons for port in daemon.tcp}
    udp = {port for daemon in node.daemons for port in daemon.udp}
    found = [f"tcp {port}" for port in sorted(tcp - _open(pid, "tcp"))]
    found += [f"udp {port}" for port in sorted(udp - _open(pid, "udp"))]
    if node.addressed and node.address not in Path(f"/proc/{pid}/net/fib_trie").read_text():
        found.append(f"address {node.address}")
    return found


def _open(pid: int, protocol: str) -> set[int]:
    """The local ports of one network namespace, as `ss -Hltun` shows them, without starting a process."""
    ports = set()
    for version in ("", "6"):
        for line in Path(f"/proc/{pid}/net/{protocol}{version}").read_text().splitlines()[1:]:
            fields = line.split()
            if protocol == "udp" or fields[3] == _LISTEN:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def _log(name: str) -> str:
    logs = sorted(path for path in (NODES / name / "log").iterdir() if path.is_file())
    return "\n".join(f"{log.name}: {shlex.quote(log.read_text(errors='replace')[-800:])}" for log in logs)


if __name__ == "__main__":
    main(sys.argv[1])
