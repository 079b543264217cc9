"""An organization on GitHub, in good order, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collect.github.fake import TOKEN, acme, serving
from examples.techstart.account.github.organization import GitHub


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """An organization with one repository."""
    monkeypatch.setenv("GITHUB_TOKEN_OF_TESTS", TOKEN)
    with serving(acme()) as found:
        found.add("app")
        yield found
