"""The last check before a bundle is closed: no file and no path contains a secret, an address or a known name.

Files with data that was read, or that the workspace added, must contain no name at all. The others mix data with our
own texts, from words to style sheets: there, a name counts unless all its words occur in our texts.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from preuve.library.json_data import texts
from preuve.redact.code import Detecting, left_in_tags, none_found
from preuve.redact.forms import certain
from preuve.redact.identifiers.addresses import has_address, likely_parts
from preuve.redact.known_names import KnownNames
from preuve.redact.redactor import nameless, remaining
from preuve.redact.spelling import plain

PERSON, ADDRESS = "name of a person", "e-mail address"  # beside `secret (…)`
_OF_CODE = "iac"  # the folder of facts about code
_MARKUP = frozenset({".html", ".xml"})
_PACKED = frozenset({".xlsx", ".zip"})
_PART = 1 << 18  # characters of one part
_ROW = "</row>"
_PLACE = re.compile(r'<c r="[A-Z]{1,3}[0-9]{1,7}"')  # the reference of a cell: unique and harmless
_OPAQUE = frozenset({".pdf", ".tsr"})  # a PDF repeats the page beside it, which is inspected
# Where a text may be cut: no match crosses such a place.
_CUTS = dict.fromkeys((*_MARKUP, *_PACKED), "<") | dict.fromkeys((".json", ".jsonl"), ',"')
_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\[nrtbf](?= {0,3}@)")  # of a line, in JSON: its letter is part of no address
_VALUES = ""  # in place of a cut: what JSON holds
_KEPT = 1 << 22  # characters of pieces that are remembered


@dataclass(frozen=True)
class Leak:
    """A place that must not be sealed, and the kind of what was found (never its value); line 0 is the whole file or
    its path. `Inspector.masked` makes the path presentable.
    """

    file: str
    line: int
    what: str


@dataclass
class _Pieces:
    """Parts of texts, or values, in which nothing was found: most of them recur in other files."""

    _clean: set[str] = field(default_factory=set)
    _size: int = 0

    def new(self, pieces: Iterable[str]) -> Sequence[str]:
        """Return the pieces that were not seen before, each once."""
        return [piece for piece in dict.fromkeys(pieces) if piece not in self._clean]

    def learn(self, pieces: Sequence[str]) -> None:
        """Remember pieces in which nothing was found."""
        if self._size > _KEPT:
            self._clean.clear()
            self._size = 0
        self._clean.update(pieces)
        self._size += sum(map(len, pieces))


@dataclass(frozen=True)
class Inspector:
    """Searches the files of a bundle. `facts` is the folder whose JSON contains values as they were read."""

    folder: Path
    facts: str
    content: str  # the bundled content: our own, and full of examples
    names: KnownNames
    detecting: Detecting = none_found  # what the checks of code find in a text
    # By the pattern that cut them, and whether they are data.
    _seen: Mapping[tuple[str, bool], _Pieces] = field(default_factory=lambda: defaultdict(_Pieces))

    def leaks(self) -> Iterator[Leak]:
        """Yield everything that must not be sealed, in the order of the files."""
        files = {path.relative_to(self.folder).as_posix(): path for path in sorted(self.folder.rglob("*"))}
        own = {name: path for name, path in files.items() if path.is_file() and self._is_own(name)}
        yield from self._in_paths(list(own))
        for name, path in own.items():
            if path.suffix not in _OPAQUE:
                found: dict[str, int] = {}
                for line, what in self._what(path, name):
                    found.setdefault(what, line)
                yield from (Leak(name, line, what) for what, line in sorted(found.items()))

    def _is_own(self, name: str) -> bool:
        return name.startswith(f"{self.content}/workspace/") or not name.startswith(f"{self.content}/")

    def _is_data(self, name: str) -> bool:
        return name.startswith((f"{self.facts}/", f"{self.content}/"))

    def _in_paths(self, names: Sequence[str]) -> Iterator[Leak]:
        """Yield the paths with a leak; all paths are searched together first, since few have one."""
        if self.holds("\n".join(names)):
            found = ((name, set(self._in_text(name, data=self._is_data(name)))) for name in names)
            yield from (Leak(name, 0, what) for name, kinds in found for what in sorted(kinds))

    def masked(self, text: str) -> str:
        """Return a text without what must not be sealed; "" if that part cannot be isolated."""
        masked = nameless(self.names.masked(text))
        return "" if self.holds(masked) else masked

    def holds(self, text: str) -> bool:
        """Return whether a text contains something that must not be sealed."""
        return any(self._in_text(text))

    def holds_value(self, value: str) -> bool:
        """Return whether a value of a snapshot contains something that must not be sealed."""
        return self.holds(value) or bool(_in_leaf(value))

    def kinds(self, text: str) -> set[str]:
        """Return the kinds of what must not be sealed in a text, in the words of a leak."""
        return set(self._in_text(text))

    def _what(self, path: Path, name: str) -> Iterator[tuple[int, str]]:
        """Yield the detectors that match in a file, with the line, or 0 without one."""
        data = self._is_data(name)
        if path.suffix in _PACKED:
            yield from ((0, what) for what in self._in_archive(path))
            return
        for first, text in _parts(path):
            if self._unclean(text, path.suffix, data=data):
                yield from self._in_lines(first, _read(text, path.suffix), data=data)
        if name.startswith(f"{self.facts}/"):
            for number, text in _documents(path):
                document = json.loads(text)
                yield from ((number, what) for what in self._in_values(document))
                if name.startswith(f"{self.facts}/{_OF_CODE}/"):
                    yield from ((number, f"secret ({kind})") for kind in left_in_tags(document, self.detecting))

    def _in_values(self, document: Any) -> Iterator[str]:
        """Yield the matches in the values of a document; most values recur in the next one."""
        new = self._seen[_VALUES, True].new(texts(document))
        if found := [kind for leaf in new for kind in _in_leaf(leaf)]:
            yield from (f"secret ({kind})" for kind in found)
        else:
            self._seen[_VALUES, True].learn(new)

    def _in_archive(self, path: Path) -> Iterator[str]:
        with zipfile.ZipFile(path) as packed:
            for member in packed.namelist():
                with packed.open(member) as opened:
                    for text in _rows(io.TextIOWrapper(opened, "utf-8", "replace", newline="")):
                        if self._unclean(text, path.suffix, data=False):
                            yield from self._in_text(_read(text, path.suffix), data=False)

    def _unclean(self, text: str, kind: str, *, data: bool) -> bool:
        """Return whether a file of some kind may contain a leak, judged by its new pieces."""
        if kind not in _CUTS:
            return True
        cut = _CUTS[kind]
        seen = self._seen[cut, data]
        new = seen.new(text.split(cut))
        if any(self._in_text(_read(cut.join((*new, "")), kind), data=data)):
            return True
        seen.learn(new)
        return False

    def _in_lines(self, first: int, text: str, *, data: bool) -> Iterator[tuple[int, str]]:
        lines = text.split("\n")
        for what in self._in_text(text, data=data):
            alone = (number for number, line in enumerate(lines, first) if what in self._in_text(line, data=data))
            yield next(alone, first), what

    def _in_text(self, text: str, *, data: bool = True) -> Iterator[str]:
        read = plain(text)  # mostly one byte per letter, which is searched faster
        yield from (f"secret ({kind})" for kind in certain(text, read))
        likely = '"'.join(dict.fromkeys(likely_parts(text)))  # no spelling of an address has this sign
        if likely and has_address(_BREAK.sub(r"\1\n", likely)):
            yield ADDRESS
        if self.names.stand_in(text, read) if data else self.names.stand_in_ours(text, read):
            yield PERSON


def _read(text: str, kind: str) -> str:
    """Decode a text as a program that opens the file would."""
    return html.unescape(text) if kind in _MARKUP or kind in _PACKED else text


def _parts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a file in parts of whole lines, with the number of the first line, so that memory stays bounded. Each part
    begins with the previous line, because a secret may be on the line below its name.
    """
    last, first = "", 1
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        while lines := file.readlines(_PART):
            yield first, last + "".join(lines)
            last, first = lines[-1], first + len(lines) + (0 if last else -1)


def _rows(sheet: TextIO) -> Iterator[str]:
    """Yield a sheet, which is one long line, in parts of whole rows: no cell continues in the next row."""
    rest = ""
    while read := sheet.read(_PART):
        rows, _, rest = (rest + read).rpartition(_ROW)
        yield _PLACE.sub("<c", rows.replace(_ROW, " "))
    yield rest


def _documents(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the JSON documents in a file of facts, each with its line."""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        yield from enumerate(file, 1) if path.suffix == ".jsonl" else [(0, file.read())]


def _in_leaf(leaf: str) -> Sequence[str]:
    return [detector for detector in remaining(leaf) if detector != "address"]  # found in the text of the file, too
