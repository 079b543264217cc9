"""What of a template is not seen, and its macros."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Value

TRANSFORM = "Fn::Transform"
INCLUDE = "AWS::Include"
INCLUDED = "what this adds is not read: "
SAM = "AWS::Serverless::"
# Macros whose effects are known.
_KNOWN_TRANSFORMS = frozenset(
    {
        *("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen"),
        *("AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"),
    }
)
# CloudFormation refuses a template with any other.
SECTIONS = frozenset(
    {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions"}
    | {"Transform", "Globals", "Resources", "Outputs", "Hooks"}
)


class Extent(StrEnum):
    """The extent to which a cause makes a template unknown."""

    BESIDE = "beside"  # it may bring more resources
    ELSEWHERE = "elsewhere"  # what it brings is in a template of its own
    ALL = "all"  # it may change every resource


@dataclass(frozen=True)
class UnseenResources:
    """Resources that a template may create beside those it shows, and the line that says so."""

    what: str
    line: int
    extent: Extent = Extent.BESIDE
    template: str = ""  # the place of a nested template, as the code says it; "" if it does not
    given: bool = False  # whether its parameters are given values
    content: Value = None  # the resource that says so, if it is one


def sections_of_a_build(template: Mapping[str, Any]) -> list[str]:
    """Return the sections at the top of a template that CloudFormation does not know: what it is given is another text,
    which a build step makes of this one.
    """
    return [name for name in template if name not in SECTIONS and name != TRANSFORM]


def macros(template: Block) -> Iterator[UnseenResources]:
    """Yield the macros of a template that we know nothing of, and the sections that a build step reads."""
    for section in sections_of_a_build(template):
        said = f"a build step makes another template of this: {section}"
        yield UnseenResources(said, template.lines[section], Extent.ALL)
    line = template.lines.get("Transform", 0)
    written = template.get("Transform", [])
    for entry in written if isinstance(written, list) else [written]:
        name = entry.get("Name") if isinstance(entry, Mapping) else entry
        if name == INCLUDE:
            yield UnseenResources(f"{INCLUDED}{INCLUDE}", line)
        elif not isinstance(name, str) or name not in _KNOWN_TRANSFORMS:
            yield UnseenResources(
                f"a macro may change every resource: {name if isinstance(name, str) else TRANSFORM}", line, Extent.ALL
            )
    yield from _called_macros(template)
    resources = template.get("Resources")
    if isinstance(resources, Block):
        yield from (found for found in _called_macros(resources) if found.extent is Extent.ALL)


def _called_macros(section: Block) -> Iterator[UnseenResources]:
    if TRANSFORM in section:
        line = section.lines[TRANSFORM]
        if is_include(section[TRANSFORM]):
            yield UnseenResources(f"{INCLUDED}{INCLUDE}", line)
        else:
            yield UnseenResources(f"a macro may change every resource: {TRANSFORM}", line, Extent.ALL)


def is_include(called: Any) -> bool:
    """Return whether what a transform calls is an include, which brings what is in another file."""
    return isinstance(called, Mapping) and called.get("Name") == INCLUDE
