"""Thousands of resources: those that only pass are in tables, failing ones have a page, and numbers count all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from preuve.model.layout import SUMMARY
from preuve.model.results import Finding, FindingStatus, Reason
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import FINDINGS, RESOURCES, page_file, policy_page, type_page
from preuve.publish.site.subjects import Subjects
from preuve.publish.site.writer import write_site
from preuve.publish.tables.registers import write_registers
from preuve.publish.words.locale import load_locale

from . import factory

PASS = FindingStatus.PASS


def estate(failing: int, passing: int) -> tuple[Finding, ...]:
    found = factory.many(failing + passing)
    return (*found[:failing], *(replace(item, status=PASS, reason=Reason("asserted")) for item in found[failing:]))


def test_up_to_the_limit_every_resource_is_listed() -> None:
    found = estate(1, 9)
    assert not Subjects(found, most=10).folded
    assert len(list(Subjects(found, most=10))) == 10


def test_beyond_the_limit_only_resources_with_problems_are_listed() -> None:
    found = estate(2, 9)
    subjects = Subjects(found, most=10)
    assert len(list(subjects)) == 2
    assert [len(items) for items in subjects.counted_types.values()] == [11]
    for finding in found:
        assert (subjects.of(finding.place) is None) == subjects.is_folded(finding.place) == (finding.status is PASS)


@pytest.mark.parametrize("status", [item for item in FindingStatus if item not in (PASS, FindingStatus.NOT_APPLICABLE)])
def test_a_resource_that_does_not_only_pass_is_listed(status: FindingStatus) -> None:
    found = estate(0, 11)
    other = replace(found[0], policy="another", status=status)
    subjects = Subjects((*found, other), most=10)
    assert not subjects.is_folded(found[0].place)
    assert [len(subject.findings) for subject in subjects] == [2]


def test_a_resource_with_different_verdicts_in_code_and_account_is_listed() -> None:
    found = estate(0, 11)
    assert [subject.place for subject in Subjects(found, [found[3].place], most=10)] == [found[3].place]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many")
    factory.write_snapshot(path)
    site: Site = replace(factory.site("en"), assessment=factory.assessment(estate(3, 2_100)))
    write_registers(path, site, load_locale("en"))
    write_site(path, site)
    return path


def test_pages_count_all_resources_and_link_to_the_full_table(folder: Path) -> None:
    (policy,) = {item.policy for item in factory.many(1)}
    (kind,) = {item.place.type for item in factory.many(1)}
    for page, said in (
        (RESOURCES, "2,100"),
        (FINDINGS, "2,100"),
        (type_page(kind), "2,100"),
        (policy_page(policy), "2,100 findings on resources that only pass are not shown here"),
    ):
        text = (folder / page_file(page, "en")).read_text(encoding="utf-8")
        assert said in text
        assert "findings.csv" in text
    resources = (folder / page_file(RESOURCES, "en")).read_text(encoding="utf-8")
    assert "2,103" in resources
    assert not (folder / page_file(policy_page(policy, 2), "en")).exists()
    table = (folder / SUMMARY / "findings.csv").read_text(encoding="utf-8-sig")
    assert len(table.splitlines()) == 2_104


def test_the_search_has_the_same_entries_as_the_pages(folder: Path) -> None:
    text = (folder / page_file(FINDINGS, "en")).read_text(encoding="utf-8")
    index = json.loads(text.partition('id="index">')[2].partition("</script>")[0])
    assert len(index["findings"]) == 3 * 3
