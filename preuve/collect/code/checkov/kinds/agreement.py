"""The result of a check on a block that may have several forms: the result on each form, if all are the same."""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from preuve.collect.code.checkov.engine import Outcome
from preuve.collect.code.verdict.verdict import UNKNOWN

T = TypeVar("T")


def on_which_all_agree(answers: Sequence[T], result: Callable[[T], str]) -> T | None:
    """Return the first of some answers, if all of them are certain and equal."""
    same = len({result(answer) for answer in answers}) == 1 and result(answers[0]) != UNKNOWN
    return answers[0] if same else None


def common_outcome(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return the result that some outcomes have in common, with everything that they have read; None if they differ."""
    same = on_which_all_agree(outcomes, lambda outcome: outcome.result or "")
    return with_every_value(outcomes) if same else None


def with_every_value(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the first of some outcomes, with each value that one of them has read, `30 | 365`, and all their
    grounds.
    """
    first = outcomes[0]
    each = {key: dict.fromkeys(one.values.get(key) for one in outcomes) for key in first.values}
    plain = {key: [text for text in texts if text] for key, texts in each.items() if len(texts) > 1}
    told = {key: " | ".join(texts) for key, texts in plain.items() if not any(one[0] in "[{" for one in texts)}
    return replace(first, values={**first.values, **told}, grounds=of_every_form(one.grounds for one in outcomes))


def of_every_form(grounds: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the grounds of the failures of some forms of a resource, each as often as one form has it."""
    return tuple(functools.reduce(operator.or_, map(Counter, grounds), Counter[str]()).elements())
