"""A plan of AWS Backup counts as a second site only if no two copies elsewhere leave a gap between them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from content_copy import bundled, linted
from preuve.assess.examples import ExampleRunner
from preuve.model.content import Example
from preuve.model.errors import Position

POLICY = "backup-second-site-allowed"
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# Eight years without a leap year are among them, as around 2100.
DAYS = [date(2092, 1, 1) + timedelta(days=number) for number in range(16 * 365)]
DATES = ["*", "*/2", "*/31", "1", "09", "15", "28", "29", "30", "31", "1,15", "28-31", "30,31", "1/7", "29/1", "L"]
WEEKDAYS = ["*", "1", "SUN", "2-6", "MON-FRI", "TUE,SAT", "L", "6L", "2#1", "3#5"]
MONTHS = ["*", "1", "2", "FEB", "6,12", "*/3"]
SCHEDULES = [
    *(f"{day} {month} ?" for day in DATES for month in MONTHS),
    *(f"? {month} {day}" for day in WEEKDAYS for month in MONTHS),
]
KEPT = [7, 27, 28, 30, 31, 62, 366, 371, 372, 1500]


def _numbers(field: str, first: int, last: int, names: list[str]) -> set[int]:
    """The numbers that a field of a cron expression takes."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        start, _, end = ("1", "-", str(last)) if span == "*" else span.partition("-")
        low, high = (names.index(name) + first if name in names else int(name or 0) for name in (start, end))
        found |= set(range(low, (high or (last if step else low)) + 1, int(step or 1)))
    return found


def _comes(day: date, days: str, months: str, weekdays: str) -> bool:
    if day.month not in _numbers(months, 1, 12, _MONTHS):
        return False
    left = (day + timedelta(days=1)).month != day.month
    if weekdays == "?":
        return left if days == "L" else day.day in _numbers(days, 1, 31, [])
    weekday = day.isoweekday() % 7 + 1
    if weekdays == "L":
        return weekday == 7
    if weekdays.endswith("L"):
        return weekday == int(weekdays[0]) and (day + timedelta(days=7)).month != day.month
    number, _, which = weekdays.partition("#")
    if which:
        return weekday == int(number) and (day.day - 1) // 7 + 1 == int(which)
    return weekday in _numbers(weekdays, 1, 7, _WEEK)


def longest_gap(schedule: str) -> int:
    """Days between two copies, at most; one more than all where none or one comes."""
    came = [day for day in DAYS if _comes(day, *schedule.split())]
    return max(((after - before).days for before, after in pairwise(came)), default=len(DAYS) + 1)


@cache
def verdict(schedule: str, kept: int) -> str:
    (rule,) = (rule for rule in linted().rules if rule.policy.id == POLICY)
    copy = {
        "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:v",
        "Lifecycle": {"DeleteAfterDays": kept},
    }
    plan = {"Rules": [{"RuleName": "r", "ScheduleExpression": f"cron(0 5 {schedule} *)", "CopyActions": [copy]}]}
    resource = {"Tags": {"Environment": "prod"}, "Selections": [{"SelectionId": "s"}], "BackupPlan": plan}
    example = Example("pass", Position(POLICY, 1, 1), resource, type=rule.rule.resource, name=schedule)
    return ExampleRunner(bundled(), linted().checker.shapes).result(rule, example).actual


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_plan_passes_only_if_each_copy_is_kept_until_the_next(schedule: str) -> None:
    gap = longest_gap(schedule)
    verdicts = {kept: verdict(schedule, kept) for kept in KEPT}
    assert {kept: got for kept, got in verdicts.items() if got == "pass" and kept < gap} == {}
    assert {kept: got for kept, got in verdicts.items() if got == "fail" and kept >= gap} == {}


def test_the_usual_schedules_are_decided() -> None:
    assert [verdict(one, kept) for one, kept in (("? * *", 7), ("? * SUN", 7), ("1 * ?", 31), ("1 1 ?", 372))] == [
        "pass"
    ] * 4
    assert [verdict(one, kept) for one, kept in (("1 * ?", 7), ("1 1 ?", 7))] == ["fail"] * 2
