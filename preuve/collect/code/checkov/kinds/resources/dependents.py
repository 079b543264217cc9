"""What stands behind a failing block: the holders of a policy, the groups of a launch template, the services of a task
definition. One more of them is a further cause of the failure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache

from msgspec import convert

from preuve.collect.code.language.dependencies.names import is_among, steps_of
from preuve.collect.code.language.values.value import OneOf, PartText, Value, items_of, sources_of
from preuve.collect.code.verdict.deciding_parts import is_denial, opened, statements_in
from preuve.collect.code.verdict.grounds import Ground, rights_of, text_of
from preuve.collect.code.verdict.marks import given
from preuve.library.validation.code.known_types import table_of_blocks
from preuve.model.company.grounds import Kind

_TAGS = frozenset({"tags", "tags_all", "Tags", "tag_specifications", "TagSpecifications"})
_KEY = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Attachment:
    """How something is put behind a cause: by blocks of a type ("" for the cause itself, `*` for any that is in a
    security group) that name it at one of some paths, or that are named themselves (`.`). What is put there is said at
    `gets`; nothing means the block.
    """

    type: str = ""
    by: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """A type of block on which others rest: the argument with its name, the arguments whose failures go on to what
    rests on it (any if none is named), and the argument that names the true cause, where it only adds to it.
    """

    ways: tuple[Attachment, ...]
    name: str = "name"
    fails: frozenset[str] = frozenset()
    through: str = ""
    only: tuple[str, str] = ("", "")  # the argument by which it is known that it lets in, and its value
    restrains: tuple[str, ...] = ()  # arguments that take away from what it lets through


@dataclass(frozen=True)
class RelatedBlock:
    """A block that may be a cause or rest on one: the values at a path in it, the security groups that it is in, the
    texts behind the name that an argument gives, and those behind the number of its instances.
    """

    address: str
    type: str
    at: Callable[[str], Iterable[Value]] = field(compare=False)
    groups: Callable[[], Iterable[Value]] = field(compare=False)
    behind: Callable[[str], Iterable[str]] = field(compare=False, default=lambda _: ())
    number: Callable[[], Iterable[str]] = field(compare=False, default=lambda: ())


class Dependents:
    """The blocks of a root or of a template that rest on each other."""

    def __init__(self, things: Iterable[RelatedBlock], data: Iterable[RelatedBlock] = ()) -> None:
        self._things = {one.address: one for one in things}
        self._data = {one.address: one for one in data}
        self._by: dict[Attachment, _BlocksByAddress] = {}

    def of(self, address: str, keys: Iterable[str]) -> Iterator[Ground]:
        """Yield each thing behind a block that fails by what a check looked at, and what holds that back."""
        thing = self._things.get(address)
        cause = _causes().get(thing.type) if thing else None
        judged = {re.split(r"[/.\[]", key.removeprefix("Properties/"))[0] for key in keys}
        if not thing or not cause or (judged and judged <= _TAGS) or not (judged & cause.fails or not cause.fails):
            return
        if cause.only[0] and cause.only[1] not in thing.at(cause.only[0]):
            return
        yield from self._behind(thing, cause)
        yield from ((Kind.RESTRAINT, text) for _, text in _said(thing, cause.restrains))

    def _behind(self, thing: RelatedBlock, cause: Cause) -> Iterator[Ground]:
        named = [*thing.at(cause.through)] if cause.through else []
        addresses = sources_of(named) if cause.through else {thing.address}
        names = {words for value in named if (words := steps_of(value))}
        for address in addresses:
            names |= {*self._looked_up(address), *self._own_names(address)}
        for way in cause.ways:
            if not way.type:
                yield from _said(thing, way.gets)
            for one in self._named(way).of(addresses, names) if way.type else ():
                yield from [*_said(one, way.gets)] or ((Kind.CAUSE, block_text(one.address, one.number())),)

    def _named(self, way: Attachment) -> _BlocksByAddress:
        if way not in self._by:
            found = _BlocksByAddress()
            for one in self._things.values():
                if one.type == way.type or (way.type == _ANY and not one.type.startswith(_NOT_IN_GROUPS)):
                    if _OWN in way.by:
                        found.add_by_itself(one, self._own_names(one.address))
                    by = [path for path in way.by if path != _OWN]
                    found.add(
                        one,
                        [value for path in by for value in one.at(path)] if way.by else one.groups(),
                        self._looked_up,
                    )
            self._by[way] = found
        return self._by[way]

    def _looked_up(self, address: str) -> Iterable[str]:
        """Return the names by which a data source looks something up."""
        found = self._data.get(address)
        return (words for words in map(steps_of, found.at(_NAME)) if words) if found else ()

    def _own_names(self, address: str) -> Iterable[str]:
        """Return the names that a block has by itself."""
        thing = self._things.get(address)
        cause = _causes().get(thing.type) if thing else None
        found = thing.at(cause.name if cause else _NAME) if thing else ()
        return (words for words in map(steps_of, found) if words)


@dataclass
class _BlocksByAddress:
    """Blocks by the addresses of what they name, and by its names where no block of the code is named."""

    addresses: dict[str, list[RelatedBlock]] = field(default_factory=lambda: defaultdict(list))
    names: list[tuple[str, RelatedBlock]] = field(default_factory=list)

    def add_by_itself(self, thing: RelatedBlock, names: Iterable[str]) -> None:
        """Add a block that is found where it is named itself."""
        self.addresses[thing.address].append(thing)
        self.names += ((words, thing) for words in names)

    def add(self, thing: RelatedBlock, values: Iterable[Value], looked_up: Callable[[str], Iterable[str]]) -> None:
        """Add a block with the values by which it names others; `looked_up` are the names behind a data source."""
        for value in (each for one in values for each in items_of(one) or (one,)):
            for address in (found := sources_of([value])):
                self.addresses[address].append(thing)
                self.names += ((words, thing) for words in looked_up(address))
            # Of an ARN with the account from a data source, its last part is the name.
            if (not found or isinstance(value, PartText)) and (words := steps_of(value)):
                self.names.append((words, thing))

    def of(self, addresses: Iterable[str], names: Iterable[str]) -> Iterable[RelatedBlock]:
        """Return the blocks that name one of some addresses or names, each once."""
        found = [one for address in addresses for one in self.addresses.get(address, ())]
        found += [one for words, one in self.names for own in names if is_among(words, own)]
        return {one.address: one for one in found}.values()


def block_text(address: str, number: Iterable[str]) -> str:
    """Return the text of a block, the same for each instance: as many of them count, whatever their keys are."""
    return "\n".join((f"behind it ${{{_KEY.sub('', address)}}}", *number))


def groups_in(value: Value) -> Iterator[Value]:
    """Yield what the members of a value that are called so say of the security groups that something is in."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from (item,) if _IN_GROUPS.match(name) and not isinstance(item, dict) else groups_in(item)
    for one in value.values if isinstance(value, OneOf) else value if isinstance(value, list | tuple) else ():
        yield from groups_in(one)


