"""Answers of three values: true or false if every completion of the unknown parts agrees, otherwise None with the
causes.

They are combined by Kleene's logic, so that an answer made of sound answers is sound itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """`causes`: what is unknown, if the value is None. `places`: what was found and where, if the value is not false.

    Both are for people and the same in all languages: `Statement[0].Principal.AWS: *`.
    """

    value: bool | None
    causes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __invert__(self) -> Answer:
        return Answer(None if self.value is None else not self.value, self.causes, self.places)

    def decided(self) -> bool:
        """Return the value. Raises ValueError with the causes if it is unknown."""
        if self.value is None:
            raise ValueError("; ".join(self.causes))
        return self.value

    def at(self, *places: str) -> Answer:
        """Return the same answer with these places."""
        return Answer(self.value, self.causes, places)


NO = Answer(False)
YES = Answer(True)


def known(value: bool) -> Answer:
    """Return an answer that depends on nothing unknown."""
    return YES if value else NO


def unknown(*causes: str) -> Answer:
    """Return an answer that depends on what is unknown."""
    return Answer(None, causes)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return true if one is true, with the places of all that are; false if all are false."""
    asked = [answer for answer in answers if answer.value is not False]
    if not asked:
        return NO
    found = [answer for answer in asked if answer.value] or asked
    if len(found) == 1:
        return found[0]
    return Answer(found[0].value, () if found[0].value else _once(found, "causes"), _once(found, "places"))


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return false if one is false; true if all are true, with the places of all."""
    asked: list[Answer] = []
    for answer in answers:
        if answer.value is False:
            return NO
        asked.append(answer)
    if len(asked) == 1:
        return asked[0]
    open_ = [answer for answer in asked if answer.value is None]
    return Answer(None if open_ else True, _once(open_, "causes"), _once(asked, "places"))


def _once(answers: Iterable[Answer], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for answer in answers for text in getattr(answer, name)))
