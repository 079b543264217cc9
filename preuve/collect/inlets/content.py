"""Opens a file that a user brings: a plain file of limited size, with text in the expected encoding."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from preuve.model.errors import UsageError
from preuve.system.causes import cause

LARGEST = 50_000_000  # bytes
MOST_ROWS = 100_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Content:
    """The lines of a file, and the day of its last change."""

    name: str
    raw: bytes
    written: date


def read(path: Path) -> Content:
    """Return the bytes of a file. Raises UsageError if it is a link, no plain file, or too large."""
    if path.is_symlink():
        raise UsageError(f"{path} is a link", "name the file itself")
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {cause(error)}", "check its name and its rights") from error
    about = os.fstat(handle)
    if stat.S_ISDIR(about.st_mode):
        os.close(handle)
        raise UsageError(f"{path} is a folder", "name a file in it")
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(about.st_mode):
            raise UsageError(f"{path} is no file", "export the data into a file")
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise UsageError(f"{path} has more than {LARGEST // 1_000_000} MB", "export what the register needs")
    return Content(path.name, raw, datetime.fromtimestamp(about.st_mtime, UTC).date())


def text(content: Content, encoding: str) -> str:
    """Return the text of a file. Raises UsageError with line and byte if it is in another encoding."""
    marked = next((name for mark, name in _MARKS if content.raw.startswith(mark)), encoding)
    try:
        found = content.raw.decode(marked)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        line = content.raw.count(b"\n", 0, at) + 1
        hint = "save it as CSV UTF-8, or name its encoding under source.encoding of an inlet of your own"
        raise UsageError(f"{content.name}:{line}: it is not {marked} (byte {at})", hint) from error
    if "\0" in found:
        raise UsageError(f"{content.name}: it holds a NUL character", "it is not text, or has another encoding")
    return found
