"""The accounts that AWS Organizations names: which of them are in scope, and how each is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from preuve.model.errors import Position
from preuve.model.snapshot import Unread

CALLS = "organization"  # where a snapshot has the calls that discovered the accounts
NOT_DISCOVERED = "not-discovered"  # represents the unknown accounts, because Organizations did not answer
_NUMBER = "{account}"


@dataclass(frozen=True)
class Role:
    """A role to assume, with what its trust policy may ask for."""

    arn: str
    external_id: str = ""
    session_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """One AWS account in scope and how it is reached."""

    id: str
    name: str
    roles: tuple[Role, ...] = ()  # each assumed with the credentials of the one before; the last reads the account
    profile: str = ""
    environment: str = ""
    unread: Unread | None = None  # why it is not called although it is in scope


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
    asks: Account  # the caller of Organizations; it is no account in scope
    roles: tuple[Role, ...]  # the roles of each account, with a placeholder for its number
    profile: str = ""
    units: tuple[Unit, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # each with the values that fit
    kept_out: tuple[KeptOut, ...] = ()
    environments: tuple[EnvironmentRule, ...] = ()  # the first match counts

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
