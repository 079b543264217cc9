"""A role of preuve as Terraform and as CloudFormation: the policies, and who may assume it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from preuve.library.iam.permissions import Document
from preuve.library.yaml.place import content_root
from preuve.model.errors import UsageError

_REPOSITORY = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
_IDS = re.compile(r"([0-9]{1,19})/([0-9]{1,19})")
_PROJECT = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,20})")
_HOST = re.compile(r"((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63})")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")
_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,254}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TERRAFORM, _CLOUDFORMATION = "ci/roles/role.tf.j2", "ci/roles/role.json"


@dataclass(frozen=True)
class Role:
    """The name and purpose of a role."""

    name: str
    about: str
    used: str  # the purpose of its ARN
    called: str = ""  # its name in the account, if that differs
    path: str = "/"
    tagged: bool = False  # whether the caller passes tags of the session

    def at(self, arn: str) -> Role:
        """Return the role with the name and the path of an ARN."""
        *path, called = arn.partition(":role/")[2].split("/")
        return replace(self, called=called, path="/".join(["", *path, ""]))

    @property
    def made(self) -> str:
        """The default name of the role."""
        return self.called or self.name

    @property
    def sid(self) -> str:
        """The id of the one statement of its trust policy."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def block(self) -> str:
        """The name of its Terraform blocks, so that both roles fit into one folder."""
        return self.name.replace("-", "_")


SCAN = Role(
    "preuve-scan",
    "Reads what the selected policies of preuve need, and nothing else",
    "For scope.accounts[].role_arn",
)
MANAGEMENT = Role(
    "preuve-scan",
    "Reads what the selected policies of preuve need and which accounts there are, and nothing else",
    "For scope.organization.role_arn",
)
PUBLISH = Role(
    "preuve-publish",
    "Stores evidence bundles of preuve in one bucket and locks them, and nothing else",
    "For the job that runs preuve publish",
)


@dataclass(frozen=True)
class Pipelines:
    """The pipelines whose jobs may assume the role: those with exactly one of these subjects, from one issuer of
    tokens.
    """

    issuer: str
    audience: str
    subjects: tuple[str, ...]


def github(repository: str, ids: str = "", branch: str = "main", environments: Sequence[str] = ()) -> Pipelines:
    """Return the trust in workflows of ORG/REPO, on a branch or in one of some environments.

    `ids` is ORG_ID/REPO_ID, for repositories whose token subject contains them: those created since 15 July 2026.
    Raises UsageError for names that GitHub cannot have.
    """
    owner, name = _matched(_REPOSITORY, repository, "--github ORG/REPO")
    if ids:
        owner_id, name_id = _matched(_IDS, ids, "--github-ids ORG_ID/REPO_ID")
        owner, name = f"{owner}@{owner_id}", f"{name}@{name_id}"
    for environment in environments:
        _matched(_ENVIRONMENT, environment, "--environment NAME")
    _matched(_BRANCH, branch, "--branch NAME")
    inside = [f"environment:{environment}" for environment in environments] or [f"ref:refs/heads/{branch}"]
    subjects = tuple(f"repo:{owner}/{name}:{part}" for part in inside)
    return Pipelines("token.actions.githubusercontent.com", "sts.amazonaws.com", subjects)


def gitlab(project: str, host: str = "gitlab.com", branch: str = "main") -> Pipelines:
    """Return the jobs of GROUP/PROJECT on a branch. Raises UsageError for names that GitLab cannot have."""
    _matched(_PROJECT, project, "--gitlab GROUP/PROJECT")
    _matched(_HOST, host, "--gitlab-host gitlab.example.com")
    _matched(_BRANCH, branch, "--branch NAME")
    return Pipelines(host, f"https://{host}", (f"project_path:{project}:ref_type:branch:ref:{branch}",))


def _matched(pattern: re.Pattern[str], value: str, form: str) -> tuple[str | Any, ...]:
    match = pattern.fullmatch(value)
    if match is None:
        raise UsageError(f"{value!r} is not of the form {form}", "a trust policy names exactly one; no wildcard")
    return match.groups()


