"""One Terraform root module: what it makes, and every check on every block of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from preuve.collect.code.checkov.engine import Engine, Outcome
from preuve.collect.code.checkov.kinds.agreement import common_outcome
from preuve.collect.code.checkov.kinds.embedded import Embedded, embedded
from preuve.collect.code.checkov.own_checks import OwnCheck
from preuve.collect.code.checkov.records import worst
from preuve.collect.code.checkov.shapes.forms import forms
from preuve.collect.code.checkov.shapes.graph import graph_of
from preuve.collect.code.checkov.shapes.providers import complete
from preuve.collect.code.checkov.shapes.values import argument_of, body_of
from preuve.collect.code.coverage import Placed, together, unjudged
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.modules import Folder, Reach, reach
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.files.tools import OPENTOFU, TERRAFORM, tools_for
from preuve.collect.code.inputs.attributes import as_provider_sees
from preuve.collect.code.inputs.given_names import ANY
from preuve.collect.code.inputs.loose_variables import Loose
from preuve.collect.code.inputs.variables import Files, arguments_in, read, variable_folders, variables_of
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.judgements.documents.block_documents import WRITTEN
from preuve.collect.code.judgements.relations.neighbours import KEY as BESIDE
from preuve.collect.code.judgements.relations.neighbours import Neighbours
from preuve.collect.code.judgements.relations.places import region_of
from preuve.collect.code.language.dependencies.invoked_code import Invoked
from preuve.collect.code.language.dependencies.terraform import behind, behind_aims, source
from preuve.collect.code.language.hcl.blocks import (
    RUNNING,
    LeftOut,
    Made,
    Stand,
    made_by,
    moves,
    sole,
    stand_of,
    values_at,
)
from preuve.collect.code.language.hcl.code import files_written, is_override
from preuve.collect.code.language.hcl.data import POLICY_DOCUMENT, policy_document
from preuve.collect.code.language.hcl.expressions import ExhaustedError
from preuve.collect.code.language.hcl.module import TOO_MUCH, Content, Module, Root, Variables
from preuve.collect.code.language.hcl.origins import origin
from preuve.collect.code.language.hcl.references import references
from preuve.collect.code.language.hcl.syntax.nodes import Block as Written
from preuve.collect.code.language.hcl.syntax.nodes import Body, Literal, NotHclError, TupleOf
from preuve.collect.code.language.hcl.writing import written as written_out
from preuve.collect.code.language.values.value import Value, sources_of
from preuve.collect.code.secrets.code import Asked, is_told_elsewhere, lines_of, of_file, of_variables, with_secrets
from preuve.collect.code.secrets.possible_texts import may_be_one, possible
from preuve.collect.code.secrets.terraform import named_beside
from preuve.collect.code.verdict.comments import Comments, comments_in, reason
from preuve.collect.code.verdict.deciding_parts import heaviest, line_of_heaviest
from preuve.collect.code.verdict.grounds import about, grounds_of, hashes_of, renamed
from preuve.collect.code.verdict.identities import (
    Block,
    accounts_in,
    accounts_said,
    agreed,
    block_lines,
    identity,
    words_of_name,
)
from preuve.collect.code.verdict.marks import Mark, marked
from preuve.collect.code.verdict.marks import given as given_to_checkov
from preuve.collect.code.verdict.parents import PARENTS
from preuve.collect.code.verdict.tags import Tags, tags_of, with_tag_texts
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, UNRESOLVED
from preuve.model.company.code import TerraformRun
from preuve.model.known_types import KnownTypes
from preuve.model.snapshot import NOT_MADE, NOT_READ, PARSE_ERROR, RUNS_COMMANDS, WORKER_FAILED

_REMOVED = "[removed: "  # what stands in place of a secret
_ON_THE_RESOURCE = (("file",), ("remote-exec",))  # provisioners that run nothing where Terraform runs
_INVOKING = ("aws_lambda_invocation", "aws_ssm_association")  # resources that run what is elsewhere when they are made
_STATEMENT = re.compile(r"\.Statement\[(\d+)\]")

# What keeps the keys of a state of OpenTofu, and encrypts with them, without a program of its own.
_ENCRYPTING = frozenset({"aes_gcm", "aws_kms", "azure_vault", "gcp_kms", "openbao", "pbkdf2", "unencrypted"})
_REMOTE_STATE = "terraform_remote_state"
_SHARED = ("shared_config_files", "shared_credentials_files", "shared_credentials_file")
_SIGNING_IN = ("profile", "access_key", *_SHARED)
_ROLES = ("assume_role_with_web_identity", "assume_role")
_CREDENTIAL_PROCESS = re.compile(rb"(?m)^[ \t]*credential_process[ \t]*=.*$")


@dataclass(frozen=True)
class RootModule:
    """A root module to examine: its folder, its name in the snapshot, and the runs (variable files, workspace) that
    apply it.

    `arguments` are the arguments that name blocks, by type: the names of such blocks are reported. `added` are runs
    that only a push names.
    """

    folder: Path
    name: str
    runs: tuple[TerraformRun, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[TerraformRun] = frozenset()


@dataclass(frozen=True)
class Look:
    """The results on the code of one root module."""

    scope: Scope
    gaps: tuple[Gap, ...]
    records: tuple[Line, ...]
    resources: tuple[Examined, ...]
    blocks: tuple[Block, ...]

    def lines(self, name: str) -> list[Line]:
        """Return every line of the snapshot."""
        gaps = (gap.to_line(name, "terraform") for gap in sorted(set(self.gaps)))
        return [self.scope.to_line(name), *gaps, *self.records, *block_lines(self.blocks, name)]


@dataclass(frozen=True)
class Examined:
    """A block with its arguments in the shapes in which checks look for them."""

    made: Made
    body: Mapping[str, Any]


def evaluate(engine: Engine, folders: Reader, root: RootModule) -> list[Line]:
    """Return every line of the snapshot for one root module."""
    return look(engine, folders, root).lines(root.name)


def look(engine: Engine, folders: Reader, root: RootModule, values: Mapping[str, Any] | None = None) -> Look:
    """Read a root module and run every check on it; `values` are the variables of its plan, if there is one."""
    engine.broken.clear()
    reached = reach(folders, root.folder)
    gaps = [gap for folder in reached.folders.values() for gap in folder.gaps]
    files = [file for folder in reached.folders.values() for file in folder.files]
    tools = tools_for(folders.at(root.folder).files, files)
    ways = [_Way(tool, variables) for variables in _variables(folders, root, values, gaps) for tool in tools]
    seen = [_Sight(engine, folders, reached, root, way).seen() for way in ways]
    folders.forget()
    gaps += [gap for one in seen for gap in one.gaps]
    gaps += [*_not_loaded(reached, folders, seen), *_left_out(seen, folders), *_commands_of(seen)]
    gaps += [Gap("", WORKER_FAILED, f"{check} failed: {error}") for check, error in engine.broken.items()]
    inside = [held for one in seen for held in one.inside.values()]
    found = [*(one.records for one in seen), *(held.records for held in inside)]
    records = list(worst((line for lines in found for line in lines), engine.by_tags))
    records = _unless_overridden(records, reached, Asked.by(engine.rules, engine.checks))
    records = with_secrets(records, _secrets(engine, folders, reached, root))
    resources = list({(str(one.made.file), one.made.address): one for part in seen for one in part.resources}.values())
    types = Counter(one.made.type for one in resources)
    silent = unjudged(_looked_at(seen, folders), engine.types["terraform"], grounds_of)
    gaps += [gap for held in inside for gap in held.gaps]
    engine.let_go()
    moved = sole({pair for one in seen for pair in one.moved})
    return Look(
        Scope("terraform", len(files), types, together([silent, *(held.unjudged for held in inside)]), moved),
        tuple(gaps),
        tuple(records),
        tuple(resources),
        tuple(_seen_by([(way.tool, one) for way, one in zip(ways, seen, strict=True)], engine.whole)),
    )


def _unless_overridden(records: list[Line], reached: Reach, secrets: Asked) -> list[Line]:
    """Return the lines, of which none counts if an override file cannot be read: it may replace what they rest on. A
    secret is written out all the same.
    """
    gaps = ((folder, Path(gap.file)) for folder in reached.folders.values() for gap in folder.gaps)
    unread = next((file.name for folder, file in gaps if _is_unread_override(folder, file.name)), "")
    if not unread:
        return records
    why = f"{UNRESOLVED}what {unread} overrides"
    sure = {(FAILED, check) for check in secrets.all}
    return [line if (line["result"], line["check"]) in sure else _undecided(line, why) for line in records]


def _undecided(line: Line, why: str) -> Line:
    kept = {name: value for name, value in line.items() if name not in ("grounds", "called_from")}
    return kept | {"result": UNKNOWN, "detail": why}


def _is_unread_override(folder: Folder, name: str) -> bool:
    """Return whether a file that there is a gap of is an override file that is not among those that were read."""
    return name.endswith(CODE) and is_override(Path(name)) and folder.path / name not in folder.files


def _secrets(engine: Engine, folders: Reader, reached: Reach, root: RootModule) -> Iterator[Line]:
    """Yield the secrets in the files of a root, and the places that could hold one."""
    asked = Asked.by(engine.rules, engine.checks)
    for folder in reached.folders.values() if asked.rules else ():
        for file in folder.files:
            content = folders.sources.content(file)
            if isinstance(content, bytes):
                say = partial(_said, asked, folders.sources.relative(file), content.decode())
                yield from ({**line, "root": root.name} for line in folders.said(file, content, say))
    named = (folders.sources.base / name for run in root.runs for name in run.variables)
    for file in dict.fromkeys((*variable_files(folders, root.folder), *named)) if asked.rules else ():
        yield from _in_variables(asked, folders.sources, file, root.name, [])


def _said(asked: Asked, file: str, text: str, body: Body) -> Iterator[Line]:
    return lines_of(asked, "", file, text, of_file(body))


def _in_variables(asked: Asked, sources: Sources, file: Path, root: str, gaps: list[Gap]) -> Iterator[Line]:
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
    asked = Asked.by(engine.rules, engine.checks)
    records = list(_in_variables(asked, sources, file, root, gaps)) if asked.rules else []
    return [Scope("terraform", 1).to_line(root), *(gap.to_line(root, "terraform") for gap in gaps), *records]


def _looked_at(seen: Iterable[_Seen], folders: Reader) -> Iterator[Placed]:
    """Return the blocks that checks examine, each once, without blocks whose template was judged instead."""
    places = {
        (str(found.made.file), found.made.address): (found.made.type, *_place(found.made, folders.sources), found.body)
        for one in seen
        for found in one.resources
        if found.made.address not in one.inside
    }
    return iter(places.values())


def _place(made: Made, sources: Sources) -> tuple[str, int]:
    return sources.relative(made.file), made.written.block.line


def _commands(made: Made, sources: Sources, quiet: KnownTypes, invoked: Invoked) -> Iterator[Gap]:
    """Yield a gap for the commands that a block runs on the machine of Terraform, and for what it invokes: they may
    call AWS. Only `quiet` types are known to read and do nothing else.
    """
    file, line = _place(made, sources)
    at = made.address.partition("[")[0]
    if _runs(made, quiet):
        run = [_said_of(made, made.content), *invoked.said_behind(made)]
        yield Gap(file, RUNS_COMMANDS, "", line, at, hashes_of(run))
    signs_in = made.kind in ("provider", "terraform") or (made.kind, made.type) == ("data", _REMOTE_STATE)
    if signs_in and (started := [*_credential_processes(made, sources)]):
        yield Gap(file, RUNS_COMMANDS, "", line, at, hashes_of(started))
    for block, inside in _programs(made.content) if made.kind == "terraform" else ():
        yield Gap(file, RUNS_COMMANDS, "", block.line, at, hashes_of([_said_of(made, inside)]))
    for block in made.written.body.blocks:
        if block.kind == "provisioner" and block.labels not in _ON_THE_RESOURCE:
            run = [_said_of(made, inner) for _, inner in made.content.blocks[block.kind]]
            whole = [_said_of(made, made.content)] if _names_itself(block.body) else []
            yield Gap(file, RUNS_COMMANDS, "", block.line, at, hashes_of([*run, *whole]))
        for trigger in block.body.blocks if block.kind == "lifecycle" else ():
            if trigger.kind == "action_trigger":
                said = {name: source(one.value) for name, one in trigger.body.arguments.items()}
                yield Gap(file, RUNS_COMMANDS, "", trigger.line, at, hashes_of([said]))


def _seen(made: Made) -> Content:
    """Return the content of a block as its provider is given it."""
    return as_provider_sees(made.type if made.kind == "resource" else "", made.content)


def _with_possible_texts(made: Made, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a block with what each value that is not known may be."""
    content = _seen(made)
    return body | body_of(content, possible) if any(map(may_be_one, _values(content))) else body


