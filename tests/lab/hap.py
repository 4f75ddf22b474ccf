"""A real HomeKit accessory by HAP-python: `hap.py CATEGORY NAME MAKER MODEL ADDRESS`."""

from __future__ import annotations

import sys


def main(category: str, name: str, maker: str, model: str, address: str) -> None:
    """Serve until killed."""
    from pyhap.accessory import Accessory
    from pyhap.accessory_driver import AccessoryDriver

    services = {
        5: "Lightbulb", 6: "LockMechanism", 7: "Outlet", 9: "Thermostat", 10: "MotionSensor", 11: "SecuritySystem",
        4: "GarageDoorOpener", 17: "CameraRTPStreamManagement", 18: "Doorbell",
    }  # fmt: skip
    driver = AccessoryDriver(
        address=address, listen_address="0.0.0.0", port=51826, persist_file="/run/hap.state", interface_choice=[address]
    )
    accessory = Accessory(driver, name)
    accessory.category = int(category)
    accessory.set_info_service(manufacturer=maker, model=model, serial_number="8Z3A2101", firmware_revision="1.2.0")

    accessory.add_preload_service(services[int(category)])
    driver.add_accessory(accessory)
    driver.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
