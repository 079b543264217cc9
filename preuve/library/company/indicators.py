"""The indicators of the management committee dashboard: bundled ones, which those of a workspace may replace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preuve.library.build import typed
from preuve.library.company.templates import register_columns, registers
from preuve.library.load import bundled_and_own
from preuve.library.yaml.documents import Document
from preuve.model.company.indicator import Indicator, Ratio
from preuve.model.errors import Problem, raise_for

FOLDER = "indicators"
SCHEMA = "indicators/indicator.schema.json"


def load_indicators(workspace: Path | None = None) -> list[Indicator]:
    """Return every indicator in the order of the page. Raises ContentError with all defects."""
    found, problems = read_indicators(workspace)
    raise_for(problems)
    return found


def read_indicators(workspace: Path | None = None) -> tuple[list[Indicator], list[Problem]]:
    """Return the indicators that can be used, and the defects of the others."""
    found: dict[str, Indicator] = {}
    problems: list[Problem] = []
    for document in bundled_and_own(FOLDER, SCHEMA, workspace, problems):
        indicator = typed({**document.data, "position": document.position("id")}, Indicator)
        problems += _defects(document, indicator)
        found[indicator.id] = indicator
    return sorted(found.values(), key=lambda item: (item.order, item.id)), problems


def _defects(document: Document, indicator: Indicator) -> Iterator[Problem]:
    if indicator.id != Path(document.file).stem:
        yield Problem(indicator.position, f"the id {indicator.id} differs from the file's name")
    source, at = indicator.source.count or indicator.source.share, document.position("source")
    if source is None:
        return
    known = register_columns(source.register)
    if not known:
        yield Problem(at, f"there is no template of a register {source.register}", f"one of {', '.join(registers())}")
        return
    columns = (source.part, source.whole) if isinstance(source, Ratio) else (*source.where, *source.others)
    for column in (source.date, *columns):
        if column not in known[0]:
            yield Problem(at, f"{source.register} has no column {column}", f"one of {', '.join(known[0])}")
