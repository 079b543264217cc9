"""What a check of Checkov reads is found in its source: this holds while checks ask for parts of a block by name."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.verdict.marks import OPAQUE, OPEN
from preuve.collect.code.verdict.reads import read_of, without_makers
from preuve.library.json_data import maps

MARKED = f"{OPAQUE}${{var.x}}"
VALUES = st.recursive(
    st.sampled_from([MARKED, "a", 1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*"abc", OPEN]), inner, max_size=3),
    max_leaves=8,
)
# Of Checkov: the first sees to `dynamic`, which no check is given; the others search a path, or read `statement`.
_BY_NAME = {
    "isinstance",
    "handle_dynamic_values",
    "convert_terraform_conf_to_iam_policy",
    "search",
    "search_deep_keys",
    "get",
    "pickle_deepcopy",
}


def _walks(tree: ast.AST) -> Iterator[str]:
    """Yield where a block is gone through as a whole, and not asked for a name."""
    names = {id(place) for node in ast.walk(tree) if isinstance(node, ast.Compare) for place in node.comparators}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and _is_block(node.iter):
            yield ast.unparse(node)
        if isinstance(node, ast.Call):
            of = node.func.value if isinstance(node.func, ast.Attribute) else None
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            own = of is not None and ast.unparse(of) in ("self", "super()")  # a method of a class whose source counts
            given = any(map(_is_block, node.args)) and not own
            asked = of is not None and _is_block(of) and id(node) not in names
            if (given or asked) and name not in _BY_NAME:
                yield ast.unparse(node)


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("conf", "properties")


def test_no_check_goes_through_a_whole_block() -> None:
    found = find_spec("checkov")
    assert found and found.submodule_search_locations
    top = Path(found.submodule_search_locations[0])
    places = ("terraform/checks/*/*.py", "terraform/checks/*/aws/*.py", "cloudformation/checks/**/*.py")
    files = [file for place in places for file in top.glob(place)]
    walks = {file.stem: found for file in files if (found := list(_walks(ast.parse(file.read_text("utf-8")))))}
    assert len(files) > 100 and walks == {}


@given(body=st.dictionaries(st.sampled_from([*"abc", OPEN, "dynamic"]), VALUES, max_size=3))
def test_a_check_sees_no_placeholder_and_every_one_counts(body: dict[str, Any]) -> None:
    assert OPEN not in [name for one in maps(without_makers(body)) for name in one]
    there = json.dumps({key: item for key, item in body.items() if key != "dynamic"}, ensure_ascii=False)
    assert {leaf for _, leaf in read_of(body).leaves} == ({MARKED} if MARKED in there else set())
