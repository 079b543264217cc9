"""The policy documents that a block holds: which argument holds one, and of what kind, is content
(`scanners/iac/documents/`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from preuve.collect.code.judgements.bodies import Body, leaves
from preuve.collect.code.judgements.documents.grants import granted
from preuve.collect.code.judgements.documents.templates import Templates, made_of
from preuve.collect.code.judgements.documents.values import document_of, parsed, statements_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, is_marked, is_opaque
from preuve.documents.document import Document, read

DATA = "data.aws_iam_policy_document"
WRITTEN = "__document__"  # key in the body of such a data source: the document that it makes
_MIXED = "[]"  # marks a list that may also hold names of policies


@dataclass(frozen=True)
class Held:
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
    doubt: str = ""  # why it may not exist, if not for a loop
    keys: tuple[str, ...] = ()

    def key(self, number: int) -> str:
        """Return the path of a statement in the block; in a data source each is a block."""
        return f"{self.path}/Statement/[{number}]" if self.path else f"statement/[{number}]"

    def statement(self, number: int) -> Any:
        """Return a statement as the code has it; None if there is none."""
        statements = statements_of(self.written)
        return statements[number] if number < len(statements) else None


@dataclass(frozen=True)
class Table:
    """The blocks that contain documents, `{type: {argument: kind}}`, and the blocks that are a statement each.

    `whole` are the types of which nothing but the document, or the region that they copy to, is asked. `templates` are
    what the templates for policies allow on what their arguments name.
    """

    documents: Mapping[str, Mapping[str, str]]
    grants: Mapping[str, Mapping[str, Any]]
    whole: frozenset[str] = frozenset()
    templates: Templates = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Table:
        """Return the table in plain data: the files of `scanners/iac/documents/` by their names."""
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

    def held(self, type_: str, body: Body) -> Iterator[Held]:
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
            yield Held(str(grant["of"]), "", read(document), keys=keys)


def _held(kind: str, path: str, written: Any, *, surely: bool = True) -> Held:
    return Held(kind, path, document_of(written), written, surely)


def _at(body: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any, bool]]:
    """Yield the values at a path, each with its place and whether it is surely there."""
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
    """Yield the values in a block that a loop may create; an unknown if the loop's content is not visible."""
    blocks = leaves(made.get("content")) if isinstance(made, Mapping) else iter(())
    found = [(at, value, False) for block in blocks for at, value, _ in _at(block, rest, here)]
    yield from found or [(here, f"{OPAQUE}${{dynamic block: {here}}}", False)]


def _among_names(value: Any, place: str, templates: Templates) -> Iterator[tuple[str, Any]]:
    """Yield the documents in a list that names policies, too: those of AWS, and templates for them."""
    for number, item in enumerate(leaves(value)):
        is_document = isinstance(item, Mapping) and any(str(name).lower() == "statement" for name in item)
        if is_document or (isinstance(item, Mapping) and OPEN in item) or is_opaque(item):
            yield f"{place}/[{number}]", parsed(item)
        elif isinstance(item, Mapping):
            yield from ((f"{place}/[{number}]/{name}", made_of(name, item[name], templates)) for name in item)
