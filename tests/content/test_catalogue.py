"""`docs/catalogue.md` agrees with the content, and the committed page is current."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from content_copy import bundled
from preuve.library.yaml.place import content_root
from tools.catalogue import page
from tools.proofs import CODE, account_proofs

ROOT = content_root()
DOCUMENT = ROOT / "docs" / "catalogue.md"


@pytest.fixture(scope="module")
def made() -> str:
    return page()


@pytest.fixture(scope="module")
def lines(made: str) -> Mapping[str, list[str]]:
    """The cells of each policy's line."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in made.splitlines() if line[:3] == "| `"]
    return {row[0].split("`")[1]: row for row in rows}


def test_the_committed_page_is_current(made: str) -> None:
    """In any order: if two branches add a policy to one service, git keeps the lines of both."""
    committed = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert sorted(committed) == sorted(made.splitlines()), "run: make content"


def test_every_policy_has_a_line_with_its_examples(lines: Mapping[str, list[str]]) -> None:
    policies = bundled().policies
    assert set(lines) == set(policies)
    for name, policy in policies.items():
        expected = ("pass", "fail", "not_applicable", "not_evaluated")
        counts = [sum(1 for item in policy.examples if item.expected == kind) for kind in expected]
        assert lines[name][4] == " / ".join(str(count) for count in counts)
        assert lines[name][1] == policy.severity.value


def test_checkov_ids_and_equivalence_match_the_policy(lines: Mapping[str, list[str]]) -> None:
    for name, policy in bundled().policies.items():
        cell = lines[name][3]
        if policy.iac is None:
            assert cell == "—"
        else:
            assert all(check in cell for check in policy.iac.checkov)
            assert cell.endswith(f"({policy.iac.equivalence.replace('_', ' ')})")


def test_no_policy_lacks_a_proof_without_a_reason(lines: Mapping[str, list[str]]) -> None:
    assert {name: row[5:] for name, row in lines.items() if "**none**" in row} == {}


def test_the_proof_of_an_account_names_its_kind(lines: Mapping[str, list[str]]) -> None:
    assert lines["s3-versioning"][5] == "demonstration"
    assert lines["s3-account-public-access-block"][5] == "made"
    assert re.fullmatch(r"demonstration; example \([1-9]\d* of \d+\)", lines["macie-on"][5])
    kinds = {re.split("[;:,]", row[5])[0] for row in lines.values()}
    assert kinds == {"demonstration", "made", "no", "organization", "—"}


def test_a_policy_has_no_proof_for_a_side_without_a_rule(lines: Mapping[str, list[str]]) -> None:
    policies = bundled().policies
    assert {name for name, row in lines.items() if row[5] == "—"} == {n for n, item in policies.items() if not item.aws}
    assert {name for name, row in lines.items() if row[6] == "—"} == {n for n, item in policies.items() if not item.iac}


def test_every_proof_belongs_to_a_policy() -> None:
    proven = {name for name, policy in bundled().policies.items() if policy.aws}
    assert set(account_proofs(ROOT)) <= proven
    folders = {path.name for path in (ROOT / CODE).iterdir()}
    assert folders <= {name for name, policy in bundled().policies.items() if policy.iac}
