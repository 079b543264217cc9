"""`preuve explain`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from preuve.cli.completion import policies_and_controls
from preuve.cli.help import Command
from preuve.cli.language import language_of
from preuve.cli.options import workspace_option

_EXAMPLES = """\b
Examples:
  preuve explain s3-encrypted
  preuve explain A.8.24 --language fr
  preuve explain GOV-03 --workspace examples/techstart
"""


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("identifier", metavar="ID", shell_complete=policies_and_controls)
@workspace_option
@click.option(
    "--language", default="", help="Language of the texts: en, fr, …  [default: the workspace's, or the terminal's]"
)
def explain(identifier: str, workspace: Path, language: str) -> None:
    """Explain a policy, a control, an article of the GDPR or an item of manual evidence.

    For a policy: what it tests and why, thresholds and their origin, the fix, limits, controls, permissions and, in a
    workspace, the findings of the newest audit. For a control: objective, what its checks show, policies, planned
    policies, manual evidence.
    """
    from preuve.pipeline.content.explain import explain as explained  # noqa: PLC0415 - `--help` must not load what a run needs
    from preuve.publish.terminal.explanation import page_text  # noqa: PLC0415

    headings = {"start": "\033[1m", "end": "\033[0m"} if sys.stdout.isatty() else {}
    click.echo(page_text(explained(workspace, identifier, language or language_of(workspace)), headings))
