"""The Statement of Applicability: every control of Annex A, applicable or not, why, and the state of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.model.company.workspace import Decision
from preuve.model.content import Control
from preuve.model.results import ControlResult, ControlStatus, EvidenceResult
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import ISO_FRAMEWORK, SOA, control_page, page_file, relative
from preuve.publish.tables.bundle import run_column
from preuve.publish.tables.sheets import Cell, Sheet, csv_bytes, day, worded, write_xlsx
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

FILES = ("soa.csv", "soa.xlsx")
TEMPLATE = "soa"  # template of the evidence item that attests the decided version
_CLAUSES = "clause"  # the group of requirements that cannot be excluded
_COLUMNS = (
    ("site.col.control", 10), ("site.col.title", 34), ("site.col.group", 24), ("site.soa.applicable", 11),
    ("site.soa.justification", 60), ("site.soa.implemented", 18), ("site.col.status", 18), ("site.col.evidence", 60),
    ("site.col.owner", 24), ("site.soa.quarter", 12), ("site.soa.decided_on", 12), ("site.soa.assessed_on", 12),
    ("site.soa.page", 50), ("site.control.attention", 40),
)  # fmt: skip
_TITLE, _PAGE = 1, 12  # columns with links to the control's page


@dataclass(frozen=True)
class SoaRow:
    """A control of Annex A in one language; `decided` is whether a person recorded why it applies."""

    control: str
    title: str
    group: str
    applicable: bool
    justification: str
    decided: bool
    status: ControlStatus
    policies: tuple[str, ...]
    planned: int
    evidence: tuple[EvidenceResult, ...]
    owner: str
    quarter: str
    decided_on: str
    assessed_on: str
    page: str
    implemented: str  # yes | partly | no | planned | none: nobody recorded it
    attention: tuple[str, ...]  # failing policies that only support the control and do not decide its status


def is_listed(control: Control) -> bool:
    """Return whether a control belongs in the statement: those of Annex A, not the clauses."""
    return control.framework == ISO_FRAMEWORK and control.group != _CLAUSES


def soa_rows(site: Site, locale: Locale) -> list[SoaRow]:
    """Return the rows in the order of the standard; none if the framework was not assessed."""
    return list(_Statement(site, locale).rows())


class _Statement:
    """Builds the rows in one language."""

    def __init__(self, site: Site, locale: Locale) -> None:
        self._site = site
        self._locale = locale
        self._decisions: Mapping[str, Decision] = {item.control: item for item in site.workspace.decisions}

    def rows(self) -> Iterator[SoaRow]:
        """Yield a row for each assessed control of Annex A."""
        for result in self._site.assessment.controls:
            control = self._site.library.control(result.control)
            if control is not None and is_listed(control):
                yield self._row(control, result)

    def _row(self, control: Control, result: ControlResult) -> SoaRow:
        t = self._locale
        excluded = next((item for item in self._site.workspace.exclusions if item.control == control.id), None)
        decision = self._decisions.get(control.id)
        quarter = self._site.library.audit_quarter(control.id)
        reason = excluded.reason if excluded else decision.justification if decision else self._support(result)
        return SoaRow(
            control=control.id,
            title=one_line(control.title.in_language(t.language)),
            group=t.word("groups", control.group),
            applicable=result.status is not ControlStatus.EXCLUDED,
            justification=one_line(reason),
            decided=bool(excluded or decision),
            status=result.status,
            policies=result.policies,
            planned=len(result.planned),
            evidence=result.evidence,
            owner=one_line(decision.owner) if decision and decision.owner else self._roles(result),
            quarter=t.word("quarter", quarter.id) if quarter else "",
            decided_on=decision.decided if decision else "",
            assessed_on=self._site.assessment.now[:10],
            page=control_page(result.framework, result.control),
            implemented=_implemented(result, decision),
            attention=result.attention,
        )

    def _support(self, result: ControlResult) -> str:
        """Return the evidence that is meant to show a control whose inclusion has no recorded reason, whether or not
        the evidence exists.
        """
        t = self._locale
        parts = []
        if result.deciding:
            parts.append(t.count("site.soa.by_policies", len(result.deciding)))
        if result.evidence:
            named = ", ".join(item.id for item in result.evidence)
            parts.append(t.count("site.soa.by_evidence", len(result.evidence), items=named))
        support = t("site.soa.supported", by=t("site.soa.and").join(parts)) if parts else t("site.soa.unsupported")
        return f"{t('site.soa.included')} {support}"

    def _roles(self, result: ControlResult) -> str:
        items = (self._site.library.evidence.get(item.id) for item in result.evidence)
        return ", ".join(dict.fromkeys(self._locale.word("role", item.owner_role) for item in items if item))


def _implemented(result: ControlResult, decision: Decision | None) -> str:
    """Return whether the company declares the control implemented; the evidence is another column."""
    if result.status is ControlStatus.EXCLUDED:
        return "no"
    return (decision.implemented if decision else "") or "none"


# ---- files --------------------------------------------------------------------------------------------------------


def write_soa(folder: Path, site: Site, locale: Locale) -> None:
    """Write `soa.csv` and `soa.xlsx` into the folder of the statement's page; nothing without the framework."""
    rows = soa_rows(site, locale)
    if not rows:
        return
    pages = [relative(page_file(row.page, locale.language), SOA) for row in rows]
    cells: list[Sequence[Cell]] = [[locale(key) for key, _ in _COLUMNS]]
    cells += worded((_cells(row, page, locale) for row, page in zip(rows, pages, strict=True)), locale)
    table, workbook = (folder / name for name in FILES)
    folder.mkdir(parents=True, exist_ok=True)
    mark = run_column(site, locale, _edition(site))
    table.write_bytes(csv_bytes([*row, mark if at else locale("site.soa.version")] for at, row in enumerate(cells)))
    links = {(at, column): page for at, page in enumerate(pages, start=1) for column in (_TITLE, _PAGE)}
    name = locale("site.nav.soa")
    about = Sheet(locale("site.soa.about"), _about(site, locale), (30, 90), heads=False)
    write_xlsx(workbook, [Sheet(name, cells, [width for _, width in _COLUMNS], links), about])


