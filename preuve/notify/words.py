"""A digest and a ticket as text in one language, not yet escaped for their channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from preuve.model.content import GRAVE, Severity
from preuve.model.results import FindingStatus
from preuve.notify.channels.tickets import Event
from preuve.notify.model import CODE, COMPANY, Digest, Item, NoticeRun, Subject
from preuve.publish.words.locale import Locale

T = TypeVar("T")
_CONTROLS = 12


@dataclass(frozen=True)
class Section:
    """A title and its lines, the gravest first."""

    title: str
    lines: Sequence[str]


def heading(digest: Digest, t: Locale) -> list[str]:
    """Return the heading: the run, the number of each verdict, failures by severity, and that unread items are no
    pass.
    """
    counts = [t.count(f"summary.status.{status}", n) for status in FindingStatus if (n := digest.counts.get(status, 0))]
    lines = [_run("notify.head", digest.told, t), " · ".join(counts) or t("summary.nothing")]
    grave = [f"{t.word('severity', item)} {t.number(n)}" for item in Severity if (n := digest.failing.get(item, 0))]
    lines += [t("notify.failing", severities=" · ".join(grave))] if grave else []
    lines += [t.count("notify.apart", digest.apart)] if digest.apart else []
    for key, lost in (("notify.left", digest.left), ("notify.removed", digest.removed)):
        if number := sum(lost.values()):
            worst = sum(lost.get(severity, 0) for severity in GRAVE)
            lines.append(t.count(key, number, grave=t.number(worst)))
    lines += [t.count("notify.params", digest.params)] if digest.params else []
    return [*lines, t.count("summary.incomplete", digest.incomplete)] if digest.incomplete else lines


def subject_line(digest: Digest, t: Locale) -> str:
    """Return the digest in one line, without what is not known."""
    lists = {"new": digest.new, "fixed": digest.fixed, "overdue": digest.overdue}
    known = {name: items for name, items in lists.items() if items is not None}
    numbers = {name: t.number(sum(item.count for item in items)) for name, items in known.items()}
    return t("notify.subject", run=digest.told.run, **numbers)


def sections(digest: Digest, t: Locale) -> Iterator[Section]:
    """Yield the five lists; a list that is unknown or empty states that."""
    for name, items, unknown in (
        ("new", digest.new, "notify.no_earlier"),
        ("fixed", digest.fixed, "notify.no_earlier"),
        ("overdue", digest.overdue, "notify.no_history"),
    ):
        yield _section(name, items, lambda item: _item(item, t), t(unknown), t)
    yield _section("waivers", digest.waivers, lambda it: t(
        "notify.waiver", title=it.title, policy=it.policy, date=t.date(it.day)), "", t)  # fmt: skip
    stale = _section("stale", digest.stale, lambda it: t("notify.evidence", title=it.title, id=it.id), "", t)
    yield replace(stale, lines=[*stale.lines, t.count("notify.missing", digest.missing)]) if digest.missing else stale


def reference(digest: Digest, *, closed: bool, t: Locale) -> list[str]:
    """Return where to find the rest; nothing for a scan."""
    return [t("notify.reference", run=digest.told.run)] if closed else []


def place_words(item: Item, t: Locale) -> str:
    """Return the place of an item; an account by its pseudonym."""
    return t.word("notify.where", item.where) if item.where in (CODE, COMPANY) else item.where


def summary(item: Item, t: Locale) -> str:
    """Return the title of a ticket."""
    return t("notify.ticket.summary", title=item.title, where=place_words(item, t))


def description(subject: Subject, told: NoticeRun, t: Locale) -> list[str]:
    """Return the paragraphs of a new ticket."""
    item = subject.item
    severity = t.word("severity", item.severity)
    lines = [
        t("notify.ticket.policy", policy=item.policy, severity=severity, where=place_words(item, t)),
        _count("notify.ticket.failing", subject, told, t),
    ]
    if item.controls:
        lines.append(t("notify.ticket.controls", controls=t.few(item.controls, _CONTROLS, t("list.between"))))
    if item.page:
        lines.append(t("notify.ticket.page", run=told.run, page=item.page))
    return [*lines, t("notify.ticket.explain", policy=item.policy), t("notify.ticket.kept", label=subject.label)]


def said(event: Event, subject: Subject, told: NoticeRun, t: Locale) -> str:
    """Return the text of a comment."""
    return _count(f"notify.event.{event.value}", subject, told, t)


def omission_note(number: int, t: Locale) -> str:
    """Return the text that lines were left out."""
    return t.count("notify.more", number)


def _count(key: str, subject: Subject, told: NoticeRun, t: Locale) -> str:
    """Return a sentence with the number of failures, or without failures the number of examined resources."""
    number = subject.item.count or subject.resources
    return t.count(key, number, all=t.number(subject.resources), run=told.run, date=t.date(told.now))


def _run(key: str, told: NoticeRun, t: Locale) -> str:
    return t(key, run=told.run, date=t.date(told.now))


def _section(name: str, items: Sequence[T] | None, line: Callable[[T], str], unknown: str, t: Locale) -> Section:
    title = t.word("notify.section", name)
    if items is None:
        return Section(title, [unknown])
    return Section(title, [line(item) for item in items] or [t.word("notify.none", name)])


def _item(item: Item, t: Locale) -> str:
    return t(
        "notify.item",
        severity=t.word("severity", item.severity),
        title=item.title,
        policy=item.policy,
        where=place_words(item, t),
        resources=t.count("notify.resources", item.count),
        days=t.count("notify.days", item.days) if item.days else "",
    )
