"""Content as the engine sees it: frameworks, controls, policies, collectors, evidence items, parameters."""

from preuve.model.content.code_rule import CheckText, CodeRule
from preuve.model.content.collector import (
    AWS,
    GITHUB,
    WORKSPACE,
    AbsentError,
    Call,
    Counted,
    CountedBy,
    Naming,
    Namings,
    Prepare,
    Relation,
    ResourceType,
)
from preuve.model.content.control import (
    DECISIVE,
    AuditQuarter,
    Claim,
    Control,
    Crosswalk,
    CrosswalkLink,
    EvidenceItem,
    Framework,
    Guide,
    GuideEntry,
    PolicyLink,
)
from preuve.model.content.example import Example, Examples
from preuve.model.content.library import Library
from preuve.model.content.policy import Parameter, Policy, PolicyParts, Remediation
from preuve.model.content.rule import Absence, AwsRule, IacRule, Places
from preuve.model.content.text import Automation, Severity, Text

__all__ = [
    "AWS",
    "DECISIVE",
    "GITHUB",
    "WORKSPACE",
    "Absence",
    "AbsentError",
    "AuditQuarter",
    "Automation",
    "AwsRule",
    "Call",
    "CheckText",
    "Claim",
    "CodeRule",
    "Control",
    "Counted",
    "CountedBy",
    "Crosswalk",
    "CrosswalkLink",
    "EvidenceItem",
    "Example",
    "Examples",
    "Framework",
    "Guide",
    "GuideEntry",
    "IacRule",
    "Library",
    "Naming",
    "Namings",
    "Parameter",
    "Places",
    "Policy",
    "PolicyLink",
    "PolicyParts",
    "Prepare",
    "Relation",
    "Remediation",
    "ResourceType",
    "Severity",
    "Text",
]
