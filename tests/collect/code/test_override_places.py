"""A failure is reported where its value stands, if that is an override file, of HCL or of JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from collect.code.rewriting.rules import AS_IT_IS, RULES
from collect.code.rewriting.sample import each, examples
from collect.code.rewriting.verdicts import Case, findings
from content_copy import bundled
from preuve.library.checked.code.code_rules import rendered
from preuve.model.results import Finding

from .conftest import Scanner, volume

_OVERRIDES = [rule for rule in RULES if rule.name in ("override-of-nothing", "override-in-json")]
_ARGUMENT = re.compile(r'\s*[\w-]+\s*=(?!=)|\s*[\w-]+(?: "[^"]*")* \{$')


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[tuple[Case, Finding, str]]]:
    """Each failing example as it is and rewritten with override files: its failures and the text of their lines."""
    known = [example for example in examples() if example.fails]
    cases = [case for rule in (AS_IT_IS, *_OVERRIDES) for case in each(rule, known, most=1)]
    folder = tmp_path_factory.mktemp("places")
    found = findings(folder, cases)
    told: dict[str, list[tuple[Case, Finding, str]]] = {}
    for number, case in enumerate(cases):
        for finding in found.get((f"code/{number}", case.example.policy), ()):
            if finding.status.value == "FAIL":
                lines = (folder / finding.place.file).read_text("utf-8").splitlines()
                told.setdefault(case.rule, []).append(
                    (case, finding, "".join(lines[finding.place.line - 1 : finding.place.line]))
                )
    return told


def _by_block(found: list[tuple[Case, Finding, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """The file and the text of the line, by example and block."""
    return {
        (case.example.name, finding.place.id): (Path(finding.place.file).name, text)
        for case, finding, text in found
        if finding.place.type.startswith("aws_")  # the rules leave providers, modules and variables as they are
    }


@pytest.mark.parametrize("rule", [rule.name for rule in _OVERRIDES])
def test_a_failure_is_reported_where_the_override_file_has_its_value(
    places: Mapping[str, list[tuple[Case, Finding, str]]], rule: str
) -> None:
    before, after = _by_block(places[AS_IT_IS.name]), _by_block(places[rule])
    told, wrong = 0, []
    for key in before.keys() & after.keys():
        written, (file, text) = before[key][1], after[key]
        if not _ARGUMENT.match(written) or written.startswith(("resource ", "data ", "module ", "provider ")):
            continue  # the block as a whole, or a line inside of a value
        told += 1
        names = re.findall(r'"([^"]+)":', text) if file.endswith(".json") else ()  # of a map a member stands alone
        item = text.strip().rstrip(",")  # of a list, which JSON writes over several lines
        if not ("override" in file and (item in written or any(name in written for name in names))):
            wrong.append(f"{key}: {written.strip()} is told at {file}: {text.strip()[:80]}")
    assert not wrong, "\n".join(sorted(wrong))
    assert told > 100


def test_of_several_override_files_the_last_one_is_told(scan_files: Scanner) -> None:
    files: dict[str, str | bytes] = {
        "infra/main.tf": volume(encrypted="true") + volume("unset").replace("  encrypted = false\n", ""),
        "infra/a_override.tf": volume(encrypted="true"),
        "infra/b_override.tf": "\n\n" + volume(encrypted="false"),
        "infra/c_override.tf": 'resource "aws_ebs_volume" "plain" {\n  size = 8\n}\n',
    }
    found = scan_files(files, checks=frozenset({"CKV_AWS_3"}))
    plain = found.record("infra", "aws_ebs_volume.plain", "CKV_AWS_3")
    assert (plain["file"], plain["decided_in"], plain["decided_at"]) == ("infra/main.tf", "infra/b_override.tf", [5, 5])
    assert "decided_in" not in found.record("infra", "aws_ebs_volume.unset", "CKV_AWS_3")


def test_a_secret_in_an_override_file_is_told_once(scan_files: Scanner) -> None:
    block = 'resource "aws_db_instance" "d" {{\n  password = {}\n}}\n'
    files: dict[str, str | bytes] = {
        "infra/main.tf": block.format("var.given") + 'variable "given" {}\n',
        "infra/x_override.tf": "\n" + block.format('"Sup3rS3cret2024!"'),
    }
    rule = rendered(bundled().code_rules["CKV2_PREUVE_CODE_SECRETS"], {})
    found = scan_files(files, checks=frozenset({"CKV2_PREUVE_CODE_SECRETS"}), rules=(rule,))
    failed = [line for line in found.of("record", "infra") if line["result"] == "FAILED"]
    assert [(line["decided_in"], line["decided_at"]) for line in failed] == [("infra/x_override.tf", [3, 3])]
