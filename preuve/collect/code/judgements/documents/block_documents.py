"""Finds the policy documents in a block. Content says which argument holds a document, and of what kind
(`scanners/iac/documents/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, blocks, leaves
from preuve.collect.code.judgements.documents.values import (
    UNIQUE_ID,
    document_of,
    parsed,
    statements_of,
    text_of,
    with_owner,
)
from preuve.collect.code.verdict.marks import MADE, OPAQUE, OPEN, is_marked, is_opaque
from preuve.collect.code.verdict.verdict import told, unresolved
from preuve.documents.document import Document, Unknown, read
from preuve.library.json_data import changed, texts

Templates = Mapping[str, Sequence[Mapping[str, Any]]]
_PLACE = re.compile(r"\{(\w+)\}")
_OF_THE_STACK = {"region": MADE + "${AWS::Region}", "account": MADE + "${AWS::AccountId}"}


def made_of(name: Any, arguments: Any, templates: Templates) -> Any:
    """Return what a policy template allows on the resources that its arguments name; None if nothing, an `Unknown` if
    that is not known.
    """
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
    """Yield a statement as AWS makes it, and once more on an unknown resource for each argument that may be anything: a
    wildcard inside an ARN covers more than its pattern shows.
    """
    made = changed(statement, lambda text: _PLACE.sub(lambda place: given[place[1]], text))
    yield made
    for place in sorted(set(_places(statement["Resource"]))):
        if is_opaque(given[place]):
            yield {**made, "Resource": given[place]}
        elif not given[place].strip("*?/"):
            yield {**made, "Resource": f"{OPAQUE}${{{name}.{place} {given[place]}}}"}


def _places(value: Any) -> list[str]:
    return [place for text in texts(value) for place in _PLACE.findall(text)]


DATA = "data.aws_iam_policy_document"
WRITTEN = "__document__"  # key in the body of a data source: the document that it makes
_MIXED = "[]"  # marks a list that may also hold names of policies


@dataclass(frozen=True)
class BlockDocument:
    """A document in a block.

    `kind` is identity, trust, boundary, organization, `any` (a data source does not say whose it is), or the type of
    the resource whose policy it is. `path` is the argument; `surely`: the document exists. `written` is the document
    as the code has it. If the block is itself a statement, `written` is empty and `keys` are its arguments.
    """

    kind: str
    path: str
    document: Document
    written: Any = None
    surely: bool = True
    doubt: str = ""  # why the document may not exist, other than a loop
    keys: tuple[str, ...] = ()

    def key(self, number: int) -> str:
        """Return the path of a statement in the block; in a data source, each statement is a block."""
        return f"{self.path}/Statement/[{number}]" if self.path else f"statement/[{number}]"

    def statement(self, number: int) -> Any:
        """Return a statement as the code writes it; None if there is none."""
        statements = statements_of(self.written)
        return statements[number] if number < len(statements) else None


@dataclass(frozen=True)
class Table:
    """The blocks that contain documents, `{type: {argument: kind}}`, and the blocks that are one statement each.

    `whole` are the types of which only the document is judged, or the region that they copy to. `templates` says what
    the policy templates allow on the resources that their arguments name.
    """

    documents: Mapping[str, Mapping[str, str]]
    grants: Mapping[str, Mapping[str, Any]]
    whole: frozenset[str] = frozenset()
    templates: Templates = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Table:
        """Return the table from plain data: the files of `scanners/iac/documents/` by name."""
        both = {**data.get("terraform", {}), **data.get("cloudformation", {})}
        grants: Mapping[str, Mapping[str, Any]] = data.get("grants", {})
        listed = (name for names in data.get("whole", {}).values() for name in names)
        return cls(both, grants, frozenset({*grants, *listed}), data.get("templates", {}))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Every kind of document."""
        written = (kind for arguments in self.documents.values() for kind in arguments.values())
        return frozenset(written) | {str(grant["of"]) for grant in self.grants.values()}

    def types(self, kinds: frozenset[str]) -> tuple[str, ...]:
        """Return the types of blocks that may hold a document of one of these kinds."""
        written = [name for name, arguments in self.documents.items() if kinds.intersection(arguments.values())]
        return tuple(sorted({*written, *(name for name, grant in self.grants.items() if grant["of"] in kinds)}))

    def held(self, type_: str, body: Body) -> Iterator[BlockDocument]:
        """Yield the documents in a block."""
        if type_ == DATA and WRITTEN in body:
            yield _held("any", "", parsed(body[WRITTEN]))
        for path, kind in self.documents.get(type_, {}).items():
            for place, value, surely in _at(body, path.removesuffix(_MIXED).split("."), ""):
                mixed = path.endswith(_MIXED)
                found = _among_names(value, place, self.templates) if mixed else [(place, parsed(value))]
                yield from (_held(kind, at, one, surely=surely) for at, one in found if one is not None)
        if (grant := self.grants.get(type_)) and (document := granted(body, grant)) is not None:
            names = (grant["action"], grant["principal"], *grant["conditions"])
            keys = tuple(name for name in names if name in body)
            yield BlockDocument(str(grant["of"]), "", read(document), keys=keys)


