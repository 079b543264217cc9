"""Merges the rows of a file into a register: cells that people wrote stay, and differences are reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from preuve.collect.inlets.intake import folded, key_of
from preuve.library.company.fill_ledger import FilledRow, cell_hash, key_hash
from preuve.library.company.register.cells import FILLED_FROM, FRESH_UNTIL
from preuve.library.company.register.file import RegisterFile
from preuve.model.company.inlet import DATE, MOMENT, Change, Entry, Inlet, Intake, Kind, Origin, lost
from preuve.model.errors import UsageError

_NOTHING = cell_hash("")
_A_PERSONS = ""  # no hash: a person wrote the cell, whatever its later content


@dataclass
class Merge:
    """Works on a register and its ledger; nothing is written here."""

    register: RegisterFile
    ledger: dict[str, FilledRow]
    inlet: Inlet
    origin: Origin
    changes: list[Change] = field(default_factory=list)

    def put(self, intake: Intake) -> list[Change]:
        """Return every row, and those that the same inlet made before and the file no longer has.

        Raises UsageError if a row of the register cannot be distinguished from those of the file.
        """
        self._check_days()
        places = self._places()
        if not self.register.path.exists():
            self.ledger.clear()  # the register begins anew
        there = {key_hash(key_of(entry, self.inlet)) for entry in intake.entries}
        again = self._again(there, {key_hash(key) for key in places})
        for entry in intake.entries:
            self._put(entry, places.get(key_of(entry, self.inlet), []))
        whole = not (lost(intake, self.changes) or intake.short)  # else the file may have any of them
        for key, found in places.items():
            known = self.ledger.get(key_hash(key))
            if known is not None and known.origin.inlet == self.inlet.id and key_hash(key) not in there:
                ended = known.ended or (whole and known.source in again)
                self.changes.append(Change(Kind.ENDED if ended else Kind.GONE, self._shown(found[0])))
                if ended:
                    self._end(key_hash(key), found, known)
                elif known.source in again:
                    self.ledger[key_hash(key)] = replace(known, later=self.origin.sha256)
        if not (intake.refused or intake.short):  # else the file may have them
            self._forget(there | {key_hash(key) for key in places})
        return self.changes

    def _again(self, there: Set[str], kept: Set[str]) -> Set[str]:
        """Return the files, by their SHA-256, of which this one is a newer export: it has at least half of their rows.
        A file of another source, such as a second tenant, has others.
        """
        own = {name: item.source for name, item in self.ledger.items() if item.origin.inlet == self.inlet.id}
        had = Counter(file for name, file in own.items() if name in kept)
        brought = Counter(file for name, file in own.items() if name in kept & there)
        return {file for file, number in had.items() if 2 * brought[file] >= number}

    def _end(self, name: str, rows: Sequence[int], known: FilledRow) -> None:
        """Make a row of no effect from the day of the file that lacks it; it may come back."""
        before = date.fromisoformat(self.origin.made) - timedelta(days=1)
        origin = replace(known.origin, until=min(known.origin.until, before.isoformat()))
        self.ledger[name] = FilledRow(origin, known.cells, ended=True)
        for row in rows:
            if self.register.cell(row, FILLED_FROM[0]):  # otherwise a person maintains it now
                self.register.set(row, {FRESH_UNTIL[0]: origin.until})

    def _forget(self, kept: Set[str]) -> None:
        """Forget rows that are in neither file nor register: if one comes back, it is new."""
        own = [name for name, known in self.ledger.items() if known.origin.inlet == self.inlet.id]
        for name in set(own) - kept:
            del self.ledger[name]

    def _check_days(self) -> None:
        """Raise UsageError for an unreadable day in the key: its row would be written twice, or reported as deleted."""
        for column in self.inlet.key:
            if self.inlet.fields[column].kind not in (DATE, MOMENT):
                continue
            unread = sum(not self.register.is_read(row, column) for row in self.register.entries())
            if unread:
                raise UsageError(
                    f"{self.register.path} cannot be filled: days under {self.register.names[column]}, which identify "
                    f"its rows, cannot be read in {unread} of them",
                    "write them as 2026-11-24 and fill again",
                )

    def _places(self) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = {}
        for row in self.register.entries():
            key = tuple(folded(self.register.said(row, column)) for column in self.inlet.key)
            found.setdefault(key, []).append(row)
        return found

    def _shown(self, row: int) -> str:
        return ", ".join(self.register.said(row, column) for column in self.inlet.key)

    def _put(self, entry: Entry, rows: Sequence[int]) -> None:
        key = ", ".join(entry.cells[column] for column in self.inlet.key)
        name = key_hash(key_of(entry, self.inlet))
        known = self.ledger.get(name)
        if len(rows) > 1:
            self.changes.append(Change(Kind.TWICE, key, entry.row))
        elif not rows and known is not None:
            self.ledger[name] = FilledRow(known.origin, {})  # if the person writes the row again, its cells are filled
            self.changes.append(Change(Kind.DELETED, key, entry.row))
        elif not rows:
            self.register.add({**entry.cells, **_marks(self.origin)})
            self.ledger[name] = FilledRow(
                self.origin, {column: cell_hash(text) for column, text in entry.cells.items()}
            )
            self.changes.append(Change(Kind.ADDED, key, entry.row, {c: ("", text) for c, text in entry.cells.items()}))
        elif known is not None and known.origin.inlet != self.inlet.id and not known.ended:
            clash = dict(self._differing(entry, rows[0]))
            kind = Kind.CLASH if clash else Kind.OTHER
            self.changes.append(Change(kind, key, entry.row, clash, known.origin.inlet))
        else:
            self._update(entry, key, rows[0], known)

    def _differing(self, entry: Entry, row: int) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the cells in which register and file differ, each before and after."""
        for column, after in entry.cells.items():
            before = self.register.said(row, column)
            if before != after and not (column in self.inlet.key and folded(before) == folded(after)):
                yield column, (before, after)

    def _update(self, entry: Entry, key: str, row: int, known: FilledRow | None) -> None:
        """Fill empty cells, change the inlet's own ones, and leave the others."""
        own = dict(known.cells) if known else {}
        changed: dict[str, tuple[str, str]] = {}
        kept: dict[str, tuple[str, str]] = {}
        for column, (before, after) in self._differing(entry, row):
            mine = own.get(column) == cell_hash(before) if column in own else not before
            if not (mine or after) and own.get(column, _NOTHING) == _NOTHING:
                continue  # the file had no value here, so it contradicts no person
            (changed if mine else kept)[column] = (before, after)
        if kept:
            self.changes.append(Change(Kind.KEPT, key, entry.row, kept))
        if changed or not kept:
            self.changes.append(Change(Kind.CHANGED if changed else Kind.SAME, key, entry.row, changed))
        marked = self.register.cell(row, FILLED_FROM[0]) and not kept  # the ledger was lost, but the file agrees
        if not (changed or known or marked):
            return  # a person's row: nothing new in the file
        aged = {column: ("", "") for column in own if self._is_unsaid(column, entry, row, own)}
        origin = (
            replace(self.origin, until=min(self.origin.until, known.origin.until)) if known and aged else self.origin
        )
        if aged:
            self.changes.append(Change(Kind.AGED, key, entry.row, aged))
        self.register.set(row, {**{column: after for column, (_, after) in changed.items()}, **_marks(origin)})
        own |= {column: cell_hash(after) for column, (_, after) in changed.items()}
        # The next file shows who wrote a cell that cannot be read.
        own |= {column: _A_PERSONS for column in kept if column in own and self.register.is_read(row, column)}
        self.ledger[key_hash(key_of(entry, self.inlet))] = FilledRow(origin, own)

    def _is_unsaid(self, column: str, entry: Entry, row: int, own: Mapping[str, str]) -> bool:
        """Return whether a cell comes from an earlier file, and this file, which could have it, does not."""
        before = self.register.said(row, column)
        mine = bool(before) and own[column] == cell_hash(before)
        return mine and column in self.inlet.fields and column not in entry.cells


def _marks(o: Origin) -> dict[str, str]:
    tool = " ".join(filter(None, (o.tool, o.version))).replace('"', "'")
    file = o.file.replace('"', "'")
    told = ", ".join(filter(None, (tool, f'"{file}"', o.made, f"sha256 {o.sha256}")))
    return {FILLED_FROM[0]: f"{o.inlet}: {told}", FRESH_UNTIL[0]: o.until}
