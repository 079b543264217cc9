"""Papers: what a manager and an auditor find on them, in both languages, on a screen and in PDF/A."""

from __future__ import annotations

import csv
import errno
import io
import re
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import typst

from preuve.assess.changes.comparison import Comparison
from preuve.library.yaml.place import content_root
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Nonconformity
from preuve.model.content import Severity, Text
from preuve.model.errors import PreuveError
from preuve.model.results import ControlStatus, FindingStatus, Reason
from preuve.model.snapshot import Listing, Unread
from preuve.publish.history.history import History
from preuve.publish.history.runs import ChainRun
from preuve.publish.papers import files, pdf
from preuve.publish.papers.document import Document, Grid, Items, Prose, Section
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.pdf import pdf as make_pdf
from preuve.publish.papers.pdf import write_pdfs
from preuve.publish.papers.pdf_compression import compress
from preuve.publish.papers.report import audit_report
from preuve.publish.papers.sample import Sample
from preuve.publish.papers.tallies import control_number
from preuve.publish.papers.working_paper import WorkingPapers
from preuve.publish.site.facts import Site
from preuve.publish.site.views import Facts as Index
from preuve.publish.words.locale import load_locale
from preuve.publish.words.origins import reading_sentences, sources

from .. import factory
from ..test_site import read

HOSTILE = '#panic("x") *b* $x$ <a> @ref \\ `c` // 一 😀 \u202e\x00 ﷽'


def site(language: str = "fr") -> Site:
    made = factory.site(language, demonstration=True)
    entry = Nonconformity("NC-1", "2026-09-14", "audit", "A.8.13", HOSTILE, owner="ciso", due="2026-11-01")
    return replace(made, workspace=replace(made.workspace, nonconformities=(entry,), organisation=HOSTILE))


def paper(*texts: str) -> Document:
    section = Section(HOSTILE, [*(Prose(text) for text in texts), Grid([HOSTILE], [[HOSTILE]], [1])])
    return Document("fr", "Titre", "", "2026-11-24", HOSTILE, HOSTILE, [section])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers")
    files.write_papers(path, site())
    return path / "data"


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


def test_the_management_summary_is_one_page_in_both_languages() -> None:
    for language in ("en", "fr"):
        content = make_pdf(management_summary(site(language), load_locale(language)), "TechStart")
        assert pages(content) == 1


def test_a_long_management_summary_stays_one_page() -> None:
    made = factory.site("fr", demonstration=True)
    long = {
        name: replace(item, rationale=Text("because it is so " * 10, "parce que c'est ainsi " * 4))
        for name, item in made.library.policies.items()
    }
    failing = [replace(made.assessment.findings[0], policy=name, status=FindingStatus.FAIL) for name in long]
    chain = (ChainRun(41, "audit", "2026-08-20T10:00:00Z", "0123456789abcdef" * 4),)
    history = History((), Comparison("2026-Q3", "2026-Q4", (), {}), (), (), chain)
    made = replace(
        made,
        library=replace(made.library, policies=long),
        assessment=replace(made.assessment, findings=(*made.assessment.findings, *failing)),
        history=history,
    )
    assert len(failing) >= 5
    assert pages(make_pdf(management_summary(made, load_locale("fr")), "TechStart")) == 1


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("open_", [(), ("high",), ("critical",), ("critical", "high"), ("low",)])
def test_a_number_is_a_lower_bound_in_the_summary_where_it_is_in_the_committees_paper(
    language: str, open_: tuple[str, ...]
) -> None:
    """There, too, a number of failures is one only if everything of its severity was evaluated."""
    t = load_locale(language)
    failing, undecided = factory.findings()[0], factory.findings()[3]
    undecided = replace(undecided, status=FindingStatus.NOT_EVALUATED)
    found = (
        *(replace(failing, severity=severity) for severity in (Severity.CRITICAL, Severity.HIGH)),
        *(replace(undecided, severity=Severity(name)) for name in open_),
    )
    (points,) = (
        block.items
        for block in management_summary(factory.site(language, found=found), t).sections[0].blocks
        if isinstance(block, Items)
    )
    said = {name: f"{t.word('severity', name)} {'≥ ' if name in open_ else ''}1" for name in ("critical", "high")}
    if language == "en":
        assert all(text in points[0] for text in said.values())
    assert points[0].count("≥ 1") == len({"critical", "high"} & {*open_})
    assert (t("decide.grave.open") in points[0]) == bool({"critical", "high"} & {*open_})


