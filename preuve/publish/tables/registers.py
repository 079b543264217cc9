"""Tables of an evidence bundle for spreadsheets: findings, waivers, nonconformities and their actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from preuve.assess.plan import LAW
from preuve.library.company.register.cells import day as day_of
from preuve.library.company.register.cells import is_day
from preuve.library.company.registers import FOLDER, NONCONFORMITIES, is_open
from preuve.model.company.workspace import Exclusion, Nonconformity, Workspace
from preuve.model.content import EvidenceItem, title_of
from preuve.model.grouping import grouped
from preuve.model.layout import IAC, REGISTERS, SCOPE, SUMMARY
from preuve.model.results import (
    ControlResult,
    ControlStatus,
    Disagreement,
    EvidenceResult,
    Finding,
    FindingStatus,
    Place,
)
from preuve.publish.site.facts import Site
from preuve.publish.tables.bundle import Table, write_table
from preuve.publish.tables.sheets import Cell, day
from preuve.publish.words.approvals import approval
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import (
    LinkedControls,
    cite,
    file_line,
    is_theme,
    joined,
    place_name,
    policy_title,
    relative_file,
    titles,
)
from preuve.publish.words.text import first_sentence, one_line

_LONG = 60
_IN_FORCE = ("current", "unreviewed")  # of an item: somebody declares it today


def write_registers(bundle: Path, site: Site, locale: Locale) -> None:
    """Write findings, where code and account disagree, exclusions, waivers, nonconformities and actions."""
    write_table(bundle / SUMMARY / "findings", findings(site, locale), site, locale)
    write_table(bundle / IAC / "disagreements", disagreements(site, locale), site, locale)
    write_table(bundle / SCOPE / "exclusions", exclusions(site, locale), site, locale)
    for name, table in (("waivers", waivers), ("nonconformities", nonconformities), ("actions", actions)):
        write_table(bundle / REGISTERS / name, table(site, locale), site, locale)


# ---- findings -----------------------------------------------------------------------------------------------------

_FINDINGS = (
    ("site.col.status", 14), ("site.col.severity", 11), ("site.col.policy", 30), ("site.col.title", 44),
    ("site.col.resource", 44), ("site.col.type", 26), ("site.col.account", 16), ("site.col.region", 12),
    ("table.file", 30), ("site.col.reason", _LONG), ("table.controls", 40), ("site.col.waiver", 12),
    ("table.rev", 9), ("table.supporting", 40),
)  # fmt: skip


def findings(site: Site, t: Locale) -> Table:
    """Return every finding, on each resource that it is about, with the controls it judges and, apart, those it only
    supports.
    """
    linked = LinkedControls(site.assessment)
    texts = CodeTexts(site.library, site.workspace.params, t)
    rows = [
        [*_finding(item, place, controls, site, texts), supported]
        for item in site.assessment.findings
        for controls, supported in [_cited(linked, [item], site, t)]
        for place in item.places  # the reason says of how many resources it is one finding
    ]
    return Table("site.col.findings", _FINDINGS, rows)


def _cited(linked: LinkedControls, findings: Sequence[Finding], site: Site, t: Locale) -> tuple[str, str]:
    """Return the controls of findings of one policy, decided and supported, as readers cite them."""
    decided, supported = linked.of(findings)
    return joined(decided, site.library, t), joined(supported, site.library, t)


def _finding(item: Finding, place: Place, controls: str, site: Site, texts: CodeTexts) -> list[Cell]:
    t = texts.locale
    return [
        t.word("finding", item.status),
        t.word("severity", item.severity),
        item.policy,
        policy_title(item.policy, site.library, t),
        place_name(place),
        place.type,
        place.account,
        place.region,
        file_line(place),
        one_line(texts.verdict(item)),
        controls,
        item.waiver,
        item.rev,
    ]


# ---- code and account ---------------------------------------------------------------------------------------------

_DISAGREEMENTS = (
    ("site.col.policy", 30), ("site.col.title", 44), ("site.col.severity", 11), ("site.col.resource", 44),
    ("table.arn", 60), ("site.col.type", 26), ("site.col.account", 16), ("site.col.region", 12),
    ("site.apart.account", 14), ("site.apart.code", 14), ("site.apart.block", 44), ("table.file", 30),
    ("site.apart.by", 24),
)  # fmt: skip


def disagreements(site: Site, t: Locale) -> Table:
    """Return every resource that a policy fails on one side and passes on the other."""
    return Table("site.apart.title", _DISAGREEMENTS, [_apart(item, site, t) for item in site.assessment.disagreements])


def _apart(item: Disagreement, site: Site, t: Locale) -> list[Cell]:
    policy = site.library.policies.get(item.policy)
    failing = FindingStatus.WAIVED if item.waived else FindingStatus.FAIL
    fails, passes = (t.word("finding", status) for status in (failing, FindingStatus.PASS))
    return [
        item.policy,
        policy_title(item.policy, site.library, t),
        t.word("severity", policy.severity) if policy else "",
        place_name(item.cloud),
        one_line(item.cloud.arn),
        item.cloud.type,
        item.cloud.account,
        item.cloud.region,
        fails if item.cloud_fails else passes,
        passes if item.cloud_fails else fails,
        place_name(item.code),
        f"{relative_file(item.code.file)}:{item.code.line}",
        t.word("joins", item.by),
    ]


# ---- exclusions ---------------------------------------------------------------------------------------------------

_EXCLUSIONS = (("site.col.control", 14), ("site.col.title", 44), ("site.col.reason", _LONG))


def excluded_because(item: Exclusion, site: Site, t: Locale) -> str:
    """Return why a control is excluded, and which of its checks fail all the same."""
    found = (result for result in site.assessment.controls if result.control == item.control)
    failing = [t.reason(one) for result in found for one in result.reasons if one.code == "excluded_failing"]
    return one_line(" ".join([item.reason, *failing]))


def excluded(site: Site) -> list[Exclusion]:
    """Return the exclusions of the frameworks that were judged."""
    judged = {result.control for result in site.assessment.controls}
    return [item for item in site.workspace.exclusions if item.control in judged]


def exclusions(site: Site, t: Locale) -> Table:
    """Return the controls that do not apply, and why."""
    rows = []
    for item in excluded(site):
        control = site.library.control(item.control)
        title = one_line(title_of(control, t.language))
        rows.append([*cite([item.control], site.library, t), title, excluded_because(item, site, t)])
    return Table("site.scope.exclusions", _EXCLUSIONS, rows)


# ---- waivers ------------------------------------------------------------------------------------------------------

_WAIVERS = (
    ("table.id", 10), ("site.col.state", 14), ("site.col.policy", 30), ("site.col.title", 44),
    ("site.col.resource", 40), ("site.col.reason", _LONG), ("site.col.owner", 24), ("site.col.approver", 24),
    ("table.approval", 40), ("table.created", 12), ("table.expires", 12), ("site.col.findings", 10),
    ("table.deviations", 40),
)  # fmt: skip


def waivers(site: Site, t: Locale) -> Table:
    """Return every waiver, what it did, and the items of the GDPR from which it deviates."""
    rows: list[Sequence[Cell]] = []
    unknown = "" if asks_the_law(site) else t("site.not_judged")
    for item in site.assessment.waivers:
        deviations = [result.control for result in site.assessment.controls if item.id in result.deviations]
        law = any(item.id in result.waivers for result in site.assessment.controls if result.framework == LAW)
        rows.append(
            [
                item.id,
                t.word("waiver_state", item.state),
                item.policy,
                policy_title(item.policy, site.library, t),
                one_line(item.resource),
                one_line(item.reason),
                one_line(item.owner),
                one_line(item.approver),
                approval(item, t, law=law),
                day(item.created),
                day(item.expires),
                item.findings,
                unknown or joined(deviations, site.library, t),
            ]
        )
    return Table("site.nav.waivers", _WAIVERS, rows)


# ---- nonconformities and actions (ISO/IEC 27001, 10.2) --------------------------------------------------------------

_NONCONFORMITIES = (
    ("table.id", 14), ("site.col.state", 12), ("table.found_on", 12), ("table.origin", 26), ("site.col.control", 14),
    ("table.finding", _LONG), ("table.grade", 16), ("table.correction", 40), ("table.cause", 40),
    ("table.closed", 12),
)  # fmt: skip
_ACTIONS = (
    ("table.nonconformity", 16), ("site.col.state", 12), ("site.col.control", 24), ("table.action", _LONG),
    ("site.col.owner", 24), ("table.due", 12), ("table.effective", 40), ("table.closed", 12),
    ("site.col.policy", 30), ("site.col.severity", 11), ("site.col.findings", 10), ("table.supporting", 40),
)  # fmt: skip


def state(item: Nonconformity, today: str) -> str:
    """Return whether an entry is closed, open, or open beyond its date: a word of `nonconformity_state`. The day that
    says so may be unreadable.
    """
    said = item.closed or item.due
    if said and not is_day(said):
        return "unreadable"
    if item.closed:
        return "closed"
    return "overdue" if item.due and day_of(item.due) < today else "open"


def nonconformities(site: Site, t: Locale) -> Table:
    """Return the register's entries, then the controls of standards that evidence contradicts without an open entry."""
    today = site.assessment.now[:10]
    entries: list[Sequence[Cell]] = [
        [
            item.number,
            t.word("nonconformity_state", state(item, today)),
            day(item.found_on),
            one_line(item.source),
            *cite([item.control], site.library, t),
            one_line(item.finding),
            one_line(item.grade),
            one_line(item.correction),
            one_line(item.cause),
            day(item.closed),
        ]
        for item in site.workspace.nonconformities
    ]
    blank = t("site.to_complete")
    named = titles(site.library, t.language)
    for result in contradicted(site):
        why = " ".join(one_line(t.reason(reason, named)) for reason in result.reasons)
        name = cite([result.control], site.library, t)
        row = ["", t.word("nonconformity_state", "to_grade"), day(today), t("table.by_check"), *name, why]
        entries.append([*row, blank, blank, blank, ""])
    return Table("table.nonconformities", _NONCONFORMITIES, entries)


