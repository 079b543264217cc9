"""The result of an assessment: findings by policy and resource, status by control."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from preuve.model.content import Severity


class FindingStatus(StrEnum):
    """The verdict of one policy on one resource."""

    FAIL = "FAIL"
    NOT_EVALUATED = "NOT_EVALUATED"
    WAIVED = "WAIVED"
    PASS = "PASS"  # noqa: S105
    NOT_APPLICABLE = "NOT_APPLICABLE"


WEAK = frozenset({FindingStatus.FAIL, FindingStatus.WAIVED})  # something is wrong, accepted or not
QUIET = frozenset({FindingStatus.PASS, FindingStatus.NOT_APPLICABLE})  # nobody has to look at it


class ControlStatus(StrEnum):
    """The status of a control by its evidence; never "compliant"."""

    SUPPORTED = "SUPPORTED"
    DECLARED = "DECLARED"  # nothing was checked: a declaration that somebody else signed
    PARTLY_SUPPORTED = "PARTLY_SUPPORTED"
    PARTLY_DECLARED = "PARTLY_DECLARED"  # the same as DECLARED, of a part only
    NOT_SUPPORTED = "NOT_SUPPORTED"
    NOT_ASSESSED = "NOT_ASSESSED"
    EXCLUDED = "EXCLUDED"


_REGISTERS = "Register::"  # types of the company's own registers


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of `reports/locales/*.yaml` (key `reasons`), and the values that its sentence names."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


RESOURCES = "resources"  # value of a reason: the number of resources that one cause leaves undecided
DEVIATION = "deviation"  # value of a waived finding's reason: the code of the reason that it fails for


def deviation_of(reason: Reason) -> tuple[Reason, Reason | None]:
    """Return the reason of a waived finding without the deviation, and the reason of the failure itself."""
    code = reason.values.get(DEVIATION)
    rest = {name: value for name, value in reason.values.items() if name != DEVIATION}
    return Reason(reason.code, rest), Reason(code, rest) if code else None


def lacking(reason: Reason) -> tuple[str, ...]:
    """Return the IAM actions that the scanning role lacks, if they are why something is undecided."""
    values = reason.values
    denied = values.get("action", "") if values.get("cause") == "access_denied" else ""
    return tuple(name for name in values.get("lacking", denied).split(", ") if name)


def in_general(reason: Reason) -> Reason:
    """Return the reason without the values of a single resource, so that one cause on many resources reads alike."""
    return Reason(reason.code, {name: value for name, value in reason.values.items() if name not in _OF_ONE})


_OF_ONE = frozenset({"said", "answer", "found", RESOURCES})


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a resource: in an account, or in code (`file` is relative to the repository)."""

    type: str
    id: str
    account: str = ""
    region: str = ""
    arn: str = ""
    root: str = ""
    file: str = ""
    line: int = 0
    end_line: int = 0
    called_from: tuple[tuple[str, str, int], ...] = ()  # module, file and line of each call, the outermost first

    @property
    def own_name(self) -> str:
        """A name that is unique in its type and place: two APIs may both have a stage `prod`."""
        return self.arn or self.id


@dataclass(frozen=True, slots=True)
class Finding:
    """One policy on one resource, in the account (`source` aws) or in code (`source` iac)."""

    policy: str
    rev: int
    source: str
    status: FindingStatus
    severity: Severity
    place: Place
    reason: Reason
    incomplete: bool = False  # something in scope could not be read (counts towards exit code 11)
    observed: Mapping[str, Any] = field(default_factory=dict)  # what the condition read, redacted
    calls: tuple[str, ...] = ()  # ids of the API calls of the snapshot that gave it
    lines: tuple[str, ...] = field(default=(), compare=False)  # of the snapshot, beside that of the resource itself
    waiver: str = ""
    checks: tuple[str, ...] = ()  # Checkov ids that decided
    grounds: tuple[str, ...] = ()  # hashes of the grounds of a failure in code
    known: bool = False  # known: it is in the baseline, or in the tree compared with
    also: tuple[Place, ...] = ()  # the other resources that the same cause leaves undecided
    each: tuple[Finding, ...] = field(default=(), compare=False)  # on each of them alone; empty if read from a file
    outside: tuple[str, ...] = ()  # frameworks that do not apply to this resource, as the company declares

    @property
    def places(self) -> tuple[Place, ...]:
        """The resources of the finding: a list of findings must not name the first one alone."""
        return (self.place, *self.also)


