"""All checks, in the order in which they are shown. Pure: the same facts, the same findings."""

from __future__ import annotations

from iotsweep.doctor.facts import Facts, Finding
from iotsweep.doctor.laptop_checks import LAPTOP_CHECKS
from iotsweep.doctor.network_checks import NETWORK_CHECKS


def examine(facts: Facts) -> tuple[Finding, ...]:
    """What every check that means something on this system found."""
    found = (check(facts) for check in (*NETWORK_CHECKS, *LAPTOP_CHECKS))
    return tuple(finding for finding in found if finding is not None)
