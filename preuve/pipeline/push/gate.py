"""The gate of a push: examine the code, tell new findings from known ones."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from preuve.assess.changes.known_findings import (
    Names,
    Renames,
    baseline_of,
    compare,
    gone,
    left_aside,
    moved,
    opened,
)
from preuve.assess.changes.removed_protections import ACCOUNT, REGION, Protects, Side, removed
from preuve.collect.code import EarlyWorker, concerns_all
from preuve.collect.code.files.kinds import TERRAFORM
from preuve.collect.code.files.tools import ENDINGS
from preuve.library.company.names import is_workspace, refuse_misnamed
from preuve.library.company.registers import is_of_one
from preuve.library.company.templates import FALLBACK
from preuve.library.company.workspace import FILE, load_workspace
from preuve.library.validation.code.known_types import types_of_accounts
from preuve.model.company.baseline import Baseline, Comparison
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.model.company.workspace import Workspace
from preuve.model.content import AwsRule, Library, Policy, Severity
from preuve.model.errors import UsageError, raise_for
from preuve.model.progress import Progress, Show, Step
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus, by_resource
from preuve.model.snapshot import NOT_LOADED, RUNS_COMMANDS, WRITES_CODE, IacGap
from preuve.pipeline.push.base import Base
from preuve.pipeline.push.baseline import baseline_path, read_baseline, record
from preuve.pipeline.push.code import CodeSeen, PushBase, examine_code
from preuve.pipeline.push.git import Repository
from preuve.pipeline.push.scope import moved_out, scope_of
from preuve.pipeline.push.surroundings import folder_surroundings
from preuve.pipeline.run.preparation import Preparation, adds_content, prepare
from preuve.pipeline.run.progress import in_words
from preuve.pipeline.workspace.init_code import found_code, other_tools

# Not visible in the code: modules that are not installed, commands that may call AWS, code that a script writes.
_BEYOND = frozenset({NOT_LOADED, RUNS_COMMANDS, WRITES_CODE})
_WHOLE = re.compile(r"(?<![.\w])(account|region)\.")
_THERE = re.compile(r"resource\.(\w++)[\w.]*\.size\(\) > 0")  # a rule on what is there, if anything is
_MEMBER = re.compile(r"\bresource\.\??(\w+)")


@dataclass(frozen=True)
class Request:
    """The arguments of a run."""

    path: Path
    frameworks: tuple[str, ...] = ()
    gate: Severity | None = None
    baseline: Path | None = None
    base: str = ""
    judge_head: bool = False  # by the pushed workspace, though there is a base
    changed_only: bool = False  # examine only root modules that the push changes; needs a base
    cache: Path | None = None  # results of earlier runs
    language: str = FALLBACK  # of a folder that is no workspace


@dataclass(frozen=True)
class _Judge:
    """The judge: a prepared workspace, and the folder of its files."""

    prepared: Preparation
    home: Path
    commit: str = ""  # "" for the pushed one
    before: tuple[IacRoot, ...] | None = None  # the code that is examined in the base, if it is another
    added: frozenset[TerraformRun] = frozenset()  # the runs that only the push names


@dataclass(frozen=True)
class _Run:
    """One run: its request, its base, and its judge."""

    request: Request
    base: Base | None
    judge: _Judge
    progress: Progress
    ahead: EarlyWorker | None
    only: frozenset[str] | None = None  # the changed files, if only their roots are examined

    def examine(self, then: CodeSeen | None = None) -> CodeSeen:
        """Return the findings of the code as it is now. What was a root `then` still is one, even if it is called."""
        workspace = self.judge.prepared.workspace
        renamed = self.base.renamed if self.base and (workspace.left_out or then) else {}
        roots = _roots_now(workspace.root, then.roots, renamed) if then else frozenset()
        return self._examine(workspace, PushBase(roots, moved_out(workspace, renamed), self.judge.added))

    def examine_before(self, root: Path) -> CodeSeen:
        """Return the findings of the code of the base, which is in a folder."""
        workspace = self.judge.prepared.workspace
        iac = workspace.iac if self.judge.before is None else self.judge.before
        return self._examine(replace(workspace, root=root, iac=iac))

    def _examine(self, workspace: Workspace, pushed: PushBase | None = None) -> CodeSeen:
        prepared = replace(self.judge.prepared, workspace=workspace)
        return examine_code(prepared, self.progress, self.request.cache, self.only, self.ahead, pushed)


def examine(
    request: Request, show: Show, ahead: EarlyWorker | None = None, prepared: Preparation | None = None
) -> Push:
    """Examine the code of a workspace, with a worker `ahead` if there is one, and compare it with what was before.

    `prepared` is the pushed workspace, where it is loaded already. Raises UsageError if there is no code or no base to
    compare with, ContentError for the defects of the workspace.
    """
    base = Base.of(request.path, request.base) if request.base else None
    with tempfile.TemporaryDirectory(prefix="preuve-") as scratch:
        judge = _judge(request, base, Path(scratch) / "judge", prepared)
        kinds = {root.kind for root in judge.prepared.workspace.iac}
        only = _only(base, kinds, Path(scratch) / "before") if base and request.changed_only else None
        run = _Run(request, base, judge, in_words(show, judge.prepared.workspace.language), ahead, only)
        before = _before(run)
    seen = before.seen
    policies, found = [policy.id for policy in judge.prepared.policies], seen.assessment
    return Push(
        assessment=compare(found, before.known, before.names),
        opened=before.opened,
        lost=before.lost,
        removed=before.removed,
        unasked=before.unasked,
        beyond=before.beyond,
        library=judge.prepared.library,
        gate=request.gate or judge.prepared.workspace.gate,
        language=judge.prepared.workspace.language,
        compared=replace(before.compared, gone=0 if only is not None else gone(found, before.known, policies)),
        judged_by=judge.commit,
        prefix=base.prefix if base else _prefix(request.path),
        changes=base.changed_judges() if base else (),
        gaps=seen.gaps,
        narrowed=only is not None,
        before={of: before.known.grounds.get(of, frozenset()) for of in before.known.marks},
        params=judge.prepared.workspace.params,
        bare=not is_workspace(judge.home),
    )


def _only(base: Base, kinds: set[str], scratch: Path) -> frozenset[str] | None:
    """Return the changed files, if the push changes nothing that concerns code which does not name it."""
    if base.judges_changed or concerns_all(base.workspace, base.changed, kinds, base.changed_before(scratch)):
        return None
    return frozenset(base.changed)


def _prefix(path: Path) -> str:
    repository = Repository.around(path)
    return repository.prefix(path) if repository else ""


# ---- what judges --------------------------------------------------------------------------------------------------


def _judge(request: Request, base: Base | None, home: Path, pushed: Preparation | None) -> _Judge:
    """Return the workspace that judges: the base's, or if there is no base or it is not wanted, the pushed one."""
    if base and not request.judge_head and (prepared := _of_base(request, base, home)):
        changed = _linted(request.path, prepared, base)
        # Both scopes count: a push hides nothing, and added code is examined at once.
        scope = scope_of(request.path, prepared.workspace.iac, changed.iac)
        workspace = replace(prepared.workspace, root=request.path, iac=scope.judged)
        return _Judge(replace(prepared, workspace=workspace), home, base.name, scope.before, scope.added)
    if is_workspace(request.path):
        prepared = pushed or prepare(request.path, request.frameworks)
        _linted(request.path, prepared, base)
    else:
        prepared = prepare(request.path, request.frameworks, _code(request.path, base))
        prepared = replace(prepared, workspace=replace(prepared.workspace, language=request.language))
    return _Judge(prepared, request.path)


