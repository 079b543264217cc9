"""Loads a workspace. A defect in a waiver or attestation disables that entry; one in preuve.yaml is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from preuve.library.company.fill_ledger import missing
from preuve.library.company.names import WORKSPACE, is_workspace, refuse_misnamed, refuse_part, unread
from preuve.library.company.people import AS_TWO, NOT_TWO, are_two
from preuve.library.company.register.cells import FILLED_FROM
from preuve.library.company.registers import load_registers
from preuve.library.company.settings import accounts_of, left_out_of, organization_of, settings_of
from preuve.library.suggestion import suggest
from preuve.library.yaml.documents import Document, load_document
from preuve.library.yaml.files import is_there, matching
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.company.code import IacRoot
from preuve.model.company.notify import Notify
from preuve.model.company.settings import Company, Settings
from preuve.model.company.workspace import (
    FILED_ID,
    Attestation,
    GitHub,
    RefusedAttestation,
    RefusedWaiver,
    Register,
    SigningKey,
    Waiver,
    Workspace,
)
from preuve.model.content import Library, Severity
from preuve.model.errors import ContentError, Position, PreuveError, Problem, UsageError
from preuve.system.blank_documents import has_word, shows_nothing
from preuve.system.manifests import digest_of

FILE = WORKSPACE
WAIVERS = "reports/schemas/waivers.schema.json"
ATTESTATION = "reports/schemas/attestation.schema.json"
MALFORMED = "the entry is not as waivers.yaml asks"
_TO_COMPLETE: Mapping[str, Callable[[Settings], object]] = {
    "organisation.country": lambda settings: settings.organisation.country,
    "scope.accounts": lambda settings: settings.scope.accounts or settings.scope.organization,
    "scope.regions": lambda settings: settings.scope.regions,
    "scope.iac": lambda settings: settings.scope.iac,
}


def load_workspace(root: Path, library: Library) -> Workspace:
    """Load the workspace in a folder: preuve.yaml and all other files of a workspace.

    Raises UsageError if there is no preuve.yaml, ContentError with all its defects. A defect of a waiver, an
    attestation or a register is among `problems`, and the defective item does not count.
    """
    refuse_misnamed(root, FILE, "waivers.yaml")
    path = root / FILE
    if not is_workspace(root):
        refuse_part(root)
        raise UsageError(f"there is no {FILE} in {root.absolute()}", "run: preuve init")
    document = load_document(path, FILE)
    if document.data is None:
        raise UsageError(f"{path} is empty", "delete it and run: preuve init")
    settings = settings_of(document, library)
    waivers, refused, waiver_problems = _waivers(root, library)
    attestations, not_attested, attestation_problems, pieces = _attestations(root, library)
    registers = load_registers(root, library, {item.control for item in settings.exclusions})
    own = {name for item in library.types.values() for name in item.registers}
    organization = settings.scope.organization
    return replace(
        _workspace(root, settings),
        organization=organization_of(document, organization) if organization else None,
        waivers=waivers,
        refused=refused,
        attestations=attestations,
        refused_attestations=not_attested,
        registers=tuple(replace(item, short=_short(root, item)) for item in registers.registers),
        decisions=registers.decisions,
        nonconformities=registers.nonconformities,
        problems=(*waiver_problems, *attestation_problems, *registers.problems, *unread(root, pieces, own)),
        waiting=registers.waiting,
    )


def _short(root: Path, register: Register) -> str:
    try:
        return missing(root, register.name, [{FILLED_FROM[0]: origin} for origin in register.origins])
    except PreuveError:
        return "unknown"


def assumed_workspace(root: Path, code: tuple[IacRoot, ...]) -> Workspace:
    """Return the workspace of a folder of code that has no preuve.yaml: everything has the values of the catalogue."""
    return replace(_workspace(root, Settings(schema=1, organisation=Company(name=""))), iac=code)


def _workspace(root: Path, settings: Settings) -> Workspace:
    company, scope, evidence, aws = settings.organisation, settings.scope, settings.evidence, settings.aws
    return Workspace(
        root=root,
        organisation=company.name,
        country=company.country,
        language=company.language,
        frameworks=settings.frameworks,
        accounts=accounts_of(scope),
        regions=scope.regions,
        iac=scope.iac,
        left_out=left_out_of(scope),
        params=settings.params,
        gate=settings.gate.severity,
        evidence_folder=evidence.folder,
        pseudonym_key=evidence.pseudonym_key,
        purpose=evidence.purpose,
        retention_months=evidence.retention_months,
        raw=evidence.raw,
        signing=_without_comment(evidence.signing),
        timestamping=evidence.timestamp,
        chain=evidence.chain,
        accept_comments=settings.gate.skip_comments == "accepted",
        endpoint_url=aws.endpoint_url,
        demonstration=bool(aws.endpoint_url) or aws.demonstration or _answers_here(scope.github),
        ca=aws.ca,
        github=scope.github,
        notify=_with_gate(settings.notify, settings.gate.severity),
        exclusions=settings.exclusions,
        to_complete=tuple(key for key, given in _TO_COMPLETE.items() if not given(settings)),
    )


def _without_comment(signing: SigningKey | None) -> SigningKey | None:
    return signing and replace(signing, public_key=" ".join(signing.public_key.split()[:2]))


def _with_gate(notify: Notify | None, gate: Severity) -> Notify | None:
    """Let tickets begin at the severity of the gate unless the workspace names another one."""
    if notify is None or notify.jira is None:
        return notify
    return replace(notify, jira=replace(notify.jira, severity=notify.jira.severity or gate))


def _answers_here(github: GitHub | None) -> bool:
    """Return whether GitHub's address is this machine, as in a test."""
    return github is not None and github.api.startswith("http://")


