"""Each operation of AWS that takes a role, or lets its caller into something that has one, is a way of the table of
escalations, or it is said why it is none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from content_copy import bundled
from preuve.documents import grants
from preuve.documents.document import read
from preuve.library.yaml.documents import load

# By their names: what other members hold (parameters of a document, options of a platform) no model tells.
_ROLE = re.compile("role|credentialsarn|^credentials$|instanceprofile", re.IGNORECASE)
_TAKEN = {"string", "list"}
# Where the prefix of an action is not the name under which requests are signed.
_PREFIXES = {"cloudcontrol": "cloudformation"}
_METHODS = {"apigateway": {"PutIntegration": "PUT"}, "apigatewayv2": {"Create": "POST", "Update": "PATCH"}}

SESSION = botocore.session.Session()


@functools.cache
def _model(service: str) -> Any:
    return SESSION.get_service_model(service)


def _takes_role(shape: Any, above: tuple[str, ...] = ()) -> bool:
    if shape is None or shape.name in above:
        return False
    below = (*above, shape.name)
    if shape.type_name == "structure":
        return any(
            (_ROLE.search(name) and (member.type_name in _TAKEN or "profile" in name.lower()))
            or _takes_role(member, below)
            for name, member in shape.members.items()
        )
    inner = {"list": "member", "map": "value"}.get(shape.type_name)
    return bool(inner) and _takes_role(getattr(shape, inner), below)


@functools.cache
def takers() -> frozenset[tuple[str, str]]:
    return frozenset(
        (service, name)
        for service in SESSION.get_available_services()
        for name in _model(service).operation_names
        if _takes_role(_model(service).operation_model(name).input_shape)
    )


def _action(service: str, operation: str) -> str:
    prefix = _PREFIXES.get(service) or _model(service).signing_name
    methods = _METHODS.get(service, {})
    return f"{prefix}:{next((method for name, method in methods.items() if operation.startswith(name)), operation)}"


def _listed(file: str) -> Iterator[tuple[str, str]]:
    for group in load(Path(__file__).with_name(file)):
        assert group["reason"].endswith(".")
        for service, names in group["operations"].items():
            yield from ((service, name) for name in names.split())


WAYS = bundled().reference["iam_escalations"]["data"]


def _compare(found: frozenset[tuple[str, str]], in_table: set[str], file: str) -> None:
    ways = {one for one in found if _action(*one) in in_table}
    listed = list(_listed(file))
    assert sorted(found - ways - set(listed)) == []
    assert sorted(set(listed) - found) == []
    assert sorted(set(listed) & ways) == []
    assert len(listed) == len(set(listed))


def test_each_operation_that_takes_a_role_is_in_the_table_or_has_a_reason() -> None:
    _compare(takers(), {action for way in WAYS.values() for action in way.split()}, "role_takers.yaml")


# What runs a command of the caller, and what hands out credentials or opens a session, a terminal or a notebook.
_COMMAND = re.compile("commands?|buildspec(override)?", re.IGNORECASE)
_OPENS = re.compile(
    "secretaccesskey|servicepassword|(auth|cli|web)token|(stream|streaming|authorized|notebook)url", re.IGNORECASE
)


def _names(shape: Any, above: tuple[str, ...] = ()) -> Iterator[str]:
    if shape is None or shape.name in above:
        return
    below = (*above, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if member.type_name != "structure":
                yield name
            yield from _names(member, below)
    inner = {"list": "member", "map": "value"}.get(shape.type_name)
    if inner:
        yield from _names(getattr(shape, inner), below)


def _lets_in(model: Any) -> bool:
    return any(map(_COMMAND.fullmatch, _names(model.input_shape))) or any(
        map(_OPENS.fullmatch, _names(model.output_shape))
    )


def test_each_operation_that_lets_its_caller_in_is_in_the_table_or_has_a_reason() -> None:
    entries = frozenset(
        (service, name)
        for service in SESSION.get_available_services()
        for name in _model(service).operation_names
        if _lets_in(_model(service).operation_model(name))
    )
    _compare(entries, {action for way in WAYS.values() for action in way.split()}, "entries.yaml")


# What needs no role, or is of no API, or is asked by the one that takes the role.
_OF_NO_MODEL = {
    *("bedrock-agentcore:ConnectBrowserAutomationStream", "emr-serverless:AccessLivyEndpoints"),
    *("sso:AssociateProfile", "sso:PutPermissionsPolicy"),  # of the console, as all of the directory
    *("sso-directory:AddMemberToGroup", "sso-directory:UpdatePassword", "sso-directory:CreateBearerToken"),
    *("sso-directory:ImportExternalIdPCertificate", "sso-directory:CreateExternalIdPConfigurationForDirectory"),
    "sso-directory:EnableExternalIdPConfigurationForDirectory",
}


def test_each_action_of_the_table_is_one_of_aws() -> None:
    known = {
        _action(service, name)
        for service in SESSION.get_available_services()
        for name in _model(service).operation_names
    }
    known |= {"iam:PassRole", "lambda:InvokeFunction", "apigateway:PATCH", *_OF_NO_MODEL}
    assert sorted({action for way in WAYS.values() for action in way.split()} - known) == []


@pytest.mark.parametrize("way", ["Cloud Control resource", "EC2 spot fleet", "Systems Manager activation"])
def test_a_way_needs_a_role_that_may_be_passed_to_its_service(way: str) -> None:
    def raises(service: str) -> bool | None:
        statement = {"Effect": "Allow", "Action": WAYS[way].split(), "Resource": "*"}
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": service}}
        return grants.escalates([read({"Statement": [statement]})], WAYS).value

    own = WAYS[way].split()[1].split(":")[0]
    assert raises(f"{own}.amazonaws.com") is True
    assert raises("glue.amazonaws.com") is False
