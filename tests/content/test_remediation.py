"""The fixes that policies give: commands that AWS's own models know, written once for both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel
from botocore.session import Session

from content_copy import bundled
from preuve.library.yaml.place import content_root

FENCED = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"(?<![\w-])aws ([a-z0-9-]+) ([a-z0-9-]+)(.*)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
NO_API = {"s3", "configure"}  # commands of the AWS CLI that are no operations
ANY = {"region", "profile", "output", "query", "no-cli-pager"}
SERVICES = {"configservice": "config", "s3api": "s3"}  # where the AWS CLI has a name of its own
# Options of the AWS CLI in place of members of the request.
OPTIONS = {
    "authorize-security-group-egress": {"protocol", "port", "cidr"},
    "create-network-acl-entry": {"ingress", "protocol", "rule-action", "cidr-block", "port-range", "rule-number"},
    "delete-network-acl-entry": {"ingress", "rule-number"},
    "authorize-security-group-ingress": {"protocol", "port", "cidr"},
    "revoke-security-group-ingress": {"protocol", "port", "cidr"},
    "subscribe": {"notification-endpoint"},
}


@cache
def operations(service: str) -> dict[str, OperationModel]:
    model = Session().get_service_model(SERVICES.get(service, service))
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def commands(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Service, operation and options of each AWS command in the fenced blocks of a text."""
    for block in FENCED.findall(text):
        for match in COMMAND.finditer(re.sub(r"\\\n\s*", " ", block)):
            rest = QUOTED.sub("…", re.split(r" \| | && |; ", match[3])[0])
            if match[1] not in NO_API and match[2] != "wait":
                yield match[1], match[2], re.findall(r"(?<!\S)--([a-z0-9-]+)", rest)


def wrong(service: str, operation: str, given: list[str]) -> Iterator[str]:
    try:
        known = operations(service)
    except UnknownServiceError:
        yield f"there is no service {service}"
        return
    if operation not in known:
        yield f"{service} has no {operation}"
        return
    shape = known[operation].input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in (shape.members if shape else {}).items()}
    plain = {name.removeprefix("no-") if name not in members else name for name in given}
    yield from (
        f"{service} {operation} has no --{name}"
        for name in sorted(plain - set(members) - ANY - OPTIONS.get(operation, set()) - {"cli-pager"})
    )
    required = set(shape.required_members) if shape else set()
    yield from (
        f"{service} {operation} needs --{option}"
        for option, (name, member) in members.items()
        if name in required and option not in plain and "idempotencyToken" not in member.metadata
        if not OPTIONS.get(operation, set()) & plain
    )


@pytest.mark.parametrize("policy", sorted(bundled().policies))
def test_a_fix_is_a_command_that_aws_knows_or_code(policy: str) -> None:
    text = bundled().policies[policy].remediation
    assert FENCED.search(text.en)
    assert [problem for command in commands(text.en) for problem in wrong(*command)] == []


def test_code_is_written_once_for_both_languages() -> None:
    paths = sorted((content_root() / "policies").glob("*/*.yaml"))
    assert paths
    assert [path.name for path in paths if "```" in path.read_text(encoding="utf-8")] == []


def test_no_text_of_the_content_names_a_company() -> None:
    """Remediation texts go into the bundles of others: their names are examples, their hosts those kept for that."""
    host = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)|https?://([\w-]+\.[\w.-]+)")
    known = re.compile(
        r"(.*\.)?(example\.(com|org|net)|example|amazonaws\.com|git(hub|lab)\.com|amazon\.com)"
        r"|endoflife\.date|pathfinding\.cloud"  # sources of reference data
    )
    register = (Path(__file__).parents[2] / "examples/techstart/registers/people.csv").read_text(encoding="utf-8")
    people = re.compile("|".join(rf"\b[a-z]+\.{name}\b" for name in set(re.findall(r"\.(\w+)@", register))))
    found = []
    for folder in ("policies", "scanners", "controls"):
        for path in sorted((content_root() / folder).rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            assert "techstart" not in text.lower(), path
            assert not people.search(text), path
            hosts = (one or other for one, other in host.findall(text))
            found += [(path.name, name) for name in hosts if not known.fullmatch(name.rstrip("."))]
    assert found == []
