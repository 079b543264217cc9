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
from typing import Any, TypeVar

from preuve.collect.code.judgements.attributes import attribute_of, names_in_words, names_itself
from preuve.collect.code.judgements.relations.boundaries import POLICY, Attachments, leaves
from preuve.collect.code.judgements.relations.memo import Memo
from preuve.collect.code.judgements.relations.places import (
    account_of,
    is_beside,
    is_elsewhere,
    is_of_one_provider,
    is_one_account,
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
from preuve.model.grouping import grouped

KEY = "__beside__"  # key of a body: its `Neighbourhood`
ADDRESS = "__address__"  # key of a body: the address of its block
NAMESAKES = 10  # resources of one name that are compared: names are unique
REGION = "region"  # the scope of a setting, in a rule
_OF_CALLS = frozenset({"depends_on", "providers", "source", "version"})  # arguments that pass nothing to a module
Body = Mapping[str, Any]
Pair = tuple[BlockInstance, Body]
Helps = Callable[[str, Body], bool]  # whether a block of a type is of use to the question
T = TypeVar("T")


def every(_type: str, _body: Body) -> bool:
    """Return True: every block is of use."""
    return True


_UNQUOTED = "addresses without quotes"


@dataclass(frozen=True)
class Naming:
    """The blocks that name a resource, surely or perhaps; and those that may name any, each with the unknown value."""

    surely: tuple[Body, ...] = ()
    perhaps: tuple[Body, ...] = ()
    doubts: tuple[tuple[Body, str], ...] = ()

    def items(self) -> list[tuple[Body, bool]]:
        """Return the blocks, each with whether it surely exists."""
        return [(body, True) for body in self.surely] + [(body, False) for body in self.perhaps]


@dataclass(frozen=True)
class Name:
    """The name of something: a text, or an unknown value; None if nothing gives it a name. `address` is the block that
    makes it, if the code does; `said_by` is the block that contains the name.
    """

    value: Value
    address: str = ""
    said_by: BlockInstance | None = field(default=None, compare=False)

    def is_of(self, other: Name) -> bool | None:
        """Return whether another name is that of the same thing; None if unknown."""
        if self.address and other.address:
            return self.address == other.address
        if isinstance(self.value, Unknown) or isinstance(other.value, Unknown):
            return True if are_surely_equal(self.value, other.value) and self._is_beside(other) else None
        texts = [str(value).lower() for value in (self.value, other.value) if value is not None]  # as IAM compares them
        return (self._is_beside(other) or None) if len(texts) == 2 and texts[0] == texts[1] else False

    def _is_beside(self, other: Name) -> bool:
        """Return whether two names surely belong to one account; a template is deployed in one account."""
        return not (self.said_by and other.said_by) or is_one_account(self.said_by, other.said_by)


class Neighbours(Memo):
    """The resources of a root module with their bodies in the form that checks read; each body contains its
    `Neighbourhood`.
    """

    def __init__(
        self,
        found: Iterable[tuple[BlockInstance, Body]],
        forms: Callable[[BlockInstance], Sequence[Body]] = lambda _: (),
        beside: Iterable[BlockInstance] = (),
    ) -> None:
        super().__init__()
        self._beside = beside  # blocks that create nothing but may run something
        self._forms = forms  # the bodies of a resource in each of its forms
        self._by_type: dict[str, list[tuple[BlockInstance, Body]]] = defaultdict(list)
        self._by_address: dict[str, tuple[BlockInstance, Body]] = {}
        self._data: dict[str, tuple[BlockInstance, Body]] = {}
        # What calls pass to modules that are not installed: blocks, names, and names known in part.
        self._handed: dict[str, str] = {}
        self._handed_names: dict[str, str] = {}
        self._handed_unknown: list[tuple[Unknown, str]] = []
        self._attaching: Attachments | None = None
        self.looked_at: set[str] = set()  # types whose blocks were searched
        self._kept: list[BlockInstance] = []
        for made, body in found:
            self._kept.append(made)
            if is_unseen_call(made):
                self._hand(made)
            if made.kind == "data":
                self._data[made.address.replace('"', "")] = made, body
            if made.kind == "resource":
                around = {**body, KEY: self.of(made)}
                self._by_type[made.type].append((made, around))
                self._by_address[made.address] = made, around

    def of(self, made: BlockInstance) -> Neighbourhood:
        """Return the neighbours of one block."""
        return Neighbourhood(self, made)

    def forms_of(self, made: BlockInstance) -> Sequence[Body]:
        """Return the bodies of a resource in each of its forms; none if it has only one, or too many."""
        return self._forms(made)

    def of_type(self, type_: str) -> list[tuple[BlockInstance, Body]]:
        """Return the blocks of one type."""
        self.looked_at.add(type_)
        return self._by_type.get(type_, [])

    def may_name(
        self, made: BlockInstance, own: Value, type_: str, argument: str
    ) -> Iterator[tuple[BlockInstance, Body]]:
        """Yield the blocks of a type whose argument may name a resource; leave out those that surely name another of
        its type.
        """
        others = self.of_type(type_)
        found = self.remember((type_, argument, made.type), partial(_by_what_they_name, others, argument, made.type))
        called = [found.texts.get(own, [])] if isinstance(own, str) else found.texts.values()
        places = sorted(chain(found.any, found.addresses.get(made.address, ()), *called))
        return (others[place] for place in places)

    def alike(
        self, types: Iterable[str], argument: str, value: Value, helps: Helps
    ) -> Iterator[tuple[str, BlockInstance, Body]]:
        """Yield the blocks of some types whose argument surely has the same value and that help, with their types."""
        for type_ in types:
            others = self.of_type(type_)
            find = partial(_by_what_they_share, others, type_, argument, helps)
            found = self.remember((type_, argument, helps), find)
            yield from ((type_, *one) for one in found.get(_shared_by(value), ()) if value is not None)

    def called(self, type_: str, own_name: str, text: str) -> list[BlockInstance]:
        """Return the blocks of a type with a literal name; at most `NAMESAKES` of them."""
        named = ((made.content.arguments.get(own_name), made) for made, _ in self.of_type(type_))
        return self.remember((type_, own_name), lambda: namesakes(named)).get(text, [])

    def at(self, address: str) -> tuple[BlockInstance, Body] | None:
        """Return the block at an address."""
        found = self._by_address.get(address)
        if found:
            self.looked_at.add(found[0].type)
        return found

    def _hand(self, call: BlockInstance) -> None:
        self._handed |= dict.fromkeys(handed_by(call), call.address)
        for value in leaves(_given_by(call)):
            if isinstance(value, Unknown):
                self._handed_unknown.append((value, call.address))
            elif isinstance(value, str):
                self._handed_names[value] = call.address

    def seen(self, made: BlockInstance) -> Pair | None:
        """Return a resource with its body."""
        return self._by_address.get(made.address)

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

    def named_by(self, value: Value) -> tuple[BlockInstance, Body] | None:
        """Return the block that a value refers to."""
        found = self.at(owner_of(value))
        return found if found and _names(found[0], value) else None

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

    def _unquoted(self) -> Mapping[str, tuple[BlockInstance, Body]]:
        return {address.replace('"', ""): found for address, found in self._by_address.items()}

    def looked_up(self, reference: str) -> tuple[BlockInstance, Body] | None:
        """Return the data source of a reference such as `data.aws_vpc.main`."""
        return self._data.get(reference)


@dataclass(frozen=True)
class Neighbourhood:
    """The neighbours of one resource."""

    all: Neighbours
    made: BlockInstance

    @property
    def written(self) -> Value:
        """The literals and expressions of this block."""
        return self.made.content.arguments

    @property
    def body(self) -> Body | None:
        """The body of this block as other blocks see it."""
        found = self.all.seen(self.made)
        return found[1] if found else None

    def forms(self) -> Sequence[Body]:
        """Return the bodies of this block in each of its forms."""
        return self.all.forms_of(self.made)

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

    def sharing(self, types: Iterable[str], argument: str, helps: Helps = every) -> list[tuple[str, Body, bool]]:
        """Return the other resources of some types whose argument has the same value as this one's and that help: type,
        body, and whether each surely exists.
        """
        mine = self.made.content.arguments.get(argument)
        return [
            (type_, body, self._is_there(other))
            for type_, other, body in self.all.alike(types, argument, mine, helps)
            if other.address != self.made.address
        ]

    def named(self, argument: str, type_: str) -> Body | None:
        """Return the resource of a type that an argument of this block names; None if the code makes none of
        the name.
        """
        found = self.all.named_by(self.made.content.arguments.get(argument))
        return found[1] if found and found[0].type == type_ and self._is_there(found[0]) else None

    def each_named(self, argument: str, type_: str) -> tuple[list[Body], bool]:
        """Return the resources of a type that an argument of this block names, each with its neighbourhood; and whether
        every item names one.
        """
        values = values_at(self.made.content, tuple(argument.split(".")))
        items = [item for value in values for item in listed(value) if item not in (None, "")]
        found = [self.all.named_by(item) for item in items]
        there = [one[1] for one in found if one and one[0].type == type_ and self._is_there(one[0])]
        return there, len(there) == len(items)

    def others(self, type_: str) -> Iterator[tuple[Body, Neighbourhood, bool]]:
        """Yield the other resources of a type: body, neighbourhood, and whether it surely exists."""
        for other, body in self.all.of_type(type_):
            if other.address != self.made.address:
                yield body, body[KEY], self._is_there(other)

    def names(self, argument: str, type_: str, own_name: str) -> Iterator[Name]:
        """Yield the names in an argument of this block, where an argument gives resources of a type their name."""
        for value in values_at(self.made.content, tuple(argument.split("."))):
            for item in listed(value):
                if item not in (None, ""):
                    found = self.all.named_by(item)
                    made = found and found[0].type == type_
                    yield self.all.of(found[0]).own(own_name) if found and made else Name(item, said_by=self.made)

    def own(self, own_name: str) -> Name:
        """Return the name of this block, as an argument of its own gives it."""
        return Name(self.made.content.arguments.get(own_name) or None, self.made.address, self.made)

    def _is_there(self, other: BlockInstance) -> bool:
        """Return whether another resource surely exists whenever this one does."""
        return is_made_with(self.made, other)

    def _is_named(self, other: BlockInstance, value: Value, own_name: str) -> bool | None:
        """Return whether a value in another resource names this one; None if unknown."""
        if isinstance(value, IgnoredValue):  # it may still have the value of its creation
            return False if self._is_named(other, value.made_with, own_name) is False else None
        owner = owner_of(value)
        if owner == self.made.address:
            return True if _names(self.made, value) and is_reached(self.made, other, value) else None
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


def _names(made: BlockInstance, value: Value) -> bool:
    """Return whether a value of a resource is its name: an attribute that identifies it, or an argument of the same
    value.
    """
    attribute = attribute_of(value)
    if attribute is not None:
        return names_itself(made.type, attribute)
    arguments = made.content.arguments.items()
    return any(names_itself(made.type, name) and _says(item) == _says(value) for name, item in arguments)


def _says(value: Value) -> Value:
    """Return a value without its origin, for comparison."""
    return (value.causes, getattr(value, "parts", ())) if isinstance(value, Unknown) else value


def _instances(made: BlockInstance) -> Iterator[Instance]:
    """Yield the instances of a block and of the module calls around it."""
    yield made.instance
    yield from (caller.instance for caller in made.module.callers())


def namesakes(named: Iterable[tuple[Value, T]]) -> dict[str, list[T]]:
    """Return the resources of each literal name, at most `NAMESAKES` of them."""
    found: dict[str, list[T]] = defaultdict(list)
    for name, one in named:
        if isinstance(name, str) and len(found[name]) < NAMESAKES:
            found[name].append(one)
    return found


def _shared_by(value: Value) -> Any:
    """Return a key that is equal for values that are surely the same (attributes of one block, known texts, one input),
    and different for all others.
    """
    owner = owner_of(value)
    if owner:
        return "of", owner
    if value is not None and is_known(value):
        return "is", str(value) if isinstance(value, str) else repr(value)
    return "said", identity_of(value) or id(value)


def _by_what_they_share(others: Iterable[Pair], type_: str, argument: str, helps: Helps) -> Mapping[Any, list[Pair]]:
    helping = (one for one in others if helps(type_, one[1]))
    return grouped((_shared_by(one[0].content.arguments.get(argument)), one) for one in helping)


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
