"""Every number on a page agrees with the findings, for any findings."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from preuve.model.results import ControlStatus, Finding, FindingStatus, PolicyResult, Reason
from preuve.publish.papers.management import _STEPS, management_summary
from preuve.publish.results import read_lines, write_results
from preuve.publish.site.open_points import unsettled
from preuve.publish.site.paths import (
    ACCOUNTS,
    FINDINGS,
    HOME,
    LIMITS_PAGE,
    RESOURCES,
    account_page,
    control_page,
    framework_page,
    page_file,
    policy_page,
)
from preuve.publish.site.writer import write_site
from preuve.publish.terminal.summary import summary, summary_text
from preuve.publish.words.locale import load_locale

from . import factory

Counts = list[int]
_FOUND = factory.findings()


def counts(found: list[Finding]) -> Counts:
    by_status = Counter(item.status for item in found)
    return [by_status[status] for status in FindingStatus]


def drawn(statuses: list[FindingStatus], times: list[int]) -> tuple[Finding, ...]:
    """The findings of the factory with other statuses, each on some resources more."""
    return tuple(
        replace(
            item,
            status=status,
            place=replace(item.place, id=f"{item.place.id}{number or ''}", arn=""),
        )
        for item, status, more in zip(_FOUND, statuses, times, strict=True)
        for number in range(more)
    )


RESULTS = st.builds(
    drawn,
    st.lists(st.sampled_from(FindingStatus), min_size=len(_FOUND), max_size=len(_FOUND)),
    st.lists(st.integers(0, 3), min_size=len(_FOUND), max_size=len(_FOUND)),
)


def numbers(text: str) -> Counts:
    return [int(found.replace(",", "")) for found in re.findall(r">\s*([\d,]+)\s*(?=<|$)", text)]


def within(pattern: str, text: str) -> Counts:
    """The numbers in the first place that looks so."""
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None, pattern
    return numbers(found[1])


def rows(text: str) -> Iterator[tuple[str, Counts]]:
    """Yield the link in the head of each row of a table of counts, and the last five numbers of the row."""
    for table in re.findall(r'<table class="?tally[^>]*>(.*?)</table>', text, re.DOTALL):
        for row in table.split("<tr>")[1:]:
            if target := re.search(r'<th scope=row[^>]*><a href=([^">#]+)', row):
                yield unquote(target[1]), numbers(row)[-5:]


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))  # a site is made for each
@given(RESULTS, st.lists(st.sampled_from(ControlStatus), min_size=9, max_size=9))
def test_the_numbers_on_pages_agree_with_the_findings(
    found: tuple[Finding, ...], statuses: list[ControlStatus]
) -> None:
    made = factory.site("en", found=found)
    controls = tuple(
        replace(item, status=status) for item, status in zip(made.assessment.controls, statuses * 3, strict=False)
    )
    made = replace(made, assessment=replace(made.assessment, controls=controls))
    with tempfile.TemporaryDirectory() as name:
        write_site(Path(name), made)
        pages = {path.relative_to(name).as_posix(): path.read_text("utf-8") for path in Path(name).rglob("*.en.html")}
    every = counts(list(found))
    by_policy = {policy: counts([item for item in found if item.policy == policy]) for policy in factory.POLICIES}

    overview = pages[page_file(HOME, "en")]
    assert within("<ul class=tiles>(.*?)</ul>", overview) == every
    for framework in {item.framework for item in controls}:
        items = [item for item in controls if item.framework == framework and item.control != "GDPR.T.RES"]
        own = Counter(item.status for item in items)
        page = pages[page_file(framework_page(framework), "en")]
        assert sorted(within("<ul class=counts aria-hidden=true>(.*?)</ul>", page)) == sorted(own.values())
    judged = {item.policy for item in found}
    for policy in judged:
        text = pages[page_file(policy_page(policy), "en")]
        assert within("<ul class=counts>(.*?)</ul>", text) == by_policy[policy]
    told = [
        (page, target, shown) for page, text in pages.items() for target, shown in rows(text) if "policies/" in target
    ]
    assert {page for page, _, _ in told} >= {page_file(FINDINGS, "en")} if found else True
    for page in {page for page, _, _ in told if "accounts/" not in page and "policies/" not in page}:
        # A row counts findings, and one may concern several resources.
        assert "The numbers count findings" in pages[page] and "count resources" not in pages[page], page
    for page, target, shown in told:
        if "accounts/" not in page:
            assert shown == by_policy[target.rpartition("/")[2].removesuffix(".en.html")], (page, target)

    index = json.loads(pages[page_file(FINDINGS, "en")].partition('id="index">')[2].partition("</script>")[0])
    named = Counter(
        (index["policies"][p][0], index["statuses"][s])
        for s, p in zip(index["findings"][::3], index["findings"][1::3], strict=True)
    )
    assert named == Counter((item.policy, item.status.value) for item in found)

    accounts = dict(rows(pages[page_file(ACCOUNTS, "en")]))
    own_account = [item for item in found if item.place.account == factory.ACCOUNT]
    assert accounts[Path(page_file(account_page(factory.ACCOUNT), "en")).name] == counts(own_account)
    for page, scope in (
        (RESOURCES, [item for item in found if not item.place.root]),
        (account_page(factory.ACCOUNT), own_account),
    ):
        text = pages[page_file(page, "en")]
        whole = re.search(r"([\d,]+) findings? (?:is|are) about (?:a )?whole types?", text)
        total = sum(sum(shown) for _, shown in rows(text)) + (int(whole[1]) if whole else 0)
        assert total == len(scope), page


SILENT = re.compile(r"(\d+) polic(?:y|ies)(?: gave no finding|,? not evaluated)")


def of_policies(text: str) -> dict[str, Counts]:
    """The counts of each policy in the tables of a part of a control's page."""
    return {
        target.rpartition("/")[2].removesuffix(".en.html"): shown
        for target, shown in rows(text)
        if "policies/" in target
    }


