"""Computes the status of a control from findings and attestations. Silence is never compliance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from preuve.assess.cadence import ends as attestation_ends
from preuve.assess.cadence import is_young, missed
from preuve.assess.plan import LAW
from preuve.library.company.waivers import VERIFIED
from preuve.model.company.workspace import IN_PLACE, NOT_IN_PLACE, PARTLY, Attestation, Exclusion, Workspace
from preuve.model.content import GRAVE, Automation, Control, EvidenceItem, Library
from preuve.model.results import (
    ControlResult,
    ControlStatus,
    EvidenceResult,
    Finding,
    FindingStatus,
    PolicyResult,
    Reason,
)

_PARTIAL = Automation.PARTIAL
_LEAST_FIRST = (NOT_IN_PLACE, PARTLY, IN_PLACE)
_LESS = {
    ControlStatus.SUPPORTED: ControlStatus.PARTLY_SUPPORTED,
    ControlStatus.DECLARED: ControlStatus.PARTLY_DECLARED,
}
_CLEAN = (FindingStatus.PASS, FindingStatus.NOT_APPLICABLE)
_WORST_FIRST = (
    FindingStatus.FAIL,
    FindingStatus.NOT_EVALUATED,
    FindingStatus.WAIVED,
    FindingStatus.PASS,
    FindingStatus.NOT_APPLICABLE,
)


def policy_results(findings: Iterable[Finding], policies: Iterable[str]) -> dict[str, PolicyResult]:
    """Return each policy over its population: the worst status counts."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in policies}
    for finding in findings:
        counts[finding.policy][finding.status.value] += 1
    return {name: _policy_result(name, count) for name, count in sorted(counts.items())}


def _policy_result(name: str, counts: Counter[str]) -> PolicyResult:
    status = next((item for item in _WORST_FIRST if counts[item.value]), FindingStatus.NOT_EVALUATED)
    return PolicyResult(name, status, {item.value: counts[item.value] for item in FindingStatus if counts[item.value]})


@dataclass(frozen=True)
class _PolicyFindings:
    """The findings of a control's policies: those that decide its status, and those that do not."""

    deciding: tuple[PolicyResult, ...]
    beside: tuple[PolicyResult, ...]  # of the others, and of these on what the control is not about
    one_sided: frozenset[str]  # policies whose pass shows a part, and whose failure contradicts nothing

    @property
    def whole(self) -> list[PolicyResult]:
        """The policies that decide the control by a pass as well as by a failure."""
        return [item for item in self.deciding if item.policy not in self.one_sided]

    @property
    def attention(self) -> list[str]:
        """The failing policies that do not decide the control; one may also fail on resources that do."""
        return [item.policy for item in self.beside if _fails(item)]

    def reasons(self) -> list[Reason]:
        """Return the findings that lower the status."""
        both = (*self.deciding, *self.beside)
        named = (
            ("policy_failed", [item.policy for item in self.deciding if item.counts.get(FindingStatus.FAIL.value)]),
            ("attention", self.attention),
            ("policy_waived", [item.policy for item in both if _has(item, FindingStatus.WAIVED)]),
            ("policy_not_evaluated", [item.policy for item in both if _has(item, FindingStatus.NOT_EVALUATED)]),
        )
        return [Reason(code, {"policies": ", ".join(dict.fromkeys(names))}) for code, names in named if names]


@dataclass(frozen=True)
class _Links:
    """The policies of a control by what they decide about it, and what they found."""

    selected: tuple[str, ...]  # all of them
    tested: tuple[str, ...]  # those that decide its status
    supporting: tuple[str, ...]  # the others
    linked: tuple[str, ...]  # those that may decide it
    means: Iterable[str]  # those that look at one means among several
    elsewhere: Iterable[str]  # those that code which was not read may meet
    unset: Mapping[str, list[str]]  # policy -> its figures that the company has not set
    apart: Mapping[str, PolicyResult]  # what policies found outside of the framework's scope
    found: _PolicyFindings

    def notes(self, deviations: Iterable[str]) -> list[Reason]:
        """Return remarks that change no status but must be shown."""
        params = [name for figures in self.unset.values() for name in figures]
        named: dict[str, dict[str, Iterable[str]]] = {
            "deviation": {"waivers": deviations},
            "outside": {"policies": self.apart},
            "means": {"policies": self.means},
            "elsewhere": {"policies": self.elsewhere},
            "unset": {"policies": self.unset, "params": params},
        }
        lists = {
            code: {key: ", ".join(dict.fromkeys(of)) for key, of in lists.items()} for code, lists in named.items()
        }
        notes = [Reason(code, values) for code, values in lists.items() if all(values.values())]
        return [Reason("never_against"), *notes] if self._only_one_sided() else notes

    def _only_one_sided(self) -> bool:
        """Return whether there are policies that may decide the status, and none of them by a failure."""
        return bool(self.linked) and {*self.linked} <= {*self.means, *self.elsewhere, *self.unset}


