"""Marks unknown values for Checkov: a marked text contains a character that no known text has.

Checkov copies, cuts and joins texts. A mark inside the text survives this; an object of preuve's own class would not.
So a leaf is known exactly if it has no mark. Known texts that contain such a character lose it (`known`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile
from typing import Any

from preuve.collect.code.language.templates.intrinsics import REST, MaybeAbsent
from preuve.collect.code.language.values.value import (
    GAP,
    Base64Text,
    FilteredValue,
    JsonPart,
    JsonText,
    PartialList,
    PartKey,
    PartText,
    Unknown,
    Value,
)
from preuve.redact.forms import certain

Mark = Callable[[Unknown], str]

OPAQUE = "\ue000"  # before a value that may be anything
MADE = "\ue001"  # before the name of what the code makes or looks up: never null, a wildcard or a range of addresses
PART_OF_A_SECRET = 6  # characters: fewer written characters do not count
_COMPUTED = "= "  # before the causes, if an expression combined them, perhaps with literal text
_AS_IT_IS = "= = "  # before the one cause, if the value is what a type returns that has to do with secrets, as it is
_PACKED = "= 64 "  # the same before a text that the value is made of: its base64 is there, or some of its members
_HIDING = "= ! "  # the same where a text that has the form of a secret went into that expression
_PERHAPS = "= ? "  # the same if the value is perhaps not there at all: an item of a list that may be missing
OPEN = OPAQUE  # a key: the mapping may hold more than is known, for the causes that stand there
_MADE_CAUSE = re.compile(MADE + r"\$\{([^}]*)\}")
_ANY_CAUSE = re.compile(f"[{OPAQUE}{MADE}]" + r"\$\{[^}]*\}")
# The ARN of a key that an alias names, whose account and region are those of the key (`language/hcl/data.py`).
_BY_ALIAS = re.compile(r"arn:(\$\{[^{}]+\}):kms:\1:\1:(alias/[^\s\"]*)")
# It may be anything except empty.
_OF_SECRET = re.compile(OPAQUE + r"\$\{resolve:(?:secretsmanager|ssm-secure)\}")
_GIVEN = re.compile(OPAQUE + r"\$\{" + _AS_IT_IS + r"([^{}]*)\}")
# The type in the path of a value, and words in the names of types that have to do with secrets.
_TYPE = re.compile(r"(?:module\.[^.]++\.)*+(?:data\.)?+([^\W_]\w*+)\.")
_WORDS_OF_SECRETS = ("secret", "password", "key", "bytes", "certificate")
_OF_A_VAULT = "vault_"
_OF_PACKED = re.compile(OPAQUE + r"\$\{" + _PACKED + r"[^{}]*\}")
_WIDE = re.compile(r"/(\d|1[0-5])(?!\d)")
_SIGNS = str.maketrans({OPAQUE: "\ufffd", MADE: "\ufffd"})
_UNSAFE = str.maketrans({'"': "", "\\": "", "\n": " ", "{": "(", "}": ")"})  # it may be inside JSON


def known(text: str) -> str:
    """Return a known text in the form for Checkov."""
    return text.translate(_SIGNS) if OPAQUE in text or MADE in text else text


def marked(unknown: Unknown) -> str:
    """Return an unknown in the form for Checkov: the mark, and the unknown value as an interpolation."""
    if isinstance(unknown, Base64Text | FilteredValue):
        text = given(unknown.value if isinstance(unknown, Base64Text) else JsonText((), value=unknown.value))
        return f"{OPAQUE}${{{_PACKED}{_causes(unknown)}}}{text}"
    if isinstance(unknown, PartText):
        return "".join(_part(part, unknown.parts[place:]) for place, part in enumerate(unknown.parts, start=1))
    sign = MADE if unknown.made and not isinstance(unknown, JsonText) else OPAQUE
    return f"{sign}${{{_expression(unknown)}{_causes(unknown)}}}"


def _causes(unknown: Unknown) -> str:
    return ", ".join(unknown.causes).translate(_UNSAFE).translate(_SIGNS)


def unpacked(text: str) -> str:
    """Return a text with its source in its place: the text of which it is the base64, or some of whose members it may
    have.
    """
    return _OF_PACKED.sub("", text)


def is_packed(text: str) -> bool:
    """Return whether a text is only a mark with its source behind it: the source is no part of the value."""
    return _OF_PACKED.match(text) is not None


def _part(part: str | Unknown, after: tuple[str | Unknown, ...]) -> str:
    if isinstance(part, str):
        return known(part)
    if isinstance(part, JsonPart):
        return f'"{marked(part)}"'
    end = "".join(map(str, takewhile(lambda other: isinstance(other, str), after)))
    return marked(replace(part, made=False) if _WIDE.match(end) else part)  # an address with it contains many others


def _expression(unknown: Unknown) -> str:
    if isinstance(unknown, MaybeAbsent):
        return _PERHAPS
    if not unknown.computed:
        alone = len(unknown.causes) == 1 and not unknown.made
        return _AS_IT_IS if alone and _is_of_secrets(unknown.causes[0]) else ""
    if any(map(certain, unknown.written)):
        return _HIDING
    return "" if sum(map(len, unknown.written)) < PART_OF_A_SECRET else _COMPUTED


def _is_of_secrets(cause: str) -> bool:
    """Return whether a cause is a value of a type that has to do with secrets, by the name of the type."""
    found = _TYPE.match(cause)
    named = found[1].partition("_")[2] if found else ""
    return _OF_A_VAULT in cause or any(word in named for word in _WORDS_OF_SECRETS)


def hides_secret(text: str) -> bool:
    """Return whether an unknown expression contains something in the form of a secret."""
    return f"${{{_HIDING}" in text


def given_as_it_is(text: str) -> str:
    """Return the value of a text that a type for secrets returns unchanged; otherwise ""."""
    found = _GIVEN.fullmatch(text)
    return found[1] if found else ""


def opened(value: PartialList) -> list[str]:
    """Return a list that is not completely known in the form for Checkov: its certain items, and a marked text."""
    return [*map(known, value.held), marked(value)]


def is_marked(value: Any) -> bool:
    """Return whether a leaf is a text with an unknown part."""
    return isinstance(value, str) and (OPAQUE in value or MADE in value)


def is_opaque(value: Any) -> bool:
    """Return whether a leaf, or a part of it, may have any value."""
    return isinstance(value, str) and OPAQUE in value


def shown(text: str) -> str:
    """Return a text in its form for readers: without the marks."""
    plain = text.replace(OPAQUE, "").replace(MADE, "")
    for before in (_HIDING, _PERHAPS, _PACKED, _AS_IT_IS, _COMPUTED):
        plain = plain.replace(f"${{{before}", "${")
    return _BY_ALIAS.sub(r"\1 (\2)", plain)


def given(value: Value, mark: Mark = marked) -> Any:  # noqa: PLR0911 - one case for each kind of value
    """Return a value in the form for Checkov: plain maps, lists and scalars, in which `mark` marks unknown parts.

    A `JsonText` is written as its JSON, so that its known parts are visible.
    """
    if isinstance(value, JsonText) and mark is marked:
        return json.dumps(given(value.value), ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, PartialList):
        return opened(value)
    if isinstance(value, Unknown):
        return mark(value)
    if isinstance(value, dict):
        return {_key(name, mark): given(item, mark) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [given(item, mark) for item in value]
    if isinstance(value, str):
        return known(value)
    return float(value) if isinstance(value, Decimal) else value


def _key(name: str, mark: Mark) -> str:
    if isinstance(name, PartKey):
        return mark(name.text)
    return OPEN if name == REST else known(name)


def made_causes(value: Any) -> list[str]:
    """Return the names in a leaf of things that the code makes or looks up."""
    return _MADE_CAUSE.findall(value) if isinstance(value, str) else []


def with_gaps(text: str) -> str:
    """Return a text with `…` for each unknown part; "" if no part is known."""
    gaps = _ANY_CAUSE.sub(GAP, text)
    return gaps if gaps.replace(GAP, "") else ""


def may_be_absent(value: Any) -> bool:
    """Return whether a leaf may be missing."""
    return is_opaque(value) and f"${{{_PERHAPS}" in value


def may_be_empty(value: Any) -> bool:
    """Return whether a leaf may be empty: no part of it is written out, made or kept as a secret."""
    if not is_opaque(value) or MADE in value or _OF_SECRET.search(value):
        return False
    return is_packed(value) or not _ANY_CAUSE.sub("", value)
