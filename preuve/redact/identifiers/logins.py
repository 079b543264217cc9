"""The names by which people sign in: what reads as one, and the conditions of policies that name who calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from preuve.library.words import words_of
from preuve.library.yaml.word_lists import words_in

_THINGS = words_in("people_in_code", "things")
_POSTS = (words_in("people", "functions") | words_in("people", "fields") | _THINGS) - words_in("people", "names")
_ALWAYS, _CALLERS, _PROGRAMS = (
    words_in("people_in_code", key) for key in ("users_in_conditions", "callers_in_conditions", "programs")
)
_NAME = re.compile(r"[^\W\d_][\w'’.@ +=,-]{1,80}")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}(?:[. ][^\W\d_][^\W\d_'’-]+){1,3}")
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CALLER = re.compile(rf"_?{_WORD}(?:(?:[. _]|, ?){_WORD}){{1,3}}\d{{0,4}}")
# A condition in the text of a document, which may stand in another text: its key, and where its values begin.
_KEY = r"[\w./-]+:[^\s\"'\\]+"
_BLANK = r"(?:\s|\\n)*+"
_CONDITION = re.compile(
    rf"""(?:(?<!\\)(?P<marks>\\*+["'])(?P<quoted>{_KEY})(?P=marks)"""
    rf"""|(?:^|\\n)[ \t-]*+(?P<bare>{_KEY})(?=[ \t]*+[:=]\s))"""
    rf"""(?:{_BLANK},?{_BLANK}\\*+["']?[Vv]alues\\*+["']?)?{_BLANK}[:=]{_BLANK}"""
    rf"""(?:\{{{_BLANK}\\*+"n?eq\\*+"{_BLANK}:{_BLANK})?""",
    re.MULTILINE,
)
# Its values: a list up to its own bracket, items on lines, one text in quotes, or the rest of a line.
_VALUES = re.compile(
    r"""\[removed: \w++\]|\[(?:\[removed: \w++\]|[^\]"']|"[^"]*+"?|'[^']*+'?)*+"""
    rf"""|(?:-[ ](?:[^\n\\]|\\(?!n))*+{_BLANK})++"""
    r"""|\\*+(?:"[^"]*+"?|'[^']*+'?)|[^\s"'{}][^\n\\,"'{}]*+"""
)
_VALUE = re.compile(
    r""""(?P<double>[^"]*+)"?|'(?P<single>[^']*+)'?"""
    r"""|\[removed: \w++\]"""
    r"""|(?<![\w.\\(-])(?!(?:null|true|false|var|local|data|module|each)\b)(?P<plain>[^\W_][^\n\\,"'\[\]{}]*+)"""
)
_ESCAPED = re.compile(r"\\+u([0-9A-Fa-f]{4})")
# In the value of who calls, the name: behind the id of a role (`AROA…:jane.doe`) or a domain, between what stands for
# any text.
_IN_CALLER = re.compile(
    r"(?:(?:[A-Z0-9*?]+|\$\{[^{}]*+\}):)?(?:[^\\/:]++\\++)?[*?]*+(?P<name>[^:*?$/{}\[\]@\\]+)(?:@.*|[*?]*)"
)
# In the name of a user, each part but variables, what was removed, ids and domains.
_IN_USER = re.compile(r"\$\{[^{}]*+\}?|\[[^\]]*+\]?|(?P<name>[^\W_][\w'’.@ +=,-]++)(?![:\\(])")
_PAIRS = (("variable", "values"), ("Key", "Values"))
_OF_OTHERS = frozenset({"ses", "tag"})  # what the company calls itself as a sender, and filters by a tag
_FILTERS = frozenset({"eq", "neq"})  # `contains` has a part of a name, which says more than its pseudonym
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


def is_caller(text: str) -> bool:
    """Return whether a text that says who calls is a person: two words that are not of a function, none of a thing or a
    program.
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not _CALLER.fullmatch(text.strip()) or not (_THINGS | _PROGRAMS).isdisjoint(words):
        return False
    return len([word for word in words if word not in _POSTS]) > 1 and max(map(len, words)) > 1


def without_callers(text: str, replaced: Callable[[str], str]) -> str:
    """Replace the people whom the conditions in a document name as who calls (`"aws:username": "jane"`)."""
    if ":" not in text:
        return text
    parts, done = [], 0
    for found in _CONDITION.finditer(text):
        key = found["quoted"] or found["bare"]
        if found.start() >= done and _kind(key) and (values := _VALUES.match(text, found.end())):
            parts += [text[done : found.end()], _VALUE.sub(partial(_in_text, key, replaced), values[0])]
            done = values.end()
    return "".join([*parts, text[done:]])


def _in_text(key: str, replaced: Callable[[str], str], found: re.Match[str]) -> str:
    """Return a value in a text, with its quotation marks; backslashes before the closing mark are not of the value."""
    value = found[found.lastgroup or 0]
    bare = value.rstrip("\\ ")
    read = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), bare)
    told = caller_without_name(key, read, replaced)
    return found[0] if told == read else found[0].replace(bare, told)


@lru_cache(maxsize=1 << 12)  # accounts repeat their members
def _kind(key: str) -> frozenset[str]:
    """Return the list of condition keys to which a key belongs by its last words; empty if it names nobody."""
    service, _, rest = key.partition(":")
    words = words_of(re.split("[:/]", rest)[-1])
    last = {"".join(words[at:]) for at in range(len(words))}
    if not last or service in _OF_OTHERS or rest.startswith((":", "//")):  # `Fn::Sub`, `AWS::IAM::User`, an address
        return frozenset()
    return next((kind for kind in (_ALWAYS, _CALLERS) if not kind.isdisjoint(last)), frozenset())


def condition_without_name(value: Mapping[str, Any], replaced: Callable[[str], str]) -> Mapping[str, Any]:
    """Return a condition whose key is a member (`{"Key": "aws:username", "Values": ["jane"]}`) in the same way."""
    pair = next(((key, values) for key, values in _PAIRS if isinstance(value.get(key), str) and values in value), None)
    if pair is None:
        return value
    key, values = pair
    return {**value, values: caller_without_name(value[key], value[values], replaced)}


def caller_without_name(key: str, value: Any, replaced: Callable[[str], str]) -> Any:
    """Return the value of a condition, or each of a list, with the person replaced whom it names."""
    if ":" not in key or not (kind := _kind(key)):
        return value
    if isinstance(value, list):
        return [caller_without_name(key, item, replaced) for item in value]
    if isinstance(value, Mapping):
        return {how: caller_without_name(key, one, replaced) if how in _FILTERS else one for how, one in value.items()}
    if not isinstance(value, str):
        return value
    return _IN_USER.sub(partial(_user, replaced), value) if kind is _ALWAYS else _without_caller(value, replaced)


def _user(replaced: Callable[[str], str], found: re.Match[str]) -> str:
    name = found["name"]
    if not name or not any(map(str.isalpha, name)) or _DONE.fullmatch(name) or is_post(name):
        return found[0]
    return replaced(name)


def _without_caller(value: str, replaced: Callable[[str], str]) -> str:
    found = _IN_CALLER.fullmatch(value)
    if not found or _DONE.fullmatch(found["name"]) or not is_caller(found["name"]):
        return value
    return f"{value[: found.start('name')]}{replaced(found['name'])}{value[found.end('name') :]}"
