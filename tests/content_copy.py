"""The bundled content, loaded once for a test session, and copies of it that a test may break."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from preuve.library.content import content_root
from preuve.library.lint import LintResult, lint
from preuve.library.load import load_library
from preuve.model.content import Library
from preuve.model.errors import Position

FOLDERS = ("controls", "policies", "scanners", "reports")


@cache
def bundled() -> Library:
    """The bundled content; it must load without a problem."""
    return load_library()


@cache
def linted() -> LintResult:
    """The bundled content checked against botocore's models and against itself."""
    return lint(bundled())


class ContentCopy:
    """A copy of the content in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in FOLDERS:
            shutil.copytree(content_root() / folder, root / folder)

    def edit(self, name: str, old: str, new: str) -> Position:
        """Replace `old`, which must stand in the file exactly once; the place where the text begins to differ."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        start = text.index(old) + _common_prefix(old, new)
        path.write_text(text.replace(old, new), encoding="utf-8")
        line_start = text.rfind("\n", 0, start) + 1
        return Position(name, text.count("\n", 0, start) + 1, start - line_start + 1)

    def write(self, name: str, text: str) -> Path:
        """Write a file, whatever was there."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def _common_prefix(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
