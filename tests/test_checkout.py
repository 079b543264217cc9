"""Tests of a copied checkout do not run on the original's engine."""

from __future__ import annotations

from pathlib import Path

import pytest

import checkout

ROOT = Path(__file__).resolve().parents[1]


def test_the_tests_of_this_checkout_run_its_own_engine() -> None:
    assert checkout.problem(ROOT) == ""


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ('{"url": "file:///home/a%20b/preuve", "dir_info": {"editable": true}}', "/home/a b/preuve"),
        ('{"url": "file:///home/x/preuve", "dir_info": {}}', "/home/x/preuve"),
        ('{"url": "file:///home/x/preuve.whl", "archive_info": {}}', ""),
        ('{"url": "https://example.com/preuve.git", "vcs_info": {}}', ""),
        (None, ""),
    ],
)
def test_an_interpreter_of_another_checkout_is_refused(
    monkeypatch: pytest.MonkeyPatch, about: str | None, told: str
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return about

    monkeypatch.setattr(checkout, "distribution", lambda name: Installed())
    said = checkout.problem(ROOT)
    assert bool(said) == bool(told)
    assert told in said
    assert "make .venv/.ready" in said or not told
