"""The Statement of Applicability: every control of Annex A with its reason, in three forms that a reader can trust."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from content_copy import bundled
from preuve.model.company.workspace import Decision, Exclusion
from preuve.model.layout import REFERENCE
from preuve.model.results import Assessment, ControlResult, ControlStatus, EvidenceResult, Reason
from preuve.model.snapshot import Meta
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import HOME, LIMITS_PAGE, SOA, control_page, page_file
from preuve.publish.site.writer import write_site
from preuve.publish.tables.bundle import Table, write_table
from preuve.publish.tables.sheets import Sheet, csv_bytes, neutral, write_xlsx
from preuve.publish.tables.soa import soa_rows, write_soa
from preuve.publish.words.locale import load_locale

from . import factory
from .test_site import read

NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
ATTACK = "=cmd|' /C calc'!A1"
EXCLUDED = Exclusion("A.8.30", f"{ATTACK} <script>alert(1)</script>")
DECIDED = Decision("A.8.24", "Risks R-004 and R-011.", "ciso", "2026-04-15", "partly")


def result(name: str, framework: str) -> ControlResult:
    control = bundled().control(name)
    assert control is not None
    status = ControlStatus.EXCLUDED if name == EXCLUDED.control else ControlStatus.NOT_ASSESSED
    evidence = tuple(EvidenceResult(item, "missing") for item in control.evidence)
    policies = tuple(link.policy for link in control.policies)
    return ControlResult(name, framework, status, (Reason("not_assessed"),), policies, control.planned, evidence)


def whole(language: str = "fr", *, demonstration: bool = True) -> Site:
    """The whole catalogue, nothing assessed, one control excluded and one decided."""
    results = tuple(
        result(control.id, framework.id)
        for framework in bundled().frameworks.values()
        for control in framework.controls
    )
    workspace = replace(factory.workspace(language), exclusions=(EXCLUDED,), decisions=(DECIDED,))
    assessment = Assessment(factory.NOW, (), {}, results, ())
    return Site(assessment, bundled(), workspace, Meta("0"), demonstration=demonstration)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("soa")
    write_soa(path / REFERENCE, whole(), load_locale("fr"))
    return path


@pytest.fixture(scope="module")
def table(folder: Path) -> list[dict[str, str]]:
    text = (folder / REFERENCE / "soa.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sheet(path: Path, number: int = 1) -> list[list[str]]:
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    return [
        ["".join(cell.itertext()) for cell in row.findall("x:c", NAMES)]
        for row in root.findall("x:sheetData/x:row", NAMES)
    ]


def test_all_93_controls_are_in_the_statement_in_the_order_of_the_standard(table: list[dict[str, str]]) -> None:
    names = [row["Mesure"] for row in table]
    assert len(names) == len(set(names)) == 93
    assert (names[0], names[-1]) == ("A.5.1", "A.8.34")
    assert names == sorted(names, key=lambda name: [int(part) for part in name[2:].split(".")])


def test_every_control_has_an_answer_a_reason_an_owner_a_quarter_and_a_date(table: list[dict[str, str]]) -> None:
    for row in table:
        assert row["Applicable"] in ("oui", "non")
        for column in ("Intitulé", "Justification", "Statut", "Preuve", "Responsable", "Statut au"):
            assert row[column], (row["Mesure"], column)
        assert re.fullmatch("T[1-4]", row["Audit proposé"]), row["Mesure"]


def test_an_excluded_control_has_the_reason_of_the_workspace(table: list[dict[str, str]]) -> None:
    (row,) = [row for row in table if row["Mesure"] == "A.8.30"]
    assert (row["Applicable"], row["Statut"]) == ("non", "Exclu")
    assert row["Justification"] == f"'{EXCLUDED.reason}"
    assert [other["Mesure"] for other in table if other["Applicable"] == "non"] == ["A.8.30"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_redaction_removed_is_named_in_the_language_of_the_table(tmp_path: Path, language: str) -> None:
    """As on pages, in each cell and each form of a table."""
    t, site = load_locale(language), whole(language)
    left = "seen [removed: announced]"
    said = replace(EXCLUDED, reason=left)
    write_soa(tmp_path, replace(site, workspace=replace(site.workspace, exclusions=(said,))), t)
    write_table(tmp_path / "any", Table("site.nav.soa", (("site.col.title", 9),), [[left]]), site, t)
    for name in ("soa", "any"):
        rows = sheet(tmp_path / f"{name}.xlsx")
        told = (tmp_path / f"{name}.csv").read_text("utf-8-sig"), "".join(map("".join, rows))
        assert all(t.readable(left) in text and "[removed: " not in text.replace(t.readable(left), "") for text in told)


def test_a_recorded_decision_gives_the_reason_and_other_rows_state_that_none_is_recorded(
    table: list[dict[str, str]],
) -> None:
    (row,) = [row for row in table if row["Mesure"] == "A.8.24"]
    assert (row["Justification"], row["Décidé le"], row["Responsable"]) == (DECIDED.justification, "2026-04-15", "ciso")
    others = [row for row in table if row["Mesure"] not in ("A.8.24", "A.8.30")]
    assert all("Aucun motif n'est consigné" in row["Justification"] for row in others)
    assert not any("À COMPLÉTER" in cell for row in table for cell in row.values())
    assert any("GOV-03" in row["Justification"] for row in others if row["Mesure"] == "A.5.1")


def test_implementation_has_its_own_column(table: list[dict[str, str]]) -> None:
    told = {row["Mesure"]: row["Mise en œuvre"] for row in table}
    assert (told.pop("A.8.24"), told.pop("A.8.30")) == ("en partie", "non")
    assert set(told.values()) == {"non consignée"}, "nobody said so: no evidence stands for it"


def test_every_row_of_a_demonstration_is_marked(table: list[dict[str, str]]) -> None:
    assert all(row["Version de la déclaration"].startswith("DÉMONSTRATION") for row in table)
    assert all("2022+Amd1:2024" in row["Version de la déclaration"] for row in table)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    (line,) = csv.reader(
        io.StringIO(csv_bytes([[f"{start}1+1", "plain"]]).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    assert line[0][0] == "'"
    assert line[1] == "plain"
    assert neutral("a=1") == "a=1"


def test_the_csv_opens_in_a_french_spreadsheet(folder: Path) -> None:
    content = (folder / REFERENCE / "soa.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfMesure;")


def test_the_workbook_has_the_same_rows_as_text(folder: Path, table: list[dict[str, str]]) -> None:
    rows = sheet(folder / REFERENCE / "soa.xlsx")
    assert len(rows) == 94
    assert [row[0] for row in rows[1:]] == [row["Mesure"] for row in table]
    with zipfile.ZipFile(folder / REFERENCE / "soa.xlsx") as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in text and "<script>" not in text
    assert set(re.findall(r' t="(\w+)"', text)) == {"inlineStr"}
    import openpyxl

    cells = [cell for row in openpyxl.load_workbook(folder / REFERENCE / "soa.xlsx").worksheets[0] for cell in row]
    assert {cell.value.date().isoformat() for cell in cells if cell.is_date} == {"2026-04-15", "2026-11-24"}
    about = dict(sheet(folder / REFERENCE / "soa.xlsx", 2))
    assert about["Organisme"] == "TechStart"
    assert "DÉMONSTRATION" in about


def test_the_workbook_links_to_the_pages_of_the_controls(tmp_path: Path) -> None:
    write_soa(tmp_path / REFERENCE, whole(), load_locale("fr"))
    write_site(tmp_path, whole())
    with zipfile.ZipFile(tmp_path / REFERENCE / "soa.xlsx") as book:
        assert book.testzip() is None
        links = ElementTree.fromstring(book.read("xl/worksheets/_rels/sheet1.xml.rels"))
    targets = [item.attrib["Target"] for item in links]
    assert len(targets) == 2 * 93
    assert all((tmp_path / REFERENCE / target).is_file() for target in targets)


def test_the_same_input_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_soa(tmp_path, whole(), load_locale("fr"))
    for name in ("soa.csv", "soa.xlsx"):
        assert (tmp_path / name).read_bytes() == (folder / REFERENCE / name).read_bytes()


def test_a_workbook_keeps_texts_that_look_like_excel_escapes(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "t.xlsx", [Sheet("t", [["_x0041_ & <b>", "a\x00b", "x" * 40_000]], [10, 10, 10])])
    ((escaped, cleaned, cut),) = sheet(tmp_path / "t.xlsx")
    assert (escaped, cleaned, len(cut)) == ("_x005F_x0041_ & <b>", "ab", 32_767)


def test_both_languages_have_the_page_and_its_link(tmp_path: Path) -> None:
    write_soa(tmp_path / REFERENCE, whole(), load_locale("fr"))
    write_site(tmp_path, whole())
    for language, yes in (("en", "yes"), ("fr", "oui")):
        page = read(tmp_path / page_file(SOA, language))
        assert page.broken == []
        assert len(page.named("tr")) == 94
        assert yes in page.text and EXCLUDED.reason in page.text
        assert "%" not in page.text
        home = read(tmp_path / page_file(HOME, language))
        assert f"../02-reference/soa.{language}.html" in {link["href"] for link in home.named("a")}
        assert {"soa.csv", "soa.xlsx"} <= {link["href"] for link in page.named("a")}


def test_without_iso_27001_there_is_no_statement(tmp_path: Path) -> None:
    site = whole()
    only = tuple(item for item in site.assessment.controls if item.framework == "gdpr")
    site = replace(site, assessment=replace(site.assessment, controls=only))
    assert soa_rows(site, load_locale("en")) == []
    write_site(tmp_path, site)
    write_soa(tmp_path / REFERENCE, site, load_locale("en"))
    assert not list((tmp_path / REFERENCE).glob("soa.*"))
    assert not [link for link in read(tmp_path / page_file(HOME, "en")).named("a") if "soa" in link["href"]]


def test_a_control_names_the_quarter_of_its_internal_audit(tmp_path: Path) -> None:
    write_site(tmp_path, whole("en"))
    control = read(tmp_path / page_file(control_page("iso27001-2022", "A.8.24"), "en")).text
    assert "Proposed for the internal audit in Q2: Identity, access, cryptography and networks." in control
    limits = read(tmp_path / page_file(LIMITS_PAGE, "fr")).text
    assert "Éléments de preuve manuels manquants, périmés, non revus" in limits
    assert "GOV-03" in limits and "T1" in limits