@dataclass(frozen=True)
class Rollup:
    """Everything that the status of a control depends on."""

    library: Library
    workspace: Workspace
    policies: Mapping[str, PolicyResult]
    findings: Mapping[str, tuple[Finding, ...]]  # by policy
    today: date

    def control(self, control: Control) -> ControlResult:
        """Return the status of one control and the reasons for it."""
        evidence = tuple(self._evidence(self.library.evidence[name]) for name in control.evidence)
        links = self._links(control)
        status, reasons = self._status(control, links, evidence)
        status, cadence = self._over_the_period(status, evidence)
        deviations = self._waivers(links.tested, control.framework) if self._is_law(control) else ()
        return ControlResult(
            control=control.id,
            framework=control.framework,
            status=status,
            reasons=tuple(reasons + cadence + links.notes(deviations)),
            policies=links.selected,
            planned=control.planned,
            evidence=evidence,
            waivers=self._waivers(links.selected),
            deviations=deviations,
            supporting=links.supporting,
            attention=tuple(dict.fromkeys(links.found.attention)),
        )

    def _links(self, control: Control) -> _Links:
        """Sort the policies of a control by what they decide about it."""
        selected = tuple(link.policy for link in control.policies if link.policy in self.policies)
        linked = [link.policy for link in control.policies if link.policy in self.policies and link.decides]
        means = [name for name in linked if self.library.policies[name].one_means]
        elsewhere = [name for name in linked if name not in means and self._may_be_elsewhere(name)]
        known = {*means, *elsewhere}
        unset = {name: figures for name in linked if name not in known and (figures := self._unset(name))}
        one_sided = frozenset((*known, *unset))
        apart = {name: result for name in linked if (result := self._outside(control, name)) is not None}
        counted = {name: self._as_seen_by(control, self.policies[name], apart.get(name)) for name in linked}
        about = [name for name in linked if name not in apart or counted[name].counts]
        tested = tuple(name for name in about if name not in one_sided or counted[name].status in _CLEAN)
        supporting = tuple(name for name in selected if name not in tested)
        found = _PolicyFindings(
            tuple(counted[name] for name in tested),
            (*(self.policies[name] for name in supporting), *(apart[name] for name in tested if name in apart)),
            one_sided,
        )
        return _Links(selected, tested, supporting, tuple(linked), means, elsewhere, unset, apart, found)

    def _status(
        self, control: Control, links: _Links, evidence: tuple[EvidenceResult, ...]
    ) -> tuple[ControlStatus, list[Reason]]:
        """Return the status of a control on the day of the run, and what lowers it."""
        excluded = next((item for item in self.workspace.exclusions if item.control == control.id), None)
        if excluded is not None:
            return ControlStatus.EXCLUDED, self._excluded(excluded, links.selected)
        if control.automation is Automation.MANUAL:
            return self._manual(evidence)
        return self._automated(control, links.found, evidence)

    def _may_be_elsewhere(self, policy: str) -> bool:
        """Return whether one block meets a policy for a whole account, of which nothing but code was read: that of
        another root, such as the one for the organization's trail, may be the one.
        """
        rule = self.library.policies[policy].iac
        return bool(rule and rule.one_suffices) and {item.source for item in self.findings.get(policy, ())} == {"iac"}

    def _unset(self, policy: str) -> list[str]:
        """Return the figures that a policy needs and the company has not set although they are its choice. With
        preuve's own figure, as with one means among several, a pass of everything shows a part, and a failure
        contradicts nothing.
        """
        asked = self.library.policies[policy].params
        return [name for name in asked if self.library.parameters[name].own and name not in self.workspace.params]

    def _outside(self, control: Control, policy: str) -> PolicyResult | None:
        """Return the findings of a policy on resources outside of the framework's scope, by the company's own word."""
        found = [item for item in self.findings.get(policy, ()) if control.framework in item.outside]
        return policy_results(found, [policy])[policy] if found else None

    def _waivers(self, policies: Iterable[str], framework: str = "") -> tuple[str, ...]:
        """Return the waivers that cover findings of these policies, except those outside of the framework's scope."""
        items = (item for name in policies for item in self.findings.get(name, ()) if framework not in item.outside)
        return tuple(sorted({item.waiver for item in items if item.waiver}))

    def _over_the_period(
        self, status: ControlStatus, evidence: Iterable[EvidenceResult]
    ) -> tuple[ControlStatus, list[Reason]]:
        """Return the status and what lowers it to a part: evidence that is current today but was not kept up over the
        period, or is too young to have been repeated.
        """
        counting = [self.library.evidence[item.id] for item in evidence if item.state in ("current", PARTLY)]
        known, today = self.workspace.attestations, self.today
        if status is ControlStatus.EXCLUDED or not counting:
            return status, []
        gaps = [gap for item in counting if (gap := missed(item, known, today))]
        reasons = [
            Reason("evidence_missed", {"items": gap.item, "from": gap.start.isoformat(), "to": gap.end.isoformat()})
            for gap in gaps
        ]
        if young := [item.id for item in counting if is_young(item, known, today)]:
            reasons.append(Reason("evidence_young", {"items": ", ".join(young)}))
        return (_LESS.get(status, status) if reasons else status), reasons

    @staticmethod
    def _is_law(control: Control) -> bool:
        """Return whether a control is law. A waiver never improves its status: for a deciding policy, it is a deviation
        from a rule of the catalogue, for the DPO, if any, to review.
        """
        return control.framework == LAW

    def _excluded(self, exclusion: Exclusion, selected: Iterable[str]) -> list[Reason]:
        """Return why a control is excluded, and the policies that fail all the same: an exclusion does not make them
        pass.
        """
        reasons = [Reason("excluded", {"reason": exclusion.reason})]
        failed = {name: n for name in selected if (n := self.policies[name].counts.get(FindingStatus.FAIL.value))}
        if failed:
            values = {"findings": str(sum(failed.values())), "policies": ", ".join(failed)}
            reasons.append(Reason("excluded_failing", values))
        return reasons

    @staticmethod
    def _manual(evidence: tuple[EvidenceResult, ...]) -> tuple[ControlStatus, list[Reason]]:
        if _denied(evidence):
            return ControlStatus.NOT_SUPPORTED, _evidence_reasons(evidence)
        return _by_people(evidence, "manual_only") or (
            ControlStatus.NOT_ASSESSED,
            _evidence_reasons(evidence) or [Reason("not_assessed")],
        )

    def _automated(
        self, control: Control, seen: _PolicyFindings, evidence: tuple[EvidenceResult, ...]
    ) -> tuple[ControlStatus, list[Reason]]:
        reasons = seen.reasons() + _evidence_reasons(evidence)
        if control.planned:
            reasons.append(Reason("planned", {"policies": ", ".join(control.planned)}))
        if _denied(evidence):
            return ControlStatus.NOT_SUPPORTED, reasons
        if not any(map(_passes, seen.deciding)):
            quiet = not seen.deciding and seen.beside and not seen.reasons() and not control.planned
            if quiet and (declared := _by_people(evidence, "none_tests")):
                return declared
            return self._nothing_passed(seen, reasons)
        failing = filter(_fails, seen.deciding)
        if any(self.library.policies[item.policy].severity in GRAVE for item in failing):
            return ControlStatus.NOT_SUPPORTED, reasons
        if not reasons and not evidence and (control.details.get("residual") or control.automation is _PARTIAL):
            reasons.append(Reason("residual"))  # checks alone never suffice for such a control
        if not any(map(_passes, seen.whole)):
            reasons.append(Reason("one_sided"))
        if reasons:
            return ControlStatus.PARTLY_SUPPORTED, reasons
        return ControlStatus.SUPPORTED, [Reason("all_supported"), *map(_declared, evidence)]

    @staticmethod
    def _nothing_passed(seen: _PolicyFindings, reasons: list[Reason]) -> tuple[ControlStatus, list[Reason]]:
        """Return the status of a control without a passing deciding policy: any failure contradicts it, except one
        under a waiver, which is an accepted risk. A passing supporting policy does not decide.
        """
        status = ControlStatus.NOT_SUPPORTED if any(map(_fails, seen.deciding)) else ControlStatus.NOT_ASSESSED
        supported = any(map(_passes, seen.beside))
        why = "none_tests" if not seen.deciding else "supporting_only" if supported else "nothing_passed"
        return status, [*reasons, Reason(why)]

    def _as_seen_by(self, control: Control, result: PolicyResult, apart: PolicyResult | None) -> PolicyResult:
        """Return the findings of a policy on what a control is about. For the law, a waived failure counts as a
        failure, whatever else the policy found.
        """
        if apart is not None:
            left = Counter(result.counts) - Counter(apart.counts)
            result = _policy_result(result.policy, left)
        if not self._is_law(control) or not result.counts.get(FindingStatus.WAIVED.value):
            return result
        return PolicyResult(result.policy, FindingStatus.FAIL, result.counts)

    def _evidence(self, item: EvidenceItem) -> EvidenceResult:
        return evidence_result(item, self.workspace.attestations, self.today)


