"""A GitHub organization in a bundle: its repositories, excluded ones, and exclusions that match none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preuve.assess.repositories import LEFT_OUT, REPOSITORY, RepositoryScope, matches
from preuve.model.company.workspace import GitHub
from preuve.model.results import Assessment


@dataclass(frozen=True)
class Organization:
    """The discovered repositories: those examined, and the others with the reason."""

    name: str
    examined: Sequence[str]
    left_out: Sequence[tuple[str, str]]
    unmatched: Sequence[str]  # names and patterns of the workspace that no repository has


def organization_of(github: GitHub | None, assessment: Assessment) -> Organization | None:
    """Return the organization; None if none is in scope."""
    if github is None or github.none:
        return None
    found: dict[str, str] = {}
    for finding in assessment.findings:
        if finding.place.type == REPOSITORY and finding.place.id:
            left_out = finding.reason.code == LEFT_OUT
            found[finding.place.id] = str(finding.reason.values.get("reason", "")) if left_out else ""
    named = RepositoryScope(github).named()
    return Organization(
        github.organization,
        sorted(name for name, why in found.items() if not why),
        sorted((name, why) for name, why in found.items() if why),
        [pattern for pattern in named if not any(matches(pattern, name) for name in found)],
    )
