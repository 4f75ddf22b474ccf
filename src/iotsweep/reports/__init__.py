"""One file per output; each is a pure view of a Report."""
