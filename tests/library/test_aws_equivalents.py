"""The table of AWS's own controls: for policies that exist, and with a reason for every difference."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from content_copy import bundled

ROOT = Path(__file__).parents[2]
TABLE: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "benchmarks" / "aws_equivalents.yaml").read_text("utf-8"))
CHAPTER = re.search(
    r"^## Against Security Hub and AWS Config$(.*?)^## ",
    (ROOT / "docs" / "differences.md").read_text("utf-8"),
    re.M | re.S,
)


def test_every_policy_is_in_the_catalogue_and_has_a_rule_for_accounts() -> None:
    live = {name for name, policy in bundled().policies.items() if policy.aws}
    assert set(TABLE) <= live


def test_names_have_the_format_of_aws() -> None:
    for policy, entry in TABLE.items():
        controls, rules = entry.get("securityhub", []), entry.get("config", [])
        assert controls or rules, policy
        assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]+\.[0-9]+", control) for control in controls), policy
        assert all(re.fullmatch(r"[A-Z0-9]+(_[A-Z0-9]+)+", rule) for rule in rules), policy
        assert controls == sorted(controls, key=lambda name: (name.split(".")[0], int(name.split(".")[1]))), policy


def test_each_difference_has_a_documented_reason() -> None:
    assert CHAPTER is not None
    told = defaultdict(set)
    for part in CHAPTER.group(1).split("\n### ")[1:]:
        heading, _, text = part.partition("\n")
        names = re.findall(r"^\| ([a-z0-9-]+) \||`([a-z0-9-]+)`", text, re.M)
        told[heading] = {name for pair in names for name in pair if name in TABLE}
    differ = defaultdict(set)
    for policy, entry in TABLE.items():
        if "differs" in entry:
            differ[entry["differs"]].add(policy)
    assert told == differ
    assert f"for {len(TABLE)} policies" in CHAPTER.group(1)
