"""Records manual evidence, lists what is current, stale or missing, writes templates. Never overwrites a file."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from preuve.assess.plan import plan
from preuve.assess.rollup import evidence_result
from preuve.evidence.approval import with_approvals
from preuve.library.company import templates
from preuve.library.company.names import is_workspace
from preuve.library.company.people import AS_TWO, are_two
from preuve.library.company.registers import FOLDER as REGISTERS
from preuve.library.company.waivers import ATTESTATIONS as SIGNED
from preuve.library.company.waivers import VERIFIED
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.yaml.place import languages
from preuve.library.yaml.scalars import quoted
from preuve.model.company.workspace import FILED_ID, PARTLY, Attestation, Register, Workspace
from preuve.model.content import EvidenceItem, Library
from preuve.model.errors import PreuveError, UsageError
from preuve.model.moment import has_begun
from preuve.model.results import EvidenceResult
from preuve.pipeline.bundle.origin import to_commit
from preuve.publish.tables.manual import ItemState, filled_template, listing, quarters, register_changed
from preuve.publish.tables.plan import plan_lines
from preuve.publish.words.errors import defect
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.text import for_log, legal, one_line
from preuve.system.blank_documents import has_word
from preuve.system.causes import cause, to_do
from preuve.system.files import write_new
from preuve.system.folders import folder_turn

ATTESTATIONS = "attestations"
_NUMBERED = re.compile(r"ATT-(\d+)", re.IGNORECASE)
_MOST_QUARTERS = 12
_LONGEST = 300
_SCHEMA = ".preuve/attestation.schema.json"


@dataclass(frozen=True)
class AttestationAnswers:
    """The answers of the person who attests."""

    owner: str
    conclusion: str = ""  # in_place | partly | not_in_place
    approver: str = ""  # who shall review and sign it
    title: str = ""  # default: the item's title
    effective: str = ""  # default: today
    expires: str = ""
    file: Path | None = None
    statement: str = ""
    id: str = ""  # default: the next number


@dataclass(frozen=True)
class _Desk:
    """The workspace that is worked on."""

    root: Path
    library: Library
    workspace: Workspace

    @classmethod
    def at(cls, root: Path) -> _Desk:
        own = root if is_workspace(root) else None
        library = load_library(own)
        return cls(root, library, with_approvals(load_workspace(root, library)))

    def item(self, name: str) -> EvidenceItem:
        known = {item.lower(): item for item in self.library.evidence}
        if name.lower() in known:
            return self.library.evidence[known[name.lower()]]
        near = difflib.get_close_matches(name.lower(), known, n=5, cutoff=0.5)
        hint = f"near it: {', '.join(known[item] for item in near)}" if near else "all ids: preuve attest --list"
        raise UsageError(f"there is no evidence item {name!r}", hint)

    def register(self, item: EvidenceItem) -> Register | None:
        return next((one for one in self.workspace.registers if item.template and one.name == item.template), None)

    def locale(self, language: str) -> Locale:
        return load_locale(language or self.workspace.language)

    def folder(self, name: str) -> Path:
        """Return a folder of the workspace, made if it is missing. Raises UsageError if it leads elsewhere."""
        folder = self.root / name
        if not folder.resolve().is_relative_to(self.root.resolve()):
            raise UsageError(f"{folder} leads out of the workspace", "make it a regular folder of the workspace")
        folder.mkdir(exist_ok=True)
        return folder


# ---- the list -----------------------------------------------------------------------------------------------------


def list_items(root: Path, language: str, today: date) -> list[str]:
    """Return the lines with every item that the workspace needs."""
    desk = _Desk.at(root)
    t = desk.locale(language)
    lines = list(listing([_state(desk, item, today) for item in needed(desk.library, desk.workspace)], t))
    refused = [
        defect(str(item), t) for item in desk.workspace.problems if Path(item.position.file).parent.name == ATTESTATIONS
    ]
    if refused:
        lines += ["", t("attest.refused"), *(for_log(one_line(line, _LONGEST)) for line in refused)]
    later = [item for item in desk.workspace.attestations if item.effective > today]
    if later:
        lines += ["", t("attest.later"), *(for_log(one_line(_from(item, t), _LONGEST)) for item in later)]
    return lines


def _from(item: Attestation, t: Locale) -> str:
    return t("attest.from", file=item.position.file, item=item.evidence, date=t.date(item.effective.isoformat()))


def plan_items(root: Path, language: str, today: date, quarters: str) -> list[str]:
    """Propose the order in which to produce the missing items, over so many `quarters`. Raises UsageError for an
    invalid number.
    """
    if not quarters.isascii() or not quarters.isdigit() or not 1 <= int(quarters) <= _MOST_QUARTERS:
        raise UsageError(f"--plan {quarters} is not a number of quarters", f"from 1 to {_MOST_QUARTERS}; 4 unless said")
    desk = _Desk.at(root)
    items = needed(desk.library, desk.workspace)
    evidence = [(item, evidence_result(item, desk.workspace.attestations, today)) for item in items]
    found = plan(desk.library, desk.workspace, evidence, today, int(quarters))
    t = desk.locale(language)
    found_of = ((item, templates.find(item.template, t.language)) for item in items)
    paths = {item.id: _path_of(desk, template) for item, template in found_of if template}
    files = {name: path.relative_to(root).as_posix() for name, path in paths.items() if path.is_file()}
    return list(plan_lines(found, desk.library, t, files))


def needed(library: Library, workspace: Workspace) -> list[EvidenceItem]:
    """Return the items of the controls in scope, in the order of the catalogue."""
    excluded = {item.control for item in workspace.exclusions}
    wanted = {
        name
        for framework in workspace.frameworks
        for control in library.frameworks[framework].controls
        if control.id not in excluded
        for name in control.evidence
    }
    return [item for name, item in library.evidence.items() if name in wanted]


def _state(desk: _Desk, item: EvidenceItem, today: date) -> ItemState:
    result = evidence_result(item, desk.workspace.attestations, today)
    register = desk.register(item)
    changed = register_changed(register, result, desk.workspace.attestations)
    return ItemState(item, result, quarters(desk.library, item), register, changed)


# ---- templates ----------------------------------------------------------------------------------------------------


def _path_of(desk: _Desk, found: templates.Template) -> Path:
    """Return the path for a template."""
    return desk.root / (REGISTERS if found.is_register else ATTESTATIONS) / f"{found.name}{found.path.suffix}"


def write_template(root: Path, name: str, language: str, today: date) -> Iterator[str]:
    """Write the template of an item into attestations/, or into registers/ if it is a register, and report it.

    Raises UsageError if there is none for the item `name`.
    """
    desk = _Desk.at(root)
    item = desk.item(name)
    locale = desk.locale(language)
    found = templates.find(item.template, locale.language)
    if found is None:
        hint = f"what an auditor expects of it: preuve explain {item.id}"
        raise UsageError(f"there is no template for {item.id}", hint)
    path = _path_of(desk, found)
    desk.folder(path.parent.name)
    if path.exists():
        file = "" if found.is_register else f" --file {path.relative_to(root).as_posix()}"
        raise UsageError(
            f"{path} exists already",
            f"it is left as it is; once it is complete: preuve attest {item.id}{file} --owner … --approver … "
            "--conclusion …",
        )
    _write_new(path, filled_template(found, item, desk.library, desk.workspace, locale, today))
    yield locale("note.wrote", file=path)
    yield from to_commit(root, locale)


# ---- recording ----------------------------------------------------------------------------------------------------


def attest(root: Path, name: str, given: AttestationAnswers, today: date) -> Iterator[str]:
    """Record an attestation, which counts from the next run on, and report the new state of the item.

    `name` is the id of the item. Raises UsageError if it does not exist, if what is `given` shows nothing, or if a run
    would not count the attestation: then nothing is written.
    """
    desk = _Desk.at(root)
    item = desk.item(name)
    if not given.owner:
        hint = "say who is responsible for it, as First Last (CISO): nobody can review what a function alone declares"
        raise UsageError("--owner is missing", hint)
    if not given.conclusion:
        raise UsageError("--conclusion is missing", "say whether it is in_place, partly in place or not_in_place")
    said = {**_said(desk, item, given), **_dates(given, today), **_shown(desk, item, given)}
    with folder_turn(root):  # another one may take the same number
        number = _new_id(desk, given.id)
        data = {"id": number, "evidence": item.id, **said, "conclusion": given.conclusion}
        path = desk.folder(ATTESTATIONS) / f"{number}-{item.id.lower()}.yaml"
        _write_new(path, _yaml(desk.root, data).encode("utf-8"))
        counted = max(today, date.fromisoformat(said["effective"]))  # it may already be tomorrow there
        result, once_reviewed = _verified(desk, path, item, number, counted)
    locale = desk.locale("")
    yield locale("note.wrote", file=path)
    until = locale.date(str(result.expires))
    partly = result.state == "unreviewed" and result.conclusion == PARTLY
    recorded = f"attest.recorded.{result.state}{'_partly' if partly else ''}"
    yield locale(recorded, item=item.id, until=until, attestation=result.attestation)
    if result.attestation != number:
        yield locale("attest.once_reviewed" if once_reviewed else "attest.no_effect", attestation=number)
    if given.approver:
        yield locale("attest.sign", approver=given.approver, attestation=number)
    elif result.state == "unreviewed":
        yield locale("attest.name_approver", item=item.id)
    yield from to_commit(root, locale)


def _verified(desk: _Desk, path: Path, item: EvidenceItem, number: str, today: date) -> tuple[EvidenceResult, bool]:
    """Read the written file back, and return whether it will count after its review: a file that a run would not count
    is removed again.
    """
    again = with_approvals(load_workspace(desk.root, desk.library))
    if not any(entry.id == number and Path(entry.position.file).name == path.name for entry in again.attestations):
        problems = [str(found) for found in again.problems if path.name in found.position.file]
        path.unlink()
        raise UsageError(f"this attestation would not count: {'; '.join(problems)}", "nothing was written")
    reviewed = [
        replace(entry, approval=replace(entry.approval, state=VERIFIED)) if entry.id == number else entry
        for entry in again.attestations
    ]
    counts = evidence_result(item, reviewed, today).attestation == number
    return evidence_result(item, again.attestations, today), counts


def _new_id(desk: _Desk, wanted: str) -> str:
    taken = {entry.id for entry in load_workspace(desk.root, desk.library).attestations}
    names = [path.stem for path in (desk.root / ATTESTATIONS).glob("*.yaml")]
    if not wanted:
        numbers = [int(found[1]) for name in (*taken, *names) if (found := _NUMBERED.match(name))]
        return f"ATT-{max(numbers, default=0) + 1:03}"
    if not re.fullmatch(FILED_ID, wanted):
        raise UsageError(f"{wanted!r} is no id", "letters, digits, - and _, such as ATT-012")
    if wanted in taken:
        raise UsageError(f"there is an attestation {wanted} already", "leave --id out to take the next number")
    return wanted


def _said(desk: _Desk, item: EvidenceItem, given: AttestationAnswers) -> Mapping[str, str]:
    title = given.title or item.title.in_language(desk.workspace.language)
    asked = {"--title": title, "--owner": given.owner, "--approver": given.approver, "--statement": given.statement}
    for option, text in asked.items():
        if not has_word(text) and (text or option in ("--title", "--owner")):
            raise UsageError(f"{option} has no word", "write it in letters or digits")
    said = {"title": legal(title).strip(), "owner": legal(given.owner).strip()}
    approver = legal(given.approver).strip()
    if approver and not are_two(approver, said["owner"]):
        raise UsageError(f"nothing shows that {said['owner']} and {approver} are two people", AS_TWO)
    return {**said, "approver": approver} if approver else said


def _dates(given: AttestationAnswers, today: date) -> Mapping[str, str]:
    effective = _date("--effective", given.effective) if given.effective else today
    if not has_begun(effective, today):
        raise UsageError(f"{effective} is in the future", "attest it once it is in force")
    if not given.expires:
        return {"effective": effective.isoformat()}
    expires = _date("--expires", given.expires)
    if expires <= effective:
        raise UsageError(f"--expires {expires} is not after --effective {effective}", "correct one of them")
    return {"effective": effective.isoformat(), "expires": expires.isoformat()}


def _date(option: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text} is no date", f"write it as {_as_kept(text)}") from error
    if found.isoformat() != text:
        raise UsageError(f"{option} {text} is not a date that can be kept", "write it as 2026-11-24")
    return found


def _as_kept(text: str) -> str:
    """Convert a French date to ISO order; an example date if it is none."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date().isoformat()
    except ValueError:
        return "2026-11-24"


