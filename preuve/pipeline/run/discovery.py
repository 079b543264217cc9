"""Finds the accounts of a run, if AWS Organizations lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from preuve.collect.aws.members import closed_by, discovery_of, problems
from preuve.collect.aws.organization import read_organization
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.model.company.organization import NOT_DISCOVERED, Account, Organization
from preuve.model.errors import ContentError, Problem
from preuve.model.progress import Progress, Step
from preuve.model.snapshot import Discovery, Member
from preuve.pipeline.run.preparation import Preparation
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter


def with_organization(
    prepared: Preparation, writer: SnapshotWriter, redactor: Redactor, progress: Progress, limits: Limits | None = None
) -> tuple[Preparation, Discovery | None]:
    """Return the run with the accounts of the organization, and the answer of Organizations, which is called only if
    needed.

    Raises ContentError if the workspace names an id that the organization does not have.
    """
    workspace = prepared.workspace
    organization = workspace.organization
    if organization is None:
        return prepared, None
    progress(Step("organization"))
    access = AccountAccess(organization.asks, workspace, limits or Limits())
    tree = read_organization(access, organization.tag_names, redactor, writer)
    if found := list(problems(organization, tree)):
        raise ContentError(found)
    discovery = discovery_of(organization, tree)
    accounts = accounts_of(organization, workspace.accounts, discovery)
    if not accounts:
        hint = "name other units or tags, or exclude less"
        raise ContentError([Problem(organization.position, "no account of the organization is in scope", hint)])
    return replace(prepared, workspace=replace(workspace, accounts=accounts)), discovery


def accounts_of(organization: Organization, named: Iterable[Account], discovery: Discovery) -> tuple[Account, ...]:
    """Return the accounts that the workspace has `named`, then those that were discovered.

    For an account that is both, the workspace has precedence: it is in scope whatever the organization's rules are;
    these give its environment and whether it is closed.
    """
    members = {member.id: member for member in discovery.members}
    own = [_named(account, members.pop(account.id, None)) for account in named]
    others = (member for member in members.values() if member.in_scope)
    found = [organization.account(item.id, item.name, item.environment, item.unread) for item in others]
    missing = [Account(NOT_DISCOVERED, NOT_DISCOVERED, unread=discovery.unread)] if discovery.unread else []
    return (*own, *found, *missing)


def _named(account: Account, member: Member | None) -> Account:
    if member is None:
        return account
    environment = account.environment or member.environment
    return replace(account, environment=environment, unread=closed_by(member.state))
