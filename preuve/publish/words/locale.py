"""Translations by key. A key that is missing in a language is an error, never a gap in a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from preuve.library.yaml import documents as yaml_file
from preuve.library.yaml.place import LOCALES, content_root, languages
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import Reason, deviation_of, lacking

_VALUE = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]")  # shown only if all its values are given
_REMOVED = re.compile(r"\[removed: (\w+)\]")  # the marks of redacted values
_BEFORE_MARK = re.compile(r" (?=[:;?!»×])|(?<=«) ")
_OWN_MARKS = re.compile("«([^»]*)»")
MOST_NAMES = 6  # names in a sentence; pages list all of them below
_MOST_REASONS = 1 << 12  # cached sentences
_LISTS = frozenset({"policies", "items", "checks"})
_PHRASES = frozenset({"found", "asked"})
_JOINTS = frozenset({"and", "or"})
_TRANSLATED = {
    "error": ("faults",),
    "cause": ("causes", "gap_causes"),
    "code": ("causes.code",),
    "severity": ("severity",),
    "approval": ("approval",),
}  # value -> group of words that translates it


@dataclass(frozen=True)
class _Part:
    """A part of a string, between its values; `optional`: shown only if all its values are given."""

    begins: str
    values: Sequence[tuple[str, str]]  # the name of each value, and the text behind it
    optional: bool

    def is_shown(self, values: Mapping[str, str]) -> bool:
        """Return whether it is shown with these values."""
        return not self.optional or all(values.get(name) for name, _ in self.values)


@dataclass(frozen=True)
class Locale:
    """The strings of one language, called as `locale("key.below", name=value)`."""

    language: str
    strings: Mapping[str, Any]
    _flat: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _details: Sequence[tuple[str, str]] = field(init=False, repr=False, compare=False)
    _cut: dict[str, Sequence[_Part]] = field(init=False, repr=False, compare=False)  # the sentences so far, by key
    _reasons: dict[tuple[object, ...], str] = field(init=False, repr=False, compare=False)  # findings repeat each other

    def __post_init__(self) -> None:
        flat = {key: typeset(text, self.language) for key, text in flatten(self.strings)}
        object.__setattr__(self, "_flat", flat)
        details = [(phrase, flat[f"details.{phrase}"]) for phrase in self.strings.get("details", ())]
        object.__setattr__(self, "_details", details)
        object.__setattr__(self, "_cut", {})
        object.__setattr__(self, "_reasons", {})

    def __call__(self, key: str, **values: object) -> str:
        """Return the string of `key` with its values put in. Raises PreuveError if the key or a value is missing."""
        return self._filled(key, {name: str(value) for name, value in values.items()}, strict=True)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the string of `key.one` or `key.other`, by the language's rule for plurals, with `{n}`."""
        return self(f"{key}.{self._plural(number)}", n=self.number(number), **values)

    def _plural(self, number: float) -> str:
        return "one" if self.singular(number) else "other"

    def singular(self, number: float) -> bool:
        """Return whether the language uses the singular for this number."""
        return abs(number) < 2 if self.language == "fr" else number == 1

    def clauses(self, told: Iterable[str]) -> str:
        """Return several clauses joined as one sentence: French has a space before the semicolon."""
        return self("list.between").join(told)

    def number(self, number: int) -> str:
        """Return a whole number with the thousands separator of the language."""
        return f"{number:,}".replace(",", "\u202f" if self.language == "fr" else ",")

    def few(self, names: Sequence[str], most: int, joint: str = ", ") -> str:
        """Return the first `most` names, and the number of the others; if only one is left, it is named too."""
        if len(names) <= most + 1:
            return joint.join(names)
        return self("list.more", names=joint.join(names[:most]), n=self.number(len(names) - most))

    def has(self, key: str) -> bool:
        """Return whether there is a string for `key`."""
        return key in self._flat

    def title(self, title: str) -> str:
        """Return a title in quotation marks. Quotation marks inside it become the inner marks of the language."""
        return self("list.title", title=_OWN_MARKS.sub(lambda marked: f"“{marked[1].strip()}”", title))

    def word(self, group: str, name: str) -> str:
        """Return the word for `name` in a group of words; the name itself if it comes from content without a word for
        it.
        """
        return self._flat.get(f"{group}.{name}", name)

    def cause(self, name: str) -> str:
        """Return the words for the cause that something was not read, in an account or in code."""
        return self._value("cause", name, {})

    def reason(self, reason: Reason, titles: Mapping[str, str] | None = None) -> str:
        """Return the sentence of a reason code. A part of it whose values are missing is left out.

        With `titles`, an object that has a title is named by it and not by its id.
        """
        if titles:
            return self._sentence(reason, titles)
        key = (reason.code, *reason.values.items())
        said = self._reasons.get(key)
        if said is None:
            if len(self._reasons) == _MOST_REASONS:
                self._reasons.clear()
            said = self._reasons[key] = self._sentence(reason, {})
        return said

    def _sentence(self, reason: Reason, titles: Mapping[str, str]) -> str:
        waived, deviation = deviation_of(reason)
        if deviation is not None:
            return f"{self.reason(waived, titles)} {self.reason(deviation, titles)}"
        values = {name: self._value(name, value, titles) for name, value in reason.values.items()}
        if "cause" in values:
            values["action"] = ", ".join(lacking(reason))
            values.setdefault("fix", self._flat.get(f"causes.fix.{reason.values['cause']}", ""))
        return self.readable(self._filled(f"reasons.{reason.code}", values, strict=False))

    def readable(self, text: str) -> str:
        """Return a text with words of this language in place of redacted values."""
        return _REMOVED.sub(lambda found: self._removed(found[1]), text) if "[removed: " in text else text

    def _removed(self, kind: str) -> str:
        key = f"removed.{kind}"
        return self("removed.mark", what=self(key) if self.has(key) else self("removed.other", kind=kind))

    def date(self, moment: str) -> str:
        """Return an RFC 3339 date or time in words; other text stays unchanged."""
        match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|\+00:00)?)?", moment)
        if not match or not 1 <= int(match[2]) <= 12:
            return moment
        month = self(f"months.m{match[2]}")
        key = "date.moment" if match[4] else "date.day"
        return self._filled(
            key,
            {
                "day": self._flat.get(f"date.d{match[3]}", str(int(match[3]))),
                "month": month,
                "year": match[1],
                "time": match[4] or "",
            },
            strict=True,
        )

    def span(self, start: str, end: str) -> str:
        """Return the time between two moments, perhaps in the same minute, in words."""
        first, last = self.date(start), self.date(end)
        return self("date.once", moment=first) if first == last else self("date.span", start=first, end=last)

    def some(self, names: Sequence[str], most: int) -> str:
        """Return the first names, and the number of the others."""
        first, more = ", ".join(names[:most]), len(names) - most
        return self("list.more", names=first, n=self.number(more)) if more > 0 else first

    def _value(self, name: str, value: str, titles: Mapping[str, str]) -> str:
        if name in _LISTS and value:
            named = [self.title(titles[part]) if part in titles else part for part in value.split(", ")]
            return self.some(named, MOST_NAMES if len(named) > MOST_NAMES + 1 else len(named))
        if name in ("detail", "member"):
            return self.in_words(value)
        if name in _PHRASES and value.startswith(("[[", "[{")):
            return self._flat["words.next"].join(map(self._phrase, json.loads(value)))
        groups = _TRANSLATED.get(name, ())
        return next((self._flat[key] for group in groups if (key := f"{group}.{value}") in self._flat), value)

    def _phrase(self, part: Any) -> str:
        """Return a phrase of `preuve.library.cel.texts.reasons`: a text, words with parts, or a policy's own."""
        if isinstance(part, str):
            return part
        if isinstance(part, Mapping):
            return str(part.get(self.language, part["en"]))
        key, *parts = part
        word = self._flat.get(f"words.{key}") or self._flat[f"words.{key}.{self._plural(float(parts[0]))}"]
        if key in _JOINTS:
            said = [(self._phrase(item), item[0] in _JOINTS) for item in parts]
            return f" {word} ".join(f"({text})" if joins else text for text, joins in said)
        return word.format(*map(self._phrase, parts))

    def in_words(self, detail: str) -> str:
        """Return the phrases of a detail in this language; names and values in it stay as they are."""
        for phrase, words in self._details:
            if phrase in detail:
                detail = detail.replace(phrase, words)
        before, colon, why = detail.rpartition(": ")
        return f"{before}{colon}{self.word('system_errors', why)}" if colon else detail

    def _filled(self, key: str, values: Mapping[str, str], *, strict: bool) -> str:
        said: list[str] = []
        for part in self._cut.get(key) or self._parts(key):
            if part.is_shown(values):
                said.append(part.begins)
                for name, text in part.values:
                    if strict and name not in values:
                        raise PreuveError(
                            f"the text {key!r} needs the value {name!r}", "this is a defect of preuve: report it"
                        )
                    said += (values.get(name) or "?", text)
        return "".join(said)

    def _parts(self, key: str) -> Sequence[_Part]:
        template = self._flat.get(key)
        if template is None:
            raise PreuveError(
                f"no text {key!r} in the language {self.language!r}", f"add it to reports/locales/{self.language}.yaml"
            )
        parts = [_part(text, optional=number % 2 == 1) for number, text in enumerate(_OPTIONAL.split(template))]
        self._cut[key] = parts
        return parts


