"""The accounts that AWS Organizations names: which of them are in scope, and how each is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from preuve.model.company.workspace import Account, Role
from preuve.model.errors import Position
from preuve.model.snapshot import Unread

CALLS = "organization"  # where a snapshot has the calls that discovered the accounts
NOT_DISCOVERED = "not-discovered"  # represents the unknown accounts, because Organizations did not answer
_NUMBER = "{account}"


@dataclass(frozen=True)
class Unit:
    """An organizational unit as the workspace names it: its id, or its path from the root."""

    name: str
    position: Position


@dataclass(frozen=True)
class KeptOut:
    """An account or a unit that is not examined, on purpose."""

    reason: str
    position: Position
    account: str = ""
    unit: Unit | None = None


@dataclass(frozen=True)
class EnvironmentRule:
    """The environment of the accounts in a unit, or the tag that says it."""

    environment: str = ""
    unit: Unit | None = None
    tag: str = ""


@dataclass(frozen=True)
class Organization:
    """What the workspace says of its organization. Without units all accounts are meant."""

    position: Position
    asks: Account  # the caller of Organizations: not an account in scope
    roles: tuple[Role, ...]  # the roles of each account, with a placeholder for its number
    profile: str = ""
    units: tuple[Unit, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # each with the values that fit
    kept_out: tuple[KeptOut, ...] = ()
    environments: tuple[EnvironmentRule, ...] = ()  # the first that fits counts

    @property
    def tag_names(self) -> frozenset[str]:
        """The tags that matter. No other is kept: tags name people too."""
        return frozenset({*self.tags, *(rule.tag for rule in self.environments if rule.tag)})

    @property
    def named_units(self) -> tuple[Unit, ...]:
        """Every unit that is named anywhere."""
        others = [*(item.unit for item in self.kept_out), *(rule.unit for rule in self.environments)]
        return (*self.units, *(unit for unit in others if unit is not None))

    def account(self, number: str, name: str = "", environment: str = "", unread: Unread | None = None) -> Account:
        """Return one of its accounts, reached as the workspace says."""
        roles = tuple(replace(role, arn=role.arn.replace(_NUMBER, number)) for role in self.roles)
        return Account(number, name or number, roles, self.profile, environment, unread)


@dataclass(frozen=True)
class Member:
    """An account as Organizations listed it, and what was decided of it."""

    id: str
    name: str
    state: str  # as AWS has it; "" where it says none
    unit: str  # its path from the root; ids where the names could not be read; "" where that could not be either
    decision: str  # read | excluded | outside | closed | unknown
    reason: str = ""  # of an exclusion
    environment: str = ""
    unread: Unread | None = None  # why it is closed or unknown

    @property
    def in_scope(self) -> bool:
        """Whether the account is in scope, whether it was read or not."""
        return self.decision in ("read", "closed", "unknown")


@dataclass(frozen=True)
class Discovery:
    """The answer of Organizations."""

    members: tuple[Member, ...] = ()
    unread: Unread | None = None  # why the accounts are not known
    units_unread: Unread | None = None  # why the names of units are not known
    calls: int = 0
