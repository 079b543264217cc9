"""People of made-up companies, with names as they are in France, and the places where their names come to stand."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
