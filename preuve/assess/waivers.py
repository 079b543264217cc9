"""Applies waivers: a failure stays visible, and does not count only while a waiver in force covers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from preuve.assess.code.findings import named
from preuve.library.company.waivers import VERIFIED, covers
from preuve.model.company.workspace import RefusedWaiver, Waiver
from preuve.model.results import DEVIATION, Finding, FindingStatus, Reason, WaiverResult
from preuve.model.snapshot import Resource

PlaceKey = tuple[str, str, str, str]  # type, account, region, id


def matched_at_collection(resources: Iterable[Resource]) -> dict[PlaceKey, frozenset[str]]:
    """Return the waivers whose pattern matched a resource before its name was redacted.

    If several resources share a name (children of different parents), only waivers that cover all of them.
    """
    known: dict[PlaceKey, frozenset[str]] = {}
    for item in resources:
        key = (item.type, item.account, item.region, item.id)
        known[key] = known.get(key, frozenset(item.waivers)) & frozenset(item.waivers)
    return known


def waive(
    findings: Iterable[Finding],
    waivers: Iterable[Waiver],
    known: Mapping[PlaceKey, frozenset[str]],
    today: date,
    asked: Collection[str],
) -> tuple[list[Finding], tuple[WaiverResult, ...]]:
    """Return the findings with waived ones marked, and the effect of each waiver. `known`: waivers matched at
    collection; `asked`: the policies of the run.
    """
    findings, waivers = tuple(findings), tuple(waivers)
    judged = {finding.policy for finding in findings} & set(asked)
    active = [waiver for waiver in waivers if waiver.created <= today <= waiver.expires]
    used: Counter[str] = Counter()
    result = []
    for finding in findings:
        waiver = _covering(finding, active, known) if finding.status is FindingStatus.FAIL else None
        if waiver is None:
            result.append(finding)
            continue
        used[waiver.id] += 1
        reason = _reason(waiver, finding.reason)
        result.append(replace(finding, status=FindingStatus.WAIVED, waiver=waiver.id, reason=reason))
    return result, tuple(
        _result(waiver, _state(waiver, today, used[waiver.id], judged), used[waiver.id]) for waiver in waivers
    )


def _covering(finding: Finding, waivers: Iterable[Waiver], known: Mapping[PlaceKey, frozenset[str]]) -> Waiver | None:
    place = finding.place
    key = (place.type, place.account, place.region, place.id)
    matched = known.get(key, frozenset()) if finding.source == "aws" else frozenset()
    names = names_of(finding)
    return next(
        (
            waiver
            for waiver in waivers
            if waiver.policy == finding.policy
            and waiver.account in ("", place.account)
            and (waiver.id in matched or covers(waiver.resource, *names))
        ),
        None,
    )


def names_of(finding: Finding) -> tuple[str, ...]:
    """Return the names by which a waiver may cover a finding."""
    return named(finding.place) if finding.source == "iac" else (finding.place.id, finding.place.arn)


def _reason(waiver: Waiver, deviation: Reason) -> Reason:
    """Return the reason of a waived finding, with the deviation: code and values of its failure."""
    return Reason(
        "waived",
        {
            **deviation.values,
            DEVIATION: deviation.code,
            "waiver": waiver.id,
            "reason": waiver.reason,
            "owner": waiver.owner,
            "approver": waiver.approver,
            "expires": waiver.expires.isoformat(),
            **({} if waiver.approval.state == VERIFIED else {"approval": waiver.approval.state}),
        },
    )


def _state(waiver: Waiver, today: date, findings: int, judged: Collection[str]) -> str:
    """Return the effect of a waiver; if its policy judged nothing, nobody knows what it covers."""
    if today < waiver.created:
        return "later"
    if today > waiver.expires:
        return "expired"
    return "active" if findings else "unused" if waiver.policy in judged else "not_asked"


def refused(waivers: Iterable[RefusedWaiver]) -> tuple[WaiverResult, ...]:
    """Return the waivers that do not count, so that they are listed with the others."""
    return tuple(
        WaiverResult(
            id=item.id,
            policy=item.policy,
            resource=item.resource,
            owner=item.owner,
            approver=item.approver,
            reason=item.reason,
            created=item.created,
            expires=item.expires,
            state="invalid",
            defect=item.defect,
        )
        for item in waivers
    )


def _result(waiver: Waiver, state: str, findings: int) -> WaiverResult:
    return WaiverResult(
        id=waiver.id,
        policy=waiver.policy,
        resource=" ".join(filter(None, (waiver.account, waiver.resource))),
        owner=waiver.owner,
        approver=waiver.approver,
        reason=waiver.reason,
        created=waiver.created.isoformat(),
        expires=waiver.expires.isoformat(),
        state=state,
        findings=findings,
        approval_verified=waiver.approval.state == VERIFIED,
        approval=waiver.approval.state,
        approval_key=waiver.approval.key,
    )
