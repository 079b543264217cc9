"""The names by which people sign in: what reads as one, and the conditions of policies that name who calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from preuve.library.yaml.word_lists import words_in

_THINGS = words_in("people_in_code", "things")
_POSTS = (words_in("people", "functions") | words_in("people", "fields") | _THINGS) - words_in("people", "names")
_ALWAYS, _CALLERS = (words_in("people_in_code", key) for key in ("users_in_conditions", "callers_in_conditions"))
_NAME = re.compile(r"[^\W\d_][\w'’.@ +=,-]{1,80}")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}(?:[. ][^\W\d_][^\W\d_'’-]+){1,3}")
# A condition in the text of a document, which may stand in another text: its key, then one value or several in a list.
_CONDITION = re.compile(r'(\\*)"([\w./-]+:[^"\\]+)\1"(\s*:\s*)(\\*"[^"\\]*|\[[^\[\]{}]*)')
_VALUE = re.compile(r'(?<=")[^"\\,]+')
# The name in a value: behind the id of a role (`AROA…:jane.doe`), before what stands for any text.
_IN_VALUE = re.compile(r"(?:[A-Z0-9*?]+:)?(?P<name>[^:*?$/{}\[\]]+)[*?]*")
_PAIRS = (("variable", "values"), ("Key", "Values"))
_DONE = re.compile(r"person-[a-z2-7]{12}")


def is_post(text: str) -> bool:
    """Return whether a text names a function, not a person."""
    return set(re.findall(r"[^\W_]+", text.casefold())) <= _POSTS


def is_full_name(text: str) -> bool:
    """Return whether a text may be the name of a person, by one word or by several."""
    return bool(_NAME.fullmatch(text.strip())) and not is_post(text)


def is_login(text: str, in_directory: bool) -> bool:
    """Return whether a text is how a person signs in: any name in a directory of people, elsewhere two words that are
    not about a thing (`app.prod`).
    """
    if in_directory:
        return is_full_name(text)
    words = set(re.findall(r"[^\W_]+", text.casefold()))
    return bool(_TWO_WORDS.fullmatch(text.strip())) and not words <= _POSTS and _THINGS.isdisjoint(words)


def without_callers(text: str, replaced: Callable[[str], str]) -> str:
    """Replace the people whom the conditions in a document name as who calls (`"aws:username": "jane"`)."""
    if '"' not in text or ":" not in text:
        return text

    def in_condition(found: re.Match[str]) -> str:
        quotes, key, colon, values = found.groups()
        told = _VALUE.sub(lambda value: caller_without_name(key, value[0], replaced), values)
        return f'{quotes}"{key}{quotes}"{colon}{told}'

    return _CONDITION.sub(in_condition, text)


def condition_without_name(value: Mapping[str, Any], replaced: Callable[[str], str]) -> Mapping[str, Any]:
    """Return a condition whose key is a member (`{"Key": "aws:username", "Values": ["jane"]}`) in the same way."""
    pair = next(((key, values) for key, values in _PAIRS if isinstance(value.get(key), str) and values in value), None)
    if pair is None:
        return value
    key, values = pair
    return {**value, values: caller_without_name(value[key], value[values], replaced)}


def caller_without_name(key: str, value: Any, replaced: Callable[[str], str]) -> Any:
    """Return the value of a condition, or each of a list, with the person replaced whom it names."""
    if isinstance(value, list):
        return [caller_without_name(key, item, replaced) for item in value]
    if isinstance(value, Mapping):  # of a filter; a part of a name says more than its pseudonym
        return {
            how: one if how == "contains" else caller_without_name(key, one, replaced) for how, one in value.items()
        }
    last = re.sub("[-_]", "", re.split("[:/]", key)[-1]).casefold()
    if ":" not in key or not isinstance(value, str) or last not in _CALLERS | _ALWAYS:
        return value
    found = _IN_VALUE.fullmatch(value)
    if not found or _DONE.fullmatch(found["name"]) or not is_login(found["name"], last in _ALWAYS):
        return value
    return f"{value[: found.start('name')]}{replaced(found['name'])}{value[found.end('name') :]}"
