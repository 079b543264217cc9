"""The names of people in blocks: by the arguments that name people, whatever the type of the block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.library.words import words_of
from preuve.library.yaml.word_lists import words_in
from preuve.redact.identifiers.logins import is_full_name, is_login

_OF_PEOPLE, _FIRST, _LAST, _WHOLE, _CALLED, _LOGINS, _DIRECTORIES = (
    words_in("people_in_code", key)
    for key in ("of_people", "first", "last", "whole", "called", "logins", "directories")
)
_DEEPEST = 8


def people_in(kind: str, members: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of people in a block of a kind: first and last names anywhere, any names of users in a
    directory of people, elsewhere those of two words that are not about a thing or a function (`app.prod`).
    """
    return tuple(dict.fromkeys(name.strip() for name in _named(kind, members, 0)))


def _named(kind: str, members: Mapping[str, Any], depth: int) -> Iterator[str]:
    words = words_of(kind)
    about, is_one = not _OF_PEOPLE.isdisjoint(words), not _OF_PEOPLE.isdisjoint(words[-1:])
    first, last = (
        [text for name, value in members.items() if _plain(name) in of for text in _texts(value)]
        for of in (_FIRST, _LAST)
    )
    yield from (f"{one} {other}" for one, other in zip(first, last, strict=False))
    for name, value in members.items():
        role = _plain(name)
        if role in _FIRST | _LAST | _WHOLE:
            yield from filter(is_full_name, _texts(value))
        elif _names_user(name) or (role in _CALLED and is_one):
            in_directory = about and not _DIRECTORIES.isdisjoint(words[:2])
            yield from (text for text in _texts(value) if is_login(text, in_directory))
        if depth < _DEEPEST:
            yield from (found for inner in _maps(value) for found in _named(f"{kind}_{name}", inner, depth + 1))


def _names_user(name: str) -> bool:
    """Return whether the last words of an argument are for the name of a user: `master_username`."""
    words = words_of(str(name))
    return any("".join(words[at:]) in _LOGINS for at in range(len(words)))


def _plain(name: str) -> str:
    return "".join(words_of(str(name)))


def _texts(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, str)]


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, Mapping)]
