"""No word of a page is written in a template or in code: a French of brackets shows every such word."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

import preuve
from content_copy import bundled
from preuve.library.yaml.place import FOLDERS, content_root
from preuve.model.content import Text
from preuve.model.layout import README
from preuve.publish.site.writer import write_site
from preuve.publish.words.locale import load_locale

from . import factory
from .test_site import Page, read

SHOWN = (
    "aria-label", "title", "alt", "placeholder", "data-th", "data-filter", "data-shown", "data-none", "data-more",
)  # fmt: skip
# What is no language: names of formats, commands and folders.
NAMES = "SHA CSV XLSX JSON preuve assess bundle data html null machine scope summary README"
NAMES += " ssh keygen verify approvers json sig"
# What is wrong with a waiver: errors have translations of their own (tests/publish/test_errors.py).
NAMES += " pas de"


def texts(value: Any, change: Callable[[str], str]) -> Any:
    """A value of the content with every text of it changed."""
    if isinstance(value, Text):
        return Text(change(value.en), change(value.fr))
    if isinstance(value, Mapping) and set(value) == {"en", "fr"}:
        return {language: change(text) for language, text in value.items()}
    if isinstance(value, Mapping):
        return {name: texts(item, change) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(texts(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: texts(getattr(value, item.name), change) for item in fields(value)})  # type: ignore[type-var]
    return value


def marked(text: str) -> str:
    return f"⟦{text}⟧"


def bracketed(strings: Mapping[str, Any]) -> dict[str, Any]:
    """The strings of a language in brackets; their values and optional parts stay what they are."""
    return {name: bracketed(text) if isinstance(text, Mapping) else marked(text) for name, text in strings.items()}


def outside(text: str) -> str:
    """Return the text outside all brackets."""
    depth, found = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        found.append(" " if depth or sign == "⟧" else sign)
    return "".join(found)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """The pages in a French in which every text is in brackets."""
    root, site = tmp_path_factory.mktemp("content"), _site(marked)
    for name in FOLDERS:
        if name != "reports":
            (root / name).symlink_to(content_root() / name)
    shutil.copytree(content_root() / "reports", root / "reports")
    shutil.rmtree(root / "reports/locales")
    (root / "reports/locales").mkdir()
    for language in ("en", "fr"):
        strings = load_locale("en").strings if language == "en" else bracketed(load_locale("en").strings)
        (root / f"reports/locales/{language}.yaml").write_text(json.dumps(strings), encoding="utf-8")
    folder = tmp_path_factory.mktemp("bundle")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preuve, "__file__", str(root / "preuve" / "__init__.py"))
        load_locale.cache_clear()
        write_site(folder, site)
    load_locale.cache_clear()
    return {path.relative_to(folder).as_posix(): read(path) for path in [folder / README, *folder.rglob("*.fr.html")]}


def _site(change: Callable[[str], str]) -> Any:
    made = factory.site("fr", demonstration=True)
    return texts(replace(made, library=replace(made.library, crosswalk=bundled().crosswalk)), change)


def test_every_word_comes_from_a_locale_from_the_content_or_from_the_run(pages: dict[str, Page]) -> None:
    facts = words(repr(_site(lambda text: ""))) | words(NAMES)
    left = {}
    for name, page in pages.items():
        attributes = [value for _, found in page.elements for key, value in found.items() if key in SHOWN]
        unknown = words(outside(" ".join([*page.texts, *attributes]))) - facts
        unknown -= {word for word in unknown if len(word) > 40 and any(fact.startswith(word) for fact in facts)}  # cut
        if unknown:
            left[name] = sorted(unknown)
    assert len(pages) > 30
    assert left == {}


ABOUT_CODE = (
    "module v (terraform-aws-modules/rds/aws) is not installed: run terraform init",
    "module v is outside the workspace",
    "module v: the folder does not exist",
    "modules call each other in a circle",
    "its calls make 9 modules, more than 8",
    "symbolic link to a folder, not followed",
    "a submodule that is not checked out",
    "git tracks it and was told not to check it out",
    "no workflow in x",
    "the plan does not hold aws_vpc.x",
    "the plan is not complete: it failed, or was made with -target",
    "the state is not JSON: write it with terraform show -json or terraform state pull",
)


@pytest.mark.parametrize("detail", ABOUT_CODE)
def test_what_is_said_of_code_that_is_not_read_is_in_french(detail: str) -> None:
    french = load_locale("fr").in_words(detail)
    english = frozenset(["is", "not", "the", "of", "to", "no", "run", "write", "it", "than", "folder", "installed"])
    assert english.isdisjoint(re.sub(r"terraform \w+( -json| pull)?", "", french).replace(":", " ").split()), french
