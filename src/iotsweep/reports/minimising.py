"""A copy of a report without what is personal, for those who need not know it. Pure, so every form can show it.

Every personal value is replaced (`catalogue.personal` says which are), everywhere, the same value by the same
placeholder: a reader still sees that two facts agree. Hashes of replies go too, because they could prove a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from iotsweep.catalogue.personal import ADDRESS, HARDWARE, NAME, SERIAL, sort_personal
from iotsweep.model import Because, Claim, Device, Finding, Match, NotChecked, Observation, ProbeRun, Report, Scope
from iotsweep.reports.placeholders import Placeholders

LEFT_OUT = (
    "This copy was made without personal details. Names, addresses, serial numbers, accounts, Wi-Fi names, places and "
    "times in the home are replaced by words such as [name 1]; the same word stands for the same value. What replies "
    "hash to is left out. It is no longer the full evidence: that is the saved record it was made from."
)
_SAYS_PRODUCT = re.compile(r"model|type|vendor|manufacturer|maker|brand|hardware|product|sku")
# Names that every system gives its interfaces; any other was chosen, or is the name of a capture file.
_USUAL_INTERFACE = re.compile(
    r"(?:eth|wlan|en|enp|eno|ens|enx|wl|wlp|wlx|br|usb)\d\w*|Wi-Fi|WLAN|Ethernet(?: \d{1,2})?"
)
# Our own sentences that name something of this laptop: its other connections, the file that was read.
_OWN_THINGS = (
    re.compile(r"This laptop is also on \S+ \((.+)\)\. "),
    re.compile(r"A VPN or another tunnel is on \((.+)\)\. "),
    re.compile(r"all that is known comes from (.+) \((?:sha256|not hashed)"),
)


def minimise(report: Report) -> Report:
    """`report` without personal details; one that is such a copy already comes back as it is."""
    return report if report.left_out else _Copy(report).make()


class _Copy:
    """One report on its way to a copy of it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._own = frozenset(report.tool.overlay)  # the user's own fingerprints: their words are the user's
        self._given = Placeholders(self._ordinary_words())
        self._ids = {finding.device.id: f"device-{n}" for n, finding in enumerate(report.findings, 1)}
        self._collect()

    def make(self) -> Report:
        """Everything that the report holds, field by field."""
        report, hide = self._report, self._given.hide
        return replace(
            report,
            tool=replace(report.tool, overlay=tuple(self._put(NAME, name) or "" for name in report.tool.overlay)),
            scope=self._copy_scope(report.scope),
            partial=None if report.partial is None else hide(report.partial),
            runs=tuple(map(self._copy_run, report.runs)),
            observations=tuple(map(self._copy_observation, report.observations)),
            findings=tuple(map(self._copy_finding, report.findings)),
            not_checked=tuple(NotChecked(hide(missed.what), hide(missed.why)) for missed in report.not_checked),
            blind_spots=tuple(map(hide, report.blind_spots)),
            left_out=LEFT_OUT,
        )

    def _ordinary_words(self) -> Iterator[str]:
        yield from self._report.blind_spots  # fixed sentences: the words in which a report speaks
        for finding in self._report.findings:
            yield finding.device.vendor or ""
            known: tuple[Finding | Match, ...] = (finding, *finding.alternatives)
            for one in known:
                if one.fingerprint not in self._own:
                    yield from (one.kind or "", one.name or "", one.maker or "")
        for seen in self._report.observations:
            yield from (value for key, value in seen.facts if _SAYS_PRODUCT.search(key) and not sort_personal(key))

    def _collect(self) -> None:
        """Put every personal value in reading order, so that the first device has the first numbers."""
        report = self._report
        for finding in report.findings:
            self._copy_device(finding.device)
            for seen in self._seen(finding.device):
                self._copy_observation(seen)
        self._copy_scope(report.scope)
        for seen in report.observations:
            self._copy_observation(seen)
        for (
            finding
        ) in report.findings:  # what was not seen in a reply: labels, facts of a file that was changed by hand
            self._copy_finding(finding)
        for sentence in self._sentences():
            for pattern in _OWN_THINGS:
                found = pattern.search(sentence)
                if found:
                    self._put(NAME, found[1])

    def _sentences(self) -> Iterator[str]:
        yield from (missed.why for missed in self._report.not_checked)
        for run in self._report.runs:
            yield from (run.skipped or "", run.failed or "", *run.limits)

    def _put(self, sort: str, value: str | None) -> str | None:
        if value is None:
            return None
        return self._given.put_address(value) if sort == ADDRESS else self._given.put(sort, value)

    def _put_all(self, sort: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._put(sort, value) or "" for value in values)

    def _copy_value(self, key: str, value: str) -> str:
        sort = sort_personal(key)
        if sort:
            return self._put(sort, value) or ""
        return value if key == "http.favicon" else self._given.hide(value, only_home=True)

    def _copy_scope(self, scope: Scope) -> Scope:
        usual = _USUAL_INTERFACE.fullmatch(scope.interface)
        return replace(
            scope,
            network=self._put(ADDRESS, scope.network) or "",
            interface=scope.interface if usual else self._put(NAME, scope.interface) or "",
            address=self._put(ADDRESS, scope.address) or "",
            mac=self._put(HARDWARE, scope.mac) or "",
            gateway=self._put(ADDRESS, scope.gateway),
        )

    def _copy_run(self, run: ProbeRun) -> ProbeRun:
        hide = self._given.hide
        places = tuple(
            replace(place, address=self._given.put_address(place.address)) for place in run.sent.destinations
        )
        return replace(
            run,
            sent=replace(run.sent, destinations=places),
            skipped=None if run.skipped is None else hide(run.skipped),
            failed=None if run.failed is None else hide(run.failed),
            limits=tuple(map(hide, run.limits)),
        )

    def _copy_observation(self, seen: Observation) -> Observation:
        facts = ((self._given.hide(key), self._copy_value(key, value)) for key, value in seen.facts)
        mac, ip = self._put(HARDWARE, seen.mac), self._put(ADDRESS, seen.ip)
        return replace(seen, mac=mac, ip=ip, facts=tuple(sorted(facts)), sha256="")

    def _copy_device(self, device: Device) -> Device:
        return replace(
            device,
            id=self._ids[device.id],
            macs=self._put_all(HARDWARE, device.macs),
            ipv4=self._put_all(ADDRESS, device.ipv4),
            ipv6=self._put_all(ADDRESS, device.ipv6),
            names=self._put_all(NAME, device.names),
            answers_for=self._put_all(ADDRESS, device.answers_for),
            bridge=self._ids.get(device.bridge or ""),
        )

    def _copy_finding(self, finding: Finding) -> Finding:
        own = finding.fingerprint in self._own
        concern = finding.concern
        reasons = tuple(replace(one, sentence=self._given.hide(one.sentence)) for one in concern.reasons)
        return replace(
            finding,
            device=self._copy_device(finding.device),
            name=self._put(NAME, finding.name) if own else finding.name,
            maker=self._put(NAME, finding.maker) if own else finding.maker,
            model=self._copy_stated(finding.model, finding),
            because=self._copy_because(finding.because),
            alternatives=tuple(self._copy_match(match, finding) for match in finding.alternatives),
            can=tuple(self._copy_claim(claim) for claim in finding.can),
            concern=replace(concern, reasons=reasons),
            fingerprint=self._put(NAME, finding.fingerprint) if own else finding.fingerprint,
            account=None if own else finding.account,
        )

    def _copy_match(self, match: Match, finding: Finding) -> Match:
        own = match.fingerprint in self._own
        return replace(
            match,
            fingerprint=self._put(NAME, match.fingerprint) or "" if own else match.fingerprint,
            name=self._put(NAME, match.name) or "" if own else match.name,
            maker=self._put(NAME, match.maker) or "" if own else match.maker,
            because=self._copy_because(match.because),
            model=self._copy_stated(match.model, finding),
            firmware=self._copy_stated(match.firmware, finding),
            serial=self._put(SERIAL, match.serial),
            label=self._put(NAME, match.label),
        )

    def _copy_claim(self, claim: Claim) -> Claim:
        return replace(claim, because=self._copy_because(claim.because))

    def _copy_because(self, because: tuple[Because, ...]) -> tuple[Because, ...]:
        return tuple(
            replace(one, key=self._given.hide(one.key), value=self._copy_value(one.key, one.value)) for one in because
        )

    def _copy_stated(self, value: str | None, finding: Finding) -> str | None:
        """A model or firmware that the product states; one that was read out of a given name is left out."""
        if value is None or self._given.is_ordinary(value):
            return value
        facts = [fact for one in self._seen(finding.device) for fact in one.facts]
        facts += [(one.key, one.value) for one in finding.because]
        stated = any(value.lower() in said.lower() for key, said in facts if not sort_personal(key))
        return self._given.hide(value, only_home=True) if stated else None

    def _seen(self, device: Device) -> list[Observation]:
        kept = self._report.observations
        return [kept[index] for index in device.seen if 0 <= index < len(kept)]
