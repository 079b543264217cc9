"""Names that announce a secret: surely (`db_password`), or perhaps, so that the value decides (`PASSWORD_FOR_APP`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from preuve.library.words import is_perhaps_secret, is_secret, without_which_one, words_of
from preuve.library.yaml.word_lists import words_in

Ask = TypeVar("Ask", bound=Callable[..., Any])
_MOST, _LONGEST = 2_048, 80  # names that are cached, and characters of one


def remembered(ask: Ask) -> Ask:
    """Cache the results of a function whose first argument is a name: the same few names recur.

    Results for long names are not cached.
    """
    known = lru_cache(_MOST)(ask)

    @wraps(ask)
    def answer(name: str, **how: bool) -> Any:
        return known(name, **how) if len(name) <= _LONGEST else ask(name, **how)

    return cast("Ask", answer)


class Telling(IntEnum):
    """How surely a name announces a secret."""

    NOTHING = 0
    PERHAPS = 1  # a secret if the value looks like one
    SURELY = 2  # a secret whatever it says


_ABOUT, _IDENTIFYING, _HASHED, _MEASURES, _ASKING, _NOT_SECRET, _NEVER_PUBLIC = (
    words_in("secret_values", key)
    for key in ("about", "identifying", "hashed", "measures", "asking", "not_secret", "never_public")
)
_ABOUT |= _IDENTIFYING
_OF_KEYS = words_in("secrets", "of_a_key")

_KEPT = ["secrets"]  # of a container, of a workflow: the names of what is kept elsewhere, unless people chose the name
_OF_PATHS = frozenset({"path", "paths"})  # a name with one before says where a secret is, perhaps
_PUBLIC = frozenset({"public", "publishable", "site"})
_DOMAIN = re.compile(r"(?i)(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|cloud|amazonaws|eu|fr|gov|uk)")


@remembered
def tells(name: str, *, free: bool) -> Telling:
    """Return how surely a name announces a secret.

    `free` names are chosen by people (environment variables): a word in the middle may count. Other names are
    arguments, whose last word says what they are. For a condition key (`domain:claim`), the last part is the name.
    """
    name = name.rsplit(":", 1)[-1]
    words = words_of(name)
    if name.endswith(".$"):  # in a state machine the value is a path to the data
        return Telling.NOTHING
    of_aws = "".join(words) in _NOT_SECRET
    if not words or (of_aws and not free) or _DOMAIN.fullmatch(name):
        return Telling.NOTHING
    decides = of_aws or bool(_ASKING.intersection(words[:-1]))  # the value
    words = without_which_one(words)
    if not words or (words == _KEPT and not free):
        return Telling.NOTHING
    if is_secret(words):
        decides = decides or words == _KEPT or (free and not _OF_PATHS.isdisjoint(words))
        return Telling.PERHAPS if decides else Telling.SURELY
    if free and (is_perhaps_secret(words) or (words[-1] not in _ABOUT and _has_secret(words))):
        return Telling.PERHAPS
    return Telling.NOTHING


def announces(name: str) -> bool:
    """Return whether a name that people chose surely announces a secret."""
    return tells(name, free=True) is Telling.SURELY


@remembered
def may_name_key(name: str) -> bool:
    """Return whether a name that does not announce a secret may be that of a key: what is built like one is not decided
    there. A name has a word for a key at its end, or one for a secret before its last, unless it is the name of
    what identifies something, which is built like a key too.
    """
    every = words_of(name.rsplit(":", 1)[-1])
    words = without_which_one([word for word in every if len(word) > 1])  # `KEY_A`, `HMAC_V2`
    if not words or every == ["key"] or may_be_public(name):
        return False
    if words[-1] in _OF_KEYS or words[-2:] == ["secret", "id"]:
        return True
    return words[-1] not in _IDENTIFYING and _has_secret(words)


@remembered
def identifies(name: str) -> bool:
    """Return whether a name says that its value identifies something, or is a key for everybody."""
    words = without_which_one(words_of(name))
    return may_be_public(name) or not (_IDENTIFYING | _HASHED).isdisjoint(words[-1:])


def may_be_public(name: str) -> bool:
    """Return whether a name announces a public key or token: of a CAPTCHA, or called public."""
    words = words_of(name.rsplit(":", 1)[-1])
    if _NEVER_PUBLIC.intersection(words) or not words:
        return False
    of_captcha = any(word.endswith("captcha") for word in words)
    return of_captcha or not _PUBLIC.isdisjoint(words)


@remembered
def is_about(name: str) -> bool:
    """Return whether a name describes a property of the value below it, such as its form: `pattern`, `type`."""
    return not _ABOUT.isdisjoint(words_of(name)[-1:])


@remembered
def ends_in_one(name: str) -> bool:
    """Return whether the last words of a name stand, or may stand, for a secret: `secrets`, `basic_auth`."""
    words = without_which_one(words_of(name))
    return bool(words) and (is_secret(words) or is_perhaps_secret(words)) and bool(tells(name, free=True))


@remembered
def measures(name: str) -> bool:
    """Return whether a name says that what is below it measures secrets: `token_validity_units`, `password_policy`."""
    words = words_of(name)
    return bool(words) and words[-1] in _MEASURES and _has_secret(words)


def _has_secret(words: list[str]) -> bool:
    return any(is_secret(words[:end]) for end in range(1, len(words) + 1))
