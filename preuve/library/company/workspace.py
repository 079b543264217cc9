"""Loads a workspace. A defect in a waiver or attestation disables that entry; one in preuve.yaml is an error."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from preuve.library.company.names import refuse_misnamed
from preuve.library.company.notify import notify_of
from preuve.library.company.organization import organization_of, organization_problems, roles_of
from preuve.library.company.people import same_person
from preuve.library.company.registers import load_registers
from preuve.library.near import near
from preuve.library.yaml.documents import Document, load_document
from preuve.library.yaml.files import matching
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.company.secret import SecretPlace
from preuve.model.company.workspace import (
    Account,
    Attestation,
    ChainBranch,
    Exclusion,
    GitHub,
    IacRoot,
    LeftOut,
    RawKeeping,
    Signing,
    Timestamping,
    Waiver,
    Workspace,
)
from preuve.model.content import Library, Severity
from preuve.model.errors import ContentError, Position, Problem, UsageError

FILE = "preuve.yaml"
LONGEST_WAIVER_DAYS = 366
_DEFAULT_KEY = "~/.config/preuve/pseudonyms.key"
_TO_COMPLETE = ("organisation.country", "scope.accounts", "scope.regions", "scope.iac")


def load_workspace(root: Path, library: Library) -> Workspace:
    """The workspace in a folder."""
    refuse_misnamed(root, FILE, "waivers.yaml")
    path = root / FILE
    if not path.is_file():
        raise UsageError(f"there is no {FILE} in {root.resolve()}", "run: preuve init")
    document = load_document(path, FILE)
    if document.data is None:
        raise UsageError(f"{path} is empty", "delete it and run: preuve init")
    problems = [*schema_problems(document, "reports/schemas/workspace.schema.json"), *_scope_problems(document)]
    problems += [] if problems else [*_unknown(document, library)]
    if problems:
        raise ContentError(problems)
    waivers, waiver_problems = _waivers(root, library)
    attestations, attestation_problems = _attestations(root, library)
    excluded = {item["control"] for item in document.data.get("exclusions") or ()}
    registers = load_registers(root, library, excluded)
    found = (*waiver_problems, *attestation_problems, *registers.problems)
    return replace(
        _workspace(root, document.data, waivers, attestations, found),
        organization=organization_of(document),
        registers=registers.registers,
        decisions=registers.decisions,
        nonconformities=registers.nonconformities,
    )


def assumed_workspace(root: Path, code: tuple[IacRoot, ...]) -> Workspace:
    """The workspace of a folder of code that has no preuve.yaml: everything as the catalogue has it."""
    return replace(_workspace(root, {"organisation": {"name": ""}}, (), (), ()), iac=code)


def _workspace(
    root: Path,
    data: Mapping[str, Any],
    waivers: tuple[Waiver, ...],
    attestations: tuple[Attestation, ...],
    problems: tuple[Problem, ...],
) -> Workspace:
    organisation, scope = data["organisation"], data.get("scope") or {}
    evidence, aws = data.get("evidence") or {}, data.get("aws") or {}
    endpoint, github = aws.get("endpoint_url", ""), _github(scope.get("github"))
    gate = Severity((data.get("gate") or {}).get("severity", "high"))
    return Workspace(
        root=root,
        organisation=organisation["name"],
        country=organisation.get("country", ""),
        language=organisation.get("language", "en"),
        frameworks=tuple(data.get("frameworks") or ("iso27001-2022", "gdpr")),
        accounts=tuple(_account(item) for item in scope.get("accounts") or ()),
        regions=tuple(scope.get("regions") or ()),
        iac=tuple(map(IacRoot.of, scope.get("iac") or ())),
        left_out=tuple(LeftOut(posixpath.normpath(it["path"]), it["reason"]) for it in scope.get("exclude") or ()),
        params=data.get("params") or {},
        gate=gate,
        evidence_folder=evidence.get("folder", "evidence"),
        pseudonym_key=evidence.get("pseudonym_key", _DEFAULT_KEY),
        purpose=evidence.get("purpose", ""),
        retention_months=evidence.get("retention_months", 36),
        raw=RawKeeping(**evidence["raw"]) if "raw" in evidence else None,
        **_seal(evidence),
        accept_comments=(data.get("gate") or {}).get("skip_comments") == "accepted",
        endpoint_url=endpoint,
        demonstration=bool(endpoint) or aws.get("demonstration", False) or _answers_here(github),
        ca=aws.get("ca", ""),
        github=github,
        notify=notify_of(data["notify"], gate) if data.get("notify") else None,
        exclusions=tuple(Exclusion(item["control"], item["reason"]) for item in data.get("exclusions") or ()),
        waivers=waivers,
        attestations=attestations,
        problems=problems,
        to_complete=tuple(key for key in _TO_COMPLETE if not _given(data, key)),
    )


def _seal(evidence: Mapping[str, Any]) -> dict[str, Any]:
    signing, timestamp, chain = (evidence.get(name) for name in ("signing", "timestamp", "chain"))
    return {
        "signing": Signing(signing["identity"], " ".join(signing["public_key"].split()[:2])) if signing else None,
        "timestamping": Timestamping(timestamp["authority"], timestamp["ca"]) if timestamp else None,
        "chain": ChainBranch(chain["remote"], chain.get("branch", "evidence-log")) if chain else None,
    }


def _given(data: Any, key: str) -> bool:
    return bool(_at(data, key) or (key == "scope.accounts" and _at(data, "scope.organization")))


def _at(data: Any, key: str) -> Any:
    for part in key.split("."):
        data = (data or {}).get(part)
    return data


def _account(item: Mapping[str, Any]) -> Account:
    return Account(
        id=item["id"],
        name=item.get("name", item["id"]),
        roles=roles_of(item),
        profile=item.get("profile", ""),
        environment=item.get("environment", ""),
    )


def _github(data: Mapping[str, Any] | None) -> GitHub | None:
    if data is None:
        return None
    token = SecretPlace(**data["token"]) if "token" in data else None
    return GitHub(**{**data, "token": token})


def _answers_here(github: GitHub | None) -> bool:
    """Whether it is this machine that answers for GitHub."""
    return github is not None and github.api.startswith("http://")


def _scope_problems(document: Document) -> Iterator[Problem]:
    scope = document.data.get("scope") if isinstance(document.data, dict) else None
    if not isinstance(scope, dict):
        return
    if scope.get("accounts") and not scope.get("regions"):
        yield Problem(document.position("scope"), "scope names accounts and no regions", "add regions: [eu-west-3]")
    roots = scope.get("iac")
    for index, root in enumerate(roots if isinstance(roots, list) else ()):
        if isinstance(root, dict):
            yield from _root_problems(document, index, root)
    yield from _exclude_problems(document, scope)
    yield from organization_problems(document, scope)


_OF_TERRAFORM = {"plan": "a plan", "runs": "runs", "state": "a state"}


def _root_problems(document: Document, index: int, root: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in _paths(root):
        path = Path(value)
        if path.is_absolute() or ".." in path.parts:
            at = document.position("scope", "iac", index, *key)
            yield Problem(at, f"{path} leaves the workspace", "name a place below preuve.yaml")
    for name, called in _OF_TERRAFORM.items():
        if name in root and root.get("kind") != "terraform":
            at = document.position("scope", "iac", index, name)
            yield Problem(at, f"only Terraform has {called}", f"remove {name}")
    runs = root.get("runs")
    if "plan" in root and "runs" in root:
        at = document.position("scope", "iac", index, "runs")
        yield Problem(at, "a plan is that of one run", "keep either plan or runs")
    if "state" in root and isinstance(runs, list) and len(runs) > 1:
        at = document.position("scope", "iac", index, "state")
        yield Problem(at, "a state is that of one run", "keep either state or one run")


def _exclude_problems(document: Document, scope: Mapping[str, Any]) -> Iterator[Problem]:
    """What is left out must lie in the workspace, and not hold all of it or a part that is named."""
    named = [PurePath(str(root.get("path"))) for root in _mappings(scope.get("iac"))]
    for index, item in enumerate(_mappings(scope.get("exclude"))):
        at, path = document.position("scope", "exclude", index, "path"), PurePath(str(item.get("path", "")))
        if path.is_absolute() or ".." in path.parts or not path.parts:
            yield Problem(at, f"{path} is no part of the workspace", "name a place below preuve.yaml")
        for root in named:
            if path.parts and root.is_relative_to(path):
                yield Problem(at, f"{path} is left out, and scope.iac names {root}", "keep one of them")


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _paths(root: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The paths that an entry of the scope names, each with where it stands in it."""
    yield from (((key,), str(root.get(key, ""))) for key in ("path", "plan", "state"))
    runs = root.get("runs")
    for number, run in enumerate(runs if isinstance(runs, list) else ()):
        files = run.get("variables") if isinstance(run, dict) else None
        for place, file in enumerate(files if isinstance(files, list) else ()):
            yield ("runs", number, "variables", place), str(file)


