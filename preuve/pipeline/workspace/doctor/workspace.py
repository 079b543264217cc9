"""Checks of the workspace: key, disk space, code, dates."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from preuve.assess.rollup import evidence_result
from preuve.evidence.runs.branch import BranchChain
from preuve.evidence.verifier.chain import CHAIN
from preuve.library.company.waivers import APPROVERS
from preuve.library.company.workspace import FILE
from preuve.model.company.workspace import NOT_IN_PLACE, PARTLY, Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import EvidenceResult
from preuve.pipeline.bundle.origin import origin
from preuve.pipeline.bundle.seal import prospect_of
from preuve.pipeline.push import code_owners
from preuve.pipeline.push.git import Repository
from preuve.pipeline.run.audit import check_scope
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.run.redaction import filled_otherwise, last_of_another_key, made_otherwise
from preuve.pipeline.workspace.attest import needed
from preuve.pipeline.workspace.doctor import machine
from preuve.pipeline.workspace.doctor.check import Check, State, days_left, named
from preuve.pipeline.workspace.doctor.machine import git
from preuve.pipeline.workspace.doctor.waivers import waiver_checks
from preuve.publish.words.errors import defect, said, shown
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line
from preuve.redact.pseudonyms import load_key, table_beside, try_place
from preuve.system.causes import cause
from preuve.system.files import try_write
from preuve.system.folders import leftovers as found_beside

_SOON = timedelta(days=30)
_MEGABYTE = 1_000_000
_ROOM_NEEDED, _ROOM_WISHED = 200 * _MEGABYTE, 1_000 * _MEGABYTE


def checks(prepared: Preparation, today: date, t: Locale) -> Iterator[Check]:
    """Check everything that can be seen without asking AWS."""
    yield from _entries(prepared, t)
    yield from _begins(prepared, t)
    yield from _commit(prepared.workspace, t)
    yield from _code(prepared, t)
    yield from _key(prepared.workspace, _home(prepared), t)
    yield _room(_home(prepared), t)
    yield from _references(prepared, today, t)
    yield from waiver_checks(prepared, today, t)
    yield from _attestations(prepared, today, t)
    yield _leftovers(_home(prepared), t)
    yield _owners(prepared.workspace.root, t)


def _commit(workspace: Workspace, t: Locale) -> Iterator[Check]:
    """Yield a warning where an audit would be a try-out, which is never sealed: files that no commit contains."""
    try:
        found = origin(workspace)
    except PreuveError:
        return  # the check of git says it
    if found.private:
        files = named(found.private, t)
        yield Check("git", State.WARNING, t("doctor.git.private", files=files), t("doctor.git.ignore"))
    if found.changed:
        files = t("doctor.git.empty") if found.commit is None else named(found.changed, t)
        yield Check("git", State.WARNING, t("doctor.git.changed", files=files), t("doctor.git.commit"))


def _home(prepared: Preparation) -> Path:
    return prepared.workspace.root / prepared.workspace.evidence_folder


def _entries(prepared: Preparation, t: Locale) -> Iterator[Check]:
    for problem in prepared.workspace.problems:
        yield Check(t("doctor.name.workspace"), State.FAIL, defect(str(problem), t), t("doctor.workspace.entry"))
    for problem in prepared.workspace.waiting:
        yield Check(t("doctor.name.workspace"), State.WARNING, defect(str(problem), t))
    missing = prepared.workspace.to_complete
    if missing:
        message = t("doctor.workspace.missing", entries=", ".join(missing))
        yield Check(t("doctor.name.workspace"), State.WARNING, message, t("doctor.workspace.fill"))


def _begins(prepared: Preparation, t: Locale) -> Iterator[Check]:
    """Yield what an audit would refuse at its start; the lines of a chain on a remote are not read for it."""
    workspace = prepared.workspace
    yield from machine.regions(workspace.regions, t)
    try:
        check_scope(workspace)
    except UsageError as error:
        yield Check(t("doctor.name.scope"), State.FAIL, *shown(error, t))
    try:
        prospect = prospect_of(workspace, _home(prepared), None, offline=True)
    except PreuveError as error:
        message, hint = shown(error, t)
        yield Check(t("doctor.name.seal"), State.FAIL, message, t("doctor.seal.elsewhere", hint=hint))
        return
    yield from _chain(workspace, t)
    state = State.WARNING if prospect.unsigned else State.OK
    signed = prospect.unsigned or t("doctor.seal.signed", signer=prospect.first_page.signer)
    yield Check(t("doctor.name.seal"), state, signed, t("doctor.seal.sign") if prospect.unsigned else "")


def _chain(workspace: Workspace, t: Locale) -> Iterator[Check]:
    if workspace.chain is None:
        return
    remote, branch = workspace.chain.remote, workspace.chain.branch
    try:
        tried = BranchChain(workspace.root, remote, branch).try_append()
    except PreuveError as error:
        yield Check(
            t("doctor.name.chain"), State.FAIL, one_line(said(str(error), t)), t("doctor.chain.remote", remote=remote)
        )
        return
    word = "doctor.chain.reached" if tried else "doctor.chain.untried"
    yield Check(t("doctor.name.chain"), State.OK if tried else State.WARNING, t(word, remote=remote, branch=branch))


def _code(prepared: Preparation, t: Locale) -> Iterator[Check]:
    roots = prepared.workspace.iac
    missing = [root.path for root in roots if not (prepared.workspace.root / root.path).is_dir()]
    for path in missing:
        yield Check(t("doctor.name.code"), State.FAIL, t("doctor.code.folder", path=path), t("doctor.code.correct"))
    files = dict.fromkeys(file for root in roots for run in root.runs for file in run.variables)
    gone = [file for file in files if not (prepared.workspace.root / file).is_file()]
    for file in gone:
        yield Check(t("doctor.name.code"), State.FAIL, t("doctor.code.file", path=file), t("doctor.code.correct"))
    if roots and not missing and not gone:
        yield Check(t("doctor.name.code"), State.OK, named((f"{root.path} ({root.kind})" for root in roots), t))


# ---- the key of the pseudonyms ------------------------------------------------------------------------------------


def _key(workspace: Workspace, home: Path, t: Locale) -> Iterator[Check]:
    name, path = t("doctor.name.key"), key_path(workspace)
    here = path.exists()
    try:
        if here:
            load_key(path)
        try_place(path)
        earlier = [item for item in (made_otherwise(workspace, home), filled_otherwise(workspace)) if item]
    except PreuveError as error:
        yield Check(name, State.FAIL, *shown(error, t))
        return
    except (OSError, UnicodeDecodeError) as error:
        message = t("doctor.key.unread", path=path, error=said(cause(error), t))
        yield Check(name, State.FAIL, message, t("doctor.key.restore"))
        return
    for item in earlier:
        message = t("doctor.key.other" if here else "doctor.key.lost", folder=one_line(said(item, t)), path=path)
        yield Check(name, State.WARNING, message, t("doctor.key.put_back"))
    if not here and not earlier:
        yield Check(name, State.WARNING, t("doctor.key.missing", path=path), t("doctor.key.made"))
    if not here:
        return
    exposed = list(_exposed(path, t)) + list(_exposed(table_beside(path), t))
    yield from exposed
    if not exposed:
        yield Check(name, State.OK, t("doctor.key.private", path=path))
    if not earlier and (other := last_of_another_key(workspace, home)):
        yield Check(name, State.OK, t("doctor.key.replaced", run=one_line(said(other, t))))


def _exposed(path: Path, t: Locale) -> Iterator[Check]:
    """Yield the problems of a private file's place."""
    if not path.exists():
        return
    name = t("doctor.name.key")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Check(name, State.FAIL, t("doctor.key.exposed", path=path), t("doctor.key.chmod", path=path))
    folder = path.resolve().parent
    if git(folder, "ls-files", "--error-unmatch", "--", path.name) is not None:
        yield Check(name, State.FAIL, t("doctor.key.tracked", path=path), t("doctor.key.history"))
    elif _unignored(folder, path.name):
        yield Check(name, State.WARNING, t("doctor.key.unignored", path=path), t("doctor.key.ignore"))


