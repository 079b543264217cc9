"""How often schedules run, by the examples of AWS's documentation and by the calendar."""

from __future__ import annotations

import gzip
import math
import re
from pathlib import Path

import botocore
import pytest

from preuve.documents.schedules import days_apart

# Of the EventBridge, Secrets Manager and AWS Backup user guides, with the most days between two runs.
DOCUMENTED = {
    "rate(4 hours)": 1 / 6,
    "rate(1 day)": 1,
    "rate(10 days)": 10,
    "cron(0 10 * * ? *)": 1,
    "cron(0 18 ? * MON-FRI *)": 3,
    "cron(0 8 1 * ? *)": 31,
    "cron(0/15 * * * ? *)": 1,
    "cron(0 8/8 * * ? *)": 1,
    "cron(0 8 1/7 * ? *)": 7,
    "cron(0 0 ? * SUN#1 *)": 35,
    "cron(0 16 L * ? *)": 31,
    "cron(0 16 L 3,6,9,12 ? *)": 92,
    "15 * ? * * *": 1,
    "0 12 * * ? *": 1,
}
# A schedule that the calendar never meets, or that no year is left for, does not run.
NEVER = [
    "cron(0 3 31 2 ? *)",
    "cron(0 3 30 2,2 ? *)",
    "cron(0 3 1 1 ? 2020)",
    "cron(0 3 * * ? 2024-2030)",
    "rate(0 days)",
]
RARE = {"rate(400 days)": 400, "cron(0 3 29 2 ? *)": 1461, "cron(0 3 1 1 ? *)": 366, "cron(0 3 ? 1 2#1 *)": 371}
# Not a form that AWS takes: what it means is not guessed.
NOT_TAKEN = [
    "",
    "daily",
    "rate(5 weeks)",
    "cron(0 10 * * * *)",
    "cron(0 10 ? * ? *)",
    "cron(0 25 * * ? *)",
    "cron(0 10)",
]
_EXPRESSION = re.compile(r"rate\([0-9]+ [a-z]+\)|cron\((?:[\w*?/#,-]+ ){5}[\w*?/#,-]+\)")
_WORDS = re.compile("minutes|Minutes|fields")


@pytest.mark.parametrize(("expression", "days"), [*DOCUMENTED.items(), *RARE.items()])
def test_the_longest_time_between_two_runs(expression: str, days: float) -> None:
    assert days_apart(expression) == pytest.approx(days)


@pytest.mark.parametrize("expression", NEVER)
def test_a_schedule_that_does_not_go_on_never_runs(expression: str) -> None:
    assert days_apart(expression) == math.inf


@pytest.mark.parametrize("expression", NOT_TAKEN)
def test_what_aws_does_not_take_is_not_understood(expression: str) -> None:
    assert days_apart(expression) is None


def test_every_expression_in_the_models_of_aws_is_understood() -> None:
    files = sorted((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json.gz"))
    texts = [gzip.decompress(file.read_bytes()).decode() for file in files]
    found = {match for text in texts for match in _EXPRESSION.findall(text) if not _WORDS.search(match)}
    assert len(found) > 20
    assert [one for one in sorted(found) if days_apart(one) is None] == []
