"""Rows of JSON and JSON Lines files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from preuve.collect.inlets.content import MOST_ROWS, Content, text
from preuve.collect.inlets.lines import Line, ObjectLine, follow
from preuve.model.company.inlet import Inlet, Refusal, Shortfall
from preuve.model.errors import UnfitError, UsageError
from preuve.system.causes import cause

_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class ReadRows:
    """The rows of a file, and what is known of those that it may lack."""

    lines: Sequence[Line]
    refused: Sequence[Refusal] = ()  # lines that are no rows
    short: Shortfall = Shortfall.NONE
    notices: Sequence[tuple[str, Any]] = ()  # keys at its top that the inlet does not know, with their values


def json_lines(content: Content, inlet: Inlet) -> ReadRows:
    """Read the rows of a JSON file: one answer of a tool, or a list of its pages.

    Raises UsageError if it is no JSON, is not all pages of one list, or has too many rows.
    """
    source = inlet.source
    data = _parsed(content, text(content, source.encoding), 1)
    pages = data if isinstance(data, list) and _is_paged(inlet) else [data]
    _check_pages(content, inlet, pages)
    found: list[ObjectLine] = []
    refused: list[Refusal] = []
    number, totals = 0, []
    for page in pages:
        before = number
        for number, above in enumerate(_rows(content, page, source.rows), before + 1):
            if number > MOST_ROWS:
                raise UsageError(f"{content.name} has more than {MOST_ROWS} rows", "export what the register needs")
            if _is_row(above[-1], source.rows):
                found.append(ObjectLine(number, above))
            else:
                refused.append(Refusal(number, "", "no_object"))
        total = follow(page, source.total) if source.total else None
        if source.total and not (total is None and (source.last or source.more)):
            totals.append((total, number - before))
    for total, own in totals:
        if total != own:  # Microsoft Graph counts the rows of each page, Jira those of all
            _check_total(content, inlet, total, number)
    proved = not source.last or bool(totals) or any(follow(page, source.last) is True for page in pages)
    notices = [item for page in pages for item in _unknown(page, inlet)]
    return ReadRows(found, refused, _short(pages, inlet, notices, proved=proved), notices)


def _is_paged(inlet: Inlet) -> bool:
    """Return whether the answers of a tool are objects that say whether others follow."""
    return _first(inlet.source.rows) != "" and bool(inlet.source.more or inlet.source.last)


def _check_pages(content: Content, inlet: Inlet, pages: Sequence[Any]) -> None:
    """Raise UsageError unless exactly one page is the last."""
    source = inlet.source
    waiting = []
    for page in pages:
        known = page if isinstance(page, Mapping) else {}
        last = follow(page, source.last) if source.last else None
        waiting.append([*filter(known.get, source.more), *([source.last] if last not in (None, True) else [])])
    ends = sum(not keys for keys in waiting)
    again = f"save the pages of one export in an empty folder: preuve fill --show {inlet.id}"
    links = [page[key] for page, keys in zip(pages, waiting, strict=True) for key in keys if key in source.more]
    onward = [link for link in links if isinstance(link, str)]
    if len(onward) != len(set(onward)):  # what leads to a page leads to one
        raise UsageError(f"{content.name} has the same page twice", again)
    if not ends:
        hint = f"export all of them into one file: preuve fill --show {inlet.id}"
        key = next((keys[0] for keys in waiting), "[]")
        raise UsageError(f"{content.name} is one page of several ({key})", hint)
    if ends > 1:
        raise UsageError(f"{content.name} has {ends} pages that are the last one", again)


def _short(pages: Sequence[Any], inlet: Inlet, notices: Sequence[tuple[str, Any]], *, proved: bool) -> Shortfall:
    if not all(_is_whole(page, inlet) for page in pages):
        return Shortfall.PARTIAL
    if notices:
        return Shortfall.NOTICE
    return Shortfall.NONE if proved else Shortfall.UNPROVED


def _unknown(data: Any, inlet: Inlet) -> Iterator[tuple[str, Any]]:
    """Yield each key at the top of an answer that has a value and that the inlet neither reads nor lists: it may say
    that rows are missing.
    """
    source = inlet.source
    if not _first(source.rows) or not isinstance(data, Mapping):
        return
    read = (source.rows, source.total, source.last, *source.more, *source.whole)
    known = {*source.members, *read, *map(_first, read)}
    yield from ((key, value) for key, value in data.items() if key not in known and value not in _EMPTY)


def _first(path: str) -> str:
    """Return the first key of a path; empty where it begins with a list."""
    return path.partition(".")[0].partition("[")[0]


def _check_total(content: Content, inlet: Inlet, total: Any, rows: int) -> None:
    """Raise UsageError if a file states another number of rows than it has, or should state a number and does not."""
    if total != rows:
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


def jsonl_lines(content: Content, inlet: Inlet) -> ReadRows:
    """Read the rows of a file with an object on each line, and the lines that are no objects.

    Raises UsageError if there are too many.
    """
    found: list[ObjectLine] = []
    refused: list[Refusal] = []
    notices: list[tuple[str, Any]] = []
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
        above = list(_rows(content, data, inlet.source.rows))
        for row in above:
            if _is_row(row[-1], inlet.source.rows):
                found.append(ObjectLine(number, row))
            else:
                refused.append(Refusal(number, "", "no_object"))
        notices += _unknown(data, inlet)
    return ReadRows(found, refused, Shortfall.NOTICE if notices else Shortfall.NONE, notices)


def _is_row(entry: Any, path: str) -> bool:
    """Return whether an entry of a list is a row; where the list may be missing, None stands for it."""
    return isinstance(entry, Mapping) or (entry is None and path.endswith("?"))


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
