"""What system files and commands say, read without trust in their language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

UFW = "/etc/ufw/ufw.conf"
IPTABLES = "/etc/iptables/rules.v4"
NFTABLES = "/etc/systemd/system/sysinit.target.wants/nftables.service"
FIREWALLD = "/run/firewalld"
_UFW_ON = re.compile(r"^\s*ENABLED\s*=\s*[\"']?yes", re.IGNORECASE | re.MULTILINE)
# A name may hold spaces; one of more than twelve letters has a line of its own before its place.
_SHARE = re.compile(r"^(?P<name>\S[^\r\n]*?)(?:[ \t]{1,40}|\r?\n[ \t]{2,40})(?P<place>[A-Za-z]:\\\S*)", re.MULTILINE)
_MOST = 1 << 16


def linux_firewalls(files: Mapping[str, str | None]) -> tuple[str, ...]:
    """The firewalls that these files (path -> text, None when absent) say are switched on."""
    found = []
    if _UFW_ON.search((files.get(UFW) or "")[:_MOST]):
        found.append("ufw")
    if files.get(FIREWALLD) is not None:
        found.append("firewalld")
    if files.get(NFTABLES) is not None:
        found.append("nftables")
    if files.get(IPTABLES) is not None and "ufw" not in found:
        found.append("iptables")
    return tuple(found)


def macos_firewall(text: str) -> bool:
    """Whether `socketfilterfw --getglobalstate` says that it is on (State = 1) or blocks all (State = 2)."""
    return bool(re.search(r"State\s*=\s*[12]", text))


def windows_firewall(text: str) -> bool:
    """Whether `reg query ...\\FirewallPolicy /s /v EnableFirewall` shows a profile that is on."""
    return bool(re.search(r"EnableFirewall\s+REG_DWORD\s+0x1\b", text))


def windows_shares(text: str) -> tuple[str, ...]:
    """The folders that `net share` lists beside the system's own, whose names end in $."""
    names = [found["name"] for found in _SHARE.finditer(text[:_MOST])]
    return tuple(f"shared folder {name}" for name in names if not name.endswith("$"))


def clock_is_set(text: str) -> bool | None:
    """What `timedatectl show -p NTPSynchronized --value` says; None when it says nothing."""
    return {"yes": True, "no": False}.get(text.strip())


def filevault_is_on(text: str) -> bool | None:
    """What `fdesetup status` says; None when it says nothing that is known."""
    if "FileVault is On" in text:
        return True
    return False if "FileVault is Off" in text else None


def terminal_needs_permission(environment: Mapping[str, str], root: bool) -> bool:
    """Whether macOS asks for this terminal program (Apple TN3179: not for root, Terminal, and SSH sessions)."""
    return not (root or environment.get("TERM_PROGRAM") == "Apple_Terminal" or "SSH_CONNECTION" in environment)
