"""Findings for DefectDojo's "Generic Findings Import": failures and undecided findings, never passes.

DefectDojo closes findings that a later file lacks. So undecided findings stay in the file, with the severity of their
policy, or a filter by severity would close them; and so do weaknesses of earlier runs that this run could not examine.
DefectDojo identifies findings by title, place and description: these contain nothing that changes from run to run. It
counts age and SLA from the date, which is that of the first run that found the weakness. A waived finding is a separate
one, because DefectDojo never reverts an accepted risk: when the waiver ends, its failure opens again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from preuve.model.results import QUIET, FindingStatus
from preuve.publish.exchange.entries import Entry, Results
from preuve.publish.oscal.parts import markup
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import relative_file
from preuve.publish.words.text import legal, one_line

LONGEST_TITLE = 500

Part = dict[str, Any]


def report(results: Results) -> bytes:
    """Return the whole file."""
    site = results.site
    document = {
        "name": one_line(f"preuve {results.bundle}"),
        "type": "preuve",
        "version": site.meta.preuve,
        "findings": [_finding(entry, results) for entry in held(results)],
    }
    return f"{json.dumps(document, indent=1)}\n".encode("ascii")


def held(results: Results) -> Iterator[Entry]:
    """Yield the entries of the file."""
    yield from (entry for entry in results.entries if entry.finding.status not in QUIET)
    yield from results.unseen


def _finding(entry: Entry, results: Results) -> Part:
    finding = entry.finding
    return {
        "title": one_line(entry.name, LONGEST_TITLE),
        "severity": finding.severity.value.capitalize(),
        "description": _description(entry, results),
        "date": (results.first_seen(entry) or results.site.assessment.now)[:10],
        **_state(entry),
        "static_finding": finding.source == "iac",
        "dynamic_finding": finding.source != "iac",
        "unique_id_from_tool": f"{entry.id}/{finding.waiver}" if entry.accepted else entry.id,
        "vuln_id_from_tool": finding.policy,
        "impact": results.rationale(entry),
        "steps_to_reproduce": _found(entry, results.locale),
        "mitigation": legal(results.remedy(entry)),
        "references": "\n".join(results.reference(link) for link in entry.links),
        "tags": _tags(entry, results),
        **_file(entry),
    }


def _state(entry: Entry) -> Part:
    """Open or accepted; an undecided finding is open and under review. Only an accepted finding is inactive: with any
    other, DefectDojo would leave a later failure inactive too.
    """
    asked = entry.finding.status is FindingStatus.WAIVED and not entry.accepted
    return {
        "active": not entry.accepted,
        "verified": False,  # DefectDojo's word for: a person looked
        "risk_accepted": entry.accepted,
        "under_review": asked or entry.finding.status is FindingStatus.NOT_EVALUATED,
    }


def _found(entry: Entry, locale: Locale) -> str:
    return f"{locale.word('finding', entry.finding.status)}{locale('site.colon')} {markup(entry.reason)}"


def _file(entry: Entry) -> Part:
    place = entry.finding.place
    path = {"file_path": relative_file(place.file)} if place.file else {}
    return {**path, "line": place.line} if path and place.line else path


def _description(entry: Entry, results: Results) -> str:
    """Describe an entry in the same words in every run; a waived one names its waiver."""
    t, place, waiver = results.locale, entry.finding.place, entry.waiver
    said = {
        "site.col.policy": entry.finding.policy,
        "site.col.resource": markup(entry.resource),
        "site.col.type": markup(place.type) if place.type else "",
        "site.col.account": markup(place.account) if place.account else "",
        "site.col.region": markup(place.region) if place.region else "",
        "table.arn": markup(place.arn) if place.arn else "",
        "site.col.waiver": markup(f"{waiver.id}, {waiver.expires}") if waiver and entry.accepted else "",
    }
    return "\n".join(f"- {t(name)}{t('site.colon')} {value}" for name, value in said.items() if value)


def _tags(entry: Entry, results: Results) -> list[str]:
    status = entry.finding.status.value.lower().replace("_", "-")
    return ["preuve", status, *(["demonstration"] if results.site.demonstration else [])]
