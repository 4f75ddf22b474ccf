"""What stands between this laptop and the devices: interfaces, rights, drivers, firewalls. Pure."""

from __future__ import annotations

from iotsweep.doctor.facts import LINUX, MACOS, WINDOWS, Facts, Finding
from iotsweep.model import Profile
from iotsweep.network.scope import ScopeError, choose_scope

# Answers to a question to a group come from the devices' fixed ports, and a firewall takes them for strangers.
_OPEN_REPLIES = {
    "ufw": "sudo ufw allow proto udp from any port 1900,3702,5353; after the visit: "
    "sudo ufw delete allow proto udp from any port 1900,3702,5353",
    "firewalld": "sudo firewall-cmd --add-source-port=1900/udp --add-source-port=3702/udp --add-source-port=5353/udp "
    "(it lasts until the next start)",
    "nftables": "look with: sudo nft list ruleset. If input is dropped, for the visit: sudo nft insert rule inet "
    "filter input udp sport { 1900, 3702, 5353 } accept (names of table and chain as the list shows them)",
    "iptables": "look with: sudo iptables -S INPUT. If input is dropped, for the visit: "
    "sudo iptables -I INPUT -p udp -m multiport --sports 1900,3702,5353 -j ACCEPT",
    "macOS firewall": "System Settings > Network > Firewall > Options: switch off 'Block all incoming connections', "
    "and let python3 accept connections",
    "Windows firewall": "in an administrator's PowerShell: New-NetFirewallRule -DisplayName 'home check' -Direction "
    "Inbound -Protocol UDP -RemotePort 1900,3702,5353 -RemoteAddress LocalSubnet -Action Allow; after the visit: "
    "Remove-NetFirewallRule -DisplayName 'home check'",
}


def check_interface(facts: Facts) -> Finding:
    """Which network a check would take."""
    try:
        scope = choose_scope(facts.interfaces, interface=None, network=None, profile=Profile.STANDARD)
    except ScopeError as error:
        message = str(error)
        what, _, remedy = message.rpartition(": ")
        return Finding("network interface", what or message, (remedy or message).removesuffix("."))
    usable = {found.name for found in facts.interfaces if found.passed_over is None}
    others = sorted(usable - {scope.interface})
    note = f"; also here: {', '.join(others)} (choose with --interface)" if others else ""
    return Finding("network interface", f"a check takes {scope.network} through {scope.interface}{note}")


def check_vpn(facts: Facts) -> Finding:
    """A VPN can swallow what is meant for the home, or what it answers."""
    tunnels = [
        found.name for found in facts.interfaces if found.up and "VPN" in (found.passed_over or "") and found.address
    ]
    if not tunnels:
        return Finding("VPN", "no VPN is on")
    names = ", ".join(dict.fromkeys(tunnels))
    return Finding(
        "VPN",
        f"a VPN is on ({names}); some VPNs keep a laptop from reaching devices at home",
        "disconnect the VPN for the time of the visit, and switch off its 'kill switch' or 'block local network'",
    )


def check_rights(facts: Facts) -> Finding:
    """Whether ARP can be sent and frames heard."""
    if facts.privileged:
        return Finding("rights", "the link layer can be used: ARP finds devices that answer nothing else")
    fixes = {
        WINDOWS: "install Npcap (see the next line); no other rights are needed then",
        MACOS: "run it with sudo: sudo .venv/bin/iotsweep scan",
        LINUX: "run it with sudo: sudo .venv/bin/iotsweep scan. For this user for good: "
        'sudo setcap cap_net_raw+ep "$(readlink -f .venv/bin/python)", which lets every program of that Python do it',
    }
    return Finding(
        "rights",
        "the link layer cannot be used: devices that answer no program may be missed, and DHCP and ARP are not heard",
        fixes.get(facts.system, "run it with administrator rights"),
    )


def check_npcap(facts: Facts) -> Finding | None:
    """Windows only."""
    if facts.system != WINDOWS:
        return None
    if facts.npcap:
        return Finding("Npcap", "Npcap is installed")
    return Finding(
        "Npcap",
        "Npcap is not installed, so ARP cannot be sent",
        "install it from https://npcap.com before the visit, with 'Restrict to Administrators' left off, and start "
        "the terminal again",
    )


def check_firewall(facts: Facts) -> Finding:
    """A firewall that drops answers to questions that went to a group."""
    if not facts.firewalls:
        return Finding("firewall", "no firewall was seen that would drop devices' answers")
    fixes = [_OPEN_REPLIES[name] for name in facts.firewalls if name in _OPEN_REPLIES]
    return Finding(
        "firewall",
        f"{', '.join(facts.firewalls)} may drop what devices answer to multicast questions, or announce by themselves",
        "; ".join(fixes) or "let UDP from the home's network in on ports 5353, 1900 and 3702 for the visit",
    )


def check_local_network(facts: Facts) -> Finding | None:
    """macOS keeps programs from the local network until somebody allows it; they see 'No route to host'."""
    if facts.system != MACOS or facts.local_network_denied is False:
        return None
    return Finding(
        "local network permission",
        "macOS 15 and later answers 'No route to host' for devices at home until this terminal program is allowed to "
        "reach them",
        "System Settings > Privacy & Security > Local Network: switch on the terminal program, then quit and open it "
        "again. Apple's own Terminal, and any program with sudo, need no permission",
    )


def check_antivirus(facts: Facts) -> Finding:
    """Some antivirus programs quarantine scanners, or tell the employer."""
    if not facts.antivirus:
        return Finding("antivirus", "no antivirus was seen that is known to stop scanners")
    return Finding(
        "antivirus",
        f"{', '.join(facts.antivirus)}: such programs may remove network scanners such as nmap, or report them to "
        "whoever manages this laptop",
        "ask whoever manages this laptop to allow the folder of iotsweep, and try `iotsweep demo` before the visit",
    )


def check_isolation(facts: Facts) -> Finding:
    """Whether the Wi-Fi keeps devices apart cannot be told without asking somebody."""
    return Finding(
        "client isolation",
        "whether this Wi-Fi keeps devices apart shows only in a check: then nobody but the router answers, and the "
        "report says so. Guest networks mostly do; then join the home's main Wi-Fi, or plug a cable into the router",
    )


def check_nmap(facts: Facts) -> Finding:
    """nmap is only for --nmap."""
    if facts.nmap:
        return Finding("nmap", f"nmap is at {facts.nmap}; it is used only with --nmap")
    return Finding("nmap", "nmap is not installed; it is needed only for --nmap")


NETWORK_CHECKS = (
    check_interface,
    check_vpn,
    check_rights,
    check_npcap,
    check_firewall,
    check_local_network,
    check_antivirus,
    check_isolation,
    check_nmap,
)