def _values(content: Content) -> Iterator[Value]:
    yield from content.arguments.values()
    for inner in (*chain.from_iterable(content.blocks.values()), *content.perhaps):
        yield from _values(inner[1])


def _worlds(made: Made, body: Mapping[str, Any], mark: Mark = marked) -> list[dict[str, Any]]:
    """Return the body of a block in each of its forms."""
    place = {key: item for key, item in body.items() if key.startswith("__")}
    return [body_of(one, mark) | place for one in forms(_seen(made))]


def _said_of(made: Made, content: Content, *, reads: bool = False) -> Any:
    """Return what is said in a body of a block; what is not known may become any of what is written behind it. It may
    name a file that it `reads`.
    """
    texts = behind(content, made.module, made.written, reads=reads)
    return [body_of(content), *texts] if texts else body_of(content)


def _runs(made: Made, quiet: KnownTypes) -> bool:
    """Return whether a block runs or invokes something by itself, or is not known only to read."""
    match made.kind:
        case "resource":
            return made.type in _INVOKING
        case "provider":
            return _holds(body_of(made.content), "exec")
        case "module" | "removed" | "terraform":
            return False
        case "data" if made.type == _REMOTE_STATE:
            return _holds(body_of(made.content), "exec")
    return made.kind == "action" or made.type not in quiet


