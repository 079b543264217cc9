"""Where the value of a property comes from: the parameters and mappings of its template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.language.templates.parameters import parameters_of
from preuve.collect.code.language.templates.source import Block

_SECTIONS = ("Parameters", "Mappings")
_NUMBER = re.compile(r'"(-?[0-9]+(?:\.[0-9]+)?)"')
_REMOVED = "[removed: "
_MOST = 3


@dataclass(frozen=True)
class Inputs:
    """The sources of a template's values."""

    file: str
    lines: Mapping[str, int]  # by name
    numbers: frozenset[str]  # the parameters that are numbers

    @classmethod
    def of(cls, template: Block, file: str) -> Inputs:
        """Return those of a template."""
        sections = [part for name in _SECTIONS if isinstance(part := template.get(name), Block)]
        bodies = {name: body for part in sections for name, body in part.items() if isinstance(body, Block)}
        lines = {name: part.lines.get(name, part.line) for part in sections for name in part}
        return cls(file, lines, frozenset(name for name, body in bodies.items() if body.get("Type") == "Number"))

    def behind(self, written: Any) -> str:
        """Return the sources of a value that a function makes, each with its line; "" for a literal."""
        found = list(dict.fromkeys(parameters_of(written, self.lines, {}))) if isinstance(written, Block) else []
        told = [f"{name} ({self.file}:{self.lines[name]})" for name in sorted(found)[:_MOST]]
        return ", ".join([*told, "…"] if len(found) > _MOST else told)

    def plain(self, written: Any, text: str) -> str:
        """Return the text of a value, without quotes if it is that of a parameter that is a number."""
        number = _NUMBER.fullmatch(text)
        named = written.get("Ref") if isinstance(written, Block) else None
        return number[1] if number and named in self.numbers else text


def may_be_told(text: str) -> bool:
    """Return whether the origin of a value may be shown: the value exists and is no secret, which would be elsewhere
    then.
    """
    return bool(text) and not text.startswith(_REMOVED)
