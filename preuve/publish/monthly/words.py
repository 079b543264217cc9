"""Figures, months and states of the committee's page in words."""

from __future__ import annotations

from preuve.model.company.indicator import Figure, Indicator, Measured, State, Target
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

NOT_THERE = "—"
UNKNOWN = "?"
AT_LEAST = "≥"


def figure(found: Figure, indicator: Indicator, t: Locale) -> str:
    """Return a figure with its unit; a dash if nothing happened, `?` if it was not measured."""
    if found.value is None:
        return brief(found, t)
    return f"{_least(found)}{_with_unit(found.value, indicator, t)}".strip()


def _least(found: Figure) -> str:
    return f"{AT_LEAST} " if found.least else ""


def _with_unit(value: float, indicator: Indicator, t: Locale) -> str:
    """Return a number with its unit in the form that the language has for so many."""
    unit = (t.singular(value) and indicator.unit_of_one) or indicator.unit
    return f"{amount(value, t)} {unit.in_language(t.language)}"


def standing(item: Measured, t: Locale) -> str:
    """Return whether an indicator meets its target, or why it was not measured."""
    told = item.state in (State.NOTHING, State.NOT_MEASURED)
    return t(f"monthly.why.{item.now.why}") if told else t.word("monthly.state", item.state)


def short(found: Figure, t: Locale) -> str:
    """Return a figure for a large table: a dash if nothing happened, a word if it was not measured."""
    if found.value is not None:
        return f"{_least(found)}{amount(found.value, t)}"
    return NOT_THERE if found.state(None) is State.NOTHING else t("monthly.unknown")


def brief(found: Figure, t: Locale) -> str:
    """Return a figure for a narrow column: `?` if it was not measured."""
    return UNKNOWN if found.state(None) is State.NOT_MEASURED else short(found, t)


def amount(value: float, t: Locale) -> str:
    """Return a number with at most one decimal."""
    whole, _, decimal = f"{abs(value):.1f}".partition(".")
    tail = "" if decimal == "0" else f"{t('monthly.decimal')}{decimal}"
    return f"{'−' if value < 0 else ''}{t.number(int(whole))}{tail}"


def target(found: Target | None, indicator: Indicator, t: Locale) -> str:
    """Return the target of an indicator."""
    if found is None:
        return NOT_THERE
    number = _with_unit(found.number, indicator, t)
    return t("monthly.at_most" if found.at_least is None else "monthly.at_least", number=number)


def month(name: str, t: Locale) -> str:
    """Return a month in words."""
    return t("monthly.month", month=t(f"months.m{name[5:]}"), year=name[:4])


def title(indicator: Indicator, t: Locale) -> str:
    """Return the title of an indicator."""
    return one_line(indicator.title.in_language(t.language))
