"""The terminal summary: failures, what could not be read, the status of each framework, the next steps."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from preuve.model.content import Library, Severity
from preuve.model.grouping import grouped
from preuve.model.results import Assessment, ControlStatus, Finding, FindingStatus, distinct, lacking, similar_findings
from preuve.model.snapshot import IacGap, Unread
from preuve.publish.words.approvals import doubted, idle, unverified
from preuve.publish.words.errors import UNTOLD, defect
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import UNPROVABLE, FailingPolicy, failing_policies, not_made, standings
from preuve.publish.words.text import first_sentence, one_line, unobeyed

TOP = 10
_RELATION = "unread_relation"
_SENTENCE = 600  # characters of a reason: the names at its end are the useful part
_NO_CALL = {"code": "", "said": "", "elsewhere": "", "fix": ""}
PIPE_WIDTH = 110
_TICKS = re.compile(r"`+")
STYLES = {
    "FAIL": "bold red", "NOT_EVALUATED": "magenta", "WAIVED": "yellow", "PASS": "green", "NOT_APPLICABLE": "dim",
    "SUPPORTED": "green", "DECLARED": "cyan", "PARTLY_SUPPORTED": "yellow", "PARTLY_DECLARED": "cyan",
    "NOT_SUPPORTED": "bold red",
    "NOT_ASSESSED": "magenta",
    "EXCLUDED": "dim",
    "critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan", "info": "dim",
}  # fmt: skip


def summary(
    assessment: Assessment,
    library: Library,
    language: str,
    *,
    gate: Severity = Severity.HIGH,
    site: Path | None = None,
    gaps: Sequence[IacGap] = (),
) -> RenderableType:
    """Return the terminal's summary of a run; `site` is the report's first page, if one was written. `gaps` are the
    gaps in the code that no page shows.
    """
    locale = load_locale(language)
    parts = [
        *_counts(assessment, locale, gate),
        *_failing(assessment, library, locale),
        *_unread(assessment, locale),
        *_uncovered(assessment, locale),
        *_not_made(gaps, locale),
        *_waivers(assessment, library, locale),
        *_problems(assessment, locale),
        *_controls(assessment, library, locale),
        *_next(assessment, locale, site),
    ]
    return Group(*parts)


def print_summary(renderable: RenderableType, stream: TextIO) -> None:
    """Print to a terminal with colours, or as plain text to a pipe, a file, a dumb terminal or under NO_COLOR."""
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        Console(file=stream, markup=False, highlight=False, emoji=False).print(renderable)
    else:
        stream.write(summary_text(renderable))


def summary_markdown(renderable: RenderableType) -> str:
    """Return the summary as Markdown, such as the summary of a CI job, with nothing in it that ends the block."""
    text = summary_text(renderable).strip("\n")
    fence = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 3)
    return f"{fence}text\n{text}\n{fence}\n"


def summary_text(renderable: RenderableType) -> str:
    """Return the summary as plain text for a pipe; no CI runner reads a line of it as a command."""
    stream = StringIO()
    console = Console(file=stream, width=PIPE_WIDTH, color_system=None, markup=False, highlight=False, emoji=False)
    console.print(renderable)
    lines = (line.rstrip() for line in stream.getvalue().split("\n"))
    return "\n".join(unobeyed(line) for line in lines)


def at_gate(assessment: Assessment, gate: Severity) -> int:
    """Count the new failing findings at or above the gate."""
    failing = (finding for finding in _with(assessment, FindingStatus.FAIL) if not finding.known)
    return sum(1 for finding in failing if finding.severity.rank <= gate.rank)


def _with(assessment: Assessment, status: FindingStatus) -> Iterator[Finding]:
    """Yield the findings of a status, one for each problem."""
    return (
        group.first
        for group in similar_findings(finding for finding in assessment.findings if finding.status is status)
    )


def _heading(text: str) -> RenderableType:
    return Text(f"\n{text}", style="bold")


def _indented(renderable: RenderableType, by: int = 2) -> RenderableType:
    return Padding(renderable, (0, 0, 0, by), expand=False)


# ---- counts -------------------------------------------------------------------------------------------------------


def _counts(assessment: Assessment, locale: Locale, gate: Severity) -> Iterator[RenderableType]:
    yield _heading(locale("summary.findings"))
    if not assessment.examined:
        yield _indented(Text(locale("summary.nothing"), style="bold red"))
    if assessment.silent:
        yield _indented(Text(locale.count("summary.silent", len(assessment.silent))))
    if not assessment.findings:
        return
    counted = Counter(finding.status for finding in assessment.findings)
    yield _status_line(counted, locale)
    things = Counter({status: distinct(f for f in assessment.findings if f.status is status) for status in counted})
    if things != counted:
        yield _indented(Text(locale("summary.distinct"), style="dim"))
        yield _status_line(things, locale)
    reached = at_gate(assessment, gate)
    severity = locale.word("severity", gate)
    yield _indented(Text(locale.count("summary.gate", reached, severity=severity), style="bold" if reached else ""))
    known = sum(1 for finding in _with(assessment, FindingStatus.FAIL) if finding.known)
    if known:
        yield _indented(Text(locale.count("summary.known", known)))
    if unsure := unverified(assessment):
        yield _indented(Text(locale.count("summary.unverified", unsure), style="bold"))
    unsettled = assessment.incomplete
    if unsettled:
        yield _indented(Text(locale.count("summary.incomplete", unsettled), style="bold"))


def _status_line(counted: Mapping[FindingStatus, int], locale: Locale) -> RenderableType:
    line = Text("  ")
    for status in FindingStatus:
        count = counted.get(status, 0)
        line.append(locale.count(f"summary.status.{status}", count), STYLES[status] if count else "dim")
        line.append("   ")
    line.rstrip()
    return line


# ---- failures -----------------------------------------------------------------------------------------------------


def _new_failures(assessment: Assessment) -> list[FailingPolicy]:
    return failing_policies(finding for finding in _with(assessment, FindingStatus.FAIL) if not finding.known)


def _failing(assessment: Assessment, library: Library, locale: Locale) -> Iterator[RenderableType]:
    groups = _new_failures(assessment)
    if not groups:
        if assessment.examined:
            known = any(finding.known for finding in _with(assessment, FindingStatus.FAIL))
            yield _indented(Text(locale("summary.no_new_failure" if known else "summary.no_failure")))
        return
    yield _heading(locale("summary.failing"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for group in groups[:TOP]:
        severity = Text(locale.word("severity", group.severity).upper(), style=STYLES[group.severity])
        table.add_row(severity, Text(locale.number(group.count)), _words(group, library, locale))
    yield _indented(table)
    rest = groups[TOP:]
    if rest:
        findings = locale.number(sum(group.count for group in rest))
        yield _indented(Text(locale.count("summary.more", len(rest), findings=findings), style="dim"))


def _words(group: FailingPolicy, library: Library, locale: Locale) -> Text:
    policy = library.policies.get(group.policy)
    text = Text(one_line(group.policy), style="bold")
    if policy:
        text.append(f"  {one_line(policy.title.in_language(locale.language))}", "not bold")
        fix = first_sentence(policy.remediation.in_language(locale.language))
        text.append(f"\n{locale('summary.fix', fix=fix)}", "not bold dim")
    return text


# ---- what is missing ----------------------------------------------------------------------------------------------


def _unread(assessment: Assessment, locale: Locale) -> Iterator[RenderableType]:
    unread = [f for f in _with(assessment, FindingStatus.NOT_EVALUATED) if f.reason.code not in UNPROVABLE]
    if not unread:
        return
    yield _heading(locale("summary.unread"))
    for line in _unread_lines(unread, locale):
        yield _indented(Text(line))
    # Including those whose lack changed no verdict: the next change of the account may need them.
    actions = sorted({action for finding in assessment.findings for action in lacking(finding.reason)})
    if actions:
        yield _indented(Text(locale("summary.lacking"), style="bold"))
        for action in islice(actions, 2 * TOP):
            yield _indented(Text(one_line(action)), 4)
        if len(actions) > 2 * TOP:
            yield _indented(Text(locale.count("summary.more_actions", len(actions) - 2 * TOP), style="dim"), 4)


def _unread_lines(unread: list[Finding], locale: Locale) -> Iterator[str]:
    """Yield one line for each cause and each error, with the calls that failed so and what to do."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in unread:
        values = finding.reason.values
        cause = values.get("cause", "")
        if locale.has(f"causes.{cause}"):
            key = (cause, "" if cause == "access_denied" else values.get("code", ""))
        else:  # no call: a condition that cannot be evaluated has its own sentence
            key = ("", locale.reason(finding.reason))
        alike.setdefault(key, []).append(finding)
    ordered = sorted(alike.items(), key=lambda item: -len(item[1]))
    for (cause, said), found in ordered[:TOP]:
        count = locale.number(len(found))
        if cause:
            reasons = [finding.reason.values for finding in found]
            where = _calls(reasons) or _first(_accounts(found) if cause.startswith("part_") else _types(found))
            yield _cause_line(cause, reasons, where, locale, elsewhere=_elsewhere(found, locale))
        else:
            words = {"cause": one_line(said, _SENTENCE).rstrip("."), "where": _files(found)}
            yield locale("summary.unread_cause", count=count, **{**_NO_CALL, **words})
    if len(ordered) > TOP:
        yield locale.count("summary.more_causes", sum(len(found) for _, found in ordered[TOP:]))


