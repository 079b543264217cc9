"""Settings in rules have the names of AWS and of Terraform's provider, and the types that the rules expect.

The witnesses are the table made from the provider's schema, and CloudFormation's own schemas as cfn-lint ships them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.inputs.attributes import schema_of

SAM = "AWS::Serverless::"  # made by a macro: no schema of CloudFormation's
TAGS = ("Tags", "FileSystemTags")
# What is below them is no argument, or nested too deep for the table.
DOCUMENTS = frozenset({"container_definitions", "content", "Content", "managed_rule_group_statement", "Parameters"})
# Arguments of other versions of the provider than the table's: of older ones, and blocks of after it.
OTHER_VERSIONS = frozenset(
    {
        ("aws_api_gateway_deployment", "stage_name"),
        ("aws_flow_log", "log_group_name"),
        ("aws_guardduty_filter", "matches"),
        ("aws_redshift_cluster", "logging"),
        ("aws_redshift_cluster", "snapshot_copy"),
        ("aws_secretsmanager_secret", "rotation_lambda_arn"),
        ("aws_secretsmanager_secret", "rotation_rules"),
        ("aws_wafv2_web_acl_rule", "web_acl_arn"),  # since 6.37
    }
)
RULES = {
    rule.id: rule.judgement["resources"]
    for rule in bundled().code_rules.values()
    if rule.judgement and rule.judgement["ask"] == "settings"
}
EACH = [(rule, type_) for rule, resources in RULES.items() for type_ in resources]


Asked = tuple[str, tuple[str, ...], str]


def asked(condition: Any, type_: str, above: tuple[str, ...] = ()) -> Iterator[Asked]:
    """Return the paths that a condition reads, each with its resource type and the type of the compared value."""
    if not isinstance(condition, Mapping):
        return
    if "at" in condition:
        yield type_, (*above, *condition["at"].split(".")), kind(condition)
    if "by" in condition:
        yield condition["beside"], (condition["by"],), "string"
    if "named" in condition:
        yield type_, tuple(condition["named"].split(".")), "string"
    below = condition.get("each", condition.get("some", condition.get("values")))
    below = tags_of(type_, above) if "tag" in condition else below
    if below:
        yield type_, (*above, below), ""
    for name, part in condition.items():
        other = condition.get("beside", condition.get("type")) if name == "must" else None
        inside = () if other else (*above, below) if below and name == "must" else above
        for one in part if isinstance(part, list) else [part]:
            yield from asked(one, other or type_, inside)


def tags_of(type_: str, above: tuple[str, ...] = ()) -> str:
    """Return the property with the tags of a resource in a template, or of a part of one."""
    return "Tags" if type_.startswith(SAM) else next(name for name in TAGS if kinds_in_template(type_, (*above, name)))


def kind(condition: Mapping[str, Any]) -> str:
    """The kind of what a value is compared with."""
    if "at_least" in condition or "at_most" in condition:
        return "number"
    wanted = next((condition[name] for name in ("is", "is_not", "holds") if name in condition), None)
    one = wanted[0] if isinstance(wanted, list) else wanted
    if isinstance(one, bool):
        return "bool"
    texts = not {"matches", "hours_at_most", "runs_within_days", "arn_in"}.isdisjoint(condition)
    return "string" if isinstance(one, str) or texts else ""


def kinds_in_template(type_: str, path: tuple[str, ...]) -> set[str]:
    """Return the types of a path in CloudFormation's schema; empty if it has none."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    here = [schema]
    for step in path:
        here = [part for one in here for part in opened(schema, member(one, step)) if part is not None]
    said = {
        found for one in here for found in ([one["type"]] if isinstance(one.get("type"), str) else one.get("type", ()))
    }
    return {{"boolean": "bool", "integer": "number"}.get(found, found) for found in said}


def member(schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Return the schema of a property, or of a member of a map."""
    of_a_map: Iterator[Mapping[str, Any]] = iter(schema.get("patternProperties", {}).values())
    return schema.get("properties", {}).get(name) or next(of_a_map, None)


def opened(schema: Mapping[str, Any], part: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any] | None]:
    """Return the definition of a part of a schema; for a list, that of its items."""
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
def test_every_path_in_a_rule_exists_with_the_right_type(rule: str, type_: str) -> None:
    assert not [one for one in asked(RULES[rule][type_], type_) if not is_right(*one)]


def is_right(type_: str, path: tuple[str, ...], wanted: str) -> bool:
    if path == ("region_of_provider",):  # which is said beside the arguments
        return True
    if type_.startswith(SAM) or not DOCUMENTS.isdisjoint(path[:-1]):
        return True
    if any((type_, name) in OTHER_VERSIONS for name in path):
        return True
    if "::" in type_:
        said = kinds_in_template(type_, path)
        return bool(said) and wanted in ("", *said)
    of_a_map = len(path) > 1 and schema_of(type_).kind(path[:-1]) == "map"
    found = "string" if of_a_map else schema_of(type_).kind(path)
    numbers_as_text = (found, wanted) == ("string", "number")  # which a rule reads alike
    return not wanted or found == wanted or (found == "nullable" and wanted == "bool") or numbers_as_text
