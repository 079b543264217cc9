"""The recorded API calls: each stands once, on a page of its account and region, where findings lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.publish.site.lines import Line
from preuve.publish.site.lines import line as line_at
from preuve.publish.site.paths import call_page
from preuve.publish.words.text import compact, one_line

CALLS_PER_PAGE = 1000


@dataclass(frozen=True)
class CallLink:
    """A link from a finding to a recorded call."""

    page: str
    anchor: str
    operation: str


@dataclass(frozen=True)
class RecordedCall:
    """An API call of the snapshot, as an auditor looks it up in CloudTrail."""

    anchor: str
    operation: str
    service: str
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

    def links(self, names: Iterable[str]) -> tuple[CallLink, ...]:
        """Return links to calls; a call that is not in the snapshot has none."""
        return tuple(
            CallLink(call_page(*_place(name), self._numbers[name]), _anchor(name), _operation(self._calls[name]))
            for name in dict.fromkeys(names)
            if name in self._calls
        )

    def recorded(self, name: str) -> RecordedCall:
        """Return a call as its page shows it."""
        line = self._calls[name]
        return RecordedCall(
            anchor=_anchor(name),
            operation=_operation(line),
            service=one_line(name.split("/")[2] if name.count("/") > 1 else ""),
            params=compact(line["params"]) if line.get("params") else "",
            time=str(line.get("time", "")),
            status=str(line.get("status", "") or ""),
            request_id=str(line.get("request_id", "")),
            attempts=int(line.get("attempts") or 1),
            error=one_line(": ".join(_refusal(line)), 300),
            line=line_at(str(line.get("at", ""))),
        )


class Cited:
    """The calls that a page rests on: how many, and on which pages they stand."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names: set[str] = set()
        self._pages: set[str] = set()
        self._shared: dict[str, None] = {}

    def cite(self, names: Iterable[str]) -> tuple[CallLink, ...]:
        """Return links to these calls, and cite them on the page."""
        known = list(names)
        links = self._calls.links(known)
        self._names.update(known)
        self._pages.update(link.page for link in links)
        return links

    def share(self, names: Iterable[str]) -> None:
        """Say once of these calls that several findings rest on them."""
        self._shared.update(dict.fromkeys(names))

    @property
    def shared(self) -> tuple[CallLink, ...]:
        """The calls that several findings rest on."""
        return self._calls.links(self._shared)

    @property
    def count(self) -> int:
        """The number of calls."""
        return len(self._names)

    @property
    def pages(self) -> list[str]:
        """The pages that they stand on."""
        return sorted(self._pages)


def _refusal(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the code of a refusal, and its words where the code does not tell what is not there."""
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
