"""Loads the library: bundled content, and the additions and overrides of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from preuve.library import build, shared_conditions
from preuve.library.company.names import WORKSPACE as FILE
from preuve.library.parsed_content import ParsedContent
from preuve.library.validation.code import code_rules, identities, lists
from preuve.library.yaml.documents import Document, load_document
from preuve.library.yaml.files import is_there, matching
from preuve.library.yaml.place import FOLDERS, content_root
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.content import (
    AuditQuarter,
    CheckText,
    CodeRule,
    Control,
    Crosswalk,
    EvidenceItem,
    Framework,
    Library,
    Namings,
    Parameter,
    Policy,
    ResourceType,
)
from preuve.model.errors import ContentError, Position, Problem, UsageError, raise_for

T = TypeVar("T")
Opener = Callable[[Path, str], Document]
_Manual = tuple[dict[str, EvidenceItem], tuple[AuditQuarter, ...]]  # the content of controls/evidence.yaml


class Reader:
    """Reads content files and collects their defects, so that one run reports everything."""

    def __init__(self, root: Path, *, validate: bool, opener: Opener = load_document) -> None:
        self.root = root
        self.validate = validate
        self._open = opener
        self.problems: list[Problem] = []
        self.files: list[Path] = []  # opened files

    def document(self, path: Path, schema: str) -> Document | None:
        """Return the document of a file, or None if it is unusable (the reason is collected)."""
        self.files.append(path)
        try:
            document = self._open(path, path.relative_to(self.root).as_posix())
        except ContentError as error:
            self.problems.extend(error.problems)
            return None
        found = schema_problems(document, schema) if self.is_new(document) else []
        self.problems.extend(found)
        return None if found else document

    def is_new(self, document: Document) -> bool:
        """Return whether a document has to be validated because lint has not done so."""
        return self.validate and not document.linted

    def paths(self, folder: str, pattern: str) -> list[Path]:
        """Return the files below a folder, sorted by name; none if it cannot be read (that is collected)."""
        try:
            return matching(self.root, folder, pattern)
        except ContentError as error:
            self.problems.extend(error.problems)
            return []

    def documents(self, folder: str, pattern: str, schema: str) -> Iterator[Document]:
        """Yield the usable documents below a folder, sorted by name."""
        for path in self.paths(folder, pattern):
            document = self.document(path, schema)
            if document is not None:
                yield document

    def single(self, name: str, schema: str, make: Callable[[Document], T], default: T) -> T:
        """Read one file with `make`; `default` if the file is absent or unusable."""
        path = self.root / name
        document = self.document(path, schema) if is_there(path) else None
        return default if document is None else make(document)

    def doubts(self, name: str) -> bool:
        """Return whether a file, or one below a folder, has a defect, so that its content is not known."""
        return any(problem.position.file.startswith(name) for problem in self.problems)

    def refuse(self, position: Position, message: str, hint: str = "") -> None:
        """Collect one problem."""
        self.problems.append(Problem(position, message, hint))


def bundled_and_own(folder: str, schema: str, workspace: Path | None, problems: list[Problem]) -> Iterator[Document]:
    """Yield the usable documents of a folder: bundled ones, then a workspace's. Adds the defects to `problems`."""
    for root in (content_root(), *([workspace] if workspace else ())):
        reader = Reader(root, validate=True)
        yield from reader.documents(folder, "*.yaml", schema)
        problems += reader.problems


def load_library(workspace: Path | None = None, *, root: Path | None = None, validate: bool = True) -> Library:
    """Load all content. Raises ContentError with every problem.

    `root` is the folder of bundled content, if not the installed one (the copy inside an evidence folder). Linted files
    are not validated against their schema again; with `validate` false, no file is.
    """
    library, problems = read_library(workspace, root=root, validate=validate, opener=ParsedContent(content_root()))
    raise_for(problems)
    return library


def read_library(
    workspace: Path | None = None, *, root: Path | None = None, validate: bool = True, opener: Opener = load_document
) -> tuple[Library, list[Problem]]:
    """Read all usable content, and return the problems of the rest.

    `root` is the folder of bundled content, if not the installed one; `opener` opens its documents. Content is
    validated against its schemas only with `validate`. Raises UsageError if `workspace` is the source of preuve itself.
    """
    if workspace is not None and is_source(workspace):
        raise UsageError(f"{workspace.resolve()} is the source of preuve itself", "run: preuve init FOLDER")
    reader = Reader(root or content_root(), validate=validate, opener=opener)
    library = _read(reader)
    if workspace is None:
        return library, reader.problems
    own = Reader(workspace, validate=True)  # only its owner has checked it
    library = _extended(library, own)
    return library, reader.problems + own.problems


