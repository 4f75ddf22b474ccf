"""Drafts a fingerprint from what one device said, for a person to review. Nothing personal goes into it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.masking import CONTEXT, HOLE, NAMES, STATED, as_clue, as_example, mask, private_words
from iotsweep.catalogue.normal import normal
from iotsweep.catalogue.seen import Vendors, read_facts
from iotsweep.model import Confidence, Match, Observation

# Services and servers of all kinds of things: alone they tell nothing.
_COMMON = frozenset(
    {"_http._tcp", "_https._tcp", "_ssh._tcp", "_sftp-ssh._tcp", "_workstation._tcp", "_device-info._tcp", "_smb._tcp"}
    | {"_airplay._tcp", "_raop._tcp", "_googlecast._tcp", "_spotify-connect._tcp", "_hap._tcp", "_hap._udp"}
    | {"_matter._tcp", "_matterc._udp", "_matterd._udp", "_companion-link._tcp", "_printer._tcp", "_ipp._tcp"}
    | {"upnp:rootdevice", "ssdp:all", "nginx", "apache", "lighttpd"}
)
_MODELS = ("mdns.txt.md", "onvif.hardware")
_COMMON_PORTS = frozenset({"tcp.22", "tcp.80", "tcp.443", "tcp.8080", "tcp.8443"})
_MOST_CLUES = 4  # per level
_MOST_FACTS = 3  # per clue

Facts = tuple[tuple[str, str], ...]  # key and masked value, holes included


class DraftError(ValueError):
    """Nothing can be drafted from this device; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A fingerprint as its file will say it."""

    id: str
    name: str
    kind: str
    maker: str
    can: tuple[str, ...]
    clues: Mapping[Confidence, Sequence[Facts]]
    near: tuple[Facts, ...] = ()  # what another device of the same scan said
    guessed: tuple[str, ...] = field(default=())  # fields that a person has to decide


def draft(
    observations: Sequence[Observation],
    others: Iterable[Sequence[Observation]],
    catalogue: Catalogue,
    vendors: Vendors,
    matches: Sequence[Match] = (),
) -> Draft:
    """The draft for a device that said `observations`, beside `others` of the same scan. Raises DraftError."""
    private = private_words(observations)
    others = list(others)
    replies = [facts for one in observations if (facts := _masked(one, private))]
    common = {(key, as_clue(value)) for device in others for one in device for key, value in _masked(one, frozenset())}
    maker = _maker(replies, observations, catalogue, vendors)
    block = _block_and_port(observations, maker, catalogue, vendors)
    clues = _clues(replies, common, block)
    if not clues:
        raise DraftError("this device said nothing that would tell it apart from others")
    kind = next((match.kind for match in matches), "other")
    model = _first(replies, ["upnp.model_name", *(key for key in STATED if "model" in key or key in _MODELS)])
    name = f"{maker} {model}" if model and not model.startswith(maker) else model or f"{maker} device"
    return Draft(
        id=_slug(f"{name} {kind}" if kind != "other" else name),
        name=name[:80],
        kind=kind,
        maker=maker,
        can=catalogue.kinds[kind].can if kind in catalogue.kinds else ("none_known",),
        clues=clues,
        near=_near_miss(clues, others),
        guessed=("kind", "can") if not matches else ("can",),
    )


def _masked(observation: Observation, private: frozenset[str]) -> Facts:
    found = []
    for key, value in observation.facts:
        masked = mask(key, normal(key, value), private)
        if masked is not None and masked.strip(HOLE + " "):
            found.append((key, masked))
    return tuple(found)


def _clues(
    replies: Sequence[Facts], common: set[tuple[str, str]], block: Sequence[Facts]
) -> dict[Confidence, list[Facts]]:
    """Clues by what they can carry: what the product states and nobody else here does is `likely`."""
    likely: list[Facts] = []
    possible: list[Facts] = []
    for facts in replies:
        stated = sorted((one for one in facts if one[0] in STATED), key=lambda one: STATED.index(one[0]))
        own = [one for one in stated if (one[0], as_clue(one[1])) not in common and _says_enough(*one)]
        beside = [one for one in facts if one[0] in CONTEXT and _of_one(one[0], own)]
        if own:
            clue = [*_of_first(own), *(one for one in beside if one not in own)]
            likely.append(tuple(_once_each(clue)[:_MOST_FACTS]))
        possible += [(one,) for one in facts if one[0] in NAMES and HOLE in one[1] and len(one[1]) > 4]
        possible += [(one,) for one in facts if one[0] in CONTEXT and not own and _is_rare(one, common)]
    possible += block
    found = {Confidence.LIKELY: likely, Confidence.POSSIBLE: possible}
    return {level: list(dict.fromkeys(clues))[:_MOST_CLUES] for level, clues in found.items() if clues}


def _of_first(own: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The facts of the first one's protocol: one reply, one clue."""
    return [one for one in own if one[0].partition(".")[0] == own[0][0].partition(".")[0]]


