"""The head and foot of every paper: organisation, date, scope, and the statement that it is not a certificate."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.company.code import IacRoot
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

_NAMED = 10  # accounts that are named


def mark(site: Site, t: Locale) -> str:
    """Return the mark of a demonstration, if it is one."""
    return f"{t('site.demonstration')} · {t('site.demonstration_means')}" if site.demonstration else ""


def subtitle(site: Site, t: Locale) -> str:
    """Return the date of the evidence."""
    return t("paper.as_of", date=t.date(site.assessment.now))


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


def _accounts(site: Site, t: Locale) -> str:
    """Return the accounts, as many as a line holds; their page has the others."""
    unheard = site.regions.unheard
    shown = sorted(site.workspace.accounts, key=lambda item: item.id not in unheard)  # these are never cut off first
    return t.some([_account(item.name, item.id, site, t) for item in shown], _NAMED)


def _account(name: str, number: str, site: Site, t: Locale) -> str:
    """Return an account, and whether it gave no answer."""
    told = [one_line(name), f"({number})" if name != number else ""]
    return " ".join(filter(None, (*told, t("site.scope.no_answer") if number in site.regions.unheard else "")))


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