def _credential_processes(made: Made, sources: Sources) -> Iterator[str]:
    """Yield the programs that give a provider or a backend its credentials, by the files in the code that it reads."""
    for path in (made.module.share.folder / name for name in sorted(set(_named_files(body_of(made.content))))):
        content = sources.content(path) if sources.readable(path) else b""
        if isinstance(content, bytes):
            yield from (line.decode(errors="replace") for line in _CREDENTIAL_PROCESS.findall(content))


def _named_files(body: Any, *, shared: bool = False) -> Iterator[str]:
    """Yield the files of credentials and settings of AWS that a body names."""
    if isinstance(body, Mapping):
        for name, item in body.items():
            yield from _named_files(item, shared=name in _SHARED)
    elif isinstance(body, list):
        for item in body:
            yield from _named_files(item, shared=shared)
    elif shared and isinstance(body, str):
        yield body


def _programs(settings: Content) -> Iterator[tuple[Written, Content]]:
    """Yield the programs that a `terraform` starts: what a backend signs in by, and what is not known to encrypt a
    state by itself.
    """
    for block, said in chain.from_iterable(settings.blocks.get(kind, ()) for kind in ("backend", "encryption")):
        yield from _blocks_in(said, "exec") if block.kind == "backend" else ()
        for inner, inside in chain.from_iterable(said.blocks.get(kind, ()) for kind in ("key_provider", "method")):
            if block.kind == "encryption" and not _ENCRYPTING.intersection(inner.labels[:1]):
                yield inner, inside


