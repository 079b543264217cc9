"""The head and foot of every paper: organisation, date, scope, and the statement that it is not a certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from preuve.model.company.code import IacRoot
from preuve.publish.site.accounts import NOT_READ, PARTLY, READ, AccountRow, account_rows, left_out, several
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

_NAMED = 10  # accounts that are named


def mark(site: Site, t: Locale) -> str:
    """Return the mark of a demonstration, if it is one."""
    return f"{t('site.demonstration')} · {t('site.demonstration_means')}" if site.demonstration else ""


def subtitle(site: Site, t: Locale) -> str:
    """Return when the evidence was read and when it was judged."""
    return t("paper.as_of", read=t.span(*site.read_during), date=t.date(site.assessment.now))


def foot(site: Site, t: Locale) -> str:
    """Return the program that wrote the paper, and its source."""
    return t("site.footer", date=t.date(site.assessment.now), version=site.meta.preuve)


def scope(site: Site, t: Locale) -> Iterator[tuple[str, str]]:
    """Yield the accounts, regions and code that were in scope, and which of them gave no answer."""
    workspace = site.workspace
    yield t("site.index.accounts"), _accounts(site, t) or t("site.none")
    yield (
        t("site.index.regions"),
        ", ".join(_region(name, site, t) for name in workspace.regions) or t("site.none_feminine"),
    )
    yield t("site.index.code"), ", ".join(_root(item, t) for item in workspace.iac) or t("site.none")


def account_counts(rows: Sequence[AccountRow], t: Locale) -> Iterator[str]:
    """Yield the numbers of accounts that are known, that were read, and that were left out."""
    states = Counter(row.state for row in rows)
    yield t.count("site.accounts.known", len(rows))
    counts = {name: t.number(states[name]) for name in (READ, PARTLY, NOT_READ)}
    yield t("site.accounts.counts", scope=t.number(sum(row.in_scope for row in rows)), **counts)
    for state, number in left_out(rows).items():
        yield t.count(f"site.accounts.left_out.{state}", number)


def _accounts(site: Site, t: Locale) -> str:
    """Return the accounts, as many as a line holds; their page has the others."""
    partly = {row.id for row in account_rows(site) if row.state == PARTLY} if several(site) else set()
    words = dict.fromkeys(site.regions.unheard, t("site.scope.no_answer"))
    gaps = dict.fromkeys(partly, t("site.scope.read_in_part")) | words
    shown = sorted(
        site.workspace.accounts, key=lambda item: (item.id not in words, item.id not in gaps)
    )  # never cut off first
    return t.some([_account(item.name, item.id, gaps.get(item.id, "")) for item in shown], _NAMED)


def _account(name: str, number: str, gap: str) -> str:
    """Return an account, and what is missing of it."""
    told = [one_line(name), f"({number})" if name != number else ""]
    return " ".join(filter(None, (*told, gap)))


def _region(name: str, site: Site, t: Locale) -> str:
    """Return a region, and the number of accounts in which it gave no answer."""
    silent = site.regions.silent_in(name)
    if not silent:
        return name
    some = silent < len(site.workspace.accounts)
    return f"{name} {t.count('site.scope.no_answer_in', silent) if some else t('site.scope.no_answer')}"


def _root(item: IacRoot, t: Locale) -> str:
    path = t("site.code.root") if item.path == "." else one_line(item.path)
    return f"{path} ({t.word('code_kind', item.kind)})"
