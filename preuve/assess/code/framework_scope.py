"""Finds resources that are outside the scope of a framework by the company's own word: a tag, such as one that denies
personal data. The word counts only for the types that the framework names, and only if nothing contradicts it: the
resource itself, what it is a part or a copy of, the other side (account or code), or a discovery in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from preuve.assess.code.join import Matcher, cloud_place
from preuve.assess.code.tags import any_set, with_values
from preuve.assess.paths import values
from preuve.model.content import Framework, ScopeLimit
from preuve.model.results import Finding, Place
from preuve.model.snapshot import INHERITED, Resource

_OWN = ("Tags", "TagList")  # AWS's names for the tags of a resource
_TAGGED = "AWS::ResourceGroupsTaggingAPI::Resource"
_Said = Mapping[str, str | None]


@dataclass
class _Subject:
    """A resource or a block: its type in the account, every statement about its tags, and the things that it is one
    with, a part of or a copy of.
    """

    type: str
    said: list[_Said | None] = field(default_factory=list)
    of: set[Place] = field(default_factory=set)
    followed: bool = True  # whether its origin is known, where it has one


@dataclass(frozen=True)
class FrameworkScope:
    """Decides which findings are outside the scope of a framework."""

    frameworks: Iterable[Framework]
    joining: Matcher
    params: Mapping[str, Any]

    def marked(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield each finding with the frameworks whose scope excludes it."""
        rules = {item.id: item.beyond for item in self.frameworks if item.beyond is not None}
        found = {name: self._believed(beyond) for name, beyond in rules.items()}
        for finding in findings:
            whose = {self._whose(place) for place in finding.places}
            outside = tuple(name for name, places in found.items() if whose <= places)
            yield replace(finding, outside=outside) if outside else finding

    def _whose(self, place: Place) -> Place:
        """Return the subject of a place: in code, the block, or the block that it configures."""
        return self._owners.get(at := _block(place.root, place.id), at) if place.root else place

    @cached_property
    def _owners(self) -> Mapping[Place, Place]:
        """The owner of each part. A part of unknown owner has no word."""
        owners = ((part, self.joining.owner(part)) for part in self.joining.parts)
        return {
            _block(part.root, part.address): _block(owner.root, owner.address) if owner else _NOWHERE
            for part, owner in owners
        }

    def _believed(self, beyond: ScopeLimit) -> frozenset[Place]:
        things, sets = self._things(beyond), with_values(beyond.tagged, self.params)
        said = {
            place: {_answer(sets, beyond.contradicted_by, tags) for tags in thing.said}
            for place, thing in things.items()
        }
        denied = {place for place, answers in said.items() if False in answers} | self._found_in(beyond)
        able = {place for place, thing in things.items() if thing.followed and thing.type in beyond.types}
        return frozenset(place for place in able if True in said[place] and denied.isdisjoint(_all_of(place, things)))

    def _found_in(self, beyond: ScopeLimit) -> set[Place]:
        """Return the resources in which something was discovered, whatever became of that finding."""
        index = self.joining.index
        named = index.types[beyond.unless].relations if beyond.unless in index.types else ()
        found = index.of_type(beyond.unless)
        return {cloud_place(item) for one in found for member in named for item in index.related(one, member)}

    def _things(self, beyond: ScopeLimit) -> Mapping[Place, _Subject]:
        things = {cloud_place(item): self._of_account(beyond, item) for item in self.joining.index.snapshot.resources}
        for item in self.joining.index.snapshot.resources:
            for path in beyond.copied_to.get(item.type, ()):
                for copy in self._named(item, path, item.type):
                    things[cloud_place(copy)].of.add(cloud_place(item))
        things |= self._of_code(beyond)
        for one in self.joining.joined:
            block, made = _block(one.block.root, one.block.address), cloud_place(one.resource)
            if block in things:
                things[block].of.add(made)
                things[made].of.add(block)
                things[block].followed = True
        return things

    def _of_account(self, beyond: ScopeLimit, item: Resource) -> _Subject:
        paths = beyond.part_of.get(item.type, {})
        sources = {cloud_place(one) for path, kind in paths.items() for one in self._named(item, path, kind)}
        told: list[_Said | None] = [item.data[name] for name in _OWN if isinstance(item.data.get(name), Mapping)]
        told += [None for name in _OWN if name in item.unread]
        return _Subject(item.type, told + self._told_of.get(item.arn or item.id, []), sources - {cloud_place(item)})

    def _of_code(self, beyond: ScopeLimit) -> Mapping[Place, _Subject]:
        """Return the blocks. Records do not show what a block is a part or a copy of: only the account does."""
        namings = self.joining.namings.of
        things: dict[Place, _Subject] = {}
        for record in self.joining.index.snapshot.records:
            naming = namings.get(record.type)
            if naming is None or not naming.part:
                kind = naming.resource if naming else record.type
                alone = kind not in beyond.part_of
                place = _block(record.root, record.address)
                things.setdefault(place, _Subject(kind, followed=alone)).said.append(record.tags)
        return things

    def _named(self, item: Resource, path: str, kind: str) -> Iterator[Resource]:
        """Yield the resources that a member names: by ARN of any type, by id only of one type in the account."""
        named = self._by_name
        for text in map(str, values(item.data, path)):
            yield from named.get(("", text), named.get((f"{item.account} {kind}", text), ()))

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], list[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for item in self.joining.index.snapshot.resources:
            found[f"{item.account} {item.type}", item.id].append(item)
            if item.arn and item.type != _TAGGED:
                found["", item.arn].append(item)
        return found

    @cached_property
    def _told_of(self) -> Mapping[str, list[_Said | None]]:
        """The tags of resources as another service reports them."""
        found: dict[str, list[_Said | None]] = defaultdict(list)
        for item in self.joining.index.of_type(_TAGGED):
            found[item.arn or item.id].append(item.data.get("Tags"))
        return found


_NOWHERE = Place("", "")


def _block(root: str, address: str) -> Place:
    """Return the place of a block, wherever the lines are that decided."""
    return Place("", address, root=root)


def _all_of(place: Place, things: Mapping[Place, _Subject]) -> set[Place]:
    """Return a thing with everything that it comes from, step by step."""
    found: set[Place] = set()
    waiting = [place]
    while waiting:
        if (at := waiting.pop()) not in found:
            found.add(at)
            waiting += things[at].of if at in things else ()
    return found


def _answer(sets: Iterable[Mapping[str, tuple[str, ...]]], against: Iterable[str], tags: _Said | None) -> bool | None:
    """Return whether tags are the company's word; None if they are silent, False if they contradict it or are unknown.

    Tags that a provider or a stack gives to everything are not a word about one thing.
    """
    answer = any_set(sets, tags)
    if tags is None or answer is None or any(tags.get(name, "") != "" for name in against):
        return False
    asked = {name.lower() for one in sets for name in one}
    own = tags.keys() - {INHERITED} - set((tags.get(INHERITED, "") or "").split(", "))
    if answer and tags.get(INHERITED, "") is not None:
        return asked <= {name.lower() for name in own}
    return False if answer or any(name.lower() in asked for name in tags) else None