def _blocks_in(content: Content, kind: str) -> Iterator[tuple[Written, Content]]:
    """Yield the blocks of a kind in a body, however deep: in JSON the type of a backend is a block of its own."""
    for name, found in content.blocks.items():
        for block, inside in found:
            yield from [(block, inside)] if name == kind else _blocks_in(inside, kind)


def _names_itself(body: Body) -> bool:
    """Return whether a body says `self`: what it takes from its resource is an argument, or follows from them."""
    found = (one for argument in body.arguments.values() for one in references(argument.value))
    return any(written_out(one).startswith("self.") for one in found) or any(
        _names_itself(block.body) for block in body.blocks
    )


def _holds(body: Any, name: str) -> bool:
    """Return whether a block or a member of this name stands anywhere in a body."""
    if isinstance(body, Mapping):
        return name in body or any(_holds(item, name) for item in body.values())
    return isinstance(body, list) and any(_holds(item, name) for item in body)


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
        found.append(variables_of(folders.sources, root.folder, files, run, gaps, said, of_runs))
    return found


def _heard(root: RootModule) -> Set[str]:
    """Return the files of variables that count in runs of their own alone. So does one that only a push names, if
    nothing overrides it in its run, and nothing else of the push is there: it is judged as it stands.
    """
    known = {name for run in root.runs if run not in root.added for name in run.variables}
    added = (run.variables for run in root.runs if run in root.added)
    return known | {last for *others, last in added if known.issuperset(others)}


