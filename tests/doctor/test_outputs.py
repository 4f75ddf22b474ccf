"""What system files and commands say, as each system writes it."""

from __future__ import annotations

from iotsweep.doctor import outputs
from iotsweep.doctor.programs import ANTIVIRUS, MDNS, SHARING, TALKING, name_programs


def test_linux_firewalls_are_read_from_files_that_everybody_may_read() -> None:
    assert outputs.linux_firewalls({outputs.UFW: "# comment\nENABLED=yes\nLOGLEVEL=low\n"}) == ("ufw",)
    assert outputs.linux_firewalls({outputs.UFW: "ENABLED=no\n", outputs.FIREWALLD: ""}) == ("firewalld",)
    assert outputs.linux_firewalls({outputs.NFTABLES: "", outputs.IPTABLES: ""}) == ("nftables", "iptables")
    assert outputs.linux_firewalls({outputs.UFW: "ENABLED=yes", outputs.IPTABLES: ""}) == ("ufw",)
    assert outputs.linux_firewalls({outputs.UFW: None}) == outputs.linux_firewalls({}) == ()


def test_the_macos_firewall_is_on_when_it_says_so() -> None:
    assert outputs.macos_firewall("Firewall is enabled. (State = 1)\n")
    assert outputs.macos_firewall("Firewall is blocking all non-essential incoming connections. (State = 2)\n")
    assert not outputs.macos_firewall("Firewall is disabled. (State = 0)\n")
    assert not outputs.macos_firewall("")


def test_the_windows_firewall_is_on_when_one_profile_is() -> None:
    off = "HKEY_LOCAL_MACHINE\\SYSTEM\\X\\PublicProfile\r\n    EnableFirewall    REG_DWORD    0x0\r\n"
    assert not outputs.windows_firewall(off)
    assert outputs.windows_firewall(off + off.replace("0x0", "0x1"))


def test_shared_folders_of_windows_are_told_from_its_own_in_any_language() -> None:
    own = "\r\nFreigabename Ressource         Beschreibung\r\n\r\n----------\r\n"
    own += "C$           C:\\              Standardfreigabe\r\nIPC$                          Remote-IPC\r\n"
    own += "ADMIN$       C:\\Windows       Remoteverwaltung\r\n"
    assert outputs.windows_shares(own) == ()
    shared = own + "Visits       D:\\Visits\r\nThe command completed successfully.\r\n"
    assert outputs.windows_shares(shared) == ("shared folder Visits",)


def test_a_share_may_have_spaces_in_its_name_and_a_line_of_its_own() -> None:
    text = "My Visits    D:\\My Visits\r\nA very long name of a share\r\n             D:\\Long\r\nIPC$\r\n"
    assert outputs.windows_shares(text) == ("shared folder My Visits", "shared folder A very long name of a share")


def test_the_clock_and_filevault_may_say_nothing() -> None:
    assert [outputs.clock_is_set(text) for text in ("yes\n", "no\n", "")] == [True, False, None]
    said = ("FileVault is On.\n", "FileVault is Off.\n", "Error")
    assert [outputs.filevault_is_on(text) for text in said] == [True, False, None]


def test_macos_asks_for_other_terminals_only() -> None:
    assert outputs.terminal_needs_permission({"TERM_PROGRAM": "iTerm.app"}, root=False)
    assert not outputs.terminal_needs_permission({"TERM_PROGRAM": "iTerm.app"}, root=True)
    assert not outputs.terminal_needs_permission({"TERM_PROGRAM": "Apple_Terminal"}, root=False)
    assert not outputs.terminal_needs_permission({"SSH_CONNECTION": "1"}, root=False)


def test_programs_are_known_by_their_process_on_every_system() -> None:
    running = ("ekrn.exe", "OneDrive.exe", "slack", "smbd", "avahi-daemon", "mDNSResponder.exe", "python3", "")
    assert name_programs(running, ANTIVIRUS) == ("ESET",)
    assert name_programs(running, TALKING) == ("OneDrive", "Slack")
    assert name_programs(running, SHARING) == ("Windows file sharing (smbd)",)
    assert name_programs(running, MDNS) == ("Bonjour (mDNSResponder)", "avahi-daemon")


def test_tables_are_in_lower_case_without_endings() -> None:
    for table in (ANTIVIRUS, TALKING, SHARING, MDNS):
        assert all(name == name.lower() and not name.endswith(".exe") for name in table)
