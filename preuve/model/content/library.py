"""All content that was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from preuve.model.content.catalogue import AuditQuarter, Crosswalk, EvidenceItem, Framework
from preuve.model.content.code_rule import CheckText, CodeRule
from preuve.model.content.collector import Namings, ResourceType
from preuve.model.content.control import Control
from preuve.model.content.policy import Parameter, Policy
from preuve.model.content.text import Text, title_of


@dataclass(frozen=True)
class Library:
    """Everything that was loaded: bundled content and what the workspace adds."""

    frameworks: Mapping[str, Framework]
    policies: Mapping[str, Policy]
    types: Mapping[str, ResourceType]
    parameters: Mapping[str, Parameter]
    evidence: Mapping[str, EvidenceItem]
    excluded_checks: Mapping[str, str]  # Checkov id -> why it is not used
    reference: Mapping[str, Any]
    planned_policies: Mapping[str, Text]  # id -> title of policies of the catalogue that are not built yet
    audit_rotation: tuple[AuditQuarter, ...] = ()
    code_rules: Mapping[str, CodeRule] = field(default_factory=dict)  # id -> rule for code of our own
    crosswalk: Crosswalk = field(default_factory=Crosswalk)
    checks: Mapping[str, CheckText] = field(default_factory=dict)  # id of a check of code -> what it says
    namings: Namings = field(default_factory=Namings)
    documents: Mapping[str, Any] = field(default_factory=dict)  # file -> which blocks of code hold policy documents

    def values(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return the value of each parameter; `own` are the values of a workspace."""
        return {name: item.value for name, item in self.parameters.items()} | dict(own)

    def title(self, policy: str, language: str) -> str:
        """Return the title of a policy; its id if the policy is unknown, as in a bundle with other content."""
        found = self.policies.get(policy)
        return title_of(found, language, policy)

    def control(self, control_id: str) -> Control | None:
        """Return the control with this id in any framework."""
        return self._controls.get(control_id)

    @cached_property
    def _controls(self) -> Mapping[str, Control]:
        """The controls by id; the first framework that has one counts."""
        every = [control for framework in self.frameworks.values() for control in framework.controls]
        return {control.id: control for control in reversed(every)}

    def audit_quarter(self, control_id: str) -> AuditQuarter | None:
        """Return the quarter in which the internal audit looks at a control; None if no rotation names it."""
        return next((quarter for quarter in self.audit_rotation if control_id in quarter.controls), None)
