"""The documents that templates for policies make of their arguments: `scanners/iac/documents/templates.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preuve.collect.code.verdict.marks import MADE, OPAQUE, is_marked, is_opaque
from preuve.collect.code.verdict.verdict import told, unresolved
from preuve.documents.document import Unknown
from preuve.library.nested import texts

Templates = Mapping[str, Sequence[Mapping[str, Any]]]
_PLACE = re.compile(r"\{(\w+)\}")
_OF_THE_STACK = {"region": MADE + "${AWS::Region}", "account": MADE + "${AWS::AccountId}"}


def made_of(name: Any, arguments: Any, templates: Templates) -> Any:
    """Return what a template allows on what its arguments name; None if nothing, an `Unknown` if that is not known."""
    statements = None if is_marked(name) else templates.get(str(name))
    if statements is None:
        return Unknown(told(unresolved(name)) or f"a template for policies that is not known: {name}", many=True)
    if not statements:
        return None
    given = {**(arguments if isinstance(arguments, Mapping) else {}), **_OF_THE_STACK}
    for place in sorted({place for statement in statements for place in _places(statement)}):
        if not isinstance(given.get(place), str):
            return Unknown(told(unresolved(given.get(place))) or f"an argument of {name}: {place}", many=True)
    made = [one for statement in statements for one in _granted(statement, given, str(name))]
    return {"Statement": [{"Effect": "Allow", **one} for one in made]}


def _granted(statement: Mapping[str, Any], given: Mapping[str, str], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield a statement as AWS makes it, and once more on what is not known, for each argument that may be anything: a
    wildcard inside of an ARN reaches more than its pattern tells.
    """
    made: Mapping[str, Any] = _filled(statement, given)
    yield made
    for place in sorted(set(_places(statement["Resource"]))):
        if is_opaque(given[place]):
            yield {**made, "Resource": given[place]}
        elif not given[place].strip("*?/"):
            yield {**made, "Resource": f"{OPAQUE}${{{name}.{place} {given[place]}}}"}


def _places(value: Any) -> list[str]:
    return [place for text in texts(value) for place in _PLACE.findall(text)]


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, given) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, given) for item in value]
    return _PLACE.sub(lambda place: given[place[1]], value)
