"""TechStart's account, examined once without faults, to compare with."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from pipeline.runs import Run, prepared_for, run
from preuve.pipeline.prepare import Prepared


@pytest.fixture(scope="session")
def prepared(_techstart_account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """All policies, and a workspace on TechStart's account."""
    return prepared_for(tmp_path_factory.mktemp("techstart"), _techstart_account.endpoint)


@pytest.fixture(scope="session")
def whole_and_ledger(_techstart_account: Emulator, prepared: Prepared) -> tuple[Run, list[dict[str, Any]]]:
    """What is found in TechStart's account without faults, and the calls that it took, as the account saw them."""
    _techstart_account.reset(state=False)
    found = run(prepared, prepared.workspace.root / "whole")
    return found, _techstart_account.ledger()


@pytest.fixture(scope="session")
def whole(whole_and_ledger: tuple[Run, list[dict[str, Any]]]) -> Run:
    """What is found in TechStart's account without faults."""
    return whole_and_ledger[0]


@pytest.fixture(scope="session")
def whole_ledger(whole_and_ledger: tuple[Run, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The calls that a run without faults makes."""
    return whole_and_ledger[1]
