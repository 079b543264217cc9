"""The newest evidence folder of a workspace, read back from its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from preuve.model.layout import RESULTS
from preuve.model.results import ControlStatus, Finding, FindingStatus, Reason
from preuve.publish.results import read_finding, read_lines, read_reason

Line = Mapping[str, Any]


@dataclass(frozen=True)
class KnownControl:
    """A control in the newest audit: its status, why, and the state of its manual evidence."""

    status: ControlStatus
    reasons: tuple[Reason, ...]
    evidence: Mapping[str, str]


@dataclass(frozen=True)
class NewestBundle:
    """The newest audit: its folder, its moment, and its findings."""

    folder: Path
    now: str
    findings: tuple[Finding, ...] = ()
    controls: Mapping[str, KnownControl] = field(default_factory=dict)
    policies: Mapping[str, FindingStatus] = field(default_factory=dict)


def latest(home: Path) -> NewestBundle | None:
    """Return the newest audit in the folder of evidence folders; None if none can be read."""
    depth = len(PurePosixPath(RESULTS).parts) - 1
    moments = [(_moment(path), path.parents[depth]) for path in home.glob(f"[!.]*/{RESULTS}")]
    for now, folder in sorted(moments, reverse=True):
        try:
            return _read(folder, now, list(read_lines(folder / RESULTS)))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no complete result of this version: use the one before
    return None


def _moment(path: Path) -> str:
    try:
        return str(next(read_lines(path))["now"])
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return ""


def _read(folder: Path, now: str, lines: list[Line]) -> NewestBundle:
    return NewestBundle(
        folder=folder,
        now=now,
        findings=tuple(read_finding(line) for line in lines if line["kind"] == "finding"),
        controls={line["control"]: _control(line) for line in lines if line["kind"] == "control"},
        policies={line["policy"]: FindingStatus(line["status"]) for line in lines if line["kind"] == "policy"},
    )


def _control(line: Line) -> KnownControl:
    evidence = {item["id"]: str(item["state"]) for item in line["evidence"]}
    return KnownControl(ControlStatus(line["status"]), tuple(read_reason(item) for item in line["reasons"]), evidence)
