"""What a check of code finds is stored in no line about the block, and what it would find in a tag in none at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.secrets.forms import kinds
from preuve.collect.code.verdict.identities import Block, block_lines
from preuve.collect.code.verdict.people import people_in
from preuve.redact.code import all_redacted, left_in_tags
from preuve.redact.inspection import Inspector
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

FACTS = "data/08-machine/snapshot"
SECRET = st.from_regex(r"[A-Z][a-z]{3}[0-9][A-Z][a-z]{4}[0-9!#%]{2}", fullmatch=True)
TAG = st.sampled_from(["Note", "a/b", "kubernetes.io/note", "with space", "x[0]"])


def record(check: str, tags: dict[str, Any], address: str = "aws_s3_bucket.a", **more: Any) -> dict[str, Any]:
    return {"kind": "record", "address": address, "type": "aws_s3_bucket", "check": check, "tags": tags, **more}


def redacted(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return all_redacted(lines, Redactor(Pseudonyms(b"k" * 32)), frozenset())


@given(SECRET, TAG, st.sampled_from(["tags.{}", "Tags[0].{}", "default_tags[0].tags.{}", "tags_all.{}", "tag[1].{}"]))
def test_what_one_line_says_was_found_is_in_no_line_of_the_block(value: str, tag: str, path: str) -> None:
    place = path.format(tag.replace("/[", "[").replace("/", "."))
    tags = {tag: f"voir {value}", "Environment": "prod"}
    found = record("SECRETS", tags, result="FAILED", values={place: "[removed: argument]"})
    other = record("B", tags, detail=f"voir {value}", values={place: f"voir {value}", "tags": json.dumps(tags)})
    kept = redacted(other, found)
    assert value not in json.dumps(kept)
    assert [line["tags"] for line in kept] == [{tag: "[removed: argument]", "Environment": "prod"}] * 2


@pytest.mark.parametrize("order", [("Sup9rS4cret", "Sup9rS4cret-77"), ("Sup9rS4cret-77", "Sup9rS4cret")])
def test_of_two_secrets_that_begin_alike_nothing_is_left(order: tuple[str, str]) -> None:
    tags = {"A": order[0], "B": order[1]}
    found = record("S", tags, values={"tags.A": "[removed: argument]", "tags.B": "[removed: argument]"})
    (_, kept) = redacted(found, record("B", tags, values={"x": "see Sup9rS4cret-77 and Sup9rS4cret"}))
    assert kept["values"]["x"] == "see [removed: argument] and [removed: argument]"


def test_other_blocks_and_other_tags_keep_what_they_say() -> None:
    found = record("SECRETS", {"Note": "Sup9rS4cret"}, values={"tags.Note": "[removed: telling_name]"})
    other = record("B", {"Note": "plain", "Owner": "x"}, "aws_s3_bucket.b", values={"bucket": "plain"})
    assert redacted(found, other)[1] == other


@pytest.mark.parametrize(
    "note", ["net user bob Sup9rS4cret /add", "smbclient //nas/x -U bob%SupIrS4cret", "7z a -pSupHrS4cret a.7z a"]
)
def test_what_only_the_checks_of_code_find_in_a_tag_goes_and_is_told_by_the_last_check(
    tmp_path: Path, note: str
) -> None:
    line = record("A", {"Note": note, "Environment": "prod"})
    (kept,) = all_redacted([line], Redactor(Pseudonyms(b"k" * 32)), frozenset(), kinds)
    assert "S4cret" not in json.dumps(kept) and kept["tags"]["Environment"] == "prod"
    assert left_in_tags(kept, kinds) == []
    facts = tmp_path / FACTS / "iac" / "infra.jsonl"
    facts.parent.mkdir(parents=True)
    facts.write_text(json.dumps(kept) + "\n" + json.dumps(record("A", {"Note": "tool --password Sup9rS4cret"})) + "\n")
    leaks = list(Inspector(tmp_path, FACTS, "data/02", KnownNames({}), kinds).leaks())
    assert {leak.what for leak in leaks} >= {"secret (argument)"}
    assert {leak.line for leak in leaks} == {2}


@given(st.text(max_size=60))
def test_nothing_that_the_checks_find_is_left_in_any_tag(text: str) -> None:
    (kept,) = all_redacted([record("A", {"Note": text})], Redactor(Pseudonyms(b"k" * 32)), frozenset(), kinds)
    assert left_in_tags(kept, kinds) == []


PEOPLE: dict[str, dict[str, Any]] = {
    "aws_account_alternate_contact": {"name": "Odilon Ferrandier", "alternate_contact_type": "SECURITY"},
    "aws_account_primary_contact": {"full_name": "Odilon Ferrandier"},
    "aws_ssmcontacts_contact": {"display_name": "Odilon Ferrandier"},
    "AWS::SSMContacts::Contact": {"DisplayName": "Odilon Ferrandier"},
    "aws_route53domains_registered_domain": {
        "admin_contact": [{"first_name": "Odilon", "last_name": "Ferrandier", "country_code": "FR"}]
    },
    "aws_iam_group_membership": {"users": ["odilon.ferrandier", "oferrandier"], "name": "x"},
    "aws_key_pair": {"key_name": "odilon.ferrandier"},
    "aws_db_instance": {"username": "odilon.ferrandier", "db_name": "shop.main"},
    "aws_redshift_cluster": {"master_username": "odilon.ferrandier"},
    "AWS::RDS::DBInstance": {"MasterUsername": "odilon.ferrandier"},
    "aws_docdb_cluster": {"master_user_name": "Odilon Ferrandier"},
    "aws_mq_broker": {"user": [{"username": "odilon.ferrandier"}]},
    "github_membership": {"username": "odilon-ferrandier"},
    "azuread_user": {"display_name": "Odilon Ferrandier"},
    "pagerduty_user": {"name": "Odilon Ferrandier"},
    "okta_user": {"first_name": "Odilon", "last_name": "Ferrandier"},
}


@pytest.mark.parametrize("kind", PEOPLE)
def test_whom_the_arguments_of_a_block_name_is_in_no_line(kind: str) -> None:
    people = people_in(kind, PEOPLE[kind])
    block = Block(f"{kind}.x", kind, "a.tf", 1, 2, {}, people=people)
    kept = redacted(*block_lines([block], "infra"), record("A", {"B": "Odilon Ferrandier"}, f"{kind}.x"))
    assert any("ferrandier" in name.casefold() for name in people)
    assert "people" not in kept[0] and "errandier" not in json.dumps(kept[0])


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("aws_s3_bucket", {"name": "Odilon Ferrandier", "tags": {"Name": "main.vpc"}}),
        ("aws_db_instance", {"username": "postgres"}),
        ("aws_iam_instance_profile", {"name": "app"}),
        ("aws_cognito_user_pool", {"name": "shop"}),
        ("aws_iam_user", {"name": None, "path": "/"}),
        ("aws_mq_broker", {"user": [{"username": "app"}]}),
        ("aws_elasticache_user", {"user_id": "default", "user_name": "default"}),
        ("mysql_user", {"user": "app"}),
        ("aws_db_instance", {"username": "shop.prod", "master_username": "app.prod"}),
        ("aws_key_pair", {"key_name": "shop.example.com"}),
        ("aws_key_pair", {"key_name": "deploy.key"}),
        ("aws_account_alternate_contact", {"name": "Security Team"}),
        ("aws_account_primary_contact", {"full_name": "IT Security"}),
    ],
)
def test_other_arguments_name_nobody(kind: str, members: dict[str, Any]) -> None:
    assert people_in(kind, members) == ()
