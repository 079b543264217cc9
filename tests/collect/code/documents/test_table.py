"""Every argument of Terraform and property of CloudFormation that may hold a policy is in the table, or has a reason.

`policy_arguments/terraform.txt` lists the arguments with "polic" in their names, of all resources that the
documentation of the AWS provider describes (as of cdktf-cdktf-provider-aws 21.22.1). Those of CloudFormation are in the
schemas that cfn-lint brings along.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from content_copy import bundled
from preuve.collect.code.judgements.documents.block_documents import Table

FIXTURES = Path(__file__).parents[3] / "fixtures" / "policy_arguments"
REASONS: Mapping[str, str] = yaml.safe_load((FIXTURES / "not_documents.yaml").read_text("utf-8"))
TABLE = Table.of(bundled().documents)
_NAMES = re.compile(r".*(Policy|Policies|PolicyDocument|PolicyText)")
_NOT_TEXTS = frozenset({"boolean", "integer", "number"})


def terraform() -> Iterator[tuple[str, str]]:
    for line in (FIXTURES / "terraform.txt").read_text("utf-8").splitlines():
        type_, argument = line.split()
        yield type_, argument


@functools.cache
def cloudformation() -> tuple[tuple[str, str], ...]:
    import cfnlint

    folder = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
    texts = (file.read_text("utf-8") for file in sorted(folder.glob("*.json")))
    schemas = (json.loads(text) for text in texts if "olic" in text)
    return tuple((schema["typeName"], path) for schema in schemas for path in _properties(schema))


def _properties(schema: Mapping[str, Any]) -> Iterator[str]:
    """Return the paths of properties with such a name that are a text or any object."""
    waiting = [("", schema.get("properties", {}), frozenset[str]())]
    while waiting:
        above, properties, seen = waiting.pop()
        for name, declared in properties.items():
            here, ends, found = declared, "", seen
            while "$ref" in here or "items" in here:
                if "items" in here:
                    here, ends = here["items"], f"{ends}[]"
                    continue
                label = here["$ref"].rpartition("/")[2]
                here = schema.get("definitions", {}).get(label, {}) if label not in found else {}
                found |= {label}
            path = f"{above}{name}{ends}"
            if "properties" in here:
                waiting.append((f"{path}.", here["properties"], found))
            elif _NAMES.fullmatch(name) and "enum" not in here and _NOT_TEXTS.isdisjoint(_types(here)):
                yield path


def _types(declared: Mapping[str, Any]) -> set[str]:
    found = declared.get("type", ())
    return {found} if isinstance(found, str) else set(found)


def known(type_: str, path: str) -> bool:
    """Whether the table has the argument, by the name alone if Terraform's documentation gives no more."""
    plain = path.replace("[]", "")
    listed = [argument.removesuffix("[]") for argument in TABLE.documents.get(type_, {})]
    return any(plain in (argument, argument.rpartition(".")[2], argument.partition(".")[0]) for argument in listed)


@pytest.mark.parametrize("witness", [terraform, cloudformation])
def test_every_argument_for_a_policy_is_in_the_table_or_has_a_reason(witness: Any) -> None:
    missing = [
        f"{type_}.{path}"
        for type_, path in witness()
        if not known(type_, path) and not any(re.fullmatch(pattern, f"{type_}.{path}") for pattern in REASONS)
    ]
    assert missing == []


def test_each_reason_applies_to_an_argument() -> None:
    names = [f"{type_}.{path}" for witness in (terraform, cloudformation) for type_, path in witness()]
    assert [pattern for pattern in REASONS if not any(re.fullmatch(pattern, name) for name in names)] == []


def test_each_property_in_the_table_exists_in_cloudformation() -> None:
    """Except for two of SAM, which the schema does not describe."""
    there = {(type_, path.replace("[]", "")) for type_, path in cloudformation()}
    types = {type_ for type_, _ in there}
    named = [(type_, path) for type_, paths in TABLE.documents.items() for path in paths if type_ in types]
    gone = {f"{type_}.{path}" for type_, path in named if (type_, path.removesuffix("[]")) not in there}
    assert gone == {
        f"AWS::Serverless::Api.{path}" for path in ("Auth.ResourcePolicy.CustomStatements", "Domain.Policy")
    }


def test_rules_use_only_defined_kinds() -> None:
    rules = [rule for rule in bundled().code_rules.values() if isinstance((rule.judgement or {}).get("of"), list)]
    assert rules
    assert [kind for rule in rules for kind in (rule.judgement or {})["of"] if kind not in TABLE.kinds] == []
