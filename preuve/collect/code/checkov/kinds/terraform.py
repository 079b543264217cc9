"""One Terraform root module: what it makes, and every check on every block of it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from preuve.collect.code.checkov.engine import Engine
from preuve.collect.code.checkov.kinds.resources.commands import place_of
from preuve.collect.code.checkov.kinds.resources.root_views import ExaminedBlock, RootApplication, RootModule, RootView
from preuve.collect.code.checkov.kinds.resources.terraform import Sight
from preuve.collect.code.checkov.records import in_way, worst
from preuve.collect.code.coverage import Placed, total, unjudged
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.modules import Folder, Reach, reach
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.files.tools import OPENTOFU, TERRAFORM, tools_for
from preuve.collect.code.inputs.input_names import ANY
from preuve.collect.code.inputs.loose_variables import LooseSource
from preuve.collect.code.inputs.variables import ENDINGS as VALUES
from preuve.collect.code.inputs.variables import arguments_in, read, variable_folders, variables_of
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.language.hcl.blocks import sole
from preuve.collect.code.language.hcl.code import Variables, is_override
from preuve.collect.code.language.hcl.syntax.nodes import Body, NotHclError
from preuve.collect.code.secrets.terraform_files import SecretRules, lines_of, of_file, of_variables, with_secrets
from preuve.collect.code.verdict.grounds import grounds_of, hashes_of
from preuve.collect.code.verdict.identities import Block, agreed, block_lines
from preuve.collect.code.verdict.verdict import FAILED, UNRESOLVED, undecided
from preuve.model.company.code import TerraformRun
from preuve.model.company.grounds import Application
from preuve.model.snapshot import NOT_MADE, PARSE_ERROR, SCANNER_FAILED


@dataclass(frozen=True)
class RootResults:
    """The results on the code of one root module."""

    scope: Scope
    gaps: tuple[Gap, ...]
    records: tuple[Line, ...]
    resources: tuple[ExaminedBlock, ...]
    blocks: tuple[Block, ...]

    def lines(self, name: str) -> list[Line]:
        """Return every line of the snapshot."""
        gaps = (gap.to_line(name, "terraform") for gap in sorted(set(self.gaps)))
        return [self.scope.to_line(name), *gaps, *self.records, *block_lines(self.blocks, name)]


def evaluate(engine: Engine, folders: Reader, root: RootModule) -> list[Line]:
    """Return every line of the snapshot for one root module."""
    return look(engine, folders, root).lines(root.name)


def look(engine: Engine, folders: Reader, root: RootModule, values: Mapping[str, Any] | None = None) -> RootResults:
    """Read a root module and run every check on it; `values` are the variables of its plan, if there is one."""
    engine.broken.clear()
    reached = reach(folders, root.folder)
    gaps = [gap for folder in reached.folders.values() for gap in folder.gaps]
    files = [file for folder in reached.folders.values() for file in folder.files]
    tools = tools_for(folders.at(root.folder).files, files)
    runs = root.runs if values is None and root.runs else (None,)
    given = zip(runs, _variables(folders, root, values, gaps), strict=True)
    ways = [(Application(_hash_of(run), tool), variables) for run, variables in given for tool in tools]
    seen = [
        Sight(engine, folders, reached, root, RootApplication(way.tool, variables)).seen() for way, variables in ways
    ]
    folders.forget()
    gaps += [gap for one in seen for gap in one.gaps]
    gaps += [*_not_loaded(reached, folders, seen), *_left_out(seen, folders), *_commands_of(seen)]
    gaps += [Gap("", SCANNER_FAILED, f"{check} failed: {error}") for check, error in engine.broken.items()]
    inside = [held for one in seen for held in one.inside.values()]
    found = ((way, one.all_records()) for (way, _), one in zip(ways, seen, strict=True))
    added = {_hash_of(run) for run in root.added}
    told = (line for way, lines in found for line in _in_way(lines, way, len(tools), is_new=way.run in added))
    records = list(worst(told, engine.by_tags))
    records = _unless_overridden(records, reached, SecretRules.by(engine.rules, engine.checks))
    records = with_secrets(records, _secrets(engine, folders, reached, root))
    resources = list({(str(one.made.file), one.made.address): one for part in seen for one in part.resources}.values())
    types = Counter(one.made.type for one in resources)
    silent = unjudged(_looked_at(seen, folders), engine.types["terraform"], grounds_of)
    gaps += [gap for held in inside for gap in held.gaps]
    moved = sole({pair for one in seen for pair in one.moved})
    made = frozenset(map(folders.sources.relative, _made(reached, root.folder, seen)))
    silent = total([silent, *(held.unjudged for held in inside)])
    return RootResults(
        Scope("terraform", len(files), types, silent, moved, made),
        tuple(gaps),
        tuple(records),
        tuple(resources),
        tuple(_seen_by([(way.tool, one) for (way, _), one in zip(ways, seen, strict=True)], engine.whole)),
    )


def _hash_of(run: TerraformRun | None) -> str:
    """Return a hash of a run by what it names; "" for the plain one."""
    return hashes_of([[run.workspace, run.variables]])[0] if run and run != TerraformRun() else ""


def _in_way(lines: Iterable[Line], way: Application, tools: int, *, is_new: bool) -> Iterable[Line]:
    """Return the lines of one way, with what they rest on in it, unless the code is applied in that way alone."""
    told = Application(way.run, way.tool.lower() if tools > 1 else "")
    return in_way(lines, told, is_new=is_new) if told != Application() else lines


def _unless_overridden(records: list[Line], reached: Reach, secrets: SecretRules) -> list[Line]:
    """Return the lines, of which none counts if an override file cannot be read: it may replace what they rest on. A
    secret is written out all the same.
    """
    gaps = ((folder, Path(gap.file)) for folder in reached.folders.values() for gap in folder.gaps)
    unread = next((file.name for folder, file in gaps if _is_unread_override(folder, file.name)), "")
    if not unread:
        return records
    why = f"{UNRESOLVED}what {unread} overrides"
    sure = {(FAILED, check) for check in secrets.all}
    return [line if (line["result"], line["check"]) in sure else undecided(line, why) for line in records]


def _is_unread_override(folder: Folder, name: str) -> bool:
    """Return whether a file that there is a gap of is an override file that is not among those that were read."""
    return name.endswith(CODE) and is_override(Path(name)) and folder.path / name not in folder.files


def _secrets(engine: Engine, folders: Reader, reached: Reach, root: RootModule) -> Iterator[Line]:
    """Yield the secrets in the files of a root, and the places that could hold one."""
    asked = SecretRules.by(engine.rules, engine.checks)
    for folder in reached.folders.values() if asked.rules else ():
        for file in folder.files:
            content = folders.sources.content(file)
            if isinstance(content, bytes):
                say = partial(_said, asked, folders.sources.relative(file), content.decode())
                yield from ({**line, "root": root.name} for line in folders.said(file, content, say))
    named = (folders.sources.base / name for run in root.runs for name in run.variables)
    for file in dict.fromkeys((*variable_files(folders, root.folder), *named)) if asked.rules else ():
        yield from _in_variables(asked, folders.sources, file, root.name, [])


def _said(asked: SecretRules, file: str, text: str, body: Body) -> Iterator[Line]:
    return lines_of(asked, "", file, text, of_file(body), doubts=False)


def _in_variables(asked: SecretRules, sources: Sources, file: Path, root: str, gaps: list[Gap]) -> Iterator[Line]:
    """Yield the secrets in a file of variables; a gap if it cannot be read."""
    content = sources.content(file)
    if isinstance(content, Gap):
        gaps.append(content)
        return
    try:
        pieces = of_variables(arguments_in(file.name, content.decode()))
        yield from lines_of(asked, root, sources.relative(file), content.decode(), pieces)
    except NotHclError as error:
        gaps.append(Gap(sources.relative(file), PARSE_ERROR, "syntax error", error.line))
    except RecursionError:
        gaps.append(Gap(sources.relative(file), PARSE_ERROR, "nested too deep"))


def evaluate_variables(engine: Engine, sources: Sources, file: Path, root: str) -> list[Line]:
    """Return every line of the snapshot for a file of variables that is read with no root."""
    gaps: list[Gap] = []
    asked = SecretRules.by(engine.rules, engine.checks)
    records = list(_in_variables(asked, sources, file, root, gaps)) if asked.rules else []
    return [Scope("terraform", 1).to_line(root), *(gap.to_line(root, "terraform") for gap in gaps), *records]


def _looked_at(seen: Iterable[RootView], folders: Reader) -> Iterator[Placed]:
    """Return the blocks that checks examine, each once, without blocks whose template was judged instead."""
    places = {
        (str(found.made.file), found.made.address): (
            found.made.type,
            *place_of(found.made, folders.sources),
            found.body,
        )
        for one in seen
        for found in one.resources
        if found.made.address not in one.inside
    }
    return iter(places.values())


def _variables(folders: Reader, root: RootModule, values: Mapping[str, Any] | None, gaps: list[Gap]) -> list[Variables]:
    """Return the sources of the variables' values, for each run of a root."""
    if values is not None:
        return [Variables(values)]
    of_runs = frozenset(folders.sources.base / name for name in _heard(root))
    found = []
    for run in root.runs or (None,):
        loose = _loose(folders, root, run)
        files = dict.fromkeys([*variable_files(folders, root.folder), *(one.file for one in loose if not one.given)])
        said = [(one.file, one.given) for one in loose if one.given]
        variables = variables_of(folders.sources, root.folder, files, run, gaps, said, of_runs)
        found.append(replace(variables, elsewhere=_elsewhere(folders, root, loose)))
    return found


