"""Content that cannot be used: every file is checked, and everything is reported at once with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from content_copy import Broken, ContentCopy
from preuve.library.load import load_library, natural, read_library
from preuve.model.content import Library
from preuve.model.errors import ContentError, Position, Problem

BROKEN = {
    "unknown key": Broken(
        "policies/rds/rds-multi-az.yaml", "severity: medium\n", "severity: medium\nsevirity: high\n",
        "sevirity", "the file: unknown key sevirity", "severity",
    ),
    "unknown key in a call": Broken(
        "scanners/aws/efs.yaml", "{call: DescribeFileSystems, ", "{call: DescribeFileSystems, taek: x, ",
        "taek", "unknown key taek", "take",
    ),
    "wrong type": Broken(
        "policies/rds/rds-log-export.yaml", "rev: ", "rev: number ",
        "number ", "is not valid", "must be a whole number",
    ),
    "number where text belongs": Broken(
        "controls/gdpr/GDPR.33.2.yaml", 'group: "33"', "group: 33",
        "33\n", "group: 33 is not valid", "must be a text: quote it",
    ),
    "no French": Broken(
        "controls/iso27001-2022/A.5.11.yaml", "  fr: Restitution des actifs\n", "",
        "en: Return of assets", "title: 'fr' is missing",
    ),
    "unknown word": Broken(
        "policies/ec2/ebs-volume-encrypted.yaml", "severity: high", "severity: hihg",
        "hihg", 'severity: "hihg" is not valid', "one of critical, high, medium, low, info",
    ),
    "unknown strength": Broken(
        "controls/gdpr/GDPR.32.1.d.yaml", "config-recorder-on: supporting", "config-recorder-on: total",
        "total", '"total" is not valid', "one of full, partial, supporting",
    ),
    "misspelt key": Broken(
        "policies/efs/efs-encrypted.yaml", "severity: ", "severite: ",
        "severite", "the file: unknown key severite", "near it: severity",
    ),
    "empty text": Broken(
        "controls/iso27001-2022/A.5.13.yaml", "  fr: ", '  fr: ""\n  de: ',
        '""', "title.fr: is empty", "write something",
    ),
    "tab": Broken(
        "policies/s3/s3-versioning.yaml", "aws:\n", "aws:\n\tresource: x\n",
        "\tresource", "a tab begins the line", "indent with spaces",
    ),
    "boolean for some readers": Broken(
        "policies/params.yaml", "  value: 95\n", "  value: NO\n",
        "NO\n", "NO is a boolean for some YAML readers",
    ),
    "id and file name differ": Broken(
        "policies/ec2/ec2-imdsv2.yaml", "id: ec2-imdsv2\n", "id: ec2-imds-v2\n",
        "ec2-imds-v2\n", "the id ec2-imds-v2 differs from the file's name",
    ),
    "id of a control and file name differ": Broken(
        "controls/iso27001-2022/A.5.19.yaml", "id: A.5.19\n", "id: A.5.91\n",
        "A.5.91\n", "the id A.5.91 differs from the file's name",
    ),
    "manual with policies": Broken(
        "controls/iso27001-2022/A.5.20.yaml", "group: ", "policies: {macie-on: partial}\ngroup: ",
        "{macie-on: partial}", "policies: {'macie-on': 'partial'} is expected to be empty",
    ),
    "type declared twice": Broken(
        "scanners/aws/kinesis.yaml", "AWS::Kinesis::Stream:", "AWS::EC2::Volume:",
        "\n    list: {call: ListStreams", "AWS::EC2::Volume is also in scanners/aws/ec2.yaml",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[ContentCopy, Library, list[Problem]]:
    """A copy with all of these defects, and the errors of loading."""
    copy = ContentCopy(tmp_path_factory.mktemp("content"))
    for defect in BROKEN.values():
        copy.edit(defect.file, defect.old, defect.new)
    again = copy.root / "policies/kms/rds-encrypted.yaml"
    again.parent.mkdir(exist_ok=True)
    shutil.copy(copy.root / "policies/rds/rds-encrypted.yaml", again)
    (copy.root / "policies/rds/rds-not-public.yaml").write_bytes(b"id: caf\xe9\n")
    library, problems = read_library(root=copy.root)
    return copy, library, problems


@pytest.mark.parametrize("name", BROKEN)
def test_a_defect_is_reported_at_its_place(broken: tuple[ContentCopy, Library, list[Problem]], name: str) -> None:
    copy, _, problems = broken
    defect = BROKEN[name]
    mine = [problem for problem in problems if problem.position.file == defect.file]
    at = copy.find(defect.file, defect.needle)
    if defect.needle.startswith("\n"):  # the place is the value that begins the next line
        at = Position(at.file, at.line + 1, 5)
    assert [(problem.position, defect.message in problem.message) for problem in mine] == [(at, True)], mine
    assert defect.hint in mine[0].hint


def test_all_defects_and_no_others_are_reported(broken: tuple[ContentCopy, Library, list[Problem]]) -> None:
    _, _, problems = broken
    files = {defect.file for defect in BROKEN.values()}
    other = [problem for problem in problems if problem.position.file not in files]
    assert [str(problem).split(" (")[0] for problem in sorted(other)] == [
        "policies/rds/rds-encrypted.yaml:2:5: rds-encrypted is also in policies/kms/rds-encrypted.yaml",
        "policies/rds/rds-not-public.yaml:1:1: is not UTF-8",
    ]
    assert len(problems) == len(BROKEN) + 2


def test_unusable_entries_are_left_out_and_the_others_loaded(
    broken: tuple[ContentCopy, Library, list[Problem]],
) -> None:
    _, library, _ = broken
    assert "rds-multi-az" not in library.policies
    assert "rds-tls-required" in library.policies
    assert library.control("A.5.11") is None
    assert library.control("A.5.12") is not None


def test_loading_raises_all_problems_in_the_order_of_the_files(
    broken: tuple[ContentCopy, Library, list[Problem]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, library, problems = broken
    monkeypatch.setattr("preuve.library.load.read_library", lambda *_, **__: (library, problems))
    with pytest.raises(ContentError) as caught:
        load_library(root=copy.root)
    assert list(caught.value.problems) == sorted(problems)
    assert caught.value.exit_code == 2


def test_controls_come_in_the_order_of_the_standard() -> None:
    names = ["A.5.10", "C.9.2.2", "A.5.9", "A.8.1", "GDPR.5.1.f", "GDPR.5.1.a", "C.10.1"]
    assert sorted(names, key=natural) == ["A.5.9", "A.5.10", "A.8.1", "C.9.2.2", "C.10.1", "GDPR.5.1.a", "GDPR.5.1.f"]


# ---- what a workspace adds ----------------------------------------------------------------------------------------

OWN_POLICY = """\
id: {name}
rev: 1
title: {{en: Ours, fr: La nôtre}}
severity: low
aws: {{resource: "AWS::EC2::Volume", assert: resource.Encrypted}}
rationale: {{en: x, fr: x}}
remediation: {{en: x, fr: x}}
examples:
  pass: [{{resource: {{Encrypted: true}}}}]
  fail: [{{resource: {{Encrypted: false}}}}]
