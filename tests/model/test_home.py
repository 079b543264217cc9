"""Paths that begin at the user's home."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.model.errors import UsageError
from preuve.system.home import expanded


def test_a_home_that_is_not_known_is_said_with_what_to_write_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert expanded(Path("~/k.key")) == Path("/somewhere/k.key")
    with pytest.raises(UsageError, match="not known where the home is") as caught:
        expanded(Path("~no-such-user/k.key"))
    assert "the whole path" in caught.value.hint