@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.generate))  # a site is made for each
@given(RESULTS, st.sets(st.sampled_from(sorted(factory.POLICIES))))
def test_the_page_of_a_control_counts_as_the_results_do(found: tuple[Finding, ...], silenced: set[str]) -> None:
    """Whatever the run could not look at: no policy without a verdict stands under "passed or not applicable"."""
    found = tuple(item for item in found if item.policy not in silenced)
    made = factory.site("en", found=found)
    empty = {name: PolicyResult(name, FindingStatus.NOT_EVALUATED, {}) for name in factory.POLICIES}
    judged = replace(made.assessment, policies={**empty, **made.assessment.policies})
    made = replace(made, assessment=judged)
    with tempfile.TemporaryDirectory() as name:
        write_site(Path(name), made)
        write_results(Path(name) / "results.jsonl", judged)
        lines = list(read_lines(Path(name) / "results.jsonl"))
        pages = {path.relative_to(name).as_posix(): path.read_text("utf-8") for path in Path(name).rglob("*.en.html")}
    kept = Counter((line["policy"], line["status"]) for line in lines if line["kind"] == "finding")
    for control in judged.controls:
        page = pages[page_file(control_page(control.framework, control.control), "en")]
        shown = of_policies(page)
        assert shown == {name: [kept[name, status] for status in FindingStatus] for name in control.policies}
        clear = re.search(r"<summary id=clear>([\d,]+)(.*?)</details>", page, re.DOTALL)
        for counted in of_policies(clear[2]).values() if clear else ():
            passed, not_applicable = (
                counted[list(FindingStatus).index(FindingStatus[it])] for it in ("PASS", "NOT_APPLICABLE")
            )
            assert sum(counted) == passed + not_applicable > 0
        mute = [name for name in control.policies if not sum(shown[name])]
        assert [int(number) for number in SILENT.findall(page)] == [len(mute)] * bool(mute)
    mute = [name for name in factory.POLICIES if not any(policy == name for policy, _ in kept)]
    t = load_locale("en")
    said = (
        pages[page_file(HOME, "en")], pages[page_file(LIMITS_PAGE, "en")], str(management_summary(made, t)),
        summary_text(summary(judged, made.library, "en")),
    )  # fmt: skip
    nobody = replace(made, workspace=replace(made.workspace, accounts=(), iac=()))
    assert not mute or f"{len(mute)} because no account was read" in unsettled(nobody, t)
    for text in said:
        assert {int(number) for number in SILENT.findall(text) if int(number)} == {len(mute)} - {0}


@pytest.mark.parametrize(
    ("source", "cause", "step"),
    [
        ("aws", "access_denied", "access"), ("aws", "role_refused", "access"), ("aws", "throttled", "other"),
        ("aws", "", "other"), ("iac", "not_examined", "outside"), ("iac", "parse_error", "code"),
        ("iac", "access_denied", "code"),
    ],
)  # fmt: skip
def test_what_management_is_advised_follows_from_the_cause(source: str, cause: str, step: str) -> None:
    reason = Reason("iac_gap" if source == "iac" else "unread_listing", {"cause": cause, "type": "x"})
    open_ = replace(_FOUND[0], source=source, status=FindingStatus.NOT_EVALUATED, reason=reason, incomplete=True)
    for language in ("en", "fr"):
        t = load_locale(language)
        site = factory.site(language, found=(open_,))
        said = str(management_summary(site, t))
        assert [name for name in _STEPS if repr(t(f"decide.unread.{name}"))[1:-1] in said] == [step]
        assert (t("site.index.not_examined", n="1") in unsettled(site, t)) == (step == "outside")
