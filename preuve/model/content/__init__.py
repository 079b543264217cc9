"""Content as the engine sees it: frameworks, controls, policies, collectors, evidence items, parameters."""

from preuve.model.content.catalogue import (
    AuditQuarter,
    Crosswalk,
    CrosswalkFile,
    CrosswalkLink,
    EvidenceFile,
    EvidenceItem,
    Framework,
    Guide,
    GuideEntry,
    PlannedFile,
    ScopeLimit,
)
from preuve.model.content.code_rule import CheckText, CodeRule
from preuve.model.content.collector import (
    AWS,
    GITHUB,
    WORKSPACE,
    AbsentError,
    AwsCollector,
    Call,
    CountCall,
    Naming,
    Namings,
    Prepare,
    ProofCall,
    Relation,
    ResourceParts,
    ResourceType,
    SecondCount,
)
from preuve.model.content.control import DECISIVE, Claim, Control, PolicyLink
from preuve.model.content.example import Example, Examples
from preuve.model.content.library import Library
from preuve.model.content.policy import Parameter, Policy, PolicyParts, Remediation
from preuve.model.content.rule import Absence, AwsRule, IacRule, Places
from preuve.model.content.text import GRAVE, Automation, PlainText, Severity, Text, title_of