"""


def own(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


def test_a_workspace_adds_policies(tmp_path: Path) -> None:
    own(tmp_path, "policies/ec2/our-volume.yaml", OWN_POLICY.format(name="our-volume"))
    library = load_library(tmp_path)
    assert library.policies["our-volume"].title.fr == "La nôtre"
    assert "ebs-volume-encrypted" in library.policies


def test_remediation_code_follows_the_words_of_every_language(tmp_path: Path) -> None:
    code = "[{sh: aws one}, {hcl: two = 2}]"
    given = f"{{en: Do it., fr: Faites-le., de: Tu es., code: {code}, then: {{en: Look., fr: Vérifiez.}}}}"
    text = OWN_POLICY.format(name="our-volume").replace("remediation: {en: x, fr: x}", f"remediation: {given}")
    found = load_library(own(tmp_path, "policies/ec2/our-volume.yaml", text)).policies["our-volume"].remediation
    code = "```sh\naws one\n```\n```hcl\ntwo = 2\n```\n"
    assert found.en == f"Do it.\n{code}\nLook."
    assert found.fr == f"Faites-le.\n{code}\nVérifiez."
    assert found.in_language("de") == f"Tu es.\n{code}\nLook."
    assert set(found.others) == {"de"}


def test_a_workspace_cannot_silently_replace_bundled_content(tmp_path: Path) -> None:
    own(tmp_path, "policies/ec2/ebs-volume-encrypted.yaml", OWN_POLICY.format(name="ebs-volume-encrypted"))
    own(
        tmp_path,
        "controls/gdpr/framework.yaml",
        'id: gdpr\ntitle: {en: GDPR, fr: RGPD}\nschema: 1\nframework_version: "x"\ncontent_version: "1.0.0"\n'
        'effective_date: "2026-01-01"\n'
        'changelog: [{version: "1.0.0", date: "2026-01-01", author: me, change: {en: x, fr: x}}]\n',
    )
    with pytest.raises(ContentError) as caught:
        load_library(tmp_path)
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == [
        "controls/gdpr/framework.yaml",
        "policies/ec2/ebs-volume-encrypted.yaml",
    ]
    assert all("bundled already" in str(problem) for problem in caught.value.problems)