def uncounted(site: Site) -> str:
    """Return why nobody knows how many nonconformities there are, a word of `paper.unknown`; "" if they can be
    counted. A register that an out-of-date source filled may lack some, and so may one of which not all came.
    """
    kept = next((item for item in site.workspace.registers if item.name == NONCONFORMITIES), None)
    if kept and any(end < site.assessment.now[:10] for end in kept.fresh_until):
        return "out_of_date"
    if kept and kept.short:
        return "short"
    if site.workspace.nonconformities:
        return ""
    if kept:
        known, states = site.library.evidence, site.assessment.evidence
        found = [(known[name], result) for name, result in states.items() if name in known]
        return "" if declared_none(site.workspace, found) else "no_entry"
    broken = any(item.position.file == f"{FOLDER}/{NONCONFORMITIES}.csv" for item in site.workspace.problems)
    return "register_unusable" if broken else "no_register"


def declared_none(workspace: Workspace, evidence: Iterable[tuple[EvidenceItem, EvidenceResult]]) -> bool:
    """Return whether a statement in force stands in place of a register of nonconformities without a row."""
    found = {
        result.attestation
        for item, result in evidence
        if item.template == NONCONFORMITIES and result.state in _IN_FORCE
    }
    return any(item.id in found and item.kind == "statement" for item in workspace.attestations)


