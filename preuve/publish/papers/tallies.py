"""Counts that the papers share: status of frameworks, failures, unread items, due dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from preuve.model.grouping import grouped
from preuve.model.results import ControlResult, ControlStatus, Finding, FindingStatus
from preuve.publish.papers.document import Grid, Prose
from preuve.publish.site.facts import Site
from preuve.publish.tables.registers import state
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import (
    FailingPolicy,
    LinkedControls,
    cite,
    cited,
    policy_title,
    standings,
)
from preuve.publish.words.text import one_line


def with_status(site: Site, status: FindingStatus) -> Iterator[Finding]:
    """Return the findings with one status."""
    return (finding for finding in site.assessment.findings if finding.status is status)


def control_title(control: str, site: Site, t: Locale) -> str:
    """Return the title of a control."""
    found = site.library.control(control)
    return one_line((found.label or found.title).in_language(t.language)) if found else ""


def control_name(control: str, site: Site, t: Locale) -> str:
    """Return the citation of a control; its id if it has none."""
    return cite([control], site.library, t)[0]


def control_number(control: str, site: Site, t: Locale) -> str:
    """Return the citation of a control next to its title; a theme has none."""
    found = site.library.control(control)
    return cited(found, t) if found else control


def by_framework(site: Site) -> dict[str, list[ControlResult]]:
    """Return the results of each assessed framework."""
    return grouped((result.framework, result) for result in site.assessment.controls)


def framework_title(name: str, site: Site, t: Locale) -> str:
    """Return the title of a framework, with its edition."""
    found = site.library.frameworks.get(name)
    return f"{found.title.in_language(t.language)} ({found.framework_version})" if found else name


def reading(framework: str, site: Site, t: Locale) -> Iterator[Prose]:
    """Yield the explanation of a framework's statuses, if its content has one."""
    found = site.library.frameworks.get(framework)
    if found and (text := found.reading(t.language)):
        yield Prose(one_line(text))


def standing(site: Site, t: Locale) -> Grid:
    """Return the number of controls per framework and status, without percentages or sums over frameworks; points of
    attention are separate.
    """
    statuses = list(ControlStatus)
    rows = []
    for item in standings(site.assessment, site.library, t):
        counts = Counter(result.status for result in item.results)
        attention = t.number(sum(1 for result in item.results if result.attention))
        rows.append([item.short, *(t.number(counts[status]) for status in statuses), attention])
    columns = [t("paper.framework"), *(t.word("control", status) for status in statuses), t("paper.attention")]
    widths = (max(map(len, column.split())) + 2 for column in columns[1:])  # each column has room for its longest word
    return Grid(columns, rows, (24, *widths), tuple(range(1, len(columns))))


def failures(items: Sequence[FailingPolicy], site: Site, t: Locale) -> Grid:
    """Return failing policies as a table."""
    decided, supported = LinkedControls(site.assessment).by_policy(())
    rows = [
        [
            t.word("severity", item.severity),
            policy_title(item.policy, site.library, t),
            t.number(item.count),
            _tested(
                cite(decided.get(item.policy, ()), site.library, t),
                cite(supported.get(item.policy, ()), site.library, t),
                t,
            ),
        ]
        for item in items
    ]
    columns = [t("site.col.severity"), t("site.col.policy"), t("site.col.found"), t("table.controls")]
    return Grid(columns, rows, (2, 8, 2, 6), (2,))


def _tested(decided: Sequence[str], supported: Sequence[str], t: Locale) -> str:
    """Return the controls that a failing policy counts against; without any, marked so, those that it only supports."""
    if decided or not supported:
        return t.few(decided, 4, t("list.between")) or t("site.none_feminine")
    told = t("paper.attention_for", controls=t.few(supported, 4, t("list.between")))
    return f"{t('site.none_feminine')} ({told})"


def entries_by_state(site: Site) -> Counter[str]:
    """Count the entries of the register of nonconformities by their state."""
    return Counter(state(item, site.assessment.now[:10]) for item in site.workspace.nonconformities)
