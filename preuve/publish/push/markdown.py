"""The result of a push as GitHub's step summary and other readers of Markdown show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.model.results import Finding
from preuve.publish.push.notes import notes
from preuve.publish.push.words import Words, worst_first

LIMIT = 1024 * 1024 - 32 * 1024  # bytes: above 1,024 KiB GitHub drops the summary; other steps of the job add to it
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@:&$=/'\"^])")


def markdown(words: Words) -> str:
    """A headline, what must be known, and a table of new failures as long as the limit allows."""
    lines = [f"## preuve: {inert(words.headline())}", ""]
    lines += [f"- {inert(note)}" for note in notes(words)]
    failing = worst_first(words.push.failing)
    if failing:
        lines += ["", *_head(words)]
        lines += _rows(failing, words, LIMIT - sum(len(line.encode()) + 1 for line in lines))
    return "\n".join(lines) + "\n"


def inert(text: str) -> str:
    """Text of any origin that Markdown and HTML take for text: every mark is a character reference."""
    return _MARKS.sub(lambda match: f"&#{ord(match[0])};", text)


def _head(words: Words) -> list[str]:
    labels = [words.locale(f"push.column.{name}") for name in ("severity", "problem", "where", "why", "fix")]
    return [f"| {' | '.join(labels)} |", "|---" * len(labels) + "|"]


def _rows(failing: list[Finding], words: Words, room: int) -> Iterator[str]:
    for number, finding in enumerate(failing):
        row = f"| {' | '.join(_cells(finding, words))} |"
        room -= len(row.encode()) + 1
        if room < 0:
            yield ""
            yield inert(words.locale.count("push.more", len(failing) - number))
            return
        yield row


def _cells(finding: Finding, words: Words) -> Iterator[str]:
    yield inert(words.severity(finding))
    controls = "".join(f"<br>{inert(name)}" for name in words.controls(finding))
    yield f"**{inert(words.title(finding))}**<br>{inert(finding.policy)}{controls}"
    places = (words.where(finding), words.resource(finding), *words.called(finding))
    yield "<br>".join(inert(part) for part in places if part)
    yield "<br>".join(inert(part) for part in (words.reason(finding), *words.values(finding)))
    yield f"{inert(words.fix(finding))}<br>{inert(words.dispute(finding))}"
