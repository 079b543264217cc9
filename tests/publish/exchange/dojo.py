"""DefectDojo as far as it decides what becomes of a file: what its parser takes, and what a re-import opens and closes.

After dojo/tools/generic/json_parser.py, dojo/finding/models.py (lengths, `compute_hash_code_legacy`) and
dojo/importers/default_reimporter.py of django-DefectDojo 7cfa159.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

REQUIRED = {"title", "severity", "description"}
ALLOWED = REQUIRED | {
    "date",
    "cwe",
    "cve",
    "epss_score",
    "epss_percentile",
    "cvssv3",
    "cvssv3_score",
    "cvssv4",
    "cvssv4_score",
    "mitigation",
    "impact",
    "steps_to_reproduce",
    "severity_justification",
    "references",
    "active",
    "verified",
    "false_p",
    "out_of_scope",
    "risk_accepted",
    "under_review",
    "is_mitigated",
    "thread_id",
    "mitigated",
    "numerical_severity",
    "param",
    "payload",
    "line",
    "file_path",
    "component_name",
    "component_version",
    "static_finding",
    "dynamic_finding",
    "scanner_confidence",
    "unique_id_from_tool",
    "vuln_id_from_tool",
    "sast_source_object",
    "sast_sink_object",
    "sast_source_line",
    "sast_source_file_path",
    "nb_occurences",
    "publish_date",
    "service",
    "planned_remediation_date",
    "planned_remediation_version",
    "effort_for_fixing",
    "tags",
    "kev_date",
    "known_exploited",
    "ransomware_used",
    "fix_available",
    "fix_version",
    "endpoints",
    "files",
    "vulnerability_ids",
    "cwes",
}
SEVERITIES = ("Info", "Low", "Medium", "High", "Critical")
LENGTHS = {"title": 511, "file_path": 4000, "unique_id_from_tool": 500, "vuln_id_from_tool": 500}
FLAGS = ("active", "verified", "risk_accepted", "under_review", "static_finding", "dynamic_finding")


def defects(report: dict[str, Any]) -> Iterator[str]:
    """Yield the defects that the parser or the database would refuse."""
    for item in report["findings"]:
        yield from (f"missing {name}" for name in REQUIRED - item.keys())
        yield from (f"not allowed: {name}" for name in item.keys() - ALLOWED)
        yield from (f"too long: {name}" for name, most in LENGTHS.items() if len(item.get(name, "")) > most)
        yield from (f"no flag: {name}" for name in FLAGS if type(item[name]) is not bool)
        if item["severity"] not in SEVERITIES:
            yield f"severity {item['severity']}"
        if type(item.get("line", 0)) is not int:
            yield f"line {item['line']}"
        if item["active"] and item["risk_accepted"]:
            yield "an accepted risk is not active"
        date.fromisoformat(item["date"])


@dataclass
class Finding:
    """A finding in DefectDojo."""

    title: str
    active: bool
    risk_accepted: bool
    mitigated: bool = False

    @property
    def state(self) -> str:
        """Return the state that people see."""
        if self.mitigated:
            return "closed"
        return "accepted" if self.risk_accepted else "open" if self.active else "inactive"


@dataclass
class Dojo:
    """One test into which file after file is re-imported, with the options that DefectDojo has by default."""

    by: str = "hash_code"  # | unique_id_from_tool
    minimum_severity: str = "Info"
    findings: dict[str, Finding] = field(default_factory=dict)

    def reimport(self, report: bytes) -> dict[str, str]:
        """Take in a file; the states by title, of accepted risks apart."""
        kept = set()
        for item in json.loads(report)["findings"]:
            if SEVERITIES.index(item["severity"]) < SEVERITIES.index(self.minimum_severity):
                continue
            name = self._name(item)
            kept.add(name)
            self._take(name, item)
        for name, finding in self.findings.items():
            finding.mitigated = finding.mitigated or name not in kept
        return {name: finding.state for name, finding in self.findings.items()}

    def _name(self, item: dict[str, Any]) -> str:
        if self.by == "unique_id_from_tool":
            return str(item["unique_id_from_tool"])
        return f"{item['title']}{item.get('line')}{item.get('file_path')}{item['description']}"

    def _take(self, name: str, item: dict[str, Any]) -> None:
        known = self.findings.get(name)
        if known is None:
            self.findings[name] = Finding(item["title"], item["active"], item["risk_accepted"])
        elif known.risk_accepted:
            return  # an acceptance is never taken back by a file
        elif known.mitigated:
            known.mitigated, known.active = False, True
        elif item["risk_accepted"]:
            known.risk_accepted, known.active = True, False
