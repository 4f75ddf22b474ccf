"""The small process that runs nmap through python-nmap: a request as JSON comes in, nmap's XML goes out.

A process of its own, because python-nmap blocks until nmap ends, because both can then be ended at any moment, and
because nothing else of the product is loaded beside it. It checks the request again: nothing but addresses, ports
and numbers ever reaches nmap's command line.
"""

from __future__ import annotations

import json
import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

_MOST_PORTS = 512
_FIXED = "-sV --version-light -Pn -n --max-retries 2 --max-parallelism 2"  # two: as everywhere (network/shared.py)


class RequestError(ValueError):
    """The request is not one that may be run."""


def make_arguments(request: dict[str, Any]) -> tuple[str, str, str]:
    """nmap's address, ports and arguments. Raises RequestError for anything unexpected."""
    try:
        address = str(IPv4Address(request["address"]))
        ports = sorted({int(port) for port in request["ports"]})
        seconds = int(request["seconds"])
        kind = "-sS" if request["privileged"] is True else "-sT"
    except (KeyError, TypeError, ValueError) as error:
        raise RequestError(f"not a request for nmap: {error}") from error
    if not ports or len(ports) > _MOST_PORTS or ports[0] < 1 or ports[-1] > 65535 or not 1 <= seconds <= 3600:
        raise RequestError("not a request for nmap: its ports or seconds are out of range")
    arguments = f"{kind} {_FIXED} --host-timeout {seconds}s"
    return address, ",".join(map(str, ports)), arguments


def run_nmap(request: dict[str, Any]) -> bytes:
    """nmap's XML for one request. Raises RequestError, and nmap.PortScannerError when nmap fails."""
    import nmap

    program = Path(str(request.get("program", "")))
    if not program.is_absolute() or not program.is_file():
        raise RequestError("not a request for nmap: its program is not an absolute path")
    address, ports, arguments = make_arguments(request)
    scanner = nmap.PortScanner(nmap_search_path=(str(program),))
    scanner.scan(hosts=address, ports=ports, arguments=arguments, sudo=False)
    output = scanner.get_nmap_last_output()
    return output.encode() if isinstance(output, str) else bytes(output)


def main() -> int:
    """Read one request, write nmap's XML; a sentence on standard error and 1 when it fails."""
    try:
        output = run_nmap(json.loads(sys.stdin.buffer.read(1 << 16)))
    except Exception as error:  # python-nmap raises its own errors and those of subprocess and of its XML parser
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return 1
    sys.stdout.buffer.write(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
