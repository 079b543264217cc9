"""Whether the last line of the chain says of its run what the bundle says, and whether the times of the chain go on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .bag import digest_of, open_regular
from .chain import Line
from .info import INFO, contradictions
from .report import Item, broken

RESULTS = "data/08-machine/results.jsonl"
META = "data/08-machine/snapshot/meta.json"
_LONGEST = 1 << 26
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TIME_FORM = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z")
_SKEW = timedelta(minutes=10)  # between clocks of machines with one chain


def check(folder: Path, lines: Sequence[Line]) -> list[Item]:
    """Return what contradicts the last line in a bundle whose files are as its manifests say."""
    own = lines[-1]
    try:
        found = _results(folder / RESULTS)
        marks = demonstration_marks(folder)
    except OSError as error:
        return [broken("file_unreadable", file=error.filename or RESULTS, error=error.strerror or error)]
    except (ValueError, RecursionError) as error:
        return [broken("file_unreadable", file=RESULTS, error=type(error).__name__)]
    # A line of an earlier version does not tell what fails by severity.
    told = [(RESULTS, name, value) for name, value in found.items() if name != "failing" or name in own.data]
    told += [(file, "demonstration", mark) for file, mark in marks.items()]
    items = [
        broken("chain_contradicts", number=own.number, name=name, said=said, file=file, found=_text(value))
        for file, name, value in told
        if (said := _text(own.data.get(name))) != _text(value)
    ]
    return [*items, *contradictions(folder, own, RESULTS, found["time"]), *_order(lines)]


def demonstration_marks(folder: Path) -> dict[str, bool]:
    """Return which of the files that can mark a bundle as of an emulated account do so."""
    with open_regular(folder / INFO) as file:
        marks = {INFO: b"Demonstration: true" in file.read(_LONGEST).split(b"\n")}
    if (folder / META).is_file():
        with open_regular(folder / META) as file:
            marks[META] = _object(file.read(_LONGEST)).get("demonstration") is True
    return marks


def _results(path: Path) -> dict[str, object]:
    """Read what a line of the chain says of its results from the results."""
    counts: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    head: Mapping[str, Any] = {}
    for data in _lines(path):
        head = head or data
        if data.get("kind") == "finding":
            counts[str(data.get("status"))] += 1
            failing[str(data.get("severity"))] += data.get("status") == "FAIL"
    return {
        "results": digest_of(path),
        "time": head.get("now"),
        "incomplete": head.get("incomplete"),
        "counts": dict(counts),
        "failing": {name: number for name, number in failing.items() if number},
    }


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with open_regular(path) as file:
        while raw := file.readline(_LONGEST):
            yield _object(raw)


def _object(raw: bytes) -> Mapping[str, Any]:
    data = json.loads(raw.decode("utf-8"))
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _text(value: object) -> str:
    """Return a value in one form: so that true is not 1."""
    try:
        return json.dumps(value, sort_keys=True) if not isinstance(value, str) else value
    except RecursionError:
        return "?"


def _order(lines: Sequence[Line]) -> Iterator[Item]:
    """Yield lines written before a time that was in the chain already. A scan does not say when it was written: its
    time is that of its snapshot, and another run may have come first.
    """
    latest: tuple[datetime, Line, str] | None = None
    for line in lines:
        scanned = line.data.get("kind") == "scan"
        for name in ("time", "sealed"):
            if not (text := line.text(name)):
                continue
            if (moment := _moment(text)) is None:
                yield broken("chain_undated", number=line.number, time=text)
                continue
            written = not scanned and (name == "sealed" or not line.text("sealed"))
            if written and latest and moment < latest[0] - _SKEW:
                yield _late(line, text, latest[1], latest[2])
            if latest is None or moment > latest[0]:
                latest = moment, line, text


def _late(line: Line, time: str, before: Line, earlier: str) -> Item:
    """Return what is said of a line written before another, or before its own run."""
    if line is before:
        return broken("chain_closed_early", number=line.number, time=time, earlier=earlier)
    return broken("chain_order", number=line.number, time=time, before=before.number, earlier=earlier)


def _moment(text: str) -> datetime | None:
    """Read a time in the only form that a line of the chain has."""
    try:
        return datetime.strptime(text, _TIME) if _TIME_FORM.fullmatch(text) else None
    except ValueError:
        return None
