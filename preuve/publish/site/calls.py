"""The recorded API calls. Each is on one page of its account and region; findings link to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from preuve.model.grouping import grouped
from preuve.publish.site.lines import Line, Lines, in_files
from preuve.publish.site.lines import line as line_at
from preuve.publish.site.paths import call_page
from preuve.publish.words.text import compact, one_line

CALLS_PER_PAGE = 1000
_LINKS = 1 << 12  # links that are kept for the next finding
MOST_ROWS = 3  # rows that may name the same call or line; for more, a note below the table names it
Source = str | Line  # evidence of a verdict: the id of a call, or a line of the snapshot


@dataclass(frozen=True)
class CallLink:
    """A link from a finding to a recorded call."""

    page: str
    anchor: str
    operation: str


@dataclass(frozen=True)
class RecordedCall:
    """An API call of the snapshot, with what an auditor needs to find it in CloudTrail."""

    anchor: str
    operation: str
    service: str
    region: str
    params: str
    time: str
    status: str
    request_id: str
    attempts: int
    error: str
    line: Line | None  # of the snapshot


class Calls:
    """The calls of a snapshot by account and region, in the order in which they were read, cut into pages."""

    def __init__(self, calls: Mapping[str, Mapping[str, Any]]) -> None:
        self._calls = calls
        self.places: dict[tuple[str, str], list[str]] = {}
        self._numbers: dict[str, int] = {}  # page -> number of the call on it
        for name in calls:
            found = self.places.setdefault(_place(name), [])
            self._numbers[name] = len(found) // CALLS_PER_PAGE + 1
            found.append(name)
        self._link = lru_cache(maxsize=_LINKS)(self._linked)  # many findings name the same calls

    def links(self, names: Iterable[str]) -> tuple[CallLink, ...]:
        """Return links to calls; a call that is not in the snapshot has none."""
        return tuple(self._link(name) for name in dict.fromkeys(names) if name in self._calls)

    def _linked(self, name: str) -> CallLink:
        page = call_page(*_place(name), self._numbers[name])
        return CallLink(page, _anchor(name), _operation(self._calls[name]))

    def errors(self, names: Iterable[str]) -> dict[str, str]:
        """Return the codes of the errors among these calls, by operation."""
        called = (self._calls[name] for name in names if name in self._calls)
        return {_operation(line): one_line(str(line["error"])) for line in called if line.get("error")}

    def recorded(self, name: str) -> RecordedCall:
        """Return a call as its page shows it."""
        line = self._calls[name]
        return RecordedCall(
            anchor=_anchor(name),
            operation=_operation(line),
            service=one_line(str(line.get("service", ""))),
            region=one_line(str(line.get("region", ""))),
            params=compact(line["params"]) if line.get("params") else "",
            time=str(line.get("time", "")),
            status=str(line.get("status", "") or ""),
            request_id=str(line.get("request_id", "")),
            attempts=int(line.get("attempts") or 1),
            error=one_line(": ".join(_refusal(line)), 300),
            line=line_at(str(line.get("at", ""))),
        )


@dataclass(frozen=True)
class Note:
    """The evidence that several findings of a page share."""

    calls: tuple[CallLink, ...]
    lines: tuple[Lines, ...]


class CitedCalls:
    """The calls that a page cites: how many, and the pages that list them."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names: set[str] = set()
        self._pages: set[str] = set()
        self.notes: list[Note] = []

    def cite(self, names: Iterable[str]) -> tuple[CallLink, ...]:
        """Return links to these calls, and cite them on the page."""
        known = list(names)
        links = self._calls.links(known)
        self._names.update(known)
        self._pages.update(link.page for link in links)
        return links

    def note(self, names: Iterable[str], lines: Iterable[Line]) -> int:
        """Add a note for evidence that several findings share; return its number, to which the findings refer."""
        note = Note(self._calls.links(names), tuple(in_files(lines)))
        if note not in self.notes:
            self.notes.append(note)
        return self.notes.index(note) + 1

    @property
    def count(self) -> int:
        """The number of calls."""
        return len(self._names)

    @property
    def pages(self) -> list[str]:
        """The pages that list them."""
        return sorted(self._pages)


def noted(sources: Sequence[Sequence[Source]], evidence: CitedCalls) -> dict[Source, int]:
    """Return the number of the note with evidence that more than a few rows share. Rows with the same evidence refer to
    one note.
    """
    rows = grouped((source, number) for number, rests in enumerate(sources) for source in dict.fromkeys(rests))
    shared = grouped((tuple(numbers), source) for source, numbers in rows.items() if len(numbers) > MOST_ROWS)
    notes: dict[Source, int] = {}
    for found in shared.values():
        calls = [source for source in found if isinstance(source, str)]
        number = evidence.note(calls, [source for source in found if isinstance(source, Line)])
        notes.update(dict.fromkeys(found, number))
    return notes


def _refusal(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the code of a refusal, and its message if the code alone does not tell what is missing."""
    code, said = str(line.get("error", "")), str(line.get("message", ""))
    yield code
    if said and (line.get("status") != 404 or code.isdigit()):
        yield said


def _place(name: str) -> tuple[str, str]:
    account, region = ([*name.split("/"), ""])[:2]
    return account, region


def _anchor(name: str) -> str:
    """Return the anchor of a call: `ec2-17` of `123456789012/eu-west-3/ec2/17`."""
    return "-".join(name.split("/")[2:]) or name


def _operation(line: Mapping[str, Any]) -> str:
    return one_line(str(line.get("operation", "")))
