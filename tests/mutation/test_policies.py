"""Each small change of a condition is noticed by some example of its policy, or is listed in `survivors.yaml`.

None is listed without a reason, nor if an example notices it. One of a condition that policies share is tried on the
likeliest examples alone: on all of those policies that takes longer than all the others together, and is left to
`make mutants`.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest

from mutation.run import SHARED, Change, changes, judging, noticed
from mutation.survivors import known

_FIRST = 20  # examples


@pytest.mark.parametrize("policy", judging())
def test_each_change_is_noticed_by_an_example(policy: str) -> None:
    listed = set(known().get(policy, {}))
    tried = _FIRST if policy.startswith(SHARED) else None
    unseen = {change.text for change in changes(policy) if not _is_seen(change, listed, tried)}
    assert unseen - listed == set(), "write an example, or say in survivors.yaml why none can"
    assert listed <= unseen, "there is no such change, or an example notices it: take it out of survivors.yaml"


def _is_seen(change: Change, listed: Collection[str], tried: int | None) -> bool:
    """Whether an example notices it, or the type checker does.

    Most changes are noticed by one of the first examples, which is quicker to see than their types are; what those do
    not notice is often refused, which is quicker to see than that no other of a thousand examples notices it.
    """
    unlisted = change.text not in listed
    if unlisted and noticed(change, most=_FIRST):
        return True
    typed = change.typed()
    if typed is None:
        return True
    return noticed(change) or noticed(typed) if unlisted else noticed(typed, most=tried)


def test_every_reason_belongs_to_a_policy() -> None:
    assert set(known()) <= set(judging())


def test_every_exception_has_a_reason() -> None:
    assert [(policy, change) for policy, changes in known().items() for change, why in changes.items() if not why] == []
