"""All pages of a bundle share one style sheet, and all papers another: minified, in the bundle."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.library.yaml.place import content_root
from preuve.publish.papers.document import Document
from preuve.publish.papers.files import write_papers
from preuve.publish.papers.html import Sheets
from preuve.publish.site.html.minification import small
from preuve.publish.site.paths import PAPER_SHEET, SHEET
from preuve.publish.site.writer import write_site
from preuve.publish.words.locale import load_locale

from . import factory

ASSETS = content_root() / "reports" / "assets"
LINK = re.compile(r"<link rel=stylesheet href=([^>]+)>")
PAPERS = ("working-paper", "management-summary", "audit-report")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("style")
    made = factory.site("fr", demonstration=True)
    write_papers(path, made)
    write_site(path, made)
    return path


def test_each_page_links_the_style_sheet_of_its_kind_and_has_no_own_style(folder: Path) -> None:
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 30
    for path in pages:
        text = path.read_text(encoding="utf-8")
        (found,) = LINK.findall(text)
        wanted = PAPER_SHEET if path.name.startswith(PAPERS) else SHEET
        assert (path.parent / found).resolve() == (folder / wanted).resolve(), path
        assert "<style" not in text and "style-src 'self' file:;" in text


class _Labelled(HTMLParser):
    """Collects what is in each cell that has a label: its text, and a sign for each element."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th", "tr", "tbody"):
            self._inside = tag == "td" and "data-th" in dict(attrs)
            if self._inside:
                self.texts.append("")
        elif self._inside:
            self.texts[-1] += "<"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def test_only_cells_that_a_narrow_screen_shows_have_a_label(folder: Path) -> None:
    labelled = _Labelled()
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<td[^<>]*zero[^<>]* data-th=", text), path
        labelled.feed(text)
    assert len(labelled.texts) > 100
    assert all(labelled.texts)


@pytest.mark.parametrize(("name", "sheet"), [("site", SHEET), ("paper", PAPER_SHEET)])
def test_a_style_sheet_is_minified_and_loads_nothing(folder: Path, name: str, sheet: str) -> None:
    small = (folder / sheet).read_text(encoding="utf-8")
    whole = (ASSETS / f"{name}.css").read_text(encoding="utf-8")
    assert len(small) < 0.9 * len(whole)
    assert small.count("{") == re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL).count("{")
    assert "url(" not in small and "@import" not in small


@pytest.mark.parametrize("name", ["site", "paper"])
def test_every_class_of_a_sheet_is_used_somewhere(name: str) -> None:
    sheet = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "{", (ASSETS / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    used = " ".join(
        path.read_text(encoding="utf-8")
        for path in (*(content_root() / "reports" / "templates").glob("*.html"), *ASSETS.glob("*.js"))
    )
    parts = {one.split("-")[0] for one in re.findall(r"\.([A-Za-z][\w-]*)", sheet)}
    assert [one for one in sorted(parts) if not re.search(rf"\b{one}\b", used)] == []


def test_a_single_paper_contains_its_style() -> None:
    page = Sheets().render(Document("fr", "Titre", "", "2026-11-24", "", "", []), "Acme", load_locale("fr")).decode()
    assert "<link" not in page and "<style>" in page and "style-src 'sha256-" in page


class _Told(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[object] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text("&;#x1alt<> \"'", max_size=12))
def test_a_smaller_page_says_the_same(text: str) -> None:
    page = f'<p title="{escape(text)}">a{escape(text)}a</p><pre>{escape(text)}</pre>'
    whole, made = _Told(page), _Told(small(page))
    assert (made.tags, made.text) == (whole.tags, whole.text)