def unread_lines(unread: Iterable[Unread], locale: Locale) -> Iterator[str]:
    """Yield one line for each cause and code of what could not be read: how often, in which calls, what to do."""
    same = grouped(((item.cause, item.code), item.values) for item in unread)
    for (cause, _), values in sorted(same.items(), key=lambda item: -len(item[1])):
        yield _cause_line(cause, values, _calls(values), locale)


def _cause_line(
    cause: str, values: Sequence[Mapping[str, str]], where: str, locale: Locale, elsewhere: str = ""
) -> str:
    """Return a line about what could not be read for one cause; with AWS's code and message if all have the same."""
    denied = cause == "access_denied"
    codes, texts = ({item.get(name, "") for item in values} for name in ("code", "said"))
    return locale(
        "summary.unread_cause",
        count=locale.number(len(values)),
        cause=locale.word("causes", cause).rstrip("."),
        code=one_line(locale.word("causes.code", codes.pop()), 80) if len(codes) == 1 and not denied else "",
        where=where,
        said=one_line(texts.pop(), 160) if len(texts) == 1 and not denied else "",
        elsewhere=elsewhere,
        fix=locale.word("causes.fix", cause).rstrip(".") if locale.has(f"causes.fix.{cause}") else "",
    )


def _calls(unread: Iterable[Mapping[str, str]]) -> str:
    """Return the calls that gave no result."""
    return _first({f"{values['call']} ({values['at']})" for values in unread if "call" in values})


