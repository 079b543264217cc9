"""Everything that a run needs before it reads anything: content, workspace, checked conditions, what to collect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.assess.assessment import assess, selected
from preuve.assess.view import Members
from preuve.evidence.approval import with_approvals
from preuve.evidence.folder import OWN
from preuve.library.company.workspace import assumed_workspace, load_workspace
from preuve.library.load import load_library
from preuve.library.validation import compiled_conditions
from preuve.library.validation.checked_rule import CheckedRule, merged
from preuve.library.validation.code.checkov_ids import unknown_checks
from preuve.library.validation.code.identities import with_stacks
from preuve.library.validation.rules import Checker, Needs, needs
from preuve.library.validation.texts import Texts
from preuve.library.yaml.files import is_there
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library, Policy
from preuve.model.errors import ContentError, UsageError, raise_for
from preuve.model.results import Assessment
from preuve.model.snapshot import Snapshot
from preuve.snapshot.reader import read_json


@dataclass(frozen=True)
class Preparation:
    """Content and workspace, ready to collect and to judge."""

    library: Library
    workspace: Workspace
    policies: tuple[Policy, ...]
    rules: tuple[CheckedRule, ...]
    shapes: Members
    needs: Needs


def prepare(root: Path, frameworks: tuple[str, ...] = (), code: tuple[IacRoot, ...] = ()) -> Preparation:
    """Load a workspace with its content and its policies.

    `frameworks` narrows the workspace's own choice; `code` is that of a folder that is no workspace. Raises UsageError
    for an unknown framework, and ContentError with all defects of the files.
    """
    own = root if adds_content(root) and not code else None
    library = load_library(own)
    if own and (unknown := [*unknown_checks(library)]):
        raise ContentError(unknown)
    workspace = assumed_workspace(root, code) if code else with_approvals(load_workspace(root, library))
    if frameworks:
        check_frameworks(library, frameworks)
        workspace = replace(workspace, frameworks=frameworks)
    return _prepared(library, workspace)


def check_frameworks(library: Library, frameworks: Iterable[str]) -> None:
    """Raise UsageError if a named framework does not exist."""
    unknown = sorted(set(frameworks) - set(library.frameworks))
    if unknown:
        known = ", ".join(sorted(library.frameworks))
        raise UsageError(f"there is no framework {', '.join(unknown)}", f"one of {known}")


def adds_content(root: Path) -> bool:
    """Return whether a workspace has controls, policies or collectors of its own."""
    return any(is_there(root / name) for name in ("controls", "policies", "scanners"))


def _prepared(library: Library, workspace: Workspace) -> Preparation:
    policies = selected(library, workspace.frameworks)
    rules, shapes = checked(library, policies)
    texts = Texts(library, shapes, merged(rule.reads for rule in rules))
    wanted = with_stacks(replace(needs(library, rules), texts=texts), workspace)
    return Preparation(library, workspace, policies, rules, shapes, wanted)


def checked(library: Library, policies: tuple[Policy, ...]) -> tuple[tuple[CheckedRule, ...], Members]:
    """Return the rules of some policies and the shapes that they read. Raises ContentError if a condition fails.

    Rules that were checked when the installed content was linted are recognised by their hash.
    """
    known = compiled_conditions.restored(content_root(), library, policies)
    if known is not None:
        return known
    checker = Checker.of(library, policies)
    rules = checker.rules(policies)
    problems = [*checker.shapes.problems, *checker.problems]
    raise_for(problems)
    return rules, checker.shapes


def stored(snapshot: Path, content: Path) -> Preparation:
    """Prepare to judge a stored snapshot by the content in its bundle: a bundle is judged by the content that people
    read in it.

    Only content that differs from the installed one is type-checked again.
    """
    return _prepared(*kept(snapshot, content))


def kept(snapshot: Path, content: Path) -> tuple[Library, Workspace]:
    """Return the content and the workspace in a bundle, without checking or compiling them."""
    own = content / OWN if (content / OWN).is_dir() else None
    library = load_library(own, root=content, validate=False)
    return library, _restored(snapshot, snapshot)


def _restored(snapshot: Path, root: Path) -> Workspace:
    from preuve.redact.workspace_file import restore  # noqa: PLC0415 - a push keeps no snapshot, and need not load it

    return restore(read_json(snapshot / "workspace.json"), root)


def as_kept(prepared: Preparation, snapshot: Path) -> Preparation:
    """Return `prepared` with the redacted workspace of the snapshot: outputs use nothing else."""
    return replace(prepared, workspace=_restored(snapshot, prepared.workspace.root))


def judge(prepared: Preparation, found: Snapshot) -> Assessment:
    """Judge a snapshot as of the moment at which it was complete, so that the result is the same at any later time."""
    return assess(
        prepared.library,
        prepared.shapes,
        prepared.rules,
        prepared.policies,
        found,
        prepared.workspace,
        found.meta.finished,
    )
