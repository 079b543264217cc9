"""Converts the value of an argument to the form that `preuve.documents` reads: an unknown part is its `Unknown`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.collect.code.judgements.bodies import PART, leaves
from preuve.collect.code.judgements.documents.providers import with_providers
from preuve.collect.code.language.hcl.data import MORE, PERHAPS
from preuve.collect.code.verdict.marks import MADE, OPEN, is_marked, is_packed
from preuve.collect.code.verdict.verdict import told, unresolved
from preuve.documents.document import Document, Statement, Unknown, read

_NUMBER = re.compile(r"Statement\[(\d+)\]")
UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}")  # of a user or a role
_LARGEST = 1_000_000  # characters of JSON that are parsed
_STATEMENTS = "Statement"
_NAME = "\ufffd"
_PRINCIPALS = frozenset({"principal", "notprincipal"})
_TEXTS = frozenset({"effect", "id", "sid", "version"})  # elements that are single texts, not lists


def parsed(value: Any) -> Any:
    """Return the document that an argument holds as a mapping in which unknown parts are marked; None if it holds none.

    Return an `Unknown` if the value is unknown or is not JSON.
    """
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if value is None or value in ("", []):
        return None
    if isinstance(value, str):
        decoded = _json(value)
        if decoded == []:  # AWS rejects such a document
            return Unknown("the document is a list, not an object", many=True)
        value = value if decoded is None else decoded
    if isinstance(value, list):  # bare statements
        value = {_STATEMENTS: value}
    if not isinstance(value, Mapping):
        return Unknown(told(unresolved(value)) or "a document that is not JSON", many=True)
    if "effect" in {str(name).lower() for name in value}:  # one statement
        value = {_STATEMENTS: value}
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text) if len(text) <= _LARGEST and text.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def statements_of(document: Any) -> list[Any]:
    """Return the statements of a document as the code writes them."""
    members = document.items() if isinstance(document, Mapping) else ()
    found: Any = next((item for name, item in members if str(name).lower() == _STATEMENTS.lower()), [])
    return list(found) if isinstance(found, list | tuple) else [found]


def document_of(written: Any) -> Document:
    """Return a document from the result of `parsed`; a statement that a loop may make may be missing."""
    found = read(_opened(written))
    loops = [isinstance(item, Mapping) and PERHAPS in item for item in statements_of(written)]
    if not any(loops):
        return found
    statements = (replace(one, perhaps=loops[number_of(one)]) for one in found.statements)
    return replace(found, statements=tuple(statements))


def number_of(statement: Statement) -> int:
    """Return the index of a statement in its document."""
    match = _NUMBER.match(statement.place)
    return int(match[1]) if match else 0


def _opened(document: Any) -> Any:
    """Return a document for `preuve.documents.read`, with `Unknown` for unknown parts."""
    if not isinstance(document, Mapping):
        return document
    statements = [_told_statement(item) for item in statements_of(document)]
    found = dict(_members(document))
    return {key: statements if str(key).lower() == _STATEMENTS.lower() else item for key, item in found.items()}


def _told_statement(written: Any) -> Any:
    """Return a statement; if it may have elements that the code does not show, it may be any statement."""
    if not isinstance(written, Mapping):
        return _told(written)
    if PERHAPS in written:
        return _told_statement(written[PERHAPS])
    if OPEN in written:
        return Unknown(_cause(written[OPEN]), many=True)
    found = with_providers(dict(_members(written)))
    return {name: _principals(item) if str(name).lower() in _PRINCIPALS else item for name, item in found.items()}


def _members(written: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for name, item in written.items():
        if name in (OPEN, MORE):
            unknown = Unknown(_cause(item), many=True)
            yield unknown, unknown
        elif is_marked(name):
            yield text_of(name), _told(item)
        elif not str(name).startswith("__"):
            value = _told(item)
            alone = isinstance(value, Unknown) and not value.many and str(name).lower() not in _TEXTS
            yield str(name), [value] if alone else value


def _told(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(_members(value))
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    return text_of(value) if is_marked(value) else value


def _cause(marked: Any) -> str:
    return told(unresolved(marked)) or "an expression"


# ---- texts of which something is not known --------------------------------------------------------------------------


def text_of(text: str) -> str | Unknown:
    """Decode a marked text: its known parts, and whether only names are unknown.

    Each name is replaced by a placeholder unless the text contains parts that may be anything.
    """
    if is_packed(text):
        return Unknown(_cause(text), many=True)
    plain = all(part[0].startswith(MADE) for part in PART.finditer(text))
    pieces, at = [""], 0
    for part in PART.finditer(text):
        pieces[-1] += text[at : part.start()]
        at = part.end()
        if plain or not part[0].startswith(MADE):
            pieces.append("")
        else:
            pieces[-1] += _NAME
    pieces[-1] += text[at:]
    return Unknown(_cause(text), tuple(pieces), many=not plain and pieces == ["", ""], plain=plain)


def with_owner(principal: Any) -> Any:
    """Return a principal as the ARN that it stands for, as far as the code shows it. In the account, a unique id
    belongs to a deleted principal, since AWS replaces the ids of others by ARNs; in code, it may stand for any
    principal.
    """
    if isinstance(principal, str) and UNIQUE_ID.fullmatch(principal):
        return Unknown(f"{principal} does not say whose identity it is", ("arn:", ""))
    return principal


def _principals(value: Any) -> Any:
    """Return the principals of a statement: one, several, or several of each kind."""
    if isinstance(value, Mapping):
        return _in_principals(value)
    return value if isinstance(value, Unknown) else [with_owner(item) for item in leaves(value)]


def _in_principals(value: Any) -> Any:
    """Return principals; their number per kind does not matter."""
    if isinstance(value, Mapping):
        return {kind: _in_principals(item) for kind, item in value.items() if not isinstance(kind, Unknown)} | {
            kind: item for kind, item in value.items() if isinstance(kind, Unknown)
        }
    if isinstance(value, list):
        return [_in_principals(item) for item in value]
    return replace(value, many=False) if isinstance(value, Unknown) else with_owner(value)