def evidence_result(item: EvidenceItem, attestations: Iterable[Attestation], today: date) -> EvidenceResult:
    """Return the state of one item of manual evidence on a day, by the attestation that counts.

    A date alone makes nothing current: somebody other than the owner must have signed. A statement that the requirement
    is not met counts without a signature and does not expire: only a newer reviewed statement replaces it.
    """
    known = [entry for entry in attestations if entry.evidence == item.id and entry.effective <= today]
    if not known:
        return EvidenceResult(item.id, "missing")
    found = _counting(known, item, today)
    ends, reviewed = attestation_ends(found, item), _reviewed(found)
    approver = found.approver if reviewed else ""
    return EvidenceResult(
        item.id,
        _state(found, reviewed=reviewed, over=ends < today),
        found.id,
        found.effective.isoformat(),
        ends.isoformat(),
        found.owner,
        approver,
        found.conclusion,
    )


def _state(found: Attestation, *, reviewed: bool, over: bool) -> str:
    if found.conclusion == NOT_IN_PLACE:
        return NOT_IN_PLACE
    if over:
        return "stale"
    if not reviewed:
        return "unreviewed"
    return "current" if found.conclusion == IN_PLACE else PARTLY


def _counting(known: Sequence[Attestation], item: EvidenceItem, today: date) -> Attestation:
    """Return the attestation that counts: among the newest reviewed one and all later ones that nobody withdrew, the
    least favourable. Among equal ones, a document that another one replaced is history, reviewed or not.
    """
    since = max((entry.effective for entry in known if _reviewed(entry)), default=date.min)
    standing = [entry for entry in known if entry.effective >= since]
    least = min(_LEAST_FIRST.index(entry.conclusion) for entry in standing)
    alike = [entry for entry in standing if entry.conclusion == _LEAST_FIRST[least]]
    newest = max((entry.effective for entry in alike if entry.file), default=date.min)
    left = [entry for entry in alike if not entry.file or entry.effective == newest]
    return max(left, key=lambda entry: _standing(entry, item, today))


