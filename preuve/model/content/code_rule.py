"""Rules of our own for code, and what a check says where it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from preuve.model.content.text import Text
from preuve.model.errors import Position

_NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class CodeRule:
    """A rule of our own for code, its `${params.<id>}` not filled in yet: a Checkov custom policy as data, or the name
    of a judgement with its parameters."""

    id: str
    name: str
    category: str
    definition: Mapping[str, Any]  # empty if a judgement decides
    position: Position
    judgement: Mapping[str, Any] | None = None  # `ask` names it, the other keys are its parameters
    instead_of: tuple[str, ...] = ()  # checks of Checkov's that are not asked of Terraform beside this rule
    provider: str = "aws"  # aws: Terraform | dockerfile | github_actions
    also: tuple[str, ...] = ()  # further kinds of code that its judgement examines
    when: Mapping[str, Any] | None = None  # a definition; blocks that do not fit get no result
    unseen: Mapping[str, Any] | None = None  # a definition; if it holds, a pass depends on something outside the code
    examples: frozenset[str] = frozenset()  # which of pass.tf and fail.tf exist
    message: CheckText | None = None  # its own texts for a failure
    digest: str = ""

    @cached_property
    def text(self) -> str:
        """All that it requires, as one text: each run judges by it more than once."""
        return json.dumps([self.definition, self.judgement, self.when, self.unseen], default=str)


@dataclass(frozen=True)
class Cause:
    """What a check says if one of some values decided. A text that is not given is that of the check."""

    at: tuple[str, ...]  # ends of the paths of these values: `environment.privileged_mode`
    has: str = ""  # an item that the value, a list with commas, must have; "" for any value
    why: Text | None = None
    asks: Mapping[str, Text] = field(default_factory=dict)

    def is_told(self, observed: Mapping[str, Any]) -> bool:
        """Return whether one of these values is among those that decided."""
        return any(map(self._is_told, observed, observed.values()))

    def _is_told(self, name: str, value: Any) -> bool:
        path = f".{_NUMBER.sub('', name)}"
        there = any(path.endswith(f".{end}") for end in self.at)
        items = str(value).partition(" ← ")[0].split(", ")  # without the names of variables that the value comes from
        return there and (not self.has or self.has in items)


@dataclass(frozen=True)
class CheckText:
    """The texts of a check of code for a failure."""

    why: Text  # a sentence without its full stop
    position: Position
    # Kind of code -> attribute and value, `${params.<id>}` as is.
    asks: Mapping[str, Text] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()  # for a check that several values can fail, the text for each

    def of(self, number: int) -> CheckText:
        """Return the texts for one of the causes; those of the check itself for a number that no cause has."""
        if not 0 <= number < len(self.causes):
            return self
        cause = self.causes[number]
        return replace(self, why=cause.why or self.why, asks={**self.asks, **cause.asks}, causes=())
