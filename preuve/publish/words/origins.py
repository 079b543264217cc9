"""The origin of the resources in a paper: statements about AWS are not made about GitHub, registers or code."""

from __future__ import annotations

from collections.abc import Iterable

from preuve.model.content import AWS, GITHUB
from preuve.model.results import Finding
from preuve.publish.words.locale import Locale

REGISTER, CODE = "register", "code"
_ALL = (AWS, GITHUB, REGISTER, CODE)


def sources(types: Iterable[str], findings: Iterable[Finding]) -> list[str]:
    """Return the kinds of sources that these types of resources and these findings come from."""
    found = {name.partition("::")[0].lower() for name in types}
    found |= {CODE if item.source == "iac" else item.place.type.partition("::")[0].lower() for item in findings}
    return [name for name in _ALL if name in found]


def how(found: Iterable[str], t: Locale) -> str:
    """Return how each was read, in sentences."""
    return " ".join([*(t(f"paper.how.{name}") for name in found), t("paper.how.compared")])


def named(found: Iterable[str], t: Locale) -> str:
    """Return the sources by name."""
    return ", ".join(t(f"paper.source.{name}") for name in found) or t("site.none")
