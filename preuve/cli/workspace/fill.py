"""`preuve fill`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.completion import inlets
from preuve.cli.help import Command
from preuve.cli.language import language_of
from preuve.cli.options import workspace_option
from preuve.model.errors import Exit, UsageError

if TYPE_CHECKING:
    from preuve.collect.inlets.intake import FileFacts

_EXAMPLES = """\b
Examples:
  preuve fill --list
  preuve fill --show okta-users
  preuve fill okta-users users.json
  preuve fill okta-users users.json --made 2026-11-20 --write
"""


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("inlet", default="", shell_complete=inlets)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@workspace_option
@click.option("--list", "listed", is_flag=True, help="Show every inlet: what it reads and which register it fills.")
@click.option(
    "--show",
    "shown",
    metavar="INLET",
    default="",
    shell_complete=inlets,
    help="Say how to get the file, and what is read from it.",
)
@click.option("--write", is_flag=True, help="Write the register.  [default: show what would change]")
@click.option("--made", metavar="DATE", default="", help="When the tool wrote the file.  [default: the file's date]")
@click.option("--whole", is_flag=True, help="Confirm that the file has every row, if it does not say so itself.")
@click.option("--tool-version", "version", default="", help="Version of the tool, if the file does not contain it.")
def fill(
    inlet: str, file: Path | None, workspace: Path, *, listed: bool, shown: str, write: bool, whole: bool, **said: str
) -> None:
    """Fill a register from the file of another tool: HR, identity provider, MDM, tickets, scanners.

    Shows which rows would be added or changed; --write writes them to registers/. A cell that a person wrote is never
    changed: if the file differs, the command says so. Each row says where it comes from and until when it counts.
    Exits with 11 if a row of the file could not be used, if it is not known whether the file has every row, if an
    earlier file still leaves rows missing in the register, or if rows name a file that registers/.filled does not
    mention. The good rows are used all the same. Until a file is read completely, indicators that count the register's
    rows are "not measured", and policies that do so are "not evaluated".
    """
    from preuve.pipeline.bundle.origin import to_commit  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.workspace import fill as work  # noqa: PLC0415
    from preuve.publish.tables import register_changes  # noqa: PLC0415

    if listed or shown:
        from preuve.publish.words.locale import load_locale  # noqa: PLC0415

        inlets, locale = work.inlets_of(workspace), load_locale(language_of(workspace))
        lines = (
            register_changes.inlet_guide(work.find(inlets, shown), locale)
            if shown
            else register_changes.listing(inlets.values(), locale)
        )
        for line in lines:
            click.echo(line)
        return
    if not inlet or file is None:
        raise UsageError("name an inlet and a file", "all inlets: preuve fill --list")
    result, locale = work.fill(workspace, inlet, file, _asked(whole=whole, **said), write=write)
    for line in (*register_changes.report(result, locale), *(to_commit(workspace, locale) if result.written else ())):
        click.echo(line)
    if not result.complete:
        raise click.exceptions.Exit(Exit.INCOMPLETE)


def _asked(made: str, version: str, *, whole: bool) -> FileFacts:
    from preuve.collect.inlets.intake import FileFacts  # noqa: PLC0415 - `--help` must not load what the run needs

    try:
        day = date.fromisoformat(made) if made else None
    except ValueError as error:
        raise UsageError(f"--made {made} is not a day", "write it as 2026-11-24") from error
    return FileFacts(day, version, datetime.now(UTC).date(), whole)
