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
from preuve.collect.iac.secret_places import DATA, PROVIDER

TEMPLATE = "template"  # a resource of CloudFormation, as a kind of block
_REGISTRIES = {
    "resource": resource_registry,
    "data": data_registry,
    "provider": provider_registry,
    "module": module_registry,
    TEMPLATE: cfn_registry,
}
_PREFIXES = {"provider": PROVIDER, "data": DATA}
_CLOUDFORMATION = "cloudformation"


class OwnCheck(BaseCheck):  # type: ignore[misc] # Checkov's class has no types
    """A rule that names a judgement, asked of the blocks of one kind."""

    def __init__(self, rule: Mapping[str, Any], block: str, types: tuple[str, ...]) -> None:
        about = rule["metadata"]
        super().__init__(about["name"], about["id"], [CheckCategories[about["category"]]], types, block)
        self._options = dict(rule["judgement"])
        self._judgement = JUDGEMENTS[self._options.pop("ask")]

    def judge(self, kind: str, body: Mapping[str, Any]) -> Judged | None:
        """What the judgement says of a block, of a template the properties; None where it is not about it."""
        name = f"{_PREFIXES.get(self.block_type, '')}{kind}"
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
            for block, types in JUDGEMENTS[rule["judgement"]["ask"]].types.items():
                if block != TEMPLATE or _CLOUDFORMATION in (rule.get("also") or ()):
                    _REGISTRIES[block].register(OwnCheck(rule, block, types))
    return frozenset(replaced)
