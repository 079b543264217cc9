"""The known differences from Checkov concern checks that policies use, and sections that exist."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from content_copy import bundled

ROOT = Path(__file__).parents[2]
ENTRIES = [
    entry
    for entries in yaml.safe_load((ROOT / "benchmarks" / "checkov_differences.yaml").read_text("utf-8")).values()
    for entry in entries
]


def test_each_difference_concerns_a_compared_check() -> None:
    asked = {check for policy in bundled().policies.values() if policy.iac for check in policy.iac.checkov}
    ours_alone = {check for rule in bundled().code_rules.values() for check in rule.instead_of}
    written = {check for entry in ENTRIES for checks in entry["files"].values() for check in checks}
    assert written
    assert written - (asked - ours_alone) == set()


def test_each_difference_refers_to_an_existing_section() -> None:
    sections = re.findall(r"^### (.+)", (ROOT / "docs" / "differences.md").read_text("utf-8"), re.MULTILINE)
    assert {entry["section"] for entry in ENTRIES} <= set(sections)
