"""The blocks of a root module as one tool sees them in one run, each judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from preuve.collect.code.checkov.engine import Engine, Outcome
from preuve.collect.code.checkov.kinds.agreement import common_outcome
from preuve.collect.code.checkov.kinds.embedded_templates import TemplateResults, embedded
from preuve.collect.code.checkov.kinds.resources.accounts import account_of, of_the_whole
from preuve.collect.code.checkov.kinds.resources.commands import as_given, commands_of_block, said_of
from preuve.collect.code.checkov.kinds.resources.dependents import (
    Dependents,
    RelatedBlock,
    groups_in,
    is_object,
    object_of,
)
from preuve.collect.code.checkov.kinds.resources.places import Places, made_through, numbers
from preuve.collect.code.checkov.kinds.resources.root_views import (
    CheckView,
    ExaminedBlock,
    RootApplication,
    RootModule,
    RootView,
    forms_of,
    place_in,
)
from preuve.collect.code.checkov.own_checks import OwnCheck
from preuve.collect.code.checkov.records import record
from preuve.collect.code.checkov.shapes.graph import graph_of
from preuve.collect.code.checkov.shapes.ignored_changes import LEFT, SOME_LEFT, IgnoredChanges
from preuve.collect.code.checkov.shapes.providers import FROM_PROVIDER, complete
from preuve.collect.code.checkov.shapes.values import argument_of, body_of
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.modules import Reach
from preuve.collect.code.inputs.variables import Files
from preuve.collect.code.job import Gap, Line
from preuve.collect.code.judgements.answer import ELSEWHERE, SEARCHED
from preuve.collect.code.judgements.documents.block_documents import WRITTEN
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.judgements.relations.neighbours import Neighbours
from preuve.collect.code.judgements.relations.places import region_of
from preuve.collect.code.judgements.relations.unknown_values import name_pattern
from preuve.collect.code.language.dependencies.invoked_code import InvokedCode
from preuve.collect.code.language.dependencies.terraform import behind_aims, texts_behind
from preuve.collect.code.language.hcl.blocks import (
    MAKING_NOTHING,
    AbsentBlock,
    BlockInstance,
    Span,
    made_by,
    moves,
    sole,
    stand_of,
    values_at,
)
from preuve.collect.code.language.hcl.code import TOO_MUCH, Root, files_written
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.data import POLICY_DOCUMENT, policy_document
from preuve.collect.code.language.hcl.expressions import ExhaustedError
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.origins import origin
from preuve.collect.code.language.hcl.syntax.nodes import Call, ForExpression, Node, TupleOf, unwrapped
from preuve.collect.code.language.values.value import Value, is_known, items_of, owner_of, sources_of
from preuve.collect.code.secrets.named_secrets import named_secrets
from preuve.collect.code.secrets.possible_texts import possible
from preuve.collect.code.secrets.search import CALLED
from preuve.collect.code.secrets.terraform_files import SecretRules, is_told_elsewhere
from preuve.collect.code.secrets.terraform_literals import named_beside
from preuve.collect.code.verdict.comments import Comments, comments_in, reason
from preuve.collect.code.verdict.deciding_parts import deciding_span, heaviest
from preuve.collect.code.verdict.grounds import (
    Ground,
    grounds,
    grounds_of_names,
    hashed_by_kind,
    renamed,
    restraints,
)
from preuve.collect.code.verdict.identities import Block, identity
from preuve.collect.code.verdict.marks import given as given_to_checkov
from preuve.collect.code.verdict.marks import marked
from preuve.collect.code.verdict.people import people_in
from preuve.collect.code.verdict.tags import Tags, said_outside, tags_of, with_tag_texts
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN
from preuve.library.validation.code.known_types import types_of_accounts
from preuve.model.company.code import NOTHING_SAID, OutsideValues
from preuve.model.company.grounds import Kind
from preuve.model.snapshot import NOT_READ

# What stands in place of a secret, or of a value that may be one.
_REMOVED = ("[removed: ", ELSEWHERE, SEARCHED)
_STATEMENT = re.compile(r"\.Statement\[(\d+)\]")
_PLACING = ("region", "availability_zone", "availability_zones")
_OF_LISTS = frozenset({"compact", "concat", "distinct", "flatten", "setunion", "sort", "tolist", "toset"})


def _target_of(made: BlockInstance) -> Set[Path]:
    """Return the folder that is made, if a block calls a module."""
    target = made.module.target(made.written) if made.kind == "module" else None
    return {target} if target else set()


class Sight:
    """A root module as one tool sees it in one run."""

    def __init__(self, engine: Engine, folders: Reader, reached: Reach, root: RootModule, way: RootApplication) -> None:
        self._engine = engine
        self._folders = folders
        self._sources = folders.sources
        self._root = root
        self._found = RootView()
        self._comments: dict[Path, Comments] = {}
        secrets = SecretRules.by(engine.rules, engine.checks)
        self._of_secrets = secrets.all
        self._of_code_alone = frozenset(secrets.rules.get("others", ()))  # of what is written, whatever is deployed
        self._moved: dict[str, str] = {}  # the earlier addresses
        self._documents: dict[str, BlockInstance] = {}  # the data sources that make policy documents
        self._resources: dict[str, BlockInstance] = {}  # by address
        self._data: dict[str, BlockInstance] = {}  # by address
        self._called: re.Pattern[str] | None = None  # what is called a secret somewhere
        self._places = Places(())
        self._dependents = Dependents(())
        self._ungoverned = IgnoredChanges(())
        self._beside = list[BlockInstance]()  # blocks that make nothing
        self._share = Root(
            root.folder,
            Files(self._sources, root.folder, tuple(_written_by(folders, reached, way.tool))),
            code=lambda folder: folders.code(folder, way.tool),
            target=lambda folder, source: reached.targets.get((folder, source)),
            variables=way.variables,
        )

    def seen(self) -> RootView:
        """Return the parts to examine."""
        blocks: list[BlockInstance] = []
        try:
            for found in made_by(Module(self._share, self._share.code(self._root.folder))):
                if isinstance(found, AbsentBlock):
                    self._found.left_out.append(found)
                else:
                    blocks.append(found)
                    self._found.called |= _target_of(found)
        except ExhaustedError as error:
            self._found.gaps.append(Gap("", NOT_READ, str(error)))
            self._found.cut_short = True
        there = [*(made.address for made in blocks), *(out.address for out in self._found.left_out)]
        modules = {id(made.module): made.module for made in blocks}.values()
        self._found.moved.update(moves(modules, there))
        self._moved = sole(self._found.moved)
        self._judge(blocks)
        if self._share.cut:
            self._found.gaps.append(Gap("", NOT_READ, TOO_MUCH))
        return self._found

    def _judge(self, blocks: list[BlockInstance]) -> None:
        quiet = self._engine.quiet
        there = {made.address: made for made in blocks if made.kind in ("resource", "data")}
        invoked = InvokedCode(there, lambda made: said_of(made, made.content, reads=True))
        self._found.commands += [
            gap for made in blocks for gap in commands_of_block(made, self._sources, quiet, invoked)
        ]
        self._places = Places(blocks)
        self._beside = [made for made in blocks if made.kind in MAKING_NOTHING]
        blocks = [made for made in blocks if made.kind not in MAKING_NOTHING]
        self._documents = {made.address: made for made in blocks if (made.kind, made.type) == ("data", POLICY_DOCUMENT)}
        self._resources = {made.address: made for made in blocks if made.kind == "resource"}
        self._data = {made.address: made for made in blocks if made.kind == "data"}
        self._dependents = Dependents(map(_thing, self._resources.values()), map(_thing, self._data.values()))
        taken = self._taken_in(blocks)
        bodies = [self._body(made, taken) for made in blocks]
        for made, body in zip(blocks, bodies, strict=True):
            if made.kind == "module":
                said = [made.address, body, *texts_behind(made.content, made.module, made.written)]
                self._found.calls[made.file, made.written.block.line].append(said)
            if made.kind == "resource":
                self._found.resources.append(ExaminedBlock(made, body))
                self._found.blocks += self._named(made)
        self._ungoverned = IgnoredChanges(blocks)
        governed = [*map(self._governed, blocks)] if self._ungoverned else blocks
        graph, attributes = graph_of(blocks, bodies, governed)
        complete(blocks, attributes, self._root.outside)
        for made, found in zip(blocks, attributes, strict=True):
            found.update(with_tag_texts(found) if made.kind == "resource" else {})
            found.update({LEFT: paths} if (paths := self._ungoverned.paths(made)) else {})
        neighbours = Neighbours(zip(blocks, bodies, strict=True), forms_of, self._beside)
        without = self._left(blocks, bodies, governed)
        self._called = named_secrets(blocks, bodies) if self._of_secrets else None
        for made, body, completed in zip(blocks, bodies, attributes, strict=True):
            tags = tags_of(completed) if made.kind == "resource" else None
            self._judge_inside(made, tags)
            shown = CheckView(as_given(made), body, neighbours.of(made))
            for line in self._records(made, shown, without.get(made.address)):
                self._found.records += self._tagged(made, line, tags)
        places = {id(found): place for place, found in enumerate(attributes)}
        for check, entity, outcome in self._engine.graph_outcomes(graph):
            place = places[id(entity)]
            self._found.records.append(self._line(blocks[place], check.id, outcome, self._root.outside))

    def _judge_inside(self, made: BlockInstance, tags: Tags | None) -> None:
        """Judge the template that a resource holds."""
        held = self._inside(made, tags) if made.kind == "resource" else None
        if held is not None:
            around = hashed_by_kind(self._renamed(made, self._around(made, ())))
            self._found.inside[made.address] = replace(held, records=tuple(_with(around, one) for one in held.records))
            self._found.blocks += (self._at(made, one) for one in held.blocks)

    def _inside(self, made: BlockInstance, tags: Tags | None) -> TemplateResults | None:
        """Judge the template that a resource holds: nothing in it passes by what the resource leaves to others."""
        file, decided = self._sources.relative(made.file), partial(self._decided, made)
        held = embedded(self._engine, made, file, self._root.name, decided, tags)
        if held is None or not self._ungoverned.paths(made):
            return held
        left = self._ungoverned.tags(made, tags)
        without = embedded(self._engine, self._governed(made), file, self._root.name, decided, left)
        return held.as_left(without, self._of_code_alone, self._engine.by_tags)

    def _named(self, made: BlockInstance) -> Iterator[Block]:
        argument = self._root.arguments.get(made.type)
        people = people_in(made.type, _members(made.content))
        if argument is None and not people:
            return
        block, file = made.written.block, self._sources.relative(made.file)
        called = made.content.arguments.get(argument) if argument else None
        told = identity(called, region_of(made)) | identity(self._name_looked_up(called))
        told |= name_pattern(called) if "[" in made.address else {}
        found = Block(made.address, made.type, file, block.line, block.end_line, told, people=people)
        yield of_the_whole(found, made) if made.type in self._engine.whole else found

    def _name_looked_up(self, value: Value) -> Value:
        """Return the name of the resource that a data source looks up, if a value is an attribute of one."""
        data = self._data.get(owner_of(value))
        return data.content.arguments.get(self._root.arguments.get(data.type, "")) if data else None

    def _at(self, made: BlockInstance, inside: Block) -> Block:
        """Return a block of a template in a block, where that one is."""
        return of_the_whole(replace(inside, identity=identity(None, region_of(made))), made)

    def _taken_in(self, blocks: Iterable[BlockInstance]) -> frozenset[str]:
        """Return the addresses of what the policies of resources come from: they are judged there."""
        documents = self._engine.documents.documents
        found = (
            sources_of([value])
            for made in blocks
            if made.kind == "resource"
            for path in documents.get(made.type, ())
            for value in values_at(made.content, tuple(path.split(".")))
        )
        return frozenset().union(*found)

    def _body(self, made: BlockInstance, taken: frozenset[str]) -> dict[str, Any]:
        block = made.written.block
        place = {"__address__": made.address, "__start_line__": block.line, "__end_line__": block.end_line}
        if made.kind == "data" and made.type == POLICY_DOCUMENT and made.address not in taken:
            place[WRITTEN] = [argument_of(policy_document(made.content))]
        if made.type in self._engine.placed and made.content.arguments.get("region") is None:
            region = made.module.region(made.written)
            place |= {} if region is None else {FROM_PROVIDER: [argument_of(region)]}
        return body_of(as_given(made)) | place

    def _governed(self, made: BlockInstance) -> BlockInstance:
        """Return a block without what it leaves to others."""
        return replace(made, content=self._ungoverned.governed(made, made.content))

    def _left(
        self, blocks: list[BlockInstance], bodies: list[dict[str, Any]], governed: list[BlockInstance]
    ) -> dict[str, CheckView]:
        """Return the resources without what blocks leave to others, if any does."""
        if not self._ungoverned:
            return {}
        given = [self._ungoverned.governed(made, as_given(made)) for made in blocks]
        left = [
            self._ungoverned.left(made, content) | place_in(body) if self._ungoverned.concerns(made) else body
            for made, content, body in zip(blocks, given, bodies, strict=True)
        ]
        neighbours = Neighbours(zip(governed, left, strict=True), forms_of, self._beside)
        return {
            made.address: CheckView(content, body, neighbours.of(made))
            for made, content, body in zip(governed, given, left, strict=True)
            if made.kind == "resource"
        }

    def _records(self, made: BlockInstance, shown: CheckView, left: CheckView | None) -> Iterator[Line]:
        for check in self._engine.checks_of(made.kind, made.type or made.kind):
            looked_at = shown.beside.all.looked_at
            looked_at.clear()
            outcome = self._asked(check, made, shown)
            again = left and outcome.result == PASSED and check.id not in self._of_code_alone
            if left and again and self._ungoverned.concerns(made, looked_at):
                outcome = _unless_left(outcome, self._asked(check, made, left))
            if check.id in self._of_secrets and outcome.result == FAILED and is_told_elsewhere(made, outcome.keys):
                outcome = replace(outcome, result=PASSED, keys=(), values={})
            if outcome.result is not None:
                yield self._line(made, check.id, outcome)

    def _tagged(self, made: BlockInstance, line: Line, tags: Tags | None) -> Iterator[Line]:
        """Yield a line with the tags of its block. Where others may set these, no policy is settled by them, but that a
        failure is one under the tags that the code gives.
        """
        governed = self._ungoverned.tags(made, tags)
        if governed == tags or (line["result"] == FAILED and line["check"] in self._engine.by_tags):
            yield {**line, "tags": tags}
        if governed != tags:
            yield {**line, "tags": governed}

    def _asked(self, check: Any, made: BlockInstance, shown: CheckView) -> Outcome:
        """Ask a check of a block: of each of its forms, where it is not known what the block comes to."""
        type_, of_secrets = made.type or made.kind, check.id in self._of_secrets
        mark = possible if of_secrets else marked
        beside: dict[str, Any] = {BESIDE: shown.beside} if isinstance(check, OwnCheck) else {}
        if of_secrets and made.kind in ("resource", "data"):  # others pass it on
            beside |= {CALLED: self._called}
        outcome = self._engine.judge(check, str(made.file), shown.body(mark) | beside, made.name, type_)
        joined = isinstance(check, OwnCheck) and check.joins and shown.beside.is_repeated()
        if outcome.result != UNKNOWN or joined:  # what a loop makes differs: its forms are there at once
            return outcome
        worlds = shown.worlds(mark)
        others = [self._engine.judge(check, str(made.file), one | beside, made.name, type_) for one in worlds]
        return common_outcome(others) or outcome

    def _line(self, made: BlockInstance, check: str, outcome: Outcome, outside: OutsideValues = NOTHING_SAID) -> Line:
        block = made.written.block
        named = ((name, value) for name, value in outcome.values.items() if value)
        origins = {name: found for name, value in named if (found := self._origin(made, name, value))}
        if made.kind in ("resource", "provider"):
            given = outside if made.module.is_implied(made.written) else replace(outside, tags=None)
            values, said = said_outside(outcome.values, _given_by_itself(made), given)
            outcome, origins = replace(outcome, values=values), origins | said
        rests = self._renamed(made, self._rests(made, check, outcome)) if outcome.result == FAILED else ()
        outcome = replace(outcome, grounds=(), around=tuple(rests))
        type_ = made.kind if made.kind in ("provider", "module") else made.type
        place = (self._sources.relative(made.file), block.line, block.end_line)
        line = record(self._root.name, made.address, type_, place, check, outcome, origins)
        if outcome.result in (FAILED, UNKNOWN) and (decided := self._deciding(made, outcome)):
            line |= self._decided(made, decided)
        if suppressed := self._suppressed(made, check):
            line["suppressed"] = suppressed
        if made.type in types_of_accounts() and (account := account_of(made)):
            line["account"] = account
        return line | self._called_from(made, outcome)

    def _deciding(self, made: BlockInstance, outcome: Outcome) -> Span | None:
        """Return where what decided stands: in a block beside, or else in the block."""
        others = (deciding_span(self._resources[at], [key]) for at, key in outcome.beside if at in self._resources)
        return next(filter(None, others), None) or deciding_span(made, outcome.keys)

    def _decided(self, made: BlockInstance, decided: Span) -> Line:
        """Return the lines that decided, and their file if it is not that of the block."""
        beside = decided.file != made.file
        inside = {"decided_in": self._sources.relative(decided.file)} if beside else {}
        return {"decided_at": list(decided.lines), **inside}

    def _rests(self, made: BlockInstance, check: str, outcome: Outcome) -> Iterator[Ground]:
        """Yield what a failure rests on, and what the block is about if it is a part of another one."""
        whole, named = not outcome.grounds, check in self._of_secrets
        only = None if whole else self._only(made, named=named)
        aims = partial(behind_aims, made.content, made.module, made.written)
        body = body_of(made.content)
        yield from ((Kind.CAUSE, text) for text in outcome.grounds)
        yield from outcome.around
        lists = [name for name, value in made.content.arguments.items() if items_of(value)]
        lists += [name for name, one in made.content.body.arguments.items() if named and _makes_a_list(one.value)]
        about = partial(grounds_of_names, body, outcome.keys, whole=whole, lists=lists, behind=aims)
        yield from about(only=only, named=named)
        yield from self._around(made, outcome.keys)
        others = [(body_of(self._resources[at].content), [key]) for at, key in outcome.beside if at in self._resources]
        yield from ((Kind.CAUSE, text) for attributes, keys in others for text in grounds(attributes, keys))
        for attributes, keys in ((body, outcome.keys), *others):
            yield from ((Kind.RESTRAINT, text) for text in restraints(attributes, keys))

    def _only(self, made: BlockInstance, *, named: bool) -> tuple[str, ...] | None:
        """Return the only arguments that say which object a block is; None if all of its names may say that. What a
        module is called with says nothing of it, but to a secret that it is given.
        """
        known = is_object(made.type, self._engine.standing) or (made.kind == "module" and not named)
        return object_of(made.type) if known else None

    def _around(self, made: BlockInstance, keys: Iterable[str]) -> Iterator[Ground]:
        """Yield where a failing block is made, how often, what stands behind it, and what holds it back."""
        if made.kind == "resource":
            yield from self._places.of(made)
            yield from self._dependents.of(made.address, keys)
        elif "region" in keys:
            yield from ((Kind.CAUSE, text) for text in made_through(made, self._resources.values()))

    def _renamed(self, made: BlockInstance, grounds: Iterable[Ground]) -> Iterator[Ground]:
        return ((kind, renamed(text, made.instance.key, self._moved)) for kind, text in grounds)

    def _origin(self, made: BlockInstance, name: str, value: str) -> str:
        """Return the origin of a deciding value, by its name."""
        argument = name.replace("[", ".").partition(".")[0]
        if value.startswith(_REMOVED):
            return origin(made, name, _weight, named_beside)
        return origin(made, name, _weight) or self._data_source(made, argument, name)

    def _data_source(self, made: BlockInstance, argument: str, name: str) -> str:
        """Return the one data source that makes a document, and where the statement stands in it."""
        found = sorted(sources_of([made.content.arguments.get(argument)]) & self._documents.keys())
        number = _STATEMENT.search(name)
        if len(found) != 1 or number is None:
            return ""
        document = self._documents[found[0]]
        block = document.written.block
        stand = stand_of(document, ("statement", number[1])) or Span(document.file, (block.line, block.end_line))
        return f"{found[0]} ({self._sources.relative(stand.file)}:{stand.lines[0]})"

    def _suppressed(self, made: BlockInstance, check: str) -> str:
        """Return the skip comment in a block, or in a module call that leads to it."""
        places = (made.written, *(caller.written for caller in made.module.callers()))
        found = (reason(self._comments_of(at.file), check, at.block.line, at.block.end_line) for at in places)
        return next(filter(None, found), "")

    def _comments_of(self, file: Path) -> Comments:
        if file not in self._comments:
            content = self._sources.content(file)
            self._comments[file] = comments_in(content.decode("utf-8")) if isinstance(content, bytes) else ()
        return self._comments[file]

    def _called_from(self, made: BlockInstance, outcome: Outcome) -> Line:
        """Return the module calls that lead to the block of a failure, the outermost first."""
        calls = (caller.written for caller in made.module.callers()) if outcome.result == FAILED else ()
        found = [[f"module.{at.block.labels[0]}", self._sources.relative(at.file), at.block.line] for at in calls]
        return {"called_from": found[::-1]} if found else {}


def _unless_left(outcome: Outcome, without: Outcome) -> Outcome:
    """Return a pass that is one `without` what a block leaves to others too; else that this is not known."""
    if without.result == PASSED:
        return outcome
    why = without.detail if without.result == UNKNOWN else SOME_LEFT
    return replace(outcome, result=UNKNOWN, detail=why, values={})


def _thing(made: BlockInstance) -> RelatedBlock:
    """Return a block as one that may stand behind others, or others behind it."""
    return RelatedBlock(
        made.address,
        made.type,
        lambda path: values_at(made.content, tuple(path.split("."))),
        lambda: _groups_of(made.content),
        partial(behind_aims, made.content, made.module, made.written),
        partial(numbers, made),
    )


def _groups_of(content: Content) -> Iterator[Value]:
    """Yield the security groups that a block or a block in it says that something is in."""
    yield from groups_in(content.arguments)
    yield from (value for one in content.inner() for value in _groups_of(one))


def _with(around: Iterable[str], line: Line) -> Line:
    """Return a line of a template in a block with what a failure of the block rests on."""
    return {**line, "grounds": sorted({*line.get("grounds", ()), *around})} if line["result"] == FAILED else line


def _written_by(folders: Reader, reached: Reach, tool: str) -> Iterator[str]:
    """Yield the ends of the names of the files that the code of a root writes."""
    for folder in reached.folders:
        yield from files_written(folders.code(folder, tool))


def _given_by_itself(made: BlockInstance) -> Set[str]:
    """Return the names of the values that a block sets, of those that may also come from outside the code."""
    said = made.content.arguments
    placing = [*map(said.get, _PLACING), made.module.region(made.written) if made.kind == "resource" else None]
    placed = any(is_known(value) and value is not None for value in placing)
    tags = said.get("tags")
    return {*(["region"] if placed else []), *(f"tags.{name}" for name in (tags if isinstance(tags, dict) else ()))}


def _weight(value: Value) -> int:
    """Rate how much a value shows of the problem."""
    return heaviest("", given_to_checkov(value))


def _makes_a_list(node: Node) -> bool:
    """Return whether an expression makes a list, whatever is not known in it."""
    node = unwrapped(node)
    called = isinstance(node, Call) and node.name in _OF_LISTS
    return called or isinstance(node, TupleOf) or (isinstance(node, ForExpression) and node.key_result is None)


def _members(content: Content) -> dict[str, Any]:
    """Return the arguments and the blocks of a content as one map."""
    blocks = {
        kind: [_members(inner) for inner in content.inner(kind)] for kind in (*content.blocks, *dict(content.perhaps))
    }
    return {**content.arguments, **blocks}
