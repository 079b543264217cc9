"""A paper as a page that needs nothing beside it: no script, its style allowed by hash, every value escaped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preuve.library.yaml.place import content_root
from preuve.publish.papers.document import Document
from preuve.publish.site.style import Sheet
from preuve.publish.words.locale import Locale

_STYLE, _POLICY = "\x00style\x00", "\x00policy\x00"  # filled in when the page is known
Link = tuple[str, str, str]  # where to, what it says, the language of what is there (or nothing)


class Sheets:
    """Renders papers; the template is loaded once."""

    def __init__(self, root: Path | None = None) -> None:
        reports = (root or content_root()) / "reports"
        self._sheet = Sheet(reports / "assets" / "paper.css")
        environment = Environment(
            loader=FileSystemLoader(reports / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("paper.html")

    def render(self, paper: Document, organisation: str, locale: Locale, links: Sequence[Link] = ()) -> bytes:
        """The page; the same paper gives the same bytes."""
        text = self._template.render(
            paper=paper,
            organisation=organisation,
            t=locale,
            links=links,
            style=_STYLE,
            csp=_POLICY,
        )
        style = self._sheet.of(text)
        policy = f"default-src 'none'; style-src {style.source}; base-uri 'none'; form-action 'none'"
        return text.replace(_STYLE, style.text, 1).replace(_POLICY, policy, 1).encode("utf-8", "replace")
