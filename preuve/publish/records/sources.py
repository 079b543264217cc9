"""The files of the snapshot that a record uses: their hashes, the calls in them, what was redacted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from preuve.model.content import AWS, GITHUB
from preuve.model.grouping import grouped
from preuve.model.layout import CONTENT, SNAPSHOT
from preuve.publish.site.facts import Site
from preuve.system.manifests import digest_of

REDACTION = "preuve-redaction/1"
_LINES = "application/x-ndjson"


@dataclass(frozen=True)
class File:
    """One file, in the form that every record which uses it has."""

    path: str
    sha256: str
    octets: int


@dataclass
class Sources:
    """The contents of a bundle, looked up once for all records."""

    bundle: Path
    site: Site
    _files: dict[str, File] = field(default_factory=dict)
    _code: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in sorted((self.bundle / SNAPSHOT / "iac").glob("*.jsonl")):
            for root in _roots(path):
                self._code.setdefault(root, f"{SNAPSHOT}/iac/{path.name}")

    def file(self, path: str) -> File:
        """Return a file of the bundle."""
        if path not in self._files:
            content = (self.bundle / path).read_bytes()
            self._files[path] = File(path, hashlib.sha256(content).hexdigest(), len(content))
        return self._files[path]

    def content_sha256(self) -> str:
        """Return one hash for all the content that judged: the hash of the lines that its manifest would have."""
        folder = self.bundle / CONTENT
        digest = hashlib.sha256()
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            name = path.relative_to(folder).as_posix()
            digest.update(f"{digest_of(path)}  {name}\n".encode())
        return digest.hexdigest()

    def of_calls(self, ids: Iterable[str], types: Iterable[str]) -> list[dict[str, Any]]:
        """Return the evidence from these calls, a file for each place and service that was read."""
        known = (name for name in sorted(set(ids)) if name in self.site.calls)
        units = grouped((name.rsplit("/", 1)[0], self.site.calls[name]) for name in known)
        fields = sorted(f"{name}.{path}" for name in set(types) for path in self.site.library.types[name].personal)
        return [self._evidence(f"{SNAPSHOT}/{_unit(unit, calls)}", calls, fields) for unit, calls in units.items()]

    def of_code(self, roots: Iterable[str]) -> list[dict[str, Any]]:
        """Return the evidence from the scan of these root modules."""
        paths = sorted({self._code[root] for root in roots if root in self._code})
        return [self._evidence(path, [], []) for path in paths]

    def of_document(self, path: str, media_type: str) -> dict[str, Any]:
        """Return a document of the snapshot as evidence."""
        return {**self._evidence(path, [], []), "media_type": media_type}

    def _evidence(self, path: str, calls: Sequence[Mapping[str, Any]], fields: list[str]) -> dict[str, Any]:
        file = self.file(path)
        redaction: dict[str, Any] = {"policy": REDACTION, "fields": fields}
        if key := self.site.meta.pseudonym_key_id:
            redaction["key_id"] = key
        return {
            "path": file.path,
            "sha256": file.sha256,
            "bytes": file.octets,
            "media_type": _LINES,
            "collected_at": max((call["time"] for call in calls), default=self.site.meta.finished),
            "calls": [_call(call) for call in calls],
            "redaction": redaction,
        }


def _unit(name: str, calls: Sequence[Mapping[str, Any]]) -> str:
    """Return the file of a unit of the snapshot, under its provider."""
    return f"{GITHUB if calls[0]['service'] == GITHUB else AWS}/{name}.jsonl"


def _call(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call with what an auditor needs to find it in CloudTrail; the snapshot's line has the commitment to its
    raw answer.
    """
    return {
        "op": f"{line['service']}:{line['operation']}",
        "region": line["region"],
        "params": line["params"],
        "request_id": line["request_id"],
        "date": line["time"],
    }


def _roots(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from {json.loads(line)["root"] for line in lines}
