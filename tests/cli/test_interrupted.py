"""Commands that are stopped between two of their writes, at each of them: run again, they end as if they never were."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.test_attest import public
from cli.test_waiver import make_key
from interruption import files_in, killed_after
from preuve.assess.changes.known_findings import baseline_of
from preuve.cli.main import main
from preuve.library.company.baseline import load_baseline, write_baseline
from preuve.pipeline.workspace import report as monthly

TODAY = date(2026, 11, 30)
WORKSPACE = """schema: 1
organisation: {name: Test, country: FR, language: en}
evidence: {pseudonym_key: .preuve/key}
"""


def invoked(*arguments: str) -> Callable[[Path], None]:
    def run(root: Path) -> None:
        CliRunner().invoke(main, [word.format(root=root) for word in arguments])

    return run


def reported(root: Path) -> None:
    list(monthly.report(root, "2026-11", None, TODAY))


INIT = invoked("init", "{root}", "--organisation", "Test", "--language", "fr", "--ci", "github", "--yes")
ATTEST = invoked(
    *("attest", "GOV-03", "-w", "{root}", "--owner", "Jane Doe", "--statement", "x", "--conclusion", "in_place"),
    *("--effective", "2026-01-10", "--id", "ATT-007"),
)


@pytest.mark.parametrize(
    "command",
    [INIT, ATTEST, invoked("attest", "GOV-03", "--template", "-w", "{root}"), reported],
    ids=["init", "attest", "template", "report"],
)
def test_a_command_that_is_stopped_anywhere_ends_well_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(monthly, "available", lambda: False)  # papers as PDF take a process each
    root = tmp_path / "ws"

    def begin() -> None:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        if command is not INIT:
            (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")

    begin()
    command(root)
    whole = files_in(root)
    assert len(whole) > 1
    for number in count(step=7 if command is INIT else 1):  # it writes some thirty files, one as the other
        begin()
        with killed_after(number, root) as watch:
            command(root)
        left = files_in(root)
        assert {name: whole.get(name) for name in left} == left, f"half a file after {number} writes"
        command(root)
        assert files_in(root) == whole, number
        if not watch.over:
            break
    assert number > 1


def test_a_review_that_is_signed_again_is_never_without_its_signature(tmp_path: Path) -> None:
    root, key = tmp_path / "ws", make_key(tmp_path, "noor")
    root.mkdir()
    (root / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    (root / "approvers").write_text(f'"Noor Benali" namespaces="preuve-attestation" {public(key)}\n', encoding="utf-8")
    invoked(
        *("attest", "GOV-03", "-w", "{root}", "--owner", "Jane Doe", "--approver", "Noor Benali", "--statement", "x"),
        *("--conclusion", "in_place", "--effective", "2026-01-10"),
    )(root)

    def signed() -> None:
        CliRunner().invoke(main, ["attest", "--sign", "ATT-001", "-w", str(root), "--key", str(key)], input="y\n")

    signed()
    (signature,) = root.rglob("*.sig")
    for number in count():
        with killed_after(number, root) as watch:
            signed()
        assert signature.read_bytes().endswith(b"-----END SSH SIGNATURE-----\n"), "the earlier one, or the new one"
        if not watch.over:
            break
    assert number > 1


def test_a_baseline_that_is_not_written_stays_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "baseline.yaml"
    write_baseline(path, baseline_of(()))
    before = path.read_bytes()
    for number in range(2):
        with killed_after(number, tmp_path):
            write_baseline(path, baseline_of(()))
        assert path.read_bytes() == before and load_baseline(path).marks == {}


def test_the_page_of_the_other_language_is_written_where_the_first_is_that_of_the_whole_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command was stopped between the two; the first page stays, for a committee may have seen it."""
    monkeypatch.setattr(monthly, "available", lambda: False)
    (tmp_path / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    reported(tmp_path)
    pages = {path: path.read_bytes() for path in (tmp_path / "monthly").rglob("*.html")}
    assert len(pages) > 1
    for lost in pages:
        lost.unlink()
        reported(tmp_path)
        assert {path: path.read_bytes() for path in pages} == pages
