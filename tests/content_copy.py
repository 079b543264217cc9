"""The bundled content, loaded once for a test session, and copies of it that a test may break."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from preuve.library.load import load_library
from preuve.library.validation.lint import LintResult, lint
from preuve.library.yaml.place import content_root
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


@dataclass(frozen=True)
class Broken:
    """One edit of real content: the text at which the problem is reported ("" for the file's own place), and its
    message.
    """

    file: str
    old: str
    new: str
    needle: str
    message: str
    hint: str = ""


class ContentCopy:
    """A copy of the content, or of some folders of it, in a temporary folder."""

    def __init__(self, root: Path, *folders: str) -> None:
        self.root = root
        for folder in folders or FOLDERS:
            shutil.copytree(content_root() / folder, root / folder)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` of a file, which must contain it."""
        text = self.read(name)
        assert old in text, f"{name} does not hold {old!r}"
        self.write(name, text.replace(old, new, 1))

    def find(self, name: str, needle: str) -> Position:
        """Return the place of a text that occurs exactly once in the file."""
        text = self.read(name)
        assert text.count(needle) == 1, f"{name} holds {needle!r} {text.count(needle)} times"
        start = text.index(needle)
        line_start = text.rfind("\n", 0, start) + 1
        return Position(name, text.count("\n", 0, start) + 1, start - line_start + 1)

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.root / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        """Write a file, in place of an existing one."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
