"""How resources are read, and how code names what it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from preuve.model.errors import Position

AWS, GITHUB = "aws", "github"  # who has what is collected
WORKSPACE = "workspace"  # the scope of what a company writes down itself: not of any account


@dataclass(frozen=True)
class AbsentError:
    """An API error that means "not set"; `message` is a part of AWS's message where the code alone is ambiguous."""

    code: str
    message: str = ""


class Call(Struct, frozen=True, rename={"operation": "call", "with_": "with", "transform": "as", "batch_size": "size"}):
    """One API operation and what is taken from its answer. Paths are botocore member names, `[]` opens a list."""

    service: str
    operation: str
    position: Position
    take: str = ""
    with_: Mapping[str, str] = {}
    const: Mapping[str, Any] = {}
    ago: Mapping[str, int] = {}  # days
    transform: Any = None
    absent: tuple[AbsentError, ...] = ()
    iam: tuple[str, ...] = ()
    for_each: str = ""
    name: str = ""
    only_in: str = ""
    needs: str = ""  # a path without which this cannot be set: where it was read and is not there, no call is made
    batch: Mapping[str, str] = {}
    batch_size: int = 0
    match: Mapping[str, str] = {}
    prepare: Prepare | None = None
    counted: Counted | None = None


@dataclass(frozen=True)
class Counted:
    """A call that says how many a listing must have, where one leaves out what the caller may not see."""

    call: Call
    sum: tuple[str, ...]  # members of its answer


@dataclass(frozen=True)
class Prepare:
    """A call that starts a job, repeated until its answer holds `until`, for `at_most` seconds."""

    call: Call
    until: Mapping[str, str]
    at_most: int


@dataclass(frozen=True)
class Relation:
    """Resources of another type that belong to this one, joined by index at assessment."""

    type: str
    where: Mapping[str, str] = field(default_factory=dict)  # path on the other type -> path on this type
    one: bool = False
    across: str = "region"  # region | account | organization
    only: Mapping[str, Any] = field(default_factory=dict)
    distinct: bool = False  # one for each value that is joined by


@dataclass(frozen=True)
class CountedBy:
    """A second source that counts the resources of a type: a number that another resource of the account has."""

    type: str
    path: str


class ResourceType(Struct, frozen=True, rename={"declared": "members", "transforms": "as"}):
    """How one CloudFormation type (or a singleton of ours) is read."""

    name: str
    service: str
    position: Position
    scope: str = "region"  # region | global | workspace: read once, from the registers that a company keeps
    singleton: bool = False
    declared: Mapping[str, str] = {}  # members of a singleton or a register: name -> type
    newer: Mapping[str, str] = {}  # members that the models of an older boto3 lack: name -> type
    registers: tuple[str, ...] = ()  # names of the registers whose entries are the resources
    columns: Mapping[str, str] = {}  # member of a register's entry -> column (English template)
    lists: tuple[Call, ...] = ()
    hydrate: Call | None = None
    transforms: Mapping[str, Any] = {}  # path -> transform
    identity: str = ""  # member that names the resource
    arn: str = ""  # member, or template with {partition} {region} {account} and members
    in_region: str = ""
    fallback: Mapping[str, Call] = {}  # member -> call, where the listing left it out
    details: Mapping[str, Call] = {}
    relations: Mapping[str, Relation] = {}
    personal: tuple[str, ...] = ()  # paths whose values name a person
    counted_by: CountedBy | None = None
    digest: str = ""  # of all of this as it is declared

    @property
    def provider(self) -> str:
        """Who has it: aws, github, or register for what a company writes down."""
        return self.name.partition("::")[0].lower()


@dataclass(frozen=True)
class Naming:
    """Which resource of the account a type of block makes, and what names it."""

    block: str  # type in code
    resource: str  # type in the account
    position: Position
    argument: str = ""  # of the block, that holds the name; "" where none does
    part: bool = False  # it sets something of a resource that is another block: the argument says of which
    last: bool = False  # the account knows the resource by an ARN or URL of which the name is the last part


@dataclass(frozen=True)
class Namings:
    """What is known of how code names what it makes; `resources` are the types of the account that were thought of."""

    entries: tuple[Naming, ...] = ()
    resources: frozenset[str] = frozenset()

    @cached_property
    def of(self) -> Mapping[str, Naming]:
        """The naming of each type of block."""
        return {naming.block: naming for naming in self.entries}
