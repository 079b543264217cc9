"""What `preuve attest --plan` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preuve.assess.plan import Quarter, Step
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import for_log, one_line

_LONGEST = 70
_FEW = 6  # controls by name


def plan_lines(quarters: Sequence[Quarter], t: Locale) -> Iterator[str]:
    """A heading for each quarter, and a line for each step with what it is for and how to begin."""
    if not quarters:
        yield t("plan.nothing")
        return
    yield t("plan.lead")
    number = 0
    for quarter in quarters:
        steps = t.count("plan.steps", len(quarter.steps))
        yield ""
        year, _, number_of = quarter.name.partition("-Q")
        named = t("plan.period", year=year, number=number_of)
        yield t("plan.quarter", quarter=named, steps=steps, moved=t.count("plan.moved", quarter.moved))
        for step in quarter.steps:
            number += 1
            yield for_log(_step(number, step, t))
    yield ""
    yield t("plan.after", moved=t.count("plan.moved", sum(quarter.moved for quarter in quarters)))


def _step(number: int, step: Step, t: Locale) -> str:
    moved = _named(step.moved, t)
    values = {
        "number": t.number(number),
        "item": step.item.id,
        "title": one_line(step.item.title.in_language(t.language), _LONGEST),
        "action": t(f"plan.action.{step.found.state}"),
        "owner": t.word("role", step.item.owner_role),
        "law": _article(step.law, t),
        "moved": moved,
        "waiting": t.count("plan.waiting", len(step.waiting)),
    }
    review = step.found.state == "unreviewed"
    begin = t("plan.review", attestation=step.found.attestation) if review else t("plan.begin", item=step.item.id)
    return f"{t('plan.step', **values)} {begin}"


def _named(controls: Sequence[str], t: Locale) -> str:
    return t.few([_article(name, t) for name in controls], _FEW)


def _article(name: str, t: Locale) -> str:
    """An article of the GDPR as people cite it; what is none of them by its id."""
    number = name.removeprefix("GDPR.")
    return t("plan.article", number=number) if number != name and number[:1].isdigit() else name
