"""`preuve collect`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import asks, framework_option, output_option, progress_display, refuse_bundle, workspace_option
from preuve.model.errors import Exit, UsageError


@dataclass(frozen=True, kw_only=True)
class CollectRequest:
    """The account to read, and where its part is written."""

    workspace: Path
    frameworks: tuple[str, ...]
    account: str
    out: str
    hours: float
    no_raw: bool
    demonstration_port: int | None
    orders: bool


def _outside(_context: click.Context, _option: click.Parameter, place: str) -> str:
    """Return the path. Raises UsageError if it is a folder in a closed bundle."""
    if place and "://" not in place:
        refuse_bundle(Path(place))
    return place


@click.command(cls=Command, epilog="Example: preuve collect --account 123456789012 --output parts")
@workspace_option
@framework_option
@click.option("--account", default="", help="The account to read: of scope.accounts, or any with scope.organization.")
@output_option("out", default="", callback=_outside, help="Where parts are kept: a folder, or s3://BUCKET/PREFIX.")
@click.option(
    "--max-age",
    "hours",
    type=click.FloatRange(min=0),
    default=0,
    help="Reuse a part that is no older than this, in hours.",
)
@click.option("--no-raw", is_flag=True, help="Keep no raw copies, whatever the workspace says.")
@click.option("--demonstration-port", type=click.IntRange(1, 65_535), help="Port of the emulated account.")
@click.option("--orders", is_flag=True, hidden=True, help="Read the accounts that standard input names.")
@asks(CollectRequest)
def collect(asked: CollectRequest) -> None:
    """Read one account into a part, which `preuve audit --parts` judges with the others.

    A part is written completely or not at all. Exits with 11 if something in the account could not be read, and says
    what, and what to do.
    """
    from preuve.pipeline.fleet.engine import Order  # noqa: PLC0415 - `--help` must not load what it needs
    from preuve.pipeline.fleet.work import collect_order, serve, unread  # noqa: PLC0415

    if asked.orders:
        serve(sys.stdin, _answering())
        return
    if not (asked.account and asked.out):
        raise UsageError("the account to read, or the place to write to, is missing", "give --account and --output")
    order = Order(
        asked.account,
        str(asked.workspace),
        asked.out,
        hours=f"{asked.hours:g}",
        frameworks=asked.frameworks,
        port=str(asked.demonstration_port or ""),
        raw=not asked.no_raw,
    )
    with progress_display() as progress:
        part = collect_order(order, progress)
    for line in unread(order, part):
        click.echo(line)
    raise click.exceptions.Exit(Exit.INCOMPLETE if part.about["unread"] else Exit.OK)


def _answering() -> Callable[[str], None]:
    """Return a function that writes a line to standard output. All other output goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def answer(line: str) -> None:
        answers.write(f"{line}\n")
        answers.flush()

    return answer
