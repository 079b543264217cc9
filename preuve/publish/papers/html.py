"""A paper as a page without scripts, every value escaped; its style is a style sheet of the bundle, or inline."""

from __future__ import annotations

from collections.abc import Sequence

from preuve.library.yaml.place import content_root
from preuve.publish.papers.document import Document
from preuve.publish.site.html.minification import small
from preuve.publish.site.html.style import asset, load
from preuve.publish.site.html.templates import templates
from preuve.publish.words.locale import Locale

BESIDE = "'self' file:"  # sources from which the page's policy allows a separate sheet: on a server, in a folder
Link = tuple[str, str, str]  # target, text, language of the target (or nothing)


class Sheets:
    """Renders papers; the template is loaded once."""

    def __init__(self) -> None:
        self.style = load(content_root() / "reports" / "assets" / "paper.css", "</style")
        self._template = templates().get_template("paper.html")

    def render(
        self, paper: Document, organisation: str, locale: Locale, links: Sequence[Link] = (), sheet: str = ""
    ) -> bytes:
        """Return the page; the same paper gives the same bytes. Its style is at `sheet`, or inline if that is ""."""
        own = asset(self.style)
        policy = f"default-src 'none';style-src {BESIDE if sheet else own.source};base-uri 'none';form-action 'none'"
        text = self._template.render(
            paper=paper, organisation=organisation, t=locale, links=links, style=own.text, sheet=sheet, csp=policy
        )
        text = locale.readable(text)
        return (small(text) if sheet else text).encode("utf-8", "replace")