def _unknown(document: Document, library: Library) -> Iterator[Problem]:
    data = document.data
    for index, name in enumerate(data.get("frameworks") or ()):
        if name not in library.frameworks:
            known = ", ".join(sorted(library.frameworks))
            yield Problem(document.position("frameworks", index), f"there is no framework {name}", f"one of {known}")
    for name, value in (data.get("params") or {}).items():
        at = document.position("params", name)
        if name not in library.parameters:
            hint = near(name, library.parameters, "preuve explain POLICY names those of a policy")
            yield Problem(at, f"there is no parameter {name}", hint)
        elif not _alike(value, library.parameters[name].value):
            default = library.parameters[name].value
            yield Problem(at, f"{name} must be a {type(default).__name__}", f"the catalogue has {default!r}")
    for index, item in enumerate(data.get("exclusions") or ()):
        if library.control(item["control"]) is None:
            yield Problem(
                document.position("exclusions", index), f"there is no control {item['control']}", "fix the id"
            )


def _alike(value: Any, default: Any) -> bool:
    """Whether a parameter has the type of its default; the items of an empty list are texts."""
    if type(value) is not type(default):
        return False
    if isinstance(default, list):
        return all(type(item) is type(default[0] if default else "") for item in value)
    if isinstance(default, dict):
        return set(value) == set(default) and all(_alike(item, default[key]) for key, item in value.items())
    return True


