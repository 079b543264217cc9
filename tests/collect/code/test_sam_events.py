"""The authorizer that an event of a SAM function takes from its API, which `Globals` may write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from preuve.collect.code.language.templates.resources import resolve
from preuve.collect.code.language.templates.source import parse
from preuve.collect.code.language.values.value import Unknown

SIGNED = {"Auth": {"DefaultAuthorizer": "AWS_IAM"}}
POLICY = {"Auth": {"ResourcePolicy": {"IpRangeWhitelist": ["10.0.0.0/8"]}}}
NOT_KNOWN = Unknown(("what closes it",))


def authorizer(event: dict[str, Any], common: dict[str, Any], api: dict[str, Any]) -> Any:
    """Return what an event comes to have as its authorizer: None if it asks nobody."""
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"P": {"Type": "String"}},
        "Globals": common,
        "Resources": {
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": event}}},
            "A": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1", **api}},
        },
    }
    function = next(one for one in resolve(parse(json.dumps(template))).resources if one.name == "F")
    found = function.properties["Events"]["E"].get("Properties", {}).get("Auth", {}).get("Authorizer")
    return NOT_KNOWN if isinstance(found, Unknown) else found


def of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


NAMED = {"RestApiId": {"Ref": "A"}}


@pytest.mark.parametrize(
    ("event", "common", "api", "expected"),
    [
        ({"Type": "HttpApi"}, {}, {}, None),
        (of("Api"), {"Api": {"Cors": "'*'"}}, {}, None),
        (of("Api"), {"Api": SIGNED}, {}, "AWS_IAM"),
        (of("Api"), {"HttpApi": SIGNED}, {}, None),
        (of("Api", Auth={"Authorizer": "NONE"}), {"Api": SIGNED}, {}, "NONE"),
        (of("Api", Auth={"ApiKeyRequired": True}), {}, {}, None),
        (of("Api"), {"Api": POLICY}, {}, NOT_KNOWN),
        (of("Api"), {"Api": {"EndpointConfiguration": {"Type": "PRIVATE"}}}, {}, NOT_KNOWN),
        (of("Api"), {"Api": {"EndpointConfiguration": "REGIONAL"}}, {}, None),
        (of("Api"), {"Api": {"Auth": {"DefaultAuthorizer": {"Ref": "P"}}}}, {}, NOT_KNOWN),
        (of("Api", **NAMED), {}, {}, None),
        (of("Api", **NAMED), {}, SIGNED, "AWS_IAM"),
        (of("Api", **NAMED), {"Api": SIGNED}, {}, "AWS_IAM"),
        (of("Api", **NAMED), {}, {"DefinitionBody": {"paths": {}}}, NOT_KNOWN),
        (of("Api", RestApiId={"Fn::ImportValue": "api"}), {}, SIGNED, NOT_KNOWN),
        (of("Api", Auth=POLICY["Auth"]), {}, {}, NOT_KNOWN),
        (of("Schedule", Schedule="rate(1 day)"), {"Api": SIGNED}, {}, None),
    ],
)
def test_an_event_takes_the_authorizer_of_its_api(
    event: dict[str, Any], common: dict[str, Any], api: dict[str, Any], expected: Any
) -> None:
    assert authorizer(event, common, api) == expected
