"""Finds the statements that decided an answer, with their index and contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from preuve.collect.code.judgements.documents.block_documents import BlockDocument
from preuve.collect.code.judgements.documents.values import number_of
from preuve.collect.code.verdict.deciding_values import decided
from preuve.collect.code.verdict.grounds import rights_of
from preuve.documents.answer import Answer
from preuve.documents.document import Document, Statement

Ask = Callable[[Sequence[Document]], Answer]
Found = list[tuple[BlockDocument, Statement]]

_MOST = 4  # statements that are shown
_MOST_TRIED = 50


@dataclass(frozen=True)
class DecidingStatements:
    """The statements that made an answer true: their paths in the block, their texts by name (None if the block itself
    is a statement: its arguments then serve), and a key for each that distinguishes it from others.
    """

    keys: tuple[str, ...]
    texts: dict[str, str] | None
    grounds: tuple[str, ...]


def decided_by(helds: Sequence[BlockDocument], ask: Ask, answer: Answer) -> DecidingStatements:
    """Return the statements that made an answer true."""
    found = _named(helds, answer) or _tried(helds, ask) or list(_allowing(helds))
    keys = [held.keys or (held.key(number_of(one)),) for held, one in found[:_MOST]]
    written = (held.statement(number_of(one)) for held, one in found)
    grounds = tuple(text for one in written if one is not None for text in rights_of("Statement", one))
    return DecidingStatements(
        tuple(dict.fromkeys(key for part in keys for key in part)), dict(_texts(found[:_MOST])) or None, grounds
    )


def denied_by(helds: Sequence[BlockDocument], parts: Sequence[Callable[[Document], Answer]]) -> dict[str, str]:
    """Return the texts, by name, of the statements that deny every part of a question: statements that suffice alone,
    otherwise one for each part, otherwise those without which the denial fails; none if none of these is found.
    """
    denying = [(held, one) for held in helds for one in held.document.statements if one.effect == "Deny"]
    by_part = [[found for found in denying if part(Document((found[1],))).value is True] for part in parts]
    places = [{id(one) for _, one in found} for found in by_part]
    shown = [found for found in denying if all(id(found[1]) in one for one in places)]
    if not shown and all(by_part):
        shown = [one[0] for one in by_part]
    elif not shown and len(denying) <= _MOST_TRIED:
        shown = [found for found in denying if not _denied_without(denying, found[1], parts)]
    return dict(_texts(shown[:_MOST]))


def _denied_without(denying: Found, left_out: Statement, parts: Sequence[Callable[[Document], Answer]]) -> bool:
    others = Document(tuple(one for _, one in denying if one is not left_out))
    return all(part(others).value is True for part in parts)


def grounds_beside(helds: Sequence[BlockDocument], asks: Sequence[Ask], known: Sequence[str]) -> Iterator[str]:
    """Yield the grounds of further statements for which at least one question is not known to be false."""
    for held, one in _allowing(helds):
        written = held.statement(number_of(one))
        if written is not None and any(ask([Document((one,))]).value is not False for ask in asks):
            yield from (text for text in rights_of("Statement", written) if text not in known)


def _allowing(helds: Sequence[BlockDocument]) -> Iterator[tuple[BlockDocument, Statement]]:
    return ((held, one) for held in helds for one in held.document.statements if one.effect == "Allow")


def _named(helds: Sequence[BlockDocument], answer: Answer) -> Found:
    """Return the statements that the answer names, if it names any."""
    return [
        (held, one)
        for held, one in _allowing(helds)
        if any(place == one.place or place.startswith(f"{one.place}.") for place in answer.places)
    ]


def _tried(helds: Sequence[BlockDocument], ask: Ask) -> Found:
    """Return the statements that make the answer true alone, or without which it is false; none if there are
    very many.
    """
    if sum(len(held.document.statements) for held in helds) > _MOST_TRIED:
        return []
    return _alone(helds, ask) or _needed(helds, ask)


def _alone(helds: Sequence[BlockDocument], ask: Ask) -> Found:
    """Return each statement for which `ask` is true when it is the only statement."""
    return [(held, one) for held, one in _allowing(helds) if ask([Document((one,))]).value is True]


def _needed(helds: Sequence[BlockDocument], ask: Ask) -> Found:
    """Return the statements without which the answer is not true."""
    whole = [one for held in helds for one in held.document.statements]
    return [
        (held, one)
        for held, one in _allowing(helds)
        if ask([Document(tuple(other for other in whole if other is not one))]).value is not True
    ]


def _texts(found: Found) -> Iterator[tuple[str, str]]:
    for held, one in found:
        number = number_of(one)
        written = held.statement(number)
        for text in decided({"Statement": written}, ("Statement",)).values() if written is not None else ():
            path = held.path.replace("/[", "[").replace("/", ".")
            yield f"{path}.Statement[{number}]".lstrip("."), text
