"""Recognises the parts of a text that come from outside of the code: references, and values that are created later."""

from __future__ import annotations

import re

from preuve.collect.code.judgements.bodies import PART
from preuve.collect.code.secrets.places import PARAMETERS, is_kept_as_secret, returns_secret
from preuve.collect.code.verdict.marks import MADE, OPAQUE, given_as_it_is, shown
from preuve.redact.notations.names import announces

_REFERENCE = r"(?:var|module|data|local|self|each|count|ephemeral|path|[a-z][a-z0-9]*_\w+)\.[\w.\[\]\"'*/-]++"
# References, and functions that take a part of a reference: they hold no literals.
_TAKING = (
    r"(?:(?:jsondecode|yamldecode|nonsensitive|sensitive|tostring|try|coalesce|one|lookup|element|trimspace|chomp)\()*"
)
_OF_TERRAFORM = rf"{_TAKING}{_REFERENCE}(?:\)++[\w.\[\]\"'*-]*+)?(?:, ?{_REFERENCE}\)*)*"
_REF = r"Ref [\w:]+(?:\[\]| \((?:NoEcho|/aws/service|of [\w:]+)\))?"
_IN_TEMPLATE = rf"(?:{_REF}|AWS::\w+|[A-Za-z0-9]+\.[\w.:]+|resolve:[\w-]+|Fn::ImportValue)"
_OUTSIDE = re.compile(rf"{_OF_TERRAFORM}|{_IN_TEMPLATE}(?:, {_IN_TEMPLATE})*")
# Of a template: what a macro, or a function that nobody knows, puts there may be a part with secrets in it. What a
# map has at a key that is not known is seen there (`templates.py`), unless a reason follows the name of the function.
_BROUGHT = re.compile(rf"{OPAQUE}\$\{{[^}}]*Fn::(?!ImportValue|FindInMap[,}}])")
# Of a template: what surely is a secret and, in what configures a program, stands there in clear.
_IN_CLEAR = re.compile(r"\(NoEcho\)|\.(?:SecretAccessKey|ClientSecret|ApiKey)(?![\w.])")
_OF_STORE = re.compile(rf"{OPAQUE}\$\{{resolve:secretsmanager\}}")
_LOOKED_UP = re.compile(r"resolve:(?:secretsmanager|ssm-secure)")
# Of Terraform: an attribute of a resource or of a data source. A key may hold any sign, and an index of its own.
_KEY = r"(?>\[(?>\"(?:[^\"\\]|\\.)*+\"|(?!\")(?:[^\[\]]|\[[^\[\]]*+\])*+)\]|\.\*)"
_ATTRIBUTE = re.compile(
    rf"(?<![\w.])(?:module\.[\w-]+{_KEY}?+\.)*+(data\.)?([a-z][a-z0-9]*_\w+)\.([\w-]+){_KEY}*+\.([\w.]+)"
)
_OF_A_PARAMETER = frozenset({"value", "insecure_value"})


def is_outside(text: str) -> bool:
    """Return whether every unknown part of a text comes from outside of the code."""
    return all(_OUTSIDE.fullmatch(part.strip()) for part in _parts(text))


def is_brought(text: str) -> bool:
    """Return whether an unknown macro or function adds something to a text."""
    return _BROUGHT.search(text) is not None


def stands_in_clear(text: str, *, read: bool, telling: bool) -> bool:
    """Return whether a text contains what surely is a secret, or the value that a secret store returns, in a place
    where everyone who may view the program reads it (`read`). `telling`: the place is named like a secret.
    """
    parts = _parts(text)
    if any(map(_IN_CLEAR.search, parts)):
        return True
    return read and any(_LOOKED_UP.search(part) or _is_made_secret(part, telling) for part in parts)


def is_secret_itself(text: str) -> bool:
    """Return whether a text is exactly the value of something that creates or stores secrets."""
    return _OF_STORE.fullmatch(text) is not None or is_kept_as_secret(given_as_it_is(text))


def _is_made_secret(text: str, telling: bool) -> bool:
    """Return whether a Terraform expression has an attribute that is a secret. A Systems Manager parameter may hold any
    setting: it counts only if its own name or the place announces a secret.
    """
    for data, type_, label, attribute in _ATTRIBUTE.findall(text):
        if type_ in PARAMETERS:
            named = telling or announces(label)
            if named and attribute in _OF_A_PARAMETER:
                return True
        elif returns_secret(f"{data}{type_}", attribute):
            return True
    return False


def _parts(text: str) -> list[str]:
    """Return the expressions in a text, without those that only name a created resource; the whole text if it is one
    expression.
    """
    parts = list(PART.finditer(text))
    made = [shown(f"${{{match[1]}}}")[2:-1] for match in parts if not match[0].startswith(MADE)]
    return made if parts else [shown(text)]
