"""The pages as people meet them: in Chromium, from a folder, with and without JavaScript, in both themes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, expect, sync_playwright

import preuve.publish.papers.html
import preuve.publish.site.html.page
from content_copy import bundled
from preuve.library.yaml.place import content_root
from preuve.model.layout import README, SUMMARY
from preuve.publish.papers.files import write_papers
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import (
    ACCOUNTS,
    CODE,
    CROSSWALK,
    FINDINGS,
    HISTORY_PAGE,
    HOME,
    LIMITS_PAGE,
    REFERENCE_PAGE,
    REGISTERS_PAGE,
    RESOURCES,
    SCOPE_PAGE,
    SOA,
    account_page,
    call_page,
    control_folder,
    control_page,
    framework_page,
    guide_page,
    page_file,
    policy_page,
    type_page,
)
from preuve.publish.site.writer import write_site
from preuve.publish.tables.registers import write_registers
from preuve.publish.words.locale import load_locale

from . import factory
from .test_site import read

KINDS = (
    HOME, framework_page("iso27001-2022"), framework_page("gdpr"), control_page("iso27001-2022", "A.8.24"),
    control_page("gdpr", "GDPR.T.RES"), FINDINGS, policy_page("s3-encrypted"), RESOURCES, type_page("AWS::S3::Bucket"),
    ACCOUNTS, account_page(factory.ACCOUNT), call_page(factory.ACCOUNT, "eu-west-3"), CODE, SCOPE_PAGE,
    REFERENCE_PAGE, SOA, CROSSWALK, guide_page("cnil-2024"),
    REGISTERS_PAGE, HISTORY_PAGE, LIMITS_PAGE,
)  # fmt: skip
PAPERS = (
    f"{SUMMARY}/management-summary", f"{SUMMARY}/audit-report",
    f"{control_folder('iso27001-2022', 'A.8.24')}/working-paper",
)  # fmt: skip
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 900}
DESKTOP = {"width": 1280, "height": 900}
SHEET, BROAD_SHEET, PAPER = 718, 1047, 665  # what an A4 page holds within its margins, in pixels of CSS


def site(language: str = "fr", **more: object) -> Site:
    """The site of the other tests, hostile names included, with the crosswalk and the guides of the catalogue."""
    made = factory.site(language, **more)  # type: ignore[arg-type]
    return replace(made, library=replace(made.library, crosswalk=bundled().crosswalk))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    factory.write_snapshot(folder)
    made = site(demonstration=True)
    write_registers(folder, made, load_locale("fr"))
    write_papers(folder, made)
    write_site(folder, made)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Watched:
    """A window in which every fault is noticed: errors, requests to other places, dialogues."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.wrong: list[str] = []
        self.page = browser.new_page()
        self._folder = folder
        self.page.on("console", lambda message: self.wrong.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._request(request.url))

    def _request(self, url: str) -> None:
        if not url.startswith(self._folder.as_uri()):
            self.wrong.append(f"request: {url}")

    def open(self, file: str) -> Page:
        """Go to a file of the bundle."""
        self.page.goto((self._folder / file).as_uri())
        return self.page


@pytest.fixture(scope="module")
def _window(browser: Browser, bundle: Path) -> Watched:
    return Watched(browser, bundle)


@pytest.fixture
def window(_window: Watched) -> Iterator[Watched]:
    """The one window of these tests, as wide as a desk's and in light colours; pages keep nothing in a browser."""
    _window.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    _window.page.emulate_media(media="null", color_scheme="null")
    _window.wrong.clear()
    yield _window
    assert _window.wrong == []


def targets(bundle: Path, links: list[str]) -> set[str]:
    """Return the files of the bundle that links lead to; each must be there."""
    found = {link: Path(unquote(urlsplit(link).path)) for link in links}
    assert [link for link, target in found.items() if not (link.startswith("file://") and target.is_file())] == []
    return {target.relative_to(bundle).as_posix() for target in found.values()}


