"""CSV files for CISO Assistant's data wizard: exceptions, vulnerabilities that name them, and a sheet per framework.

The wizard reads commas and finds objects by `ref_id`. Every id begins with letters, because pandas would read other ids
as numbers. An object that is missing from a file stays unchanged there; therefore a weakness that has ended gets a row
that states its end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.assess.changes.comparison import key
from preuve.library.yaml import documents as yaml_file
from preuve.library.yaml.place import content_root
from preuve.model.content import title_of
from preuve.model.results import (
    QUIET,
    WEAK,
    Assessment,
    ControlResult,
    ControlStatus,
    FindingStatus,
    Place,
    WaiverResult,
)
from preuve.publish.exchange.entries import Entry, Results
from preuve.publish.tables.sheets import Cell, csv_bytes, worded
from preuve.publish.words.approvals import approval
from preuve.publish.words.names import relative_file, titles
from preuve.publish.words.text import one_line

EXCEPTIONS = ("ref_id", "name", "description", "status", "severity", "expiration_date", "observation")
VULNERABILITIES = (
    "ref_id", "name", "description", "status", "severity", "security_exceptions", "filtering_labels", "detected_at",
)  # fmt: skip
ASSESSMENT = ("urn", "assessable", "ref_id", "name", "compliance_result", "requirement_progress", "observations")
LONGEST_NAME = 200
_CONTENT = "reports/exchange/ciso-assistant.yaml"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REQUIREMENT = "urn:intuitem:risk:req_node"
_JUDGED = frozenset({FindingStatus.PASS.value, FindingStatus.FAIL.value, FindingStatus.WAIVED.value})
# Only a person decides how far a requirement is met: until then it has no result, whatever the evidence shows.
_PROGRESS = {
    ControlStatus.SUPPORTED: "in_review",
    ControlStatus.DECLARED: "in_review",
    ControlStatus.PARTLY_DECLARED: "in_progress",
    ControlStatus.PARTLY_SUPPORTED: "in_progress",
    ControlStatus.NOT_SUPPORTED: "in_progress",
    ControlStatus.NOT_ASSESSED: "to_do",
    ControlStatus.EXCLUDED: "in_review",
}


@dataclass(frozen=True)
class Library:
    """The ids of a framework's items in CISO Assistant."""

    library: str
    prefix: str
    without: frozenset[str] = frozenset()
    law: bool = False  # settings of AWS do not decide the law: no result

    def requirement(self, control: str) -> tuple[str, str] | None:
        """Return the `ref_id` and `urn` of the requirement there; None if no requirement matches this item alone."""
        if control in self.without:
            return None
        name = control.removeprefix(self.prefix)
        return name, f"{_REQUIREMENT}:{self.library}:{name.lower()}"

    def outcome(self, item: ControlResult, *, begun: bool) -> tuple[str, str]:
        """Return result and progress of an item; `begun`: some of it was judged or declared, so that progress is not
        zero.
        """
        progress = _PROGRESS[item.status]
        progress = "in_progress" if begun and progress == "to_do" else progress
        excluded = item.status is ControlStatus.EXCLUDED and not self.law
        return "not_applicable" if excluded else "not_assessed", progress


def libraries() -> Mapping[str, Library]:
    """Return the frameworks that CISO Assistant has too."""
    data = yaml_file.load(content_root() / _CONTENT, _CONTENT)
    return {
        name: Library(item["library"], item["prefix"], frozenset(item.get("without", ())), item.get("law", False))
        for name, item in data.items()
    }


def files(results: Results) -> Mapping[str, bytes]:
    """Return the files, in the order in which they are to be loaded."""
    known = libraries()
    sheets = {
        "1-security-exceptions.csv": [EXCEPTIONS, *_exceptions(results)],
        "2-vulnerabilities.csv": [VULNERABILITIES, *_vulnerabilities(results)],
    }
    for name in results.site.workspace.frameworks:
        if name in known:
            sheets[f"3-assessment-{name}.csv"] = [ASSESSMENT, *_assessment(name, known[name], results)]
    return {name: csv_bytes(worded(rows, results.locale), ",") for name, rows in sheets.items()}


def left_out(results: Results) -> tuple[str, ...]:
    """Return the controls without a requirement of their own in CISO Assistant."""
    known = libraries()
    controls = results.site.assessment.controls
    return tuple(
        item.control
        for item in controls
        if item.framework not in known or known[item.framework].requirement(item.control) is None
    )


