"""A Wi-Fi that keeps devices apart, whose router answers for every address: who is behind it shows by a poke alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_lab import AGREED, IOTSWEEP, shell

pytestmark = pytest.mark.lab

# The router answers every ARP question itself (RFC 1027) and passes packets on; nobody hears another's broadcast.
# Behind it one camera page answers at 192.168.50.9, and nothing at any other address.
ROUTER = """
ip link set lo up
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 type veth peer name far0
unshare --net sleep 120 & far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link set far0 netns $far
nsenter -t $far -n sh -ec '
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
ip link set lo up
ip link add behind type veth peer name beyond && ip link set beyond up && ip link set behind arp off up
ip link set far0 up
sysctl -qw net.ipv4.conf.far0.proxy_arp=1 net.ipv4.neigh.far0.proxy_delay=0
ip addr add 192.168.50.1/32 dev far0
ip addr add 192.168.50.9/32 dev behind
ip route add 192.168.50.2/32 dev far0
ip route add 192.168.50.0/24 dev behind
'
ip addr add 192.168.50.2/24 dev eth0 && ip link set eth0 up
ip route add default via 192.168.50.1
nsenter -t $far -n "$0" -c "
import http.server
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header('WWW-Authenticate', 'Basic realm=\\"HIKVISION\\"')
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(('192.168.50.9', 80), Page).serve_forever()
" &
until nsenter -t $far -n grep -q ':0050 ' /proc/net/tcp; do sleep 0.05; done
"""
ORDINARY = "setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all"


@pytest.mark.parametrize("rights", ["", ORDINARY], ids=["administrator", "ordinary"])
def test_a_device_behind_a_router_that_answers_for_all_is_found_by_a_poke(tmp_path: Path, rights: str) -> None:
    saved = tmp_path / "visit.json"
    script = ROUTER.replace('"$0"', IOTSWEEP[0]) + f'{rights} "$@"'
    done = shell(script, *IOTSWEEP, *AGREED, "--plain", "--save", str(saved))
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(saved.read_text())
    by_address = {ip: finding for finding in report["findings"] for ip in finding["device"]["ipv4"]}
    camera = by_address["192.168.50.9"]
    assert (camera["kind"], camera["device"]["role"]) == ("camera", "device"), "the camera is not its router"
    assert by_address["192.168.50.1"]["device"]["role"] == "router"
    assert "192.168.50.77" not in by_address, "an address that only the router answers for is no device"
    whys = " | ".join(missed["why"] for missed in report["not_checked"])
    assert "answers for" in whys
    assert "could not be told apart" in whys