def _elsewhere(found: list[Finding], locale: Locale) -> str:
    """Say how many findings are of registers and of accounts that were read, and lead to what was not."""
    own = _accounts(found)
    others = [finding.place.account for finding in found if own and finding.place.account not in own]
    counts = {"summary.unread_elsewhere": len(others) - others.count(""), "summary.unread_entries": others.count("")}
    return ". ".join(locale.count(key, number) for key, number in counts.items() if number)


def _types(found: list[Finding]) -> set[str]:
    """Return the types that were not read; this is not the type of a finding that only refers to them."""
    names = {finding.reason.values.get("type", finding.place.type) for finding in found}
    return names - {""}


def _accounts(found: list[Finding]) -> set[str]:
    """Return the accounts that findings are about, not those that only lead to another one."""
    return {finding.place.account for finding in found if finding.reason.code != _RELATION} - {""}


def _files(found: list[Finding]) -> str:
    """Return the files of code that could not be examined."""
    return _first({finding.place.file for finding in found if finding.incomplete and finding.place.file})


def _first(names: Iterable[str]) -> str:
    found = sorted(one_line(name) for name in names)
    return ", ".join(found[:4] + ["…"] * (len(found) > 4))


def _uncovered(assessment: Assessment, locale: Locale) -> Iterator[RenderableType]:
    """Yield every type of resource in code that no policy looks at."""
    found = sorted(assessment.uncovered_types, key=lambda item: (-item.blocks, item.type))
    if found:
        types = ", ".join(f"{one_line(item.type, 80)} ({locale.number(item.blocks)})" for item in found)
        yield _indented(Text(locale.count("summary.uncovered", len(found), types=types)))


