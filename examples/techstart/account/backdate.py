"""Makes resources of the emulated account older than they are, and sets what no API sets: the state of the root user.

moto stamps everything with the time of the call, and AWS has no call that says otherwise; but stale keys, old snapshots
and former employees are what an audit is about. So this alone reaches into moto's objects, which run in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .moto_state import backend

_REGIONS = ("eu-west-3", "eu-west-1")


def backdate(changes: Iterable[Mapping[str, Any]]) -> None:
    """Applies changes {kind, id, days}, or {kind: root, mfa, keys, days}; an unknown kind or id is a KeyError."""
    for change in changes:
        _KINDS[change["kind"]](change)


def iam() -> Any:
    """moto's IAM of the account."""
    return backend("iam")["aws"]


def _ago(change: Mapping[str, Any]) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=int(change["days"]))


def _user(change: Mapping[str, Any]) -> None:
    iam().users[_user_id(change)].create_date = _ago(change)


def _password_used(change: Mapping[str, Any]) -> None:
    iam().users[_user_id(change)].password_last_used = _ago(change)


def _user_id(change: Mapping[str, Any]) -> str:
    return str(next(key for key, user in iam().users.items() if change["id"] in (key, user.name)))


def _access_key(change: Mapping[str, Any]) -> None:
    for key in _access_keys(change):
        key.create_date = _ago(change)


def _access_key_used(change: Mapping[str, Any]) -> None:
    from moto.iam.models import AccessKeyLastUsed  # noqa: PLC0415

    for key in _access_keys(change):
        key.last_used = AccessKeyLastUsed(timestamp=_ago(change), service="s3", region=_REGIONS[0])


def _access_keys(change: Mapping[str, Any]) -> Iterator[Any]:
    for user in iam().users.values():
        yield from (key for key in user.access_keys if key.access_key_id == change["id"])


def _snapshot(change: Mapping[str, Any]) -> None:
    for region in _REGIONS:
        for snapshot in backend("ec2")[region].snapshots.values():
            if snapshot.id == change["id"]:
                snapshot.start_time = _ago(change)


def _instance(change: Mapping[str, Any]) -> None:
    for region in _REGIONS:
        for instance in backend("ec2")[region].all_instances():
            if instance.id == change["id"]:
                instance.launch_time = _ago(change)


def _secret(change: Mapping[str, Any]) -> None:
    for region in _REGIONS:
        for secret in backend("secretsmanager")[region].secrets.values():
            if secret.name == change["id"]:
                when = int(_ago(change).replace(tzinfo=UTC).timestamp())
                secret.created_date, secret.last_changed_date = when, when


def _backup_plan(change: Mapping[str, Any]) -> None:
    for region in _REGIONS:
        if plan := backend("backup")[region].plans.get(change["id"]):
            plan.creation_date = _ago(change).replace(tzinfo=UTC).timestamp()


def _root(change: Mapping[str, Any]) -> None:
    summary = iam().account_summary
    summary._account_mfa_enabled = int(change.get("mfa", 0))
    summary._account_access_keys_present = int(change.get("keys", 0))
    summary.root_used = _ago(change) if "days" in change else None


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "user": _user,
    "password_used": _password_used,
    "access_key": _access_key,
    "access_key_used": _access_key_used,
    "snapshot": _snapshot,
    "instance": _instance,
    "secret": _secret,
    "backup_plan": _backup_plan,
    "root": _root,
}
