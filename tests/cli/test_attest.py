"""`preuve attest`: what is recorded counts in the next run, and nothing that is there is ever changed."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.test_waiver import make_key
from content_copy import bundled
from preuve.assess.rollup import Rollup, evidence_result
from preuve.cli.main import main
from preuve.evidence.approval import with_approvals
from preuve.library.company.templates import DOCUMENTS, REGISTERS, find, register_columns
from preuve.library.company.workspace import load_workspace
from preuve.library.yaml.place import content_root
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import ControlStatus
from preuve.pipeline.workspace.attest import AttestationAnswers, attest
from preuve.system.folders import folder_turn

WORKSPACE = """schema: 1
organisation: {name: Test, country: FR, language: fr}
exclusions: [{control: A.8.30, reason: "Aucun développement externalisé."}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "ws"
    (folder / "attestations").mkdir(parents=True)
    (folder / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def library() -> Library:
    return bundled()


def public(key: Path) -> str:
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def run(root: Path, *arguments: str) -> Result:
    concludes = "--owner" in arguments and "--conclusion" not in arguments
    more = ["--conclusion", "in_place"] if concludes else []
    return CliRunner().invoke(main, ["attest", *arguments, *more, "-w", str(root)])


def done(root: Path, *arguments: str) -> str:
    result = run(root, *arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def refused(root: Path, *arguments: str) -> str:
    """The message of a refusal, after which nothing was written."""
    before = sorted(root.rglob("*"))
    result = run(root, *arguments)
    assert isinstance(result.exception, UsageError), result.exception
    assert result.exception.hint
    assert sorted(root.rglob("*")) == before
    return str(result.exception)


def loaded(root: Path, library: Library) -> Workspace:
    workspace = load_workspace(root, library)
    assert workspace.problems == ()
    return workspace


# ---- recording ----------------------------------------------------------------------------------------------------


def test_a_document_counts_in_the_next_run(root: Path, library: Library, today: date) -> None:
    document = root / "attestations/pssi v1.pdf"
    document.write_bytes(b"policy")
    assert "GOV-03\u00a0: déclaré jusqu" in done(root, "gov-03", "--owner", "Jane (RSSI)", "--file", str(document))
    (entry,) = loaded(root, library).attestations
    assert (entry.id, entry.evidence, entry.kind, entry.file) == ("ATT-001", "GOV-03", "document", "pssi v1.pdf")
    assert entry.sha256 == hashlib.sha256(b"policy").hexdigest()
    assert (entry.title, entry.effective) == ("Politique de sécurité de l'information (PSSI)", today)


def test_unreviewed_attestations_show_no_control_as_met(root: Path, library: Library, today: date) -> None:
    control = library.control("A.7.1")
    assert control is not None

    def status() -> ControlStatus:
        return Rollup(library, loaded(root, library), {}, {}, today).control(control).status

    assert status() is ControlStatus.NOT_ASSESSED
    for name in control.evidence:
        done(root, name, "--owner", "ciso", "--statement", "Vu sur place.")
    assert status() is ControlStatus.NOT_ASSESSED


def test_whoever_attests_says_what_they_conclude(root: Path, library: Library) -> None:
    nothing = CliRunner().invoke(main, ["attest", "HR-04", "--owner", "rh", "--statement", "x", "-w", str(root)])
    assert "--conclusion is missing" in str(nothing.exception) and not list((root / "attestations").glob("*.yaml"))
    told = done(root, "HR-04", "--owner", "rh", "--statement", "Personne n'est formé.", "--conclusion", "not_in_place")
    assert "déclaré non en place" in told and "Déclaré non en place" in done(root, "--list")
    assert [entry.conclusion for entry in loaded(root, library).attestations] == ["not_in_place"]
    told = done(root, "HR-03", "--owner", "rh", "--statement", "39 sur 45.", "--conclusion", "partly")
    assert "déclaré en place en partie, jusqu'au" in told and "personne d'autre ne l'a revu" in told


def test_the_answer_names_the_attestation_that_says_so_and_what_a_review_changes(root: Path, tmp_path: Path) -> None:
    key = make_key(tmp_path, "noor")
    (root / "approvers").write_text(f'"Noor Benali" namespaces="preuve-attestation" {public(key)}\n', encoding="utf-8")
    asked = "GOV-03", "--owner", "Jane Doe", "--approver", "Noor Benali", "--statement", "x"

    def told(conclusion: str, day: str) -> str:
        return " ".join(done(root, *asked, "--conclusion", conclusion, "--effective", day).split())

    assert "déclaré non en place (ATT-001)" in told("not_in_place", "2026-01-10")
    second = told("in_place", "2026-01-12")
    assert "non en place (ATT-001)" in second and "ATT-002 prendra sa place une fois revue" in second
    sign = ["attest", "--sign", "ATT-002", "-w", str(root), "--key", str(key)]
    assert CliRunner().invoke(main, sign, input="y\n").exit_code == 0
    third = told("partly", "2026-01-13")  # the review of ATT-002 took ATT-001 back
    assert "non en place" not in third and "en partie" in third and "(ATT-003)" in third
    fourth = told("in_place", "2026-01-14")
    assert "(ATT-003)" in fourth and "ATT-004 prendra sa place" in fourth
    assert "ATT-005 n'y change rien" in told("in_place", "2026-01-11")


def test_owner_and_approver_must_be_different_people(root: Path) -> None:
    said = ("HR-03", "--owner", "Jane Doe", "--statement", "Rien.")
    for name in ("jane doe ", "RSSI"):
        assert "are two people" in refused(root, *said, "--approver", name)
    assert "Prénom Nom (RSSI)" in done(root, "HR-03", "--owner", "RSSI", "--statement", "Rien.")  # what a review needs


@pytest.mark.parametrize("changed", [False, True])
def test_the_signature_of_another_person_makes_a_declaration_reviewed(
    root: Path, library: Library, tmp_path: Path, *, changed: bool
) -> None:
    key = make_key(tmp_path, "noor")
    (root / "approvers").write_text(f'"Noor Benali" namespaces="preuve-attestation" {public(key)}\n', encoding="utf-8")
    done(root, "HR-03", "--owner", "Jane Doe", "--approver", "Noor Benali", "--statement", "Rien.")
    signed = CliRunner().invoke(main, ["attest", "--sign", "ATT-001", "-w", str(root), "--key", str(key)], input="y\n")
    assert signed.exit_code == 0, signed.exception
    assert "conclusion: in_place" in signed.stdout and "reviews/ATT-001.sig" in signed.stdout
    (file,) = (root / "attestations").glob("*.yaml")
    if changed:
        file.write_text(file.read_text(encoding="utf-8").replace("Rien.", "Tout."), encoding="utf-8")
    (entry,) = with_approvals(loaded(root, library)).attestations
    assert entry.approval.state == ("changed" if changed else "verified")
    assert ("non revu" if changed else "Déclaré et revu") in next(
        line for line in done(root, "--list").splitlines() if "HR-03" in line
    )


def test_a_key_for_waivers_cannot_review_a_declaration(root: Path, tmp_path: Path) -> None:
    key = make_key(tmp_path, "noor")
    (root / "approvers").write_text(f'"Noor Benali" namespaces="preuve-waiver" {public(key)}\n', encoding="utf-8")
    done(root, "HR-03", "--owner", "Jane Doe", "--approver", "Noor Benali", "--statement", "Rien.")
    result = CliRunner().invoke(main, ["attest", "--sign", "ATT-001", "-w", str(root), "--key", str(key)], input="y\n")
    assert "does not give this key to Noor Benali" in str(result.exception)
    assert not (root / "reviews").exists()


@pytest.mark.parametrize("text", ['a "b": #c', "yes", "- x", "ligne\n---\nowner: autre", "😀 é", "x: [1", "!!python/x"])
def test_any_text_reads_back_as_the_same_text(root: Path, library: Library, text: str) -> None:
    done(root, "HR-03", "--owner", text, "--title", text, "--statement", text)
    (entry,) = loaded(root, library).attestations
    assert (entry.owner, entry.title, entry.statement) == (text, text, text)


def test_numbers_increase_and_ids_are_unique(root: Path, library: Library) -> None:
    for number in ("", "ATT-041", ""):
        done(root, "HR-03", "--owner", "hr", "--statement", "Rien.", *(["--id", number] if number else []))
    assert [entry.id for entry in loaded(root, library).attestations] == ["ATT-001", "ATT-041", "ATT-042"]
    assert "ATT-041 already" in refused(root, "GOV-01", "--owner", "x", "--statement", "y", "--id", "ATT-041")


def test_attestations_at_once_take_different_numbers(root: Path, library: Library, today: date) -> None:
    """The second one takes its number when the first has written its own."""
    done(root, "HR-03", "--owner", "hr", "--statement", "Rien.")
    first = next((root / "attestations").iterdir())
    text = first.read_text(encoding="utf-8")
    first.unlink()
    with ThreadPoolExecutor() as pool:
        with folder_turn(root):
            second = pool.submit(
                list, attest(root, "GOV-08", AttestationAnswers("rssi", "in_place", statement="Plan."), today)
            )
            with pytest.raises(TimeoutError):
                second.result(timeout=1.5)
            first.write_text(text, encoding="utf-8")
        second.result(timeout=60)
    assert [entry.id for entry in loaded(root, library).attestations] == ["ATT-001", "ATT-002"]


def test_an_attestation_that_is_not_there_is_told_beside_a_file_that_nothing_reads(root: Path) -> None:
    (root / "attestations" / "p.txt").write_text("x")
    assert refused(root, "--sign", "ATT-999") == "there is no attestation ATT-999 in attestations/"


def test_an_old_document_is_recorded_as_stale(root: Path, library: Library) -> None:
    shown = done(root, "GOV-08", "--owner", "ciso", "--statement", "Plan.", "--effective", "2025-01-10")
    assert "GOV-08\u00a0: valable jusqu'au 30 avril 2025, périmé depuis" in shown
    entry = loaded(root, library).attestations
    assert evidence_result(library.evidence["GOV-08"], entry, date(2025, 3, 1)).state == "unreviewed"


def test_a_french_date_is_refused_with_the_right_format(root: Path) -> None:
    error = run(root, "GOV-03", "--owner", "x", "--statement", "y", "--expires", "31/12/2027").exception
    assert isinstance(error, UsageError)
    assert error.hint == "write it as 2027-12-31"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("GOV-99", "--owner", "x", "--statement", "y"), "no evidence item 'GOV-99'"),
        (("GOV-03", "--statement", "y"), "--owner is missing"),
        (("GOV-03", "--owner", " ", "--statement", "y"), "--owner is empty"),
        (("GOV-03", "--owner", "x", "--statement", "\u200b"), "--statement has no word"),
        (("GOV-03", "--owner", "x", "--statement", "  "), "--statement is empty"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--approver", "\u2800"), "--approver has no word"),
        (("GOV-03", "--owner", "x"), "no file and no statement behind"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--effective", "24/11/2026"), "--effective 24/11/2026"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--effective", "20250110"), "not a date that can be kept"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--effective", "2999-01-01"), "in the future"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--expires", "2020-01-01"), "is not after --effective"),
        (("GOV-03", "--owner", "x", "--statement", "y", "--id", "../../x"), "is no id"),
        ((), "name an evidence item"),
    ],
)
def test_invalid_attestations_are_refused(root: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in refused(root, *arguments)


def test_what_is_in_force_since_a_day_that_has_begun_somewhere_is_recorded(root: Path) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    said = ("GOV-03", "--owner", "x", "--statement", "y", "--effective")
    assert "ATT-001" in done(root, *said, str(tomorrow))
    assert "in the future" in refused(root, *said, str(tomorrow + timedelta(days=2)))


def test_files_outside_are_refused_symlinks_included(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    link = root / "attestations/link.txt"
    link.symlink_to(secret)
    for path in (secret, link, root / "preuve.yaml", root / "attestations/../preuve.yaml"):
        assert "is not below" in refused(root, "GOV-03", "--owner", "x", "--file", str(path))


def test_a_folder_that_leads_outside_is_not_written_to(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "attestations").rmdir()
    (root / "attestations").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the workspace" in refused(root, "GOV-03", "--owner", "x", "--statement", "y")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_an_existing_file_is_not_overwritten(root: Path) -> None:
    there = root / "attestations/ATT-007-gov-03.yaml"
    there.write_text("id: ATT-099\n", encoding="utf-8")
    message = refused(root, "GOV-03", "--owner", "x", "--statement", "y", "--id", "ATT-007")
    assert "exists already" in message
    assert there.read_text(encoding="utf-8") == "id: ATT-099\n"


# ---- templates ----------------------------------------------------------------------------------------------------


def test_a_template_is_written_once_and_does_not_count_while_empty(root: Path) -> None:
    done(root, "GDP-10", "--template")
    path = root / "attestations/dpia.md"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ") and "AIPD" in text and "GDPR.35" in text and "Test" in text
    assert "exists already" in refused(root, "GDP-10", "--template", "--language", "en")
    assert "still the template" in refused(root, "GDP-10", "--owner", "x", "--file", str(path))
    path.write_text(text.replace("Décision motivée", "Décision : non requise. Décision motivée"), encoding="utf-8")
    done(root, "GDP-10", "--owner", "dpo", "--file", str(path))


def test_every_template_belongs_to_an_item_and_exists_in_both_languages(library: Library) -> None:
    wanted = {item.template for item in library.evidence.values()}
    documents = {path.stem for path in (content_root() / DOCUMENTS).glob("*/*.md")}
    registers = {path.name.split(".")[0] for path in (content_root() / REGISTERS).glob("*.csv")}
    assert documents | registers == wanted
    assert not documents & registers
    for name in documents | registers:
        assert {found.language for language in ("en", "fr") if (found := find(name, language))} == {"en", "fr"}
    for name in registers:
        english, french = register_columns(name)
        assert len(english) == len(french) > 3
        assert len(set(english)) == len(english) and len(set(french)) == len(french)


def test_records_of_processing_have_the_columns_of_article_30() -> None:
    controller, processor = (" ".join(register_columns(name)[0]) for name in ("ropa-controller", "ropa-processor"))
    for word in ("purposes", "data subjects", "data categories", "recipients", "transfers", "erasure", "security"):
        assert word in controller
    for word in ("client (controller)", "categories of processing", "transfers", "security"):
        assert word in processor


# ---- registers ----------------------------------------------------------------------------------------------------


def test_the_list_names_attestations_that_do_not_count_and_why(root: Path) -> None:
    (root / "attestations/domaine.md").write_text("# Domaine", encoding="utf-8")
    done(root, "GOV-01", "--owner", "rssi", "--file", str(root / "attestations/domaine.md"))
    assert "ne comptent pas" not in done(root, "--list")
    (root / "attestations/domaine.md").write_text("# Autre", encoding="utf-8")
    told = done(root, "--list").split("ne comptent pas")[1]
    assert "domaine.md a changé depuis qu'il a été attesté (enregistrez une attestation de la nouvelle version)" in told


def test_the_list_names_attestations_that_are_not_yet_in_force_or_repeat_an_id(
    root: Path, library: Library, today: date
) -> None:
    done(root, "GOV-03", "--owner", "rssi", "--statement", "PSSI.")
    (first,) = (root / "attestations").glob("*.yaml")
    text = first.read_text(encoding="utf-8")
    (root / "attestations/copie.yaml").write_text(text, encoding="utf-8")
    assert f"ATT-001 ne compte pas : attestations/{first.name} a le même identifiant" in done(root, "--list")
    (problem,) = load_workspace(root, library).problems
    assert problem.position.file == "attestations/copie.yaml"
    (root / "attestations/copie.yaml").unlink()
    first.write_text(text.replace(today.isoformat(), "2999-06-01"), encoding="utf-8")
    told = done(root, "--list").split("ne comptent pas encore")[1]
    assert f"attestations/{first.name} : GOV-03, en vigueur à partir du 1" in told


def test_a_register_is_attested_in_its_current_state_and_later_changes_show(root: Path, library: Library) -> None:
    done(root, "INC-03", "--template")
    path = root / "registers/breach-register.csv"
    assert loaded(root, library).registers[0].rows == 0  # the example is no entry
    assert "holds no entry" in refused(root, "INC-03", "--owner", "dpo")
    with path.open("a", encoding="utf-8") as file:
        file.write("V-1;2026-01-02;Export perdu\n")
    assert "INC-03\u00a0: déclaré jusqu" in done(root, "INC-03", "--owner", "dpo")
    assert "registers/breach-register.csv : 1 ligne, inchangé" in done(root, "--list").replace("\u00a0", " ")
    with path.open("a", encoding="utf-8") as file:
        file.write("V-2;2026-01-03;Autre\n")
    assert "2 lignes, modifié depuis son attestation" in done(root, "--list")
    assert len(loaded(root, library).attestations) == 1  # a living register grows, and its attestation stays valid


@pytest.mark.parametrize("content", [b"numero;faits\n1;x\n", "numéro;café".encode("cp1252"), b"", b'a;"b\n' * 3])
def test_an_unreadable_register_does_not_count(root: Path, library: Library, content: bytes) -> None:
    (root / "registers").mkdir()
    (root / "registers/breach-register.csv").write_bytes(content)
    workspace = load_workspace(root, library)
    assert workspace.registers == ()
    assert "does not count" in workspace.problems[0].message
    assert "cannot be attested" in refused(root, "INC-03", "--owner", "dpo")


def test_decisions_in_the_statement_are_read_and_contradictions_reported(root: Path, library: Library) -> None:
    done(root, "GOV-09", "--template")
    path = root / "registers/soa.csv"
    assert path.read_text(encoding="utf-8-sig").count("\nA.") == 93
    assert [item.control for item in loaded(root, library).decisions] == ["A.8.30"]
    text = path.read_text(encoding="utf-8-sig").replace("\nA.8.24;;;;", "\nA.8.24;oui;Risque R-004;RSSI;2026-04-15")
    path.write_text(text.replace("\nA.7.1;;;;", "\nA.7.1;non;Pas de locaux;;"), encoding="utf-8")
    workspace = load_workspace(root, library)
    assert {item.control: item.justification for item in workspace.decisions}["A.8.24"] == "Risque R-004"
    (problem,) = workspace.problems
    assert "A.7.1" in problem.message and "preuve.yaml does not exclude it" in problem.message


# ---- the list -----------------------------------------------------------------------------------------------------


def test_the_list_has_every_item_in_scope_with_state_date_quarter_and_owner(
    root: Path, library: Library, today: date
) -> None:
    done(root, "GOV-03", "--owner", "Jane", "--statement", "Approuvée.")
    old = (today - timedelta(days=800)).isoformat()
    done(root, "GOV-05", "--owner", "Jane", "--statement", "RACI.", "--effective", old)
    lines = done(root, "--list", "--language", "en").splitlines()
    rows = {found[0]: line for line in lines[1:-2] if (found := re.search(r"[A-Z]+-\d+", line))}
    assert set(rows) == set(library.evidence) - {"SUP-05"}  # only A.8.30 needs it, and that is excluded
    assert rows["GOV-03"].startswith("Declared, not reviewed")
    assert (today + timedelta(days=400)).isoformat() in rows["GOV-03"]
    assert rows["GOV-05"].startswith("Out of date")
    assert rows["GOV-06"].startswith("No attestation") and "now" in rows["GOV-06"]
    for part in ("Q1", "every year", "CISO"):
        assert part in rows["GOV-06"]
    counts = "1 out of date, 1 declared and not reviewed, 0 declared not in place, 0 in part, 0 declared and reviewed"
    assert lines[-1] == f"{len(rows) - 2} missing, {counts}"


def test_a_folder_without_a_workspace_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "--list")
    assert isinstance(result.exception, PreuveError)
    assert "preuve.yaml" in str(result.exception)