def _trust(
    role: Role, principal: Mapping[str, Any], pipelines: Pipelines | None, external_id: object = None
) -> Document:
    statement: dict[str, Any] = {"Sid": role.sid, "Effect": "Allow", "Principal": principal}
    statement["Action"] = "sts:AssumeRoleWithWebIdentity" if pipelines else "sts:AssumeRole"
    if role.tagged and not pipelines:
        statement["Action"] = ["sts:AssumeRole", "sts:TagSession"]
    if pipelines:  # StringEquals on both: a wildcard would let other repositories, branches and pull requests in
        subjects = list(pipelines.subjects)
        claims = {
            f"{pipelines.issuer}:aud": pipelines.audience,
            f"{pipelines.issuer}:sub": subjects if len(subjects) > 1 else subjects[0],
        }
        statement["Condition"] = {"StringEquals": claims}
    if external_id is not None:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


# ---- CloudFormation -----------------------------------------------------------------------------------------------


def cloudformation(
    policies: Sequence[Document], pipelines: Pipelines | None, role: Role = SCAN, *, external_id: bool = False
) -> str:
    """Return a CloudFormation template (JSON) with the policies and the role; with `external_id`, assuming the role
    requires one.
    """
    return json.dumps(template(policies, pipelines, role, external_id=external_id), indent=2) + "\n"


def template(
    policies: Sequence[Document], pipelines: Pipelines | None, role: Role, *, external_id: bool
) -> dict[str, Any]:
    """Return the template of `cloudformation` as data."""
    made: dict[str, Any] = json.loads((content_root() / _CLOUDFORMATION).read_text("utf-8"))
    parameters, resources = made["Parameters"], made["Resources"]
    provider = "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/"
    principal = (
        {"Federated": {"Fn::Sub": provider + pipelines.issuer}}
        if pipelines
        else {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${TrustedAccount}:root"}}
    )
    asked = {"Ref": "ExternalId"} if external_id else None
    for number, document in enumerate(policies, start=1):
        about = {"Description": role.about, "PolicyDocument": document}
        resources[f"Policy{number}"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": about}
    resources["Role"]["Properties"] |= {
        "Path": role.path,
        "Description": role.about,
        "AssumeRolePolicyDocument": _trust(role, principal, pipelines, asked),
        "ManagedPolicyArns": [{"Ref": name} for name in resources if name != "Role"],
    }
    made["Description"], made["Outputs"]["RoleArn"]["Description"] = role.about, role.used
    parameters["RoleName"]["Default"] = role.made
    if role.path == "/":
        del resources["Role"]["Properties"]["Path"]
    if pipelines:
        del parameters["TrustedAccount"]
    if pipelines or not external_id:
        del parameters["ExternalId"]
    return made


# ---- Terraform ----------------------------------------------------------------------------------------------------


class _Expression(str):
    """HCL that is written unquoted."""

    __slots__ = ()


def terraform(
    policies: Sequence[Document],
    pipelines: Pipelines | None,
    role: Role = SCAN,
    *,
    external_id: bool = False,
    say: Callable[[str], str] = str,
) -> str:
    """Write a Terraform file with the policies and the role; the file of another role fits into the same folder.

    `pipelines` are trusted instead of an account; with `external_id` the trust requires one. `say` translates comments
    into the language of the reader; descriptions go to AWS and stay in English.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - few commands write one

    block, account = role.block, f"data.aws_partition.{role.block}.partition"
    principal = (
        {"Federated": _Expression(f"data.aws_iam_openid_connect_provider.{block}.arn")}
        if pipelines
        else {"AWS": _Expression(f'"arn:${{{account}}}:iam::${{var.{block}_trusted_account}}:root"')}
    )
    command = f"preuve permissions --{'as' if external_id else 'format'} terraform"
    written = Environment(trim_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - no HTML
    written.filters["hcl"] = partial(_hcl, depth=1)
    return written.from_string((content_root() / _TERRAFORM).read_text("utf-8")).render(
        said=f"{say(role.about)}. {say(f'Made by: {command}')}",
        role=role,
        pipelines=pipelines,
        external_id=external_id,
        trust=_trust(role, principal, pipelines, _Expression(f"var.{block}_external_id") if external_id else None),
        policies=policies,
    )


def _attributes(values: Mapping[str, Any], depth: int) -> str:
    """Return attributes with the `=` of neighbouring one-line attributes in one column, as `terraform fmt`
    writes them.
    """
    written = [(key if _WORD.fullmatch(key) else json.dumps(key), _hcl(value, depth)) for key, value in values.items()]
    lines: list[str] = []
    for many, found in groupby(written, key=lambda pair: "\n" in pair[1]):
        pairs = list(found)
        width = 0 if many else max(len(key) for key, _ in pairs)
        lines += (f"{'  ' * depth}{key.ljust(width)} = {text}" for key, text in pairs)
    return "\n".join(lines)


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
