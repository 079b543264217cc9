"""The decisions for the committee, each with the person responsible and the date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preuve.library.company.register.open_cells import BY_A_CELL
from preuve.model.company.indicator import Figure, Runs
from preuve.model.company.workspace import NOT_IN_PLACE, PARTLY, Waiver
from preuve.model.content import GRAVE, Severity
from preuve.publish.dashboard import words
from preuve.publish.dashboard.month import Month
from preuve.publish.history.runs import ChainRun
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

Row = Sequence[str]  # what, who, by when
_MOST = 3  # named items of a kind; the others are counted
_LONGEST = 220
_TOLD = frozenset({"no_audit", "audit_lost", "no_chain"})  # once, for all that audits measure: nobody stopped to


def decisions(month: Month, t: Locale) -> list[Row]:
    """Return every point, or a line that there is none."""
    found = [
        *_not_run(month, t),
        *_no_source(month, t),
        *_unusable(month, t),
        *_overdue(month, t),
        *_lost(month, t),
        *_missed(month, t),
        *_waivers(month, t),
        *_actions(month, t),
    ]
    found += [*_evidence(month, t), *_declared(month, t), *_not_measured(month, t), *_accounts(month, t)]
    return found or [[t("monthly.decide.none"), words.NOT_THERE, words.NOT_THERE]]


def _not_run(month: Month, t: Locale) -> Iterator[Row]:
    """Yield a decision if no run took place in the month: the figures are of another month."""
    if month.chain is not None and not any(month.recorded(month.month, kind) for kind in ("audit", "scan")):
        yield [t("monthly.decide.not_run"), t.word("role", "it_ops"), t.date(month.day.isoformat())]


def _no_source(month: Month, t: Locale) -> Iterator[Row]:
    """Yield the subjects without a source: a subject without its source in the month is not measured, and never
    clear.
    """
    no_register = month.uncounted == "no_register"
    missing = {
        "chain": month.chain is None,
        "audit": month.audits.chained and not month.audited and not month.audits.lost_in(month.month),
        "register": no_register,
    }
    for name, is_missing in missing.items():
        if is_missing:
            said = _no_audit(month, t) if name == "audit" else t(f"monthly.decide.no_source.{name}")
            yield [said, t.word("role", "ciso"), t.date(month.next_meeting)]
    if month.uncounted and not no_register:
        said = t("monthly.decide.uncounted", why=t(f"monthly.why.{month.uncounted}"))
        yield [said, t.word("role", "ciso"), t.date(month.next_meeting)]


def _no_audit(month: Month, t: Locale) -> str:
    """Return that no audit was closed in the month, with the results of the last one: audits need not be monthly."""
    known = month.last_audited()
    if not known:
        return t("monthly.decide.no_source.audit")
    figures = [f"{words.title(item, t)} {words.figure(found, item, t)}" for item, found in known]
    day = t.date(month.audits.runs[-1].now[:10])
    return t("monthly.decide.no_source.audit_since", date=day, figures=t("list.between").join(figures))


def _unusable(month: Month, t: Locale) -> Iterator[Row]:
    """Yield the audits that were closed and are in no figure. The decision: who has their folder, or who changed it?"""
    lost = month.lost_audits
    for item in lost[:_MOST]:
        yield [lost_audit(item, t), t.word("role", "ciso"), t.date(month.day.isoformat())]
    if lost[_MOST:]:
        yield [t.count("monthly.decide.lost_more", len(lost) - _MOST), words.NOT_THERE, words.NOT_THERE]


def lost_audit(item: ChainRun, t: Locale) -> str:
    """Return that an audit of the chain cannot be used."""
    return t("monthly.decide.lost", number=t.number(item.number), period=item.period, date=t.date(item.time[:10]))


def _overdue(month: Month, t: Locale) -> Iterator[Row]:
    """Yield the overdue failures, as a lower bound if the audits cannot know all of them."""
    audits = month.audits
    late = audits.overdue(len(audits.runs) - 1) if month.audited else []
    if late:
        grave = [item for item in late if item.severity in GRAVE]
        told = {
            name: _at_least(len(found), audits.figure(month.month, Runs("overdue", severities)), t)
            for name, found, severities in (("late", late, tuple(Severity)), ("grave", grave, GRAVE))
        }
        said = t.count("monthly.decide.overdue", len(late), date=t.date(audits.runs[-1].now[:10]), **told)
        yield [said, t.word("role", "ciso"), t.date(month.day.isoformat())]


def _at_least(number: int, figure: Figure, t: Locale) -> str:
    """Return a number, as a lower bound if its figure is one, or if it is not known at all."""
    said = t.number(number)
    return said if figure.value is not None and not figure.least else t("monthly.at_least", number=said)


def _lost(month: Month, t: Locale) -> Iterator[Row]:
    """Yield the failures that can no longer be found, and those that no longer have a verdict."""
    audits = month.audits
    found = {
        "monthly.decide.left": audits.left,
        "monthly.decide.removed": audits.removed,
        "monthly.decide.other_key": audits.renamed,
        "monthly.decide.unsettled": audits.unsettled,
    }
    for key, of in found.items():
        lost = of(month.month)
        grave = sum(item.severity in GRAVE for item in lost)
        if lost:
            said = t.count(key, len(lost), grave=t.number(grave))
            yield [said, t.word("role", "ciso"), t.date(month.next_meeting)]


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
        said = _ended(item, month, t) if item.expires < month.day else _ending(item, t)
        yield [one_line(said, _LONGEST), one_line(item.owner, 40), t.date(max(item.expires, month.day).isoformat())]
    if ending[_MOST:]:
        yield [t.count("monthly.decide.waivers", len(ending) - _MOST), words.NOT_THERE, words.NOT_THERE]


def _ending(item: Waiver, t: Locale) -> str:
    return t("monthly.decide.waiver", id=item.id, policy=item.policy)


def _ended(item: Waiver, month: Month, t: Locale) -> str:
    """Return the result of the newest audit for the findings of an ended waiver; no result means nothing."""
    audits = month.audits
    named = {"id": item.id, "policy": item.policy, "date": t.date(item.expires.isoformat())}
    if not audits.runs:
        return t("monthly.decide.waiver_over.no_audit", **named)
    named["audit"] = t.date(audits.runs[-1].now[:10])
    found = audits.covered(item)
    for state in ("failing", "waived", "unclear"):
        if number := getattr(found, state):
            return t.count(f"monthly.decide.waiver_over.{state}", number, **named)
    return t(f"monthly.decide.waiver_over.{'mended' if found.known else 'unseen'}", **named)


def _by(day: str, month: Month, t: Locale) -> str:
    """Return the due date; a past one is marked as late."""
    said = t.date(day)
    return t("monthly.decide.past", date=said) if day < month.day.isoformat() else said


def _actions(month: Month, t: Locale) -> Iterator[Row]:
    late = month.overdue_actions()
    for item in late[:_MOST]:
        said = t("monthly.decide.action", number=item.number, finding=item.action or item.finding)
        yield [one_line(said, _LONGEST), one_line(item.owner, 40) or words.NOT_THERE, _by(item.due, month, t)]
    if late[_MOST:]:
        yield [t.count("monthly.decide.actions", len(late) - _MOST), words.NOT_THERE, words.NOT_THERE]


def _evidence(month: Month, t: Locale) -> Iterator[Row]:
    due = month.due_evidence()
    if not due:
        return
    stale = sum(found.state == "stale" for _, found in due)
    item, found = due[0]
    counts = {"monthly.decide.missing": len(due) - stale, "monthly.decide.stale": stale}
    said = t(
        "monthly.decide.evidence",
        told=", ".join(t.count(key, number) for key, number in counts.items() if number),
        first=f"{item.id} {one_line(item.title.in_language(t.language), 50)}",
    )
    yield [said, t.word("role", item.owner_role), _by(found.expires or month.next_meeting, month, t)]


def _declared(month: Month, t: Locale) -> Iterator[Row]:
    """Yield what its owner declares not in place, or only partly: the decision is what to do about it."""
    for state in (NOT_IN_PLACE, PARTLY):
        declared = [(item, found) for item, found in month.evidence if found.state == state]
        for item, found in declared[:_MOST]:
            title = f"{item.id} {one_line(item.title.in_language(t.language), 80)}"
            day = t.date(found.effective)
            said = t(f"monthly.decide.declared.{state}", title=title, attestation=found.attestation, date=day)
            yield [one_line(said, _LONGEST), one_line(found.owner, 40), t.date(month.next_meeting)]
        if more := len(declared[_MOST:]):
            yield [t.count(f"monthly.decide.more_declared.{state}", more), words.NOT_THERE, words.NOT_THERE]


def _not_measured(month: Month, t: Locale) -> Iterator[Row]:
    owners: dict[tuple[str, str], list[str]] = {}
    for item in month.not_measured():
        if item.now.why in _TOLD:
            continue
        key = "monthly.decide.not_counted" if item.now.why in BY_A_CELL else "monthly.decide.not_measured"
        titles = owners.setdefault((item.indicator.owner.in_language(t.language), key), [])
        titles.append(words.title(item.indicator, t))
    for (owner, key), titles in owners.items():
        yield [t.count(key, len(titles), titles=", ".join(titles)), owner, t.date(month.next_meeting)]


def _accounts(month: Month, t: Locale) -> Iterator[Row]:
    reading = month.reading
    if month.audited and reading.read is not None and reading.read < reading.in_scope:
        said = t.count("monthly.decide.accounts", reading.in_scope - reading.read)
        yield [said, t.word("role", "it_ops"), t.date(month.day.isoformat())]
