"""Reports before audit day what would fail: one line per check, and what to do about it. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from preuve.library.company.indicators import read_indicators
from preuve.library.company.inlets import read_inlets
from preuve.library.company.workspace import FILE
from preuve.model.errors import ContentError, PreuveError, Problem, UsageError
from preuve.pipeline.run.preparation import Preparation, prepare
from preuve.pipeline.workspace.doctor import aws, github, machine, workspace
from preuve.pipeline.workspace.doctor.check import SHOWN, Check, State
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import Locale


def diagnose(root: Path, t: Locale, frameworks: tuple[str, ...] = ()) -> Iterator[Check]:
    """Make every check, and yield each result as soon as it is known, with the texts of a locale below `doctor.`.

    `t` is the language, and `frameworks` narrows what is prepared.
    """
    yield from machine.checks(root, t)
    prepared, found = _loaded(root, frameworks, t)
    yield from found
    if prepared is None:
        yield Check(t("doctor.name.after"), State.UNKNOWN, t("doctor.after.message"), t("doctor.after.hint"))
        return
    today = datetime.now(UTC).date()
    yield from workspace.checks(prepared, today, t)
    yield from aws.checks(prepared, t)
    yield from github.checks(prepared, t)


def _loaded(root: Path, frameworks: tuple[str, ...], t: Locale) -> tuple[Preparation | None, list[Check]]:
    try:
        prepared = prepare(root, frameworks)
    except ContentError as error:
        return None, list(_problems(error.problems, t))
    except UsageError as error:
        return None, [Check(t("doctor.name.workspace"), State.FAIL, *shown(error, t))]
    except PreuveError as error:
        return None, [Check(t("doctor.name.content"), State.FAIL, *shown(error, t))]
    unusable = [*read_inlets(root)[1], *read_indicators(root)[1]]
    content = t.count("doctor.policies", len(prepared.policies), frameworks=", ".join(prepared.workspace.frameworks))
    found = t("doctor.workspace.of", file=FILE, organisation=prepared.workspace.organisation)
    return prepared, [
        *(_problems(unusable, t) if unusable else [Check(t("doctor.name.content"), State.OK, content)]),
        Check(t("doctor.name.workspace"), State.OK, found),
    ]


def _problems(problems: Iterable[Problem], t: Locale) -> Iterator[Check]:
    problems = list(problems)
    for name, mine in (("workspace", True), ("content", False)):
        found = [problem for problem in problems if (problem.position.file == FILE) is mine]
        if found:
            told = "; ".join(shown(ContentError(found[:SHOWN]), t)[0].split("\n"))
            yield Check(t(f"doctor.name.{name}"), State.FAIL, told, t("doctor.lint"))
