"""People of made-up companies, with names as they are in France, and the places where their names come to stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
]
_LAST = ["Hénin-Liétard", "d'Ornano", "de la Villardière", "Müllenheim", "L'Hermitte", "Le Goffic", "Duvauchelle"]
_LAST += ["Quéméneur", "du Bouëxic", "Vandenbroucke", "Tréhoret"]
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
