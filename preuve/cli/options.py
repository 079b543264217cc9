"""Options and output that several commands share."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from preuve.cli.language import is_workspace
from preuve.model.errors import UsageError
from preuve.publish.words.text import for_log, one_line

if TYPE_CHECKING:
    from preuve.model.progress import Show
    from preuve.pipeline.fleet.choice import Choice


def _if_given(context: click.Context, option: click.Parameter, folder: Path) -> Path:
    """Return the folder. Raises UsageError if the user names a folder that is no workspace: nothing in it would be
    read.
    """
    from preuve.library.company.names import WORKSPACE, refuse_part  # noqa: PLC0415 - `--version` must not load it

    given = context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
    if given and not is_workspace(folder):
        refuse_part(folder)
        hint = "name the folder that holds it, or make one: preuve init"
        raise UsageError(f"there is no {WORKSPACE} in {folder.absolute()}", hint)
    return folder


class Target(click.Path):
    """A path to write to, never inside a closed bundle."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. Raises UsageError if it lies in a bundle, or if a folder is asked for and it is none."""
        path = Path(str(value))
        if not self.file_okay and path.exists() and not path.is_dir():
            raise UsageError(f"{path} is not a folder", "name another one")
        path = Path(str(super().convert(value, param, ctx)))
        refuse_bundle(path)
        return path


def refuse_bundle(path: Path) -> None:
    """Raise UsageError if a path is a closed bundle or lies in one: with one more file, the bundle does not verify."""
    from preuve.system.manifests import bundle_around  # noqa: PLC0415 - `--version` must not load it

    if bundle := bundle_around(path):
        raise UsageError(f"{path} is inside the closed bundle {bundle}", "name a place outside of it")


FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)  # an existing path
workspace_option = click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="this folder",
    help="The folder that holds preuve.yaml.",
    callback=_if_given,
)
framework_option = click.option(
    "-f", "--framework", "frameworks", multiple=True, help="Only this framework (may be repeated): iso27001-2022, gdpr."
)
gate_option = click.option(
    "--gate",
    type=click.Choice(["critical", "high", "medium", "low", "info"]),
    help="Exit with 10 when a finding of this severity or worse fails.",
)

baseline_option = click.option(
    "--baseline",
    type=Target(path_type=Path, dir_okay=False),
    help="Known findings, which do not fail the run.  [default: baseline.yaml of the workspace]",
)
update_baseline_option = click.option(
    "--update-baseline", is_flag=True, help="Record current findings as known, and do not fail on them."
)

signing_key_option = click.option(
    "--signing-key",
    "key",
    type=click.Path(path_type=Path),
    envvar="PREUVE_SIGNING_KEY",
    show_envvar=True,
    help="File of the private key that signs, outside the workspace and git.  [default: ssh-agent]",
)

Command = Callable[..., Any]
Asked = TypeVar("Asked")


def output_option(name: str = "output", **how: Any) -> Callable[[Command], Command]:
    """Return the option for the place that a command writes to; all commands have the same name for it. `name` is the
    name of the argument, `how` the other settings of the option for click.
    """
    return click.option("-o", "--output", "--out", name, **how)


def asks(kind: Callable[..., Asked]) -> Callable[[Callable[[Asked], None]], Callable[..., None]]:
    """Hand a command all of its options as one value: `kind` has a field for each."""

    def hand(command: Callable[[Asked], None]) -> Callable[..., None]:
        @functools.wraps(command)
        def called(**given: Any) -> None:
            command(kind(**given))

        return called

    return hand


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """How accounts are read: from existing parts, or by workers."""

    parts: str
    parts_max_age: float  # hours
    workers: int | None
    engine: str  # processes | dask
    scheduler: str
    shared: str
    tls_ca: str
    tls_cert: str
    tls_key: str


_TEN_YEARS = 87_600  # hours


class _Hours(click.FloatRange):
    """A number of hours. NaN is refused: it would pass any check of a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number. Raises BadParameter if it is none, or not in the range."""
        found = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{found} is not in the range {self._describe_range()}.", param, ctx)
        return found


_FLEET = (
    click.option("--parts", default="", help="Read no account of AWS: judge the parts that preuve collect wrote here."),
    click.option(
        "--parts-max-age",
        type=_Hours(min=0, max=_TEN_YEARS, min_open=True),
        default=24,
        show_default=True,
        help="Maximum age of a part, in hours.",
    ),
    click.option("--workers", type=click.IntRange(min=1), help="Accounts read in parallel.  [default: processors]"),
    click.option("--engine", type=click.Choice(["processes", "dask"]), default="processes", show_default=True),
    click.option("--scheduler", default="", help="Address of a Dask scheduler whose workers read: tls://HOST:PORT."),
    click.option("--shared", default="", help="Folder or s3://BUCKET/PREFIX that these workers can access too."),
    click.option("--tls-ca", default="", help="Certificate of the authority that issued both sides' certificates."),
    click.option("--tls-cert", default="", help="File of our certificate."),
    click.option("--tls-key", default="", help="File of its key."),
)


def fleet_options(command: Command) -> Command:
    """Add the options of `Fleet` to a command."""
    for option in reversed(_FLEET):
        command = option(command)
    return command


def fleet_choice(asked: Fleet) -> Choice:
    """Return the choice of these options."""
    from preuve.pipeline.fleet.choice import Choice  # noqa: PLC0415 - `--help` must not load what the run needs

    tls = (asked.tls_ca, asked.tls_cert, asked.tls_key)
    return Choice(
        asked.parts,
        asked.parts_max_age,
        asked.workers or 0,
        dask=asked.engine == "dask",
        scheduler=asked.scheduler,
        tls=tls if any(tls) else (),
        shared=asked.shared,
    )


def check_whole(*, update_baseline: bool, narrowed: bool) -> None:
    """Raise UsageError if a baseline would be written from only a part of what it holds."""
    if update_baseline and narrowed:
        hint = "--update-baseline needs a complete run: remove the options that narrow it"
        raise UsageError("a baseline must cover everything", hint)


@contextmanager
def progress_display() -> Iterator[Show]:
    """Show a live line on a terminal, plain lines in a pipe; both on stderr, so that stdout stays for results."""
    if not sys.stderr.isatty():
        yield _plain_progress()
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    with Console(stderr=True).status("preuve") as status:

        def show(what: str, done: int = 0, total: int = 0) -> None:
            text = Text(for_log(one_line(f"{what} ({done}/{total})" if total else what)))
            if not total:  # a message that comes once stays on the screen: an account that is not judged
                status.console.print(text)
            status.update(text)

        yield show


def _plain_progress() -> Show:
    """Return a display that prints a line for each tenth of the work, so that a log stays short."""
    said = -1

    def show(what: str, done: int = 0, total: int = 0) -> None:
        nonlocal said
        tenth = done * 10 // total if total else -1
        if total and tenth == said and done != total:
            return
        said = tenth
        click.echo(for_log(one_line(f"{what} ({done}/{total})" if total else what)), err=True)

    return show
