"""Converts Checkov's verdicts on code to findings of our policies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.assess.code.common_causes import Modules, once_for_a_cause
from preuve.assess.code.join import BlockKey, Ties
from preuve.assess.code.tags import GAP, any_set, undeclared, with_values
from preuve.assess.code.whole_resources import as_whole_resources
from preuve.model.content import IacRule, Policy
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, Place, Reason, UncoveredType
from preuve.model.snapshot import (
    LEFT_OUT,
    NOT_EXAMINED,
    NOT_JUDGED,
    NOT_LOADED,
    NOT_MADE,
    NOT_READ,
    OF_STACK,
    OPEN_BY,
    OUTSIDE,
    PARSE_ERROR,
    PIPELINES,
    RUNS_COMMANDS,
    SCANNER_FAILED,
    STATE_NOT_READ,
    UNDECLARED,
    WRITES_CODE,
    IacGap,
    IacRecord,
    Snapshot,
)

# Other gaps are listed on the limits page.
UNREADABLE = frozenset({PARSE_ERROR, NOT_READ, SCANNER_FAILED, NOT_EXAMINED, NOT_JUDGED})
# These gaps hide nothing of what is examined.
_BESIDE = frozenset({NOT_MADE, STATE_NOT_READ, RUNS_COMMANDS, WRITES_CODE, LEFT_OUT})


def accepted(finding: Finding) -> Finding:
    """Mark a finding as waived by a comment in the code if the workspace allows that; it has no waiver, and its reason
    says so.
    """
    if finding.reason.code != "iac_suppressed":
        return finding
    return replace(finding, status=FindingStatus.WAIVED, reason=Reason("iac_comment", finding.reason.values))


def uncovered(snapshot: Snapshot) -> tuple[UncoveredType, ...]:
    """Return the types of resources in code that no check examines, root by root."""
    found: dict[tuple[str, str, str], UncoveredType] = {}
    for scan in snapshot.scans:
        for kind, (blocks, file, line) in scan.unjudged.items():
            framework = "cloudformation" if "::" in kind else scan.framework  # a template may be inside Terraform
            known = found.get((scan.root, framework, kind))
            first = min((file, line), (known.file, known.line)) if known else (file, line)
            count = blocks + (known.blocks if known else 0)
            found[scan.root, framework, kind] = UncoveredType(scan.root, framework, kind, count, *first)
    return tuple(found[key] for key in sorted(found))


def code_findings(
    policies: Iterable[Policy],
    snapshot: Snapshot,
    params: Mapping[str, Any],
    ties: Mapping[BlockKey, Ties],
) -> Iterator[Finding]:
    """Yield the findings of every policy that has a side in code. `ties` relate the blocks of one resource."""
    by_check = grouped((record.check, record) for record in snapshot.records)
    modules = Modules.of(snapshot.records, snapshot.gaps)
    for policy in policies:
        if policy.iac is None:
            continue
        records = [record for check in policy.iac.checkov for record in by_check.get(check, ())]
        if not records and not _looked(policy.iac, snapshot):
            continue
        found = as_whole_resources(_policy(policy, _with_values(policy.iac, params), records), ties)
        yield from once_for_a_cause(found, modules)
        gaps = open_gaps(policy.iac, snapshot.gaps)
        unreadable = [gap for gap in gaps if gap.cause in UNREADABLE]
        # An external module leaves open the policies without any finding; an unread file leaves all policies open.
        absent = [gap for gap in gaps if gap.cause == NOT_LOADED and not records]
        yield from (_gap(policy, gap) for gap in (*unreadable, *absent))
        if not (records or policy.aws or unreadable or absent):
            yield _nothing(policy, gaps)


def open_gaps(rule: IacRule, gaps: Iterable[IacGap]) -> list[IacGap]:
    """Return the gaps in code that may hide what a policy is about."""
    return [gap for gap in gaps if gap.cause not in _BESIDE and _leaves_open(rule, gap)]


def _with_values(rule: IacRule, params: Mapping[str, Any]) -> IacRule:
    """Return the rule with the values of the parameters that its sets of tags name."""
    return replace(rule, tagged=with_values(rule.tagged, params), untagged=with_values(rule.untagged, params))


def _nothing(policy: Policy, gaps: list[IacGap]) -> Finding:
    """Return the finding for a policy without any block: NOT_APPLICABLE only if nothing was left out, such as files of
    other tools.
    """
    if gaps:
        first = min(gaps, key=lambda gap: (gap.file, gap.line, gap.detail))
        return replace(_gap(policy, first), incomplete=False)
    return _finding(policy, Place("", ""), FindingStatus.NOT_APPLICABLE, Reason("iac_no_resource"))


def _looked(rule: IacRule, snapshot: Snapshot) -> bool:
    """Return whether there is code that the policy's checks can judge; a folder without any proves nothing."""
    read = {scan.framework for scan in snapshot.scans if scan.files}
    missing = {gap.framework for gap in snapshot.gaps if gap.cause in UNREADABLE or _is_missing(gap)}
    return any(_speaks_of(rule, framework) for framework in read | missing)


