"""The baseline file: reviewed like code, so one finding a line, in stable order, with counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.library.yaml.documents import load_document
from preuve.library.yaml.files import is_there
from preuve.library.yaml.scalars import reviewable
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.company.baseline import Baseline, Mark
from preuve.model.errors import PreuveError, UsageError, raise_for
from preuve.system.causes import cause, to_do
from preuve.system.files import whole

FILE = "baseline.yaml"
_SCHEMA = "reports/schemas/baseline.schema.json"
_SECTIONS = {"code": "iac", "account": "aws"}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+")  # every YAML reader takes it for text
_HEADER = """\
# Known findings: the gate fails for new ones only. Written by --update-baseline. Review it like code: a removed line is
# a fix, an added line is a problem that the gate will ignore.
schema: 1
"""


def load_baseline(path: Path) -> Baseline:
    """Return the baseline in a file. Raises UsageError if there is none, ContentError if it cannot be used."""
    if not is_there(path):
        raise UsageError(f"there is no baseline {path}", "write one: add --update-baseline")
    document = load_document(path, path.name)
    problems = schema_problems(document, _SCHEMA)
    raise_for(problems)
    found = [each for section in _SECTIONS for each in _marks(document.data, section)]
    told = {mark: frozenset(item["grounds"]) for mark, item in found if item.get("grounds")}
    return Baseline(
        {mark: frozenset(item.get("checks") or ()) for mark, item in found}, told, document.data.get("pseudonyms", "")
    )


def _marks(data: Mapping[str, Any], section: str) -> Iterator[tuple[Mark, Mapping[str, Any]]]:
    for policy, items in (data.get(section) or {}).items():
        for item in items:
            yield Mark(_SECTIONS[section], policy, item["at"], item.get("unread", "")), item


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write the file; the same findings give the same bytes. Raises PreuveError if it cannot be written."""
    key = f"pseudonyms: {_scalar(baseline.key)}\n" if baseline.key else ""
    text = _HEADER + key + "".join(_section(baseline, section) for section in _SECTIONS)
    try:
        with whole(path) as file:
            file.write(text.encode())
    except OSError as error:
        hint = to_do(error, "name another file: --baseline FILE")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error


def _section(baseline: Baseline, section: str) -> str:
    policies: dict[str, list[str]] = defaultdict(list)
    for mark, checks in sorted(baseline.marks.items(), key=lambda item: item[0]):
        if mark.source == _SECTIONS[section]:
            policies[mark.policy].append(_line(mark, checks, baseline.grounds.get(mark, frozenset())))
    if not policies:
        return f"{section}: {{}}\n"
    total = sum(len(lines) for lines in policies.values())
    parts = [f"{section}:  # {total}\n"]
    for policy, lines in policies.items():
        parts += [f"  {_scalar(policy)}:  # {len(lines)}\n", *lines]
    return "".join(parts)


def _line(mark: Mark, checks: frozenset[str], grounds: frozenset[str]) -> str:
    found = f", checks: {_list(checks)}" if checks else ""
    rests = f", grounds: {_list(grounds)}" if grounds else ""
    unread = f", unread: {_scalar(mark.unread)}" if mark.unread else ""
    return f"    - {{at: {_scalar(mark.at)}{found}{rests}{unread}}}\n"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_scalar(text) for text in sorted(texts))}]"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else reviewable(text)
