"""TechStart's account, examined once without faults, to compare with."""

from __future__ import annotations

import pytest

from emulator import Emulator
from pipeline.runs import Run, prepared_for, run
from preuve.pipeline.prepare import Prepared


@pytest.fixture(scope="session")
def prepared(_techstart_account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """All policies, and a workspace on TechStart's account."""
    return prepared_for(tmp_path_factory.mktemp("techstart"), _techstart_account.endpoint)


@pytest.fixture(scope="session")
def whole(_techstart_account: Emulator, prepared: Prepared) -> Run:
    """What is found in TechStart's account without faults. Its ledger is kept in `whole_ledger`."""
    _techstart_account.reset(state=False)
    return run(prepared, prepared.workspace.root / "whole")


@pytest.fixture(scope="session")
def whole_ledger(_techstart_account: Emulator, prepared: Prepared) -> list[dict[str, object]]:
    """The calls that a run without faults makes, as the account saw them."""
    _techstart_account.reset(state=False)
    run(prepared, prepared.workspace.root / "again")
    return _techstart_account.ledger()
