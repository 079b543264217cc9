"""People of made-up companies, with names as they are in France, and the places where their names come to stand."""

from __future__ import annotations

import html.entities
import json
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from preuve.redact.spelling import plain

_FIRST = [
    "Zéphyrine",
    "Jean-Paul",
    "Maëlys",
    "Noël",
    "Anne Sophie",
    "François-Xavier",
    "Gwenaëlle",
    "Théophile",
    "Chloé",
    "Jane",
    "Søren",
    "Jürgen",
]
_LAST = ["Hénin-Liétard", "d'Ornano", "de la Villardière", "Müllenheim", "L'Hermitte", "Le Goffic", "Duvauchelle"]
_LAST += ["Quéméneur", "du Bouëxic", "Vandenbroucke", "Tréhoret", "Doe", "Kierkegård", "de La Fontaine", "Đorđević"]
_LONG = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"}
_PARTICLES = ("de la ", "du ", "d'", "L'", "de ", "de La ")
CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str, str.upper, str.lower, str.title])


@dataclass(frozen=True)
class Person:
    """A person, by first and last name as the company writes them."""

    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def stands_in(self, text: str) -> bool:
        """Return whether a telling word of the last name stands in a text, however spelt."""
        read = plain(text)
        return any(len(word) > 3 and word in read for word in re.split(r"[\s'-]", plain(self.last)))


PEOPLE = st.builds(Person, st.sampled_from(_FIRST), st.sampled_from(_LAST))


@st.composite
def written(draw: st.DrawFn, person: Person) -> str:
    """Return a name as people write it: case, accents, first or last name first."""
    parts = [person.first, person.last]
    text = draw(CASES)(draw(st.sampled_from([" ".join(parts), " ".join(parts[::-1]), ", ".join(parts[::-1])])))
    return ascii_of(text) if draw(st.booleans()) else text


