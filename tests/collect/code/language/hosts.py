"""Folders for functions that read files: an empty one, and one in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from preuve.collect.code.language.values.value import Unknown, Value, unknown


@dataclass(frozen=True)
class Folder:
    """Files by path. A template is its text with `{name}` for a variable."""

    files: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes | Unknown:
        return self.files[path] if path in self.files else unknown(why=path)

    def exists(self, path: str) -> bool | Unknown:
        return path in self.files

    def names(self, path: str, pattern: str) -> tuple[str, ...] | Unknown:
        return tuple(name for name in self.files if fnmatch(name, pattern))

    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        return template.format(**variables)
