"""Manual evidence for people who prepare an audit: a list of what is current, stale or missing, and templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from preuve.library.company.templates import Template, rows
from preuve.model.company.workspace import Attestation, Register, Workspace
from preuve.model.content import EvidenceItem, Library
from preuve.model.results import EvidenceResult
from preuve.publish.tables.sheets import csv_bytes
from preuve.publish.tables.soa import TEMPLATE, is_listed
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

DUE = ("not_in_place", "missing", "stale", "unreviewed", "partly")  # states of an item that somebody has to work on
_ORDER = (*DUE, "current")
_LONGEST = 60


@dataclass(frozen=True)
class ItemState:
    """An item of manual evidence on a day."""

    item: EvidenceItem
    result: EvidenceResult
    quarters: tuple[str, ...]  # of the internal audit, Q1 … Q4
    register: Register | None = None
    register_changed: bool | None = None  # since the attestation; None if no attestation has its hash


def register_changed(
    register: Register | None, result: EvidenceResult, attestations: Sequence[Attestation]
) -> bool | None:
    """Return whether a register differs from the one that was attested."""
    hashes = [item.sha256 for item in attestations if item.id == result.attestation and item.sha256 and not item.file]
    return register.sha256 not in hashes if register and hashes else None


def quarters(library: Library, item: EvidenceItem) -> tuple[str, ...]:
    """Return the quarters in which the internal audit examines the controls of an item."""
    found = (library.audit_quarter(control) for control in item.controls)
    return tuple(sorted({quarter.id for quarter in found if quarter}))


def listing(states: Sequence[ItemState], locale: Locale) -> Iterator[str]:
    """Yield a line per item, the missing ones first, with a header and the counts."""
    t = locale
    header = ("site.col.state", "site.col.item", "attest.due", "site.soa.quarter", "site.col.cadence", "site.col.owner")
    table = [[*(t(key) for key in header), t("site.col.title")]]
    table += [_cells(state, t) for state in sorted(states, key=lambda state: _ORDER.index(state.result.state))]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
    counts: Mapping[str, int] = {name: sum(1 for state in states if state.result.state == name) for name in _ORDER}
    yield ""
    yield t("attest.counts", **{name: t.number(count) for name, count in counts.items()})


def _cells(state: ItemState, t: Locale) -> list[str]:
    item, result = state.item, state.result
    return [
        t.word("evidence_state", result.state),
        item.id,
        result.expires or t("attest.now"),
        ", ".join(t.word("quarter", name) for name in state.quarters),
        t.word("cadence", item.cadence),
        t.word("role", item.owner_role),
        one_line(item.title.in_language(t.language), _LONGEST) + _register(state, t),
    ]


def _register(state: ItemState, t: Locale) -> str:
    if state.register is None:
        return ""
    words = {True: "attest.register_changed", False: "attest.register_same", None: "attest.register_open"}
    rows_ = t.count("attest.rows", state.register.rows)
    return f" ({state.register.file}{t('site.colon')} {rows_}, {t(words[state.register_changed])})"


# ---- templates ----------------------------------------------------------------------------------------------------


def filled_template(
    template: Template, item: EvidenceItem, library: Library, workspace: Workspace, locale: Locale, today: date
) -> bytes:
    """Return a template ready to fill in: a document with the known facts at its head, or a register with its
    columns.
    """
    if not template.is_register:
        return f"{_head(item, workspace, locale, today)}\n{template.text()}".encode()
    table = rows(template.text())
    if template.name == TEMPLATE:
        table += _decisions(library, workspace, locale, len(table[0]))
    return csv_bytes(table)


def _head(item: EvidenceItem, workspace: Workspace, t: Locale, today: date) -> str:
    lines = [
        f"# {one_line(item.title.in_language(t.language))}",
        "",
        f"{one_line(workspace.organisation)} · {item.id} · {t('attest.version')}",
        "",
        f"{t('site.col.owner')}{t('site.colon')} {t.word('role', item.owner_role)} · "
        f"{t('site.col.cadence')}{t('site.colon')} {t.word('cadence', item.cadence)} · "
        f"{t('attest.controls')}{t('site.colon')} {', '.join(item.controls)} · {today.isoformat()}",
        "",
        f"> {t('explain.expected')}{t('site.colon')} {one_line(item.auditor_expects.in_language(t.language))}",
        "",
    ]
    return "\n".join(lines)


def _decisions(library: Library, workspace: Workspace, t: Locale, width: int) -> Iterator[list[str]]:
    """Yield a row for each control to decide on; for a control that preuve.yaml excludes, the decision is filled in."""
    excluded = {item.control: item.reason for item in workspace.exclusions}
    for framework in library.frameworks.values():
        for control in framework.controls:
            if is_listed(control):
                reason = excluded.get(control.id, "")
                row = [control.id, t("site.soa.applies_not") if reason else "", one_line(reason)]
                yield row + [""] * (width - len(row))
