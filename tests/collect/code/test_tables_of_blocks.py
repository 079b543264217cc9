"""The tables about types of blocks (`scanners/blocks/`) name types that there are."""

from __future__ import annotations

import json

from msgspec import convert

from preuve.collect.code.checkov.kinds.resources.dependents import Cause
from preuve.collect.code.inputs.attributes import table_file
from preuve.library.validation.code.known_types import table_files, table_of_blocks


def test_each_block_of_terraform_in_them_is_one_of_the_provider() -> None:
    known = json.loads(table_file().read_text("utf-8"))["resources"]
    ways = [way for cause in convert(table_of_blocks("dependents"), dict[str, Cause]).values() for way in cause.ways]
    named = {*table_of_blocks("objects"), *table_of_blocks("dependents"), *(way.type for way in ways)}
    separate = table_of_blocks("separate")
    named |= {*separate, *(type_ for names in separate.values() for types in names.values() for type_ in types)}
    named |= {*table_of_blocks("at_creation"), *table_of_blocks("exported")}
    assert {name for name in named if name.startswith("aws_")} - {*known} == set()
    assert {name for name in named if not name.startswith(("aws_", "AWS::"))} <= {"", "*"}


def test_each_way_names_by_what_or_says_what_is_there() -> None:
    causes = convert(table_of_blocks("dependents"), dict[str, Cause])
    ways = [way for cause in causes.values() for way in cause.ways]
    assert all(way.by or way.gets or way.type == "*" for way in ways)
    assert all(way.gets for way in ways if not way.type)


def test_a_file_of_them_is_a_table() -> None:
    assert {path.stem for path in table_files()} == {"at_creation", "dependents", "exported", "objects", "separate"}
    assert all(isinstance(name, str) for paths in table_of_blocks("objects").values() for name in paths)


def test_a_block_of_its_own_is_named_by_an_argument() -> None:
    separate = table_of_blocks("separate")
    assert all(said.get("by") for names in separate.values() for types in names.values() for said in types.values())
