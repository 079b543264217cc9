"""Collects chosen types and members from the emulated account, without policies, and reads the snapshot back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from emulator import ACCOUNT, Emulator
from preuve.collect.aws.run import collect
from preuve.collect.aws.session import Limits
from preuve.library.load import load_library
from preuve.library.validation.rules import Needs
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Waiver, Workspace
from preuve.model.content import Library, Severity
from preuve.model.errors import Position
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.snapshot.reader import read_calls
from preuve.snapshot.writer import snapshot_writer

PARIS, IRELAND = "eu-west-3", "eu-west-1"
LIMITS = Limits(connect=5, read=20, attempts=3, threads=8)
TWICE = Limits(connect=5, read=20, attempts=2, threads=8)
IMPATIENT = Limits(connect=2, read=2, attempts=2, threads=8)  # only if the endpoint has none
REDACTOR = Redactor(Pseudonyms(b"k" * 32))

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """The written lines: listings, resources, calls."""

    lines: tuple[Line, ...]
    calls: tuple[Line, ...]
    text: str

    def listings(self, type_name: str) -> list[Line]:
        """The listings of a type."""
        return self._of("listing", type_name)

    def resources(self, type_name: str) -> list[Line]:
        """The resources of a type."""
        return self._of("resource", type_name)

    def only(self, type_name: str) -> Line:
        """The one resource of a type."""
        (found,) = self.resources(type_name)
        return found

    def causes(self, type_name: str) -> dict[str, str]:
        """Return the causes of unread listings of a type, by region; empty for a region that was read."""
        return {line["region"]: (line["unread"] or {}).get("cause", "") for line in self.listings(type_name)}

    def _of(self, kind: str, type_name: str) -> list[Line]:
        return [line for line in self.lines if line["kind"] == kind and line["type"] == type_name]


@cache
def library() -> Library:
    """The bundled content."""
    return load_library(None, validate=False)


def workspace(
    endpoint: str, regions: Sequence[str], account: str = ACCOUNT, waivers: Iterable[Waiver] = ()
) -> Workspace:
    """A demonstration workspace on the emulated account."""
    return Workspace(
        root=Path(),
        organisation="Try",
        country="FR",
        language="en",
        frameworks=(),
        accounts=(Account(account, "production"),),
        regions=tuple(regions),
        iac=(),
        params={},
        gate=Severity.HIGH,
        evidence_folder="evidence",
        pseudonym_key="",
        endpoint_url=endpoint,
        demonstration=True,
        waivers=tuple(waivers),
    )


def waiver(resource: str) -> Waiver:
    """A waiver of a resource."""
    day = date(2026, 9, 1)
    return Waiver("W-001", "any", resource, "why", "Owner", "Approver", day, day.replace(year=2027), Position("w"))


def read(
    emulator: Emulator,
    folder: Path,
    needed: Mapping[str, Iterable[str]],
    *,
    regions: Sequence[str] = (PARIS,),
    account: str = ACCOUNT,
    limits: Limits = LIMITS,
    waivers: Iterable[Waiver] = (),
    content: Library | None = None,
) -> Reading:
    """Collect these members of these types into `folder` / snapshot."""
    needs = Needs({name: frozenset(members) for name, members in sorted(needed.items())})
    target = folder / "snapshot"
    chosen = workspace(emulator.endpoint, regions, account, waivers)
    with snapshot_writer(target) as writer:
        collect(content or library(), needs, chosen, writer, REDACTOR, lambda *_: None, limits)
    files = sorted(target.rglob("*.jsonl"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    lines = [json.loads(line) for line in text.rstrip("\n").split("\n")]
    return Reading(tuple(lines), tuple(read_calls(target)), text)


def counted(entries: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str, str]]:
    """Count the calls of each operation in each region, in recorded calls or in the emulator's ledger."""
    return Counter((entry["service"], entry["operation"], entry["region"]) for entry in entries)
