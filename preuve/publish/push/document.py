"""The result of a push as one JSON document for programs, and as the report that GitLab shows in a merge request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from preuve.assess.changes.known_findings import counted, finding_id
from preuve.model.results import Finding, by_resource
from preuve.publish.push.notes import beyond_code, unsettled
from preuve.publish.push.words import Words, worst_first

SCHEMA = "push/1"
_GITLAB = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def document(words: Words) -> str:
    """Return the outcome, the content that judged, the counts, and every finding: new, known, waived, unread,
    undecided.
    """
    push = words.push
    told = (*(item for item in push.told if counted(item)), *push.waived, *unsettled(words), *beyond_code(words))
    ids = {finding_id(finding) for finding in told}
    told += tuple(finding for finding in push.lost if finding_id(finding) not in ids)  # of one result for a template
    content = {
        "schema": SCHEMA,
        "exit_code": int(push.exit_code),
        "gate": push.gate.value,
        "judged_by": push.judged_by or "head",
        "changed": list(push.changes),
        "compared": asdict(push.compared),
        "counts": push.counts,
        "findings": [_finding(finding, words) for finding in worst_first(told)],
        "no_longer_decided": [finding_id(finding) for finding in worst_first(push.lost)],
        "no_longer_in_code": [_passed(finding, words) for finding in worst_first(push.removed)],
        "no_longer_asked": [_passed(finding, words) for finding in worst_first(push.unasked)],
        "not_seen": [
            {"file": words.from_top(gap.file or gap.root), "line": gap.line, "cause": gap.cause, "detail": gap.detail}
            for gap in push.gaps
        ],
        "uncovered": [
            {**asdict(item), "root": words.from_top(item.root), "file": words.from_top(item.file) if item.file else ""}
            for item in push.assessment.uncovered
        ],
    }
    return f"{json.dumps(content, indent=1)}\n"


def _passed(finding: Finding, words: Words) -> dict[str, Any]:
    """Return the findings that passed in the base and have no result now."""
    return {
        "policy": finding.policy,
        "title": words.title(finding),
        "severity": finding.severity.value,
        "resource": words.resource(finding),
        "file": words.file(finding),
        "line": finding.place.line,
    }


def _finding(finding: Finding, words: Words) -> dict[str, Any]:
    group = words.push.alike(finding)
    return {
        "id": finding_id(finding),
        "policy": finding.policy,
        "title": words.title(finding),
        "status": finding.status.value,
        "severity": finding.severity.value,
        "known": finding.known,
        "policies": list(group.policies),
        "resource": words.resource(finding),
        "instances": list(dict.fromkeys(words.resource(one) for one in by_resource(group.findings))),
        "places": [_place(one, words) for one in by_resource(group.findings)],
        "file": words.file(finding),
        "line": finding.place.line,
        "end_line": finding.place.end_line,
        "called_from": list(words.called(finding)),
        "reason": words.reason(finding),
        "values": dict(finding.observed),
        "controls": list(words.control_ids(finding.policy)),
        "checks": list(finding.checks),
        "fix": words.fix(finding),
        "fix_code": words.code([finding]),
        "waiver": finding.waiver,
    }


def _place(finding: Finding, words: Words) -> dict[str, Any]:
    return {"resource": words.resource(finding), "file": words.file(finding), "line": finding.place.line}


def _described(finding: Finding, words: Words) -> Iterator[str]:
    yield f"{words.title(finding)}: {words.resource(finding)}."
    yield words.reason(finding)
    if values := words.values(finding):
        yield f"{', '.join(values)}."


def code_quality(words: Words) -> str:
    """Write all failures, known ones included: GitLab compares fingerprints to find what a merge request adds and
    fixes.
    """
    items = [
        {
            "description": " ".join(_described(finding, words)),
            "check_name": finding.policy,
            "fingerprint": finding_id(finding),
            "severity": _GITLAB[finding.severity],
            "location": {"path": words.anchor(finding), "lines": {"begin": max(1, finding.place.line)}},
        }
        for finding in (*words.push.failing, *words.push.known)
    ]
    return f"{json.dumps(items, indent=1)}\n"
