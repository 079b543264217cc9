"""Hash what a failure is based on, so that a second hole in a failing block differs from the first.

There is one hash for each deciding part (a rule, a statement, a value) with its context (ports, a protocol). Its place,
its order and the names of other blocks do not count.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.collect.code.verdict.deciding_parts import granted, heaviest, opened, statements_in
from preuve.collect.code.verdict.deciding_values import looked_at, plain, safe

HASH_LENGTH = 10  # characters
_MOST = 200  # that are told apart
_MOST_RIGHTS = 60  # of one statement: of more, none is taken for a part of them
_LISTS = frozenset({"Action", "actions", "Resource", "resources"})
_WHO = frozenset({"Principal", "principals"})
_HOLDERS, _GROUP = ("users", "groups", "roles"), "security_group_id"
_NUMBER = re.compile(r"/?\[\d+\]")
_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_BESIDE = frozenset({"Sid", "sid", "description", "Description"})

_Item = tuple[str, Any]


def grounds(attributes: Any, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the hashes of what made a check on these keys fail, or nothing if no key shows it."""
    found = dict(value for key in keys for value in looked_at(attributes, key))
    beside: dict[str, list[_Item]] = defaultdict(list)
    texts: list[str] = []
    for name, value in found.items():
        at, statements = statements_in(name, value)
        if statements:
            texts += (text for one in _worst(statements, granted) for text in rights_of(at, one))
        else:
            above, _, last = name.rpartition(".")
            beside[above].append((last, plain(value)))
    texts += (text for above, items in beside.items() for text in _together(above, items))
    return hashed([*texts, *_holders(attributes)] if texts else ())


def _holders(attributes: Any) -> Iterator[str]:
    """Yield a text for each holder of what a block attaches, whose name is left out, and for the group of a rule."""
    for name in _HOLDERS if isinstance(attributes, Mapping) else ():
        yield from (name for one in _several(plain(attributes.get(name))) if one)
    if isinstance(attributes, Mapping) and (group := attributes.get(_GROUP)):
        yield text_of(_GROUP, group)


def grounds_of(name: str, contents: Iterable[Any]) -> tuple[str, ...]:
    """A hash for each of the contents of things of one name, such as the blocks of a type."""
    return hashed(text_of(name, content) for content in contents)


def hashed(texts: Iterable[str]) -> tuple[str, ...]:
    """Return sorted short hashes of texts, two for a text that occurs twice, one in total for very many texts."""
    found = sorted(f"{text}\n{number}" for text, times in Counter(texts).items() for number in range(times))
    return tuple(sorted(map(_hash, found if len(found) <= _MOST else ["\0".join(found)])))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:HASH_LENGTH]


def anywhere(path: str) -> str:
    """Return a path without item numbers, which change when an item is added before."""
    return _NUMBER.sub("", path)


def _together(above: str, items: list[_Item]) -> Iterator[str]:
    """Yield each deciding value of one part, with the minor values beside it. If all are minor, each decides."""
    parts = [(name, one, heaviest("", one)) for name, value in items for one in _several(opened(value))]
    most = max(weight for _, _, weight in parts)
    deciding = [(name, one) for name, one, weight in parts if weight * 2 >= most and (weight > 1 or most == 1)]
    beside = (it for it in items if most > 1 and heaviest("", it[1]) <= 1 and not isinstance(it[1], list))
    context = sorted(text_of(name, value) for name, value in beside)
    for name, one in deciding:
        yield "\n".join((anywhere(above), text_of(name, one), *context))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) and value else [value]


def _worst(statements: list[Any], weight: Any) -> list[Any]:
    """Return the statements that grant about as much as the widest one."""
    most = max(map(weight, statements))
    return [one for one in statements if weight(one) * 2 >= most]


def rights_of(name: str, statement: Any) -> Iterator[str]:
    """Yield a text for each right of a statement: an action on a resource for a principal under its conditions. So
    fewer of them are no other ones.
    """
    whole = plain(statement)
    members = whole.items() if isinstance(whole, Mapping) else ()
    parts = [[(key, one) for one in _each(key, value)] for key, value in members]
    if parts and math.prod(map(len, parts)) <= _MOST_RIGHTS:
        yield from (text_of(name, dict(right)) for right in itertools.product(*parts))
    else:
        yield text_of(name, statement)


def _each(key: str, value: Any) -> list[Any]:
    """The values that a member of a statement allows one by one."""
    if key in _LISTS:
        return _several(value)
    return [one for part in _several(value) for one in _principals(part)] if key in _WHO else [value]


def _principals(part: Any) -> list[Any]:
    if not isinstance(part, Mapping) or not part:
        return [part]
    if "identifiers" in part:
        return [{**part, "identifiers": one} for one in _several(part["identifiers"])]
    return [{kind: one} for kind, names in part.items() for one in _several(names)]


def text_of(name: str, value: Any) -> str:
    """Return a text for a named value that does not depend on its place."""
    last = re.split(r"[/.]", name)[-1]
    text = json.dumps(_canonical(safe(last, plain(value))), ensure_ascii=False, sort_keys=True, default=str)
    return f"{anywhere(name)} {_REFERENCE.sub('${}', text)}"


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items() if key not in _BESIDE}
    if isinstance(value, list):
        return sorted((_canonical(item) for item in value), key=repr)
    return value if value is None else str(value).casefold()
