"""Everything that one run read: calls, listings, resources, and what code scanning said. Formats: `docs/formats.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_LACKING = frozenset({"github_denied", "github_hidden", "not_shown"})  # a further permission of the token may help
DECLARED_NONE = "declared_none"  # cause: the company declares that it has none
UNKNOWN_VALUE = "unknown_value"  # cause: the installed models do not know a value
EMPTY_VALUE = "empty_value"  # cause: nothing stands where one of few values must
TIME_AHEAD = "time_ahead"  # cause: what has happened would lie in the future of the run
UNKEPT = "[not kept]"  # replaces a text that no condition reads
HASH_LENGTH = 10  # characters of a hash of what a failure rests on
GLOBAL = "global"  # the region of what exists once per account

# Why code was not examined: words of `gap_causes` in the locales.
PARSE_ERROR = "parse_error"
NOT_LOADED = "module_not_loaded"
NOT_COVERED = "not_covered"
NOT_READ = "not_read"
SCANNER_FAILED = "scanner_failed"
NOT_MADE = "not_made"  # a block that the code itself leaves out: nothing is missing
NOT_EXAMINED = "not_examined"  # code that nothing in the scope names
RUNS_COMMANDS = "runs_commands"  # it runs commands or functions while it is applied; the code itself was examined
WRITES_CODE = "writes_code"  # a script that writes code when it runs, which nobody examines
STATE_NOT_READ = "state_not_read"  # the code was examined all the same
NOT_JUDGED = "not_judged"  # a type of resource that no policy examines and that no list of known types has
LEFT_OUT = "left_out"  # outside the scope, with a stated reason

# Kinds of pipelines. The other ones are not in GitHub's language; without them no code counts as missing.
OTHER_PIPELINES = frozenset({"gitlab_ci", "azure_pipelines", "bitbucket_pipelines", "circleci", "jenkins", "other_ci"})
PIPELINES = OTHER_PIPELINES | {"gitea_workflow", "composite_action"}


@dataclass(frozen=True, slots=True)
class Unread:
    """Why something could not be read. `cause` is a word of the locales, `action` the IAM action that was refused.

    `call` is the operation that was called, in a region, and a message is `quoted` where it is AWS's own.
    """

    cause: str
    code: str = ""
    message: str = ""
    action: str = ""
    call: str = ""
    region: str = ""
    quoted: bool = False

    @property
    def values(self) -> dict[str, str]:
        """The values of a reason's sentence; only AWS's own messages are kept."""
        said = self.message.rstrip(". ") if self.quoted else ""
        if self.call.startswith("GET "):
            return self._of_github(said)
        asked = {"call": self.call, "at": self.region} if self.call else {}
        return {
            "cause": self.cause,
            "code": self.code,
            "action": self.action,
            **asked,
            **({"said": said} if said else {}),
        }

    def _of_github(self, said: str) -> dict[str, str]:
        told = {"operation": self.call, "answer": said, "permission": self.action if self.cause in _LACKING else ""}
        return {"cause": self.cause, "code": self.code, **{name: value for name, value in told.items() if value}}


@dataclass(frozen=True, slots=True)
class Listing:
    """One attempt to list a type in one place, or the children of one parent."""

    type: str
    account: str
    region: str
    count: int
    pagination: str = "exhausted"
    calls: tuple[str, ...] = ()
    parent: str = ""
    unread: Unread | None = None
    at: str = field(default="", compare=False)  # file and line of the snapshot


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as it was read, redacted. `calls` maps a detail ("" for the listing) to the id of its call, or to
    those of several pages that it rests on.
    """

    type: str
    id: str
    account: str
    region: str
    data: Mapping[str, Any]
    arn: str = ""
    absent: frozenset[str] = frozenset()
    unread: Mapping[str, Unread] = field(default_factory=dict)
    calls: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    parent: str = ""
    waivers: tuple[str, ...] = ()
    at: str = field(default="", compare=False)  # file and line of the snapshot

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What this resource is called where it is; another one may be called the same."""
        return (self.type, self.account, self.region, self.parent, self.id)


@dataclass(frozen=True, slots=True)
class IacRecord:
    """One Checkov check on one block of code."""

    root: str
    address: str
    type: str
    file: str
    line: int
    end_line: int
    check: str
    result: str  # PASSED | FAILED | UNKNOWN | SKIPPED
    keys: tuple[str, ...] = ()
    detail: str = ""
    suppressed: str = ""
    tags: Mapping[str, str | None] | None = None  # None where not known statically
    values: Mapping[str, str] = field(default_factory=dict)  # of a verdict: what decided, "" where it is not set
    origins: Mapping[str, str] = field(default_factory=dict)  # which variables these values come from
    # Of a failure: module, file and line of each call, outermost first.
    called_from: tuple[tuple[str, str, int], ...] = ()
    decided_at: tuple[int, int] | None = None  # for a failure: the lines that decided it
    decided_in: str = ""  # the file of these lines, if they stand in an override file
    grounds: tuple[str, ...] = ()  # of a failure: what it rests on, hashed
    # Of what sets something for a whole account: its number, or a hash of how its provider signs in ("" as all others).
    account: str = ""
    at: str = field(default="", compare=False)  # file and line of the snapshot


# How a cause begins that is one for all resources of a root module or a template.
OUTSIDE = "… outside"  # a name of tags: others may be given by what is not in the code
OPEN_BY = "… open"  # a name of tags: what leaves open which others there are
INHERITED = "… inherited"  # a name of tags: the names of those that a provider or a stack gives to all that it makes
OF_STACK = "depends on a value that the stack provides: "
NO_PROVIDER = "set neither here nor by a provider in the code: "
UNDECLARED = "the meaning of a value is not declared: "
MOST_CAUSES_TOLD = 5  # of one result


@dataclass(frozen=True)
class IacGap:
    """Code that was not looked at, and why."""

    root: str
    file: str
    line: int
    cause: str  # one of those above
    detail: str = ""
    framework: str = ""  # terraform | cloudformation | dockerfile | github_actions, or another tool
    subject: str = ""  # what of the file is meant: a type of resource, an address; "" for all of it
    grounds: tuple[str, ...] = ()  # hashes of what was not examined, if it is a part of the file


@dataclass(frozen=True)
class IacScan:
    """What was examined in one root module."""

    root: str
    framework: str
    files: int
    resources: int
    types: Mapping[str, int] = field(default_factory=dict)
    # Types that no check looks at: how many blocks, file and line of the first.
    unjudged: Mapping[str, tuple[int, str, int]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)  # the earlier address of what `moved` blocks name


@dataclass(frozen=True, slots=True)
class IacBlock:
    """One block of code that creates a resource or a part of one, with the name that the code gives it."""

    root: str
    address: str
    type: str
    file: str
    line: int
    end_line: int
    name: str = ""  # these are "" where the code does not tell
    arn: str = ""
    words: str = ""  # of the name of an instance that is known in part: `…{var.env}-crm`
    region: str = ""
    of: str = ""  # for a part: the address of its block; in a template its logical id; or the input that names it
    optional: bool = False  # a condition of its template may leave it out
    # Of what sets something for a whole account or region, only while a push is compared:
    unsure: bool = False  # nobody knows whether there will be one
    signs_in: str = ""  # a hash of how its provider signs in; "" with what everybody else uses
    accounts: tuple[tuple[str, ...], ...] = ()  # in one of which it is: for each run, or each that it names itself
    tools: tuple[str, ...] = ()  # Terraform and OpenTofu, where they see different code
    seen_by: tuple[str, ...] = ()  # those of them that see it


@dataclass(frozen=True, slots=True)
class StateEntry:
    """One resource of a Terraform state: the address of its block, and what AWS calls it."""

    address: str
    type: str
    id: str
    arn: str


@dataclass(frozen=True)
class IacState:
    """The state of one root module."""

    root: str
    file: str
    resources: tuple[StateEntry, ...]


# ---- the run -------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class AuditRun:
    """The audit that took the snapshot; a scan has none."""

    id: str = ""
    period: str = ""
    kind: str = "audit"  # audit | tryout
    commit: str | None = None  # None outside git
    dirty: bool = False
    workflow_run_url: str = ""


@dataclass(frozen=True)
class Authorities:
    """The file of the authorities that answers were accepted from, where a proxy opens TLS."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Meta:
    """When, with what and of what a snapshot was taken: `meta.json`."""

    preuve: str = ""  # version
    build: str = ""
    started: str = ""
    finished: str = ""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()  # on GitHub
    callers: Mapping[str, str] = field(default_factory=dict)  # account -> who read it; "" if access was refused
    calls: int = 0
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # account -> what its part says of itself
    checkov: str = ""  # version; "" where no code was looked at
    demonstration: bool = False
    members: Mapping[str, tuple[str, ...]] | None = None  # type -> members that were asked for; None: all
    pseudonym_key_id: str = ""
    ca: Authorities | None = None
    run: AuditRun | None = None
    organization: Discovery | None = None  # what AWS Organizations answered

    @property
    def discovered(self) -> bool:
        """Whether accounts were asked of AWS Organizations."""
        return self.organization is not None


@dataclass(frozen=True)
class Snapshot:
    """A whole snapshot, as `assess` reads it."""

    meta: Meta
    resources: tuple[Resource, ...] = ()
    listings: tuple[Listing, ...] = ()
    records: tuple[IacRecord, ...] = ()
    gaps: tuple[IacGap, ...] = ()
    scans: tuple[IacScan, ...] = ()
    blocks: tuple[IacBlock, ...] = ()
    states: tuple[IacState, ...] = ()
