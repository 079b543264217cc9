"""The CloudFormation and SAM templates below a folder, each in a graph of its own."""

from __future__ import annotations

import copy
import io
import json
import logging
import mmap
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from checkov.cloudformation.cfn_utils import build_definitions_context, create_definitions
from checkov.cloudformation.graph_builder.graph_to_definitions import convert_graph_vertices_to_definitions
from checkov.cloudformation.runner import Runner

from preuve.collect.iac.engine import Engine, Records
from preuve.collect.iac.identities import Block, identity_lines
from preuve.collect.iac.job import NOT_COVERED, NOT_READ, PARSE_ERROR, WORKER_FAILED, Gap, Line, Scope
from preuve.collect.iac.records import lines_of, resource_types
from preuve.collect.iac.sources import Sources, is_folder
from preuve.collect.iac.verdict import cloudformation_references
from preuve.collect.iac.yaml_size import too_large

_ENDINGS = (".yaml", ".yml", ".json", ".template")
_TEMPLATE = re.compile(rb"AWSTemplateFormatVersion|AWS::Serverless-|\bType['\"]?\s*:\s*['\"]?(AWS|Custom)::")


@dataclass(frozen=True)
class Template:
    """One template and what came out of it."""

    records: tuple[Any, ...] = ()
    types: Counter[str] | None = None
    gaps: tuple[Gap, ...] = ()
    blocks: tuple[Block, ...] = ()


def evaluate(engine: Engine, sources: Sources, start: Path, name: str, arguments: Mapping[str, str]) -> list[Line]:
    """Every line of the snapshot for the templates below `start`."""
    gaps: list[Gap] = []
    files = [file for folder in sources.folders(start, gaps) for file in _candidates(sources, folder, gaps)]
    templates = [_evaluate_safely(engine, sources, file) for file in files]
    gaps += [gap for template in templates for gap in template.gaps]
    if not files:
        gaps.append(Gap("", NOT_COVERED, "no CloudFormation template in this folder"))
    types = sum((template.types for template in templates if template.types), Counter[str]())
    scope = Scope("cloudformation", len(files), types).to_line(name)
    records = [record for template in templates for record in template.records]
    blocks = identity_lines((block for template in templates for block in template.blocks), name, arguments)
    told = (gap.to_line(name, "cloudformation") for gap in sorted(set(gaps)))
    return [scope, *told, *lines_of(records, name), *blocks]


def _candidates(sources: Sources, folder: Path, gaps: list[Gap]) -> Iterator[Path]:
    for file in sources.entries(folder, gaps):
        if not file.name.endswith(_ENDINGS) or is_folder(file, if_hidden=False):
            continue
        gap = sources.screen(file)
        if gap is None and _is_template(file):
            yield file
        elif gap is not None and (not sources.readable(file) or _is_template(file)):
            gaps.append(gap)


def _is_template(file: Path) -> bool:
    with file.open("rb") as content:
        size = content.seek(0, io.SEEK_END)
        if not size:
            return False
        with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _TEMPLATE.search(mapped) is not None


# Checkov looks for comments in the lines of every resource: in a template on one line, in all of it for each.
_LONGEST_LINE = 1000


def _evaluate_safely(engine: Engine, sources: Sources, file: Path) -> Template:
    engine.broken.clear()
    try:
        return _evaluate(engine, sources, file)
    except Exception as error:  # noqa: BLE001 - boundary: one template that breaks Checkov must not hide the others
        detail = f"Checkov failed on this template: {type(error).__name__}"
        return Template(gaps=(Gap(sources.relative(file), WORKER_FAILED, detail),))


