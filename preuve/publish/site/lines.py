"""Finds the lines of the bundle's snapshot that are the evidence of a verdict."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from preuve.model.grouping import grouped
from preuve.model.layout import SNAPSHOT
from preuve.model.results import Finding, Place
from preuve.model.snapshot import Snapshot


@dataclass(frozen=True)
class Line:
    """A line of a file, from the bundle's root."""

    file: str
    number: int


@dataclass(frozen=True)
class Lines:
    """Lines of one file, from the bundle's root."""

    file: str
    name: str
    numbers: str


def snapshot_lines(found: Snapshot) -> dict[tuple[str, ...], str]:
    """Return the file and line of each resource, and of each check of code, by root, address and check."""
    lines = {_named(item.type, item.account, item.region, item.id, item.arn): item.at for item in found.resources}
    for record in found.records:
        lines.setdefault((record.root, record.address, record.check), record.at)
    return lines


def lines_beside(finding: Finding, lines: Mapping[tuple[str, ...], str]) -> tuple[Line, ...]:
    """Return the further lines that a verdict uses: related resources, accounts, listings, more checks of code."""
    place, own = finding.place, line_of(finding, lines)
    checked = (lines.get((place.root, place.id, check), "") for check in finding.checks) if place.root else ()
    found = dict.fromkeys(filter(None, map(line, (*finding.lines, *checked))))
    return tuple(item for item in found if item != own)


def in_files(lines: Iterable[Line]) -> list[Lines]:
    """Return lines by file, as `2, 5–9`."""
    files = grouped((item.file, item.number) for item in lines)
    return [Lines(file, posixpath.basename(file), _ranges(sorted(set(numbers)))) for file, numbers in files.items()]


def _ranges(numbers: Sequence[int]) -> str:
    starts = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True))


def line_of(finding: Finding, lines: Mapping[tuple[str, ...], str]) -> Line | None:
    """Return the line that a finding is about; None if it is about a whole type or a file."""
    place = finding.place
    if not place.root:
        return line_of_resource(place, lines)
    found = (lines.get((place.root, place.id, check)) for check in finding.checks)
    return line(next(filter(None, found), ""))


def line_of_resource(place: Place, lines: Mapping[tuple[str, ...], str]) -> Line | None:
    """Return the line of a resource of an account."""
    return line(lines.get(_named(place.type, place.account, place.region, place.id, place.arn), ""))


def line(at: str) -> Line | None:
    """Parse a line reference of the snapshot's reader: `aws/123456789012/eu-west-3/s3.jsonl:2`."""
    file, _, number = at.rpartition(":")
    return Line(f"{SNAPSHOT}/{file}", int(number)) if file else None


def _named(type_: str, account: str, region: str, id_: str, arn: str) -> tuple[str, ...]:
    return (type_, account, region, id_, arn)
