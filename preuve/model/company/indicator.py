"""An indicator of the committee's page, and what it was in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from preuve.model.content import Severity, Text
from preuve.model.errors import Position


@dataclass(frozen=True)
class Target:
    """What an indicator should reach, or not exceed."""

    number: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether a value is as it should be."""
        return value >= self.number if self.at_least else value <= self.number


@dataclass(frozen=True)
class Count:
    """Rows of a register with a date in the month."""

    register: str
    date: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # values of these columns that do not count


@dataclass(frozen=True)
class Share:
    """How much of one column of a register another one is, in hundredths, over the rows with a date in the month."""

    register: str
    date: str
    part: str
    whole: str


@dataclass(frozen=True)
class Runs:
    """A figure of the runs."""

    measure: str  # failing | new | fixed | regressed | overdue | median_fix | p90_fix
    severities: tuple[Severity, ...]


@dataclass(frozen=True)
class Entered:
    """A figure that somebody entered in the register of figures."""


Source = Count | Share | Runs | Entered


@dataclass(frozen=True)
class Indicator:
    """One indicator."""

    id: str
    title: Text
    definition: Text
    origin: Text  # where the figure comes from, in words
    owner: Text
    unit: Text
    unit_of_one: Text
    source: Source
    position: Position
    target: Target | None = None
    order: int = 100


class State(StrEnum):
    """The state of a figure against its target; a word of `monthly.state`."""

    MET = "met"
    MISSED = "missed"
    NONE = "none"  # there is no target
    NOTHING = "nothing"  # nothing happened that could be measured
    NOT_MEASURED = "not_measured"


_NOTHING = ("nothing", "no_row")  # a share of what has no entry is neither good nor bad


@dataclass(frozen=True)
class Figure:
    """The value of an indicator in a month; without a number, why (`monthly.why`)."""

    value: float | None = None
    why: str = ""

    def state(self, target: Target | None) -> State:
        """Return the state of the figure against a target. A missing figure is never good."""
        if self.value is None:
            return State.NOTHING if self.why in _NOTHING else State.NOT_MEASURED
        if target is None:
            return State.NONE
        return State.MET if target.met(self.value) else State.MISSED


@dataclass(frozen=True)
class Measured:
    """An indicator over the months; the last is the reported month."""

    indicator: Indicator
    figures: Sequence[Figure]

    @property
    def now(self) -> Figure:
        """The figure of the reported month."""
        return self.figures[-1]

    @property
    def state(self) -> State:
        """The state of that figure against the target."""
        return self.now.state(self.indicator.target)
