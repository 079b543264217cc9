"""Phrases: the language-independent parts of a reason."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.library.cel.operations import Fault, OptionalValue
from preuve.library.cel.unknown import PartialList, Unknown, known_part

Phrase = list[Any]  # a key of the words, and its parts: texts, or phrases
MOST = 4  # limits: things found, elements that decide, things required
_WIDTH = 90
_SAYS_NOTHING = ("", "none", "all")  # loops that look at no single part of a list, or at all of it


def of_the_resource(found: list[Phrase]) -> list[Phrase]:
    """Return what was found, without the number of the account that it was compared with."""
    return [phrase for phrase in found if phrase[:2] != ["is", "account.Id"]] or found


def joined_by(word: str, phrases: Iterable[Phrase]) -> Phrase:
    """Join several phrases into one, cut to what can be read."""
    flat = distinct_phrases(part for phrase in phrases for part in flattened(word, phrase))
    if word == "or":  # keep alternatives that have words
        flat = [phrase for phrase in flat if phrase[0] not in ("fits", "fits_policy")] or flat
    if len(flat) > MOST:
        flat = [*flat[:MOST], ["more"]]
    return flat[0] if len(flat) == 1 else [word, *flat]


def distinct_phrases(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Remove duplicates; the order stays."""
    each = list(phrases)
    return each if len(each) < 2 else list({json.dumps(phrase): phrase for phrase in each}.values())


def said_once(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Remove duplicates among the phrases; a general phrase replaces the same phrase for one element."""
    unique = distinct_phrases(phrases)
    return [phrase for phrase in unique if phrase[0] != "for" or phrase[2] not in unique]


def rank_of(phrase: Phrase) -> int:
    """Return the order of a phrase: values first, then missing members, then unread ones."""
    if phrase[0] == "for":
        return rank_of(phrase[2])
    return {"none": 1, "unset": 1, "unread": 2, "perhaps": 2}.get(phrase[0], 0)


def _widest(rules: Any) -> str:
    """Return the address ranges among the arguments of a function, the widest first."""
    ranges = dict.fromkeys(text for text in _texts_in(rules) if re.fullmatch(r"[0-9A-Fa-f:.]+/[0-9]{1,3}", text))
    return shortened(", ".join(sorted(ranges, key=lambda text: int(text.partition("/")[2]))))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in items_in(value):
        yield from _texts_in(item)


def concerning(items: Iterable[Any], phrase: Phrase) -> Phrase:
    """Add to a phrase the elements that it concerns, such as ports or actions."""
    for item in items:
        if item in _SAYS_NOTHING:
            continue
        if are_texts(item) or isinstance(item, str | int | float):
            phrase = ["for", in_words(item), phrase]
    return phrase


def flattened(word: str, phrase: Phrase) -> list[Phrase]:
    """Return the parts of a phrase that joins by this word, including nested ones."""
    return [part for inner in phrase[1:] for part in flattened(word, inner)] if phrase[0] == word else [phrase]


def path_below(path: str, name: str) -> str:
    """Return the path of a member."""
    return f"{path}.{name}" if path else name


def items_in(over: Any) -> list[Any]:
    """Return the known elements of a list; none for any other value."""
    if isinstance(over, PartialList):
        return list(over.known)
    return list(over) if isinstance(over, list | Mapping) else []


def are_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def label_of(item: Any, index: int) -> str:
    """Return the label of an element: its key in a map, or its index."""
    return item if isinstance(item, str) and len(item) < _WIDTH // 3 else str(index)


def found_at(path: str, value: Any) -> Phrase:  # noqa: PLR0911 - a case for each kind of value
    """Return the phrase for the value at a path."""
    value = value.values[0] if isinstance(value, OptionalValue) and value.values else value
    if isinstance(value, Unknown | PartialList):
        return ["unread", path]
    if isinstance(value, Fault | OptionalValue) or value in ("", None):
        return ["unset", path]
    if isinstance(value, str) and not value.strip():
        return ["blank", path]
    if isinstance(value, str) and path.endswith(f"[{value}]"):  # the key of a map, or a text of a list
        return ["holds", path.removesuffix(f"[{value}]"), value]
    if value in ([], {}):
        return ["none", path]
    if isinstance(value, list) and not are_texts(value):
        return ["count", path, str(len(value))]
    if isinstance(value, Mapping):
        return ["set", path]
    return ["is", path, in_words(value)]


def in_words(value: Any) -> Any:
    """Return a value in words: times as they are written in JSON, durations in days if they are whole ones."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.timedelta):
        whole = value % datetime.timedelta(days=1) == datetime.timedelta()
        return ["days", str(value.days)] if whole else ["hours", f"{value / datetime.timedelta(hours=1):g}"]
    if isinstance(value, str):
        return shortened(value)
    if are_texts(value):
        return shortened(", ".join(dict.fromkeys(item for item in value if item.strip()))) or ["nothing"]
    return shortened(json.dumps(known_part(value), ensure_ascii=False, default=str))


def shortened(text: str) -> str:
    """Return a text on one line, cut to what can be read."""
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