# ---- waivers ------------------------------------------------------------------------------------------------------


def _waivers(root: Path, library: Library) -> tuple[tuple[Waiver, ...], tuple[RefusedWaiver, ...], tuple[Problem, ...]]:
    path = root / "waivers.yaml"
    if not is_there(path):
        return (), (), ()
    try:
        document = load_document(path, "waivers.yaml")
    except ContentError as error:
        return (), (), error.problems
    found = schema_problems(document, WAIVERS)
    items = document.data.get("waivers") if isinstance(document.data, dict) else None
    good, refused, problems = [], [], list(found)
    seen: set[str] = set()
    for index, item in enumerate(items if isinstance(items, list) else ()):
        at = document.position("waivers", index)
        if _touched(found, document, "waivers", index):
            refused.append(_refused(item, at, MALFORMED))
            continue
        defect = _waiver_defect(item, library, seen)
        if defect:
            hint = AS_TWO if defect == NOT_TWO else ""
            hint = hint if item["policy"] in library.policies else suggest(item["policy"], library.policies)
            problems.append(Problem(at, f"waiver {item['id']} counts for nothing: {defect}", hint))
            refused.append(_refused(item, at, defect))
            continue
        seen.add(item["id"])
        dates = {name: date.fromisoformat(item[name]) for name in ("created", "expires")}
        good.append(Waiver(**{**item, **dates}, position=at))
    return tuple(good), tuple(refused), tuple(problems)


def _refused(item: object, at: Position, defect: str) -> RefusedWaiver:
    """Return an entry as far as it can be read; a value that is no text is left out, and the entry's position
    identifies it if necessary.
    """
    known = item if isinstance(item, dict) else {}
    names = (field.name for field in fields(RefusedWaiver) if field.name != "defect")
    told = {name: value if isinstance(value := known.get(name), str) else "" for name in names}
    return RefusedWaiver(**{**told, "id": told["id"] or f"waivers.yaml:{at.line}"}, defect=defect)


def _touched(problems: list[Problem], document: Document, *path: str | int) -> bool:
    """Return whether a schema problem lies inside this entry."""
    inside = {position for key, position in document.positions.items() if key[: len(path)] == path}
    return any(problem.position in inside for problem in problems)


def _waiver_defect(item: Mapping[str, str], library: Library, seen: set[str]) -> str:
    try:
        created, expires = date.fromisoformat(item["created"]), date.fromisoformat(item["expires"])
    except ValueError:
        return "a date is none of the calendar"
    checks = (
        (item["id"] in seen, "the id appears twice"),
        (item["policy"] not in library.policies, f"there is no policy {item['policy']}"),
        *((not has_word(item[key]), f"its {key} has no word") for key in ("owner", "approver", "reason")),
        (not are_two(item["owner"], item["approver"]), NOT_TWO),
        (expires < created, "it expires before it was created"),
        (expires.timetuple()[:3] > _in_a_year(created), "it runs for more than 12 months"),
    )
    return next((message for wrong, message in checks if wrong), "")


def _in_a_year(day: date) -> tuple[int, int, int]:
    """Return year, month and day of the same day a year later, whether or not that year has it."""
    return day.year + 1, day.month, day.day


# ---- attestations -------------------------------------------------------------------------------------------------


