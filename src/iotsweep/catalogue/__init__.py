"""The fingerprints: loading, checking and matching them."""
