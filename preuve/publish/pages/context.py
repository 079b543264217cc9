"""The input of each part of the pages, and what the part yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preuve.model.content import Framework
from preuve.model.results import ControlResult
from preuve.publish.site.facts import Site
from preuve.publish.site.views import Facts
from preuve.publish.words.locale import Locale


@dataclass(frozen=True)
class Leaf:
    """A page to write: its template, its path, the part that it belongs to, and its own values."""

    template: str
    page: str
    section: str  # the page of the navigation to which it belongs
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """The assessment and its facts in one language; `files` are papers and tables by their folder in the bundle."""

    facts: Facts
    locale: Locale
    files: Mapping[str, Sequence[str]]

    @property
    def site(self) -> Site:
        """The facts of the site."""
        return self.facts.site

    def frameworks(self) -> Iterator[tuple[str, Framework | None, list[ControlResult]]]:
        """Yield the frameworks that were assessed, with the results of their controls, in the assessment's order."""
        for name, results in self.facts.frameworks.items():
            yield name, self.site.library.frameworks.get(name), results


Part = Callable[[Context], Iterator[Leaf]]