def _shown(desk: _Desk, item: EvidenceItem, given: AttestationAnswers) -> Mapping[str, str]:
    """Return the support of the attestation: a file with its hash, a statement, or the register of the item."""
    if given.file is not None and given.statement:
        raise UsageError("give --file or --statement, not both", "one attestation covers one thing")
    if given.statement:
        return {"kind": "statement", "statement": legal(given.statement).strip()}
    register = _meant(desk, item, given.file)
    if register is not None and not register.rows:
        raise UsageError(f"{register.file} holds no entry", "fill it in, or say that there is none: --statement")
    if register is not None:
        text = f"{register.file}, {desk.locale('').count('attest.rows', register.rows)}"
        return {"kind": "document", "statement": text, "sha256": register.sha256}
    if given.file is None:
        hint = f"add --file or --statement; a template: preuve attest {item.id} --template"
        raise UsageError(f"there is no file and no statement behind this attestation of {item.id}", hint)
    folder = (desk.root / ATTESTATIONS).resolve()
    path = given.file.resolve()
    if not path.is_relative_to(folder):
        raise UsageError(f"{given.file} is not below {desk.root / ATTESTATIONS}", "copy it there first")
    content = path.read_bytes()
    if _is_empty_template(item, content):
        raise UsageError(f"{given.file} is still the template", "fill it in first")
    digest = hashlib.sha256(content).hexdigest()
    return {"kind": "document", "file": path.relative_to(folder).as_posix(), "sha256": digest}


