"""`preuve doctor`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.language import language_of
from preuve.cli.options import framework_option, workspace_option

if TYPE_CHECKING:
    from preuve.pipeline.workspace.doctor.check import Check

_COLOURS = {"ok": "green", "warning": "yellow", "fail": "red", "unknown": "magenta"}
_WIDTH = 13
_EPILOG = """\b
Exit codes: 0 nothing fails, 10 something fails, 11 something could not be checked.
Example: preuve doctor --workspace examples/techstart
"""


@click.command(cls=Command, epilog=_EPILOG)
@workspace_option
@framework_option
def doctor(workspace: Path, frameworks: tuple[str, ...]) -> None:
    """Say before audit day what would fail.

    Checks the machine, the content, the workspace and each account: credentials, regions, permissions (with IAM's
    simulation, if it is allowed). The command only reads; it says what it cannot check.
    """
    from preuve.pipeline.workspace.doctor.check import exit_code  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.workspace.doctor.diagnosis import diagnose  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    t, found = load_locale(language_of(workspace)), []
    for check in diagnose(workspace, t, frameworks):
        _show(check, t(f"doctor.state.{check.state}"), t("site.colon"))
        found.append(check)
    counts = {state: sum(1 for check in found if check.state == state) for state in _COLOURS}
    click.echo("\n" + ", ".join(f"{count} {t(f'doctor.state.{state}')}" for state, count in counts.items()))
    raise click.exceptions.Exit(exit_code(found))


def _show(check: Check, word: str, colon: str) -> None:
    from preuve.publish.words.text import one_line  # noqa: PLC0415

    state = f"{word:<{_WIDTH}}"
    shown = click.style(state, fg=_COLOURS[check.state.value]) if sys.stdout.isatty() else state
    click.echo(f"{shown}{check.name}{colon} {one_line(check.message, 600)}")
    if check.hint:
        click.echo(f"{'':<{_WIDTH}}→ {one_line(check.hint, 300)}")