def _part(text: str, *, optional: bool) -> _Part:
    begins, *rest = _VALUE.split(text)  # text, name, text, name, text
    return _Part(begins, [*zip(rest[::2], rest[1::2], strict=True)], optional)


def typeset(text: str, language: str) -> str:
    """Return a text in the typography of its language: in French, some marks have a no-break space before them."""
    return _BEFORE_MARK.sub("\u00a0", text) if language == "fr" else text


def flatten(strings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return the strings of a locale file with their dotted keys."""
    found: list[tuple[str, str]] = []
    for name, value in strings.items():
        key = f"{prefix}{name}"
        found.extend(flatten(value, f"{key}.") if isinstance(value, Mapping) else [(key, str(value))])
    return found


def words(group: str) -> frozenset[str]:
    """Return the words of a group in every language, with the names that they translate."""
    groups = [load_locale(language).strings[group] for language in languages()]
    return frozenset(word for found in groups for pair in found.items() for word in pair)


@cache
def load_locale(language: str) -> Locale:
    """Return the locale of a language. Raises UsageError if there is none."""
    known = languages()
    if language not in known:
        raise UsageError(f"there are no texts in the language {language!r}", f"use one of: {', '.join(known)}")
    path = content_root() / LOCALES / f"{language}.yaml"
    return Locale(language, yaml_file.load(path, f"reports/locales/{language}.yaml"))
