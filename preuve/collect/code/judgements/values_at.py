"""The judgement on values of arguments that must match none of some patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.judgements.answer import Judged
from preuve.collect.code.judgements.bodies import Body, leaves
from preuve.collect.code.judgements.documents.values import text_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, is_marked, is_opaque, shown
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told
from preuve.documents.answer import NO, Answer, any_of, unknown
from preuve.documents.document import Unknown
from preuve.documents.patterns import text_meets

Options = Mapping[str, Any]


def forbids(kind: str, body: Body, options: Options) -> Judged | None:
    """Whether no value of some arguments matches a pattern with wildcards; None where none of them is set.

    With `silent`, None too where none matches: such a block is not what the question is about. With `known`, a value
    that matches one of its patterns is known only where it matches one of those below it too.
    """
    found = [
        (path, any_of([*(_matches(pattern, value) for pattern in patterns), _unlisted(value, options)]))
        for argument, patterns in options["values"][kind].items()
        for path, value in _at(body, argument.split("."), "")
    ]
    if wrong := [path for path, answer in found if answer.value is True]:
        return Judged(FAILED, keys=tuple(wrong))
    if causes := [cause for _, answer in found for cause in answer.causes]:
        return Judged(UNKNOWN, told(causes))
    return None if not found or options.get("silent") else Judged(PASSED, keys=tuple(path for path, _ in found))


def _unlisted(value: Any, options: Options) -> Answer:
    """Not known for a value of a sort of which some are listed, if it is none of these."""
    for sort, patterns in (options.get("known") or {}).items():
        if _matches(sort, value).value is True:
            listed = any_of(_matches(pattern, value) for pattern in patterns)
            return NO if listed.value is True else unknown(f"what this policy of AWS grants: {shown(str(value))}")
    return NO


def _matches(pattern: str, value: Any) -> Answer:
    """Whether a value is one of those; what is but the name of what the code makes is none of them."""
    text = text_of(value) if is_marked(value) else str(value)
    made = isinstance(text, Unknown) and text.plain and not any(text.known)
    return NO if made else text_meets(pattern, text)


def _at(body: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """The texts at a path, each with its place; what may hold it and is not read is not known."""
    if not steps:
        yield from ((place, leaf) for leaf in leaves(body) if leaf is not None and not isinstance(leaf, Mapping))
        return
    for item in leaves(body):
        if is_opaque(item):
            yield place, item
        elif isinstance(item, Mapping):
            here = f"{place}/{steps[0]}" if place else steps[0]
            yield from _at(item.get(steps[0], item.get(OPEN)), steps[1:], here)
            if any(steps[0] in loop for loop in leaves(item.get("dynamic")) if isinstance(loop, Mapping)):
                yield here, f"{OPAQUE}${{dynamic block: {here}}}"
