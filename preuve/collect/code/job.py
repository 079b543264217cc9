"""The input and output of a scan of code, and how both are passed to the worker process."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec import convert, to_builtins

from preuve.collect.code.coverage import total
from preuve.model.company.code import IacRoot, Omission, OutsideValues, TerraformRun
from preuve.model.known_types import NONE, KnownTypes
from preuve.model.snapshot import HASH_LENGTH, SCANNER_FAILED
from preuve.redact.forms import without_certain
from preuve.system.manifests import digest_of

Line = dict[str, Any]  # one line of a snapshot file: a record, a gap, a root, a block or a state (docs/formats.md)

TOO_LONG = "takes too long to parse"


@dataclass(frozen=True)
class Surroundings:
    """Facts about a workspace outside the code in scope. Paths are relative to the workspace."""

    left_out: tuple[Omission, ...] = ()  # with a reason
    ignored: frozenset[str] = frozenset()  # files and folders that git ignores and does not track
    absent: tuple[str, ...] = ()  # parts of the repository that are missing here: submodules that are not checked out
    hidden: tuple[str, ...] = ()  # code that git tracks and was told not to check out
    brought: frozenset[str] = frozenset()  # folders whose `.terraform/modules` git tracks: `terraform init` made none
    moved: tuple[str, ...] = ()  # code that a push moves from the examined part into the excluded part


@dataclass(frozen=True)
class IacJob:
    """A scan to do: folders below `base` (the workspace), and the Checkov ids that policies are mapped to.

    `rules` are Checkov custom policies as plain data, with parameters filled in (`code_rules.rendered`).
    """

    base: Path
    roots: tuple[IacRoot, ...]
    checks: frozenset[str]
    rules: tuple[Mapping[str, Any], ...] = ()
    accelerate: bool = True  # False: Checkov without the speed patches, to compare
    limit: float = 300  # seconds for one root
    only: frozenset[str] | None = None  # changed files, relative to `base`: roots without any of them are left out
    arguments: Mapping[str, str] = field(default_factory=dict)  # type of block -> what names it (`identities.py`)
    documents: Mapping[str, Any] = field(default_factory=dict)  # where blocks hold policies (`documents/`)
    standing: frozenset[str] = frozenset()  # types of blocks that are no part of another one
    by_tags: frozenset[str] = frozenset()  # checks of policies that apply only to blocks with some tags
    around: Surroundings | None = None  # None: code outside the roots is not searched for
    known: Mapping[str, KnownTypes] = field(default_factory=dict)  # by kind of code: types that need no check
    # Types that set something for a whole account or region; `identities.Block` says for which.
    whole: frozenset[str] = frozenset()
    quiet: KnownTypes = NONE  # types of data sources and ephemeral resources that run nothing
    added: frozenset[TerraformRun] = frozenset()  # runs that only a push names: they decide no other run
    applied: frozenset[str] = frozenset()  # folders of Terraform that are roots, even if another one calls them

    @property
    def left_out(self) -> tuple[str, ...]:
        """The paths that are not examined."""
        return tuple(item.path for item in self.around.left_out) if self.around else ()

    @property
    def brought(self) -> frozenset[str]:
        """The folders whose installed modules are committed files."""
        return self.around.brought if self.around else frozenset()

    @property
    def ignored(self) -> frozenset[str]:
        """The files and folders that git ignores."""
        return self.around.ignored if self.around else frozenset()

    def outside(self, kind: str, folder: Path) -> OutsideValues:
        """Return the values that are stated to come from outside to the code of a kind in a folder: each from the
        nearest entry.
        """
        said = (root for root in self.roots if root.kind == kind and (root.tags is not None or root.region))
        places = ((root, (self.base / root.path).resolve()) for root in said)
        around = [(len(at.parts), root) for root, at in places if folder.is_relative_to(at)]
        nearest = [root for _, root in sorted(around, key=lambda one: -one[0])]
        tags = (root.tags for root in nearest if root.tags is not None)
        regions = (root.region for root in nearest if root.region)
        return OutsideValues(next(tags, None), next(regions, ""))

    def entries_below(self, folder: Path, kind: str = "cloudformation") -> tuple[Path, ...]:
        """Return the folders below one that have an entry of their own."""
        places = {(self.base / root.path).resolve() for root in self.roots if root.kind == kind}
        return tuple(sorted(at for at in places if at != folder and at.is_relative_to(folder)))

    def to_json(self, workers: int) -> str:
        """Return the job as the worker reads it on stdin."""
        job = {**vars(self), "base": self.base.resolve(), "only": None, "known": {}}
        return as_text({**job, "checks": sorted(self.checks), "workers": workers})


# Most of a job is rules, half a megabyte of them. The quicker encoder and decoder know no names that are not UTF-8.
def as_text(value: Any, *, in_order: bool = False) -> str:
    """Return a value as JSON, on one line; `in_order`: with the members of maps sorted."""
    try:
        return msgspec.json.encode(value, enc_hook=str, order="sorted" if in_order else None).decode()
    except UnicodeEncodeError:
        return json.dumps(to_builtins(value, enc_hook=str), sort_keys=in_order)


def from_text(text: str) -> Any:
    """Return the value of a line of JSON."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


_AWS_FAMILIES = re.compile(r"CKV2?_(AWS|DOCKER|GHA|PREUVE|TF)_")
# Checks of Checkov that read policies with cloudsplaining.
OF_RIGHTS = frozenset(
    f"CKV_AWS_{number}" for number in (32, *range(107, 112), 167, 168, 169, *range(286, 291), 355, 356, 385)
)


