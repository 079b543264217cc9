"""Finds resources that are outside the scope of a framework by the company's own word: a tag, such as one that denies
personal data. The word counts only for the types that the framework names, and only if nothing that was read relates
the resource to anything else:

- the resources of which it is a part or a copy have the same tag;
- nothing was discovered in it;
- no other resource contains its name, unless that resource puts no data into it;
- its own settings let nobody write to it.

Stores that programs alone fill bear no such word: which programs do stands nowhere. Code shows none of this: a block
bears the word only together with the resource of the account that it makes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from preuve.assess.code.join import Matcher, cloud_place
from preuve.assess.code.tags import GAP, any_set, with_values
from preuve.assess.paths import values
from preuve.library import glob
from preuve.model.content import Framework, ResourceType, ScopeLimit
from preuve.model.grouping import grouped
from preuve.model.results import Finding, Place
from preuve.model.snapshot import INHERITED, IacRecord, Resource

_OWN = ("Tags", "TagList")  # AWS's names for the tags of a resource
_TAGGED = "AWS::ResourceGroupsTaggingAPI::Resource"
_Said = Mapping[str, str | None]
_Form = Mapping[str, tuple[str, ...]]


@dataclass
class _Subject:
    """A resource or a block: its type in the account, every statement about its tags, and the things that it is one
    with, a part of or a copy of.
    """

    type: str
    said: list[_Said | None] = field(default_factory=list)
    same: set[Place] = field(default_factory=set)  # the other side of it, in code or in the account
    of: set[Place] = field(default_factory=set)  # what it is a part or a copy of
    followed: bool = True  # what it is from, and what puts something into it, is known, if it was read


@dataclass(frozen=True)
class FrameworkScope:
    """Decides which findings are outside the scope of a framework."""

    frameworks: Iterable[Framework]
    joining: Matcher
    params: Mapping[str, Any]

    def marked(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield each finding with the frameworks whose scope excludes it."""
        rules = {item.id: item.beyond for item in self.frameworks if item.beyond is not None}
        if not rules:
            yield from findings
            return
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
        borne = {place for place, thing in things.items() if any(True in said[one] for one in {place, *thing.same})}
        denied = {place for place, answers in said.items() if False in answers} | self._found_in(beyond)
        able = {place for place, thing in things.items() if thing.type in beyond.types}
        denied |= able - {place for place in borne if things[place].followed}
        denied |= {place for place, thing in things.items() if thing.type in beyond.unseen_writers}
        free = {place for place in able if True in said[place] and denied.isdisjoint(_all_of(place, things))}
        fed = self._fed(beyond, free) if free else set()
        return frozenset(place for place in free if fed.isdisjoint(_all_of(place, things)))

    def _fed(self, beyond: ScopeLimit, among: Container[Place]) -> set[Place]:
        """Return those whose name another resource contains that may put something into them. Wherever it stands:
        there is no list of all the ways to write an address.
        """
        texts = [
            (item, "\n".join(_texts(_feeding(beyond, item))).lower()) for item in self.joining.index.snapshot.resources
        ]
        everything = "\n".join(text for _, text in texts)
        named = [(cloud_place(item), own, _names(item)) for item, own in texts if cloud_place(item) in among]
        ends = _those_in(everything, {name[-_END:] for _, _, names in named for name in names})
        return {
            place
            for place, own, names in named
            for name in names
            if name[-_END:] in ends and everything.count(name) > own.count(name)
        }

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
        things |= self._of_code()
        for one in self.joining.joined:
            block, made = _block(one.block.root, one.block.address), cloud_place(one.resource)
            if block in things:
                things[block].followed = things[made].followed and (things[block].followed or not things[block].same)
                things[block].same.add(made)
                things[made].same.add(block)
        return things

    def _of_account(self, beyond: ScopeLimit, item: Resource) -> _Subject:
        paths = beyond.part_of.get(item.type, {})
        named = [[*self._named(item, path, kind)] for path, kind in paths.items()]
        known = all(found or not any(values(item.data, path)) for found, path in zip(named, paths, strict=True))
        settings, declared = beyond.closed_by.get(item.type, {}), self.joining.index.types.get(item.type)
        known = known and all(_is_closed(item, declared, *setting) for setting in settings.items())
        sources = {cloud_place(one) for found in named for one in found} - {cloud_place(item)}
        told: list[_Said | None] = [item.data[name] for name in _OWN if isinstance(item.data.get(name), Mapping)]
        told += [None for name in _OWN if name in item.unread]
        told += self._told_of.get(item.arn or item.id, [])
        return _Subject(item.type, told, of=sources, followed=known)

    def _of_code(self) -> Mapping[Place, _Subject]:
        """Return the blocks, each with what its records say of its tags."""
        namings = self.joining.namings.of
        things: dict[Place, _Subject] = {}
        for (root, address), records in grouped(((one.root, one.address), one) for one in self._of_makers()).items():
            naming = namings.get(records[0].type)
            inputs = {path for one in records for path in one.origins}
            said = [_without_inputs(one.tags, inputs) for one in records]
            kind = naming.resource if naming else records[0].type
            things[_block(root, address)] = _Subject(kind, said, followed=False)
        return things

    def _of_makers(self) -> Iterator[IacRecord]:
        """Yield the records on blocks that are no part of another one."""
        namings = self.joining.namings.of
        return (
            one for one in self.joining.index.snapshot.records if one.type not in namings or not namings[one.type].part
        )

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
_END = 8
_PARTS = re.compile("[:/]")


