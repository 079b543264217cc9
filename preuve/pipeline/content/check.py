"""Checking and testing content: what `preuve lint` and `preuve test` do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from preuve.assess.examples import ExampleResult, ExampleRunner
from preuve.library.company.indicators import read_indicators
from preuve.library.company.inlets import read_inlets
from preuve.library.company.names import is_workspace, refuse_part
from preuve.library.company.registers import is_of_one
from preuve.library.company.workspace import load_workspace
from preuve.library.iam.permissions import as_json, documents, required
from preuve.library.load import load_library, read_library
from preuve.library.parsed_content import ParsedContent, PositionRecorder
from preuve.library.validation import compiled_conditions, locales, lock
from preuve.library.validation.code import fixes
from preuve.library.validation.lint import LintResult, lint
from preuve.library.validation.rules import Checker, needs
from preuve.library.yaml.place import content_root
from preuve.model.content import Library
from preuve.model.errors import ContentError, Problem, UsageError, raise_for
from preuve.pipeline.run.preparation import adds_content


@dataclass(frozen=True)
class CheckResult:
    """Content without a problem, the files that were written, and what a workspace's registers wait for."""

    written: tuple[Path, ...]
    library: Library
    waiting: tuple[Problem, ...] = ()


def check_content(workspace: Path, *, update_lock: bool, registers: bool = True) -> CheckResult:
    """Check bundled content, or that of a workspace with it, with its `registers` or without. Raises ContentError with
    every problem.
    """
    own, noting = _workspace_or_none(workspace), PositionRecorder()
    if own is not None and not adds_content(own) and (built := _as_built()):
        return _with_workspace(own, built, registers=registers)
    library, unusable = read_library(own, opener=noting)
    in_doubt = frozenset(problem.position.file for problem in unusable)
    result = lint(library, in_doubt)
    problems = [
        *unusable,
        *read_inlets(own)[1],
        *read_indicators(own)[1],
        *result.problems,
        *ExampleRunner(library, result.checker.shapes).check(result.rules),
    ]
    if own is None:
        problems += [*fixes.missing(library, in_doubt), *fixes.order(library), *locales.problems(content_root())]
    waiting: tuple[Problem, ...] = ()
    if own is not None and not unusable:
        found, waiting = _in_workspace(own, library)
        problems += [one for one in found if registers or not is_of_one(one)]
    raise_for(problems)
    written: tuple[Path, ...] = ()
    if own is None:
        root = content_root()
        written = _write(root, result, noting) if update_lock else ()
        if outdated := _outdated(root, result, noting):
            raise ContentError(outdated)
    return CheckResult(written, library, waiting)


def _as_built() -> Library | None:
    """Return the bundled content if it is unchanged since it was checked at the build; None if somebody has
    edited it.
    """
    opener = ParsedContent(content_root())
    library, unusable = read_library(opener=opener)
    return None if unusable or opener.changed or [*lock.problems(library)] else library


def _with_workspace(own: Path, library: Library, *, registers: bool) -> CheckResult:
    """Return the bundled content, which was checked at the build, after checking a workspace that adds none."""
    found, waiting = _in_workspace(own, library)
    workspace = [one for one in found if registers or not is_of_one(one)]
    raise_for([*read_inlets(own)[1], *read_indicators(own)[1], *workspace])
    return CheckResult((), library, waiting)


def _write(root: Path, result: LintResult, noting: PositionRecorder) -> tuple[Path, ...]:
    """Write the files that are generated from content without a problem."""
    library, shapes = result.checker.library, result.checker.shapes
    first = (lock.update(library), compiled_conditions.update(root, shapes, result.rules))
    return (*first, noting.write(root), _write_permissions(root, library, result))


def _outdated(root: Path, result: LintResult, noting: PositionRecorder) -> list[Problem]:
    """Return the first defect of generated files: one command writes them all."""
    library = result.checker.library
    checks = (lock.problems(library), compiled_conditions.problems(root, library, result.rules), noting.problems(root))
    return next(filter(None, map(list, checks)), [])


def _write_permissions(root: Path, library: Library, result: LintResult) -> Path:
    """Write the scanning role's permissions for all bundled policies, for people who attach a file."""
    path = root / "ci" / "permissions.json"
    path.write_text(as_json(documents(required(library, needs(library, result.rules)))), encoding="utf-8")
    return path


@dataclass(frozen=True)
class TestResult:
    """The results of the examples of a number of rules."""

    rules: int
    results: tuple[ExampleResult, ...]

    @property
    def failed(self) -> tuple[ExampleResult, ...]:
        """The examples whose verdict differs from the expected one."""
        return tuple(item for item in self.results if not item.passed)


def run_examples(workspace: Path, policies: Collection[str]) -> TestResult:
    """Run the examples of all policies, or of those named.

    Raises UsageError if one is not there, ContentError for its conditions.
    """
    library = load_library(_workspace_or_none(workspace))
    unknown = sorted(set(policies) - set(library.policies))
    if unknown:
        raise UsageError(f"there is no policy {', '.join(unknown)}", "see the folder policies/")
    named = [policy for name, policy in library.policies.items() if not policies or name in policies]
    checker = Checker.of(library, named)
    rules = checker.rules(named)
    raise_for([*checker.shapes.problems, *checker.problems])
    runner = ExampleRunner(library, checker.shapes)
    results = tuple(runner.run(rules))
    if runner.problems:  # an example that AWS cannot return proves nothing
        raise ContentError(runner.problems)
    return TestResult(len(rules), results)


def _workspace_or_none(folder: Path) -> Path | None:
    """Return the folder if it is a workspace; a checkout of preuve itself has only bundled content.

    Raises UsageError if it is a part of a workspace, which would not be checked.
    """
    if not is_workspace(folder):
        refuse_part(folder)
    return folder.resolve() if is_workspace(folder) else None


def _in_workspace(workspace: Path, library: Library) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the problems of a workspace, and what its registers wait for."""
    try:
        found = load_workspace(workspace, library)
    except ContentError as error:
        return error.problems, ()
    return found.problems, found.waiting