def _is_missing(gap: IacGap) -> bool:
    return bool(gap.file) and gap.cause not in _BESIDE


def _leaves_open(rule: IacRule, gap: IacGap) -> bool:
    """Return whether the code behind a gap may concern a policy."""
    return rule.other_providers if gap.framework in _ELSEWHERE else _speaks_of(rule, gap.framework)


# Families that create nothing in AWS: a list in scanners/types, and a tool whose templates name no AWS resource.
_ELSEWHERE = frozenset({"other_providers", "azure_resource_manager"})


def _speaks_of(rule: IacRule, framework: str) -> bool:
    """Return whether a policy concerns a kind of code. Code of another tool may concern any policy."""
    of = _AS.get(framework, framework)
    return of not in _EXAMINED or not rule.frameworks or of in rule.frameworks


_EXAMINED = frozenset({"terraform", "cloudformation", "dockerfile", "github_actions"})
# Tools that run images and make nothing in an AWS account.
_AS = dict.fromkeys(
    ("kubernetes", "helm", "kustomize", "docker_compose", "docker_bake", "cdk8s", "earthly"), "dockerfile"
)
# A pipeline is judged by what it runs; code that it applies is judged separately.
_AS |= dict.fromkeys(PIPELINES, "github_actions")


def _policy(policy: Policy, rule: IacRule, records: list[IacRecord]) -> Iterator[Finding]:
    by_block = grouped(((record.root, record.address, record.file, record.line), record) for record in records)
    asked = ((same, _meant(rule, same)) for _, same in sorted(by_block.items()))
    judged = [(meant or same, _verdict(rule, meant)) for same, meant in asked]
    for same, (status, reason, checks) in _with_one_enough(judged) if rule.one_suffices else judged:
        deciding = [record for record in same if record.result == _DECIDING.get(status)]
        open_ = same if status in (FindingStatus.FAIL, FindingStatus.NOT_EVALUATED) else ()
        grounds = tuple(sorted({one for record in open_ for one in record.grounds}))
        found = _finding(policy, _place(same, status), status, reason, checks, grounds=grounds)
        yield _shown(found, _observed(deciding) or _code_of(found))


def _shown(found: Finding, observed: Mapping[str, str | None]) -> Finding:
    """Add the deciding values to a finding. An unset value is kept apart: it never explains a PASS that a neighbour may
    have caused.
    """
    unset = [name for name, value in observed.items() if value is None]
    if found.status is not FindingStatus.PASS or not unset:
        return replace(found, observed=observed)
    reason = Reason("iac_passed_unset", {**found.reason.values, "unset": ", ".join(unset)})
    return replace(found, reason=reason, observed={name: observed[name] for name in observed if name not in unset})


def _code_of(found: Finding) -> dict[str, str | None]:
    """Return the lines of the code behind a PASS if no check says what it read; the commit contains their text."""
    place = found.place
    at = f"{place.file}:{place.line}-{place.end_line}" if place.line else place.file
    return {"code": at} if found.status is FindingStatus.PASS else {}


_DECIDING = {FindingStatus.FAIL: "FAILED", FindingStatus.PASS: "PASSED"}
_PLACED = {**_DECIDING, FindingStatus.NOT_EVALUATED: "UNKNOWN"}


_Verdict = tuple[FindingStatus, Reason, tuple[str, ...]]
_Judged = list[tuple[list[IacRecord], _Verdict]]


def _with_one_enough(judged: _Judged) -> _Judged:
    """Reduce the findings of a policy that one passing block of a deployment satisfies: the other blocks get none. A
    passing block that may belong to another account leaves the policy open.
    """
    able = [(same[0], verdict[0]) for same, verdict in judged if verdict[0] in _ABLE]
    return [(same, _beside(same[0], verdict, able)) for same, verdict in judged]


