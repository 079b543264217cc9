"""The result of a doctor check, and the words that several checks share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from preuve.model.errors import Exit
from preuve.model.results import Reason
from preuve.model.snapshot import Unread
from preuve.publish.words.locale import Locale

SHOWN = 3


class State(StrEnum):
    """The state of a check."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One line: what was checked, the result, what to do."""

    name: str
    state: State
    message: str
    hint: str = ""


def exit_code(checks: Iterable[Check]) -> Exit:
    """Return 10 if something fails, else 11 if something could not be checked, else 0."""
    states = {check.state for check in checks}
    if State.FAIL in states:
        return Exit.FINDINGS
    return Exit.INCOMPLETE if State.UNKNOWN in states else Exit.OK


def days_left(until: date, today: date, t: Locale) -> str:
    """Return `3 days ago` or `in 12 days`, for a date."""
    days = (until - today).days
    return t.count("doctor.ago" if days < 0 else "doctor.ahead", abs(days))


def named(names: Iterable[str], t: Locale, shown: int = SHOWN) -> str:
    """Return the first `shown` names, and the number of the others."""
    return t.few(list(names), shown)


def advice(refused: Unread, t: Locale, otherwise: str = "") -> str:
    """Return advice for something that could not be read, by its cause."""
    key = f"doctor.fix.{refused.cause}"
    return t(key) if t.has(key) else otherwise


def refusal(refused: Unread, t: Locale) -> str:
    """Return the cause, the call and its place, and the provider's message; messages of other programs are left out."""
    return t.reason(Reason("unread_call", refused.values)).rstrip(".")