def test_the_management_summary_begins_with_decisions() -> None:
    made = site("en")
    section = management_summary(made, load_locale("en")).sections[0]
    (points,) = (block.items for block in section.blocks if isinstance(block, Items))
    grave, _, to_grade, law, evidence, *_ = points
    assert grave.startswith("Failing: critical 1, high ≥ 3 (≥: not everything of this severity was evaluated). Decide")
    assert "overdue entries: 1. Check whether each is a nonconformity" in to_grade
    assert "GDPR items" in law and "10.2" not in law
    assert evidence.startswith("Manual evidence: missing 1, out of date ")
    assert points[-1].startswith("Problems not evaluated because")


def test_the_pdfs_declare_pdf_a_and_their_language(bundle: Path) -> None:
    for name in ("management-summary.pdf", "audit-report.pdf"):
        content = (bundle / "00-summary" / name).read_bytes()
        assert b"<pdfaid:part>2</pdfaid:part>" in content and b"<pdfaid:conformance>A</pdfaid:conformance>" in content
        assert b"/Lang(fr)" in content
        assert b"2026-11-24" in content, "the date of the audit and not of today"
        other = (bundle / "00-summary" / name.replace(".pdf", ".en.pdf")).read_bytes()
        assert b"/Lang(en)" in other


def test_a_pdf_is_packed_and_has_the_same_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    report = audit_report(site("fr"), load_locale("fr"))
    small = make_pdf(report, "TechStart")
    monkeypatch.setattr(pdf, "compress", lambda made: made)
    whole = make_pdf(report, "TechStart")
    assert len(small) < len(whole) / 2
    wanted = {
        int(number): body.strip() for number, body in re.findall(rb"(?m)^(\d+) 0 obj\s(.*?)\sendobj$", whole, re.DOTALL)
    }
    found = objects(small)
    assert len(wanted) > 100 and {number: found[number] for number in wanted} == wanted


def objects(content: bytes) -> dict[int, bytes]:
    """Return the objects that a PDF reader finds, at the offsets in the table at the end."""
    start = int(content.rsplit(b"startxref", 1)[1].split()[0])
    table = unpacked(content, start)
    found = {}
    for number in range(len(table) // 7):
        kind, where, index = struct.unpack(">BIH", table[7 * number : 7 * number + 7])
        if kind == 1:
            assert content[where:].startswith(b"%d 0 obj" % number)
            found[number] = content[where:].split(b" obj", 1)[1].split(b"endobj", 1)[0].strip()
        elif kind == 2:
            at = struct.unpack(">BIH", table[7 * where : 7 * where + 7])[1]
            first = int(re.search(rb"/First (\d+)", content[at:])[1])  # type: ignore[index]
            text = unpacked(content, at)
            places = [int(one) for one in text[:first].split()]
            assert places[2 * index] == number
            end = places[2 * index + 3] if 2 * index + 3 < len(places) else len(text)
            found[number] = text[first + places[2 * index + 1] : first + end].strip()
    return found


def unpacked(content: bytes, at: int) -> bytes:
    return zlib.decompress(content[at:].split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0])


def test_a_file_that_typst_did_not_write_stays_unchanged() -> None:
    for content in (b"", b"%PDF-1.7\nnothing", b"%PDF-1.7\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF"):
        assert compress(content) == content


