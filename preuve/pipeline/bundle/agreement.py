"""Whether a snapshot agrees with itself, with its workspace and with the content: what is said twice is compared.

A call is one that the content declares, in the place of its file; an answer is not an error; what cites a call cites
one that is there; what `meta.json` repeats is what the workspace has.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from preuve.collect.aws.calls import WHO
from preuve.collect.aws.organization import ALL_CALLS
from preuve.collect.github.run import WHO as ORGANIZATION
from preuve.library.checked.fitting import Fitting
from preuve.library.checked.rules import Needs
from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import calls as possible_calls
from preuve.library.iam.permissions import calls_to_github
from preuve.model.company.workspace import Attestation, Waiver, Workspace
from preuve.model.content import AWS, GITHUB, Library
from preuve.model.snapshot import GLOBAL
from preuve.pipeline.run.prepare import Prepared
from preuve.publish.words.errors import known
from preuve.redact.beside.values import PSEUDONYM
from preuve.snapshot.reader import lines_of, read_json

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SKEW = timedelta(minutes=10)  # between the clocks of machines that read parts
_NAMED = re.compile(PSEUDONYM)
_OK = range(200, 300)
_PARAMETERS = frozenset({"ChildId", "ParentId", "ResourceId", "org"})  # of the calls about organizations


@dataclass(frozen=True)
class _Declared:
    """What the content says of one operation."""

    actions: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    constants: dict[str, list[Any]] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)


def disagreements(folder: Path, prepared: Prepared) -> Iterator[str]:
    """Yield the places of a snapshot that contradict another, and what is wrong there. AlteredError or UsageError where
    a file cannot be read.
    """
    meta = read_json(folder / "meta.json")
    yield from _of_meta(meta, prepared)
    yield from _of_workspace(prepared.workspace)
    declared = _declared(prepared.library, prepared.needs, prepared.workspace.regions)
    files = {
        path.relative_to(folder).as_posix(): list(lines_of(path))
        for name in (AWS, GITHUB)
        for path in sorted((folder / name).rglob("*.jsonl"))
    }
    failed = {line["id"]: bool(line["error"]) for lines in files.values() for line in lines if line["kind"] == "call"}
    waivers = {item.id for item in prepared.workspace.waivers}
    types, fitting = prepared.needs.types, Fitting(prepared.shapes, prepared.needs.texts)
    for name, lines in files.items():
        seen: set[str] = set()
        regions = {line["region"] for line in lines if line["kind"] == "resource"}
        for number, line in enumerate(lines, 1):
            if line["kind"] == "call":
                told = _of_call(line, name, declared, regions, meta)
                if line["id"] in seen:
                    told = iter((*told, "id"))
                seen.add(line["id"])
            else:
                told = chain(_of_found(line, name, prepared, failed, waivers), _of_data(line, types, fitting))
            yield from (f"{name}:{number} {what}" for what in told)
    yield from _of_registers(folder, prepared)


def _declared(library: Library, needs: Needs, home: tuple[str, ...]) -> Mapping[tuple[str, str], _Declared]:
    """Return what is said of each operation. In a region of `home` the caller is asked for, and some things counted."""
    found: dict[tuple[str, str], _Declared] = {}
    collected = [*possible_calls(library, needs), *calls_to_github(library, needs)]
    elsewhere = [item.call for call in collected for item in (call.counted, call.proved) if item is not None]
    for call in (*collected, WHO, ORGANIZATION, *ALL_CALLS):
        item = found.setdefault((call.service, call.operation), _Declared())
        item.actions.update(actions(call)[:1] if call.service != GITHUB else call.iam[:1] or ("",))
        item.parameters.update(call.const, call.with_, call.ago, call.batch)
        for name, value in call.const.items():
            item.constants.setdefault(name, []).append(value)
        item.regions.update({call.only_in} - {""})
    for call in (ORGANIZATION, *ALL_CALLS):
        found[call.service, call.operation].parameters.update(_PARAMETERS)
    for call in (WHO, *elsewhere):
        found[call.service, call.operation].regions.update(home)
    return found


def _of_call(
    line: Mapping[str, Any],
    name: str,
    declared: Mapping[tuple[str, str], _Declared],
    regions: set[str],
    meta: Mapping[str, Any],
) -> Iterator[str]:
    _, account, place, file = name.split("/")
    unit = f"{account}/{place}/{file.removesuffix('.jsonl')}"
    if line["id"].rpartition("/")[0] != unit and not _NAMED.search(line["id"]):  # an organization named like a person
        yield "id"
    item = declared.get((line["service"], line["operation"]))
    if item is None:
        yield "operation"
        return
    if line["action"] not in item.actions:
        yield "action"
    for key, value in line["params"].items():
        if key not in item.parameters or (key in item.constants and value not in item.constants[key]):
            yield f"params.{key}"
    if place != GLOBAL and line["region"] not in {place, *item.regions, *regions}:
        yield "region"
    if bool(line["error"]) is (line["status"] in _OK) and not line["error"].startswith("HTTP "):
        yield "error"
    if not line["error"] and "message" in line:
        yield "message"
    if not _within(line["time"], meta):
        yield "time"


def _within(time: str, meta: Mapping[str, Any]) -> bool:
    """Return whether a time lies between the begin and the end of the run, as far as `meta.json` says them."""
    if not (meta.get("started") and meta.get("finished")):
        return True
    try:
        began, ended, moment = (datetime.strptime(text, _TIME) for text in (meta["started"], meta["finished"], time))
    except ValueError:  # no such day
        return False
    return began - _SKEW <= moment <= ended + _SKEW


def _of_found(
    line: Mapping[str, Any], name: str, prepared: Prepared, failed: Mapping[str, bool], waivers: set[str]
) -> Iterator[str]:
    """Yield what contradicts the calls, the file or the content in a listing or a resource."""
    provider, account, place, _ = name.split("/")
    wanted = prepared.needs.types.get(line["type"])
    if wanted is None:
        yield "type"
        return
    if provider == AWS and line["account"] != account:
        yield "account"
    if line["kind"] == "listing":
        if line["region"] != place:
            yield "region"
        if bool(line["unread"]) is not (line["pagination"] == "failed"):
            yield "pagination"
        if any(failed.get(call, True) for call in line["calls"]) and line["count"]:
            yield "calls"
        return
    for member, calls in line["calls"].items():
        cited = [calls] if isinstance(calls, str) else calls
        excused = member in line["absent"] or member in line["unread"] or not member
        if any(failed.get(call, True) and not (excused and (call in failed or not call)) for call in cited):
            yield f"calls.{member}"
    yield from (f"waivers.{waiver}" for waiver in line["waivers"] if waiver not in waivers)


def _of_registers(folder: Path, prepared: Prepared) -> Iterator[str]:
    """Yield what no register holds: of a type that policies read, its columns, as their kinds are."""
    types = {name: prepared.library.types[name].declared for name in prepared.needs.types}
    fitting = Fitting(prepared.shapes, None)
    for path in sorted((folder / "registers").glob("*.jsonl")):
        for number, line in enumerate(lines_of(path), 1):
            told = _of_data(line, types, fitting) if line["type"] in types else iter(("type",))
            yield from (f"registers/{path.name}:{number} {what}" for what in told)


def _of_data(line: Mapping[str, Any], types: Mapping[str, Collection[str]], fitting: Fitting) -> Iterator[str]:
    """Yield what does not fit the members of a resource, of which those in `types` are kept."""
    wanted = types.get(line["type"])
    if line["kind"] == "resource" and wanted is not None:
        yield from (f"data.{member}" for member in line["data"] if member not in wanted)
        yield from (f"data.{path}" for path in fitting.beyond(line["type"], line["data"]))


def _of_meta(meta: Mapping[str, Any], prepared: Prepared) -> Iterator[str]:
    workspace, types = prepared.workspace, prepared.needs.types
    same = {
        "organisation": workspace.organisation,
        "accounts": [account.id for account in workspace.accounts],
        "regions": list(workspace.regions),
        "organizations": list(workspace.holders(GITHUB)),
        "demonstration": workspace.demonstration,
        "types": sorted(types),
        "members": {name: sorted(members) for name, members in types.items()},
    }
    yield from (f"meta.json {name}" for name, value in same.items() if name in meta and meta[name] != value)


def _of_workspace(workspace: Workspace) -> Iterator[str]:
    for number, problem in enumerate(workspace.problems):
        if not known(problem.message) or not (known(problem.hint) or not problem.hint):
            yield _in_workspace(f"problems[{number}]")
    for waiver in workspace.refused:
        if not known(waiver.defect):
            yield _in_workspace(f"refused {waiver.id}")
    signed: tuple[Waiver | Attestation, ...] = (*workspace.waivers, *workspace.attestations)
    for item in signed:
        for name, (salt, value) in item.approval.opened.items():
            if _NAMED.search(value):  # a name that was found later stands there by its pseudonym
                continue
            committed = hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()
            if committed != item.approval.committed.get(name) or value != str(getattr(item, name, None) or ""):
                yield _in_workspace(f"{item.id} approval.opened.{name}")


def _in_workspace(path: str) -> str:
    return f"workspace.json {path}"
