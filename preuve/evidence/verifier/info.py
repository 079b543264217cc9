"""Whether `bag-info.txt` agrees with the rest of the bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .bag import PAYLOAD, TAG_MANIFEST, digest_of, open_regular, walk
from .chain import CHAIN, Line, audits
from .report import Item, broken

INFO = "bag-info.txt"
_LONGEST = 1 << 20
_LINE = re.compile(r"([A-Z][a-z]+(?:-[A-Z][a-z]+)*): ([^\0-\x1f\x7f]*)")  # one spelling: duplicates show
_SIZE = "Payload-Oxum"
_ROOT = "Previous-Root"


def read(folder: Path) -> tuple[dict[str, str], list[Item]]:
    """Read the elements of the file, each name once, and the lines of another form."""
    said: dict[str, str] = {}
    try:
        with open_regular(folder / INFO) as file:
            lines = file.read(_LONGEST).split(b"\n")
    except FileNotFoundError:
        lines = [b""]
    except OSError as error:
        return said, [broken("file_unreadable", file=INFO, error=error.strerror or error)]
    items = [] if not lines.pop() and lines else [broken("info_line", file=INFO, line=len(lines) + 1)]
    for number, line in enumerate(lines, 1):
        try:
            match = _LINE.fullmatch(line.decode())
        except UnicodeDecodeError:
            match = None
        if match is None or match[1] in said:
            items.append(broken("info_line", file=INFO, line=number))
        else:
            said[match[1]] = match[2]
    return said, items


def check(folder: Path) -> list[Item]:
    """Check the form of the file, and its size of `data/`, if the manifests match."""
    said, items = read(folder)
    if items:
        return items
    sizes = [(folder / name).stat().st_size for name in walk(folder).files if name.startswith(PAYLOAD)]
    return list(_otherwise(said, {_SIZE: (f"{sum(sizes)}.{len(sizes)}", PAYLOAD)}))


def contradictions(folder: Path, own: Line, results: str, now: object) -> Iterator[Item]:
    """Yield the differences from the last line of the chain and from the results, which are of the time `now`."""
    said, _ = read(folder)
    of_chain = {name: (own.data.get(name.lower()), CHAIN) for name in ("Period", "Commit")}
    yield from _otherwise(said, {**of_chain, "Bagging-Date": (str(now)[:10], results), "Try-Out": ("", CHAIN)})
    period = re.escape(own.text("period"))
    name = said.get("External-Identifier", "")
    if not re.fullmatch(rf"{period}(\.[1-9][0-9]*)?", name):
        yield _contradiction("External-Identifier", name, own.text("period"), CHAIN)


def compare(folder: Path, lines: Sequence[Line], kept: Path, known: Sequence[Line]) -> Item | None:
    """Return where the file contradicts a kept earlier bundle. Machines that do not share a folder may give the same
    name twice: then another bundle may be meant.
    """
    said, of_kept = read(folder)[0], read(kept)[0]
    shown = {"Previous-Bundle": of_kept.get("External-Identifier", ""), _ROOT: digest_of(kept / TAG_MANIFEST)}
    named = said.get("Previous-Bundle") == shown["Previous-Bundle"]
    if not (named and _in_order(said, lines) and _in_order(of_kept, known)) and said.get(_ROOT) != shown[_ROOT]:
        return None
    return next(_otherwise(said, {name: (value, kept.name) for name, value in shown.items()}), None)


def _in_order(said: Mapping[str, str], lines: Sequence[Line]) -> bool:
    """Return whether the number in a bundle's name counts its period's audits like its chain."""
    period = lines[-1].text("period")
    number = audits(lines, period)
    return said.get("External-Identifier") == (f"{period}.{number}" if number > 1 else period)


def _otherwise(said: Mapping[str, str], known: Mapping[str, tuple[object, str]]) -> Iterator[Item]:
    for name, (value, file) in known.items():
        if said.get(name, "") != value:
            yield _contradiction(name, said.get(name, ""), value, file)


def _contradiction(name: str, said: str, found: object, file: str) -> Item:
    return broken("info_contradicts", name=name, said=said or "-", file=file, found=found or "-")
