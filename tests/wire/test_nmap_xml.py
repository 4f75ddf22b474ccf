"""nmap's XML with the fields that matter, and hostile XML refused."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.nmap_xml import LARGEST, decode_nmap

OUTPUT = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sV" version="7.93">
<host><status state="up"/><address addr="192.168.1.17" addrtype="ipv4"/>
<address addr="00:11:22:AA:BB:CC" addrtype="mac" vendor="Example"/>
<ports>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack"/>
<service name="http" product="Example IP camera" version="1.2" extrainfo="x" hostname="cam" ostype="Linux"
 devicetype="webcam" tunnel="ssl" method="probed" conf="10">
<cpe>cpe:/h:example:cam</cpe><cpe>cpe:/o:linux</cpe></service>
</port>
<port protocol="tcp" portid="554"><state state="open"/></port>
<port protocol="tcp" portid="80"><state state="closed"/><service name="http"/></port>
<port protocol="tcp" portid="99999"><state state="open"/></port>
</ports></host>
<host><address addr="fe80::1" addrtype="ipv6"/>
<ports><port protocol="tcp" portid="1"><state state="open"/></port></ports></host>
</nmaprun>"""


def test_every_field_of_an_open_port_is_read() -> None:
    tls, bare = decode_nmap(OUTPUT)
    assert (tls.ip, tls.mac, tls.protocol, tls.port) == ("192.168.1.17", "00:11:22:aa:bb:cc", "tcp", 443)
    assert (tls.service, tls.product, tls.version, tls.extrainfo) == ("http", "Example IP camera", "1.2", "x")
    assert (tls.devicetype, tls.ostype, tls.hostname, tls.tunnel) == ("webcam", "Linux", "cam", "ssl")
    assert tls.cpe == ("cpe:/h:example:cam", "cpe:/o:linux")
    assert (bare.port, bare.service, bare.cpe) == (554, "", ())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        OUTPUT[:-12],
        b"<html></html>",
        b'<!DOCTYPE nmaprun [<!ENTITY a "x">]><nmaprun>&a;</nmaprun>',
        b'<!DOCTYPE nmaprun [<!ENTITY a SYSTEM "file:///etc/passwd">]><nmaprun>&a;</nmaprun>',
        b'<?xml version="1.0" encoding="nonsense"?><nmaprun/>',
        b"<nmaprun>" + b" " * LARGEST + b"</nmaprun>",
    ],
)
def test_what_is_no_output_of_nmap_or_hostile_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_nmap(data)


def test_a_mac_that_is_none_is_left_out() -> None:
    (service, *_) = decode_nmap(OUTPUT.replace(b"00:11:22:AA:BB:CC", b"&lt;script&gt;"))
    assert service.mac is None