# ---- security exceptions ------------------------------------------------------------------------------------------


def _exceptions(results: Results) -> Iterator[Sequence[Cell]]:
    t = results.locale
    by_id = {item.id: item for item in results.site.assessment.waivers}  # refused ones may share an id
    for waiver in by_id.values():
        known = results.site.library.policies.get(waiver.policy)
        title = results.site.library.title(waiver.policy, t.language)
        yield (
            _reference(waiver.id),
            one_line(f"{waiver.id}: {title}", LONGEST_NAME),
            one_line(f"{waiver.policy}, {waiver.resource}. {waiver.reason}"),
            _state(waiver),
            known.severity.value if known else "undefined",
            waiver.expires,
            f"{t.word('waiver_state', waiver.state)}{t('site.colon')} {approval(waiver, t)}",
        )


def _state(waiver: WaiverResult) -> str:
    if waiver.state == "expired":
        return "expired"
    if waiver.state not in ("active", "unused", "not_asked"):
        return "draft"
    return "approved" if waiver.approval_verified else "in_review"


def _reference(waiver: str) -> str:
    """Return the `ref_id` of a waiver; a hash if the id would be split into several, or is too long."""
    name = waiver if _PLAIN.fullmatch(waiver) else hashlib.sha256(waiver.encode("utf-8", "replace")).hexdigest()[:16]
    return f"preuve-{name}"


# ---- vulnerabilities ----------------------------------------------------------------------------------------------


def _vulnerabilities(results: Results) -> Iterator[Sequence[Cell]]:
    for entry in results.entries:
        if entry.finding.status not in QUIET:
            weak = entry.finding.status in WEAK or key(entry.finding) in results.since
            yield _vulnerability(entry, "potential" if weak else "undefined", results)
    for entry in results.ended:
        over = "fixed" if entry.mended else "undefined" if entry.removed else "unaffected"
        yield _vulnerability(entry, over, results)


def _vulnerability(entry: Entry, status: str, results: Results) -> Sequence[Cell]:
    finding = entry.finding
    verdict = results.locale.word("finding", finding.status)
    name = one_line(entry.name, LONGEST_NAME - len(entry.id) - 3)
    return (
        entry.id,
        f"{name} ({entry.id})",
        one_line(f"{verdict}. {entry.reason} ({_where(finding.place)}; {finding.policy})"),
        status,
        finding.severity.value,
        _reference(entry.waiver.id) if entry.waiver else "",
        "|".join(["preuve", *(["demonstration"] if results.site.demonstration else [])]),
        results.first_seen(entry)[:10],
    )


def _where(place: Place) -> str:
    file = relative_file(place.file)
    line = f"{file}:{place.line}" if file and place.line else file
    return ", ".join(filter(None, (place.type, place.arn, place.account, place.region, line)))


# ---- assessments --------------------------------------------------------------------------------------------------


def _assessment(framework: str, library: Library, results: Results) -> Iterator[Sequence[Cell]]:
    t = results.locale
    named = titles(results.site.library, t.language)
    for item in results.site.assessment.controls:
        found = library.requirement(item.control) if item.framework == framework else None
        if found:
            name, urn = found
            said = _observed(item, named, results)
            said = f"{_reading(framework, results)} {said}" if library.law else said
            outcome = library.outcome(item, begun=_begun(item, results.site.assessment))
            yield urn, "True", name, _title(item, results), *outcome, one_line(said)


def _begun(item: ControlResult, assessment: Assessment) -> bool:
    counts = (assessment.policies[name].counts for name in item.policies if name in assessment.policies)
    return any(map(_JUDGED.intersection, counts)) or any(evidence.state != "missing" for evidence in item.evidence)


def _title(item: ControlResult, results: Results) -> str:
    control = results.site.library.control(item.control)
    return one_line(title_of(control, results.locale.language, item.control))


def _reading(framework: str, results: Results) -> str:
    """Return the explanation of a framework's results."""
    return results.site.library.frameworks[framework].reading(results.locale.language)


def _observed(item: ControlResult, named: Mapping[str, Any], results: Results) -> str:
    t = results.locale
    reasons = " ".join(one_line(t.reason(reason, named)) for reason in item.reasons)
    said = f"{t.word('control', item.status)}{t('site.colon')} {t.word('control_means', item.status)}."
    return f"preuve {results.bundle}. {said} {reasons}"
