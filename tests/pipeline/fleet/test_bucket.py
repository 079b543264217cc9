"""What an archive of a part may hold after somebody else wrote to the bucket."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from botocore.parsers import ResponseParserError

from preuve.evidence.locked_bucket import Target
from preuve.pipeline.fleet.bucket import Bucket
from preuve.snapshot.part import PartError

ACCOUNT = "111111111111"


class _Object:
    """A bucket with one object."""

    def __init__(self) -> None:
        self.body = b""

    def put_object(self, **given: Any) -> None:
        self.body = given["Body"].read()

    def get_object(self, **_given: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.body)}


def test_a_part_with_any_byte_changed_is_as_it_was_or_altered(tmp_path: Path) -> None:
    held = _Object()
    bucket = Bucket(Target("b", "p"), held)
    with bucket.new_part(ACCOUNT) as folder:
        (folder / "part.json").write_text('{"files": {}, "schema": "preuve-part/2"}\n' * 3)
        (folder / "names.sealed").write_bytes(bytes(range(64)))
    written = held.body
    causes = set()
    for place in range(len(written)):
        held.body = written[:place] + bytes([written[place] ^ 0xFF]) + written[place + 1 :]
        try:
            with bucket.part(ACCOUNT):
                causes.add("read")  # what it holds is compared with its hashes afterwards
        except PartError as error:
            causes.add(error.reason.cause)
    assert causes == {"read", "part_altered"}


@pytest.mark.parametrize(
    "error", [ResponseParserError("not XML"), KeyError("Body"), UnicodeDecodeError("utf-8", b"", 0, 1, "x")]
)
def test_an_answer_that_botocore_cannot_read_ends_the_part_alone(error: Exception) -> None:
    class Broken:
        def get_object(self, **_given: Any) -> dict[str, Any]:
            raise error

    with pytest.raises(PartError) as raised, Bucket(Target("b", "p"), Broken()).part(ACCOUNT):
        pass
    assert raised.value.reason.cause == "part_unread"
