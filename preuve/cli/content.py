"""`preuve lint` and `preuve test`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.assess.examples import ExampleResult, ExampleRunner
from preuve.cli.options import workspace_option
from preuve.library import compiled, lock
from preuve.library.content import content_root
from preuve.library.lint import LintResult
from preuve.library.lint import lint as lint_library
from preuve.library.load import load_library, read_library
from preuve.library.workspace import load_workspace
from preuve.model.content import Automation, Library
from preuve.model.errors import ContentError, Exit, Problem


@click.command(epilog="Example: preuve lint --workspace examples/techstart")
@workspace_option
@click.option("--update-lock", is_flag=True, help="Record new revisions in controls/catalogue.lock.")
def lint(workspace: Path, *, update_lock: bool) -> None:
    """Check controls, policies, collectors and the workspace; report every problem with file, line and column."""
    own = _own_content(workspace)
    library, unusable = read_library(own)
    result = lint_library(library)
    problems = [*unusable, *result.problems, *_example_problems(library, result)]
    if own is None:
        problems += _locked(library, result, update=update_lock and not problems)
    else:
        problems += _workspace(workspace, library)
    if problems:
        raise ContentError(problems)
    for line in _coverage(library):
        click.echo(line)


@click.command(epilog="Example: preuve test s3-encrypted iam-root-mfa")
@workspace_option
@click.argument("policies", nargs=-1)
def test(workspace: Path, policies: tuple[str, ...]) -> None:
    """Run the examples of all policies, or of those named."""
    library = load_library(_own_content(workspace))
    unknown = sorted(set(policies) - set(library.policies))
    if unknown:
        raise click.UsageError(f"there is no policy {', '.join(unknown)}; see the folder policies/")
    result = lint_library(library)
    relevant = [problem for problem in result.checker.problems if not policies or _about(problem.message, policies)]
    if relevant:
        raise ContentError(relevant)
    runner = ExampleRunner(library, result.checker.shapes)
    rules = [rule for rule in result.rules if not policies or rule.policy.id in policies]
    results = list(runner.run(rules))
    failed = [item for item in results if not item.passed]
    for item in failed:
        click.echo(_explained(item))
    click.echo(f"{len(results) - len(failed)} of {len(results)} examples of {len(rules)} rules come out as they say")
    if failed or not results:
        raise click.exceptions.Exit(Exit.INVALID if results else Exit.NOTHING_EXAMINED)


def _locked(library: Library, result: LintResult, *, update: bool) -> list[Problem]:
    """What the lock and the compiled conditions say of the bundled content."""
    root = content_root()
    if update:
        click.echo(f"wrote {lock.update(library)}")
        click.echo(f"wrote {compiled.update(root, result.checker.shapes, result.rules)}")
    return [*lock.problems(library), *compiled.problems(root)]


def _workspace(workspace: Path, library: Library) -> list[Problem]:
    try:
        return list(load_workspace(workspace, library).problems)
    except ContentError as error:
        return list(error.problems)


def _about(message: str, policies: tuple[str, ...]) -> bool:
    return message.split(":", maxsplit=1)[0] in policies


def _own_content(workspace: Path) -> Path | None:
    """The workspace where it is one; a checkout of preuve itself has only bundled content."""
    return workspace.resolve() if (workspace / "preuve.yaml").is_file() else None


def _example_problems(library: Library, result: LintResult) -> list[Problem]:
    runner = ExampleRunner(library, result.checker.shapes)
    for _ in runner.run(result.rules):
        pass
    return list(runner.problems)


def _explained(item: ExampleResult) -> str:
    return (
        f"{item.position}: {item.policy}: {item.name}\n"
        f"  - expected {item.expected.upper()}\n  + came out {item.actual.upper()}: {item.reason}"
    )


def _coverage(library: Library) -> list[str]:
    lines = [f"{len(library.policies)} policies on {len(library.types)} resource types"]
    for framework in library.frameworks.values():
        counts = {kind: sum(1 for item in framework.controls if item.automation is kind) for kind in Automation}
        mapped = sum(1 for item in framework.controls if item.policies)
        words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        lines.append(f"{framework.id}: {len(framework.controls)} controls ({words}), {mapped} with policies")
    return lines
