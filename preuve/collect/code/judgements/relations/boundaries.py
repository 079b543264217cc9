"""Policies that a root looks up and attaches to nothing, as permissions boundaries or for an output: what they allow,
they give to nobody there. One that the root makes is judged all the same: whoever knows its name may attach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from preuve.collect.code.language.hcl.blocks import BlockInstance, values_in
from preuve.collect.code.language.values.value import MOST_CAUSES, Unknown, Value, items_of, parts_of, sources_of

POLICY = "aws_iam_policy"  # which a block makes, or a data source looks up
_BOUNDARY = "permissions_boundary"
_DOCUMENTS = frozenset({"policy", "assume_role_policy"})  # what they say of a policy by its name attaches none
_DOCUMENT = "aws_iam_policy_document"  # a data source that is one
_SAID = ("resource", "module")  # blocks that attach what they are given
_NAME = ".arn"


class Attachments:
    """What the blocks of a root say of policies; `policy_of` finds the policy that a value is an attribute of."""

    def __init__(self, blocks: Iterable[BlockInstance], policy_of: Callable[[Value], BlockInstance | None]) -> None:
        self._policy_of = policy_of
        others, documents, texts = list[Value](), list[Value](), list[Value]()
        self._attached = list[Value]()
        for made in blocks:
            said, in_documents = _said(made)
            others += said
            documents += in_documents
            texts += said if made.type != POLICY or made.kind != "data" else ()  # by which it is looked up itself
            self._attached += _attaching(made) if made.kind in _SAID else ()
        self._others = sources_of(others) | {one for value in leaves(documents) for one in _contained(value)}
        self._texts = {one.lower() for one in leaves(texts) if isinstance(one, str)}

    def grants_nothing(self, made: BlockInstance) -> bool:
        """Return whether a policy is looked up, and nothing may attach it."""
        names = _names(made)
        if made.kind != "data" or not names or made.address in self._others:
            return False
        if any(name in text for name in names for text in self._texts):
            return False
        unknown = (value for value in leaves(self._attached) if isinstance(value, Unknown))
        return all(self._is_another(value, names) for value in unknown)

    def _is_another(self, value: Unknown, names: frozenset[str]) -> bool:
        """Return whether a value is surely of a policy that is made here, or is looked up by another name."""
        found = self._policy_of(value)
        return found is not None and (found.kind == "resource" or (bool(_names(found)) and not _names(found) & names))


def _said(made: BlockInstance) -> tuple[list[Value], list[Value]]:
    """Return what a block says by which it may give a policy to somebody, and what it says in documents."""
    if made.kind == "data" and made.type == _DOCUMENT:
        return [], list(values_in(made.content))
    arguments = made.content.arguments
    beside = (_BOUNDARY, *_DOCUMENTS) if made.kind in _SAID else ()
    said = [value for name, value in arguments.items() if name not in beside]
    said += [value for one in made.content.inner() for value in values_in(one)]
    return said, [arguments[name] for name in beside[1:] if name in arguments]


def _contained(value: Value) -> frozenset[str]:
    """Return the addresses of what a part of a document holds, not by its name alone: what that allows, this allows."""
    if parts := parts_of(value):
        return frozenset(one for part in parts for one in _contained(part))
    if not isinstance(value, Unknown):
        return frozenset()
    more = len(value.causes) >= MOST_CAUSES  # perhaps there are others
    return frozenset(one for one in value.sources if more or not _is_name_alone(one, value.causes))


def _is_name_alone(address: str, causes: Iterable[str]) -> bool:
    """Return whether a thing is among some causes by its name, and by nothing else."""
    return {one for one in causes if one.startswith(address)} == {address + _NAME}


def _attaching(made: BlockInstance) -> Iterator[Value]:
    """Yield what a block says by which it may attach a policy."""
    for name, value in made.content.arguments.items():
        if made.kind == "module" or (name not in (_BOUNDARY, *_DOCUMENTS) and "polic" in name):
            yield value
    labels = {*made.content.blocks, *(name for name, _ in made.content.perhaps)}
    for one in (one for name in labels if "polic" in name for one in made.content.inner(name)):
        yield from values_in(one)
    yield from (why for name, why in made.content.open.items() if "polic" in name)


def _names(made: BlockInstance) -> frozenset[str]:
    """Return by what a policy is looked up, as IAM compares names; nothing if that is not known."""
    found = [value for name in ("name", "arn") if (value := made.content.arguments.get(name)) is not None]
    known = all(isinstance(value, str) for value in found)
    return frozenset(str(value).rpartition("/")[2].lower() for value in found if known)


def leaves(values: Iterable[Value]) -> Iterator[Value]:
    """Yield values that are no collections, and what is in those that are."""
    for value in values:
        inner = items_of(value)
        yield from leaves(inner) if inner else (value,)
