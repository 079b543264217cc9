"""A policy, and what its file has otherwise than the policy keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from preuve.model.content.example import Example, Examples
from preuve.model.content.rule import AwsRule, IacRule
from preuve.model.content.text import PlainText, Severity, Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, text

_PARAMETER = Annotated[str, text("a name such as root_unused_days", pattern="^[a-z][a-z0-9_]*$")]
_CODE = {"type": "string", "minLength": 1}
_FIXES = {
    "terraform": _CODE | {"description": "Blocks that pass, with an empty line between them."},
    "cloudformation": _CODE
    | {"description": "Resources that pass, as written below Resources, with an empty line between them."},
    "dockerfile": _CODE | {"description": "A Dockerfile that passes."},
    "github_actions": _CODE | {"description": "A workflow that passes."},
}


@dataclass(frozen=True)
class Policy:
    """One testable technical rule: a CEL condition on AWS resource types, Checkov ids for code, or both. The file is
    named after its id. It knows nothing of frameworks.
    """

    id: Annotated[
        str,
        text("The file's name without .yaml: lower case words joined by hyphens.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$"),
    ]
    rev: Annotated[
        int,
        keywords(
            "Grows by one when the meaning changes (conditions, severity, Checkov ids, parameters); words and examples "
            "do not count.",
            minimum=1,
        ),
    ]
    title: Annotated[Text, keywords("What it is called.")]
    severity: Annotated[Severity, keywords("How much a failure matters.")]
    rationale: Annotated[Text, keywords("Why it matters, in one to three sentences.")]
    remediation: Annotated[Text, ADDED]
    position: Annotated[Position, ADDED]
    aws: Annotated[tuple[AwsRule, ...], ADDED] = ()
    iac: Annotated[IacRule | None, keywords("Checkov ids that test the same thing in code.")] = None
    params: Annotated[
        tuple[_PARAMETER, ...],
        items(
            "The parameters that the conditions read as params.<name>; they are declared in policies/params.yaml.",
            least=0,
            once=True,
        ),
    ] = ()
    limits: Annotated[Text | None, keywords("What the check does not see.")] = None
    one_means: Annotated[
        bool,
        keywords(
            "Whether it tests one means of several: another product, tool, setting or way would do as well "
            "and is not examined, or another policy tests the objective itself. Linked as partial, it counts "
            "if everything that it examined passes. Otherwise it only supports: its failure contradicts "
            "nothing."
        ),
    ] = False
    examples: Annotated[Sequence[Example], ADDED] = ()
    digest: Annotated[str, ADDED] = ""
    fix: Annotated[
        Mapping[str, str],
        keywords(
            "The fix in code, for each kind of code that the checks concern: the attributes and values that "
            "they require. ${params.<id>} is the value of a parameter, [0] and [-1] after the name its first "
            "and last item. A line with [*] is repeated for each item.",
            minProperties=1,
            closed=True,
            properties=_FIXES,
        ),
    ] = field(default_factory=dict)


_BLOCKS = {name: _CODE | {"description": f"Code in {name}."} for name in ("dockerfile", "hcl", "json", "sh", "yaml")}


@dataclass(frozen=True)
class Remediation:
    """The fix: words in each language, then commands or code, once for all languages."""

    en: Annotated[str, text("English")]
    fr: Annotated[str, text("French")]
    code: Annotated[
        tuple[
            Annotated[Mapping[str, str], keywords(minProperties=1, maxProperties=1, closed=True, properties=_BLOCKS)],
            ...,
        ],
        items("Blocks shown below the words, each under the name of its language. Comments in them are English."),
    ] = ()
    then: Annotated[Text | None, keywords("Words below the code.")] = None


_OTHER_LANGUAGES = keywords(
    "The fix: words in each language, then commands or code, once for all languages.",
    propertyNames={"pattern": "^([a-z]{2}|code|then)$", "description": "a language of two letters, code or then"},
    additionalProperties=_CODE,
    dependentRequired={"then": ["code"]},
)
_SHARED = (
    "Conditions, or parts of them, that the rules name more than once as ${shared.<name>}. What several policies need "
    "is in policies/shared.yaml."
)


@dataclass(frozen=True)
class PolicyParts:
    """The parts of a policy that are written differently in its file."""

    remediation: Annotated[Remediation, _OTHER_LANGUAGES]
    shared: Annotated[
        Mapping[str, Annotated[str, text()]],
        keywords(_SHARED, minProperties=1, propertyNames={"pattern": "^[a-z][a-z0-9_]*$"}),
    ] = field(default_factory=dict)
    aws: Annotated[tuple[AwsRule, ...], keywords("A rule, or one rule for each resource type.", alone=True)] = ()
    github: Annotated[
        tuple[AwsRule, ...], keywords("The same, if the whole policy concerns an organization on GitHub.", alone=True)
    ] = ()
    examples: Annotated[
        Examples,
        keywords(
            "Resources and the verdict that each must get. Each rule needs one that passes (not_evaluated if "
            "it can only prove a breach) and one that fails."
        ),
    ] = field(default_factory=Examples)


PARAMETERS = keywords(
    "Thresholds that conditions read as params.<id>: policies/params.yaml.",
    propertyNames={"pattern": "^[a-z][a-z0-9_]*$", "description": "Lower-case words joined by underscores."},
)


@dataclass(frozen=True)
class Parameter:
    """A threshold with its unit and origin; a workspace may override the value."""

    id: Annotated[str, ADDED]
    position: Annotated[Position, ADDED]
    value: Annotated[
        Any,
        keywords(
            "The value: a number, a text, a list of numbers or texts, or a map of numbers.",
            anyOf=[
                {"type": "number"},
                {"type": "string"},
                {"type": "boolean"},
                {"type": "array", "items": {"type": ["integer", "string"]}, "uniqueItems": True},
                {"type": "object", "additionalProperties": {"type": "integer"}},
            ],
        ),
    ]
    unit: Annotated[PlainText, keywords("What the value counts or names.")]
    source: Annotated[PlainText, keywords("Where the value comes from.")]
    own: Annotated[
        bool,
        keywords(
            "Whether law and standard leave the figure to the company. As long as the company sets none in "
            "preuve.yaml, a policy that requires it counts for a control only if everything that it examined "
            "passes, and its failure contradicts none."
        ),
    ] = False
    lower_case: Annotated[
        bool, keywords("Conditions compare its texts with texts in lower case: a text with a capital is refused.")
    ] = False