def asks_the_law(site: Site) -> bool:
    """Return whether the run judged the law: without it, no number of its items says anything."""
    return any(item.framework == LAW for item in site.assessment.controls)


def asks_a_standard(site: Site) -> bool:
    """Return whether the run judged any standard."""
    return any(item.framework != LAW for item in site.assessment.controls)


def contradicted(site: Site) -> list[ControlResult]:
    """Return the controls of standards that evidence speaks against, without those that an open entry of the register
    names.

    An item of the law is none of them: a failing check is no nonconformity of the management system by itself.
    """
    status = ControlStatus.NOT_SUPPORTED
    return [item for item in _unnamed(site) if item.framework != LAW and item.status is status]


def against_law(site: Site, *, themes: bool = False) -> list[ControlResult]:
    """Return the items of the law on which a policy that tests them fails, waived or not, or that somebody declares not
    in place, whatever the severity, without those that an open entry names; or the themes, which are no items of it.
    """
    found = (item for item in _unnamed(site) if item.framework == LAW and _fails(item))
    return [item for item in found if is_theme(item, site.library) is themes]


def _unnamed(site: Site) -> Iterator[ControlResult]:
    named = {item.control for item in site.workspace.nonconformities if is_open(item)}
    for item in site.assessment.controls:
        if item.status is not ControlStatus.EXCLUDED and item.control not in named:
            yield item


def _fails(item: ControlResult) -> bool:
    codes = {reason.code for reason in item.reasons}
    return bool(item.deviations or codes & {"policy_failed", "evidence_not_in_place"})


def actions(site: Site, t: Locale) -> Table:
    """Return the register's actions, then those of failing policies that the register does not cover yet."""
    today = site.assessment.now[:10]
    rows: list[Sequence[Cell]] = [
        [
            item.number,
            t.word("nonconformity_state", state(item, today)),
            *cite([item.control], site.library, t),
            one_line(item.action) or t("site.to_complete"),
            one_line(item.owner) or t("site.to_complete"),
            day(item.due) or t("site.to_complete"),
            one_line(item.effective) or t("table.not_checked"),
            day(item.closed),
            "",
            "",
            "",
            "",
        ]
        for item in site.workspace.nonconformities
    ]
    return Table("table.actions", _ACTIONS, [*rows, *_proposed(site, t)])


def _proposed(site: Site, t: Locale) -> Iterator[list[Cell]]:
    linked = LinkedControls(site.assessment)
    failing = grouped((it.policy, it) for it in site.assessment.findings if it.status is FindingStatus.FAIL)
    groups = sorted(failing.items(), key=lambda group: (group[1][0].severity.rank, group[0]))
    for policy, found in groups:
        known = site.library.policies.get(policy)
        controls, supported = _cited(linked, found, site, t)
        fix = first_sentence(known.remediation.in_language(t.language)) if known else ""
        blank = t("site.to_complete")
        yield [
            "",
            t.word("nonconformity_state", "proposed"),
            controls,
            f"{policy_title(policy, site.library, t)}{t('site.colon')} {fix}",
            blank,
            blank,
            "",
            "",
            policy,
            t.word("severity", found[0].severity),
            len(found),
            supported,
        ]
