"""The outputs of a push, as their readers parse them: schemas, limits, and hostile names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from preuve.assess.changes.known_findings import mark
from preuve.model.company.baseline import Comparison
from preuve.model.company.grounds import Kind, ground
from preuve.model.content import Severity
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus, Place, Reason, UncoveredType
from preuve.model.snapshot import IacGap
from preuve.publish.junit import write_junit
from preuve.publish.push import markdown as summary
from preuve.publish.push import sarif as sarif_file
from preuve.publish.push.document import code_quality, document
from preuve.publish.push.github import workflow_commands
from preuve.publish.push.markdown import markdown
from preuve.publish.push.notes import notes
from preuve.publish.push.sarif import sarif
from preuve.publish.push.terminal import report
from preuve.publish.push.words import Words
from preuve.publish.terminal.summary import summary_text
from preuve.publish.words.locale import load_locale

if TYPE_CHECKING:
    from xmlschema import XMLSchema

from .. import factory

FIXTURES = Path(__file__).parents[2] / "fixtures"
S = FindingStatus


def push(*found: Finding, **more: Any) -> Words:
    """The texts of a push with these findings."""
    about = {"gate": Severity.HIGH, "language": "en", "compared": Comparison(), "prefix": "shop", **more}
    words = Words(Push(assessment=factory.assessment(found), library=factory.library(), **about))
    words.locale = locale(words.push.language)
    return words


locale = cache(load_locale)


def failure(place: Place | None = None, policy: str = "s3-encrypted", **more: Any) -> Finding:
    where = place or factory.code("aws_s3_bucket.exports", "infra/s3.tf", 12)
    reason = more.pop("reason", Reason("iac_failed", {"checks": "CKV_AWS_19"}))
    return factory.finding(policy, S.FAIL, reason, where, checks=("CKV_AWS_19",), **more)


WAIVED = factory.finding(
    "s3-versioning",
    S.WAIVED,
    Reason("waived", factory.WAIVED),
    factory.code("aws_s3_bucket.pictures", "infra/s3.tf", 40),
    waiver="W-001",
)
UNREAD = factory.finding(
    "s3-encrypted",
    S.NOT_EVALUATED,
    Reason("iac_gap", {"cause": "parse_error", "detail": "syntax error"}),
    Place("", "infra/bad.tf", root="infra", file="infra/bad.tf", line=3),
    incomplete=True,
)


@cache
def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads((FIXTURES / "sarif" / "sarif-schema-2.1.0.json").read_text()))


@cache
def junit_schema() -> XMLSchema:
    import xmlschema

    return xmlschema.XMLSchema(FIXTURES / "junit" / "junit-10.xsd")


def run_of(found: Words) -> Mapping[str, Any]:
    log = json.loads(sarif(found))
    assert not [error.message for error in sarif_schema().iter_errors(log)]
    return log["runs"][0]


# ---- SARIF --------------------------------------------------------------------------------------------------------


def test_sarif_has_new_known_waived_and_unread_results() -> None:
    run = run_of(push(failure(), failure(factory.code("aws_s3_bucket.old", "s3.tf", 1), known=True), WAIVED, UNREAD))
    by_resource = {
        result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: result for result in run["results"]
    }
    new = by_resource["infra:aws_s3_bucket.exports"]
    place = new["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "shop/infra/s3.tf"
    assert place["region"] == {"startLine": 12, "endLine": 20}
    assert new["baselineState"] == "new"
    assert "Art. 32(1)(a)" in new["message"]["text"]
    assert by_resource["infra:aws_s3_bucket.old"]["baselineState"] == "unchanged"
    (suppression,) = by_resource["infra:aws_s3_bucket.pictures"]["suppressions"]
    assert "Nadia B." in suppression["justification"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop/infra/bad.tf"
    rule = run["tool"]["driver"]["rules"][new["ruleIndex"]]
    assert (rule["id"], rule["properties"]["security-severity"]) == ("s3-encrypted", "8.0")


@pytest.mark.parametrize(("found", "whole"), [((failure(),), True), ((failure(), UNREAD), False), ((UNREAD,), False)])
def test_sarif_reports_no_success_if_something_was_not_read(found: tuple[Finding, ...], whole: bool) -> None:
    assert run_of(push(*found))["invocations"][0]["executionSuccessful"] is whole


def test_a_rule_links_to_its_page_if_the_site_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = run_of(push(failure()))["tool"]["driver"]["rules"]
    assert "preuve explain s3-encrypted" in rule["help"]["text"] and "helpUri" not in rule
    monkeypatch.setattr(sarif_file, "site", lambda: "https://docs.example.org")
    (rule,) = run_of(push(failure()))["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://docs.example.org/en/policies/s3-encrypted.html"


def test_a_fingerprint_depends_on_the_resource_and_not_on_the_line() -> None:
    moved = failure(factory.code("aws_s3_bucket.exports", "infra/storage.tf", 99))
    other = failure(factory.code("aws_s3_bucket.other", "infra/s3.tf", 12))
    prints = [
        run_of(push(found))["results"][0]["partialFingerprints"]["primaryLocationLineHash"]
        for found in (failure(), moved, other)
    ]
    assert prints[0] == prints[1] != prints[2]


def test_sarif_stays_within_the_limits_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [failure(factory.code(f"aws_s3_bucket.b{number}", "s3.tf", number)) for number in range(1, 8)]
    monkeypatch.setattr(sarif_file, "MOST_RESULTS", 5)
    run = run_of(push(*found))
    assert len(run["results"]) == 5
    assert "and 2 more" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    monkeypatch.setattr(sarif_file, "MOST_BYTES", len(sarif(push(*found[:2]))) // 3)
    assert len(run_of(push(*found))["results"]) < 5


def test_unseen_code_is_not_counted_as_a_failure() -> None:
    unknown = replace(
        UNREAD, incomplete=False, reason=Reason("iac_unknown", {"checks": "CKV_AWS_3", "detail": "var.x"})
    )
    gap = IacGap("infra", "infra/main.tf", 12, "module_not_loaded", "module vpc is not installed: run terraform init")
    found = push(failure(), unknown, gaps=(gap,))
    text = " ".join(summary_text(report(found)).split())
    assert "Not examined: shop/infra/main.tf:12: module vpc is not installed: run terraform init" in text
    assert "1 check could not be decided" in text
    levels = {item["level"] for item in run_of(found)["invocations"][0]["toolExecutionNotifications"]}
    assert levels == {"note", "warning"}
    assert json.loads(document(found))["not_seen"][0]["line"] == 12
    assert (found.push.counts["new"], found.push.counts["unread"]) == (1, 0)


def test_missing_modules_of_a_root_are_one_line() -> None:
    def gap(root: str, line: int, detail: str = "module vpc is not installed") -> IacGap:
        return IacGap(root, f"{root}/main.tf", line, "module_not_loaded", detail)

    other = IacGap("a", "a/x.tf.json", 0, "not_covered", "Checkov does not read this kind of file")
    found = push(failure(), gaps=(gap("a", 1), gap("a", 5), gap("a", 9), gap("b", 1), other))
    lines = [line for line in notes(found) if line.startswith("Not examined")]
    assert lines == [
        "Not examined: shop/a/main.tf:1: module vpc is not installed (2 more calls in this root module)",
        "Not examined: shop/b/main.tf:1: module vpc is not installed",
        "Not examined: shop/a/x.tf.json: Checkov does not read this kind of file",
    ]


def test_what_is_left_out_on_purpose_is_no_unread_code_and_one_line_for_each_reason() -> None:
    def gap(path: str, why: str) -> IacGap:
        return IacGap("", path, 0, "left_out", why)

    bundles = [gap(f"evidence/2026-Q{number}", "evidence that preuve wrote") for number in range(1, 9)]
    found = push(failure(), gaps=(*bundles, gap("old", "switched off in 2025")))
    assert not any(line.startswith("Not examined") for line in notes(found))
    said = [
        "Left out (evidence that preuve wrote): shop/evidence/2026-Q1, shop/evidence/2026-Q2,"
        " shop/evidence/2026-Q3, shop/evidence/2026-Q4, shop/evidence/2026-Q5, … and 3 more",
        "Left out (switched off in 2025): shop/old",
    ]
    assert [line for line in notes(found) if line.startswith("Left out")] == said
    told = run_of(found)["invocations"][0]["toolExecutionNotifications"]
    assert [item for item in told if item["level"] == "warning"] == []
    assert set(said) <= {item["message"]["text"] for item in told}
    assert len(json.loads(document(found))["not_seen"]) == 9


def test_blocks_that_are_not_created_are_one_line_with_their_conditions() -> None:
    def gap(name: str, line: int, why: str, root: str = "infra") -> IacGap:
        return IacGap(root, "infra/main.tf", line, "not_made", f"{name} is not created: {why}", subject=name)

    off = "count = var.on ? 1 : 0"
    gaps = [gap(f"aws_x.b{line}", line, off, root) for line in range(1, 9) for root in ("infra", "other")]
    found = push(failure(), gaps=(*gaps, gap("aws_x.c", 20, "count = 0")))
    assert [line for line in notes(found) if "not created" in line] == [
        f"9 blocks are not created by the code in its current state: {off} (8); count = 0 (1). --json lists them."
    ]
    assert not any(line.startswith("Not examined") for line in notes(found))
    told = [item["message"]["text"] for item in run_of(found)["invocations"][0]["toolExecutionNotifications"]]
    assert sum("not created" in text for text in told) == 1
    assert len(json.loads(document(found))["not_seen"]) == 17


def test_what_code_never_decides_is_counted_and_listed() -> None:
    reason = Reason("partial_check", {"checks": "CKV_1"})
    places = [factory.code(f"aws_s3_bucket.b{number}", "infra/s3.tf", number) for number in range(1, 4)]
    found = push(*(factory.finding("s3-encrypted", S.NOT_EVALUATED, reason, place) for place in places))
    (line,) = (line for line in notes(found) if "code alone can never decide" in line)
    assert line.startswith("3 more checks") and "high s3-encrypted (3)" in line
    assert not [line for line in notes(found) if "could not be decided" in line]
    listed = json.loads(document(found))["findings"]
    assert [one["status"] for one in listed] == ["NOT_EVALUATED"] * 3


def test_undecided_findings_name_their_policies_by_severity() -> None:
    reason = Reason("iac_unknown", {"checks": "CKV_1", "at": "acl", "detail": "unresolved: var.acl"})
    places = [factory.code(f"aws_s3_bucket.b{number}", "infra/s3.tf", number) for number in range(1, 4)]
    mild = factory.finding("s3-versioning", S.NOT_EVALUATED, reason, places[0])
    grave = [factory.finding("s3-encrypted", S.NOT_EVALUATED, reason, place) for place in places]
    (line,) = (line for line in notes(push(mild, *grave)) if "could not be decided" in line)
    assert "high s3-encrypted (3), medium s3-versioning (1)" in line
    assert locale("en").reason(reason) == "The code alone is not enough to decide: acl: unresolved: var.acl."
    assert "CKV" not in locale("fr").reason(reason)


def test_instances_are_one_result_with_their_number_in_every_output() -> None:
    several = [failure(factory.code(f'aws_s3_bucket.b["{name}"]', "infra/s3.tf", 12)) for name in "abc"]
    found = push(*several)
    assert found.push.counts["new"] == 1
    (result,) = run_of(found)["results"]
    assert result["occurrenceCount"] == 3
    (item,) = json.loads(document(found))["findings"]
    assert len(item["instances"]) == 3
    assert len(json.loads(code_quality(found))) == 1
    for text in (summary_text(report(found)), unescape(markdown(found)), workflow_commands(found)):
        assert "and 2 more instances" in " ".join(text.split())


def test_each_resource_of_a_group_has_its_file_and_line_and_what_passed_before_is_told_in_its_own_place() -> None:
    reason = Reason("iac_unknown", {"checks": "CKV_1", "at": "acl", "detail": "unresolved: var.acl"})
    places = [factory.code(f"aws_s3_bucket.{name}", f"infra/{name}.tf", 3) for name in "abc"]
    each = [factory.finding("s3-encrypted", S.NOT_EVALUATED, reason, place) for place in places]
    found = push(replace(each[0], also=tuple(places[1:]), each=tuple(each)))
    found = Words(replace(found.push, lost=(each[2],)))
    told = [item for item in json.loads(document(found))["findings"] if len(item["places"]) > 1]
    assert [[(one["file"], one["line"]) for one in item["places"]] for item in told] == [
        [(f"shop/{place.file}", place.line) for place in places]
    ]
    notifications = run_of(found)["invocations"][0]["toolExecutionNotifications"]
    uris = [
        one["physicalLocation"]["artifactLocation"]["uri"]
        for item in notifications
        for one in item.get("locations", ())
    ]
    assert "shop/infra/c.tf" in uris


def test_all_types_without_a_policy_are_named() -> None:
    types = tuple(
        UncoveredType("infra", "terraform", f"aws_x{number}", number, "infra/a.tf", 1) for number in range(1, 8)
    )
    types += (UncoveredType("other", "terraform", "aws_x7", 2, "other/main.tf", 3),)
    found = push(failure())
    words = Words(replace(found.push, assessment=replace(found.push.assessment, uncovered=types)))
    (line,) = (line for line in notes(words) if "no policy looks at" in line)
    assert line.startswith("7 types of resources that no policy looks at: aws_x7 (9), aws_x6 (6)")
    assert all(f"aws_x{number} (" in line for number in range(1, 8))
    told = json.loads(document(words))["uncovered"]
    assert told[0]["file"] == "shop/infra/a.tf"
    assert [(item["root"], item["blocks"]) for item in told if item["type"] == "aws_x7"] == [
        ("shop/infra", 7),
        ("shop/other", 2),
    ]


def test_a_file_unreadable_for_several_roots_is_reported_once() -> None:
    places = (replace(UNREAD.place, root=root) for root in ("a", "b"))
    told = [
        line for line in notes(push(*(replace(UNREAD, place=place) for place in places))) if "Not evaluated" in line
    ]
    assert len(told) == 1


def test_unreadable_code_is_not_reported_as_absent() -> None:
    assert "there is code" in summary_text(report(push(UNREAD)))
    assert "no code was found" in summary_text(report(push()))


def test_waivers_that_no_longer_count_are_named() -> None:
    assert "W-002" in summary_text(report(push(failure())))


def test_a_future_waiver_is_not_reported_as_unused() -> None:
    found = push(failure())
    (first, *_) = found.push.assessment.waivers
    coming = replace(first, id="W-009", state="later", created="2027-01-15")
    assessment = replace(found.push.assessment, waivers=(coming,))
    said = " ".join(notes(Words(replace(found.push, assessment=assessment))))
    assert f"Waiver W-009 ({first.policy}) covers nothing before 15 January 2027" in said
    assert "cover nothing in this code" not in said


# ---- GitHub -------------------------------------------------------------------------------------------------------


def test_the_worst_ten_are_annotations_and_the_others_are_counted() -> None:
    mild = [failure(factory.code(f"aws_s3_bucket.m{n}", "s3.tf", n), "s3-versioning") for n in range(1, 12)]
    lines = workflow_commands(push(*mild, failure())).splitlines()
    assert lines[0].startswith("::error file=shop/infra/s3.tf,line=12,endLine=20,title=high%3A Buckets are encrypted")
    assert [line.split(" ")[0] for line in lines] == ["::error", *["::warning"] * 9, "::notice"]
    assert "and 2 more" in lines[-1]


def test_a_push_that_changes_its_judge_is_marked_in_every_output() -> None:
    found = push(failure(), changes=("shop/waivers.yaml",), judged_by="main (0123456789)")
    said = "THIS PUSH CHANGES WHAT JUDGES IT: shop/waivers.yaml. Judged by main (0123456789), without these changes."
    assert said in workflow_commands(found)
    assert said in unescape(markdown(found))
    assert said in " ".join(summary_text(report(found)).split())
    assert json.loads(document(found))["judged_by"] == "main (0123456789)"


def test_a_summary_above_the_limit_is_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    found = push(*[failure(policy=name) for name in factory.POLICIES])
    whole = markdown(found)
    monkeypatch.setattr(summary, "LIMIT", len(whole.encode()) - 100)
    text = markdown(found)
    assert len(text.encode()) < len(whole.encode())
    assert text.count("\n|") < whole.count("\n|")
    assert re.search(r"and \d+ more new problem", unescape(text))


def test_failures_of_one_policy_are_grouped() -> None:
    places = [factory.code(f"aws_s3_bucket.b{number}", "s3.tf", number) for number in range(1, 30)]
    found = push(*map(failure, places))
    for text in (summary_text(report(found)), unescape(markdown(found))):
        assert text.count("Set it on the resource") == 1
        assert "aws_s3_bucket.b1" in text
        assert re.search(r"and \d+ more places", text)


# ---- hostile names ------------------------------------------------------------------------------------------------

hostile = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        "::error::x", "\n::add-mask::y", "##[group]z", "%0A::error::", "\r\n::stop-commands::t",
        "|", "[a](javascript:alert(1))", "![](https://example.org/x.png)", "`", "**", "# h", "@everyone", "https://e.org",
        factory.HOSTILE, "-->", "&lt;b&gt;", "\x1b[31m", "\x1b]8;;https://e.org\x07",
        "\x9b31m", "\u202egnp.exe", "\u2066x\u2069",
        "\x00", "\ud800", "]]>", "a\nb", "a\u2028b", "../../x", "C:\\x", "//host/share", "{0}", "[bold]", "[/]",
    ]
)  # fmt: skip
places = st.builds(Place, type=hostile, id=hostile, root=hostile, file=hostile, line=st.integers(0, 9))
statuses = st.sampled_from([S.FAIL, S.WAIVED, S.NOT_EVALUATED])


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    values = {name: draw(hostile) for name in ("checks", "comment", "detail", "cause")}
    found = factory.finding("s3-encrypted", draw(statuses), Reason(draw(codes), values), draw(places))
    about = {"incomplete": draw(st.booleans()), "known": draw(st.booleans()), "waiver": draw(hostile)}
    return replace(found, source="iac", **about)


gaps = st.builds(IacGap, root=hostile, file=hostile, line=st.integers(0, 9), cause=hostile, detail=hostile)
abouts = st.fixed_dictionaries(
    {
        "gaps": st.tuples(gaps),
        "changes": st.tuples(hostile),
        "judged_by": hostile,
        "prefix": hostile,
        "language": st.sampled_from(["en", "fr"]),
    }
)
codes = st.sampled_from(["iac_failed", "iac_suppressed", "iac_unknown", "iac_gap"])
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


@settings(max_examples=60)
@given(st.lists(findings(), min_size=1, max_size=3), abouts, hostile)
def test_hostile_names_are_harmless_in_every_output(drawn: list[Finding], about: dict[str, Any], name: str) -> None:
    found = push(*drawn, compared=Comparison("baseline", name, 1), **about)

    text = summary_text(report(found))
    assert not BAD.search(text)
    assert not COMMAND.search(text)

    for line in workflow_commands(found).splitlines():
        command = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert command, line
        assert len(re.findall(r"(?:^|,)(file|line|endLine|title)=[^,]*", command[2])) == command[2].count(",") + 1
        assert not BAD.search(line)

    page = markdown(found)
    assert not BAD.search(page)
    rows = [line for line in page.split("\n") if line.startswith("|")]
    assert len({row.count("|") for row in rows}) <= 1
    bare = re.sub(r"&#\d+;|<br>|^\| |^\|(---\|)+$| \||\*\*|^## |^- ", "", page, flags=re.MULTILINE)
    assert not re.search(r"[<>\[\]`*_|@#]|://", bare)

    log = json.loads(sarif(found))
    assert not list(sarif_schema().iter_errors(log))
    assert sarif(found).isascii()
    for result in log["runs"][0]["results"]:
        assert not BAD.search(result["message"]["text"])
        assert "](" not in result["message"]["text"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?!/)[\w.~%/+-]+", uri, re.ASCII)
        assert ".." not in uri.split("/")

    json.loads(document(found))
    assert all(item["location"]["path"] for item in json.loads(code_quality(found)))


@settings(max_examples=30)
@given(st.lists(findings(), min_size=1, max_size=3), hostile)
def test_junit_is_valid_for_jenkins(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Finding], prefix: str
) -> None:
    path = tmp_path_factory.mktemp("junit") / "junit.xml"
    found = factory.assessment(tuple(drawn))
    write_junit(path, found, factory.library(), controls=True, prefix=prefix, xunit=True)
    assert not [error.reason for error in junit_schema().iter_errors(ET.parse(path))]


def test_a_failure_that_was_known_for_another_cause_says_so() -> None:
    before = {mark(failure()): frozenset({ground(Kind.CAUSE, "1")})}
    for words, said in ((push(failure()), False), (push(failure(), before=before), True)):
        text = summary_text(report(words))
        assert ("already failed this policy" in " ".join(text.split())) is said
        assert ("already failed this policy" in json.dumps(document(words))) is said
    assert "already failed" not in json.dumps(document(push(failure(known=True), before=before)))
