"""What the accounts in scope answer: credentials, regions, permissions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from preuve.collect.aws.probe import identity, simulate
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.library.iam.permissions import Permission, required
from preuve.model.company.workspace import Account
from preuve.model.errors import ContentError
from preuve.model.results import Reason
from preuve.model.snapshot import Unread
from preuve.pipeline.run.prepare import Prepared
from preuve.pipeline.workspace.accounts import accounts_in_scope
from preuve.pipeline.workspace.doctor import Check, State, named
from preuve.pipeline.workspace.permissions import partition_of
from preuve.publish.words.locale import load_locale

_LIMITS = Limits(connect=3, read=10, attempts=2, threads=8)
_FIX = {
    "credentials": "sign in again (aws sso login), or set profile or role_arn of the account in preuve.yaml",
    "no_credentials": "sign in (aws sso login), or set profile or role_arn of the account in preuve.yaml",
    "access_denied": "let the caller assume the role: preuve permissions prints the role with its trust",
    "connection": "check network, proxy and, in a demonstration, that the emulated account runs",
    "time_out": "check network and proxy",
    "not_aws": "let the proxy pass requests to amazonaws.com unchanged, or sign in to the network",
    "clock": "set the clock of this machine (NTP)",
    "signature": "check the clock of this machine, the secret key, and the proxy",
    "region_off": "switch the region on, or take it out of scope.regions",
}
_FIX_ORGANIZATION = "let whoever asks list the accounts (preuve permissions --for organization), or exclude this one"


def checks(prepared: Prepared) -> Iterator[Check]:
    """One account after the other."""
    workspace = prepared.workspace
    if not (workspace.reads_accounts and workspace.regions):
        yield Check("account", State.WARNING, "no account and region in scope: nothing is asked of AWS")
        return
    permissions = required(prepared.library, prepared.needs, partition_of(workspace.regions))
    try:
        accounts = accounts_in_scope(prepared, _LIMITS)
    except ContentError as error:
        yield Check("organization", State.FAIL, str(error), "correct scope.organization in preuve.yaml")
        return
    for account in accounts:
        if account.unread is not None:
            yield Check(f"account {account.id}", State.FAIL, _words(account.unread), _FIX_ORGANIZATION)
        else:
            yield from _account(account, AccountAccess(account, workspace, _LIMITS), permissions)


def _account(account: Account, access: AccountAccess, permissions: tuple[Permission, ...]) -> Iterator[Check]:
    label = f"account {account.id}"
    found = identity(access, access.home)
    if found.unread is not None:
        yield Check(label, State.FAIL, _words(found.unread), _FIX.get(found.unread.cause, ""))
    elif found.account != account.id:
        message = f"the credentials are those of account {found.account}"
        yield Check(label, State.FAIL, message, "set profile or role_arn of the account in preuve.yaml")
    else:
        yield _caller(label, found.arn)
        yield from _regions(label, access)
        yield _permissions(label, access, found.arn, permissions)
        return
    yield Check(f"{label} regions and permissions", State.UNKNOWN, "not without its credentials")


def _caller(label: str, arn: str) -> Check:
    if arn.endswith(":root"):
        return Check(label, State.WARNING, "the caller is the root user", "use a role that can only read")
    return Check(label, State.OK, f"read as {arn}")


def _regions(label: str, access: AccountAccess) -> Iterator[Check]:
    regions = access.workspace.regions
    with ThreadPoolExecutor(_LIMITS.threads) as pool:
        refusals = [found.unread for found in pool.map(lambda region: identity(access, region), regions)]
    for region, refused in zip(regions, refusals, strict=True):
        if refused is not None:
            yield Check(f"{label} {region}", State.FAIL, _words(refused), _FIX.get(refused.cause, ""))
    if not any(refusals):
        yield Check(f"{label} regions", State.OK, f"{named(regions, 8)} answer")


def _permissions(label: str, access: AccountAccess, caller: str, permissions: tuple[Permission, ...]) -> Check:
    label = f"{label} permissions"
    found = simulate(access, caller, permissions)
    if found.unread is not None:
        hint = "an audit lists every action that was refused"
        if found.unread.cause == "access_denied":
            hint = f"allow iam:SimulatePrincipalPolicy to check it beforehand; {hint}"
        asked = bool(found.unread.call)  # else it is why nothing was
        why = _words(found.unread) if asked else found.unread.message
        return Check(label, State.UNKNOWN, f"could not be checked: {why}", hint)
    if found.refused:
        message = f"IAM would refuse {len(found.refused)} actions: {named(found.refused, 8)}"
        return Check(label, State.FAIL, message, "attach the policy that preuve permissions prints")
    return Check(label, State.OK, f"IAM's simulation allows all {len({item.action for item in permissions})} actions")


def _words(refused: Unread) -> str:
    """Why, which call in which region, and what AWS said; of messages only AWS's own."""
    return load_locale("en").reason(Reason("unread_call", refused.values)).rstrip(".")
