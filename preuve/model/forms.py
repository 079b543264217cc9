"""The forms of values in files: their schemas and reference are built from this.

Nothing here is checked when a value is created: a snapshot has "" where a file has no key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta


def keywords(text: str = "", **schema: Any) -> Meta:
    """Describe a part, with JSON Schema keywords for what its type cannot express."""
    said = {name: value for name, value in schema.items() if value is not None}
    return Meta(description=text or None, extra_json_schema=said or None)


def text(meaning: str = "", *, pattern: str | None = None, least: int = 1, most: int | None = None) -> Meta:
    """Return the form of a text that fits a pattern, or has at least so many characters."""
    return keywords(meaning, pattern=pattern, minLength=None if pattern else least or None, maxLength=most)


def number(meaning: str, least: int, most: int) -> Meta:
    """Return the form of a whole number from `least` to `most`."""
    return keywords(meaning, minimum=least, maximum=most)


def items(meaning: str = "", *, least: int = 1, most: int | None = None, once: bool = False) -> Meta:
    """Return the form of a list of `least` to `most` items, each `once` only."""
    return keywords(meaning, minItems=least or None, maxItems=most, uniqueItems=once or None)


def words(meaning: str, *known: str) -> Meta:
    """Return the form of one of the known words, listed in this order."""
    return keywords(meaning, enum=list(known))


def part(name: str, meaning: str, keys: Mapping[str, Sequence[str]], required: Sequence[str], **schema: Any) -> Meta:
    """Select the keys of a type, or of several, that one place of the file accepts; `name` is for the schema."""
    known = {kind: list(some) for kind, some in keys.items()}
    told: dict[str, Any] = {"name": name, "description": meaning, "keys": known, "required": list(required)}
    return keywords("", **{"$part": told | schema})


def day(meaning: str) -> Meta:
    """Return the form of a date; `meaning` says which one it is."""
    return text(f'a date in quotes, such as "2026-11-24": {meaning}', pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


ADDED = keywords(added=True)  # added when the file is read: no key of it
AWS_ID = "^[0-9]{12}$"
Name = Annotated[str, text()]
AccountId = Annotated[str, text('twelve digits in quotes, such as "123456789012"', pattern=AWS_ID)]
Reason = Annotated[str, text("Why it is not examined. The evidence shows it.", least=10)]
