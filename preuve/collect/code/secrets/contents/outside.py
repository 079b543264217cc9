"""What a text takes from outside of the code: references, and what nobody knows before it is made."""

from __future__ import annotations

import re

from preuve.collect.code.judgements.bodies import PART
from preuve.collect.code.verdict.marks import MADE, OPAQUE, shown

_REFERENCE = r"(?:var|module|data|local|self|each|count|ephemeral|path|[a-z][a-z0-9]*_\w+)\.[\w.\[\]\"'*/-]+"
# References, and functions that take a part of one: without literals.
_TAKING = (
    r"(?:(?:jsondecode|yamldecode|nonsensitive|sensitive|tostring|try|coalesce|one|lookup|element|trimspace|chomp)\()*"
)
_OF_TERRAFORM = rf"{_TAKING}{_REFERENCE}\)*[\w.\[\]\"'*-]*(?:, ?{_REFERENCE}\)*)*"
_REF = r"Ref [\w:]+(?:\[\]| \((?:NoEcho|/aws/service)\))?"
_IN_TEMPLATE = rf"(?:{_REF}|AWS::\w+|[A-Za-z0-9]+\.[\w.:]+|resolve:[\w-]+|Fn::ImportValue)"
_OUTSIDE = re.compile(rf"{_OF_TERRAFORM}|{_IN_TEMPLATE}(?:, {_IN_TEMPLATE})*")
# Of a template: what a macro, or a function that nobody knows, puts there may be a part with secrets in it. What a
# map has at a key that is not known is seen there (`templates.py`), unless a reason follows the name of the function.
_BROUGHT = re.compile(rf"{OPAQUE}\$\{{[^}}]*Fn::(?!ImportValue|FindInMap[,}}])")
# Of a template: what surely is a secret and, in what configures a program, stands there in clear.
_IN_CLEAR = re.compile(r"\(NoEcho\)|\.(?:SecretAccessKey|ClientSecret|ApiKey)(?![\w.])")


def is_outside(text: str) -> bool:
    """Return whether all that is not known of a text comes from outside of the code."""
    return all(_OUTSIDE.fullmatch(part.strip()) for part in _parts(text))


def is_brought(text: str) -> bool:
    """Return whether a macro or a function that nobody knows puts something into a text."""
    return _BROUGHT.search(text) is not None


def stands_in_clear(text: str) -> bool:
    """Return whether a text takes what surely is a secret."""
    return any(map(_IN_CLEAR.search, _parts(text)))


def _parts(text: str) -> list[str]:
    """Return the expressions in a text, but for the names of what is made; the text if it is one as a whole."""
    parts = list(PART.finditer(text))
    return [match[1] or "" for match in parts if not match[0].startswith(MADE)] if parts else [shown(text)]