def _unignored(folder: Path, name: str) -> bool:
    inside = git(folder, "rev-parse", "--is-inside-work-tree") == "true"
    return inside and git(folder, "check-ignore", "--", name) is None


# ---- disk ---------------------------------------------------------------------------------------------------------


def _room(home: Path, t: Locale) -> Check:
    name = t("doctor.name.disk")
    there = next(folder for folder in (home, *home.resolve().parents) if folder.is_dir())
    try:
        try_write(home / CHAIN)
    except OSError as error:
        message = t("doctor.disk.readonly", folder=there, error=said(cause(error), t))
        return Check(name, State.FAIL, message, t("doctor.disk.rights"))
    free = shutil.disk_usage(there).free
    message = t("doctor.disk.free", size=t.number(free // _MEGABYTE), folder=home)
    if free < _ROOM_NEEDED:
        return Check(name, State.FAIL, message, t("doctor.disk.needed", size=_ROOM_NEEDED // _MEGABYTE))
    return Check(name, State.OK if free >= _ROOM_WISHED else State.WARNING, message)


def _leftovers(home: Path, t: Locale) -> Check:
    left = found_beside(home)
    if left:
        message = t("doctor.leftovers.found", names=named((path.name for path in left), t), folder=home)
        return Check(t("doctor.name.leftovers"), State.WARNING, message, t("doctor.leftovers.removed"))
    return Check(t("doctor.name.leftovers"), State.OK, t("doctor.leftovers.none"))


# ---- dates --------------------------------------------------------------------------------------------------------


def _references(prepared: Preparation, today: date, t: Locale) -> Iterator[Check]:
    tables = {name: _date(item.get("expires")) for name, item in prepared.library.reference.items()}
    title, hint = t("doctor.name.tables"), t("doctor.tables.upgrade")
    for name, expires in tables.items():
        if expires is not None and expires < today:
            message = t("doctor.tables.expired", name=name, when=days_left(expires, today, t))
            yield Check(title, State.FAIL, message, hint)
        elif expires is not None and expires < today + _SOON:
            message = t("doctor.tables.expires", name=name, when=days_left(expires, today, t))
            yield Check(title, State.WARNING, message, hint)
    if all(expires is None or expires >= today + _SOON for expires in tables.values()):
        yield Check(title, State.OK, named(tables, t))


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _attestations(prepared: Preparation, today: date, t: Locale) -> Iterator[Check]:
    evidence = _evidence(prepared, today)
    stale = [item for item in evidence if item.state == "stale"]
    missing = [item for item in evidence if item.state == "missing"]
    name = t("doctor.name.attestations")
    if stale:
        items = named((f"{item.attestation}: {item.id} ({item.expires})" for item in stale), t)
        message = t("doctor.attestations.stale", items=items)
        yield Check(name, State.WARNING, message, t("doctor.attestations.renew"))
    if missing:
        items = named((item.id for item in missing), t)
        message = t("doctor.attestations.missing", count=len(missing), total=len(evidence), items=items)
        yield Check(name, State.WARNING, message, t("doctor.attestations.add", item=missing[0].id))
    unreviewed = [item for item in evidence if item.state == "unreviewed"]
    if unreviewed:
        items = named((f"{item.attestation}: {item.id}" for item in unreviewed), t)
        message = t("doctor.attestations.unreviewed", items=items)
        yield Check(name, State.WARNING, message, t("doctor.attestations.sign"))
    short = [item for item in evidence if item.state in (NOT_IN_PLACE, PARTLY)]
    if short:
        items = named((f"{item.attestation}: {item.id} ({t.word('conclusion', item.conclusion)})" for item in short), t)
        yield Check(name, State.WARNING, t("doctor.attestations.short", items=items), t("doctor.attestations.complete"))
    later = [item for item in prepared.workspace.attestations if item.effective > today]
    if later:
        items = named((f"{item.id}: {item.evidence} ({item.effective})" for item in later), t)
        yield Check(name, State.WARNING, t("doctor.attestations.later", items=items), t("doctor.attestations.wait"))
    if not any((stale, missing, unreviewed, short, later)):
        yield Check(name, State.OK, t("doctor.attestations.current", count=len(evidence)))


def _evidence(prepared: Preparation, today: date) -> list[EvidenceResult]:
    """Return the manual evidence that the controls in scope ask for, as an audit today would see it."""
    workspace = prepared.workspace
    return [evidence_result(item, workspace.attestations, today) for item in needed(prepared.library, workspace)]


# ---- who may change what judges -----------------------------------------------------------------------------------


def _owners(root: Path, t: Locale) -> Check:
    name = t("doctor.name.owners")
    repository = Repository.around(root)
    if repository is None:
        return Check(name, State.WARNING, t("doctor.owners.repository"), t("doctor.git.init"))
    found = code_owners.in_force(repository)
    if not found:
        return Check(name, State.WARNING, t("doctor.owners.none", folder=repository.top), t("doctor.owners.add"))
    judges = [FILE, "waivers.yaml", *([APPROVERS] if (root / APPROVERS).exists() else [])]
    above = repository.prefix(root)
    for path in found:
        missing = [item for item in judges if not code_owners.owns(path, f"{above}/{item}".lstrip("/"))]
        if missing:
            message = t("doctor.owners.missing", path=path, files=", ".join(missing))
            return Check(name, State.WARNING, message, t("doctor.owners.line"))
    return Check(name, State.OK, ", ".join(map(str, found)))
