"""The gate of a push: examine the code, tell new findings from known ones."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from preuve.assess.known import baseline_of, compare, gone
from preuve.assess.snapshot_files import read_code
from preuve.collect.iac import scan
from preuve.library import baseline
from preuve.model.baseline import Baseline, Comparison
from preuve.model.content import Severity
from preuve.model.push import Push
from preuve.model.results import Assessment
from preuve.pipeline.collect import Progress, Scope, check_scope, code_job
from preuve.pipeline.prepare import Prepared, judge, prepare


@dataclass(frozen=True)
class Request:
    """What is asked of a run."""

    path: Path
    frameworks: tuple[str, ...] = ()
    gate: Severity | None = None
    baseline: Path | None = None


def examine(request: Request, progress: Progress) -> Push:
    """Examine the code of a workspace and compare it with what was there before."""
    prepared = prepare(request.path, request.frameworks)
    found = _assessment(prepared, progress)
    before, compared = _before(request)
    policies = [policy.id for policy in prepared.policies]
    return Push(
        assessment=compare(found, before),
        library=prepared.library,
        gate=request.gate or prepared.workspace.gate,
        language=prepared.workspace.language,
        compared=replace(compared, gone=gone(found, before, policies)),
    )


def _before(request: Request) -> tuple[Baseline, Comparison]:
    path = _path(request)
    if request.baseline is None and not path.is_file():
        return Baseline(), Comparison()
    return baseline.load_baseline(path), Comparison("baseline", path.name)


def _path(request: Request) -> Path:
    """The baseline file that was named, or the workspace's."""
    return request.baseline or request.path / baseline.FILE


def update(request: Request, push: Push) -> Push:
    """Write what was found as known; answers the push as it is then. What the file says of the account stays."""
    path = _path(request)
    kept = baseline.load_baseline(path).marks if path.is_file() else {}
    account = {mark: checks for mark, checks in kept.items() if mark.source == "aws"}
    now = Baseline({**account, **baseline_of(push.assessment.findings).marks})
    baseline.write_baseline(path, now)
    return replace(push, assessment=compare(push.assessment, now), compared=Comparison("baseline", path.name))


def _assessment(prepared: Prepared, progress: Progress) -> Assessment:
    check_scope(prepared, Scope(aws=False, iac=True))
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        scan(code_job(prepared), Path(folder), progress=progress)
        found = read_code(Path(folder))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return judge(prepared, replace(found, meta={"finished": now}))
