"""The grounds of a failure: the same at any place, and different if another cause makes a block fail."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from preuve.collect.code.verdict.grounds import grounds as texts_of
from preuve.collect.code.verdict.grounds import grounds_of_names, hashed, path_without_numbers, renamed


def grounds(attributes: Any, keys: Iterable[str]) -> tuple[str, ...]:
    return hashed(texts_of(attributes, keys))


KEYS = ("ingress/[0]/cidr_blocks", "ingress/[0]/from_port", "ingress/[1]/cidr_blocks", "ingress/[1]/from_port")


def rules(*found: tuple[int, list[str]]) -> tuple[str, ...]:
    body = {"ingress": [{"from_port": port, "cidr_blocks": ranges} for port, ranges in found]}
    return grounds(body, KEYS[: 2 * len(found)])


ALL = "0.0.0.0/0"


def test_each_rule_has_its_own_ground_at_any_position() -> None:
    one, other = rules((22, [ALL])), rules((3389, [ALL]))
    assert len(one) == len(other) == 1
    assert set(rules((22, [ALL]), (3389, [ALL]))) == set(rules((3389, [ALL]), (22, [ALL]))) == {*one, *other}


@pytest.mark.parametrize(
    ("ranges", "more"), [([ALL, "10.0.0.0/24"], False), (["10.0.0.0/24", ALL], False), ([ALL, "::/0"], True)]
)
def test_a_narrow_range_beside_a_wide_one_is_no_ground(ranges: list[str], more: bool) -> None:
    assert (set(rules((22, ranges))) > set(rules((22, [ALL])))) is more


def test_ports_and_ranges_of_two_rules_are_not_combined() -> None:
    before = set(rules((22, [ALL]), (3389, ["::/0"])))
    assert not set(rules((22, ["::/0"]))) <= before


def test_a_list_in_which_no_value_is_wide_is_one_ground() -> None:
    one, both = grounds({"logs": ["api"]}, ["logs"]), grounds({"logs": ["audit", "api"]}, ["logs"])
    assert not set(one) & set(both)
    assert both == grounds({"logs": ["api", "audit"]}, ["logs"])


def test_an_item_moved_by_another_keeps_its_ground() -> None:
    tasks = [{"image": "b"}, {"image": "a"}]
    moved = grounds({"tasks": tasks}, ["tasks/[1]/image"])
    assert moved == grounds({"tasks": tasks[1:]}, ["tasks/[0]/image"])
    assert path_without_numbers("tasks/[1]/environment/[0]/value") == "tasks/environment/value"


def test_the_second_of_two_equal_grounds_is_new() -> None:
    grants = [{"uri": "all", "kind": kind} for kind in ("READ", "WRITE")]
    known = set(grounds({"grant": grants[:1]}, ["grant/[0]/uri"]))
    assert known < set(grounds({"grant": grants}, ["grant/[0]/uri", "grant/[1]/uri"]))


def test_very_many_values_share_one_ground_and_one_more_is_new() -> None:
    ranges = [f"{first}.0.0.0/{size}" for first in range(11, 120) for size in (7, 8)]
    many, more = rules((22, ranges[1:])), rules((22, ranges))
    assert len(many) == len(more) == 1
    assert many != more


def document(*statements: dict[str, Any]) -> dict[str, str]:
    return {"policy": json.dumps({"Statement": list(statements)})}


OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
SMALL = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:GetObject"}


def test_statements_of_a_document_with_equal_grants_share_one_ground() -> None:
    known = set(grounds(document(OPEN), ["policy"]))
    assert len(known) == 1
    assert set(grounds(document(SMALL, {**OPEN, "Sid": "Named"}), ["policy"])) == known
    assert len(set(grounds(document(OPEN, {**OPEN, "Action": "*"}), ["policy"])) - known) == 1


def test_a_part_of_the_rights_of_a_statement_is_a_part_of_its_grounds() -> None:
    whole = {**OPEN, "Action": ["s3:*", "sqs:*"], "Principal": {"AWS": ["*", "1"], "Service": "sns.amazonaws.com"}}
    part = {**OPEN, "Action": "sqs:*", "Principal": {"AWS": "*"}}
    known = set(grounds(document(whole), ["policy"]))
    assert set(grounds(document(part), ["policy"])) < known
    widened = [
        {**part, "Condition": {"Bool": {"x": "true"}}},
        {**part, "NotAction": "s3:Get*"},
        {**part, "Resource": "b"},
    ]
    assert all(not set(grounds(document(one), ["policy"])) <= known for one in widened)


def test_both_words_for_everybody_are_one_ground() -> None:
    assert grounds(document(OPEN), ["policy"]) == grounds(document({**OPEN, "Principal": {"AWS": "*"}}), ["policy"])


def test_the_rights_of_a_statement_with_very_many_are_told_apart_as_a_whole() -> None:
    many = {**OPEN, "Action": [f"s3:*{number}" for number in range(70)]}
    assert len(grounds(document(many), ["policy"])) == 1


def test_an_unset_argument_is_a_ground() -> None:
    assert grounds({}, ["encrypted"]) != grounds({"encrypted": False}, ["encrypted"])
    assert grounds({"encrypted": False}, ["encrypted"]) == grounds({"encrypted": [False]}, ["encrypted"])


def test_a_reference_counts_by_the_earlier_address_and_without_the_key_of_its_own_instance() -> None:
    def ground(address: str, key: str = "", moves: dict[str, str] | None = None) -> str:
        (text,) = texts_of({"bucket": f"${{{address}}}/*"}, ["bucket"])
        return renamed(text, key, moves or {})

    old = ground("aws_s3_bucket.old.arn")
    assert ground("aws_s3_bucket.new.arn") != old
    assert ground("aws_s3_bucket.new.arn", moves={"aws_s3_bucket.new": "aws_s3_bucket.old"}) == old
    assert ground("aws_s3_bucket.b[0].arn", key="[0]") == ground('aws_s3_bucket.b["x"].arn', key='["x"]')
    assert ground('aws_s3_bucket.b["y"].arn', key='["x"]') != ground('aws_s3_bucket.b["x"].arn', key='["x"]')


def test_a_check_that_stops_at_the_first_block_has_the_equal_ones_as_grounds_too() -> None:
    def behaviours(*found: tuple[str, str]) -> set[str]:
        blocks = [{"path_pattern": path, "viewer_protocol_policy": policy} for path, policy in found]
        return set(grounds({"cache_behavior": blocks}, ["cache_behavior/[0]/viewer_protocol_policy"]))

    known = behaviours(("/img", "allow-all"))
    assert behaviours(("/img", "allow-all"), ("/x", "https-only")) == known
    assert known < behaviours(("/img", "allow-all"), ("/login", "allow-all"))
    assert not behaviours(("/login", "allow-all")) <= known


def test_what_a_part_of_another_block_names_is_what_it_is_about() -> None:
    body = {
        "role": ["web"],
        "policy_arn": ["admin"],
        "description": ["x"],
        "users": [["a", "b"]],
        "__address__": "y",
        "tags": [{"a": "b"}],
        "rule": [{"a": "b"}],
        "policy": ['{"Statement": []}'],
        "count_of": [3],
    }
    assert [
        text.partition(" ")[0] for _, text in grounds_of_names(body, ["policy_arn"], whole=False, lists=["users"])
    ] == [
        "role",
        "users",
        "users",
    ]
    named = {text.partition(" ")[0] for _, text in grounds_of_names(body, [], whole=True, lists=())}
    assert named == {"role", "policy_arn", "users", "rule", "policy", "count_of"}
    assert "hunter2" not in str(grounds_of_names({"db_password": ["hunter2hunter2"]}, [], whole=True, lists=()))


def test_what_an_object_is_restored_from_says_which_object_it_is() -> None:
    def object_of(source: str) -> list[tuple[str, str]]:
        body = {"identifier": ["d"], "restore_to_point_in_time": [{"source_db_instance_identifier": [source]}]}
        return [*grounds_of_names(body, ["x"], whole=False, lists=(), only=["identifier", "restore_to_point_in_time"])]

    one, other = object_of("demo"), object_of("customers")
    assert one[0] == other[0]
    assert (len(one), len({one[1], other[1]})) == (2, 2)


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("DBInstanceIdentifier", "d", "D", True),
        ("cluster_identifier", "d", "D", True),
        ("identifier", "d", "e", False),
        ("set_identifier", "d", "D", False),
        ("FunctionName", "d", "D", False),
    ],
)
def test_identifiers_of_databases_are_compared_in_small_letters(name: str, one: str, other: str, same: bool) -> None:
    was, now = (
        list(grounds_of_names({name: value}, ["x"], whole=False, lists=(), only=[name])) for value in (one, other)
    )
    assert was
    assert (was == now) is same


@pytest.mark.parametrize("names", ["target_group_arn", "TargetGroupArn", "target_origin_id", "TargetOriginId"])
def test_where_a_part_passes_traffic_on_says_nothing_of_how_it_takes_it(names: str) -> None:
    def told(target: str, path: str) -> tuple[str, ...]:
        return grounds({"part": [{"type": "forward", names: target, "path_pattern": path}]}, ["part/[0]/type"])

    assert told("blue", "/a") == told("green", "/a") != told("blue", "/b")
