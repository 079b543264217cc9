"""The installed content, read once in a process of tests: every command reads it, and it is the same for all of them.

Additions of a workspace are read anew each time, and so is a copy of the content, which tests change. The results of
reading its conditions are restored once for each choice of policies, and templates of pages are compiled once.
"""

from __future__ import annotations

from functools import partial
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from preuve.library import load
from preuve.library.load import Reader
from preuve.library.parsed_content import ParsedContent
from preuve.library.yaml.place import content_root
from preuve.model.content import Library, Policy
from preuve.pipeline.run import preparation
from preuve.publish.site.html import templates


def install() -> None:
    """Make this process keep what it has read and compiled."""
    read, installed = load._read, content_root()
    kept: dict[bool, tuple[Library, Reader]] = {}

    def once(reader: Reader) -> Library:
        if reader.root != installed or not isinstance(reader._open, ParsedContent):
            return read(reader)
        if reader.validate not in kept:
            kept[reader.validate] = (read(reader), reader)
        library, first = kept[reader.validate]
        reader.files, reader.problems = [*first.files], [*first.problems]
        return library

    checked, ready = preparation.checked, {}

    def checked_once(library: Library, policies: tuple[Policy, ...]) -> Any:
        if not any(library is one for one, _ in kept.values()):
            return checked(library, policies)
        chosen = (id(library), *map(id, policies))  # which the library keeps, too
        if chosen not in ready:
            ready[chosen] = (policies, checked(library, policies))
        return ready[chosen][1]

    load._read, preparation.checked = once, checked_once
    templates.Environment = partial(Environment, bytecode_cache=_Compiled())  # type: ignore[assignment, misc]


class _Compiled(BytecodeCache):
    """Compiled templates by their path and content."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._codes[bucket.key, bucket.checksum] = bucket.code