def _of_one(key: str, own: Sequence[tuple[str, str]]) -> bool:
    return bool(own) and key.partition(".")[0] == own[0][0].partition(".")[0]


def _once_each(facts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(reversed(list(facts))).items())[::-1]


def _says_enough(key: str, masked: str) -> bool:
    text = as_clue(masked).replace("*", "")
    return len(text.strip()) >= 4 or key in ("mdns.txt.md", "mdns.txt.model", "onvif.hardware", "kasa.model")


def _is_rare(one: tuple[str, str], common: set[tuple[str, str]]) -> bool:
    key, value = one[0], as_clue(one[1])
    plain = value.casefold().split("/")[0]
    return (
        (key, value) not in common and plain not in _COMMON and key in ("mdns.service", "upnp.device_type", "ssdp.st")
    )


def _block_and_port(
    observations: Sequence[Observation], maker: str, catalogue: Catalogue, vendors: Vendors
) -> list[Facts]:
    """The maker's own address block with ports that few devices open."""
    seen = read_facts(enumerate(observations), vendors, catalogue.is_in_things)
    holder = next((fact.said for fact in seen.get("mac.vendor", ())), None)
    ports = sorted(
        (key for key in seen if key.startswith("tcp.") and key not in _COMMON_PORTS), key=lambda k: int(k[4:])
    )
    if holder is None or not ports or maker.casefold() not in holder.casefold() or catalogue.makes_only_parts(holder):
        return []
    return [(("mac.vendor", holder), *((port, "open") for port in ports[: _MOST_FACTS - 1]))]


def _maker(
    replies: Sequence[Facts], observations: Sequence[Observation], catalogue: Catalogue, vendors: Vendors
) -> str:
    said = _first(replies, ["upnp.manufacturer", "mdns.txt.manufacturer", "mdns.txt.vendor", "mdns.txt.usb_mfg"])
    facts = read_facts(enumerate(observations), vendors, catalogue.is_in_things)
    holders = (fact.said for fact in facts.get("mac.vendor", ()))
    name = said or next((one for one in holders if not catalogue.makes_only_parts(one)), "")
    known = {one.maker.casefold(): one.maker for one in catalogue.fingerprints if one.maker}
    known |= {other.casefold(): right for right, others in catalogue.makers.items() for other in others}
    short = re.sub(
        r"[,.]? *\b(inc|ltd|llc|gmbh|corp|corporation|co|company|limited|technologies)\b.*$", "", name, flags=re.I
    )
    return known.get(name.casefold()) or known.get(short.casefold()) or short.strip() or "Unknown maker"


def _first(replies: Sequence[Facts], keys: Sequence[str]) -> str:
    for key in keys:
        for facts in replies:
            for name, masked in facts:
                if name == key and HOLE not in masked:
                    return masked[:60]
    return ""


def _near_miss(
    clues: Mapping[Confidence, Sequence[Facts]], others: Iterable[Sequence[Observation]]
) -> tuple[Facts, ...]:
    """What another device of the scan said under a key that a clue asks for: the real neighbour."""
    asked = {key for here in clues.values() for facts in here for key, _ in facts}
    best: tuple[int, Facts] = (0, ())
    for device in others:
        private = private_words(device)
        for observation in device:
            facts = tuple(_once_each(_masked(observation, private)))
            shared = len(asked & {key for key, _ in facts})
            best = max(best, (shared, facts), key=lambda one: one[0])
    return (best[1][:6],) if best[0] else ()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-") or "new-device"


def example_of(facts: Facts) -> dict[str, str]:
    """Facts as an example has them."""
    return {key: as_example(value) for key, value in facts}


def clue_of(facts: Facts) -> dict[str, str]:
    """Facts as a clue has them."""
    return {key: as_clue(value) for key, value in facts}
