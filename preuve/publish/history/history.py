"""The runs of a workspace up to a given one: the list, what changed since the last, what came back, how long fixes
took.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.assess.changes.comparison import Comparison, Key, Kind, Run, Scope, compare, key
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.model.layout import RESULTS
from preuve.model.moment import quarter_name
from preuve.model.results import Assessment
from preuve.publish.history.balance import Balance, balance
from preuve.publish.history.cadence import intervals, since_first
from preuve.publish.history.durations import WeaknessSpan, spells
from preuve.publish.history.runs import READ_BACK, ChainRun, Renaming, RunEntry, as_they_are, moment, read_run, run_of
from preuve.publish.history.store import Store, stored
from preuve.system.causes import cause
from preuve.system.manifests import CHAIN, check_as_closed, is_unsealed

UNREADABLE = "unreadable"
_UNSEALED = "unsealed"
FOREIGN = "foreign"
UNCHAINED = "unchained"
OF_FOLDERS = frozenset({UNREADABLE, _UNSEALED, FOREIGN})  # kinds of gaps that follow from folders


@dataclass(frozen=True)
class Gap:
    """A gap of the history: a quarter without an audit, too long a time without a complete run, an interrupted run, or
    a bundle that is missing, not sealed, of another chain of runs, or not in the chain.
    """

    kind: str  # quarter | apart | interrupted | elsewhere | unchained, or one of OF_FOLDERS
    what: str


@dataclass(frozen=True)
class History:
    """Runs oldest first, this one last; `comparison` is with the run before it, if there is one."""

    runs: Sequence[RunEntry]
    comparison: Comparison | None
    spells: Sequence[WeaknessSpan]
    gaps: Sequence[Gap]
    chain: Sequence[ChainRun] = ()  # lines before this run, which has no number until its bundle is closed
    balances: Sequence[Balance] = ()  # each run but the first, compared with the one before

    @property
    def quarters(self) -> int:
        """The number of quarters from the first run to this one."""
        return _quarter(self.runs[-1].now) - _quarter(self.runs[0].now) + 1

    @property
    def regressions(self) -> list[WeaknessSpan]:
        """The weaknesses that came back."""
        return [spell for spell in self.spells if spell.again]


@dataclass(frozen=True)
class PeopleNames:
    """How a run names people: the id of the key of its pseudonyms, and the replacement, in files of earlier runs, for
    names that became known later.
    """

    key: str = ""
    renaming: Renaming = as_they_are


_AS_THEY_ARE = PeopleNames()


def read_history(
    home: Path,
    name: str,
    assessment: Assessment,
    workspace: Workspace,
    chain: Sequence[ChainRun] = (),
    every: int | None = None,
    named: PeopleNames = _AS_THEY_ARE,
) -> History:
    """Read the history from a folder of closed bundles, up to the current run `name`. Complete runs of the chain must
    be no more than `every` days apart.
    """
    this, numbers = run_of(name, assessment, workspace, named.key)
    renaming = named.renaming
    folders, gaps = closed_before(home, this.now, chain)
    lines: list[RunEntry] = []
    scopes: list[Scope] = []
    balances: list[Balance] = []
    back: set[tuple[int, Key]] = set()
    previous: Run | None = None
    with Store() as store:
        for folder in folders:
            try:
                run, line = read_run(folder, renaming)
            except PreuveError as error:
                gaps.append(Gap(UNREADABLE, str(error)))
                continue
            store.add(len(lines), run.findings)
            lines.append(line)
            scopes.append(run.scope)
            if previous:
                change = compare(previous, run)
                balances.append(balance(previous, run, change))
                back |= _back(len(scopes) - 1, change)
            previous = run
        store.add(len(lines), this.findings)
        lines.append(numbers)
        scopes.append(this.scope)
        ended = [spell for track in store.tracks() for spell in spells(track, scopes)]
    gaps += following(chain, [line.now for line in lines], every)
    comparison = compare(previous, this) if previous else None
    if previous and comparison:
        balances.append(balance(previous, this, comparison))
        back |= _back(len(scopes) - 1, comparison)
    found = [replace(spell, again=(spell.first, spell.key) in back) for spell in ended]
    return History(lines, comparison, found, gaps, chain, balances)


def _back(run: int, change: Comparison) -> set[tuple[int, Key]]:
    """Return the regressions of a run, by the keys of the store."""
    return {(run, stored(key(item.finding))) for item in change.of(Kind.REGRESSED)}


def following(chain: Sequence[ChainRun], times: Sequence[str], every: int | None) -> Iterator[Gap]:
    """Yield the gaps that follow from the chain and from the times of the runs, oldest first and this one last. Gaps of
    unreadable bundles follow from neither.
    """
    yield from _of_chain(chain, times)
    yield from _apart([*since_first(chain), times[-1]], every) if every is not None and chain else ()
    yield from (Gap("quarter", quarter) for quarter in _missing(times))


def closed_before(home: Path, now: str, chain: Sequence[ChainRun] = ()) -> tuple[list[Path], list[Gap]]:
    """Return the bundles that were closed before a time, oldest first, and gaps for those of unknown time and for
    unsealed ones, whose existence nobody else knows. A bundle with another chain, as of another company whose bundle
    lies here, is no run of this workspace.
    """
    found: list[tuple[str, Path]] = []
    gaps: list[Gap] = []
    for path in sorted(home.glob(f"[!.]*/{RESULTS}")):
        folder = home / path.relative_to(home).parts[0]
        if is_unsealed(folder):
            gaps.append(Gap(_UNSEALED, folder.name))
            continue
        try:
            if chain and _first_line(folder) not in ("", chain[0].head):
                gaps.append(Gap(FOREIGN, folder.name))
                continue
            check_as_closed(folder, READ_BACK)
            found.append((moment(folder), folder))
        except PreuveError as error:
            gaps.append(Gap(UNREADABLE, str(error)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            gaps.append(Gap(UNREADABLE, f"{folder.name}: {cause(error)}"))
    return [folder for before, folder in sorted(found) if before < now], gaps


def _first_line(folder: Path) -> str:
    """Return the hash of the first line of the chain in a bundle; "" if it has none."""
    if not (folder / CHAIN).is_file():
        return ""
    with (folder / CHAIN).open("rb") as file:
        return hashlib.sha256(file.readline()).hexdigest()


def _of_chain(chain: Sequence[ChainRun], known: Collection[str]) -> Iterator[Gap]:
    """Yield gaps for runs without a bundle, and for runs whose bundle was not read."""
    lost = audits_without(chain, known)
    interrupted = _interrupted(chain)
    for run in chain:
        if str(run.number) in interrupted:
            yield Gap("interrupted", f"{run.number} ({run.time})")
        elif run in lost:
            yield Gap("elsewhere", f"{run.number} ({run.period}, {run.time})")


def audits_without(chain: Sequence[ChainRun], known: Collection[str]) -> list[ChainRun]:
    """Return the audits of a chain that are not among those of these times: their bundle is missing, or cannot
    be used.
    """
    interrupted = _interrupted(chain)
    return [
        run for run in chain if run.kind == "audit" and run.time not in known and str(run.number) not in interrupted
    ]


def _interrupted(chain: Sequence[ChainRun]) -> set[str]:
    """Return the numbers of the runs that never finished."""
    return {run.of for run in chain if run.kind == "interrupted"}


def _apart(times: Sequence[str], every: int) -> Iterator[Gap]:
    """Yield the times without a complete run that are longer than allowed."""
    for item in intervals(times):
        if item.longer(every):
            yield Gap("apart", f"{item.start} → {item.end} ({-(-item.seconds // 86400)} > {every})")


def _missing(moments: Sequence[str]) -> Iterator[str]:
    """Yield the quarters without a run between the first run and the last."""
    quarters = [_quarter(moment_) for moment_ in moments]
    for number in range(quarters[0], quarters[-1]):
        if number not in quarters:
            yield quarter_name(number)


def _quarter(moment_: str) -> int:
    return int(moment_[:4]) * 4 + (int(moment_[5:7]) - 1) // 3
