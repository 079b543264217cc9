"""Findings by policy, by resource, by account and by place in code, and the page that searches all of them."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.model.grouping import grouped
from preuve.model.layout import IAC, RECORDS, SUMMARY
from preuve.model.results import Finding, FindingStatus, by_resource
from preuve.model.snapshot import LEFT_OUT, NOT_MADE
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.site.accounts import units
from preuve.publish.site.calls import CitedCalls
from preuve.publish.site.paths import (
    ACCOUNTS,
    CODE,
    FINDINGS,
    RESOURCES,
    account_page,
    code_page,
    page_file,
    policy_page,
    policy_record,
    quiet_page,
    relative,
    type_page,
)
from preuve.publish.site.subjects import PER_PAGE, Subject, counted
from preuve.publish.site.views import cut, listed, spread
from preuve.publish.words.names import failing_policies, place_name, relative_file
from preuve.publish.words.text import one_line

ROWS_PER_PAGE = 500
MOST_FILES = 200  # files of code in the table


@dataclass(frozen=True)
class Tally:
    """Resources of one kind, and how many findings they have by status."""

    name: str
    page: str
    resources: int
    counts: Mapping[FindingStatus, int]


# ---- policies -----------------------------------------------------------------------------------------------------


def policy_pages(context: Context) -> Iterator[Leaf]:
    """Yield the pages of each policy: the rule, what it supports, and every finding."""
    for policy in context.facts.policies:
        found = context.facts.findings.get(policy, ())
        shown = [item for item in found if not context.facts.subjects.is_folded(item.place)]
        parts = cut(shown, ROWS_PER_PAGE)
        for number, part in enumerate(parts, start=1):
            sizes = {"total": len(shown), "folded": len(found) - len(shown)}
            values = {**_policy(context, policy, number, parts, part), **sizes}
            yield Leaf("policy", policy_page(policy, number), FINDINGS, values)


def _policy(
    context: Context, policy: str, number: int, parts: Sequence[Sequence[Finding]], part: Sequence[Finding]
) -> dict[str, Any]:
    facts, evidence = context.facts, CitedCalls(context.facts.calls)
    records = (policy_record(policy), policy_record(policy, code=True))
    results = facts.controls.get(policy, [])
    return {
        "id": policy,
        "rows": facts.rows(part, context.locale, evidence),
        "first": (number - 1) * ROWS_PER_PAGE + 1,
        "number": number,
        "pages": [policy_page(policy, other) for other in range(1, len(parts) + 1)],
        "counts": facts.counts([policy]),
        "tested": [item for item in results if policy in item.deciding],
        "supported": [item for item in results if policy in item.supporting],
        "records": [name for name in map(posixpath.basename, records) if name in context.files.get(RECORDS, ())],
        "listings": spread(facts.population([policy], evidence)) if number == 1 else [],
        "seconds": facts.seconds([policy]) if number == 1 else {},
        "fixes": facts.texts(context.locale).fixes(policy),
        "evidence": evidence,
    }


# ---- resources ----------------------------------------------------------------------------------------------------


def resource_pages(context: Context) -> Iterator[Leaf]:
    """Yield the types of resources in the accounts, and the resources of each."""
    types, folded = context.facts.subjects.types, context.facts.subjects.folded
    quiet = {subject.page for subject in context.facts.subjects.quiet}
    every = context.facts.subjects.counted_types
    tallies = _tallies(every)
    whole = Counter(finding.status for finding in context.facts.subjects.whole)
    values = {"tallies": tallies, "whole": whole, "folded": sum(map(len, folded.values()))}
    yield Leaf("resources", RESOURCES, RESOURCES, values)
    loud = {name: found for name, found in types.items() if found[0].page not in quiet}
    for name, found in (*loud.items(), ("", context.facts.subjects.quiet)):
        parts = cut(found, PER_PAGE)
        numbers = range(1, len(parts) + 1)
        pages = [type_page(name, number) if name else quiet_page(number) for number in numbers]
        if not found:
            continue
        for number, part in enumerate(parts, start=1):
            values = {  # resources that have a page
                "name": name,
                "subjects": part,
                "number": number,
                "pages": pages,
                "total": len(found),
                "counts": counted(every.get(name, found)) if number == 1 else {},
                "folded": len(folded.get(name, ())),
            }
            yield Leaf("type", pages[number - 1], RESOURCES, values)


# ---- accounts -----------------------------------------------------------------------------------------------------


def account_pages(context: Context) -> Iterator[Leaf]:
    """Yield the page of accounts, and for each account pages by type, region and failing policy."""
    accounts = _by_account(context)
    subjects: dict[str, list[Subject]] = {name: [] for name in accounts}
    for of_type in context.facts.subjects.counted_types.values():
        for subject in of_type:
            subjects.setdefault(subject.place.account, []).append(subject)
    tallies = [
        Tally(name, account_page(name), len(subjects[name]), Counter(item.status for item in found))
        for name, found in accounts.items()
    ]
    rows = context.facts.account_rows
    read = {row.id: row.read_during for row in rows}
    files = [name for name in context.files.get(SUMMARY, ()) if name.startswith("accounts.")]
    yield Leaf("accounts", ACCOUNTS, ACCOUNTS, {"tallies": tallies, "rows": rows, "units": units(rows), "files": files})
    for tally in tallies:
        findings = accounts[tally.name]
        values: dict[str, Any] = {
            "tally": tally,
            "read_during": read.get(tally.name),
            "types": _tallies(grouped((subject.place.type, subject) for subject in subjects[tally.name])),
            "regions": _regions(findings),
            "failing": failing_policies(findings),
            "whole": Counter(item.status for item in context.facts.subjects.whole if item.place.account == tally.name),
            "listings": spread(found := listed(it for it in context.site.listings if it.account == tally.name)),
            "lists": len(found),
        }
        yield Leaf("account", tally.page, ACCOUNTS, values)


def _by_account(context: Context) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {account.id: [] for account in context.site.workspace.accounts}
    for finding in context.site.assessment.findings:
        if finding.place.account:
            found.setdefault(finding.place.account, []).append(finding)
    return found


def _tallies(subjects: Mapping[str, Sequence[Subject]]) -> list[Tally]:
    return [Tally(name, found[0].page, len(found), counted(found)) for name, found in subjects.items()]


def _regions(findings: Sequence[Finding]) -> list[tuple[str, Mapping[FindingStatus, int]]]:
    found: dict[str, Counter[FindingStatus]] = {}
    for finding in findings:  # those without a region are included, so that the numbers add up
        found.setdefault(finding.place.region, Counter())[finding.status] += 1
    return sorted(found.items())


# ---- code ---------------------------------------------------------------------------------------------------------


def code_pages(context: Context) -> Iterator[Leaf]:
    """Yield the blocks of code by file, with the findings of the policies on them."""
    blocks = context.facts.subjects.code
    tallies = _tallies(grouped((relative_file(block.place.file) or block.place.root, block) for block in blocks))
    most_failing = sorted(tallies, key=lambda tally: (-tally.counts[FindingStatus.FAIL], tally.name))
    parts = cut(blocks, PER_PAGE)
    pages = [code_page(number) for number in range(1, len(parts) + 1)]
    for number, part in enumerate(parts, start=1):
        values = {
            "subjects": part,
            "tallies": most_failing[:MOST_FILES] if number == 1 else [],
            "number": number,
            "pages": pages,
            "total": len(blocks),
            "gaps": sum(gap.cause not in (NOT_MADE, LEFT_OUT) for gap in context.site.gaps),
            "left_out": sum(gap.cause == LEFT_OUT for gap in context.site.gaps),
            "files": context.files.get(IAC, ()),
        }
        yield Leaf("code", pages[number - 1], CODE, values)


# ---- search -------------------------------------------------------------------------------------------------------


def findings_page(context: Context) -> Iterator[Leaf]:
    """Yield a page with every policy and its counts, and all findings in short for the search."""
    accounts = sorted(context.facts.accounts)
    values: dict[str, Any] = {"policies": context.facts.policies, "accounts": accounts, "index": _index(context)}
    values["folded"] = sum(map(len, context.facts.subjects.folded.values()))
    yield Leaf("findings", FINDINGS, FINDINGS, values)


def _index(context: Context) -> dict[str, Any]:
    """Return all findings in short form; repeated values are stored once and referred to by index."""
    facts, language = context.facts, context.locale.language
    statuses = list(FindingStatus)
    policies = {name: number for number, name in enumerate(facts.policies)}
    places: dict[tuple[str, str], int] = {}
    pages: dict[str, int] = {}
    resources: list[list[Any]] = []
    of_several = (item for item in context.site.assessment.findings if item.also)
    together = {_told(one): number for number, item in enumerate(of_several) for one in by_resource([item])}
    firsts: dict[int, int] = {}
    findings: list[int] = []  # three for each: status, policy, resource
    rows: dict[int, int] = {}  # rows of one finding about several resources, and the index of the first
    told = [(item.place, item.page, int(item.anchor[1:]), item.findings) for item in facts.subjects]
    # For findings about a whole type it is the page of the policy.
    told += [(item.place, policy_page(item.policy), 0, [item]) for item in facts.subjects.whole]
    for place, page, anchor, found in told:
        where = relative_file(place.file) or " · ".join(filter(None, (place.account, place.region)))
        key = (one_line(place.type, 120), where)
        at = [places.setdefault(key, len(places)), pages.setdefault(page, len(pages)), anchor]
        for finding in found:
            if (shared := together.get(_told(finding))) is not None:
                rows[len(findings) // 3] = firsts.setdefault(shared, len(findings) // 3)
            findings += [statuses.index(finding.status), policies[finding.policy], len(resources)]
        resources.append([place_name(place), *at])
    library = context.site.library.policies
    return {
        "statuses": [status.value for status in statuses],
        "policies": [_said(library.get(name), name, language) for name in policies],
        "places": list(places),
        "pages": [relative(page_file(page, language), FINDINGS) for page in pages],
        "resources": resources,
        "findings": findings,
        "several": rows,
    }


def _told(finding: Finding) -> Hashable:
    """Return what distinguishes a finding on one resource from others."""
    return finding.policy, finding.status, finding.place, tuple(sorted(finding.reason.values.items()))


def _said(policy: Any, name: str, language: str) -> list[Any]:
    page = relative(page_file(policy_page(name), language), FINDINGS)
    if policy is None:
        return [name, name, "", page]
    return [name, policy.title.in_language(language), policy.severity.value, page]