def test_the_same_input_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    files.write_papers(tmp_path, site())
    written = sorted(path for path in bundle.rglob("*") if path.is_file())
    assert len(written) > 20
    for path in written:
        assert path.read_bytes() == (tmp_path / "data" / path.relative_to(bundle)).read_bytes(), path


def test_no_text_is_markup_and_every_supported_character_can_be_drawn() -> None:
    everything = "".join(chr(code) for first, last in pdf._DRAWN for code in range(first, last + 1))
    assert pages(make_pdf(paper(HOSTILE, *everything), HOSTILE)) >= 1
    with pytest.raises(typst.TypstError, match="could not be displayed"):  # else the test above shows nothing
        typst.compile("一".encode(), pdf_standards="a-2a", ignore_system_fonts=True)


_PRINTS = """
import sys
from pathlib import Path
from preuve.publish.papers.document import Document
from preuve.publish.papers.pdf import write_pdfs
write_pdfs({Path(sys.argv[1]): Document("fr", "Titre", "", "2026-11-24", "", "", [])}, "TechStart")
assert "typst" not in sys.modules, "it keeps a hundred megabytes"
"""


def test_the_compiler_takes_its_memory_along_when_the_pdfs_are_made(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _PRINTS, str(tmp_path / "a.pdf")], check=True)
    assert pages((tmp_path / "a.pdf").read_bytes()) == 1


def test_a_pdf_that_cannot_be_made_ends_the_run_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_PROGRAM", (sys.executable, "-c", "raise ValueError('no such font')"))
    with pytest.raises(PreuveError, match="no such font"):
        write_pdfs({tmp_path / "a.pdf": paper("words")}, "TechStart")


@pytest.mark.parametrize(("path", "number"), [("/dev/full", errno.ENOSPC), ("/proc/é.pdf", errno.ENOENT)])
def test_a_disk_that_takes_no_pdf_is_no_defect_of_preuve(path: str, number: int) -> None:
    with pytest.raises(OSError, match=r"é|full") as told:
        write_pdfs({Path(path): paper("words")}, "TechStart")
    assert (told.value.errno, told.value.filename) == (number, path)


def test_without_the_extra_there_is_no_pdf_but_every_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    files.write_papers(tmp_path, site())
    assert list(tmp_path.rglob("*.pdf")) == []
    assert (tmp_path / "data/00-summary/audit-report.fr.html").is_file()


def test_papers_need_no_other_file_and_link_to_the_other_language(bundle: Path) -> None:
    found = sorted(bundle.rglob("*.html"))
    assert len(found) == 2 * (2 + len(factory.assessment().controls))
    for path in found:
        page = read(path)
        assert page.broken == []
        assert not page.named("script")
        (link,) = page.named("a")
        assert (path.parent / link["href"]).is_file() and link["lang"] != path.name.split(".")[-2]
        assert "DÉMONSTRATION" in page.text or "DEMONSTRATION" in page.text
        assert "%" not in page.text, "no paper prints an overall percentage"


def test_a_working_paper_has_population_exceptions_waivers_and_room_for_a_conclusion(bundle: Path) -> None:
    paper = read(bundle / "04-gdpr/GDPR.32.1.a/working-paper.en.html")
    for text in ("techstart-exports", "the DPO, if there is one", "preuve assess --bundle .", "Conclusion"):
        assert text in paper.text, text
    assert "sha256sum -c --quiet manifest-sha256.txt" in paper.text
    assert paper.text.count("techstart-payroll") == 1, "not evaluated is an exception, and not in the sample"


def test_a_working_paper_says_whether_the_approver_of_a_waiver_signed_it(bundle: Path) -> None:
    """An auditor signs the paper: a name alone would read as consent."""
    for language, words in (("en", "approval not verified"), ("fr", "approbation non vérifiée")):
        paper = read(bundle / f"03-controls/A.8.13/working-paper.{language}.html").text
        assert "Paul M." in paper and words in paper