def ascii_of(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@st.composite
def shortened(draw: st.DrawFn, person: Person) -> str:
    """Return what companies make of a name: a user name, or initials and the last name."""
    given, family = (ascii_of(part).lower() for part in (person.first, person.last))
    initials = "".join(word[0] for word in re.split("[ -]", given))
    first = draw(st.sampled_from([initials[0], initials, re.sub("[ -]", "", given)]))
    last = re.sub("[ '-]", draw(st.sampled_from(["", "-", "_"])), family)
    sign = draw(st.sampled_from([".", "-", "_", ""]))
    login = f"{first}{sign}{last}" if not sign or draw(st.booleans()) else f"{last}{sign}{first}"
    said = ".-".join(initials.upper()) if draw(st.booleans()) else initials[0].upper()
    prose = f"{said}. {person.last}" if draw(st.booleans()) else f"{person.last} {said}."
    titled = f"{prose[0].upper()}{prose[1:]}"
    return draw(st.sampled_from([login, login.upper(), f"{login}2", titled, titled.upper()]))


@st.composite
def cut_short(draw: st.DrawFn, person: Person) -> str:
    """Return a form of a name that leaves out, adds or respells a part of it, as people and forms do."""
    first = draw(st.sampled_from([person.first, *re.split("[ -]", person.first)[:1]]))
    last = draw(st.sampled_from(list(_family(person.last))))
    if draw(st.booleans()):
        first, last = (re.sub(r"[^\x00-\x7f]", _on_any_keyboard, part) for part in (first, last))
    first, last = map(draw(CASES), (first, last))
    initials = "".join(word[0] for word in re.split("[ -]", person.first)).upper()
    login = f"{ascii_of(initials[0])}{re.sub('[^a-z]', '', plain(last))}".lower()
    return draw(
        st.sampled_from(
            [
                f"{first} {last}",
                f"{last.upper()} {first}",
                f"{first.lower().replace(' ', '').replace('-', '')}.{last.lower()}",
                f"{first} M. {last}",
                f"{first} Odile {last}",
                f"{first} Odile-Berthe {last}",
                f"{first} (JD) {last}",
                f"{first} “JD” {last}",
                f"{first.lower()}.m.{last.lower()}",
                f"{initials} {person.last}",
                f"{person.last} {initials[0]}",
                f"{initials[0]}. M. {person.last}",
                login,
                f"adm_{login}",
                f"{login.upper()}-admin",
                f"{login}2",
                f"nom={last}, prenom={first}",
                f"Nom : {last} Prénom : {first}",
                f"first_name: {first}; last_name: {last}",
                f"<first>{first}</first><last>{last}</last>",
                json.dumps({"first": first, "last": last}, ensure_ascii=False),
                json.dumps({"FirstName": first, "LastName": last}, ensure_ascii=False, separators=(",", ":")),
                json.dumps([{"Key": "Nom", "Value": last}, {"Key": "Prénom", "Value": first}], ensure_ascii=False),
            ]
        )
    )


def _family(last: str) -> Iterator[str]:
    yield last
    yield from last.split("-")
    yield from (last.removeprefix(particle) for particle in _PARTICLES if last.startswith(particle))


def _on_any_keyboard(found: re.Match[str]) -> str:
    sign = found[0]
    spelt = _LONG.get(sign.lower(), sign.lower())
    return spelt.upper() if sign.isupper() else spelt


def _each_beyond_ascii(escaped: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(sign if sign.isascii() else escaped(sign) for sign in text)


def _codes(form: str) -> Callable[[str], str]:
    return lambda sign: "".join(form.format(code) for code in sign.encode())


def _in_latin(form: str) -> Callable[[str], str]:
    return lambda sign: form.format(ord(sign)) if ord(sign) < 256 else _codes(form)(sign)


def _entity(sign: str) -> str:
    name = html.entities.codepoint2name.get(ord(sign))
    return f"&{name};" if name else f"&#{ord(sign)};"


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


# How programs write a text that is not of ASCII alone.
NOTATIONS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "URL": quote,
    "URL in small letters": lambda text: re.sub("%..", lambda code: code[0].lower(), quote(text, safe="")),
    "form": quote_plus,
    "form in a URL": lambda text: quote(quote_plus(text), safe=""),
    "URL, accents apart": lambda text: quote(unicodedata.normalize("NFD", text)),
    "URL in Latin-1": _each_beyond_ascii(_in_latin("%{:02X}")),
    "JavaScript in a URL": _each_beyond_ascii(lambda sign: f"%u{ord(sign):04X}"),
    "JSON": _escaped,
    "JSON in JSON": lambda text: _escaped(_escaped(text)),
    "JSON in JSON in JSON": lambda text: _escaped(_escaped(_escaped(text))),
    "Rust": _each_beyond_ascii(lambda sign: f"\\u{{{ord(sign):x}}}"),
    "Python": lambda text: text.encode("unicode_escape").decode(),
    "bytes in code": _each_beyond_ascii(_codes("\\x{:02x}")),
    "git": _each_beyond_ascii(_codes("\\{:03o}")),
    "HTML": _each_beyond_ascii(_entity),
    "HTML in decimal": _each_beyond_ascii(lambda sign: f"&#{ord(sign)};"),
    "HTML, every sign": lambda text: "".join(f"&#x{ord(sign):X};" for sign in text),
    "HTML in HTML": _each_beyond_ascii(lambda sign: _entity(sign).replace("&", "&amp;")),
    "mail": lambda text: quopri.encodestring(text.encode()).decode(),
    "head of a mail": lambda text: quopri.encodestring(text.encode(), header=True).decode(),
    # Not in capitals: `who=CAMILLE` is no sign of Latin-1.
    "mail in Latin-1": lambda text: _each_beyond_ascii(_in_latin("={:02X}"))(text.lower()),
}
APART = st.sampled_from(
    [" ", ", ", "_", ".", "-", "/", "  \t", "\n", "\r\n", "\n" + " " * 12, "\n\t\t\t\t\t\t# ", " " * 24]
)


@st.composite
def noted(draw: st.DrawFn, person: Person) -> str:
    """Return a name as a program writes it into a text of its own: a URL, JSON, code, a page, a mail."""
    words = draw(st.permutations([person.first, person.last]))
    text = draw(CASES)(draw(APART).join(words))
    if draw(st.booleans()):
        text = re.sub("[^\\w]", "", " ".join(words).title())  # ThereseBrulefert
    return NOTATIONS[draw(st.sampled_from(sorted(NOTATIONS)))](text)
