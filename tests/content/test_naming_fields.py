"""The table of fields by which a suppression rule names something, held against AWS's models and the rule for code."""

from __future__ import annotations

import re
from typing import Any

import botocore.session

from content_copy import bundled

TABLE = {service: names.split(" ") for service, names in bundled().reference["naming_fields"]["data"].items()}
# What the ends of names say of which few values are all that there are, or of which many findings share one.
SHARED = re.compile(
    r"(?i)(state|status|type|kind|platform|engine|version|zone|region|protocol|direction|blocked|affiliated|allowed|public|"
    r"privileged|severity|code|country\w*|vpcid|subnet\w*|owner\.id|useragent|time|At|port|profile\.arn|groupId|ClusterDetails\.(arn|name)|imageId|key|value)$"
)


def fields_of_guardduty() -> set[str]:
    """Return all fields that a criterion may ask for, as AWS's models list them."""
    model = botocore.session.get_session().get_service_model("guardduty")
    text = model.shape_for("CreateFilterRequest").members["FindingCriteria"].documentation
    return set(re.findall(r"<li>\s*<p>\s*([A-Za-z][\w.]*)", text))


def test_each_field_of_the_table_is_one_of_guardduty() -> None:
    assert set(TABLE["guardduty"]) <= fields_of_guardduty()


def test_no_field_of_the_table_has_values_that_many_findings_share() -> None:
    shared = {field for fields in TABLE.values() for field in fields if SHARED.search(field)}
    assert shared == {"type", "resource.s3BucketDetails.s3ObjectDetails.key"}, (
        "a type of finding, and the name of an object"
    )


def test_the_rule_for_code_knows_the_fields_of_the_table_and_no_other() -> None:
    rule: Any = bundled().code_rules["CKV2_PREUVE_GUARDDUTY_ON"].judgement
    patterns = [text for text in texts(rule) if "instanceDetails" in text]
    assert len(patterns) == 1
    known = fields_of_guardduty() | set(TABLE["guardduty"])
    assert {field for field in known if re.fullmatch(patterns[0], field)} == set(TABLE["guardduty"])


def texts(value: Any) -> list[str]:
    """Return all texts within plain data."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if hasattr(value, "values") else value if isinstance(value, (list, tuple)) else ()
    return [text for one in inner for text in texts(one)]


def test_the_rule_for_code_knows_the_kinds_of_the_table_and_no_other() -> None:
    kinds = bundled().reference["naming_values"]["data"]
    rule: Any = bundled().code_rules["CKV2_PREUVE_GUARDDUTY_ON"].judgement
    (pattern,) = (text for text in texts(rule) if text.startswith("arn:"))
    for name in ("named_kinds", "numbered_kinds"):
        for kind in (*kinds[name].split(" "), "detector", "cluster"):
            arn = f"arn:aws:x:eu-west-3:123456789012:{kind}/vol-0123abcd*"
            assert bool(re.fullmatch(pattern, arn)) == (kind not in ("detector", "cluster")), arn
            short = f"arn:aws:x:eu-west-3:123456789012:{kind}/vol-0*"
            assert bool(re.fullmatch(pattern, short)) == (kind in kinds["named_kinds"].split(" ")), short
