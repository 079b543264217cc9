"""Proposes an order for the documents of a small company: legal duties first, then the documents that most controls
wait for.

A document comes after those that it rests on; these come as early as the documents that rest on them require.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from preuve.model.company.workspace import Workspace
from preuve.model.content import EvidenceItem, Library
from preuve.model.moment import quarter, quarter_name
from preuve.model.results import EvidenceResult

LAW = "gdpr"  # the framework that is law
DONE = "current"
_ENOUGH = timedelta(days=45)  # so much of a quarter must be left for it to come first


@dataclass(frozen=True)
class Step:
    """A document to make, renew or have reviewed, and the controls that then wait for no other one."""

    item: EvidenceItem
    found: EvidenceResult
    law: tuple[str, ...]  # the articles that make it compulsory
    waiting: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Quarter:
    """The tasks of a quarter."""

    name: str  # 2027-Q1
    steps: tuple[Step, ...]

    @property
    def moved(self) -> int:
        """The number of controls that no longer wait for a document."""
        return sum(len(step.moved) for step in self.steps)


def plan(
    library: Library,
    workspace: Workspace,
    evidence: Sequence[tuple[EvidenceItem, EvidenceResult]],
    today: date,
    quarters: int,
) -> list[Quarter]:
    """Return the steps, equally many in each of the `quarters`, except that legal duties are all in the first."""
    open_ = {item.id: (item, found) for item, found in evidence if found.state != DONE}
    steps = list(_steps(library, workspace, open_))
    compulsory = max((number for number, step in enumerate(steps, 1) if step.law), default=0)
    names = _names(today, quarters)
    first = max(compulsory, -(-len(steps) // quarters))
    each = -(-(len(steps) - first) // (quarters - 1)) if quarters > 1 else 0
    cuts = [0, first, *(first + each * number for number in range(1, quarters))]
    parts = (steps[start:end] for start, end in zip(cuts, [*cuts[1:-1], len(steps)], strict=False))
    return [Quarter(name, tuple(part)) for name, part in zip(names, parts, strict=False) if part]


def _waiting(library: Library, workspace: Workspace, open_: Collection[str]) -> dict[str, set[str]]:
    """Return the documents that each control in scope waits for."""
    excluded = {item.control for item in workspace.exclusions}
    found = {
        control.id: {name for name in control.evidence if name in open_}
        for framework in workspace.frameworks
        for control in library.frameworks[framework].controls
        if control.id not in excluded
    }
    return {control: names for control, names in found.items() if names}


def _steps(
    library: Library, workspace: Workspace, open_: Mapping[str, tuple[EvidenceItem, EvidenceResult]]
) -> Iterable[Step]:
    """Yield the documents by greatest benefit: of a control that waits for three documents, each counts a third."""
    left = dict(open_)
    waiting = _waiting(library, workspace, open_)
    laws = {name: _law(library, workspace, item) for name, (item, _) in open_.items()}
    remaining = {control: set(names) for control, names in waiting.items()}
    resting = {name: _resting(name, open_) for name in open_}
    while left:
        ranks = {name: (_duty(laws[name], item), -_worth(name, remaining), name) for name, (item, _) in left.items()}
        ready = [name for name, (item, _) in left.items() if left.keys().isdisjoint(item.after)]
        name = min(ready, key=lambda one: (min(ranks[other] for other in resting[one]), ranks[one]))
        item, found = left.pop(name)
        moved = tuple(control for control, names in remaining.items() if names == {name})
        asking = tuple(control for control, names in waiting.items() if name in names)
        yield Step(item, found, laws[name], asking, moved)
        remaining = {c: names - {name} for c, names in remaining.items() if names != {name}}


def _resting(name: str, open_: Mapping[str, tuple[EvidenceItem, EvidenceResult]]) -> set[str]:
    """Return a document and all those that rest on it, which need it first."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        found |= ahead
        ahead = {other for other, (item, _) in open_.items() if not ahead.isdisjoint(item.after)} - found
    return found


def _worth(name: str, remaining: Mapping[str, Collection[str]]) -> float:
    return sum(1 / len(names) for names in remaining.values() if name in names)


def _duty(law: Collection[str], item: EvidenceItem) -> int:
    """Return the rank: duties of every company, then duties of some companies, then everything else."""
    return 2 if not law else 1 if item.mandatory_when else 0


def obligations(item: EvidenceItem, library: Library, workspace: Workspace | None) -> tuple[str, ...]:
    """Return the clauses and articles that make a document compulsory. Excluded items do not, nor does a standard that
    the company has not chosen; the law applies without being chosen.
    """
    if workspace is None:
        return item.compulsory
    excluded = {one.control for one in workspace.exclusions}
    known = (library.control(name) for name in item.compulsory if name not in excluded)
    return tuple(one.id for one in known if one is not None and one.framework in {*workspace.frameworks, LAW})


def _law(library: Library, workspace: Workspace, item: EvidenceItem) -> tuple[str, ...]:
    """Return the articles of the law that make a document compulsory; none if nothing does."""
    known = (library.control(name) for name in obligations(item, library, workspace))
    return tuple(control.id for control in known if control is not None and control.framework == LAW)


def _names(today: date, quarters: int) -> list[str]:
    """Return the quarters from this one on, or from the next if little of this one is left."""
    number = quarter(today)
    following = date((number + 1) // 4, (number + 1) % 4 * 3 + 1, 1)
    first = number if following - today >= _ENOUGH else number + 1
    return [quarter_name(one) for one in range(first, first + quarters)]
