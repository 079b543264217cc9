"""The contents of the resources that a value references. A failure rests on what the judgement found there, such as the
ranges of a prefix list, and not only on the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from preuve.collect.code.judgements.attributes import names_itself
from preuve.collect.code.judgements.bodies import Body, leaves
from preuve.collect.code.judgements.relations.neighbourhood import KEY
from preuve.collect.code.verdict.deciding_values import looked_at
from preuve.collect.code.verdict.grounds import contents
from preuve.collect.code.verdict.marks import MADE, OPAQUE

_NAME = re.compile(rf"[{OPAQUE}{MADE}]\$\{{(?P<of>[^{{}}]+?)(?:\.(?P<attribute>\w+))?\}}")


def contents_of_references(body: Body, keys: Iterable[str]) -> tuple[str, ...]:
    """Return a text for each piece of content behind the references at some paths of a block: of the block that a
    reference names or looks up, and of the blocks that add to it.
    """
    beside: Any = body.get(KEY)
    values = (value for key in keys for _, value in looked_at(body, key)) if beside is not None else ()
    named = (_NAME.fullmatch(leaf) for value in values for leaf in leaves(value) if isinstance(leaf, str))
    return tuple(dict.fromkeys(text for found in named if found for text in _held(beside, found)))


def _held(beside: Any, found: re.Match[str]) -> Iterator[str]:
    is_name = partial(names_itself, attribute=found["attribute"] or "")
    for type_, held in beside.all.held_under(found["of"], is_name):
        yield from contents(type_, held)
