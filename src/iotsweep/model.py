"""Every type, in the order in which a sweep makes them: Scope, Observation, ProbeRun, Device, Match, Finding, Report.

All values are frozen and hold tuples, so that what was seen cannot be changed after the fact.
Times are UTC, ISO 8601 with microseconds and a trailing Z. Words with an order say so in `rank`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from iotsweep.choices import Confidence as Confidence
from iotsweep.choices import ConsentRole as ConsentRole
from iotsweep.choices import DeviceRole as DeviceRole
from iotsweep.choices import Level as Level
from iotsweep.choices import Profile as Profile
from iotsweep.choices import RouterRunBy as RouterRunBy

# --- Scope: the one network that we may touch -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody agreed, in which role, when and how it was recorded."""

    role: ConsentRole
    time: str
    recorded: str  # "on screen" or "by option"
    router_run_by: RouterRunBy = RouterRunBy.UNKNOWN


@dataclass(frozen=True, slots=True)
class Scope:
    """The one network that we may touch, through which interface, how, and who agreed."""

    network: str  # CIDR, from the operating system's own prefix
    interface: str
    address: str  # this laptop's IPv4 address
    mac: str  # this laptop's MAC address, lower case with colons; "" when the system hides it
    gateway: str | None
    profile: Profile = Profile.STANDARD
    consent: Consent | None = None


# --- Observation: the facts of one reply ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Observation:
    """The facts of one reply, kept together, in the vocabulary of `iotsweep catalogue keys`.

    `facts` are (key, value) pairs, sorted; a key stands more than once when the reply gave several values.
    Values are already cleaned text. `sha256` is that of the raw reply, "" when there was no reply to hash.
    """

    probe: str
    time: str
    mac: str | None = None
    ip: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    sha256: str = ""

    def values(self, key: str) -> tuple[str, ...]:
        """Every value that this reply gave for `key`."""
        return tuple(value for name, value in self.facts if name == key)

    def first(self, key: str) -> str | None:
        """The first value for `key`, or None."""
        return next((value for name, value in self.facts if name == key), None)


# --- ProbeRun: what one probe sent, saw, or why it was skipped ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Destination:
    """How much went to one place. `port` is None for protocols without ports (arp, icmp)."""

    address: str
    protocol: str  # arp, udp, tcp, icmp
    port: int | None
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Everything that one probe sent. `counted` is "on the wire" or "at the socket" (no administrator rights)."""

    packets: int = 0
    bytes: int = 0
    destinations: tuple[Destination, ...] = ()
    counted: str = "at the socket"


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """One probe's part in a sweep. `skipped` and `failed` are sentences for people, or None."""

    probe: str
    started: str | None = None
    ended: str | None = None
    sent: Sent = Sent()
    saw: int = 0
    skipped: str | None = None
    failed: str | None = None
    limits: tuple[str, ...] = ()  # what this probe could not do here, one sentence each


# --- Device: everything seen about one physical thing -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Device:
    """Everything seen about one physical thing. `seen` indexes Report.observations."""

    id: str
    role: DeviceRole
    macs: tuple[str, ...]
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    names: tuple[str, ...]
    vendor: str | None
    seen: tuple[int, ...]
    answers_for: tuple[str, ...] = ()  # addresses that this MAC answers for, when it is a proxy
    bridge: str | None = None  # id of the device that announced this one, when bridged


# --- Fingerprint and Match --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clue:
    """Facts that must all hold; each value tuple means any. Facts of one protocol must come from one reply."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """What a device of (or near) this family said, and what the fingerprint must answer. No confidence: no match."""

    name: str
    saw: tuple[Observation, ...]
    confidence: Confidence = Confidence.NONE
    fields: tuple[tuple[str, str], ...] = ()  # expected model, firmware, serial, name
    line: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """Where the product's app lists people with access, and what would alert the owner. Shown as "look for ..."."""

    app: str
    people: str = ""
    alerts: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One product family of the catalogue."""

    id: str
    name: str
    kind: str
    maker: str
    can: tuple[str, ...]
    status: str
    reviewed: str
    references: tuple[str, ...]
    clues: tuple[tuple[Confidence, tuple[Clue, ...]], ...]
    examples: tuple[Example, ...]
    account: Account | None = None
    path: str = ""
    generic: bool = False  # names a kind whoever made it, so a product family with the same confidence wins


@dataclass(frozen=True, slots=True)
class Because:
    """One fact that made a match: where it was seen (index into Report.observations, None when derived) and what."""

    observation: int | None
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """A fingerprint that fits a device, how well, and because of which observations."""

    fingerprint: str
    name: str
    kind: str
    maker: str
    confidence: Confidence
    because: tuple[Because, ...]
    can: tuple[str, ...] = ()
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    label: str | None = None  # the name that the device gives itself, from a named group `name`
    generic: bool = False
    exactness: int = 0  # how much of `because` the clues spell out; orders equally sure matches


# --- Finding: a device, what it most likely is, what it can do, the concern -------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """That this kind of thing can do something, how sure that is and why. Confidence belongs to the claim."""

    capability: str
    confidence: Confidence
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code of the concern rule and its one plain sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Concern:
    """The level, whether it is provisional (not discussed yet), and why."""

    level: Level
    provisional: bool
    tier: str | None  # T4..T0, None when not identified
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A device, what it most likely is, the alternatives, what it can do, and how much it matters."""

    device: Device
    kind: str | None
    name: str | None
    maker: str | None
    model: str | None
    confidence: Confidence
    because: tuple[Because, ...]
    alternatives: tuple[Match, ...]
    can: tuple[Claim, ...]
    concern: Concern
    fingerprint: str | None = None
    account: Account | None = None


# --- Report: the whole ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that this sweep did not look at, and why: a value, never only a log line."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Tool:
    """Exactly what made this report, so that it can be made again."""

    version: str
    python: str
    system: str
    dependencies: tuple[tuple[str, str], ...]
    catalogue_version: str
    catalogue_sha256: str
    catalogue_fingerprints: int
    vendors_date: str
    vendors_sha256: str
    privileged: bool
    overlay: tuple[str, ...] = ()  # ids of the user's own fingerprints, which won over bundled ones


@dataclass(frozen=True, slots=True)
class Report:
    """Checked, not checked and why, found, limits. Same observations, catalogue and version: the same report."""

    schema: str
    tool: Tool
    scope: Scope
    started: str
    ended: str
    partial: str | None  # why the sweep stopped early, None when it ran to its end
    runs: tuple[ProbeRun, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    blind_spots: tuple[str, ...] = field(default=())
    left_out: str | None = None  # what a copy for others no longer holds; None for the whole record
