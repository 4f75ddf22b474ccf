"""Real software, ready to play a device: each function returns one Daemon with its whole configuration."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.node import GATEWAY, NETWORK, Daemon, Service

_HERE = Path(__file__).parent


def dnsmasq(names: dict[str, str], leases: dict[str, str]) -> Daemon:
    """The router's DHCP and DNS: fixed names (name -> address) and fixed leases (MAC -> address)."""
    prefix = NETWORK.rpartition(".")[0]
    lines = [ "interface=eth0", "except-interface=lo", "bind-interfaces",
        "no-resolv", "no-hosts", "no-ping", "no-poll", "domain=home.lan", "local=/home.lan/", "expand-hosts",
        "bogus-priv", "dhcp-authoritative", "dhcp-leasefile=/run/leases", "log-facility=-",
        f"dhcp-range={prefix}.100,{prefix}.199,12h",
        *(f"host-record={name},{name}.home.lan,{address}" for name, address in names.items()),
        *(f"dhcp-host={mac},{address}" for mac, address in leases.items()),
    ]  # fmt: skip
    return Daemon(
        start="dnsmasq --no-daemon --conf-file=/run/dnsmasq.conf",
        services=(Service("dns", 53, "router.home.lan"),),
        tcp=(53,),
        udp=(53, 67),
        files={"dnsmasq.conf": "\n".join(lines) + "\n"},
        programs=("dnsmasq",),
    )


def miniupnpd(maker: str, model: str) -> Daemon:
    """A UPnP internet gateway. Its outside is a second pair of interfaces that leads nowhere."""
    config = f"""ext_ifname=wan0
listening_ip=eth0
http_port=5000
enable_natpmp=yes
enable_upnp=yes
secure_mode=yes
friendly_name={model}
manufacturer_name={maker}
model_name={model}
model_description={maker} Wireless Router {model}
system_uptime=yes
uuid=9f0c6a52-5e0b-4c1d-9b5c-2f6f1c2f7a01
upnp_table_name=filter
upnp_nat_table_name=filter
"""
    rules = "table inet filter { chain miniupnpd {}; chain prerouting_miniupnpd {}; chain postrouting_miniupnpd {}; }"
    return Daemon(
        start="miniupnpd -d -f /run/miniupnpd.conf",
        prepare="ip link add wan0 type veth peer name wan1; ip addr add 203.0.113.7/24 dev wan0; ip link set wan1 up; "
        f"ip link set wan0 up; nft '{rules}'",
        services=(Service("ssdp", 1900), Service("http", 5000)),
        udp=(1900,),
        files={"miniupnpd.conf": config},
        programs=("miniupnpd", "nft"),
    )


def udhcpc(hostname: str, vendor_class: str) -> Daemon:
    """A DHCP client that tells the router its name; it ends once it has its address."""
    script = '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip addr add "$ip/24" dev eth0\nip route add default via ' + GATEWAY
    return Daemon(
        start="busybox udhcpc -f -q -i eth0 -t 60 -T 1 -A 1 -s /run/udhcpc.sh "
        f"-x hostname:{hostname} -V '{vendor_class}'",
        files={"udhcpc.sh": script + "\n"},
        programs=("busybox",),
    )


def shairport(name: str) -> Daemon:
    """An AirPlay receiver; publishes itself through avahi."""
    config = (
        f'general = {{ name = "{name}"; output_backend = "dummy"; mdns_backend = "avahi"; port = 5000; }};\n'
        'sessioncontrol = { allow_session_interruption = "no"; };\n'
    )
    return Daemon(
        start="shairport-sync -c /run/shairport.conf",
        services=(Service("rtsp", 5000), Service("mdns", 5353, "_raop._tcp")),
        files={"shairport.conf": config},
        programs=("shairport-sync",),
    )


def ippeveprinter(maker: str, model: str) -> Daemon:
    """A network printer; publishes itself through avahi."""
    return Daemon(
        start=f"ippeveprinter -p 631 -M '{maker}' -m '{model}' -d /run/spool '{maker} {model}'",
        prepare="mkdir -p /run/spool",
        services=(Service("http", 631), Service("mdns", 5353, "_ipp._tcp")),
        programs=("ippeveprinter",),
    )


