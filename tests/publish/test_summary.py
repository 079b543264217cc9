"""The terminal summary: what a person or a CI log must see, and what must never get into it."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.text import Text

from preuve.model.content import Library, Severity
from preuve.model.results import Assessment, Finding, FindingStatus, Reason
from preuve.model.snapshot import IacGap
from preuve.publish.terminal.summary import print_summary, summary, summary_markdown, summary_text

from . import factory


def text(
    assessment: Assessment | None = None, language: str = "en", library: Library | None = None, **more: object
) -> str:
    return summary_text(summary(assessment or factory.assessment(), library or factory.library(), language, **more))  # type: ignore[arg-type]


def test_failures_and_unread_findings_are_both_counted() -> None:
    shown = text()
    assert "5 failed   3 not evaluated   1 waived   3 passed   1 not applicable" in shown
    assert "4 distinct problems at or above the gate (high)" in shown
    assert "2 distinct problems left open" in shown


def refused(policy: str, call: str, at: str = "eu-west-3", account: str = "123456789012") -> Finding:
    """A finding that a refused call of the account leaves open."""
    values = {"cause": "access_denied", "code": "AccessDenied", "call": call, "at": at, "type": "AWS::S3::Bucket"}
    reason = Reason("unread_listing", values)
    model = factory.finding("s3-encrypted", FindingStatus.NOT_EVALUATED, reason, factory.bucket(""))
    return replace(model, policy=policy, incomplete=True, place=replace(model.place, account=account))


def test_a_refused_call_is_one_problem_for_all_policies_that_need_it() -> None:
    one = [refused(f"p-{number}", "s3:ListBuckets") for number in range(7)]
    other = [refused("p-1", "s3:ListBuckets", at="us-east-1"), refused("p-1", "s3:GetBucketAcl")]
    elsewhere = [refused("p-1", "s3:ListBuckets", account="999999999999")]
    found = replace(factory.assessment(), findings=(*one, *other, *elsewhere))
    assert found.incomplete == 4
    shown = text(found)
    counts = re.findall(r"(\d+) not evaluated", shown)
    assert counts == ["10", "4"] and shown.index("10 not evaluated") < shown.index("In distinct problems")
    assert "4 distinct problems left open" in shown


def test_distinct_problems_are_omitted_if_each_finding_is_one() -> None:
    model = factory.finding("s3-encrypted", FindingStatus.FAIL, Reason("failed"), factory.bucket("x"))
    shown = text(replace(factory.assessment(), findings=(model,)))
    assert "1 failed" in shown and "In distinct problems" not in shown and "left open" not in shown


def test_a_known_failure_is_not_reported_as_no_failure() -> None:
    model = factory.finding("s3-encrypted", FindingStatus.FAIL, Reason("failed"), factory.bucket("x"))
    shown = text(replace(factory.assessment(), findings=(replace(model, known=True),)))
    assert "No new failing finding." in shown and "No failing finding." not in shown


def test_the_gate_comes_from_the_workspace() -> None:
    assert "1 distinct problem at or above the gate (critical)" in text(gate=Severity.CRITICAL)


def test_the_worst_policy_comes_first_with_its_fix() -> None:
    shown = text()
    assert shown.index("iam-root-mfa") < shown.index("s3-encrypted") < shown.index("s3-versioning")
    assert "Fix: Set it on the resource, see `s3-encrypted`." in shown
    assert "aws s3 put-it" not in shown


def test_missing_permissions_are_listed_once_and_only_for_denied_reads() -> None:
    shown = text()
    assert shown.count("s3:GetEncryptionConfiguration") == 1
    assert "rds:DescribeDBInstances" not in shown
    assert "preuve permissions" in shown


def test_the_name_at_the_end_of_a_reason_is_not_cut() -> None:
    reason = Reason("evaluation_error", {"error": "empty", "member": "Trails[].LogGroup.Retention"})
    finding = replace(refused("s3-encrypted", "", account="200000000009"), reason=reason)
    told = re.sub(r"\s+", " ", text(replace(factory.assessment(), findings=(finding,)), "fr"))
    assert "(Trails[].LogGroup.Retention)" in told


def test_findings_of_other_accounts_that_lead_to_an_unread_one_are_told_apart() -> None:
    """The accounts page counts those of the account only."""

    def unread(code: str, account: str) -> Finding:
        values = {"cause": "account_suspended", "code": "SUSPENDED"}
        model = refused("s3-encrypted", "s3:ListBuckets", account=account)
        return replace(model, reason=Reason(code, values))

    own = [unread("unread_listing", "200000000009")] * 3
    all_of_them = (*own, unread("unread_relation", "200000000001"))
    told = re.sub(r"\s+", " ", text(replace(factory.assessment(), findings=all_of_them)))
    assert "4 × the account is suspended" in told and "1 of them is about a resource of another account" in told
    entries = (*own, *[unread("unread_relation", "")] * 2)
    told = re.sub(r"\s+", " ", text(replace(factory.assessment(), findings=entries)))
    assert "2 of them are about entries of registers" in told and "another account" not in told
    assert "of them" not in text(replace(factory.assessment(), findings=tuple(own)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_error_is_listed_with_its_own_calls(language: str) -> None:
    """Not all of them under the name of the first."""
    errors = [("other", "NotFound", f"backup:ListTags{number}") for number in range(35)]
    errors += [
        ("not_aws", "HTTP 407 text/html", "sns:ListTopics"),
        ("clock", "RequestTimeTooSkewed", "s3:GetBucketAcl"),
    ]
    findings = [
        replace(
            factory.assessment().findings[0],
            status=FindingStatus.NOT_EVALUATED,
            reason=Reason(
                "unread_member", {"member": "Tags", "cause": cause, "code": code, "call": call, "at": "eu-west-3"}
            ),
        )
        for cause, code, call in errors
    ]
    shown = re.sub(r"\s+", " ", text(replace(factory.assessment(), findings=tuple(findings)), language))
    assert re.search(r"35 × [^(]*\(NotFound\) ?: backup:ListTags0 \(eu-west-3\)", shown)
    assert re.search(r"1 × [^(]*\(HTTP 407 text/html\) ?: sns:ListTopics", shown)
    assert re.search(r"1 × [^(]*(clock|horloge)[^(]*\(RequestTimeTooSkewed\) ?: s3:GetBucketAcl", shown)


def test_expired_waivers_and_problems_are_named() -> None:
    shown = text()
    assert "W-002" in shown
    assert "W-001" not in shown
    assert "W-003 has no approver" in shown


@pytest.mark.parametrize(
    ("resource", "sides", "told"),
    [
        ("arn:aws:s3:::old", ("aws",), True),
        ("arn:aws:s3:::old", ("iac",), False),
        ("old-*", ("aws",), False),  # it may be a name in code
        ("old-*", ("aws", "iac"), True),
        ("infra:aws_s3_bucket.old", ("iac",), True),
    ],
)
def test_an_unused_waiver_is_named_if_the_run_covered_its_place(
    resource: str, sides: tuple[str, ...], told: bool
) -> None:
    model = factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), factory.bucket("x"))
    findings = tuple(replace(model, source=side) for side in sides)
    waiver = replace(factory.assessment().waivers[0], policy="s3-encrypted", resource=resource, state="unused")
    run = replace(factory.assessment(), findings=findings, waivers=(waiver,))
    assert ("cover nothing in this run" in text(run)) is told
    unread = replace(findings[0], status=FindingStatus.NOT_EVALUATED, incomplete=True)
    assert "cover nothing" not in text(replace(run, findings=(*findings, unread)))


def test_the_summary_names_the_next_step() -> None:
    shown = text(site=Path("evidence/2026-Q4/index.html"))
    assert "preuve explain iam-root-mfa" in shown
    assert "open evidence/2026-Q4/index.html" in shown


def test_no_overall_score() -> None:
    assert "%" not in text()


def test_controls_are_counted_by_status() -> None:
    (row,) = [line for line in text().splitlines() if line.strip().startswith("ISO 27001")]
    assert row.split()[-8:] == ["1", "1", "2", "0", "1", "2", "1", "0"]


def test_800_findings_stay_readable() -> None:
    policies = {f"p-{n:02}": replace(factory.POLICIES["s3-encrypted"], id=f"p-{n:02}") for n in range(40)}
    library = replace(factory.library(), policies=policies)
    model = factory.finding("s3-encrypted", FindingStatus.FAIL, Reason("failed"), factory.bucket("x"))
    found: tuple[Finding, ...] = tuple(replace(model, policy=f"p-{n % 40:02}") for n in range(800))
    shown = text(replace(factory.assessment(), findings=found), library=library)
    assert len(re.findall(r"\bp-\d\d\b", shown.split("Controls")[0])) == 10
    assert "and 30 more policies that fail (600 findings)" in shown


def test_an_empty_run_is_reported() -> None:
    assert "Nothing was examined" in text(factory.assessment(()))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 blocks are not created by the code in its current state: count = 0 (2); off (1). preuve ci --json"),
        ("fr", "3 blocs ne sont pas créés dans l'état actuel du code : count = 0 (2) ; off (1). preuve ci --json"),
    ],
)
def test_what_is_off_by_default_is_told_with_its_conditions(language: str, said: str) -> None:
    whys = ["off", "count = 0", "count = 0"]
    gaps = [
        IacGap("infra", "main.tf", line, "not_made", f"aws_x.b is not created: {why}", subject="aws_x.b")
        for line, why in enumerate(whys, 1)
    ]
    assert said in " ".join(text(language=language, gaps=gaps).split())
    assert "count = 0" not in text(language=language, gaps=[replace(gaps[1], cause="not_read")])


def test_the_summary_is_in_french() -> None:
    shown = text(language="fr")
    assert "5 échecs" in shown
    assert "Ce qui n'a pas pu être évalué" in shown
    assert "Contredit" in shown


def test_a_hostile_name_gives_no_escape_code_and_no_runner_command() -> None:
    bad = replace(factory.assessment().waivers[1], id="::error::owned", policy="##[error]x", resource="\x1b[2J")
    shown = text(replace(factory.assessment(), waivers=(bad,)))
    assert "\x1b" not in shown
    assert "##[" not in shown
    assert not any(line.strip().startswith("::") for line in shown.splitlines())


class Tty(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def shown_on(stream: StringIO) -> str:
    print_summary(summary(factory.assessment(), factory.library(), "en"), stream)
    return stream.getvalue()


def test_a_terminal_gets_colours_a_pipe_does_not() -> None:
    assert "\x1b[1;31m" in shown_on(Tty())
    assert "\x1b" not in shown_on(StringIO())


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", shown_on(Tty()))


def test_the_markdown_is_one_block_that_its_text_cannot_end() -> None:
    hostile = Text("first\n```\n# heading ````` <img src=x>\n")
    lines = summary_markdown(hostile).splitlines()
    fence = lines[-1]
    assert lines[0] == f"{fence}text"
    assert set(fence) == {"`"} and not any(fence in line for line in lines[1:-1])
    assert "# heading ````` <img src=x>" in lines