@dataclass(frozen=True)
class Preamble:
    """The message to a worker before its job: enough to confine itself and to load Checkov."""

    base: str
    accelerate: bool = True
    aws_only: bool = True  # only checks for AWS
    of_rights: bool = False  # also those of Checkov that read policies with cloudsplaining

    @classmethod
    def of(cls, job: IacJob) -> Preamble:
        """Take the beginning from a job."""
        aws_only, of_rights = all(map(_AWS_FAMILIES.match, job.checks)), not OF_RIGHTS.isdisjoint(job.checks)
        return cls(str(job.base.resolve()), job.accelerate, aws_only, of_rights)


def job_from_json(data: Mapping[str, Any]) -> tuple[IacJob, int]:
    """Return the job and the number of processes, as `IacJob.to_json` wrote them."""
    return convert(data, IacJob, dec_hook=lambda kind, value: kind(value)), int(data["workers"])


@dataclass(frozen=True)
class IacSummary:
    """The summary of a scan. `unknown_checks` are mapped ids that this version of Checkov does not have.

    `cached` roots and templates were not evaluated: their results came from the cache.
    """

    checkov: str
    written: tuple[Path, ...]
    roots: int
    files: int
    resources: int
    records: int
    gaps: int
    unknown_checks: tuple[str, ...] = ()
    cached: int = 0


@dataclass(frozen=True, order=True)
class Gap:
    """Code that was not examined. `file` is relative to the workspace, "" for the root as a whole; `subject` is the
    part of the file, a type or an address, "" for all of it.
    """

    file: str
    cause: str
    detail: str
    line: int = 0
    subject: str = ""
    grounds: tuple[str, ...] = ()  # hashes of the part that was not examined, if it is a part of the file

    def to_line(self, root: str, framework: str) -> Line:
        """Return the gap as a line of the snapshot."""
        gap = {"kind": "gap", "root": root, "file": presentable(self.file), "line": self.line, "cause": self.cause}
        about: Line = {"subject": presentable(self.subject)} if self.subject else {}
        about |= {"grounds": list(self.grounds)} if self.grounds else {}
        return {**gap, "detail": presentable(without_certain(self.detail)), "framework": framework, **about}


def content_of(file: Path) -> tuple[str, ...]:
    """Return the grounds of a gap that is known only while a file stays the same: its hash. Raises OSError."""
    return (digest_of(file)[:HASH_LENGTH],)


@dataclass(frozen=True)
class Scope:
    """The numbers of one root: files read, resources found, and resources of each type.

    `unjudged` are the types that no check examines: number of blocks, file and line of the first, hashes of all.
    `moved` are the earlier addresses of moved code. `made` are the folders of Terraform of which it makes something;
    None if that is not known.
    """

    framework: str
    files: int = 0
    types: Mapping[str, int] | None = None
    unjudged: Mapping[str, tuple[int, str, int, tuple[str, ...]]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    made: Iterable[str] | None = None

    def to_line(self, root: str) -> Line:
        """Return the scope as a line of the snapshot."""
        types = dict(sorted((self.types or {}).items()))
        counts = {"files": self.files, "resources": sum(types.values()), "types": types}
        unjudged = {kind: list(place) for kind, place in sorted(self.unjudged.items())}
        counts |= {"unjudged": unjudged} if unjudged else {}
        counts |= {"moved": dict(sorted(self.moved.items()))} if self.moved else {}
        counts |= {} if self.made is None else {"made": sorted(self.made)}
        return {"kind": "root", "root": root, "framework": self.framework, **counts}


def presentable(value: Any) -> Any:
    """Return the same value; file names that are not UTF-8 get backslash escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {presentable(key): presentable(item) for key, item in value.items()}
    return [presentable(item) for item in value] if isinstance(value, list | tuple) else value


def failed(root: str, framework: str, detail: str, file: str = "") -> list[Line]:
    """Return the lines of a root, or of one file of it, that was not evaluated to its end."""
    return [Scope(framework).to_line(root), Gap(file, SCANNER_FAILED, detail).to_line(root, framework)]


def one_root(lines: Iterable[Line]) -> list[Line]:
    """Merge the lines of a root whose parts were evaluated separately; counts are added up."""
    found = list(lines)
    scopes = [line for line in found if line["kind"] == "root"]
    if len(scopes) < 2:
        return found
    types = sum((Counter(line["types"]) for line in scopes), Counter[str]())
    unjudged = total(line.get("unjudged", {}) for line in scopes)
    files = sum(line["files"] for line in scopes)
    moved = {now: then for line in scopes for now, then in line.get("moved", {}).items()}
    scope = Scope(scopes[0]["framework"], files, types, unjudged, moved).to_line(scopes[0]["root"])
    gaps = {json.dumps(line, sort_keys=True): line for line in found if line["kind"] == "gap"}
    return [scope, *gaps.values(), *(line for line in found if line["kind"] not in ("root", "gap"))]


_ORDER = {"root": 0, "gap": 1, "record": 2, "block": 3, "state": 4}


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Sort lines in the order of the file: the root, its gaps, its records, its blocks, its state."""
    return sorted(lines, key=_key)


def _key(line: Line) -> tuple[Any, ...]:
    texts = [str(line.get(name, "")) for name in ("file", "address", "check", "cause", "detail")]
    return (_ORDER[line["kind"]], texts[0], int(line.get("line", 0)), *texts[1:])
