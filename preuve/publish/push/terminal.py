"""The result of a push on a terminal or in a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from preuve.model.results import Finding
from preuve.publish.push.notes import notes
from preuve.publish.push.words import Words, worst_first
from preuve.publish.summary import STYLES

SHOWN = 20


def report(words: Words) -> RenderableType:
    """New failures with all that is needed to mend them, those below the gate in short, then what else to know."""
    push = words.push
    stopping = push.stopping
    milder = worst_first(push.failing)[len(stopping) :]
    parts: list[RenderableType] = [_block(finding, words) for finding in stopping[:SHOWN]]
    parts += [_lines(milder[:SHOWN], words)] if milder else []
    left = sum(max(0, len(found) - SHOWN) for found in (stopping, milder))
    if left:
        parts.append(Text("\n" + words.locale.count("push.more", left)))
    style = "bold red" if push.exit_code else "bold green"
    parts.append(Text(f"\n{words.headline()}", style=style))
    parts += [Text(note) for note in notes(words)]
    return Group(*parts)


def _lines(findings: list[Finding], words: Words) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for finding in findings:
        severity = Text(words.severity(finding).upper(), style=STYLES[finding.severity])
        place = "\n".join(part for part in (words.where(finding), words.resource(finding)) if part)
        about = Text(words.title(finding)).append(f"\n{finding.policy}  {words.dispute(finding)}", "dim")
        table.add_row(severity, Text(place), about)
    return Group(Text(""), table)


def _block(finding: Finding, words: Words) -> RenderableType:
    head = Text("\n")
    head.append(f" {words.severity(finding).upper()} ", style=STYLES[finding.severity])
    head.append(f" {words.title(finding)}", style="bold")
    head.append(f"  {finding.policy}", style="dim")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in _rows(finding, words):
        table.add_row(words.locale(f"push.label.{label}"), Text(text))
    return Group(head, Padding(table, (0, 0, 0, 2)))


def _rows(finding: Finding, words: Words) -> Iterator[tuple[str, str]]:
    yield "where", "  ".join(part for part in (words.where(finding), words.resource(finding)) if part)
    if called := words.called(finding):
        yield "via", "\n".join(called)
    yield "why", "\n".join((words.reason(finding), *words.values(finding)))
    controls = words.controls(finding)
    if controls:
        yield "controls", "\n".join(controls)
    yield "fix", words.fix(finding)
    yield "wrong", words.dispute(finding)
