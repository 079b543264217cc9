"""Checks of accepted risks before audit day: those that expire, and those that cover nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from preuve.model.company.workspace import Waiver
from preuve.model.layout import RESULTS
from preuve.model.moment import current_moment
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.workspace.doctor.check import Check, State, days_left, named
from preuve.publish.history.history import closed_before
from preuve.publish.results import read_lines
from preuve.publish.words.locale import Locale

_SOON = timedelta(days=30)
_BROKEN = (OSError, ValueError, KeyError, TypeError)


def waiver_checks(prepared: Preparation, today: date, t: Locale) -> Iterator[Check]:
    """Yield the waivers that end or have ended, and those that matched nothing in the newest audit."""
    waivers = prepared.workspace.waivers
    over = [waiver for waiver in waivers if waiver.expires < today]
    ending = [waiver for waiver in waivers if today <= waiver.expires < today + _SOON]
    name = t("doctor.name.waivers")
    if over:
        message = t("doctor.waivers.expired", waivers=_dated(over, today, t))
        yield Check(name, State.WARNING, message, t("doctor.waivers.anew"))
    if ending:
        message = t("doctor.waivers.expiring", waivers=_dated(ending, today, t))
        yield Check(name, State.WARNING, message, t("doctor.waivers.decide"))
    idle, audit = _idle(prepared)
    if idle:
        message = t("doctor.waivers.idle", audit=audit, waivers=named(idle, t))
        yield Check(name, State.WARNING, message, t("doctor.waivers.correct"))
    if not over and not ending and not idle:
        yield Check(name, State.OK, t("doctor.waivers.none", count=len(waivers), days=_SOON.days))


def _dated(waivers: list[Waiver], today: date, t: Locale) -> str:
    return named((f"{item.id} ({item.policy}, {days_left(item.expires, today, t)})" for item in waivers), t)


def _idle(prepared: Preparation) -> tuple[list[str], str]:
    """Return the waivers of the workspace that covered no finding of the newest audit, and its name."""
    workspace = prepared.workspace
    closed, _ = closed_before(workspace.root / workspace.evidence_folder, current_moment())
    if not closed:
        return [], ""
    try:
        lines = [line for line in read_lines(closed[-1] / RESULTS) if line["kind"] == "waiver"]
        unused = {line["id"] for line in lines if line["state"] == "unused"}
    except _BROKEN:
        return [], ""
    here = (f"{item.id} ({item.policy})" for item in workspace.waivers if item.id in unused)
    return list(here), closed[-1].name
