"""What stands beside a claim: each part of its policies that was unread, had nothing to judge, or was out of scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from content_copy import bundled
from preuve.model.content import Policy
from preuve.model.results import (
    Assessment,
    ControlResult,
    ControlStatus,
    Finding,
    FindingStatus,
    Place,
    PolicyResult,
    Reason,
)
from preuve.publish.site.views import Facts
from preuve.publish.words.locale import load_locale

from . import factory

LIBRARY = bundled()
T = load_locale("en")
TYPES = {policy.id: {rule.resource for rule in policy.aws} for policy in LIBRARY.policies.values()}
SERVICES = sorted({LIBRARY.types[name].service for types in TYPES.values() for name in types})


@cache
def controls() -> tuple[ControlResult, ...]:
    return tuple(
        ControlResult(
            control.id, framework.id, ControlStatus.NOT_ASSESSED, (), tuple(link.policy for link in control.policies),
            (), (),
        )
        for framework in LIBRARY.frameworks.values()
        for control in framework.controls
    )  # fmt: skip


def facts(status: Callable[[str], FindingStatus | None]) -> Facts:
    """Every policy with one finding for each type, and one in code that passes where it reads code."""
    found = [item for policy in LIBRARY.policies.values() for item in findings(policy, status)]
    results = {name: PolicyResult(name, FindingStatus.PASS, {}) for name in LIBRARY.policies}
    made = Assessment(factory.NOW, tuple(found), results, controls(), ())
    return Facts(replace(factory.site(), assessment=made, library=LIBRARY))


def findings(policy: Policy, status: Callable[[str], FindingStatus | None]) -> list[Finding]:
    reason = Reason("asserted")
    found = [
        Finding(policy.id, policy.rev, "aws", verdict, policy.severity, Place(name, "it", factory.ACCOUNT), reason)
        for name in sorted(TYPES[policy.id])
        if (verdict := status(name))
    ]
    if policy.iac:
        place = Place("aws_thing", "infra:aws_thing.it", root="infra", file="main.tf", line=1)
        found.append(Finding(policy.id, policy.rev, "iac", FindingStatus.PASS, policy.severity, place, reason))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_was_refused_is_named_beside_each_claim_that_rests_on_it(service: str) -> None:
    """Whatever the code, or another type, said."""
    refused = {name for types in TYPES.values() for name in types if LIBRARY.types[name].service == service}
    index = facts(lambda name: FindingStatus.NOT_EVALUATED if name in refused else FindingStatus.PASS)
    for result in controls():
        for seen in index.claims(result):
            said = index.caveats(seen, T)
            for policy in seen.claim.policies:
                unread = TYPES[policy] & refused
                assert (policy in seen.open) is bool(unread), (result.control, policy)
                if unread:
                    title = LIBRARY.policies[policy].title.en
                    assert title in said
                    whole = unread == TYPES[policy] and LIBRARY.policies[policy].iac is None
                    assert whole or all(name in said for name in unread)


@pytest.mark.parametrize(
    ("status", "part"), [(FindingStatus.NOT_APPLICABLE, "Nothing to judge here"), (None, "Not in scope here")]
)
def test_a_claim_that_only_code_supports_says_so(status: FindingStatus | None, part: str) -> None:
    index = facts(lambda _: status)
    (result,) = (item for item in controls() if item.control == "GDPR.32.1.a")
    said = [(seen, index.caveats(seen, T)) for seen in index.claims(result)]
    assert said
    for seen, caveats in said:
        for policy in seen.claim.policies:
            if TYPES[policy]:
                assert part in caveats and LIBRARY.policies[policy].title.en in caveats


def test_a_claim_judged_in_code_alone_names_what_remains_of_it() -> None:
    """After all that is out of scope was named, the reader must not have to work out what is left."""
    index = facts(lambda _: None)
    for result in controls():
        for seen in index.claims(result):
            judged = [name for name in seen.claim.policies if LIBRARY.policies[name].iac]
            on_more = any(TYPES[name] for name in seen.claim.policies)
            expected = T("site.control.claim_in_code", policies=index.titled(judged, T))
            assert index.caveats(seen, T).startswith(expected) is on_more, (result.control, seen.claim.text.en)


def test_a_claim_of_which_everything_was_judged_has_no_caveat() -> None:
    index = facts(lambda _: FindingStatus.PASS)
    said = [index.caveats(seen, T) for result in controls() for seen in index.claims(result)]
    assert said and set(said) == {""}


@pytest.mark.parametrize("status", [FindingStatus.FAIL, FindingStatus.PASS, None])
def test_each_policy_with_a_verdict_stands_under_what_the_checks_show(status: FindingStatus | None) -> None:
    """In a claim, or by its title: a check that fails on the page of a control is introduced there."""
    made = facts(lambda _: status)
    for result in controls():
        said = {name for seen in made.claims(result) for name in seen.claim.policies}
        named = made.unclaimed(result, T)
        for policy in result.policies:
            told = made.counts([policy]).total() > 0
            assert (made.titled([policy], T) in named) == (told and policy not in said), (result.control, policy)