def _loose(folders: Reader, root: RootModule, run: TerraformRun | None) -> list[Loose]:
    """Return the sources outside a root that set its variables in a run. A file of values counts if the root declares
    all its variables; none counts if the runs of the root name their files, but in the plain run beside them.
    """
    beside = root.runs if run in root.added else (one for one in root.runs if one not in root.added)
    if run != TerraformRun() and any(one.variables for one in beside):
        return []
    declared = {
        one.block.labels[0]
        for tool in (TERRAFORM, OPENTOFU)
        for one in folders.code(root.folder, tool).all_of("variable")
    }
    return [one for one in folders.loose.beside(root.folder) if _may_be_for(one, folders.sources, declared)]


def _may_be_for(loose: Loose, sources: Sources, declared: Set[str]) -> bool:
    if loose.given:
        return loose.given.keys() <= declared if loose.names is None else not {*declared, ANY}.isdisjoint(loose.given)
    values = read(sources, loose.file, []) if loose.names is None else dict.fromkeys(loose.names)
    return values is None or (bool(values) and values.keys() <= declared)


@dataclass
class _Seen:
    """A root module as one tool (Terraform or OpenTofu) sees it in one run."""

    records: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    resources: list[Examined] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    inside: dict[str, Embedded] = field(default_factory=dict)  # address of a block -> the template in it
    commands: list[Gap] = field(default_factory=list)  # commands on the machine of Terraform
    # By place: what each call of a module gives that is perhaps made.
    calls: dict[tuple[Path, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    moved: set[tuple[str, str]] = field(default_factory=set)  # new and earlier addresses
    cut_short: bool = False


def _not_loaded(reached: Reach, folders: Reader, seen: Iterable[_Seen]) -> Iterator[Gap]:
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


def _commands_of(seen: Iterable[_Seen]) -> Iterator[Gap]:
    """Yield each command of the code once, with the hashes of what its instances run."""
    found: dict[Gap, set[str]] = defaultdict(set)
    for gap in (gap for one in seen for gap in one.commands):
        found[replace(gap, grounds=())].update(gap.grounds)
    return (replace(gap, grounds=tuple(sorted(grounds))) for gap, grounds in found.items())


def _left_out(seen: Sequence[_Seen], folders: Reader) -> Iterator[Gap]:
    """Yield the blocks that no tool and no run makes."""
    there = {one.made.address.partition("[")[0] for part in seen for one in part.resources}
    for out in (out for part in seen for out in part.left_out):
        if out.address not in there:
            file = folders.sources.relative(out.written.file)
            said = f"{out.address} is not made: {out.why}"
            yield Gap(file, NOT_MADE, said, out.written.block.line, out.address)


@dataclass(frozen=True)
class _Way:
    """One way in which a root module is applied: by a tool, with values of its variables."""

    tool: str
    variables: Variables


class _Sight:
    """A root module as one tool sees it in one run."""

    def __init__(self, engine: Engine, folders: Reader, reached: Reach, root: RootModule, way: _Way) -> None:
        self._engine = engine
        self._folders = folders
        self._sources = folders.sources
        self._root = root
        self._found = _Seen()
        self._comments: dict[Path, Comments] = {}
        self._of_secrets = Asked.by(engine.rules, engine.checks).all
        self._moved: dict[str, str] = {}  # the earlier addresses
        self._documents: dict[str, Made] = {}  # the data sources that make policy documents
        self._resources: dict[str, Made] = {}  # by address
        self._share = Root(
            root.folder,
            Files(self._sources, root.folder, tuple(_written_by(folders, reached, way.tool))),
            code=lambda folder: folders.code(folder, way.tool),
            target=lambda folder, source: reached.targets.get((folder, source)),
            variables=way.variables,
        )

    def seen(self) -> _Seen:
        """Return the parts to examine."""
        blocks: list[Made] = []
        try:
            for found in made_by(Module(self._share, self._share.code(self._root.folder))):
                if isinstance(found, LeftOut):
                    self._found.left_out.append(found)
                else:
                    blocks.append(found)
        except ExhaustedError as error:
            self._found.gaps.append(Gap("", NOT_READ, str(error)))
            self._found.cut_short = True
        self._found.moved.update(moves({id(made.module): made.module for made in blocks}.values()))
        self._moved = sole(self._found.moved)
        self._judge(blocks)
        if self._share.cut:
            self._found.gaps.append(Gap("", NOT_READ, TOO_MUCH))
        return self._found

    def _judge(self, blocks: list[Made]) -> None:
        quiet = self._engine.quiet
        there = {made.address: made for made in blocks if made.kind in ("resource", "data")}
        invoked = Invoked(there, lambda made: _said_of(made, made.content, reads=True))
        self._found.commands += [gap for made in blocks for gap in _commands(made, self._sources, quiet, invoked)]
        blocks = [made for made in blocks if made.kind not in RUNNING]
        self._engine.forget_policies()
        self._documents = {made.address: made for made in blocks if (made.kind, made.type) == ("data", POLICY_DOCUMENT)}
        self._resources = {made.address: made for made in blocks if made.kind == "resource"}
        taken = self._taken_in(blocks)
        bodies = [self._body(made, taken) for made in blocks]
        for made, body in zip(blocks, bodies, strict=True):
            if made.kind == "module":
                said = [made.address, body, *behind(made.content, made.module, made.written)]
                self._found.calls[made.file, made.written.block.line].append(said)
            if made.kind == "resource":
                self._found.resources.append(Examined(made, body))
                self._found.blocks += self._named(made)
        graph, attributes = graph_of(blocks, bodies)
        complete(blocks, attributes)
        for made, found in zip(blocks, attributes, strict=True):
            found.update(with_tag_texts(found) if made.kind == "resource" else {})
        neighbours = Neighbours(zip(blocks, bodies, strict=True))
        for made, body, completed in zip(blocks, bodies, attributes, strict=True):
            tags = tags_of(completed) if made.kind == "resource" else None
            self._judge_inside(made, tags)
            self._found.records += ({**line, "tags": tags} for line in self._records(made, body, neighbours))
        places = {id(found): place for place, found in enumerate(attributes)}
        for check, entity, outcome in self._engine.graph_outcomes(graph):
            place = places[id(entity)]
            self._found.records.append(self._line(blocks[place], check, outcome))

    def _judge_inside(self, made: Made, tags: Tags | None) -> None:
        """Judge the template that a resource holds."""
        file, decided = self._sources.relative(made.file), partial(self._decided, made)
        held = embedded(self._engine, made, file, self._root.name, decided, tags) if made.kind == "resource" else None
        if held is not None:
            self._found.inside[made.address] = held
            self._found.blocks += (self._at(made, one) for one in held.blocks)

    def _named(self, made: Made) -> Iterator[Block]:
        argument = self._root.arguments.get(made.type)
        if argument is None:
            return
        block, file = made.written.block, self._sources.relative(made.file)
        called = made.content.arguments.get(argument)
        told = identity(called, region_of(made)) | (words_of_name(called) if "[" in made.address else {})
        found = Block(made.address, made.type, file, block.line, block.end_line, told)
        yield _of_the_whole(found, made) if made.type in self._engine.whole else found

    def _at(self, made: Made, inside: Block) -> Block:
        """Return a block of a template in a block, where that one is."""
        return _of_the_whole(replace(inside, identity=identity(None, region_of(made))), made)

    def _taken_in(self, blocks: Iterable[Made]) -> frozenset[str]:
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

    def _body(self, made: Made, taken: frozenset[str]) -> dict[str, Any]:
        block = made.written.block
        place = {"__address__": made.address, "__start_line__": block.line, "__end_line__": block.end_line}
        if made.kind == "data" and made.type == POLICY_DOCUMENT and made.address not in taken:
            place[WRITTEN] = [argument_of(policy_document(made.content))]
        return body_of(_seen(made)) | place

    def _records(self, made: Made, body: dict[str, Any], neighbours: Neighbours) -> Iterator[Line]:
        type_ = made.type or made.kind
        worlds: dict[Mark, list[dict[str, Any]]] = {}
        for check in self._engine.checks_of(made.kind, type_):
            beside = {BESIDE: neighbours.of(made)} if isinstance(check, OwnCheck) else {}
            asked = _with_possible_texts(made, body) if check.id in self._of_secrets else body
            outcome = self._engine.judge(check, str(made.file), asked | beside, made.name, type_)
            if outcome.result == UNKNOWN:
                mark = possible if check.id in self._of_secrets else marked
                if mark not in worlds:
                    worlds[mark] = _worlds(made, body, mark)
                others = (
                    self._engine.judge(check, str(made.file), one | beside, made.name, type_) for one in worlds[mark]
                )
                outcome = common_outcome(list(others)) or outcome
            if check.id in self._of_secrets and outcome.result == FAILED and is_told_elsewhere(made, outcome.keys):
                outcome = replace(outcome, result=PASSED, keys=(), values={})
            if outcome.result is not None:
                yield self._line(made, check.id, outcome)

    def _line(self, made: Made, check: str, outcome: Outcome) -> Line:
        block = made.written.block
        named = ((name, value) for name, value in outcome.values.items() if value)
        rests = (renamed(text, made.instance.key, self._moved) for text in self._rests(made, outcome))
        outcome = replace(outcome, grounds=tuple(rests) if outcome.result == FAILED else ())
        line: Line = {
            "kind": "record",
            "root": self._root.name,
            "address": made.address,
            "type": made.kind if made.kind in ("provider", "module") else made.type,
            "file": self._sources.relative(made.file),
            "line": block.line,
            "end_line": block.end_line,
            **outcome.verdict(check),
            **outcome.decisive({name: found for name, value in named if (found := self._origin(made, name, value))}),
        }
        if outcome.result in (FAILED, UNKNOWN) and (decided := self._deciding(made, outcome)):
            line |= self._decided(made, decided)
        if suppressed := self._suppressed(made, check):
            line["suppressed"] = suppressed
        return line | self._called_from(made, outcome)

    def _deciding(self, made: Made, outcome: Outcome) -> Stand | None:
        """Return where what decided stands: in a block beside, or else in the block."""
        others = (_deciding(self._resources[at], [key]) for at, key in outcome.beside if at in self._resources)
        return next(filter(None, others), None) or _deciding(made, outcome.keys)

    def _decided(self, made: Made, decided: Stand) -> Line:
        """Return the lines that decided, and their file if it is not that of the block."""
        beside = decided.file != made.file
        inside = {"decided_in": self._sources.relative(decided.file)} if beside else {}
        return {"decided_at": list(decided.lines), **inside}

    def _rests(self, made: Made, outcome: Outcome) -> tuple[str, ...]:
        """Return texts for what a failure rests on, and for what the block is about if it is a part of another one."""
        standing = outcome.grounds and made.type in self._engine.standing
        only = PARENTS.get(made.type, ()) if standing else None
        aims = partial(behind_aims, made.content, made.module, made.written)
        named = about(body_of(made.content), outcome.keys, whole=not outcome.grounds, only=only, behind=aims)
        return (*outcome.grounds, *named)

    def _origin(self, made: Made, name: str, value: str) -> str:
        """Return the origin of a deciding value, by its name."""
        argument = name.replace("[", ".").partition(".")[0]
        if value.startswith(_REMOVED):
            return origin(made, name, _weight, named_beside)
        return origin(made, name, _weight) or self._data_source(made, argument, name)

    def _data_source(self, made: Made, argument: str, name: str) -> str:
        """Return the one data source that makes a document, and where the statement stands in it."""
        found = sorted(sources_of([made.content.arguments.get(argument)]) & self._documents.keys())
        number = _STATEMENT.search(name)
        if len(found) != 1 or number is None:
            return ""
        document = self._documents[found[0]]
        block = document.written.block
        stand = stand_of(document, ("statement", number[1])) or Stand(document.file, (block.line, block.end_line))
        return f"{found[0]} ({self._sources.relative(stand.file)}:{stand.lines[0]})"

    def _suppressed(self, made: Made, check: str) -> str:
        """Return the skip comment in a block, or in a module call that leads to it."""
        written, module = made.written, made.module
        while True:
            found = reason(self._comments_of(written.file), check, written.block.line, written.block.end_line)
            if found or module.caller is None:
                return found
            written, module = module.caller.written, module.caller.module

    def _comments_of(self, file: Path) -> Comments:
        if file not in self._comments:
            content = self._sources.content(file)
            self._comments[file] = comments_in(content.decode("utf-8")) if isinstance(content, bytes) else ()
        return self._comments[file]

    def _called_from(self, made: Made, outcome: Outcome) -> Line:
        """Return the module calls that lead to the block of a failure, the outermost first."""
        found: list[list[Any]] = []
        caller = made.module.caller if outcome.result == FAILED else None
        while caller is not None:
            block = caller.written.block
            found.insert(0, [f"module.{block.labels[0]}", self._sources.relative(caller.written.file), block.line])
            caller = caller.module.caller
        return {"called_from": found} if found else {}


def _is_sure(made: Made) -> bool:
    """Return whether a block is surely made: its own loop, and those of all calls that lead to it."""
    sure, caller = made.instance.sure, made.module.caller
    while caller is not None:
        sure, caller = sure and caller.instance.sure, caller.module.caller
    return sure


def _of_the_whole(block: Block, made: Made) -> Block:
    """Return a block with what is asked of one for a whole account: whether it is surely made, and the accounts, as far
    as it or its provider says.
    """
    said = accounts_said(made.content.arguments)
    provider = made.module.provider(made.written) if said is None else None
    block = replace(block, unsure=block.unsure or not _is_sure(made), accounts=said or ())
    if provider is None:
        return block
    # The role of the outside identity is taken first, those of `assume_role` with it.
    taken = (values_at(provider, (one, "role_arn")) for one in _ROLES)
    roles = [*chain.from_iterable(taken)]
    own = {name: provider.arguments[name] for name in _SIGNING_IN if name in provider.arguments}
    texts = _behind_signing_in(made, replace(provider, arguments=own)) if own or roles else ()
    signs_in = hashes_of([[{**own, "roles": roles}, *texts]])[0] if own or roles else ""
    return replace(block, accounts=accounts_in(provider.arguments.get("allowed_account_ids"), roles), signs_in=signs_in)


def _behind_signing_in(made: Made, said: Content) -> tuple[str, ...]:
    """Return what is behind how the provider of a block signs in, as far as that is not known."""
    found = made.module.provider_block(made.written)
    roles = {kind: said.blocks[kind] for kind in _ROLES if kind in said.blocks}
    return behind(replace(said, blocks=roles, open={}), *found) if found else ()


def _seen_by(seen: Sequence[tuple[str, _Seen]], whole: frozenset[str]) -> Iterator[Block]:
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


def _written_by(folders: Reader, reached: Reach, tool: str) -> Iterator[str]:
    """Yield the ends of the names of the files that the code of a root writes."""
    for folder in reached.folders:
        yield from files_written(folders.code(folder, tool))


def _weight(value: Value) -> int:
    """Rate how much a value shows of the problem."""
    return heaviest("", given_to_checkov(value))


def _deciding(made: Made, keys: Iterable[str]) -> Stand | None:
    """Return where what made a check fail stands: of what it looked at, the first part that is in the code, or a part
    of that. What is written there comes before a block that lacks it.
    """
    found: Stand | None = None
    for key in keys:
        steps = tuple(step for step in key.replace("/", ".").replace("[", ".").replace("]", "").split(".") if step)
        stand = stand_of(made, steps) if steps else None
        if stand and (found is None or found.holds(stand) or stand.whole > found.whole):
            found = stand
    return found and _item(found)


def _item(stand: Stand) -> Stand:
    """Return where the item stands that weighs most, of a list of texts."""
    node = stand.value
    if not isinstance(node, TupleOf):
        return stand
    texts = [item.value if isinstance(item, Literal) else "" for item in node.items]
    line = line_of_heaviest(texts, node.lines)
    return replace(stand, lines=(line, line)) if line else stand


def variable_files(folders: Reader, root: Path) -> Iterator[Path]:
    """Yield the files of variables in the folder of a root, and below it where no code lies."""
    below = variable_folders(folders.sources, root, lambda folder: bool(folders.at(folder).files))
    for folder in (root, *below):
        yield from folders.at(folder).variables
