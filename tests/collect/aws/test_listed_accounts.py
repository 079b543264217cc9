"""The list of an organization's accounts: whole, or not read."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from preuve.collect.answer import Answer, UnreadError
from preuve.collect.aws.organization import ACCOUNTS, PARENTS, _Reader
from preuve.model.content import Call

ONE, TWO = "111111111111", "222222222222"


class Organizations:
    """Answers with these accounts, all at the root."""

    access = SimpleNamespace(home="us-east-1")

    def __init__(self, *accounts: Mapping[str, str]) -> None:
        self.answers = {ACCOUNTS.operation: list(accounts), PARENTS.operation: [{"Id": "r-ab12"}]}

    def make(self, call: Call, region: str, parameters: Mapping[str, Any]) -> Answer:
        return Answer(self.answers.get(call.operation, []), ("1",))


def read(*accounts: Mapping[str, str]) -> list[str]:
    """The accounts of an organization."""
    reader = _Reader(Organizations(*accounts), frozenset())  # type: ignore[arg-type]
    return [account.id for account in reader.tree().accounts]


def test_each_account_is_read_once() -> None:
    assert read({"Id": TWO, "State": "ACTIVE"}, {"Id": ONE, "State": "SUSPENDED"}) == [ONE, TWO]


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ([], "no account"),
        ([{"Id": ONE}, {"Id": "x"}], "what is no account"),
        ([{"Id": ONE}, {}], "what is no account"),
        ([{"Id": ONE}, {"Id": ONE}], "an account twice"),  # TWO may be missing
        ([{"Id": ONE, "State": "ACTIVE"}, {"Id": TWO}, {"Id": ONE, "State": "SUSPENDED"}], "an account twice"),
    ],
)
def test_a_list_that_does_not_fit_together_is_not_read(accounts: list[dict[str, str]], said: str) -> None:
    with pytest.raises(UnreadError) as raised:
        read(*accounts)
    assert (raised.value.reason.cause, raised.value.reason.message) == ("not_aws", f"the answer names {said}")
