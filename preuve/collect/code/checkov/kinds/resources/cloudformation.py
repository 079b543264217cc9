"""The resources of a template, each judged."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks_infra.registry import get_graph_checks_registry

from preuve.collect.code.checkov.engine import Engine, Outcome, is_broken
from preuve.collect.code.checkov.graph_types import types_of
from preuve.collect.code.checkov.kinds.agreement import common_outcome
from preuve.collect.code.checkov.kinds.allowed_values import Needed
from preuve.collect.code.checkov.kinds.resources.dependents import (
    Dependents,
    RelatedBlock,
    groups_in,
    is_object,
    object_of,
)
from preuve.collect.code.checkov.own_checks import OwnCheck
from preuve.collect.code.checkov.records import record
from preuve.collect.code.checkov.shapes.companions import connects
from preuve.collect.code.checkov.shapes.template_graph import graph_of
from preuve.collect.code.checkov.shapes.templates import shaped
from preuve.collect.code.inputs.nested_stacks import ParameterFile
from preuve.collect.code.inputs.parameter_files import stacks_of
from preuve.collect.code.job import Line
from preuve.collect.code.judgements.relations.neighbourhood import ADDRESS
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.judgements.relations.template_neighbours import TemplateNeighbours, values_below
from preuve.collect.code.language.dependencies.templates import TemplateDependencies
from preuve.collect.code.language.templates.inputs import Inputs, may_be_told
from preuve.collect.code.language.templates.intrinsics import REST, forms, perhaps_absent
from preuve.collect.code.language.templates.resources import ResolvedTemplate, Resource
from preuve.collect.code.language.templates.source import Items, way_to, written_in_either
from preuve.collect.code.language.templates.unseen_resources import Extent
from preuve.collect.code.language.values.value import Value
from preuve.collect.code.secrets.possible_texts import may_be_one, possible
from preuve.collect.code.secrets.search import CALLED
from preuve.collect.code.secrets.terraform_files import SecretRules
from preuve.collect.code.verdict.comments import Comments, comments_in, reason
from preuve.collect.code.verdict.deciding_parts import line_of_heaviest
from preuve.collect.code.verdict.grounds import Ground, grounds, grounds_of_names, restraints
from preuve.collect.code.verdict.marks import OPEN, Mark, given, is_marked, marked, shown
from preuve.collect.code.verdict.tags import (
    GLOBAL_TABLE,
    OF_THE_STACK,
    REPLICAS,
    TAGS,
    Tags,
    inherited,
    said_outside,
    tags_of,
)
from preuve.collect.code.verdict.verdict import FAILED, UNKNOWN, told, unresolved
from preuve.model.company.code import NOTHING_SAID, OutsideValues
from preuve.model.company.grounds import Kind
from preuve.model.snapshot import OUTSIDE as GIVEN_OUTSIDE

_NOT_JOINED = "preuve does not join the resources of a template for checks of Checkov: "
_ResourceOutcome = tuple[str, str, Outcome]  # name of the resource, check


@dataclass(frozen=True)
class Source:
    """A template: its content, the name of its file, and the values that are given to its parameters.

    `is_there` says whether a template that it refers to by a path can be read; that template is then judged by
    itself.
    """

    content: bytes
    file: str
    root: str
    given: Mapping[str, Value] | None = None
    is_there: Callable[[str], bool] = lambda _: False
    beside: tuple[ParameterFile, ...] = ()  # parameter files; nothing says which one is used
    tags: Tags | None = field(default_factory=dict)  # of the stack: CloudFormation gives them to what it makes
    outside: OutsideValues = NOTHING_SAID  # what the company says is given from outside the code


@dataclass(frozen=True)
class Parts:
    """A template as it is written: its source, where its parameters stand, and what is behind its values."""

    source: Source
    inputs: Inputs
    behind: TemplateDependencies
    called: re.Pattern[str] | None = None  # what the template calls a secret somewhere


class Judgement:
    """The results of all checks on the resources of one template."""

    def __init__(self, engine: Engine, parts: Parts, resolved: ResolvedTemplate, needed: Needed) -> None:
        self._engine = engine
        self._needed = needed
        self._of_secrets = SecretRules.by(engine.rules, engine.checks).all
        self._file, self._root = parts.source.file, parts.source.root
        self._stack = parts.source.tags
        self._outside = parts.source.outside
        self._inputs = parts.inputs
        self._behind = parts.behind
        self._stacks = tuple(stacks_of(parts.source.beside, parts.source.file))
        self._called = parts.called
        self._resources = {resource.name: resource for resource in resolved.resources}
        hidden = [part.what for part in resolved.hidden if part.extent is Extent.BESIDE]
        self._properties = {name: _properties(resource) for name, resource in self._resources.items()}
        pairs = [(resource, self._properties[name]) for name, resource in self._resources.items()]
        self._neighbours = TemplateNeighbours(pairs, hidden, lambda resource: self._worlds(resource.name))
        self._dependents = Dependents(map(self._thing, self._resources.values()))
        skips = (skip for resource in self._resources.values() for skip in _skips(resource))
        self._comments = (*comments_in(parts.source.content.decode()), *skips)

    def lines(self) -> Iterator[Line]:
        """Yield a line for each check that applies to a resource."""
        found = chain(*(self._of_checks(*one) for one in self._resources.items()), self._of_graph())
        yield from (self._line(name, check, outcome) for name, check, outcome in found if outcome.result is not None)

    def _of_checks(self, name: str, resource: Resource) -> Iterator[_ResourceOutcome]:
        kind = resource.type
        for check in cfn_registry.get_checks(kind):
            if not self._is_needed(check.id, resource):
                continue
            properties = self._properties[name]
            if check.id in self._of_secrets and may_be_one(resource.properties):
                properties = _properties(resource, possible)
            if isinstance(check, OwnCheck):
                properties = properties | {ADDRESS: name, BESIDE: self._neighbours.of(resource)}
                properties |= {} if self._outside.tags is None else {OF_THE_STACK: self._stack}
            if check.id in self._of_secrets:
                properties = properties | {CALLED: self._called}
            body = {"Type": kind, "Properties": properties}
            yield name, check.id, self._of_check(check, name, kind, body)

    def _is_needed(self, check: str, resource: Resource) -> bool:
        return self._needed((f"{resource.type}.{resource.name}", check))

    def _of_check(self, check: Any, name: str, kind: str, body: Mapping[str, Any]) -> Outcome:
        """Run a check on a resource. If it is undecided, run it on each form that the resource may have: their common
        result counts.
        """
        beside = {
            key: item for key, item in body["Properties"].items() if key in (ADDRESS, BESIDE, CALLED, OF_THE_STACK)
        }

        def asked(properties: Mapping[str, Any]) -> Outcome:
            return self._engine.judge(check, self._file, {**body, "Properties": {**beside, **properties}}, name, kind)

        found = asked(body["Properties"])
        if found.result != UNKNOWN:
            return found
        mark = possible if check.id in self._of_secrets else marked
        return common_outcome([asked(one) for one in self._worlds(name, mark)]) or self._why_broken(name, found)

    def _worlds(self, name: str, mark: Mark = marked) -> list[Mapping[str, Any]]:
        """Return the possible forms of a resource's properties, if there are few."""
        worlds = [shaped(given(value, mark)) for value in forms(self._resources[name].properties)]
        return worlds if all(isinstance(one, Mapping) for one in worlds) else []

    def _why_broken(self, name: str, outcome: Outcome) -> Outcome:
        """Return an outcome of a check that breaks: because of what is perhaps not there, if there is such a thing."""
        hidden = perhaps_absent(self._resources[name].properties) if is_broken(outcome) else ()
        causes = told([cause for part in hidden for cause in unresolved(given(part))])
        return replace(outcome, detail=causes) if causes else outcome

    def _of_graph(self) -> Iterator[_ResourceOutcome]:
        asked = [(types_of(check), check.id) for check in get_graph_checks_registry("cloudformation").checks]
        if not any(it.type in of and self._is_needed(id_, it) for it in self._resources.values() for of, id_ in asked):
            return
        graph = graph_of(self._file, list(self._resources.values()), self._properties)
        for check, entity, outcome in self._engine.graph_outcomes(graph, "cloudformation"):
            name = str(entity["block_name_"]).split(".", 1)[1]
            joined = ", ".join(sorted(connects(check)))
            hidden = Outcome(UNKNOWN, f"{_NOT_JOINED}{joined}", outcome.keys) if joined else outcome
            yield name, check.id, self._why_broken(name, hidden)

    def _line(self, name: str, check: str, outcome: Outcome) -> Line:
        resource = self._resources[name]
        written = {name: _written(resource, name)[1] for name in outcome.values}
        values = {key: self._inputs.plain(written[key], shown(value)) for key, value in outcome.values.items()}
        rests = self._rests(resource, check, outcome) if outcome.result == FAILED else ()
        told_of = [name for name, text in values.items() if may_be_told(text)]
        origins = {name: origin for name in told_of if (origin := self._inputs.behind(written[name]))}
        values, said = said_outside(values, (), self._outside)
        told = replace(outcome, detail=shown(outcome.detail), values=values, grounds=(), around=tuple(rests))
        told = replace(told, tags=self._tags(name))
        place = (self._file, resource.line, resource.end)
        address = f"{resource.type}.{resource.name}"
        line = record(self._root, address, resource.type, place, check, told, origins | said)
        if outcome.result in (FAILED, UNKNOWN) and (at := self._decided_at(resource, outcome)):
            line["decided_at"] = [at, at]
        suppressed = reason(self._comments, check, resource.line, resource.end)
        return line | ({"suppressed": suppressed} if suppressed else {})

    def _tags(self, name: str) -> Tags | None:
        """Return the tags of a resource; None if not even their names are known."""
        try:
            return self._tags_written(name)
        except Exception:  # noqa: BLE001 - boundary: tags that we cannot read are not known, and the template goes on
            return None

    def _tags_written(self, name: str) -> Tags | None:
        """Return the tags of a resource, those of its stack below its own. Of one that is perhaps not there, or of one
        of several values, the value is not known; None if not even the names are.
        """
        properties, type_ = self._resources[name].properties, self._resources[name].type
        held = (
            {key: properties[key] for key in (*TAGS, REST) if key in properties} if isinstance(properties, dict) else {}
        )
        written = [shaped(given(one)) for one in forms(held)] or [self._properties[name]]
        found = [_tags(each) for one in written for each in _holding_tags(type_, one)]
        stack = self._stack
        every = [
            {**stack, **one, **inherited(stack.keys() - one.keys() - {GIVEN_OUTSIDE})}
            for one in found
            if one is not None and stack is not None
        ]
        names = dict.fromkeys(tag for one in every for tag in one)
        values = {tag: {one.get(tag) for one in every} for tag in names}
        known = len(found) == len(every)
        return {tag: each.pop() if len(each) == 1 else None for tag, each in values.items()} if known else None

    def _decided_at(self, resource: Resource, outcome: Outcome) -> int:
        """Return the line of what decided in a resource beside, or else in this one; 0 if it is not written."""
        others = (_line_of(self._resources[at], [key]) for at, key in outcome.beside if at in self._resources)
        return next(filter(None, others), 0) or _line_of(resource, outcome.keys)

    def _rests(self, resource: Resource, check: str, outcome: Outcome) -> Iterator[Ground]:
        """Yield what a failure rests on, and what the resource is about if it is a part of another one."""
        aims, whole = functools.partial(self._behind.aims, resource), not outcome.grounds
        known = not whole and is_object(resource.type, self._engine.standing)
        only, named = object_of(resource.type) if known else None, check in self._of_secrets
        properties = self._properties[resource.name]
        yield from ((Kind.CAUSE, text) for text in outcome.grounds)
        yield from outcome.around
        lists = [name for name, value in properties.items() if isinstance(value, list)]
        about = functools.partial(grounds_of_names, properties, outcome.keys, whole=whole, lists=lists, behind=aims)
        yield from about(only=only, named=named)
        yield from self._dependents.of(resource.name, outcome.keys)
        yield from ((Kind.CAUSE, f"made of it {stack}") for stack in self._stacks)
        others = [(self._properties[at], [key]) for at, key in outcome.beside if at in self._properties]
        yield from ((Kind.CAUSE, text) for attributes, keys in others for text in grounds(attributes, keys))
        for attributes, keys in ((properties, outcome.keys), *others):
            yield from ((Kind.RESTRAINT, text) for text in restraints(attributes, keys))
        if resource.off:
            yield Kind.RESTRAINT, "the defaults leave it out"
        if resource.open:
            yield from ((Kind.NUMBER, text) for text in self._behind.number(resource))

    def _thing(self, resource: Resource) -> RelatedBlock:
        """Return a resource as one that may stand behind others, or others behind it."""

        def at(path: str) -> Iterator[Value]:
            return values_below(resource.properties, path.split("."))

        groups = functools.partial(groups_in, resource.properties)
        return RelatedBlock(resource.name, resource.type, at, groups, functools.partial(self._behind.aims, resource))


