"""The description of a run in its snapshot: `meta.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.model.company.organization import Discovery


@dataclass(frozen=True)
class AuditRun:
    """The audit that took the snapshot; a scan has none."""

    id: str = ""
    period: str = ""
    kind: str = "audit"  # audit | tryout
    commit: str | None = None  # None outside git
    dirty: bool = False
    workflow_run_url: str = ""


@dataclass(frozen=True)
class Authorities:
    """The file of the authorities that answers were accepted from, where a proxy opens TLS."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Meta:
    """When, with what and of what a snapshot was taken."""

    preuve: str = ""  # version
    build: str = ""
    started: str = ""
    finished: str = ""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()  # on GitHub
    callers: Mapping[str, str] = field(default_factory=dict)  # account -> who read it; "" if access was refused
    calls: int = 0
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # account -> what its part says of itself
    checkov: str = ""  # version; "" where no code was looked at
    demonstration: bool = False
    members: Mapping[str, tuple[str, ...]] | None = None  # type -> members that were asked for; None: all
    pseudonym_key_id: str = ""
    ca: Authorities | None = None
    run: AuditRun | None = None
    organization: Discovery | None = None  # what AWS Organizations answered

    @property
    def discovered(self) -> bool:
        """Whether accounts were asked of AWS Organizations."""
        return self.organization is not None
