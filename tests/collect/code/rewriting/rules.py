"""All rules."""

from __future__ import annotations

from collect.code.rewriting.blocks import BLOCKS
from collect.code.rewriting.documents import DOCUMENTS
from collect.code.rewriting.layout import LAYOUT
from collect.code.rewriting.literals import LITERALS
from collect.code.rewriting.modules import MODULES
from collect.code.rewriting.rule import Rule
from collect.code.rewriting.values import VALUES

RULES: tuple[Rule, ...] = (*VALUES, *LITERALS, *DOCUMENTS, *BLOCKS, *MODULES, *LAYOUT)
AS_IT_IS = next(rule for rule in RULES if rule.name == "as-it-is")
