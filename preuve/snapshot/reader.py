"""Reads a snapshot folder (`docs/formats.md`) back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

from msgspec import ValidationError, convert

from preuve.model.content import AWS, GITHUB
from preuve.model.errors import AlteredError, UsageError
from preuve.model.grouping import grouped
from preuve.model.packed_object import WHOLE, pack
from preuve.model.snapshot import (
    IacBlock,
    IacGap,
    IacRecord,
    IacScan,
    IacState,
    Listing,
    Meta,
    Resource,
    Snapshot,
    Unread,
)
from preuve.system.causes import cause
from preuve.system.strict_json import TwiceError, loads

T = TypeVar("T")


def read_snapshot(folder: Path) -> Snapshot:
    """Read the snapshot in a folder, in stable order. Raises UsageError if it is not one."""
    meta = read_meta(folder)
    listings: list[Mapping[str, Any]] = []

    def resources() -> Iterator[Resource]:  # lines of many accounts are not all held at once
        number = 0
        for line in chain(_live(folder), _lines(folder / "registers")):
            if line["kind"] == "resource":
                number += 1
                yield _resource(line if number <= WHOLE else {**line, "data": pack(line["data"])})
            elif line["kind"] == "listing":
                listings.append(line)

    found = _distinct(resources())
    return replace(
        read_code(folder),
        meta=meta,
        resources=found,
        listings=tuple(_typed(line, Listing) for line in _sorted(listings, "listing")),
    )


def read_code(folder: Path) -> Snapshot:
    """Read the snapshot of a scan of code, without any account. Raises UsageError if a line is damaged."""
    return code_of(list(_lines(folder / "iac")))


def code_of(iac: Sequence[Mapping[str, Any]]) -> Snapshot:
    """Return the results in the lines of a scan of code. Raises UsageError if preuve did not write a line."""
    return Snapshot(
        meta=Meta(),
        records=tuple(sorted((_typed(line, IacRecord) for line in of_kind(iac, "record")), key=_ORDER)),
        gaps=tuple(_typed(line, IacGap) for line in _sorted(iac, "gap")),
        scans=tuple(_typed(line, IacScan) for line in _sorted(iac, "root")),
        blocks=tuple(_typed({**line, **line["identity"]}, IacBlock) for line in _sorted(iac, "block")),
        states=tuple(_typed(line, IacState) for line in _sorted(iac, "state")),
    )


def _distinct(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return each resource once, in stable order. If it was read several times (each region lists a trail), the fullest
    reading counts.
    """
    ordered = sorted(resources, key=lambda item: (item.key, item.arn, len(item.unread)))
    named = grouped(((*resource.key, resource.arn), resource) for resource in ordered)
    return tuple(chain.from_iterable(same if len(same) == 1 else _apart(same) for same in named.values()))


def _apart(named: Iterable[Resource]) -> Iterator[Resource]:
    """Yield the resources of one name that differ from the ones before. Two are one resource if they are equal, or if
    two files have the same ARN. Two in a single file were listed as two.
    """
    said, files = set[Any](), set[str]()
    for resource in named:
        says, file = _hashable([resource.data, resource.absent, resource.unread]), resource.at.rpartition(":")[0]
        if says not in said and not (resource.arn and files.difference((file,))):
            said.add(says)
            files.add(file)
            yield resource


