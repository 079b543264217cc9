"""Tells before audit day what would fail: one line per check, and what to do about it. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from preuve.library.company.workspace import FILE
from preuve.model.errors import ContentError, Exit, PreuveError, Problem, UsageError
from preuve.pipeline.run.prepare import Prepared, prepare

_SHOWN = 3


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"
    UNKNOWN = "not checked"


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, what was found, what to do."""

    name: str
    state: State
    message: str
    hint: str = ""


def diagnose(root: Path, frameworks: tuple[str, ...] = ()) -> Iterator[Check]:
    """Every check, as soon as it is known."""
    from preuve.pipeline.workspace import (  # noqa: PLC0415 - they need `Check`
        doctor_aws,
        doctor_github,
        doctor_machine,
        doctor_workspace,
    )

    yield from doctor_machine.checks(root)
    prepared, found = _loaded(root, frameworks)
    yield from found
    if prepared is None:
        yield Check("account and evidence", State.UNKNOWN, "they follow from the workspace", "fix the above first")
        return
    today = datetime.now(UTC).date()
    yield from doctor_workspace.checks(prepared, today)
    yield from doctor_aws.checks(prepared)
    yield from doctor_github.checks(prepared)


def exit_code(checks: Iterable[Check]) -> Exit:
    """10 where something fails, else 11 where something could not be checked."""
    states = {check.state for check in checks}
    if State.FAIL in states:
        return Exit.FINDINGS
    return Exit.INCOMPLETE if State.UNKNOWN in states else Exit.OK


def days_left(until: date, today: date) -> str:
    """`since 3 days` or `in 12 days`, for a date."""
    days = (until - today).days
    return f"{-days} days ago" if days < 0 else f"in {days} days"


def named(names: Iterable[str], shown: int = _SHOWN) -> str:
    """The first names, and how many more there are."""
    names = list(names)
    rest = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + rest


def _loaded(root: Path, frameworks: tuple[str, ...]) -> tuple[Prepared | None, list[Check]]:
    try:
        prepared = prepare(root, frameworks)
    except ContentError as error:
        return None, list(_problems(error.problems))
    except UsageError as error:
        return None, [Check("workspace", State.FAIL, str(error), error.hint)]
    except PreuveError as error:
        return None, [Check("content", State.FAIL, str(error), error.hint)]
    content = f"{len(prepared.policies)} policies for {', '.join(prepared.workspace.frameworks)}"
    workspace = f"{FILE} of {prepared.workspace.organisation}"
    return prepared, [Check("content", State.OK, content), Check("workspace", State.OK, workspace)]


def _problems(problems: Iterable[Problem]) -> Iterator[Check]:
    problems = list(problems)
    for name, mine in (("workspace", True), ("content", False)):
        found = [problem for problem in problems if (problem.position.file == FILE) is mine]
        if found:
            yield Check(name, State.FAIL, "; ".join(str(item) for item in found[:_SHOWN]), "run: preuve lint")
