"""Tells new findings from known ones, by policy, place and failing checks, never by line."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from preuve.model.baseline import ANY_POLICY, Baseline, Mark
from preuve.model.results import Assessment, Finding, FindingStatus, Place

_ID_LENGTH = 12
_LASTING = frozenset({"parse_error", "not_read"})  # it stays so until somebody changes the code


def mark(finding: Finding) -> Mark:
    """What stays of a finding when its lines move."""
    unread = _cause(finding) if finding.incomplete else ""
    policy = ANY_POLICY if unread and finding.source == "iac" else finding.policy
    at = _at(finding).encode("utf-8", "backslashreplace").decode()  # a name from AWS may hold half a character
    return Mark(finding.source, policy, at, unread)


def _cause(finding: Finding) -> str:
    return finding.reason.values.get("cause") or finding.reason.code


def _at(finding: Finding) -> str:
    place = finding.place
    if finding.source == "aws":
        return "/".join((place.account, place.region, place.type, place.id or place.arn))
    if finding.incomplete:
        return place.file or place.root
    return f"{place.file if _in_template(place) else place.root}:{place.id}"


def _in_template(place: Place) -> bool:
    """A Terraform address is one in its root; the templates of a folder may each have a resource of one name."""
    return "::" in place.type


def finding_id(finding: Finding) -> str:
    """A short name for a finding that stays the same from run to run."""
    found = mark(finding)
    text = "\0".join((found.source, found.policy, found.at, found.unread))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_ID_LENGTH]


def counted(finding: Finding) -> bool:
    """Whether a finding is one that a gate may stop at."""
    return finding.status is FindingStatus.FAIL or finding.incomplete


def baseline_of(findings: Iterable[Finding]) -> Baseline:
    """Every failure in these findings, whatever its severity (the gate may change), and the code that cannot be read.

    What could not be read this time only (access denied, a worker that stopped) is never known: it must be seen again.
    """
    marks: dict[Mark, frozenset[str]] = defaultdict(frozenset)
    for finding in findings:
        if finding.status is FindingStatus.FAIL or (finding.incomplete and _cause(finding) in _LASTING):
            marks[mark(finding)] |= frozenset(finding.checks)
    return Baseline(dict(marks))


def compare(assessment: Assessment, before: Baseline) -> Assessment:
    """The assessment with the findings marked that were there before. A further check that fails is new."""
    return replace(assessment, findings=tuple(_compared(finding, before) for finding in assessment.findings))


def _compared(finding: Finding, before: Baseline) -> Finding:
    if not counted(finding):
        return finding
    checks = before.marks.get(mark(finding))
    return replace(finding, known=checks is not None and frozenset(finding.checks) <= checks)


def gone(assessment: Assessment, before: Baseline, policies: Iterable[str]) -> int:
    """How many known findings of these policies are there no more, in the account or the code that was looked at."""
    now = {mark(finding) for finding in assessment.findings if counted(finding)}
    looked_at = {finding.source for finding in assessment.findings}
    wanted = {*policies, ANY_POLICY}
    return sum(1 for found in before.marks if found.source in looked_at and found.policy in wanted and found not in now)
