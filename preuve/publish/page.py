"""Renders one page: a strict template, every value escaped, style and script inlined and allowed by hash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError
from markupsafe import Markup

from preuve.library.content import content_root
from preuve.model.content import Text
from preuve.model.errors import PreuveError
from preuve.publish import paths
from preuve.publish.locale import Locale, languages
from preuve.publish.paths import page_file, relative
from preuve.publish.text import blocks, one_line, spans

_EVERY = ("site",)  # the scripts of a page
_SCRIPTS = {"findings": ("site", "search"), "readme": ()}  # of the pages that run others


@dataclass(frozen=True)
class Asset:
    """An inlined style or script, and the hash by which the page's policy allows it."""

    text: Markup
    source: str


def load_asset(path: Path, closing: str) -> Asset:
    """Read an asset; one that could end its own element early is refused."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    if closing in text.lower():
        raise PreuveError(f"{path.name} holds {closing}, which would end its element", "write it in two parts")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(Markup(text), f"'sha256-{digest}'")  # noqa: S704 — our own file, inlined as it is


class Pages:
    """The templates, loaded once and rendered in any language."""

    def __init__(self, root: Path | None = None) -> None:
        reports = (root or content_root()) / "reports"
        self._style = load_asset(reports / "assets" / "site.css", "</style")
        self._scripts = {path.stem: load_asset(path, "</script") for path in sorted((reports / "assets").glob("*.js"))}
        self._languages = languages(root)
        self._environment = Environment(
            loader=FileSystemLoader(reports / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(blocks=blocks, spans=spans, line=one_line)

    def policy(self, *scripts: str) -> str:
        """The Content-Security-Policy of a page that runs these scripts."""
        allowed = f"script-src {' '.join(self._scripts[name].source for name in scripts)}; " if scripts else ""
        return f"default-src 'none'; style-src {self._style.source}; {allowed}base-uri 'none'; form-action 'none'"

    def render(self, template: str, page: str, locale: Locale, values: Mapping[str, Any], here: str = "") -> str:
        """A page in one language; `here` is the file that it is written to when that is not the page's own."""
        file = here or page_file(page, locale.language)
        scripts = _SCRIPTS.get(template, _EVERY)
        context = {
            "t": locale,
            "language": locale.language,
            "languages": [(name, relative(page_file(page, name), file)) for name in self._languages],
            "link": lambda target: relative(page_file(target, locale.language), file),
            "link_file": lambda target: relative(target, file),
            "at": paths,
            "say": lambda text: _said(text, locale.language),
            "page": page,
            "csp": self.policy(*scripts),
            "style": self._style.text,
            "scripts": [self._scripts[name].text for name in scripts],
            **values,
        }
        try:
            return self._environment.get_template(f"{template}.html").render(context)
        except TemplateError as error:
            hint = "this is a defect of preuve: report it"
            raise PreuveError(f"the page {page} could not be made: {error}", hint) from error


def _said(text: Any, language: str) -> str:
    """A text of the content in the language of the page, whether loaded as Text or left as a mapping."""
    if isinstance(text, Text):
        return text.in_language(language)
    if isinstance(text, Mapping):
        return str(text.get(language) or text.get("en") or "")
    return str(text or "")