def _standing(entry: Attestation, item: EvidenceItem, today: date) -> tuple[bool, date, date]:
    ends = attestation_ends(entry, item)
    return ends >= today and _reviewed(entry), ends, entry.effective


def _reviewed(entry: Attestation) -> bool:
    return entry.approval.state == VERIFIED


def _denied(evidence: Iterable[EvidenceResult]) -> bool:
    """Return whether somebody declares that the requirement is not met: this contradicts the control, whatever
    passes.
    """
    return any(item.state == NOT_IN_PLACE for item in evidence)


def _by_people(evidence: Sequence[EvidenceResult], why: str) -> tuple[ControlStatus, list[Reason]] | None:
    """Return the status of a control that rests on declarations; None unless all of them were reviewed."""
    states = {item.state for item in evidence}
    if not states or not states <= {"current", PARTLY}:
        return None
    status = ControlStatus.PARTLY_DECLARED if PARTLY in states else ControlStatus.DECLARED
    return status, [Reason(why), *_evidence_reasons(evidence), *map(_declared, evidence)]


def _declared(item: EvidenceResult) -> Reason:
    return Reason("declared", {"items": item.id, "owner": item.owner, "approver": item.approver})


def _fails(result: PolicyResult) -> bool:
    return result.status is FindingStatus.FAIL


def _passes(result: PolicyResult) -> bool:
    return FindingStatus.PASS.value in result.counts


def _has(result: PolicyResult, status: FindingStatus) -> bool:
    return result.status is status or bool(result.counts.get(status.value))


def _evidence_reasons(evidence: Iterable[EvidenceResult]) -> list[Reason]:
    reasons = []
    for state in (NOT_IN_PLACE, PARTLY, "missing", "stale", "unreviewed"):
        items = [item.id for item in evidence if item.state == state]
        if items:
            reasons.append(Reason(f"evidence_{state}", {"items": ", ".join(items)}))
    return reasons
