"""What a run did not judge is never a number, never a source, and never a cause: small bundles of each kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.assess.judge import NO_FAULT
from preuve.library.company.registers import NONCONFORMITIES
from preuve.model.company.workspace import Attestation, Nonconformity, Register
from preuve.model.errors import Position, Problem
from preuve.model.results import EvidenceResult, Finding, FindingStatus, PolicyResult, Reason
from preuve.model.snapshot import Listing, Unread
from preuve.publish.history.history import History
from preuve.publish.history.runs import RunEntry
from preuve.publish.papers.document import Items, Prose
from preuve.publish.papers.history import history_sections
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.report import audit_report
from preuve.publish.site.facts import Site
from preuve.publish.site.open_points import unsettled
from preuve.publish.site.paths import HOME, LIMITS_PAGE, SCOPE_PAGE, page_file
from preuve.publish.site.writer import write_site
from preuve.publish.tables.registers import waivers
from preuve.publish.words.locale import Locale, load_locale

from . import factory

EN = load_locale("en")
LANGUAGES = ("en", "fr")
OTHER = {"iso27001-2022": "gdpr", "gdpr": "iso27001-2022"}
FOLDERS = {"iso27001-2022": "data/03-controls", "gdpr": "data/04-gdpr"}
UNREAD = FindingStatus.NOT_EVALUATED


def of_one(framework: str, language: str = "en") -> Site:
    """The site of a run that judged one framework."""
    made = factory.site(language)
    controls = tuple(item for item in made.assessment.controls if item.framework == framework)
    workspace = replace(made.workspace, frameworks=(framework,))
    return replace(made, workspace=workspace, assessment=replace(made.assessment, controls=controls))


def decided(made: Site, language: str = "en") -> list[str]:
    """The lines of what management has to decide."""
    section = management_summary(made, load_locale(language)).sections[0]
    return [text for block in section.blocks if isinstance(block, Items) for text in block.items]


def begun(point: str, t: Locale) -> str:
    """The words of a point before its number."""
    values = dict.fromkeys(("n", "unverified", "overdue", "themes", "names"), "|")
    return t(f"decide.{point}.count", **values).partition("|")[0]


def pages(made: Site, folder: Path) -> dict[str, str]:
    """The text of each page."""
    write_site(folder, made)
    return {
        path.relative_to(folder).as_posix(): re.sub(r"<[^>]*>", "", path.read_text("utf-8"))
        for path in folder.rglob("*.html")
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("framework", sorted(OTHER))
def test_no_number_is_given_of_a_framework_that_was_not_judged(framework: str, language: str) -> None:
    t, law = load_locale(language), framework == "gdpr"
    unknown = t("site.not_judged")
    lines = decided(of_one(framework, language), language)
    subjects = {name: begun(name, t) for name in ("deviations", "law", "to_grade")}
    told = {name: next(line for line in lines if line.startswith(words)) for name, words in subjects.items()}
    assert {name: line.startswith(f"{subjects[name]}{unknown}") for name, line in told.items()} == {
        "deviations": not law, "law": not law, "to_grade": law,
    }  # fmt: skip
    column = {row[-1] for row in waivers(of_one(framework, language), t).rows}
    assert (column == {unknown}) is not law
    graded = {t.count("paper.to_grade", number)[3:] for number in (0, 1, 2)}
    assert any(words in str(audit_report(of_one(framework, language), t)) for words in graded) is not law


@pytest.mark.parametrize("framework", sorted(OTHER))
def test_the_first_page_names_only_folders_and_purposes_of_what_was_judged(framework: str, tmp_path: Path) -> None:
    texts = pages(of_one(framework), tmp_path)
    first = texts["README.html"]
    assert FOLDERS[framework] in first and FOLDERS[OTHER[framework]] not in first
    for text in (first, texts[page_file(LIMITS_PAGE, "en")]):
        assert EN(f"bundle.purpose.{framework}") in text
        assert EN("bundle.purpose.all") not in text
    excluded = [item.control for item in of_one(framework).workspace.exclusions]
    judged = {item.control for item in of_one(framework).assessment.controls}
    scope = texts[page_file(SCOPE_PAGE, "en")]
    assert not any(item in scope for item in excluded if item not in judged)


@pytest.mark.parametrize("source", ["aws", "github", "register", "chain"])
def test_a_source_of_which_nothing_was_read_is_not_named(source: str, tmp_path: Path) -> None:
    types = {"aws": "AWS::S3::Bucket", "github": "GitHub::Member", "register": "Register::Ropa"}
    types["chain"] = "Register::ChainOfRuns"
    listings = [
        Listing(name, "", "", 0, "failed", unread=Unread("no_github")) if kind == source else Listing(name, "", "", 1)
        for kind, name in types.items()
    ]
    made = replace(factory.site(), listings=tuple(listings))
    texts = pages(made, tmp_path)
    lead = EN("site.index.lead", read="|", sources="|").split("|")[1]
    said = str(audit_report(made, EN)).partition("Sources: ")[2][:200]
    for text in (texts["README.html"], texts[page_file(HOME, "en")]):
        said = f"{said} {text.partition(lead)[2][:200]}"
    assert {kind: EN(f"paper.source.{kind}") in said for kind in types} == {kind: kind != source for kind in types}


def open_findings(*reasons: Reason) -> tuple[Finding, ...]:
    model = factory.findings()[0]
    return tuple(
        replace(model, status=UNREAD, reason=reason, place=replace(model.place, id=f"x{number}"))
        for number, reason in enumerate(reasons)
    )


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (Reason("first_run"), "too_young"),
        (Reason("unread_member", {"cause": "short_history"}), "too_young"),
        (Reason("unread_listing", {"cause": "no_register"}), "not_kept"),
        (Reason("breach_only"), "not_settled"),
        (Reason("partial_check"), "not_settled"),
        (Reason("iac_unknown"), "not_settled"),
        (Reason("reference_expired"), "other_reason"),
        (Reason("a_reason_of_tomorrow"), "other_reason"),
    ],
)
def test_what_is_open_is_counted_under_its_own_cause_alone(reason: Reason, cause: str) -> None:
    said = unsettled(factory.site(found=open_findings(reason)), EN)
    causes = ("not_read", "not_examined", "not_kept", "too_young", "not_settled", "other_reason")
    assert [name for name in causes if EN(f"site.index.{name}", n="1") in said] == [cause]
    assert "short_history" in NO_FAULT


def history(moments: Sequence[str]) -> History:
    return History([RunEntry(now[:10], now, {}, {}) for now in moments], None, (), ())


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        (["2026-11-29T11:56:00Z"], "history.no_gap_first"),
        (["2026-11-29T11:56:00Z", "2026-11-29T11:58:00Z"], "history.no_gap_quarter"),
        (["2026-10-01T00:00:00Z", "2026-12-31T00:00:00Z"], "history.no_gap_quarter"),
        (["2026-09-30T00:00:00Z", "2026-10-01T00:00:00Z"], "history.no_gap"),
        (["2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z"], "history.no_gap"),
    ],
)
def test_every_quarter_is_said_to_have_an_audit_only_where_there_are_several(moments: list[str], said: str) -> None:
    told = str(history_sections(replace(factory.site(), history=history(moments)), EN)[-1])
    keys = ("history.no_gap", "history.no_gap_quarter", "history.no_gap_first")
    assert [key for key in keys if EN(key) in told] == [said]


def test_what_no_account_shows_is_told_and_makes_no_number_exact() -> None:
    made = factory.site()
    assert not any(line.startswith(begun("no_account", EN)) for line in decided(made))
    mute = next(name for name, policy in made.library.policies.items() if policy.aws)
    results = {**made.assessment.policies, mute: PolicyResult(mute, UNREAD, {})}
    alone = replace(
        made,
        workspace=replace(made.workspace, accounts=()),
        assessment=replace(made.assessment, policies=results),
    )
    lines = decided(alone)
    assert f"{begun('no_account', EN)}1." in " ".join(lines)
    assert lines[0].startswith("Failing: critical ≥ ") and ", high ≥ " in lines[0]
    assert any(line.startswith("Problems not evaluated") and "not examined: ≥ " in line for line in lines)
    failing = sum(item.status is FindingStatus.FAIL for item in alone.assessment.findings)
    assert f"≥ {EN.count('summary.status.FAIL', failing)}" in str(management_summary(alone, EN))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rows", "broken", "stated", "why"),
    [
        (None, False, False, "no_register"), (None, True, False, "register_unusable"), (0, False, False, "no_entry"),
        (0, False, True, ""),
    ],
)  # fmt: skip
def test_a_register_of_nonconformities_that_says_nothing_has_no_number(
    rows: int | None, broken: bool, stated: bool, why: str, language: str
) -> None:
    made, t = factory.site(language), load_locale(language)
    item = next(item for item in bundled().evidence.values() if item.template == NONCONFORMITIES)
    said = Attestation("ATT-1", item.id, "statement", "x", "ciso", date(2026, 1, 1), "in_place", Position("x"))
    result = EvidenceResult(item.id, "current", said.id if stated else "")
    controls = [replace(control, evidence=(result,)) for control in made.assessment.controls]
    workspace = replace(
        made.workspace,
        nonconformities=(),
        registers=() if rows is None else (Register(NONCONFORMITIES, "x", rows, "0"),),
        problems=(Problem(Position("registers/capa-register.csv"), "x"),) if broken else (),
        attestations=(said,),
    )
    library = replace(made.library, evidence={item.id: item})
    assessment = replace(made.assessment, controls=tuple(controls))
    made = replace(made, workspace=workspace, assessment=assessment, library=library)
    unknown = t.word("paper.unknown", why) if why else ""
    (line,) = (line for line in decided(made, language) if line.startswith(begun("to_grade", t)))
    assert (unknown in line) if why else ": 0." in line
    texts = [block.text for part in audit_report(made, t).sections for block in part.blocks if isinstance(block, Prose)]
    assert t("paper.no_entry", why=unknown or t.word("paper.unknown", "declared")) in texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("ends", "short", "why"),
    [
        (("2026-01-31",), "", "out_of_date"), (("2026-01-31", "2026-12-31"), "", "out_of_date"),
        (("",), "", "out_of_date"),
        (("2026-12-31",), "refused", "short"), (("2026-12-31",), "", ""), ((), "", ""),
    ],
)  # fmt: skip
def test_nobody_counts_what_a_source_that_is_out_of_date_may_have_since(
    ends: tuple[str, ...], short: str, why: str, language: str
) -> None:
    made, t = factory.site(language), load_locale(language)
    register = Register(NONCONFORMITIES, "x", 1, "0", fresh_until=ends, short=short)
    late = Nonconformity("NC-1", found_on="2026-01-02", due="2026-01-03")
    made = replace(made, workspace=replace(made.workspace, registers=(register,), nonconformities=(late,)))
    (line,) = (line for line in decided(made, language) if line.startswith(begun("to_grade", t)))
    assert (t.word("paper.unknown", why) in line) if why else ": 1." in line
    texts = [block.text for part in audit_report(made, t).sections for block in part.blocks if isinstance(block, Prose)]
    told = [text for text in texts if text == t("paper.no_entry", why=t.word("paper.unknown", why))] if why else []
    assert len(told) == bool(why)


def test_a_region_that_holds_something_and_was_not_read_is_told_to_all_who_decide(tmp_path: Path) -> None:
    made = factory.site()
    assert any("us-east-1" in line for line in decided(made))
    assert "us-east-1" in str(audit_report(made, EN))
    assert "us-east-1" in pages(made, tmp_path)[page_file(LIMITS_PAGE, "en")]
    empty = replace(made, regions=replace(made.regions, regions=()))
    assert not any(line.startswith(begun("regions", EN)) for line in decided(empty))