def samba(netbios_name: str) -> tuple[Daemon, Daemon]:
    """File sharing and NetBIOS names."""
    places = ("lock directory", "state directory", "cache directory", "private dir", "pid directory", "ncalrpc dir")
    config = "\n".join([
        "[global]", f"netbios name = {netbios_name}", "workgroup = WORKGROUP", "server role = standalone server",
        "map to guest = Bad User", "interfaces = eth0", "bind interfaces only = yes", "disable spoolss = yes",
        "load printers = no", "logging = file", "log file = /run/log/samba.log",
        *(f"{place} = /run/samba" for place in places),
        "[media]", "path = /run/share", "guest ok = yes",
    ])  # fmt: skip
    prepare = "mkdir -p /run/samba /run/share"
    smbd = Daemon(
        start="smbd --foreground --no-process-group --log-basename=/run/log -s /run/smb.conf",
        prepare=prepare,
        services=(Service("tcp", 445), Service("tcp", 139)),
        files={"smb.conf": config + "\n"},
        programs=("smbd",),
        needs_root=True,
    )
    nmbd = Daemon(
        start="nmbd --foreground --no-process-group --log-basename=/run/log -s /run/smb.conf",
        prepare=prepare,
        services=(Service("netbios", 137),),
        files={"smb.conf": config + "\n"},
        udp=(137, 138),
        programs=("nmbd",),
    )
    return smbd, nmbd


def minidlna(name: str) -> Daemon:
    """A DLNA media server."""
    config = f"""friendly_name={name}
media_dir=/run/media
db_dir=/run/minidlna
log_dir=/run/log
port=8200
network_interface=eth0
inotify=no
notify_interval=30
uuid=4d696e69-444c-164e-9d41-0011322b7c55
"""
    return Daemon(
        start="minidlnad -S -f /run/minidlna.conf -P /run/minidlna.pid",
        prepare="mkdir -p /run/media /run/minidlna",
        services=(Service("http", 8200), Service("ssdp", 1900)),
        udp=(1900,),
        files={"minidlna.conf": config},
        programs=("minidlnad",),
    )


def gstreamer_rtsp(port: int, path: str, realm: str = "") -> Daemon:
    """A camera's video stream, by GStreamer's RTSP server; behind a password when a realm is given."""
    return Daemon(
        start=f"/usr/bin/python3 {_HERE / 'rtsp.py'} {port} {path} '{realm}'",
        services=(Service("rtsp", port),),
        files={"gst/.keep": ""},
        programs=("/usr/bin/python3",),
    )


def hap(category: int, name: str, maker: str, model: str) -> Daemon:
    """A real HomeKit accessory, by HAP-python."""
    return Daemon(
        start=f"{sys.executable} {_HERE / 'hap.py'} {category} '{name}' '{maker}' '{model}' \"$address\"",
        services=(Service("hap", 51826), Service("mdns", 5353, "_hap._tcp")),
        udp=(5353,),
    )


def dropbear() -> Daemon:
    """An SSH server."""
    return Daemon(
        start="dropbear -F -E -R -r /run/dropbear.key -p 22",
        prepare="dropbearkey -t ed25519 -f /run/dropbear.key",
        services=(Service("greeting", 22, "SSH-2.0-dropbear"),),
        programs=("dropbear", "dropbearkey"),
    )


def mosquitto() -> Daemon:
    """An MQTT broker."""
    return Daemon(
        start="mosquitto -c /run/mosquitto.conf",
        services=(Service("mqtt", 1883),),
        files={"mosquitto.conf": "listener 1883 0.0.0.0\nallow_anonymous true\npersistence false\nuser root\n"},
        programs=("mosquitto",),
    )


def telnetd(greeting: str) -> Daemon:
    """A Telnet login prompt."""
    login = f"#!/bin/sh\nprintf '{greeting} login: '\nread -r name\n"
    return Daemon(
        start="inetutils-inetd -d /run/inetd.conf",
        services=(Service("greeting", 23),),
        files={
            "login.sh": login,
            "inetd.conf": "telnet stream tcp4 nowait root /usr/sbin/telnetd telnetd -h -E /run/login.sh\n",
        },
        programs=("inetutils-inetd", "telnetd"),
    )


def vsftpd(greeting: str) -> Daemon:
    """An FTP server."""
    config = (
        "listen=YES\nbackground=NO\nanonymous_enable=YES\nlocal_enable=NO\nsecure_chroot_dir=/run/empty\n"
        f"anon_root=/run/empty\nftpd_banner={greeting}\nseccomp_sandbox=NO\n"
        "one_process_model=NO\nxferlog_enable=NO\nallow_writeable_chroot=YES\nisolate=NO\nisolate_network=NO\n"
    )
    return Daemon(
        start="vsftpd /run/vsftpd.conf",
        prepare="mkdir -p /run/empty",
        services=(Service("greeting", 21, f"220 {greeting}"),),
        files={"vsftpd.conf": config},
        programs=("vsftpd",),
        needs_root=True,
    )