def links(page: Page) -> list[str]:
    """Return the links of a page, those that its script has made included."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.href)")
    return found


def test_every_link_works_and_something_leads_to_every_page(bundle: Path) -> None:
    reached = set()
    files = {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*.html")}
    for path in files.values():
        reached |= targets(bundle, [urljoin(path.as_uri(), link["href"]) for link in read(path).named("a")])
    assert files.keys() - {README} - reached == set()


def test_each_page_opens_in_english_and_links_to_its_translation(window: Watched, bundle: Path) -> None:
    """In French, each is opened below."""
    for kind in (*KINDS, *PAPERS):
        page = window.open(page_file(kind, "en"))
        targets(bundle, links(page))
        assert page.evaluate("document.documentElement.lang") == "en"
        if kind in KINDS:
            other = page.get_by_role("link", name="Français", exact=True).evaluate("a => a.href")
            assert other.endswith(page_file(kind, "fr"))
            assert re.search(r"<html [^>]*lang=\"?fr\b", (bundle / page_file(kind, "fr")).read_text(encoding="utf-8"))
        assert cut_off(page, paper=kind in PAPERS) == [], kind
        page.emulate_media(media="null")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


# The text of a page and its elements with their attributes; an empty cell is hidden where cells have labels.
SEEN = """() => [document.body.innerText.replace(/\\s+/g, " "), [...document.querySelectorAll("*")].map((element) => {
    const empty = !element.children.length && !element.textContent.trim()
    const told = [...element.attributes].filter((one) => !(empty && one.name === "data-th"))
    return [element.tagName, ...told.map((one) => one.name + one.value).sort()].join(" ")})]"""


def test_a_minified_page_is_the_same_page(
    window: Watched, bundle: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path_factory.mktemp("whole")
    for module in (preuve.publish.site.html.page, preuve.publish.papers.html):
        monkeypatch.setattr(module, "small", lambda page: page)
    factory.write_snapshot(whole)
    made = site(demonstration=True)
    write_registers(whole, made, load_locale("fr"))
    for write in (write_papers, write_site):
        write(whole, made)
    pages = [
        control_page("iso27001-2022", "A.8.24"),
        policy_page("s3-encrypted"),
        HOME,
        type_page("AWS::S3::Bucket"),
        REGISTERS_PAGE,
        SOA,
    ]
    names = [*(page_file(page, "fr") for page in pages), README, f"{SUMMARY}/audit-report.fr.html"]
    for name in names:
        assert (bundle / name).stat().st_size < 0.97 * (whole / name).stat().st_size, name
        before = window.page.goto((whole / name).as_uri()) and window.page.evaluate(SEEN)
        window.wrong.clear()  # pages of another folder
        assert window.open(name).evaluate(SEEN) == before, name


def test_the_first_page_links_to_a_control_and_its_findings(window: Watched) -> None:
    page = window.open(README)
    page.get_by_role("link", name="Ouvrir la vue d'ensemble").click()
    page.get_by_role("link", name="A.8.24").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A.8.24 Utilisation de la cryptographie")
    page.locator("#policies ~ .scroll").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chiffrement")
    page.get_by_role("link", name="techstart-exports").first.click()
    assert page.url.endswith(f"{page_file(type_page('AWS::S3::Bucket'), 'fr')}#r1")


def test_a_table_is_sorted_and_filtered_with_the_keyboard(window: Watched) -> None:
    page = window.open(page_file(framework_page("iso27001-2022"), "en"))
    rows = page.locator("table.controls tbody tr")
    header = page.locator("table.controls thead th").nth(2)
    header.get_by_role("button", name="Status").focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    expect(rows.first).to_contain_text("Contradicted")
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    expect(rows.first).to_contain_text("Excluded")
    page.get_by_role("searchbox", name="Filter this table").fill("crypto A.8")
    expect(rows.locator("visible=true")).to_have_count(1)
    expect(page.locator(".filter output")).to_have_text("1 of 8 rows shown")


def test_the_first_tab_stop_skips_the_navigation(window: Watched) -> None:
    page = window.open(page_file(HOME, "en"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_search_finds_a_resource_of_any_policy(window: Watched) -> None:
    page = window.open(page_file(FINDINGS, "en"))
    rows = page.locator("#results tr")
    expect(rows).to_have_count(13)  # two of them about whole types
    expect(rows.first).to_contain_text("Root user has MFA")  # the worst first
    page.get_by_label("Words").fill("techstart-exports ENCRYPTED")
    expect(page.locator("#found")).to_have_text("1 of 13 findings")
    page.get_by_label("Words").fill("")
    page.get_by_label("Status").select_option("Not evaluated")
    expect(rows).to_have_count(3)
    page.get_by_label("Severity").select_option("low")
    expect(page.locator("#found")).to_have_text("Nothing matches.")
    page.get_by_label("Severity").select_option("any")
    rows.get_by_role("link", name="techstart-payroll").click()
    expect(page.locator("tr:target")).to_contain_text("techstart-payroll")


def test_the_search_shows_more_results_on_request(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, site("en", found=factory.many(1234)))
    page = browser.new_page()
    page.goto((tmp_path / page_file(FINDINGS, "en")).as_uri())
    rows = page.locator("#results tr")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(100)
    page.get_by_label("Words").fill("bucket-01233")
    expect(page.locator("#found")).to_have_text("1 of 1,234 findings")
    rows.get_by_role("link", name="bucket-01233").click()
    expect(page.locator("tr:target")).to_contain_text("bucket-01233")
    assert page.url.endswith(f"{page_file(type_page('AWS::S3::Bucket', 7), 'en')}#r34")
    page.close()


def test_a_hostile_name_is_displayed_literally(window: Watched) -> None:
    for file in (page_file(FINDINGS, "en"), page_file(type_page("AWS::S3::Bucket"), "fr")):
        page = window.open(file)
        expect(page.get_by_text(factory.HOSTILE).first).to_be_visible()
        assert page.locator("img").count() == 0


def test_a_finding_links_to_its_call(window: Watched) -> None:
    page = window.open(page_file(policy_page("s3-encrypted"), "en"))
    page.get_by_role("link", name="GetBucketEncryption").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded calls")
    expect(page.locator("tr:target")).to_contain_text("REQ-17")


def test_without_javascript_a_page_shows_the_same(browser: Browser, bundle: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    for kind in (*KINDS, *PAPERS):
        page.goto((bundle / page_file(kind, "fr")).as_uri())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("input, select, button").locator("visible=true")).to_have_count(0)
        expect(page.locator("main > section:not(#search) > .scroll > table").locator("visible=false")).to_have_count(0)
    page.close()


def test_details_open_without_javascript_and_are_printed_open(browser: Browser, bundle: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((bundle / page_file(control_page("gdpr", "GDPR.32.1.a"), "fr")).as_uri())
    folded = page.locator("#to-see ~ details table")
    assert folded.count() > 1
    expect(folded.locator("visible=true")).to_have_count(0)
    page.locator("#to-see ~ details > summary").first.click()
    expect(folded.first).to_be_visible()
    page.emulate_media(media="print")
    expect(folded.locator("visible=true")).to_have_count(folded.count())
    page.close()


@pytest.mark.parametrize("kind", [*KINDS, *PAPERS, README])
def test_a_page_suits_every_screen_and_axe_finds_no_violation(window: Watched, bundle: Path, kind: str) -> None:
    """Not in what is folded either; a finger misses no link on any screen; of a dark page only the colours are others.

    A phone shows it without horizontal scrolling.
    """
    window.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page = window.open(kind if kind == README else page_file(kind, "fr"))
    targets(bundle, links(page))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    aside = "scroll => scroll.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"
    assert page.locator(".scroll").evaluate_all(aside) == []
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate(BROKEN_REGIONS) == []
    strengths = page.locator(".linked tbody th span").evaluate_all(
        "all => all.map(one => one.checkVisibility() ? one.innerText : '')"
    )
    assert all(strengths) and len(strengths) == page.locator(".linked tbody th").count()
    for screen in (PHONE, TABLET):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert violations(page, runOnly=["target-size"]) == "", screen
    assert kind not in PAPERS or page.evaluate(BROKEN_WORDS) == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert violations(page, rules={"target-size": {"enabled": True}}) == ""
    assert page.evaluate(BROKEN_WORDS) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=OF_COLOURS) == ""
    assert cut_off(page, paper=kind in PAPERS) == []


# What a cell may hold that no line of a table does: names of code, ARNs.
LENGTHENED = """() => document.querySelectorAll("tbody td:not(.number, .nb, .id, .tally td), tbody th").forEach(
    (cell) => cell.append(" aws_s3_bucket_server_side_encryption_configuration_of_a_module_with_a_long_name"))"""
WIDER = """() => [...document.querySelectorAll("table")].filter((one) => one.checkVisibility()
    && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((one) => `${innerWidth}: ${one.innerText.slice(0, 80)}`)"""
BROAD = "getComputedStyle(document.body).page === 'broad'"


def cut_off(page: Page, *, paper: bool) -> list[str]:
    """Return the tables that are wider than a desk's screen or their sheet of paper, whatever is in their cells."""
    page.evaluate(LENGTHENED)
    found: list[str] = page.evaluate(WIDER)
    page.emulate_media(media="print")
    broad = page.evaluate(BROAD)
    page.set_viewport_size({"width": PAPER if paper else BROAD_SHEET if broad else SHEET, "height": 900})
    return [*found, *page.evaluate(WIDER)]


OF_COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, **options: object) -> str:
    """Return what axe says of a page, into which it is put once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"preload": False, "resultTypes": ["violations"], **options}  # of what passes, axe would tell each element
    found = AxeResults(page.evaluate("options => axe.run(options)", asked))
    return found.generate_report() if found.violations_count else ""


# Names of regions that are broken over two lines; within an ARN or an id they may be separated.
BROKEN_REGIONS = r"""() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.checkVisibility() || text.parentElement.closest("script, style, code")) continue;
    for (const name of text.data.matchAll(/(?<![\w.:\/-])[a-z]{2}(?:-[a-z]+)+-\d(?![\w.:\/-])/g)) {
      const range = document.createRange();
      range.setStart(text, name.index);
      range.setEnd(text, name.index + name[0].length);
      if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) found.push(name[0]);
    }
  }
  return found;
}"""

# Words of only letters that are broken over two lines; parts of names (a path, an ARN) may be separated.
BROKEN_WORDS = r"""() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.checkVisibility() || text.parentElement.closest("script, style")) continue;
    for (const word of text.data.matchAll(/[\p{L}’']{3,}/gu)) {
      const before = text.data[word.index - 1] || " ", after = text.data[word.index + word[0].length] || " ";
      if (word[0].length > 30) continue; // no line of a phone holds it
      if (/[\w.:\/@-]/.test(before) || /[\w\/@:_-]/.test(after)) continue;
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      const lines = new Set(boxes.map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


def test_printed_pages_have_neither_navigation_nor_filters(window: Watched) -> None:
    page = window.open(page_file(FINDINGS, "fr"))
    page.emulate_media(media="print")
    expect(page.locator("nav, .filter, input, #more").locator("visible=true")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_management_summary_prints_on_one_page(window: Watched) -> None:
    for language in ("en", "fr"):
        page = window.open(page_file(PAPERS[0], language))
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


WORKER = """self.onmessage = (event) => {
  event.data.words = "";
  self.postMessage(event.data);
  event.data.words = "changed after it was sent";
};"""
ASKS = """() => new Promise((done) => {
  const worker = new Worker("worker-of-theirs.js"), asked = { words: "encryption" }, heard = [];
  worker.onmessage = (event) => {
    heard.push(event.data.words);
    if (heard.length === 2) done([heard, asked.words, said]);
  };
  worker.postMessage(asked);
  asked.words = "encryption at rest";
  worker.postMessage(asked);
  const said = heard.length;
})"""


def test_the_search_of_the_documentation_in_a_folder_cannot_change_what_is_typed(
    browser: Browser, tmp_path: Path
) -> None:
    """Its worker is a frame there: what it is sent it may change, as a worker may, and answers come later, in order."""
    shutil.copy(content_root() / "tools/site/worker.js", tmp_path)
    (tmp_path / "worker-of-theirs.js").write_text(WORKER, encoding="utf-8")
    (tmp_path / "page.html").write_text('<script src="worker.js"></script><body>', encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate(ASKS) == [["", ""], "encryption at rest", 0]
    page.close()