_ABLE = (FindingStatus.PASS, FindingStatus.NOT_EVALUATED)  # results of a block that satisfies the policy, or may


def _beside(record: IacRecord, verdict: _Verdict, able: Iterable[tuple[IacRecord, FindingStatus]]) -> _Verdict:
    status, _, checks = verdict
    if status not in (FindingStatus.FAIL, FindingStatus.NOT_EVALUATED):
        return verdict
    may: list[str] = []
    for other, result in able:
        together = other is not record and _deployed_together(record, other)
        if together and result is FindingStatus.PASS:
            return FindingStatus.NOT_APPLICABLE, Reason("iac_one_suffices", {"other": other.address}), ()
        if together is not False:
            may.append(other.address)
    if may and status is FindingStatus.FAIL:
        return FindingStatus.NOT_EVALUATED, Reason("iac_one_may_suffice", {"other": may[-1]}), checks
    return verdict


def _deployed_together(one: IacRecord, other: IacRecord) -> bool | None:
    """Return whether two blocks belong to one account: those of one template, or of one root with providers that sign
    in alike. None if the code does not tell.
    """
    if one.root != other.root or ("::" in one.type + other.type and one.file != other.file):
        return False
    if one.account == other.account:
        return True
    return False if one.account.isdecimal() and other.account.isdecimal() else None


def _verdict(rule: IacRule, meant: list[IacRecord]) -> _Verdict:
    if not meant:
        return FindingStatus.NOT_APPLICABLE, Reason("outside_condition"), ()
    sure = [record for record in meant if _concerned(rule, record.tags)]
    failed = any(record.result == "FAILED" for record in sure)  # whatever the rest is
    settled = _settled(rule, sure if failed else meant)
    # A correct block passes whatever its tags are. To satisfy the policy for others, it must be concerned itself.
    passes = settled[0] is FindingStatus.PASS and not rule.one_suffices
    if failed or passes or len(sure) == len(meant):
        return settled
    checks = tuple(sorted({record.check for record in meant}))
    open_ = [record for record in meant if record not in sure]
    outside = all(_is_left_to_others(rule, record.tags) for record in open_)
    key = {"key": "tags"} if all(record.tags is not None and OUTSIDE in record.tags for record in open_) else {}
    detail = _given_outside(open_[0]) if outside else _open_by(rule, open_)
    values = {"checks": ", ".join(checks), "detail": detail, **key}
    return FindingStatus.NOT_EVALUATED, Reason("iac_unknown", values), checks


def _meant(rule: IacRule, records: list[IacRecord]) -> list[IacRecord]:
    """Return the records on a block whose tags do not exclude it from the policy, with any parameter value and in any
    run.
    """
    return [record for record in records if _concerned(rule, record.tags) is not False]


def _concerned(rule: IacRule, tags: Mapping[str, str | None] | None) -> bool | None:
    """Return whether the policy concerns a block with these tags; None if the tags are unknown without a plan. Tags
    from outside of the code may only add sensitivity: no other environment is exempted because of them.
    """
    wanted = any_set(rule.tagged, _with_others(tags)) if rule.tagged else True
    spared = any_set(rule.untagged, tags) if rule.untagged else False
    if wanted is False or spared is True:
        return False
    return None if wanted is None or spared is None else True


def _is_left_to_others(rule: IacRule, tags: Mapping[str, str | None] | None) -> bool:
    """Return whether only values from outside of the code leave open whether a policy concerns a block."""
    own = {name: value for name, value in (tags or {}).items() if name != OUTSIDE}
    return tags is not None and OUTSIDE in tags and _concerned(rule, own) is not None


def _open_by(rule: IacRule, records: Iterable[IacRecord]) -> str:
    """Return the values without a declared meaning that leave open whether a policy concerns a block, or else the
    inputs, if nothing else does.
    """
    records = list(records)
    if said := dict.fromkeys(one for record in records for one in undeclared(rule.tagged, record.tags)):
        return UNDECLARED + ", ".join(said)
    told = {_inputs_of(rule, record.tags) for record in records}
    inputs = told.pop() if len(told) == 1 else ""
    return "; ".join(f"unresolved: {one} (tags)" for one in inputs.split("; ")) if inputs else "unresolved: tags"


def _inputs_of(rule: IacRule, tags: Mapping[str, str | None] | None) -> str:
    others = {name: value for name, value in (tags or {}).items() if name not in (GAP, OPEN_BY)}
    return (tags or {}).get(OPEN_BY) or "" if _concerned(rule, others) is not None else ""


