"""Rows of JSON and JSON Lines files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from preuve.collect.inlets.content import MOST_ROWS, Content, text
from preuve.collect.inlets.lines import ObjectLine, follow
from preuve.model.company.inlet import Inlet, Refusal, Shortfall
from preuve.model.errors import UnfitError, UsageError
from preuve.system.causes import cause


def json_lines(content: Content, inlet: Inlet) -> tuple[list[ObjectLine], Shortfall]:
    """Read the rows of a JSON file, and why there may be more.

    Raises UsageError if it is no JSON, is one page of several, or has too many rows.
    """
    data = _parsed(content, text(content, inlet.source.encoding), 1)
    last = follow(data, inlet.source.last) if inlet.source.last else None
    waiting = [key for key in inlet.source.more if isinstance(data, Mapping) and data.get(key)]
    waiting += [inlet.source.last] if last not in (None, True) else []
    if waiting:
        hint = f"export all of them into one file: preuve fill --show {inlet.id}"
        raise UsageError(f"{content.name} is one page of several ({waiting[0]})", hint)
    found: list[ObjectLine] = []
    for above in _rows(content, data, inlet.source.rows):
        if len(found) == MOST_ROWS:
            raise UsageError(f"{content.name} has more than {MOST_ROWS} rows", "export what the register needs")
        found.append(ObjectLine(len(found) + 1, above))
    total = follow(data, inlet.source.total) if inlet.source.total else None
    if inlet.source.last and total is None:
        proved = last is True
    else:
        _check_total(content, inlet, total, len(found))
        proved = True
    if not _is_whole(data, inlet):
        return found, Shortfall.PARTIAL
    return found, Shortfall.NONE if proved else Shortfall.UNPROVED


def _check_total(content: Content, inlet: Inlet, total: Any, rows: int) -> None:
    """Raise UsageError if a file states another number of rows than it has, or should state a number and does not."""
    if inlet.source.total and total != rows:
        hint = f"export all of them into one file: preuve fill --show {inlet.id}"
        raise UsageError(f"rows in {content.name}: {rows}; {inlet.source.total} says {total}", hint)


def _is_whole(data: Any, inlet: Inlet) -> bool:
    """Return whether everything that a file says of its tool's run has a value of a run that read everything."""
    return all(_has(data, path, allowed) for path, allowed in inlet.source.whole.items())


def _has(value: Any, path: str, allowed: Sequence[str]) -> bool:
    before, opens, rest = path.partition("[]")
    here = follow(value, before) if before else value
    if not opens:
        return ("" if here in (None, [], {}) else str(here).casefold()) in allowed
    if rest.startswith("?") and here in (None, []):
        return True
    return isinstance(here, list) and here != [] and all(_has(item, rest.lstrip("?."), allowed) for item in here)


def jsonl_lines(content: Content, inlet: Inlet) -> tuple[list[ObjectLine], list[Refusal]]:
    """Read the rows of a file with an object on each line, and the lines that are no objects.

    Raises UsageError if there are too many.
    """
    found: list[ObjectLine] = []
    refused: list[Refusal] = []
    for number, line in enumerate(text(content, inlet.source.encoding).split("\n"), 1):
        if not line.strip():
            continue
        if len(found) >= MOST_ROWS:
            raise UsageError(f"{content.name} has more than {MOST_ROWS} rows", "export what the register needs")
        try:
            data = _parsed(content, line, number)
        except UsageError:
            refused.append(Refusal(number, "", "no_json"))
            continue
        found += [ObjectLine(number, above) for above in _rows(content, data, inlet.source.rows)]
    return found, refused


def _parsed(content: Content, found: str, first: int) -> Any:
    try:
        return json.loads(found, object_pairs_hook=_object, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        at = f"{content.name}:{first + error.lineno - 1}:{error.colno}"
        raise UsageError(f"{at}: it is not JSON", "export it again") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{content.name}: it is JSON that cannot be read: {cause(error)}", "export it again"
        ) from error


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise UnfitError(f"the key {next(name for name in names if names.count(name) > 1)!r} appears twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise UnfitError(f"{constant} is no number")


def _rows(content: Content, data: Any, path: str) -> Iterator[tuple[Any, ...]]:
    """Yield each row below the objects that contain it. A required list that is missing does not count as an
    empty one.
    """
    if not path:
        yield from ((item,) for item in (data if isinstance(data, list) else [data]))
        return
    one = path.startswith("[]") and not isinstance(data, list)  # a line of JSON Lines, or a list of one without its []
    yield from _below(content, ([data] if one else data,), path.split("."))


def _below(content: Content, above: tuple[Any, ...], steps: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    if not steps:
        yield above
        return
    step, rest = steps[0].removesuffix("?"), steps[1:]
    name, here = step.removesuffix("[]"), above[-1]
    inner = (here.get(name) if isinstance(here, Mapping) else None) if name else here
    if step != steps[0] and inner in (None, []):
        yield from _below(content, (*above, None), rest)
        return
    if not step.endswith("[]"):
        yield from _below(content, (*above[:-1], inner), rest)
        return
    if not isinstance(inner, list):
        raise UsageError(f"{content.name} has no list {steps[0]}", "it is a file of another tool, or it is cut off")
    for item in inner:
        yield from _below(content, (*above, item) if name else (*above[:-1], item), rest)