def _of_base(request: Request, base: Base, home: Path) -> Preparation | None:
    """Return the workspace of the base. If it has none, the whole catalogue judges all that there is: a first
    preuve.yaml counts once it is merged. None if a push brings none, or nothing to judge.
    """
    if base.judges(home, _in_workspace(request)):
        return prepare(home, request.frameworks)
    code = _kinds(request.path) if is_workspace(request.path) else ()
    if not code:
        return None
    home.mkdir(parents=True, exist_ok=True)
    prepared = prepare(home, request.frameworks, code)
    return replace(prepared, workspace=replace(prepared.workspace, language=request.language))


def _kinds(path: Path) -> tuple[IacRoot, ...]:
    """Return all the code of a folder, by kind."""
    return tuple({root.kind: IacRoot(".", root.kind) for root in found_code(path)}.values())


def _linted(path: Path, prepared: Preparation, base: Base | None) -> Workspace:
    """Return the pushed workspace. Raises ContentError with every problem of what the gate reads: no register.

    Bundled content was linted when it was built, and that of the workspace where it is as in the base.
    """
    if not is_workspace(path):
        return prepared.workspace
    own = adds_content(path) and (base is None or base.content_changed)
    library = _checked(path) if own else prepared.library
    pushed = prepared.workspace if prepared.workspace.root == path else load_workspace(path, library)
    raise_for([one for one in pushed.problems if not is_of_one(one)])
    return pushed


