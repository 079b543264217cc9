"""Each small change of a condition is noticed by some example of its policy, or is listed in `survivors.yaml`.

None is listed without a reason.
"""

from __future__ import annotations

import pytest

from mutation.run import changes, judging, noticed
from mutation.survivors import known


@pytest.mark.parametrize("policy", judging())
def test_each_change_is_noticed_by_an_example(policy: str) -> None:
    survivors = {change.text for change in changes(policy) if not noticed(change)}
    assert survivors == set(known().get(policy, {})), "write an example, or say in survivors.yaml why none can"


def test_every_reason_belongs_to_a_policy() -> None:
    assert set(known()) <= set(judging())


def test_every_exception_has_a_reason() -> None:
    assert [(policy, change) for policy, changes in known().items() for change, why in changes.items() if not why] == []
