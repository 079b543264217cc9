"""Policies that a root looks up and attaches to nothing, as permissions boundaries or for an output: what they allow,
they give to nobody there. One that the root makes is judged all the same: whoever knows its name may attach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from preuve.collect.code.language.hcl.blocks import Made, values_in
from preuve.collect.code.language.values.value import Unknown, Value, items_of, sources_of

POLICY = "aws_iam_policy"  # which a block makes, or a data source looks up
_BOUNDARY = "permissions_boundary"
_DOCUMENTS = frozenset({"policy", "assume_role_policy"})  # what they say of a policy attaches none
_SAID = ("resource", "module")  # blocks that may attach what they name


class Attaching:
    """What the blocks of a root say of policies; `policy_of` finds the policy that a value is an attribute of."""

    def __init__(self, blocks: Iterable[Made], policy_of: Callable[[Value], Made | None]) -> None:
        self._policy_of = policy_of
        others, self._attached = list[Value](), list[Value]()
        for made in blocks:
            arguments = made.content.arguments.items()
            if made.kind in _SAID:
                others += [value for name, value in arguments if name not in (_BOUNDARY, *_DOCUMENTS)]
                others += [value for one in made.content.inner() for value in values_in(one)]
                self._attached += _attaching(made)
        self._others = sources_of(others)
        self._texts = {one.lower() for one in leaves(others) if isinstance(one, str)}

    def grants_nothing(self, made: Made) -> bool:
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


def _attaching(made: Made) -> Iterator[Value]:
    """Yield what a block says by which it may attach a policy."""
    for name, value in made.content.arguments.items():
        if made.kind == "module" or (name not in (_BOUNDARY, *_DOCUMENTS) and "polic" in name):
            yield value
    labels = {*made.content.blocks, *(name for name, _ in made.content.perhaps)}
    for one in (one for name in labels if "polic" in name for one in made.content.inner(name)):
        yield from values_in(one)
    yield from (why for name, why in made.content.open.items() if "polic" in name)


def _names(made: Made) -> frozenset[str]:
    """Return by what a policy is looked up, as IAM compares names; nothing if that is not known."""
    found = [value for name in ("name", "arn") if (value := made.content.arguments.get(name)) is not None]
    known = all(isinstance(value, str) for value in found)
    return frozenset(str(value).rpartition("/")[2].lower() for value in found if known)


def leaves(values: Iterable[Value]) -> Iterator[Value]:
    """Yield values that are no collections, and what is in those that are."""
    for value in values:
        inner = items_of(value)
        yield from leaves(inner) if inner else (value,)
