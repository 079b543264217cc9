"""`preuve lint` and `preuve test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.options import workspace_option
from preuve.model.errors import Exit

if TYPE_CHECKING:
    from preuve.assess.examples import ExampleResult


@click.command(cls=Command, epilog="Example: preuve lint --workspace examples/techstart")
@workspace_option
@click.option("--update-lock", is_flag=True, help="Record new revisions in controls/catalogue.lock.")
@click.option("--coverage", is_flag=True, help="List each control with its policies and its manual evidence.")
def lint(workspace: Path, *, update_lock: bool, coverage: bool) -> None:
    """Check controls, policies, collectors and the workspace; report every problem with file, line and column."""
    from preuve.pipeline.content.check import check_content  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.publish.tables.coverage import by_control, summary  # noqa: PLC0415

    checked = check_content(workspace, update_lock=update_lock)
    for path in checked.written:
        here = Path.cwd()
        click.echo(f"wrote {path.relative_to(here) if path.is_relative_to(here) else path}")
    for line in by_control(checked.library) if coverage else ():
        click.echo(line)
    for line in summary(checked.library):
        click.echo(line)


@click.command(cls=Command, epilog="Example: preuve test s3-encrypted iam-root-mfa")
@workspace_option
@click.argument("policies", nargs=-1)
def test(workspace: Path, policies: tuple[str, ...]) -> None:
    """Run the examples of all policies, or of those named."""
    from preuve.pipeline.content.check import run_examples  # noqa: PLC0415

    tested = run_examples(workspace, policies)
    for item in tested.failed:
        click.echo(_explained(item))
    count = len(tested.results)
    rules = f"{tested.rules} rule{'s' if tested.rules != 1 else ''}"
    click.echo(f"{count - len(tested.failed)}/{count} examples of {rules} passed")
    if tested.failed or not tested.results:
        raise click.exceptions.Exit(Exit.INVALID if tested.results else Exit.NOTHING_EXAMINED)


def _explained(item: ExampleResult) -> str:
    verdicts = (f"- expected {item.expected.upper()}", f"+ came out {item.actual.upper()}: {item.reason}")
    values = (f"  {line}" for line in item.parts)
    return "\n  ".join([f"{item.position}: {item.policy}: {item.name}", *verdicts, *values])
