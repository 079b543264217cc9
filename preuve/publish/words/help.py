"""Translates the help of commands. The English text is the key, so that a changed text needs a new translation.

`reports/help/<language>.yaml` has the translations; a text without one stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from preuve.library.yaml import documents
from preuve.library.yaml.place import content_root
from preuve.publish.words.locale import typeset

FOLDER = "reports/help"
_NAME = re.compile(r"[A-Z][A-Z_]*(?: RANGE)?")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_AS_IT_IS = "\b"  # click's mark of a paragraph whose lines are kept
_TAIL = re.compile(r"(?:^|  )\[(.*?)\](?=  \[|$)", re.DOTALL)  # what follows the text of an option: [default: x; x>0]


@dataclass(frozen=True)
class HelpWords:
    """The texts of help in one language, by their English text, and the names of arguments and types."""

    texts: Mapping[str, str]
    names: Mapping[str, str]

    def text(self, english: str) -> str:
        """Return a text of one line. If it is not known as a whole, "default: x" is translated word and value."""
        if (known := self.texts.get(english)) is not None:
            return known
        head, colon, value = english.partition(": ")
        label = self.texts.get(f"{head}:") if colon else None
        return english if label is None else f"{label} {self.text(value)}"

    def paragraphs(self, english: str) -> str:
        """Return the text of a command: paragraphs, and lists whose lines are kept."""
        return "\n\n".join(map(self._paragraph, _PARAGRAPHS.split(english.strip("\n"))))

    def _paragraph(self, english: str) -> str:
        if not english.startswith(_AS_IT_IS):
            return self.text(" ".join(english.split()))
        return "\n".join(map(self._line, english.splitlines()))

    def _line(self, english: str) -> str:
        indent = english[: len(english) - len(english.lstrip(" "))]
        return indent + self.text(english.strip(" ")) if english.strip(" \b") else english

    def option(self, english: str) -> str:
        """Return the text of an option: a sentence, and the brackets after it."""
        sentence = _TAIL.sub("", english)
        tails = (f"[{self.text('; ').join(map(self.text, tail.split('; ')))}]" for tail in _TAIL.findall(english))
        return "  ".join(filter(None, (sentence and self.text(" ".join(sentence.split())), *tails)))

    def named(self, english: str) -> str:
        """Return a line of usage or the names of an option, with the names of arguments and types translated."""
        return _NAME.sub(lambda found: self.names.get(found[0], found[0]), english)


def help_words(language: str) -> HelpWords | None:
    """Return the translated help in a language; None for a language without a file, such as English."""
    path = content_root() / FOLDER / f"{language}.yaml"
    if not path.is_file():
        return None
    data = documents.load(path, f"{FOLDER}/{path.name}")
    texts, names = (_typeset(data[part], language) for part in ("texts", "names"))
    return HelpWords(texts, names)


def _typeset(strings: Mapping[str, str], language: str) -> Mapping[str, str]:
    return {english: typeset(text, language) for english, text in strings.items()}
