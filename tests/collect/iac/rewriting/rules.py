"""All rules."""

from __future__ import annotations

from collect.iac.rewriting.blocks import BLOCKS
from collect.iac.rewriting.documents import DOCUMENTS
from collect.iac.rewriting.layout import LAYOUT
from collect.iac.rewriting.literals import LITERALS
from collect.iac.rewriting.modules import MODULES
from collect.iac.rewriting.rule import Rule
from collect.iac.rewriting.values import VALUES

RULES: tuple[Rule, ...] = (*VALUES, *LITERALS, *DOCUMENTS, *BLOCKS, *MODULES, *LAYOUT)
AS_IT_IS = next(rule for rule in RULES if rule.name == "as-it-is")
