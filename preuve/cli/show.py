"""Prints the summary of an assessment."""

from __future__ import annotations

import sys
from pathlib import Path

from preuve.model.content import Severity
from preuve.model.results import Assessment
from preuve.pipeline.prepare import Prepared
from preuve.publish.summary import print_summary, summary


def show_summary(assessment: Assessment, prepared: Prepared, gate: Severity, site: Path | None = None) -> None:
    """The terminal summary, in the workspace's language."""
    language = prepared.workspace.language
    print_summary(summary(assessment, prepared.library, language, gate=gate, site=site), sys.stdout)
