"""What the workspace must hold on audit day: key, room, code, dates that have not passed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from preuve.assess.rollup import Rollup
from preuve.library.company.waivers import APPROVERS
from preuve.library.company.workspace import FILE
from preuve.model.company.workspace import Waiver
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import EvidenceResult
from preuve.pipeline.bundle.seal import prospect_of
from preuve.pipeline.run.audit import check_scope
from preuve.pipeline.run.prepare import Prepared
from preuve.pipeline.run.redaction import key_path
from preuve.pipeline.workspace.doctor import Check, State, days_left, named
from preuve.pipeline.workspace.doctor_machine import git
from preuve.redact.pseudonyms import load_key, table_beside
from preuve.system.folders import leftovers as found_beside

_SOON = timedelta(days=30)
_MEGABYTE = 1_000_000
_ROOM_NEEDED, _ROOM_WISHED = 200 * _MEGABYTE, 1_000 * _MEGABYTE


def checks(prepared: Prepared, today: date) -> Iterator[Check]:
    """Everything that can be seen without asking AWS."""
    yield from _entries(prepared)
    yield from _begins(prepared)
    yield from _code(prepared)
    yield from _key(key_path(prepared.workspace))
    yield _room(_home(prepared))
    yield from _references(prepared, today)
    yield from _waivers(prepared, today)
    yield from _attestations(prepared, today)
    yield _leftovers(_home(prepared))
    yield _owners(prepared.workspace.root)


def _home(prepared: Prepared) -> Path:
    return prepared.workspace.root / prepared.workspace.evidence_folder


def _entries(prepared: Prepared) -> Iterator[Check]:
    for problem in prepared.workspace.problems:
        yield Check("workspace", State.FAIL, str(problem), "this entry counts for nothing until it is mended")
    missing = prepared.workspace.to_complete
    if missing:
        yield Check("workspace", State.WARNING, f"to complete: {', '.join(missing)}", "fill it in in preuve.yaml")


def _begins(prepared: Prepared) -> Iterator[Check]:
    """What an audit refuses before it begins. A chain on a remote is asked then: that would change the repository."""
    workspace = prepared.workspace
    try:
        check_scope(workspace)
    except UsageError as error:
        yield Check("scope", State.FAIL, str(error), error.hint)
    try:
        prospect = prospect_of(replace(workspace, chain=None), _home(prepared), None)
    except PreuveError as error:
        yield Check("seal", State.FAIL, str(error), f"{error.hint}; or seal in another job: preuve audit --no-seal")
        return
    state = State.WARNING if prospect.unsigned else State.OK
    yield Check("seal", state, prospect.unsigned or f"signed as {prospect.first_page.signer}")


def _code(prepared: Prepared) -> Iterator[Check]:
    roots = prepared.workspace.iac
    missing = [root.path for root in roots if not (prepared.workspace.root / root.path).is_dir()]
    for path in missing:
        yield Check("code", State.FAIL, f"there is no folder {path}", "correct scope.iac in preuve.yaml")
    files = dict.fromkeys(file for root in roots for run in root.runs for file in run.variables)
    gone = [file for file in files if not (prepared.workspace.root / file).is_file()]
    for file in gone:
        yield Check("code", State.FAIL, f"there is no file of variables {file}", "correct scope.iac in preuve.yaml")
    if roots and not missing and not gone:
        yield Check("code", State.OK, named(root.path for root in roots))


# ---- the key of the pseudonyms ------------------------------------------------------------------------------------


def _key(path: Path) -> Iterator[Check]:
    if not path.exists():
        message = f"{path} is not there yet"
        yield Check("pseudonym key", State.WARNING, message, "the first audit makes it: keep a copy in a safe place")
        return
    try:
        load_key(path)
    except PreuveError as error:
        yield Check("pseudonym key", State.FAIL, str(error), error.hint)
        return
    except (OSError, UnicodeDecodeError) as error:
        yield Check("pseudonym key", State.FAIL, f"{path} cannot be read: {error}", "restore it from its backup")
        return
    exposed = list(_exposed(path)) + list(_exposed(table_beside(path)))
    yield from exposed
    if not exposed:
        yield Check("pseudonym key", State.OK, f"{path} is private and not in git")


def _exposed(path: Path) -> Iterator[Check]:
    """What is wrong with where a private file lies."""
    if not path.exists():
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Check("pseudonym key", State.FAIL, f"others can read {path}", f"run: chmod 600 {path}")
    folder = path.resolve().parent
    if git(folder, "ls-files", "--error-unmatch", "--", path.name) is not None:
        hint = "remove it from the history and make a new key: whoever has the repository can name the people"
        yield Check("pseudonym key", State.FAIL, f"git tracks {path}", hint)
    elif _unignored(folder, path.name):
        yield Check("pseudonym key", State.WARNING, f"git does not ignore {path}", "add it to .gitignore")


def _unignored(folder: Path, name: str) -> bool:
    inside = git(folder, "rev-parse", "--is-inside-work-tree") == "true"
    return inside and git(folder, "check-ignore", "--", name) is None


# ---- disk ---------------------------------------------------------------------------------------------------------


def _room(home: Path) -> Check:
    there = next(folder for folder in (home, *home.resolve().parents) if folder.is_dir())
    if not os.access(there, os.W_OK | os.X_OK):
        return Check("disk", State.FAIL, f"{there} cannot be written to", "change evidence.folder or its rights")
    free = shutil.disk_usage(there).free
    message = f"{free // _MEGABYTE:,} MB free for {home}"
    if free < _ROOM_NEEDED:
        return Check("disk", State.FAIL, message, f"an audit needs {_ROOM_NEEDED // _MEGABYTE} MB: make room")
    return Check("disk", State.OK if free >= _ROOM_WISHED else State.WARNING, message)


def _leftovers(home: Path) -> Check:
    left = found_beside(home)
    if left:
        message = f"killed runs left {named(path.name for path in left)} in {home}"
        return Check("leftovers", State.WARNING, message, "they are no evidence: the next audit removes them")
    return Check("leftovers", State.OK, "no run was cut short")


# ---- dates --------------------------------------------------------------------------------------------------------


def _references(prepared: Prepared, today: date) -> Iterator[Check]:
    tables = {name: _date(item.get("expires")) for name, item in prepared.library.reference.items()}
    hint = "upgrade preuve: what it knows of AWS's versions and dates ages"
    for name, expires in tables.items():
        if expires is not None and expires < today:
            message = f"{name} expired {days_left(expires, today)}: policies that read it are not evaluated"
            yield Check("reference tables", State.FAIL, message, hint)
        elif expires is not None and expires < today + _SOON:
            yield Check("reference tables", State.WARNING, f"{name} expires {days_left(expires, today)}", hint)
    if all(expires is None or expires >= today + _SOON for expires in tables.values()):
        yield Check("reference tables", State.OK, named(tables))


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _waivers(prepared: Prepared, today: date) -> Iterator[Check]:
    waivers = prepared.workspace.waivers
    over = [waiver for waiver in waivers if waiver.expires < today]
    ending = [waiver for waiver in waivers if today <= waiver.expires < today + _SOON]
    if over:
        hint = "their findings fail again: mend the resource, or have the risk accepted anew"
        yield Check("waivers", State.WARNING, f"expired: {_dated(over, today)}", hint)
    if ending:
        yield Check("waivers", State.WARNING, f"about to expire: {_dated(ending, today)}", "decide before they do")
    if not over and not ending:
        yield Check("waivers", State.OK, f"{len(waivers)}, none expires within {_SOON.days} days")


def _dated(waivers: list[Waiver], today: date) -> str:
    return named(f"{item.id} ({item.policy}, {days_left(item.expires, today)})" for item in waivers)


def _attestations(prepared: Prepared, today: date) -> Iterator[Check]:
    evidence = _evidence(prepared, today)
    stale = [item for item in evidence if item.state == "stale"]
    missing = [item for item in evidence if item.state == "missing"]
    if stale:
        message = named(f"{item.attestation} for {item.id} ({item.expires})" for item in stale)
        yield Check("attestations", State.WARNING, f"out of date: {message}", "renew them: they count for nothing")
    if missing:
        message = f"{len(missing)} of {len(evidence)} items are missing: {named(item.id for item in missing)}"
        hint = f"add them under attestations/; what is expected: preuve explain {missing[0].id}"
        yield Check("attestations", State.WARNING, message, hint)
    unreviewed = [item for item in evidence if item.state == "unreviewed"]
    if unreviewed:
        message = named(f"{item.attestation} for {item.id}" for item in unreviewed)
        hint = "they show nothing yet: somebody else than the owner signs them with preuve attest --sign"
        yield Check("attestations", State.WARNING, f"reviewed by nobody: {message}", hint)
    if not stale and not missing and not unreviewed:
        yield Check("attestations", State.OK, f"all {len(evidence)} items are current")


def _evidence(prepared: Prepared, today: date) -> list[EvidenceResult]:
    """The manual evidence that the selected frameworks ask for, as an audit today would see it."""
    rollup = Rollup(prepared.library, prepared.workspace, {}, {}, today)
    found = {
        item.id: item
        for name in prepared.workspace.frameworks
        for control in prepared.library.frameworks[name].controls
        for item in rollup.control(control).evidence
    }
    return list(found.values())


# ---- who may change what judges -----------------------------------------------------------------------------------


def _owners(root: Path) -> Check:
    top = git(root, "rev-parse", "--show-toplevel")
    if top is None:
        return Check("code owners", State.WARNING, "there is no repository whose reviews could be required")
    base = Path(top)
    for name in (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"):
        path = base / name
        if path.is_file():
            return _owned(path, root)
    hint = "name owners for preuve.yaml and waivers.yaml: whoever can change them decides what passes"
    return Check("code owners", State.WARNING, f"{base} has no CODEOWNERS", hint)


def _owned(path: Path, root: Path) -> Check:
    lines = [line.split() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    patterns = [words[0] for words in lines if len(words) > 1 and not words[0].startswith("#")]
    missing = [
        name
        for name in (FILE, "waivers.yaml", *([APPROVERS] if (root / APPROVERS).exists() else []))
        if not any(pattern == "*" or pattern.endswith(name) for pattern in patterns)
    ]
    if missing:
        hint = "whoever can change them decides what passes: add a line for each, with an owner"
        return Check("code owners", State.WARNING, f"{path} names no owner of {', '.join(missing)}", hint)
    return Check("code owners", State.OK, str(path))
