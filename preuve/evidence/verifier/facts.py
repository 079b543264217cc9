"""Whether the last line of the chain agrees with the bundle about its run, and whether the times of the chain
increase.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from .bag import digest_of, open_regular
from .chain import Line
from .info import INFO, contradictions
from .report import Item, broken

RESULTS = "data/08-machine/results.jsonl"
META = "data/08-machine/snapshot/meta.json"
_LONGEST = 1 << 26
# The only form that an audit writes: verify.sh and verify.ps1 read these members by the same text, and refuse another.
_INTEGER = r"(?:0|[1-9][0-9]{0,14})"
_PLAIN = re.compile(rb"[ -~]+\n")
_HEAD = re.compile(
    rf'\{{(?:"examined":{_INTEGER},)?"incomplete":({_INTEGER}),"kind":"run","now":"([^"\\]*)"[,}}]'.encode()
)
_AGAIN = re.compile(rb'"(?:incomplete|kind|now)":')
# How a finding ends. Its kind is looked for in what comes before: with both in one pattern, each kind that a hostile
# line has would read the rest of it again.
_END = re.compile(
    rb',"severity":"(critical|high|info|low|medium)",(?:"source":"[a-z]+",)?"status":"([A-Z_]+)"'
    rb'(?:,"waiver":"(?:[^"\\]|\\.)*")?\}\Z'
)
_KIND = re.compile(rb'"kind":"[a-z]+"')
_MARK = re.compile(rb'(?m)^ "demonstration": (true|false),?$')
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TIME_FORM = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z")
_SKEW = timedelta(minutes=10)  # between clocks of machines with one chain


def check(folder: Path, lines: Sequence[Line]) -> list[Item]:
    """Return what contradicts the last line, in a bundle whose files match its manifests."""
    own = lines[-1]
    try:
        found = _results(folder / RESULTS)
        marks = demonstration_marks(folder)
    except OSError as error:
        return [broken("file_unreadable", file=error.filename or RESULTS, error=error.strerror or error)]
    if found is None or None in marks.values():
        return [broken("other_form", file=RESULTS if found is None else META)]
    # A line of an earlier version does not have the failures by severity.
    told = [(RESULTS, name, value) for name, value in found.items() if name != "failing" or name in own.data]
    told += [(file, "demonstration", mark) for file, mark in marks.items()]
    items = [
        broken("chain_contradicts", number=own.number, name=name, said=said, file=file, found=_text(value))
        for file, name, value in told
        if (said := _text(own.data.get(name))) != _text(value)
    ]
    return [*items, *contradictions(folder, own, RESULTS, found["time"]), *_order(lines)]


def demonstration_marks(folder: Path) -> dict[str, bool | None]:
    """Return which of the files that can mark a bundle as of an emulated account do so; None: not in the form that an
    audit writes.
    """
    with open_regular(folder / INFO) as file:
        marks: dict[str, bool | None] = {INFO: b"Demonstration: true" in file.read(_LONGEST).split(b"\n")}
    if (folder / META).is_file():
        with open_regular(folder / META) as file:
            said = _MARK.findall(file.read(_LONGEST))
        marks[META] = said[0] == b"true" if len(said) == 1 else None
    return marks


def _results(path: Path) -> dict[str, object] | None:
    """Compute from the results what a line of the chain has about them; None if a line has another form."""
    counts: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    lines = _lines(path)
    first = next(lines, b"")
    head = _HEAD.match(first)
    if not head or _AGAIN.search(first, head.end()):
        return None
    for line in lines:
        if found := _finding(line):
            severity, status = found
            counts[status] += 1
            failing[severity] += status == "FAIL"
        elif b'"kind":"finding"' in line or not _is_other(line):
            return None
    return {
        "results": digest_of(path),
        "time": head[2].decode(),
        "incomplete": int(head[1]),
        "counts": dict(counts),
        "failing": {name: number for name, number in failing.items() if number},
    }


def _finding(line: bytes) -> tuple[str, str] | None:
    """Return the severity and the status of a finding; None for a line that is no finding in the form of an audit."""
    end = _END.search(line)
    if end is None or b'"kind":"finding",' not in line[: end.start() + 1]:
        return None
    return end[1].decode(), end[2].decode()


def _is_other(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}") and _KIND.search(line) is not None


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines. A line that does not end, or that has a character outside printable ASCII, becomes an empty one,
    which has no form.
    """
    with open_regular(path) as file:
        while raw := file.readline(_LONGEST):
            yield raw[:-1] if _PLAIN.fullmatch(raw) else b""


def _text(value: object) -> str:
    """Return a value in a distinct text form: so true does not equal 1."""
    try:
        return json.dumps(value, sort_keys=True) if not isinstance(value, str) else value
    except RecursionError:
        return "?"


def _order(lines: Sequence[Line]) -> Iterator[Item]:
    """Yield lines written before a time that was in the chain already. A scan does not record when it was written: its
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
    """Return the sentence about a line written before another, or before its own run."""
    if line is before:
        return broken("chain_closed_early", number=line.number, time=time, earlier=earlier)
    return broken("chain_order", number=line.number, time=time, before=before.number, earlier=earlier)


def _moment(text: str) -> datetime | None:
    """Read a time in the only form that a line of the chain may have."""
    try:
        return datetime.strptime(text, _TIME) if _TIME_FORM.fullmatch(text) else None
    except ValueError:
        return None
