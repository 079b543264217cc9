"""Rules of our own for code, and what a check says where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.model.content.text import Text
from preuve.model.errors import Position


@dataclass(frozen=True)
class CodeRule:
    """A rule of our own for code, its `${params.<id>}` not filled in yet: a Checkov custom policy as data, or the name
    of a judgement with its parameters."""

    id: str
    name: str
    category: str
    definition: Mapping[str, Any]  # empty where a judgement decides
    position: Position
    judgement: Mapping[str, Any] | None = None  # `ask` names it, the rest are its parameters
    instead_of: tuple[str, ...] = ()  # checks of Checkov's that are not asked of Terraform beside this rule
    provider: str = "aws"  # aws: Terraform | dockerfile | github_actions
    also: tuple[str, ...] = ()  # further kinds of code of which its judgement is asked
    when: Mapping[str, Any] | None = None  # a definition; blocks that it does not hold for get no result
    unseen: Mapping[str, Any] | None = None  # a definition; where it holds, a pass rests on what is not in the code
    examples: frozenset[str] = frozenset()  # of pass.tf and fail.tf, those that are there
    digest: str = ""


@dataclass(frozen=True)
class CheckText:
    """The texts of a check of code for a failure."""

    why: Text  # a sentence without its full stop
    position: Position
    asks: Mapping[str, Text] = field(
        default_factory=dict
    )  # kind of code -> attribute and value, `${params.<id>}` as is
