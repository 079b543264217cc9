"""Collects from the organization of the tests and judges what was read, with the policies on GitHub alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from examples.techstart.account.github.organization import GitHub
from pipeline.runs import narrowed
from preuve.collect.aws.session import Limits
from preuve.library.company.workspace import load_workspace
from preuve.model.results import Assessment, Finding
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import Preparation, judge, prepare
from preuve.snapshot.reader import read_calls, read_snapshot

LIMITS = Limits(connect=2, read=5, attempts=1, unit=60)
WORKSPACE = """schema: 1
organisation: {name: Try, country: FR, language: en}
scope: {github: {organization: acme, api: "%s", token: {environment: GITHUB_TOKEN_OF_TESTS}}}
evidence: {pseudonym_key: .key/p.key}
"""


@dataclass(frozen=True)
class Scan:
    """The lines that were read, with the verdicts on them."""

    assessment: Assessment
    folder: Path

    @property
    def text(self) -> str:
        """Everything that was written."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob("*")) if path.is_file())

    @property
    def calls(self) -> list[Mapping[str, Any]]:
        """The recorded calls."""
        return list(read_calls(self.folder))

    def lines(self, kind: str, type_name: str) -> list[Mapping[str, Any]]:
        """The lines of a kind about a type."""
        files = sorted((self.folder / "github").rglob("*.jsonl"))
        lines = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["kind"] == kind and line["type"] == type_name]

    def of(self, policy: str, identity: str = "") -> list[Finding]:
        """The findings of a policy, on one resource or on all."""
        found = [finding for finding in self.assessment.findings if finding.policy == policy]
        return [finding for finding in found if not identity or finding.place.id == identity]

    def verdict(self, policy: str, identity: str = "app") -> tuple[str, str]:
        """Status and cause (or reason) of a policy on one resource."""
        (finding,) = self.of(policy, identity)
        return finding.status.value, finding.reason.values.get("cause", finding.reason.code)


def scan(
    github: GitHub,
    folder: Path,
    *,
    limits: Limits = LIMITS,
    text: str = WORKSPACE,
    params: Mapping[str, Any] | None = None,
) -> Scan:
    """Read the organization and judge it."""
    ready, snapshot = prepared(github, folder, text, params), folder / "snapshot"
    take_snapshot(ready, snapshot, Scope(aws=True, iac=False), lambda *_, **__: None, limits)
    return Scan(judge(ready, read_snapshot(snapshot)), snapshot)


def prepared(
    github: GitHub, folder: Path, text: str = WORKSPACE, params: Mapping[str, Any] | None = None
) -> Preparation:
    """A workspace on the organization, with the policies on GitHub."""
    (folder / "preuve.yaml").write_text(text.replace("%s", github.url), encoding="utf-8")
    workspace = replace(load_workspace(folder, _base().library), params=params or {})
    return replace(_base(), workspace=workspace)


def policies() -> set[str]:
    """The policies on GitHub."""
    return {policy.id for policy in _base().policies}


@cache
def _base() -> Preparation:
    """The policies on GitHub, loaded once."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "preuve.yaml").write_text(WORKSPACE.replace("%s", "http://127.0.0.1:9"), encoding="utf-8")
        return narrowed(prepare(Path(folder)), lambda rule: rule.rule.resource.startswith("GitHub::"))
