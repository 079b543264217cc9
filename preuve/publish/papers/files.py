"""Writes the papers: in every language as HTML, the summary and the report also as PDF.

The PDF in the language of the workspace has no language in its name.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from preuve.library.yaml.place import languages
from preuve.model.layout import SUMMARY
from preuve.model.results import ControlResult, FindingStatus, by_resource
from preuve.publish.papers.document import Document
from preuve.publish.papers.html import Link, Sheets
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.pdf import write_pdfs
from preuve.publish.papers.report import audit_report
from preuve.publish.papers.sample import Sample, draw, key
from preuve.publish.papers.working_paper import WorkingPapers, method
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import PAPER_SHEET, control_folder, relative
from preuve.publish.site.views import Facts, ListingView
from preuve.publish.tables.bundle import Table, table_bytes
from preuve.publish.tables.sheets import Cell
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import place_name, relative_file
from preuve.publish.words.text import one_line

_PAPERS: tuple[tuple[str, Callable[[Site, Locale], Document]], ...] = (
    ("management-summary", management_summary),
    ("audit-report", audit_report),
)
WORKING = "working-paper"


def write_papers(bundle: Path, site: Site) -> None:
    """Write the summary, the report, and a working paper with its tables for each control."""
    _Writer(bundle, site).write()


class _Writer:
    """Writes papers below one bundle."""

    def __init__(self, bundle: Path, site: Site) -> None:
        self._bundle = bundle
        self._site = site
        self._sheets = Sheets()
        self._index = Facts(site)
        self._organisation = one_line(site.workspace.organisation)
        self._locales = {name: load_locale(name) for name in languages()}
        self._own = self._locales[site.workspace.language]

    def write(self) -> None:
        """Write everything, folder by folder."""
        folder = self._bundle / SUMMARY
        folder.mkdir(parents=True, exist_ok=True)
        (self._bundle / PAPER_SHEET).write_text(self._sheets.style, encoding="utf-8")
        printed: dict[Path, Document] = {}
        for name, build in _PAPERS:
            for language, locale in self._locales.items():
                paper = build(self._site, locale)
                self._html(folder, name, paper, locale)
                ending = "pdf" if locale is self._own else f"{language}.pdf"
                printed[folder / f"{name}.{ending}"] = paper
        write_pdfs(printed, self._organisation)
        papers = {name: WorkingPapers(self._site, self._index, locale) for name, locale in self._locales.items()}
        for result in self._site.assessment.controls:
            drawn = draw(papers[self._own.language].findings(result), f"{result.control}@{self._site.assessment.now}")
            folder = self._bundle / control_folder(result.framework, result.control)
            folder.mkdir(parents=True, exist_ok=True)
            for name, locale in self._locales.items():
                self._html(folder, WORKING, papers[name].paper(result, drawn), locale)
            if result.policies:
                (folder / "population.csv").write_bytes(self._population(result, papers[self._own.language]))
                (folder / "sample.csv").write_bytes(self._sample(drawn))

    def _html(self, folder: Path, name: str, paper: Document, locale: Locale) -> None:
        others: list[Link] = [
            (f"{name}.{language}.html", locale(f"site.language.{language}"), language)
            for language in self._locales
            if language != locale.language
        ]
        path = folder / f"{name}.{locale.language}.html"
        sheet = relative(PAPER_SHEET, path.relative_to(self._bundle).as_posix())
        path.write_bytes(self._sheets.render(paper, self._organisation, locale, others, sheet))

    def _population(self, result: ControlResult, papers: WorkingPapers) -> bytes:
        """Return the listings that gave the population, then the judged resources, by policy, type and place."""
        t = self._own
        counts: dict[tuple[str, str, str, str], dict[FindingStatus, int]] = {}
        for item in by_resource(papers.findings(result)):  # in a population every resource counts
            place = (item.policy, item.place.type, item.place.account or item.place.root, item.place.region)
            by_status = counts.setdefault(place, {})
            by_status[item.status] = by_status.get(item.status, 0) + 1
        listed = {(item.type, item.account, item.region): item for item in papers.population(result)}
        rows: list[list[Cell]] = []
        for place, by_status in sorted(counts.items()):
            listing = listed.get(place[1:])
            numbers = [by_status.get(status, 0) for status in FindingStatus]
            read = _read(listing, t) if listing else ["", ""]
            other = self._site.seconds.get(place[1]) if listing else None
            counted: list[Cell] = [other.listed, other.count, other.source] if other else ["", "", ""]
            rows.append([*place, *read, *counted, *numbers])
        columns = ("site.col.policy", "site.col.type", "paper.account_or_code", "site.col.region", "site.col.found")
        second = ("paper.listed_in_all", "paper.counted_in_all", "paper.counted_by")
        keys = (*columns, "site.col.pagination", *second, *(f"finding.{status}" for status in FindingStatus))
        return table_bytes(Table("paper.population", tuple((name, 12) for name in keys), rows), self._site, t)

    def _sample(self, drawn: Sample) -> bytes:
        """Return the sample with empty columns for the auditor's observations."""
        t = self._own
        rows: list[list[Cell]] = [
            [
                number,
                place_name(place),
                place.type,
                place.account,
                place.region,
                relative_file(place.file),
                ", ".join(f"{name}{t('site.colon')} {t.word('finding', status)}" for name, status in verdicts.items()),
                "",
                "",
                key(place),
                method(drawn, t) if number == 1 else "",
            ]
            for number, (place, verdicts) in enumerate(drawn.resources, start=1)
        ]
        place = ("site.col.resource", "site.col.type", "site.col.account", "site.col.region", "table.file")
        keys = ("table.id", *place, "paper.verdicts", "paper.seen", "paper.remark", "paper.key", "paper.method")
        return table_bytes(Table("site.paper.sample", tuple((name, 12) for name in keys), rows), self._site, t)


def _read(listing: ListingView, t: Locale) -> list[Cell]:
    """Return the number of listed resources, and whether the listing was complete; unknown if there was none."""
    if listing.unread and not listing.count:
        return ["", t("paper.not_read")]
    return [listing.count, t.word("pagination", listing.pagination)]