def _cells(row: SoaRow, page: str, t: Locale) -> list[Cell]:
    manual = [f"{item.id} ({', '.join(filter(None, _state(item, t)))})" for item in row.evidence]
    evidence = [part for part in (", ".join(row.policies), ", ".join(manual)) if part]
    reason = row.justification if row.decided else f"{row.justification} {t('site.soa.undecided')}"
    return [
        row.control,
        row.title,
        row.group,
        t("site.soa.applies" if row.applicable else "site.soa.applies_not"),
        reason,
        t.word("site.soa.in_place", row.implemented),
        t.word("control", row.status),
        "\n".join(evidence),
        row.owner,
        row.quarter,
        day(row.decided_on),
        day(row.assessed_on),
        page,
        ", ".join(row.attention),
    ]


def _state(item: EvidenceResult, t: Locale) -> tuple[str, str]:
    return t.word("evidence_state", item.state), one_line(item.attestation)


def _about(site: Site, t: Locale) -> list[list[str]]:
    """Return the organisation, the edition, the date, and the attestation of the approved version."""
    framework = site.library.frameworks.get(ISO_FRAMEWORK)
    lines = [
        [t("site.soa.organisation"), one_line(site.workspace.organisation)],
        [t("site.soa.edition"), framework.framework_version if framework else ""],
        [t("site.soa.content"), framework.content_version if framework else ""],
        [t("site.soa.assessed_on"), site.assessment.now],
    ]
    lines += [[t("site.soa.attested"), line] for line in attested(site, t)]
    lines += [[t("site.demonstration"), t("site.demonstration_means")]] if site.demonstration else []
    return [*lines, [t("site.soa.reading"), t("site.soa.lead")]]


def attested(site: Site, t: Locale) -> list[str]:
    """Return the state of the evidence items for the decided statement, as sentences."""
    titles = {item.id: item.title for item in site.workspace.attestations}
    wanted = {name for name, item in site.library.evidence.items() if item.template == TEMPLATE}
    results = {item.id: item for control in site.assessment.controls for item in control.evidence if item.id in wanted}
    return [
        " · ".join(
            filter(None, (name, *_state(item, t), one_line(titles.get(item.attestation, "")), t.date(item.effective)))
        )
        for name, item in sorted(results.items())
    ]


def _edition(site: Site) -> str:
    framework = site.library.frameworks.get(ISO_FRAMEWORK)
    return f"ISO/IEC 27001:{framework.framework_version}" if framework else ""
