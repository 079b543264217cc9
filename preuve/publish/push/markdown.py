"""The result of a push as GitHub's step summary and other readers of Markdown show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.model.results import Finding
from preuve.publish.push.notes import notes
from preuve.publish.push.words import Words, by_policy, worst_first

LIMIT = 1024 * 1024 - 32 * 1024  # bytes: above 1,024 KiB GitHub drops the summary; other steps of the job add to it
PLACES = 10  # of a policy
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@:&$=/'\"^])")


def markdown(words: Words) -> str:
    """Return a headline, the notes that must be read, and a table of the failures by policy, as long as the limit
    allows.
    """
    lines = [f"## preuve{words.locale('site.colon')} {inert(words.headline())}", ""]
    lines += [f"- {inert(note)}" for note in notes(words)]
    failing = worst_first(words.push.failing)
    if failing:
        lines += ["", *_head(words)]
        lines += _rows(failing, words, LIMIT - sum(len(line.encode()) + 1 for line in lines))
    return "\n".join(lines) + "\n"


def inert(text: str) -> str:
    """Return a text of any origin in which Markdown and HTML find no markup: every mark is a character reference."""
    return _MARKS.sub(lambda match: f"&#{ord(match[0])};", text)


def _head(words: Words) -> list[str]:
    labels = [words.locale(f"push.column.{name}") for name in ("severity", "problem", "where", "why", "fix")]
    return [f"| {' | '.join(labels)} |", "|---" * len(labels) + "|"]


def _rows(failing: list[Finding], words: Words, room: int) -> Iterator[str]:
    left = len(failing)
    for group in by_policy(failing):
        row = f"| {' | '.join(_cells(group, words))} |"
        room -= len(row.encode()) + 1
        if room < 0:
            yield ""
            yield inert(words.locale.count("push.more", left))
            return
        left -= len(group)
        yield row


def _cells(group: list[Finding], words: Words) -> Iterator[str]:
    first, shown = group[0], group[:PLACES]
    yield inert(words.severity(first))
    controls = "".join(f"<br>{inert(name)}" for name in words.controls(first))
    yield f"**{inert(words.title(first))}**<br>{inert(first.policy)}{controls}"
    more = map(inert, words.more_places(group, PLACES))
    yield "<br><br>".join([*(_place(finding, words) for finding in shown), *more])
    reasons = dict.fromkeys((words.reason(finding), *words.values(finding)) for finding in shown)
    yield "<br><br>".join("<br>".join(map(inert, reason)) for reason in reasons)
    code = words.code(shown)
    block = f"<pre>{'<br>'.join(map(inert, code.splitlines()))}</pre>" if code else ""
    yield f"{inert(words.fix(first))}{block}"


def _place(finding: Finding, words: Words) -> str:
    where = (words.where(finding), words.resource(finding), words.others(finding))
    places = (*where, *words.called(finding), words.dispute(finding))
    return "<br>".join(inert(part) for part in places if part)
