"""The management committee dashboard of a month: from registers, closed bundles and the workspace, not an account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from preuve.assess.rollup import evidence_result
from preuve.evidence.approval import with_approvals
from preuve.evidence.verifier.chain import Line
from preuve.library.company.fill_ledger import missing
from preuve.library.company.indicators import load_indicators
from preuve.library.company.register.cells import day as day_of
from preuve.library.company.registers import entries
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.yaml.place import languages
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library, Severity
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import SNAPSHOT
from preuve.pipeline.bundle.origin import to_commit
from preuve.pipeline.bundle.seal import chain_home
from preuve.pipeline.run.history import numbered
from preuve.pipeline.workspace.attest import needed
from preuve.publish.dashboard.decisions import lost_audit
from preuve.publish.dashboard.month import AccountCounts, Month, last_day, measured, months_until, uncounted
from preuve.publish.dashboard.paper import dashboard
from preuve.publish.dashboard.registers import Registers
from preuve.publish.dashboard.review import TEMPLATE, management_review
from preuve.publish.dashboard.runs import Audits, read_audits
from preuve.publish.history.history import FOREIGN, UNCHAINED
from preuve.publish.history.runs import ChainRun
from preuve.publish.papers.html import Sheets
from preuve.publish.papers.pdf import available, pdf
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.text import one_line
from preuve.snapshot.reader import read_meta
from preuve.system.causes import cause, to_do
from preuve.system.files import whole, write_new

FOLDER = "monthly"
PAGE = "committee"
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")


def report(root: Path, month: str, out: Path | None, today: date) -> Iterator[str]:
    """Write the page of a `month` (YYYY-MM) in every language, its PDF and the minutes; yield what was written.

    A page of the whole month stays as the committee has it; one of a part of it is replaced.

    `out` is their folder, `today` the day of the request. Raises PreuveError if they cannot be written.
    """
    library = load_library(root)
    workspace = with_approvals(load_workspace(root, library))
    found = month_of(library, workspace, month, today)
    folder = out or root / FOLDER / month
    folder.mkdir(parents=True, exist_ok=True)
    t = load_locale(workspace.language)
    yield from (lost_audit(item, t) for item in found.lost_audits)
    yield from _left_out(found, workspace, t)
    yield from _pages(found, folder, t)
    yield _minutes(found, folder, t)
    if not available():
        yield t("note.no_pdf")
    if out is None:
        yield from to_commit(root, t)


def _left_out(month: Month, workspace: Workspace, t: Locale) -> Iterator[str]:
    """Yield the bundles that are in no figure, and why the chain of runs gives none."""
    told = [item for item in month.audits.gaps if item.kind in (FOREIGN, UNCHAINED)]
    yield from (f"{t.word('gap', item.kind)}{t('site.colon')} {one_line(item.what)}" for item in told)
    try:
        _lines(workspace)
    except PreuveError as error:
        yield from (part for part in shown(error, t) if part)


def registers_of(root: Path, today: date) -> Registers:
    """Return the registers of a workspace, as figures need them."""
    return Registers(lambda name: entries(root, name), today, lambda name, rows: missing(root, name, rows))


def month_of(library: Library, workspace: Workspace, month: str, today: date) -> Month:
    """Gather the content of the page of a `month` (YYYY-MM) on the day `today`.

    Raises UsageError if it is not a month, or is in the future.
    """
    if not _MONTH.fullmatch(month):
        raise UsageError(f"{month!r} is no month", "write it as 2026-11")
    if month > f"{today:%Y-%m}":
        raise UsageError(f"{month} is in the future", "the newest month is this one")
    day = min(last_day(month), today)
    workspace = _as_of(workspace, day)
    registers = registers_of(workspace.root, today)
    chain = _chain(workspace, until_the_end_of(day))
    audits = _audits(library, workspace, day, chain)
    evidence = [(item, evidence_result(item, workspace.attestations, day)) for item in needed(library, workspace)]
    months = months_until(month)
    return Month(
        month,
        day,
        months,
        measured(load_indicators(workspace.root), months, registers, audits),
        audits,
        evidence,
        _reading(audits, workspace),
        chain if audits.chained else None,
        library,
        workspace,
        today > last_day(month),
        uncounted(registers, month, workspace, evidence),
    )


def _as_of(workspace: Workspace, day: date) -> Workspace:
    """Return the workspace as it was on a day: what was accepted, declared, found or closed later is left out."""
    return replace(
        workspace,
        waivers=tuple(item for item in workspace.waivers if item.created <= day),
        attestations=tuple(item for item in workspace.attestations if item.effective <= day),
        nonconformities=tuple(
            replace(item, closed="" if _is_later(item.closed, day) else item.closed)
            for item in workspace.nonconformities
            if not _is_later(item.found_on, day)
        ),
    )


def _is_later(cell: str, day: date) -> bool:
    """Return whether a cell holds a day after another one; other texts say nothing of when."""
    return day_of(cell) > day.isoformat()


def _audits(library: Library, workspace: Workspace, day: date, chain: Sequence[ChainRun] | None) -> Audits:
    known = library.parameters.get("vuln_sla_days")
    said = workspace.params.get("vuln_sla_days", known.value if known else {})
    times: Mapping[str, int] = said if isinstance(said, Mapping) else {}
    home = workspace.root / workspace.evidence_folder
    limits = {Severity(name): int(days) for name, days in times.items()}
    return read_audits(home, until_the_end_of(day), limits, workspace.frameworks, chain)


def until_the_end_of(day: date) -> str:
    """Return the first moment after a day."""
    return f"{day + timedelta(days=1)}T00:00:00Z"


def _chain(workspace: Workspace, until: str) -> list[ChainRun] | None:
    """Return the recorded runs up to a moment; None if the chain cannot be read or does not hold."""
    try:
        lines = _lines(workspace)
    except PreuveError:
        return None
    return [run for run in numbered(lines) if run.time < until]


def _lines(workspace: Workspace) -> tuple[Line, ...]:
    """Return the lines of the chain. Raises PreuveError if it cannot be read or does not hold."""
    return chain_home(workspace, workspace.root / workspace.evidence_folder, beside=True).read().lines


def _reading(audits: Audits, workspace: Workspace) -> AccountCounts:
    """Return the accounts in scope of the newest audit, and those that answered it."""
    if audits.newest is None:
        return AccountCounts(len(workspace.accounts), None)
    meta = read_meta(audits.newest / SNAPSHOT)
    answered = sum(bool(meta.callers.get(account)) for account in meta.accounts)  # refused: no caller
    return AccountCounts(len(meta.accounts), answered)


def _pages(month: Month, folder: Path, told: Locale) -> Iterator[str]:
    """Write the pages, and yield in the language of the workspace what was done with each."""
    sheets, organisation = Sheets(), one_line(month.workspace.organisation)
    locales = {name: load_locale(name) for name in languages()}
    kept = [path for name, t in locales.items() if _has_the_whole(month, path := folder / f"{PAGE}.{name}.html", t)]
    yield from (told("note.kept_page", file=path) for path in kept)
    with ExitStack() as written:  # all of them or none: two languages of one page never differ in their figures
        done: list[str] = []
        for name, t in locales.items():
            if folder / f"{PAGE}.{name}.html" in kept:
                continue  # that of another language may be missing: the command was stopped before it
            others = [
                (f"{PAGE}.{other}.html", t(f"site.language.{other}"), other) for other in locales if other != name
            ]
            paper = dashboard(month, t)
            path = folder / f"{PAGE}.{name}.html"
            content = sheets.render(paper, organisation, t, others)
            same = path.exists() and path.read_bytes() == content
            word = "note.replaced" if path.exists() and not same else "note.wrote"
            # What is opened first has its name last: a page that is kept has its PDF.
            made = {path: content} | ({path.with_suffix(".pdf"): pdf(paper, organisation)} if available() else {})
            for file, text in made.items():
                written.enter_context(whole(file)).write(text)
            done += [told(word, file=file) for file in reversed(made)]
    yield from done


def _has_the_whole(month: Month, path: Path, t: Locale) -> bool:
    """Return whether a page was made when its month had ended: a committee has seen it, or is about to."""
    end = t("monthly.as_of", date=t.date(last_day(month.month).isoformat())).partition(".")[0]
    return path.exists() and f"{end}." in path.read_text(encoding="utf-8", errors="replace")


def _minutes(month: Month, folder: Path, t: Locale) -> str:
    """Write the minutes to go on with, unless there are some, in which somebody may have written; say what was done."""
    path = folder / f"{TEMPLATE}.md"
    text = management_review(month, t)
    try:
        write_new(path, text.encode())
    except FileExistsError:
        return t("note.kept_minutes", file=path)
    except OSError as error:
        hint = to_do(error, "check the rights of the folder")
        raise PreuveError(f"{path} could not be written: {cause(error)}", hint) from error
    return t("note.wrote", file=path)
