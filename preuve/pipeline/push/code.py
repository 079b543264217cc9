"""Examines code alone: what to scan of a workspace, and what its findings are. Loads nothing that reads an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.assess.code.findings import UNREADABLE
from preuve.collect.code import EarlyWorker, IacJob, look, proven_version
from preuve.collect.code.files.kinds import TERRAFORM
from preuve.collect.code.job import Surroundings, content_of
from preuve.library.validation.code.code_rules import rendered
from preuve.library.validation.code.known_types import known_types, quiet_types, types_of_accounts
from preuve.model.company.code import TerraformRun
from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError
from preuve.model.moment import current_moment
from preuve.model.progress import Progress
from preuve.model.results import Assessment, Place
from preuve.model.snapshot import IacBlock, IacGap, Meta
from preuve.pipeline.push.surroundings import workspace_surroundings
from preuve.pipeline.run.preparation import Preparation, judge
from preuve.pipeline.workspace.init_code import other_tools
from preuve.snapshot.reader import code_of

_NAME = "name"


@dataclass(frozen=True)
class CodeSeen:
    """The findings of code, what of it is not covered, by root the earlier addresses of what it has moved, and the
    blocks of types that an account holds too.
    """

    assessment: Assessment
    gaps: tuple[IacGap, ...]
    moves: Mapping[str, Mapping[str, str]]
    blocks: tuple[Place, ...] = ()
    made: tuple[IacBlock, ...] = ()  # the same, with what the code says of them
    roots: frozenset[str] = frozenset()  # the root modules of Terraform


@dataclass(frozen=True)
class PushBase:
    """What the base of a push makes of the code: root modules that are `applied`, even if others call them now, code
    that was `moved` to where it is left out, and runs that were `added`.
    """

    applied: frozenset[str] = frozenset()
    moved: tuple[str, ...] = ()
    added: frozenset[TerraformRun] = frozenset()


def check_names_code(workspace: Workspace) -> None:
    """Raise UsageError if the workspace names no code."""
    if not workspace.iac:
        tools = ", ".join(other_tools(workspace.root))
        hint = f"fill in scope.iac; code of {tools} is not read" if tools else "fill in scope.iac"
        raise UsageError("preuve.yaml names no code to scan", hint)


def code_job(prepared: Preparation, only: frozenset[str] | None = None) -> IacJob:
    """Return the scan of a workspace's code, and its checks. `only`: just the roots of these changed files. If the
    workspace names no code, the scan only looks for it. Raises UsageError if code is to be judged, and preuve is not
    proven with the version of Checkov that is installed.
    """
    if prepared.workspace.iac:
        proven_version()
    judging = prepared.policies if prepared.workspace.iac else ()
    checks = {check for policy in judging if policy.iac for check in policy.iac.checkov}
    params = prepared.library.values(prepared.workspace.params)
    own = (account.id for account in prepared.workspace.accounts)
    params = {**params, "trusted_account_ids": [*params.get("trusted_account_ids", ()), *own]}
    by_tags = [check for policy in judging if policy.iac and policy.iac.by_tags for check in policy.iac.checkov]
    rules = [rule for name, rule in prepared.library.code_rules.items() if name in checks]
    namings = prepared.library.namings
    named = {name: item.argument for name, item in namings.of.items()}
    arguments = {**dict.fromkeys(types_of_accounts(), ""), **namings.people, **named}
    return IacJob(
        prepared.workspace.root,
        prepared.workspace.iac,
        frozenset(checks),
        tuple(rendered(rule, params, prepared.library.reference) for rule in rules),
        only=only,
        around=workspace_surroundings(prepared.workspace, prepared.library),
        known=known_types(),
        quiet=quiet_types(),
        arguments=arguments,
        documents=prepared.library.documents,
        standing=namings.standing,
        by_tags=frozenset(by_tags),
    )


def without_states(job: IacJob) -> IacJob:
    """Return a scan beside which no account is read: there is nothing to find by a state."""
    return replace(job, roots=tuple(replace(root, state="") for root in job.roots))


def examine_code(
    prepared: Preparation,
    progress: Progress,
    cache: Path | None = None,
    only: frozenset[str] | None = None,
    ahead: EarlyWorker | None = None,
    pushed: PushBase | None = None,
) -> CodeSeen:
    """Return the findings of a workspace's code as of now, and what of it is not covered.

    No snapshot is kept, so nothing is pseudonymised: a push is shown to those who can read the code and the waivers
    anyway. `cache` holds results of earlier runs; `only` are changed files: other root modules are left out;
    `ahead` is a worker that was started before; `pushed` is what the base of a push makes of it.
    """
    check_names_code(prepared.workspace)
    job = replace(without_states(code_job(prepared, only)), whole=types_of_accounts())  # for the comparison with a base
    # What the code calls `name` tells its objects apart also where the account knows them by something else.
    job = replace(job, arguments={type_: argument or _NAME for type_, argument in job.arguments.items()})
    if pushed is not None:
        surroundings = replace(job.around or Surroundings(), moved=pushed.moved)
        job = replace(job, applied=pushed.applied, added=pushed.added, around=surroundings)
    found = code_of(look(job, progress=progress, cache=cache, ahead=ahead))
    uncovered = tuple(gap for gap in found.gaps if gap.cause not in UNREADABLE)  # those are findings
    found = replace(found, gaps=tuple(_with_content(gap, prepared.workspace.root) for gap in found.gaps))
    moves = {scan.root: scan.moved for scan in found.scans if scan.moved}
    blocks = tuple(Place(one.type, one.address, root=one.root, file=one.file) for one in found.blocks)
    roots = frozenset(scan.root for scan in found.scans if scan.framework == TERRAFORM)
    assessment = judge(prepared, replace(found, meta=Meta(finished=current_moment())))
    return CodeSeen(assessment, uncovered, moves, blocks, found.blocks, roots)


def _with_content(gap: IacGap, root: Path) -> IacGap:
    """Add what a file that could not be read holds, as its hash."""
    if gap.grounds or gap.cause not in UNREADABLE or not gap.file:
        return gap
    try:
        return replace(gap, grounds=content_of(root / gap.file))
    except OSError:  # a folder, a link, a pipe, or one that nobody may read
        return gap
