"""Selection of the accounts of an organization: yes and no only if that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from preuve.collect.aws.members import discovery_of, problems
from preuve.collect.aws.organization import MemberAccount, Tree, Units
from preuve.model.company.organization import Account, EnvironmentRule, KeptOut, Organization, Role, Unit
from preuve.model.errors import Position
from preuve.model.snapshot import Member, Unread
from preuve.pipeline.run.discovery import accounts_of

AT = Position("preuve.yaml", 7, 5)
DENIED = Unread("access_denied", "AccessDenied", call="organizations:ListParents")
ROOT, WORK, PROD, LAB = "r-ab12", "ou-ab12-11111111", "ou-ab12-22222222", "ou-ab12-33333333"
UNITS = Units({ROOT: "/", WORK: "/Workloads", PROD: "/Workloads/Prod", LAB: "/Lab"})
NUMBER = "111122223333"
PLAIN = Organization(
    AT, Account("organization", "organization"), (Role("arn:aws:iam::{account}:role/preuve-scan", "techstart-7"),)
)


def listed(
    above: tuple[str, ...] | Unread = (ROOT, WORK, PROD), state: str = "ACTIVE", **more: object
) -> MemberAccount:
    tags: Mapping[str, str] | Unread = more.get("tags", {})  # type: ignore[assignment]
    return MemberAccount(NUMBER, "billing", state, above, tags)


def member(organization: Organization, account: MemberAccount, units: Units = UNITS) -> Member:
    (found,) = discovery_of(organization, Tree((account,), units)).members
    return found


def units(*names: str) -> tuple[Unit, ...]:
    return tuple(Unit(name, AT) for name in names)


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("/", "read"),
        ("/Workloads", "read"),  # children are included
        ("/Workloads/", "read"),
        ("/Workloads/Prod", "read"),
        (PROD, "read"),
        (WORK, "read"),
        (ROOT, "read"),
        ("/Lab", "outside"),
        (LAB, "outside"),
        ("/Prod", "outside"),  # a path begins at the root
        ("/workloads", "outside"),  # AWS distinguishes names by case
    ],
)
def test_a_unit_contains_the_accounts_below_it(name: str, decision: str) -> None:
    assert member(replace(PLAIN, units=units(name)), listed()).decision == decision


@pytest.mark.parametrize(("state", "cause"), [
    ("SUSPENDED", "account_suspended"),
    ("PENDING_CLOSURE", "account_pending_closure"),
    ("CLOSED", "account_closed"),
    ("PENDING_ACTIVATION", "account_pending_activation"),
])  # fmt: skip
def test_a_closed_account_is_in_scope_with_its_cause(state: str, cause: str) -> None:
    found = member(PLAIN, listed(state=state))
    assert (found.decision, found.in_scope) == ("closed", True)
    assert found.unread
    assert found.unread.cause == cause
    assert member(replace(PLAIN, units=units("/Lab")), listed(state=state)).decision == "outside"


def test_an_excluded_account_or_unit_has_a_reason() -> None:
    for item in (
        KeptOut("sold in March", AT, account=NUMBER),
        KeptOut("sold in March", AT, unit=Unit("/Workloads", AT)),
    ):
        found = member(replace(PLAIN, kept_out=(item,)), listed(state="SUSPENDED"))
        assert (found.decision, found.reason, found.in_scope) == ("excluded", "sold in March", False)


def test_an_account_needs_all_tags_with_one_of_their_values() -> None:
    wanted = replace(PLAIN, tags={"Audit": ("yes", "soon"), "Tier": ("1",)})
    for said in ("soon", "Yes", "yes ", " SOON"):
        assert member(wanted, listed(tags={"Audit": said, "Tier": "1"})).decision == "read"
    for tags in ({"Audit": "soon"}, {"Audit": "no", "Tier": "1"}, {}):
        assert member(wanted, listed(tags=tags)).decision == "outside"


RULES = {
    "by unit": replace(PLAIN, units=units(LAB)),
    "by path": replace(PLAIN, units=units("/Lab")),
    "by tag": replace(PLAIN, tags={"Audit": ("yes",)}),
    "without a unit": replace(PLAIN, kept_out=(KeptOut("a playground", AT, unit=Unit(LAB, AT)),)),
    "environment by unit": replace(PLAIN, environments=(EnvironmentRule("test", Unit(LAB, AT)),)),
    "environment by tag": replace(PLAIN, environments=(EnvironmentRule(tag="Environment"),)),
    "all": replace(
        PLAIN,
        units=units("/Lab"),
        tags={"Audit": ("yes",)},
        kept_out=(KeptOut("a playground", AT, unit=Unit(LAB, AT)),),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_an_unknown_fact_never_decides_the_scope(rule: str) -> None:
    """For every possible value of the unread part: if it may matter, the account is in scope and not read."""
    for above, tags in product(((ROOT, LAB), (ROOT, WORK)), ({"Audit": "yes", "Environment": "Test"}, {})):
        for hidden in ({"above": DENIED}, {"tags": DENIED}, {"above": DENIED, "tags": DENIED}):
            told = member(RULES[rule], replace(listed(above, tags=tags), **hidden))
            true = member(RULES[rule], listed(above, tags=tags))
            if told.decision == "unknown":
                assert (told.unread, told.in_scope) == (DENIED, True)
            else:  # excluded and outside are both no
                assert told.in_scope == true.in_scope
                assert told.environment == true.environment or not told.in_scope


def test_unread_tags_do_not_matter_in_a_unit_out_of_scope() -> None:
    wanted = replace(PLAIN, units=units("/Lab"), tags={"Audit": ("yes",)})
    assert member(wanted, listed(tags=DENIED)).decision == "outside"


def test_partly_read_names_of_units_decide_nothing() -> None:
    partly = Units({ROOT: "/", WORK: "/Workloads"}, DENIED)
    assert member(replace(PLAIN, units=units("/Workloads")), listed(), partly).decision == "read"
    assert member(replace(PLAIN, units=units("/Workloads/Prod")), listed(), partly).decision == "unknown"
    assert member(replace(PLAIN, units=units(LAB)), listed(), partly).decision == "outside"


def test_a_unit_that_may_not_exist_leaves_the_accounts_unknown() -> None:
    partly = Units({ROOT: "/"}, DENIED)
    tree = Tree((listed(),), partly)
    assert discovery_of(replace(PLAIN, units=units(LAB, ROOT)), tree).unread == DENIED
    assert discovery_of(replace(PLAIN, units=units(ROOT)), tree).unread is None
    assert not list(problems(replace(PLAIN, units=units(LAB)), tree))


def test_an_unknown_unit_or_account_is_reported_with_file_and_line() -> None:
    wanted = replace(
        PLAIN,
        units=units("/Workload", LAB),
        kept_out=(KeptOut("sold in March", AT, account="999988887777"),),
        environments=(EnvironmentRule("test", Unit("ou-ab12-99999999", AT)),),
    )
    found = [str(problem) for problem in problems(wanted, Tree((listed(),), UNITS))]
    assert len(found) == 3
    assert found[0].startswith("preuve.yaml:7:5: there is no unit /Workload in the organization")
    assert found[1].startswith("preuve.yaml:7:5: there is no unit ou-ab12-99999999")
    assert found[2].startswith("preuve.yaml:7:5: there is no account 999988887777 in the organization")


def test_an_ambiguous_path_of_a_unit_is_refused() -> None:
    twice = Units({ROOT: "/", WORK: "/A", PROD: "/A/B", LAB: "/A/B"})  # a unit may be called A/B
    (found,) = problems(replace(PLAIN, units=units("/A/B")), Tree((listed(),), twice))
    assert found.message == f"/A/B names several units: {PROD}, {LAB}"


def test_the_first_matching_environment_rule_counts() -> None:
    rules = (EnvironmentRule(tag="Environment"), EnvironmentRule("prod", Unit("/Workloads", AT)))
    wanted = replace(PLAIN, environments=rules)
    assert member(wanted, listed(tags={"Environment": " Staging "})).environment == "staging"
    assert member(wanted, listed(tags={"Environment": " "})).environment == "prod"
    assert member(wanted, listed((ROOT, LAB))).environment == ""


@pytest.mark.parametrize(
    "scope",
    [
        {"units": units("/Lab")},
        {"units": units("/Workloads")},
        {"kept_out": (KeptOut("not ours", AT, account=NUMBER),)},
    ],
)
@pytest.mark.parametrize("state", ["ACTIVE", "SUSPENDED"])
def test_an_account_that_the_workspace_names_has_the_state_and_the_environment_of_the_organization(
    scope: dict[str, Any], state: str
) -> None:
    wanted = replace(PLAIN, environments=(EnvironmentRule("test", Unit(PROD, AT)),), **scope)
    discovery = discovery_of(wanted, Tree((listed(state=state),), UNITS))
    for own, environment in (("", "test"), ("prod", "prod")):
        (account,) = accounts_of(wanted, [Account(NUMBER, "billing", environment=own)], discovery)
        assert account.environment == environment
        assert account.unread == (None if state == "ACTIVE" else Unread("account_suspended", state))


def test_the_role_of_an_account_contains_its_number() -> None:
    account = PLAIN.account(NUMBER, "billing")
    assert account.roles == (Role(f"arn:aws:iam::{NUMBER}:role/preuve-scan", "techstart-7"),)
