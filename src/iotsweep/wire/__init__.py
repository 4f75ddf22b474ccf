"""Pure bytes to fields and back, one file per protocol; no input or output."""
