"""A whole audit: collect, judge, write one evidence bundle and close it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from preuve.evidence.bag import root_of, unsafe
from preuve.evidence.closing import close
from preuve.evidence.folder import OWN, OpenBundle, evidence_folder, keep_content, period
from preuve.evidence.seal import ChainSeal
from preuve.evidence.verifier.chain import audits
from preuve.library.company.registers import FOLDER, lines_of_users
from preuve.model.company.workspace import Workspace
from preuve.model.content import GITHUB
from preuve.model.errors import NothingExaminedError, UsageError
from preuve.model.layout import CONTENT, MACHINE, RECORDS, RESULTS, SNAPSHOT, TRYOUTS
from preuve.model.moment import current_moment
from preuve.model.progress import Progress, Show, Step
from preuve.model.results import Assessment
from preuve.model.snapshot import AuditRun
from preuve.pipeline.bundle.leaks import refuse_leaks
from preuve.pipeline.bundle.origin import Origin, origin, workflow_run_url
from preuve.pipeline.bundle.seal import PlannedSeal, chain_home, explain_gaps, prospect_of, run_of, seal_notes, sealing
from preuve.pipeline.bundle.tag_files import bag_info
from preuve.pipeline.fleet.assembly import Fleet
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.history import history_of, numbered
from preuve.pipeline.run.outcome import site_of, write_machine_files, write_pages
from preuve.pipeline.run.preparation import Preparation, as_kept, judge, stored
from preuve.pipeline.run.progress import in_words
from preuve.pipeline.run.redaction import key_notes
from preuve.publish.history.page_facts import PageFacts, read_kept, write_kept
from preuve.publish.history.periods import is_other_period
from preuve.publish.history.runs import key_of
from preuve.publish.papers import pdf
from preuve.publish.records.earlier_results import FILE as EARLIER
from preuve.publish.records.earlier_results import earlier_runs
from preuve.publish.records.records import write_records
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.text import one_line
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_content import redact_workspace_content
from preuve.snapshot.reader import read_calls, read_snapshot
from preuve.system.folders import remove_leftovers
from preuve.system.own_process import work_in_process

_SHOWN_CHANGES = 3
_SHOWN_CAUSES = 3
_SHOWN_LINES = 10


@dataclass(frozen=True)
class AuditResult:
    """The result of an audit: findings, folder, root of the bundle, git state, what was tidied up, and the seal."""

    assessment: Assessment
    folder: Path
    root: str
    origin: Origin
    removed: tuple[Path, ...]
    explained: tuple[int, ...]  # killed runs that had written their line
    seal: ChainSeal | None = None
    unsigned: str = ""  # why the bundle is not signed
    covered: str = ""  # the period that it is about


def audit(
    prepared: Preparation,
    home: Path,
    name: str,
    show: Show,
    key: Path | None = None,
    *,
    seal_later: bool = False,
    fleet: Fleet | None = None,
) -> AuditResult:
    """Examine account and code and write a new folder in `home`; with uncommitted changes it is a try-out.

    `key` is the file of the private key that signs; without it ssh-agent is used. `seal_later` leaves the seal to
    `preuve seal`, so that no process has both the key and access to the account. `fleet` is where accounts are read
    in parts. UsageError, before anything is read, if `name` or the scope cannot be used.
    """
    _check(prepared, name)
    rests_on = origin(prepared.workspace)
    home = home / TRYOUTS if rests_on.dirty else home
    prospect = None if rests_on.dirty else prospect_of(prepared.workspace, home, key, later=seal_later)
    explained = tuple(explain_gaps(prospect.means.home, home)) if prospect and not seal_later else ()
    removed = remove_leftovers(home)
    covered = name or period(datetime.now(UTC))
    progress = in_words(show, prepared.workspace.language)
    lines = prospect.means.home.read().lines if prospect else ()
    with sealing(prospect) as sealed, evidence_folder(home, covered, audits(lines, covered)) as begun:
        folder = begun.folder
        scope = Scope(aws=prepared.workspace.reads_live, iac=True, fleet=fleet)
        run = _run(begun.name, covered, rests_on)
        (folder / MACHINE).mkdir(parents=True)
        chain = tuple(numbered(lines)) if prospect else None
        # Settled before the run: records are written again from what the bundle keeps of earlier ones.
        documents = {EARLIER: earlier_runs(home, current_moment(), covered, chain)}
        reading = partial(take_snapshot, prepared, folder / SNAPSHOT, scope, run=_said(run), documents=documents)
        names = reading(show) if fleet else work_in_process(reading, show)  # many accounts have processes of their own
        _refuse_personal(covered, names)
        kept = _kept(prepared, folder, names)
        assessment = write_payload(folder, home, kept, progress, prospect, names)
        _refuse_empty(assessment, prepared.workspace)
        progress(Step("closing"))
        refuse_leaks(folder, names, prepared.workspace.root)
        info = [*bag_info(kept.workspace, run, assessment.now), *_links(home, begun)]
        demonstration = kept.workspace.demonstration
        commit = rests_on.commit or ""
        key_id = key_of(folder)
        seal = sealed(run_of("audit", folder / RESULTS, covered, commit, demonstration=demonstration, key=key_id))
        root = close(folder, info, seal)
    return AuditResult(
        assessment,
        home / begun.name,
        root,
        rests_on,
        tuple(removed),
        explained,
        seal if isinstance(seal, ChainSeal) else None,
        prospect.unsigned if prospect else "",
        covered,
    )


def _check(prepared: Preparation, name: str) -> None:
    why = "a path, and no name" if "/" in name else unsafe(name)  # a bundle further down is never the newest one
    if name and why:
        raise UsageError(f"{name} is not the name of a bundle: {why}", "give a plain name such as 2026-Q4")
    check_scope(prepared.workspace)


def _refuse_personal(name: str, names: KnownNames) -> None:
    """Raise UsageError if the bundle is named after a person: the chain would keep the name, and no later run could be
    closed.
    """
    if names.found(name):
        hint = "give it a name that contains no person's name, such as 2026-Q4"
        raise UsageError("the bundle is named after a person", hint)


def check_scope(workspace: Workspace) -> None:
    """Raise UsageError if a workspace names neither accounts nor an organization nor code."""
    if not workspace.reads_accounts and not workspace.holders(GITHUB) and not workspace.iac:
        raise UsageError(
            "preuve.yaml names nothing to examine",
            "fill in scope.accounts and scope.regions, scope.github or scope.iac",
        )


def _refuse_empty(assessment: Assessment, workspace: Workspace) -> None:
    """Raise NothingExaminedError if nothing was examined: such a bundle would be evidence of its period."""
    if assessment.examined:
        return
    locale = load_locale(workspace.language)
    unread = Counter(cause for finding in assessment.findings if (cause := finding.reason.values.get("cause")))
    causes = ", ".join(locale.cause(cause) for cause, _ in unread.most_common(_SHOWN_CAUSES))
    said = locale("note.nothing_examined_cause", causes=causes) if causes else locale("note.nothing_examined")
    raise NothingExaminedError(said, locale("note.nothing_examined_fix"))


def _run(name: str, covered: str, rests_on: Origin) -> AuditRun:
    """Return the description of the audit in its snapshot."""
    kind = "tryout" if rests_on.dirty else "audit"
    return AuditRun(name, covered, kind, rests_on.commit, rests_on.dirty, workflow_run_url(os.environ))


def _said(run: AuditRun) -> Mapping[str, object]:
    return {name: value for name, value in asdict(run).items() if name != "workflow_run_url" or value}


def warnings(prepared: Preparation, home: Path, locale: Locale) -> Iterator[str]:
    """Yield what to know before an audit takes its time: another key, or changes that make it a try-out."""
    rests_on = origin(prepared.workspace)
    if prepared.workspace.chain and not rests_on.dirty:
        chain_home(prepared.workspace, home).read()  # its last line tells the key of its run
    yield from key_notes(prepared.workspace, home, locale)
    if rests_on.changed:
        yield locale("note.to_be_try_out", files=_named(rests_on.changed, locale))
    if rests_on.private:
        yield locale("note.try_out_private", files=_named(rests_on.private, locale))


def notes(prepared: Preparation, audited: AuditResult, locale: Locale) -> Iterator[str]:
    """Yield the notes for the person who ran the audit."""
    yield from unlisted_users(prepared, audited.assessment, locale)
    if not pdf.available():
        yield locale("note.no_pdf")
    if is_other_period(audited.covered, audited.assessment.now):
        yield locale("note.period", period=audited.covered, date=locale.date(audited.assessment.now))
    for folder in audited.removed:
        yield locale("note.removed", folder=folder)
    for number in audited.explained:
        yield locale("note.gap", number=number)
    rests_on = audited.origin
    if rests_on.changed:
        yield locale("note.try_out", files=_named(rests_on.changed, locale))
    if rests_on.private:
        yield locale("note.try_out_private", files=_named(rests_on.private, locale))
    if not rests_on.dirty and audited.seal is None:
        yield locale("note.not_sealed", folder=audited.folder)
    if audited.seal is not None:
        yield from seal_notes(audited.unsigned, audited.seal, locale)


def unlisted_users(prepared: Preparation, assessment: Assessment, locale: Locale) -> Iterator[str]:
    """Yield where registers name users that nobody is; the names stay out of logs."""
    redactor = Redactor(Pseudonyms(load_key(key_path(prepared.workspace))))
    for item in assessment.unlisted:
        declared = prepared.library.types[item.type]

        def wanted(name: str, names: frozenset[str] = item.names) -> bool:
            return redactor.data({"name": name}, ["name"])["name"] in names

        for register in declared.registers:
            column, lines = lines_of_users(prepared.workspace.root, register, declared.columns[item.member], wanted)
            if lines:
                named = {"file": f"{FOLDER}/{register}.csv", "column": column, "types": ", ".join(item.among)}
                shown = locale.few(list(map(str, lines)), _SHOWN_LINES)
                yield locale.count("note.unlisted", len(lines), lines=shown, **named)


def _named(paths: Sequence[str], locale: Locale) -> str:
    return locale.some([one_line(path, 80) for path in paths], _SHOWN_CHANGES)


def _kept(prepared: Preparation, folder: Path, names: KnownNames) -> Preparation:
    """Keep the content that judges, and answer it as it is kept: what the workspace adds to it may name people."""
    keep_content(folder / CONTENT, prepared.workspace.root)
    kept = as_kept(prepared, folder / SNAPSHOT)
    if not redact_workspace_content(folder / CONTENT / OWN, names):
        return kept
    again = stored(folder / SNAPSHOT, folder / CONTENT)
    return replace(again, workspace=kept.workspace)


def write_payload(
    folder: Path, home: Path, kept: Preparation, progress: Progress, prospect: PlannedSeal | None, names: KnownNames
) -> Assessment:
    """Judge the snapshot in the folder, and write all that rests on it and on the closed bundles in `home`."""
    found = read_snapshot(folder / SNAPSHOT)
    assessment = judge(kept, found)
    progress(Step("pages"))
    write_machine_files(folder / MACHINE, assessment, kept, bundle=True)
    site = site_of(assessment, kept, found, read_calls(folder / SNAPSHOT))  # read only now: judging needs no calls
    write_records(folder / RECORDS, folder, site, found)
    del found  # frees half of the memory: pages do not need it
    history = history_of(home, site.meta, assessment, kept, prospect, names)
    write_kept(folder, PageFacts(history, prospect.first_page if prospect else None, pdf.available()))
    beside = read_kept(folder)  # pages rest on the kept snapshot only, so that they can be made again
    write_pages(folder, replace(site, history=beside.history, sealing=beside.sealing))
    return assessment


def _links(home: Path, begun: OpenBundle) -> Iterator[tuple[str, str]]:
    """Yield the previous bundle of its period."""
    if begun.previous:
        yield "Previous-Bundle", begun.previous
        yield "Previous-Root", root_of(home / begun.previous)
