"""Rules for address blocks: registered, not of a maker of parts, and of the maker that the fingerprint names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iotsweep.catalogue.checks.case import Case, Rule, bare, problem
from iotsweep.catalogue.checks.clues import each_clue
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.normal import mac_digits, protocol
from iotsweep.catalogue.patterns import is_regex, read_pattern


def module_maker_names_no_product(source: Source, case: Case) -> Iterator[Problem]:
    """The address blocks of Espressif, Murata, Tuya and the like are in everybody's products."""
    for _, clue in each_clue(source):
        if not {protocol(key) for key, _ in clue.facts} <= {"mac", "ip", "tcp", "udp"}:
            continue
        for key, values in clue.facts:
            for value in values:
                vendor = _vendor(key, value, case)
                if vendor and case.makes_modules(vendor):
                    what = f"`{vendor}` makes parts for other makers, so its addresses name no product"
                    yield problem(source, clue.line, what, "Add a fact that the product itself states")


def _vendor(key: str, value: str, case: Case) -> str | None:
    if key == "mac.vendor":
        return None if is_regex(value) else value
    return case.vendors.name(_address(value)) if key == "mac.prefix" else None


def _address(prefix: str) -> str:
    digits = mac_digits(prefix).rstrip("*").ljust(12, "0")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2)).lower()


def address_block_is_registered(source: Source, case: Case) -> Iterator[Problem]:
    """A prefix stands in the bundled IEEE table; one that is locally administered stands in none."""
    if not getattr(case.vendors, "date", ""):
        return
    for line, value in _prefixes(source):
        address = _address(value)
        if case.vendors.is_local(address):
            what = f"`{value}` is locally administered: a device made it up, and another one may make up the same"
            yield problem(source, line, what, "Remove it; `mac.local: yes` is what such an address tells")
        elif case.vendors.name(address) is None:
            what = f"the IEEE table has no maker for `{value}`"
            yield problem(source, line, what, "Correct it: an unregistered or private block names nobody")


def vendor_is_registered(source: Source, case: Case) -> Iterator[Problem]:
    """`mac.vendor` is written as the IEEE writes it, or the clue could never hold."""
    for _, clue in each_clue(source):
        for key, values in clue.facts:
            for value in values if key == "mac.vendor" else ():
                if not case.is_registered(read_pattern(key, value)):
                    what = f"no maker in the IEEE table is called `{value}`"
                    yield problem(source, clue.line, what, "Write the name as the table has it, with * where it varies")


def address_block_is_the_makers(source: Source, case: Case) -> Iterator[Problem]:
    """A block belongs to the maker, or to a maker of parts, or a reference says whose it is and why."""
    fingerprint = source.fingerprint
    if not fingerprint.maker:
        return
    said = bare(" ".join(fingerprint.references))
    for line, holder in sorted(set(_holders(source, case))):
        name = bare(holder.replace("*", " "))
        known = any(own in name or (len(name) > 3 and name in own) for own in case.names_of(fingerprint.maker))
        first = next(iter(re.findall(r"[a-z0-9]{2,}", holder.casefold())), name)
        known = known or case.holds_blocks_of(holder, fingerprint.maker) or case.makes_modules(holder)
        if not known and first not in said:
            what = f"the block of `{holder}` is not registered to {fingerprint.maker}"
            remedy = f"Say in `references` why it is in this product, naming {holder}; or list it in block_holders.yaml"
            yield problem(source, line, what, remedy)


def _holders(source: Source, case: Case) -> Iterator[tuple[int, str]]:
    for line, value in _prefixes(source):
        holder = case.vendors.name(_address(value))
        if holder:
            yield line, holder
    for _, clue in each_clue(source):
        vendors = [value for key, values in clue.facts if key == "mac.vendor" for value in values]
        yield from ((clue.line, value) for value in vendors if not is_regex(value))


def _prefixes(source: Source) -> Iterator[tuple[int, str]]:
    for _, clue in each_clue(source):
        for key, values in clue.facts:
            yield from ((clue.line, value) for value in values if key == "mac.prefix")


RULES: tuple[Rule, ...] = (
    module_maker_names_no_product,
    address_block_is_registered,
    vendor_is_registered,
    address_block_is_the_makers,
)