def _attestations(
    root: Path, library: Library
) -> tuple[tuple[Attestation, ...], tuple[RefusedAttestation, ...], tuple[Problem, ...], frozenset[Path]]:
    """Return the attestations that count, those that do not, their problems, and the files that any of them names."""
    good: list[Attestation] = []
    refused: list[RefusedAttestation] = []
    problems: list[Problem] = []
    try:
        paths = matching(root, "attestations", "*.yaml")
    except ContentError as error:
        return (), (), error.problems, frozenset()
    pieces: set[Path] = set()
    for path in paths:
        name, data = path.relative_to(root).as_posix(), {}
        try:
            document = load_document(path, name)
            data = document.data if isinstance(document.data, dict) else {}
            if isinstance(file := data.get("file"), str) and "\0" not in file:
                pieces.add((path.parent / file).resolve())
            found = schema_problems(document, ATTESTATION)
            if found:
                raise ContentError(found)
            entry = _unrepeated(_attestation(root, document, library), good)
            if entry.approver and not are_two(entry.owner, entry.approver):
                message = f"{entry.id} counts as declared, not as reviewed: {NOT_TWO}"
                problems.append(Problem(document.position("approver"), message, AS_TWO))
                entry = replace(entry, approver="")  # no person exists who could sign it
            good.append(entry)
        except ContentError as error:
            problems.extend(error.problems)
            if (item := str(data.get("evidence"))) in library.evidence:
                refused.append(RefusedAttestation(str(data.get("id") or name), item, error.problems[0]))
    return tuple(good), tuple(refused), tuple(problems), frozenset(pieces)


def _attestation(root: Path, document: Document, library: Library) -> Attestation:
    data, at = dict(document.data), document.position()
    if not re.fullmatch(FILED_ID, data["id"]):  # a pattern of a schema allows a line break at the end
        hint = "letters, digits, - and _, such as ATT-012"
        raise ContentError([Problem(document.position("id"), f"{data['id']!r} is no id", hint)])
    for key in ("title", "owner", "approver", "statement"):
        if not has_word(data.get(key, "a word")):
            message = f"{data['id']} does not count: its {key} has no word"
            raise ContentError([Problem(document.position(key), message, "write it in letters or digits")])
    if data["evidence"] not in library.evidence:
        raise ContentError([Problem(document.position("evidence"), f"there is no evidence item {data['evidence']}")])
    try:
        dates = {name: date.fromisoformat(data[name]) for name in ("effective", "expires") if name in data}
    except ValueError as error:
        raise ContentError([Problem(at, "a date is none of the calendar", "write it as 2026-11-24")]) from error
    if "expires" in dates and dates["expires"] <= dates["effective"]:
        hint = "correct effective or expires"
        raise ContentError([Problem(document.position("expires"), "it expires before it takes effect", hint)])
    if not {"file", "sha256", "statement"} & set(data):
        hint = "name the file, or say in statement what the owner stands for"
        raise ContentError([Problem(at, f"{data['id']} attests nothing: neither a file nor a statement", hint)])
    if data["kind"] == "document" and not {"file", "sha256"} & set(data):
        message = f"{data['id']} is of a document, and has neither file nor sha256"
        hint = "name the file, or write kind: statement"
        raise ContentError([Problem(document.position("kind"), message, hint)])
    digest = _file_digest(root, data, document.position("file")) if "file" in data else ""
    return Attestation(**{**data, **dates, "sha256": digest or data.get("sha256", "")}, position=at)


def _unrepeated(found: Attestation, before: Iterable[Attestation]) -> Attestation:
    """Return the attestation. Raises ContentError if an earlier one has the same id, because reviews refer to
    the id.
    """
    if other := next((item for item in before if item.id.casefold() == found.id.casefold()), None):
        message = f"{found.id} does not count: {other.position.file} has the same id"
        raise ContentError([Problem(found.position, message, "give each attestation an id of its own")])
    return found


def _file_digest(root: Path, data: Mapping[str, str], at: Position) -> str:
    """Return the hash of the attested file. Raises ContentError unless it is in the workspace and unchanged."""
    folder = (root / "attestations").resolve()
    if "\0" in data["file"]:  # no path has it
        raise ContentError([Problem(at, f"{data['file']!r} is not there", "add the file, or remove the key")])
    path = (folder / data["file"]).resolve()
    if not path.is_relative_to(folder):
        raise ContentError(
            [Problem(at, f"{data['file']} leaves attestations/", "keep the file beside its attestation")]
        )
    if not path.is_file():
        raise ContentError([Problem(at, f"{data['file']} is not there", "add the file, or remove the key")])
    if shows_nothing(path):
        hint = "attest the document itself"
        raise ContentError([Problem(at, f"{data['file']} shows nothing: it is empty, or has blank pages only", hint)])
    digest = digest_of(path)
    if data.get("sha256", digest) != digest:
        raise ContentError([Problem(at, f"{data['file']} changed since it was attested", "attest the new version")])
    return digest
