"""`preuve publish` and `preuve export`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import FOLDER, Target, output_option, progress_display, workspace_option
from preuve.model.errors import UsageError

FORMATS = ("zip", "ocsf", "ciso-assistant", "defectdojo")
_FORMAT = "ocsf: a JSON array, JSON Lines in a .jsonl file. ciso-assistant: a folder of CSV files."
_EXPORT_EXAMPLES = """\b
Examples:
  preuve export evidence/2026-Q4 audit-2026-Q4.zip
  preuve export evidence/2026-Q4 --format ocsf --output findings.ocsf.json
  preuve export evidence/2026-Q4 --format ciso-assistant --output ciso-assistant
  preuve export evidence/2026-Q4 --format defectdojo --output defectdojo.json
"""
_PUBLISH_EXAMPLE = """\b
Example:
  preuve publish s3://techstart-preuves/audits evidence/2026-Q4 --profile publication
"""


@click.command(cls=Command, epilog=_PUBLISH_EXAMPLE)
@click.argument("url")
@click.argument("folder", type=FOLDER)
@workspace_option
@click.option("--profile", default="", help="Profile of the publishing role.  [default: as AWS's own tools choose]")
@click.option("--compliance", is_flag=True, help="Lock so that nobody, not even the root user, can shorten it.")
def publish(url: str, folder: Path, workspace: Path, profile: str, compliance: bool) -> None:
    """Store a closed bundle in S3 under Object Lock, until its deletion date.

    Besides `preuve collect --output s3://…`, this is the only command that writes to AWS, under a separate role
    (ci/publishing-role.json). It refuses a bucket without Object Lock, open to the public, or outside the allowed
    regions, and checks that each object is locked. Run it again after an interruption: existing objects are not
    stored twice, and nothing is overwritten.
    """
    from preuve.pipeline.bundle.keep import publish_bundle  # noqa: PLC0415 - `--help` must not load what the run needs

    with progress_display() as progress:
        lines = list(publish_bundle(workspace, url, folder, profile, progress, compliance=compliance))
    click.echo("\n".join(lines))


@click.command(cls=Command, epilog=_EXPORT_EXAMPLES)
@click.argument("folder", metavar="BUNDLE", type=FOLDER)
@click.argument("file", required=False, type=Target(path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True, help=_FORMAT)
@output_option("out", type=Target(path_type=Path), help="The file or folder to write, if FILE is not given.")
def export(folder: Path, file: Path | None, format_: str, out: Path | None) -> None:
    """Write a closed bundle into one zip that opens on Windows too; or its results for another tool.

    The same bundle gives the same bytes; existing files are not overwritten. Results are exported as they are in the
    bundle: pseudonyms stay, and a finding that was not evaluated is never a pass (docs/exports.md).
    """
    from preuve.pipeline.bundle.export import export_bundle  # noqa: PLC0415 - `--help` must not load what the run needs

    target = file or out
    if target is None or (file and out):
        raise UsageError("an export needs one place to write to", "name either FILE or --output")
    for line in export_bundle(folder, target, format_):
        click.echo(line)
