"""The chain of runs: each line names its number and the hash of the line before, so that none can be left out alone."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bag import TAG_MANIFEST, open_regular
from .report import Item, broken, holds, note, still_open

CHAIN = "chain.jsonl"
LONGEST_LINE = 1 << 16
LONGEST_CHAIN = 1 << 26
# The JSON of each member that a run writes. verify.sh and verify.ps1 have the same lines, so the patterns are in signs
# that grep, .NET and Python read alike.
MEMBERS = r"""
authority "(https?://[]!#-Z[^-~]+)?"
bundle "[0-9a-f]{64}"
commit "[0-9a-f]{0,64}"
counts [{]("[A-Z_]+":(0|[1-9][0-9]{0,14})(,"[A-Z_]+":(0|[1-9][0-9]{0,14}))*)?[}]
demonstration (false|true)
failing [{]("(critical|high|info|low|medium)":(0|[1-9][0-9]{0,14})(,"(critical|high|info|low|medium)":(0|[1-9][0-9]{0,14}))*)?[}]
incomplete (0|[1-9][0-9]{0,14})
kind "[a-z]+"
nonce "[0-9a-f]{0,64}"
number [1-9][0-9]{0,14}
of [1-9][0-9]{0,14}
period "[A-Za-z0-9._+-]{0,120}"
previous "([0-9a-f]{64})?"
pseudonym_key_id "[0-9a-f]{0,64}"
results "([0-9a-f]{64})?"
sealed "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
signer "(SHA256:[A-Za-z0-9+/]{43})?"
time "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
"""  # noqa: E501
_MEMBERS = dict(line.split(" ", 1) for line in MEMBERS.split("\n") if line)
# They ask for this same form too: what they find in a line by its text is what it says as JSON.
_ESCAPE = (
    r'\\(?:["\\bfnrt]|u(?:00(?:0[0-7be]|0f|1[0-9a-f]|7f|[89a-f][0-9a-f])|0[1-9a-f][0-9a-f]{2}|[1-9a-f][0-9a-f]{3}))'
)
_STRING = rf'"(?:[^"\\]|{_ESCAPE})*"'
_NUMBER = r"(?:0|-?[1-9][0-9]{0,14})"  # longer ones are not one number in every language
# Only these two have members of their own, under names that no member of a line has.
_INNER = f'"counts":{_MEMBERS["counts"]}|"failing":{_MEMBERS["failing"]}'
_SAID = rf'(?:"[a-z_]+":(?:{_STRING}|{_NUMBER}|true|false)|{_INNER})'
_FORM = re.compile(rf"(?=[ -~]*\Z)\{{{_SAID}(?:,{_SAID})*\}}")
_OWN = f"  {CHAIN}\n".encode()


@dataclass(frozen=True)
class Line:
    """One run: the bytes of its line, with the line end, and what they say."""

    raw: bytes
    data: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The hash that the next line holds: `tail -n 1 chain.jsonl | sha256sum` says the same of the last one."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def number(self) -> int:
        """The number of the run."""
        return int(self.data["number"])

    def text(self, name: str) -> str:
        """Return a value as text, empty if the line has none."""
        return str(self.data.get(name) or "")


@dataclass(frozen=True)
class Chain:
    """The runs since the first, and what is wrong with their chain."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...] = ()


def read(path: Path) -> Chain:
    """Read a file of the chain and check its links; a file that is not there is a chain of nothing."""
    try:
        with open_regular(path) as file:
            content = file.read(LONGEST_CHAIN + 1)
    except FileNotFoundError:
        return Chain(())
    except OSError as error:
        return Chain((), (broken("file_unreadable", file=path.name, error=error.strerror or error),))
    return parse(content)


