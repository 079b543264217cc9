"""The minutes of the review by management (ISO/IEC 27001, 9.3.2), with the figures of a month filled in.

Conclusions and decisions stay blank: people write them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from preuve.library.company.registers import is_open
from preuve.library.company.templates import find
from preuve.model.company.indicator import Figure
from preuve.publish.dashboard import words
from preuve.publish.dashboard.month import Month
from preuve.publish.words.approvals import waiver_counts
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

TEMPLATE = "management-review"
_ROW_END = " | |"  # end of a template row with a blank finding


def management_review(month: Month, t: Locale) -> str:
    """Return the text of the minutes; nothing is removed from the template."""
    template = find(TEMPLATE, t.language)
    lines = template.text().split("\n") if template else []
    facts = {item: told for item, told in _facts(month, t).items() if told}
    filled = [_filled(line, facts, t) for line in lines]
    head = [
        f"# {t('monthly.review.heading', month=words.month(month.month, t))}",
        "",
        t("monthly.review.note", date=t.date(month.day.isoformat())),
        "",
    ]
    return "\n".join([*head, *filled])


def _filled(line: str, facts: Mapping[str, str], t: Locale) -> str:
    """Return a row of the table with the facts for the documents that it names."""
    if not line.startswith("|") or not line.endswith(_ROW_END):
        return line
    told = [fact for document, fact in facts.items() if document in line]
    cell = t.clauses(told).replace("|", "/")
    return f"{line.removesuffix('|').rstrip()} {cell} |" if told else line


def _facts(month: Month, t: Locale) -> dict[str, str]:
    """Return the known facts, by the document of their row in the template."""
    builders: Mapping[str, Callable[[Month, Locale], str]] = {
        "AUD-04": _nonconformities,
        "GOV-16": _measurements,
        "INC-02": _incidents,
        "GOV-07": _risks,
    }
    return {document: one_line(build(month, t)) for document, build in builders.items()}


def _nonconformities(month: Month, t: Locale) -> str:
    if month.uncounted:
        return t(f"monthly.why.{month.uncounted}")
    late = month.overdue_actions()
    open_ = [item for item in month.workspace.nonconformities if is_open(item)]
    return t("monthly.review.nonconformities", n=t.number(len(open_)), late=t.number(len(late)))


def _measurements(month: Month, t: Locale) -> str:
    told = [f"{words.title(item.indicator, t)}{t('site.colon')} {words.figure(item.now, item.indicator, t)} "
            f"({words.standing(item, t)})" for item in month.measured]  # fmt: skip
    return t.clauses(told)


def _incidents(month: Month, t: Locale) -> str:
    told = [item for item in month.measured if item.indicator.id in ("major-incidents", "personal-data-breaches")]
    shown = (f"{words.title(item.indicator, t)}{t('site.colon')} {_year(item.figures, t)}" for item in told)
    return t.clauses(shown)


def _year(figures: Sequence[Figure], t: Locale) -> str:
    """Return the sum of a year, as a lower bound if a month was not measured or its number may be higher."""
    known = [item.value for item in figures if item.value is not None]
    if not known:
        return t("monthly.unknown")
    total = Figure(sum(known), next((item.why for item in figures if item.least), ""))
    unmeasured = sum(item.value is None or item.least for item in figures)
    return t.count("monthly.review.year", unmeasured, sum=words.short(total, t))


def _risks(month: Month, t: Locale) -> str:
    """Return the effect of the waivers. Only an audit shows what a waiver covers: in a month without one, none is in
    force.
    """
    ending = [item.expires.isoformat() for item in month.ending_waivers()]
    if not month.audited:
        valid = sum(item.expires >= month.day for item in month.workspace.waivers)
        return t("monthly.review.valid", n=t.number(valid), ending=t.number(len(ending)))
    audit = month.audits.runs[-1].now[:10]
    told = waiver_counts(month.audits.waivers).told(t) or t("monthly.review.no_waiver")
    since = sum(day >= audit for day in ending)  # those that had ended before are reported already
    return t("monthly.review.risks", date=t.date(audit), told=told, n=t.number(since))
