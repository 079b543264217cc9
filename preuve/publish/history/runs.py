"""Reads a run back from its bundle. One that cannot be read is said, and never taken for one without weaknesses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from preuve.assess.changes.compare import CODE, Left, Run, Scope, unread_places
from preuve.model.company.workspace import Workspace
from preuve.model.content import GITHUB, Severity
from preuve.model.errors import PreuveError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.results import Assessment, ControlStatus, Finding, FindingStatus
from preuve.publish.results import read_finding, read_lines
from preuve.snapshot.reader import read_json

_BROKEN = (OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Past:
    """A run in the list of runs: what it was, and its numbers."""

    name: str
    now: str
    findings: Mapping[FindingStatus, int]
    controls: Mapping[ControlStatus, int]
    period: str = ""
    commit: str = ""
    failing: Mapping[Severity, int] = field(default_factory=dict)  # what fails, by severity


@dataclass(frozen=True)
class Numbered:
    """A run as the chain of runs has it; one that was interrupted says of which number it explains the gap."""

    number: int
    kind: str  # audit | scan | interrupted
    time: str
    head: str  # hash of its line
    period: str = ""
    commit: str = ""
    counts: Mapping[FindingStatus, int] = field(default_factory=dict)
    of: str = ""
    failing: Mapping[Severity, int] | None = None  # by severity; a line of an earlier version does not tell
    incomplete: int | None = None  # how many things in scope it could not read, where the line tells


def read_run(folder: Path) -> tuple[Run, Past]:
    """The run in a bundle, and its numbers; PreuveError where it has no whole result of this version."""
    try:
        return _read(folder)
    except _BROKEN as error:
        raise PreuveError(f"{folder} holds no results that can be read: {error}", "name an evidence bundle") from error


def _read(folder: Path) -> tuple[Run, Past]:
    findings: list[Finding] = []
    policies: list[str] = []
    controls: Counter[ControlStatus] = Counter()
    now = moment(folder)
    for line in read_lines(folder / RESULTS):
        if line["kind"] == "finding":
            findings.append(read_finding(line))
        elif line["kind"] == "policy":
            policies.append(line["policy"])
        elif line["kind"] == "control":
            controls[ControlStatus(line["status"])] += 1
    data = read_json(folder / SNAPSHOT / "workspace.json")
    organization = (data.get("github") or {}).get("organization", "")
    holders = frozenset({*(str(item["id"]) for item in data["accounts"]), organization} - {""})
    code = frozenset(str(item["path"]) for item in data["iac"])
    scope = _scope(findings, policies, holders, frozenset(data["regions"]), code, data["params"])
    scope = replace(scope, left_out=_left_in(data))
    run = Run(folder.name, now, scope, findings)
    return run, numbers(run, controls)


def moment(folder: Path) -> str:
    """As of when a bundle was judged."""
    first = next(read_lines(folder / RESULTS), {})
    return str(first["now"])


def numbers(run: Run, controls: Mapping[ControlStatus, int]) -> Past:
    """A run as a line of a list."""
    failing = Counter(finding.severity for finding in run.findings if finding.status is FindingStatus.FAIL)
    return Past(run.name, run.now, Counter(finding.status for finding in run.findings), controls, failing=failing)


def run_of(name: str, assessment: Assessment, workspace: Workspace) -> tuple[Run, Past]:
    """The run that is just being written, and its numbers."""
    holders = frozenset({*(account.id for account in workspace.accounts), *workspace.holders(GITHUB)})
    code = frozenset(root.path for root in workspace.iac)
    scope = _scope(
        assessment.findings, assessment.policies, holders, frozenset(workspace.regions), code, workspace.params
    )
    scope = replace(scope, left_out=_left_in(dict(_narrowing(workspace))))
    run = Run(name, assessment.now, scope, assessment.findings)
    return run, numbers(run, Counter(control.status for control in assessment.controls))


def _narrowing(workspace: Workspace) -> Iterator[tuple[str, Any]]:
    """What of a workspace narrows what is read, as a snapshot has it."""
    yield "left_out", [{"path": item.path} for item in workspace.left_out]
    chosen = workspace.github and workspace.github.repositories
    if workspace.github and chosen:
        only = chosen.only and {"names": list(chosen.only.names)}
        repositories = {"only": only, "exclude": [{"name": item.name} for item in chosen.exclude]}
        yield "github", {"organization": workspace.github.organization, "repositories": repositories}


def _left_in(data: Mapping[str, Any]) -> frozenset[Left]:
    """The files, folders and repositories that a run left out; a choice of repositories leaves out all others."""
    github = data.get("github") or {}
    chosen = github.get("repositories") or {}
    only = sorted((chosen.get("only") or {}).get("names", ()))
    names = [*(item["name"] for item in chosen.get("exclude") or ()), *(["only " + " ".join(only)] if only else ())]
    code = frozenset((CODE, str(item["path"])) for item in data.get("left_out") or ())
    return code | {(str(github.get("organization", "")), name) for name in names}


def _scope(
    findings: Sequence[Finding],
    policies: Iterable[str],
    holders: frozenset[str],
    regions: frozenset[str],
    code: frozenset[str],
    params: Mapping[str, object],
) -> Scope:
    revisions = dict.fromkeys(policies, 0)
    revisions.update((finding.policy, finding.rev) for finding in findings)
    return Scope(holders, regions, code, revisions, params, unread_places(findings))


def language_of(folder: Path) -> str:
    """The language of the workspace whose bundle this is."""
    return str(read_json(folder / SNAPSHOT / "workspace.json")["language"])