def _is_closed(item: Resource, declared: ResourceType | None, path: str, forms: Iterable[_Form]) -> bool:
    """Return whether a setting of a store was read and lets nobody put data into it. A member that is missing is only
    known not to be set if its type has it.
    """
    member = path.split(".", maxsplit=1)[0].removesuffix("[]")
    found = [*values(item.data, path)]
    unset = not item.data.get(member) and declared is not None and _declares(declared, member)
    known = member not in item.unread and (bool(found) or unset)
    return known and all(any(_has_form(one, form, item.data) for form in forms) for one in found)


def _declares(declared: ResourceType, member: str) -> bool:
    return member in {*declared.declared, *declared.details, *declared.fallback, *declared.relations}


def _has_form(setting: Any, form: _Form, own: Mapping[str, Any]) -> bool:
    return all(_has_texts([*values(setting, path)], texts, own) for path, texts in form.items())


def _has_texts(found: Collection[Any], texts: Iterable[str], own: Mapping[str, Any]) -> bool:
    allowed = tuple(texts)
    return bool(found) == bool(allowed) and all(any(_fits(str(one), text, own) for text in allowed) for one in found)


def _fits(found: str, text: str, own: Mapping[str, Any]) -> bool:
    bare = text.removeprefix("!")
    if bare.startswith("{"):  # a member of the resource: its value is a text, whatever signs are in it
        other = own.get(bare[1:-1])
        return isinstance(other, str) and (other.casefold() == found.casefold()) != text.startswith("!")
    fits = glob.compiled(bare, ignore_case=True).fullmatch(found)
    return (fits is None) == text.startswith("!")


def _feeding(beyond: ScopeLimit, item: Resource) -> Mapping[str, Any]:
    """Return the members of a resource in which it may name what it puts something into."""
    followed = (*beyond.part_of.get(item.type, ()), *beyond.copied_to.get(item.type, ()))
    known = {*beyond.named_by.get(item.type, ()), *_OWN, *(path.split(".")[0].removesuffix("[]") for path in followed)}
    return {} if "." in known else {name: value for name, value in item.data.items() if name not in known}


def _names(item: Resource) -> set[str]:
    """Return the texts by which another resource may name one: its id and its ARN, and the last part of each, such as
    the name of a queue in its URL.
    """
    known = {text.lower() for text in (item.id, item.arn)}
    return {*known, *(_PARTS.split(text)[-1] for text in known)} - {""}


def _those_in(text: str, ends: Collection[str]) -> set[str]:
    """Return which ends of names stand in a text, in one pass: to search it for each of many names would take long."""
    return {
        end
        for size in {len(end) for end in ends}
        for at in range(len(text) - size + 1)
        if (end := text[at : at + size]) in ends
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in (*value, *value.values()) if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _without_inputs(tags: _Said | None, inputs: Iterable[str]) -> _Said | None:
    """Return tags without those that an input gives, such as the default of a variable: another run may give others."""
    given = {name for name in tags or () if any(path.endswith(name) for path in inputs)}
    return tags if tags is None else {name: value for name, value in tags.items() if name not in given}


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
            waiting += things[at].of | things[at].same if at in things else ()
    return found


def _answer(sets: Iterable[Mapping[str, tuple[str, ...]]], against: Iterable[str], tags: _Said | None) -> bool | None:
    """Return whether tags are the company's word; None if they are silent, False if they contradict it, or if some of
    them are unknown.

    Names are compared in any case: two spellings must say the same, and only the exact spelling counts as the word.
    Tags that a provider or a stack gives to everything are not a word about one thing.
    """
    if tags is None or GAP in tags:
        return False
    asked, denying = {name.lower() for one in sets for name in one}, {name.lower() for name in against}
    said = {name: value for name, value in tags.items() if name.lower() in asked}
    if any(value != "" and name.lower() in denying for name, value in tags.items()):
        return False
    answer = any_set(sets, tags)
    if answer is None:
        return False
    if not answer:
        return False if said else None
    inherited = tags.get(INHERITED, "")
    return inherited is not None and len(said) == len(asked) and said.keys().isdisjoint(inherited.split(", "))
