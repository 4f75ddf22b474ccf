"""What this laptop shows of itself, and what the evidence depends on: names, sharing, clock, data, disk. Pure."""

from __future__ import annotations

import re
from datetime import date

from iotsweep.doctor.facts import LINUX, MACOS, WINDOWS, Facts, Finding
from iotsweep.model import Profile
from iotsweep.network.scope import ScopeError, choose_scope

OLD_DAYS = 180
LEAST_FREE = 500_000_000  # bytes: evidence of a large home is some megabytes, captures are more
# What the systems' own setups and shops call a computer: these names tell nobody anything.
_NEUTRAL = re.compile(
    r"(laptop|notebook|computer|pc|desktop|localhost|linux|debian|ubuntu|fedora|macbook(-?(air|pro))?|mac|"
    r"(desktop|laptop|win)-[a-z0-9]{5,12}|thinkpad|surface|chromebook)(-?\d{0,4})",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(refuge|shelter|charity|advoca|support|safety|council|police|court|legal|victim|women|family|clinic|social|"
    r"service|trust|centre|center|office|corp|gmbh|ltd|inc|\.org|\.gov|\.local\.[a-z])",
    re.IGNORECASE,
)
_RENAME = {
    LINUX: "sudo hostnamectl set-hostname laptop, and join the Wi-Fi again",
    MACOS: "System Settings > General > About > Name, and General > Sharing > Local hostname",
    WINDOWS: "in an administrator's PowerShell: Rename-Computer laptop, and start again",
}
_MADE_UP = 0x02  # IEEE 802: the U/L bit of the first byte
_RANDOMISE = {
    LINUX: "nmcli connection modify WIFI-NAME 802-11-wireless.cloned-mac-address random (once it was joined), and join "
    "the Wi-Fi again",
    MACOS: "System Settings > Wi-Fi > Details of this network > Private Wi-Fi address: Rotating",
    WINDOWS: "Settings > Network & internet > Wi-Fi > this network > Random hardware addresses: Change daily",
}
_STOP_MDNS = {
    LINUX: "for the visit: sudo systemctl stop avahi-daemon.socket avahi-daemon (for systemd-resolved: sudo resolvectl "
    "mdns INTERFACE no); it starts again with the laptop",
    MACOS: "macOS needs it; give the laptop a plain name and switch sharing off instead",
    WINDOWS: "close the programs named, for the visit",
}
_COMPARE = "compare this time with a phone's, to the second, and write the difference down: date -u"


def check_hostname(facts: Facts) -> Finding:
    """The router's list of devices shows the laptop's name to whoever runs it."""
    name = facts.hostname
    short = name.partition(".")[0]
    person = next((part for part in re.split(r"[^a-z]+", facts.user.lower()) if len(part) > 2), "")
    why = ""
    if _ORGANISATION.search(name):
        why = "looks like the name of an organisation"
    elif person and person in short.lower() and person not in {"user", "root", "admin", "laptop"}:
        why = "holds the name of the person who uses it"
    elif not _NEUTRAL.fullmatch(short) or "." in name.removesuffix(".local").removesuffix(".lan"):
        why = "may tell who uses it"
    if not name or not why:
        return Finding("name of this laptop", f"{name!r} tells nobody anything" if name else "it could not be read")
    fix = _RENAME.get(facts.system, "give it a plain name such as 'laptop'")
    return Finding("name of this laptop", f"{name!r} {why}; the router's list of devices shows it", fix)


def check_address(facts: Facts) -> Finding | None:
    """The router keeps the laptop's hardware address; the card's own tells its maker and is the same at every visit."""
    try:
        scope = choose_scope(facts.interfaces, interface=None, network=None, profile=Profile.STANDARD)
    except ScopeError:
        return None
    if not scope.mac:
        return Finding("hardware address of this laptop", "the system does not tell it")
    said = f"{scope.mac} on {scope.interface}"
    if int(scope.mac[:2], 16) & _MADE_UP:
        return Finding(
            "hardware address of this laptop",
            f"{said} is a made-up one; write it down, and take another one for the next visit",
        )
    return Finding(
        "hardware address of this laptop",
        f"{said} is the card's own: it tells the laptop's maker, and the router knows it again at every visit",
        f"{_RANDOMISE.get(facts.system, 'use a random hardware address for this Wi-Fi')}. The laptop still shows up "
        "as a new device, and a cable keeps the card's own address",
    )


def check_mdns(facts: Facts) -> Finding:
    """Another program at port 5353 may announce this laptop, or keep answers to itself."""
    if facts.mdns_programs is None:
        return Finding("another mDNS responder", "which programs use UDP port 5353 cannot be told without more rights")
    if not facts.mdns_programs:
        return Finding("another mDNS responder", "no other program uses UDP port 5353")
    names = ", ".join(facts.mdns_programs)
    return Finding(
        "another mDNS responder",
        f"{names}: it uses UDP port 5353 too and may announce this laptop's name to every device",
        _STOP_MDNS.get(facts.system, "close the programs named, for the visit"),
    )


def check_sharing(facts: Facts) -> Finding:
    """Shared folders announce the laptop to everybody."""
    if not facts.file_sharing:
        return Finding("file sharing", "no file sharing was seen")
    fixes = {
        LINUX: "for the visit: sudo systemctl stop smbd nmbd wsdd nfs-server",
        MACOS: "System Settings > General > Sharing: switch everything off",
        WINDOWS: "Settings > Network & internet > Advanced sharing settings: switch file sharing and network discovery "
        "off, or set this Wi-Fi to 'Public network'",
    }
    return Finding(
        "file sharing",
        f"{', '.join(facts.file_sharing)}: this laptop shows up with its name on other people's computers",
        fixes.get(facts.system, "switch file sharing off for the visit"),
    )


def check_programs(facts: Facts) -> Finding:
    """Sync and chat talk to the internet while a check runs, and show messages on the screen."""
    if not facts.remote_programs:
        return Finding("sync and chat", "no sync or chat program was seen")
    names = ", ".join(facts.remote_programs)
    return Finding("sync and chat", f"{names} runs and may send or show something during the visit", f"quit {names}")


def check_clock(facts: Facts) -> Finding:
    """No time server is asked: nothing leaves for the internet."""
    said = f"it is {facts.time} (UTC)"
    if facts.clock_synchronised:
        return Finding("clock", f"{said}; the system says that its clock is set from the network")
    if facts.clock_synchronised is None:
        return Finding("clock", f"{said}; no time server is asked from here, so {_COMPARE}")
    return Finding("clock", f"{said}, and the system says that nothing sets its clock", _COMPARE)


def check_data(facts: Facts) -> Finding:
    """Old tables name fewer devices."""
    said = f"{facts.catalogue_fingerprints} product families ({facts.catalogue_version}), hardware addresses of "
    said += facts.vendors_date
    try:
        age = (date.fromisoformat(facts.today) - date.fromisoformat(facts.vendors_date)).days
    except ValueError:
        return Finding("bundled data", said)
    if age <= OLD_DAYS:
        return Finding("bundled data", said)
    return Finding("bundled data", f"{said}: {age} days old", "install the newest iotsweep before the visit")


def check_disk(facts: Facts) -> Finding:
    """Evidence needs room."""
    if facts.free_bytes is None:
        return Finding("free disk", "it could not be read")
    said = f"{facts.free_bytes / 1e9:.1f} GB are free"
    if facts.free_bytes >= LEAST_FREE:
        return Finding("free disk", said)
    return Finding("free disk", said, "make room for at least 0.5 GB, or save to another disk")


def check_encryption(facts: Facts) -> Finding:
    """A lost laptop should tell nothing."""
    if facts.disk_encrypted:
        return Finding("disk encryption", "the disk is encrypted")
    fixes = {
        LINUX: "look with: lsblk -o NAME,TYPE,MOUNTPOINT (a line of type 'crypt'). Without one, save to an encrypted "
        "stick",
        MACOS: "System Settings > Privacy & Security > FileVault: switch it on",
        WINDOWS: "Settings > Privacy & security > Device encryption, or BitLocker: switch it on",
    }
    fix = fixes.get(facts.system, "switch disk encryption on")
    if facts.disk_encrypted is None:
        return Finding("disk encryption", f"it cannot be told from here. {fix[:1].upper()}{fix[1:]}")
    return Finding("disk encryption", "the disk is not encrypted", fix)


LAPTOP_CHECKS = (
    check_hostname,
    check_address,
    check_mdns,
    check_sharing,
    check_programs,
    check_clock,
    check_data,
    check_disk,
    check_encryption,
)
