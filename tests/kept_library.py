"""The installed content, read once in a process of tests: every command reads it, and it is the same for all of them.

What a workspace adds is read anew each time, and so is a copy of the content, which tests change.
"""

from __future__ import annotations

from preuve.library import load
from preuve.library.load import Reader
from preuve.library.parsed import Parsed
from preuve.library.yaml.place import content_root
from preuve.model.content import Library


def install() -> None:
    """Let this process keep what it has read."""
    read, installed = load._read, content_root()
    kept: dict[bool, tuple[Library, Reader]] = {}

    def once(reader: Reader) -> Library:
        if reader.root != installed or not isinstance(reader._open, Parsed):
            return read(reader)
        if reader.validate not in kept:
            kept[reader.validate] = (read(reader), reader)
        library, first = kept[reader.validate]
        reader.files, reader.problems = [*first.files], [*first.problems]
        return library

    load._read = once
