"""Scans of the fixtures with the real Checkov, each done once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code import IacJob, IacSummary, scan
from preuve.model.company.code import NOTHING_SAID, IacRoot, OutsideValues, TerraformRun

FIXTURES = Path(__file__).parents[2] / "fixtures" / "iac"
CHECKS = frozenset(
    {"CKV_AWS_3", "CKV_AWS_24", "CKV_AWS_62", "CKV_AWS_290", "CKV2_AWS_2", "CKV2_AWS_5", "CKV_AWS_999999"}
)
ROOTS = (
    IacRoot("shop", "terraform"),
    IacRoot("blind", "terraform"),
    IacRoot("broken", "terraform"),
    IacRoot("loops", "terraform"),
    IacRoot("templates", "cloudformation"),
)


class Scan:
    """The lines written by a scan, with ways to search them."""

    def __init__(self, folder: Path, summary: IacSummary) -> None:
        self.folder = folder
        self.summary = summary
        self.lines = [json.loads(line) for path in summary.written for line in path.read_text("utf-8").splitlines()]

    def of(self, kind: str, root: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if (line["kind"], line["root"]) == (kind, root)]

    def record(self, root: str, address: str, check: str) -> dict[str, Any]:
        """The one record of a check on a block."""
        found = [line for line in self.of("record", root) if (line["address"], line["check"]) == (address, check)]
        assert len(found) == 1, found
        return found[0]

    def gaps(self, root: str) -> list[tuple[str, int, str, str]]:
        return [(gap["file"], gap["line"], gap["cause"], gap["detail"]) for gap in self.of("gap", root)]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.summary.written}


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """The scan of all fixtures."""
    folder = tmp_path_factory.mktemp("iac")
    return Scan(folder, scan(IacJob(FIXTURES, ROOTS, CHECKS), folder))


Scanner = Callable[..., Scan]


@pytest.fixture(scope="module")
def scan_files(tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    """Write and scan files: `scan_files({"infra/main.tf": "…"})`. One scan takes seconds: share it between tests."""

    def run(
        files: dict[str, str | bytes],
        *,
        kind: str = "terraform",
        root: str = "infra",
        others: Iterable[str] = (),
        prepare: Callable[[Path], None] = lambda _: None,
        checks: frozenset[str] = CHECKS,
        rules: tuple[Mapping[str, Any], ...] = (),
        arguments: Mapping[str, str] | None = None,
        state: str = "",
        plan: str = "",
        runs: tuple[TerraformRun, ...] = (),
        by_tags: frozenset[str] = frozenset(),
        outside: OutsideValues = NOTHING_SAID,
    ) -> Scan:
        base = tmp_path_factory.mktemp("scan") / "workspace"
        (base / root).mkdir(parents=True)
        write(base, files.items())
        prepare(base)
        snapshot = base.parent / "snapshot"
        job = IacJob(
            base,
            (
                IacRoot(root, kind, plan, state, runs, outside.tags, outside.region),
                *(IacRoot(other, kind) for other in others),
            ),
            checks,
            rules,
            arguments=arguments or {},
            documents=bundled().documents,
            by_tags=by_tags,
        )
        return Scan(snapshot, scan(job, snapshot))

    return run


def write(base: Path, files: Iterable[tuple[str, str | bytes]]) -> None:
    for name, content in files:
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def volume(name: str = "plain", encrypted: str = "false") -> str:
    """A volume, which CKV_AWS_3 judges by `encrypted`."""
    return f'resource "aws_ebs_volume" "{name}" {{\n  availability_zone = "eu-west-3a"\n  encrypted = {encrypted}\n}}\n'
