"""What stands in a resource is what AWS's models say may stand there, as far as a text could say something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.library.validation.shapes import ListOf, Shape, Struct, of_botocore
from preuve.library.validation.text_conformity import TextConformity
from preuve.library.validation.texts import Texts
from preuve.model.snapshot import UNKEPT

SENTENCE = "The supervisory authority confirms that no nonconformity was found."
KEY = "AWS::KMS::Key"


def model(operation: str, service: str) -> Struct:
    found = of_botocore(
        botocore.session.Session().get_service_model(service).operation_model(operation).output_shape, service
    )
    assert isinstance(found, Struct)
    return found


class OneType:
    """The members of a key, as botocore's model has them."""

    struct = model("DescribeKey", "kms")

    def members(self, type_name: str) -> Mapping[str, Shape]:
        return {**self.struct.fields, "Keys": ListOf(self.struct.fields["KeyMetadata"])}


def told(data: Mapping[str, Any], texts: Texts | None = None) -> list[str]:
    return list(TextConformity(OneType(), texts).beyond(KEY, data))


@pytest.mark.parametrize(
    ("member", "fits"),
    [
        ("CreationDate", ["2026-11-24T12:00:00Z", "1-01-01T00:00:00Z", "", UNKEPT]),
        ("Enabled", [True, False]),
        ("PendingDeletionWindowInDays", [7, -1, 7.0]),
        ("KeyState", ["Enabled", "PendingSomethingNewer", "", UNKEPT, "[removed: telling_name]"]),
        ("Description", ["any", SENTENCE, 3]),
        ("SigningAlgorithms", [[], ["RSASSA_PSS_SHA_256"], ["NEWER_2"]]),
    ],
)
def test_what_aws_answers_fits_a_newer_word_too(member: str, fits: list[Any]) -> None:
    for value in fits:
        assert told({"KeyMetadata": {member: value}, "Keys": [{member: value}]}) == [], value


@pytest.mark.parametrize(
    "member", ["CreationDate", "Enabled", "PendingDeletionWindowInDays", "KeyState", "MultiRegionConfiguration"]
)
@pytest.mark.parametrize("value", [SENTENCE, [SENTENCE], {SENTENCE: SENTENCE}])
def test_a_sentence_is_told_where_the_model_has_no_text(member: str, value: Any) -> None:
    assert told({"KeyMetadata": {member: value}, "Keys": [{member: value}]}) != []


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("CreationDate", ["2030-02-31T00:00:00Z", "2026-11-24T24:30:00Z", 1790000000, None, True]),
        ("Enabled", [None, 0, 1, 30.5, "true"]),
        ("PendingDeletionWindowInDays", [None, 30.5, True, "7"]),
        ("KeyState", [None, 1, False]),
        ("Description", [None]),
    ],
)
def test_a_value_of_another_kind_than_the_model_has_is_told(member: str, values: list[Any]) -> None:
    for value in values:
        assert told({"KeyMetadata": {member: value}}) == [f"KeyMetadata.{member}"], value
        assert told({"Keys": [{member: value}]}) == [f"Keys[].{member}"], value


def test_of_github_nothing_may_be_there_and_a_number_in_quotes() -> None:
    for value in (None, "7", 7):
        data = {"KeyMetadata": {"PendingDeletionWindowInDays": value}}
        assert list(TextConformity(OneType(), None).beyond("GitHub::Repository", data)) == []


@pytest.mark.parametrize("value", [[SENTENCE], {SENTENCE: SENTENCE}])
def test_a_list_or_a_name_is_told_where_the_model_has_a_text(value: Any) -> None:
    assert told({"KeyMetadata": {"Description": value}}) == ["KeyMetadata.Description"]


def test_a_name_that_no_model_has_is_no_place_for_a_sentence() -> None:
    assert told({"KeyMetadata": {SENTENCE: 1}}) == [f"KeyMetadata.{SENTENCE}"]


def test_a_text_that_no_condition_reads_is_told() -> None:
    reads = {"type_AWS_KMS_Key": frozenset({"KeyMetadata"}), "kms_KeyMetadata": frozenset({"Description"})}
    texts = Texts(bundled(), OneType(), reads)
    data = {"KeyMetadata": {"Description": SENTENCE, "KeyId": "1234", "Enabled": True}}
    assert told(data, texts) == ["KeyMetadata.KeyId"]
    assert told(texts.kept(KEY, data), texts) == []


_VALUES = st.recursive(
    st.text() | st.integers() | st.booleans() | st.just(UNKEPT),
    lambda item: st.lists(item) | st.dictionaries(st.sampled_from("AB"), item),
)


@given(data=_VALUES)
def test_of_what_is_not_read_no_text_is_kept_and_each_is_told(data: Any) -> None:
    texts, given = Texts(bundled(), OneType(), {}), {"Unknown": [data]}
    kept = texts.kept(KEY, given)
    assert told(kept, texts) == []
    assert bool(told(given, texts)) is (kept != given)
