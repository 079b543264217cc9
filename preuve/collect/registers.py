"""Reads from a workspace's registers only the data that policies need: the declared columns of their entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from preuve.collect.recorder import line_of, listing_line
from preuve.library.company.fill_ledger import missing
from preuve.library.company.register.cells import FILLED_FROM, FRESH_UNTIL, NONE, day, users
from preuve.library.company.registers import FOLDER, NO, YES, entries
from preuve.library.company.waivers import covers
from preuve.library.validation.rules import Needs
from preuve.model.company.workspace import Workspace
from preuve.model.content import WORKSPACE, Library, ResourceType
from preuve.model.errors import PreuveError
from preuve.redact.redactor import Redactor
from preuve.snapshot.forms import ResourceLine, UnreadForm

Line = Mapping[str, Any]
_NEVER = "9999-01-01T00:00:00Z"  # later than the end of any contract


@dataclass(frozen=True)
class KeptRegister:
    """A register that preuve maintains itself, read in its own place: its entries, or why there are none to read."""

    rows: list[Mapping[str, str]]
    cause: str = ""
    message: str = ""
    empty: str = "not_filled"  # the cause of a cell without a value


def read_registers(
    library: Library,
    needs: Needs,
    workspace: Workspace,
    redactor: Redactor,
    kept: Mapping[str, KeptRegister],
    today: date | None = None,
) -> Iterator[tuple[str, list[Line]]]:
    """Yield the lines of each needed type, with the name of their file. Registers that preuve maintains itself are in
    `kept`, and are never read from a file of that name in a workspace. Rows that an inlet filled are judged by their
    age as of `today`.
    """
    today = today or datetime.now(UTC).date()
    for name in needs.types:
        declared = library.types[name]
        if declared.scope == WORKSPACE:
            reader = _Reader(declared, workspace, redactor, kept, today)
            yield name.replace("::", "-").lower(), reader.lines()


@dataclass(frozen=True)
class _Reader:
    """Reads the entries of one type."""

    declared: ResourceType
    workspace: Workspace
    redactor: Redactor
    kept: Mapping[str, KeptRegister]
    today: date

    def lines(self) -> list[Line]:
        """Return the listing and the entries; a register that cannot be used leaves the listing unread."""
        registers = self.declared.registers
        for own in (self.kept[name] for name in registers if name in self.kept):
            if own.cause:
                return [self._listing(0, UnreadForm(own.cause, message=self.redactor.text(own.message)))]
        try:
            kept = {name: self._rows(name) for name in registers}
        except PreuveError as error:
            return [self._listing(0, UnreadForm("register_unusable", message=self.redactor.text(str(error))))]
        found = self._entries({name: rows or () for name, rows in kept.items()})
        none = all(rows is None for rows in kept.values())
        reason = UnreadForm("no_register", message=f"{FOLDER}/ has none of {', '.join(registers)}") if none else None
        try:
            short = list(self._short(kept))
        except PreuveError as error:
            short = [UnreadForm("register_unusable", message=self.redactor.text(str(error)))]
        return [self._listing(len(found), reason), *(self._listing(0, item) for item in short), *found]

    def _short(self, kept: Mapping[str, Sequence[Mapping[str, str]] | None]) -> Iterator[UnreadForm]:
        """Yield why entries of the register's source may be missing."""
        for name, rows in kept.items():
            if rows is not None and name not in self.kept and (why := missing(self.workspace.root, name, rows)):
                yield UnreadForm("register_short", message=f"{name}: {why}")

    def _rows(self, name: str) -> Sequence[Mapping[str, str]] | None:
        return self.kept[name].rows if name in self.kept else entries(self.workspace.root, name)

    def _listing(self, count: int, unread: UnreadForm | None) -> Line:
        return listing_line(self.declared.name, "", WORKSPACE, count, unread=unread)

    def _entries(self, kept: Mapping[str, Sequence[Mapping[str, str]]]) -> list[Line]:
        """Return the entries, each under a unique name."""
        there: dict[str, int] = {}
        return [
            self._entry(register, number, row, there)
            for register, rows in kept.items()
            for number, row in enumerate(rows, 1)
        ]

    def _entry(self, register: str, number: int, row: Mapping[str, str], there: dict[str, int]) -> Line:
        typed = {
            name: _typed(row.get(column, ""), self.declared.declared[name], column) for name, column in self._columns
        }
        said = {name: value for name, value in typed.items() if value is not None}
        names = self._names(said) or {"": f"{register} {number}"}
        shown = " ".join(self._shown(path, name) for path, name in names.items())
        told = told_apart(shown, there)
        data = {} if self._outdated(row) else said
        empty = self.kept[register].empty if register in self.kept else "not_filled"
        cause = "entry_outdated" if self._outdated(row) else empty
        return line_of(
            ResourceLine(
                type=self.declared.name,
                id=told,
                account="",
                region=WORKSPACE,
                arn="",
                data=self.redactor.data(data, self.declared.personal),
                absent=(),
                unread={
                    name: UnreadForm(cause, message=self._about(register, number, column, row))
                    for name, column in self._columns
                    if name not in data
                },
                calls={},
                parent=register,
                waivers=self._waivers(f"{' '.join(names.values())}{told.removeprefix(shown)}", told),
            )
        )

    def _waivers(self, *names: str) -> tuple[str, ...]:
        return tuple(item.id for item in self.workspace.waivers if covers(item.resource, *names))

    def _names(self, said: Mapping[str, Any]) -> dict[str, str]:
        """Return the name of an entry, by member; nothing if its first name is not filled in."""
        paths = (self.declared.identity, *(self.declared.beside or ())) if said.get(self.declared.identity) else ()
        return {path: str(said[path]) for path in paths if said.get(path)}

    def _shown(self, path: str, name: str) -> str:
        found: str = self.redactor.data({"name": name}, ["name"] if path in self.declared.personal else [])["name"]
        return found

    def _outdated(self, row: Mapping[str, str]) -> bool:
        """Return whether the source of a row is too old; an invalid date does not keep it current."""
        until = row.get(FRESH_UNTIL[0], "")
        return bool(until or row.get(FILLED_FROM[0])) and day(until) < self.today.isoformat()

    def _about(self, register: str, number: int, column: str, row: Mapping[str, str]) -> str:
        until = row.get(FRESH_UNTIL[0], "")
        about = f"{register}, entry {number}: {column}"
        return self.redactor.text(f"{about} (until {until})" if self._outdated(row) else about)

    @property
    def _columns(self) -> list[tuple[str, str]]:
        return list(self.declared.columns.items())


def told_apart(name: str, there: dict[str, int]) -> str:
    """Return the name of an entry after those that are `there`, and add it: the second of a name is `name (2)`. A row
    that is inserted above changes no other name.
    """
    number = there.get(name, 0) + 1
    while number > 1 and f"{name} ({number})" in there:
        number += 1
    there[name] = number
    told = name if number == 1 else f"{name} ({number})"
    there.setdefault(told, 1)
    return told


def _typed(text: str, kind: str, column: str) -> str | bool | list[str] | None:
    """Return a cell as its type; None if it is empty or not of its kind."""
    if kind == "boolean":
        return True if text.lower() in YES else False if text.lower() in NO else None
    if kind == "timestamp":
        return _time(text)
    if kind == "list<string>":
        return users(text, column)
    return text or None


def _time(text: str) -> str | None:
    """Convert a date to the beginning of its day; a day that never comes if the cell means that there is none."""
    if text.casefold() in NONE:
        return _NEVER
    found = day(text)
    return f"{found}T00:00:00Z" if found else None
