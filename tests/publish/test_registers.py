"""Findings, waivers, nonconformities and actions, as a person sees them in a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.model.company.workspace import Exclusion, Nonconformity
from preuve.model.content import CheckText, Text
from preuve.model.errors import Position
from preuve.model.results import ControlStatus, Reason
from preuve.publish.papers.document import Items
from preuve.publish.papers.management import management_summary
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import LIMITS_PAGE, REGISTERS_PAGE, page_file
from preuve.publish.site.writer import write_site
from preuve.publish.tables import bundle as tables
from preuve.publish.tables import registers
from preuve.publish.tables.registers import write_registers
from preuve.publish.tables.sheets import Sheet, csv_bytes, day, write_xlsx
from preuve.publish.words.approvals import waiver_counts
from preuve.publish.words.locale import load_locale

from . import factory

OPEN = Nonconformity(
    "NC-1", "2026-09-14", "audit", "A.8.13", "No restore", "major", "none", "forgot", "test it", "ciso", "2026-11-01"
)
CLOSED = Nonconformity(
    "NC-2", "2026-06-30", "check", "A.8.24", "Not encrypted", due="2026-07-01", effective="yes", closed="2026-07-02"
)
SPREADSHEET = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def site(language: str = "fr", *entries: Nonconformity) -> Site:
    made = factory.site(language, demonstration=True)
    return replace(made, workspace=replace(made.workspace, nonconformities=entries or (OPEN, CLOSED)))


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_registers(tmp_path, site(), load_locale("fr"))
    return tmp_path / "data"


def test_an_entry_is_closed_open_or_overdue_on_the_day_of_the_audit(bundle: Path) -> None:
    rows = {row["Numéro"]: row for row in read(bundle / "06-registers/nonconformities.csv")}
    assert (rows["NC-1"]["État"], rows["NC-1"]["Gradation"]) == ("En retard", "major")
    assert rows["NC-2"]["État"] == "Close"
    actions = {row["Non-conformité"]: row for row in read(bundle / "06-registers/actions.csv")}
    assert actions["NC-1"]["Efficacité\u00a0: vérifiée par, le"] == "pas encore vérifiée"
    assert actions["NC-1"]["Action corrective"] == "test it"
    assert actions["NC-2"]["Action corrective"] == "À COMPLÉTER"


@pytest.mark.parametrize(
    ("due", "closed", "expected"),
    [
        ("2026-11-28", "", "overdue"),
        ("2026-11-29", "", "open"),
        ("", "", "open"),
        ("30/06/2026", "", "unreadable"),  # neither late
        ("31/12/2026", "", "unreadable"),  # nor on time
        ("2026-06-30", "2026-07-01", "closed"),
        ("31/12/2026", "2026-07-01", "closed"),
        ("2026-06-30", "oui", "unreadable"),
    ],
)
def test_a_day_that_cannot_be_read_makes_no_state(due: str, closed: str, expected: str) -> None:
    assert registers.state(Nonconformity("NC-1", due=due, closed=closed), "2026-11-29") == expected


def test_each_contradicted_control_needs_a_grade_unless_an_open_entry_names_it() -> None:
    def named(*entries: Nonconformity) -> set[str]:
        return {item.control for item in registers.contradicted(site("en", *entries))}

    assert "A.8.24" in named(CLOSED), "a closed entry does not cover what fails again"
    for closed in ("", "en cours"):  # no day on which it was closed
        assert "A.8.24" not in named(replace(CLOSED, closed=closed))


def test_each_failing_policy_has_an_action_without_owner_or_date(bundle: Path) -> None:
    proposed = [row for row in read(bundle / "06-registers/actions.csv") if row["État"] == "Proposée"]
    assert {row["Règle"] for row in proposed} == {"iam-root-mfa", "s3-encrypted", "s3-versioning"}
    assert all(row["Responsable"] == row["Échéance"] == "À COMPLÉTER" for row in proposed)
    assert proposed[0]["Gravité"] == "critique", "the worst comes first"


def test_a_table_separates_tested_controls_from_those_only_supported(tmp_path: Path) -> None:
    made = site("en")
    (control,) = (item for item in made.assessment.controls if item.control == "GDPR.5.1.f")
    beside = replace(control, supporting=("s3-encrypted",), attention=("s3-encrypted",))
    controls = tuple(beside if item is control else item for item in made.assessment.controls)
    made = replace(made, assessment=replace(made.assessment, controls=controls))
    write_registers(tmp_path, made, load_locale("en"))
    for file in ("00-summary/findings.csv", "06-registers/actions.csv"):
        rows = [row for row in read(tmp_path / "data" / file) if row["Policy"] == "s3-encrypted"]
        assert {row["Controls and articles that a failure does not contradict"] for row in rows} == {"GDPR Art. 5(1)(f)"}, file
        assert not any("GDPR.5.1.f" in (row.get("Controls") or row.get("Control") or "") for row in rows), file


def test_a_waiver_names_its_legal_duties_and_its_unverified_approval(bundle: Path) -> None:
    rows = read(bundle / "06-registers/waivers.csv")
    assert [row["État"] for row in rows] == ["En vigueur", "Échue"]
    assert rows[0]["Articles et thèmes du RGPD concernés par la dérogation"] == "RGPD, art. 32.1.a"
    assert rows[0]["Approbation"].startswith("approbation non vérifiée\u00a0: ")


def test_every_row_is_marked_as_demonstration(bundle: Path) -> None:
    tables = sorted(bundle.rglob("*.csv"))
    assert [path.relative_to(bundle).as_posix() for path in tables] == [
        "00-summary/findings.csv",
        "01-scope/exclusions.csv",
        "05-iac/disagreements.csv",
        "06-registers/actions.csv",
        "06-registers/nonconformities.csv",
        "06-registers/waivers.csv",
    ]
    for path in tables:
        assert all(row["Se rapporte à"].startswith("DÉMONSTRATION · TechStart") for row in read(path)), path


def test_findings_in_code_have_their_file(bundle: Path) -> None:
    rows = [row for row in read(bundle / "00-summary/findings.csv") if row["Fichier"]]
    assert [row["Ressource"] for row in rows] == ["infra:aws_s3_bucket.exports", "infra:aws_s3_bucket.logs"]


def test_a_finding_in_code_says_what_is_wrong_and_not_which_check_did() -> None:
    made = site()
    check = CheckText(Text("Nothing encrypts it", "Rien ne le chiffre"), Position("checks.yaml"))
    found = registers.findings(
        replace(made, library=replace(made.library, checks={"CKV_AWS_19": check})), load_locale("fr")
    )
    (failing,) = (row for row in found.rows if "infra/s3.tf:12" in row)
    assert any(str(cell).startswith("Rien ne le chiffre.") for cell in failing), failing


def test_a_disagreement_names_the_resource_the_line_of_code_and_both_verdicts(bundle: Path) -> None:
    columns = ("ARN", "Dans le compte", "Dans le code", "Fichier", "Rapprochés par")
    assert [tuple(row[name] for name in columns) for row in read(bundle / "05-iac/disagreements.csv")] == [
        ("arn:aws:s3:::techstart-logs", "Réussite", "Échec", "infra/s3.tf:12", "nom écrit dans le code"),
        ("arn:aws:s3:::techstart-exports", "Échec", "Réussite", "infra/s3.tf:30", "état Terraform"),
    ]


def test_an_exclusion_is_listed_with_its_reason(tmp_path: Path) -> None:
    made = site()
    excluded = replace(made, workspace=replace(made.workspace, exclusions=(Exclusion("A.7.1", "=Bureaux partagés"),)))
    write_registers(tmp_path, excluded, load_locale("fr"))
    (row,) = read(tmp_path / "data/01-scope/exclusions.csv")
    assert (row["Mesure"], row["Motif"]) == ("A.7.1", "'=Bureaux partagés")


def test_failures_of_an_excluded_control_are_shown_with_its_exclusion(tmp_path: Path) -> None:
    made = site()
    reasons = (
        Reason("excluded", {"reason": "Sans objet"}),
        Reason("excluded_failing", {"findings": "42", "policies": "s3-encrypted"}),
    )
    controls = tuple(
        replace(item, status=ControlStatus.EXCLUDED, reasons=reasons) if item.control == "A.8.24" else item
        for item in made.assessment.controls
    )
    workspace = replace(made.workspace, exclusions=(Exclusion("A.8.24", "Sans objet"),))
    excluded = replace(made, assessment=replace(made.assessment, controls=controls), workspace=workspace)
    write_registers(tmp_path, excluded, load_locale("fr"))
    (row,) = read(tmp_path / "data/01-scope/exclusions.csv")
    assert row["Motif"].startswith("Sans objet ") and "s3-encrypted (constats : 42)" in row["Motif"]
    pages = tmp_path / "pages"
    write_site(pages, excluded)
    page = (pages / "data/01-scope/index.fr.html").read_text(encoding="utf-8")
    assert "s3-encrypted (constats : 42)" in " ".join(page.split())


def test_a_workbook_has_typed_dates_numbers_and_texts(bundle: Path) -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(bundle / "06-registers/waivers.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    first = dict(zip(header, sheet[2], strict=True))
    assert first["Échéance"].is_date and first["Échéance"].value.date() == date(2027, 3, 1)
    assert first["Constats"].value == 1
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:M3"


def test_an_empty_cell_of_a_workbook_is_empty_and_heads_are_printed_on_each_page(bundle: Path) -> None:
    """A spreadsheet counts an empty text; what is about the table has no heads, and nothing to filter."""
    import openpyxl

    seen = 0
    for path in bundle.rglob("*.xlsx"):
        table, *about = openpyxl.load_workbook(path).worksheets
        seen += sum(cell.value is None for row in table for cell in row)
        assert not [cell for row in table for cell in row if cell.value == ""], path
        assert (table.print_title_rows, table.sheet_properties.pageSetUpPr.fitToPage) == ("$1:$1", True)
        assert [(one.freeze_panes, one.auto_filter.ref, one.print_title_rows) for one in about] == [
            (None, None, None)
        ] * len(about)
    assert seen


def test_a_very_long_table_is_only_a_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 5)
    write_registers(tmp_path, site(), load_locale("fr"))
    assert not (tmp_path / "data/00-summary/findings.xlsx").exists()
    assert len(read(tmp_path / "data/00-summary/findings.csv")) == len(factory.findings())


def test_the_same_input_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    write_registers(tmp_path / "again", site(), load_locale("fr"))
    for path in (path for path in bundle.rglob("*") if path.is_file()):
        assert path.read_bytes() == (tmp_path / "again/data" / path.relative_to(bundle)).read_bytes()


@given(st.text(max_size=40), st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "\x00=", "＝", "\ufffe@"]))
def test_no_text_is_a_formula_in_any_form(tmp_path_factory: pytest.TempPathFactory, text: str, start: str) -> None:
    attack = start + text
    content = csv_bytes([[attack, attack]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) for cell in row)
    path = tmp_path_factory.mktemp("book") / "t.xlsx"
    write_xlsx(path, [Sheet("t", [["header"], [attack]], [10])])
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert root.findall(".//x:f", SPREADSHEET) == []
    assert {cell.attrib["t"] for cell in root.iterfind(".//x:c", SPREADSHEET)} == {"inlineStr"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [("2026-11-24T12:00:00Z", date(2026, 11, 24)), ("", ""), ("soon", "soon"), ("1899-01-01", "1899-01-01")],
)
def test_a_text_that_begins_with_a_valid_date_becomes_a_date(text: str, cell: object) -> None:
    assert day(text) == cell


def test_an_item_of_the_law_is_no_nonconformity_and_counted_apart() -> None:
    made = site("en")
    red = {item.control for item in made.assessment.controls if item.status is ControlStatus.NOT_SUPPORTED}
    iso, law = ({item.control for item in found(made)} for found in (registers.contradicted, registers.against_law))
    assert iso == {name for name in red if not name.startswith("GDPR.")}
    assert law >= {name for name in red if name.startswith("GDPR.")} != set()
    rows = registers.nonconformities(made, load_locale("en")).rows
    assert not any("GDPR" in str(cell) for row in rows if row[1] == "To be graded" for cell in row[4:5])
    only = replace(
        made,
        assessment=replace(
            made.assessment, controls=tuple(c for c in made.assessment.controls if c.framework == "gdpr")
        ),
    )
    (point,) = (text for text in told(only) if text.startswith("Contradicted controls"))
    assert point.startswith(
        "Contradicted controls without an open entry in the register of nonconformities: framework not chosen;"
    )


@pytest.mark.parametrize("status", ControlStatus)
@pytest.mark.parametrize(
    ("reasons", "deviations", "counts"),
    [
        (["policy_failed"], (), True), (["evidence_not_in_place"], (), True), (["policy_waived"], ("W-1",), True),
        (["attention", "outside", "policy_waived", "policy_not_evaluated", "evidence_missing"], (), False),
    ],
)  # fmt: skip
def test_an_item_of_the_law_is_counted_where_a_policy_fails_whatever_its_status(
    status: ControlStatus, reasons: list[str], deviations: tuple[str, ...], counts: bool
) -> None:
    made = site("en")
    first = next(item for item in made.assessment.controls if item.control == "GDPR.32.1.a")
    item = replace(first, status=status, reasons=tuple(map(Reason, reasons)), deviations=deviations)
    one = replace(made, assessment=replace(made.assessment, controls=(item,)))
    assert bool(registers.against_law(one)) is (counts and status is not ControlStatus.EXCLUDED)


def told(made: Site) -> list[str]:
    section = management_summary(made, load_locale("en")).sections[0]
    return [text for block in section.blocks if isinstance(block, Items) for text in block.items]


def test_the_summary_counts_dates_that_cannot_be_read_apart() -> None:
    said = "Entries of the register of nonconformities whose date cannot be read"
    assert any(f"{said}: 1." in text for text in told(site("en", OPEN, replace(OPEN, due="30/06/2026"))))
    assert not any(said in text for text in told(site("en")))


def test_summary_register_and_limits_count_the_same_waivers(tmp_path: Path) -> None:
    made = site("en")
    first = made.assessment.waivers[0]
    states = {"active": 3, "unused": 2, "later": 1, "expired": 4, "invalid": 5}
    waivers = tuple(
        replace(first, id=f"W-{state}-{number}", state=state, approval_verified=state == "active" and number == 0)
        for state, times in states.items()
        for number in range(times)
    )
    made = replace(made, assessment=replace(made.assessment, waivers=waivers))
    counts = waiver_counts(made.assessment.waivers)
    assert counts.all == len(waivers) == len(registers.waivers(made, load_locale("en")).rows)
    said = (
        "3 in force (2 of them without a verified approval), 2 without effect, 1 not in force yet, 4 ended, 5 not valid"
    )
    assert counts.told(load_locale("en")) == said
    write_site(tmp_path, made)
    for page in (REGISTERS_PAGE, LIMITS_PAGE):
        assert said in (tmp_path / page_file(page, "en")).read_text(encoding="utf-8")
    (point,) = (text for text in told(made) if text.startswith("Waivers: ended"))
    expected = "Waivers: ended 4, not valid 5, in force without a verified approval 2."
    assert point.startswith(expected)
