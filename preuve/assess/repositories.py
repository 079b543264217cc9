"""Finds the repositories of a GitHub organization that a workspace excludes, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from preuve.library.glob import compiled
from preuve.model.company.workspace import GitHub, LeftOutRepository, Repositories
from preuve.model.content import GITHUB
from preuve.model.results import Reason
from preuve.model.snapshot import Resource

REPOSITORY = "GitHub::Repository"
LEFT_OUT = "left_out"  # the code of the reason


@dataclass(frozen=True)
class RepositoryScope:
    """The choice that a workspace makes; without one every repository is in scope."""

    github: GitHub | None

    def why_not(self, resource: Resource) -> Reason | None:
        """Return why a repository, or what belongs to one, is left out."""
        if self._choice == Repositories() or not resource.type.lower().startswith(f"{GITHUB}::"):
            return None
        return self.why_not_named(resource.id if resource.type == REPOSITORY else resource.parent)

    def why_not_named(self, name: str) -> Reason | None:
        """Return why the repository of this name is left out; None for "", which is the organization's."""
        why = next((item.reason for pattern, item in self._excluded if pattern.fullmatch(name)), "") if name else ""
        if not why and name and self._only and not any(pattern.fullmatch(name) for pattern in self._only):
            why = self._choice.only.reason if self._choice.only else ""
        return Reason(LEFT_OUT, {"reason": why}) if why else None

    @property
    def _choice(self) -> Repositories:
        return (self.github and self.github.repositories) or Repositories()

    @cached_property
    def _excluded(self) -> list[tuple[re.Pattern[str], LeftOutRepository]]:
        return [(_pattern(item.name), item) for item in self._choice.exclude]

    @cached_property
    def _only(self) -> list[re.Pattern[str]]:
        return [_pattern(name) for name in (self._choice.only.names if self._choice.only else ())]

    def named(self) -> Iterator[str]:
        """Yield the names and patterns of the choice."""
        if self._choice.only:
            yield from self._choice.only.names
        yield from (item.name for item in self._choice.exclude)


def matches(pattern: str, name: str) -> bool:
    """Return whether a name or pattern of the workspace means a repository."""
    return _pattern(pattern).fullmatch(name) is not None


def _pattern(text: str) -> re.Pattern[str]:
    return compiled(text, ignore_case=True)  # GitHub ignores case
