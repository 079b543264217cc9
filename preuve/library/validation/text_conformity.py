"""Whether the texts in a resource are such as a collection keeps: a member that is a number, a time or one of some
words by AWS's models never has a sentence, and a member that no condition reads has no text at all.

Numbers and truth values are not restricted; free texts (a name, a tag, a document) stay free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from preuve.library.validation.shapes import Json, ListOf, MapOf, Scalar, Shape, Struct, message_name
from preuve.library.validation.texts import Members, Path, Texts, remaining_paths
from preuve.model.snapshot import UNKEPT

# Replacements for a text that is not kept, or that redaction removed, whatever it was.
_REPLACED = re.compile(rf"{re.escape(UNKEPT)}\??|\[removed: [a-z0-9_]+\]")
_MEMBER = re.compile(r"[\w-]+")
_TIME = re.compile(r"[0-9]{1,4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z")  # year 1 has one digit
_WORD = re.compile(r"[!-~]{0,120}")  # including one that is newer than the models
_NUMBERS = ("integer", "double")
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
_OF_AWS = "AWS::"
_AS_TEXT = {  # a register or GitHub may have a number in quotes
    "boolean": re.compile(r"(?i)true|false"),
    "integer": re.compile(r"-?[0-9]{1,40}"),
    "double": re.compile(r"-?[0-9.eE+-]{1,40}"),
}


class _Keeping(Enum):
    """What is kept of the texts in a value."""

    NONE = 0
    READ = 1  # those that conditions read
    WHOLE = 2


@dataclass(frozen=True)
class TextConformity:
    """Compares resources with the shapes of their types, and with the texts that are kept; None: all texts are kept."""

    shapes: Members
    texts: Texts | None
    exact: bool = False  # of AWS: its answers were checked against its models when they were read

    def beyond(self, type_name: str, data: Mapping[str, Any]) -> Iterator[str]:
        """Yield the paths of the values in a resource that fit neither."""
        root = Struct(message_name(type_name), lambda: self.shapes.members(type_name))
        paths = self.texts.paths.get(type_name, ()) if self.texts else ()
        here = replace(self, exact=type_name.startswith(_OF_AWS))
        for name, item in data.items():
            keeping = _Keeping.READ if isinstance(item, str) else self._keeping(_Keeping.READ, root, name)
            yield from here._value(item, root.fields.get(name), remaining_paths(paths, name), keeping, name)

    def _value(
        self, value: Any, shape: Shape | None, paths: Sequence[Path], keeping: _Keeping, at: str
    ) -> Iterator[str]:
        if () in paths or self.texts is None:
            paths, keeping = (), _Keeping.WHOLE
        if isinstance(value, str):
            if not (is_replaced(value) or (keeping is not _Keeping.NONE and _fits(value, shape, exact=self.exact))):
                yield at
        elif isinstance(value, list | Mapping) and (_is_closed(shape) or _is_other(value, shape)):
            yield at
        elif isinstance(value, list):
            inner = shape.item if isinstance(shape, ListOf) else None
            known = inner is not None or keeping is _Keeping.WHOLE
            for item in value:
                yield from self._value(item, inner, paths, keeping if known else _Keeping.NONE, f"{at}[]")
        elif not isinstance(value, Mapping):
            if not (_is_of(value, shape) or (value is None and not self.exact)):
                yield at
        elif not (keeping is _Keeping.READ and isinstance(shape, Scalar | Json)):
            yield from self._mapping(value, shape, paths, keeping, at)

    def _mapping(
        self, value: Mapping[str, Any], shape: Shape | None, paths: Sequence[Path], keeping: _Keeping, at: str
    ) -> Iterator[str]:
        for name, item in value.items():
            if isinstance(shape, Struct):
                if not _MEMBER.fullmatch(name):
                    yield f"{at}.{name}"
                own, inner = self._keeping(keeping, shape, name), shape.fields.get(name)
            else:
                own, inner = keeping, shape.value if isinstance(shape, MapOf) else None
            yield from self._value(item, inner, remaining_paths(paths, name), own, f"{at}.{name}")

    def _keeping(self, around: _Keeping, struct: Struct, name: str) -> _Keeping:
        if around is not _Keeping.READ or self.texts is None:
            return around
        is_read = name in self.texts.reads.get(struct.name, ()) and name in struct.fields
        return _Keeping.READ if is_read else _Keeping.NONE


def _is_of(value: Any, shape: Shape | None) -> bool:
    """Return whether a shape allows a number, a truth value or null; without a shape, any is allowed."""
    if not isinstance(shape, Scalar):
        return shape is None or isinstance(shape, Json)
    if isinstance(value, bool) or shape.kind == "boolean":
        return isinstance(value, bool) and not (shape.kind in _NUMBERS or shape.time or shape.enum)
    if shape.kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return value is not None and not (shape.time or shape.enum)


def _is_closed(shape: Shape | None) -> bool:
    return isinstance(shape, Scalar) and (bool(shape.enum) or shape.time or shape.kind in _AS_TEXT)


def _is_other(value: Any, shape: Shape | None) -> bool:
    """Return whether the value is a list where the shape has members or a single value, or members where it has a list
    or a single value.
    """
    return isinstance(shape, Struct | MapOf | Scalar) if isinstance(value, list) else isinstance(shape, ListOf | Scalar)


def _fits(text: str, shape: Shape | None, *, exact: bool = False) -> bool:
    """Return whether a shape allows a text; without a shape, any is allowed. In an `exact` answer, a number is a text
    only if JSON has no form for it, such as NaN.
    """
    if not isinstance(shape, Scalar):
        return shape is None or isinstance(shape, Json)
    if exact and shape.kind in _AS_TEXT:
        return shape.kind == "double" and text in _NO_NUMBERS
    if shape.kind in _AS_TEXT:
        return _AS_TEXT[shape.kind].fullmatch(text) is not None
    if shape.time:
        return not text or (_TIME.fullmatch(text) is not None and _is_moment(text))
    if shape.enum:
        return text in shape.enum or _WORD.fullmatch(text) is not None or any(" " in known for known in shape.enum)
    return True


def _is_moment(text: str) -> bool:
    """Return whether a date and a time of day exist. A minute may have 61 seconds, and a year one digit."""
    year, rest = text.split("-", 1)
    try:
        datetime.strptime(f"{year:0>4}-{rest[:11]}", "%Y-%m-%dT%H:%M")
    except ValueError:
        return False
    return True


def is_replaced(text: str) -> bool:
    """Return whether a value replaces a text that was not kept, or that redaction removed."""
    return _REPLACED.fullmatch(text) is not None


def as_sent(value: Any, shape: Shape | None) -> bool:
    """Return whether a parameter with this shape may be sent."""
    if isinstance(value, list):
        return isinstance(shape, ListOf) and all(as_sent(item, shape.item) for item in value)
    if isinstance(value, Mapping):
        return isinstance(shape, Struct) and all(as_sent(item, shape.fields.get(name)) for name, item in value.items())
    if not isinstance(shape, Scalar) or value is None:
        return False
    if isinstance(value, str):
        return is_replaced(value) or _fits(value, shape)
    return shape.kind == ("boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "double")
