"""The result of a push as annotations of GitHub Actions: the worst ten, and the number of the others."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.results import Finding
from preuve.publish.push.notes import loud
from preuve.publish.push.words import Words, worst_first
from preuve.publish.words.text import one_line

SHOWN = 10  # GitHub drops the eleventh of a kind in a step
_LONGEST = 2000


def workflow_commands(words: Words) -> str:
    """Return workflow commands, one a line. No character of a name can end one or start another."""
    failing = worst_first(words.push.failing)
    lines = [_annotation(finding, words) for finding in failing[:SHOWN]]
    lines += [_command("warning", note) for note in loud(words)]
    if len(failing) > SHOWN:
        lines.append(_command("notice", words.locale.count("push.more", len(failing) - SHOWN)))
    return "".join(f"{line}\n" for line in lines)


def failure(message: str) -> str:
    """Return the workflow command with the reason why there is no result."""
    return _command("error", message) + "\n"


def _annotation(finding: Finding, words: Words) -> str:
    kind = "error" if words.push.stops(finding) else "warning"
    title = f"{words.severity(finding)}: {words.title(finding)}"
    code = words.code([finding]).splitlines()
    return _command(kind, words.paragraph(finding), *code, title=title, **dict(_place(finding, words)))


def _place(finding: Finding, words: Words) -> Iterator[tuple[str, str]]:
    if file := words.file(finding):
        yield "file", file
        if finding.place.line:
            yield "line", str(finding.place.line)
            yield "endLine", str(max(finding.place.line, finding.place.end_line))


def _command(kind: str, message: str, *code: str, title: str = "preuve", **properties: str) -> str:
    named = {**properties, "title": title}
    given = ",".join(f"{name}={_property(value)}" for name, value in named.items())
    lines = [_data(message), *(line.replace("%", "%25") for line in code)]
    return f"::{kind} {given}::{'%0A'.join(lines)}"


def _data(text: str) -> str:
    return one_line(text, _LONGEST).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
