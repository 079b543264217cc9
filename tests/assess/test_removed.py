"""What protected a whole account or region: what takes its place, and what does not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from content_copy import bundled
from preuve.assess.changes.known_findings import Renames
from preuve.assess.changes.removed_protections import ACCOUNT, REGION, Side, removed
from preuve.library.validation.code.known_types import types_of_accounts
from preuve.model.content import Library, Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import IacBlock

WHOLE = re.compile(r"\b(account|region)\.")
TYPE = "aws_guardduty_detector"
WEST, SOUTH = "eu-west-3", "eu-south-1"


def passed(name: str, root: str = "a") -> Finding:
    place = Place(TYPE, f"{TYPE}.{name}", root=root, file=f"{root}/main.tf", line=1)
    return Finding("guardduty-on", 1, "iac", FindingStatus.PASS, Severity.HIGH, place, Reason("iac_passed"))


def block(finding: Finding, *accounts: str, region: str = "") -> IacBlock:
    place = finding.place
    return IacBlock(
        place.root, place.id, place.type, place.file, 1, 1, region=region, accounts=(accounts,) if accounts else ()
    )


def gone(then: list[IacBlock], now: list[IacBlock], of: str = REGION) -> list[str]:
    """Return the names of what is gone, of detectors that all pass."""

    def side(blocks: list[IacBlock]) -> Side:
        return Side.of([passed(one.address.rpartition(".")[2], one.root) for one in blocks], blocks)

    return [one.place.id for one in removed(side(now), side(then), Renames(), lambda _: of)]


def test_what_takes_the_place_is_where_the_other_one_was_as_far_as_the_code_says() -> None:
    was, other = block(passed("x"), "1", region=WEST), passed("y")
    assert gone([was], []) == [was.address]
    assert gone([was], [block(other)]) == []
    assert gone([was], [block(other, "1", "2", region=WEST)]) == []
    assert gone([was], [block(other, "2", region=WEST)]) == [was.address]
    assert gone([was], [block(other, "1", region=SOUTH)]) == [was.address]
    assert gone([was], [block(other, "1", region=SOUTH)], ACCOUNT) == []
    assert gone([was], [replace(was, accounts=(("2",),))]) == [was.address]


def test_one_that_may_not_be_there_takes_the_place_of_none_that_was_surely_there() -> None:
    was, other = block(passed("x")), block(passed("y"))
    assert gone([was], [replace(was, unsure=True)]) == [was.address]
    assert gone([was], [replace(other, unsure=True)]) == [was.address]
    assert gone([was], [replace(was, unsure=True), other]) == []
    assert gone([replace(was, unsure=True)], [replace(was, unsure=True)]) == []
    assert gone([replace(was, unsure=True)], [replace(other, unsure=True)]) == []


def test_who_signs_in_in_another_way_is_in_another_account_unless_both_say_for_which() -> None:
    was = block(passed("x"))
    by_role = replace(was, signs_in="a role", accounts=(("2",),))
    assert gone([was], [by_role]) == [was.address]
    assert gone([replace(was, signs_in="prod")], [replace(was, signs_in="sandbox")]) == [was.address]
    assert gone([replace(was, accounts=(("2",),))], [by_role]) == []
    assert gone([replace(was, signs_in="prod")], [replace(was, signs_in="prod", accounts=(("2",),))]) == []


def test_each_takes_the_place_of_one_and_of_the_one_that_it_is_like() -> None:
    west, south = block(passed("x"), region=WEST), block(passed("y"), region=SOUTH)
    swapped = [replace(west, region=SOUTH), replace(south, region=WEST)]
    assert gone([west, south], swapped) == []
    anywhere, like = block(passed("a", "b")), block(passed("z", "b"), region=WEST)
    assert gone([west, south], [anywhere, like]) == []
    assert gone([west, south], [like]) == [south.address]


def test_code_that_is_unread_now_may_hold_it_and_code_that_was_unread_does_not() -> None:
    was = passed("x")
    unread = replace(passed("z"), policy="another", status=FindingStatus.NOT_EVALUATED, incomplete=True)
    for known in (False, True):
        now = Side.of([replace(unread, known=known)], ())
        found = removed(now, Side.of([was], ()), Renames(), lambda one: REGION if one.policy == was.policy else "")
        assert (found == (was,)) is known


# In a process of its own: Checkov changes the one that loads it.
CHECKOV = """
import importlib, json, pkgutil
from checkov.cloudformation.checks.resource import aws as of_templates
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.terraform.checks.resource import aws
from checkov.terraform.checks.resource.registry import resource_registry
for package in (aws, of_templates):
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
by_type = [pair for registry in (resource_registry, cfn_registry) for pair in registry.checks.items()]
found = [(check.id, name) for name, checks in by_type for check in checks]
for kind in ("terraform", "cloudformation"):
    graph = get_graph_checks_registry(kind)
    graph.load_checks()
    found += [(check.id, name) for check in graph.checks for name in check.resource_types]
print(json.dumps(found))
"""


def looked_at(library: Library) -> dict[str, set[str]]:
    """Return the types of which each check may say that they pass."""
    done = subprocess.run([sys.executable, "-c", CHECKOV], check=True, capture_output=True, text=True)
    found: dict[str, set[str]] = defaultdict(set)
    for check, name in json.loads(done.stdout.splitlines()[-1]):
        found[check].add(name)
    for name, rule in library.code_rules.items():
        found[name] = {*(rule.judgement or {}).get("resources", ()), *types_in(rule.definition)}
    return found


def types_in(definition: object) -> Iterator[str]:
    if isinstance(definition, Mapping):
        yield from definition.get("resource_types", ())
    parts = definition.values() if isinstance(definition, Mapping) else definition
    for part in parts if isinstance(parts, Iterable) and not isinstance(parts, str) else ():
        yield from types_in(part)


def test_the_list_has_what_policies_on_accounts_look_at_and_nothing_that_none_looks_at() -> None:
    library = bundled()
    of_check, listed = looked_at(library), types_of_accounts()
    once = {name for name, type_ in library.types.items() if type_.singleton}
    alone, around = set[str](), set[str]()
    for policy in library.policies.values():
        types = {name for check in (policy.iac.checkov if policy.iac else ()) for name in of_check[check]}
        if policy.aws and once.issuperset(rule.resource for rule in policy.aws):
            alone |= types
        if any(rule.resource in once or WHOLE.search(f"{rule.assert_} {rule.when}") for rule in policy.aws):
            around |= types
    assert alone - listed == set()
    assert listed - alone - around == set()
