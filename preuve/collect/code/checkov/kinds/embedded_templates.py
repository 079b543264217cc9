"""CloudFormation templates inside Terraform: they are judged by the resources that they make, at the block that
contains them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from preuve.collect.code.checkov.engine import Engine
from preuve.collect.code.checkov.kinds.cloudformation import judged_template
from preuve.collect.code.checkov.kinds.resources.cloudformation import Source
from preuve.collect.code.checkov.shapes.ignored_changes import SOME_LEFT
from preuve.collect.code.coverage import Unjudged
from preuve.collect.code.job import Gap, Line
from preuve.collect.code.language.dependencies.terraform import texts_behind
from preuve.collect.code.language.hcl.blocks import BlockInstance, Span, stand_of
from preuve.collect.code.language.templates.source import Block, TemplateError, parse
from preuve.collect.code.language.values.value import IgnoredValue, Unknown, Value
from preuve.collect.code.verdict.grounds import hashes_of
from preuve.collect.code.verdict.identities import Block as Resource
from preuve.collect.code.verdict.tags import Tags
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN

_STACKS = frozenset({"aws_cloudformation_stack", "aws_cloudformation_stack_set"})
_ONE = "aws_cloudcontrolapi_resource"  # one resource, by its type and properties
_STEPS = re.compile(r"[/.\[\]]+")
_TEXT, _STATE = "template_body", "desired_state"
_NAMED = {_ONE: "type_name"}  # no check reads the names of resources that a template makes


@dataclass(frozen=True)
class TemplateResults:
    """The results on a template inside a block."""

    records: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    unjudged: Unjudged
    blocks: tuple[Resource, ...]  # resources that it makes for a whole account or region

    def as_left(
        self, without: TemplateResults | None, alone: Container[str], by_tags: Container[str]
    ) -> TemplateResults:
        """Return the results if the block leaves something of the template to others: `without` that part, these are
        the results, if there are any. The results of checks on the code `alone` stay.
        """
        rest = {(one["address"], one["check"]): one for one in without.records} if without else {}
        made = {one.address for one in without.blocks} if without else set()

        def lines(line: Line) -> Iterator[Line]:
            other = rest.get((line["address"], line["check"]))
            if line["result"] == PASSED and line["check"] not in alone and (not other or other["result"] != PASSED):
                detail = (other and other["detail"]) or SOME_LEFT
                line = {name: value for name, value in line.items() if name not in ("values", "origins")}
                line |= {"result": UNKNOWN, "detail": detail}
            tags = other["tags"] if other else None
            if line["tags"] == tags or (line["result"] == FAILED and line["check"] in by_tags):
                yield line
            if line["tags"] != tags:
                yield {**line, "tags": tags}

        blocks = tuple(replace(one, unsure=one.unsure or one.address not in made) for one in self.blocks)
        return replace(self, records=tuple(chain.from_iterable(map(lines, self.records))), blocks=blocks)


def embedded(
    engine: Engine, made: BlockInstance, file: str, root: str, place: Callable[[Span], Line], tags: Tags | None
) -> TemplateResults | None:
    """Judge the template inside a block; None if the block contains no known template. `place` returns the place of a
    part; a stack gives its `tags` to the resources that it makes.
    """
    arguments = made.content.arguments
    if made.type == _ONE:
        text = _as_template(arguments.get("type_name"), arguments.get(_STATE))
    else:
        text = arguments.get(_TEXT) if made.type in _STACKS else None
    if not isinstance(text, str):
        return None
    given = _parameters(text, arguments.get("parameters", {}), sure=made.type == "aws_cloudformation_stack")
    before = dict(engine.broken)
    source = Source(text.encode(), file, root, given, tags=tags if made.type in _STACKS else {})
    lines = judged_template(engine, source, _NAMED)
    engine.broken.update(before)
    scope = next(line for line in lines if line["kind"] == "root")
    if not scope["files"]:
        return None
    line, end = made.written.block.line, made.written.block.end_line
    there = (one for one in lines if one["kind"] == "block" and one["type"] in engine.whole)
    return TemplateResults(
        tuple(_placed(found, made, place) for found in lines if found["kind"] == "record"),
        tuple(_told(found, file, line, made) for found in lines if found["kind"] == "gap"),
        {kind: (count, file, line, grounds) for kind, (count, _, _, grounds) in scope.get("unjudged", {}).items()},
        tuple(
            Resource(f"{made.address}:{one['address']}", one["type"], file, line, end, {}, unsure="unsure" in one)
            for one in there
        ),
    )


def _told(found: Line, file: str, line: int, made: BlockInstance) -> Gap:
    """Return a gap of the template at its block; what runs rests on what is behind the block's own arguments too."""
    grounds = found.get("grounds") and hashes_of(
        [found["grounds"], *texts_behind(made.content, made.module, made.written)]
    )
    subject = f"{made.address}:{found['subject']}" if "subject" in found else made.address
    return Gap(file, found["cause"], found["detail"], line, subject, tuple(grounds or ()))


def _as_template(kind: Value, state: Value) -> str | None:
    if not (isinstance(kind, str) and isinstance(state, str)):
        return None
    try:
        properties = json.loads(state)
    except (ValueError, RecursionError):
        return None
    return json.dumps({"Resources": {"Resource": {"Type": kind, "Properties": properties}}})


def _parameters(text: str, given: Value, *, sure: bool) -> Mapping[str, Value]:
    """Return the values of a template's parameters. If others may give values too, none is known."""
    if sure and isinstance(given, dict):
        return {str(name): value for name, value in given.items()}
    try:
        template: Any = parse(text)
    except TemplateError:
        return {}
    named = template.get("Parameters") if isinstance(template, Block) else None
    why = given if isinstance(given, IgnoredValue) else Unknown(("a parameter of the template",))
    return dict.fromkeys(map(str, named or ()), why)


def _placed(line: Line, made: BlockInstance, place: Callable[[Span], Line]) -> Line:
    """Return a record of the block, decided by the argument with the template; lines of a text are those of the
    argument.
    """
    block = made.written.block
    rest = {name: value for name, value in line.items() if name not in ("decided_at", "origins")}
    stand = stand_of(made, _path(made, line)) if line["result"] != PASSED else None
    decided = place(stand) if stand else {}
    lines = {"line": block.line, "end_line": block.end_line, "address": f"{made.address}:{line['address']}"}
    return {**rest, **lines, **decided}


def _path(made: BlockInstance, line: Line) -> tuple[str, ...]:
    """Return the path of the deciding value in the argument with the template, if it is written there as an object and
    not as text.
    """
    key = str(line["keys"][0]) if line["keys"] else ""
    steps = [step for step in _STEPS.split(key.removeprefix("Properties/")) if step]
    if made.type == _ONE:
        return (_STATE, *steps)
    return (_TEXT, "Resources", line["address"].rpartition(".")[2], "Properties", *steps)
