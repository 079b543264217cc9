"""Two rules, one after the other: a value in other words, in a block that is made in another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from collect.code.rewriting.blocks import ABSENT, BESIDE, DYNAMIC, NULLS, ORDER, REPEATED
from collect.code.rewriting.documents import DOCUMENTS
from collect.code.rewriting.literals import LITERALS
from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.rule import Rule
from collect.code.rewriting.values import VALUES

FIRST: tuple[Rule, ...] = (*VALUES, *LITERALS, *DOCUMENTS)
SECOND: tuple[Rule, ...] = (*REPEATED, *DYNAMIC, *NULLS, *ABSENT, *BESIDE, *ORDER)


def combined(first: Rule, second: Rule) -> Rule:
    """The rule that does what the first does, all at once, and then what the second does."""

    def rewrite(example: Example) -> Iterator[Project]:
        failing = {block.address for block in example.subjects}
        for made in islice(first.rewrite(example), 1):
            blocks = tuple(replace(block, failed=block.address in failing) for block in made.blocks)
            for again in islice(second.rewrite(replace(example, blocks=blocks)), 1):
                yield again.adding(made.extra, made.files)

    return Rule(f"{first.name} + {second.name}", rewrite, first.exact and second.exact)
