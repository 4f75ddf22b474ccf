"""What nmap wrote becomes the same facts as the nmap probe's."""

from __future__ import annotations

from pathlib import Path

import pytest

from iotsweep.captures import CaptureError, read_captures
from tests.captures.making import write

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1700000000">
<host><status state="up"/><address addr="192.168.1.10" addrtype="ipv4"/>
<address addr="50:C7:BF:01:02:03" addrtype="mac"/>
<hostnames><hostname name="porch.home" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="554"><state state="open"/><service name="rtsp" product="Cam rtspd"/></port>
<port protocol="tcp" portid="80"><state state="closed"/></port></ports></host>
<host><status state="up"/><address addr="192.168.1.11" addrtype="ipv4"/></host>
<host><status state="down"/><address addr="192.168.1.12" addrtype="ipv4"/></host>
<runstats><finished time="1700000060"/></runstats></nmaprun>"""


def test_hosts_ports_and_names_are_read(tmp_path: Path) -> None:
    heard = read_captures([write(tmp_path, XML, "scan.xml")])
    facts = {(o.mac, o.ip, key, value) for o in heard.observations for key, value in o.facts}
    mac = "50:c7:bf:01:02:03"
    assert (mac, "192.168.1.10", "tcp.554", "open") in facts
    assert (mac, "192.168.1.10", "nmap.product", "Cam rtspd") in facts
    assert (mac, "192.168.1.10", "dns.name", "porch") in facts
    assert (mac, "192.168.1.10", "mac.address", mac) in facts
    assert (None, "192.168.1.11", "ip.v4", "192.168.1.11") in facts
    assert not any("192.168.1.12" in fact or "tcp.80" in fact for fact in facts)
    assert (heard.started, heard.ended) == ("2023-11-14T22:13:20.000000Z", "2023-11-14T22:14:20.000000Z")


def test_a_capture_and_a_scan_of_one_home_are_one_report(tmp_path: Path) -> None:
    from tests.captures.making import CAMERA, CAMERA_IP, ROUTER_IP, arp, pcap

    paths = [write(tmp_path, XML, "scan.xml"), write(tmp_path, pcap(arp(CAMERA, CAMERA_IP, ROUTER_IP)))]
    heard = read_captures(paths)
    assert len(heard.runs) == 2
    assert heard.scope.interface == "2 captures, scan.xml first"


@pytest.mark.parametrize("data", [XML[:-30], XML.replace(b"<nmaprun", b"<!ENTITY x 'y'><nmaprun", 1)])
def test_broken_or_hostile_output_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CaptureError, match=r"scan\.xml cannot be read"):
        read_captures([write(tmp_path, data, "scan.xml")])
