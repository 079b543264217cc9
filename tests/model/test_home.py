"""Paths that begin at the user's home."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.model.errors import UsageError
from preuve.system.home import expanded


def test_an_unknown_home_is_an_error_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert expanded(Path("~/k.key")) == Path("/somewhere/k.key")
    with pytest.raises(UsageError, match="not known where the home is") as caught:
        expanded(Path("~no-such-user/k.key"))
    assert "the whole path" in caught.value.hint
