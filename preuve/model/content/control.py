"""The controls of a framework."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from preuve.model.content.text import Automation, Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, text, words

DECISIVE = frozenset({"full", "partial"})
POLICY_NAMES = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80}
PolicyId = Annotated[
    str, keywords("Id of a policy: lower-case words joined by hyphens (s3-encrypted).", **POLICY_NAMES)
]
ControlId = Annotated[
    str,
    text(
        "Id of a control: letters, digits, dots, hyphens and underscores, starting with a letter (A.8.24, C.9.2.1, "
        "GDPR.32.1.a).",
        pattern="^[A-Za-z][A-Za-z0-9._-]{0,63}$",
    ),
]
EvidenceId = Annotated[
    str, text("Id of a manual evidence item: capitals, a hyphen, a number (GOV-04).", pattern="^[A-Z][A-Z0-9]*-[0-9]+$")
]


@dataclass(frozen=True)
class PolicyLink:
    """A control names a policy, and how strongly it supports the control."""

    policy: str
    strength: str  # full | partial | supporting

    @property
    def decides(self) -> bool:
        """Whether the policy tests the control itself. A policy that only supports a control can neither prove nor
        disprove it.
        """
        return self.strength in DECISIVE


@dataclass(frozen=True)
class Claim:
    """A sentence about what checks test, and the policies that carry it: without all of them it may not be said."""

    text: Annotated[Text, keywords("A sentence that says no more than its policies test.")]
    policies: Annotated[
        tuple[PolicyId, ...], items("The policies that test what it says; this control lists them.", once=True)
    ]


@dataclass(frozen=True)
class Control:
    """One item of a framework: controls/<framework>/<id>.yaml."""

    id: Annotated[ControlId, keywords("Id of the control; the file is named after it.")]
    framework: Annotated[str, ADDED]
    rev: Annotated[int, keywords("Revision: grows when the meaning changes; wording may change without.", minimum=1)]
    title: Annotated[Text, keywords("Short name.")]
    objective: Annotated[Text, keywords("What the control is for, in our own words; never ISO text.")]
    automation: Annotated[
        Automation,
        keywords("How far machine evidence alone reaches: full, partial, or manual (no policy can support it)."),
    ]
    position: Annotated[Position, ADDED]
    group: Annotated[
        str, text("ISO theme or clause; for the GDPR the article number as a quoted string, or theme.")
    ] = ""
    ref: Annotated[str, text("How the source cites it: clause number or article, quoted.")] = ""
    label: Annotated[Text | None, keywords("Name of the paragraph, where the title names the whole article.")] = None
    claims: Annotated[
        tuple[Claim, ...],
        items(
            "What the automated part tests: sentences, each with its policies. A sentence appears if all of "
            "them are built and selected."
        ),
    ] = ()
    not_shown: Annotated[Text | None, keywords("What the automated part does not show.")] = None
    policies: Annotated[tuple[PolicyLink, ...], ADDED] = ()
    planned: Annotated[
        tuple[PolicyId, ...],
        items(
            "Checks of controls/planned.yaml that are not built yet. As long as there is one, the status is "
            "at best PARTLY_SUPPORTED.",
            once=True,
        ),
    ] = ()
    evidence: Annotated[tuple[EvidenceId, ...], items("Manual evidence that it needs.", once=True)] = ()
    same_policies_as: Annotated[str, text("Why another control has the same policies and planned checks.")] = ""
    details: Annotated[Mapping[str, Any], ADDED] = field(default_factory=dict)
    digest: Annotated[str, ADDED] = ""

    def automated(self, current: Container[str] = ()) -> Automation:
        """Return how far the control is automated: not in full with a planned check, or with a document that is
        missing. `current` are the documents that exist.
        """
        waiting = self.planned or any(name not in current for name in self.evidence)
        return Automation.PARTIAL if waiting and self.automation is Automation.FULL else self.automation

    def claimed(self, judged: Iterable[str]) -> tuple[Claim, ...]:
        """Return the claims whose policies are all built and selected, and so have judged."""
        known = frozenset(judged)
        return tuple(claim for claim in self.claims if known.issuperset(claim.policies))


_Duty = Annotated[
    str, words("yes: direct duty; indirect: by contract or assistance (art. 28); no.", "yes", "indirect", "no")
]


@dataclass(frozen=True)
class Applicability:
    """Who the GDPR item binds."""

    controller: _Duty
    processor: _Duty


@dataclass(frozen=True)
class Attributes:
    """Attributes of the 2022 scheme."""

    control_type: Annotated[
        tuple[Annotated[str, words("", "preventive", "detective", "corrective")], ...],
        items("When the control acts.", once=True),
    ]
    cia: Annotated[
        tuple[Annotated[str, words("", "confidentiality", "integrity", "availability")], ...],
        items("What it protects.", once=True),
    ]


_EvidenceType = Annotated[
    str,
    words(
        "",
        "api_snapshot",
        "attestation",
        "config_export",
        "contract",
        "document",
        "iac_scan",
        "interview",
        "log_sample",
        "record",
        "register",
        "test_report",
        "third_party_report",
        "ticket",
    ),
]


@dataclass(frozen=True)
class ControlDetails:
    """Further facts from the catalogue, for reports."""

    applicability: Annotated[Applicability | None, keywords("Who the GDPR item binds.")] = None
    fine_tier: Annotated[
        str, words("Paragraph of GDPR article 83 that names the article.", "83(4)", "83(5)", "none")
    ] = ""
    refs: Annotated[
        tuple[ControlId, ...], items("Controls that a cross-cutting theme draws on.", least=0, once=True)
    ] = ()
    detailed_by: Annotated[
        tuple[ControlId, ...],
        items(
            "Items that state the requirement of this one in detail: a policy must not decide this item if "
            "it only supports there."
        ),
    ] = ()
    responsibility: Annotated[
        str,
        words(
            "Who carries the control in the cloud: the customer, both, or AWS with the customer relying on it.",
            "customer",
            "shared",
            "inherited",
        ),
    ] = ""
    new_in_2022: Annotated[bool | None, keywords("Whether the control first appeared in the 2022 edition.")] = None
    attributes: Annotated[Attributes | None, keywords("Attributes of the 2022 scheme.")] = None
    evidence_type: Annotated[
        tuple[_EvidenceType, ...], items("Kinds of evidence an auditor looks for.", once=True)
    ] = ()
    residual: Annotated[Text | None, keywords("What a person must still show, whatever the checks say.")] = None
    note: Annotated[Text | None, keywords("Remark for the reader.")] = None


@dataclass(frozen=True)
class ControlParts:
    """The parts of a control that its file has otherwise than the control keeps them."""

    policies: Annotated[
        Mapping[
            PolicyId,
            Annotated[
                str,
                words(
                    "full: the policy settles the control on the AWS scope alone (nearly never); partial: it tests "
                    "the substance of the control for its scope; supporting: it only helps.",
                    "full",
                    "partial",
                    "supporting",
                ),
            ],
        ],
        keywords("The policies that support it, and how strongly.", minProperties=1, propertyNames=POLICY_NAMES),
    ] = field(default_factory=dict)
    details: Annotated[
        ControlDetails,
        keywords(
            "Further facts from the catalogue, for reports.",
            additionalProperties=False,
            patternProperties={"^x_[a-z0-9_]+$": {"description": "Detail of your own."}},
        ),
    ] = field(default_factory=ControlDetails)


# A manual control has nothing to automate.
MANUAL: Mapping[str, Any] = {
    "allOf": [
        {
            "if": {"properties": {"automation": {"const": "manual"}}},
            "then": {
                "properties": {
                    "policies": {"maxProperties": 0, "description": "A manual control has no policies."},
                    "planned": {"maxItems": 0, "description": "A manual control has no planned checks."},
                }
            },
        }
    ]
}