def _checked(path: Path) -> Library:
    """Load the library with the content of a workspace, with all checks of lint."""
    from preuve.pipeline.content.check import check_content  # noqa: PLC0415 - few workspaces have content of their own

    return check_content(path, update_lock=False, registers=False).library


def _code(path: Path, base: Base | None) -> tuple[IacRoot, ...]:
    """Return the code of a folder that is no workspace. Raises UsageError if it is a part of one, which judges it."""
    refuse_misnamed(path, FILE, "waivers.yaml")
    repository = Repository.around(path)
    above = path.resolve().parents if repository else ()
    for folder in above:
        if repository and folder.is_relative_to(repository.top) and is_workspace(folder):
            raise UsageError(f"{path} is a part of the workspace {folder}", f"run: preuve ci {folder}")
    kinds = _kinds(path)
    if not kinds and (others := other_tools(path)):
        read = "preuve examines Terraform, OpenTofu, CloudFormation, Dockerfiles and GitHub workflows"
        raise UsageError(f"the code in {path.resolve()} is that of {', '.join(others)}, which is not examined", read)
    if not kinds and base and (gone := _gone(base)):
        raise UsageError(
            f"the push removes all the code that {base.name} has in {path.resolve()}: {', '.join(gone)}",
            "nothing is left to examine: take preuve ci out of this pipeline, or write preuve.yaml",
        )
    if not kinds and (left := folder_surroundings(path).left_out):
        names = ", ".join(item.path for item in left)
        raise UsageError(
            f"there is no code in {path.resolve()} outside the evidence that preuve wrote: {names}",
            "move your code out of these folders",
        )
    if not kinds:
        raise UsageError(f"there is neither {FILE} nor any code in {path.resolve()}", "run: preuve init")
    return kinds


def _gone(base: Base) -> tuple[str, ...]:
    """Return the folders with code in the base, by kind."""
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        found = found_code(Path(folder)) if base.code(Path(folder)) else ()
    return tuple(f"{root.path} ({root.kind})" for root in found)


# ---- what was there before ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _BaseState:
    """The state before the push: known findings, and findings that were decided then and are not now. `seen` is the
    code as it is now, with the roots that it had then.
    """

    seen: CodeSeen
    known: Baseline
    compared: Comparison
    names: Names = field(default_factory=Names)
    opened: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()
    removed: tuple[Finding, ...] = ()
    beyond: tuple[IacGap, ...] = ()
    unasked: tuple[Finding, ...] = ()


def _before(run: _Run) -> _BaseState:
    """Return the known findings: a baseline from the judge's files, or the findings of the base's code."""
    request = run.request
    if request.baseline is None and run.base is not None:
        return _before_in(run.base, run)
    known = read_baseline(request.path, request.baseline and _trusted(run))
    name = baseline_path(request.path, request.baseline).name
    seen = run.examine()
    if known is None:
        return _BaseState(seen, Baseline(), Comparison())
    return _BaseState(seen, moved(seen.assessment, known, Renames({}, seen.moves)), Comparison("baseline", name))


def _trusted(run: _Run) -> Path:
    """Return the baseline as the judge has it. Raises UsageError if it has none."""
    path, inside = baseline_path(run.request.path, run.request.baseline), _in_workspace(run.request)
    if run.base is None or not run.judge.commit:
        return path
    if not inside and path.resolve().is_relative_to(run.base.repository.top):
        raise UsageError(f"{path} is outside the workspace", "keep the baseline beside preuve.yaml")
    if inside and not (run.judge.home / inside).is_file():
        raise UsageError(f"{run.judge.commit} has no {inside}", "compare with its code instead: leave out --baseline")
    return run.judge.home / inside if inside else path


