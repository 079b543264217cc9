"""The earlier runs as they are kept: few and short lines, and each name that a run replaces as itself.

The names are invented. A workspace has a pseudonym key of its own, so that names become pseudonyms when the runs are
put back.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SCANS = HERE / "scans.jsonl"
AUDITS = HERE / "audits.jsonl.xz"
_NAME = re.compile(r"\{\{(\w+):((?:[^{}\\]|\\.)*)\}\}")
_OF_FINDING = ("kind", "incomplete", "place", "policy", "reason", "rev", "severity", "source", "status", "waiver")
Line = Mapping[str, Any]


def short(line: Line) -> Line | None:
    """What the history reads of a line of results."""
    if line["kind"] == "finding":
        return {name: line[name] for name in _OF_FINDING if name in line}
    if line["kind"] == "control":
        return {name: line[name] for name in ("kind", "framework", "control", "status")}
    return line if line["kind"] in ("run", "policy") else None


def as_written(line: Line) -> str:
    """A line of results as an audit writes it, byte for byte."""
    return json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n"


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text in which the names stand again that were replaced by these pseudonyms."""
    for pseudonym, name in names.items():
        kind = pseudonym.rpartition("-")[0]
        text = text.replace(pseudonym, f"{{{{{kind}:{json.dumps(name)[1:-1]}}}}}")
    return text


def without_names(text: str, pseudonym: Callable[[str, str], str]) -> str:
    """A text in which each name is its pseudonym."""
    return _NAME.sub(lambda found: pseudonym(json.loads(f'"{found[2]}"'), found[1]), text)


def write_audits(audits: Mapping[str, str]) -> None:
    """Keep the results of the audits, by their moment."""
    text = "".join(json.dumps({"time": time, "results": text}) + "\n" for time, text in sorted(audits.items()))
    AUDITS.write_bytes(lzma.compress(text.encode(), preset=9))


def read_audits() -> dict[str, str]:
    """The results of the audits, by their moment."""
    lines = lzma.decompress(AUDITS.read_bytes()).decode().splitlines()
    return {line["time"]: line["results"] for line in map(json.loads, lines)}
