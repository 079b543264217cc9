"""A condition that is written once is the condition itself, also for the lock; a name that is wrong has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_copy import ContentCopy
from preuve.library import shared_conditions
from preuve.library.load import read_library
from preuve.library.shared_conditions import Piece
from preuve.model.content import Policy
from preuve.model.errors import Position

FILE = "policies/efs/efs-encrypted.yaml"
ASSERT = "  assert: resource.Encrypted\n"
KEPT = 'file_system_there: \'!(resource.?LifeCycleState.orValue("") in ["deleting", "deleted"])\'\n'  # of the policy


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    made = ContentCopy(tmp_path, "policies/efs")
    made.write(shared_conditions.FILE, KEPT)
    return made


def policy(copy: ContentCopy) -> Policy:
    return read_library(root=copy.root)[0].policies["efs-encrypted"]


def problems(copy: ContentCopy) -> list[str]:
    return [str(item) for item in read_library(root=copy.root)[1]]


@pytest.mark.parametrize("own", [True, False])
def test_a_shared_condition_equals_the_written_out_one(copy: ContentCopy, own: bool) -> None:
    before = policy(copy)
    copy.edit(FILE, ASSERT, "  assert: ${shared.encrypted}\n")
    if own:
        copy.edit(FILE, "aws:\n", "shared: {encrypted: resource.Encrypted}\naws:\n")
    else:
        copy.write(shared_conditions.FILE, f"encrypted: resource.Encrypted\n{KEPT}")
    assert problems(copy) == []
    assert (policy(copy).aws[0].assert_, policy(copy).digest) == (before.aws[0].assert_, before.digest)


def test_a_changed_shared_condition_changes_the_meaning_of_each_policy_that_uses_it(copy: ContentCopy) -> None:
    copy.edit(FILE, ASSERT, "  assert: ${shared.encrypted}\n")
    copy.write(shared_conditions.FILE, f"encrypted: resource.Encrypted\n{KEPT}")
    before = policy(copy).digest
    copy.write(shared_conditions.FILE, f"encrypted: resource.Encrypted || resource.Size < 8\n{KEPT}")
    assert policy(copy).digest != before


@pytest.mark.parametrize(
    ("asserted", "pieces", "own", "said"),
    [
        ("${shared.other}", "encrypted: x\n", "", "there is no shared condition other"),
        ("${shared.one}", "one: x && ${shared.other}\n", "", "there is no shared condition other"),
        ("resource.Encrypted", "encrypted: x\n", "", f"{shared_conditions.FILE}:1:12: no policy names encrypted"),
        ("resource.Encrypted", "", "shared: {encrypted: x}\n", "no condition names encrypted"),
        (
            "${shared.encrypted}",
            "encrypted: x\n",
            "shared: {encrypted: z}\n",
            f"encrypted is also in {shared_conditions.FILE}",
        ),
    ],
)
def test_an_undefined_or_duplicate_name_is_reported(
    copy: ContentCopy, asserted: str, pieces: str, own: str, said: str
) -> None:
    copy.edit(FILE, ASSERT, f"  assert: {asserted}\n")
    copy.edit(FILE, "aws:\n", f"{own}aws:\n")
    copy.write(shared_conditions.FILE, pieces + KEPT)
    assert any(said in item for item in problems(copy)), problems(copy)


def test_each_character_has_its_original_place() -> None:
    """For a name in the middle of a line, whose text has several lines; the text behind it keeps its place."""
    text = "f(\n  a && ${shared.one} && b)\n|| c"
    known = {"one": Piece("x(\n  y)\n", Position("shared", 10, 3))}
    written = shared_conditions.written_out(text, known)
    assert written == "f(\n  a && x(\n    y) && b)\n|| c"
    places = shared_conditions.places(text, Position("policy", 4, 5), known)
    assert places is not None

    def place(name: str) -> Position:
        before = written[: written.index(name)]
        return places.at(before.count("\n") + 1, len(before) - before.rfind("\n"))

    assert [str(place(name)) for name in "faxybc"] == [
        "policy:4:5", "policy:5:7", "shared:10:3", "shared:11:5", "policy:5:29", "policy:6:8",
    ]  # fmt: skip


def test_a_shared_text_names_others_at_their_places_but_not_itself() -> None:
    known = {
        "one": Piece("${shared.two} ||\n  x\n", Position("shared", 10, 3)),
        "two": Piece("(y\n  && ${shared.one})\n", Position("shared", 20, 3)),
    }
    text, at = "  a && ${shared.one}", Position("policy", 4, 5)
    assert shared_conditions.written_out(text, known) == "  a && (y\n    && ${shared.one}) ||\n    x\n"
    places = shared_conditions.places(text, at, known)
    assert places is not None
    assert [str(places.at(line, column)) for line, column in ((1, 8), (2, 8), (3, 5))] == [
        "shared:20:3", "shared:21:8", "shared:11:5",
    ]  # fmt: skip


def test_a_text_without_names_stays_unchanged() -> None:
    assert shared_conditions.written_out("a\n  b", {}) == "a\n  b"
    assert shared_conditions.places("a", Position("policy", 1, 1), {}) is None