def _not_made(gaps: Sequence[IacGap], locale: Locale) -> Iterator[RenderableType]:
    """Yield the number of blocks that the code leaves out, and why: they were not judged."""
    blocks, whys = not_made(gaps, locale)
    if blocks:
        yield _indented(
            Text(locale.count("summary.not_made", blocks, whys=locale.few(whys, TOP, locale.clauses(("", "")))))
        )


def _waivers(assessment: Assessment, library: Library, locale: Locale) -> Iterator[RenderableType]:
    over = [waiver for waiver in assessment.waivers if waiver.state == "expired"]  # others show their defect
    if over:
        yield _heading(locale("summary.waivers"))
    for waiver in over[:TOP]:
        state = locale.word("waiver_state", waiver.state).lower()
        words = locale("summary.waiver", **{**asdict(waiver), "state": state})
        yield _indented(Text(one_line(words, 300), style="yellow"))
    idle_ones = idle(assessment, library)
    if idle_ones:
        yield _heading(locale("summary.idle"))
        names = [f"{waiver.id} ({waiver.policy}, {one_line(waiver.resource, 80)})" for waiver in idle_ones]
        yield _indented(Text(one_line(locale("summary.idle_ones", waivers=locale.few(names, TOP))), style="yellow"))
    unapproved = list(doubted(assessment, locale))
    if unapproved:
        yield _heading(locale("summary.approvals"))
    for line in unapproved[:TOP]:
        yield _indented(Text(one_line(line, 300), style="yellow"))


def _problems(assessment: Assessment, locale: Locale) -> Iterator[RenderableType]:
    if assessment.problems:
        yield _heading(locale("summary.problems"))
        for problem in assessment.problems[:TOP]:
            yield _indented(Text(one_line(defect(problem, locale), 300), style="yellow"))
        if any(UNTOLD in problem for problem in assessment.problems):
            yield _indented(Text(locale("summary.untold", mark=UNTOLD)))


# ---- controls and next steps --------------------------------------------------------------------------------------


def _controls(assessment: Assessment, library: Library, locale: Locale) -> Iterator[RenderableType]:
    if not assessment.controls:
        return
    yield _heading(locale("summary.controls"))
    table = Table(box=None, show_header=True, header_style="dim", padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", no_wrap=True)
    for head in (*(locale.word("control", status) for status in ControlStatus), locale("paper.attention")):
        table.add_column(Text(head), justify="right")
    for item in standings(assessment, library, locale):
        counted = Counter(result.status for result in item.results)
        numbers = [_number(counted[status], status, locale) for status in ControlStatus]
        attention = sum(1 for result in item.results if result.attention)
        table.add_row(
            Text(one_line(item.short)), *numbers, Text(locale.number(attention), style="" if attention else "dim")
        )
    yield _indented(table)


def _number(count: int, status: ControlStatus, locale: Locale) -> Text:
    return Text(locale.number(count), style=STYLES[status] if count else "dim")


def _next(assessment: Assessment, locale: Locale, site: Path | None) -> Iterator[RenderableType]:
    steps = []
    groups = _new_failures(assessment)
    if groups:
        explain = locale("summary.next_explain", policy=one_line(groups[0].policy))
        steps.append((explain, locale("summary.next_explain_why")))
    if any(lacking(finding.reason) for finding in assessment.findings):
        steps.append((locale("summary.next_permissions"), locale("summary.next_permissions_why")))
    if site:
        steps.append((locale("summary.next_open", site=one_line(str(site))), locale("summary.next_open_why")))
    if not steps:
        return
    yield _heading(locale("summary.next"))
    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0), pad_edge=False)
    for command, why in steps:
        table.add_row(Text(command, style="cyan"), Text(why, style="dim"))
    yield _indented(table)