def _hashable(value: Any) -> Any:
    """Return a value that can be a member of a set, and that is equal for equal data."""
    if isinstance(value, Mapping):
        return frozenset((name, _hashable(item)) for name, item in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


_ORDER = attrgetter("root", "file", "line", "address", "check", "result", "detail")  # there are many records


def read_calls(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Read the recorded API calls of a snapshot. Raises UsageError if a line is damaged."""
    return of_kind(_live(folder), "call")


def unbalanced(folder: Path, claimed: Collection[str]) -> Iterator[str]:
    """Yield the types whose number of resources in a file differs from the count of its listings, with both numbers.

    No collection writes such a file. `claimed` are types that several files count and only one contains. Raises
    UsageError if a line is damaged.
    """
    for path in sorted(path for name in _PROVIDERS for path in (folder / name).rglob("*.jsonl")):
        counted, held = Counter[str](), Counter[str]()
        for line in _lines_of(path, folder):
            if line["kind"] == "listing":
                counted[line["type"]] += line["count"]
            elif line["kind"] == "resource":
                held[line["type"]] += 1
        for name in sorted({*counted, *held} - set(claimed)):
            if counted[name] != held[name]:
                yield f"{path.relative_to(folder).as_posix()}: {name} {held[name]} ≠ {counted[name]}"


def read_meta(folder: Path) -> Meta:
    """Read the description of a snapshot's run. Raises UsageError if it is unusable."""
    path = folder / "meta.json"
    try:
        return convert(read_json(path), Meta)
    except ValidationError as error:
        raise UsageError(f"{path} is no part of a snapshot: {cause(error)}", "name the snapshot's folder") from error


def read_json(path: Path) -> Mapping[str, Any]:
    """Read a JSON document of a snapshot. Raises UsageError if it is not there or is none."""
    try:
        data = loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError
    except TwiceError as error:
        raise _twice(str(path), error) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: it is no part of a snapshot", "name the snapshot's folder") from error
    return dict[str, Any](data)


_PROVIDERS = (AWS, GITHUB)  # the folders of the collected data have their names


def _live(folder: Path) -> Iterator[Mapping[str, Any]]:
    return chain.from_iterable(_lines(folder / name) for name in _PROVIDERS)


_PLACED = frozenset({"resource", "record", "call", "listing"})  # kinds of lines that pages link to


def _lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield every line below a folder of a snapshot."""
    for path in sorted(folder.rglob("*.jsonl")):
        yield from _lines_of(path, folder.parent)


def _lines_of(path: Path, snapshot: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of a file. Lines that pages link to get their place: path from the snapshot's folder, and
    number.
    """
    name = path.relative_to(snapshot).as_posix()
    for number, data in enumerate(lines_of(path), 1):
        if data.get("kind") in _PLACED:
            data["at"] = f"{name}:{number}"
        yield data


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of a snapshot, unchanged.

    Raises UsageError if one is damaged, AlteredError if a line has the same name twice.
    """
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(chain([file.readline()], file), 1):  # preuve writes no empty file
            try:
                data = loads(line)
                if not isinstance(data, dict):
                    raise ValueError("no object")
                yield data
            except TwiceError as error:
                raise _twice(f"{path}:{number}", error) from error
            except ValueError as error:
                hint = "the snapshot was damaged; collect it again"
                raise UsageError(f"{path}:{number}: not JSON", hint) from error


def _twice(place: str, error: TwiceError) -> AlteredError:
    hint = "it was changed after it was written: use the bundle as it was sealed"
    return AlteredError(f"{place}: the key {cause(error)} occurs twice, so its value is ambiguous", hint)


def of_kind(lines: Iterable[Mapping[str, Any]], kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of a kind."""
    return (line for line in lines if line["kind"] == kind)


def _sorted(lines: Any, kind: str) -> list[Mapping[str, Any]]:
    """Return the lines of a kind in an order that does not depend on the file's."""
    return sorted(of_kind(lines, kind), key=lambda line: json.dumps({**line, "at": ""}, sort_keys=True))


def _resource(line: Mapping[str, Any]) -> Resource:
    unread = {member: _typed(data, Unread) for member, data in line["unread"].items()}
    return Resource(
        type=intern(line["type"]),
        id=line["id"],
        account=intern(line["account"]),
        region=intern(line["region"]),
        data=line["data"],
        arn=line["arn"],
        absent=_absent(tuple(line["absent"])),
        unread=unread,
        calls=line["calls"],
        parent=line["parent"],
        waivers=tuple(line["waivers"]),
        at=line.get("at", ""),
    )


@lru_cache(maxsize=1 << 10)  # many resources lack the same members
def _absent(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def _typed(line: Mapping[str, Any], kind: type[T]) -> T:
    try:
        return convert(line, kind)
    except ValidationError as error:
        said = f"a line of the snapshot was not written by preuve: {cause(error)}"
        raise UsageError(said, "collect it again") from error
