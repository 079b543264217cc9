"""Writes the pages of a bundle, each in every language, and its first page in the language of the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from preuve.library.yaml.place import languages
from preuve.model.content import title_of
from preuve.model.layout import DATA, README
from preuve.model.results import FindingStatus
from preuve.publish.pages.calls import call_pages
from preuve.publish.pages.context import Context, Leaf, Part
from preuve.publish.pages.findings import account_pages, code_pages, findings_page, policy_pages, resource_pages
from preuve.publish.pages.frameworks import control_pages, framework_pages
from preuve.publish.pages.home import home_pages, readme
from preuve.publish.pages.reference import reference_pages, soa_page
from preuve.publish.pages.registers import history_pages, limit_pages, register_pages
from preuve.publish.site.facts import Site
from preuve.publish.site.html.page import Pages
from preuve.publish.site.paths import (
    ACCOUNTS,
    CODE,
    FINDINGS,
    HISTORY_PAGE,
    HOME,
    ISO_FRAMEWORK,
    LIMITS_PAGE,
    REFERENCE_PAGE,
    REGISTERS_PAGE,
    RESOURCES,
    SCOPE_PAGE,
    SHEET,
    SOA,
    framework_page,
    page_file,
)
from preuve.publish.site.views import Facts
from preuve.publish.tables.manual import register_changed
from preuve.publish.words.attestations import set_aside
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import titles

PARTS: Sequence[Part] = (
    home_pages, framework_pages, control_pages, findings_page, policy_pages, resource_pages, account_pages, call_pages,
    code_pages, soa_page, reference_pages, register_pages, history_pages, limit_pages,
)  # fmt: skip


def write_site(folder: Path, site: Site) -> None:
    """Write every page below `folder`; the bytes depend on the input and on the names of the files there.

    Papers and tables are written first, so that the pages can link to the existing ones.
    """
    templates, facts, files = Pages(), Facts(site), _files(folder / DATA)
    (folder / DATA).mkdir(parents=True, exist_ok=True)
    (folder / SHEET).write_text(templates.sheet, encoding="utf-8")
    known = languages()
    first = site.workspace.language if site.workspace.language in known else known[0]
    for language in known:
        context = Context(facts, load_locale(language), files)
        writer = _Writer(folder, templates, context)
        for part in PARTS:
            for leaf in part(context):
                writer.write(leaf)
        if language == first:
            writer.write(readme(context), README)


def _files(data: Path) -> dict[str, list[str]]:
    """Return the names of the papers and tables in each folder, by path from the bundle's root."""
    return {
        f"{DATA}/{Path(base).relative_to(data).as_posix()}": sorted(names) for base, _, names in os.walk(data) if names
    }


class _Writer:
    """Writes the pages of one language."""

    def __init__(self, folder: Path, templates: Pages, context: Context) -> None:
        self._folder = folder
        self._templates = templates
        self._locale = context.locale
        self._shared = {
            **_shared(context.facts),
            "titles": titles(context.site.library, context.locale.language),
            "nav": list(_navigation(context.facts, context.locale)),
        }

    def write(self, leaf: Leaf, file: str = "") -> None:
        """Write a page to its own file, or to another one."""
        values = {**self._shared, "section": leaf.section, **leaf.values}
        text = self._templates.render(leaf.template, leaf.page, self._locale, values, file)
        path = self._folder / (file or page_file(leaf.page, self._locale.language))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))


def _shared(facts: Facts) -> dict[str, Any]:
    site = facts.site
    return {
        "assessment": site.assessment,
        "library": site.library,
        "workspace": site.workspace,
        "meta": site.meta,
        "demonstration": site.demonstration,
        "facts": facts,
        "statuses": list(FindingStatus),
        "attestations": {item.id: item for item in site.workspace.attestations},
        "set_aside": lambda item, t: set_aside(item, site, t),
        "registers": {item.name: item for item in site.workspace.registers},
        "register_changed": lambda register, result: register_changed(register, result, site.workspace.attestations),
    }


def _navigation(facts: Facts, locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield the words and the pages of the navigation."""
    yield locale("site.nav.index"), HOME
    for name in facts.frameworks:
        framework = facts.site.library.frameworks.get(name)
        title = title_of(framework, locale.language, name)
        yield locale.word("site.nav", name) if locale.has(f"site.nav.{name}") else title, framework_page(name)
    yield locale("site.nav.findings"), FINDINGS
    yield locale("site.nav.resources"), RESOURCES
    yield locale("site.nav.accounts"), ACCOUNTS
    yield locale("site.nav.code"), CODE
    if ISO_FRAMEWORK in facts.frameworks:
        yield locale("site.nav.soa"), SOA
    yield locale("site.nav.registers"), REGISTERS_PAGE
    yield locale("site.nav.history"), HISTORY_PAGE
    yield locale("site.nav.scope"), SCOPE_PAGE
    yield locale("site.nav.reference"), REFERENCE_PAGE
    yield locale("site.nav.limits"), LIMITS_PAGE
