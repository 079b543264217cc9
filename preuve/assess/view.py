"""Builds a resource in the form that a condition reads: the members that it uses, relations joined, omitted lists
filled.

An unread member is `Unknown`; a relation with unread parts is a `PartialList`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from preuve.library import json_data
from preuve.library.cel.unknown import PartialList, Unknown
from preuve.library.validation.checked_rule import Reads
from preuve.library.validation.shapes import (
    Json,
    ListOf,
    MapOf,
    RelatedType,
    Scalar,
    Shape,
    Struct,
    message_name,
    writes_empty,
)
from preuve.model.snapshot import EMPTY_VALUE, TIME_AHEAD, UNKEPT, UNKNOWN_VALUE, Resource, Unread

# A null in a document: cel-expr-python gives up a reference to None with each null that it hands to a function, and
# below Python 3.12 the process is aborted when none is left.
NULL = "[null]"
_LONGEST_RUN = timedelta(days=1)  # what happens while a run reads is no future; nor is a clock that is a little slow


@dataclass(frozen=True)
class ExpectedValues:
    """Which values an answer may have, beside what the models say: the forms of texts that they leave free, and the
    times that may lie ahead of the run. Any other time is one of something that has happened.
    """

    now: datetime
    forms: Mapping[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)
    times: Collection[tuple[str, str]] = ()  # texts that the models do not call times
    ends: Collection[tuple[str, str]] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any], now: datetime) -> ExpectedValues:
        """Take them from the reference table."""
        forms = {_place(path): re.compile(form) for path, form in table.get("forms", {}).items()}
        times, ends = (frozenset(map(_place, table.get(name, "").split())) for name in ("times", "ends"))
        return cls(now, forms, times, ends)

    def doubt(self, value: Any, shape: Scalar, member: tuple[str, str]) -> Unread | None:
        """Return why a value is none; None if it is one. It stands under a message and a name."""
        form = self.forms.get(member)
        if value == "" and (shape.enum or form is not None):
            return Unread(EMPTY_VALUE)
        if form is not None and not form.fullmatch(str(value)):
            return Unread(UNKNOWN_VALUE, str(value))
        if (shape.time or member in self.times) and member not in self.ends:
            return self._doubted_time(str(value))
        return None

    def _doubted_time(self, value: str) -> Unread | None:
        try:
            time = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:  # CEL reads some of these, such as a second of 60; none that begins with no digit
            return Unread(UNKNOWN_VALUE, value) if value.lstrip()[:1].isdigit() else None
        ahead = time.replace(tzinfo=time.tzinfo or self.now.tzinfo) > self.now + _LONGEST_RUN
        return Unread(TIME_AHEAD, value) if ahead else None


def _place(path: str) -> tuple[str, str]:
    message, _, member = path.rpartition(".")
    return message, member


@dataclass(frozen=True)
class Hit:
    """An unread item that the condition refers to."""

    type: str
    member: str
    unread: Unread
    relation: str = ""  # the type whose listing is unread


@dataclass(frozen=True)
class ListingSource:
    """The calls that listed some resources, and the lines of the snapshot."""

    calls: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()


class Members(Protocol):
    """The questions about types that `Shapes` and the compiled table both answer."""

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """Return the members of a resource type."""


class Joins(Protocol):
    """The questions of a view about related resources."""

    def singleton(self, type_name: str, account: str, region: str) -> Resource | None:
        """Return the account or region that a resource lives in."""

    def related(self, resource: Resource, member: str) -> list[Resource]:
        """Return the resources behind a relation, or the parent."""

    def listed(self, resource: Resource, member: str) -> ListingSource:
        """Return what listed the resources that a relation may join to this one."""

    def perhaps(self, resource: Resource, member: str) -> list[Resource] | None:
        """Return the only resources that `related` may lack; None if it may lack others."""

    def unread(self, resource: Resource, member: str) -> tuple[Unread, ...]:
        """Return everything for which `related` may be incomplete."""

    def doubted(self, resource: Resource, member: str) -> frozenset[str]:
        """Return the lines of the snapshot for which the answer of `related` may be incomplete."""

    def unlisted(self, resource: Resource, type_name: str) -> tuple[Unread, ...]:
        """Return everything for which resources of a type may be missing around this one."""

    def join_keys(self, resource: Resource, member: str) -> list[str]:
        """Return the members that a relation joins on."""

    def uncollected(self, type_name: str, member: str) -> Unread | None:
        """Return why the absence of a member proves nothing: the run did not request it."""


@dataclass
class View:
    """Projects resources for one condition, and notes which of their members are unread, which calls were used and
    which lines of the snapshot were read.
    """

    index: Joins
    shapes: Members
    reads: Reads
    expected: ExpectedValues
    hits: list[Hit] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def project(self, resource: Resource, path: frozenset[tuple[str, str]] = frozenset()) -> dict[str, Any]:
        """Return the members of `resource` that the condition reads."""
        members = self.shapes.members(resource.type)
        result: dict[str, Any] = {}
        self._used(resource, "")
        self.lines.add(resource.at)
        for name in sorted(self.reads.get(message_name(resource.type), ())):
            shape = members.get(name)
            if isinstance(shape, RelatedType):
                if (resource.type, name) not in path:
                    self._relate(resource, name, shape, result, path | {(resource.type, name)})
            elif shape is not None:
                self._member(resource, name, shape, result)
        return result

    def _used(self, resource: Resource, member: str) -> None:
        call = resource.calls.get(member)
        if call:
            self.calls.update([call] if isinstance(call, str) else call)

    def _member(self, resource: Resource, name: str, shape: Shape, result: dict[str, Any]) -> None:
        self._used(resource, name)
        unread = resource.unread.get(name) or self.index.uncollected(resource.type, name)
        if unread is not None:
            result[name] = self._unknown([Hit(resource.type, name, unread)])
        elif name in resource.data:
            result[name] = self._pruned(resource.data[name], shape, (message_name(resource.type), name))
        elif _left_out(message_name(resource.type), shape) and name not in resource.absent:
            result[name] = empty(shape)

    def _relate(
        self,
        resource: Resource,
        name: str,
        shape: RelatedType,
        result: dict[str, Any],
        path: frozenset[tuple[str, str]],
    ) -> None:
        hits = []
        for member in self.index.join_keys(resource, name):
            self._used(resource, member)
            if member in resource.unread:
                hits.append(Hit(resource.type, member, resource.unread[member]))
        unlisted = self.index.unread(resource, name)
        hits += [Hit(resource.type, name, unread, shape.type) for unread in unlisted]
        if unlisted:
            self.lines |= self.index.doubted(resource, name)
            hits += self._beyond(resource, shape.type, {shape.type})
        unknown = self._unknown(hits) if hits else None
        if unknown is not None and not shape.many:
            result[name] = unknown
            return
        projected = [self.project(other, path) or _named(other.data) for other in self.index.related(resource, name)]
        if not projected:  # the verdict rests on these listings: they found nothing
            listed = self.index.listed(resource, name)
            self.calls |= listed.calls
            self.lines |= listed.lines
        if shape.many:
            result[name] = self._partial(resource, name, projected, unknown, path) if unknown else projected
        elif projected:
            result[name] = projected[0]

    def _partial(
        self,
        resource: Resource,
        name: str,
        known: list[dict[str, Any]],
        unknown: Unknown,
        path: frozenset[tuple[str, str]],
    ) -> PartialList:
        others = self.index.perhaps(resource, name)
        perhaps = None if others is None else tuple(self.project(other, path) or _named(other.data) for other in others)
        return PartialList(tuple(known), unknown.why, perhaps)

    def _pruned(self, value: Any, shape: Shape, member: tuple[str, str]) -> Any:
        """Return the part of a value that the condition reads; lists and maps that AWS omitted from a structure are
        empty.

        `member` is the message and the name of the value in it.
        """
        if isinstance(shape, Scalar):
            return self._known(value, shape, member)
        if isinstance(shape, Json):
            return json_data.changed(value, lambda leaf: NULL if leaf is None else leaf)
        if isinstance(shape, ListOf) and isinstance(value, list):
            return [self._pruned(item, shape.item, member) or _named(item) for item in value]
        if isinstance(shape, MapOf) and isinstance(value, Mapping):
            return {key: self._pruned(item, shape.value, member) for key, item in value.items()}
        if isinstance(shape, Struct) and isinstance(value, Mapping):
            return self._pruned_struct(value, shape)
        return value

    def _pruned_struct(self, value: Mapping[str, Any], shape: Struct) -> dict[str, Any]:
        result = {}
        for name in sorted(self.reads.get(shape.name, ())):
            member = shape.fields.get(name)
            if member is None:
                continue
            if value.get(name) is not None:
                result[name] = self._pruned(value[name], member, (shape.name, name))
            elif _left_out(shape.name, member):
                result[name] = empty(member)
        return result

    def _known(self, value: Any, shape: Scalar, member: tuple[str, str]) -> Any:
        """Return a value, or Unknown if AWS's models do not know it: whatever reads it, its meaning is unknown."""
        if value == UNKEPT:
            return self._unknown([Hit(member[0], member[1], Unread("not_collected"))])
        doubt = self.expected.doubt(value, shape, member)
        if doubt is not None:
            return self._unknown([Hit(member[0], member[1], doubt)], is_set=doubt.cause != EMPTY_VALUE)
        if not shape.enum or value in shape.enum:
            return value
        known = [item for item in shape.enum if _spelt(item) == _spelt(str(value))]
        if len(known) == 1:
            return known[0]
        return self._unknown([Hit(member[0], member[1], Unread(UNKNOWN_VALUE, str(value)))], is_set=True)

    def _beyond(self, resource: Resource, type_name: str, seen: set[str]) -> list[Hit]:
        """Return the unlisted places in which related resources of a type may be missing."""
        hits: list[Hit] = []
        members = self.shapes.members(type_name)
        for name in sorted(self.reads.get(message_name(type_name), ())):
            shape = members.get(name)
            if isinstance(shape, RelatedType) and shape.type not in seen:
                seen.add(shape.type)
                unlisted = self.index.unlisted(resource, shape.type)
                hits += [Hit(type_name, name, unread, shape.type) for unread in unlisted]
                hits += self._beyond(resource, shape.type, seen)
        return hits

    def _unknown(self, hits: list[Hit], *, is_set: bool = False) -> Unknown:
        self.hits += hits
        return Unknown(frozenset(hits), is_set=is_set)


def _spelt(value: str) -> str:
    """Return a value in the models' spelling: some answers differ, such as `RSA-2048` or `available`."""
    return value.lower().replace("-", "_")


_NAMES = ("Name", "Arn", "ARN", "Id", "name", "arn", "id")  # suffixes of members that are names, best first


def _named(item: Any) -> Any:
    """Return the name of an entry of which a condition reads nothing: readers of a finding ask which entry it is."""
    if not isinstance(item, Mapping):
        return item
    texts = {name: value for name, value in item.items() if isinstance(value, str) and value not in ("", UNKEPT)}
    found = (name for end in _NAMES for name in texts if name.endswith(end))
    return {name: texts[name] for name in [next(found, None)] if name}


def _left_out(struct: str, shape: Shape) -> bool:
    """Return whether a missing member is empty: AWS omits empty lists and maps from a structure."""
    return isinstance(shape, ListOf | MapOf) and not writes_empty(struct)


def empty(shape: Shape) -> Any:
    """Return an empty list or map."""
    return [] if isinstance(shape, ListOf) else {}
