"""Finds the item of an id, and explains it with the contents of the workspace."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from preuve.library.company.names import is_workspace
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.suggestion import suggest
from preuve.library.yaml.place import languages
from preuve.model.content import Framework, Library
from preuve.model.errors import UsageError
from preuve.pipeline.workspace.permissions import policy_permissions
from preuve.publish.terminal.explanation import Explainer, Page
from preuve.publish.terminal.newest_bundle import latest
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.names import called, citation, cited

_FINDING = re.compile("[0-9a-f]{12}")
_LONGEST_NUMBER = 2  # digits: those of a framework have more
_ELIDED = re.compile(r"\b[dl]['’]")  # l'article 32
_FILE = re.compile(r"\.[a-z]{2,10}(:[0-9]+)?$", re.IGNORECASE)  # main.tf, infra/main.tf:16
_PIECE = re.compile(r"[^\W\d_](?=\d)|[^\W_]+")  # A8.24 is A.8.24
_KINDS = "give the id of a policy (s3-encrypted), of a control (A.8.24) or of an evidence item (GOV-03)"


def explain(root: Path, name: str, language: str) -> Page:
    """Make the page of a policy, a control or an evidence item, in a language.

    `name` is its id. Raises UsageError if there is none, or no texts in the language.
    """
    own = root if is_workspace(root) else None
    library = load_library(own)
    found = _id(library, name)
    workspace = load_workspace(own, library) if own else None
    home = workspace.root / workspace.evidence_folder if workspace else None
    locale = _locale(language)
    explainer = Explainer(library, locale, workspace, latest(home) if home else None)
    return _page(explainer, library, found)


def _locale(language: str) -> Locale:
    if language not in languages():
        raise UsageError(f"there are no texts in the language {language}", f"one of {', '.join(languages())}")
    return load_locale(language)


def _page(explainer: Explainer, library: Library, name: str) -> Page:
    if name in library.policies:
        policy = library.policies[name]
        return explainer.policy(policy, policy_permissions(library, [policy]) if policy.aws else ())
    control = library.control(name)
    if control is not None:
        return explainer.control(control)
    if name in library.evidence:
        return explainer.evidence(library.evidence[name])
    return explainer.planned(name, library.planned_policies[name])


def _id(library: Library, name: str) -> str:
    """Return the intended id, in any case. Raises UsageError with the nearest ones if there is none."""
    known = {item.lower(): item for item in _ids(library)}
    named = " ".join(name.lower().split())  # including the citations of pages and papers
    name = next((item for text, item in _cited(library) if text and text == named), name)
    if name.lower() in known:
        return known[name.lower()]
    if _FINDING.fullmatch(name):
        raise UsageError(f"{name} is the id of a finding, not of a policy", f"run: preuve dispute {name}")
    parts = [item for lower, item in known.items() if lower.startswith(f"{name.lower()}.")]
    spelt = parts or _spelt(library, name)
    if len(spelt) == 1 and not parts:
        return spelt[0]
    if any(spelt == [item.id for item in one.controls] for one in library.frameworks.values()):
        count, first, last = len(spelt), spelt[0], spelt[-1]
        raise UsageError(
            f"{name} is a framework, and not one of its items",
            f"name one of its {count} items, from {first} to {last}; preuve attest --list shows what is missing",
        )
    if parts:
        raise UsageError(f"{name} has several parts", f"name one: {', '.join(parts)}")
    if spelt:
        raise UsageError(f"{name} may mean several items", f"name one: {', '.join(spelt)}")
    if _FILE.search(name):
        raise UsageError(f"{name} looks like a place in code", "preuve ci names the policy with it: explain that one")
    raise UsageError(
        f"there is no policy, control or evidence item {name!r}", suggest(name, _alike(library, name), _KINDS)
    )


def _alike(library: Library, name: str) -> Iterator[str]:
    """Yield ids near a name. If a word is not used in citations of controls, a number in the name is not that of a
    control.
    """
    words = {piece for piece in _pieces(name) if len(piece) > _LONGEST_NUMBER and piece.isalpha()}
    other = not _around(library).issuperset(words) and any(piece.isdecimal() for piece in _pieces(name))
    return (item for item in _ids(library) if not (other and library.control(item)))


def _spelt(library: Library, name: str) -> list[str]:
    """Return the controls whose number is in a text, in any spelling: `art. 32.1.b`, `32(1)(b)`, `8.24`. If no control
    has it, those whose number begins with it; without a number, all of a framework. A word that is used in citations of
    some frameworks leaves out the others. With any other word the number belongs to something else: another law, a
    file, a resource.
    """
    for framework in library.frameworks.values():
        for language in languages():
            title = re.split("[(,]", framework.title.in_language(language))[0].strip()  # without what explains it
            name = name.casefold().replace(title.casefold(), framework.id)
    cites = list(_cited(library))
    words = {framework.id: _words(framework, cites) for framework in library.frameworks.values()}
    said = _pieces(name)
    if not _around(library).issuperset(piece for piece in said if len(piece) > 1 and not piece.isdecimal()):
        return []
    named = [one for one, known in words.items() if known.intersection(said)]
    numbers = {
        control.id: _number(_pieces(control.id), words[framework.id])
        for framework in library.frameworks.values()
        if framework.id in named or not named
        for control in framework.controls
    }
    asked = _number(said, {piece for one in named for piece in words[one]})
    if not asked:
        return [*numbers] if named and all(any(piece in words[one] for one in named) for piece in said) else []
    if not any(piece.isdecimal() for piece in asked):
        return []
    ways = {item: (number, _without_letter(number)) for item, number in numbers.items()}
    exact = [item for item, forms in ways.items() if asked in forms]
    return exact or [item for item, forms in ways.items() if asked in [one[: len(asked)] for one in forms]]


def _around(library: Library) -> set[str]:
    """Return the words that may surround the number of an item."""
    ids = " ".join(library.frameworks)
    return set(_pieces(" ".join([ids, *(load_locale(language)("cite.around") for language in languages())])))


def _words(framework: Framework, cites: Iterable[tuple[str, str]]) -> set[str]:
    """Return the words and numbers that denote a framework in citations."""
    own = {piece for piece in _pieces(f"{framework.id} {framework.title.en}") if len(piece) > _LONGEST_NUMBER}
    ids = {control.id for control in framework.controls}
    beside = {piece for text, item in cites if item in ids for piece in _pieces(text) if piece.isalpha()}
    return own | {piece for piece in beside if len(piece) > 1}


def _number(pieces: Iterable[str], words: Container[str]) -> tuple[str, ...]:
    """Return the numbers and letters of an id; words in a citation, such as `article` and `point`, are none."""
    return tuple(one for one in pieces if one not in words and (len(one) == 1 or not one.isalpha()))


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_PIECE.findall(_ELIDED.sub("", text.casefold())))


def _without_letter(number: tuple[str, ...]) -> tuple[str, ...]:
    """Return a number without a letter before it: the letter of an annex, which people leave out."""
    return number[1:] if number and len(number[0]) == 1 and number[0].isalpha() else number


def _cited(library: Library) -> Iterator[tuple[str, str]]:
    for t in map(load_locale, languages()):
        for framework in library.frameworks.values():
            for control in framework.controls:
                articles = [citation(control, t)] if t.has(f"cite.law.{control.framework}") else []
                for name in (cited(control, t), *called([control.id], library, t), *articles):
                    yield " ".join(name.lower().split()), control.id


def _ids(library: Library) -> Iterable[str]:
    yield from library.policies
    for framework in library.frameworks.values():
        yield from (control.id for control in framework.controls)
    yield from library.evidence
    yield from library.planned_policies