def _line_of(resource: Resource, keys: Iterable[str]) -> int:
    """Return the line of the first property that a check looked at and that is written in the resource, or for all of
    its type in the `Globals` of a SAM template; else of what should hold it. 0 if nothing does, or the resource itself.
    """
    found = [_written(resource, key) for key in keys]
    whole = (_of_item(line, value) for line, value in found if value is not None)
    return next(whole, 0) or (found[0][0] if found and all(line for line, _ in found) else 0)


def _written(resource: Resource, key: str) -> tuple[int, Any]:
    """Return the line of the property at a path, with what is written there; None if only a part of the path is."""
    below = key.removeprefix("Properties/").removeprefix("Properties.")
    way, left = way_to(resource.body.get("Properties"), below)
    if not left:
        return written_in_either(resource.body.get("Properties"), resource.common, way)
    steps = [step for step in re.split(r"[/.\[\]]+", below) if step]
    path = [int(step) if re.fullmatch("[0-9]{1,9}", step) else step for step in steps]
    return written_in_either(resource.body.get("Properties"), resource.common, path)


def _of_item(line: int, value: Any) -> int:
    """Return the line of the item that weighs most, of a list of texts; else that of the whole."""
    return (line_of_heaviest(value, value.lines) if isinstance(value, Items) else 0) or line


