"""Each small change of a condition is noticed by some example of its policy, or is listed in `survivors.yaml`.

What is listed there without a reason still wants an example; nothing may be added to it.
"""

from __future__ import annotations

import pytest

from mutation.run import changes, judging, noticed
from mutation.survivors import known

TO_BE_WRITTEN = 84


@pytest.mark.parametrize("policy", judging())
def test_some_example_notices_each_change(policy: str) -> None:
    survivors = {change.text for change in changes(policy) if not noticed(change)}
    assert survivors == set(known().get(policy, {})), "write an example, or say in survivors.yaml why none can"


def test_every_reason_is_of_a_policy() -> None:
    assert set(known()) <= set(judging())


def test_what_is_still_to_be_written_becomes_less() -> None:
    without = [change for changes in known().values() for change, why in changes.items() if not why]
    assert len(without) <= TO_BE_WRITTEN
