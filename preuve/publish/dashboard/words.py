"""Figures, months and states of the management committee dashboard in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from preuve.model.company.indicator import Figure, Indicator, IndicatorSeries, State, Target, settled
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

NOT_THERE = "—"
UNKNOWN = "?"
AT_LEAST = "≥"
_ALL = 100  # percent
_MOST_DECIMALS = 10


def figure(found: Figure, indicator: Indicator, t: Locale) -> str:
    """Return a figure with its unit; a dash if nothing happened, `?` if it was not measured."""
    if found.value is None:
        return brief(found, t)
    return f"{_least(found)}{_with_unit(found.value, indicator, t)}".strip()


def _least(found: Figure) -> str:
    return f"{AT_LEAST} " if found.least else ""


def _with_unit(value: float, indicator: Indicator, t: Locale) -> str:
    """Return a number with its unit, in the singular or plural of the language."""
    unit = (t.singular(value) and indicator.unit_of_one) or indicator.unit
    return f"{amount(value, t, indicator.target)} {unit.in_language(t.language)}"


def standing(item: IndicatorSeries, t: Locale) -> str:
    """Return whether an indicator meets its target, or why it was not measured."""
    told = item.state in (State.NOTHING, State.NOT_MEASURED)
    return t(f"monthly.why.{item.now.why}") if told else t.word("monthly.state", item.state)


def short(found: Figure, t: Locale, beside: Target | None = None) -> str:
    """Return a figure for a large table, next to its target: a dash if nothing happened, a word if it was not
    measured.
    """
    if found.value is not None:
        return f"{_least(found)}{amount(found.value, t, beside)}"
    return NOT_THERE if found.state(None) is State.NOTHING else t("monthly.unknown")


def brief(found: Figure, t: Locale, beside: Target | None = None) -> str:
    """Return a figure for a narrow column: `?` if it was not measured."""
    return UNKNOWN if found.state(None) is State.NOT_MEASURED else short(found, t, beside)


def amount(value: float, t: Locale, beside: Target | None = None) -> str:
    """Return a number with at most one decimal; with more if its target has more, or if rounding would put it on the
    target, on zero or on the total when it is not.
    """
    value = settled(value)
    limits = [0, _ALL, *([settled(beside.number)] if beside else [])]
    least = max(1, _decimals(beside.number) if beside else 0)
    said = next(
        (one for places in range(least, _MOST_DECIMALS) if _same(one := round(value, places), value, limits)), value
    )
    whole, _, decimals = f"{abs(Decimal(repr(said))):f}".partition(".")
    decimals = decimals.rstrip("0")
    tail = f"{t('monthly.decimal')}{decimals}" if decimals else ""
    return f"{'−' if said < 0 else ''}{t.number(int(whole))}{tail}"


def _decimals(number: float) -> int:
    return len(f"{Decimal(repr(number)):f}".partition(".")[2].rstrip("0"))


def _same(said: float, value: float, limits: Iterable[float]) -> bool:
    """Return whether two numbers are on the same side of each limit, or both equal it."""
    return all((said > limit) - (said < limit) == (value > limit) - (value < limit) for limit in limits)


def target(found: Target | None, indicator: Indicator, t: Locale) -> str:
    """Return the target of an indicator."""
    if found is None:
        return NOT_THERE
    number = _with_unit(found.number, indicator, t)
    if found.at_least is None and not found.number:
        return number
    return t("monthly.at_most" if found.at_least is None else "monthly.at_least", number=number)


def month(name: str, t: Locale) -> str:
    """Return a month in words."""
    return t("monthly.month", month=t(f"months.m{name[5:]}"), year=name[:4])


def title(indicator: Indicator, t: Locale) -> str:
    """Return the title of an indicator."""
    return one_line(indicator.title.in_language(t.language))
