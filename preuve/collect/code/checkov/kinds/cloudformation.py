"""One CloudFormation or SAM template, judged by Checkov's checks and our own.

Checkov never sees an intrinsic function: properties are evaluated before (`language/templates/`), and unknown values
are marked.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from preuve.collect.code.checkov.engine import Engine
from preuve.collect.code.checkov.kinds.allowed_values import Needed, with_allowed
from preuve.collect.code.checkov.kinds.resources.cloudformation import Judgement, Parts, Source
from preuve.collect.code.checkov.records import worst
from preuve.collect.code.checkov.shapes.templates import shaped
from preuve.collect.code.coverage import unjudged
from preuve.collect.code.files.merged_templates import merged
from preuve.collect.code.files.other_tools import tool_by_name
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.templates import candidates, looks_like_one
from preuve.collect.code.inputs.nested_stacks import ParameterFile
from preuve.collect.code.inputs.parameter_files import doubtful, given_texts, stack_tags
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.language.dependencies.templates import TemplateDependencies
from preuve.collect.code.language.templates.custom_resources import DOCUMENT_RUN, code_behind
from preuve.collect.code.language.templates.evaluation import TooMuchError
from preuve.collect.code.language.templates.inputs import Inputs
from preuve.collect.code.language.templates.resources import ResolvedTemplate, Resource, is_template, resolve
from preuve.collect.code.language.templates.source import Block as Section
from preuve.collect.code.language.templates.source import TemplateError, TooLargeError, parse
from preuve.collect.code.language.templates.unseen_resources import Extent, UnseenResources
from preuve.collect.code.language.values.value import Value
from preuve.collect.code.secrets.named_secrets import pattern_of
from preuve.collect.code.secrets.templates import of_template
from preuve.collect.code.secrets.terraform_files import SecretRules
from preuve.collect.code.secrets.terraform_files import lines_of as secret_lines
from preuve.collect.code.verdict.grounds import grounds_of, hashed, hashes_of, text_of
from preuve.collect.code.verdict.identities import Block, block_lines, identity
from preuve.collect.code.verdict.marks import given
from preuve.collect.code.verdict.people import people_in
from preuve.collect.code.verdict.verdict import PASSED, told
from preuve.model.company.code import NOTHING_SAID, OutsideValues
from preuve.model.snapshot import NOT_COVERED, NOT_MADE, NOT_READ, OUTSIDE, PARSE_ERROR, RUNS_COMMANDS, SCANNER_FAILED

_INVOKING = ("AWS::CloudFormation::CustomResource", DOCUMENT_RUN)  # beside those of types that companies name
_TOO_LARGE = "it grows or nests beyond the limit"
_BY_DEFAULT = " (with the defaults of the parameters)"
_INSIDE = "it has parts of a template, but is not a whole one"


def evaluate(
    engine: Engine,
    sources: Sources,
    file: Path,
    root: str,
    arguments: Mapping[str, str],
    beside: tuple[ParameterFile, ...] = (),
    outside: OutsideValues = NOTHING_SAID,
) -> list[Line]:
    """Return every line of the snapshot for a template of a root; `arguments` name its resources (`identities.py`)."""

    def is_there(path: str) -> bool:
        return "://" not in path and sources.readable(Path(os.path.normpath(file.parent / path)))

    name = sources.relative(file)
    tags = _tags(beside, name, outside)
    source = Source(file.read_bytes(), name, root, is_there=is_there, beside=beside, tags=tags, outside=outside)
    return judged_template(engine, source, arguments)


def evaluate_parts(
    engine: Engine,
    sources: Sources,
    folder: Path,
    arguments: Mapping[str, str],
    beside: tuple[ParameterFile, ...] = (),
    outside: OutsideValues = NOTHING_SAID,
    apart: Collection[Path] = (),
) -> list[Line]:
    """Return every line of the snapshot for the template that the files in a folder are the parts of, without those in
    the folders `apart`. What a part that is not read has is not known: it may change what any other one comes to.
    """
    name = sources.relative(folder)
    gaps: list[Gap] = []
    below = [path for path in sources.folders(folder, gaps) if not any(map(path.is_relative_to, apart))]
    files = sorted(candidates(sources, below, gaps, parts=True))
    gaps = [gap for gap in gaps if not any(map((sources.base / gap.file).is_relative_to, apart))]
    if gaps:
        return _unread(name, name, NOT_READ, f"a part of it is not read: {min(gaps).file}")
    contents = {sources.relative(file): file.read_bytes() for file in files}
    try:
        parts = merged(name, {file: content.decode() for file, content in contents.items()})
    except TooLargeError:
        return _unread(name, name, NOT_READ, _TOO_LARGE)
    except TemplateError as error:
        return _unread(name, name, PARSE_ERROR, error.what)
    given = tuple(replace(one, of="") for one in beside)  # under which name the build writes it is not known
    tags = _tags(given, name, outside)
    source = Source(parts.text.encode(), name, name, beside=given, tags=tags, outside=outside)
    return list(parts.in_parts(judged_template(engine, source, arguments, parts.template)))


def _tags(beside: tuple[ParameterFile, ...], name: str, outside: OutsideValues) -> dict[str, str | None]:
    more = {OUTSIDE: None} if outside.tags is None else outside.tags  # whoever deploys it may give more
    return {**dict.fromkeys(stack_tags(beside, name)), **more}


def judged_template(
    engine: Engine, source: Source, arguments: Mapping[str, str], whole: Section | None = None
) -> list[Line]:
    """Return every line of the snapshot for one template: `whole`, or the content of its source."""
    engine.broken.clear()
    content, file, root = source.content, source.file, source.root
    try:
        template = whole or _template(content)
        if template is None:
            inside = looks_like_one(content) and not tool_by_name(PurePath(file).name.casefold())  # the census tells it
            return _unread(file, root, NOT_READ, _INSIDE) if inside else [Scope("cloudformation").to_line(root)]
        fixed = {**doubtful(template, source.beside, file), **(source.given or {})}
        resolved = resolve(template, fixed)
        asked = SecretRules.by(engine.rules, engine.checks, "cloudformation")
        pieces = list(of_template(template)) if asked.rules else []
        called = pattern_of(text for piece in pieces for text in piece.secrets.texts)
        behind = TemplateDependencies(template, given_texts(template, source.beside, file))
        parts = Parts(source, Inputs.of(template, file), behind, called)

        def judge(given: Mapping[str, Value], needed: Needed) -> list[Line]:
            return _records(engine, parts, resolve(template, {**given, **fixed}), needed)

        records = with_allowed(_records(engine, parts, resolved), template, fixed, judge, engine.by_tags)
        records = _not_by_what_is_off(records, resolved.resources)
        secrets = secret_lines(asked, root, file, content.decode(), pieces, "Template")
        records = list(worst([*secrets, *records], engine.by_tags))
    except (TooLargeError, TooMuchError, RecursionError):
        return _unread(file, root, NOT_READ, _TOO_LARGE)
    except TemplateError as error:
        if not looks_like_one(content):
            return [Scope("cloudformation").to_line(root)]
        return _unread(file, root, PARSE_ERROR, error.what, error.line)
    except Exception as error:  # noqa: BLE001 - boundary: one template that breaks Checkov must not hide the others
        detail = f"Checkov failed on this template: {type(error).__name__}"
        return _unread(file, root, SCANNER_FAILED, detail)
    types = Counter(resource.type for resource in resolved.resources)
    broken = [UnseenResources(f"{check} failed: {error}", 0) for check, error in sorted(engine.broken.items())]
    gaps = [*_gaps(source, resolved.hidden), *_one(file, SCANNER_FAILED, broken)]
    gaps += _called(file, parts.behind, resolved.resources)
    gaps += _left_out(file, resolved)
    places = ((it.type, file, it.line, shaped(given(it.properties))) for it in resolved.resources)
    scope = Scope("cloudformation", 1, types, unjudged(places, engine.types["cloudformation"], grounds_of)).to_line(
        root
    )
    told = (gap.to_line(root, "cloudformation") for gap in gaps)
    blocks = _blocks(resolved.resources, file, arguments, engine.whole) if arguments else ()
    return [scope, *told, *records, *block_lines(blocks, root)]


def _records(engine: Engine, parts: Parts, resolved: ResolvedTemplate, needed: Needed = lambda _: True) -> list[Line]:
    """Run the checks that are needed on an evaluated template."""
    return list(worst(Judgement(engine, parts, resolved, needed).lines()))


def _blocks(
    resources: Iterable[Resource], file: str, arguments: Mapping[str, str], whole: frozenset[str]
) -> Iterator[Block]:
    """Yield every resource, of whatever type: by all of them together the stacks of a template are known."""
    for resource in resources:
        properties = resource.properties if isinstance(resource.properties, dict) else {}
        told = identity(properties.get(arguments.get(resource.type, "")))
        address = f"{resource.type}.{resource.name}"
        optional = "Condition" in resource.body
        unsure = resource.open and resource.type in whole
        people = people_in(resource.type, properties)
        yield Block(address, resource.type, file, resource.line, resource.end, told, optional, unsure, people=people)


def _unread(file: str, root: str, cause: str, detail: str, line: int = 0) -> list[Line]:
    gap = Gap(file, cause, detail, line)
    return [Scope("cloudformation", 1).to_line(root), gap.to_line(root, "cloudformation")]


def _template(content: bytes) -> Section | None:
    """Return a template as it is written, None if the file is none."""
    template = parse(content.decode())
    return template if is_template(template) else None


def _gaps(source: Source, hidden: Iterable[UnseenResources]) -> Iterator[Gap]:
    """Yield the gaps of a template, one for each cause."""
    apart = [part for part in hidden if part.extent is Extent.ELSEWHERE and source.is_there(part.template)]
    unread = [part for part in hidden if part not in apart]
    yield from _one(source.file, NOT_READ, [*unread, *(_with_its_own(part) for part in apart if part.given)])
    yield from _one(source.file, NOT_COVERED, [part for part in apart if not part.given])


def _called(file: str, behind: TemplateDependencies, resources: Sequence[Resource]) -> Iterator[Gap]:
    """Yield a gap for each custom resource and each document that is run: the function or the document may make
    whatever it is told to, and what it does is another thing if the template gives it other code.
    """
    named = {it.name: it for it in resources}
    for it in resources:
        if it.type.startswith("Custom::") or it.type in _INVOKING:
            run = [_said_of(one, behind) for one in (it, *code_behind(it, named))]
            yield Gap(file, RUNS_COMMANDS, "", it.line, f"{it.type}.{it.name}", hashes_of(run))


def _said_of(resource: Resource, behind: TemplateDependencies) -> Any:
    """Return what is said of a resource; what is not known may become any of what is written behind it."""
    said, texts = shaped(given(resource.properties)), behind.of(resource)
    return [said, *texts] if texts else said


def _not_by_what_is_off(records: Iterable[Line], resources: Iterable[Resource]) -> list[Line]:
    """Return the lines without what passes in resources that the defaults leave out. Their failures count, for a
    parameter may turn them on; but they prove nothing.
    """
    off = {f"{it.type}.{it.name}" for it in resources if it.off}
    return [line for line in records if line["result"] != PASSED or line["address"] not in off]


def _left_out(file: str, resolved: ResolvedTemplate) -> Iterator[Gap]:
    """Yield the resources that are not made whatever is given, and those that the defaults leave out."""
    for out in resolved.left_out:
        yield Gap(file, NOT_MADE, f"{out.address} is not created: Condition {out.condition}", out.line, out.address)
    for it in resolved.resources:
        if it.off:
            said = f"{it.type}.{it.name} is not created: Condition {it.body['Condition']}{_BY_DEFAULT}"
            yield Gap(file, NOT_MADE, said, it.line, f"{it.type}.{it.name}")


def _with_its_own(part: UnseenResources) -> UnseenResources:
    return replace(part, what=f"{part.what} (judged with its own defaults, not with the parameters given here)")


def _one(file: str, cause: str, hidden: Sequence[UnseenResources]) -> Iterator[Gap]:
    if hidden:
        first = min(hidden, key=lambda part: part.line)
        said = told([part.what for part in sorted(hidden, key=lambda part: part.line)])
        # What is not one resource may be anything in the file.
        alone = all(part.content is not None for part in hidden)
        grounds = hashed(text_of(part.what, shaped(given(part.content))) for part in hidden) if alone else ()
        yield Gap(file, cause, said, first.line, grounds=grounds)
