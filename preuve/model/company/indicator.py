"""An indicator of the management committee dashboard, and what it was in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from preuve.model.content import Severity, Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, text, words

_Register = Annotated[str, text("Name of registers/<name>.csv; a template must exist.", pattern="^[a-z0-9-]+$")]
_Column = Annotated[str, text("The column's name in the English template.")]
_Values = Annotated[Sequence[str], items()]
_PAST = (
    "Whether the date is that of something that has happened. Then a date in the future leaves the figure open: it may "
    "stand for one in the month."
)


_PLACES = 9  # a sum of decimals is off by less: 0.1 + 0.2


def settled(value: float) -> float:
    """Return a number without the rounding error of adding decimals as floats."""
    return round(value, _PLACES)


@dataclass(frozen=True)
class Target:
    """What an indicator should reach, or not exceed."""

    at_least: Annotated[float | None, keywords("The figure reaches it.")] = None
    at_most: Annotated[float | None, keywords("The figure does not exceed it.")] = None

    @property
    def number(self) -> float:
        """The one that is set."""
        return next((one for one in (self.at_least, self.at_most) if one is not None), 0)

    def met(self, value: float) -> bool:
        """Return whether a value reaches the target."""
        value, number = settled(value), settled(self.number)
        return value <= number if self.at_least is None else value >= number


@dataclass(frozen=True)
class Count:
    """Rows of a register with a date in the month."""

    register: _Register
    date: Annotated[str, text("The column whose date must be in the month.")]
    where: Annotated[
        Mapping[str, _Values],
        keywords(
            "Columns, and the values that count. A row with an empty or unreadable cell leaves the figure open.",
            minProperties=1,
        ),
    ] = field(default_factory=dict)
    others: Annotated[
        Mapping[str, _Values],
        keywords(
            "For columns of where: the values that exist and do not count; any other value leaves the figure "
            "open. Unless set, every other value does not count, or every other whole number if only whole "
            "numbers count.",
            minProperties=1,
        ),
    ] = field(default_factory=dict)
    past: Annotated[bool, keywords(_PAST)] = False


@dataclass(frozen=True)
class Ratio:
    """How much of one column of a register another one is, in hundredths, over the rows with a date in the month."""

    register: _Register
    date: Annotated[str, text("The column whose date must be in the month.")]
    part: _Column
    whole: _Column
    past: Annotated[bool, keywords(_PAST)] = False


@dataclass(frozen=True)
class Runs:
    """A figure of the runs."""

    measure: Annotated[
        str, words("What is measured.", "failing", "new", "fixed", "regressed", "overdue", "median_fix", "p90_fix")
    ]
    severities: Annotated[tuple[Severity, ...], items("Severities of the findings that count.", once=True)] = tuple(
        Severity
    )


@dataclass(frozen=True)
class Source:
    """Where the figure comes from: one of these."""

    entered: Annotated[
        bool, keywords("A row of registers/indicator-values.csv with the month and the id.", const=True)
    ] = False
    count: Annotated[Count | None, keywords("Rows of a register with a date in the month.")] = None
    share: Annotated[
        Ratio | None, keywords("One column of a register in hundredths of another, over the rows of the month.")
    ] = None
    runs: Annotated[Runs | None, keywords("A figure of the audits.")] = None


_ONE = {"minProperties": 1, "maxProperties": 1}


@dataclass(frozen=True)
class Indicator:
    """A figure of the management committee dashboard (preuve report --month). A figure whose source is missing is not
    measured: never 0, never good.
    """

    id: Annotated[str, text("The file's name without .yaml.", pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Annotated[Text, keywords("What it is called.")]
    definition: Annotated[Text, keywords("What is counted, so that two people come to the same figure.")]
    origin: Annotated[Text, keywords("Where the figure comes from, in words.")]
    owner: Annotated[Text, keywords("The function that answers for it.")]
    unit: Annotated[Text, keywords("%, days, k€, incidents …")]
    source: Annotated[Source, keywords("Where the figure comes from.", **_ONE)]
    position: Annotated[Position, ADDED]
    unit_of_one: Annotated[
        Text | None, keywords("The unit for one (in French also for none), if it has another form.")
    ] = None
    target: Annotated[Target | None, keywords("What it should reach, or not exceed.", **_ONE)] = None
    order: Annotated[int, keywords("Place on the page.", minimum=1)] = 100


class State(StrEnum):
    """The state of a figure against its target; a word of `monthly.state`."""

    MET = "met"
    MISSED = "missed"
    NONE = "none"  # there is no target
    NOTHING = "nothing"  # nothing happened that could be measured
    NOT_MEASURED = "not_measured"


_NOTHING = ("nothing", "no_row")  # a share without entries is neither good nor bad


@dataclass(frozen=True)
class Figure:
    """The value of an indicator in a month. `why` (`monthly.why`): without a number why there is none, with one why it
    may be higher.
    """

    value: float | None = None
    why: str = ""

    @property
    def least(self) -> bool:
        """Whether the number is only a lower bound."""
        return self.value is not None and bool(self.why)

    def state(self, target: Target | None) -> State:
        """Return the state of the figure against a target. A missing figure is never good."""
        if self.value is None:
            return State.NOTHING if self.why in _NOTHING else State.NOT_MEASURED
        if target is None:
            return State.NONE
        met = target.met(self.value)
        if self.least and met is (target.at_least is None):
            return State.NOT_MEASURED  # within the possible numbers, the target may be met or missed
        return State.MET if met else State.MISSED


@dataclass(frozen=True)
class IndicatorSeries:
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
