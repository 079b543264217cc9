"""From an assessment to an exit code, and from an assessment to files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from preuve.assess.index import counted
from preuve.model.company.workspace import Workspace
from preuve.model.content import Severity
from preuve.model.errors import Exit, UsageError
from preuve.model.layout import JUNIT
from preuve.model.results import Assessment
from preuve.model.snapshot import Snapshot
from preuve.pipeline.run.papers import write_papers
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.junit import write_junit
from preuve.publish.records.population import Populations
from preuve.publish.results import write_results
from preuve.publish.site.facts import Site
from preuve.publish.site.lines import snapshot_lines
from preuve.publish.site.regions import unread_regions
from preuve.publish.site.writer import write_site
from preuve.publish.terminal.summary import at_gate


def exit_code(assessment: Assessment, gate: Severity | None) -> Exit:
    """Return the lowest code that applies; without a gate findings do not count."""
    if not assessment.examined:
        return Exit.NOTHING_EXAMINED
    if gate is not None and at_gate(assessment, gate):
        return Exit.FINDINGS
    return Exit.INCOMPLETE if assessment.incomplete else Exit.OK


def check_output(folder: Path, workspace: Workspace) -> None:
    """Check the output folder of a scan. Raises UsageError if it is the workspace or a folder of code."""
    roots = {(workspace.root / part.path).resolve() for part in workspace.iac} | {workspace.root.resolve()}
    if folder.resolve() in roots:
        raise UsageError(f"{folder} holds the code that is examined", "give a folder of its own, as build/preuve")


def write_machine_files(
    folder: Path, assessment: Assessment, prepared: Preparation, *, bundle: bool, gate: Severity | None = None
) -> None:
    """Write `results.jsonl` and `junit.xml`. In a bundle, the JUnit file is valid against every schema. In the results
    of a scan, whose failures follow its `gate`, it has properties, and `junit.xunit.xml` is for Jenkins' xUnit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_results(folder / "results.jsonl", assessment)
    params, accounts = prepared.workspace.params, [account.id for account in prepared.workspace.accounts]
    junit = Path(JUNIT).name
    for name, xunit in ((junit, True),) if bundle else ((junit, False), ("junit.xunit.xml", True)):
        path = folder / name
        write_junit(
            path, assessment, prepared.library,
            controls=bundle, params=params, language=prepared.workspace.language, xunit=xunit, gate=gate,
            accounts=accounts,
        )  # fmt: skip


def site_of(assessment: Assessment, prepared: Preparation, found: Snapshot, calls: Iterable[Mapping[str, Any]]) -> Site:
    """Return the facts of pages, papers and records; `calls` are the snapshot's recorded calls."""
    recorded = {line["id"]: line for line in calls}
    return Site(
        assessment=assessment,
        library=prepared.library,
        workspace=prepared.workspace,
        meta=found.meta,
        calls=recorded,
        gaps=found.gaps,
        listings=counted(found, prepared.library.types).listings,
        lines=snapshot_lines(found),
        regions=unread_regions(found, prepared.workspace.regions, recorded.values()),
        seconds=Populations(prepared.library, found).seconds(),
        demonstration=prepared.workspace.demonstration,
    )


def write_pages(folder: Path, site: Site) -> None:
    """Write the files for people: pages, papers and tables."""
    write_papers(folder, site)
    write_site(folder, site)  # last: the pages link to the existing papers
