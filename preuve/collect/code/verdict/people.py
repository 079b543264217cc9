"""The names of people in blocks: by the arguments that name people, whatever the type of the block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preuve.library.words import words_of
from preuve.library.yaml.word_lists import words_in

_OF_PEOPLE, _FIRST, _LAST, _WHOLE, _CALLED, _LOGINS = (
    words_in("people_in_code", key) for key in ("of_people", "first", "last", "whole", "called", "logins")
)
_NAME = re.compile(r"[^\W\d_][\w'’.@ +=,-]{1,80}")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}(?:[. ][^\W\d_][^\W\d_'’-]+){1,3}")
_DEEPEST = 8


def people_in(kind: str, members: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of people in a block of a kind: first and last names anywhere, user names and display names
    where the kind is one of people, user names of two words anywhere.
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
        sure = role in _FIRST | _LAST | _WHOLE or (role in _CALLED and is_one) or (role in _LOGINS and about)
        form = _NAME if sure else _TWO_WORDS if role in _LOGINS else None
        yield from (text for text in _texts(value) if form and form.fullmatch(text.strip()))
        if depth < _DEEPEST:
            yield from (found for inner in _maps(value) for found in _named(f"{kind}_{name}", inner, depth + 1))


def _plain(name: str) -> str:
    return "".join(words_of(str(name)))


def _texts(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, str)]


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, Mapping)]