def _said(thing: RelatedBlock, paths: Iterable[str]) -> Iterator[Ground]:
    """Yield each thing that a block puts behind a cause: a holder, an account, a right, but no switch that is off. A
    right that it denies holds the cause back.
    """
    for path in paths:
        for value in thing.at(path):
            for one in items_of(value) or (value,):
                written = given(one)
                at, statements = statements_in(path, opened(written))
                for each in statements:
                    kind = Kind.RESTRAINT if is_denial(each) else Kind.CAUSE
                    yield from ((kind, right) for right in rights_of(at, each))
                if not statements and written is not False:
                    yield Kind.CAUSE, text_of(path, written, plainly=True)
        yield from ((Kind.CAUSE, text) for text in thing.behind(path.partition(".")[0]))


_ANY, _OWN, _NAME = "*", ".", "name"
# How arguments are called, wherever they stand in a block, that say in which security groups something is.
_IN_GROUPS = re.compile(r"(?!source|referenced)\w{0,40}?(?:security_?group|groupset)|groups$", re.IGNORECASE)
# Rules of groups, and programs to which nobody connects.
_NOT_IN_GROUPS = (
    *("aws_security_group", "aws_vpc_security_group_", "aws_default_security_group", "aws_lambda_function"),
    *("AWS::EC2::SecurityGroup", "AWS::Lambda::Function", "AWS::Serverless::Function"),
    *("aws_iam_", "aws_sso", "AWS::IAM::", "AWS::SSO::"),  # groups of people
)


@cache
def _causes() -> Mapping[str, Cause]:
    """Return the types of blocks on which others rest (`scanners/blocks/dependents.yaml`)."""
    return convert(table_of_blocks("dependents"), dict[str, Cause])


def object_of(kind: str) -> tuple[str, ...]:
    """Return the arguments by which a block of a type says which object it is: of another name or another parent it is
    another one, though its block stays the same.
    """
    return tuple(table_of_blocks("objects").get(kind, ()))


def is_object(kind: str, standing: Set[str]) -> bool:
    """Return whether a block of a type is an object of its own, and no part of another one."""
    return kind in standing or kind in table_of_blocks("objects")
