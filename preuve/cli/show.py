"""Prints the summary of an assessment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from preuve.model.content import Severity
from preuve.model.results import Assessment
from preuve.model.snapshot import IacGap
from preuve.pipeline.push.outputs import append
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.terminal.summary import print_summary, summary, summary_markdown


def show_summary(
    assessment: Assessment,
    prepared: Preparation,
    gate: Severity,
    site: Path | None = None,
    markdown: Path | None = None,
    gaps: Sequence[IacGap] = (),
) -> None:
    """Print the summary, in the workspace's language; append it to a file of Markdown, if one is named."""
    told = summary(assessment, prepared.library, prepared.workspace.language, gate=gate, site=site, gaps=gaps)
    print_summary(told, sys.stdout)
    if markdown is not None:
        append(markdown, summary_markdown(told))
