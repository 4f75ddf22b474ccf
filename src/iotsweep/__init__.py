"""iotsweep finds the smart devices on a home network and says what each kind of thing can do."""

__version__ = "0.1.0"
