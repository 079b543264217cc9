"""Templates that a build merges: judged together, told where each part stands, and proposed only where they are one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.conftest import Scan, write
from content_copy import bundled
from preuve.collect.code import IacJob, scan
from preuve.collect.code.files.merged_templates import merged
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.template_parts import folders_of_parts
from preuve.collect.code.language.templates.source import TemplateError
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.units import Unit
from preuve.model.company.code import IacRoot

CHECKS = frozenset({"CKV_AWS_3", "CKV_AWS_53"})
PARENT = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  On: {Type: String, Default: "true"}
Conditions:
  Is: !Equals [!Ref On, "true"]
Mappings:
  Disks:
    prod: {encrypted: true}
"""
DISK = """Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-3a
      Encrypted: %s
"""
ENCRYPTED = DISK % "!If [Is, !FindInMap [Disks, prod, encrypted], true]"
# A part that another follows in the text.
OPEN = """Description: a part
# and why
Resources:
  Open:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !If [Is, false, false]
"""


def found(folder: Path, files: dict[str, str], *roots: IacRoot) -> Scan:
    write(folder / "w", files.items())
    job = IacJob(folder / "w", roots, CHECKS, documents=bundled().documents)
    return Scan(folder / "s", scan(job, folder / "s"))


def test_parts_are_judged_as_the_template_that_they_make_and_told_where_they_stand(tmp_path: Path) -> None:
    files = {"infra/a.yaml": PARENT, "infra/x/b.yaml": ENCRYPTED, "infra/x/c.yaml": OPEN, "infra/p.json": "{}"}
    every, parts = IacRoot(".", "cloudformation"), IacRoot("infra", "cloudformation", merged=True)
    told = found(tmp_path, {**files, "alone.yaml": DISK % "false"}, every, parts)
    assert told.of("gap", "infra") == []
    disk = told.record("infra", "AWS::EC2::Volume.Disk", "CKV_AWS_3")
    assert (disk["result"], disk["file"], disk["line"], disk["end_line"]) == ("PASSED", "infra/x/b.yaml", 2, 6)
    bucket = told.record("infra", "AWS::S3::Bucket.Open", "CKV_AWS_53")
    assert (bucket["result"], bucket["file"], bucket["line"]) == ("FAILED", "infra/x/c.yaml", 4)
    assert bucket["decided_at"] == [8, 8]
    assert {line["address"] for line in told.of("record", ".")} == {"AWS::EC2::Volume.Disk"}  # that beside the parts
    (root,) = told.of("root", "infra")
    assert (root["files"], root["resources"]) == (3, 2)


def test_two_of_one_name_are_no_template(tmp_path: Path) -> None:
    files = {"infra/a.yaml": DISK % "true", "infra/b.yaml": DISK % "false"}
    told = found(tmp_path, files, IacRoot("infra", "cloudformation", merged=True))
    why = "two parts of one template define this name: Resources.Disk"
    assert told.gaps("infra") == [("infra", 0, "parse_error", why)]
    assert told.of("record", "infra") == []


HEADER = "Transform: AWS::Serverless-2016-10-31\n"


@pytest.mark.parametrize(
    "section",
    [
        "Parameters: {P: {Type: String}}",
        "Mappings: {M: {a: {b: c}}}",
        "Conditions: {C: !Equals [a, a]}",
        "Globals: {Function: {Timeout: 3}}",
        "Outputs: {O: {Value: x}}",
        "Rules: {R: {Assertions: []}}",
    ],
)
def test_a_section_alone_is_a_part(tmp_path: Path, section: str) -> None:
    parts = IacRoot("infra", "cloudformation", merged=True)
    files = {"infra/a.yaml": section + "\n", "infra/b.yaml": HEADER + DISK % "true"}
    told = found(tmp_path, files, parts)
    assert told.of("root", "infra")[0]["files"] == 2
    assert told.gaps("infra") == []
    other = {**files, "infra/p.json": '{"Parameters": {"P": "a"}}', "infra/q.yaml": "Rules: none\n"}
    assert found(tmp_path, other, parts).of("root", "infra")[0]["files"] == 2  # values, and what is no section