def by_resource(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each finding once for each resource that it is about, as a finding about that one alone."""
    for finding in findings:
        if not finding.also:
            yield finding
            continue
        if finding.each:
            yield from (replace(one, outside=finding.outside) for one in finding.each)
            continue
        values = {name: value for name, value in finding.reason.values.items() if name != RESOURCES}
        for place in finding.places:
            yield replace(finding, place=place, reason=Reason(finding.reason.code, values), also=())


@dataclass(frozen=True)
class FindingGroup:
    """Findings that say one thing: instances of one block under one policy, or all that one gap leaves undecided."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that represents the others."""
        return self.findings[0]

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies, each once."""
        return tuple(dict.fromkeys(finding.policy for finding in self.findings))


_INSTANCE = re.compile(r'\["[^"]*"\]|\[[^\]]*\]')
_MODULES = re.compile(r"^(?:module\.[^.]+\.)+")


def similar_findings(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Group findings in code that share policy, line, block and reason; any other stands alone. What was not read is
    grouped over all policies.
    """
    found: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        placed = finding.source == "iac" and (finding.place.file or finding.incomplete)
        key = _one_thing(finding) if placed else (number,)
        found.setdefault(key, []).append(finding)
    return tuple(FindingGroup(tuple(same)) for same in found.values())


def _one_thing(finding: Finding) -> tuple[object, ...]:
    place, reason = finding.place, finding.reason
    if finding.incomplete:
        where = (place.file, place.line, place.id) if place.file else (place.root,)
        return (*where, *sorted(reason.values.items()), finding.known)
    block = block_name(place)
    said = (finding.status, reason.code, *sorted(reason.values.items()), finding.checks, finding.waiver, finding.known)
    return (finding.policy, place.file, place.line, place.type, block, *said)


def block_name(place: Place) -> str:
    """Return the name of a block in its file, which all calls of its module and all its instances share."""
    return _MODULES.sub("", _INSTANCE.sub("", place.id))


def distinct(findings: Iterable[Finding]) -> int:
    """Count the problems: alike findings count once, and so does everything that one unread call leaves open."""
    groups = [group.first for group in similar_findings(findings)]
    calls = {_one_gap(finding) for finding in groups if finding.incomplete and finding.source != "iac"}
    return len(calls) + sum(not finding.incomplete or finding.source == "iac" for finding in groups)


def _one_gap(finding: Finding) -> tuple[object, ...]:
    """Return the key of what was not read: a call in a place, or a missing source; a finding without a cause is its
    own key.
    """
    place, values = finding.place, finding.reason.values
    if "cause" not in values:
        return (finding.policy, place, finding.reason.code)
    named = ("call", "at") if values.get("call") else ("type",)
    return (place.account, *(values.get(name, "") for name in ("cause", "code", *named)))


@dataclass(frozen=True)
class PolicyResult:
    """A policy over its whole population."""

    policy: str
    status: FindingStatus
    counts: Mapping[str, int]  # finding status -> number
    rule: str = ""  # hash of its rule, with the values of its parameters; "" if the run has none
    unread: tuple[str, ...] = ()  # roots with unread code that may concern it


class JoinState(StrEnum):
    """Whether a resource of the account and a block of code are known to be one."""

    JOINED = "joined"
    ONLY_CODE = "only_code"
    ONLY_ACCOUNT = "only_account"
    NOT_JOINED = "not_joined"


@dataclass(frozen=True, slots=True)
class Join:
    """A resource of the account and the block that makes it, or one of them and why the other is not known."""

    type: str  # of the resource
    state: JoinState
    why: str  # how the two are joined, or why not: a word of `joins` in the locales; "" if one side is missing
    cloud: Place | None = None
    code: Place | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A policy that says one thing of a resource in the account and another of the block of code that makes it."""

    policy: str
    cloud: Place
    code: Place
    cloud_fails: bool  # False: the code fails
    by: str  # why the two are known to be one
    waived: bool = False  # the side that fails does so under a waiver


@dataclass(frozen=True)
class EvidenceResult:
    """One item of manual evidence, by the attestation that counts."""

    id: str
    state: str  # current: in place by an attestation in force and reviewed | partly: so of a part | not_in_place |
    # unreviewed | stale | missing
    attestation: str = ""
    effective: str = ""
    expires: str = ""
    owner: str = ""  # who declares it
    approver: str = ""  # who reviewed and signed it; only where that is verified
    conclusion: str = ""  # of its owner


@dataclass(frozen=True)
class ControlResult:
    """One control with everything that led to its status."""

    control: str
    framework: str
    status: ControlStatus
    reasons: tuple[Reason, ...]
    policies: tuple[str, ...]
    planned: tuple[str, ...]
    evidence: tuple[EvidenceResult, ...]
    waivers: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()  # policies that only support it and decide nothing
    attention: tuple[str, ...] = ()  # failing ones that do not decide: of `supporting`, or on what it is not about

    @property
    def deciding(self) -> tuple[str, ...]:
        """The policies that test it; results of other policies are no findings on this control."""
        return tuple(name for name in self.policies if name not in self.supporting)

    def counts(self, finding: Finding) -> bool:
        """Return whether a finding of its policies counts: a finding on a resource that the control is not about does
        not.
        """
        return finding.policy in self.supporting or self.framework not in finding.outside


@dataclass(frozen=True)
class WaiverResult:
    """A waiver of the workspace, and what it did."""

    id: str
    policy: str
    resource: str
    owner: str
    approver: str
    reason: str
    expires: str
    state: str  # active | expired | unused | not_asked | later | invalid
    findings: int = 0
    approval_verified: bool = False
    approval: str = "unchecked"  # verified, or why it is not
    approval_key: str = ""  # fingerprint of the key of the approver that signed
    created: str = ""  # from when on it is in force
    defect: str = ""  # why an invalid one does not count


@dataclass(frozen=True)
class UncoveredType:
    """A type of resource in the code of a root that no selected policy looks at: how many blocks, and where the first
    one stands. Of several roots together the root is "".
    """

    root: str
    framework: str  # terraform | cloudformation
    type: str
    blocks: int
    file: str
    line: int


@dataclass(frozen=True)
class UnlistedNames:
    """Names, as the snapshot has them, that entries of registers have in a member, and that no resource has among types
    that were all listed whole.
    """

    type: str
    member: str
    names: frozenset[str]
    among: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """The whole result, in stable order."""

    now: str
    findings: tuple[Finding, ...]
    policies: Mapping[str, PolicyResult]
    controls: tuple[ControlResult, ...]
    waivers: tuple[WaiverResult, ...]
    problems: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    uncovered: tuple[UncoveredType, ...] = ()
    unlisted: tuple[UnlistedNames, ...] = ()  # for whoever ran it: no file of the bundle has them

    @property
    def evidence(self) -> Mapping[str, EvidenceResult]:
        """The items of manual evidence that controls in scope require; an excluded control requires none."""
        inside = (result for result in self.controls if result.status is not ControlStatus.EXCLUDED)
        return {item.id: item for result in inside for item in result.evidence}

    @property
    def silent(self) -> tuple[str, ...]:
        """The policies without any finding. Nothing in scope is of their types, so that they are not evaluated."""
        return tuple(name for name, result in self.policies.items() if not result.counts)

    @property
    def uncovered_types(self) -> tuple[UncoveredType, ...]:
        """The types of resources that no policy looks at, over all roots."""
        found: dict[tuple[str, str], UncoveredType] = {}
        for item in self.uncovered:
            known = found.get((item.framework, item.type))
            first = min((item.file, item.line), (known.file, known.line)) if known else (item.file, item.line)
            blocks = item.blocks + (known.blocks if known else 0)
            found[item.framework, item.type] = UncoveredType("", item.framework, item.type, blocks, *first)
        return tuple(found[key] for key in sorted(found))

    @property
    def examined(self) -> int:
        """The number of resources that got a verdict or were examined, without the company's own registers."""
        looked_at = (finding for finding in self.findings if finding.status is not FindingStatus.NOT_EVALUATED)
        return sum(not finding.place.type.startswith(_REGISTERS) for finding in looked_at)

    @property
    def incomplete(self) -> int:
        """The number of things not settled because something was unread, without known gaps: a file that cannot be
        read and a refused call count once each, however many policies they leave open.
        """
        return distinct(finding for finding in self.findings if finding.incomplete and not finding.known)
