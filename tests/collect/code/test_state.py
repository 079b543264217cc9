"""A Terraform state gives ids and ARNs by address, and nothing else of its content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.inputs.state import NotAStateError, state_line

TYPES = frozenset({"aws_db_instance", "aws_s3_bucket"})
SECRET = "Sup3rS3cret2024!"
Resource = dict[str, Any]


@st.composite
def resources(draw: st.DrawFn) -> list[Resource]:
    """Resources of a state, each with the other members of a state."""
    found = {}
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["aws_db_instance", "aws_s3_bucket", "aws_secretsmanager_secret_version"]))
        module = draw(st.sampled_from(["", "module.app", 'module.app["eu \\"1\\""].module.db[0]']))
        key = draw(st.sampled_from([None, 0, 7, "a", 'b "c"', "é"]))
        known = {"id": draw(st.text(max_size=5)), "arn": draw(st.sampled_from(["", "arn:aws:s3:::x"]))}
        values = {**known, "password": SECRET, "tags": {"Owner": SECRET}, "secret_string": SECRET}
        resource = {"mode": draw(st.sampled_from(["managed", "data"])), "module": module, "type": kind, "name": "x"}
        found[json.dumps([resource, key])] = {**resource, "key": key, "values": values}
    return list(found.values())


def address(item: Resource) -> str:
    key = "" if item["key"] is None else f"[{json.dumps(item['key'], ensure_ascii=False)}]"
    return ".".join(filter(None, (item["module"], item["type"], item["name"]))) + key


def as_file(items: list[Resource]) -> Any:
    """Return the state file: instances below their block, with one that was replaced."""
    listed = [
        {
            **{name: item[name] for name in ("mode", "type", "name")},
            **({"module": item["module"]} if item["module"] else {}),
            "instances": [
                {"attributes": item["values"], **({} if item["key"] is None else {"index_key": item["key"]})},
                {"attributes": {"id": "gone", "arn": "arn:gone"}, "deposed": "0badc0de"},
            ],
        }
        for item in items
    ]
    return {"version": 4, "serial": 3, "outputs": {"password": {"value": SECRET}}, "resources": listed}


def as_shown(items: list[Resource]) -> Any:
    """Return the output of `terraform show -json`: a module in each module."""
    listed = [{**item, "address": address(item)} for item in items]
    inner = {"address": "module.app", "resources": [item for item in listed if item["module"]]}
    root = {"resources": [item for item in listed if not item["module"]], "child_modules": [inner]}
    return {"format_version": "1.0", "values": {"outputs": {"password": {"value": SECRET}}, "root_module": root}}


@given(resources())
def test_both_state_formats_give_the_same_ids_and_nothing_more(
    tmp_path_factory: pytest.TempPathFactory, items: list[Resource]
) -> None:
    folder = tmp_path_factory.mktemp("state")
    lines = []
    for name, form in (("a", as_file(items)), ("b", as_shown(items))):
        (folder / name).write_text(json.dumps(form), encoding="utf-8")
        lines.append(state_line(folder / name, "infra.tfstate", "infra", TYPES))
    assert lines[0] == lines[1]
    wanted = [item for item in items if item["mode"] == "managed" and item["type"] in TYPES]
    assert {(one["address"], one["type"], one["id"], one["arn"]) for one in lines[0]["resources"]} == {
        (address(item), item["type"], item["values"]["id"], item["values"]["arn"])
        for item in wanted
        if item["values"]["id"] or item["values"]["arn"]
    }
    assert SECRET not in json.dumps(lines[0])


MEMBERS = [
    "version",
    "resources",
    "instances",
    "attributes",
    "values",
    "root_module",
    "child_modules",
    "type",
    "mode",
    "arn",
    "id",
    "format_version",
    "address",
    "index_key",
    "module",
    "name",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MEMBERS), inner | st.sampled_from(["managed", "aws_s3_bucket", "1.0"]), max_size=6
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([{}, {"version": 4, "resources": []}, {"format_version": "1.0"}]), st.binary(max_size=20))
def test_any_file_is_a_state_or_refused_with_a_text(
    tmp_path_factory: pytest.TempPathFactory, data: Any, over: Any, garbage: bytes
) -> None:
    path = tmp_path_factory.mktemp("state") / "x"
    merged = {**over, **data} if isinstance(data, dict) else data
    for content in (json.dumps(merged).encode(), garbage):
        path.write_bytes(content)
        try:
            line = state_line(path, "x", "infra", TYPES)
        except NotAStateError as error:
            assert str(error)
        else:
            for item in line["resources"]:
                assert {name: type(value) for name, value in item.items()} == dict.fromkeys(
                    ("address", "type", "id", "arn"), str
                )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a state"),
        ('{"version": 3, "modules": []}', "not a state in a known version"),
        ('{"format_version": "1.2", "planned_values": {}, "configuration": {}}', "a plan, not a state"),
    ],
)
def test_an_invalid_state_is_refused_with_its_cause(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "x").write_text(content, encoding="utf-8")
    with pytest.raises(NotAStateError, match=said):
        state_line(tmp_path / "x", "x", "infra", TYPES)


def test_an_empty_state_is_valid(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"format_version":"1.0"}', encoding="utf-8")
    assert state_line(tmp_path / "x", "x", "infra", TYPES)["resources"] == []