def test_the_exceptions_shown_are_the_gravest_failures() -> None:
    made = factory.site("en")
    (control,) = (item for item in made.assessment.controls if item.control == "A.8.24")
    worst, least = Severity.CRITICAL, Severity.LOW
    failing = [item for item in made.assessment.findings if item.policy in control.deciding][:1]
    one = replace(failing[0], status=FindingStatus.FAIL, severity=least)
    more = [replace(one, place=replace(one.place, id=f"minor-{number}")) for number in range(9)]
    grave = replace(one, severity=worst, place=replace(one.place, id="the-gravest"))
    findings = (replace(one, status=FindingStatus.NOT_EVALUATED, severity=worst), *more, grave)
    site = replace(made, assessment=replace(made.assessment, findings=findings))
    locale = load_locale("en")
    papers = WorkingPapers(site, Index(site), locale)
    sections = {section.title: section.blocks for section in papers.paper(control, Sample("", 0, ())).sections}
    grid = next(block for block in sections[locale("paper.exceptions")] if isinstance(block, Grid))
    assert [row[1] for row in grid.rows][:2] == ["the-gravest", "minor-0"]


def test_what_the_company_left_out_is_counted_apart() -> None:
    made = factory.site("fr")
    (control,) = (item for item in made.assessment.controls if item.control == "A.8.24")
    first = next(item for item in made.assessment.findings if item.policy in control.deciding)
    of = {"left_out": ["old", "older"], "asserted": ["new"], "no_resource": [""]}
    found = tuple(
        replace(
            first,
            status=FindingStatus.PASS if code == "asserted" else FindingStatus.NOT_APPLICABLE,
            reason=Reason(code, {"reason": "abandoned", "type": "x", "regions": "global"}),
            place=replace(first.place, id=name, root="."),
        )
        for code, names in of.items()
        for name in names
    )
    site = replace(made, assessment=replace(made.assessment, findings=found))
    text = str(WorkingPapers(site, Index(site), load_locale("fr")).paper(control, Sample("", 0, ())))
    assert "Réussite 1, Sans objet 1, Exclus par l'organisme 2" in text
    assert "2 de ces ressources sont exclues du périmètre par l'organisme." in text
    assert "déclarées\\xa0: racine de l'espace de travail." in text


def test_a_manual_control_states_that_no_policy_is_linked(bundle: Path) -> None:
    paper = read(bundle / "03-controls/A.5.1/working-paper.en.html").text
    assert "No policy is linked" in paper and "No resource failed" not in paper
    assert not (bundle / "03-controls/A.5.1/sample.csv").exists()