def _evaluate(engine: Engine, sources: Sources, file: Path) -> Template:
    if _is_too_large(file):
        return Template(gaps=(Gap(sources.relative(file), NOT_READ, "it grows or nests beyond the limit"),))
    errors: dict[str, str] = {}
    logging.disable(logging.ERROR)  # the parser logs what it also returns
    definitions, raw = create_definitions(None, [str(file)], engine.filter, errors)
    logging.disable(logging.NOTSET)
    if str(file) not in definitions:
        return Template(gaps=(_parse_gap(sources, file),))
    _inherit(definitions[str(file)])
    engine.references = cloudformation_references(_open_parameters(definitions[str(file)]))
    runner, base, records = Runner(), str(sources.base), Records()
    runner.pbar.turn_off_progress_bar()
    raw = {name: [(number, text[:_LONGEST_LINE]) for number, text in lines] for name, lines in raw.items()}
    runner.context = build_definitions_context(definitions, raw)
    graph = runner.graph_manager.build_graph_from_definitions(definitions)
    runner.graph_manager.save_graph(graph)
    runner.definitions, runner.breadcrumbs = convert_graph_vertices_to_definitions(graph.vertices, base)
    runner.definitions_raw = raw
    runner.check_definitions(base, engine.filter, records)
    records.extend(runner.get_graph_checks_report(base, engine.filter))
    types = resource_types(graph.vertices)
    broken = (f"{check} failed: {error}" for check, error in engine.broken.items())
    gaps = tuple(Gap(sources.relative(file), WORKER_FAILED, text) for text in broken)
    resources = definitions[str(file)].get("Resources")
    blocks = _blocks(graph.vertices, sources.relative(file), resources if isinstance(resources, dict) else {})
    return Template(tuple(records), types, gaps, tuple(blocks))


def _blocks(vertices: Iterable[Any], file: str, resources: Mapping[str, Any]) -> Iterator[Block]:
    for vertex in vertices:
        if vertex.block_type == "resource":
            kind, _, logical_id = str(vertex.name).partition(".")
            first, last = (int(vertex.attributes.get(name) or 0) for name in ("__startline__", "__endline__"))
            body = resources.get(logical_id)
            optional = isinstance(body, dict) and "Condition" in body
            yield Block(str(vertex.name), kind, file, first, last, vertex.attributes, optional)


_SAM = "AWS::Serverless::"


def _inherit(template: Any) -> None:
    """Give SAM resources what `Globals` sets for their type. Checkov does, but for none where one has no properties."""
    common, resources = template.get("Globals"), template.get("Resources")
    if not isinstance(common, dict) or not isinstance(resources, dict):
        return
    for resource in resources.values():
        kind = str(resource.get("Type")) if isinstance(resource, dict) else ""
        inherited = common.get(kind.removeprefix(_SAM)) if kind.startswith(_SAM) else None
        if isinstance(inherited, dict):
            _complete(resource.setdefault("Properties", {}), inherited)


def _complete(own: Any, inherited: Mapping[str, Any]) -> None:
    if isinstance(own, dict):
        for name, value in inherited.items():
            if name not in own:
                own[name] = copy.deepcopy(value)
            elif isinstance(value, dict):
                _complete(own[name], value)


def _is_too_large(file: Path) -> bool:
    """Whether aliases make the template grow, or it nests without end; a syntax error is for the parser to tell."""
    content = file.read_bytes()
    try:
        if content.lstrip().startswith(b"{"):
            json.loads(content)
            return False
        return too_large(content)
    except RecursionError:
        return True
    except (ValueError, yaml.YAMLError):
        return False


def _parse_gap(sources: Sources, file: Path) -> Gap:
    """Where a template does not parse; the parser's message is not told, it quotes the file."""
    try:
        for _ in yaml.parse(file.read_bytes(), yaml.SafeLoader):  # events only, nothing is built
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Gap(sources.relative(file), PARSE_ERROR, "syntax error", mark.line + 1 if mark else 0)
    except yaml.YAMLError:
        pass
    return Gap(sources.relative(file), PARSE_ERROR, "no resources could be read")


def _open_parameters(definition: Any) -> frozenset[str]:
    """The parameters that get their value only when the stack is made."""
    parameters = definition.get("Parameters")
    if not isinstance(parameters, dict):
        return frozenset()
    return frozenset(
        str(name) for name, body in parameters.items() if not isinstance(body, dict) or "Default" not in body
    )
