"""Finds the holder of the rights in a block's documents, if the block names one. Content says which argument does:
`by`, and `type` for the block that makes the holder; without `by` the block is the holder. `attaches` is the argument
by which a block gives its own policy to a holder, `added` the suffix of the logical id of the holder that SAM adds to a
resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, leaves
from preuve.collect.code.judgements.documents.block_documents import BlockDocument
from preuve.collect.code.judgements.documents.values import document_of
from preuve.collect.code.judgements.relations.neighbourhood import ADDRESS, KEY, Name
from preuve.collect.code.language.values.value import Unknown
from preuve.collect.code.verdict.marks import MADE, given, is_marked

_REFERENCE = re.compile(MADE + r"\$\{(?P<of>[^{}]*?)(?:\.(?P<attribute>arn|id|name|Arn))?\}")
_POLICY = "aws_iam_policy"
_MANAGED = "policy"
_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Holder:
    """The ARN of a holder ("": unknown), and the reference by which the code names it ("": none)."""

    arn: str
    reference: str = ""

    @property
    def name(self) -> str:
        """The name, or its placeholder if unknown."""
        return self.arn.rpartition("/")[2]

    def in_document(self, held: BlockDocument) -> BlockDocument:
        """Return a document in which the ARN and the name of the holder replace references to it."""
        if not self.reference:
            return held
        written = self._named(held.written)
        return replace(held, document=document_of(written)) if written != held.written else held

    def _named(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._named(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._named(item) for item in value]
        return _REFERENCE.sub(self._of_reference, value) if is_marked(value) else value

    def _of_reference(self, match: re.Match[str]) -> str:
        if not _is_same(match["of"], self.reference):
            return match[0]
        return self.arn if (match["attribute"] or "").lower() == "arn" else self.name


NOBODY = Holder("")


Table = Mapping[str, Mapping[str, str] | Sequence[Mapping[str, str]]]
Other = tuple[str, Body, bool]  # another block: its type, its body, and whether it surely exists for this holder


def holders_of(kind: str, body: Body, table: Table) -> Iterator[tuple[Holder, Sequence[Other]]]:
    """Yield the holders that a block names, each with the other blocks that hold, or may hold, inline policies of it. A
    managed policy is judged by its own rights, as in the account.
    """
    ways = _ways(table, kind)
    inline = not any(map(_is_managed, ways))
    for about in ways:
        for holder, name in _named(about, body, table):
            others = _inline_of(name, about.get("type", kind), body[KEY], table) if inline and name else ()
            yield holder, list(others)
    yield from _attached(kind, body, table)


def _named(about: Mapping[str, str], body: Body, table: Table) -> Iterator[tuple[Holder, Name | None]]:
    """Yield the holders that a block names in one way, each with its block's neighbourhood if the code makes that
    block.
    """
    beside, own_name = body.get(KEY), _own_name(table, about.get("type", ""))
    if beside is not None and "type" in about:
        for name in _names(about, beside, about["type"], own_name):
            yield _holder(about, body, _text(name), own_name), name
        return
    itself = beside.own(about["by"]) if beside is not None else None
    texts = [text for text in leaves(argument(body, about.get("by", ""))) if isinstance(text, str)]
    for text in texts:
        yield _holder(about, body, text, own_name), itself
    if itself is not None and not texts:
        yield NOBODY, itself


def _names(way: Mapping[str, str], beside: Any, type_: str, own_name: str) -> Iterator[Name]:
    """Yield the values by which a block names a holder, where an argument gives blocks of a type their name."""
    if "added" in way:
        yield beside.added(way["added"])
    else:
        yield from beside.names(way["by"], type_, own_name)


def _text(name: Name) -> str:
    """Return a name in the form that the body of a block has."""
    return f"{MADE}${{{_plain(name.address)}.name}}" if name.address else str(given(name.value))


def _inline_of(name: Name, type_: str, beside: Any, table: Table) -> Iterator[Other]:
    """Yield the other blocks with inline policies of a holder: its own block, and those that name it."""
    own_name = _own_name(table, type_)
    ways = [(type_, None)] + [(kind, way) for kind in table for way in _ways(table, kind) if _gives(way, type_)]
    for kind, way in ways:
        for other, around, there in beside.others(kind):
            if around is None:  # a resource that the code does not show
                names: list[Name] = [Name(Unknown(()))]
            else:
                names = [around.own(own_name)] if way is None else list(_names(way, around, type_, own_name))
            answers = [one.is_of(name) for one in names]
            if True in answers or None in answers:
                yield kind, other, there and True in answers


def _gives(way: Mapping[str, str], type_: str) -> bool:
    """Return whether blocks give an inline policy to blocks of a type by an argument."""
    return way.get("type") == type_ and not _is_managed(way)


def _is_managed(way: Mapping[str, str]) -> bool:
    return way["kind"] == _MANAGED or "attaches" in way


def _own_name(table: Table, type_: str) -> str:
    """Return the argument that gives blocks of a type their name."""
    return next((own["by"] for own in _ways(table, type_)), "name")


def _ways(table: Table, kind: str) -> Sequence[Mapping[str, str]]:
    """Return the arguments by which blocks of a type name the holders of a policy."""
    found = table.get(kind, ())
    return (found,) if isinstance(found, Mapping) else found


def _attached(kind: str, body: Body, table: Table) -> Iterator[tuple[Holder, Sequence[Other]]]:
    """Yield the holders to which neighbours attach this policy."""
    beside = body.get(KEY)
    if beside is None or kind != _POLICY:
        return
    for type_ in table:
        for attaches in {way["attaches"] for way in _ways(table, type_) if "attaches" in way}:
            for one, _ in beside.naming(type_, attaches, "").items():
                yield from holders_of(type_, one, table)


def _holder(about: Mapping[str, str], body: Body, name: str, own_name: str) -> Holder:
    match = _REFERENCE.fullmatch(name)
    reference = match["of"] if match else ""
    made = _made(about, body, reference)
    if made is not None:
        reference = _address(made)
        name = str(argument(made, own_name))
    itself = body if "type" not in about else made or {}
    path = argument(itself, "path") or argument(itself, "Path")
    known = name if name not in ("", "None") and not is_marked(name) else reference or "\ufffd"
    below = f"{path.strip('/')}/" if isinstance(path, str) and path.strip("/") and not is_marked(path) else ""
    return Holder(f"arn:*:iam::*:{about['kind']}/{below}{known}", reference)


def _made(about: Mapping[str, str], body: Body, reference: str) -> Body | None:
    """Return the neighbouring block that makes the holder of a reference; None if the code makes none, or if it is this
    block.
    """
    beside = body.get(KEY)
    if not beside or "type" not in about or "by" not in about:
        return None
    found: list[Body]
    found, each = beside.each_named(about["by"], about["type"])
    if each and len(found) == 1:
        return found[0]
    return next((one for one in found if reference and _is_same(_address(one), reference)), None)


def _address(made: Body) -> str:
    return _plain(str(made[ADDRESS]))


def _plain(address: str) -> str:
    return address.replace('"', "")


def _is_same(one: str, other: str) -> bool:
    """Return whether two references name one block; a reference without an index names the current element."""
    if _INDEX.sub("", one) != _INDEX.sub("", other):
        return False
    indexes, others = _INDEX.findall(one), _INDEX.findall(other)
    return indexes == others or len(indexes) != len(others)
