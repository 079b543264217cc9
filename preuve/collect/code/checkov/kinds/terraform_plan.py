"""One Terraform root module with a plan: the plan gives the values, the code gives the places.

The verdict on a resource is the plan's. If the plan does not know a document before the apply because it contains an
unknown name, the code shows the rest of it: then the verdict is that of the code, read with the plan's variables. A
block that is not in the plan keeps the verdict of the code too.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from checkov.common.graph.db_connectors.rustworkx.rustworkx_db_connector import RustworkxConnector
from checkov.terraform.graph_manager import TerraformGraphManager
from checkov.terraform.plan_utils import create_definitions

from preuve.collect.code.checkov.engine import Engine, Outcome
from preuve.collect.code.checkov.kinds import terraform
from preuve.collect.code.checkov.kinds.resources.root_views import ExaminedBlock, RootModule
from preuve.collect.code.checkov.records import record, worst
from preuve.collect.code.checkov.shapes.plan_file import WORDS, NotAPlanError, PlanFile, mark, plain, read_plan
from preuve.collect.code.coverage import unjudged
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.job import Gap, Line
from preuve.collect.code.secrets.terraform_files import SecretRules
from preuve.collect.code.verdict.addresses import resource_type
from preuve.collect.code.verdict.grounds import grounds_of
from preuve.collect.code.verdict.identities import Block, identity
from preuve.collect.code.verdict.marks import is_marked
from preuve.collect.code.verdict.people import people_in
from preuve.collect.code.verdict.verdict import FAILED, UNKNOWN
from preuve.model.snapshot import NOT_COVERED, NOT_LOADED, NOT_MADE, NOT_READ, SCANNER_FAILED

Place = tuple[str, int, int]  # file, first and last line
PlanOutcome = tuple[str, str, Outcome]  # check, address of the instance
_ADDRESS = "__address__"


def evaluate(engine: Engine, folders: Reader, root: RootModule, file: str) -> list[Line]:
    """Return every line of the snapshot for one root module and its plan, `file` from the workspace.

    Raises NotAPlanError if the file is none.
    """
    path = folders.sources.base / file
    try:
        if not folders.sources.readable(path):
            raise NotAPlanError("it does not exist: create it before the scan, or remove it from scope.iac")
        plan = read_plan(path)
    except NotAPlanError as error:
        look = terraform.look(engine, folders, root)
        return replace(look, gaps=(*look.gaps, Gap(file, NOT_READ, str(error)))).lines(root.name)
    look = terraform.look(engine, folders, root, plan.variables)
    return _with_plan(engine, look, plan, folders, file, root).lines(root.name)


def _with_plan(
    engine: Engine, look: terraform.RootResults, plan: PlanFile, folders: Reader, file: str, root: RootModule
) -> terraform.RootResults:
    written = {plain(block.made.address): _arguments(block) for block in look.resources}
    places = {plain(block.made.address): _place(block, folders) for block in look.resources}
    marked = mark(plan, written)
    documents = {plain(block.made.address): _documents(block) for block in look.resources}
    engine.broken.clear()
    planned = [_line(one, places, file, root.name) for one in _outcomes(engine, plan)]
    known = set(plan.blocks)
    code = {(plain(line["address"]), line["check"]): line for line in look.records if line["type"] != "provider"}
    kept = [line for line in look.records if plain(line["address"]) not in known]
    of_secrets = SecretRules.by(
        engine.rules, engine.checks
    ).all  # secrets are judged in the code, whatever the plan contains
    records = []
    for line in worst(planned):
        block = plain(line["address"])
        seen = code.get((block, line["check"]))
        in_code = marked.get(line["address"], frozenset()) <= documents.get(block, frozenset())
        records.append(_merged(line, seen, code_tells=in_code, written=line["check"] in of_secrets))
    found = [
        (resource_type(name), *places.get(plain(name), (file, 0, 0))[:2], item.get("values"))
        for item in plan.resources
        for name in [str(item["address"])]
    ]
    types = Counter(kind for kind, *_ in found)
    # The plan has the content of missing modules, and the blocks that are made.
    gaps = [gap for gap in look.gaps if gap.cause not in (NOT_LOADED, NOT_MADE)]
    gaps += [Gap(file, NOT_COVERED, f"the plan does not hold {block}") for block in sorted(set(written) - known)]
    gaps += [Gap(file, SCANNER_FAILED, f"{check} failed: {error}") for check, error in engine.broken.items()]
    return replace(
        look,
        scope=replace(
            look.scope,
            types=types,
            unjudged={**look.scope.unjudged, **unjudged(found, engine.types["terraform"], grounds_of)},
        ),
        gaps=tuple(gaps),
        records=(*kept, *records),
        blocks=tuple(_blocks(look, plan, places, file, root.arguments)),
    )


def _blocks(
    look: terraform.RootResults, plan: PlanFile, places: Mapping[str, Place], file: str, arguments: Mapping[str, str]
) -> Iterator[Block]:
    """Yield the blocks that the plan creates, with their names, and the blocks that it does not contain. The code shows
    which resource a part belongs to, because the plan does not know the names of new resources.
    """
    written = {block.address: block for block in look.blocks}
    for item in plan.resources:
        address, kind, values = str(item["address"]), str(item["type"]), item["values"]
        people = people_in(kind, values)
        if kind not in arguments and not people:
            continue
        told = identity(*(_known(values.get(name)) for name in (arguments.get(kind, ""), "region")))
        block = Block(address, kind, *places.get(plain(address), (file, 0, 0)), told, people=people)
        if address in written:
            code = written[address]
            told |= {"of": code.identity["of"]} if "of" in code.identity else {}
            # The plan itself shows that the block is made.
            block = replace(
                code,
                file=block.file,
                line=block.line,
                end_line=block.end_line,
                identity=told,
                unsure=False,
                people=(*code.people, *people),
            )
        yield block
    yield from (block for block in look.blocks if plain(block.address) not in plan.blocks)


def _known(value: Any) -> str | None:
    return value if isinstance(value, str) and not is_marked(value) else None


def _merged(planned: Line, code: Line | None, *, code_tells: bool, written: bool) -> Line:
    """Return the plan's line with the code's skip comment. The code's verdict counts if the plan has none and the
    code decides, or if the code fails for a literal (`written`).
    """
    if code is None:
        return planned
    if planned["result"] == code["result"] == FAILED:  # the code shows what a part configures
        planned = {**planned, "grounds": sorted({*planned.get("grounds", ()), *code.get("grounds", ())})}
    taken = ["suppressed"]
    if planned["result"] == UNKNOWN and code["result"] != UNKNOWN and code_tells:
        taken += ["result", "detail", "keys", "grounds"]
    if written and code["result"] == FAILED:
        taken += ["result", "detail", "keys", "values", "decided_at", "decided_in", "grounds"]
    return {**planned, **{key: code[key] for key in taken if key in code}}


def _line(planned: PlanOutcome, places: Mapping[str, Place], file: str, root: str) -> Line:
    check, address, outcome = planned
    detail = outcome.detail
    for words in WORDS:
        detail = detail.replace(f"unresolved: {words}", words)
    place = places.get(plain(address), (file, 0, 0))
    return record(root, address, resource_type(address), place, check, replace(outcome, detail=detail))


def _arguments(block: ExaminedBlock) -> frozenset[str]:
    """Return the arguments of a block, including those of dynamic blocks."""
    content = block.made.content
    return frozenset((*content.body.arguments, *content.blocks, *content.open))


def _documents(block: ExaminedBlock) -> frozenset[str]:
    """Return the arguments whose structure the code shows although they are unknown in the plan, because a name in them
    is unknown.
    """
    items = ((name, value[0] if isinstance(value, list) and value else value) for name, value in block.body.items())
    return frozenset(name for name, value in items if isinstance(value, Mapping))


def _place(block: ExaminedBlock, folders: Reader) -> Place:
    written = block.made.written
    return folders.sources.relative(written.file), written.block.line, written.block.end_line


def _outcomes(engine: Engine, plan: PlanFile) -> list[PlanOutcome]:
    """Return the outcome of each check on each planned instance, by its address."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder).resolve() / "plan.json"
        file.write_text(json.dumps(plan.data), encoding="utf-8")
        definitions, _ = create_definitions(None, [str(file)], None, {})
    return [one for one in _checked(engine, definitions) if one[2].result is not None]


def _checked(engine: Engine, definitions: Mapping[str, Any]) -> Iterator[PlanOutcome]:
    manager = TerraformGraphManager(db_connector=RustworkxConnector())
    graph = manager.save_graph(manager.build_graph_from_definitions(definitions, render_variables=False))
    for kind in ("resource", "data"):
        for type_, name, body in (one for held in definitions.values() for one in _instances(held.get(kind, ()))):
            for check in engine.checks_of(kind, type_):
                check.graph = graph
                yield check.id, body[_ADDRESS], engine.judge(check, "", body, name, type_)
                check.graph = None  # else a check unused by later roots would keep this graph
    for check, entity, outcome in engine.graph_outcomes(graph):
        if entity.get("block_type_") in ("resource", "data"):
            yield check.id, str(entity[_ADDRESS]), outcome


def _instances(written: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the type, the name and the arguments of each instance in a plan as Checkov reads it."""
    for block in written:
        for type_, named in block.items():
            yield from ((type_, name, body) for name, body in named.items() if isinstance(body, dict))
