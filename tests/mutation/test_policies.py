"""Each small change of a condition is noticed by some example of its policy, or is listed in `survivors.yaml`.

None is listed without a reason. Whether an example notices one that is listed is left to `make mutants`: to try it on
every example of every policy that shares the condition takes longer than all the others together.
"""

from __future__ import annotations

import pytest

from mutation.run import changes, judging, noticed
from mutation.survivors import known


@pytest.mark.parametrize("policy", judging())
def test_each_change_is_noticed_by_an_example(policy: str) -> None:
    listed = set(known().get(policy, {}))
    made = {change.text: change.text in listed or noticed(change) for change in changes(policy)}
    assert [text for text, seen in made.items() if not seen] == [], (
        "write an example, or say in survivors.yaml why none can"
    )
    assert listed <= set(made), "no such change: take it out of survivors.yaml"


def test_every_reason_belongs_to_a_policy() -> None:
    assert set(known()) <= set(judging())


def test_every_exception_has_a_reason() -> None:
    assert [(policy, change) for policy, changes in known().items() for change, why in changes.items() if not why] == []
