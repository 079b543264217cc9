"""The neighbours of a resource in a template: resources that refer to it, and the resource that it refers to.

A property refers to a resource if it is a `Ref` or an attribute of it, equals its literal name, or perhaps if it is an
ARN that ends in it. An unknown value may refer to any, a literal one to any whose name may be that, and a resource
that the template may create in addition may be anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.judgements.attributes import attribute_of, names_in_words, names_itself
from preuve.collect.code.judgements.relations.memo import Memo
from preuve.collect.code.judgements.relations.neighbours import (
    ADDRESS,
    KEY,
    Helps,
    Name,
    Naming,
    every,
    namesakes,
)
from preuve.collect.code.judgements.relations.unknown_values import are_surely_equal, may_equal
from preuve.collect.code.language.templates.intrinsics import REST
from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.values.value import Unknown, Value, owner_of, sources_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, marked
from preuve.model.grouping import grouped

Body = Mapping[str, Any]
Pair = tuple[Resource, Body]
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


class TemplateNeighbours(Memo):
    """The resources of a template with their properties in the form that checks read."""

    def __init__(
        self,
        resources: Iterable[tuple[Resource, Body]],
        hidden: Iterable[str] = (),
        forms: Callable[[Resource], Sequence[Body]] = lambda _: (),
    ) -> None:
        super().__init__()
        self.forms_of = forms  # function: the properties of a resource in each of its forms
        self.hidden = tuple(hidden)  # resources that the template may contain without showing them
        self.by_type: dict[str, list[tuple[Resource, Body]]] = defaultdict(list)
        self.by_name: dict[str, tuple[Resource, Body]] = {}
        for resource, body in resources:
            around = {**body, ADDRESS: resource.name, KEY: self.of(resource)}
            self.by_type[resource.type].append((resource, around))
            self.by_name[resource.name] = resource, around

    def may_name(self, resource: Resource, type_: str, argument: str) -> Iterator[tuple[Pair, list[Value]]]:
        """Yield the resources of a type whose property may name a resource, with its values; leave out those that
        surely name others.
        """
        found = self.remember((type_, argument, ""), lambda: self._by_what_they_name(type_, argument))
        yield from (found.all[place] for place in sorted({*found.any, *found.names.get(resource.name, ())}))

    def _by_what_they_name(self, type_: str, argument: str) -> _References:
        found = _References([], defaultdict(list), [])
        for place, pair in enumerate(self.by_type.get(type_, ())):
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
        other = self.by_name.get(owner)
        return other is None or (not other[0].type.startswith(_CUSTOM) and _names(other[0], value))

    def alike(self, resource: Resource, type_: str, argument: str, helps: Helps) -> list[Pair]:
        """Return the resources of a type that name the same thing in a property and that help."""

        def find() -> Mapping[Any, list[Pair]]:
            helping = (one for one in self.by_type.get(type_, ()) if helps(type_, one[1]))
            return grouped((_named(one[0], argument), one) for one in helping)

        found = self.remember((type_, argument, helps), find)
        mine = _named(resource, argument)
        return [] if mine is None else found.get(mine, [])

    def held_under(self, name: str, is_name: Callable[[str], bool]) -> Iterator[tuple[str, Body]]:
        """Yield the resource that an address names, with its type, if its name is meant."""
        found = self.by_name.get(name)
        if found and is_name(found[0].type):
            yield found[0].type, found[1]

    def named_by(self, value: Value) -> tuple[Resource, Body] | None:
        """Return the resource that a value refers to."""
        found = self.by_name.get(owner_of(value))
        return found if found and _names(found[0], value) else None

    def called(self, type_: str, own_name: str, text: str) -> list[Resource]:
        """Return the resources of a type with a literal name; at most `NAMESAKES` of them."""
        named = ((self.of(one).own(own_name).value, one) for one, _ in self.by_type.get(type_, ()))
        return self.remember((type_, own_name), lambda: namesakes(named)).get(text, [])

    def of(self, resource: Resource) -> TemplateNeighbourhood:
        """Return the neighbours of one resource."""
        return TemplateNeighbourhood(self, resource)


@dataclass(frozen=True)
class _References:
    """Resources of a type with the values of a property, by the resource that these surely name, and those that may
    name any.
    """

    all: list[tuple[Pair, list[Value]]]
    names: Mapping[str, list[int]]
    any: list[int]


@dataclass(frozen=True)
class TemplateNeighbourhood:
    """The neighbours of one resource of a template."""

    all: TemplateNeighbours = field(repr=False)
    resource: Resource

    @property
    def written(self) -> Value:
        """The properties of this resource as written."""
        return self.resource.properties

    @property
    def body(self) -> Body | None:
        """The body of this resource as others see it."""
        found = self.all.by_name.get(self.resource.name)
        return found[1] if found else None

    def forms(self) -> Sequence[Body]:
        """Return the properties of this resource in each of its forms."""
        return self.all.forms_of(self.resource)

    def naming(self, type_: str, argument: str, own_name: str, *, seen: bool = False) -> Naming:
        """Return the resources of a type whose property refers to this one. `seen` only concerns Terraform's
        modules.
        """
        surely, perhaps = list[Body](), list[Body]()
        doubts = self._hidden()
        for (other, body), values in self.all.may_name(self.resource, type_, argument):
            answers = [self._is_named(value, own_name) for value in values]
            if True in answers and self._is_there(other):
                surely.append(body)
            elif True in answers or self.resource.name in sources_of(values):
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

    def sharing(self, types: Iterable[str], argument: str, helps: Helps = every) -> list[tuple[str, Body, bool]]:
        """Return the other resources of some types that name the same thing in a property and that help: type,
        properties, and whether each surely exists.
        """
        return [
            (type_, body, self._is_there(other))
            for type_ in types
            for other, body in self.all.alike(self.resource, type_, argument, helps)
            if other is not self.resource
        ]

    def each_named(self, argument: str, type_: str) -> tuple[list[Body], bool]:
        """Return the resources of a type that a property of this one names, each with its neighbourhood; and whether
        every item names one.
        """
        values = [one for one in values_below(self.resource.properties, argument.split(".")) if one not in (None, "")]
        found = [self.all.named_by(value) for value in values]
        there = [one[1] for one in found if one and one[0].type == type_ and self._is_there(one[0])]
        return there, len(there) == len(values)

    def others(self, type_: str) -> Iterator[tuple[Body, TemplateNeighbourhood | None, bool]]:
        """Yield the other resources of a type: body, neighbourhood (None if the template does not show it), and whether
        it surely exists.
        """
        yield from ((body, None, False) for body, _ in self._hidden())
        for other, body in self.all.by_type.get(type_, ()):
            if other is not self.resource:
                yield body, body[KEY], self._is_there(other)

    def _hidden(self) -> list[tuple[Body, str]]:
        """Return a body, with the cause, for each resource that the template may contain without showing it."""
        return [({OPEN: f"{OPAQUE}${{{why}}}"}, why) for why in self.all.hidden]

    def names(self, property_: str, type_: str, own_name: str) -> Iterator[Name]:
        """Yield the names in a property of this resource, where a property gives resources of a type their name."""
        for value in values_below(self.resource.properties, property_.split(".")):
            if value not in (None, ""):
                found = self.all.named_by(value)
                made = found and found[0].type == type_
                yield self.all.of(found[0]).own(own_name) if found and made else Name(value, self._added(value, type_))

    def own(self, own_name: str) -> Name:
        """Return the name of this resource, as a property of its own gives it."""
        return Name(next(values_below(self.resource.properties, [own_name]), None) or None, self.resource.name)

    def added(self, ending: str) -> Name:
        """Return the resource that SAM adds to this one: its logical id has a suffix."""
        return Name(None, f"{self.resource.name}{ending}")

    def _added(self, value: Value, type_: str) -> str:
        """Return the logical id of the resource that SAM adds, if a value names it."""
        owner, attribute = owner_of(value), attribute_of(value)
        by_name = owner and owner not in self.all.by_name and attribute is not None and names_itself(type_, attribute)
        return owner if by_name else ""

    def _is_there(self, other: Resource) -> bool:
        """Return whether another resource surely exists whenever this one does."""
        when = other.body.get("Condition")
        return when is None or when == self.resource.body.get("Condition")

    def _is_named(self, value: Value, own_name: str) -> bool | None:
        """Return whether a value names this resource; None if unknown."""
        owner = owner_of(value)
        if owner == self.resource.name:
            return True if _names(self.resource, value) else None
        if owner and self.all.names_another(owner, value):
            return False
        own = self._own(own_name)
        if not isinstance(value, Unknown):
            unclear = isinstance(value, str) and may_equal(own, value) and not self._is_of_another(value, own_name)
            return None if unclear else isinstance(value, str) and names_in_words(value, self.resource.type, own)
        if are_surely_equal(value, own):
            return True
        others = value.sources - {self.resource.name}
        return False if value.made and others and others == value.sources else None

    def _own(self, own_name: str) -> Value:
        """Return the name that this resource gives itself."""
        return self.resource.properties.get(own_name) if isinstance(self.resource.properties, dict) else None

    def _is_of_another(self, text: str, own_name: str) -> bool:
        """Return whether a text is surely the name of another resource of this type."""
        return any(self._is_there(one) for one in self.all.called(self.resource.type, own_name, text))


def _names(resource: Resource, value: Value) -> bool:
    """Return whether a value is a `Ref` of a resource, or an attribute that identifies it."""
    attribute = attribute_of(value)
    return attribute is not None and names_itself(resource.type, attribute)


def _named(resource: Resource, argument: str) -> tuple[str, str] | None:
    """Return what a property refers to: a resource or a literal name; None if unknown."""
    value = resource.properties.get(argument) if isinstance(resource.properties, dict) else None
    owner = owner_of(value)
    return (owner, "") if owner else ("", value) if isinstance(value, str) else None


def values_below(value: Value, steps: list[str]) -> Iterator[Value]:
    """Yield the values at a path through all lists, with the unknown ones."""
    if isinstance(value, list):
        for item in value:
            yield from values_below(item, steps)
    elif not steps or isinstance(value, Unknown):
        yield value
    elif isinstance(value, dict):
        yield from values_below(value.get(steps[0], value.get(REST)), steps[1:])
