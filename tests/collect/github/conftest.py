"""An organization on GitHub, in good order, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collect.github.fake import TOKEN, GitHub, serving


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """An organization with one repository."""
    monkeypatch.setenv("GITHUB_TOKEN_OF_TESTS", TOKEN)
    with serving(GitHub()) as found:
        found.add("app")
        yield found
