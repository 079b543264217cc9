"""What the tags of a block or of a resource say: whether they are among sets of tags, and what they put beyond a
framework.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from preuve.assess.code.join import Joining, cloud_place
from preuve.library.checked.shapes import ENVIRONMENT
from preuve.model.content import Beyond, Framework
from preuve.model.results import Finding, FindingStatus, Place

_Sets = Iterable[Mapping[str, tuple[str, ...]]]
_Said = Mapping[str, str | None]
_PARAMETER = "params."  # in a set of tags: the values of a parameter follow
GAP = "…"  # an unknown part of a value; as a name, tags that are not known
_NOT = "!"


def with_values(sets: _Sets, params: Mapping[str, Any]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return sets of tags with the values of the parameters that they name."""
    return tuple({_name(name, params): tuple(_values(items, params)) for name, items in tags.items()} for tags in sets)


def _name(tag: str, params: Mapping[str, Any]) -> str:
    name = tag.removeprefix(_PARAMETER)
    return tag if name == tag else str(params[name])


def _values(items: Iterable[str], params: Mapping[str, Any]) -> Iterator[str]:
    for item in items:
        name = item.removeprefix(_PARAMETER)
        yield from map(str, params[name]) if name != item else (item,)


def any_set(sets: _Sets, tags: _Said | None) -> bool | None:
    """Return whether tags are those of one of some sets; None if they are not known well enough."""
    if tags is None:
        return None
    said = _with_environment(tags)
    answers = [_has_all(item, said) for item in sets]
    return True if True in answers else None if None in answers else False


def _with_environment(tags: _Said) -> _Said:
    """Return tags with the environment under its own name, as `environment_of` finds it in the account: by a name in
    another case where the exact one says nothing.
    """
    if tags.get(ENVIRONMENT, "") != "":
        return tags
    others = {name: value for name, value in tags.items() if name != ENVIRONMENT}
    said = (value for name, value in sorted(others.items()) if name.lower() == ENVIRONMENT.lower() and value != "")
    value = "" if GAP in tags else next(said, "")  # others may say it under the exact name
    return others if value == "" else {**others, ENVIRONMENT: value}


def _has_all(wanted: Mapping[str, tuple[str, ...]], tags: _Said) -> bool | None:
    unknown = False
    for name, values in wanted.items():
        answer = _is_one_of(tags[name], values) if name in tags else None if GAP in tags else False
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _is_one_of(value: str | None, values: Iterable[str]) -> bool | None:
    """Return whether the value of a tag is one of some, ignoring case and blanks around it; `…` is an unknown part.

    Values with `!` before them are excluded: any other value matches.
    """
    if value is None:
        return None
    pattern = ".*".join(re.escape(part.strip()) for part in value.split(GAP))  # a gap may be blanks, or nothing
    refused = {item.removeprefix(_NOT) for item in values if item.startswith(_NOT)}
    possible = any(re.fullmatch(pattern, item, re.IGNORECASE | re.DOTALL) for item in refused or values)
    if possible and GAP in value:
        return None
    return possible is not bool(refused)


# ---- what no item of a framework is about --------------------------------------------------------------------------

_OWN = ("Tags", "TagList")  # how AWS calls the tags of a resource
_TAGGED = "AWS::ResourceGroupsTaggingAPI::Resource"


@dataclass(frozen=True)
class Outside:
    """Tells which findings are about what no item of a framework is about, by the company's own word: its tags."""

    frameworks: Iterable[Framework]
    joining: Joining
    params: Mapping[str, Any]

    def marked(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield each finding, with the frameworks that it is outside of."""
        findings = tuple(findings)
        rules = {item.id: item.beyond for item in self.frameworks if item.beyond is not None}
        found = {name: self._places(beyond, findings) for name, beyond in rules.items()}
        for finding in findings:
            outside = tuple(name for name, places in found.items() if places.issuperset(map(_whose, finding.places)))
            yield replace(finding, outside=outside) if outside else finding

    def _places(self, beyond: Beyond, findings: Iterable[Finding]) -> frozenset[Place]:
        """Return the places of what bears such tags; a failure of what is found in it takes its word away."""
        sets, doubted = with_values(beyond.tagged, self.params), _doubted(beyond, findings)
        return frozenset(
            place
            for place, kind, at, tags in self._tagged
            if kind in beyond.types and at not in doubted and any_set(sets, tags)
        )

    @cached_property
    def _tagged(self) -> tuple[tuple[Place, str, str, _Said | None], ...]:
        """The place, type in the account, line of the snapshot and tags of everything that may hold something."""
        snapshot, of = self.joining.index.snapshot, self.joining.namings.of
        by_arn = {item.arn or item.id: item.data.get("Tags") for item in snapshot.resources if item.type == _TAGGED}
        cloud = [
            (cloud_place(item), item.type, item.at, _own(item.data) or by_arn.get(item.arn) or {})
            for item in snapshot.resources
        ]
        blocks = {(block.root, block.address): block for block in (*self.joining.makers, *self.joining.parts)}
        tags = {(record.root, record.address): record.tags for record in snapshot.records}
        made = {(item.block.root, item.block.address): item.resource.at for item in self.joining.joined}
        code = []
        for key, block in blocks.items():
            owner = self.joining.owner(block)
            whose = (owner.root, owner.address) if owner else key
            code.append((_block(*key), of[block.type].resource, made.get(whose, ""), tags.get(whose)))
        return (*cloud, *code)


def _own(data: Mapping[str, Any]) -> Any:
    return next((data[name] for name in _OWN if isinstance(data.get(name), Mapping)), None)


def _whose(place: Place) -> Place:
    """Return the place as it stands in `Outside`: of code, the block, wherever the lines are that decided."""
    return _block(place.root, place.id) if place.root else place


def _block(root: str, address: str) -> Place:
    return Place("", address, root=root)


def _doubted(beyond: Beyond, findings: Iterable[Finding]) -> frozenset[str]:
    failing = (item for item in findings if item.place.type == beyond.unless and item.status is FindingStatus.FAIL)
    return frozenset(line for item in failing for line in item.lines)
