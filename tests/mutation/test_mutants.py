"""Changes of a condition."""

from __future__ import annotations

import pytest

from mutation.mutants import mutants
from mutation.patterns import weakened
from mutation.pieces import Piece, held, written
from mutation.run import changes

SIBLINGS = {"Locked": ("Armed",)}
PARAMS = {"age": 90, "regions": ["eu-west-3"], "strict": True, "tag": "Owner"}


def changed(condition: str) -> set[str]:
    return {mutant.text for mutant in mutants(condition, lambda member: SIBLINGS.get(member, ()), PARAMS)}


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("a.b && c.d", {"a.b || c.d", "c.d", "a.b", "!(a.b) && c.d", "a.b && !(c.d)"}),
        ("a.b == c.d", {"a.b != c.d"}),
        ("a.n <= 3", {"a.n < 3", "a.n > 3", "a.n <= 4", "a.n <= 2"}),
        ("a.n == 0", {"a.n != 0", "a.n == 1", "a.n == (-1)"}),
        ("a.b in ['x', 'y']", {"!(a.b in ['x', 'y'])", "a.b in ['x']", "a.b in ['y']"}),
        ("!a.Locked", {"a.Locked", "!a.Armed"}),
        ("a.all(x, x.Locked)", {"a.exists(x, x.Locked)", "a.all(x, x.Armed)", "a.all(x, !(x.Locked))"}),
        ("a.?b.orValue(false)", {"a.?b.orValue(true)"}),
        ("a.?n.orValue(0) > 5", {"a.?n.orValue(1000000) > 5", "a.?n.orValue(0) > 6", "a.?n.orValue(0) > 4"}),
        ('a.?s.orValue("") == "on"', {'a.?s.orValue("on") == "on"', 'a.?s.orValue("") == "preuve-mutant"'}),
        ('a[?"k"].orValue("") == "on"', {'a[?"k"].orValue("on") == "on"', 'a[?"preuve-mutant"].orValue("") == "on"'}),
        ('a.?s.orValue("off") != "off"', {'a.?s.orValue("preuve-mutant") != "off"'}),
        ("a.n < params.age", {"a.n < (params.age + 1)", "a.n < (params.age - 1)"}),
        ("a.r in params.regions", {'a.r in ["preuve-mutant"]'}),
        ("a.x ? b.y : c.z", {"b.y", "c.z", "!(a.x) ? b.y : c.z"}),
        ('a.s.lowerAscii() == "x"', {'a.s == "x"', 'a.s.lowerAscii() == "preuve-mutant"'}),
        ('a.s.startsWith("x")', {'a.s.endsWith("x")', 'a.s.contains("x")', 'a.s.startsWith("preuve-mutant")'}),
        ("cel.bind(k, a.Locked, k && b.c)", {"cel.bind(k, a.Armed, k && b.c)", "cel.bind(k, a.Locked, b.c)"}),
        ("shared__x && a.b", {"true && a.b", "false && a.b", "a.b", "shared__x || a.b"}),
        ("a.b // || said\n && c.d", {"a.b // || said\n || c.d"}),
    ],
)
def test_each_operator_key_literal_and_branch_is_changed(condition: str, wanted: set[str]) -> None:
    assert wanted <= changed(condition)


def test_a_default_used_in_a_pattern_or_a_company_list_is_not_changed() -> None:
    assert not any("orValue" in text and 'orValue("")' not in text for text in changed('a.?s.orValue("").matches("x")'))
    assert all('orValue("")' in text for text in changed('a.?s.orValue("") in params.regions'))


def test_changes_of_whitespace_only_are_not_made() -> None:
    assert "a.b" not in changed("a.b") | {" ".join(text.split()) for text in changed("a.b\n  ")}


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ('r"^a|b$"', {'r"a|b$"', 'r"^a|b"', 'r"b$"', 'r"^a"'}),
        ('"x(a|bc|d)y"', {'"x(bc|d)y"', '"x(a|d)y"', '"x(a|bc)y"'}),
        (r'r"[|]a\|b"', set()),
        ('r"(?i:a|b)"', {'r"(?i:b)"', 'r"(?i:a)"'}),
    ],
)
def test_a_pattern_loses_an_anchor_or_an_alternative(pattern: str, wanted: set[str]) -> None:
    assert set(weakened(pattern)) == wanted


def test_a_shared_condition_is_not_changed_where_it_is_used() -> None:
    condition, texts = held("a.b && c.x == 1\n   || d", (Piece("part", "c.x == 1\n|| d"), Piece("other", "z.y")))
    assert condition == "a.b && shared__part"
    assert written(condition, texts) == "a.b && c.x == 1\n   || d"


def test_each_rule_is_changed_by_itself_and_a_shared_condition_once() -> None:
    told = [change.text for change in changes("rds-backup-retention")]
    assert [text for text in told if "shared.long_enough → true" in text] == [
        "AWS::RDS::DBInstance, assert: shared.long_enough → true",
        "AWS::RDS::DBCluster, assert: shared.long_enough → true",
    ]
    assert len([text for text in told if text.endswith("BackupRetentionPeriod < 35")]) == 1


def test_no_two_changes_of_a_policy_have_one_name() -> None:
    told = [change.text for change in changes("iam-admin-mfa")]
    assert len(told) == len(set(told))
    assert any(text.endswith(" (2)") for text in told)
