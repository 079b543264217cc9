"""`preuve verify` and `preuve seal`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import FOLDER, Target, output_option, signing_key_option, workspace_option

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _heads(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    heads = tuple(head.strip().lower() for head in given)
    if not all(re.fullmatch("[0-9a-f]{64}", head) for head in heads):
        raise click.BadParameter("a head is 64 hexadecimal digits, as the audit printed them at its end")
    return heads


_VERIFY_EXAMPLE = """\b
Example:
  preuve verify evidence/2026-Q4 --previous evidence/2026-Q3 --head 5d0c…
"""


@click.command(cls=Command, epilog=_VERIFY_EXAMPLE)
@click.argument("folder", type=FOLDER)
@click.option(
    "--previous",
    type=FOLDER,
    help="An earlier bundle that you kept, or a copy of this one; FOLDER itself proves nothing.",
)
@click.option(
    "--head",
    "heads",
    multiple=True,
    callback=_heads,
    help="The head of the chain that the audit printed at its end, noted outside the bundle. May be repeated.",
)
@click.option("--allowed-signers", type=_FILE, help="Public keys that you received separately from the bundle.")
@click.option("--ca", type=_FILE, help="Root certificate of the timestamp authority, from the authority itself.")
@click.option("--language", default="", help="Language of the answer: en, fr, …  [default: the bundle's]")
def verify(
    folder: Path,
    previous: Path | None,
    heads: tuple[str, ...],
    allowed_signers: Path | None,
    ca: Path | None,
    language: str,
) -> None:
    """Check that an evidence bundle is unchanged since it was closed, and say what the given arguments cannot show.

    Exits with 0 if it is intact and witnessed, 11 if it is intact but not witnessed, 10 if something does not hold.
    """
    from preuve.evidence.verifier.check import Witnesses  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.evidence.verifier.check import verify as check  # noqa: PLC0415
    from preuve.evidence.verifier.report import exit_code, sentences  # noqa: PLC0415
    from preuve.pipeline.bundle.verify import check_is_bundle, texts  # noqa: PLC0415

    check_is_bundle(folder)
    items = check(folder.resolve(), Witnesses(previous, heads, allowed_signers, ca))
    for sentence in sentences(items, texts(folder, language)):
        click.echo(sentence)
    raise click.exceptions.Exit(exit_code(items))


_SEAL_EXAMPLES = """\b
Examples:
  preuve seal unsealed/2026-Q4 --output evidence
  preuve seal evidence/2026-Q4 --timestamp
"""


@click.command(cls=Command, epilog=_SEAL_EXAMPLES)
@click.argument("folder", type=FOLDER)
@click.option("--timestamp", is_flag=True, help="Only add a timestamp to a sealed bundle; its root does not change.")
@output_option(
    type=Target(path_type=Path),
    help="Folder that the sealed bundle is written into.",
)
@signing_key_option
@workspace_option
def seal(folder: Path, timestamp: bool, output: Path | None, key: Path | None, workspace: Path) -> None:
    """Seal the bundle that `preuve audit --no-seal` left, or add a timestamp if the authority was unavailable at
    closing.

    The bundle is copied into the evidence folder, sealed there, and added to the chain of runs.
    """
    from preuve.pipeline.bundle import deferred_seal  # noqa: PLC0415 - `--help` must not load what the run needs

    if timestamp:
        click.echo(deferred_seal.add_timestamp_to(workspace, folder))
        return
    for line in deferred_seal.seal(workspace, folder, output, key):
        click.echo(line)
