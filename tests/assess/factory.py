"""Small snapshots and rules on the real resource types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from content_copy import bundled, linted
from preuve.assess.index import Index
from preuve.assess.judge import Context, Judge, Verdict
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.members import Shapes
from preuve.library.validation.rules import Checker
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Waiver, Workspace
from preuve.model.content import Absence, AwsRule, IacRule, Policy, Severity, Text
from preuve.model.errors import Position
from preuve.model.snapshot import GLOBAL, Listing, Meta, Resource, Snapshot, Unread

ACCOUNT, OTHER = "123456789012", "210987654321"
PARIS, IRELAND = "eu-west-3", "eu-west-1"
NOW = "2026-11-24T12:00:00Z"
TODAY = date(2026, 11, 24)
HERE = Position("policies/test.yaml", 1, 1)
DENIED = Unread("access_denied", "AccessDenied", "not authorized", "ec2:DescribeVolumes")
THROTTLED = Unread("throttled", "Throttling", "slow down")


def text(words: str = "x") -> Text:
    return Text(words, words)


def policy(
    *rules: AwsRule, name: str = "test", severity: Severity = Severity.HIGH, iac: IacRule | None = None, **more: Any
) -> Policy:
    return Policy(name, 1, text(), severity, text(), text(), HERE, aws=rules, iac=iac, **more)


def aws(resource: str, condition: str, **more: Any) -> AwsRule:
    absent = {
        member: Absence(*kind) if isinstance(kind, tuple) else Absence(kind)
        for member, kind in more.pop("absent", {}).items()
    }
    return AwsRule(resource, condition, HERE, absent=absent, **more)


def shapes() -> Shapes:
    return linted().checker.shapes


def checked(*policies: Policy) -> tuple[CheckedRule, ...]:
    """The rules of policies, type-checked against the real collectors."""
    checker = Checker(bundled(), shapes(), linted().checker.typing)
    rules = checker.rules(policies)
    assert [str(problem) for problem in checker.problems] == []
    return rules


def resource(type_name: str, name: str, data: Mapping[str, Any] | None = None, **more: Any) -> Resource:
    default = GLOBAL if bundled().types[type_name].scope == "global" else PARIS
    place = {"account": more.pop("account", ACCOUNT), "region": more.pop("region", default)}
    more["absent"] = frozenset(more.get("absent", ()))
    return Resource(type_name, name, data=data or {}, **place, **more)


def listing(type_name: str, region: str = "", *, account: str = ACCOUNT, count: int = 0, **more: Any) -> Listing:
    default = GLOBAL if bundled().types[type_name].scope == "global" else PARIS
    return Listing(type_name, account, region or default, count, **more)


def snapshot(*items: Resource | Listing, **more: Any) -> Snapshot:
    """A snapshot. Without a listing for a type, the listing of Paris follows from its resources."""
    resources = tuple(item for item in items if isinstance(item, Resource))
    listings = tuple(item for item in items if isinstance(item, Listing))
    given = {item.type for item in listings}
    implied = {item.type for item in resources} - given
    listings += tuple(listing(name) for name in sorted(implied))
    meta = {"finished": NOW, "accounts": [ACCOUNT], "regions": [PARIS], **more.pop("meta", {})}
    return Snapshot(Meta(**meta), tuple(sorted(resources, key=lambda item: item.key)), listings, **more)


def context(**more: Any) -> Context:
    params = {name: item.value for name, item in bundled().parameters.items()}
    return Context(
        params={**params, **more.pop("params", {})},
        org={"accounts": [ACCOUNT], "regions": [PARIS], "country": "FR"},
        reference={name: item["data"] for name, item in bundled().reference.items()},
        now=datetime.fromisoformat(NOW.replace("Z", "+00:00")).astimezone(UTC),
        **more,
    )


def judged(rule: AwsRule, subject: Resource, *around: Resource | Listing, **more: Any) -> Verdict:
    """The verdict of one rule on one resource."""
    (one,) = checked(policy(rule, params=more.pop("params", ())))
    index = Index(snapshot(subject, *around, meta=more.pop("meta", {})), bundled().types)
    return Judge(one, index, shapes(), context(**more)).judge(subject)


def workspace(*, accounts: Iterable[str] = (ACCOUNT,), regions: Iterable[str] = (PARIS,), **more: Any) -> Workspace:
    defaults: dict[str, Any] = {
        "root": Path(), "organisation": "TechStart", "country": "FR", "language": "fr",
        "frameworks": ("iso27001-2022", "gdpr"), "iac": (), "params": {}, "gate": Severity.HIGH,
        "evidence_folder": "evidence", "pseudonym_key": "",
    }  # fmt: skip
    scope = {"accounts": tuple(Account(name, name) for name in accounts), "regions": tuple(regions)}
    return Workspace(**{**defaults, **scope, **more})


def waiver(name: str = "W-1", policy_id: str = "test", pattern: str = "*", **more: Any) -> Waiver:
    dates = {"created": date(2026, 9, 1), "expires": date(2027, 3, 1), **more}
    return Waiver(name, policy_id, pattern, "because", "Nadia", "Paul", **dates, position=HERE)


RULE_OF_VOLUMES = aws("AWS::EC2::Volume", "resource.Encrypted")
