"""A camera's stream: GStreamer's own RTSP server on one port and path, with basic authentication when a realm is given.

Runs under Debian's Python, which has the bindings: `rtsp.py PORT PATH REALM`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

PLUGINS = ("coreelements", "videotestsrc", "jpeg", "rtp", "rtpmanager", "udp", "tcp", "app", "videoconvert")


def _only_needed_plugins() -> None:
    """Scanning all of GStreamer's plugins takes seconds; a folder of links to these takes none."""
    folder = Path("/run/gst")
    for name in PLUGINS:
        for library in Path("/usr/lib").glob(f"*/gstreamer-1.0/libgst{name}.so"):
            (folder / library.name).symlink_to(library)
    os.environ.update(
        GST_PLUGIN_SYSTEM_PATH_1_0=str(folder), GST_REGISTRY_1_0="/run/gst/registry", GST_REGISTRY_FORK="no"
    )


def main(port: str, path: str, realm: str) -> None:
    """Serve until killed."""
    _only_needed_plugins()
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("0.0.0.0")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch("( videotestsrc is-live=true ! jpegenc ! rtpjpegpay name=pay0 pt=26 )")
    if realm:
        auth = GstRtspServer.RTSPAuth()
        auth.set_realm(realm)
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_role("owner")
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
    server.attach(None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
