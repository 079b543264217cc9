"""How often a schedule runs: `rate(…)` and `cron(…)`, in the syntax of EventBridge, AWS Backup and Secrets Manager."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

_RATE = re.compile(r"rate\(\s*([0-9]{1,6})\s+(minute|hour|day)s?\s*\)")
_CRON = re.compile(r"cron\((.*)\)|([^()]*)")  # AWS Backup takes one without the word
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0}
_NAMES_OF_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_NAMES_OF_MONTHS, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_ANY = "?"
_PART = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/([0-9]{1,4}))?")
_LAST_DAY = re.compile(r"L(?:-([0-9]{1,2}))?")
_NEAR = re.compile(r"([0-9]{1,2})W")
_LAST_OF_MONTH = re.compile(r"(\w+)L")
_NTH = re.compile(r"(\w+)#([1-5])")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # as AWS accepts them
_RUNNING = 2026  # a schedule that begins before runs now
_LOOKED_AT = range(2026, 2055)  # 28 years: every weekday on every day of a year, leap years too


class _NotUnderstoodError(ValueError):
    """A part of a schedule whose meaning is not known."""


@lru_cache(256)
def days_apart(expression: str) -> float | None:
    """Return the maximum number of days between two runs, counted in whole days for a cron expression; infinity for a
    schedule that never runs or stops running after some year; None if it is not understood.
    """
    rate = _RATE.fullmatch(expression.strip())
    if rate:
        return int(rate[1]) * _DAYS[rate[2]] or math.inf
    cron = _CRON.fullmatch(expression.strip())
    fields = (cron[1] or cron[2] or "").upper().split() if cron else []
    if len(fields) != 6:
        return None
    try:
        return _most_days(fields)
    except _NotUnderstoodError:
        return None


def _most_days(fields: list[str]) -> float:
    minutes, hours, of_month, month, of_week, year = fields
    _numbers(minutes, 0, 59)
    _numbers(hours, 0, 23)
    months = _numbers(month, 1, 12, _MONTHS)
    if (of_month == _ANY) is (of_week == _ANY):
        raise _NotUnderstoodError  # AWS accepts one of them
    if not set(range(_RUNNING, _LAST_YEAR + 1)) <= _numbers(year, _FIRST_YEAR, _LAST_YEAR):
        return math.inf
    runs = sorted(
        date(year_, month_, day)
        for year_ in _LOOKED_AT
        for month_ in months
        for day in (_days(of_month, year_, month_) if of_week == _ANY else _weekdays(of_week, year_, month_))
    )
    return max(((later - earlier).days for earlier, later in pairwise(runs)), default=math.inf)


def _numbers(field: str, first: int, last: int, names: dict[str, int] | None = None) -> set[int]:
    """Return the numbers that a field lists."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise _NotUnderstoodError
        start = _number(match[1], names) if match[1] else first
        end = _number(match[2], names) if match[2] else last if match[3] or not match[1] else start
        step = int(match[3] or 1)
        if not (first <= start <= end <= last and step):
            raise _NotUnderstoodError
        found.update(range(start, end + 1, step))
    return found


def _number(word: str, names: dict[str, int] | None) -> int:
    if word.isdecimal():
        return int(word)
    if word not in (names or {}):
        raise _NotUnderstoodError
    return (names or {})[word]


def _days(field: str, year: int, month: int) -> Iterator[int]:
    """Yield the days of a month on which a field runs."""
    last = monthrange(year, month)[1]
    if match := _LAST_DAY.fullmatch(field):
        yield from (day for day in (last - int(match[1] or 0),) if day > 0)
    elif match := _NEAR.fullmatch(field):
        yield from _working_day(year, month, int(match[1]), last)
    else:
        yield from (day for day in _numbers(field, 1, 31) if day <= last)


def _working_day(year: int, month: int, day: int, last: int) -> Iterator[int]:
    """Yield the working day of the month that is nearest to a day of it."""
    if not 1 <= day <= 31:
        raise _NotUnderstoodError
    weekday = date(year, month, day).weekday() if day <= last else None
    if weekday == 5:
        yield day - 1 if day > 1 else day + 2
    elif weekday == 6:
        yield day + 1 if day < last else day - 2
    elif weekday is not None:
        yield day


def _weekdays(field: str, year: int, month: int) -> Iterator[int]:
    """Yield the days of a month on which a field of weekdays runs."""
    last = monthrange(year, month)[1]
    nth, ending = _NTH.fullmatch(field), _LAST_OF_MONTH.fullmatch(field)
    wanted = {_number(found[1], _WEEKDAYS)} if (found := nth or ending) else _numbers(field, 1, 7, _WEEKDAYS)
    if not wanted <= set(range(1, 8)):
        raise _NotUnderstoodError
    days = [day for day in range(1, last + 1) if date(year, month, day).isoweekday() % 7 + 1 in wanted]
    if nth:
        days = days[int(nth[2]) - 1 : int(nth[2])]
    yield from days[-1:] if ending else days
