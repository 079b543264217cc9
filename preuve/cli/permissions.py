"""`preuve permissions`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from preuve.cli.options import framework_option, workspace_option
from preuve.model.errors import UsageError

if TYPE_CHECKING:
    from preuve.library.iam.role import Pipelines

_EXAMPLES = """\b
Examples:
  preuve permissions > policy.json
  preuve permissions --format terraform --github acme/platform --environment audit > preuve.tf
  preuve permissions --format terraform --gitlab acme/platform --branch trunk > preuve.tf
  preuve permissions --format cloudformation --github acme/platform --github-ids 1234/5678 > role.json
  preuve permissions --for publish --bucket acme-evidence > publishing.json
  preuve permissions --for github
"""


@click.command(epilog=_EXAMPLES)
@workspace_option
@framework_option
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["scan", "publish", "github"]),
    default="scan",
    show_default=True,
    help="The role that reads the account, that stores bundles (preuve publish), or the token that reads GitHub.",
)
@click.option("--bucket", default="", help="The bucket that bundles are stored in, with --for publish.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "terraform", "cloudformation"]),
    default="json",
    show_default=True,
    help="The policy alone (json), or the role with its policies and its trust.",
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
@click.option("--branch", default="main", show_default=True, help="Only runs on this branch.")
def permissions(workspace: Path, frameworks: tuple[str, ...], purpose: str, bucket: str, **given: Any) -> None:
    """Print the IAM policy of exactly the calls that the selected policies need.

    Without a preuve.yaml it is that of all bundled policies. Everything in it is reading. A policy holds 6,144
    characters: where that is too short, json prints a list of policies and the other formats attach several.
    What --for publish prints is the one policy that may write: to one bucket, and never shorten a lock.
    What --for github prints are the permissions of a fine-grained token, for all repositories of the organization.

    Without --github or --gitlab the role trusts an account, given as a variable or parameter. With one of them the
    trust names one audience and each subject, letter by letter: never a wildcard, never a pull or merge request.
    """
    from preuve.library.iam import role  # noqa: PLC0415 - `--help` must not load what only the run needs
    from preuve.library.iam.permissions import as_json, documents  # noqa: PLC0415
    from preuve.pipeline.workspace.permissions import publishing_policy, workspace_permissions  # noqa: PLC0415

    if purpose == "github":
        _of_github(workspace, frameworks, bucket, given)
        return
    form, pipelines = given["form"], _pipelines(given)
    if pipelines and form == "json":
        raise UsageError("--format json prints the policy alone, without a trust", "add --format terraform")
    publishing = purpose == "publish"
    if publishing and frameworks:
        raise UsageError("storing bundles needs the same for every framework", "leave out --framework")
    if bucket and not publishing:
        raise UsageError("only the publishing role is about a bucket", "add --for publish")
    policies = (publishing_policy(bucket),) if publishing else documents(workspace_permissions(workspace, frameworks))
    if form == "json" and len(policies) > 1:
        click.echo(f"{len(policies)} policies, because one cannot hold all actions: attach each of them", err=True)
    kind = role.PUBLISH if publishing else role.SCAN
    renderers = {"json": lambda: as_json(policies)}
    renderers["terraform"] = lambda: role.terraform(policies, pipelines, kind)
    renderers["cloudformation"] = lambda: role.cloudformation(policies, pipelines, kind)
    click.echo(renderers[form](), nl=False)


def _of_github(workspace: Path, frameworks: tuple[str, ...], bucket: str, given: Mapping[str, Any]) -> None:
    from preuve.pipeline.workspace.permissions import github_permissions  # noqa: PLC0415

    other = ("github", "github_ids", "environments", "gitlab", "gitlab_host")
    if bucket or given["form"] != "json" or any(given[name] for name in other):
        raise UsageError("a token has no role, trust or bucket", "give --for github alone")
    for line in github_permissions(workspace, frameworks):
        click.echo(line)


def _pipelines(given: Mapping[str, Any]) -> Pipelines | None:
    from preuve.library.iam import role  # noqa: PLC0415

    github, gitlab = given["github"], given["gitlab"]
    if github and gitlab:
        raise UsageError("a role trusts GitHub or GitLab", "make one for each")
    if given["github_ids"] and not github:
        raise UsageError("--github-ids needs --github", "give --github ORG/REPO too")
    if given["environments"] and not github:
        raise UsageError("--environment needs --github", "a token of GitLab names the branch: give --branch")
    if given["gitlab_host"] and not gitlab:
        raise UsageError("--gitlab-host needs --gitlab", "give --gitlab GROUP/PROJECT too")
    if github:
        return role.github(github, given["github_ids"], given["branch"], given["environments"])
    if gitlab:
        return role.gitlab(gitlab, given["gitlab_host"] or "gitlab.com", given["branch"])
    return None
