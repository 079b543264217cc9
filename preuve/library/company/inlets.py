"""The inlets: bundled ones, and those of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preuve.library.build import typed
from preuve.library.company.registers import NEVER_FILLED
from preuve.library.company.templates import register_columns, registers
from preuve.library.load import bundled_and_own
from preuve.library.yaml.documents import Document
from preuve.model.company.inlet import BOOLEAN, Inlet
from preuve.model.errors import Problem, raise_for

FOLDER = "inlets"
SCHEMA = "inlets/inlet.schema.json"


def load_inlets(workspace: Path | None = None) -> dict[str, Inlet]:
    """Return every inlet by its id. Raises ContentError with all defects."""
    inlets, problems = read_inlets(workspace)
    raise_for(problems)
    return inlets


def read_inlets(workspace: Path | None = None) -> tuple[dict[str, Inlet], list[Problem]]:
    """Return the inlets that can be used, and the defects of the others."""
    found: dict[str, Inlet] = {}
    problems: list[Problem] = []
    for document in bundled_and_own(FOLDER, SCHEMA, workspace, problems):
        inlet = _inlet(document)
        defects = [*_defects(document, inlet)]
        if inlet.id in found:
            defects.append(Problem(inlet.position, f"{inlet.id} is bundled already", "give yours another id"))
        problems += defects
        if not defects:
            found[inlet.id] = inlet
    return dict(sorted(found.items())), problems


def _inlet(document: Document) -> Inlet:
    fields = {column: {**item, "column": column} for column, item in document.data["fields"].items()}
    return typed({**document.data, "fields": fields, "position": document.position("id")}, Inlet)


def _defects(document: Document, inlet: Inlet) -> Iterator[Problem]:
    if inlet.id != Path(document.file).stem:
        yield Problem(inlet.position, f"the id {inlet.id} differs from the file's name")
    known = register_columns(inlet.register)
    if not known or inlet.register in NEVER_FILLED:
        hint = f"one of {', '.join(name for name in registers() if name not in NEVER_FILLED)}"
        yield Problem(document.position("register"), f"the register {inlet.register} cannot be filled", hint)
        return
    for item in inlet.fields.values():
        at = document.position("fields", item.column)
        if item.column not in known[0]:
            yield Problem(at, f"{inlet.register} has no column {item.column}", f"one of {', '.join(known[0])}")
        if (item.yes or item.no) and not (item.kind == BOOLEAN and item.yes and item.no):
            yield Problem(
                at, f"{item.column}: means_yes and means_no go together", "add `as: boolean` and both of them"
            )
    for column in inlet.key:
        if not any(item.column == column and not item.optional for item in inlet.fields.values()):
            yield Problem(document.position("key"), f"the key {column} is not filled in every row", "name it in fields")
