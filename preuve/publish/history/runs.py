"""Reads a run back from its bundle. An unreadable run is reported, and never counts as a run without weaknesses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from preuve.assess.changes.comparison import CODE, Left, Look, Run, Scope, unread_places
from preuve.model.company.code import TerraformRun
from preuve.model.company.workspace import Workspace
from preuve.model.content import Severity
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.results import Assessment, ControlStatus, Finding, FindingStatus, PolicyResult
from preuve.publish.results import read_finding, read_lines, read_policy
from preuve.snapshot.reader import read_json
from preuve.system.causes import cause

SCAN_RESULTS, SCAN_SCOPE = "results.jsonl", "scope.json"  # in the folder of a scan
_WORKSPACE, _META = "workspace.json", "meta.json"  # of a snapshot
READ_BACK = (RESULTS, f"{SNAPSHOT}/{_WORKSPACE}", f"{SNAPSHOT}/{_META}")  # what this reads of a bundle
_KEY = "pseudonym_key_id"
_OF_CODE = ("path", "kind", "plan", "runs")  # keys that say how a folder of code is read
Line = Mapping[str, Any]
Renaming = Callable[[Path], Callable[[Line], Line]]  # gives, for a file of an earlier run, its lines without new names
_BROKEN = (OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class RunEntry:
    """A run in the list of runs: its kind, and its numbers."""

    name: str
    now: str
    findings: Mapping[FindingStatus, int]
    controls: Mapping[ControlStatus, int]
    period: str = ""
    commit: str = ""
    failing: Mapping[Severity, int] = field(default_factory=dict)  # what fails, by severity


@dataclass(frozen=True)
class ChainRun:
    """A run in the chain; an explanation of an interrupted run names the number that it explains."""

    number: int
    kind: str  # audit | scan | interrupted
    time: str
    head: str  # hash of its line
    period: str = ""
    commit: str = ""
    counts: Mapping[FindingStatus, int] = field(default_factory=dict)
    of: str = ""
    failing: Mapping[Severity, int] | None = None  # by severity; None in a line of an earlier version
    incomplete: int | None = None  # number of things in scope that it could not read, if the line has it


def rests_on(*, chained: bool, kept: bool, own: bool = False) -> str:
    """Return the source of a run's numbers, as a word of the locale: its line in the chain, its bundle, or both."""
    if own:
        return "own"
    return "both" if chained and kept else "bundle" if kept else "chain"


def as_they_are(_file: Path) -> Callable[[Line], Line]:
    """Return the function that leaves the lines of an earlier run unchanged."""
    return lambda line: line


def read_run(folder: Path, renaming: Renaming = as_they_are) -> tuple[Run, RunEntry]:
    """Return the run in a bundle, and its numbers. Raises PreuveError if it has no complete result of this version."""
    try:
        return _read(folder, renaming)
    except _BROKEN as error:
        kind = UsageError if isinstance(error, FileNotFoundError) else PreuveError  # it is no bundle, or a broken one
        raise kind(f"{folder} holds no results that can be read: {cause(error)}", "name an evidence bundle") from error


def _read(folder: Path, renaming: Renaming) -> tuple[Run, RunEntry]:
    findings: list[Finding] = []
    policies: list[PolicyResult] = []
    controls: Counter[ControlStatus] = Counter()
    now = moment(folder)
    renamed, kept = renaming(folder / RESULTS), folder / SNAPSHOT / _WORKSPACE
    for line in read_lines(folder / RESULTS):
        if line["kind"] == "finding":
            findings.append(read_finding(renamed(line)))
        elif line["kind"] == "policy":
            policies.append(read_policy(renamed(line)))
        elif line["kind"] == "control":
            controls[ControlStatus(line["status"])] += 1
    workspace = renaming(kept)(read_json(kept))
    scope = _scope_in(workspace, findings, policies, _key_in(folder / SNAPSHOT))
    run = Run(folder.name, now, scope, findings)
    return run, numbers(run, controls)


def key_of(folder: Path) -> str:
    """Return the id of the key of a bundle's pseudonyms; "" if the bundle does not have it, or cannot be read."""
    try:
        return _key_in(folder / SNAPSHOT)
    except PreuveError:
        return ""


def _key_in(snapshot: Path) -> str:
    path = snapshot / _META
    return str(read_json(path).get(_KEY) or "") if path.is_file() else ""


def _scope_in(
    data: Mapping[str, Any], findings: Sequence[Finding], policies: Iterable[PolicyResult], key: str
) -> Scope:
    """Return the scope of a run from the workspace in a snapshot; `key` is the id of the key of its pseudonyms."""
    organization = (data.get("github") or {}).get("organization", "")
    holders = frozenset({*(str(item["id"]) for item in data["accounts"]), organization} - {""})
    code = frozenset(str(item["path"]) for item in data["iac"])
    policies = list(policies)
    revisions = dict.fromkeys((item.policy for item in policies), 0)
    revisions.update((finding.policy, finding.rev) for finding in findings)
    unread = unread_places(findings) | {(item.policy, "", "", root) for item in policies for root in item.unread}
    return Scope(
        holders,
        frozenset(data["regions"]),
        code,
        revisions,
        data["params"],
        unread,
        rules={item.policy: item.rule for item in policies if item.rule},
        left_out=_left_in(data),
        looks=_looks(data["iac"], data["accounts"]),
        key=key,
    )


