"""Collects a snapshot of the account, the code, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from preuve import __version__
from preuve.collect.aws.run import CollectionSummary, collect
from preuve.collect.aws.session import Limits, authorities_of
from preuve.collect.code import IacSummary, scan
from preuve.collect.code.secrets.forms import kinds
from preuve.collect.github import run as github
from preuve.collect.registers import Line, read_registers
from preuve.collect.units import UnitOutput
from preuve.library.company.registers import people_in_columns
from preuve.library.yaml.engine_build import build
from preuve.model.content import GITHUB, Library
from preuve.model.errors import UsageError
from preuve.model.moment import current_moment
from preuve.model.progress import Show, Step
from preuve.pipeline.fleet.assembly import Fleet, Gathering
from preuve.pipeline.push.code import check_names_code, code_job, without_states
from preuve.pipeline.run.discovery import with_organization
from preuve.pipeline.run.kept_registers import kept_registers
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.run.progress import in_words
from preuve.pipeline.run.redaction import Redaction, redaction
from preuve.publish.words.locale import words
from preuve.publish.words.withheld_entries import as_told
from preuve.redact.code import all_redacted
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import table_beside
from preuve.redact.workspace_file import dump
from preuve.snapshot.order import order_below
from preuve.snapshot.roots import name_roots
from preuve.snapshot.writer import snapshot_writer
from preuve.system.manifests import digest_of

SCHEMA = "preuve-snapshot/1"


@dataclass(frozen=True)
class Scope:
    """The sides to examine: account, code."""

    aws: bool
    iac: bool
    fleet: Fleet | None = None  # where accounts are read in parts


def take_snapshot(
    prepared: Preparation,
    destination: Path,
    scope: Scope,
    show: Show,
    limits: Limits | None = None,
    run: Mapping[str, object] | None = None,
    documents: Mapping[str, Mapping[str, object]] | None = None,
) -> KnownNames:
    """Write a snapshot folder; an interruption leaves nothing behind. `run`: the audit's description of itself,
    `documents`: further files to keep, by name.

    Returns the names that were replaced, for the inspection before the bundle is closed; they are stored only beside
    the key. Raises UsageError if the scope names nothing to read.
    """
    _check(prepared, scope)
    progress = in_words(show, prepared.workspace.language)
    redacting = redaction(prepared.workspace, keep_raw=run is not None)
    for path in redacting.overdue:
        progress(Step("raw_overdue", {"folder": str(path)}))
    redactor, pseudonyms = redacting.redactor, redacting.pseudonyms
    # Without an account no line tells that a register could not be read, and the names in it would stay as they are.
    people = tuple(people_in_columns(prepared.workspace.root, all_read=not scope.aws))
    roles = frozenset(item.owner_role for item in prepared.library.evidence.values()) | words("role")
    # First, since it may refuse a parameter. Code outside the scope is searched for too.
    job = code_job(prepared) if scope.iac else None
    job = without_states(job) if job and not scope.aws else job
    authorities = authorities_of(prepared.workspace) if scope.aws else None
    trusted = {"ca": {"file": prepared.workspace.ca, "sha256": digest_of(authorities)}} if authorities else {}
    started = current_moment()
    with snapshot_writer(destination) as writer:
        collected, discovery = CollectionSummary({}, 0), None
        if scope.aws:
            prepared, discovery = with_organization(prepared, writer, redactor, progress, limits)
        if scope.aws and scope.fleet:
            gathering = Gathering(prepared, scope.fleet, writer, redacting, progress, keep_raw=run is not None)
            collected = gathering.collect()
        elif scope.aws:
            collected = collect(
                prepared.library, prepared.needs, prepared.workspace, writer, redactor, progress, limits
            )
        if scope.aws:
            to = UnitOutput(writer, redactor, progress)
            calls = github.collect(prepared.library, prepared.needs, prepared.workspace, to, limits)
            collected = replace(collected, calls=collected.calls + calls)
        registers = _registers(prepared, redacting)  # also where code alone is examined: they tell who people are
        for name, lines in registers.items() if scope.aws else ():
            writer.register(name, lines)
        scanned = None
        if job is not None:
            named = _named_after_people(prepared.library)
            stored = partial(all_redacted, redactor=redactor, personal=named, detecting=kinds)
            scanned = scan(job, writer.folder, progress=progress, redact=stored)
        for name, data in (documents or {}).items():
            writer.document(name, data)
        for name in people:
            pseudonyms.of(name)  # known, so that they are found in what others wrote
        kept_workspace = dump(as_told(prepared.workspace, prepared.library), redactor, roles)
        writer.document("workspace.json", kept_workspace)
        about = {"pseudonym_key_id": pseudonyms.key_id, **trusted, **({"run": run} if run else {})}
        about |= {"organization": asdict(discovery)} if discovery else {}
        meta = redactor.data({**_meta(prepared, collected, scanned, started), **about})
        writer.document("meta.json", {**meta, "organisation": kept_workspace["organisation"]})
        names = redacting.names
        names.replace_below(writer.folder)
        name_roots(writer.folder)
        order_below(writer.folder)
    pseudonyms.save(table_beside(redacting.key_file))
    return names


def _registers(prepared: Preparation, redacting: Redaction) -> dict[str, list[Line]]:
    """Return the lines of each type that the workspace's registers hold."""
    kept = kept_registers(prepared.needs, prepared.workspace, prepared.library, redacting.begun)
    return dict(
        read_registers(
            prepared.library, prepared.needs, prepared.workspace, redacting.redactor, kept, redacting.begun.date()
        )
    )


def _named_after_people(library: Library) -> frozenset[str]:
    """Return the types of blocks that make what the collectors know by the name of a person."""
    personal = {name for name, declared in library.types.items() if declared.identity in declared.personal}
    made = (block for block, naming in library.namings.of.items() if naming.resource in personal)
    return frozenset((*made, *library.namings.people))


def _check(prepared: Preparation, scope: Scope) -> None:
    workspace = prepared.workspace
    if scope.aws and not scope.iac and not (workspace.reads_accounts and workspace.regions) and not workspace.github:
        raise UsageError("preuve.yaml names no account and region", "fill in scope.accounts and scope.regions")
    if scope.iac and not scope.aws:
        check_names_code(workspace)


def _meta(
    prepared: Preparation, collected: CollectionSummary, scanned: IacSummary | None, started: str
) -> dict[str, object]:
    workspace = prepared.workspace
    return {
        "schema": SCHEMA,
        "preuve": __version__,
        "build": build(),
        "started": min([started, *(str(part["started"]) for part in collected.parts.values())]),
        "finished": current_moment(),
        "accounts": [account.id for account in workspace.accounts],
        "regions": list(workspace.regions),
        "organizations": list(workspace.holders(GITHUB)),
        "callers": dict(collected.callers),
        "calls": collected.calls,
        **({"parts": dict(collected.parts)} if collected.parts else {}),
        "checkov": scanned.checkov if scanned else "",
        "unknown_checks": list(scanned.unknown_checks) if scanned else [],
        "demonstration": workspace.demonstration,
        "members": {name: sorted(members) for name, members in sorted(prepared.needs.types.items())},
    }
