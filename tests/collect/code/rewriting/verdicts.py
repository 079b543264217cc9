"""preuve's results for rewritten examples: each in its own folder, many in one scan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from collect.code.rewriting.project import Example, Project
from preuve.model.results import Finding
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import judge, prepare
from preuve.snapshot.reader import read_snapshot

_WORKSPACE = """schema: 1
organisation: {name: Try, country: FR, language: en}
evidence: {pseudonym_key: .key/p.key}
scope: {iac: [{path: code, kind: terraform}]}
"""
_CALLS = re.compile(r"(?:module\.[\w-]+\.)*")
_INDEX = re.compile(r"\[[^\]]*\]")


class Verdict(StrEnum):
    """The result for a block; the worst is the last."""

    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    PASS = "PASS"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Case:
    """A rewritten example."""

    example: Example
    rule: str
    project: Project

    def addresses(self, address: str) -> tuple[str, ...]:
        """Return the new places of a block's settings."""
        return self.project.moved.get(address, (address,))


@dataclass(frozen=True)
class Outcome:
    """The result for one block of a case."""

    case: Case
    address: str
    verdict: Verdict
    said: tuple[str, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether what fails passes or is gone, or what passes fails."""
        if self.case.example.fails:
            return self.verdict in (Verdict.PASS, Verdict.NOTHING)
        return self.verdict is Verdict.FAIL

    def __str__(self) -> str:
        return f"{self.case.rule} on {self.case.example.name}: {self.address} {self.verdict} ({'; '.join(self.said)})"


def write(folder: Path, project: Project) -> None:
    """Write the files of a project below a folder, byte by byte."""
    for name, text in project.written().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def outcomes(folder: Path, cases: Sequence[Case]) -> list[Outcome]:
    """Scan all cases at once below an empty folder, and look what came out for each block that counts."""
    return outcomes_of(cases, findings(folder, cases))


Found = Mapping[tuple[str, str], Sequence[Finding]]


def outcomes_of(cases: Sequence[Case], found: Found) -> list[Outcome]:
    """Return what a scan of the cases found for each block that counts."""
    return [outcome for number, case in enumerate(cases) for outcome in _of_case(case, number, found)]


def findings(folder: Path, cases: Sequence[Case]) -> Found:
    """Scan all cases at once, each in `code/<number>` below an empty folder: the findings by root and policy."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preuve.yaml").write_text(_WORKSPACE, encoding="utf-8")
    for number, case in enumerate(cases):
        write(folder / "code" / str(number), case.project)
    prepared = prepare(folder)
    take_snapshot(prepared, folder / "snapshot", Scope(aws=False, iac=True), lambda *_, **__: None)
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in judge(prepared, read_snapshot(folder / "snapshot")).findings:
        if finding.source == "iac":
            found[(finding.place.root, finding.policy)].append(finding)
    return found


def _of_case(case: Case, number: int, found: Found) -> Iterable[Outcome]:
    root = f"code/{number}/{case.project.root}".rstrip("/")
    here = found.get((root, case.example.policy), [])
    unread = [finding for finding in here if not finding.place.type and _verdict_of(finding) is Verdict.UNKNOWN]
    for block in case.example.subjects:
        moved = block.address in case.project.moved
        own = [finding for finding in here if _is_at(finding, case.addresses(block.address))]
        verdict = _verdict({_verdict_of(finding) for finding in own}, moved=moved)
        if verdict is Verdict.NOTHING and unread:
            verdict, own = Verdict.UNKNOWN, unread
        yield Outcome(case, block.address, verdict, tuple(dict.fromkeys(map(_words, own))))


def _is_at(finding: Finding, addresses: Iterable[str]) -> bool:
    """Whether a finding is of one of these blocks, in whatever module it is now, alone or with others."""
    places = [_INDEX.sub("", place.id) for place in (finding.place, *finding.also)]
    names = [name for address in addresses for name in (address, address.removeprefix("provider."), _called(address))]
    return any(
        place.endswith(name) and _CALLS.fullmatch(place.removesuffix(name)) for place in places for name in names
    )


def _called(address: str) -> str:
    """The name alone of a module, by which Checkov calls it."""
    return address.removeprefix("module.")


def _verdict_of(finding: Finding) -> Verdict:
    if finding.status.value == "FAIL":
        return Verdict.FAIL
    unknown = finding.status.value == "NOT_EVALUATED" and finding.reason.code != "partial_check"
    return Verdict.UNKNOWN if unknown else Verdict.PASS


def _verdict(found: set[Verdict], *, moved: bool) -> Verdict:
    """Return the worst result of several copies; of several blocks of which one must fail, the best."""
    order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS) if moved else (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN)
    return next((verdict for verdict in order if verdict in found), Verdict.NOTHING)


def _words(finding: Finding) -> str:
    detail = finding.reason.values.get("detail", "")
    return f"{finding.status.value} {finding.reason.code} {detail} at {finding.place.id}"
