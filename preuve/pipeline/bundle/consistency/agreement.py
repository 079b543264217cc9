"""Whether a snapshot agrees with itself, with its workspace and with the content: facts that it contains twice are
compared.

Each call is one that the content declares, in the place of its file; an answer is no error; a cited call exists;
`meta.json` repeats what the workspace has.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from preuve.collect.github.run import NOBODY
from preuve.collect.registers import told_apart
from preuve.evidence.approval import holds
from preuve.library.company.waivers import VERIFIED, Signable, signed_fields
from preuve.library.validation.text_conformity import TextConformity
from preuve.library.yaml.engine_build import is_ours
from preuve.model.company.workspace import Waiver, Workspace
from preuve.model.content import AWS, GITHUB, WORKSPACE, ResourceType
from preuve.model.grouping import grouped
from preuve.model.snapshot import GLOBAL
from preuve.pipeline.bundle.consistency.calls import NAMED, Line, declared_calls, is_answered, told_of_call
from preuve.pipeline.bundle.consistency.citations import CitedFile, has_removed, kept, waivers_of
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.words.errors import known
from preuve.snapshot.documents import DOCUMENTS
from preuve.snapshot.reader import lines_of, of_kind, read_json
from preuve.snapshot.strays import lacking, lacking_in, whole


def disagreements(folder: Path, prepared: Preparation) -> Iterator[str]:
    """Yield the places of a snapshot that contradict another place, and the contradiction. Raises AlteredError or
    UsageError if a file cannot be read.
    """
    meta = read_json(folder / "meta.json")
    yield from _of_meta(meta, prepared)
    yield from wrong_in(prepared.workspace)
    written = {
        path.relative_to(folder).as_posix(): list(lines_of(path))
        for name in (AWS, GITHUB, "registers")
        for path in sorted((folder / name).rglob("*.jsonl"))
    }
    if is_ours(meta.get("preuve", ""), meta.get("build", "")):  # another version may have written fewer members
        yield from _lacking(folder, written, tryout=meta.get("run", {}).get("kind") == "tryout")
    files = {name: [whole(line) for line in lines] for name, lines in written.items()}
    registers = {name: files.pop(name) for name in [*files] if name.startswith("registers/")}
    yield from _of_collected(files, prepared, meta)
    yield from _of_registers(registers, prepared)


def _lacking(folder: Path, written: Mapping[str, Sequence[Line]], *, tryout: bool) -> Iterator[str]:
    uncounted = {"runs_in_period"} if tryout else set()  # a try-out is in no chain of runs
    for name in DOCUMENTS:
        if (folder / name).is_file():
            lacking_here = lacking_in(name, read_json(folder / name))
            yield from (f"{name} {member}" for member in lacking_here if member not in uncounted)
    for name, lines in written.items():
        for at, line in enumerate(lines, 1):
            yield from (f"{name}:{at} {member}" for member in lacking(line))


def _of_collected(files: Mapping[str, Sequence[Line]], prepared: Preparation, meta: Line) -> Iterator[str]:
    workspace, fitting = prepared.workspace, TextConformity(prepared.shapes, prepared.needs.texts)
    declared = declared_calls(prepared.library, prepared.needs, workspace.regions)
    calls = {line["id"]: line for lines in files.values() for line in of_kind(lines, "call")}
    kept = {_account(name) for name, lines in files.items() for line in of_kind(lines, "call") if "commitment" in line}
    commitments = set[str]()
    for name, lines in files.items():
        place, number = name.split("/")[2], 0
        resources = grouped(((line["type"], line["id"]), line) for line in of_kind(lines, "resource"))
        regions = {line["region"] for line in of_kind(lines, "resource")} - {GLOBAL}
        cited = CitedFile(
            prepared.library.types, prepared.needs.types, workspace.waivers, declared.home, place, calls, resources
        )
        for at, line in enumerate(lines, 1):
            if line["kind"] == "call":
                number += 1
                told = told_of_call(line, name, number, declared, regions, meta)
                if not _is_committed(line, commitments, kept=_account(name) in kept):
                    told = chain(told, ("commitment",))
            else:
                told = _of_found(line, name, prepared.needs.types, cited)
                told = chain(told, _of_data(line, prepared.needs.types, fitting))
            yield from (f"{name}:{at} {what}" for what in told)


def _account(name: str) -> str:
    return name.rpartition("/")[0].rpartition("/")[0]


def _is_committed(line: Line, commitments: set[str], *, kept: bool) -> bool:
    """Return whether a call has its own commitment exactly if raw copies of its account were kept."""
    found = line.get("commitment")
    if (found is not None) is not (kept and is_answered(line)) or found in commitments:
        return False
    commitments.update([found] if found else ())
    return True


def _of_found(line: Line, name: str, types: Mapping[str, Collection[str]], cited: CitedFile) -> Iterator[str]:
    """Yield what contradicts the calls, the file or the content in a listing or a resource."""
    provider, account, _, _ = name.split("/")
    if line["type"] not in types:
        yield "type"
        return
    if line["account"] != account and not (provider == GITHUB and (account == NOBODY or NAMED.search(line["account"]))):
        yield "account"
    yield from cited.of_listing(line) if line["kind"] == "listing" else cited.of_resource(line)


def _of_registers(files: Mapping[str, Sequence[Line]], prepared: Preparation) -> Iterator[str]:
    """Yield what no register can contain: entries of a type that policies read must have its columns, of the right
    kinds, row by row.
    """
    types = {name: prepared.library.types[name] for name in prepared.needs.types}
    members = {name: declared.declared for name, declared in types.items()}
    fitting, rows = (
        TextConformity(prepared.shapes, None),
        {item.name: item.rows for item in prepared.workspace.registers},
    )
    for name, lines in files.items():
        there: dict[str, int] = {}  # a file holds one type
        numbers: Counter[str] = Counter()
        counted = 0
        for at, line in enumerate(lines, 1):
            told: Iterator[str] = iter(("type",))
            if line["kind"] == "listing" and line["type"] in types:
                counted += line["count"]
                told = listed_in_register(line)
            elif line["type"] in types:
                numbers[line["parent"]] += 1
                number, waivers = numbers[line["parent"]], prepared.workspace.waivers
                entry = of_register(line, types[line["type"]], number, there, waivers)
                told = chain(entry, _of_data(line, members, fitting))
            yield from (f"{name}:{at} {what}" for what in told)
        if counted != numbers.total() or any(rows.get(register, count) != count for register, count in numbers.items()):
            yield f"{name} count"


def _of_data(line: Mapping[str, Any], types: Mapping[str, Collection[str]], fitting: TextConformity) -> Iterator[str]:
    """Yield what does not fit the members of a resource; `types` are the members that were collected."""
    wanted = types.get(line["type"])
    if line["kind"] == "resource" and wanted is not None:
        yield from (f"data.{member}" for member in line["data"] if member not in wanted)
        yield from (f"data.{path}" for path in fitting.beyond(line["type"], line["data"]))


def _of_meta(meta: Mapping[str, Any], prepared: Preparation) -> Iterator[str]:
    workspace, types = prepared.workspace, prepared.needs.types
    same = {
        "organisation": workspace.organisation,
        "accounts": [account.id for account in workspace.accounts],
        "regions": list(workspace.regions),
        "organizations": list(workspace.holders(GITHUB)),
        "demonstration": workspace.demonstration,
        "members": {name: sorted(members) for name, members in types.items()},
    }
    yield from (f"meta.json {name}" for name, value in same.items() if name in meta and meta[name] != value)


def wrong_in(workspace: Workspace) -> Iterator[str]:
    """Yield the contradictions in a workspace, and values that no audit writes there."""
    for number, problem in enumerate(workspace.problems):
        if not known(problem.message) or not (known(problem.hint) or not problem.hint):
            yield _in_workspace(f"problems[{number}]")
    for waiver in workspace.refused:
        if not known(waiver.defect):
            yield _in_workspace(f"refused {waiver.id}")
    if workspace.github and workspace.github.api.startswith("http://") and not workspace.demonstration:
        yield _in_workspace("demonstration")
    for item in signables(workspace):
        yield from (_in_workspace(f"{item.id} approval.{member}") for member in _not_committed(item))


def _not_committed(item: Signable) -> Iterator[str]:
    """Yield the members of an approval that contradict the signed values, or the item."""
    committed, opened, fields = item.approval.committed, item.approval.opened, signed_fields(item)
    if committed and set(committed) != set(fields):
        yield "committed"
    for name in sorted(set(committed) - set(opened)):
        if not _is_withheld(name, fields.get(name, "")):
            yield f"opened.{name}"
    for name, (salt, value) in opened.items():
        if NAMED.search(value):  # a name that was found later is replaced by its pseudonym there
            continue
        made = hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()
        if made != committed.get(name) or value != fields.get(name):
            yield f"opened.{name}"


def _is_withheld(name: str, value: str) -> bool:
    """Return whether the salt of a field is not kept: redaction removed something from the field."""
    return name == "sha256" or NAMED.search(value) is not None or has_removed(value)


def signables(workspace: Workspace) -> tuple[Signable, ...]:
    """Return everything that somebody may have signed."""
    return (*workspace.waivers, *workspace.attestations)


def unapproved(workspace: Workspace) -> Iterator[str]:
    """Yield the approvals that nobody gave: a signature that does not cover its commitments, or one next to the word
    that there is none. Raises PreuveError if ssh-keygen is needed and not installed.
    """
    for item in signables(workspace):
        said = item.approval
        if said.state != VERIFIED and (said.key or said.public_key or said.signature or said.committed or said.opened):
            yield _in_workspace(f"{item.id} approval.state")
        if said.state == VERIFIED and not holds(item):
            yield _in_workspace(f"{item.id} approval.signature")


def _in_workspace(path: str) -> str:
    return f"workspace.json {path}"


# ---- rows of registers ----------------------------------------------------------------------------------------------
# Whether the lines of a register are those of its rows: no call reads them, and each column is there or says why.


_NOWHERE = {"account": "", "region": WORKSPACE, "arn": "", "absent": (), "calls": {}}


def listed_in_register(line: Line) -> Iterator[str]:
    """Yield the defects of a listing of a register."""
    nothing = {"account": "", "region": WORKSPACE, "calls": (), "parent": ""}
    yield from (name for name, value in nothing.items() if line[name] != value)
    if bool(line["unread"]) is not (line["pagination"] == "failed"):
        yield "pagination"


def of_register(
    line: Line, declared: ResourceType, number: int, there: dict[str, int], waivers: Sequence[Waiver]
) -> Iterator[str]:
    """Yield the defects of an entry, the `number`th of its register, after those of its type that are `there`."""
    yield from (name for name, value in _NOWHERE.items() if line[name] != value)
    if line["parent"] not in declared.registers:
        yield "parent"
    columns, data = set(declared.columns), set(line["data"])
    yield from (f"unread.{name}" for name in sorted((columns - data) ^ set(line["unread"])))
    paths = (declared.identity, *(declared.beside or ()))
    held = [str(line["data"][path]) for path in paths if line["data"].get(path)] if paths[0] in line["data"] else []
    named = " ".join(held) or f"{line['parent']} {number}"
    outdated = any(item["cause"] == "entry_outdated" for item in line["unread"].values())
    if outdated or None in map(kept, held):  # only its name is kept
        there.setdefault(line["id"], 1)
    elif line["id"] != told_apart(named, there):
        yield "id"
    yield from waivers_of(line, waivers)
