"""Hosts and a workspace for notifications."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.fakes import Jira, Slack, serving
from notify.scene import Scene
from preuve.library.load import load_library

LIBRARY = load_library(None, validate=False)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is the same in each test, and takes most of the time to read."""
    monkeypatch.setattr("preuve.notify.run.load_library", lambda *_, **__: LIBRARY)


@pytest.fixture
def jira() -> Iterator[Jira]:
    host = Jira()
    with serving(host):
        yield host
    assert host.wrong == []


@pytest.fixture
def slack() -> Iterator[Slack]:
    host = Slack()
    with serving(host):
        yield host
    assert host.wrong == []


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("HOOK", "")
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    return Scene(tmp_path / "workspace")
