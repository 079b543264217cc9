"""A document or register that is due again and again is judged over the period, not by its newest entry alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.assess.cadence import Interruption, is_young, missed
from preuve.model.company.workspace import Approval, Attestation
from preuve.model.content import EvidenceItem
from preuve.publish.words.locale import load_locale

from .factory import TODAY, text
from .test_rollup import FULL, HERE, LIBRARY, MANUAL, attestation, control, finding, rolled
from .test_rollup import C as Control
from .test_rollup import F as Found

NOW = TODAY if isinstance(TODAY, date) else date.fromisoformat(str(TODAY)[:10])
QUARTERLY = EvidenceItem("GOV-1", text(), (), text(), "quarterly", 110, "ciso", HERE)


def on(*ages: int, **more: Any) -> list[Attestation]:
    """Reviewed attestations of so many days ago."""
    return [
        replace(attestation(effective=NOW - timedelta(days=age), **more), id=f"ATT-{number}")
        for number, age in enumerate(ages)
    ]


def test_a_missed_quarter_is_found_behind_a_fresh_entry() -> None:
    gap = missed(QUARTERLY, on(300, 20), NOW)
    assert gap == Interruption("GOV-1", NOW - timedelta(days=189), NOW - timedelta(days=21))
    assert missed(QUARTERLY, on(300, 200, 100, 20), NOW) is None
    assert missed(QUARTERLY, on(800, 400, 300, 200, 100, 20), NOW) is None, "before the period"


def test_a_word_that_nobody_reviewed_fills_no_gap() -> None:
    between = on(200, 100, approval=Approval("unsigned"))
    assert missed(QUARTERLY, [*on(300, 20), *between], NOW) is not None


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8), st.integers(0, 700))
def test_one_more_entry_opens_no_longer_gap_within_what_was_covered(ages: Sequence[int], more: int) -> None:
    """Held against days counted one by one."""
    for chosen in (ages, [*ages, more]):
        entries = on(*chosen)
        covered = {entry.effective + timedelta(days=day) for entry in entries for day in range(111)}
        first, last = min(entry.effective for entry in entries), max(entry.effective for entry in entries)
        days = [first + timedelta(days=day) for day in range((last - first).days)]
        recent = [entry.effective for entry in entries if entry.effective > NOW - timedelta(days=366)]
        bare = [day for day in days if day not in covered and any(day < one for one in recent)]
        inside = [day for day in bare if next(e for e in sorted(x.effective for x in entries) if e > day) in recent]
        assert (missed(QUARTERLY, entries, NOW) is not None) is bool(inside)


def test_the_first_entry_is_too_young_to_be_judged() -> None:
    assert is_young(QUARTERLY, on(109), NOW)
    assert not is_young(QUARTERLY, on(110, 20), NOW)
    assert not is_young(replace(QUARTERLY, freshness_days=400), on(20), NOW), "due once a year: nothing was to repeat"


@pytest.mark.parametrize(
    ("ages", "reason"), [((300, 20), "evidence_missed"), ((20,), "evidence_young"), ((300, 200, 100, 20), "")]
)
def test_a_control_is_supported_or_declared_only_over_the_period(
    ages: Sequence[int], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIBRARY.evidence, "GOV-1", QUARTERLY)  # type: ignore[arg-type]
    declared = rolled(control((), automation=MANUAL, evidence=("GOV-1",)), attestations=on(*ages))
    tested = rolled(
        control(automation=FULL, evidence=("GOV-1",)), finding("high-a", Found.PASS), attestations=on(*ages)
    )
    codes = {item.code for item in (*declared.reasons, *tested.reasons)}
    assert (reason in codes) if reason else codes.isdisjoint({"evidence_missed", "evidence_young"})
    wanted = (Control.PARTLY_DECLARED, Control.PARTLY_SUPPORTED) if reason else (Control.DECLARED, Control.SUPPORTED)
    assert (declared.status, tested.status) == wanted
    for item in (*declared.reasons, *tested.reasons):
        assert "{" not in load_locale("fr").reason(item)
