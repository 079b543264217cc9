"""What rules ask of settings is what AWS and Terraform's provider call so, and of the kind that they say.

The witnesses are the table made from the provider's schema, and CloudFormation's own schemas as cfn-lint ships them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from content_copy import bundled
from preuve.collect.iac.attributes import schema_of

SAM = "AWS::Serverless::"  # made by a macro: no schema of CloudFormation's
RULES = {
    rule.id: rule.judgement["resources"]
    for rule in bundled().code_rules.values()
    if rule.judgement and rule.judgement["ask"] == "settings"
}
EACH = [(rule, type_) for rule, resources in RULES.items() for type_ in resources]


def asked(condition: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths that a condition asks for, each with the kind of what it is compared with, "" for none."""
    if not isinstance(condition, Mapping):
        return
    if "at" in condition:
        yield (*above, *condition["at"].split(".")), kind(condition)
    below = condition.get("each", condition.get("some"))
    if below:
        yield (*above, below), ""
    for name, part in condition.items():
        inside = (*above, below) if below and name == "must" else above
        for one in part if isinstance(part, list) else [part]:
            yield from asked(one, inside)


def kind(condition: Mapping[str, Any]) -> str:
    """The kind of what a value is compared with."""
    if "at_least" in condition or "at_most" in condition:
        return "number"
    wanted = next((condition[name] for name in ("is", "is_not", "holds") if name in condition), None)
    one = wanted[0] if isinstance(wanted, list) else wanted
    if isinstance(one, bool):
        return "bool"
    return "string" if isinstance(one, str) or "matches" in condition else ""


def kinds_in_template(type_: str, path: tuple[str, ...]) -> set[str]:
    """What CloudFormation's schema says of a path; nothing where it has none."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    here = [schema]
    for step in path:
        here = [
            part for one in here for part in opened(schema, one.get("properties", {}).get(step)) if part is not None
        ]
    said = {
        found for one in here for found in ([one["type"]] if isinstance(one.get("type"), str) else one.get("type", ()))
    }
    return {{"boolean": "bool", "integer": "number"}.get(found, found) for found in said}


def opened(schema: Mapping[str, Any], part: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any] | None]:
    """A part of a schema where it is defined; of a list its items."""
    while part and "$ref" in part:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]]
    if part and "items" in part:
        yield from opened(schema, part["items"])
    elif part and ("oneOf" in part or "anyOf" in part) and "type" not in part:
        for one in part.get("oneOf", part.get("anyOf")):
            yield from opened(schema, one)
    else:
        yield part


@pytest.mark.parametrize(("rule", "type_"), EACH)
def test_what_is_asked_for_is_there_and_of_its_kind(rule: str, type_: str) -> None:
    wrong = []
    for path, wanted in asked(RULES[rule][type_]):
        if type_.startswith(SAM):
            continue
        if "::" in type_:
            said = kinds_in_template(type_, path)
            right = bool(said) and wanted in ("", *said)
        else:
            found = schema_of(type_).kind(path)
            right = not wanted or found == wanted or (found == "nullable" and wanted == "bool")
        if not right:
            wrong.append((".".join(path), wanted))
    assert not wrong
