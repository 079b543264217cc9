"""Reads what policies need of a workspace's registers: the declared columns of their entries, nothing else of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.library.registers import FOLDER, NO, YES, entries
from preuve.library.rules import Needs
from preuve.library.waivers import covers
from preuve.model.content import WORKSPACE, Library, ResourceType
from preuve.model.errors import PreuveError
from preuve.model.workspace import Workspace
from preuve.redact.redactor import Redactor

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """A register that preuve keeps itself, read where it lies: its entries, or why there are none to read."""

    rows: list[Mapping[str, str]]
    cause: str = ""
    message: str = ""


def read_registers(
    library: Library, needs: Needs, workspace: Workspace, redactor: Redactor, kept: Mapping[str, Kept]
) -> Iterator[tuple[str, list[Line]]]:
    """The lines of each needed type, with the name of the file that they belong in. What preuve keeps itself is in
    `kept`, and never read from a file that a workspace brings under that name.
    """
    for name in needs.types:
        declared = library.types[name]
        if declared.scope == WORKSPACE:
            reader = _Reader(declared, workspace, redactor, kept)
            yield name.replace("::", "-").lower(), reader.lines()


@dataclass(frozen=True)
class _Reader:
    """Reads the entries of one type."""

    declared: ResourceType
    workspace: Workspace
    redactor: Redactor
    kept: Mapping[str, Kept]

    def lines(self) -> list[Line]:
        """The listing and the entries; a register that cannot be used leaves the listing unread."""
        registers = self.declared.registers
        for own in (self.kept[name] for name in registers if name in self.kept):
            if own.cause:
                return [self._listing(0, _unread(own.cause, self.redactor.text(own.message)))]
        try:
            kept = {name: self._rows(name) for name in registers}
        except PreuveError as error:
            return [self._listing(0, _unread("register_unusable", self.redactor.text(str(error))))]
        found = [self._entry(name, number, row) for name in registers for number, row in enumerate(kept[name] or (), 1)]
        missing = all(rows is None for rows in kept.values())
        reason = _unread("no_register", f"{FOLDER}/ has none of {', '.join(registers)}") if missing else None
        return [self._listing(len(found), reason), *found]

    def _rows(self, name: str) -> Sequence[Mapping[str, str]] | None:
        return self.kept[name].rows if name in self.kept else entries(self.workspace.root, name)

    def _listing(self, count: int, unread: Line | None) -> Line:
        return {
            "kind": "listing",
            "type": self.declared.name,
            "account": "",
            "region": WORKSPACE,
            "count": count,
            "pagination": "failed" if unread else "exhausted",
            "calls": [],
            "parent": "",
            "unread": unread,
        }

    def _entry(self, register: str, number: int, row: Mapping[str, str]) -> Line:
        typed = {name: _typed(row.get(column, ""), self.declared.declared[name]) for name, column in self._columns}
        data = {name: value for name, value in typed.items() if value is not None}
        name = str(data.get(self.declared.identity) or f"{register} {number}")
        return {
            "kind": "resource",
            "type": self.declared.name,
            "id": self.redactor.text(name),
            "account": "",
            "region": WORKSPACE,
            "data": self.redactor.data(data),
            "arn": "",
            "absent": [],
            "unread": {
                name: _unread("not_filled", f"{register}, entry {number}: {column}")
                for name, column in self._columns
                if name not in data
            },
            "calls": {},
            "parent": register,
            "waivers": [item.id for item in self.workspace.waivers if covers(item.resource, name)],
        }

    @property
    def _columns(self) -> list[tuple[str, str]]:
        return list(self.declared.columns.items())


def _typed(text: str, kind: str) -> str | bool | None:
    """A cell as its type; nothing where it is empty, or neither yes nor no."""
    if kind == "boolean":
        return True if text.lower() in YES else False if text.lower() in NO else None
    return text or None


def _unread(cause: str, message: str) -> Line:
    return {"cause": cause, "code": "", "message": message, "action": ""}
