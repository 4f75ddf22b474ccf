"""What we measure, each a command: `python -m benchmarks.home`, `.many`, `.start`, `.match` (docs/measurements.md)."""
