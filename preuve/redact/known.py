"""Names of people that a run found: they are replaced wherever they occur, and searched for before closing."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

# A first and a last name, as in `jane.doe` or `Jane Doe`. A single word may be the name of anything (`backup`).
_TWO_PARTS = re.compile(r"[^\W\d_][\w'-]*(?:[. ][\w'-]+)+")
_LEAST = 6
_CUT = ',"'  # no name goes over it


class KnownNames:
    """Names in clear that no file may contain."""

    def __init__(self, names: Mapping[str, str], spared: Iterable[str] = ()) -> None:
        """`names`: pseudonym to name. `spared` are texts that identify no person, such as the company's name."""
        apart = " ".join(spared).casefold()
        chosen = {
            name: pseudonym
            for pseudonym, name in names.items()
            if len(name) >= _LEAST and _TWO_PARTS.fullmatch(name) and name.casefold() not in apart
        }
        forms = {form: pseudonym for name, pseudonym in chosen.items() for form in _forms(name)}
        self._pseudonyms = {_folded(form): pseudonym for form, pseudonym in forms.items()}
        words = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])(?!\.\w)", re.IGNORECASE)

    def replaced(self, text: str) -> str:
        """The text with pseudonyms for these names."""
        if not self._likely(_CUT.join(dict.fromkeys(text.split(_CUT)))):  # a snapshot says the same in many lines
            return text
        # No name goes over the end of a line, and few lines of a snapshot hold one.
        return "\n".join(self._in_line(line) if self._likely(line) else line for line in text.split("\n"))

    def _in_line(self, line: str) -> str:
        return self._pattern.sub(lambda match: self._pseudonyms[_folded(match[0])], line)

    def found(self, text: str) -> bool:
        """Whether one of these names stands in a text."""
        return self._likely(text) and self._pattern.search(text) is not None

    def _likely(self, text: str) -> bool:
        """Whether the letters of a name stand there at all: the pattern takes ten times as long to say that none do."""
        folded = _folded(text) if self._pseudonyms else ""
        return any(form in folded for form in self._pseudonyms)

    def replace_below(self, folder: Path) -> None:
        """Replace them in every file of a snapshot: a name is known only once the unit that lists people was read."""
        for path in sorted(folder.rglob("*.json*")):
            before = path.read_text(encoding="utf-8")
            after = self.replaced(before)
            if after != before:
                path.write_text(after, encoding="utf-8", newline="\n")


def _folded(text: str) -> str:
    """A text with equal letters for those that the pattern takes for equal: `casefold`, and the Turkish i."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def _forms(name: str) -> set[str]:
    """Return the spellings of a name in JSON and in HTML."""
    return {name, json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1], html.escape(name)}
