"""`preuve publish` and `preuve export`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.cli.options import progress_display, workspace_option

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_PUBLISH_EXAMPLE = """\b
Example:
  preuve publish s3://techstart-preuves/audits evidence/2026-Q4 --profile publication
"""


@click.command(epilog=_PUBLISH_EXAMPLE)
@click.argument("url")
@click.argument("folder", type=_FOLDER)
@workspace_option
@click.option("--profile", default="", help="Profile of the publishing role.  [default: as AWS's own tools choose]")
@click.option("--compliance", is_flag=True, help="Lock so that nobody, the root user included, can shorten it.")
def publish(url: str, folder: Path, workspace: Path, profile: str, compliance: bool) -> None:
    """Store a closed bundle in S3 under Object Lock, until the deletion date that it states.

    The one command that writes to AWS, under a role of its own (ci/publishing-role.json). Refuses a bucket without
    Object Lock, open to the public, or outside the allowed regions, and checks that each object is locked. Run it
    again after an interruption: what is there is not stored twice, and nothing is overwritten.
    """
    from preuve.pipeline.keep import publish_bundle  # noqa: PLC0415 - `--help` must not load what the run needs

    with progress_display() as progress:
        lines = list(publish_bundle(workspace, url, folder, profile, progress, compliance=compliance))
    click.echo("\n".join(lines))


@click.command(epilog="Example: preuve export evidence/2026-Q4 audit-2026-Q4.zip")
@click.argument("folder", type=_FOLDER)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(folder: Path, file: Path) -> None:
    """Write a closed bundle into one zip that opens everywhere, Windows included.

    The same bundle gives the same bytes; a file that exists is not overwritten.
    """
    from preuve.pipeline.keep import export_bundle  # noqa: PLC0415 - `--help` must not load what the run needs

    click.echo(export_bundle(folder, file))
