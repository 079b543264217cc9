"""Fixtures of the whole suite: an emulated AWS account, empty for each test, and one that holds TechStart's estate."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `from emulator import Emulator`, whatever pytest's import mode

from emulator import Emulator, running


def pytest_configure() -> None:
    """Drops the user's AWS set-up from the test process: no test may reach an account."""
    for name in list(os.environ):
        if name.upper().startswith("AWS_"):
            del os.environ[name]
    nothing = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    os.environ.update(nothing, AWS_EC2_METADATA_DISABLED="true")


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    with running() as emulator:
        yield emulator


@pytest.fixture
def emulator(_emulator: Emulator) -> Emulator:
    """An empty emulated account with TechStart's saved responses, no faults and a clean ledger."""
    _emulator.reset()
    return _emulator


@pytest.fixture(scope="session")
def _techstart_account() -> Iterator[Emulator]:
    with running("--seed") as emulator:
        yield emulator


@pytest.fixture
def techstart_account(_techstart_account: Emulator) -> Emulator:
    """TechStart's whole estate, shared by the tests of a session: read only. No faults, a clean ledger."""
    _techstart_account.reset(state=False)
    return _techstart_account