def _held(kind: str, path: str, written: Any, *, surely: bool = True) -> BlockDocument:
    return BlockDocument(kind, path, document_of(written), written, surely)


def _at(body: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any, bool]]:
    """Yield the values at a path, each with its place and whether it surely exists."""
    if not isinstance(body, Mapping):
        if is_marked(body):
            yield place, body, False
        return
    name, rest = steps[0], steps[1:]
    here = f"{place}/{name}" if place else name
    if name not in body and OPEN in body:
        yield here, body[OPEN], False
    if name in body and not rest:
        yield here, body[name], True
    elif name in body:
        for number, item in enumerate(leaves(body[name])):
            yield from _at(item, rest, f"{here}/[{number}]")
    for loop in leaves(body.get("dynamic")):
        for made in leaves(loop[name]) if isinstance(loop, Mapping) and name in loop else ():
            yield from _in_loop(made, rest, here)


def _in_loop(made: Any, rest: list[str], here: str) -> Iterator[tuple[str, Any, bool]]:
    """Yield the values in a block that a loop may make; an unknown if the content of the loop is not visible."""
    blocks = leaves(made.get("content")) if isinstance(made, Mapping) else iter(())
    found = [(at, value, False) for block in blocks for at, value, _ in _at(block, rest, here)]
    yield from found or [(here, f"{OPAQUE}${{dynamic block: {here}}}", False)]


def _among_names(value: Any, place: str, templates: Templates) -> Iterator[tuple[str, Any]]:
    """Yield the documents in a list that may also contain names of AWS's policies and policy templates."""
    for number, item in enumerate(leaves(value)):
        is_document = isinstance(item, Mapping) and any(str(name).lower() == "statement" for name in item)
        if is_document or (isinstance(item, Mapping) and OPEN in item) or is_opaque(item):
            yield f"{place}/[{number}]", parsed(item)
        elif isinstance(item, Mapping):
            yield from ((f"{place}/[{number}]/{name}", made_of(name, item[name], templates)) for name in item)


# ---- grants ---------------------------------------------------------------------------------------------------------
# Blocks that are one statement of the policy of a resource, as the document that AWS makes of them.


_SERVICES = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")
# Not a service: an account, the ARN or the id of a user or role.
_OF_ACCOUNTS = re.compile(rf"[0-9]{{12}}|arn:.*|{UNIQUE_ID.pattern}", re.DOTALL)


def granted(body: Body, grant: Mapping[str, Any]) -> Any:
    """Return the document that AWS makes of a block that `scanners/iac/documents/grants.yaml` describes."""
    if OPEN in body:
        return Unknown("properties that are not read", many=True)
    principal = _told(body, grant["principal"])
    if principal is None:
        return None if "Statement" in body else Unknown("a principal that is not set", many=True)
    conditions: dict[Any, dict[Any, Any]] = {}
    for name, (operator, key) in grant["conditions"].items():
        value = _told(body, name)
        if value is not None:
            conditions.setdefault(operator, {})[key] = value
    for inner in blocks(body, grant["condition"])[0] if "condition" in grant else ():
        operator, key, value = (_told(inner, name) for name in (grant["operator"], grant["key"], grant["value"]))
        conditions.setdefault(operator, {})[key] = value
    statement = {
        "Effect": "Allow",
        "Principal": _principal(principal),
        "Action": _told(body, grant["action"]),
        "Resource": "*",
        "Condition": conditions,
    }
    return {"Statement": [statement]}


def _principal(value: Any) -> Any:
    """Return a principal as AWS writes it; a name that is neither everybody nor part of an account is a service."""
    text = value[0] if isinstance(value, list) else value
    if text == "*" or (isinstance(value, Unknown) and value.many):
        return value
    if isinstance(text, Unknown):
        return {"Service": value} if text.known[-1].endswith(_SERVICES) else value
    return {"AWS" if _OF_ACCOUNTS.fullmatch(str(text)) else "Service": with_owner(text)}


def _told(body: Body, name: str) -> Any:
    """Return the value of an argument, None if it is not set; the provider treats an empty text as not set."""
    value = argument(body, name)
    found = text_of(value) if is_marked(value) else value
    return [found] if isinstance(found, Unknown) and not found.many else None if found == "" else found
