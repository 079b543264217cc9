"""The permissions of the scanning role, for a workspace or the bundled policies, and of the publishing role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from preuve.assess.assessment import selected
from preuve.collect.aws.organization import ALL_CALLS
from preuve.library.company.names import is_workspace
from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import Document, Permission, of_github, required
from preuve.library.iam.role import Role
from preuve.library.load import load_library
from preuve.library.validation.rules import needs
from preuve.library.yaml.place import content_root
from preuve.model.content import Library, Policy
from preuve.model.errors import UsageError
from preuve.pipeline.run.preparation import check_frameworks, checked, prepare

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ANY_BUCKET = "EVIDENCE-BUCKET"  # not a valid bucket name: must be replaced
_HOME = "us-east-1"  # a region of the partition `aws`, the default


def workspace_permissions(root: Path, frameworks: tuple[str, ...] = ()) -> tuple[Permission, ...]:
    """Return the permissions that a workspace's policies need; without a preuve.yaml, those of the bundled ones."""
    if is_workspace(root):
        prepared = prepare(root, frameworks)
        return required(prepared.library, prepared.needs, partition_of(prepared.workspace.regions))
    library, policies = _bundled(frameworks)
    return policy_permissions(library, policies)


def _bundled(frameworks: tuple[str, ...]) -> tuple[Library, tuple[Policy, ...]]:
    """Return the bundled library with its policies, or those that controls of some frameworks name."""
    library = load_library()
    check_frameworks(library, frameworks)
    return library, tuple(selected(library, frameworks) if frameworks else library.policies.values())


def github_permissions(root: Path, frameworks: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the read permissions of a fine-grained token; without a preuve.yaml, for the bundled policies."""
    if is_workspace(root):
        prepared = prepare(root, frameworks)
        return of_github(prepared.library, prepared.needs)
    library, policies = _bundled(frameworks)
    rules, _ = checked(library, policies)
    return of_github(library, needs(library, rules))


def policy_permissions(library: Library, policies: Iterable[Policy]) -> tuple[Permission, ...]:
    """Return the permissions that some policies need. Raises ContentError if a condition does not check."""
    rules, _ = checked(library, tuple(policies))
    return required(library, needs(library, rules))


def named_role(root: Path, role: Role, *, organization: bool = False) -> Role:
    """Return a role with the name and path that preuve.yaml gives it in every account, and with tags of the session if
    one of them has some; with `organization` also in the account that is called for the others.
    """
    if not is_workspace(root):
        return role
    workspace = prepare(root).workspace
    held = [account.roles for account in workspace.accounts]
    if asked := workspace.organization:
        held += [asked.roles, *([asked.asks.roles] if organization else [])]
    last = [roles[-1] for roles in held if roles]
    named = {role.at(item.arn) for item in last}
    chosen = named.pop() if len(named) == 1 else role
    return replace(chosen, tagged=any(item.session_tags for item in last))


def organization_permissions() -> tuple[Permission, ...]:
    """Return the permissions for listing the accounts of an organization."""
    return tuple(Permission(action) for call in ALL_CALLS for action in actions(call))


def publishing_policy(bucket: str) -> Document:
    """Return the permissions that `preuve publish` needs on the bucket for evidence: the only policy that grants
    writing.

    Raises UsageError if `bucket` is no name of a bucket.
    """
    if bucket and not _BUCKET.fullmatch(bucket):
        raise UsageError(f"{bucket} is no name of a bucket", "give its plain name, such as techstart-preuves")
    text = (content_root() / "ci" / "publishing-role.json").read_text(encoding="utf-8")
    policy: Document = json.loads(text.replace(_ANY_BUCKET, bucket or _ANY_BUCKET))
    return policy


def partition_of(regions: Iterable[str]) -> str:
    """Return the AWS partition of a workspace: that of its first region."""
    import botocore.exceptions  # noqa: PLC0415 - slow, and only some commands need it
    import botocore.session  # noqa: PLC0415

    region = next(iter(regions), _HOME)
    try:
        return str(botocore.session.Session().get_partition_for_region(region))
    except botocore.exceptions.UnknownRegionError:
        return "aws"
