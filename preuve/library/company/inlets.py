"""The inlets: bundled ones, and those of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.library.build import text
from preuve.library.company.registers import NEVER_FILLED
from preuve.library.company.templates import register_columns
from preuve.library.load import Reader
from preuve.library.yaml.documents import Document
from preuve.library.yaml.place import content_root
from preuve.model.company.inlet import BOOLEAN, Inlet, InletField
from preuve.model.errors import ContentError, Problem

FOLDER = "inlets"
_SCHEMA = "inlets/inlet.schema.json"


def load_inlets(workspace: Path | None = None) -> dict[str, Inlet]:
    """Every inlet by its id; ContentError with all that is wrong."""
    inlets, problems = read_inlets(workspace)
    if problems:
        raise ContentError(problems)
    return inlets


def read_inlets(workspace: Path | None = None) -> tuple[dict[str, Inlet], list[Problem]]:
    """The inlets that can be used, and what is wrong with the others."""
    found: dict[str, Inlet] = {}
    problems: list[Problem] = []
    for root in (content_root(), *([workspace] if workspace else ())):
        reader = Reader(root, validate=True)
        for document in reader.documents(FOLDER, "*.yaml", _SCHEMA):
            inlet = _inlet(document)
            defects = [*_defects(document, inlet)]
            if inlet.id in found:
                defects.append(Problem(inlet.position, f"{inlet.id} is bundled already", "give yours another id"))
            problems += defects
            if not defects:
                found[inlet.id] = inlet
        problems += reader.problems
    return dict(sorted(found.items())), problems


def _inlet(document: Document) -> Inlet:
    data = document.data
    source = data["source"]
    return Inlet(
        id=data["id"],
        title=text(data["title"]),
        how=text(data["how"]),
        tool=data["tool"],
        register=data["register"],
        key=tuple(data["key"]),
        fields=tuple(_field(column, item) for column, item in data["fields"].items()),
        fresh_days=data["fresh_days"],
        position=document.position("id"),
        formats=tuple(source["formats"]),
        rows=source.get("rows", ""),
        more=tuple(source.get("more") or ()),
        page=source.get("page", 0),
        total=source.get("total", ""),
        sheet=source.get("sheet", ""),
        encoding=source.get("encoding", "utf-8"),
        dates=tuple(source.get("dates") or ()),
        only={name: tuple(values) for name, values in (source.get("only") or {}).items()},
        tool_from=tuple(source.get("tool") or ()),
        version_from=tuple(source.get("version") or ()),
    )


def _field(column: str, data: Mapping[str, Any]) -> InletField:
    return InletField(
        column=column,
        sources=tuple(data.get("from") or ()),
        constant=text(data["is"]) if "is" in data else None,
        kind=data.get("as", ""),
        words={said: text(word) for said, word in (data.get("values") or {}).items()},
        yes=tuple(data.get("means_yes") or ()),
        no=tuple(data.get("means_no") or ()),
        nothing=tuple(data.get("nothing") or ()),
        empty=text(data["empty"]) if "empty" in data else None,
        optional=data.get("optional", False),
        personal=data.get("personal", False),
    )


def _defects(document: Document, inlet: Inlet) -> Iterator[Problem]:
    if inlet.id != Path(document.file).stem:
        yield Problem(inlet.position, f"the id {inlet.id} differs from the file's name")
    known = register_columns(inlet.register)
    if not known or inlet.register in NEVER_FILLED:
        hint = "one of reports/register-templates, but soa, which people decide"
        yield Problem(document.position("register"), f"the register {inlet.register} cannot be filled", hint)
        return
    for item in inlet.fields:
        at = document.position("fields", item.column)
        if item.column not in known[0]:
            yield Problem(at, f"{inlet.register} has no column {item.column}", f"one of {', '.join(known[0])}")
        if (item.yes or item.no) and not (item.kind == BOOLEAN and item.yes and item.no):
            yield Problem(
                at, f"{item.column}: means_yes and means_no go together", "add `as: boolean` and both of them"
            )
    for column in inlet.key:
        if not any(item.column == column and not item.optional for item in inlet.fields):
            yield Problem(document.position("key"), f"the key {column} is not filled in every row", "name it in fields")
