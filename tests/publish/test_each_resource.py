"""A finding about several resources: every output names each of them, and counts as `results.jsonl` does."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from preuve.model.layout import SUMMARY
from preuve.model.results import Finding, FindingStatus, Reason, by_resource
from preuve.publish.exchange import ciso_assistant, defectdojo, ocsf
from preuve.publish.exchange.entries import Results
from preuve.publish.junit import write_junit
from preuve.publish.oscal.files import POAM, write_oscal
from preuve.publish.oscal.files import RESULTS as OSCAL
from preuve.publish.papers.document import Grid
from preuve.publish.papers.sample import Sample
from preuve.publish.papers.working_paper import WorkingPapers
from preuve.publish.results import read_lines, write_results
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import FINDINGS, LIMITS_PAGE, control_page, page_file, policy_page
from preuve.publish.site.views import Facts
from preuve.publish.site.writer import write_site
from preuve.publish.tables.registers import write_registers
from preuve.publish.terminal.explanation import Explainer
from preuve.publish.terminal.newest_bundle import NewestBundle
from preuve.publish.words.locale import load_locale
from preuve.publish.words.names import place_name

from . import factory

S = FindingStatus
EN = load_locale("en")
NAMES = ["aws_s3_bucket.first", "module.invoices.aws_s3_bucket.this", "aws_s3_bucket.third[0]"]
Named = Counter[tuple[str, str]]  # of NOT_EVALUATED, by policy and resource


def undecided(policy: str, several: int, detail: str = "unresolved: var.key") -> Finding:
    """What one cause leaves undecided on so many resources."""
    places = [factory.code(name, f"infra/{number}.tf", number + 3) for number, name in enumerate(NAMES[:several])]
    values = {"detail": detail, **({"resources": str(several)} if several > 1 else {})}
    first, *others = places
    reason = Reason("iac_unknown", values)
    return factory.finding(policy, S.NOT_EVALUATED, reason, first, checks=("CKV_AWS_19",), also=tuple(others))


FOUND = (*factory.findings(), undecided("s3-encrypted", 3), undecided("kms-rotation", 2), undecided("s3-versioning", 1))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """A site of which a policy is undecided for one resource, and others for several, with its outputs."""
    site, folder = factory.site("en", found=FOUND), tmp_path_factory.mktemp("each")
    write_site(folder, site)
    write_registers(folder, site, EN)
    write_results(folder / "results.jsonl", site.assessment)
    write_junit(folder / "junit.xml", site.assessment, site.library, controls=False)
    write_oscal(folder, site, EN)
    return site, folder


@pytest.fixture(scope="module")
def named(made: tuple[Site, Path]) -> Named:
    """What `results.jsonl` names, read by its schema alone."""
    found: Named = Counter()
    for line in read_lines(made[1] / "results.jsonl"):
        if line["kind"] == "finding" and line["status"] == S.NOT_EVALUATED:
            for place in (line["place"], *line.get("also", ())):
                root, name = place.get("root", ""), place["id"] or place["type"]
                found[line["policy"], f"{root}:{name}" if root else name] += 1
    assert len(found) > sum(item.status is S.NOT_EVALUATED for item in FOUND)
    return found


def page(folder: Path, name: str) -> str:
    return (folder / page_file(name, "en")).read_text("utf-8")


def rows_of_pages(folder: Path) -> Iterator[tuple[str, str]]:
    for policy in factory.POLICIES:
        for row in page(folder, policy_page(policy)).split("<tr>"):
            if "is-open>" in row and "<th scope=row>" in row:
                head = row.partition("<th scope=row>")[2].partition("<td")[0]
                yield from ((policy, name) for name in re.findall(r"<bdi>(.*?)</bdi>", head))


def searched(folder: Path) -> tuple[Named, int]:
    """What the search lists, and how many findings it counts."""
    index = json.loads(page(folder, FINDINGS).partition('id="index">')[2].partition("</script>")[0])
    told = list(zip(index["findings"][::3], index["findings"][1::3], index["findings"][2::3], strict=True))
    open_ = [at for at, (status, _, _) in enumerate(told) if index["statuses"][status] == S.NOT_EVALUATED]
    rows = Counter((index["policies"][told[at][1]][0], index["resources"][told[at][2]][0]) for at in open_)
    return rows, len({index["several"].get(str(at), at) for at in open_})


def tables(folder: Path) -> Iterator[list[str]]:
    with (folder / SUMMARY / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=";")


def test_pages_search_and_tables_name_each_resource(made: tuple[Site, Path], named: Named) -> None:
    _, folder = made
    findings = sum(item.status is S.NOT_EVALUATED for item in FOUND)
    assert Counter(rows_of_pages(folder)) == named
    assert searched(folder) == (named, findings)
    open_ = EN.word("finding", S.NOT_EVALUATED)
    assert Counter((row[2], row[4]) for row in tables(folder) if row[0] == open_) == named
    sheet = load_workbook(folder / SUMMARY / "findings.xlsx").worksheets[0]
    rows = [[str(cell) for cell in row] for row in sheet.values]
    assert Counter((row[2], row[4]) for row in rows if row[0] == open_) == named
    limits = page(folder, LIMITS_PAGE)
    told = [int(number) for number in re.findall(r"<small>(\d+) resources</small>", limits)]
    assert sorted(told) == sorted(len(item.places) for item in FOUND if item.also)


@pytest.mark.parametrize(("others", "more"), [(5, ""), (6, "and 1 other resource"), (40, "and 35 other resources")])
def test_a_page_of_a_control_names_the_first_of_many_and_that_of_the_policy_all(
    tmp_path: Path, others: int, more: str
) -> None:
    first, *rest = (factory.code(f"aws_s3_bucket.n{number}", "infra/m.tf", 1) for number in range(1 + others))
    reason = Reason("iac_unknown", {"detail": "unresolved: var.key", "resources": str(1 + others)})
    undecided_ = factory.finding("s3-encrypted", S.NOT_EVALUATED, reason, first, also=tuple(rest))
    write_site(tmp_path, factory.site("en", found=(undecided_,)))
    named = re.compile(r"<bdi>(?:infra:)?aws_s3_bucket\.n\d+</bdi>")
    assert len(named.findall(page(tmp_path, policy_page("s3-encrypted")))) == 1 + others
    control = page(tmp_path, control_page("iso27001-2022", "A.8.24"))
    assert len(named.findall(control)) == 1 + min(others, 5)
    assert not more or f"<div>{more}</div>" in control


def test_other_tools_get_each_resource(made: tuple[Site, Path], named: Named) -> None:
    results = Results(made[0], EN)
    events = [json.loads(line) for line in ocsf.lines(results).splitlines()]
    told = Counter(
        (item["compliance"]["control"], item["resources"][0]["name"])
        for item in events
        if item["status_code"] == S.NOT_EVALUATED
    )
    assert told == named
    document = json.loads(defectdojo.report(results))
    open_ = [item for item in document["findings"] if "not-evaluated" in item["tags"]]
    titles = {name: made[0].library.title(name, "en") for name in factory.POLICIES}
    assert Counter(item["title"] for item in open_) == Counter(
        {f"{titles[policy]}: {name}": number for (policy, name), number in named.items()}
    )
    sheet = ciso_assistant.files(results)["2-vulnerabilities.csv"].decode("utf-8-sig")
    rows = [row for row in csv.DictReader(sheet.splitlines()) if "Not evaluated" in row["description"]]
    assert len({row["ref_id"] for row in rows}) == len(rows) == named.total()
    ids = [item["unique_id_from_tool"] for item in open_]
    assert sorted(ids) == sorted(row["ref_id"] for row in rows)


def test_papers_oscal_junit_and_the_terminal_name_each_resource(made: tuple[Site, Path]) -> None:
    site, folder = made
    several = [item for item in FOUND if item.also]
    texts = {name: (folder / name).read_text("utf-8") for name in ("junit.xml", OSCAL)}
    control = next(item for item in site.assessment.controls if item.control == "A.8.24")
    control = replace(control, policies=("kms-rotation",), supporting=())
    papers = WorkingPapers(site, Facts(site), EN)
    sections = papers.paper(control, Sample("", 0, ())).sections
    grids = (block for section in sections for block in section.blocks if isinstance(block, Grid))
    texts["paper"] = " ".join(cell for grid in grids for row in grid.rows for cell in row)
    for item in several:
        names = [place_name(place) for place in item.places]
        assert all(name in texts["junit.xml"] for name in names)
        assert all(f"({place.file}:{place.line})" in texts["junit.xml"] for place in item.also)
        if item.policy in control.policies:
            assert all(name in texts["paper"] for name in names)
        latest = NewestBundle(folder, factory.NOW, (item,))
        said = str(Explainer(site.library, EN, latest=latest).policy(site.library.policies[item.policy], ()))
        assert all(name in said for name in names)
    document = json.loads(texts[OSCAL])["assessment-results"]["results"][0]
    for seen in document["observations"]:
        about = {item["name"]: item["value"] for item in seen.get("props", ())}
        if about.get("status") == S.NOT_EVALUATED and about["source"] == "iac":
            policy = seen["relevant-evidence"][0]["href"].rpartition("/")[2].removesuffix(".json")
            open_ = [it for it in FOUND if (it.policy, it.source, it.status) == (policy, "iac", S.NOT_EVALUATED)]
            assert len(seen["subjects"]) == len(list(by_resource(open_)))
            assert about["count"] == str(len(open_))
    assert (folder / POAM).is_file()
