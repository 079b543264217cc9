"""The result of a push, ready for display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from preuve.model.company.baseline import Comparison, Mark
from preuve.model.content import Library, Severity
from preuve.model.errors import Exit
from preuve.model.results import Assessment, Finding, FindingGroup, FindingStatus, similar_findings
from preuve.model.snapshot import NOT_EXAMINED, IacGap


@dataclass(frozen=True)
class Push:
    """The findings of a push, their comparison, and what judged them.

    One finding is shown and counted for each problem; `alike` has the findings that it represents.
    """

    assessment: Assessment
    library: Library
    gate: Severity
    language: str
    compared: Comparison
    judged_by: str = ""  # the commit whose workspace judged; "" for the pushed one
    prefix: str = ""  # the workspace, from the top of the repository
    gaps: tuple[IacGap, ...] = ()  # code that is not covered, in addition to what could not be read
    opened: tuple[Finding, ...] = ()  # decided in the base, but not any more
    lost: tuple[Finding, ...] = ()  # those of them that passed in the base
    removed: tuple[Finding, ...] = ()  # of policies on whole accounts: it passed in the base and no longer exists
    unasked: tuple[Finding, ...] = ()  # passed in the base; with its tags the policy no longer applies to the resource
    beyond: tuple[IacGap, ...] = ()  # gaps by missing modules and commands that the base does not have
    narrowed: bool = False  # only what the push changes was examined
    changes: tuple[str, ...] = ()  # files that judge a push, changed by this one
    before: Mapping[Mark, frozenset[str]] = field(default_factory=dict)  # what failed before, and on what grounds
    params: Mapping[str, Any] = field(default_factory=dict)  # the parameters that the workspace sets
    bare: bool = False  # the folder is no workspace: nothing can be disputed in it

    @cached_property
    def _alike(self) -> dict[int, FindingGroup]:
        """The findings that each shown finding represents, by its id."""
        return {id(group.first): group for group in similar_findings(self.assessment.findings)}

    @cached_property
    def told(self) -> tuple[Finding, ...]:
        """One finding for each distinct problem."""
        return tuple(group.first for group in self._alike.values())

    def alike(self, finding: Finding) -> FindingGroup:
        """Return the findings that a shown finding represents."""
        return self._alike.get(id(finding)) or FindingGroup((finding,))

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """New failures at or above the gate, the worst first."""
        return tuple(sorted(filter(self.stops, self.failing), key=lambda finding: finding.severity.rank))

    def stops(self, finding: Finding) -> bool:
        """Return whether a finding is at or above the gate."""
        return finding.severity.rank <= self.gate.rank

    @property
    def hidden(self) -> tuple[Finding, ...]:
        """At or above the gate: what passed in the base, and is now left undecided, removed or relabelled by
        the push.
        """
        return tuple(filter(self.stops, (*self.lost, *self.removed, *self.unasked)))

    @property
    def failing(self) -> tuple[Finding, ...]:
        """New failures, whatever their severity."""
        return tuple(item for item in self.told if item.status is FindingStatus.FAIL and not item.known)

    @property
    def known(self) -> tuple[Finding, ...]:
        """Failures that were there before."""
        return tuple(item for item in self.told if item.status is FindingStatus.FAIL and item.known)

    @property
    def waived(self) -> tuple[Finding, ...]:
        """Failures that a waiver covers."""
        return tuple(item for item in self.told if item.status is FindingStatus.WAIVED)

    @property
    def counts(self) -> dict[str, int]:
        """The number of findings of each kind that a gate distinguishes."""
        return {
            "stopping": len(self.stopping),
            "new": len(self.failing),
            "known": len(self.known),
            "waived": len(self.waived),
            "unread": self.assessment.incomplete,
        }

    @property
    def untouched(self) -> bool:
        """Whether there was nothing to look at, because the push changes no code in scope."""
        return self.narrowed and not self.assessment.findings

    @property
    def _unnamed(self) -> bool:
        """Whether the push changes no code in scope, but changes code that nothing in the scope names."""
        causes = {finding.reason.values.get("cause") for finding in self.assessment.findings}
        return self.narrowed and causes == {NOT_EXAMINED}

    @property
    def exit_code(self) -> Exit:
        """The lowest code that applies."""
        if not self.assessment.examined and not self.untouched and not self._unnamed:
            return Exit.NOTHING_EXAMINED
        if self.stopping:
            return Exit.FINDINGS
        return Exit.INCOMPLETE if self.assessment.incomplete or self.hidden or self.beyond else Exit.OK
