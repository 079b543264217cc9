"""Judgements of our own in Checkov's registries, so that its runners ask them as they ask its checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks.base_check import BaseCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.module.registry import module_registry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry

from preuve.collect.iac.judgements import JUDGEMENTS, Judged
from preuve.collect.iac.literal_secrets import PROVIDER

TEMPLATE = "template"  # a resource of CloudFormation, as a kind of block
_REGISTRIES = {
    "resource": resource_registry,
    "data": data_registry,
    "provider": provider_registry,
    "module": module_registry,
    TEMPLATE: cfn_registry,
}
_CLOUDFORMATION = "cloudformation"


class OwnCheck(BaseCheck):  # type: ignore[misc] # Checkov's class has no types
    """A rule that names a judgement, asked of the blocks of one kind."""

    def __init__(self, rule: Mapping[str, Any], block: str, types: tuple[str, ...]) -> None:
        about = rule["metadata"]
        super().__init__(about["name"], about["id"], [CheckCategories[about["category"]]], types, block)
        self._options = dict(rule["judgement"])
        self._judgement = JUDGEMENTS[self._options.pop("ask")]

    def judge(self, kind: str, body: Mapping[str, Any]) -> Judged | None:
        """What the judgement says of a block, of templates of its properties; None where it is not about it."""
        name = f"{PROVIDER}{kind}" if self.block_type == "provider" else kind
        return self._judgement.ask(name, body, self._options)

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        """Checkov's way to ask, which loses the cause: `judge` is asked."""
        judged = self.judge(entity_type, conf)
        return CheckResult[judged.result] if judged else CheckResult.UNKNOWN


def register(rules: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Add the rules that name a judgement, to templates too where they say so.

    Answers the checks that are asked of Terraform no more beside them.
    """
    replaced: set[str] = set()
    for rule in rules:
        replaced.update(rule.get("instead_of") or ())
        if rule.get("judgement"):
            for block, types in _types(rule["judgement"]).items():
                if block != TEMPLATE or _CLOUDFORMATION in (rule.get("also") or ()):
                    _REGISTRIES[block].register(OwnCheck(rule, block, types))
    return frozenset(replaced)


def _types(judgement: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The types that a judgement is asked of, by the kind of block: those that its rule names, if it names any."""
    named = judgement.get("resources")
    if named is None:
        return JUDGEMENTS[judgement["ask"]].types
    templates = tuple(name for name in named if "::" in name)
    return {"resource": tuple(name for name in named if name not in templates), TEMPLATE: templates}