def test_the_sample_contains_keys_verdicts_and_its_method(bundle: Path) -> None:
    text = (bundle / "03-controls/A.8.13/sample.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert {row["Ressource"] for row in rows} == {"techstart-exports", "techstart-logs", "techstart-pictures"}
    assert "A.8.13@2026-11-24T12:00:00Z" in rows[0]["Méthode"], "said once, for all rows"
    assert all(row["Examiné par l'auditeur"] == "" for row in rows)


def test_the_population_has_each_place_with_its_verdicts(bundle: Path) -> None:
    text = (bundle / "03-controls/A.8.24/population.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    (cloud,) = [row for row in rows if row["Règle"] == "s3-encrypted" and row["Région"] == "eu-west-3"]
    assert (cloud["Échec"], cloud["Non évalué"], cloud["Réussite"]) == ("2", "1", "1")
    (code,) = [row for row in rows if row["Compte ou code"] == "infra"]
    assert (code["Échec"], code["Réussite"]) == ("1", "1")


def test_report_and_working_paper_explain_how_to_read_an_item_of_the_law(bundle: Path) -> None:
    for paper in ("00-summary/audit-report", "04-gdpr/GDPR.32.1.a/working-paper"):
        assert "The law prescribes no setting." in (bundle / f"{paper}.en.html").read_text(encoding="utf-8")
    other = bundle / "03-controls/A.8.24/working-paper.en.html"
    assert "The law prescribes no setting." not in other.read_text(encoding="utf-8")


def test_the_report_lists_every_control_that_is_not_fully_supported() -> None:
    grids = [
        block
        for section in audit_report(site("en"), load_locale("en")).sections
        for block in section.blocks
        if isinstance(block, Grid)
    ]
    listed = {row[0] for grid in grids for row in grid.rows}
    for result in factory.assessment().controls:
        name = control_number(result.control, site("en"), load_locale("en")) or "—"
        assert (name in listed) == (result.status.value not in ("SUPPORTED", "EXCLUDED")), name


def test_section_5_is_one_table_with_a_row_for_each_control() -> None:
    (section,) = (item for item in audit_report(site("fr"), load_locale("fr")).sections if item.title.startswith("5."))
    (grid,) = (block for block in section.blocks if isinstance(block, Grid))
    row = next(row for row in grid.rows if row[0] == "A.8.24")
    assert row[2:] == ["Contredit", "3", "—", "2", "—", "1"]
    assert max(len(cell) for row in grid.rows for cell in row) < 120


def failing_controls(made: Site, language: str) -> dict[str, str]:
    """The controls beside each failing policy in the report's section 4."""
    t = load_locale(language)
    (section,) = (item for item in audit_report(made, t).sections if item.title.startswith("4."))
    (grid,) = (block for block in section.blocks if isinstance(block, Grid))
    return {row[1]: row[3] for row in grid.rows}


def test_the_report_cites_articles_as_lawyers_do_and_marks_supporting_policies() -> None:
    made = site("fr")
    title = made.library.title("s3-encrypted", "fr")
    assert failing_controls(made, "fr")[title] == "A.8.24\u00a0; RGPD, art. 5.1.f\u00a0; RGPD, art. 32.1.a"
    controls = [
        replace(item, supporting=item.policies) if "s3-encrypted" in item.policies else item
        for item in made.assessment.controls
    ]
    made = replace(made, assessment=replace(made.assessment, controls=tuple(controls)))
    told = "aucune (point d'attention pour A.8.24\u00a0; RGPD, art. 5.1.f\u00a0; RGPD, art. 32.1.a)"
    assert failing_controls(made, "fr")[title] == told
    assert all(failing_controls(made, "en").values())


@pytest.mark.parametrize(
    ("types", "said", "not_said"),
    [
        (["AWS::S3::Bucket"], ["AWS resources were read", "CloudTrail logs"], ["code", "GitHub", "register"]),
        (
            ["GitHub::Repository"],
            ["GitHub was read through its API", "CloudTrail does not"],
            ["AWS", "code", "register"],
        ),
        (["Register::Person"], ["The company keeps the registers"], ["AWS", "GitHub", "request", "code"]),
        (["GitHub::Organization", "Register::Person"], ["API", "The company keeps the registers"], ["AWS", "code"]),
        (["Register::ChainOfRuns"], ["chain of runs"], ["AWS", "GitHub", "registers", "code"]),
        ([], ["nothing was compared"], ["Each resource was compared", "AWS", "GitHub", "register", "code"]),
    ],
)
def test_a_paper_explains_only_the_sources_that_it_uses(types: list[str], said: list[str], not_said: list[str]) -> None:
    unread = Listing("GitHub::Member", "", "", 0, "failed", unread=Unread("no_github"))  # nothing came from there
    told = reading_sentences(sources([*(Listing(name, "", "", 1) for name in types), unread], ()), load_locale("en"))
    assert all(words in told for words in said) and not any(words in told for words in not_said), told


def test_a_working_paper_names_the_aws_identity_only_if_aws_was_read() -> None:
    made = site("en")
    made = replace(made, meta=replace(made.meta, callers={"1": "arn:aws:iam::1:role/reader", "2": ""}))
    found = [replace(item, place=replace(item.place, type="GitHub::Repository")) for item in made.assessment.findings]
    listings = (Listing("GitHub::Repository", "", "", 1),)
    elsewhere = replace(made, listings=listings, assessment=replace(made.assessment, findings=tuple(found)))
    texts = [method_of(one) for one in (made, elsewhere)]
    assert [text.count("Read as") for text in texts] == [1, 0]
    assert "GitHub's API" in str(audit_report(elsewhere, load_locale("en")))


def method_of(made: Site) -> str:
    """The method of the working paper of A.8.24."""
    t = load_locale("en")
    papers, (result,) = (
        WorkingPapers(made, Index(made), t),
        (c for c in made.assessment.controls if c.control == "A.8.24"),
    )
    paper = papers.paper(result, Sample("", 0, ()))
    return next(str(section.blocks) for section in paper.sections if section.title == t("paper.method"))


def test_a_document_needed_only_by_an_excluded_control_is_not_due() -> None:
    made = site("en")
    controls = [
        replace(item, status=ControlStatus.EXCLUDED) if item.control == "C.9.2" else item
        for item in made.assessment.controls
    ]
    made = replace(made, assessment=replace(made.assessment, controls=tuple(controls)))
    assert {"GOV-01", "GOV-04"} <= set(site("en").assessment.evidence)
    assert "GOV-01" not in made.assessment.evidence and "GOV-04" in made.assessment.evidence
    (due,) = (item for item in audit_report(made, load_locale("en")).sections if "anual" in item.title)
    assert "GOV-01" not in {row[0] for block in due.blocks if isinstance(block, Grid) for row in block.rows}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_header_of_a_column_has_room_for_its_longest_word(language: str) -> None:
    """On A4, at about 1.5 mm a letter: a wider word would cover the next header."""
    papers = [build(site(language), load_locale(language)) for build in (audit_report, management_summary)]
    grids = [item for paper in papers for part in paper.sections for item in part.blocks if isinstance(item, Grid)]
    assert len(grids) > 6
    narrow = [
        (column, round(174 * width / sum(grid.widths), 1))
        for grid in grids
        for column, width in zip(grid.columns, grid.widths, strict=True)
        if 1.5 * max(map(len, re.split(r"[\s-]+", column))) + 2.1 > 174 * width / sum(grid.widths)
    ]
    assert narrow == []


def test_the_template_treats_all_text_as_data() -> None:
    text = (content_root() / "reports/templates/paper.typ").read_text(encoding="utf-8")
    assert "eval(" not in text and text.count("sys.inputs") == 1


def test_the_management_summary_stays_one_page_with_hundreds_of_accounts() -> None:
    made = site("fr")
    accounts = [Account(f"{number:012}", f"a rather long name of account {number}") for number in range(200)]
    failing = [
        replace(item, status=FindingStatus.FAIL, place=replace(item.place, account=account.id))
        for account in accounts
        for item in made.assessment.findings[:1]
    ]
    many = replace(
        made,
        workspace=replace(made.workspace, accounts=tuple(accounts)),
        assessment=replace(made.assessment, findings=(*made.assessment.findings, *failing)),
    )
    assert pages(make_pdf(management_summary(many, load_locale("fr")), "TechStart")) == 1


def test_the_summary_separates_unread_findings_from_other_unevaluated_ones() -> None:
    made = factory.site("en")
    kept = [item for item in made.assessment.findings if not item.incomplete]
    made = replace(made, assessment=replace(made.assessment, findings=tuple(kept)))
    (decide, *_) = management_summary(made, load_locale("en")).sections
    items = [item for block in decide.blocks if isinstance(block, Items) for item in block.items]
    open_ = sum(item.status is FindingStatus.NOT_EVALUATED for item in kept)
    said = f"Findings not evaluated for that reason: 0 of {open_} (other reasons: Limits page)."
    assert open_ and any(said in item for item in items)