def _elsewhere(folders: Reader, root: RootModule, heard: Iterable[LooseSource]) -> dict[str, str]:
    """Return the variables of a root that files of variables set which are not heard, each with the nearest of them."""
    known, declared = {one.file for one in heard}, _declared(folders, root)
    files = [one.file for one in folders.loose.beside(root.folder) if one.file.name.endswith(VALUES)]
    files.sort(key=lambda file: len(Path(os.path.commonpath((file, root.folder))).parts))
    found: dict[str, str] = {}
    for file in files:
        if file not in known:
            names = declared & (read(folders.sources, file, []) or {}).keys()
            found |= dict.fromkeys(names, Path(os.path.relpath(file, root.folder)).as_posix())
    return found


def _declared(folders: Reader, root: RootModule) -> Set[str]:
    """Return the variables of a root, as either tool sees it."""
    return {
        one.block.labels[0]
        for tool in (TERRAFORM, OPENTOFU)
        for one in folders.code(root.folder, tool).all_of("variable")
    }


def _heard(root: RootModule) -> Set[str]:
    """Return the files of variables that count in runs of their own alone. So does one that only a push names, if
    nothing overrides it in its run, and nothing else of the push is there: it is judged as it stands.
    """
    known = {name for run in root.runs if run not in root.added for name in run.variables}
    added = (run.variables for run in root.runs if run in root.added)
    return known | {last for *others, last in added if known.issuperset(others)}


