"""What is counted apart: policies that only support a control, and themes, which are no items of the law."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from preuve.library.load import load_library
from preuve.model.company.baseline import Comparison
from preuve.model.content import Severity
from preuve.model.push import Push
from preuve.model.results import ControlStatus, FindingStatus, Reason
from preuve.publish.junit import write_junit
from preuve.publish.oscal.files import write_oscal
from preuve.publish.oscal.poam import plan_of_action
from preuve.publish.papers import tallies
from preuve.publish.papers.document import Grid
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.working_paper import WorkingPapers
from preuve.publish.push.words import Words
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import HOME, REGISTERS_PAGE, control_page, framework_page, page_file, policy_page
from preuve.publish.site.views import Facts
from preuve.publish.site.writer import write_site
from preuve.publish.tables.registers import write_registers
from preuve.publish.terminal.summary import summary, summary_text
from preuve.publish.words.locale import load_locale

from . import factory

LAW = framework_page("gdpr")


def supported_only(language: str = "en") -> Site:
    """The site in which s3-encrypted, which fails, only supports art. 32(1)(a)."""
    site = factory.site(language)
    name = ("s3-encrypted",)
    controls = tuple(
        replace(item, supporting=name, attention=name) if item.control == "GDPR.32.1.a" else item
        for item in site.assessment.controls
    )
    return replace(site, assessment=replace(site.assessment, controls=controls))


def words(page: Path) -> str:
    """The text of a page, without its style, its script and its table of contents."""
    text = re.sub(r"<(script|style|nav|footer).*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def row(text: str, name: str) -> str:
    """The line of a table that begins with a name, up to the next one."""
    return re.search(rf"{re.escape(name)} .*?(?= GDPR Art|$)", text)[0]  # type: ignore[index]


def test_a_supporting_failure_is_in_no_column_of_failures(tmp_path: Path) -> None:
    site = supported_only()
    write_site(tmp_path, site)
    listed = words(tmp_path / page_file(LAW, "en")).split("the full list")[-1]
    index = Facts(site)
    tested = index.counts(["rds-encrypted", "s3-versioning"])
    wanted = [tested[status] for status in (FindingStatus.FAIL, FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED)]
    assert index.counts(["s3-encrypted"])[FindingStatus.FAIL] > 0
    numbers = re.findall(r"(?<= )\d+(?= )", row(listed, "GDPR Art. 32(1)(a)") + " ")
    assert numbers[-5:] == [*map(str, wanted), str(tested[FindingStatus.PASS]), "1"]


def test_the_page_of_a_control_counts_no_supporting_failure_among_what_is_to_see(tmp_path: Path) -> None:
    write_site(tmp_path, supported_only())
    page = (tmp_path / page_file(control_page("gdpr", "GDPR.32.1.a"), "en")).read_text(encoding="utf-8")
    seen = page[page.index('<h2 id="to-see"') : page.index('<h2 id="manual"')]
    assert 'id="p-rds-encrypted"' in seen
    assert 'id="p-s3-encrypted"' not in seen
    assert "s3-encrypted" in page[page.index('<h3 id="attention"') : page.index('<h2 id="to-see"')]


def test_the_page_of_a_policy_tells_what_it_tests_from_what_it_only_supports(tmp_path: Path) -> None:
    write_site(tmp_path, supported_only())
    page = (tmp_path / page_file(policy_page("s3-encrypted"), "en")).read_text(encoding="utf-8")
    tested, supported = page.split("Controls and articles that a failure does not contradict")
    assert ("Art. 5(1)(f)" in tested, "Art. 32(1)(a)" in tested) == (True, False)
    assert "Art. 32(1)(a)" in supported


def test_papers_and_exports_count_no_supporting_failure(tmp_path: Path) -> None:
    site, locale = supported_only(), load_locale("en")
    (law,) = (item for item in site.assessment.controls if item.control == "GDPR.32.1.a")
    papers = WorkingPapers(site, Facts(site), locale)
    told = [cells for block in papers._exceptions(law) if isinstance(block, Grid) for cells in block.rows]
    assert told
    assert not [cells for cells in told if "s3-encrypted" in cells]
    write_oscal(tmp_path, site, locale)
    (result,) = json.loads((tmp_path / "assessment-results.json").read_text())["assessment-results"]["results"]
    (found,) = (item for item in result["findings"] if item["target"]["target-id"] == "GDPR.32.1.a")
    policies = {
        risk["uuid"]: next(prop["value"] for prop in risk["props"] if prop["name"] == "policy")
        for risk in result["risks"]
    }
    assert {policies[item["risk-uuid"]] for item in found["related-risks"]} == {"s3-versioning"}
    write_junit(tmp_path / "junit.xml", site.assessment, site.library, controls=True)
    cases = ET.parse(tmp_path / "junit.xml").getroot().iter("testcase")
    named = [
        Counter((item.get("name"), item.get("value")) for item in case.iter("property"))
        for case in cases
        if case.get("classname", "").endswith("s3-encrypted")
    ]
    assert named
    assert all(props["supports", "GDPR.32.1.a"] and not props["control", "GDPR.32.1.a"] for props in named)


def test_every_paper_and_export_leaves_what_an_article_is_not_about_beside_it(tmp_path: Path) -> None:
    """One bucket of two that fail says that it holds no personal data: the page of the article shows the other one."""
    every = factory.findings()
    failing = [item for item in every if (item.policy, item.status) == ("s3-encrypted", FindingStatus.FAIL)]
    apart, *others = (replace(item, reason=Reason("failed")) for item in failing)
    apart = replace(apart, outside=("gdpr",))
    found = tuple(apart if item is failing[0] else item for item in every)
    assert others
    site, locale = factory.site(found=found), load_locale("en")
    index = Facts(site)
    (law,) = (item for item in site.assessment.controls if item.control == "GDPR.32.1.a")
    (iso,) = (item for item in site.assessment.controls if item.control == "A.8.24")
    assert [len(index.within(item, "s3-encrypted")) for item in (iso, law)] == [
        len(index.findings["s3-encrypted"]) - number for number in (0, 1)
    ]
    write_registers(tmp_path, site, locale)
    with (tmp_path / "data/00-summary/findings.csv").open(encoding="utf-8-sig") as file:
        rows = [line for line in csv.DictReader(file, delimiter=";") if line["Policy"] == "s3-encrypted"]
    assert rows
    beside = [line for line in rows if "Art. 32(1)(a)" in line[locale("table.supporting")]]
    assert [line["Resource"] for line in beside] == [apart.place.id]
    assert not any("Art. 32(1)(a)" in line[locale("table.controls")] for line in beside)
    write_junit(tmp_path / "junit.xml", site.assessment, site.library, controls=False)
    cases = ET.parse(tmp_path / "junit.xml").getroot().iter("testcase")
    told = [{(p.get("name"), p.get("value")) for p in case.iter("property")} for case in cases]
    assert sum(("supports", "GDPR.32.1.a") in props for props in told) == 1
    write_site(tmp_path, site)
    page = (tmp_path / page_file(control_page("gdpr", "GDPR.32.1.a"), "en")).read_text(encoding="utf-8")
    seen = page.split('id="p-s3-encrypted"')[1].split('id="p-')[0].split('<h2 id="manual"')[0]
    assert (apart.place.id in seen, others[0].place.id in html.unescape(seen)) == (False, True)
    # The working paper, its population and its sample count what the page counts.
    for result in (iso, law):
        judged = [item for policy in result.policies for item in index.within(result, policy)]
        assert WorkingPapers(site, index, locale).findings(result) == judged
        assert (apart in judged) is (result is iso)
    items = (plan_of_action(site, locale) or {})["plan-of-action-and-milestones"]["poam-items"]
    named = [{prop["name"]: prop["value"] for prop in item["props"]} for item in items]
    assert [props.get("outside") for props in named if props["policy"] == "s3-encrypted"] == ["gdpr: 1"]


def test_the_terminal_counts_points_of_attention_apart() -> None:
    site = supported_only()
    shown = summary_text(summary(site.assessment, site.library, "en"))
    (law,) = [line.split() for line in shown.splitlines() if line.strip().startswith("GDPR")]
    assert law[-1] == "1"


# ---- themes -------------------------------------------------------------------------------------------------------


def test_no_total_of_the_law_has_a_theme(tmp_path: Path) -> None:
    site, locale = factory.site("en"), load_locale("en")
    items = [item for item in site.assessment.controls if item.framework == "gdpr" and item.control != "GDPR.T.RES"]
    count = Counter(item.status for item in items)
    wanted = [str(count[status]) for status in ControlStatus]
    shown = summary_text(summary(site.assessment, site.library, "en")).splitlines()
    (law,) = [line.split() for line in shown if line.strip().startswith("GDPR")]
    assert law[1:-1] == wanted
    assert [line.split()[-8:] for line in shown if line.strip().startswith("Cross-cutting")], (
        "told in a line of its own"
    )
    rows = {cells[0]: cells[1:-1] for cells in tallies.standing(site, locale).rows}
    assert rows["GDPR"] == wanted
    assert sum(map(int, rows["Cross-cutting themes"])) == 1
    write_site(tmp_path, site)
    totals = words(tmp_path / page_file(LAW, "en")).split("items by status")[1].split("the full list")[0]
    assert "Cross-cutting" not in totals
    write_junit(tmp_path / "junit.xml", site.assessment, site.library, controls=True)
    suites = {suite.get("name"): suite.get("tests") for suite in ET.parse(tmp_path / "junit.xml").iter("testsuite")}
    assert (suites["gdpr"], suites["gdpr.theme"]) == (str(len(items)), "1")
    write_oscal(tmp_path, site, locale)
    (result,) = json.loads((tmp_path / "assessment-results.json").read_text())["assessment-results"]["results"]
    selected = {item["description"]: item for item in result["reviewed-controls"]["control-selections"]}
    assert [item["control-id"] for item in selected["GDPR: cross-cutting themes"]["include-controls"]] == ["GDPR.T.RES"]
    assert "GDPR.T.RES" not in str(selected["GDPR"])


def test_management_reads_of_themes_apart() -> None:
    site = factory.site("en")
    failing = replace(
        next(item for item in site.assessment.controls if item.control == "GDPR.T.RES"),
        status=ControlStatus.NOT_SUPPORTED,
        reasons=(Reason("policy_failed", {"policies": "s3-region-allowed"}),),
    )
    others = [item for item in site.assessment.controls if item.control != "GDPR.T.RES"]
    site = replace(site, assessment=replace(site.assessment, controls=(*others, failing)))
    law = sum(item.framework == "gdpr" and item.status is ControlStatus.NOT_SUPPORTED for item in others)
    paper = str(management_summary(site, load_locale("en")))
    assert f"without an open entry: {law} (themes, in addition: 1)." in paper


@pytest.mark.parametrize(("language", "title"), [("en", "Data residency"), ("fr", "Localisation des données")])
def test_a_theme_is_named_by_its_title(tmp_path: Path, language: str, title: str) -> None:
    """Waivers, findings, papers and pages: an id such as GDPR.T.RES is for machines."""
    site = factory.site(language)
    touched = tuple(
        replace(item, waivers=("W-001",), deviations=("W-001",)) if item.control == "GDPR.T.RES" else item
        for item in site.assessment.controls
    )
    site = replace(site, assessment=replace(site.assessment, controls=touched))
    locale = load_locale(language)
    write_registers(tmp_path, site, locale)
    write_site(tmp_path, site)
    register = (tmp_path / "data/06-registers/waivers.csv").read_text(encoding="utf-8-sig").splitlines()
    assert title in next(line for line in register if line.startswith("W-001"))
    pages = [page for page in tmp_path.rglob(f"*.{language}.html") if "GDPR.T." in words(page)]
    assert pages == []
    assert title in words(tmp_path / page_file(REGISTERS_PAGE, language))
    assert title in words(tmp_path / page_file(HOME, language))
    for table in tmp_path.rglob("*.csv"):
        assert "GDPR.T." not in table.read_text(encoding="utf-8-sig"), table


def test_the_pages_of_the_law_speak_of_no_control(tmp_path: Path) -> None:
    site = supported_only()
    write_site(tmp_path, site)
    names = [item.control for item in site.assessment.controls if item.framework == "gdpr"]
    for page in (LAW, *(control_page("gdpr", name) for name in names)):
        text = words(tmp_path / page_file(page, "en"))
        said = re.findall(r".{30}\b[Cc]ontrols?\b.{30}", text)
        assert said == [], page


def test_a_push_names_what_a_policy_only_supports_apart() -> None:
    site = supported_only()
    made = Push(site.assessment, site.library, Severity.HIGH, "en", Comparison())
    finding = next(item for item in site.assessment.findings if item.policy == "s3-encrypted")
    tested, supported = (
        [line for line in Words(made).controls(finding) if ("only supports" in line) is apart]
        for apart in (False, True)
    )
    assert (["5(1)(f)" in line for line in tested], ["32(1)(a)" in line for line in supported]) == (
        [False, True],
        [True],
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_explanation_of_a_frameworks_statuses_is_told_to_its_end(language: str) -> None:
    site, locale = factory.site(language), load_locale(language)
    library = load_library()
    told = 0
    for name, framework in library.frameworks.items():
        for block in tallies.reading(name, replace(site, library=library), locale):
            assert block.text == " ".join(framework.reading(language).split())
            told += 1
    assert told
