"""The neighbours of a resource in a template: resources that refer to it, and the resource that it refers to.

A property refers to a resource if it is a `Ref` or an attribute of it, equals its literal name, or perhaps if it is an
ARN that ends in it. An unknown value may refer to any, a literal one to any whose name may be that, and a resource
that the template may create in addition may be anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from preuve.collect.code.judgements.attributes import attribute_of, names_in_words, names_itself
from preuve.collect.code.judgements.relations.neighbourhood import (
    ADDRESS,
    BlockIndex,
    Body,
    Name,
    Naming,
    Neighbourhood,
)
from preuve.collect.code.judgements.relations.unknown_values import are_surely_equal, may_equal
from preuve.collect.code.language.templates.intrinsics import REST
from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.values.value import Unknown, Value, owner_of, sources_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, marked

Pair = tuple[Resource, Body]
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


class TemplateNeighbours(BlockIndex[Resource]):
    """The resources of a template. `hidden` are those that it may contain without showing them."""

    def __init__(
        self,
        resources: Iterable[Pair],
        hidden: Iterable[str] = (),
        forms: Callable[[Resource], Sequence[Body]] = lambda _: (),
    ) -> None:
        super().__init__(forms)
        self.hidden = tuple(hidden)
        for resource, body in resources:
            self._add(resource, {**body, ADDRESS: resource.name})

    def of(self, made: Resource) -> TemplateNeighbourhood:
        """Return the neighbours of one resource."""
        return TemplateNeighbourhood(self, made)

    def is_name(self, made: Resource, value: Value) -> bool:
        """Return whether a value is a `Ref` of a resource, or an attribute that identifies it."""
        attribute = attribute_of(value)
        return attribute is not None and names_itself(made.type, attribute)

    def shared(self, made: Resource, argument: str) -> tuple[str, str] | None:
        """Return what a property refers to: a resource or a literal name; None if unknown."""
        value = made.properties.get(argument) if isinstance(made.properties, dict) else None
        owner = owner_of(value)
        return (owner, "") if owner else ("", value) if isinstance(value, str) else None

    def may_name(self, resource: Resource, type_: str, argument: str) -> Iterator[tuple[Pair, list[Value]]]:
        """Yield the resources of a type whose property may name a resource, with its values; leave out those that
        surely name others.
        """
        found = self.remember((type_, argument, ""), lambda: self._by_what_they_name(type_, argument))
        yield from (found.all[place] for place in sorted({*found.any, *found.names.get(resource.name, ())}))

    def _by_what_they_name(self, type_: str, argument: str) -> _References:
        found = _References([], defaultdict(list), [])
        for place, pair in enumerate(self.of_type(type_)):
            values = list(values_below(pair[0].properties, argument.split(".")))
            found.all.append((pair, values))
            surely = all((owner := owner_of(value)) and self.names_another(owner, value) for value in values)
            for name in sources_of(values) if surely else ():
                found.names[name].append(place)
            found.any.extend(() if surely else (place,))
        return found

    def names_another(self, owner: str, value: Value) -> bool:
        """Return whether a value identifies the resource that it is an attribute of. An attribute of a custom resource
        may name anything.
        """
        other = self.at(owner)
        return other is None or (not other[0].type.startswith(_CUSTOM) and self.is_name(other[0], value))

    def held_under(self, name: str, is_name: Callable[[str], bool]) -> Iterator[tuple[str, Body]]:
        """Yield the resource that an address names, with its type, if its name is meant."""
        found = self.at(name)
        if found and is_name(found[0].type):
            yield found[0].type, found[1]


@dataclass(frozen=True)
class _References:
    """Resources of a type with the values of a property, by the resource that these surely name, and those that may
    name any.
    """

    all: list[tuple[Pair, list[Value]]]
    names: Mapping[str, list[int]]
    any: list[int]


@dataclass(frozen=True)
class TemplateNeighbourhood(Neighbourhood[Resource]):
    """The neighbours of one resource of a template."""

    all: TemplateNeighbours = field(repr=False)

    @property
    def written(self) -> Value:
        """The properties of this resource as written."""
        return self.made.properties

    def naming(self, type_: str, argument: str, own_name: str, *, seen: bool = False) -> Naming:
        """Return the resources of a type whose property refers to this one. `seen` only concerns Terraform's
        modules.
        """
        surely, perhaps = list[Body](), list[Body]()
        doubts = self._hidden()
        for (other, body), values in self.all.may_name(self.made, type_, argument):
            answers = [self._is_named(value, own_name) for value in values]
            if True in answers and self._is_there(other):
                surely.append(body)
            elif True in answers or self.made.name in sources_of(values):
                perhaps.append(body)
            elif None in answers:
                unclear = [value for value in (*values, self._own(own_name)) if isinstance(value, Unknown)]
                if unclear:
                    doubts.append((body, marked(unclear[0])))
                else:  # a literal ARN: the account is unknown
                    perhaps.append(body)
        return Naming(tuple(surely), tuple(perhaps), tuple(doubts))

    def anywhere(self, type_: str, _of: str) -> Naming:
        """Return the other resources of a type that configure the whole account or region of the stack."""
        others = [(there, body) for body, around, there in self.others(type_) if around is not None]
        surely, perhaps = (tuple(body for there, body in others if there is wanted) for wanted in (True, False))
        return Naming(surely, perhaps, tuple(self._hidden()))

    def _hidden(self) -> list[tuple[Body, str]]:
        """Return a body, with the cause, for each resource that the template may contain without showing it."""
        return [({OPEN: f"{OPAQUE}${{{why}}}"}, why) for why in self.all.hidden]

    def own(self, own_name: str) -> Name:
        """Return the name of this resource, as a property of its own gives it."""
        return Name(next(values_below(self.made.properties, [own_name]), None) or None, self.made.name)

    def added(self, ending: str) -> Name:
        """Return the resource that SAM adds to this one: its logical id has a suffix."""
        return Name(None, f"{self.made.name}{ending}")

    def _items(self, argument: str) -> list[Value]:
        return [one for one in values_below(self.made.properties, argument.split(".")) if one not in (None, "")]

    def _named(self, value: Value, type_: str) -> Name:
        return Name(value, self._added(value, type_))

    def _added(self, value: Value, type_: str) -> str:
        """Return the logical id of the resource that SAM adds, if a value names it."""
        owner, attribute = owner_of(value), attribute_of(value)
        by_name = owner and self.all.at(owner) is None and attribute is not None and names_itself(type_, attribute)
        return owner if by_name else ""

    def _is_there(self, other: Resource) -> bool:
        """Return whether another resource surely exists whenever this one does."""
        when = other.body.get("Condition")
        return when is None or when == self.made.body.get("Condition")

    def _is_named(self, value: Value, own_name: str) -> bool | None:
        """Return whether a value names this resource; None if unknown."""
        owner = owner_of(value)
        if owner == self.made.name:
            return True if self.all.is_name(self.made, value) else None
        if owner and self.all.names_another(owner, value):
            return False
        own = self._own(own_name)
        if not isinstance(value, Unknown):
            unclear = isinstance(value, str) and may_equal(own, value) and not self._is_of_another(value, own_name)
            return None if unclear else isinstance(value, str) and names_in_words(value, self.made.type, own)
        if are_surely_equal(value, own):
            return True
        others = value.sources - {self.made.name}
        return False if value.made and others and others == value.sources else None

    def _own(self, own_name: str) -> Value:
        """Return the name that this resource gives itself."""
        return self.made.properties.get(own_name) if isinstance(self.made.properties, dict) else None

    def _is_of_another(self, text: str, own_name: str) -> bool:
        """Return whether a text is surely the name of another resource of this type."""
        return any(self._is_there(one) for one in self.all.called(self.made.type, own_name, text))


def values_below(value: Value, steps: list[str]) -> Iterator[Value]:
    """Yield the values at a path through all lists, with the unknown ones."""
    if isinstance(value, list):
        for item in value:
            yield from values_below(item, steps)
    elif not steps or isinstance(value, Unknown):
        yield value
    elif isinstance(value, dict):
        yield from values_below(value.get(steps[0], value.get(REST)), steps[1:])
