"""Bundles are kept for years: keys and certificates expire meanwhile, which is no sign of a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.company import STANDARD, Company, make_key, now, signing_of
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.evidence.verifier.check import Witnesses, verify

Verifier = Callable[[Path, Witnesses], int]
_LATER = """#!/bin/sh
# The program as it is in the year 2100.
case "$*" in
*-attime* | *-Overify-time* | *-Y\\ sign*) ;;
"ts -verify"*) set -- "$@" -attime 4102444800 ;;
"-Y find-principals"* | "-Y verify"*) set -- "$@" -Overify-time=21000101Z ;;
esac
exec /usr/bin/"$(basename "$0")" "$@"
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("openssl", "ssh-keygen"):
        (folder / name).write_text(_LATER)
        (folder / name).chmod(0o755)
    return f"{folder}:{STANDARD}"


def day(**later: int) -> str:
    return f"{datetime.now(UTC) + timedelta(**later):%Y%m%d%H%M%SZ}"


def heads(bundle: Path) -> list[str]:
    return [read(bundle / CHAIN).lines[-1].digest]


def signers(company: Company, *lines: str) -> Path:
    public = signing_of(company.key).public_key
    company.signers.write_text("".join(f"{line.replace('KEY', public)}\n" for line in lines))
    return company.signers


def test_the_certificate_of_the_authority_has_expired(company: Company, verifier: Verifier) -> None:
    bundle = company.audit("2026-Q4", now())
    assert verifier(bundle, Witnesses(None, heads(bundle), company.signers, company.ca)) == 0


def test_a_key_that_was_valid_at_the_time_of_the_timestamp_has_expired(company: Company, verifier: Verifier) -> None:
    bundle = company.audit("2026-Q4", now())
    allowed = signers(company, f'co@x valid-before="{day(days=9)}" KEY')
    assert verifier(bundle, Witnesses(None, heads(bundle), allowed, company.ca)) == 0
    assert verifier(bundle, Witnesses(None, heads(bundle), allowed)) == 11
    assert (
        verifier(bundle, Witnesses(None, heads(bundle), signers(company, f'co@x valid-before="{day(days=-1)}" KEY')))
        == 10
    )


def test_a_timestamp_added_later_does_not_make_the_key_unknown(company: Company, verifier: Verifier) -> None:
    bundle = company.audit("2026-Q4", now(days=5))
    allowed = signers(company, f'co@x valid-before="{day(days=-2)}" KEY')
    assert verifier(bundle, Witnesses(None, heads(bundle), allowed, company.ca)) == 11


@pytest.mark.parametrize(
    "line",
    [
        "this is no line",
        'dev@x unknown="1" OTHER',
        'dev@x valid-before="20200101" OTHER',
        'co@x valid-before="20200101" KEY',
    ],
)
def test_an_unusable_line_hides_no_signer(company: Company, verifier: Verifier, tmp_path: Path, line: str) -> None:
    other = signing_of(make_key(tmp_path, "other")).public_key
    bundle = company.audit("2026-Q4", now())
    allowed = signers(company, line.replace("OTHER", other), "co@x KEY")
    assert verifier(bundle, Witnesses(None, heads(bundle), allowed, company.ca)) == 0


def test_the_reason_why_a_key_counts_is_given(company: Company, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = company.audit("2026-Q4", now())
    monkeypatch.setenv("PATH", path)
    allowed = signers(company, f'co@x valid-before="{day(days=9)}" KEY')
    said = {item.code: item.level.value for item in verify(bundle, Witnesses(None, [], allowed, company.ca))}
    assert said["key_ended"] == "note" and "signature_bad" not in said
    assert {item.code for item in verify(bundle, Witnesses(None, [], allowed))} >= {"key_ended_unseen", "signature"}
