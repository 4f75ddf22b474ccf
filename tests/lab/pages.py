"""Web pages of devices: lighttpd and nginx dressed up as a maker's own little server."""

from __future__ import annotations

from tests.lab.node import Daemon, Service


def lighttpd(server: str, title: str, *, port: int = 80, realm: str = "", body: str = "") -> Daemon:
    """A page with this Server header and title; behind HTTP basic authentication when a realm is given."""
    lines = [
        f'server.tag = "{server}"',
        f"server.port = {port}",
        'server.document-root = "/run/www"',
        'index-file.names = ( "index.html" )',
        'server.errorlog = "/run/log/lighttpd.log"',
        'mimetype.assign = ( ".html" => "text/html" )',
    ]
    if realm:
        lines += [
            'server.modules += ( "mod_auth", "mod_authn_file" )',
            'auth.backend = "plain"',
            'auth.backend.plain.userfile = "/run/users"',
            f'auth.require = ( "/" => ( "method" => "basic", "realm" => "{realm}", "require" => "valid-user" ) )',
        ]
    return Daemon(
        start="lighttpd -D -f /run/lighttpd.conf",
        services=(Service("http", port),),
        files={
            "lighttpd.conf": "\n".join(lines) + "\n",
            "users": "owner:a-password-that-nobody-tries\n",
            "www/index.html": _page(title, body),
        },
        programs=("lighttpd",),
    )


def nginx(title: str, *, body: str = "", port: int = 80, certificate_name: str = "") -> Daemon:
    """A page by nginx; also over TLS on 443 with a certificate of this name."""
    tls = "listen 443 ssl; ssl_certificate /run/tls.crt; ssl_certificate_key /run/tls.key;" if certificate_name else ""
    temporary = " ".join(
        f"{name}_temp_path /run/nginx-{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = f"""daemon off; master_process off; pid /run/nginx.pid; error_log /run/log/nginx.log;
events {{ worker_connections 64; }}
http {{ access_log off; server_tokens off; types {{ text/html html; }} {temporary}
  server {{ listen {port}; {tls} root /run/www; index index.html; }} }}
"""
    certificate = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 "
        f"-subj '{certificate_name}' -keyout /run/tls.key -out /run/tls.crt"
    )
    return Daemon(
        start="nginx -e /run/log/nginx.log -c /run/nginx.conf",
        prepare=certificate if certificate_name else "",
        services=(Service("http", port), *((Service("https", 443),) if certificate_name else ())),
        files={"nginx.conf": config, "www/index.html": _page(title, body)},
        programs=("nginx", "openssl"),
    )


def _page(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body or title}</body></html>\n"
