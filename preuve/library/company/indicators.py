"""The indicators of the committee's page: bundled ones, and those of a workspace, which may replace bundled ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.library.build import text
from preuve.library.company.templates import register_columns, registers
from preuve.library.load import bundled_and_own
from preuve.library.yaml.documents import Document
from preuve.model.company.indicator import Count, Entered, Indicator, Runs, Share, Source, Target
from preuve.model.content import Severity
from preuve.model.errors import ContentError, Problem

FOLDER = "indicators"
_SCHEMA = "indicators/indicator.schema.json"


def load_indicators(workspace: Path | None = None) -> list[Indicator]:
    """Every indicator in the order of the page; ContentError with all that is wrong."""
    found, problems = read_indicators(workspace)
    if problems:
        raise ContentError(problems)
    return found


def read_indicators(workspace: Path | None = None) -> tuple[list[Indicator], list[Problem]]:
    """The indicators that can be used, and what is wrong with the others."""
    found: dict[str, Indicator] = {}
    problems: list[Problem] = []
    for document in bundled_and_own(FOLDER, _SCHEMA, workspace, problems):
        indicator = _indicator(document)
        problems += _defects(document, indicator)
        found[indicator.id] = indicator
    return sorted(found.values(), key=lambda item: (item.order, item.id)), problems


def _indicator(document: Document) -> Indicator:
    data = document.data
    return Indicator(
        id=data["id"],
        title=text(data["title"]),
        definition=text(data["definition"]),
        origin=text(data["origin"]),
        owner=text(data["owner"]),
        unit=text(data["unit"]),
        unit_of_one=text(data.get("unit_of_one", data["unit"])),
        source=_source(data["source"]),
        position=document.position("id"),
        target=_target(data.get("target")),
        order=data.get("order", 100),
    )


def _target(data: Mapping[str, Any] | None) -> Target | None:
    if not data:
        return None
    ((side, number),) = data.items()
    return Target(float(number), at_least=side == "at_least")


def _source(data: Mapping[str, Any]) -> Source:
    ((kind, said),) = data.items()
    if kind == "count":
        where, others = (
            {column: tuple(values) for column, values in (said.get(name) or {}).items()} for name in ("where", "others")
        )
        return Count(said["register"], said["date"], where, others)
    if kind == "share":
        return Share(**said)
    if kind == "runs":
        return Runs(said["measure"], tuple(Severity(item) for item in said.get("severities") or Severity))
    return Entered()


def _defects(document: Document, indicator: Indicator) -> Iterator[Problem]:
    if indicator.id != Path(document.file).stem:
        yield Problem(indicator.position, f"the id {indicator.id} differs from the file's name")
    source, at = indicator.source, document.position("source")
    if not isinstance(source, Count | Share):
        return
    known = register_columns(source.register)
    if not known:
        yield Problem(at, f"there is no template of a register {source.register}", f"one of {', '.join(registers())}")
        return
    columns = (source.part, source.whole) if isinstance(source, Share) else (*source.where, *source.others)
    for column in (source.date, *columns):
        if column not in known[0]:
            yield Problem(at, f"{source.register} has no column {column}", f"one of {', '.join(known[0])}")
