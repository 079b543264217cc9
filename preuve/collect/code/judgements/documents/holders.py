"""Whose rights the documents of a block are, where the block says it. Which argument names the holder is content: `by`,
and `type`, the block that makes it; without one the block is the holder itself. `attaches` is the argument by which a
block gives a policy of its own to a holder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, leaves
from preuve.collect.code.judgements.documents.block_documents import Held
from preuve.collect.code.judgements.documents.values import opened
from preuve.collect.code.judgements.neighbours import ADDRESS, KEY
from preuve.collect.code.verdict.marks import MADE, is_marked
from preuve.documents.document import read

_REFERENCE = re.compile(MADE + r"\$\{(?P<of>[^{}]*?)(?:\.(?P<attribute>arn|id|name|Arn))?\}")
_POLICY = "aws_iam_policy"
_MANAGED = "policy"
_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Holder:
    """The ARN of a holder ("": not known), and the reference by which the code names it ("" for none)."""

    arn: str
    reference: str = ""

    @property
    def name(self) -> str:
        """The name, or its placeholder if unknown."""
        return self.arn.rpartition("/")[2]

    def in_document(self, held: Held) -> Held:
        """Return a document in which references to the holder are its ARN and its name."""
        if not self.reference:
            return held
        written = self._named(held.written)
        return replace(held, document=read(opened(written))) if written != held.written else held

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


def holders_of(kind: str, body: Body, table: Table) -> Iterator[Holder]:
    """Yield the holders that a block names."""
    for about in _ways(table, kind):
        own_name = next((own["by"] for own in _ways(table, about.get("type", ""))), "name")
        for name in leaves(argument(body, about["by"])):
            if isinstance(name, str):
                yield _holder(about, body, name, own_name)
    yield from _attached(kind, body, table)


def inline_beside(kind: str, body: Body, table: Table) -> Iterator[tuple[str, Body, bool]]:
    """Yield the other blocks with inline policies of the holders that a block names: the type, the block, and whether
    it is surely there. A managed policy has rights of its own, as in the account.
    """
    if any(about["kind"] == _MANAGED for about in _ways(table, kind)):
        return
    for about in _ways(table, kind):
        for type_, one, surely in _of_holder(about, kind, body, table):
            if one.get(ADDRESS) != body.get(ADDRESS):
                yield type_, one, surely


def _of_holder(about: Mapping[str, str], kind: str, body: Body, table: Table) -> Iterator[tuple[str, Body, bool]]:
    """Yield the blocks with inline policies of one holder, the holder too, and those that may be of it."""
    beside = body.get(KEY)
    if beside is None:
        return
    holder = about.get("type", kind)
    named = beside.each_named(about["by"], holder)[0] if "type" in about else [body]
    own_name = next((own["by"] for own in _ways(table, holder)), "name")
    if not named:  # the code does not make the holder
        yield from beside.sharing([type_ for type_, by in _inline(holder, table) if by == about["by"]], about["by"])
    for one in named:
        yield holder, one, True
        for type_, by in _inline(holder, table):
            found = one[KEY].naming(type_, by, own_name)
            yield from ((type_, other, surely) for other, surely in found.items())
            yield from ((type_, other, False) for other, _ in found.doubts)


def _inline(holder: str, table: Table) -> Iterator[tuple[str, str]]:
    """Yield the types of blocks with inline policies of a type of holder, each with the argument that names it."""
    for type_ in table:
        ways = _ways(table, type_)
        if not any(way["kind"] == _MANAGED or "attaches" in way for way in ways):
            yield from ((type_, way["by"]) for way in ways if way.get("type") == holder)


def _ways(table: Table, kind: str) -> Sequence[Mapping[str, str]]:
    """Return the arguments in which blocks of a type name the holders of a policy."""
    found = table.get(kind, ())
    return (found,) if isinstance(found, Mapping) else found


def _attached(kind: str, body: Body, table: Table) -> Iterator[Holder]:
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
    """Return the block beside that makes the holder of a reference; None if the code makes none, or it is the block."""
    beside = body.get(KEY)
    if not beside or "type" not in about:
        return None
    found: list[Body]
    found, each = beside.each_named(about["by"], about["type"])
    if each and len(found) == 1:
        return found[0]
    return next((one for one in found if reference and _is_same(_address(one), reference)), None)


def _address(made: Body) -> str:
    return str(made[ADDRESS]).replace('"', "")


def _is_same(one: str, other: str) -> bool:
    """Return whether two references are to one block; one without an index is to the element at hand."""
    if _INDEX.sub("", one) != _INDEX.sub("", other):
        return False
    indexes, others = _INDEX.findall(one), _INDEX.findall(other)
    return indexes == others or len(indexes) != len(others)
