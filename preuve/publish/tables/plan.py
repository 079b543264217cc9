"""The output of `preuve attest --plan`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from preuve.assess.plan import Quarter, Step
from preuve.model.content import Library
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import called, joined
from preuve.publish.words.text import for_log, one_line

_LONGEST = 70
_FEW = 6  # named controls


def plan_lines(quarters: Sequence[Quarter], library: Library, t: Locale, begun: Mapping[str, str]) -> Iterator[str]:
    """Yield a heading for each quarter, and a line for each step with its purpose and how to begin, or how to continue
    if its file has been `begun`.
    """
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
            yield for_log(_step(number, step, library, t, begun.get(step.item.id, "")))
    yield ""
    yield t("plan.after", moved=t.count("plan.moved", sum(quarter.moved for quarter in quarters)))


def _step(number: int, step: Step, library: Library, t: Locale, file: str) -> str:
    values = {
        "number": t.number(number),
        "item": step.item.id,
        "title": one_line(step.item.title.in_language(t.language), _LONGEST),
        "action": t(f"plan.action.{'begun' if file and step.found.state == 'missing' else step.found.state}"),
        "owner": t.word("role", step.item.owner_role),
        "law": joined(step.law, library, t),
        "when": step.item.mandatory_when.in_language(t.language) if step.item.mandatory_when else "",
        "moved": t.few(called(step.moved, library, t), _FEW, t("list.between")),
        "waiting": t.count("plan.waiting", len(step.waiting)),
    }
    review = step.found.state == "unreviewed"
    if review:
        begin = t("plan.review", attestation=step.found.attestation)
    elif file:
        begin = t("plan.go_on", item=step.item.id, file=file, shown="" if file.endswith(".csv") else file)
    else:
        begin = t("plan.begin", item=step.item.id)
    return f"{t('plan.step', **values)} {begin}"
