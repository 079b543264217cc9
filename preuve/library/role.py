"""A role of preuve as Terraform and as CloudFormation: the policies, and who may assume it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from preuve.library.permissions import Document
from preuve.model.errors import UsageError

_ISSUER = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
_IDS = re.compile(r"([0-9]{1,19})/([0-9]{1,19})")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")
_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,254}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Role:
    """What a role is called, and what it is for."""

    name: str
    about: str
    used: str  # what its ARN is for

    @property
    def sid(self) -> str:
        """The id of the one statement of its trust policy."""
        return "".join(part.capitalize() for part in self.name.split("-"))


SCAN = Role(
    "preuve-scan",
    "Reads what the selected policies of preuve need, and nothing else",
    "For scope.accounts[].role_arn",
)
PUBLISH = Role(
    "preuve-publish",
    "Stores evidence bundles of preuve in one bucket and locks them, and nothing else",
    "For the job that runs preuve publish",
)


@dataclass(frozen=True)
class GitHub:
    """The one repository, and the one branch or environment of it, whose workflows may assume the role."""

    repository: str  # ORG/REPO
    ids: str = ""  # ORG_ID/REPO_ID: the immutable subject of repositories created since 15 July 2026
    branch: str = "main"
    environment: str = ""

    @property
    def subject(self) -> str:
        """The `sub` claim to compare with, letter by letter. Raises UsageError for names that GitHub cannot have."""
        owner, name = _matched(_REPOSITORY, self.repository, "--github ORG/REPO")
        if self.ids:
            owner_id, name_id = _matched(_IDS, self.ids, "--github-ids ORG_ID/REPO_ID")
            owner, name = f"{owner}@{owner_id}", f"{name}@{name_id}"
        if self.environment:
            _matched(_ENVIRONMENT, self.environment, "--environment NAME")
            return f"repo:{owner}/{name}:environment:{self.environment}"
        _matched(_BRANCH, self.branch, "--branch NAME")
        return f"repo:{owner}/{name}:ref:refs/heads/{self.branch}"


def _matched(pattern: re.Pattern[str], value: str, form: str) -> tuple[str | Any, ...]:
    match = pattern.fullmatch(value)
    if match is None:
        raise UsageError(f"{value!r} is not of the form {form}", "a trust policy names exactly one; no wildcard")
    return match.groups()


def _trust(role: Role, principal: Mapping[str, Any], github: GitHub | None) -> Document:
    statement: dict[str, Any] = {"Sid": role.sid, "Effect": "Allow", "Principal": principal}
    statement["Action"] = "sts:AssumeRoleWithWebIdentity" if github else "sts:AssumeRole"
    if github:  # StringEquals on both: a wildcard would let other repositories, branches and pull requests in
        claims = {f"{_ISSUER}:aud": "sts.amazonaws.com", f"{_ISSUER}:sub": github.subject}
        statement["Condition"] = {"StringEquals": claims}
    return {"Version": "2012-10-17", "Statement": [statement]}


# ---- CloudFormation -----------------------------------------------------------------------------------------------


def cloudformation(policies: Sequence[Document], github: GitHub | None, role: Role = SCAN) -> str:
    """A template (JSON) with the policies and the role."""
    provider = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{_ISSUER}"
    principal = (
        {"Federated": {"Fn::Sub": provider}}
        if github
        else {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${TrustedAccount}:root"}}
    )
    names = [f"Policy{number}" for number in range(1, len(policies) + 1)]
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": role.about,
        "Parameters": _parameters(role, github),
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "Description": role.about,
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": _trust(role, principal, github),
                    "ManagedPolicyArns": [{"Ref": name} for name in names],
                },
            },
            **{
                name: {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {"Description": role.about, "PolicyDocument": document},
                }
                for name, document in zip(names, policies, strict=True)
            },
        },
        "Outputs": {"RoleArn": {"Description": role.used, "Value": {"Fn::GetAtt": "Role.Arn"}}},
    }
    return json.dumps(template, indent=2) + "\n"


def _parameters(role: Role, github: GitHub | None) -> Mapping[str, Any]:
    name = {"RoleName": {"Type": "String", "Default": role.name, "AllowedPattern": "[A-Za-z0-9+=,.@_-]{1,64}"}}
    if github:
        return name
    trusted = {
        "Type": "String",
        "AllowedPattern": "[0-9]{12}",
        "Description": "Account whose roles may assume this one",
    }
    return {**name, "TrustedAccount": trusted}


# ---- Terraform ----------------------------------------------------------------------------------------------------


class _Expression(str):
    """HCL that is written as it is."""

    __slots__ = ()


def terraform(policies: Sequence[Document], github: GitHub | None, role: Role = SCAN) -> str:
    """A Terraform file with the policies and the role."""
    principal = (
        {"Federated": _Expression("data.aws_iam_openid_connect_provider.github.arn")}
        if github
        else {"AWS": _Expression('"arn:${data.aws_partition.current.partition}:iam::${var.trusted_account}:root"')}
    )
    blocks = [f"# {role.about}. Made by: preuve permissions --format terraform", *_inputs(role, github)]
    attributes = {
        "name": _Expression("var.role_name"),
        "description": role.about,
        "max_session_duration": 3600,
        "assume_role_policy": _encoded(_trust(role, principal, github)),
    }
    blocks.append(_block('resource "aws_iam_role" "preuve"', attributes))
    for number, document in enumerate(policies, start=1):
        blocks += _policy(role, number, document)
    blocks.append(_block('output "preuve_role_arn"', {"value": _Expression("aws_iam_role.preuve.arn")}))
    return "\n\n".join(blocks) + "\n"


def _inputs(role: Role, github: GitHub | None) -> list[str]:
    blocks = [_block('variable "role_name"', {"type": _Expression("string"), "default": role.name})]
    if github:
        return [*blocks, _block('data "aws_iam_openid_connect_provider" "github"', {"url": f"https://{_ISSUER}"})]
    about = "Account whose roles may assume this one"
    trusted = {"description": about, "type": _Expression("string")}
    return [*blocks, 'data "aws_partition" "current" {}', _block('variable "trusted_account"', trusted)]


def _policy(role: Role, number: int, document: Document) -> list[str]:
    name = _Expression(f'"${{var.role_name}}-{number}"')
    policy = {"name": name, "description": role.about, "policy": _encoded(document)}
    attachment = {
        "role": _Expression("aws_iam_role.preuve.name"),
        "policy_arn": _Expression(f"aws_iam_policy.preuve_{number}.arn"),
    }
    return [
        _block(f'resource "aws_iam_policy" "preuve_{number}"', policy),
        _block(f'resource "aws_iam_role_policy_attachment" "preuve_{number}"', attachment),
    ]


def _encoded(document: Document) -> _Expression:
    return _Expression(f"jsonencode({_hcl(document, 1)})")


def _block(header: str, attributes: Mapping[str, Any]) -> str:
    return f"{header} {{\n{_attributes(attributes, 1)}\n}}"


def _attributes(values: Mapping[str, Any], depth: int) -> str:
    """Attributes with the signs of neighbours of one line in a column, as `terraform fmt` has them."""
    written = [(_key(key), _hcl(value, depth)) for key, value in values.items()]
    lines: list[str] = []
    for many, found in groupby(written, key=lambda pair: "\n" in pair[1]):
        pairs = list(found)
        width = 0 if many else max(len(key) for key, _ in pairs)
        lines += (f"{'  ' * depth}{key.ljust(width)} = {text}" for key, text in pairs)
    return "\n".join(lines)


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) else json.dumps(key)


def _hcl(value: Any, depth: int) -> str:
    if isinstance(value, _Expression):
        return value
    if isinstance(value, Mapping):
        return f"{{\n{_attributes(value, depth + 1)}\n{'  ' * depth}}}"
    if isinstance(value, list):
        inner = "".join(f"{'  ' * (depth + 1)}{_hcl(item, depth + 1)},\n" for item in value)
        return f"[\n{inner}{'  ' * depth}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return json.dumps(value)
