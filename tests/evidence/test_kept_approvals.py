"""The signatures of approvals and reviews that a bundle keeps: whatever is changed, it is told."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evidence.company import make_key, signing_of
from preuve.evidence.approval import checked, sign
from preuve.library.company.waivers import Signable, allowed_signer, field_salt, signed_fields
from preuve.model.company.workspace import Approval, Attestation, GitHub, Waiver, Workspace
from preuve.model.content import Severity
from preuve.model.errors import AlteredError, Position, PreuveError
from preuve.pipeline.bundle.consistency.agreement import unapproved, wrong_in
from preuve.pipeline.bundle.reperformance import approvals, told_first

FROM, TO = date(2026, 10, 1), date(2027, 1, 31)
WAIVER = Waiver("W-1", "s3-encrypted", "logs", "an empty bucket", "Owner", "CISO", FROM, TO, Position("w"))
IN_ACCOUNT = replace(WAIVER, id="W-2", account="123456789012")
ATTESTATION = Attestation(
    "ATT-1", "HR-04", "statement", "Sanctions", "Owner", FROM, "partly", Position("a"), statement="so", approver="CISO"
)


def kept(item: Signable, folder: Path) -> Signable:
    """An item that its approver signed, as a bundle keeps it."""
    folder.mkdir()
    key = make_key(folder)
    approvers = allowed_signer(item, signing_of(key).public_key).encode()
    found = checked(item, sign(item, key), approvers)
    assert found.state == "verified"
    salt = bytes.fromhex(found.salt)
    opened = {name: (field_salt(salt, name).hex(), value) for name, value in signed_fields(item).items()}
    return replace(item, approval=replace(found, salt="", opened=opened))


def workspace(*items: Signable) -> Workspace:
    return Workspace(
        Path(), "Try", "FR", "en", (), (), (), (), {}, Severity.HIGH, "evidence", "k",
        waivers=tuple(item for item in items if isinstance(item, Waiver)),
        attestations=tuple(item for item in items if isinstance(item, Attestation)),
    )  # fmt: skip


def told(*items: Signable) -> set[str]:
    return {line.split()[1] for line in (*wrong_in(workspace(*items)), *unapproved(workspace(*items)))}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> list[Signable]:
    folder = tmp_path_factory.mktemp("signed")
    return [kept(item, folder / item.id) for item in (WAIVER, IN_ACCOUNT, ATTESTATION)]


def _of(**changes: object) -> Callable[[Approval], Approval]:
    return lambda approval: replace(approval, **changes)  # type: ignore[arg-type]


FORGED: list[Callable[[Approval], Approval]] = [
    lambda approval: replace(approval, committed={**approval.committed, "id": "0" * 64}),
    lambda approval: replace(approval, signature=approval.signature.replace("A", "B", 5)),
    lambda approval: replace(approval, opened={}),
    lambda approval: replace(approval, opened={"id": approval.opened["id"]}),
    _of(key="SHA256:" + "A" * 43),
    _of(signature=""),
    _of(committed={}, opened={}),
    _of(public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN9Ws5eHmiUnLkUZt0DzLQq1B3BqVg8b6ZbQhO3Yf2mE"),
    _of(state="unsigned"),
]


def test_what_was_signed_is_not_told(signed: list[Signable]) -> None:
    assert told(*signed) == set()
    assert told(WAIVER, ATTESTATION) == set(), "nor what nobody signed"


@pytest.mark.parametrize("forged", FORGED)
def test_any_approval_that_nobody_gave_is_told(signed: list[Signable], forged: Callable[[Approval], Approval]) -> None:
    for item in signed:
        assert told(replace(item, approval=forged(item.approval))) == {item.id}


def test_the_approval_of_another_item_is_told(signed: list[Signable]) -> None:
    first, second, third = signed
    for item, other in ((first, second), (second, first), (third, first), (first, third)):
        assert item.id in told(replace(item, approval=other.approval))
        unopened = replace(other.approval, opened={})
        assert item.id in told(replace(item, approval=unopened))
    assert told(replace(first, reason="real data")) == {"W-1"}


def test_without_ssh_keygen_it_is_said_how_many_were_not_checked(
    signed: list[Signable], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert approvals(workspace(*signed)) == ((), 0)
    monkeypatch.setenv("PATH", os.devnull)
    assert approvals(workspace(*signed)) == ((), 3)
    assert approvals(workspace(WAIVER)) == ((), 0), "nobody signed anything"


def test_what_no_audit_writes_is_named_where_nothing_can_be_made_again_of_it() -> None:
    """A blank commitment is no valid record: that is what somebody changed, and no defect of preuve."""
    place = "aws/123456789012/eu-west-3/inspector2.jsonl:12:340 commitment"
    with (
        pytest.raises(AlteredError, match=re.escape("inspector2.jsonl:12:340 commitment")) as found,
        told_first([place]),
    ):
        raise PreuveError("a record is not valid", "report it")
    assert found.value.exit_code == 10
    with pytest.raises(PreuveError, match="a record is not valid"), told_first([]):
        raise PreuveError("a record is not valid", "report it")


def test_answers_that_come_from_this_machine_are_a_demonstration() -> None:
    made = replace(workspace(), github=GitHub("techstart", api="http://127.0.0.1:5599/_github"))
    assert [*wrong_in(replace(made, demonstration=True))] == []
    assert [*wrong_in(made)] == ["workspace.json demonstration"]
