"""A packed object reads like the original."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from preuve.model.packed_object import pack

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_packed_data_equals_the_original_in_the_same_order(data: dict[str, object]) -> None:
    held = pack(data)
    assert held == data
    assert list(held) == list(data)
    assert json.dumps(dict(held)) == json.dumps(data)
    assert all(held.get(name) == value for name, value in data.items())
    assert len(held) == len(data)
    assert "".join([*data, "x"]) not in held
