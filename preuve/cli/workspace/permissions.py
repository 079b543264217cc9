"""`preuve permissions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from preuve.cli.help import Command
from preuve.cli.language import language_of
from preuve.cli.options import asks, framework_option, workspace_option
from preuve.model.errors import UsageError

if TYPE_CHECKING:
    from preuve.library.iam.role import Pipelines, Role

_BRANCH = "main"
_EXAMPLES = """\b
Examples:
  preuve permissions > policy.json
  preuve permissions --format terraform --github acme/platform --environment audit > preuve.tf
  preuve permissions --format terraform --gitlab acme/platform --branch trunk > preuve.tf
  preuve permissions --format cloudformation --github acme/platform --github-ids 1234/5678 > role.json
  preuve permissions --as stackset > members.json
  preuve permissions --as stackset --for organization > management.json
  preuve permissions --for publish --bucket acme-evidence > publishing.json
  preuve permissions --for github
"""


@dataclass(frozen=True, kw_only=True)
class PermissionsRequest:
    """The role or token, its form, and whom it trusts."""

    workspace: Path
    frameworks: tuple[str, ...]
    purpose: str  # scan | organization | publish | github
    bucket: str
    form: str | None  # json | terraform | cloudformation; json unless set
    rollout: str | None  # stackset | terraform
    github: str
    github_ids: str
    environments: tuple[str, ...]
    gitlab: str
    gitlab_host: str
    branch: str


@click.command(cls=Command, epilog=_EXAMPLES)
@workspace_option
@framework_option
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["scan", "organization", "publish", "github"]),
    default="scan",
    show_default=True,
    help="The role that reads an account; the same role in the management account of an organization, which also lists "
    "the other accounts; the role that stores bundles (preuve publish); or the token that reads GitHub.",
)
@click.option("--bucket", default="", help="The bucket that bundles are stored in, with --for publish.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "terraform", "cloudformation"]),
    default=None,
    help="The policy alone (json), or the role with its policies and its trust.  [default: json]",
)
@click.option(
    "--as",
    "rollout",
    type=click.Choice(["stackset", "terraform"]),
    default=None,
    help="The role for every account of an organization, which requires an external id: a CloudFormation StackSet, or "
    "Terraform for one account. A StackSet leaves out the management account: with --for organization, print a "
    "stack for that account.",
)
@click.option(
    "--github", metavar="ORG/REPO", default="", help="Let workflows of this repository assume the role (OIDC)."
)
@click.option(
    "--github-ids",
    metavar="ORG_ID/REPO_ID",
    default="",
    help="Its numeric ids: repositories created since 15 July 2026 are named by them too.",
)
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only jobs of this GitHub environment, instead of a branch (may be repeated).",
)
@click.option("--gitlab", metavar="GROUP/PROJECT", default="", help="Let jobs of this project assume the role (OIDC).")
@click.option("--gitlab-host", metavar="HOST", default="", help="Where GitLab is.  [default: gitlab.com]")
@click.option("--branch", default="", help=f"Only runs on this branch.  [default: {_BRANCH}]")
@asks(PermissionsRequest)
def permissions(asked: PermissionsRequest) -> None:
    """Print an IAM policy with exactly the calls that the selected policies need.

    Without a preuve.yaml, it covers all bundled policies. It allows only reads. A policy can hold 6,144 characters. If
    that is not enough, json prints a list of policies and the other formats attach several. --for publish prints the
    only policy that may write: it writes to one bucket, and can never shorten a lock. --for github prints the
    permissions of a fine-grained token, for all repositories of the organization.

    Without --github or --gitlab the role trusts an account, given as a variable or parameter. With one of them, the
    trust policy names one audience and each exact subject: never a wildcard, never a pull or merge request.
    """
    from preuve.library.iam import role  # noqa: PLC0415 - `--help` must not load what only the run needs
    from preuve.library.iam.permissions import as_json  # noqa: PLC0415

    if asked.purpose == "github":
        _of_github(asked)
        return
    _check_rollout(asked)
    form, pipelines = asked.form or "json", _pipelines(asked)
    if asked.branch and not pipelines:
        raise UsageError("--branch is for jobs of a pipeline", "add --github or --gitlab")
    if pipelines and form == "json":
        raise UsageError("--format json prints the policy alone, without a trust", "add --format terraform")
    _check(asked)
    policies = _policies(asked)
    kind = _kind(asked)
    say = _say(asked.workspace)
    if asked.rollout:
        click.echo(_rolled_out(asked, policies, kind, say), nl=False)
        return
    if form == "json" and len(policies) > 1:
        from preuve.publish.words.locale import load_locale  # noqa: PLC0415 - only this note needs it

        click.echo(load_locale(language_of(asked.workspace))("permissions.several", n=len(policies)), err=True)
    renderers = {"json": lambda: as_json(policies)}
    renderers["terraform"] = lambda: role.terraform(policies, pipelines, kind, say=say)
    renderers["cloudformation"] = lambda: role.cloudformation(policies, pipelines, kind)
    click.echo(renderers[form](), nl=False)


def _of_github(asked: PermissionsRequest) -> None:
    from preuve.pipeline.workspace.permissions import github_permissions  # noqa: PLC0415

    trust = (asked.github, asked.github_ids, asked.environments, asked.gitlab, asked.gitlab_host, asked.branch)
    if asked.bucket or asked.rollout or asked.form or any(trust):
        raise UsageError("a token has no role, trust or bucket", "give --for github alone")
    for line in github_permissions(asked.workspace, asked.frameworks):
        click.echo(line)


def _check(asked: PermissionsRequest) -> None:
    publishes = asked.purpose == "publish"
    if publishes and asked.frameworks:
        raise UsageError("storing bundles needs the same permissions for every framework", "leave out --framework")
    if asked.bucket and not publishes:
        raise UsageError("only the publishing role is about a bucket", "add --for publish")
    if publishes and not asked.bucket:
        from preuve.publish.words.locale import load_locale  # noqa: PLC0415 - only this note needs it

        click.echo(load_locale(language_of(asked.workspace))("permissions.no_bucket"), err=True)


def _check_rollout(asked: PermissionsRequest) -> None:
    if asked.rollout and (asked.purpose == "publish" or asked.form or asked.github or asked.gitlab):
        hint = "leave out --format, --github and --gitlab, and --for publish"
        raise UsageError("--as prints the role that another role assumes in each account", hint)


def _policies(asked: PermissionsRequest) -> tuple[Mapping[str, Any], ...]:
    from preuve.library.iam.permissions import documents  # noqa: PLC0415
    from preuve.pipeline.workspace import permissions as work  # noqa: PLC0415

    if asked.purpose == "publish":
        return (work.publishing_policy(asked.bucket),)
    needed = work.workspace_permissions(asked.workspace, asked.frameworks)
    return documents([*needed, *work.organization_permissions()] if asked.purpose == "organization" else needed)


def _say(workspace: Path) -> Callable[[str], str]:
    """Return a function that translates a text of preuve into the language of a workspace."""
    from preuve.publish.words.errors import said  # noqa: PLC0415 - `--help` must not load what only the run needs
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    locale = load_locale(language_of(workspace))
    return lambda text: said(text, locale)


def _kind(asked: PermissionsRequest) -> Role:
    from preuve.library.iam import role  # noqa: PLC0415
    from preuve.pipeline.workspace.permissions import named_role  # noqa: PLC0415

    if asked.purpose == "publish":
        return role.PUBLISH
    if asked.purpose == "organization":
        return named_role(asked.workspace, role.MANAGEMENT, organization=True)
    return named_role(asked.workspace, role.SCAN)


def _rolled_out(
    asked: PermissionsRequest, policies: tuple[Mapping[str, Any], ...], kind: Role, say: Callable[[str], str]
) -> str:
    from preuve.library.iam import role, rollout  # noqa: PLC0415

    if asked.rollout == "terraform":
        return role.terraform(policies, None, kind, external_id=True, say=say)
    if asked.purpose == "scan":
        return rollout.stackset(policies, kind)
    return role.cloudformation(policies, None, kind, external_id=True)


def _pipelines(asked: PermissionsRequest) -> Pipelines | None:
    from preuve.library.iam import role  # noqa: PLC0415

    github, gitlab = asked.github, asked.gitlab
    if github and gitlab:
        raise UsageError("a role trusts either GitHub or GitLab", "make one for each")
    if asked.github_ids and not github:
        raise UsageError("--github-ids needs --github", "give --github ORG/REPO too")
    if asked.environments and not github:
        raise UsageError("--environment needs --github", "a GitLab token names the branch: give --branch")
    if asked.environments and asked.branch:
        hint = "give --environment or --branch, and restrict the environment's branches on GitHub"
        raise UsageError("jobs of an environment run on any of its branches", hint)
    if asked.gitlab_host and not gitlab:
        raise UsageError("--gitlab-host needs --gitlab", "give --gitlab GROUP/PROJECT too")
    if github:
        return role.github(github, asked.github_ids, asked.branch or _BRANCH, asked.environments)
    if gitlab:
        return role.gitlab(gitlab, asked.gitlab_host or "gitlab.com", asked.branch or _BRANCH)
    return None
