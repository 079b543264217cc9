"""The pages of the documentation that are made from the content."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from preuve.library.load import load_library
from tools.site.__main__ import LANGUAGES, linked, offline, pages, source
from tools.site.markdown import fenced, prose
from tools.site.reference import file_name

AROUND = """<html lang="en" class="x"><a>
  Skip to content
</a><div aria-label="Search"></div><article><p>\n Search </p></article>
<script>{"search.result.none":"No matching documents"}</script></html>"""
LINK = re.compile(r"\]\(([^)#]+\.md)\)")


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return dict(pages())


def test_each_policy_control_evidence_and_type_has_a_page_in_each_language(written: dict[str, str]) -> None:
    library = load_library()
    controls = [control.id for framework in library.frameworks.values() for control in framework.controls]
    kinds = {
        "policies": library.policies,
        "controls": controls,
        "evidence": library.evidence,
        "resources": library.types,
    }
    wanted = {
        f"{language}/{kind}/{file_name(name)}" for language in LANGUAGES for kind in kinds for name in kinds[kind]
    }
    assert len(wanted) == len(LANGUAGES) * sum(map(len, kinds.values()))
    assert wanted == {name for name in written if not name.endswith("/index.md")}


def test_every_link_leads_to_a_page(written: dict[str, str]) -> None:
    for name, text in written.items():
        for target in LINK.findall(text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) in written, (name, target)


def test_every_page_is_in_the_list_of_its_kind(written: dict[str, str]) -> None:
    for name in written:
        folder, _, file = name.rpartition("/")
        assert file == "index.md" or f"]({file})" in written[f"{folder}/index.md"], name


def test_the_page_of_a_policy_explains_fix_permissions_and_controls(written: dict[str, str]) -> None:
    for language, said in {"en": "How to fix it", "fr": "Comment corriger"}.items():
        page = written[f"{language}/policies/s3-tls-only.md"]
        for part in (
            f"## {said}",
            "`s3:GetBucketPolicy`",
            "(../controls/A.8.24.md)",
            "```yaml\nBucket:",
            "no policy",
        ):
            assert part in page, (language, part)


def test_a_french_page_cites_articles_as_french_readers_do_and_marks_what_is_english(written: dict[str, str]) -> None:
    page = written["fr/policies/s3-tls-only.md"]
    assert re.search(r"\[RGPD, art\. [\d.a-z]+\]\(\.\./controls/GDPR", page)
    assert '| <span lang="en">no policy</span> |' in page and "| no policy |" in written["en/policies/s3-tls-only.md"]
    shown = re.compile(r"\[`?GDPR\.")
    assert [name for name in written if name.startswith("fr/policies/") and shown.search(written[name])] == []


def test_what_depends_on_the_address_of_the_site_is_right_or_not_there(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    for name in ("index.html", "404.html", "en/policies/a b.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(
            '<html lang="en"><link href="/assets/x.css"><a href="/index.html"></a></html>', "utf-8"
        )
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (site / name).write_text("<urlset></urlset>", "utf-8")
    offline(tmp_path)
    missing = (site / "404.html").read_text("utf-8")
    assert re.findall(r"(?:href|src)=", missing) == [], "it is served at any address, so that nothing relative leads on"
    assert not list(site.glob("sitemap*"))
    offline(tmp_path, "https://acme.github.io/preuve/")
    missing = (site / "404.html").read_text("utf-8")
    assert set(re.findall(r'(?:href|src)="([^"]+)"', missing)) == {"https://acme.github.io/preuve/"}
    listed = re.findall("<loc>(.+?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    assert listed == [f"https://acme.github.io/preuve/{name}" for name in ("en/policies/a%20b.html", "index.html")]


def test_the_words_around_a_french_page_are_french(tmp_path: Path) -> None:
    page = tmp_path / "site/fr/policies/x.html"
    for path in (page, tmp_path / "site/en/x.html"):
        path.parent.mkdir(parents=True)
        path.write_text(AROUND, encoding="utf-8")
    (tmp_path / "site/assets").mkdir()
    offline(tmp_path)
    assert (tmp_path / "site/en/x.html").read_text(encoding="utf-8") == AROUND
    text = page.read_text(encoding="utf-8")
    for word in ("Aller au contenu", 'aria-label="Rechercher"', '":"Aucun document trouvé"', 'lang="fr" class'):
        assert word in text
    assert "<p>\n Search </p>" in text, "what the page itself says stays as it is"


def test_a_file_of_the_documentation_that_a_text_names_is_a_link_to_its_page(tmp_path: Path) -> None:
    """Of every text: the site has pages, and no folder `docs`; blocks of code stay as they are."""
    source(tmp_path)
    texts = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "site-source").rglob("*.md")}
    named = {path: re.findall(r"`docs/[\w/-]+\.md`", text) for path, text in texts.items()}
    assert {path: found for path, found in named.items() if found} == {}
    leads = [(path, target) for path, text in texts.items() for target in LINK.findall(text) if "://" not in target]
    assert len(leads) > 40 and [(path, target) for path, target in leads if not (path.parent / target).is_file()] == []
    assert linked("```\n`docs/ci.md`\n```\n", Path()) == "```\n`docs/ci.md`\n```\n"
    assert linked("see `docs/ci.md`", Path("adr")) == "see [`ci.md`](../ci.md)", (
        "no bare word at the head of a sentence"
    )


def test_markdown_characters_in_texts_are_escaped() -> None:
    assert prose("<b> a_b_c *d* [e](f) | `x | <y>`") == r"\<b\> a\_b\_c \*d\* \[e\](f) \| `x | <y>`"
    assert fenced("a\n```\nb").startswith("~~~~")
