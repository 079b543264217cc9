"""Tells before audit day what would fail: one line per check, and what to do about it. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from preuve.library.company.templates import FALLBACK
from preuve.library.company.workspace import FILE
from preuve.library.yaml.documents import load_document
from preuve.model.errors import ContentError, Exit, PreuveError, Problem, UsageError
from preuve.model.results import Reason
from preuve.model.snapshot import Unread
from preuve.pipeline.run.prepare import Prepared, prepare
from preuve.publish.words.locale import Locale, languages, load_locale

_SHOWN = 3


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, what was found, what to do."""

    name: str
    state: State
    message: str
    hint: str = ""


def diagnose(root: Path, t: Locale, frameworks: tuple[str, ...] = ()) -> Iterator[Check]:
    """Every check, as soon as it is known, told by a locale below `doctor.`; errors are in English."""
    from preuve.pipeline.workspace import (  # noqa: PLC0415 - they need `Check`
        doctor_aws,
        doctor_github,
        doctor_machine,
        doctor_workspace,
    )

    yield from doctor_machine.checks(root, t)
    prepared, found = _loaded(root, frameworks, t)
    yield from found
    if prepared is None:
        yield Check(t("doctor.name.after"), State.UNKNOWN, t("doctor.after.message"), t("doctor.after.hint"))
        return
    today = datetime.now(UTC).date()
    yield from doctor_workspace.checks(prepared, today, t)
    yield from doctor_aws.checks(prepared, t)
    yield from doctor_github.checks(prepared, t)


def words(root: Path) -> Locale:
    """The words of the workspace's language; English ones where it cannot be read: doctor says why."""
    try:
        stated = load_document(root / FILE, FILE).data
        organisation = stated.get("organisation") if isinstance(stated, dict) else None
        language = organisation.get("language") if isinstance(organisation, dict) else None
    except (PreuveError, OSError):
        language = None
    return load_locale(language if language in languages() else FALLBACK)


def exit_code(checks: Iterable[Check]) -> Exit:
    """10 where something fails, else 11 where something could not be checked."""
    states = {check.state for check in checks}
    if State.FAIL in states:
        return Exit.FINDINGS
    return Exit.INCOMPLETE if State.UNKNOWN in states else Exit.OK


def days_left(until: date, today: date, t: Locale) -> str:
    """`3 days ago` or `in 12 days`, for a date."""
    days = (until - today).days
    return t.count("doctor.ago" if days < 0 else "doctor.ahead", abs(days))


def named(names: Iterable[str], t: Locale, shown: int = _SHOWN) -> str:
    """The first names, and how many more there are."""
    names = list(names)
    rest = [t.count("doctor.more", len(names) - shown)] if len(names) > shown else []
    return " ".join([", ".join(names[:shown]), *rest])


def refusal(refused: Unread, t: Locale) -> str:
    """Why, which call where, and what the provider said; of messages only the provider's own."""
    return t.reason(Reason("unread_call", refused.values)).rstrip(".")


def _loaded(root: Path, frameworks: tuple[str, ...], t: Locale) -> tuple[Prepared | None, list[Check]]:
    try:
        prepared = prepare(root, frameworks)
    except ContentError as error:
        return None, list(_problems(error.problems, t))
    except UsageError as error:
        return None, [Check(t("doctor.name.workspace"), State.FAIL, str(error), error.hint)]
    except PreuveError as error:
        return None, [Check(t("doctor.name.content"), State.FAIL, str(error), error.hint)]
    workspace = prepared.workspace
    content = t.count("doctor.policies", len(prepared.policies), frameworks=", ".join(workspace.frameworks))
    found = t("doctor.workspace.of", file=FILE, organisation=workspace.organisation)
    return prepared, [
        Check(t("doctor.name.content"), State.OK, content),
        Check(t("doctor.name.workspace"), State.OK, found),
    ]


def _problems(problems: Iterable[Problem], t: Locale) -> Iterator[Check]:
    problems = list(problems)
    for name, mine in (("workspace", True), ("content", False)):
        found = [problem for problem in problems if (problem.position.file == FILE) is mine]
        if found:
            told = "; ".join(str(item) for item in found[:_SHOWN])
            yield Check(t(f"doctor.name.{name}"), State.FAIL, told, t("doctor.lint"))
