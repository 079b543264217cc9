"""A workspace, and runs to report: results of scans and closed bundles, made of findings."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from preuve.cli.main import main
from preuve.evidence.closing import NoSeal, close
from preuve.model.content import Severity
from preuve.model.errors import PreuveError
from preuve.model.layout import MACHINE, RESULTS, SNAPSHOT
from preuve.model.results import Assessment, ControlResult, Finding, FindingStatus, Place, Reason, WaiverResult
from preuve.notify.run import NotifyRequest, notify
from preuve.publish.history.history import History
from preuve.publish.history.page_facts import PageFacts, write_kept
from preuve.publish.history.runs import write_scope
from preuve.publish.results import write_results
from publish import factory
from publish.factory import ACCOUNT

S = FindingStatus
NIGHTS = [f"2026-11-{day:02}T02:00:00Z" for day in range(1, 29)]
KEY_ID = "00112233aabbccdd"
REASONS = {S.FAIL: "failed", S.PASS: "asserted", S.NOT_EVALUATED: "unread_listing", S.WAIVED: "waived"}


def found(policy: str, status: FindingStatus, name: str = "a", severity: str = "high", **more: object) -> Finding:
    """A finding on a bucket."""
    place = Place("AWS::S3::Bucket", name, ACCOUNT, "eu-west-3", f"arn:aws:s3:::{name}")
    reason = Reason(REASONS.get(status, "no_resource"))
    made = Finding(policy, 1, "aws", status, Severity(severity), place, reason)
    return replace(made, incomplete=status is S.NOT_EVALUATED, **more)  # type: ignore[arg-type]


def assessment(
    now: str,
    findings: Sequence[Finding],
    controls: Sequence[ControlResult] = (),
    waivers: Sequence[WaiverResult] = (),
) -> Assessment:
    """Return the results of a run at a time."""
    kept = tuple(findings)
    return Assessment(now, kept, factory.policy_results(kept), tuple(controls), tuple(waivers))


@dataclass
class Scene:
    """A workspace in a folder."""

    root: Path
    language: str = "en"

    def settle(self, *, jira: str = "", slack: str = "", mail: bool = False, extra: str = "", more: str = "") -> None:
        """Write preuve.yaml; `jira` and `slack` are addresses, `extra` is appended to Jira's settings."""
        self.root.mkdir(parents=True, exist_ok=True)
        lines = ["schema: 1", f"organisation: {{name: Acme, language: {self.language}}}", "scope:"]
        lines += [f'  accounts: [{{id: "{ACCOUNT}"}}]', "  regions: [eu-west-3]", "evidence: {pseudonym_key: ../key}"]
        lines += ["notify:"]
        if jira:
            moves = "{resolve: terminer, reopen: Rouvrir}"
            lines += [f'  jira: {{url: "{jira}", project: SEC, issue_type: Task, credentials: {{file: ../token}},']
            lines += [f"    transitions: {moves}{extra}}}"]
        if slack:
            host = slack.partition("//")[2].partition("/")[0]
            lines += [f'  slack: {{host: "{host}", webhook: {{environment: HOOK}}}}']
        if mail:
            lines += ["  mail: {from: preuve@example.org, to: [ciso@example.org], file: ../out/digest.eml}"]
        (self.root / "preuve.yaml").write_text("\n".join([*lines, more, ""]), encoding="utf-8")
        for name, text in (("key", "ab" * 32), ("token", "robot@example.org:t0ken")):
            path = self.root.parent / name
            path.write_text(text + "\n", encoding="utf-8")
            path.chmod(0o600)
        os.environ["HOOK"] = slack

    def scan(self, now: str, *findings: Finding) -> Path:
        """Return the output folder of `preuve scan --output`."""
        folder = self.root.parent / f"scan-{now[:10]}"
        write_results(folder / "results.jsonl", assessment(now, findings))
        seen = self.root.parent / "seen"
        seen.mkdir(exist_ok=True)
        path = self.root / "preuve.yaml"
        said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
        scope = said.get("scope", {"accounts": [], "regions": []})
        known = {"iac": [], **scope, "params": said.get("params", {})}
        (seen / "workspace.json").write_text(json.dumps(known), encoding="utf-8")
        sides = {finding.source for finding in findings}
        write_scope(folder, seen, now, aws="aws" in sides, iac="iac" in sides)
        return folder

    def bundle(
        self, name: str, told: Assessment, history: History | None = None, key_id: str = KEY_ID, **info: str
    ) -> Path:
        """A closed bundle, with the parts that notifications read."""
        folder = self.root / "evidence" / name
        write_results(folder / RESULTS, told)
        (folder / SNAPSHOT).mkdir(parents=True)
        known = {"accounts": [{"id": ACCOUNT}], "regions": ["eu-west-3"], "iac": [], "params": {}, "language": "en"}
        for file, data in (("workspace", known), ("meta", {"pseudonym_key_id": key_id})):
            (folder / SNAPSHOT / f"{file}.json").write_text(json.dumps(data), encoding="utf-8")
        if history:
            write_kept(folder, PageFacts(history))
        assert (folder / MACHINE).is_dir()
        about = {"External-Identifier": name, "Bagging-Date": told.now[:10], **info}
        close(folder, list(about.items()), NoSeal())
        return folder

    def tell(self, folder: Path, *channels: str, send: bool = True, **more: object) -> list[str | PreuveError]:
        """Send a run; waiting takes no time."""
        asked = NotifyRequest(self.root, folder, None, channels, send)
        asked = replace(asked, **more)  # type: ignore[arg-type]
        return list(notify(asked, lambda *_: None, lambda _: None, lambda _: None))

    def command(self, *arguments: object) -> Result:
        """The same through the command line."""
        return CliRunner().invoke(main, ["notify", *map(str, arguments), "-w", str(self.root)])


def faults(lines: list[str | PreuveError]) -> list[str]:
    """Return the faults among the reports."""
    return [str(line) for line in lines if isinstance(line, PreuveError)]
