"""A text in its own spelling and as a search for names reads it, with the positions of one in the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from preuve.redact.names.variants import IDEOGRAPH, LEAST
from preuve.redact.spelling import as_long, located, plain, sign_at

_BREAKS = (r"\n", r"\r", r"\t")
_HEX = re.compile(r"[0-9a-f:._-]+")
_WORD_ITSELF = re.compile(IDEOGRAPH)
_NUMBERED = 2  # digits after a user name


class Text:
    """A text in its own spelling and as a search reads it."""

    def __init__(self, text: str, read: str = "") -> None:
        self.read = read or plain(text)
        self._text = text

    @cached_property
    def places(self) -> Sequence[int]:
        """The position in the text of each character that a search reads, and of the end."""
        if as_long(self._text):
            return range(len(self._text) + 1)
        return located(self._text)[1]

    def begins(self, place: int) -> bool:
        """Return whether a word begins at a place of what is read."""
        if place == 0 or not self.read[place - 1].isalpha() or self.read[place - 2 : place] in _BREAKS:
            return True
        if self.is_ideograph(place - 1) or self.is_ideograph(place):
            return True
        before, first, second = (self._sign(place + step) for step in (-1, 0, 1))
        return first.isupper() and (before.islower() or second.islower())

    def ends(self, place: int) -> bool:
        """Return whether a word ends before a place of what is read."""
        if place == len(self.read) or not self.read[place].isalpha():
            return True
        if self.is_ideograph(place - 1) or self.is_ideograph(place):
            return True
        last, after, next_one = (self._sign(place + step) for step in (-1, 0, 1))
        return after.isupper() and (last.islower() or next_one.islower())

    def turns(self, place: int) -> bool:
        """Return whether small letters become capitals at a place, or the reverse."""
        last, first = self._sign(place - 1), self._sign(place)
        return (last.islower() and first.isupper()) or (last.isupper() and first.islower())

    def is_ideograph(self, place: int) -> bool:
        """Return whether the sign at a place is a word of its own."""
        return _WORD_ITSELF.match(self.read, place) is not None

    def is_capital(self, place: int) -> bool:
        """Return whether the letter at a place is a capital."""
        return self._sign(place).isupper()

    def is_small(self, place: int) -> bool:
        """Return whether the letter at a place is a small one; those of many scripts are neither."""
        return self._sign(place).islower()

    def is_one_case(self, first: int, last: int) -> bool:
        """Return whether the letters are all small or all capitals, except an initial or two: others belong to
        a code.
        """
        said = self.written(first, last)
        return said.islower() or said.isupper() or (said[:1].isupper() and (said[1:].islower() or said[1:].istitle()))

    def is_code(self, first: int, last: int) -> bool:
        """Return whether a part of the text belongs to a hexadecimal number."""
        if not _HEX.fullmatch(self.read, first, last):
            return False
        before = _HEX.match(self.read[max(0, first - LEAST) : first][::-1])
        after = _HEX.match(self.read, last, last + LEAST)
        digits = sum(map(str.isdigit, after[0])) if after else 0
        return digits > _NUMBERED or (before is not None and any(map(str.isdigit, before[0])))

    def written(self, first: int, last: int) -> str:
        """Return the text between two places of what is read."""
        return self._text[self.places[first] : self.places[last]]

    def _sign(self, place: int) -> str:
        return sign_at(self._text, self.places[place]) if 0 <= place < len(self.read) else ""