def _properties(resource: Resource, mark: Mark = marked) -> dict[str, Any]:
    """Return the properties as checks are given them."""
    found = shaped(given(resource.properties, mark))
    return found if isinstance(found, dict) else {OPEN: found}


def _holding_tags(type_: str, properties: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what holds the tags of a resource: its properties, or each copy of a table in another region."""
    copies = properties.get(REPLICAS) if type_ == GLOBAL_TABLE else None
    listed = copies if isinstance(copies, list) and all(isinstance(one, Mapping) for one in copies) else []
    return listed or [properties]


def _tags(properties: Mapping[str, Any]) -> Tags | None:
    """Return the tags of a resource; None if not even their names are known."""
    written = properties.get("Tags", properties.get("FileSystemTags", {}))
    if not isinstance(written, list | Mapping):
        return None if written is not None else {}
    names = [item.get("Key") if isinstance(item, Mapping) else item for item in written]
    if OPEN in properties or not all(isinstance(name, str) and not is_marked(name) for name in names):
        return None
    return tags_of({"Tags": written})


def _skips(resource: Resource) -> Comments:
    """Return the skips in the metadata of a resource, in the form of comments on its first line."""
    metadata = resource.body.get("Metadata")
    tools = [metadata.get(tool) for tool in ("checkov", "bridgecrew")] if isinstance(metadata, Mapping) else []
    listed = [tool.get("skip") for tool in tools if isinstance(tool, Mapping)]
    skips = (skip for one in listed if isinstance(one, list) for skip in one if isinstance(skip, Mapping))
    return tuple((resource.line, frozenset({str(one.get("id"))}), str(one.get("comment") or "")) for one in skips)
