"""CODEOWNERS as a forge reads it: which of the files counts, and who owns a path by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.pipeline.push.git import Repository

NAME = "CODEOWNERS"
# Where each forge looks; the first existing file counts, and the others are ignored.
_ORDERS: Mapping[str, Sequence[str]] = {
    "github": (f".github/{NAME}", NAME, f"docs/{NAME}"),
    "gitlab": (NAME, f"docs/{NAME}", f".gitlab/{NAME}"),
}
PLACES = tuple(dict.fromkeys(place for order in _ORDERS.values() for place in order))
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?")  # of GitLab: a name, and how many must approve
_PARTS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_PART = re.compile("|".join(map(re.escape, _PARTS)))


def in_force(repository: Repository) -> list[Path]:
    """Return the file that the forge of a repository reads; for an unknown forge, the files that each forge
    would read.
    """
    found = (_first(repository.top, order) for order in _orders(repository))
    return list(dict.fromkeys(filter(None, found)))


def _orders(repository: Repository) -> Iterator[Sequence[str]]:
    url = dict(repository.git.settings).get("remote.origin.url", "").casefold()
    named = [order for forge, order in _ORDERS.items() if forge in url]
    yield from named or _ORDERS.values()


def _first(top: Path, order: Sequence[str]) -> Path | None:
    return next((top / place for place in order if (top / place).is_file()), None)


@dataclass(frozen=True)
class _Line:
    """A pattern with its owners, who may be none, in a section."""

    section: str
    pattern: re.Pattern[str]
    owned: bool


def owns(path: Path, name: str) -> bool:
    """Return whether a file names an owner of the path `name`, from the top of the repository. In each section the last
    matching line counts, even one without an owner.
    """
    last: dict[str, bool] = {}
    for line in _lines(path.read_text(encoding="utf-8", errors="replace")):
        if line.pattern.fullmatch(name):
            last[line.section] = line.owned
    return any(last.values())


def _lines(text: str) -> Iterator[_Line]:
    section, default = "", False
    for line in text.splitlines():
        said = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if found := _SECTION.match(said):
            section, default = found[0], bool(said[found.end() :].strip())
        elif said:
            pattern, *owners = said.split()
            yield _Line(section, _compiled(pattern), bool(owners) or default)


def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in the syntax of .gitignore: one with a slash before its end begins at the top."""
    body = pattern.strip("/")
    above = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    flat = "/" in pattern.rstrip("/") and body.rpartition("/")[2] == "*"  # the direct contents of a folder
    below = "/.*" if pattern.endswith("/") else "" if flat else "(?:/.*)?"
    parts, at = "", 0
    for found in _PART.finditer(body):
        parts += re.escape(body[at : found.start()]) + _PARTS[found[0]]
        at = found.end()
    return re.compile(above + parts + re.escape(body[at:]) + below)
