"""JSON and YAML as Terraform writes and reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from preuve.collect.code.language.hcl.functions.signature import ANYTHING, TEXT, Function, Parameter
from preuve.collect.code.language.values.conversion import parsed_number
from preuve.collect.code.language.values.json_text import VARIOUS, texts_in, written
from preuve.collect.code.language.values.type import STRING
from preuve.collect.code.language.values.value import (
    JsonText,
    RefusedError,
    Set,
    Unknown,
    Value,
    composed,
    is_known,
    sources_of,
    unknown,
)

MOST_DEPTH = 50
_MOST_MEMBERS = 100_000
_BRACKETS = re.compile(r"[\[\]{}]")

_MOST_YAML = 20_000
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_NUMERAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_VARIOUS_PLAIN = re.compile(  # dates, numbers of other bases, infinity, nothing but a sign
    r"[0-9]{4}-|[-+]?0[ox]|[-+]?[0-9]+_[0-9_]*$|[-+]?\.(?:inf|nan)|[-+_]*$|[-+]?[.0-9]+[pP]", re.ASCII | re.IGNORECASE
)
_SIMPLE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff]{0,60}")


def _encode(value: Value) -> Value:
    if is_known(value):
        return written(value)
    found = unknown(value)
    return JsonText(found.causes, sources=sources_of([value]), value=_as_decoded(value))


def _as_decoded(value: Value) -> Value:
    """Return a value in the form that decoding its JSON gives: tuples and objects in place of lists, maps and sets."""
    if isinstance(value, dict):
        return {name: _as_decoded(item) for name, item in value.items()}
    if isinstance(value, Set):
        return unknown(value) if not is_known(value) else tuple(map(_as_decoded, value.members))
    return tuple(map(_as_decoded, value)) if isinstance(value, list | tuple) else value


def _decode(text: Value) -> Value:
    if isinstance(text, JsonText):
        return text.value
    if isinstance(text, Unknown):
        return unknown(text)
    if is_deep(text) or text.count(",") > _MOST_MEMBERS:
        return unknown(why="JSON of too many members, or nested too deeply")
    try:
        return _JSON.decode(text)
    except _UnsureError as error:
        return unknown(why=str(error))
    except ValueError:
        raise RefusedError("no JSON") from None


def is_deep(text: str) -> bool:
    """Return whether the brackets of a text nest deeper than the limit."""
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MOST_DEPTH:
            return True
    return False


class _UnsureError(Exception):
    """JSON that two parsers may read differently."""


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    made = {composed(name): _read(value) for name, value in pairs}
    if len(made) < len(pairs):
        raise _UnsureError("JSON that gives a name twice")
    return made


def _read(value: Value) -> Value:
    """Return a decoded value: arrays are tuples, and texts are composed."""
    if isinstance(value, list):
        return tuple(map(_read, value))
    if isinstance(value, str):
        if VARIOUS.search(value):
            raise _UnsureError("JSON of characters that there are not")
        return composed(value)
    return value


def _number(digits: str) -> Value:
    if digits.startswith("-") and not digits.strip("-0.eE+"):
        raise _UnsureError("JSON of zero below zero")
    found = parsed_number(digits)
    if isinstance(found, Unknown):
        raise _UnsureError(found.causes[0])
    return found


def _constant(name: str) -> Value:
    raise ValueError(name)


class _Decoder(json.JSONDecoder):
    """Python's JSON decoder, with each part converted as Terraform does."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_object, parse_int=_number, parse_float=_number, parse_constant=_constant)

    def decode(self, text: str) -> Value:  # type: ignore[override]
        """Return the value of a whole text."""
        return _read(super().decode(text))


_JSON = _Decoder()


def _yamldecode(text: str) -> Value:
    if len(text) > _MOST_YAML:
        return unknown(why="YAML that is too long")
    try:
        events = _events(text)
        value = _node(events, next(events), 0)
        if not isinstance(next(events), yaml.DocumentEndEvent) or not isinstance(next(events), yaml.StreamEndEvent):
            return unknown(why="YAML of more than one document")
        return value
    except yaml.YAMLError:
        return unknown(why="YAML that is not read here")
    except _UnsureError as error:
        return unknown(why=str(error))


def _events(text: str) -> Iterator[yaml.Event]:
    # Terraform's parser is a translation of libyaml. libyaml accepts no subclass of str.
    events = yaml.parse(str(text), Loader=yaml.CSafeLoader)
    next(events)
    if not isinstance(next(events), yaml.DocumentStartEvent):
        raise _UnsureError("YAML of nothing")
    return events


def _node(events: Iterator[yaml.Event], event: yaml.Event, depth: int) -> Value:
    if depth > MOST_DEPTH:
        raise _UnsureError("YAML that is nested too deeply")
    if getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise _UnsureError("YAML with an anchor or a tag")
    if isinstance(event, yaml.ScalarEvent):
        return composed(event.value) if event.style in ("'", '"') else _plain(event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        return tuple(_inside(events, yaml.SequenceEndEvent, depth))
    members = list(_inside(events, yaml.MappingEndEvent, depth))
    made = {_name(name): value for name, value in zip(members[::2], members[1::2], strict=True)}
    if len(made) < len(members) // 2:
        raise _UnsureError("YAML that gives a name twice")
    return made


def _inside(events: Iterator[yaml.Event], end: type[yaml.Event], depth: int) -> Iterator[Value]:
    while not isinstance(event := next(events), end):
        yield _node(events, event, depth + 1)


def _name(value: Value) -> str:
    if not isinstance(value, str):
        raise _UnsureError("YAML with a name that is no text")
    return value


def _plain(text: str) -> Value:
    """Parse an unquoted scalar: a boolean, null, a number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text == "<<" or _VARIOUS_PLAIN.match(text):
        raise _UnsureError(f"the YAML {text[:40]!r}")
    if _NUMERAL.fullmatch(text):
        return _number(text)
    return composed(text)


def _yamlencode(value: Value) -> Value:
    if not isinstance(value, dict | list | tuple | Set) or not value or value == Set():
        return unknown(value, why="the YAML of a single value")
    if not is_known(value):
        return unknown(value)
    if not all(_SIMPLE.fullmatch(text) for text in texts_in(value)):
        return unknown(why="the YAML of a text of several lines, or of other letters")
    return "".join(line + "\n" for line in _lines(value))


def _lines(value: Value) -> list[str]:
    if isinstance(value, dict) and value:
        return [line for name in sorted(value) for line in _pair(name, value[name])]
    members = value.members if isinstance(value, Set) else value
    if isinstance(members, list | tuple) and members:
        return [("  " if more else "- ") + line for member in members for more, line in enumerate(_lines(member))]
    return [_quoted(value) if isinstance(value, str) else str(written(value))]


def _pair(name: str, value: Value) -> list[str]:
    lines = _lines(value)
    if not isinstance(value, dict | list | tuple | Set) or lines in (["{}"], ["[]"]):
        return [f"{_quoted(name)}: {lines[0]}"]
    indent = "  " if isinstance(value, dict) else ""
    return [f"{_quoted(name)}:", *(indent + line for line in lines)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


FUNCTIONS = {
    "jsondecode": Function(_decode, (Parameter(STRING, unknown=True),)),
    "jsonencode": Function(_encode, (ANYTHING,)),
    "yamldecode": Function(_yamldecode, (TEXT,)),
    "yamlencode": Function(_yamlencode, (ANYTHING,)),
}
