"""A block that notes what is read of it: it answers as any other, and nothing that is not known is read unseen."""

from __future__ import annotations

import copy
import json
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.verdict.marks import OPAQUE, OPEN
from preuve.collect.code.verdict.reads import read_of, tracked

OPEN_VALUE = f"{OPAQUE}${{var.x}}"
LEAVES = st.sampled_from([OPEN_VALUE, "a", "b", 1, True, None])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def walked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: walked(item) for key, item in value.items()}
    return [walked(item) for item in value] if isinstance(value, list) else value


def indexed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: indexed(value[key]) for key in value}
    return [indexed(value[place]) for place in range(len(value))] if isinstance(value, list) else value


def asked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: asked(value.get(key)) for key in value.keys()}  # noqa: SIM118 - another way to read
    return [asked(item) for item in reversed(value)][::-1] if isinstance(value, list) else value


def unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unpacked(item) for key, item in {**value}.items()}
    return [unpacked(item) for item in [*value]] if isinstance(value, list) else value


def joined(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: joined(item) for key, item in (value | {}).items()}
    return [joined(item) for item in operator.add([], value)] if isinstance(value, list) else value


WAYS: list[Callable[[Any], Any]] = [
    walked,
    indexed,
    asked,
    unpacked,
    joined,
    lambda value: walked(dict(value)),
    lambda value: walked(value.copy()),
    lambda value: walked(copy.copy(value)),
    lambda value: walked(copy.deepcopy(value)),
    lambda value: walked(pickle.loads(pickle.dumps(value))),
    lambda value: json.loads(json.dumps(value)),
    lambda value: json.loads(json.dumps(value, indent=1)),
]


@pytest.mark.parametrize("way", WAYS)
@given(body=BODIES)
def test_every_full_read_of_a_block_records_all_its_unknowns(way: Callable[[Any], Any], body: dict[str, Any]) -> None:
    given_, reads = tracked(body)
    assert way(given_) == body
    assert reads.leaves == read_of(body).leaves


@given(body=BODIES, name=st.sampled_from("abc"))
def test_an_unread_value_is_not_recorded(body: dict[str, Any], name: str) -> None:
    given_, reads = tracked(body)
    assert walked(given_.get(name)) == body.get(name)
    assert reads.leaves == read_of(body.get(name), (name,)).leaves


@given(body=BODIES)
def test_a_comparison_and_a_conversion_to_text_read_everything(body: dict[str, Any]) -> None:
    for use in (lambda value: value == {"z": 1}, repr, str, lambda value: value != {}, lambda value: f"{value}"):
        given_, reads = tracked(body)
        use(given_)
        assert reads.leaves == read_of(body).leaves


def test_a_test_for_an_optional_block_is_recorded() -> None:
    body = {"dynamic": [{"ingress": {"for_each": [OPEN_VALUE]}}], "name": ["a"]}
    for use in (
        lambda value: value.get("ingress"),
        lambda value: "ingress" in value,
        list,
        lambda value: value.items(),
        lambda value: "ingress" in value.keys(),  # noqa: SIM118 - another way to read
        lambda value: list(value.keys()),
        lambda value: bool(value.keys()),
        lambda value: value.keys() == {"name"},
        lambda value: value.keys() & {"ingress"},
        lambda value: bool(dict(value)),
    ):
        given_, reads = tracked(body)
        use(given_)
        assert reads.open == {"ingress"}
    given_, reads = tracked(body)
    assert given_["name"] == ["a"]
    assert "token" not in given_.keys()  # noqa: SIM118 - another way to read
    assert "dynamic" not in dict.keys(given_)
    assert reads.open == set()


def test_a_lookup_in_an_open_mapping_is_unknown() -> None:
    given_, reads = tracked({"Tags": {"a": "b", OPEN: OPEN_VALUE}})
    assert given_["Tags"]["a"] == "b"
    assert not reads.leaves
    assert given_["Tags"].get("c") is None
    assert reads.leaves == {(("Tags", OPEN), OPEN_VALUE)}
