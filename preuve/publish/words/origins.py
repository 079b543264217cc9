"""The origin of the resources in a paper. It must not make statements about AWS for GitHub, registers or code, and no
statement about sources that were not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from preuve.model.content import AWS, GITHUB
from preuve.model.results import Finding
from preuve.publish.words.locale import Locale

REGISTER, CHAIN, CODE = "register", "chain", "code"
_CHAIN_OF_RUNS = "Register::ChainOfRuns"  # preuve maintains it, not the company
_ALL = (AWS, GITHUB, REGISTER, CHAIN, CODE)


class _ListingGroup(Protocol):
    """A listing, or several of one type in one place."""

    @property
    def type(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def unread(self) -> object: ...  # why it was not read; empty if it was


def origin(type_: str) -> str:
    """Return the kind of source that resources of a type come from."""
    return CHAIN if type_ == _CHAIN_OF_RUNS else type_.partition("::")[0].lower()


def sources(listings: Iterable[_ListingGroup], findings: Iterable[Finding]) -> list[str]:
    """Return the kinds of sources that were read: the listed ones, and code if something was found in it."""
    found = {origin(item.type) for item in listings if item.count or not item.unread}
    found |= {CODE for item in findings if item.source == "iac"}
    return [name for name in _ALL if name in found]


def reading_sentences(found: Iterable[str], t: Locale) -> str:
    """Return how each was read, in sentences."""
    read = [t(f"paper.how.{name}") for name in found]
    return " ".join([*read, t("paper.how.compared" if read else "paper.how.nothing")])


def named(found: Iterable[str], t: Locale) -> str:
    """Return the sources by name."""
    return ", ".join(t(f"paper.source.{name}") for name in found) or t("site.none_feminine")
