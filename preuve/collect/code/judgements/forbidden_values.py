"""The judgement on arguments whose values must match none of some patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.bodies import Body, leaves
from preuve.collect.code.judgements.documents.values import text_of
from preuve.collect.code.judgements.relations.neighbourhood import KEY
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, is_marked, is_opaque, made_causes, shown
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told
from preuve.documents.answer import NO, Answer, any_of, known, unknown
from preuve.documents.document import Unknown
from preuve.documents.patterns import text_meets

Options = Mapping[str, Any]

_NAME = "\ufffd"  # replaces a name: no pattern contains it
_DATA = "data."
_OF_DATA = re.compile(r"(^|\.)data\.")


def forbids(kind: str, body: Body, options: Options) -> Ruling | None:
    """Return whether no value of some arguments matches a pattern with wildcards; None if none of the arguments is set.

    With `silent`, return None if no value matches: the question does not concern such a block. With `known`, a value
    counts as known only if it matches one of these patterns, or is exactly the name of a resource in the code. Where a
    data source is among the blocks, whatever uses what it looks up has its result: each use is a grant of its own.
    """
    found = [
        (path, _forbidden(value, patterns, body, options))
        for argument, patterns in options["values"][kind].items()
        for path, value in _at(body, argument.split("."), "")
    ]
    if wrong := [path for path, answer in found if answer.value is True]:
        return Ruling(FAILED, keys=tuple(wrong))
    if causes := [cause for _, answer in found for cause in answer.causes]:
        return Ruling(UNKNOWN, told(causes))
    return None if not found or options.get("silent") else Ruling(PASSED, keys=tuple(path for path, _ in found))


def _forbidden(value: Any, patterns: Iterable[str], body: Body, options: Options) -> Answer:
    matched = any_of(matches(pattern, value) for pattern in patterns)
    if matched.value is True:
        return matched
    sources = [kind for kind in options["values"] if kind.startswith(_DATA)]
    names = made_causes(value) if sources else ()
    if names and (_is_name(value) or any(f".{kind}." in f".{name}" for kind in sources for name in names)):
        return any_of(_looked_up(name, body, options) for name in names)
    listed = options.get("known")
    if not listed or any(matches(pattern, value).value is True for pattern in listed):
        return matched
    return any_of([matched, _not_known(shown(str(value)))])


def _looked_up(name: str, body: Body, options: Options) -> Answer:
    """Return the answer for the data source that gives a name; a resource is judged at its own block."""
    if not _OF_DATA.search(name):
        return NO
    beside = body.get(KEY)
    found = beside.all.looked_up(name.rpartition(".")[0]) if beside else None
    kind = f"{_DATA}{found[0].type}" if found else ""
    judged = forbids(kind, found[1], options) if found and kind in options["values"] else None
    if judged is None or judged.result == UNKNOWN:
        return _not_known(shown(name))
    return NO if judged.result == PASSED else known(True)


def _not_known(what: str) -> Answer:
    return unknown(f"what this policy grants: {what}")


def matches(pattern: str, value: Any) -> Answer:
    """Return whether a value matches a pattern. The name of something that the code makes or looks up matches no
    pattern, nor any part of one.
    """
    text = text_of(value) if is_marked(value) else str(value)
    if isinstance(text, Unknown) and text.plain:
        return text_meets(pattern, _NAME.join(text.known)) if any(text.known) else NO
    return text_meets(pattern, text)


def _is_name(value: Any) -> bool:
    """Return whether a text consists only of names of things that the code makes or looks up."""
    text = text_of(value) if is_marked(value) else None
    return isinstance(text, Unknown) and text.plain and not any(text.known)


def _at(body: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """Yield the texts at a path, each with its place; a value that may contain the path and is not read is unknown."""
    if not steps:
        items = list(leaves(body))
        for number, leaf in enumerate(items):
            if leaf is not None and not isinstance(leaf, Mapping):
                yield f"{place}/[{number}]" if len(items) > 1 else place, leaf
        return
    for item in leaves(body):
        if is_opaque(item):
            yield place, item
        elif isinstance(item, Mapping):
            here = f"{place}/{steps[0]}" if place else steps[0]
            yield from _at(item.get(steps[0], item.get(OPEN)), steps[1:], here)
            if any(steps[0] in loop for loop in leaves(item.get("dynamic")) if isinstance(loop, Mapping)):
                yield here, f"{OPAQUE}${{dynamic block: {here}}}"
