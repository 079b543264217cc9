"""Checks of the accounts in scope: credentials, regions, permissions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from preuve.collect.aws.probe import identity, simulate
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.library.iam.permissions import Permission, required
from preuve.model.company.organization import Account
from preuve.model.errors import ContentError
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.workspace.accounts import accounts_in_scope
from preuve.pipeline.workspace.doctor.check import Check, State, advice, named, refusal
from preuve.pipeline.workspace.permissions import partition_of
from preuve.publish.words.errors import said
from preuve.publish.words.locale import Locale

_LIMITS = Limits(connect=3, read=10, attempts=2, threads=8)


def checks(prepared: Preparation, t: Locale) -> Iterator[Check]:
    """Check one account after the other."""
    workspace = prepared.workspace
    if not (workspace.reads_accounts and workspace.regions):
        if workspace.github is None:
            yield Check(t("doctor.name.account"), State.WARNING, t("doctor.account.none"))
        return
    permissions = required(prepared.library, prepared.needs, partition_of(workspace.regions))
    try:
        accounts = accounts_in_scope(prepared, _LIMITS)
    except ContentError as error:
        yield Check(t("doctor.name.organization"), State.FAIL, said(str(error), t), t("doctor.organization.correct"))
        return
    for account in accounts:
        if account.unread is not None:
            label = f"{t('doctor.name.account')} {account.id}"
            yield Check(label, State.FAIL, refusal(account.unread, t), t("doctor.organization.allow"))
        else:
            yield from _account(account, AccountAccess(account, workspace, _LIMITS), permissions, t)


def _account(
    account: Account, access: AccountAccess, permissions: tuple[Permission, ...], t: Locale
) -> Iterator[Check]:
    label = f"{t('doctor.name.account')} {account.id}"
    found = identity(access, access.home)
    if found.unread is not None:
        yield Check(label, State.FAIL, refusal(found.unread, t), advice(found.unread, t))
    elif found.account != account.id:
        message = t("doctor.account.other", account=found.account)
        yield Check(label, State.FAIL, message, t("doctor.account.set"))
    else:
        yield _caller(label, found.arn, t)
        yield from _regions(label, access, t)
        yield _permissions(label, access, found.arn, permissions, t)
        return
    yield Check(t("doctor.account.rest", account=label), State.UNKNOWN, t("doctor.account.later"))


def _caller(label: str, arn: str, t: Locale) -> Check:
    if arn.endswith(":root"):
        return Check(label, State.WARNING, t("doctor.account.root"), t("doctor.account.role"))
    return Check(label, State.OK, t("doctor.account.caller", arn=arn))


def _regions(label: str, access: AccountAccess, t: Locale) -> Iterator[Check]:
    regions = access.workspace.regions
    with ThreadPoolExecutor(_LIMITS.threads) as pool:
        refusals = [found.unread for found in pool.map(lambda region: identity(access, region), regions)]
    for region, refused in zip(regions, refusals, strict=True):
        if refused is not None:
            yield Check(f"{label} {region}", State.FAIL, refusal(refused, t), advice(refused, t))
    if not any(refusals):
        yield Check(
            t("doctor.account.regions", account=label),
            State.OK,
            t("doctor.account.answer", regions=named(regions, t, 8)),
        )


def _permissions(
    label: str, access: AccountAccess, caller: str, permissions: tuple[Permission, ...], t: Locale
) -> Check:
    label = t("doctor.account.permissions", account=label)
    found = simulate(access, caller, permissions)
    if found.unread is not None:
        denied = found.unread.cause == "access_denied"
        hint = t("doctor.permissions.allow" if denied else "doctor.permissions.listed")
        asked = bool(found.unread.call)  # else no call was made
        why = refusal(found.unread, t) if asked else t.in_words(found.unread.message)
        return Check(label, State.UNKNOWN, t("doctor.permissions.unknown", why=why), hint)
    if found.refused:
        message = t.count("doctor.permissions.refused", len(found.refused), actions=named(found.refused, t, 8))
        return Check(label, State.FAIL, message, t("doctor.permissions.attach"))
    return Check(label, State.OK, t("doctor.permissions.allowed", count=len({item.action for item in permissions})))
