"""Whether the lines of a resource or a listing follow from the calls that they cite, as its collector reads them.

A member that a collector reads by its own call is present, absent, or unread, and cites that call or one with the same
content; the call was sent with values of the resource. Redacted values are compared with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from preuve.collect.raw_resource import BRACED, names_everywhere, partition_of
from preuve.library.company.waivers import covers
from preuve.library.validation.shapes import steps
from preuve.library.validation.text_conformity import is_replaced
from preuve.model.company.workspace import Waiver
from preuve.model.content import GITHUB, Call, ResourceType
from preuve.model.snapshot import GLOBAL
from preuve.pipeline.bundle.consistency.calls import NAMED, Line, is_sent

_GLOB = re.compile(r"[*?]")
_REMOVED = re.compile(r"\[removed: ")


@dataclass(frozen=True)
class CitedFile:
    """Everything that the lines of one file are compared with."""

    types: Mapping[str, ResourceType]
    wanted: Mapping[str, frozenset[str]]  # type -> requested members
    waivers: Sequence[Waiver]
    home: str
    place: str  # of the file
    calls: Mapping[str, Line]  # of the whole snapshot
    resources: Mapping[tuple[str, str], Sequence[Line]]  # of the file, by type and id

    def of_listing(self, line: Line) -> Iterator[str]:
        """Yield the defects of a listing."""
        declared = self.types[line["type"]]
        if line["region"] != self.place:
            yield "region"
        if bool(line["unread"]) is not (line["pagination"] == "failed"):
            yield "pagination"
        if line["parent"] and not self._parents(line, declared):
            yield "parent"
        known = [call for call in _listing(declared, self.types) if call is not None]
        cited = [self.calls.get(name) for name in line["calls"]]
        answered = all(call is not None and not call["error"] for call in cited)
        if (
            len(set(line["calls"])) != len(cited)
            or (line["count"] and not answered)
            or (not cited and not line["unread"] and not declared.singleton)
            or not all(call and any(is_sent(call, item, line["account"]) for item in known) for call in cited)
        ):
            yield "calls"

    def of_resource(self, line: Line) -> Iterator[str]:
        """Yield the defects of a resource."""
        declared, wanted = self.types[line["type"]], self.wanted[line["type"]]
        details = {name: call for name, call in declared.details.items() if name in wanted}
        yield from self._named(line, declared)
        yield from _members(line, declared, wanted, details)
        possible = {*details, *declared.fallback, *({""} if declared.lists else ())}
        possible |= set(line["data"]) if declared.hydrate else set()
        for name in sorted({*line["calls"], *details, *({""} if declared.lists else ())}):
            if name not in possible or name not in line["calls"] or not self._follows(line, declared, name):
                yield f"calls.{name}"
        yield from waivers_of(line, self.waivers)

    # ---- what it is called ----------------------------------------------------------------------------------------

    def _named(self, line: Line, declared: ResourceType) -> Iterator[str]:
        parents = self._parents(line, declared)
        if bool(line["parent"]) is not bool(parents):
            yield "parent"
        if not self._is_called(line, declared, self.wanted[line["type"]]):
            yield "id"
        inside = line["data"].get(declared.in_region) if declared.in_region else None
        regions = {str(inside)} if inside else {item["region"] for item in parents} or {self.place}
        if line["region"] not in regions and not (declared.in_region and inside is None):
            yield "region"
        arn = self._arn(line, declared)
        if arn is not None and arn != line["arn"]:
            yield "arn"

    def _is_called(self, line: Line, declared: ResourceType, wanted: frozenset[str]) -> bool:
        """Return whether its id consists of the members that name it, as far as they are kept."""
        if declared.singleton:
            return bool(line["id"] == (line["account"] if line["region"] == GLOBAL else line["region"]))
        first = kept(line["data"].get(declared.identity)) if declared.identity else None
        alone = declared.arn == declared.identity and names_everywhere(first)
        if alone or not declared.beside or not first:
            return not first or str(first) == line["id"]
        further = [self._part(path, line, declared, wanted) for path in declared.beside]
        return is_made_of(line["id"], [str(first), *further])

    def _part(self, path: str, line: Line, declared: ResourceType, wanted: frozenset[str]) -> str | None:
        """Return the part that a member adds to a name: nothing if AWS left it out, None if the member is not kept."""
        found = self._only(path, line, declared)
        head = steps(path)[0][0]
        left_out = head in wanted - {"Parent"} and head not in line["data"] and head not in line["unread"]
        return str(found) if found is not None else "" if left_out else None

    def _parents(self, line: Line, declared: ResourceType) -> Sequence[Line]:
        owner = _owner(declared, self.types)
        return self.resources.get((owner.name, line["parent"]), ()) if owner and line["parent"] else ()

    def _arn(self, line: Line, declared: ResourceType) -> str | None:
        """Return the ARN that follows from the members; None if one is not kept."""
        if not declared.arn:
            return ""
        if "{" not in declared.arn:
            found = self._only(declared.arn, line, declared)
            return None if found is None else str(found) if names_everywhere(found) else ""
        place = self._place(line, declared)
        known = {"partition": partition_of(place), "region": place, "account": line["account"]}
        parts = {name: known.get(name) or self._only(name, line, declared) for name in BRACED.findall(declared.arn)}
        if any(part is None for part in parts.values()):
            return None
        made = BRACED.sub(lambda match: str(parts[match[1]]), declared.arn)
        return None if NAMED.search(made) else made  # a part of an ARN may be kept as a name is, and not in the ARN

    def _only(self, path: str, line: Line, declared: ResourceType) -> Any:
        found = self._held(path, line, declared)
        return found[0] if found and len(found) == 1 else None

    # ---- what it cites --------------------------------------------------------------------------------------------

    def _follows(self, line: Line, declared: ResourceType, name: str) -> bool:
        """Return whether the calls that a member cites are those that its collector makes, and have its value."""
        said = line["calls"][name]
        cited = [said] if isinstance(said, str) else said
        if len(cited) == 1 != isinstance(said, str) or len(set(cited)) != len(cited):
            return False
        if not cited or cited == [""]:  # nothing was sent
            return name in line["unread"] or (not name and bool(line["unread"]))
        own = _own(declared, name)
        if any(said == line["calls"].get(head) for head in _heads(line, name, own)):
            return True
        return all(self._is_own(line, declared, name, own, self.calls.get(item)) for item in cited)

    def _is_own(self, line: Line, declared: ResourceType, name: str, own: Sequence[Call], cited: Line | None) -> bool:
        if cited is None:
            return False
        fitting = [call for call in own if self._is_about(line, declared, call, cited)]
        if not fitting:
            return False
        if not cited["error"]:
            return True
        codes = {item.code for call in fitting for item in call.absent}
        excused = name in line["unread"] or (not name and bool(line["unread"]))
        return excused or (name in line["absent"] and cited["error"] in codes)

    def _is_about(self, line: Line, declared: ResourceType, call: Call, cited: Line) -> bool:
        """Return whether a call was sent for a resource, and in its place."""
        if not is_sent(cited, call, line["account"]):
            return False
        owner, about = declared, [line]
        if call.for_each:
            owner, about = self.types[call.for_each], list(self._parents(line, declared))
        if cited["region"] != (call.only_in or self._place(line, declared)) and not _is_anywhere(declared, call):
            return False
        return any(
            all(
                self._is_value(cited["params"][name], path, item, owner)
                for name, path in (*call.with_.items(), *call.batch.items())
            )
            for item in about
        )

    def _place(self, line: Line, declared: ResourceType) -> str:
        """Return where the calls of a resource are made."""
        at_home = line["region"] == GLOBAL and declared.provider != GITHUB
        return self.home if at_home else str(line["region"])

    def _is_value(self, sent: Any, path: str, line: Line, declared: ResourceType) -> bool:
        held = self._held(path, line, declared)
        some = sent if isinstance(sent, list) else [sent]
        return held is None or any(value == sent or value in some for value in held) or has_removed(sent)

    def _held(self, path: str, line: Line, declared: ResourceType) -> list[Any] | None:
        """Return the possible values at a path in a resource or its parents; None if they are not kept."""
        if path in ("Account", "Region", "Partition"):  # of the call, which is compared with its file
            return None
        if path.startswith("Parent."):
            owner = _owner(declared, self.types)
            found = [
                self._held(path.removeprefix("Parent."), parent, owner) if owner else None
                for parent in self._parents(line, declared)
            ]
            return None if None in found else [value for some in found for value in some or ()]
        value: Any = line["data"]
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        value = kept(value)
        if value is None and path == declared.identity and not declared.beside:
            value = kept(line["id"])
        return None if value is None else [value]


def is_made_of(name: str, parts: Sequence[str | None]) -> bool:
    """Return whether a name consists of these parts with a blank between them; None stands for unknown words."""
    groups = groupby(parts, key=lambda part: part is not None)
    known = [text for kept_, some in groups if kept_ and (text := " ".join(filter(None, some)))]
    if None not in parts:
        return [name] == known
    return _holds_in_order(name, known) and (parts[-1] is None or f" {name}".endswith(f" {known[-1]}"))


def _holds_in_order(name: str, parts: Sequence[str]) -> bool:
    """Return whether a name begins with the first of these parts and contains the others after it, in their order."""
    rest = f" {name} "
    for part in parts:
        before, found, behind = rest.partition(f" {part} ")
        if not found or (before and part is parts[0]):
            return False
        rest = f" {behind}"
    return True


def waivers_of(line: Line, waivers: Sequence[Waiver]) -> Iterator[str]:
    """Yield the waivers that a resource lists although they do not name it, and those that name it and are missing."""
    if has_removed(line["id"]) or has_removed(line["arn"]):
        return
    known = {item.id: item for item in waivers}
    covering = [item.id for item in waivers if covers(item.resource, line["id"], line["arn"])]
    unclear = {item.id for item in waivers if has_removed(item.resource) or _may_name(item.resource, line["id"])}
    wrong = sorted((set(line["waivers"]) ^ set(covering)) - unclear)
    if wrong or len(set(line["waivers"])) != len(line["waivers"]):
        yield from (f"waivers.{name}" for name in wrong or sorted(known))


def _may_name(pattern: str, shown: str) -> bool:
    """Return whether a waiver may name a person or an address for which the id has a pseudonym."""
    hidden = NAMED.search(shown)
    start, known = _GLOB.split(pattern)[0], shown[: hidden.start()] if hidden else ""
    return hidden is not None and (start.startswith(known) or known.startswith(start))


def _members(line: Line, declared: ResourceType, wanted: frozenset[str], details: Mapping[str, Call]) -> Iterator[str]:
    """Yield the members that are missing where they must be, present in several places, or present where none
    may be.
    """
    data, absent, unread = set(line["data"]), set(line["absent"]), set(line["unread"])
    late = {*declared.fallback, *(steps(path)[0][0] for path in (*declared.newer, *declared.transforms))}
    if len(absent) != len(line["absent"]) or absent - wanted or absent & (data | unread):
        yield "absent"
    if unread - wanted - late or unread & data:
        yield "unread"
    told = set(details)
    if declared.provider == GITHUB:  # it writes empty members
        told |= wanted - set(declared.relations) - {"Parent", "Arn"}
    yield from (f"data.{name}" for name in sorted(told - data - absent - unread))


def _owner(declared: ResourceType, types: Mapping[str, ResourceType]) -> ResourceType | None:
    """Return the type of the parents of a type."""
    return next((types[call.for_each] for call in declared.lists if call.for_each in types), None)


def _listing(declared: ResourceType, types: Mapping[str, ResourceType]) -> Iterator[Call]:
    """Yield the calls that a listing of a type may cite: without parents there are no children."""
    for call in declared.lists:
        yield from _made(call)
        yield from (item.call for item in (call.counted, call.proved) if item is not None)
        if call.for_each in types:
            yield from _listing(types[call.for_each], types)
    if declared.hydrate is not None:
        yield declared.hydrate


def _made(call: Call) -> tuple[Call, ...]:
    return (call,) if call.prepare is None else (call, call.prepare.call)


def _is_anywhere(declared: ResourceType, call: Call) -> bool:
    """Return whether a call was made before the place of the resource was known, or by a job of another call."""
    return call not in declared.details.values() and bool(declared.in_region or not (call.take or call.match))


def _own(declared: ResourceType, name: str) -> list[Call]:
    """Return the calls that contain a member: its own, or else those that list and complete the resource."""
    call = declared.details.get(name) or declared.fallback.get(name)
    if call is not None:
        return [*_made(call)]
    completed = [declared.hydrate] if declared.hydrate and not name else []
    return [*completed, *(item for call in declared.lists for item in _made(call))]


def _heads(line: Line, name: str, own: Sequence[Call]) -> Iterator[str]:
    """Yield the members whose call also determines this one: that it cannot be set, or its value."""
    for call in own:
        if call.needs and name in line["absent"]:
            yield call.needs.partition(".")[0]
        if call.known is not None and name in line["data"]:
            yield from (steps(path)[0][0] for path in call.known.where)


def kept(value: Any) -> Any:
    """Return a value; None if it is empty, or replaced."""
    return None if value in ("", [], {}) or has_removed(value) else value


def has_removed(value: Any) -> bool:
    """Return whether a text or a part of it was replaced."""
    if isinstance(value, list):
        return any(has_removed(item) for item in value)
    return isinstance(value, str) and (is_replaced(value) or _REMOVED.search(value) is not None)
