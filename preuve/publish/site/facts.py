"""The facts of the site: the assessment, the content that judged it, and the parts of the snapshot that it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.results import Assessment
from preuve.model.snapshot import IacGap, Listing, Meta
from preuve.publish.history.history import History
from preuve.publish.history.periods import is_other_period
from preuve.publish.records.population import CountComparison
from preuve.publish.site.regions import UnreadRegions


@dataclass(frozen=True)
class SealDescription:
    """The planned seal of a bundle, as its first page describes it."""

    signer: str = ""  # None: the bundle will not be signed
    key: str = ""  # fingerprint
    authority: str = ""  # the timestamp authority


@dataclass(frozen=True)
class Site:
    """Everything that `write_site` reads; lines of the snapshot have the form of `docs/formats.md`."""

    assessment: Assessment
    library: Library
    workspace: Workspace
    meta: Meta = field(default_factory=Meta)
    calls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # call id -> call line
    gaps: Sequence[IacGap] = ()
    listings: Sequence[Listing] = ()
    lines: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # see snapshot_lines
    seconds: Mapping[str, CountComparison] = field(default_factory=dict)  # type -> the counts of a second source
    regions: UnreadRegions = field(default_factory=UnreadRegions)
    demonstration: bool = False
    history: History | None = None  # the runs up to this one, if they were read
    sealing: SealDescription | None = None  # None: a try-out, which is never sealed

    @property
    def outside_period(self) -> str:
        """The period that the run is named after, if it was judged at another time; otherwise nothing."""
        period = self.meta.run.period if self.meta.run else ""
        return period if is_other_period(period, self.assessment.now) else ""

    @property
    def read_during(self) -> tuple[str, str]:
        """The moments between which everything was read; the moment of judging if the snapshot has none."""
        started = self.meta.started or self.assessment.now
        return started, self.meta.finished or started

    @property
    def delete_after(self) -> str:
        """The day after which this bundle is deleted, as YYYY-MM-DD."""
        return self.workspace.delete_after(date.fromisoformat(self.assessment.now[:10])).isoformat()
