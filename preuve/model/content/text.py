"""Texts and words that all content uses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Text:
    """A text in the product's languages; content may add further ones.

    No dataclass: of one, msgspec would read the members and not `{en, fr, …}`.
    """

    __slots__ = ("en", "fr", "others")

    def __init__(self, en: str, fr: str, others: Mapping[str, str] | None = None) -> None:
        self.en = en
        self.fr = fr
        self.others = others or {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.en, self.fr, self.others) == (other.en, other.fr, other.others)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Text({self.en!r}, {self.fr!r})"

    def in_language(self, language: str) -> str:
        """Return the text in a language (`en`, `fr`, …); English if there is none."""
        return {"fr": self.fr, **self.others}.get(language, self.en)


class PlainText(Text):
    """A text that a file may have as one string, where it is the same in all languages."""

    __slots__ = ()


class Severity(StrEnum):
    """How much a failure matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


GRAVE = (Severity.CRITICAL, Severity.HIGH)  # in this order on pages, whose bytes must be the same each time
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Automation(StrEnum):
    """How far machine evidence alone reaches for a control."""

    FULL = "full"
    PARTIAL = "partial"
    MANUAL = "manual"
