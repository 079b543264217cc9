"""What a result rests on: the rule that was asked, and the code that was not read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from assess.factory import policy
from content_copy import bundled
from preuve.assess.changes.basis import rule_of, with_basis
from preuve.model.content import IacRule
from preuve.model.results import FindingStatus, PolicyResult
from preuve.model.snapshot import IacGap, Meta, Snapshot

SIDE = IacRule(("CKV_AWS_3",), "same_intent", frameworks=frozenset({"terraform"}))
RULE = policy(iac=SIDE, digest="aa")


@pytest.mark.parametrize(
    ("cause", "framework", "roots"),
    [
        ("module_not_loaded", "terraform", ("infra",)),
        ("not_covered", "terraform", ("infra",)),
        ("parse_error", "terraform", ("infra",)),
        ("module_not_loaded", "dockerfile", ()),  # of no code that the policy speaks of
        ("not_made", "terraform", ()),
        ("state_not_read", "terraform", ()),
        ("left_out", "terraform", ()),
    ],
)
def test_a_result_names_the_roots_that_were_not_read_whole(cause: str, framework: str, roots: tuple[str, ...]) -> None:
    snapshot = Snapshot(Meta(), gaps=(IacGap("infra", "infra/main.tf", 1, cause, "", framework),))
    results = {"test": PolicyResult("test", FindingStatus.PASS, {"PASS": 1})}
    found = with_basis(results, [RULE], bundled(), {}, snapshot)["test"]
    assert found.unread == roots and found.status is FindingStatus.PASS and len(found.rule) == 64


def test_a_rule_is_another_one_with_other_conditions_or_other_values_of_what_it_reads() -> None:
    reads = replace(RULE, params=("days",), iac=replace(SIDE, tagged=({"Tier": ("params.tiers",)},)))
    values = {"days": 1, "tiers": ["a"], "other": 1}
    same = rule_of(reads, bundled(), values)
    assert rule_of(replace(reads, title=RULE.rationale), bundled(), {**values, "other": 2}) == same
    others = {
        rule_of(replace(reads, digest="bb"), bundled(), values),
        rule_of(reads, bundled(), {**values, "days": 2}),
        rule_of(reads, bundled(), {**values, "tiers": ["b"]}),
    }
    assert len(others - {same}) == 3


def test_what_is_judged_under_another_name_is_judged_by_another_rule() -> None:
    """Else its old name would be told as mended, and its new one as new."""
    library = bundled()
    policy = library.policies["dns-no-dangling-record"]
    records = library.types["AWS::Route53::RecordSet"]
    renamed = {
        rule_of(
            policy, replace(library, types={**library.types, records.name: structs.replace(records, beside=beside)}), {}
        )
        for beside in (records.beside, ("Type",), ())
    }
    assert len(renamed) == 3 and rule_of(policy, library, {}) in renamed
