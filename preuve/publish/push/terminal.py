"""The result of a push on a terminal or in a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from preuve.model.results import Finding
from preuve.publish.push.notes import notes
from preuve.publish.push.words import Words, by_policy, worst_first
from preuve.publish.terminal.summary import STYLES

SHOWN = 20  # policies
PLACES = 5  # of a policy


def report(words: Words) -> RenderableType:
    """Return new failures with everything that is needed to correct them, those below the gate in short, then the
    notes.

    Failures of one policy are together: they are corrected in one way, often at one place.
    """
    push = words.push
    stopping = push.stopping
    milder = worst_first(push.failing)[len(stopping) :]
    blocks, lines = by_policy(stopping), by_policy(milder)
    parts: list[RenderableType] = [_block(group, words) for group in blocks[:SHOWN]]
    parts += [_lines(lines[:SHOWN], words)] if milder else []
    left = sum(len(group) for groups in (blocks, lines) for group in groups[SHOWN:])
    if left:
        parts.append(Text("\n" + words.locale.count("push.more", left)))
    style = "bold red" if push.exit_code else "bold green"
    parts.append(Text(f"\n{words.headline()}", style=style))
    parts += [Text(note) for note in notes(words)]
    return Group(*parts)


def _lines(groups: list[list[Finding]], words: Words) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for group in groups:
        first = group[0]
        severity = Text(words.severity(first).upper(), style=STYLES[first.severity])
        place = "\n".join(
            part
            for part in (words.where(first), words.resource(first), words.others(first), *words.more_places(group, 1))
            if part
        )
        about = Text(words.title(first)).append(f"\n{first.policy}  {words.dispute(first)}".rstrip(), "dim")
        table.add_row(severity, Text(place), about)
    return Group(Text(""), table)


def _block(group: list[Finding], words: Words) -> RenderableType:
    first = group[0]
    head = Text("\n")
    head.append(f" {words.severity(first).upper()} ", style=STYLES[first.severity])
    head.append(f" {words.title(first)}", style="bold")
    head.append(f"  {first.policy}", style="dim")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in _rows(group, words):
        table.add_row(words.locale(f"push.label.{label}") if label else "", Text(text))
    return Group(head, Padding(table, (0, 0, 0, 2)))


def _rows(group: list[Finding], words: Words) -> Iterator[tuple[str, str]]:
    for finding in group[:PLACES]:
        parts = (words.where(finding), words.resource(finding), words.others(finding))
        yield "where", "  ".join(part for part in parts if part)
        if called := words.called(finding):
            yield "via", "\n".join(called)
        yield "why", "\n".join((words.verdict(finding), *words.values(finding)))
        if dispute := words.dispute(finding):
            yield "wrong", dispute
    yield from (("", text) for text in words.more_places(group, PLACES))
    if defaults := words.defaults(group[0]):
        yield "default", "\n".join(defaults)
    controls = words.controls(group[0])
    if controls:
        yield "controls", "\n".join(controls)
    yield "fix", words.fix(group[0])
    if code := words.code(group[:PLACES]):
        yield "", code