def _loose(folders: Reader, root: RootModule, run: TerraformRun | None) -> list[LooseSource]:
    """Return the sources outside a root that set its variables in a run. A file of values counts if the root declares
    all its variables; where the runs of the root name their files, only what these files leave open counts, and what
    comes after them.
    """
    declared = _declared(folders, root)
    found = [one for one in folders.loose.beside(root.folder) if _may_be_for(one, folders.sources, declared)]
    beside = root.runs if run in root.added else (one for one in root.runs if one not in root.added)
    if run is None or run == TerraformRun() or not any(one.variables for one in beside):
        return found
    named = [read(folders.sources, folders.sources.base / name, []) or {} for name in run.variables]
    return [left for one in found if (left := one.beside_files(declared, frozenset().union(*named)))]


def _may_be_for(loose: LooseSource, sources: Sources, declared: Set[str]) -> bool:
    if loose.given:
        return loose.given.keys() <= declared if loose.names is None else not {*declared, ANY}.isdisjoint(loose.given)
    values = read(sources, loose.file, []) if loose.names is None else dict.fromkeys(loose.names)
    return values is None or (bool(values) and values.keys() <= declared)


def _not_loaded(reached: Reach, folders: Reader, seen: Iterable[RootView]) -> Iterator[Gap]:
    """Yield a gap for each module call that cannot be followed, except calls that are surely made zero times from
    everywhere.
    """
    seen = list(seen)
    if any(one.cut_short for one in seen):
        yield from reached.gaps
        return
    made: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for (file, line), given in (call for one in seen for call in one.calls.items()):
        made[folders.sources.relative(file), line] += given
    there = (gap for gap in reached.gaps if (gap.file, gap.line) in made)
    yield from (replace(gap, grounds=hashes_of(made[gap.file, gap.line])) for gap in there)


def _made(reached: Reach, root: Path, seen: Sequence[RootView]) -> Set[Path]:
    """Return the folders of which a root makes something, perhaps. What was not worked out to its end does not tell,
    and is a gap for all of them.
    """
    cut = any(one.cut_short for one in seen)
    return reached.folders.keys() if cut else {root, *(folder for one in seen for folder in one.called)}


def _commands_of(seen: Iterable[RootView]) -> Iterator[Gap]:
    """Yield each command of the code once, with the hashes of what its instances run."""
    found: dict[Gap, set[str]] = defaultdict(set)
    for gap in (gap for one in seen for gap in one.commands):
        found[replace(gap, grounds=())].update(gap.grounds)
    return (replace(gap, grounds=tuple(sorted(grounds))) for gap, grounds in found.items())


def _left_out(seen: Sequence[RootView], folders: Reader) -> Iterator[Gap]:
    """Yield the blocks that no tool and no run makes."""
    there = {one.made.address.partition("[")[0] for part in seen for one in part.resources}
    for out in (out for part in seen for out in part.left_out):
        if out.address not in there:
            file = folders.sources.relative(out.written.file)
            said = f"{out.address} is not created: {out.why}"
            yield Gap(file, NOT_MADE, said, out.written.block.line, out.address)


def _seen_by(seen: Sequence[tuple[str, RootView]], whole: frozenset[str]) -> Iterator[Block]:
    """Yield the blocks that all runs of a root agree on; of what is for a whole account or region with the tools that
    see it, unless Terraform alone has a say, whose code OpenTofu reads too.
    """
    there: dict[str, set[str]] = defaultdict(set)
    for tool, one in seen:
        there[tool].update(block.address for block in one.blocks)
    alone = there.keys() == {TERRAFORM}
    for block in agreed(block for _, one in seen for block in one.blocks):
        by = tuple(tool for tool in sorted(there) if block.address in there[tool])
        told = block.type in whole and not alone
        yield replace(block, tools=tuple(sorted(there)), seen_by=by) if told else block


def variable_files(folders: Reader, root: Path) -> Iterator[Path]:
    """Yield the files of variables in the folder of a root, and below it where no code lies."""
    below = variable_folders(folders.sources, root, lambda folder: bool(folders.at(folder).files))
    for folder in (root, *below):
        yield from folders.at(folder).variables