def own_files(workspace: Path) -> frozenset[Path]:
    """Return the files of content in a workspace that the library reads, relative to it; other files there have no
    effect on verdicts.
    """
    own = Reader(workspace, validate=False)
    _extended(Library({}, {}, {}, {}, {}, {}, {}, {}), own)
    return frozenset(path.relative_to(workspace) for path in own.files)


def is_source(folder: Path) -> bool:
    """Return whether a folder has the bundled content, like a checkout of preuve, and is no workspace."""
    return not is_there(folder / FILE) and all((folder / name).is_dir() for name in FOLDERS)


def _read(reader: Reader) -> Library:
    planned = reader.single("controls/planned.yaml", build.PLANNED, build.planned, None)
    rules = _code_rules(reader)
    nothing: _Manual = ({}, ())
    crosswalk = reader.single("controls/crosswalk.yaml", build.CROSSWALK, build.crosswalk, Crosswalk())
    evidence, rotation = reader.single("controls/evidence.yaml", build.EVIDENCE, _manual, nothing)
    return Library(
        frameworks=_frameworks(reader),
        policies=code_rules.bound(_policies(reader), rules),
        types=_types(reader),
        parameters=_parameters(reader),
        evidence=evidence,
        excluded_checks={item.id: item.why.en for item in planned.excluded} if planned else {},
        reference=_reference(reader),
        planned_policies={name: item.title for name, item in planned.planned.items()} if planned else {},
        audit_rotation=rotation,
        code_rules=rules,
        crosswalk=crosswalk,
        checks=_check_texts(reader, rules),
        namings=reader.single(identities.FILE, identities.SCHEMA, identities.build, Namings()),
        documents=_documents(reader),
    )


def _manual(document: Document) -> _Manual:
    return build.evidence(document), build.audit_rotation(document)


def _data(document: Document) -> Any:
    return document.data


def _frameworks(reader: Reader) -> dict[str, Framework]:
    frameworks = {}
    for path in reader.paths("controls", "*/framework.yaml"):
        document = reader.document(path, build.FRAMEWORK)
        if document is not None:
            name = path.parent.name
            frameworks[name] = build.framework(document, name, _controls(reader, name))
    return frameworks


def _controls(reader: Reader, framework: str) -> tuple[Control, ...]:
    controls = []
    for path in reader.paths(f"controls/{framework}", "*.yaml"):
        if path.name == "framework.yaml":
            continue
        document = reader.document(path, build.CONTROL)
        if document is None:
            continue
        if document.data["id"] != path.stem:
            reader.refuse(document.position("id"), f"the id {document.data['id']} differs from the file's name")
        controls.append(build.control(document, framework))
    return tuple(sorted(controls, key=lambda control: natural(control.id)))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts A.5.2 before A.5.10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in name.replace("-", ".").split("."))


def _policies(reader: Reader) -> dict[str, Policy]:
    policies: dict[str, Policy] = {}
    known: dict[str, shared_conditions.Piece] = reader.single(
        shared_conditions.FILE, shared_conditions.SCHEMA, shared_conditions.pieces, {}
    )
    used = {name for piece in known.values() for name in shared_conditions.named(piece.text)}
    for name in sorted(used - set(known)):
        reader.problems.append(shared_conditions.unknown(name, Position(shared_conditions.FILE)))
    for document in reader.documents("policies", "*/*.yaml", build.POLICY):
        policy = build.policy(document, known)
        if reader.is_new(document) and not reader.doubts(shared_conditions.FILE):
            reader.problems.extend(shared_conditions.problems(document, known))
        used.update(name for name, _ in shared_conditions.names(document))
        if Path(document.file).stem != policy.id:
            reader.refuse(document.position("id"), f"the id {policy.id} differs from the file's name")
        if policy.id in policies:
            reader.refuse(document.position("id"), f"{policy.id} is also in {policies[policy.id].position.file}")
        policies[policy.id] = policy
    for name in sorted(set(known) - used if not reader.doubts("policies/") else ()):
        reader.refuse(known[name].position, f"no policy names {name}", "remove it")
    return dict(sorted(policies.items()))


