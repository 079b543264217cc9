"""The neighbours of a block in a root module: blocks that refer to it, and the block that it refers to.

Nothing is guessed from names of files or blocks. An argument refers to a block if its value is an attribute of the
block, equals the literal name of the block where both are of one account and region, since there a name is taken once,
or is an ARN of that name, account and region. An unknown value may refer to any, and a literal one to any whose name
may be that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from preuve.collect.code.judgements.attributes import attribute_of, names_in_words, names_itself
from preuve.collect.code.judgements.relations.boundaries import POLICY, Attachments, leaves
from preuve.collect.code.judgements.relations.neighbourhood import BlockIndex, Body, Name, Naming, Neighbourhood
from preuve.collect.code.judgements.relations.places import (
    account_of,
    is_beside,
    is_elsewhere,
    is_of_one_provider,
    is_reached,
    region_of,
)
from preuve.collect.code.judgements.relations.unknown_values import are_surely_equal, identity_of, may_equal
from preuve.collect.code.language.hcl.blocks import BlockInstance, values_at
from preuve.collect.code.language.hcl.loops import Instance
from preuve.collect.code.language.values.value import (
    IgnoredValue,
    PartText,
    Unknown,
    Value,
    is_known,
    listed,
    owner_of,
    sources_of,
)
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, marked

REGION = "region"  # the scope of a setting, in a rule
_OF_CALLS = frozenset({"depends_on", "providers", "source", "version"})  # arguments that pass nothing to a module
_UNQUOTED = "addresses without quotes"


Pair = tuple[BlockInstance, Body]


class Neighbours(BlockIndex[BlockInstance]):
    """The resources of a root module."""

    def __init__(
        self,
        found: Iterable[Pair],
        forms: Callable[[BlockInstance], Sequence[Body]] = lambda _: (),
        beside: Iterable[BlockInstance] = (),
    ) -> None:
        super().__init__(forms)
        self._beside = beside  # blocks that create nothing but may run something
        self._data: dict[str, Pair] = {}
        # What calls pass to modules that are not installed: blocks, names, and names known in part.
        self._handed: dict[str, str] = {}
        self._handed_names: dict[str, str] = {}
        self._handed_unknown: list[tuple[Unknown, str]] = []
        self._attaching: Attachments | None = None
        self._kept: list[BlockInstance] = []
        for made, body in found:
            self._kept.append(made)
            if is_unseen_call(made):
                self._hand(made)
            if made.kind == "data":
                self._data[made.address.replace('"', "")] = made, body
            if made.kind == "resource":
                self._add(made, body)

    def of(self, made: BlockInstance) -> RootNeighbourhood:
        """Return the neighbours of one block."""
        return RootNeighbourhood(self, made)

    def is_name(self, made: BlockInstance, value: Value) -> bool:
        """Return whether a value of a resource is its name: an attribute that identifies it, or an argument of the same
        value.
        """
        attribute = attribute_of(value)
        if attribute is not None:
            return names_itself(made.type, attribute)
        arguments = made.content.arguments.items()
        return any(names_itself(made.type, name) and _says(item) == _says(value) for name, item in arguments)

    def shared(self, made: BlockInstance, argument: str) -> Any:
        """Return a key that is equal for values that are surely the same (attributes of one block, known texts, one
        input), and different for all others.
        """
        value = made.content.arguments.get(argument)
        if owner := owner_of(value):
            return "of", owner
        if value is not None and is_known(value):
            return "is", str(value) if isinstance(value, str) else repr(value)
        return None if value is None else ("said", identity_of(value) or id(value))

    def may_name(self, made: BlockInstance, own: Value, type_: str, argument: str) -> Iterator[Pair]:
        """Yield the blocks of a type whose argument may name a resource; leave out those that surely name another of
        its type.
        """
        others = self.of_type(type_)
        found = self.remember((type_, argument, made.type), partial(_by_what_they_name, others, argument, made.type))
        called = [found.texts.get(own, [])] if isinstance(own, str) else found.texts.values()
        places = sorted(chain(found.any, found.addresses.get(made.address, ()), *called))
        return (others[place] for place in places)

    def _hand(self, call: BlockInstance) -> None:
        self._handed |= dict.fromkeys(handed_by(call), call.address)
        for value in leaves(_given_by(call)):
            if isinstance(value, Unknown):
                self._handed_unknown.append((value, call.address))
            elif isinstance(value, str):
                self._handed_names[value] = call.address

    def unseen_user(self, made: BlockInstance, own: Value) -> str:
        """Return the call of a module that is not installed and receives a block or its name; "" if there is none."""
        if call := self._handed.get(made.address):
            return call
        if isinstance(own, Unknown):
            return next((call for value, call in self._handed_unknown if are_surely_equal(value, own)), "")
        return self._handed_names.get(own, "") if isinstance(own, str) else ""

    def grants_nothing(self, made: BlockInstance) -> bool:
        """Return whether a policy is looked up and surely attached to nothing."""
        if self._attaching is None:
            self._attaching = Attachments([*self._kept, *self._beside], self._policy_of)
        return self._attaching.grants_nothing(made)

    def _policy_of(self, value: Value) -> BlockInstance | None:
        """Return the policy that a value is an attribute of, made or looked up in this root."""
        if not isinstance(value, Unknown) or value.computed or len(value.sources) != 1:
            return None
        address = next(iter(value.sources))
        found = self._by_address.get(address) or self._data.get(address.replace('"', ""))
        return found[0] if found and found[0].type == POLICY else None

    def held_under(self, address: str, is_name: Callable[[str], bool]) -> Iterator[tuple[str, Body]]:
        """Yield the contents behind an unquoted address, with their types: a data source, or a resource if its name is
        meant, and the blocks that add to it.
        """
        made, body = self.looked_up(address) or self.remember(_UNQUOTED, self._unquoted).get(address) or (None, {})
        if made and (made.kind == "data" or is_name(made.type)):
            yield made.type, body
            yield from self._adding_to(made)

    def _adding_to(self, made: BlockInstance) -> Iterator[tuple[str, Body]]:
        """Yield the separate blocks that add to a resource, such as the entries of a prefix list."""
        own = f"{made.type}_"
        for type_, others in self._by_type.items() if made.kind == "resource" else ():
            if type_.startswith(own):
                yield from ((type_, body) for other, body in others if _is_named_in(made.address, other))

    def _unquoted(self) -> Mapping[str, Pair]:
        return {address.replace('"', ""): found for address, found in self._by_address.items()}

    def looked_up(self, reference: str) -> Pair | None:
        """Return the data source of a reference such as `data.aws_vpc.main`."""
        return self._data.get(reference)


@dataclass(frozen=True)
class RootNeighbourhood(Neighbourhood[BlockInstance]):
    """The neighbours of one resource of a root module."""

    all: Neighbours = field(repr=False)

    @property
    def written(self) -> Value:
        """The literals and expressions of this block."""
        return self.made.content.arguments

    def naming(self, type_: str, argument: str, own_name: str, *, seen: bool = False) -> Naming:
        """Return the resources of a type whose argument refers to this one, by an attribute or by its name. `seen`:
        leave out modules that are not installed.
        """
        surely, perhaps, doubts = list[Body](), list[Body](), list[tuple[Body, str]]()
        own = self.made.content.arguments.get(own_name)
        for other, body in self.all.may_name(self.made, own, type_, argument):
            value = other.content.arguments.get(argument)
            answer = self._is_named(other, value, own_name)
            why = next((one for one in (value, own) if isinstance(one, Unknown)), None)
            if answer and self._is_there(other):
                surely.append(body)
            elif answer or (answer is None and (why is None or self.made.address in sources_of([value]))):
                perhaps.append(body)
            elif why is not None and answer is None:
                doubts.append((body, marked(why)))
        if not (surely or seen) and (call := self.all.unseen_user(self.made, own)):
            doubts.append(({OPEN: f"{OPAQUE}${{{call}}}"}, f"{OPAQUE}${{{call}}}"))
        return Naming(tuple(surely), tuple(perhaps), tuple(doubts))

    def unseen_user(self, own_name: str) -> str:
        """Return the call of a module that is not installed and receives this block; "" if there is none."""
        return self.all.unseen_user(self.made, self.made.content.arguments.get(own_name))

    def is_repeated(self) -> bool:
        """Return whether this block stands for several instances of a loop with unknown elements."""
        return any(one.loop is not None and not one.loop.single for one in _instances(self.made))

    def grants_nothing(self) -> bool:
        """Return whether this policy is looked up and surely attached to nothing."""
        return self.all.grants_nothing(self.made)

    def anywhere(self, type_: str, of: str) -> Naming:
        """Return the other resources of a type that configure the whole account or region (`of`). A resource of another
        provider may configure another account or region; one that surely is in another region is left out.
        """
        found = [
            (surely and is_of_one_provider(self.made, around.made), body)
            for body, around, surely in self.others(type_)
            if not (of == REGION and is_elsewhere(self.made, around.made))
        ]
        surely, perhaps = (tuple(body for sure, body in found if sure is wanted) for wanted in (True, False))
        return Naming(surely, perhaps)

    def named(self, argument: str, type_: str) -> Body | None:
        """Return the resource of a type that an argument of this block names; None if the code makes none of
        the name.
        """
        found = self.all.named_by(self.made.content.arguments.get(argument))
        return found[1] if found and found[0].type == type_ and self._is_there(found[0]) else None

    def own(self, own_name: str) -> Name:
        """Return the name of this block, as an argument of its own gives it."""
        return Name(self.made.content.arguments.get(own_name) or None, self.made.address, self.made)

    def _items(self, argument: str) -> list[Value]:
        values = values_at(self.made.content, tuple(argument.split(".")))
        return [item for value in values for item in listed(value) if item not in (None, "")]

    def _named(self, value: Value, _type: str) -> Name:
        return Name(value, said_by=self.made)

    def _is_there(self, other: BlockInstance) -> bool:
        """Return whether another resource surely exists whenever this one does."""
        return is_made_with(self.made, other)

    def _is_named(self, other: BlockInstance, value: Value, own_name: str) -> bool | None:
        """Return whether a value in another resource names this one; None if unknown."""
        if isinstance(value, IgnoredValue):  # it may still have the value of its creation
            return False if self._is_named(other, value.made_with, own_name) is False else None
        owner = owner_of(value)
        if owner == self.made.address:
            return True if self.all.is_name(self.made, value) and is_reached(self.made, other, value) else None
        if self._is_arn_of_another(value, owner) or owner.rpartition(".")[0].endswith(self.made.type):
            return False
        own = self.made.content.arguments.get(own_name)
        if isinstance(value, str) and not owner:
            return self._is_called(other, value, own, own_name)
        # Not for a lone input: it may be null, and then names nothing.
        if isinstance(value, PartText) and are_surely_equal(value, own):
            return is_beside(self.made, other)
        return None if isinstance(value, Unknown) and not self._is_of_others(value) else False

    def _is_called(self, other: BlockInstance, text: str, own: Value, own_name: str) -> bool | None:
        """Return whether a text in another resource is the name of this one; None if unknown."""
        if isinstance(own, str):
            named = names_in_words(text, self.made.type, own, region_of(self.made), account_of(self.made))
            return named and (text != own or is_beside(self.made, other))
        if self.made.address in sources_of([text]):
            return None
        return None if may_equal(own, text) and not self._is_of_another(other, text, own_name) else False

    def _is_of_another(self, other: BlockInstance, text: str, own_name: str) -> bool:
        """Return whether a text in another resource is surely the name of a different resource of this type."""
        return any(
            is_beside(one, other) and is_beside(self.made, one) and self._is_there(one)
            for one in self.all.called(self.made.type, own_name, text)
        )

    def _is_arn_of_another(self, value: Value, owner: str) -> bool:
        """Return whether a value is the ARN of a resource that is no part of this one."""
        found = self.all.at(owner)
        return found is not None and attribute_of(value) == "arn" and not found[0].type.startswith(self.made.type)

    def _is_of_others(self, value: Unknown) -> bool:
        """Return whether a name surely belongs to one of some other resources of this type, whichever."""
        found = [self.all.at(address) for address in value.sources]
        others = found and all(one and one[0].type == self.made.type and one[0] is not self.made for one in found)
        return value.made and bool(others)


def _is_named_in(address: str, made: BlockInstance) -> bool:
    return any(owner_of(value) == address for value in made.content.arguments.values())


def is_made_with(made: BlockInstance, other: BlockInstance) -> bool:
    """Return whether another resource surely exists whenever one does: only loops of this one decide on it."""
    unsure = [one for one in _instances(other) if not one.sure]
    if not unsure:
        return True
    mine = list(_instances(made))
    loops = [instance.loop for instance in mine if instance.loop is not None]
    return all(one in mine or one.loop in loops for one in unsure)


def is_unseen_call(made: BlockInstance) -> bool:
    """Return whether a block calls a module that is not installed, so that its resources are unknown."""
    return made.kind == "module" and made.module.target(made.written) is None


def handed_by(call: BlockInstance) -> frozenset[str]:
    """Return the addresses of the blocks that a call passes to its module, in whole or in part."""
    return sources_of(_given_by(call))


def _given_by(call: BlockInstance) -> list[Value]:
    """Return the values that a call passes to the variables of its module."""
    return [value for name, value in call.content.arguments.items() if name not in _OF_CALLS]


def _says(value: Value) -> Value:
    """Return a value without its origin, for comparison."""
    return (value.causes, getattr(value, "parts", ())) if isinstance(value, Unknown) else value


def _instances(made: BlockInstance) -> Iterator[Instance]:
    """Yield the instances of a block and of the module calls around it."""
    yield made.instance
    yield from (caller.instance for caller in made.module.callers())


@dataclass(frozen=True)
class _References:
    """Blocks of a type, by what an argument names: a block of some type, a text that is no ARN, or an unknown value.
    Each block is kept by its index.
    """

    addresses: Mapping[str, list[int]]
    texts: Mapping[str, list[int]]
    any: list[int]


def _by_what_they_name(others: Iterable[Pair], argument: str, of: str) -> _References:
    found = _References(defaultdict(list), defaultdict(list), [])
    for place, (other, _) in enumerate(others):
        value = other.content.arguments.get(argument)
        owner = owner_of(value)
        if owner.rpartition(".")[0].endswith(of):
            found.addresses[owner].append(place)
        elif isinstance(value, str) and not owner and ":" not in value:
            found.texts[value].append(place)
        else:
            found.any.append(place)
    return found
