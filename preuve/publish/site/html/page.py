"""Renders one page: a strict template, every value escaped, scripts inlined and allowed by hash, one style sheet for
all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2.exceptions import TemplateError
from jinja2.runtime import Context
from jinja2.utils import htmlsafe_json_dumps, internalcode

from preuve.library.yaml.place import content_root, languages
from preuve.model.content import Text
from preuve.model.errors import PreuveError
from preuve.publish.papers.html import BESIDE
from preuve.publish.site import paths
from preuve.publish.site.html.minification import small
from preuve.publish.site.html.style import asset, load
from preuve.publish.site.html.templates import templates
from preuve.publish.site.paths import page_file, relative
from preuve.publish.site.views import grouped_rows
from preuve.publish.words.errors import defect
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import blocks, in_language, one_line, spans

_SORTED, _OPENED, _SEARCHED = "data-sort", '<details class="fold"', 'id="search"'  # marks in a page that need a script
_SCRIPTS = {"site": _SORTED, "open": _OPENED, "search": _SEARCHED, "accounts": "data-accounts"}  # the last uses others
_PACKED = partial(htmlsafe_json_dumps, separators=(",", ":"))  # data for a script
_POLICY, _RUN = "\x00policy\x00", "\x00scripts\x00"  # filled in when the page is known


class _Context(Context):
    """Calls functions from templates directly. Jinja checks before each call whether the function wants the context,
    and none of preuve's does; a macro escapes like all of them.
    """

    @internalcode
    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Return the result of a call with the arguments of the template."""
        named.pop("_loop_vars", None)  # Jinja's own
        named.pop("_block_vars", None)
        return called(*given, **named)


class Pages:
    """The templates, loaded once and rendered in any language."""

    def __init__(self) -> None:
        reports = content_root() / "reports"
        self.sheet = load(reports / "assets" / "site.css", "</style")
        self._scripts = {name: asset(load(reports / "assets" / f"{name}.js", "</script")) for name in _SCRIPTS}
        self._languages = languages()
        self._environment = templates()
        self._environment.context_class = _Context
        self._environment.filters.update(
            blocks=blocks,
            spans=spans,
            line=one_line,
            packed=_PACKED,
            condition=in_language,
            together=grouped_rows,
            defect=defect,
        )

    def render(self, template: str, page: str, locale: Locale, values: Mapping[str, Any], here: str = "") -> str:
        """Render a page in one language; `here` is the file that it is written to, if that is not the page's own file.

        `values` are the values that the template uses in addition to those of every page. Raises PreuveError if one is
        missing.
        """
        file = here or page_file(page, locale.language)
        context = {
            "t": locale,
            "language": locale.language,
            "languages": [(name, relative(page_file(page, name), file)) for name in self._languages],
            "link": lambda target: relative(page_file(target, locale.language), file),
            "link_file": lambda target: relative(target, file),
            "at": paths,
            "say": lambda text: _said(text, locale.language),
            "page": page,
            "csp": _POLICY,
            "scripts": _RUN,
            **values,
        }
        try:
            text = self._environment.get_template(f"{template}.html").render(context)
        except TemplateError as error:
            hint = "this is a defect of preuve: report it"
            raise PreuveError(f"the page {page} could not be made: {error}", hint) from error
        return self._finished(locale.readable(text))

    def _finished(self, text: str) -> str:
        """Return the page with the scripts it uses, and the policy that allows only these and the bundle's
        style sheet.
        """
        scripts = [self._scripts[name] for name, mark in _SCRIPTS.items() if mark in text]
        allowed = f"script-src {' '.join(script.source for script in scripts)};" if scripts else ""
        policy = f"default-src 'none';style-src {BESIDE};{allowed}base-uri 'none';form-action 'none'"
        run = "".join(f"<script>{script.text}</script>" for script in scripts)
        return small(text.replace(_POLICY, policy, 1).replace(_RUN, run, 1))


def _said(text: Any, language: str) -> str:
    """Return a text of the content in the language of the page; the text is a Text or still a mapping."""
    if isinstance(text, Text):
        return text.in_language(language)
    if isinstance(text, Mapping):
        return str(text.get(language) or text.get("en") or "")
    return str(text or "")
