"""The result of a check on a block that may have several forms: the result on each form, if all are the same."""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from preuve.collect.code.checkov.engine import Outcome
from preuve.collect.code.verdict.verdict import UNKNOWN


def common_outcome(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return the certain result that some outcomes have in common, with each value that one of them has read, `30 |
    365`, and all their grounds, each as often as one form has it; None if they differ.
    """
    if len({outcome.result for outcome in outcomes}) != 1 or outcomes[0].result == UNKNOWN:
        return None
    first = outcomes[0]
    each = {key: dict.fromkeys(one.values.get(key) for one in outcomes) for key in first.values}
    plain = {key: [text for text in texts if text] for key, texts in each.items() if len(texts) > 1}
    told = {key: " | ".join(texts) for key, texts in plain.items() if not any(one[0] in "[{" for one in texts)}
    grounds = functools.reduce(operator.or_, (Counter(one.grounds) for one in outcomes), Counter[str]())
    return replace(first, values={**first.values, **told}, grounds=tuple(grounds.elements()))
