"""What running programs mean for a visit, by the name of their process. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# Process name in lower case, without .exe -> what people call it. From the products' own installation guides.
ANTIVIRUS = {
    "avp": "Kaspersky",
    "ekrn": "ESET",
    "esets_daemon": "ESET",
    "bdservicehost": "Bitdefender",
    "bdldaemon": "Bitdefender",
    "avastsvc": "Avast",
    "avgsvc": "AVG",
    "nortonsecurity": "Norton",
    "mfemms": "McAfee or Trellix",
    "sophosfilescanner": "Sophos",
    "sophosscand": "Sophos",
    "savd": "Sophos",
    "csfalconservice": "CrowdStrike Falcon",
    "falcon-sensor": "CrowdStrike Falcon",
    "falcond": "CrowdStrike Falcon",
    "sentinelagent": "SentinelOne",
    "sentineld": "SentinelOne",
    "s1-agent": "SentinelOne",
    "mssense": "Microsoft Defender for Endpoint",
    "wdavdaemon": "Microsoft Defender for Endpoint",
    "cbdefense": "Carbon Black",
    "ds_agent": "Trend Micro",
    "ntrtscan": "Trend Micro",
}
TALKING = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "nextcloud": "Nextcloud",
    "googledrivefs": "Google Drive",
    "google drive": "Google Drive",
    "slack": "Slack",
    "teams": "Teams",
    "ms-teams": "Teams",
    "msteams": "Teams",
    "signal-desktop": "Signal",
    "signal": "Signal",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "telegram-desktop": "Telegram",
    "discord": "Discord",
    "zoom": "Zoom",
    "zoom.us": "Zoom",
    "skype": "Skype",
    "teamviewer": "TeamViewer",
    "teamviewerd": "TeamViewer",
    "anydesk": "AnyDesk",
    "thunderbird": "Thunderbird",
    "outlook": "Outlook",
}
SHARING = {
    "smbd": "Windows file sharing (smbd)",
    "nmbd": "NetBIOS names (nmbd)",
    "wsdd": "WS-Discovery (wsdd)",
    "wsdd2": "WS-Discovery (wsdd2)",
    "nfsd": "NFS file sharing (nfsd)",
    "afpd": "Apple file sharing (afpd)",
    "minidlnad": "media sharing (minidlna)",
    "rygel": "media sharing (rygel)",
}
MDNS = {"avahi-daemon": "avahi-daemon", "mdnsresponder": "Bonjour (mDNSResponder)"}


def name_programs(running: Iterable[str], table: dict[str, str]) -> tuple[str, ...]:
    """What people call those of `running` that the table knows, each once, in alphabetical order."""
    return tuple(sorted({table[plain] for name in running if (plain := plain_name(name)) in table}))


def plain_name(name: str) -> str:
    """A process name as the tables have it. Linux cuts names after 15 letters (proc(5))."""
    return name.strip().lower().removesuffix(".exe")