_COLLECTORS = (
    ("scanners/aws", build.AWS_COLLECTOR, build.resource_types),
    ("scanners/github", build.GITHUB_COLLECTOR, build.github_types),
    ("scanners/registers", build.REGISTER_ENTRIES, build.register_types),
)


def _types(reader: Reader) -> dict[str, ResourceType]:
    types: dict[str, ResourceType] = {}
    for folder, schema, make in _COLLECTORS:
        for document in reader.documents(folder, "*.yaml", schema):
            for name, declared in make(document).items():
                if name in types:
                    reader.refuse(declared.position, f"{name} is also in {types[name].position.file}")
                types[name] = declared
    return dict(sorted(types.items()))


def _code_rules(reader: Reader) -> dict[str, CodeRule]:
    rules: dict[str, CodeRule] = {}
    for document in reader.documents(code_rules.FOLDER, "*.yaml", code_rules.SCHEMA):
        rule = code_rules.build(document, reader.root)
        reader.problems.extend(lists.problems(document) if reader.is_new(document) else ())
        wanted = code_rules.id_of(Path(document.file).stem)
        if rule.id != wanted:
            reader.refuse(document.position("metadata", "id"), f"the id {rule.id} differs from the file's name", wanted)
        rules[rule.id] = rule
    return rules


def _parameters(reader: Reader) -> dict[str, Parameter]:
    return reader.single("policies/params.yaml", build.PARAMETERS, build.parameters, {})


def _check_texts(reader: Reader, rules: Mapping[str, CodeRule]) -> dict[str, CheckText]:
    """Return the texts of Checkov's checks, and those that rules have in their own files."""
    nothing: dict[str, CheckText] = {}
    texts = reader.single("scanners/checks.yaml", "scanners/checks.schema.json", build.check_texts, nothing)
    return {**texts, **{name: rule.message for name, rule in rules.items() if rule.message}}


_DOCUMENTS = {
    "cloudformation": "scanners/documents.schema.json",
    "grants": "scanners/grants.schema.json",
    "templates": "scanners/templates.schema.json",
    "terraform": "scanners/documents.schema.json",
    "whole": "scanners/whole.schema.json",
}


def _documents(reader: Reader) -> dict[str, Any]:
    """Read the table of blocks that contain policy documents."""
    folder = f"{code_rules.FOLDER}/documents"
    return {name: reader.single(f"{folder}/{name}.yaml", schema, _data, {}) for name, schema in _DOCUMENTS.items()}


def _reference(reader: Reader) -> dict[str, Any]:
    documents = reader.documents("scanners/reference", "*.yaml", "scanners/reference.schema.json")
    return {Path(document.file).stem: document.data for document in documents}


# ---- what a workspace adds ----------------------------------------------------------------------------------------


def _extended(library: Library, own: Reader) -> Library:
    evidence: dict[str, EvidenceItem] = own.single("controls/evidence.yaml", build.EVIDENCE, build.evidence, {})
    own_rules = _code_rules(own)
    rules = {**library.code_rules, **_added(own, library.code_rules, own_rules)}
    return replace(
        library,
        frameworks={**library.frameworks, **_added_frameworks(own, library.frameworks)},
        policies={
            **library.policies,
            **_added(own, library.policies, code_rules.bound(_policies(own), rules)),
        },
        types={**library.types, **_added(own, library.types, _types(own))},
        parameters={**library.parameters, **_parameters(own)},
        evidence={**library.evidence, **evidence},
        reference={**library.reference, **_reference(own)},
        code_rules=rules,
        checks={**library.checks, **_added(own, library.checks, _check_texts(own, own_rules))},
        namings=identities.all_namings(
            library.namings, own.single(identities.FILE, identities.SCHEMA, identities.build, Namings())
        ),
    )


def _added_frameworks(own: Reader, bundled: Mapping[str, Framework]) -> dict[str, Framework]:
    added = _frameworks(own)
    for name in sorted(set(added) & set(bundled)):
        own.refuse(Position(f"controls/{name}/framework.yaml"), f"{name} is bundled already", "name yours differently")
    return added


def _added(own: Reader, bundled: Any, added: dict[str, Any]) -> dict[str, Any]:
    for name in sorted(set(added) & set(bundled)):
        own.refuse(added[name].position, f"{name} is bundled already", "give yours another id")
    return added
