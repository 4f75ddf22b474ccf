"""The practice home: scenarios as data, devices as small responders."""
