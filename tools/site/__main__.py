"""The steps of `make docs` around the builder of the site.

`python -m tools.site source FOLDER` writes the sources of the site into FOLDER/site-source, and its configuration.
`python -m tools.site offline FOLDER` removes from the pages of FOLDER/site all requests to other servers. If SITE_URL
has the address at which the site will be published, the page for missing addresses links to its first page, and there
is a list of the pages for search engines; without it there is neither.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import yaml

from preuve.library.load import load_library
from preuve.library.yaml.place import content_root
from preuve.publish.words.locale import load_locale
from tools.catalogue import checked_rules
from tools.site.reference import Reference

LANGUAGES = ("en", "fr")
_HERE = Path(__file__).parent
# The builder's words that a reader sees or hears: between tags, in attributes, and in scripts.
_WORD = re.compile(r'((?:>|"[\w.]+":"|(?:aria-label|title|placeholder)=")\s*)([#\w][#\w ]*?)(\s*[<"])')
# A block of code, or a file of `docs/` that is named outside of one.
_NAMED = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)|`docs/([\w/-]+\.md)`", re.MULTILINE | re.DOTALL)
_THEIRS = "https://unpkg.com/iframe-worker/shim"
_TEXTS = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


def pages() -> Iterator[tuple[str, str]]:
    """Yield (file, Markdown) of each page that is made from the content, `<language>/<kind>/<id>.md`."""
    library = load_library()
    rules = checked_rules(library)
    words = _words()
    for language in LANGUAGES:
        reference = Reference(library, rules, load_locale(language), words[language])
        for name, text in reference.pages():
            yield f"{language}/{name}", text


def source(target: Path) -> None:
    """Write the texts of the checkout, the pages of the content, and the configuration of the builder."""
    root, texts = content_root(), target / "site-source"
    shutil.rmtree(texts, ignore_errors=True)
    shutil.copytree(root / "docs", texts)
    for name in _TEXTS:
        shutil.copy(root / name, texts / name)
    readme = (root / "README.md").read_text(encoding="utf-8")
    (texts / "index.md").write_text(readme.replace("](docs/", "]("), encoding="utf-8")
    for name, text in pages():
        path = texts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in texts.rglob("*.md"):
        path.write_text(linked(path.read_text(encoding="utf-8"), path.relative_to(texts).parent), encoding="utf-8")
    shutil.copy(_HERE / "mkdocs.yml", target / "mkdocs.yml")


def linked(text: str, folder: Path) -> str:
    """Return a text of `folder` in which names of files of `docs/` are links to their pages."""

    def link(found: re.Match[str]) -> str:
        name = found[1]
        return f"[`{name}`]({Path(os.path.relpath(name, folder)).as_posix()})" if name else found[0]

    return _NAMED.sub(link, text)


def _words() -> dict[str, Any]:
    """Return the words of the site, by language."""
    found: dict[str, Any] = yaml.safe_load((_HERE / "words.yaml").read_text(encoding="utf-8"))
    return found


def _around(page: str, language: str, words: Mapping[str, Any]) -> str:
    """Return a page with the builder's own words in its language; the article of the page stays unchanged."""
    own: Mapping[str, str] = words.get("theme") or {}
    if not own:
        return page
    page = page.replace('<html lang="en"', f'<html lang="{language}"', 1)

    def word(found: re.Match[str]) -> str:
        return f"{found[1]}{own.get(found[2], found[2])}{found[3]}"

    before, article, rest = page.partition("<article")
    text, end, after = rest.partition("</article>")
    text = text.replace('title="Permanent link"', f'title="{own["Permanent link"]}"')
    return f"{_WORD.sub(word, before)}{article}{text}{end}{_WORD.sub(word, after)}"


def offline(target: Path, address: str = "") -> None:
    """Replace the one script that the builder takes from elsewhere with ours, and what needs the site's address."""
    site = target / "site"
    (site / "404.html").unlink(missing_ok=True)
    shutil.copy(_HERE / "worker.js", site / "assets" / "worker.js")
    for page in site.rglob("*.html"):
        ours = os.path.relpath(site / "assets" / "worker.js", page.parent)
        text = page.read_text(encoding="utf-8").replace(_THEIRS, ours)
        language = page.relative_to(site).parts[0]
        page.write_text(_around(text, language, _words().get(language, {})), encoding="utf-8")
    (site / "404.html").write_text(_missing(address), encoding="utf-8")
    _map(site, address)


def _missing(address: str) -> str:
    """Return the page that a server shows at any missing address: it needs no other file, and works at any path."""
    home = {"en": "Start from the first page", "fr": "Partez de la première page"}
    page = (_HERE / "missing.html").read_text(encoding="utf-8")
    for language, said in home.items():
        link = f' <a href="{escape(address, {chr(34): "&quot;"})}">{said}</a>.' if address else ""
        page = page.replace(f"{{home_{language}}}", link)
    return page


def _map(site: Path, address: str) -> None:
    """Write the list of the pages for search engines; none without an address, because an empty list would mean that
    there are no pages.
    """
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (site / name).unlink(missing_ok=True)
    if not address:
        return
    pages_ = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path.name != "404.html")
    lines = [f"<url><loc>{escape(address.rstrip('/'))}/{escape(quote(name))}</loc></url>" for name in pages_]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    (site / "sitemap.xml").write_text("\n".join([head, *lines, "</urlset>", ""]), encoding="utf-8")


if __name__ == "__main__":
    where = Path(sys.argv[2])
    if sys.argv[1] == "source":
        source(where)
    else:
        offline(where, os.environ.get("SITE_URL", ""))
