"""Runs of one company, each with the history up to it, as exports read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.results import Assessment, Finding, WaiverResult
from preuve.publish.exchange.entries import Results
from preuve.publish.history.history import read_history
from preuve.publish.results import read_assessment, write_results
from preuve.publish.words.locale import load_locale

from .. import factory

REGIONS = factory.workspace().regions
WAIVER = WaiverResult(
    "W-009", "s3-encrypted", "techstart-exports", "person-a", "person-b", "Until the move.",
    "2027-03-01", "active", 1, True,
)  # fmt: skip


def exported(language: str = "en", **more: object) -> Results:
    """The results of the factory, with a finding of every status."""
    return Results(factory.site(language, **more), load_locale(language))  # type: ignore[arg-type]


class Company:
    """Closes a run after the other in one folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._closed = 0

    def run(self, *findings: Finding, waiver: WaiverResult = WAIVER, regions: tuple[str, ...] = REGIONS) -> Results:
        """The results of the next quarter, as they are read back from its bundle."""
        self._closed += 1
        name, now = f"run-{self._closed}", f"2026-{self._closed:02}-01T10:00:00Z"
        found = Assessment(now, findings, factory.policy_results(findings), factory.control_results(), (waiver,))
        workspace = replace(factory.workspace(), regions=regions)
        site = replace(factory.site(), assessment=found, workspace=workspace)
        history = read_history(self._home, name, found, site.workspace)
        self._close(name, found, workspace)
        read = read_assessment(self._home / name / RESULTS)
        return Results(replace(site, assessment=read, history=history), load_locale("en"))

    def _close(self, name: str, found: Assessment, workspace: Workspace) -> None:
        write_results(self._home / name / RESULTS, found)
        data: Mapping[str, object] = {
            "accounts": [{"id": account.id} for account in workspace.accounts],
            "regions": list(workspace.regions),
            "iac": [{"path": root.path} for root in workspace.iac],
            "params": {},
        }
        (self._home / name / SNAPSHOT).mkdir(parents=True)
        (self._home / name / SNAPSHOT / "workspace.json").write_text(json.dumps(data), encoding="utf-8")
