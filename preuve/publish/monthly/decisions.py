"""What the committee has to decide, each with who answers for it and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preuve.model.content import Severity
from preuve.publish.monthly import words
from preuve.publish.monthly.month import Month
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

Row = Sequence[str]  # what, who, by when
_MOST = 3  # of a kind, by name; the others are counted
_LONGEST = 170
_GRAVE = (Severity.CRITICAL, Severity.HIGH)


def decisions(month: Month, t: Locale) -> list[Row]:
    """Every point; one line says so where there is none."""
    found = [*_overdue(month, t), *_missed(month, t), *_waivers(month, t), *_actions(month, t)]
    found += [*_evidence(month, t), *_not_measured(month, t), *_accounts(month, t)]
    return found or [[t("monthly.decide.none"), words.NOT_THERE, words.NOT_THERE]]


def _overdue(month: Month, t: Locale) -> Iterator[Row]:
    audits = month.audits
    late = audits.overdue(len(audits.runs) - 1) if audits.runs else []
    grave = sum(item.severity in _GRAVE for item in late)
    if late:
        said = t("monthly.decide.overdue", n=t.number(len(late)), grave=t.number(grave))
        yield [said, t.word("role", "ciso"), t.date(month.day.isoformat())]


def _missed(month: Month, t: Locale) -> Iterator[Row]:
    for item in month.missed():
        found = item.indicator
        said = t(
            "monthly.decide.missed",
            title=words.title(found, t),
            value=words.figure(item.now, found, t),
            target=words.target(found.target, found, t),
        )
        yield [said, found.owner.in_language(t.language), t.date(month.next_meeting)]


def _waivers(month: Month, t: Locale) -> Iterator[Row]:
    ending = month.ending_waivers()
    for item in ending[:_MOST]:
        key = "monthly.decide.waiver_over" if item.expires < month.day else "monthly.decide.waiver"
        said = t(key, id=item.id, policy=item.policy)
        yield [one_line(said, _LONGEST), one_line(item.owner, 40), t.date(item.expires.isoformat())]
    if ending[_MOST:]:
        yield [t("monthly.decide.waivers", n=t.number(len(ending) - _MOST)), words.NOT_THERE, words.NOT_THERE]


def _actions(month: Month, t: Locale) -> Iterator[Row]:
    late = month.overdue_actions()
    for item in late[:_MOST]:
        said = t("monthly.decide.action", number=item.number, finding=item.action or item.finding)
        yield [one_line(said, _LONGEST), one_line(item.owner, 40) or words.NOT_THERE, t.date(item.due)]
    if late[_MOST:]:
        yield [t("monthly.decide.actions", n=t.number(len(late) - _MOST)), words.NOT_THERE, words.NOT_THERE]


def _evidence(month: Month, t: Locale) -> Iterator[Row]:
    due = month.due_evidence()
    if not due:
        return
    stale = sum(found.state == "stale" for _, found in due)
    item, found = due[0]
    said = t(
        "monthly.decide.evidence",
        missing=t.number(len(due) - stale),
        stale=t.number(stale),
        first=f"{item.id} {one_line(item.title.in_language(t.language), 50)}",
    )
    yield [
        said,
        t.word("role", item.owner_role),
        t.date(found.expires) if found.expires else t.date(month.day.isoformat()),
    ]


def _not_measured(month: Month, t: Locale) -> Iterator[Row]:
    owners: dict[str, list[str]] = {}
    for item in month.not_measured():
        owners.setdefault(item.indicator.owner.in_language(t.language), []).append(words.title(item.indicator, t))
    for owner, titles in owners.items():
        yield [t("monthly.decide.not_measured", titles=", ".join(titles)), owner, t.date(month.next_meeting)]


def _accounts(month: Month, t: Locale) -> Iterator[Row]:
    reading = month.reading
    if reading.read is not None and reading.read < reading.in_scope:
        missing = t.number(reading.in_scope - reading.read)
        yield [t("monthly.decide.accounts", n=missing), t.word("role", "it_ops"), t.date(month.day.isoformat())]
