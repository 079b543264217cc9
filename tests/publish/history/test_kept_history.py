"""A changed history is detected if it contradicts the results of its run, the chain, or itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from preuve.evidence.verifier.chain import Line, parse
from preuve.model.content import Severity
from preuve.model.errors import PreuveError
from preuve.model.layout import RESULTS
from preuve.model.results import FindingStatus
from preuve.pipeline.bundle.kept_history import agrees, holds, names_no_run, not_adding_up
from preuve.pipeline.run.history import numbered
from preuve.publish.history.history import History, read_history
from preuve.publish.history.page_facts import FILE, PageFacts, read_kept, write_kept
from preuve.publish.history.tables import write_history
from preuve.publish.papers.history import history_sections
from preuve.publish.results import write_results
from preuve.publish.words.locale import load_locale

from .. import factory
from .test_history import FAIL, OPEN, PASS, WORKSPACE, assessment, close

OTHER = replace(FAIL, place=replace(FAIL.place, id="other", arn="arn:aws:s3:::other"))
THIRD = replace(OPEN, place=replace(FAIL.place, id="third", arn="arn:aws:s3:::third"))
NOW = assessment("2026-11-24", FAIL, OTHER, THIRD)
LINE = '{"counts":{"FAIL":1},"failing":{"high":1},"kind":"audit","number":1,"previous":"","time":"%s"}\n'
CHAIN = (LINE % "2026-08-01T10:00:00Z").encode()
LIBRARY = factory.library()


@pytest.fixture
def kept(tmp_path: Path) -> History:
    """A weakness since August, a new one, and an undecided finding."""
    close(tmp_path / "home", "2026-Q2", "2026-05-01", replace(OTHER, status=FindingStatus.PASS), PASS)
    close(tmp_path / "home", "2026-Q3", "2026-08-01", FAIL)
    chain = tuple(numbered(parse(CHAIN).lines))
    write_kept(tmp_path, PageFacts(read_history(tmp_path / "home", "2026-Q4", NOW, WORKSPACE, chain)))
    found = read_kept(tmp_path).history
    assert found is not None
    return found


def _without_changes(history: History) -> History:
    assert history.comparison is not None
    return replace(history, comparison=replace(history.comparison, changes=history.comparison.changes[1:]))


def _nothing_open(history: History) -> History:
    return replace(history, spells=history.spells[1:])


def _with_counts(number: int) -> Callable[[History], History]:
    def forged(history: History) -> History:
        runs = list(history.runs)
        runs[number] = replace(runs[number], findings={FindingStatus.FAIL: 300})
        return replace(history, runs=runs)

    return forged


def _by_severity(history: History) -> History:
    runs = list(history.runs)
    runs[1] = replace(runs[1], failing={Severity.LOW: 1})
    return replace(history, runs=runs)


def test_an_unchanged_history_holds_and_none_does_not(kept: History) -> None:
    lines = parse(CHAIN).lines
    assert len(lines) == 1
    assert holds(kept, lines, NOW, LIBRARY, WORKSPACE)
    assert not holds(None, lines, NOW, LIBRARY, WORKSPACE)
    assert not holds(None, (), NOW, LIBRARY, WORKSPACE), "an audit always keeps one"
    assert list(not_adding_up(kept, NOW)) == []


@pytest.mark.parametrize("forged", [_without_changes, _nothing_open, _with_counts(1), _with_counts(2), _by_severity])
def test_a_history_that_contradicts_the_results_or_the_chain_does_not_hold(
    kept: History, forged: Callable[[History], History]
) -> None:
    assert not holds(forged(kept), parse(CHAIN).lines, NOW, LIBRARY, WORKSPACE)


def _chained(*runs: Mapping[str, object]) -> tuple[Line, ...]:
    lines: tuple[Line, ...] = ()
    for run in runs:
        made = {"number": len(lines) + 1, "previous": lines[-1].digest if lines else "", **run}
        lines = (*lines, Line(json.dumps(made).encode(), made))
    return lines


def test_any_cut_of_the_history_is_told(tmp_path: Path) -> None:
    """At its end, in its midst, of its gaps: the chain beside it has the runs, and from them the gaps follow."""
    close(tmp_path / "home", "2026-Q1", "2026-02-01", FAIL)
    runs: list[Mapping[str, object]] = [
        {"kind": "audit", "time": "2026-02-01T10:00:00Z", "sealed": "2026-02-01T10:01:00Z", "counts": {"FAIL": 1}},
        *({"kind": "scan", "time": f"2026-0{month}-01T10:00:00Z", "incomplete": 0} for month in range(3, 10)),
        {"kind": "audit", "time": "2026-08-01T10:00:00Z", "sealed": "2026-09-02T10:00:00Z"},
        {"kind": "interrupted", "time": "2026-09-03T10:00:00Z", "of": 9},
    ]
    own: Mapping[str, object] = {"kind": "audit", "time": NOW.now, "sealed": "2026-11-24T10:02:00Z"}
    own = {**own, "counts": {"FAIL": 2, "NOT_EVALUATED": 1}}
    lines = _chained(*runs, own)
    history = read_history(tmp_path / "home", "2026-Q4", NOW, WORKSPACE, tuple(numbered(lines[:-1])))
    assert {gap.kind for gap in history.gaps} == {"interrupted", "quarter"}
    assert holds(history, lines, NOW, LIBRARY, WORKSPACE)
    cuts = [replace(history, chain=history.chain[:number]) for number in range(len(runs))]
    cuts += [replace(history, chain=[*history.chain[:number], *history.chain[number + 1 :]]) for number in range(10)]
    cuts += [replace(history, gaps=[*history.gaps[:at], *history.gaps[at + 1 :]]) for at in range(len(history.gaps))]
    assert [cut for cut in cuts if holds(cut, lines, NOW, LIBRARY, WORKSPACE)] == []
    # Recorded while this run was judged, or before it was sealed by another process: nobody left them out.
    after = [{"kind": "scan", "time": "2026-11-24T09:50:00Z"}, {**runs[0], "sealed": "2026-11-24T10:01:00Z"}]
    assert holds(history, _chained(*runs, *after, own), NOW, LIBRARY, WORKSPACE)


def test_a_history_without_any_run_of_the_chain_is_told_and_accuses_nobody(tmp_path: Path) -> None:
    """It was audited elsewhere and sealed here (`--no-seal`), or somebody emptied it."""
    earlier = {"kind": "audit", "time": "2026-08-01T10:00:00Z", "sealed": "2026-08-01T10:01:00Z"}
    own = {"kind": "audit", "time": NOW.now, "sealed": NOW.now, "counts": {"FAIL": 2, "NOT_EVALUATED": 1}}
    history = read_history(tmp_path / "home", "2026-Q4", NOW, WORKSPACE)
    for lines, told in ((_chained(own), False), (_chained(earlier, own), True)):
        assert holds(history, lines, NOW, LIBRARY, WORKSPACE)
        assert names_no_run(history, lines, NOW) is told


def test_a_history_with_younger_weaknesses_does_not_add_up(kept: History) -> None:
    young = [replace(spell, first=2) for spell in kept.spells]
    assert list(not_adding_up(replace(kept, spells=young), NOW)) == ["2026-Q3"]


def test_weaknesses_with_two_answers_that_were_fixed_accuse_nobody(tmp_path: Path) -> None:
    close(tmp_path / "home", "2026-Q3", "2026-08-01", FAIL, FAIL, OTHER, OTHER)
    for now in (NOW, assessment("2026-11-24", THIRD)):
        history = read_history(tmp_path / "home", "2026-Q4", now, WORKSPACE)
        assert list(not_adding_up(history, now)) == []


def _never_seen(history: History) -> History:
    return replace(history, spells=[replace(spell, first=0, last=2) for spell in history.spells])


@pytest.mark.parametrize(
    "forged",
    [_with_counts(1), _by_severity, _never_seen, lambda history: replace(history, spells=())],
    ids=["counts", "severity", "older", "none"],
)
def test_an_earlier_bundle_reveals_a_changed_history(
    kept: History, forged: Callable[[History], History], tmp_path: Path
) -> None:
    earlier = [tmp_path / "home" / name for name in ("2026-Q2", "2026-Q3")]
    assert [agrees(kept, folder) for folder in earlier] == [True, True]
    assert False in [agrees(forged(kept), folder) for folder in earlier]
    assert [agrees(replace(kept, runs=kept.runs[1:]), earlier[0]), agrees(None, earlier[0])] == [None, None]


def test_what_stands_in_the_results_is_not_kept_twice_and_reads_back_alike(kept: History, tmp_path: Path) -> None:
    """A finding of this run is named by its number there; the history is the same."""
    write_results(tmp_path / RESULTS, NOW)
    write_kept(tmp_path, PageFacts(kept))
    assert read_kept(tmp_path).history == kept
    text = (tmp_path / FILE).read_text(encoding="ascii")
    changes = json.loads(text)["history"]["comparison"]["changes"]
    assert changes and all(after is None or isinstance(after, int) for _, _, after in changes)


def _leaves(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else None
    if pairs is None:
        yield path, part
    else:
        for name, value in pairs:
            yield from _leaves(value, (*path, name))


def test_any_value_of_another_form_is_refused_or_written(kept: History, tmp_path: Path) -> None:
    """A value of the right type, such as a month 21, is told as damage, or the tables and papers can be written."""
    write_results(tmp_path / RESULTS, NOW)
    write_kept(tmp_path, PageFacts(kept))
    file, t = tmp_path / FILE, load_locale("fr")
    whole = json.loads(file.read_text(encoding="ascii"))
    refused = set()
    for path, value in list(_leaves(whole)):
        forms = ("", "x", str(value).replace("-1", "-2", 1)) if isinstance(value, str) else (-1, 10**6)
        for form in forms if isinstance(value, str | int) and not isinstance(value, bool) else ():
            data = json.loads(json.dumps(whole))
            reduce(getitem, path[:-1], data)[path[-1]] = form
            file.write_text(json.dumps(data), encoding="ascii")
            try:
                found = read_kept(tmp_path)
            except PreuveError as error:
                assert "has contents no audit writes" in str(error)
                refused.add(path[1:2] + path[-1:])
                continue
            site = replace(factory.site("fr"), history=found.history)
            write_history(tmp_path / "made", site, t)
            history_sections(site, t)
    assert {("runs", "now"), ("chain", "time"), ("spells", "first"), ("spells", "last")} <= refused
