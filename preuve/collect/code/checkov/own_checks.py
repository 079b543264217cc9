"""preuve's own judgements in Checkov's registries, which list the checks for a type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.module.registry import module_registry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.documents.block_documents import DATA, Table
from preuve.collect.code.judgements.judgements import JUDGEMENTS
from preuve.collect.code.judgements.networks.template_rules import CHECKS
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.secrets.places import PROVIDER
from preuve.collect.code.verdict.verdict import PASSED, UNKNOWN, UNRESOLVED
from preuve.library.json_data import maps

TEMPLATE = "template"  # a resource of CloudFormation, as a kind of block
_REGISTRIES = {
    "resource": resource_registry,
    "data": data_registry,
    "provider": provider_registry,
    "module": module_registry,
    TEMPLATE: cfn_registry,
}
_CLOUDFORMATION = "cloudformation"
_OF_TEMPLATES = "AWS::"
_DATA = "data."
_LOOKED_UP = f"{_DATA}aws_iam_policy"
_PREFIXES = {"data": _DATA, "provider": PROVIDER}


class OwnCheck:
    """A rule that names a judgement, for the blocks of one kind."""

    def __init__(self, rule: Mapping[str, Any], block: str, types: tuple[str, ...], table: Table) -> None:
        self.id = str(rule["metadata"]["id"])
        self.block_type, self.supported_entities = block, types
        self._options = {**rule["judgement"], "documents": table}
        self._judgement = JUDGEMENTS[self._options.pop("ask")]
        self._of_rights = self._judgement.of_documents or "values" in self._options
        self._of_regions = frozenset(rule.get("of_regions") or ())
        self._whole = table.whole

    @property
    def looks_beside(self) -> frozenset[str]:
        """The types of blocks that it looks for as neighbours of the current one."""
        return frozenset(str(one["beside"]) for one in maps(self._options.get("resources", {})) if "beside" in one)

    @property
    def joins(self) -> bool:
        """Whether it judges what several blocks give together."""
        return "holders" in self._options

    def examines(self, kind: str) -> bool:
        """Return whether it examines a type by what makes it such a type: more than for regions, which any resource may
        name, and for a document next to other arguments.
        """
        return kind in self._whole or not (self._judgement.of_documents or kind in self._of_regions)

    def judge(self, kind: str, body: Mapping[str, Any]) -> Ruling | None:
        """Judge a block of Terraform or the properties of a template's resource; None if the judgement does not
        apply.
        """
        name = f"{_PREFIXES[self.block_type]}{kind}" if self.block_type in _PREFIXES else kind
        if name == _LOOKED_UP and self._of_rights and BESIDE in body and body[BESIDE].grants_nothing():
            return None
        found = self._judgement.ask(name, body, self._options)
        own = self._judgement.added_to.get(name)
        if found is None or found.result != PASSED or own is None or BESIDE not in body:
            return found
        call = body[BESIDE].unseen_user(own)
        return replace(found, result=UNKNOWN, detail=f"{UNRESOLVED}{call}") if call else found


def register(rules: Iterable[Mapping[str, Any]], checks: Set[str], table: Table) -> None:
    """Register the rules that name a judgement, for templates too if they state so. In templates, judgements take the
    place of some of Checkov's `checks` (`template_rules.py`).
    """
    for rule in rules:
        for block, types in _types(rule.get("judgement"), table).items():
            if block != TEMPLATE or _CLOUDFORMATION in (rule["scope"]["provider"], *(rule.get("also") or ())):
                _REGISTRIES[block].register(OwnCheck(rule, block, types, table))
    for check in sorted(CHECKS.keys() & checks):
        asked = {"ask": "open_ports", "ports": CHECKS[check]}
        rule = {"metadata": {"id": check}, "judgement": asked}
        cfn_registry.register(OwnCheck(rule, TEMPLATE, JUDGEMENTS["open_ports"].types[TEMPLATE], table))


def _types(judgement: Mapping[str, Any] | None, table: Table) -> Mapping[str, tuple[str, ...]]:
    """Return the types of blocks that a rule judges, by kind of code."""
    if not judgement:
        return {}
    about = JUDGEMENTS[judgement["ask"]]
    if about.named_by:
        return _by_kind(judgement[about.named_by])
    if about.of_documents:
        return _by_kind((DATA, *table.types(frozenset(judgement["of"]))))
    return about.types


def _by_kind(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Group types of blocks by their kind: `data.aws_iam_policy` is a data source."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        kind = TEMPLATE if name.startswith(_OF_TEMPLATES) else "data" if name.startswith(_DATA) else "resource"
        found[kind].append(name.removeprefix(_DATA))
    return {kind: tuple(types) for kind, types in found.items()}
