"""Texts of a reading that are kept."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from preuve.assess.assessment import selected
from preuve.library.load import load_library
from preuve.library.validation.checked_rule import merged
from preuve.library.validation.texts import Texts
from preuve.model.snapshot import UNKEPT
from preuve.pipeline.run.preparation import checked

SECRET = "a phrase that no pattern takes for a secret"


@cache
def texts() -> Texts:
    library = load_library()
    rules, shapes = checked(library, selected(library, tuple(library.frameworks)))
    return Texts(library, shapes, merged(rule.reads for rule in rules))


BYTE_MATCH = {"ByteMatchStatement": {"SearchString": SECRET, "FieldToMatch": {"SingleHeader": {"Name": SECRET}}}}
HIDDEN = {
    "AWS::WAFv2::WebACL": {
        "Acl": {
            "Description": SECRET,
            "Rules": [
                {
                    "Name": "open",
                    "Priority": 1,
                    "Action": {"Allow": {"CustomRequestHandling": {"InsertHeaders": [{"Name": "x", "Value": SECRET}]}}},
                    "Statement": {
                        "AndStatement": {"Statements": [BYTE_MATCH, {"NotStatement": {"Statement": BYTE_MATCH}}]}
                    },
                }
            ],
            "CustomResponseBodies": {"denied": {"ContentType": "TEXT_PLAIN", "Content": SECRET}},
        }
    },
    "AWS::ECS::TaskDefinition": {
        "containerDefinitions": [
            {
                "name": "shop",
                "environment": [{"name": "GREETING", "value": SECRET}],
                "command": ["serve", SECRET],
                "dockerLabels": {"note": SECRET},
                "privileged": True,
            }
        ]
    },
    "AWS::EC2::LaunchTemplate": {
        "DefaultVersion": [
            {
                "VersionDescription": SECRET,
                "LaunchTemplateData": {"KernelId": SECRET, "MetadataOptions": {"HttpTokens": "required"}},
            }
        ]
    },
    "AWS::EC2::SecurityGroup": {
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": SECRET}]}
        ]
    },
}


@pytest.mark.parametrize("type_name", HIDDEN)
def test_a_text_that_no_condition_reads_is_not_kept(type_name: str) -> None:
    kept = texts().kept(type_name, HIDDEN[type_name])
    assert SECRET not in str(kept)
    assert _form(kept) == _form(HIDDEN[type_name])


def test_texts_that_conditions_or_joins_use_are_kept() -> None:
    group = texts().kept("AWS::EC2::SecurityGroup", HIDDEN["AWS::EC2::SecurityGroup"])["IpPermissions"][0]
    assert (group["IpProtocol"], group["FromPort"]) == ("tcp", 22)
    assert group["IpRanges"] == [{"CidrIp": "10.0.0.0/8", "Description": UNKEPT}]
    interface = {"Groups": [{"GroupId": "sg-1", "GroupName": SECRET}]}
    assert texts().kept("AWS::EC2::NetworkInterface", interface) == {
        "Groups": [{"GroupId": "sg-1", "GroupName": UNKEPT}]
    }
    acl = texts().kept("AWS::WAFv2::WebACL", HIDDEN["AWS::WAFv2::WebACL"])["Acl"]
    assert acl["Rules"][0]["Name"] == "open"


def test_content_cannot_imitate_the_mark_of_a_removed_text() -> None:
    group = {"IpPermissions": [{"IpRanges": [{"CidrIp": UNKEPT}]}], "GroupName": UNKEPT}
    assert texts().kept("AWS::EC2::SecurityGroup", group) == {
        "IpPermissions": [{"IpRanges": [{"CidrIp": f"{UNKEPT}?"}]}],
        "GroupName": f"{UNKEPT}?",
    }


def _form(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    return [_form(item) for item in value] if isinstance(value, list) else type(value)