def _before_in(base: Base, run: _Run) -> _BaseState:
    """Return the known findings in the code of the base, which is examined first: its roots are to be judged again."""
    compared = Comparison("base", base.name, apart=base.apart)
    if not base.changed:
        seen = run.examine()
        return _BaseState(seen, baseline_of(seen.assessment.findings), compared)
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        if not base.code(Path(folder)):
            seen = run.examine()
            return _BaseState(seen, Baseline(), compared, beyond=_beyond(seen.gaps, (), Renames()))
        run.progress(Step("base", {"name": base.name}))
        then = run.examine_before(Path(folder))
        seen = run.examine(then)
        before = then.assessment.findings
        stood = (one.place for one in by_resource(before))
        renames = Renames(base.renamed, seen.moves).taking([*stood, *then.blocks])
        known = moved(seen.assessment, baseline_of(before), renames)
        lost = opened(seen.assessment, before, renames, {FindingStatus.PASS}, then.blocks, seen.blocks)
        beyond = _beyond(seen.gaps, then.gaps, renames)
        hidden = opened(seen.assessment, before, renames, there=then.blocks, here=seen.blocks)
        names = Names.of(then.made, seen.made)
        now = Side.of(compare(seen.assessment, known, names).findings, seen.made)
        away = removed(now, Side.of(before, then.made), renames, _protects(run.judge.prepared))
        aside = left_aside(seen.assessment, before, renames)
        return _BaseState(seen, known, compared, names, hidden, lost, away, beyond, aside)


def _roots_now(home: Path, then: frozenset[str], renamed: Mapping[str, str]) -> frozenset[str]:
    """Return the root modules of the base, and for each whose folder has no code any more those to which its code went:
    what was applied by itself is no less so because a push calls it.
    """
    gone = {name for name in then if not any(True for ending in ENDINGS for _ in (home / name).glob(f"*{ending}"))}
    folders = (
        tuple(PurePosixPath(file).parent.as_posix() for file in (before, now))
        for now, before in renamed.items()
        if now.endswith(ENDINGS)
    )
    return then.union(now for before, now in folders if before in gone)


def _protects(prepared: Preparation) -> Protects:
    """Return what tells whether a finding is about an account or a region as a whole: one resource in code may protect
    all of it. So are all of a policy on accounts or regions alone; of one that asks them too, those on types that set
    something for the whole.
    """
    types, whole = prepared.library.types, types_of_accounts()
    once = {name for name, type_ in types.items() if type_.singleton}
    asked = {policy.id: {rule.resource for rule in policy.aws} for policy in prepared.policies if policy.aws}
    alone = {name for name, resources in asked.items() if once.issuperset(resources)}
    around = {policy.id: _around(policy) for policy in prepared.policies}

    def protects(finding: Finding) -> str:
        about = around.get(finding.policy, "")
        return about if finding.policy in alone or finding.place.type in whole else ""

    return protects


def _around(policy: Policy) -> str:
    """Return whether the conditions of a policy ask an account, or a region, as a whole; "" if they ask neither.
    What asks how something is, where it is there at all, misses nothing that is gone.
    """
    rules = [rule for rule in policy.aws if not _is_of_what_is_there(rule)]
    named = {rule.resource for rule in rules}
    read = {word for rule in rules for word in _WHOLE.findall(f"{rule.assert_} {rule.when}")}
    if "AWS::Region" in named or REGION in read:
        return REGION
    return ACCOUNT if "AWS::Account" in named or ACCOUNT in read else ""


def _is_of_what_is_there(rule: AwsRule) -> bool:
    there = _THERE.fullmatch(rule.when.strip())
    return there is not None and set(_MEMBER.findall(rule.assert_)) == {there[1]}


def _beyond(gaps: Iterable[IacGap], before: Iterable[IacGap], renames: Renames) -> tuple[IacGap, ...]:
    """Return the calls of modules that are not installed, and the commands, that the base does not have as they are:
    nothing shows what they make.
    """
    known = {_of(gap, Renames()) for gap in before}
    there = (gap for gap in gaps if gap.cause in _BEYOND)
    return tuple(gap for gap in there if _of(gap, renames) not in known)


def _of(gap: IacGap, renames: Renames) -> tuple[object, ...]:
    """Return what a gap was before. An address stands once in a root of Terraform; two templates may use one name."""
    file = "" if gap.framework == TERRAFORM else renames.files.get(gap.file, gap.file)
    return renames.root(gap.root, gap.file), file, gap.cause, gap.subject, gap.detail, gap.grounds


def _in_workspace(request: Request) -> str:
    """Return the baseline's path in the workspace, "" if it lies elsewhere."""
    path, home = baseline_path(request.path, request.baseline).resolve(), request.path.resolve()
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else ""


def update(request: Request, push: Push) -> Push:
    """Write what was found as known; answers the push as it is then."""
    path = baseline_path(request.path, request.baseline)
    return replace(push, assessment=record(push.assessment, path, "iac"), compared=Comparison("baseline", path.name))
