"""Reads the accounts of AWS Organizations, their units and their tags. Every call is recorded."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from preuve.collect.answer import UnreadError
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.session import AccountAccess
from preuve.model.company.organization import CALLS
from preuve.model.content import Call
from preuve.model.errors import Position
from preuve.model.snapshot import GLOBAL, Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter

_SERVICE = "organizations"
_HERE = Position("preuve")
ACCOUNTS = Call(_SERVICE, "ListAccounts", _HERE, take="Accounts[]")
PARENTS = Call(_SERVICE, "ListParents", _HERE, take="Parents[]", with_={"ChildId": "Id"})
UNITS = Call(
    _SERVICE, "ListOrganizationalUnitsForParent", _HERE, take="OrganizationalUnits[]", with_={"ParentId": "Id"}
)
TAGS = Call(_SERVICE, "ListTagsForResource", _HERE, take="Tags[]", with_={"ResourceId": "Id"})
ALL_CALLS = (ACCOUNTS, PARENTS, UNITS, TAGS)
_AT_ONCE = 4  # Organizations answers few calls a second
_DEEPEST = 10  # AWS has five levels of units
_NUMBER = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class MemberAccount:
    """An account as Organizations has it."""

    id: str
    name: str
    state: str
    above: tuple[str, ...] | Unread  # ids from the root down to its unit
    tags: Mapping[str, str] | Unread


@dataclass(frozen=True)
class Units:
    """The units of an organization."""

    names: Mapping[str, str]  # id -> path from the root
    unread: Unread | None = None


@dataclass(frozen=True)
class Tree:
    """An organization as it was read; `unread`: why its accounts are not known."""

    accounts: tuple[MemberAccount, ...] = ()
    units: Units = Units({})
    unread: Unread | None = None
    calls: int = 0


def read_organization(access: AccountAccess, tags: Iterable[str], redactor: Redactor, writer: SnapshotWriter) -> Tree:
    """Read the accounts of an organization; of their tags, only those in `tags`."""
    access.operations = frozenset((call.service, call.operation) for call in ALL_CALLS)
    unit = f"{CALLS}/{GLOBAL}/{_SERVICE}"
    caller = Caller(access, redactor, unit, time.monotonic() + access.limits.unit)
    try:
        tree = _Reader(caller, frozenset(tags)).tree()
    except UnreadError as error:
        tree = Tree(unread=error.reason)
    finally:
        if caller.records:
            writer.unit(CALLS, GLOBAL, _SERVICE, caller.records)
        caller.close()
    return Tree(tree.accounts, tree.units, tree.unread, len(caller.records))


class _Reader:
    def __init__(self, caller: Caller, tags: frozenset[str]) -> None:
        self._caller = caller
        self._tags = tags

    def tree(self) -> Tree:
        listed = self._ask(ACCOUNTS, {})
        found = {str(item.get("Id", "")): item for item in listed}
        strange = [number for number in found if not _NUMBER.fullmatch(number)]
        if not found:  # every organization has at least the account that manages it
            raise UnreadError(_not_aws("the answer names no account"), "")
        if strange or len(found) < len(listed):  # one named twice may stand in the place of another
            message = "what is no account" if strange else "an account twice"
            raise UnreadError(_not_aws(f"the answer names {message}"), "")
        with ThreadPoolExecutor(_AT_ONCE, "organization") as pool:
            parents = dict(zip(found, pool.map(self._parent, found), strict=True))
            tags = dict(zip(found, pool.map(self._tags_of, found), strict=True))
        above = {number: self._above(parent) for number, parent in parents.items()}
        roots = {line[0] for line in above.values() if not isinstance(line, Unread)}
        units = self._units(roots, next((line for line in above.values() if isinstance(line, Unread)), None))
        accounts = (_listed(found[number], above[number], tags[number]) for number in sorted(found))
        return Tree(tuple(accounts), units)

    def _ask(self, call: Call, parameters: Mapping[str, str]) -> Any:
        return self._caller.make(call, self._caller.access.home, parameters).value

    def _parent(self, child: str) -> str | Unread:
        try:
            found = self._ask(PARENTS, {"ChildId": child})
        except UnreadError as error:
            return error.reason
        return str(found[0]["Id"]) if len(found) == 1 else _not_aws(f"{child} has {len(found)} parents")

    def _above(self, parent: str | Unread) -> tuple[str, ...] | Unread:
        """Return the units from the root down to a parent; each parent is read once."""
        line: list[str] = []
        while not isinstance(parent, Unread):
            line.insert(0, parent)
            if parent.startswith("r-"):
                return tuple(line)
            if len(line) > _DEEPEST:
                return _not_aws("the units above an account do not end")
            parent = self._parent(parent)
        return parent

    def _tags_of(self, account: str) -> Mapping[str, str] | Unread:
        if not self._tags:
            return {}
        try:
            found = self._ask(TAGS, {"ResourceId": account})
        except UnreadError as error:
            return error.reason
        return {item["Key"]: item["Value"] for item in found if item["Key"] in self._tags}

    def _units(self, roots: Iterable[str], unread: Unread | None) -> Units:
        """Return the units below the root with their paths."""
        names = dict.fromkeys(roots, "/")
        waiting = list(names)
        try:
            while waiting:
                parent = waiting.pop(0)
                for unit in self._ask(UNITS, {"ParentId": parent}):
                    if unit["Id"] not in names:
                        names[unit["Id"]] = f"{names[parent].rstrip('/')}/{unit['Name']}"
                        waiting.append(unit["Id"])
        except UnreadError as error:
            return Units(names, error.reason)
        return Units(names, None if names else unread)


def _listed(
    item: Mapping[str, Any], above: tuple[str, ...] | Unread, tags: Mapping[str, str] | Unread
) -> MemberAccount:
    state = item.get("State") or item.get("Status") or ""  # AWS answers without Status since September 2026
    return MemberAccount(str(item["Id"]), str(item.get("Name", "")), str(state), above, tags)


def _not_aws(message: str) -> Unread:
    return Unread("not_aws", "NoOrganization", message, f"{_SERVICE}:ListAccounts")
