"""The management summary: one page, for people who decide and do not run the systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from preuve.model.content import GRAVE
from preuve.model.results import Finding, FindingStatus
from preuve.model.snapshot import NOT_EXAMINED
from preuve.publish.papers import tallies
from preuve.publish.papers.document import Blank, Block, Document, Facts, Grid, Items, Prose, Section
from preuve.publish.papers.head import account_counts, foot, mark, scope, subtitle
from preuve.publish.papers.history import change_counts
from preuve.publish.site.accounts import READ, account_rows, several
from preuve.publish.site.facts import Site
from preuve.publish.site.open_points import least_of, without_account
from preuve.publish.site.regions import filled
from preuve.publish.tables.manual import DUE
from preuve.publish.tables.registers import against_law, asks_a_standard, asks_the_law, contradicted, uncounted
from preuve.publish.words.approvals import unverified, waiver_counts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import FailingPolicy, failing_policies, policy_title
from preuve.publish.words.text import first_sentence, one_line

_WORST = 5
_ACCOUNTS = 3
_REGIONS = 5
_ACCESS = frozenset({"access_denied", "role_refused"})
_STEPS = ("access", "outside", "code", "other")  # where something was not read, by its cause
_WIDTHS = (3, 8, 3, 20)  # of the failures: severity, title, number, rationale
_WHY = 200  # characters of a rationale that take two lines


def management_summary(site: Site, t: Locale) -> Document:
    """Return the page; it never adds controls up to one figure."""
    sections = [
        # the space for decisions is below the points to decide, on one sheet, however long the rest is
        Section(t("paper.to_decide"), [Items(list(_decisions(site, t)))]),
        Section(t("paper.decision"), [Blank(((t("paper.decided"), 2), (t("paper.name_date"), 1)))]),
        Section(t("paper.worst"), list(_worst(site, t))),
        Section(t("paper.standing"), [tallies.standing(site, t), Prose(t("site.index.claim"))]),
        Section(t("history.since"), list(change_counts(site, t))),
        Section(t("paper.examined"), [Facts(list(_examined(site, t)))]),
    ]
    now = site.assessment.now
    return Document(
        t.language, t("paper.management"), subtitle(site, t), now[:10], mark(site, t), foot(site, t), sections, True
    )


def _examined(site: Site, t: Locale) -> Iterator[tuple[str, str]]:
    yield from scope(site, t)
    if several(site):
        yield t("site.accounts.against"), " · ".join(_accounts(site, t))
    counts = {status: sum(1 for _ in tallies.with_status(site, status)) for status in FindingStatus}
    words = [t.count(f"summary.status.{status}", number) for status, number in counts.items() if number]
    if counts[FindingStatus.FAIL]:  # the first of them
        words[0] = f"{least_of(site)}{words[0]}"
    if silent := site.assessment.silent:
        words.append(t.count("summary.silent", len(silent)))
    if unsure := unverified(site.assessment):
        words.append(t.count("summary.unverified", unsure))
    yield t("site.col.findings"), " · ".join(words)
    if site.history and site.history.chain:
        last = site.history.chain[-1]
        yield t("history.head"), t("history.head_is", number=last.number, head=last.head)


def _accounts(site: Site, t: Locale) -> Iterator[str]:
    """Yield the number of accounts read, and the failures of the worst ones."""
    rows = account_rows(site)
    yield from account_counts(rows, t)
    inside = [row for row in rows if row.in_scope]
    for row in inside[:_ACCOUNTS]:
        failing = [f"{t.word('severity', name)} {t.number(row.failing[name])}" for name in GRAVE if row.failing[name]]
        state = [] if row.state == READ else [t.word("site.accounts.states", row.state)]
        told = [*failing, *state] or [t.word("site.accounts.states", READ)]
        yield one_line(f"{row.name}{t('site.colon')} {', '.join(told)}")
    if inside[_ACCOUNTS:]:
        yield t.count("site.accounts.more", len(inside) - _ACCOUNTS)


def _worst(site: Site, t: Locale) -> Iterator[Block]:
    items = failing_policies(site.assessment.findings)
    if not items:
        yield Prose(t("summary.no_failure") if site.assessment.examined else t("summary.nothing"))
        return
    rows = [
        [
            t.word("severity", item.severity),
            policy_title(item.policy, site.library, t),
            t.number(item.count),
            _why(item, site, t),
        ]
        for item in items[:_WORST]
    ]
    columns = [t("site.col.severity"), t("paper.broken"), t("site.col.found"), t("site.policy.rationale")]
    yield Grid(columns, rows, _WIDTHS, (2,))
    if items[_WORST:]:
        findings = t.number(sum(item.count for item in items[_WORST:]))
        yield Prose(t.count("summary.more", len(items) - _WORST, findings=findings))


def _why(item: FailingPolicy, site: Site, t: Locale) -> str:
    """Return why a policy matters, if the text is short: everything must fit on one page. It is never cut, because half
    a sentence may mean the contrary.
    """
    found = site.library.policies.get(item.policy)
    why = first_sentence(found.rationale.in_language(t.language)) if found else ""
    return why if len(why) <= _WHY else ""


def _decisions(site: Site, t: Locale) -> Iterator[str]:
    """Yield the open points and decisions, each with its number, zero included."""
    grave = Counter(item.severity for item in tallies.with_status(site, FindingStatus.FAIL) if item.severity in GRAVE)
    apart = without_account(site)
    least = {severity: least_of(site, severity) for severity in GRAVE}
    counts = {severity.value: f"{least[severity]}{t.number(grave[severity])}" for severity in GRAVE}
    least_told = t("decide.grave.open") if any(least.values()) else ""
    yield _decision("grave", sum(grave.values()), t, **counts, open=least_told)
    law_judged, standard_judged = asks_the_law(site), asks_a_standard(site)
    deviations = {name for item in site.assessment.controls for name in item.deviations}
    doubtful = {item.id for item in site.assessment.waivers if item.id in deviations and not item.approval_verified}
    numbers = {"n": _judged(len(deviations), law_judged, t), "unverified": _judged(len(doubtful), law_judged, t)}
    yield _decision("deviations", len(deviations), t, **numbers)
    entries = tallies.entries_by_state(site)
    overdue, undated = entries["overdue"], entries["unreadable"]
    to_grade, law, themes = contradicted(site), against_law(site), against_law(site, themes=True)
    contradicted_ones = _judged(len(to_grade), standard_judged, t)
    unknown = uncounted(site)
    late = t.word("paper.unknown", unknown) if unknown else t.number(overdue)
    yield _decision("to_grade", len(to_grade) + overdue, t, n=contradicted_ones, overdue=late)
    if undated:
        yield _decision("undated", undated, t)
    counts = {"n": _judged(len(law), law_judged, t), "themes": _judged(len(themes), law_judged, t)}
    yield _decision("law", len(law) + len(themes), t, **counts)
    states = [item.state for item in site.assessment.evidence.values()]
    due = {name: states.count(name) for name in DUE}
    yield _decision("evidence", sum(due.values()), t, **due)
    waivers = waiver_counts(site.assessment.waivers)
    to_decide = {"expired": waivers.expired, "invalid": waivers.invalid, "unverified": waivers.unverified}
    yield _decision("waivers", sum(to_decide.values()), t, **to_decide)
    open_ = list(tallies.with_status(site, FindingStatus.NOT_EVALUATED))
    unread = [item for item in open_ if item.incomplete]
    unsettled = {"n": site.assessment.incomplete, "all": len(open_), "unread": len(unread)}
    counted = {name: f"{least_of(site)}{t.number(number)}" for name, number in unsettled.items()}
    steps = {_step(item) for item in site.assessment.findings if item.incomplete and not item.known}
    if beyond := filled(site.regions):
        yield _decision("regions", len(beyond), t, names=t.few(beyond, _REGIONS))
    yield _decision("unread", site.assessment.incomplete, t, [step for step in _STEPS if step in steps], **counted)
    if apart:
        yield _decision("no_account", apart, t)
    compared = site.history.comparison if site.history else None
    if lost := compared.unsettled if compared else []:
        yield _decision("unsettled", len(lost), t, grave=t.number(sum(item.severity in GRAVE for item in lost)))


def _judged(number: int, judged: bool, t: Locale) -> str:
    """Return a number of controls; it is unknown for a framework that the run did not judge."""
    return t.number(number) if judged else t("site.not_judged")


def _step(finding: Finding) -> str:
    """Return the next step for the cause of a finding that is not evaluated."""
    cause = finding.reason.values.get("cause", "")
    if finding.source == "iac":
        return "outside" if cause == NOT_EXAMINED else "code"
    return "access" if cause in _ACCESS else "other"


def _decision(point: str, number: int, t: Locale, steps: Sequence[str] = (), /, **values: object) -> str:
    said = t(f"decide.{point}.count", **{"n": t.number(number), **values})
    return " ".join([said, *(t(f"decide.{point}.{step}") for step in (steps or ["then"]) if number)])
