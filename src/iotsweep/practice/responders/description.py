"""The UPnP device description that an SSDP answer points to (UPnP Device Architecture 2.0, section 2.3)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from iotsweep.practice.home import Upnp


def describe(upnp: Upnp) -> str:
    """The description document."""
    elements = {"deviceType": upnp.device_type, **upnp.description, "UDN": f"uuid:{upnp.uuid}"}
    fields = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in elements.items())
    services = "".join(_service(kind, number) for number, kind in enumerate(upnp.services))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<root xmlns="urn:schemas-upnp-org:device-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion>"
        f"<device>{fields}<serviceList>{services}</serviceList></device></root>"
    )


def _service(kind: str, number: int) -> str:
    short = kind.split(":")[-2] if kind.count(":") > 1 else str(number)
    return (
        f"<service><serviceType>{escape(kind)}</serviceType><serviceId>urn:upnp-org:serviceId:{escape(short)}</serviceId>"
        f"<SCPDURL>/scpd{number}.xml</SCPDURL><controlURL>/control{number}</controlURL>"
        f"<eventSubURL>/event{number}</eventSubURL></service>"
    )