@pytest.mark.parametrize("unread", [b"Description: '\xe9'\n" + HEADER.encode(), b"Globals: {Function: {}} # \xe9"])
def test_a_part_that_is_not_read_leaves_all_undecided(tmp_path: Path, unread: bytes) -> None:
    (tmp_path / "w/infra").mkdir(parents=True)
    (tmp_path / "w/infra/a.yaml").write_bytes(unread)
    told = found(tmp_path, {"infra/b.yaml": DISK % "true"}, IacRoot("infra", "cloudformation", merged=True))
    assert ("infra", 0, "not_read", "a part of it is not read: infra/a.yaml") in told.gaps("infra")
    assert "infra/a.yaml" in {file for file, *_ in told.gaps("infra")}
    assert told.of("record", "infra") == []


@pytest.mark.parametrize("merged_inside", [False, True])
def test_what_has_an_entry_of_its_own_is_no_part_of_a_template_around_it(tmp_path: Path, merged_inside: bool) -> None:
    files = {"infra/a.yaml": DISK % "true", "infra/x/b.yaml": DISK % "false"}
    roots = (
        IacRoot("infra", "cloudformation", merged=True),
        IacRoot("infra/x", "cloudformation", merged=merged_inside),
    )
    told = found(tmp_path, files, *roots)
    results = {
        (root, line["file"], line["result"])
        for root in ("infra", "infra/x")
        for line in told.of("record", root)
        if line["check"] == "CKV_AWS_3"
    }
    assert results == {("infra", "infra/a.yaml", "PASSED"), ("infra/x", "infra/x/b.yaml", "FAILED")}
    assert told.gaps("infra") == told.gaps("infra/x") == []


def test_a_change_of_a_part_touches_the_template(tmp_path: Path) -> None:
    unit = Unit("cloudformation", "infra", file="infra")
    touched = [
        ChangedUnits(Sources(tmp_path), frozenset({name})).touches(unit) for name in ("infra/x/b.yaml", "b.yaml")
    ]
    assert touched == [True, False]


@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=5), ended=st.booleans())
def test_each_line_is_of_its_part(sizes: list[int], ended: bool) -> None:
    texts = {
        f"{number}.yaml": "\n" * size + f"Resources:\n  R{number}: {{Type: AWS::SNS::Topic}}" + "\n" * ended
        for number, size in enumerate(sizes)
    }
    whole = merged("all", texts)
    lines = whole.text.splitlines()
    for number, size in enumerate(sizes):
        line = whole.template["Resources"].lines[f"R{number}"]
        assert whole.place(line) == (f"{number}.yaml", size + 2)
        assert lines[line - 1].strip().startswith(f"R{number}:")


def test_what_all_templates_say_of_themselves_is_no_conflict() -> None:
    parts = {
        "a.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nDescription: a\nTransform: AWS::Serverless-2016-10-31\n",
        "b.json": json.dumps({"Description": "b", "Transform": ["AWS::LanguageExtensions"], "Resources": {}}),
    }
    assert merged("all", parts).template["Transform"] == ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]
    with pytest.raises(TemplateError):
        merged("all", {**parts, "c.yaml": "Transform: x\nResources: []\n"})


@pytest.mark.parametrize(
    ("texts", "folders"),
    [
        ({"i/a.yaml": PARENT, "i/f/b.yaml": ENCRYPTED}, ["i"]),
        ({"i/a.yaml": PARENT, "i/f/b.yaml": ENCRYPTED, "o/a.yaml": PARENT, "o/b.yaml": ENCRYPTED}, ["i", "o"]),
        ({"i/a.yaml": PARENT, "i/f/b.yaml": ENCRYPTED, "i/alone.yaml": DISK % "false"}, []),  # one of its own
        ({"i/f/b.yaml": ENCRYPTED}, []),  # what it lacks is nowhere
        ({"i/a.yaml": PARENT, "i/b.yaml": ENCRYPTED, "i/c.yaml": ENCRYPTED.replace("prod", "test")}, []),  # twice
        ({"i/a.yaml": PARENT, "i/b.yaml": DISK % "true"}, []),  # nothing is lacking
        ({"i/a.yaml": PARENT, "i/b.yaml": DISK % '!Sub "${AWS::Region}${!x}"'}, []),
        ({"i/a.yaml": PARENT, "i/b.yaml": DISK % '!Sub "${On}"'}, ["i"]),
        ({"i/a.yaml": PARENT, "i/b.yaml": "a: [", "i/c.yaml": DISK % "!Ref On"}, ["i"]),  # what is no template
    ],
)
def test_templates_are_parts_of_one_only_if_each_has_to_do_with_the_others(
    texts: dict[str, str], folders: list[str]
) -> None:
    assert [str(one) for one in folders_of_parts({Path(name): text for name, text in texts.items()})] == folders
