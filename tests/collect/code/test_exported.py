"""What a resource exports for an argument of which AWS keeps less than is written: `scanners/blocks/exported.yaml`."""

from __future__ import annotations

import pytest

from preuve.collect.code.language.hcl.module import _exported
from preuve.collect.code.language.values.value import NamedText, PartText, Unknown, one_of_few, owner_of
from preuve.library.validation.code.known_types import table_of_blocks

KEPT = [
    (type_, name, *form.split("*"))
    for type_, kept in table_of_blocks("exported").items()
    for name, form in kept.items()
]
WHO = Unknown(("var.who",))


@pytest.mark.parametrize(("type_", "name", "before", "after"), KEPT)
def test_what_stands_around_it_is_left_out_once_and_where_it_is(type_: str, name: str, before: str, after: str) -> None:
    written = f"{before}acme.example{after}"
    assert _exported(type_, name, written) == "acme.example"
    assert _exported(type_, name, "acme.example") == "acme.example"
    assert _exported(type_, f"other_{name}", written) == written
    assert _exported(type_, name, WHO) is WHO
    either = _exported(type_, name, one_of_few(WHO, [written, f"{before}other.example{after}"]))
    assert set(getattr(either, "values", ())) == {"acme.example", "other.example"}


@pytest.mark.parametrize(("type_", "name", "before", "after"), KEPT)
def test_of_a_text_that_is_known_in_part_the_known_ends_are_left_out(
    type_: str, name: str, before: str, after: str
) -> None:
    def exported(*parts: str | Unknown) -> object:
        found = _exported(type_, name, PartText(WHO.causes, parts=parts))
        return getattr(found, "parts", None)

    assert exported(f"{before}a.", WHO, f".example{after}") == ("a.", WHO, ".example")
    assert exported(WHO, f".example{after}") == (WHO, ".example")
    assert exported(f"{before}a.", WHO) == ("a.", WHO)
    if before:
        assert exported(before, WHO, "/x") == (WHO, "/x")


@pytest.mark.parametrize(("type_", "name"), [*((one[0], one[1]) for one in KEPT), ("aws_s3_bucket", "bucket")])
def test_of_what_nothing_is_left_out_the_owner_stays(type_: str, name: str) -> None:
    """Through any number of blocks a name stays that of the first: it is by that name that two blocks are joined."""
    of = frozenset({"aws_s3_bucket.a"})
    named = NamedText("acme.example", of, "aws_s3_bucket.a")
    part = PartText(WHO.causes, sources=of, owner="aws_s3_bucket.a", parts=("acme.", WHO))
    for value in (named, part, one_of_few(WHO, [named, "other.example"]), None, True, 1, [named]):
        found = _exported(type_, name, value)
        assert found == value
        assert owner_of(found) == owner_of(value)
