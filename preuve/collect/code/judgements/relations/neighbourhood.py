"""The neighbours of a block: those that refer to it, that it refers to, or that share something with it.

Blocks of Terraform (`neighbours.py`) and resources of templates (`template_neighbours.py`) are asked alike. They differ
in what names a block.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from preuve.collect.code.judgements.relations.places import is_one_account
from preuve.collect.code.judgements.relations.unknown_values import are_surely_equal
from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.values.value import Unknown, Value, owner_of
from preuve.model.grouping import grouped

KEY = "__beside__"  # key of a body: its `Neighbourhood`
ADDRESS = "__address__"  # key of a body: the address of its block
NAMESAKES = 10  # resources of one name that are compared: names are unique
Body = Mapping[str, Any]
Helps = Callable[[str, Body], bool]  # whether a block of a type is of use to the question
T = TypeVar("T")


class Block(Protocol):
    """A block of Terraform, or a resource of a template."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def address(self) -> str:
        """Its address; in a template, its logical id."""


B = TypeVar("B", bound=Block)


def every(_type: str, _body: Body) -> bool:
    """Return True: every block is of use."""
    return True


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


class BlockIndex(ABC, Generic[B]):
    """The blocks of a root module or a template with their bodies in the form that checks read; each body contains its
    `Neighbourhood`. Results are computed once for all judgements that ask.
    """

    def __init__(self, forms: Callable[[B], Sequence[Body]]) -> None:
        self.forms_of = forms  # the bodies of a block in each of its forms; none if it has only one, or too many
        self.looked_at: set[str] = set()  # types whose blocks were searched
        self._by_type: dict[str, list[tuple[B, Body]]] = defaultdict(list)
        self._by_address: dict[str, tuple[B, Body]] = {}
        self._worked_out: dict[Any, Any] = {}

    def _add(self, made: B, body: Body) -> None:
        around = {**body, KEY: self.of(made)}
        self._by_type[made.type].append((made, around))
        self._by_address[made.address] = made, around

    def remember(self, key: Any, find: Callable[[], T]) -> T:
        """Return the result under a key; compute it with `find` the first time."""
        if key not in self._worked_out:
            self._worked_out[key] = find()
        found: T = self._worked_out[key]
        return found

    @abstractmethod
    def of(self, made: B) -> Neighbourhood[B]:
        """Return the neighbours of one block."""

    @abstractmethod
    def is_name(self, made: B, value: Value) -> bool:
        """Return whether a value that comes from a block identifies it."""

    @abstractmethod
    def shared(self, made: B, argument: str) -> Any:
        """Return a key for what an argument refers to, equal where that is surely the same; None if it says nothing."""

    def of_type(self, type_: str) -> list[tuple[B, Body]]:
        """Return the blocks of one type."""
        self.looked_at.add(type_)
        return self._by_type.get(type_, [])

    def at(self, address: str) -> tuple[B, Body] | None:
        """Return the block at an address."""
        found = self._by_address.get(address)
        if found:
            self.looked_at.add(found[0].type)
        return found

    def seen(self, made: B) -> tuple[B, Body] | None:
        """Return a block with its body."""
        return self._by_address.get(made.address)

    def named_by(self, value: Value) -> tuple[B, Body] | None:
        """Return the block that a value refers to."""
        found = self.at(owner_of(value))
        return found if found and self.is_name(found[0], value) else None

    def called(self, type_: str, own_name: str, text: str) -> list[B]:
        """Return the blocks of a type with a literal name; at most `NAMESAKES` of them."""

        def find() -> Mapping[str, list[B]]:
            found: dict[str, list[B]] = defaultdict(list)
            for made, _ in self.of_type(type_):
                name = self.of(made).own(own_name).value
                if isinstance(name, str) and len(found[name]) < NAMESAKES:
                    found[name].append(made)
            return found

        return self.remember((type_, own_name), find).get(text, [])

    def alike(self, types: Iterable[str], argument: str, of: B, helps: Helps) -> Iterator[tuple[str, B, Body]]:
        """Yield the blocks of some types whose argument surely refers to the same as another one's, and that help."""
        mine = self.shared(of, argument)
        for type_ in types:
            others = self.of_type(type_)
            helping = ((self.shared(one[0], argument), one) for one in others if helps(type_, one[1]))
            found = self.remember((type_, argument, helps), lambda: grouped(helping))  # noqa: B023 - called at once
            yield from ((type_, *one) for one in found.get(mine, ()) if mine is not None)


@dataclass(frozen=True)
class Neighbourhood(ABC, Generic[B]):
    """The neighbours of one block."""

    all: BlockIndex[B] = field(repr=False)
    made: B

    @property
    @abstractmethod
    def written(self) -> Value:
        """The literals and expressions of this block."""

    @abstractmethod
    def own(self, own_name: str) -> Name:
        """Return the name of this block, as an argument of its own gives it."""

    @abstractmethod
    def _items(self, argument: str) -> list[Value]:
        """Return the values at the path of an argument, also those in lists, that are set."""

    @abstractmethod
    def _named(self, value: Value, type_: str) -> Name:
        """Return the name of a block of a type that is not in the code, as a value in this block says it."""

    @abstractmethod
    def _is_there(self, other: B) -> bool:
        """Return whether another block surely exists whenever this one does."""

    def _hidden(self) -> list[tuple[Body, str]]:
        """Return a body, with the cause, for each block of any type that may be there without being shown."""
        return []

    @property
    def body(self) -> Body | None:
        """The body of this block as other blocks see it."""
        found = self.all.seen(self.made)
        return found[1] if found else None

    def forms(self) -> Sequence[Body]:
        """Return the bodies of this block in each of its forms."""
        return self.all.forms_of(self.made)

    def sharing(self, types: Iterable[str], argument: str, helps: Helps = every) -> list[tuple[str, Body, bool]]:
        """Return the other blocks of some types whose argument refers to the same as this one's and that help: type,
        body, and whether each surely exists.
        """
        found = self.all.alike(types, argument, self.made, helps)
        return [(type_, body, self._is_there(other)) for type_, other, body in found if self._is_another(other)]

    def each_named(self, argument: str, type_: str) -> tuple[list[Body], bool]:
        """Return the blocks of a type that an argument of this one names, each with its neighbourhood; and whether
        every item names one.
        """
        found = [self.all.named_by(item) for item in self._items(argument)]
        there = [one[1] for one in found if one and one[0].type == type_ and self._is_there(one[0])]
        return there, len(there) == len(found)

    def others(self, type_: str) -> Iterator[tuple[Body, Any, bool]]:
        """Yield the other blocks of a type: body, neighbourhood (None if the code does not show it), and whether it
        surely exists.
        """
        yield from ((body, None, False) for body, _ in self._hidden())
        for other, body in self.all.of_type(type_):
            if self._is_another(other):
                yield body, body[KEY], self._is_there(other)

    def names(self, argument: str, type_: str, own_name: str) -> Iterator[Name]:
        """Yield the names in an argument of this block, where an argument gives blocks of a type their name."""
        for item in self._items(argument):
            found = self.all.named_by(item)
            made = found and found[0].type == type_
            yield self.all.of(found[0]).own(own_name) if found and made else self._named(item, type_)

    def _is_another(self, other: B) -> bool:
        return other.address != self.made.address
