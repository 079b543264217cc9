"""`preuve explain`: everything that somebody needs to know of one id, in both languages."""

from __future__ import annotations

import json
import re
import string
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from preuve.cli.main import entry, main
from preuve.library.load import load_library
from preuve.model.content import Library
from preuve.model.errors import UsageError
from preuve.model.layout import RESULTS
from preuve.pipeline.content.explain import explain
from preuve.publish.words.locale import load_locale

WORKSPACE = """schema: 1
organisation: {name: Test, language: fr}
params: {root_unused_days: 30}
"""


def run(name: str, workspace: Path, *arguments: str) -> Result:
    there = ["-w", str(workspace)] if (workspace / "preuve.yaml").exists() else []
    return CliRunner().invoke(main, ["explain", name, *there, *arguments])


def shown(name: str, workspace: Path, *arguments: str) -> str:
    result = run(name, workspace, *arguments)
    assert result.exit_code == 0, result.exception
    return " ".join(result.stdout.split())


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(validate=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


def test_a_policy_is_explained(tmp_path: Path, library: Library) -> None:
    policy = library.policies["rds-not-public"]
    text = shown("rds-not-public", tmp_path)
    for part in (policy.title.en, policy.rationale.en, "AWS::RDS::DBInstance", policy.aws[0].assert_):
        assert " ".join(part.split()) in text
    assert policy.iac is not None
    assert policy.iac.checkov[0] in text
    assert "rds:DescribeDBInstances" in text
    assert "A.8.20" in text
    assert "aws rds modify-db-instance" in text


def test_a_parameter_shows_its_value_and_its_source(tmp_path: Path, workspace: Path) -> None:
    catalogue = shown("iam-root-unused", tmp_path / "nowhere")
    assert "root_unused_days = 95 days" in catalogue
    changed = shown("iam-root-unused", workspace, "--language", "en")
    assert "root_unused_days = 30 days (preuve.yaml; policies/params.yaml: 95)" in changed


def test_a_control_is_shown_in_the_language_of_the_workspace_or_the_requested_one(
    workspace: Path, library: Library
) -> None:
    control = library.control("A.8.24")
    assert control is not None
    assert control.not_shown is not None
    french, english = shown("a.8.24", workspace), shown("A.8.24", workspace, "--language", "en")
    assert control.objective.fr in french
    assert control.objective.en in english
    for said in (control.not_shown, *(claim.text for claim in control.claims)):
        assert " ".join(said.en.split()) in " ".join(english.split())
    for name in [link.policy for link in control.policies] + list(control.planned) + list(control.evidence):
        assert name in english


def test_manual_evidence_explains_the_expectation_of_an_auditor(tmp_path: Path, library: Library) -> None:
    text = shown("GOV-03", tmp_path)
    assert library.evidence["GOV-03"].auditor_expects.en in text
    assert "clause 5.2" in text and "C.5.2" not in text


def test_controls_are_named_as_pages_cite_them(tmp_path: Path) -> None:
    for name, cites in {"s3-encrypted": ("RGPD, art. 32.1.a", "A.8.24"), "GDPR.32.1.b": ("RGPD, art. 32.1.b",)}.items():
        text = shown(name, tmp_path, "--language", "fr")
        assert all(cite in text for cite in cites) and "GDPR.32" not in text


def test_every_id_can_be_explained(tmp_path: Path, library: Library) -> None:
    controls = [control.id for framework in library.frameworks.values() for control in framework.controls]
    for name in (controls[0], controls[-1], next(iter(library.policies)), next(iter(library.evidence))):
        for language in ("en", "fr"):
            assert explain(tmp_path, name, language).sections, name


@pytest.mark.parametrize(
    "cite", ["RGPD, art. 32.1.b", "clause 4.1", "ISO 27001, 4.1", "rgpd,\u00a0art. 32.1.b", "art. 32.1.b"]
)
def test_a_control_is_found_as_pages_cite_it(tmp_path: Path, cite: str) -> None:
    assert run(cite, tmp_path).exit_code == 0


def test_an_unknown_id_suggests_similar_ones(tmp_path: Path) -> None:
    result = run("rds-not-publc", tmp_path)
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert "rds-not-public" in result.exception.hint
    assert isinstance(run("rds-not-public", tmp_path, "--language", "xx").exception, UsageError)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cee32827db56", "preuve dispute cee32827db56"),
        ("multi", "rds-multi-az"),
        ("", "the id of a policy (s3-encrypted)"),
        (" ", "the id of a policy (s3-encrypted)"),
        ("???", "the id of a policy (s3-encrypted)"),
    ],
)
def test_a_text_that_is_no_id_gets_a_hint(tmp_path: Path, name: str, hint: str) -> None:
    error = run(name, tmp_path).exception
    assert isinstance(error, UsageError)
    assert hint in error.hint