def parse(content: bytes) -> Chain:
    """Read the lines of a chain; what comes after the first defect is not believed."""
    if len(content) > LONGEST_CHAIN:
        return Chain((), (broken("chain_size"),))
    lines: list[Line] = []
    parts = content.split(b"\n")
    for number, raw in enumerate(parts[:-1], 1):
        data = _object(raw)
        if data is None:
            return Chain(tuple(lines), (broken("chain_line", line=number),))
        line = Line(raw + b"\n", data)
        defect = _defect(line, lines[-1] if lines else None)
        if defect:
            return Chain(tuple(lines), (broken(defect, line=number, number=data["number"], expected=len(lines) + 1),))
        lines.append(line)
    if parts[-1]:
        return Chain(tuple(lines), (broken("chain_line", line=len(parts)),))
    return Chain(tuple(lines))


def _object(raw: bytes) -> Mapping[str, Any] | None:
    """Read a line in the only form of what it says: no name twice, no other order, no space."""
    text = raw.decode("latin-1")
    if len(raw) > LONGEST_LINE or not _FORM.fullmatch(text):
        return None
    try:
        data: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    good = {"number", "previous"} <= set(data) and all(formed(name, value) for name, value in data.items())
    return data if good and _json(data) == text else None


def formed(name: str, value: object) -> bool:
    """Return whether a member has the form in which a run writes it; one that no run writes has any."""
    form = _MEMBERS.get(name)
    return form is None or re.fullmatch(form, _json(value)) is not None


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _defect(line: Line, before: Line | None) -> str:
    if line.data["number"] != (before.number + 1 if before else 1):
        return "chain_number"
    if line.data["previous"] != (before.digest if before else ""):
        return "chain_link"
    return ""


def check(folder: Path, chain: Chain) -> list[Item]:
    """Check that the chain holds, and that its last line speaks of this bundle."""
    if chain.items:
        return list(chain.items)
    if not chain.lines:
        return [broken("chain_line", line=1) if os.path.lexists(folder / CHAIN) else still_open("no_chain")]
    own = chain.lines[-1]
    if own.data.get("kind") != "audit" or own.data.get("bundle") != bundle_digest(folder):
        return [broken("chain_other_bundle", number=own.number)]
    found = [holds("chain", number=own.number, time=own.text("time"))]
    for line in chain.lines:
        if line.data.get("kind") == "interrupted":
            found.append(note("interrupted", number=line.number, of=line.text("of")))
    return found


def audits(lines: Sequence[Line], period: str) -> int:
    """Return how many audits of a period are in the chain, without those that are said to have left no bundle."""
    stopped = {line.text("of") for line in lines}
    kinds = ("audit", period)
    return sum((line.text("kind"), line.text("period")) == kinds and str(line.number) not in stopped for line in lines)


def bundle_digest(folder: Path) -> str:
    """Return the bundle's hash in the chain: of the tag manifest without the line of the chain itself."""
    digest = hashlib.sha256()
    try:
        with open_regular(folder / TAG_MANIFEST) as file:
            line = file.readline(LONGEST_LINE)
            while line:
                if not line.endswith(_OWN):
                    digest.update(line)
                line = file.readline(LONGEST_LINE)
    except OSError:
        return ""
    return digest.hexdigest()


def compare(lines: Sequence[Line], previous: Sequence[Line]) -> Item:
    """Check that the chain of an earlier bundle begins this one."""
    for index, known in enumerate(previous):
        if index >= len(lines):
            return broken("run_dropped", number=known.number, time=known.text("time"))
        if lines[index].raw != known.raw:
            return broken("run_changed", number=known.number, time=known.text("time"))
    return holds("previous", number=len(previous))


def witnessed(lines: Sequence[Line], heads: Sequence[str], shown: int) -> list[Item]:
    """Return what the heads show that were kept elsewhere; `shown` is the last run that an earlier bundle shows. Only
    who vouches for the last run vouches for the bundle: its line holds the hash of the rest.
    """
    known = {line.digest: line.number for line in lines}
    items = [
        holds("head", number=known[head]) if head in known else broken("head_unknown", head=head) for head in heads
    ]
    last = max([shown, *(known.get(head, 0) for head in heads)])
    if last == len(lines):
        return items
    code = "not_witnessed_last" if last + 1 == len(lines) else "not_witnessed"
    return [*items, still_open(code, first=last + 1, last=len(lines))]