# ---- waivers ------------------------------------------------------------------------------------------------------


def _waivers(root: Path, library: Library) -> tuple[tuple[Waiver, ...], tuple[Problem, ...]]:
    path = root / "waivers.yaml"
    if not path.is_file():
        return (), ()
    try:
        document = load_document(path, "waivers.yaml")
    except ContentError as error:
        return (), error.problems
    found = schema_problems(document, "reports/schemas/waivers.schema.json")
    items = document.data.get("waivers") if isinstance(document.data, dict) else None
    good, problems = [], list(found)
    seen: set[str] = set()
    for index, item in enumerate(items if isinstance(items, list) else ()):
        at = document.position("waivers", index)
        if _touched(found, document, "waivers", index):
            continue
        defect = _waiver_defect(item, library, seen)
        if defect:
            hint = "" if item["policy"] in library.policies else near(item["policy"], library.policies)
            problems.append(Problem(at, f"waiver {item['id']} counts for nothing: {defect}", hint))
            continue
        seen.add(item["id"])
        dates = {name: date.fromisoformat(item[name]) for name in ("created", "expires")}
        good.append(Waiver(**{**item, **dates}, position=at))
    return tuple(good), tuple(problems)


def _touched(problems: list[Problem], document: Document, *path: str | int) -> bool:
    """Whether a schema problem lies inside this entry."""
    inside = {position for key, position in document.positions.items() if key[: len(path)] == path}
    return any(problem.position in inside for problem in problems)


def _waiver_defect(item: Mapping[str, str], library: Library, seen: set[str]) -> str:
    try:
        created, expires = date.fromisoformat(item["created"]), date.fromisoformat(item["expires"])
    except ValueError as error:
        return str(error)
    checks = (
        (item["id"] in seen, "the id appears twice"),
        (item["policy"] not in library.policies, f"there is no policy {item['policy']}"),
        (same_person(item["owner"], item["approver"]), "the approver must be somebody else"),
        (expires < created, "it expires before it was created"),
        ((expires - created).days > LONGEST_WAIVER_DAYS, "it runs for more than 12 months"),
    )
    return next((message for wrong, message in checks if wrong), "")


# ---- attestations -------------------------------------------------------------------------------------------------


def _attestations(root: Path, library: Library) -> tuple[tuple[Attestation, ...], tuple[Problem, ...]]:
    good: list[Attestation] = []
    problems: list[Problem] = []
    try:
        paths = matching(root, "attestations", "*.yaml")
    except ContentError as error:
        return (), error.problems
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            document = load_document(path, name)
            found = schema_problems(document, "reports/schemas/attestation.schema.json")
            if found:
                raise ContentError(found)
            good.append(_attestation(root, document, library))
        except ContentError as error:
            problems.extend(error.problems)
    return tuple(good), tuple(problems)


def _attestation(root: Path, document: Document, library: Library) -> Attestation:
    data, at = dict(document.data), document.position()
    if data["evidence"] not in library.evidence:
        raise ContentError([Problem(document.position("evidence"), f"there is no evidence item {data['evidence']}")])
    try:
        dates = {name: date.fromisoformat(data[name]) for name in ("effective", "expires") if name in data}
    except ValueError as error:
        raise ContentError([Problem(at, str(error))]) from error
    if not {"file", "sha256", "statement"} & set(data):
        hint = "name the file, or say in statement what the owner stands for"
        raise ContentError([Problem(at, f"{data['id']} attests nothing: neither a file nor a statement", hint)])
    if same_person(data["owner"], data.get("approver", "")):
        hint = "nobody reviews what is their own: name another person, or leave approver out"
        raise ContentError([Problem(at, f"{data['id']} counts for nothing: the approver must be somebody else", hint)])
    digest = _file_digest(root, data, document.position("file")) if "file" in data else ""
    return Attestation(**{**data, **dates, "sha256": digest or data.get("sha256", "")}, position=at)


def _file_digest(root: Path, data: Mapping[str, str], at: Position) -> str:
    """The hash of the attested file, which must lie in the workspace and be what was attested."""
    folder = (root / "attestations").resolve()
    path = (folder / data["file"]).resolve()
    if not path.is_relative_to(folder):
        raise ContentError(
            [Problem(at, f"{data['file']} leaves attestations/", "keep the file beside its attestation")]
        )
    if not path.is_file():
        raise ContentError([Problem(at, f"{data['file']} is not there", "add the file, or remove the key")])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if data.get("sha256", digest) != digest:
        raise ContentError([Problem(at, f"{data['file']} changed since it was attested", "attest the new version")])
    return digest
