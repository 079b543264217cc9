"""Finds policies that a root looks up but attaches to nothing, such as permissions boundaries: in this root they grant
nothing to anybody. A policy that the root itself makes is judged in any case: whoever knows its name may attach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from preuve.collect.code.language.hcl.blocks import BlockInstance, values_in
from preuve.collect.code.language.values.value import MOST_CAUSES, Unknown, Value, items_of, parts_of, sources_of

POLICY = "aws_iam_policy"  # of a resource, or of a data source that looks it up
_BOUNDARY = "permissions_boundary"
_DOCUMENTS = frozenset({"policy", "assume_role_policy"})  # naming a policy in these attaches nothing
_DOCUMENT = "aws_iam_policy_document"  # a data source that builds a document
_SAID = ("resource", "module")  # blocks that may attach a policy
_NAME = ".arn"


class Attachments:
    """What the blocks of a root may attach. `policy_of` returns the policy that a value is an attribute of."""

    def __init__(self, blocks: Iterable[BlockInstance], policy_of: Callable[[Value], BlockInstance | None]) -> None:
        self._policy_of = policy_of
        others, documents, texts = list[Value](), list[Value](), list[Value]()
        self._attached = list[Value]()
        for made in blocks:
            said, in_documents = _said(made)
            others += said
            documents += in_documents
            # The arguments of a data source for a policy only look it up.
            texts += said if made.type != POLICY or made.kind != "data" else ()
            self._attached += _attaching(made) if made.kind in _SAID else ()
        self._others = sources_of(others) | {one for value in leaves(documents) for one in _contained(value)}
        self._texts = {one.lower() for one in leaves(texts) if isinstance(one, str)}

    def grants_nothing(self, made: BlockInstance) -> bool:
        """Return whether a policy is looked up and surely attached to nothing."""
        names = _names(made)
        if made.kind != "data" or not names or made.address in self._others:
            return False
        if any(name in text for name in names for text in self._texts):
            return False
        unknown = (value for value in leaves(self._attached) if isinstance(value, Unknown))
        return all(self._is_another(value, names) for value in unknown)

    def _is_another(self, value: Unknown, names: frozenset[str]) -> bool:
        """Return whether a value surely belongs to another policy: one that the root makes, or looks up by another
        name.
        """
        found = self._policy_of(value)
        return found is not None and (found.kind == "resource" or (bool(_names(found)) and not _names(found) & names))


def _said(made: BlockInstance) -> tuple[list[Value], list[Value]]:
    """Return the values by which a block may attach a policy, and those that it only writes into documents."""
    if made.kind == "data" and made.type == _DOCUMENT:
        return [], list(values_in(made.content))
    arguments = made.content.arguments
    beside = (_BOUNDARY, *_DOCUMENTS) if made.kind in _SAID else ()
    said = [value for name, value in arguments.items() if name not in beside]
    said += [value for one in made.content.inner() for value in values_in(one)]
    return said, [arguments[name] for name in beside[1:] if name in arguments]


def _contained(value: Value) -> frozenset[str]:
    """Return the addresses of the resources whose contents, not only names, are part of a document: the document allows
    what they allow.
    """
    if parts := parts_of(value):
        return frozenset(one for part in parts for one in _contained(part))
    if not isinstance(value, Unknown):
        return frozenset()
    more = len(value.causes) >= MOST_CAUSES  # there may be more causes
    return frozenset(one for one in value.sources if more or not _is_name_alone(one, value.causes))


def _is_name_alone(address: str, causes: Iterable[str]) -> bool:
    """Return whether causes refer to a resource only by its name."""
    return {one for one in causes if one.startswith(address)} == {address + _NAME}


def _attaching(made: BlockInstance) -> Iterator[Value]:
    """Yield the values by which a block may attach a policy."""
    for name, value in made.content.arguments.items():
        if made.kind == "module" or (name not in (_BOUNDARY, *_DOCUMENTS) and "polic" in name):
            yield value
    labels = {*made.content.blocks, *(name for name, _ in made.content.perhaps)}
    for one in (one for name in labels if "polic" in name for one in made.content.inner(name)):
        yield from values_in(one)
    yield from (why for name, why in made.content.open.items() if "polic" in name)


def _names(made: BlockInstance) -> frozenset[str]:
    """Return the names by which a policy is looked up, in the form in which IAM compares them; none if unknown."""
    found = [value for name in ("name", "arn") if (value := made.content.arguments.get(name)) is not None]
    known = all(isinstance(value, str) for value in found)
    return frozenset(str(value).rpartition("/")[2].lower() for value in found if known)


def leaves(values: Iterable[Value]) -> Iterator[Value]:
    """Yield the values that are no collections, at any depth."""
    for value in values:
        inner = items_of(value)
        yield from leaves(inner) if inner else (value,)