# ---- the newest audit ---------------------------------------------------------------------------------------------


def finding(status: str, resource: str) -> dict[str, object]:
    place = {"type": "AWS::RDS::DBInstance", "id": resource, "account": "123456789012", "region": "eu-west-3"}
    reason = {"code": "failed" if status == "FAIL" else "asserted", "values": {}}
    common = {"policy": "rds-not-public", "rev": 1, "source": "aws", "severity": "critical", "incomplete": False}
    return {"kind": "finding", "status": status, "place": place, "reason": reason, **common}


def audit(workspace: Path, name: str, now: str, *findings: dict[str, object]) -> None:
    results = workspace / "evidence" / name / RESULTS
    results.parent.mkdir(parents=True)
    lines = [{"kind": "run", "now": now}, *findings]
    results.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_findings_come_from_the_newest_audit_with_failures_first(workspace: Path) -> None:
    audit(workspace, "z-old", "2026-07-01T00:00:00Z", finding("FAIL", "old-db"))
    audit(workspace, "a-new", "2026-10-01T00:00:00Z", finding("PASS", "good-db"), finding("FAIL", "bad-db"))
    text = shown("rds-not-public", workspace, "--language", "en")
    assert "a-new" in text
    assert "old-db" not in text
    assert text.index("bad-db") < text.index("good-db")


def test_a_reason_of_a_control_names_what_is_missing_by_title_and_id(workspace: Path, library: Library) -> None:
    reason = {"code": "evidence_missing", "values": {"items": "GOV-03"}}
    control = {"kind": "control", "control": "A.5.1", "status": "NOT_SUPPORTED", "reasons": [reason], "evidence": []}
    audit(workspace, "new", "2026-10-01T00:00:00Z", control)
    assert f"{library.evidence['GOV-03'].title.fr} (GOV-03)" in shown("A.5.1", workspace, "--language", "fr")


def test_a_damaged_audit_is_skipped(workspace: Path) -> None:
    audit(workspace, "old", "2026-07-01T00:00:00Z", finding("FAIL", "old-db"))
    audit(workspace, "new", "2026-10-01T00:00:00Z", {"kind": "finding"})
    assert "old-db" in shown("rds-not-public", workspace)


def test_long_lists_of_findings_are_cut_with_a_link_to_the_rest(workspace: Path) -> None:
    audit(workspace, "new", "2026-10-01T00:00:00Z", *(finding("FAIL", f"db-{number}") for number in range(40)))
    text = shown("rds-not-public", workspace, "--language", "en")
    assert "and 25 more" in text
    assert "policies/rds-not-public.en.html" in text


@pytest.mark.parametrize(("number", "more"), [(1, 0), (5, 0), (6, 1), (900, 895)])
def test_a_long_list_of_resources_of_one_finding_is_cut_too(workspace: Path, number: int, more: int) -> None:
    first, *others = (finding("FAIL", f"db-{one:04}") for one in range(number))
    audit(workspace, "new", "2026-10-01T00:00:00Z", {**first, "also": [one["place"] for one in others]})
    text = shown("rds-not-public", workspace, "--language", "en")
    assert text.count("db-0") == min(number, 5)
    assert (f"and {more} more: " in text) is (more > 0)


def test_a_resource_name_cannot_steer_the_terminal(workspace: Path) -> None:
    audit(workspace, "new", "2026-10-01T00:00:00Z", finding("FAIL", "db\x1b[2J\nforged"))
    result = run("rds-not-public", workspace)
    assert "\x1b" not in result.stdout
    assert "\nforged" not in result.stdout


