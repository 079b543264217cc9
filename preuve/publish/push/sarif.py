"""The result of a push as SARIF 2.1.0, within the limits of GitHub."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from preuve import __version__
from preuve.assess.changes.known_findings import finding_id
from preuve.model.content import Policy
from preuve.model.errors import Exit
from preuve.model.results import Finding, FindingStatus
from preuve.model.snapshot import LEFT_OUT, NOT_MADE
from preuve.publish.push.notes import left_out, not_made, uncovered, unsettled
from preuve.publish.push.words import Words, worst_first
from preuve.publish.words.code_texts import FENCES
from preuve.publish.words.names import relative_file
from preuve.publish.words.text import first_sentence, one_line

MOST_RESULTS, MOST_BYTES, MOST_TAGS = 25_000, 10_000_000, 20  # limits of GitHub; bytes are compressed ones
MOST_NOTIFICATIONS = 1000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub takes 9.0 and more for critical, from 7.0 for high, from 4.0 for medium, of rules with the tag `security`.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.0"}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}


def sarif(words: Words) -> str:
    """Return the whole file: new failures first, then known ones, then those under a waiver."""
    push = words.push
    found = [*worst_first(push.failing), *worst_first(push.known), *worst_first(push.waived)]
    kept = found[:MOST_RESULTS]
    text = _text(kept, len(found), words)
    while kept and len(gzip.compress(text.encode(), compresslevel=1)) > MOST_BYTES:
        kept = kept[: len(kept) // 2]
        text = _text(kept, len(found), words)
    return text


def _text(kept: list[Finding], of: int, words: Words) -> str:
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(kept, of, words)]}
    return f"{json.dumps(log, indent=1)}\n"


def _run(kept: list[Finding], of: int, words: Words) -> dict[str, Any]:
    push = words.push
    rules = sorted({finding.policy for finding in kept})
    numbers = {policy: number for number, policy in enumerate(rules)}
    notifications = [*_left_out(len(kept), of, words), *_unread(words)]
    return {
        "tool": {
            "driver": {
                "name": "preuve",
                "version": __version__,
                "rules": [_rule(push.library.policies[name], words) for name in rules],
            }
        },
        "language": words.locale.language,
        "automationDetails": {"id": f"preuve/{quote(relative_file(push.prefix))}/".replace("//", "/")},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": _whole(words),
                "exitCode": int(push.exit_code),
                "toolExecutionNotifications": notifications,
            }
        ],
        "results": [_result(finding, numbers[finding.policy], words) for finding in kept],
        "properties": {"gate": push.gate.value, "judgedBy": push.judged_by or "head", "changed": list(push.changes)},
    }


def _whole(words: Words) -> bool:
    """Return whether everything was examined: if not, readers must not take a missing result for a corrected one."""
    return words.push.exit_code is not Exit.NOTHING_EXAMINED and not words.push.assessment.incomplete


@cache
def site() -> str:
    """Return the address of the documentation, if the package names one (`make docs` builds it)."""
    from importlib.metadata import PackageNotFoundError, metadata  # noqa: PLC0415 - loads what reads e-mail

    try:
        named = metadata("preuve").get_all("Project-URL") or ()
    except PackageNotFoundError:
        return ""
    found: dict[str, str] = dict(line.split(", ", 1) for line in named)
    return found.get("Documentation", "").rstrip("/")


def _rule(policy: Policy, words: Words) -> dict[str, Any]:
    language = words.locale.language
    fix = first_sentence(policy.remediation.in_language(language))
    code = words.fixes(policy.id)
    controls = words.control_ids(policy.id)
    more = words.locale("junit.explain", policy=policy.id)
    page = {"helpUri": f"{site()}/{language}/policies/{policy.id}.html"} if site() else {}
    return {
        "id": policy.id,
        **page,
        "shortDescription": {"text": one_line(policy.title.in_language(language))},
        "fullDescription": {"text": one_line(policy.rationale.in_language(language), 1000)},
        "help": {
            "text": "\n\n".join([fix, *code.values(), more]),
            "markdown": "\n\n".join([fix, *(f"```{FENCES[kind]}\n{text}\n```" for kind, text in code.items()), more]),
        },
        "defaultConfiguration": {"level": _LEVELS[policy.severity]},
        "properties": {
            "tags": ["security", "compliance", *controls][:MOST_TAGS],
            "precision": "high",
            "security-severity": _SCORES[policy.severity],
        },
    }


def _result(finding: Finding, rule: int, words: Words) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": rule,
        "kind": "fail",
        "level": _LEVELS[finding.severity],
        "message": _message(words.paragraph(finding)),
        "locations": [_location(finding, words)],
        # GitHub reads the first name alone; the value does not depend on lines.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding_id(finding)}:1",
            "preuve/v1": finding_id(finding),
        },
        "baselineState": "unchanged" if finding.known else "new",
    }
    if (times := len(words.push.alike(finding).findings)) > 1:
        result["occurrenceCount"] = times
    if finding.place.called_from:
        result["relatedLocations"] = [_call(call, words) for call in finding.place.called_from]
    if finding.status is FindingStatus.WAIVED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": words.reason(finding)}]
    return result


def _location(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "physicalLocation": _physical(words.anchor(finding), finding.place.line, finding.place.end_line),
        "logicalLocations": [{"fullyQualifiedName": words.resource(finding), "kind": "resource"}],
    }


def _call(call: tuple[str, str, int], words: Words) -> dict[str, Any]:
    module, file, line = call
    return {"physicalLocation": _physical(words.from_top(file), line, line), "message": _message(one_line(module))}


def _physical(file: str, line: int, end_line: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file), "uriBaseId": "%SRCROOT%"}}
    if line > 0:
        place["region"] = {"startLine": line, "endLine": max(line, end_line)}
    return place


def _left_out(kept: int, of: int, words: Words) -> Iterator[dict[str, Any]]:
    if kept < of:
        yield _notification(words.locale.count("push.more", of - kept), "warning")


def _unread(words: Words) -> Iterator[dict[str, Any]]:
    unread = (finding for finding in words.push.told if finding.incomplete)
    told: dict[tuple[str, ...], Finding] = {}
    # An unread file appears once for every policy; one that passed before has a place of its own.
    for finding in (*unread, *words.push.lost, *unsettled(words)):
        told.setdefault((words.where(finding), words.resource(finding), words.reason(finding)), finding)
    for finding in list(told.values())[:MOST_NOTIFICATIONS]:
        about = f"{words.resource(finding)}: {words.reason(finding)}"
        notification = _notification(about, "error" if finding.incomplete else "note")
        if words.file(finding):
            place = _physical(words.file(finding), finding.place.line, finding.place.end_line)
            notification["locations"] = [{"physicalLocation": place}]
        yield notification
    gaps = [gap for gap in words.push.gaps if gap.cause not in (NOT_MADE, LEFT_OUT)]
    for gap in gaps[:MOST_NOTIFICATIONS]:
        said = one_line(words.locale.in_words(gap.detail)) or words.locale.word("gap_causes", gap.cause)
        notification = _notification(said, "warning")
        if gap.file:
            notification["locations"] = [{"physicalLocation": _physical(words.from_top(gap.file), gap.line, gap.line)}]
        yield notification
    yield from (_notification(line, "note") for line in (*left_out(words), *not_made(words), *uncovered(words)))
    left = sum(max(0, len(found) - MOST_NOTIFICATIONS) for found in (told, gaps))
    if left:
        yield _notification(words.locale("push.and_more", n=words.locale.number(left)), "warning")


def _notification(text: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": _message(text)}


def _message(text: str) -> dict[str, str]:
    """Return a message without the links that SARIF allows in one."""
    return {"text": text.replace("](", "] (")}
