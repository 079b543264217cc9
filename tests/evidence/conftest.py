"""One signing key and one timestamp authority for all tests of the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.company import Company, found, make_key, timestamping
from preuve.evidence.timestamp import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with timestamping(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def company(tmp_path: Path, key: Path, authority: Authority) -> Company:
    return found(tmp_path / "company", key, authority)