def write_scope(folder: Path, snapshot: Path, now: str, *, aws: bool, iac: bool) -> None:
    """Write the scope of a scan next to its results: the workspace may change later."""
    data = read_json(snapshot / _WORKSPACE)
    accounts = [{name: item[name] for name in ("id", "environment") if name in item} for item in data["accounts"]]
    account: dict[str, Any] = {"accounts": accounts, "regions": data["regions"]}
    account["github"] = data.get("github")
    code = {
        "iac": [{name: item.get(name) for name in _OF_CODE} for item in data["iac"]],
        "left_out": data.get("left_out") or [],
    }
    seen = (account if aws else {"accounts": [], "regions": []}) | (code if iac else {"iac": []})
    said = {"now": now, **seen, "params": data["params"], _KEY: _key_in(snapshot)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCAN_SCOPE).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def read_scan(folder: Path) -> Run:
    """Return the run in the folder of a scan. Raises PreuveError if the scope is of another run than the results."""
    data = read_json(folder / SCAN_SCOPE)
    lines = list(read_lines(folder / SCAN_RESULTS))
    now = str(lines[0]["now"])
    if data["now"] != now:
        said = f"the results and the scope in {folder} come from different runs"
        raise PreuveError(said, "scan again into another folder")
    findings = [read_finding(line) for line in lines if line["kind"] == "finding"]
    policies = [read_policy(line) for line in lines if line["kind"] == "policy"]
    return Run(now, now, _scope_in(data, findings, policies, str(data.get(_KEY) or "")), findings)


def moment(folder: Path) -> str:
    """Return the moment at which a bundle was judged."""
    first = next(read_lines(folder / RESULTS), {})
    return str(first["now"])


def numbers(run: Run, controls: Mapping[ControlStatus, int]) -> RunEntry:
    """Return a run as a line of a list."""
    failing = Counter(finding.severity for finding in run.findings if finding.status is FindingStatus.FAIL)
    return RunEntry(run.name, run.now, Counter(finding.status for finding in run.findings), controls, failing=failing)


def run_of(name: str, assessment: Assessment, workspace: Workspace, key: str = "") -> tuple[Run, RunEntry]:
    """Return the run that is being written now, with the id of the `key` of its pseudonyms, and its numbers."""
    scope = _scope_in(_said(workspace), assessment.findings, assessment.policies.values(), key)
    run = Run(name, assessment.now, scope, assessment.findings)
    return run, numbers(run, Counter(control.status for control in assessment.controls))


def _said(workspace: Workspace) -> Mapping[str, Any]:
    """Return what a workspace states about its scope, in the form of a snapshot."""
    listed = {name: list(map(asdict, getattr(workspace, name))) for name in ("accounts", "iac", "left_out")}
    github = asdict(workspace.github) if workspace.github else None
    return {**listed, "github": github, "regions": workspace.regions, "params": workspace.params}


def _looks(roots: Iterable[Mapping[str, Any]], accounts: Iterable[Mapping[str, Any]]) -> frozenset[Look]:
    """Return the ways in which each folder of code is read, and the environment of each account; none if an earlier
    version did not write them.
    """
    told = (root for root in roots if root.get("kind"))
    said = frozenset(
        (str(item["id"]), f"environment {item['environment']}") for item in accounts if "environment" in item
    )
    return said | frozenset(
        (root["path"], json.dumps([root["kind"], root.get("plan") or "", run["workspace"], *run["variables"]]))
        for root in told
        for run in root.get("runs") or [asdict(TerraformRun())]
    )


def _left_in(data: Mapping[str, Any]) -> frozenset[Left]:
    """Return the files, folders and repositories that a run left out; a selection of repositories omits all others."""
    github = data.get("github") or {}
    chosen = github.get("repositories") or {}
    only = sorted((chosen.get("only") or {}).get("names", ()))
    names = [*(item["name"] for item in chosen.get("exclude") or ()), *(["only " + " ".join(only)] if only else ())]
    code = frozenset((CODE, str(item["path"])) for item in data.get("left_out") or ())
    return code | {(str(github.get("organization", "")), name) for name in names}


def frameworks_of(folder: Path) -> list[str]:
    """Return the frameworks that the run of a bundle judged."""
    return list(read_json(folder / SNAPSHOT / _WORKSPACE)["frameworks"])


def has_account(folder: Path) -> bool:
    """Return whether an account was in the scope of a bundle's run: without one, policies on accounts have no
    findings.
    """
    return bool(read_json(folder / SNAPSHOT / _WORKSPACE)["accounts"])


def language_of(folder: Path) -> str:
    """Return the language of a bundle's workspace."""
    return str(read_json(folder / SNAPSHOT / "workspace.json")["language"])
