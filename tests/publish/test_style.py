"""Of a sheet a page has the rules that it uses: no more would change how it looks, and much less is carried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import soupsieve
from bs4 import BeautifulSoup

from preuve.library.yaml.place import content_root
from preuve.publish.papers.files import write_papers
from preuve.publish.site.style import Sheet
from preuve.publish.site.writer import write_site

from . import factory

ASSETS = content_root() / "reports" / "assets"
STATES = re.compile(r"::?(before|after|hover|focus|focus-visible|details-content|marker|first-line|print|target)\b")
PAPERS = ("working-paper", "management-summary", "audit-report")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("style")
    made = factory.site("fr", demonstration=True)
    write_papers(path, made)
    write_site(path, made)
    return path


def selectors(sheet: str) -> set[str]:
    """Every selector of a sheet, at-rules opened."""
    inner = re.sub(r"@(media|supports)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\}", r"\2", sheet)
    heads = re.findall(r"([^{}]+)\{[^{}]*\}", inner)
    return {one for head in heads if not head.startswith("@") for one in re.split(r",(?![^(]*\))", head)}


@pytest.mark.parametrize("name", ["site", "paper"])
def test_a_page_has_every_rule_that_holds_for_something_on_it(folder: Path, name: str) -> None:
    everything = "<body>" + "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))
    sheet = Sheet(ASSETS / f"{name}.css")
    whole = selectors(str(sheet.of(everything + every_name(name)).text))
    pages = [path for path in sorted(folder.rglob("*.html")) if path.name.startswith(PAPERS) == (name == "paper")]
    missing = {}
    for path in pages[::7]:
        text = path.read_text(encoding="utf-8")
        found = STYLE.search(text)
        assert found is not None
        own, soup = selectors(found[1]), BeautifulSoup(text, "html.parser")
        for selector in whole - own:
            plain = STATES.sub("", selector) or "*"
            if soupsieve.select_one(re.sub(r"(^|[\s>+~])(?=$|[\s>+~])", r"\1*", plain), soup):
                missing[path.name, selector] = plain
    assert missing == {}


def every_name(name: str) -> str:
    """A text that has every tag, class and id that the sheet names."""
    text = (ASSETS / f"{name}.css").read_text(encoding="utf-8")
    classes = " ".join(re.findall(r"\.([A-Za-z][\w-]*)", text))
    ids = "".join(f'<i id="{one}">' for one in re.findall(r"#([A-Za-z][\w-]*)", text))
    tags = "".join(f"<{one}>" for one in set(re.findall(r"\b([a-z][a-z0-9]*)\b", text)))
    return f'<i class="{classes}">{ids}{tags}'


def test_a_page_carries_less_than_the_sheet(folder: Path) -> None:
    for pages, most in (("policies/*.html", 5000), ("working-paper.*.html", 2600)):
        sizes = [len(STYLE.search(path.read_text(encoding="utf-8"))[1]) for path in folder.rglob(pages)]  # type: ignore[index]
        assert sizes and max(sizes) < most, pages


def test_what_a_script_makes_is_styled(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text(".filter{color:red}\noutput, .never{color:blue}\np:not(.x){color:green}")
    sheet = Sheet(tmp_path / "a.css")
    assert str(sheet.of("<p>").text) == "p:not(.x){color:green}"
    script = 'const a = document.createElement("output"); a.className = "filter";'
    assert ".filter{color:red}output{color:blue}" in str(sheet.of("<p>", [script]).text)