def _is_empty_template(item: EvidenceItem, content: bytes) -> bool:
    """Return whether nothing was filled in below the head of a template."""
    found = (templates.find(item.template, language) for language in languages())
    return any(one is not None and one.text().strip().encode() in content for one in found)


def _meant(desk: _Desk, item: EvidenceItem, file: Path | None) -> Register | None:
    """Return the item's register if no other file is given; an unusable register is refused with the reason."""
    wanted = (desk.root / REGISTERS / f"{item.template}.csv").resolve()
    if not item.template or (file is not None and file.resolve() != wanted):
        return None
    register = desk.register(item)
    if register is None and wanted.is_file():
        why = "; ".join(str(one) for one in desk.workspace.problems if one.position.file.startswith(REGISTERS))
        raise UsageError(f"{wanted.name} cannot be attested: {why}", "correct it and try again")
    return register


def _yaml(root: Path, data: Mapping[str, str]) -> str:
    lines = [f"{name}: {quoted(data[name])}" for name in SIGNED.fields if name in data]
    schema = [f"# yaml-language-server: $schema=../{_SCHEMA}"] if (root / _SCHEMA).is_file() else []
    return "\n".join([*schema, *lines]) + "\n"


def _write_new(path: Path, content: bytes) -> None:
    try:
        write_new(path, content)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already", "it is left as it is: move it away, or continue with it") from error
    except OSError as error:
        hint = to_do(error, "check the rights of the folder")
        raise PreuveError(f"{path} could not be written: {cause(error)}", hint) from error
