"""The accounts of an organization as a table: discovered, in scope, read, and the cause of each gap."""

from __future__ import annotations

from pathlib import Path

from preuve.model.content import Severity
from preuve.model.layout import SUMMARY
from preuve.model.results import FindingStatus
from preuve.model.snapshot import Unread
from preuve.publish.site.accounts import AccountRow, account_rows, several
from preuve.publish.site.facts import Site
from preuve.publish.tables.bundle import Table, write_table
from preuve.publish.tables.sheets import Cell
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

_COLUMNS = (
    ("site.col.account", 16), ("table.name", 24), ("site.accounts.unit", 30), ("site.accounts.environment", 14),
    ("site.col.state", 20), ("site.index.read", 40), ("site.accounts.why", 60),
    *((f"finding.{status}", 14) for status in FindingStatus), *((f"severity.{severity}", 12) for severity in Severity),
)  # fmt: skip


def write_accounts(bundle: Path, site: Site, locale: Locale) -> None:
    """Write `accounts` next to the findings, if there is more than one account."""
    if several(site):
        write_table(bundle / SUMMARY / "accounts", accounts(site, locale), site, locale)


def accounts(site: Site, t: Locale) -> Table:
    """Return a row for each account, with its findings by status, and its failures by severity."""
    return Table("site.nav.accounts", _COLUMNS, [_row(row, t) for row in account_rows(site)])


def _row(row: AccountRow, t: Locale) -> list[Cell]:
    why = [one_line(row.reason), *(_cause(item, t) for item in row.unread)]
    why += [t("site.accounts.named_only")] if row.named_only else []
    why += [t("site.accounts.named_all_the_same")] if row.is_named_all_the_same else []
    told = [row.id, *map(one_line, (row.name, row.unit, row.environment)), t.word("site.accounts.states", row.state)]
    numbers = [*(row.counts[status] for status in FindingStatus), *(row.failing[severity] for severity in Severity)]
    told.append(t.span(*row.read_during) if row.read_during else "")
    return [*told, t.clauses(filter(None, why)), *numbers]


def _cause(item: Unread, t: Locale) -> str:
    said = ", ".join(filter(None, (item.code, item.action)))
    return t.word("causes", item.cause or "other") + (f" ({said})" if said else "")
