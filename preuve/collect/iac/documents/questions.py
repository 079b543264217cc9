"""What is asked of the policy documents in a block: the definitions of `preuve.documents`, the same as in the account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from preuve.collect.iac.bodies import Body
from preuve.collect.iac.decided import decided
from preuve.collect.iac.documents.about import about
from preuve.collect.iac.documents.actions import restrictable
from preuve.collect.iac.documents.held import Held, Table
from preuve.collect.iac.documents.providers import NO_HOST
from preuve.collect.iac.judged import Judged
from preuve.collect.iac.verdict import FAILED, PASSED, UNKNOWN, told
from preuve.documents import audience, grants
from preuve.documents.answer import Answer, unknown
from preuve.documents.document import Document

_STATEMENT = re.compile(r"Statement\[(\d+)\]")
_MOST_SHOWN = 4

Options = Mapping[str, Any]

_WHO: Mapping[str, Callable[[Document], Answer]] = {
    "everyone": audience.opens_to_everyone,
    "any_behind_a_service": audience.opens_to_any_behind_service,
    "any_of_a_provider": audience.opens_to_any_of_provider,
    "anyone_unnamed": audience.opens_wide,
    "anyone_unnamed_but_services": lambda document: audience.opens_wide(document, services=False),
}


def lets_in(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether a document lets in whom nobody named: fails where a statement does and no condition narrows it.

    With `providers`, only statements that name one of these identity providers are looked at.
    """
    return _judged(kind, body, options, _WHO[options["who"]])


def administers(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether a document allows everything on everything."""
    return _judged(kind, body, options, lambda document: grants.administers([document]))


def escalates(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether whoever holds a document can give himself more rights."""
    return _judged(kind, body, options, lambda document: grants.escalates([document], options["ways"]))


def allows_on_any(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether a document allows one of some actions on any resource."""
    return _judged(kind, body, options, lambda document: grants.allows_on_any([document], options["actions"]))


def restrictable_on_any(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether a document allows, on any resource, an action that IAM lets limit to resources."""
    return _judged(kind, body, options, lambda document: grants.allows_on_any([document], restrictable(document)))


def _judged(kind: str, body: Body, options: Options, ask: Callable[[Document], Answer]) -> Judged | None:
    """The worst of the answers for the documents of a block that the question is about; None where it holds none."""
    table: Table = options["documents"]
    named = options.get("providers", ())
    helds = [part for held in table.held(kind, body) if (part := about(held, options["of"], named)) is not None]
    if not helds:
        return None
    answers = [(held, _certain(ask(held.document)) if named else ask(held.document)) for held in helds]
    failed = [(held, answer) for held, answer in answers if answer.value is True and held.surely]
    if failed:
        return Judged(FAILED, keys=tuple(_places(failed)), values=_shown(failed))
    causes = [cause for _, answer in answers if answer.value is None for cause in answer.causes]
    causes += [f"dynamic block: {held.path}" for held, answer in answers if answer.value is True]
    if causes or any(answer.value is not False for _, answer in answers):
        return Judged(UNKNOWN, told(causes) or "a document that is not known")
    return Judged(PASSED, keys=tuple(held.path for held in helds if held.path))


def _certain(answer: Answer) -> Answer:
    """An answer about some providers, unknown where it is true of one alone of which it is not known who it is."""
    if answer.value is True and all(place.endswith(NO_HOST) for place in answer.places):
        return unknown("who the identity provider is")
    return answer


# ---- what decided ---------------------------------------------------------------------------------------------------


def _places(failed: Sequence[tuple[Held, Answer]]) -> Iterator[str]:
    """The paths of the statements, those of documents that stand in the block first."""
    for held, answer in failed:
        for number in _numbers(answer):
            yield f"{held.path}/Statement/[{number}]" if held.path else f"statement/[{number}]"


def _numbers(answer: Answer) -> list[int]:
    found = [int(match[1]) for place in answer.places for match in _STATEMENT.finditer(place)]
    return list(dict.fromkeys(found))


def _shown(failed: Sequence[tuple[Held, Answer]]) -> dict[str, str] | None:
    """The statements, by their names; None where a block is one itself: then its arguments are shown."""
    found: dict[str, str] = {}
    for held, answer in failed:
        for number in _numbers(answer):
            statement = held.statement(number)
            if statement is not None:
                name = f"{held.path.replace('/[', '[').replace('/', '.')}.Statement[{number}]".lstrip(".")
                found |= {name: text for text in decided({"Statement": statement}, ("Statement",)).values()}
    return dict(list(found.items())[:_MOST_SHOWN]) or None
