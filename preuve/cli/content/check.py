"""`preuve lint` and `preuve test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.language import is_workspace, language_of
from preuve.cli.options import workspace_option
from preuve.model.errors import Exit

if TYPE_CHECKING:
    from preuve.assess.examples import ExampleResult
    from preuve.publish.words.locale import Locale


@click.command(cls=Command, epilog="Example: preuve lint --workspace examples/techstart")
@workspace_option
@click.option("--update-lock", is_flag=True, help="Record new revisions in controls/catalogue.lock.")
@click.option("--coverage", is_flag=True, help="List each control with its policies and its manual evidence.")
def lint(workspace: Path, *, update_lock: bool, coverage: bool) -> None:
    """Check the workspace and what it adds, or else the bundled content; name each problem's file, line and column."""
    from preuve.library.load import is_source  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.content.check import check_content  # noqa: PLC0415
    from preuve.publish.tables.coverage import by_control, summary  # noqa: PLC0415
    from preuve.publish.words.errors import defect  # noqa: PLC0415

    checked, locale = check_content(workspace, update_lock=update_lock), _locale(workspace)
    if not is_workspace(workspace) and not is_source(workspace):
        click.echo(locale("lint.bundled_only"))
    for path in checked.written:
        here = Path.cwd()
        click.echo(locale("lint.wrote", file=path.relative_to(here) if path.is_relative_to(here) else path))
    for line in by_control(checked.library, locale) if coverage else ():
        click.echo(line)
    for line in summary(checked.library, locale):
        click.echo(line)
    for problem in checked.waiting:
        click.echo(defect(str(problem), locale), err=True)


@click.command(cls=Command, epilog="Example: preuve test s3-encrypted iam-root-mfa")
@workspace_option
@click.argument("policies", nargs=-1)
def test(workspace: Path, policies: tuple[str, ...]) -> None:
    """Run the examples of all policies, or of those named."""
    from preuve.pipeline.content.check import run_examples  # noqa: PLC0415

    tested, locale = run_examples(workspace, policies), _locale(workspace)
    for item in tested.failed:
        click.echo(_explained(item, locale))
    count = len(tested.results)
    click.echo(locale.count("lint.passed", tested.rules, passed=count - len(tested.failed), all=count))
    if tested.failed or not tested.results:
        raise click.exceptions.Exit(Exit.INVALID if tested.results else Exit.NOTHING_EXAMINED)


def _locale(workspace: Path) -> Locale:
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415 - `--help` must not load what the run needs

    return load_locale(language_of(workspace))


def _explained(item: ExampleResult, locale: Locale) -> str:
    why = item.explain()
    verdicts = (
        locale("lint.expected", verdict=item.expected.upper()),
        locale("lint.came_out", verdict=item.actual.upper(), why=why.reason),
    )
    values = (f"  {line}" for line in why.parts)
    return "\n  ".join([f"{item.position}: {item.policy}: {item.name}", *verdicts, *values])
