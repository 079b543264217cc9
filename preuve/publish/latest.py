"""The newest evidence folder of a workspace, read back from its results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from preuve.model.content import Severity
from preuve.model.layout import RESULTS
from preuve.model.results import ControlStatus, Finding, FindingStatus, Place, Reason

Line = Mapping[str, Any]


@dataclass(frozen=True)
class KnownControl:
    """What the newest audit said of a control: its status, why, and the state of its manual evidence."""

    status: ControlStatus
    reasons: tuple[Reason, ...]
    evidence: Mapping[str, str]


@dataclass(frozen=True)
class Latest:
    """The newest audit: its folder, its moment, and what it found."""

    folder: Path
    now: str
    findings: tuple[Finding, ...] = ()
    controls: Mapping[str, KnownControl] = field(default_factory=dict)
    policies: Mapping[str, FindingStatus] = field(default_factory=dict)


def latest(home: Path) -> Latest | None:
    """The newest audit in the folder of evidence folders; nothing where there is none that can be read."""
    depth = len(PurePosixPath(RESULTS).parts) - 1
    moments = [(_moment(path), path.parents[depth]) for path in home.glob(f"[!.]*/{RESULTS}")]
    for now, folder in sorted(moments, reverse=True):
        try:
            return _read(folder, now, list(_lines(folder / RESULTS)))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not a whole result of this version: the one before it is still true
    return None


def _moment(path: Path) -> str:
    try:
        return str(next(_lines(path))["now"])
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return ""


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _read(folder: Path, now: str, lines: list[Line]) -> Latest:
    return Latest(
        folder=folder,
        now=now,
        findings=tuple(_finding(line) for line in lines if line["kind"] == "finding"),
        controls={line["control"]: _control(line) for line in lines if line["kind"] == "control"},
        policies={line["policy"]: FindingStatus(line["status"]) for line in lines if line["kind"] == "policy"},
    )


def _finding(line: Line) -> Finding:
    return Finding(
        policy=line["policy"],
        rev=line["rev"],
        source=line["source"],
        status=FindingStatus(line["status"]),
        severity=Severity(line["severity"]),
        place=Place(**line["place"]),
        reason=_reason(line["reason"]),
        incomplete=line["incomplete"],
    )


def _control(line: Line) -> KnownControl:
    evidence = {item["id"]: str(item["state"]) for item in line["evidence"]}
    return KnownControl(ControlStatus(line["status"]), tuple(_reason(item) for item in line["reasons"]), evidence)


def _reason(data: Line) -> Reason:
    return Reason(data["code"], data["values"])
