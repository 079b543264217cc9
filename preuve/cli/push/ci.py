"""`preuve ci`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.language import language_of
from preuve.cli.options import (
    Target,
    asks,
    baseline_option,
    check_whole,
    framework_option,
    gate_option,
    progress_display,
    update_baseline_option,
)
from preuve.cli.stop import finished_first
from preuve.model.content import Severity
from preuve.model.errors import PreuveError, UsageError
from preuve.model.progress import Show

if TYPE_CHECKING:
    from preuve.collect.code import EarlyWorker
    from preuve.model.push import Push

_FILE = Target(path_type=Path, dir_okay=False)
_WRITTEN = ("junit", "xunit", "sarif", "summary", "json", "code-quality")
_EXAMPLES = """\b
Examples:
  preuve ci
  preuve ci --base origin/main
  preuve ci --junit build/junit.xml --summary "$GITHUB_STEP_SUMMARY"
  preuve ci --update-baseline
"""


@dataclass(frozen=True, kw_only=True)
class CiRequest:
    """The request of a push, and its outputs."""

    path: Path
    frameworks: tuple[str, ...]
    gate: str | None
    baseline: Path | None
    base: str
    judge: str  # base | head
    changed_only: bool
    update_baseline: bool
    junit: Path | None
    xunit: Path | None
    sarif: Path | None
    summary: Path | None
    json: Path | None
    code_quality: Path | None
    cache: Path | None
    no_cache: bool
    github: bool


@contextmanager
def _keeping_garbage() -> Iterator[None]:
    """Suspend Python's search for reference cycles: a large repository has half a million objects, and hardly any
    cycles.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()  # otherwise enabling it searches all of them at once, and they end with the process
            gc.enable()


@contextmanager
def _annotated(*, github: bool) -> Iterator[None]:
    """Show also on the page of the run on GitHub why there is no result."""
    try:
        yield
    except PreuveError as error:
        if github:
            from preuve.publish.push.github import failure  # noqa: PLC0415

            click.echo(failure(f"{error} ({error.hint})" if error.hint else str(error)), nl=False)
        raise


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@framework_option
@gate_option
@baseline_option
@click.option("--base", default="", metavar="REF", help="Compare with this commit, and judge by its files.")
@click.option(
    "--judge",
    type=click.Choice(["base", "head"]),
    default="base",
    help="With --base: waivers, gate, baseline and policies are those of the base (default) or of the push.",
)
@click.option("--changed-only", is_flag=True, help="With --base: examine only the root modules that the push changes.")
@update_baseline_option
@click.option("--junit", type=_FILE, help="Write JUnit XML to this file.")
@click.option("--xunit", type=_FILE, help="Write JUnit XML that fits the schema of Jenkins' xUnit plugin.")
@click.option("--sarif", type=_FILE, help="Write SARIF 2.1.0 to this file.")
@click.option("--summary", type=_FILE, help="Append a Markdown summary to this file.")
@click.option("--json", type=_FILE, help="Write the outcome, the counts and the findings as JSON to this file.")
@click.option("--code-quality", type=_FILE, help="Write GitLab's code quality report to this file.")
@click.option(
    "--cache",
    type=Target(path_type=Path, file_okay=False),
    envvar="PREUVE_CACHE",
    help="Keep results of unchanged code in this folder.  [env: PREUVE_CACHE; default: preuve in the user's cache]",
)
@click.option("--no-cache", is_flag=True, help="Evaluate everything; neither use nor keep cached results.")
@click.option("--github", is_flag=True, help="In GitHub Actions: annotations, the step's summary and outputs.")
@_keeping_garbage()
@asks(CiRequest)
def ci(asked: CiRequest) -> None:
    """Examine the code of the workspace in PATH; fail on new problems only."""
    from preuve.pipeline.push.targets import check_targets  # noqa: PLC0415
    from preuve.pipeline.push.warm_start import default_cache, worker_ahead  # noqa: PLC0415 - `--help` must not load what a run needs

    if asked.changed_only and not asked.base:
        raise UsageError(
            "--changed-only needs a commit to compare with", "add --base REF; HEAD for what is not committed"
        )
    if asked.judge == "head" and not asked.base:
        raise UsageError(
            "--judge head needs a commit to compare with", "add --base REF; without it the push judges itself"
        )
    targets = {option: getattr(asked, option.replace("-", "_")) for option in _WRITTEN}
    check_targets(asked.path, asked.baseline, targets)
    check_whole(update_baseline=asked.update_baseline, narrowed=bool(asked.base or asked.frameworks))
    if sys.stdin.isatty():  # in a pipeline nobody is there to answer
        from preuve.cli.confirm import confirm_huge  # noqa: PLC0415 - a pipeline does not need it

        confirm_huge(asked.path)
    cache = None if asked.no_cache else asked.cache or default_cache(asked.path)
    with _annotated(github=asked.github), worker_ahead(asked.path, cache) as ahead, progress_display() as progress:
        push = _examined(asked, cache, progress, ahead)
    _tell(push, asked)
    raise click.exceptions.Exit(push.exit_code)


def _examined(asked: CiRequest, cache: Path | None, progress: Show, ahead: EarlyWorker) -> Push:
    from preuve.pipeline.push.gate import Request, examine, update  # noqa: PLC0415 - the worker has been started

    request = Request(
        asked.path,
        asked.frameworks,
        Severity(asked.gate) if asked.gate else None,
        asked.baseline,
        asked.base,
        judge_head=asked.judge == "head",
        changed_only=asked.changed_only,
        cache=cache,
        language=language_of(asked.path),
    )
    push = examine(request, progress, ahead)
    with finished_first():
        return update(request, push) if asked.update_baseline else push


def _tell(push: Push, asked: CiRequest) -> None:
    from preuve.pipeline.push.outputs import Outputs, tell_github, write_outputs  # noqa: PLC0415
    from preuve.publish.push.github import workflow_commands  # noqa: PLC0415
    from preuve.publish.push.terminal import report  # noqa: PLC0415
    from preuve.publish.push.words import Words  # noqa: PLC0415
    from preuve.publish.terminal.summary import print_summary  # noqa: PLC0415

    words = Words(push)
    outputs = Outputs(asked.junit, asked.xunit, asked.sarif, asked.summary, asked.json, asked.code_quality)
    with finished_first():
        write_outputs(words, outputs)
    print_summary(report(words), sys.stdout)
    if asked.update_baseline:
        click.echo(words.locale.count("push.recorded", len(push.known), file=push.compared.name))
    if asked.github:
        with finished_first():
            tell_github(words)
        click.echo(workflow_commands(words), nl=False)
