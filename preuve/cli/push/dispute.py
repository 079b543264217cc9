"""`preuve dispute`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import progress_display


@click.command(cls=Command, epilog="Example: preuve dispute cee32827db56")
@click.argument("finding")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
def dispute(finding: str, path: Path) -> None:
    """Write a draft that the owner of a policy must answer, with the values that decided a failure in the code or
    account of PATH.

    FINDING is the id that `preuve ci` shows for code, and `preuve explain POLICY` for the newest audit. The draft
    goes to disputes/ and silences nothing; existing drafts are kept.
    """
    from preuve.model.push import Push  # noqa: PLC0415 - `--help` must not load what a run needs
    from preuve.pipeline.push.dispute import dispute as write_dispute  # noqa: PLC0415
    from preuve.pipeline.push.gate import Request, examine  # noqa: PLC0415
    from preuve.pipeline.push.warm_start import default_cache  # noqa: PLC0415
    from preuve.pipeline.run.preparation import Preparation  # noqa: PLC0415

    def code(prepared: Preparation) -> Push:
        with progress_display() as progress:
            return examine(Request(path, cache=default_cache(path)), progress, prepared=prepared)

    written, locale = write_dispute(path, finding, date.today(), code)
    click.echo(locale("note.wrote", file=written))
