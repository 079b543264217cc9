"""What a scan of CloudFormation templates says."""

from __future__ import annotations

import pytest

from collect.iac.conftest import Scan, Scanner


@pytest.mark.parametrize(
    ("address", "result", "detail"),
    [
        ("Encrypted", "PASSED", ""),
        ("ByParameter", "UNKNOWN", "unresolved: Ref Encrypt"),
        ("Sometimes", "UNKNOWN", "unresolved: Fn::If"),
    ],
)
def test_a_property_is_judged_only_where_its_value_is_known(
    fixtures: Scan, address: str, result: str, detail: str
) -> None:
    record = fixtures.record("templates", f"AWS::EC2::Volume.{address}", "CKV_AWS_3")
    assert (record["type"], record["result"], record["detail"]) == ("AWS::EC2::Volume", result, detail)


def test_two_templates_may_use_one_name_and_each_record_has_its_place(fixtures: Scan) -> None:
    found = [line for line in fixtures.of("record", "templates") if line["address"] == "AWS::EC2::Volume.Plain"]
    places = [(line["file"], line["line"], line["end_line"], line["result"]) for line in found]
    assert places == [
        ("templates/storage.json", 4, 7, "FAILED"),
        ("templates/storage.yaml", 12, 21, "FAILED"),
    ]
    assert [line.get("suppressed") for line in found] == [None, "a scratch disk"]


def test_a_template_that_does_not_parse_is_a_gap_and_other_json_is_not(fixtures: Scan) -> None:
    assert fixtures.gaps("templates") == [("templates/bad.yaml", 4, "parse_error", "syntax error")]
    assert fixtures.of("root", "templates")[0]["files"] == 3


def test_a_folder_without_a_template_is_a_gap(scan_files: Scanner) -> None:
    found = scan_files({"infra/package.json": "{}"}, kind="cloudformation")
    assert found.gaps("infra") == [("", 0, "not_covered", "no CloudFormation template in this folder")]


def test_serverless_functions_are_resources(scan_files: Scanner) -> None:
    template = (
        "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n"
        "    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.12, Handler: app.main}\n"
    )
    found = scan_files({"infra/template.yaml": template}, kind="cloudformation")
    assert found.of("root", "infra")[0]["types"] == {"AWS::Serverless::Function": 1}
