"""The statements of a bundle about entries that do not count. It keeps nothing of their content unless that is known to
name nobody.

An accepted entry states its owner, and the name is replaced wherever it occurs. Of a refused entry, or of a file that
cannot be read, nobody knows which words are names. Therefore a statement about it keeps only preuve's own words and
values of the content. `preuve doctor` shows the rest to people who have the files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from preuve.library.company.templates import register_columns, registers
from preuve.library.company.workspace import ATTESTATION, FILE, MALFORMED, WAIVERS
from preuve.library.yaml.place import content_root
from preuve.model.company.workspace import RefusedAttestation, RefusedWaiver, Workspace
from preuve.model.content import Library
from preuve.model.errors import Position, Problem
from preuve.publish.words.errors import UNTOLD, without_values

_PARTS = re.compile(r", | or ")
_PLAIN = re.compile(r"[0-9][0-9.:T-]*|[A-Z]{1,4}(?:-[0-9]{1,6})+")  # also an id such as W-003
_FOLDERS = frozenset({"attestations", "registers", "policies", "controls", "scanners", "inlets", "indicators"})
_FILES = frozenset({FILE, "waivers.yaml", *(f"{folder}/" for folder in _FOLDERS)})
_ENDS = frozenset({".yaml", ".csv", ".pdf"})


def as_told(workspace: Workspace, library: Library) -> Workspace:
    """Return the workspace with the statements that a bundle keeps about its problems and its refused entries."""
    known = _Known(library)
    return replace(
        workspace,
        problems=tuple(map(known.problem, workspace.problems)),
        refused=tuple(map(known.waiver, workspace.refused)),
        refused_attestations=tuple(map(known.attestation, workspace.refused_attestations)),
    )


class _Known:
    """The values that a statement about an entry that does not count may contain."""

    def __init__(self, library: Library) -> None:
        controls = (control.id for framework in library.frameworks.values() for control in framework.controls)
        ids = {*library.policies, *library.evidence, *library.frameworks, *library.parameters, *controls}
        self._words = frozenset({*ids, *_FOLDERS, *_of_schemas(), *_of_registers()})

    def __call__(self, value: str) -> bool:
        """Return whether a value consists of words that the content has, of numbers and of dates."""
        return all(map(self._is_known, _PARTS.split(value)))

    def _is_known(self, part: str) -> bool:
        word = part.strip("'\"")
        return word.partition(":")[0] in _FILES or self._is_word(word) or all(map(self._is_word, word.split(".")))

    def _is_word(self, word: str) -> bool:
        return word in self._words or bool(_PLAIN.fullmatch(word))

    def problem(self, found: Problem) -> Problem:
        """Return a problem without content of an entry."""
        message, hint = (without_values(text, self) for text in (found.message, found.hint))
        return Problem(self._place(found.position), message, hint)

    def _place(self, found: Position) -> Position:
        if found.file in _FILES:
            return found
        path = PurePosixPath(found.file)
        end = path.suffix if path.suffix in _ENDS else ""
        name = path.stem if end and self._is_word(path.stem) else UNTOLD
        folders = (part if self._is_word(part) else UNTOLD for part in path.parts[:-1])
        return replace(found, file="/".join((*folders, f"{name}{end}")))

    def attestation(self, found: RefusedAttestation) -> RefusedAttestation:
        """Return a refused attestation without its content."""
        return replace(found, id=found.id if self(found.id) else UNTOLD, problem=self.problem(found.problem))

    def waiver(self, found: RefusedWaiver) -> RefusedWaiver:
        """Return a refused waiver; without its content if it has a wrong form. An entry of the right form states its
        owner, so that its reason and its resource can be kept like those of any waiver.
        """
        forms = ("id", "policy", "created", "expires", *(("resource",) if found.defect == MALFORMED else ()))
        values = {name: value if self(value) else UNTOLD for name in forms if (value := getattr(found, name))}
        reason = "" if found.defect == MALFORMED else found.reason
        return replace(found, **values, reason=reason, defect=without_values(found.defect, self))


@cache
def _of_schemas() -> frozenset[str]:
    """Return the keys and the fixed values of the files in which an entry may be refused."""
    schemas = (json.loads((content_root() / name).read_text(encoding="utf-8")) for name in (WAIVERS, ATTESTATION))
    return frozenset(word for schema in schemas for word in _words(schema))


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        yield from schema.get("enum", ())
        for part in schema.values():
            yield from _words(part)


@cache
def _of_registers() -> frozenset[str]:
    """Return the names of the registers that have a template, and those of their columns."""
    columns = (column for name in registers() for language in register_columns(name) for column in language)
    return frozenset({*registers(), *(part for column in columns for part in (column, *_PARTS.split(column)))})
