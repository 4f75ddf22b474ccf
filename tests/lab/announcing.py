"""Daemons that make a device known: avahi, D-Bus for those that publish through it, wsdd."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from tests.lab.node import Daemon, Service

_AVAHI = """[server]
use-ipv4=yes
use-ipv6=yes
allow-interfaces=eth0
enable-dbus={dbus}
ratelimit-interval-usec=1000000
ratelimit-burst=1000
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation={workstation}
"""
_DBUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/><allow receive_type="*"/>
  </policy>
</busconfig>
"""
Txt = Mapping[str, str]


def avahi(*records: tuple[str, str, int, Txt], workstation: bool = False) -> tuple[Daemon, ...]:
    """mDNS by avahi-daemon from service files: each record is (instance name, service type, port, TXT)."""
    files = {f"services/{number}.service": _service(*record) for number, record in enumerate(records)}
    kinds = tuple(record[1] for record in records) + (("_workstation._tcp",) if workstation else ())
    return (_avahi(files, kinds, dbus=False, workstation=workstation),)


def avahi_on_dbus(*kinds: str) -> tuple[Daemon, ...]:
    """mDNS by avahi-daemon for daemons that publish these service types through it."""
    bus = Daemon(
        start="dbus-daemon --config-file=/run/dbus.conf --nofork --nopidfile",
        prepare="mkdir -p /run/dbus",
        files={"dbus.conf": _DBUS},
        ready="/run/dbus/system_bus_socket",
        programs=("dbus-daemon",),
    )
    return bus, _avahi({}, kinds, dbus=True, workstation=False)


def _avahi(files: Mapping[str, str], kinds: tuple[str, ...], *, dbus: bool, workstation: bool) -> Daemon:
    words = {True: "yes", False: "no"}
    config = _AVAHI.format(dbus=words[dbus], workstation=words[workstation])
    return Daemon(
        # It keeps its rights: in a namespace made by an ordinary user there is no second id to change to.
        start="avahi-daemon --file=/run/avahi.conf --no-drop-root --no-chroot --no-rlimits",
        prepare="mkdir -p /run/avahi-daemon /run/services; mount --bind /run/services /etc/avahi/services",
        services=tuple(Service("mdns", 5353, kind) for kind in kinds),
        udp=(5353,),
        files={"avahi.conf": config, **files},
        ready="/run/avahi-daemon/pid",
        programs=("avahi-daemon",),
    )


def _service(name: str, kind: str, port: int, txt: Txt) -> str:
    records = "".join(f"<txt-record>{escape(f'{key}={value}')}</txt-record>" for key, value in txt.items())
    return (
        '<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group>'
        f"<name>{escape(name)}</name><service><type>{kind}</type><port>{port}</port>{records}</service>"
        "</service-group>"
    )


def wsdd(workgroup: str = "WORKGROUP") -> Daemon:
    """WS-Discovery as Windows and Samba machines do it."""
    return Daemon(
        start=f"wsdd --ipv4only --interface eth0 --workgroup {workgroup} --shortlog",
        services=(Service("wsd", 3702),),
        tcp=(5357,),
        udp=(3702,),
        programs=("wsdd",),
    )
