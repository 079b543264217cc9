"""Findings by subject: the resources of each type in the accounts, the blocks of each file in code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, Place, by_resource
from preuve.publish.site.paths import code_page, quiet_page, type_page
from preuve.publish.words.names import relative_file

PER_PAGE = 200
MOST = 2_000  # up to this many resources, all are shown; of more, only notable ones

_Key = tuple[str, str, str, str, str, str]
_Found = list[Finding]
_CLEAR = (FindingStatus.PASS, FindingStatus.NOT_APPLICABLE)
_RANK = {status: rank for rank, status in enumerate(FindingStatus)}


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource or a block of code, with all its findings and its page."""

    place: Place
    findings: Sequence[Finding]
    page: str
    anchor: str

    def by_status(self) -> list[tuple[FindingStatus, list[Finding]]]:
        """Return the findings by status, worst first, without the statuses that do not occur."""
        found = ((status, [item for item in self.findings if item.status is status]) for status in FindingStatus)
        return [(status, items) for status, items in found if items]


class Subjects:
    """Every resource and block of code that a finding is about."""

    def __init__(self, findings: Iterable[Finding], shown: Iterable[Place] = (), most: int = MOST) -> None:
        """Group findings by subject. `shown` places are always shown; of more than `most` resources not all are."""
        by_place: dict[_Key, _Found] = {}
        self.whole: Sequence[Finding] = []  # about a whole type in a place: unlisted, or without resources
        for finding in by_resource(findings):
            if _is_subject(finding.place):
                by_place.setdefault(_key(finding.place), []).append(finding)
            else:
                self.whole.append(finding)
        by_type: dict[str, list[_Found]] = {}
        code: list[_Found] = []
        for found in by_place.values():
            place = found[0].place
            (code if place.root else by_type.setdefault(place.type, [])).append(found)
        by_type = {name: sorted(by_type[name], key=_worst_first) for name in sorted(by_type)}
        many = sum(map(len, by_type.values())) > most
        kept = frozenset(map(_key, shown))
        self.folded: Mapping[str, Sequence[Subject]] = {}  # resources that only pass, among many: they have no page
        if many:
            by_type, self.folded = _without_clear(by_type, kept)
        self._folded = {_key(subject.place) for subjects in self.folded.values() for subject in subjects}
        quiet = [found for groups in by_type.values() if _is_quiet(groups) for found in groups]
        self.quiet: Sequence[Subject] = _placed(quiet, quiet_page)  # resources of types without anything notable
        together = grouped((subject.place.type, subject) for subject in self.quiet)
        self.types: Mapping[str, Sequence[Subject]] = {
            name: together.get(name) or _placed(groups, partial(type_page, name)) for name, groups in by_type.items()
        }
        self.code: Sequence[Subject] = _placed(sorted(code, key=_in_file), code_page)
        self._known = {_key(subject.place): subject for subject in self}

    @property
    def counted_types(self) -> Mapping[str, Sequence[Subject]]:
        """All resources by type, those that have no page last."""
        names = sorted({*self.types, *self.folded})
        return {name: [*self.types.get(name, ()), *self.folded.get(name, ())] for name in names}

    def is_folded(self, place: Place) -> bool:
        """Return whether a resource only passes, and there are so many that only tables show it."""
        return _key(place) in self._folded

    def __iter__(self) -> Iterator[Subject]:
        """Yield every subject that has a page, those of the accounts first."""
        for subjects in self.types.values():
            yield from subjects
        yield from self.code

    def of(self, place: Place) -> Subject | None:
        """Return the subject of a finding; None if it has no page, or if the finding is about a whole type."""
        return self._known.get(_key(place)) if _is_subject(place) else None


def counted(subjects: Iterable[Subject]) -> Counter[FindingStatus]:
    """Count the findings of subjects by status."""
    return Counter(finding.status for subject in subjects for finding in subject.findings)


def _is_quiet(groups: Sequence[_Found]) -> bool:
    return all(item.status in _CLEAR for found in groups for item in found)


def _without_clear(
    by_type: Mapping[str, list[_Found]], kept: frozenset[_Key]
) -> tuple[dict[str, list[_Found]], dict[str, Sequence[Subject]]]:
    """Return the resources that need attention, and the others."""
    shown: dict[str, list[_Found]] = {}
    folded: dict[str, list[Subject]] = {}
    for name, groups in by_type.items():
        for found in groups:
            place = found[0].place
            if _is_quiet([found]) and _key(place) not in kept:
                folded.setdefault(name, []).append(Subject(place, found, "", ""))
            else:
                shown.setdefault(name, []).append(found)
    return shown, dict(folded)


def _is_subject(place: Place) -> bool:
    return bool(place.id or place.arn)


def _key(place: Place) -> _Key:
    return (place.type, place.account, place.region, place.root, place.id, place.arn)


def _worst_first(found: _Found) -> tuple[int, int, str, str, str]:
    place = found[0].place
    worst = min(_RANK[item.status] for item in found)
    return (worst, -sum(item.status is FindingStatus.FAIL for item in found), place.account, place.region, place.id)


def _in_file(found: _Found) -> tuple[str, str, int, str]:
    place = found[0].place
    return (place.root, relative_file(place.file), place.line, place.id)


def _placed(groups: Sequence[_Found], page: Callable[[int], str]) -> list[Subject]:
    return [
        Subject(found[0].place, found, page(at // PER_PAGE + 1), f"r{at % PER_PAGE + 1}")
        for at, found in enumerate(groups)
    ]
