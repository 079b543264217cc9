"""What a failure rests on: the same wherever it stands, another where something else makes a block fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from preuve.collect.code.verdict.grounds import anywhere, grounds

KEYS = ("ingress/[0]/cidr_blocks", "ingress/[0]/from_port", "ingress/[1]/cidr_blocks", "ingress/[1]/from_port")


def rules(*found: tuple[int, list[str]]) -> tuple[str, ...]:
    body = {"ingress": [{"from_port": port, "cidr_blocks": ranges} for port, ranges in found]}
    return grounds(body, KEYS[: 2 * len(found)])


ALL = "0.0.0.0/0"


def test_each_rule_is_a_ground_of_its_own_wherever_it_stands() -> None:
    one, other = rules((22, [ALL])), rules((3389, [ALL]))
    assert len(one) == len(other) == 1
    assert set(rules((22, [ALL]), (3389, [ALL]))) == set(rules((3389, [ALL]), (22, [ALL]))) == {*one, *other}


@pytest.mark.parametrize(
    ("ranges", "more"), [([ALL, "10.0.0.0/24"], False), (["10.0.0.0/24", ALL], False), ([ALL, "::/0"], True)]
)
def test_what_is_narrow_beside_what_is_wide_is_no_ground(ranges: list[str], more: bool) -> None:
    assert (set(rules((22, ranges))) > set(rules((22, [ALL])))) is more


def test_ports_and_ranges_of_two_rules_do_not_make_a_third() -> None:
    before = set(rules((22, [ALL]), (3389, ["::/0"])))
    assert not set(rules((22, ["::/0"]))) <= before


def test_what_says_little_is_a_ground_each() -> None:
    one, both = grounds({"arns": ["a"]}, ["arns"]), grounds({"arns": ["a", "b"]}, ["arns"])
    assert set(one) < set(both)
    assert len(both) == 2


def test_what_another_item_moves_stays_what_it_was() -> None:
    tasks = [{"image": "b"}, {"image": "a"}]
    moved = grounds({"tasks": tasks}, ["tasks/[1]/image"])
    assert moved == grounds({"tasks": tasks[1:]}, ["tasks/[0]/image"])
    assert anywhere("tasks/[1]/environment/[0]/value") == "tasks/environment/value"


def test_of_what_stands_there_twice_the_second_is_new() -> None:
    grants = [{"uri": "all", "kind": kind} for kind in ("READ", "WRITE")]
    known = set(grounds({"grant": grants[:1]}, ["grant/[0]/uri"]))
    assert known < set(grounds({"grant": grants}, ["grant/[0]/uri", "grant/[1]/uri"]))


def test_of_very_many_one_hash_stands_for_all_and_one_more_is_new() -> None:
    ranges = [f"{first}.0.0.0/{size}" for first in range(11, 120) for size in (7, 8)]
    many, more = rules((22, ranges[1:])), rules((22, ranges))
    assert len(many) == len(more) == 1
    assert many != more


def document(*statements: dict[str, Any]) -> dict[str, str]:
    return {"policy": json.dumps({"Statement": list(statements)})}


OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
SMALL = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:GetObject"}


def test_of_a_document_each_statement_that_grants_as_much_is_one() -> None:
    known = set(grounds(document(OPEN), ["policy"]))
    assert len(known) == 1
    assert set(grounds(document(SMALL, {**OPEN, "Sid": "Named"}), ["policy"])) == known
    assert len(set(grounds(document(OPEN, {**OPEN, "Action": "*"}), ["policy"])) - known) == 1


def test_names_of_other_blocks_do_not_count_and_what_is_not_set_does() -> None:
    assert grounds({"a": "${aws_kms_key.x.arn}/*"}, ["a"]) == grounds({"a": "${aws_kms_key.y.arn}/*"}, ["a"])
    assert grounds({}, ["encrypted"]) != grounds({"encrypted": False}, ["encrypted"])
    assert grounds({"encrypted": False}, ["encrypted"]) == grounds({"encrypted": [False]}, ["encrypted"])
