"""Findings as OCSF events of class 2003, Compliance Finding: an event for each, whatever its verdict.

An undecided check is OCSF's Warning ("did not yield a result due to missing information"), never Pass. A waived finding
still fails; its event is suppressed if the approval was verified, and in progress if it was not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from preuve.model.content import DECISIVE, Severity
from preuve.model.results import QUIET, FindingStatus
from preuve.publish.exchange.entries import Entry, Results
from preuve.publish.words.names import relative_file
from preuve.publish.words.origins import origin
from preuve.publish.words.text import legal, one_line

VERSION = "1.5.0"  # every attribute used here is in later versions too
_KIND = {
    "activity_id": 1,
    "activity_name": "Create",
    "category_uid": 2,
    "category_name": "Findings",
    "class_uid": 2003,
    "class_name": "Compliance Finding",
    "type_uid": 200301,
    "type_name": "Compliance Finding: Create",
}
_AWS_ACCOUNT, _OTHER_ACCOUNT = 10, 99  # account.type_id
_OF_GITHUB = "GitHub::"
_RULE = 1  # analytic.type_id
_FILE = 1  # file.type_id
_OUTCOMES = {
    FindingStatus.PASS: (1, "Pass"),
    FindingStatus.NOT_EVALUATED: (2, "Warning"),
    FindingStatus.FAIL: (3, "Fail"),
    FindingStatus.WAIVED: (3, "Fail"),
    FindingStatus.NOT_APPLICABLE: (99, "Not Applicable"),
}
_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_NEW, _IN_PROGRESS, _SUPPRESSED = (1, "New"), (2, "In Progress"), (3, "Suppressed")

Part = dict[str, Any]


def array(results: Results) -> bytes:
    """Return all events as one JSON array, an event a line."""
    return ("[\n" + ",\n".join(_lines(results)) + "\n]\n").encode("ascii")


def lines(results: Results) -> bytes:
    """Return all events as JSON Lines."""
    return "".join(f"{line}\n" for line in _lines(results)).encode("ascii")


def _lines(results: Results) -> Iterator[str]:
    for entry in results.entries:
        yield json.dumps(event(entry, results), sort_keys=True, separators=(",", ":"))


def event(entry: Entry, results: Results) -> Part:
    """Return one finding."""
    remedy = results.remedy(entry)
    return _filled(
        {
            **_KIND,
            **_head(entry, results),
            "compliance": _compliance(entry, results),
            "finding_info": _about(entry, results),
            "metadata": _metadata(entry, results),
            "resources": [_resource(entry)],
            "evidences": [_file(entry)] if entry.finding.place.file else [],
            "remediation": {"desc": legal(remedy)} if remedy else {},
            "cloud": _cloud(entry),
            "unmapped": _beside(entry, results),
        }
    )


def _head(entry: Entry, results: Results) -> Part:
    finding = entry.finding
    severity_id, severity = _SEVERITIES[Severity.INFO if finding.status in QUIET else finding.severity]
    status_id, status = _life(entry)
    return {
        "time": _milliseconds(results.site.assessment.now),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_code": finding.status.value,
        "status_detail": entry.reason,
        "message": f"{results.locale.word('finding', finding.status)}{results.locale('site.colon')} {entry.name}",
    }


def _life(entry: Entry) -> tuple[int, str]:
    """Return the OCSF status of a finding: its id and the activity."""
    if entry.finding.status is not FindingStatus.WAIVED:
        return _NEW
    return _SUPPRESSED if entry.accepted else _IN_PROGRESS


def _compliance(entry: Entry, results: Results) -> Part:
    """Return the outcome of the check and the controls that it decides; those that it only supports are under
    `unmapped`.
    """
    finding = entry.finding
    status_id, status = _OUTCOMES[finding.status]
    deciding = [link for link in entry.links if link.relation in DECISIVE]
    return _filled(
        {
            "control": finding.policy,
            "desc": results.rationale(entry),
            "status_id": status_id,
            "status": status,
            "status_code": finding.status.value,
            "status_details": [entry.reason],
            "checks": [_check(entry)],
            "standards": list(dict.fromkeys(link.edition for link in deciding)),
            "requirements": [link.control for link in deciding],
        }
    )


def _check(entry: Entry) -> Part:
    finding = entry.finding
    status_id, status = _OUTCOMES[finding.status]
    severity_id, severity = _SEVERITIES[finding.severity]
    return {
        "uid": finding.policy,
        "name": entry.title,
        "version": str(finding.rev),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
    }


def _about(entry: Entry, results: Results) -> Part:
    finding = entry.finding
    seen = results.first_seen(entry)
    analytic = {"type_id": _RULE, "type": "Rule", "uid": finding.policy, "name": entry.title}
    return _filled(
        {
            "uid": entry.id,
            "title": entry.title,
            "desc": results.rationale(entry),
            "created_time": _milliseconds(results.site.assessment.now),
            "first_seen_time": _milliseconds(seen) if seen else 0,
            "analytic": {**analytic, "version": str(finding.rev)},
            "data_sources": [origin(finding.place.type) if finding.source == "aws" else finding.source],
        }
    )


def _metadata(entry: Entry, results: Results) -> Part:
    site = results.site
    product = {"name": "preuve", "vendor_name": "preuve", "version": site.meta.preuve}
    return _filled(
        {
            "version": VERSION,
            "product": _filled({**product, "lang": results.locale.language}),
            "profiles": ["cloud"] if _cloud(entry) else [],
            "uid": f"{entry.id}@{site.assessment.now}",
            "event_code": entry.finding.policy,
            "correlation_uid": results.bundle,
            "original_time": site.assessment.now,
            "labels": ["demonstration"] if site.demonstration else [],
        }
    )


def _resource(entry: Entry) -> Part:
    place = entry.finding.place
    partition = place.arn.split(":")[1] if place.arn.startswith("arn:") else ""
    cloud = {"region": one_line(place.region), "cloud_partition": partition} if "region" in _cloud(entry) else {}
    named = {"uid": one_line(place.arn) or entry.resource, "name": entry.resource}
    return _filled({**named, "type": one_line(place.type), "namespace": one_line(place.root), **cloud})


def _cloud(entry: Entry) -> Part:
    """Return the account or organization that the finding is about, if it is about one."""
    place = entry.finding.place
    if entry.finding.source != "aws" or not place.account:
        return {}
    if place.type.startswith(_OF_GITHUB):
        organization = {"uid": one_line(place.account), "type_id": _OTHER_ACCOUNT, "type": "GitHub Organization"}
        return {"provider": "GitHub", "account": organization}
    account = {"uid": one_line(place.account), "type_id": _AWS_ACCOUNT, "type": "AWS Account"}
    return _filled({"provider": "AWS", "account": account, "region": one_line(place.region)})


def _file(entry: Entry) -> Part:
    """Return the file and line in code."""
    place = entry.finding.place
    path = relative_file(place.file)
    file = {"name": PurePosixPath(path).name or "-", "path": path, "type_id": _FILE}
    return _filled({"file": file, "data": _filled({"start_line": place.line, "end_line": place.end_line})})


def _beside(entry: Entry, results: Results) -> Part:
    """Return the data that OCSF has no attribute for: the strength of links to controls, the waiver, what was
    not read.
    """
    waiver = entry.waiver
    return _filled(
        {
            "controls": [
                {"framework": link.framework, "control": link.control, "relation": link.relation}
                for link in entry.links
            ],
            "waiver": {"id": waiver.id, "expires": waiver.expires, "approval": waiver.approval} if waiver else {},
            "unread": entry.finding.incomplete,
            "known": entry.finding.known,
            "demonstration": results.site.demonstration,
        }
    )


def _filled(part: Part) -> Part:
    """Return a part without empty members."""
    return {name: value for name, value in part.items() if value not in ("", 0, False, [], {})}


def _milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() * 1000)
