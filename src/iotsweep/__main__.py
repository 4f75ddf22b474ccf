"""The `iotsweep` command: answers --version at once, then hands over to the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; --version needs none of it."""
    if sys.argv[1:] == ["--version"]:
        from iotsweep import __version__

        sys.stdout.write(f"iotsweep {__version__}\n")
        return
    from iotsweep.cli.signals import raise_interrupt

    raise_interrupt()
    try:
        from iotsweep.cli.app import app

        app(prog_name="iotsweep")
    except KeyboardInterrupt:
        sys.stderr.write("iotsweep: stopped before anything was sent\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