def _given_outside(record: IacRecord) -> str:
    """Return the sources of tags outside of the code."""
    return f"{OF_STACK}the tags of the stack" if "::" in record.type else "unresolved: provider.default_tags"


def _with_others(tags: Mapping[str, str | None] | None) -> Mapping[str, str | None] | None:
    return {**tags, GAP: None} if tags and OUTSIDE in tags else tags


def _settled(rule: IacRule, records: list[IacRecord]) -> _Verdict:
    results = {record.result for record in records}
    if "FAILED" in results:
        failed = _checks(records, "FAILED")
        comments = [record.suppressed for record in records if record.result == "FAILED"]
        comment = comments[0] if all(comments) else ""
        code = "iac_suppressed" if comment else "iac_failed"
        return FindingStatus.FAIL, Reason(code, {"checks": ", ".join(failed), "comment": comment}), failed
    if results != {"PASSED"}:
        unknown = _checks(records, "UNKNOWN") or _checks(records, "SKIPPED")
        first = next((record for record in records if record.check in unknown and record.detail), None)
        told = {"detail": first.detail, "at": _looked_at(first)} if first else {"detail": ""}
        return FindingStatus.NOT_EVALUATED, Reason("iac_unknown", {"checks": ", ".join(unknown), **told}), unknown
    passed = _checks(records, "PASSED")
    words = {"checks": ", ".join(passed)}
    if rule.equivalence == "partial" and records[0].type not in rule.exact:
        return FindingStatus.NOT_EVALUATED, Reason("partial_check", words), passed
    return FindingStatus.PASS, Reason("iac_passed", words), passed


def _looked_at(record: IacRecord) -> str:
    """Return the attributes that a check read, in the notation of the code."""
    names = [_INDEX.sub("", key.removeprefix("Properties/")).strip("/.").replace("/", ".") for key in record.keys]
    return ", ".join(list(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))[:_MOST_ATTRIBUTES])


_MOST_ATTRIBUTES = 3
_INDEX = re.compile(r"/?\[?\b\d+\b\]?")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def _checks(records: list[IacRecord], result: str) -> tuple[str, ...]:
    return tuple(sorted({record.check for record in records if record.result == result}))


def _observed(records: list[IacRecord]) -> dict[str, str | None]:
    """Return the deciding values with the variables behind them; None for an unset attribute.

    A value that one check finds counts, even if another check, which looks elsewhere, does not find it.
    """
    told: dict[str, str | None] = {}
    for name, value in ((name, _with_origin(record, name)) for record in records for name in record.values):
        told[name] = told.get(name) or value
    return dict(sorted(told.items()))


def _with_origin(record: IacRecord, name: str) -> str | None:
    known = (record.values[name], record.origins.get(name, ""))
    return " ← ".join(part for part in known if part) or None


def _place(records: list[IacRecord], status: FindingStatus) -> Place:
    """Return the place of a verdict: the one that decided according to the records, otherwise the block."""
    record = records[0]
    saying = [found for found in records if found.result == _PLACED.get(status)] or records
    decided = ((found.decided_at, found.decided_in) for found in saying if found.decided_at)
    lines, beside = next(decided, ((record.line, record.end_line), ""))
    return Place(
        type=record.type,
        id=record.address,
        root=record.root,
        file=beside or record.file,
        line=lines[0],
        end_line=lines[1],
        called_from=next((found.called_from for found in records if found.called_from), ()),
    )


def _gap(policy: Policy, gap: IacGap) -> Finding:
    place = Place("", gap.subject or gap.file or gap.root, root=gap.root, file=gap.file, line=gap.line)
    told = {"cause": gap.cause, "detail": gap.detail, **({"subject": gap.subject} if gap.subject else {})}
    reason = Reason("iac_gap", told)
    return _finding(policy, place, FindingStatus.NOT_EVALUATED, reason, incomplete=True, grounds=gap.grounds)


def _finding(
    policy: Policy,
    place: Place,
    status: FindingStatus,
    reason: Reason,
    checks: tuple[str, ...] = (),
    *,
    incomplete: bool = False,
    grounds: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        policy=policy.id,
        rev=policy.rev,
        source="iac",
        status=status,
        severity=policy.severity,
        place=place,
        reason=reason,
        incomplete=incomplete,
        checks=checks,
        grounds=grounds,
    )


def named(place: Place) -> tuple[str, ...]:
    """Return the names by which a waiver may cover a place in code."""
    return (f"{place.root}:{place.id}", place.id)
