"""Fixtures of the whole suite: an emulated AWS account that is empty for each test, and one with TechStart's estate.

TechStart's account is examined once without faults, for comparison.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # `from emulator import Emulator`, whatever pytest's import mode

import checkout
import honest  # noqa: F401 - first, so that it holds for every snapshot that a test takes
import kept_library
import order
import warm_worker
from emulator import Emulator, running
from pipeline.runs import Run, prepared_for, run
from preuve.model.company.run_secrets import OF_RUN
from preuve.pipeline.run.preparation import Preparation


def pytest_configure() -> None:
    """Removes the user's AWS set-up, cache and language from the tests: no test may reach an account, or the user's
    cache.

    Property tests try the same examples on each run, so that a red test is about the change at hand and not about
    chance. `--hypothesis-profile=explore` looks for new ones.
    """
    settings.register_profile("steady", derandomize=True, deadline=None, max_examples=40)
    settings.register_profile("explore", deadline=None, max_examples=5000)
    settings.load_profile("steady")
    for name in list(os.environ):
        if name.upper().startswith("AWS_"):
            del os.environ[name]
    os.environ.pop("LC_ALL", None)
    os.environ["LC_MESSAGES"] = "C"  # without a workspace, commands speak the language of the terminal
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="preuve-tests-")
    kept_library.install()
    warm_worker.install()
    nothing = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    os.environ.update(nothing, AWS_EC2_METADATA_DISABLED="true")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    """Refuses to start with the interpreter of another checkout."""
    if copied := checkout.problem(Path(__file__).parents[1]):
        pytest.exit(copied, returncode=pytest.ExitCode.USAGE_ERROR)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items.sort(key=lambda item: order.place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give out files in that order."""
    return order.scheduler(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Exclude from garbage collection what stays to the end: the tests, the modules and the models of AWS."""
    if "preuve.collect.code.checkov.engine" in sys.modules:
        raise pytest.UsageError("a test's file loads Checkov, and every worker loads every file: import it in the test")
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure() -> None:
    """Removes the cache of this session, and excludes from garbage collection what ends with the process."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"])
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the secrets of one test before the next: in a command, a process is one run."""
    monkeypatch.setattr(OF_RUN, "_known", set())


@pytest.fixture
def today() -> date:
    """The day on which a test runs, in UTC, as for commands: a minute before midnight it is the next day."""
    left = 86_400 - time.time() % 86_400
    if left < 60:
        time.sleep(left + 1)
    return datetime.now(UTC).date()


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


@pytest.fixture(scope="session")
def prepared(_techstart_account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Preparation:
    """All policies, and a workspace on TechStart's account."""
    return prepared_for(tmp_path_factory.mktemp("techstart"), _techstart_account.endpoint)


@pytest.fixture(scope="session")
def whole_and_ledger(_techstart_account: Emulator, prepared: Preparation) -> tuple[Run, list[dict[str, Any]]]:
    """The results for TechStart's account without faults, and its calls as the account recorded them."""
    _techstart_account.reset(state=False)
    found = run(prepared, prepared.workspace.root / "whole")
    return found, _techstart_account.ledger()


@pytest.fixture(scope="session")
def whole(whole_and_ledger: tuple[Run, list[dict[str, Any]]]) -> Run:
    """The results for TechStart's account without faults."""
    return whole_and_ledger[0]


@pytest.fixture(scope="session")
def whole_ledger(whole_and_ledger: tuple[Run, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The calls that a run without faults makes."""
    return whole_and_ledger[1]