def test_an_article_with_several_parts_is_refused_with_their_ids(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has several parts") as refused:
        explain(tmp_path, "gdpr.32", "en")
    assert "GDPR.32.1.b" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("RGPD art. 32.1.b", "GDPR.32.1.b"), ("32(1)(b)", "GDPR.32.1.b"), ("Art. 32 §1 b)", "GDPR.32.1.b"),
        ("article 32, paragraph 1, point b", "GDPR.32.1.b"), ("gdpr 24", "GDPR.24"), ("8.24", "A.8.24"),
        ("A 8.24", "A.8.24"), ("ISO/IEC 27001:2022, A.8.24", "A.8.24"), ("annexe A.8.24", "A.8.24"),
        ("A8.24", "A.8.24"), ("l'article 32, 1 b", "GDPR.32.1.b"), ("article 24 du RGPD", "GDPR.24"),
        ("General Data Protection Regulation, art. 24", "GDPR.24"), ("ISO/IEC 27001:2022 8.24", "A.8.24"),
        ("mesure 8.24", "A.8.24"), ("control 8.24", "A.8.24"), ("contrôle A.8.24", "A.8.24"),
        ("Annex A control 8.24", "A.8.24"), ("Art. 32, par. 1, point b", "GDPR.32.1.b"),
        ("article 32, alinéa 1, sous b)", "GDPR.32.1.b"),
    ],
)  # fmt: skip
def test_an_item_is_found_as_people_cite_it(tmp_path: Path, name: str, item: str) -> None:
    assert explain(tmp_path, name, "en") == explain(tmp_path, item, "en")


@pytest.mark.parametrize(("name", "first"), [("art. 32", "GDPR.32.1.a, "), ("clause 9.2", "C.9.2.1, C.9.2.2")])
def test_a_citation_of_several_items_is_refused_with_their_ids(tmp_path: Path, name: str, first: str) -> None:
    with pytest.raises(UsageError, match="may mean several items") as refused:
        explain(tmp_path, name, "en")
    assert refused.value.hint.startswith(f"name one: {first}")


@pytest.mark.parametrize("name", ["RGPD", "gdpr", "iso27001-2022"])
def test_a_framework_is_told_as_one_and_not_by_all_its_items(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is a framework") as refused:
        explain(tmp_path, name, "en")
    assert len(refused.value.hint) < 120 and "attest --list" in refused.value.hint


@settings(max_examples=12, deadline=None)
@given(
    word=st.text(string.ascii_letters, min_size=2, max_size=8),
    between=st.sampled_from([" ", "-", ".", ":", "/", " art. ", "[", "2 art. ", " article ", ", A."]),
    number=st.sampled_from(["4.4", "9", "16", "26", "8.24", "32.1.b", "5"]),
)
@example("DORA", " art. ", "9")
@example("considérant", " ", "26")
@example("AI Act", " art. ", "5")
@example("HDS", " ", "4.4")
@example("port", "-", "22")
@example("infra:aws_instance.web", "[", "4]")
@example("GOV", "-", "4")
@example("data", "-", "16")
def test_the_number_of_something_else_is_no_item(
    tmp_path_factory: pytest.TempPathFactory, word: str, between: str, number: str
) -> None:
    t = [load_locale(language)("cite.around").casefold().split() for language in ("en", "fr")]
    assume(word.casefold() not in {*chain(*t), "gdpr", "iso27001"})
    with pytest.raises(UsageError, match=r"there is no policy|looks like"):
        explain(tmp_path_factory.getbasetemp(), f"{word}{between}{number}", "en")


@pytest.mark.parametrize("name", ["port 22", "ubuntu 22", "tls 1.2", "python 3.11", "iso 27005"])
def test_no_control_is_near_the_number_of_something_else(tmp_path: Path, name: str) -> None:
    error = run(name, tmp_path).exception
    assert isinstance(error, UsageError) and not re.search(r"GDPR\.|A\.\d", error.hint.replace("(A.8.24)", ""))


@pytest.mark.parametrize("name", ["infra/main.tf:16", "main.tf", "ci/deploy.yml:3"])
def test_a_place_in_code_is_told_as_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="looks like a place in code"):
        explain(tmp_path, name, "en")


@pytest.mark.parametrize("name", ["art. 99", "annexe A.8.99", "s3 encrypted 8.24", "32.1.z"])
def test_no_other_number_is_taken_for_an_item(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="there is no policy"):
        explain(tmp_path, name, "en")


@pytest.mark.parametrize("command", [["lint"], ["test", "s3-encrypted"], ["explain", "HR-04"]])
@pytest.mark.parametrize("folder", ["nope", "."])
def test_a_named_folder_that_is_no_workspace_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: list[str], folder: str
) -> None:
    """A pipeline with a wrong path must not stay green."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setattr("sys.argv", ["preuve", *command, "--workspace", str(tmp_path / folder)])
    with pytest.raises(SystemExit) as stopped:
        entry()
    told = capfd.readouterr()
    assert (stopped.value.code, told.out) == (2, "")
    assert "il n'y a pas de preuve.yaml dans" in told.err and "désignez le dossier qui le contient" in told.err
