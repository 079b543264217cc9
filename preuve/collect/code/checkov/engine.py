"""Checkov, set up to say everything: only the mapped checks, every evaluation kept, no suppression obeyed.

Checkov keeps its registries and its logger in module globals, so this belongs in a worker process. None of its runners
runs here: they obey skip comments, and drop UNKNOWN and exceptions. The engine asks each check itself. The changes to
Checkov for correctness are in `correctness_patches.py`, those for speed in `speed_patches.py`.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from checkov.cloudformation.checks.resource.BaseCloudsplainingIAMCheck import BaseCloudsplainingIAMCheck
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.module.registry import module_registry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry
from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import BaseTerraformCloudsplainingIAMScanner

from preuve.collect.code.checkov.check_sources import asks_presence, reads_of
from preuve.collect.code.checkov.correctness_patches import FAILURE, say_everything
from preuve.collect.code.checkov.graph_types import types_of
from preuve.collect.code.checkov.own_checks import TEMPLATE, OwnCheck, register
from preuve.collect.code.checkov.rules import conditional, looks_at, make_exact, parse, settle_rule, undecided_at
from preuve.collect.code.checkov.shapes.companions import (
    REGION,
    connects,
    regions_refused,
    unproven_beside,
    values_beside,
)
from preuve.collect.code.checkov.shapes.providers import FROM_PROVIDER
from preuve.collect.code.checkov.unreported_blocks import unanswered
from preuve.collect.code.job import Line
from preuve.collect.code.judgements.answer import SEARCHED, WHOLE
from preuve.collect.code.judgements.documents.block_documents import Table
from preuve.collect.code.judgements.networks.template_rules import CHECKS
from preuve.collect.code.judgements.relations.reference_contents import contents_of_references
from preuve.collect.code.verdict.deciding_values import decided
from preuve.collect.code.verdict.grounds import Ground, grounds, hashed_by_kind, keys_alike, text_of
from preuve.collect.code.verdict.reads import read_of, without_makers
from preuve.collect.code.verdict.tags import Tags, tags_of
from preuve.collect.code.verdict.verdict import (
    FAILED,
    PASSED,
    UNKNOWN,
    settle,
)
from preuve.library.json_data import maps
from preuve.model.company.grounds import Kind
from preuve.model.known_types import NONE, KnownTypes
from preuve.model.snapshot import NO_PROVIDER

_BROKEN = "the check failed: "

_BY_KIND = {
    "resource": resource_registry,
    "data": data_registry,
    "provider": provider_registry,
    "module": module_registry,
}
TERRAFORM_REGISTRIES = tuple(_BY_KIND.values())
_NEIGHBOUR = "connected_node"  # Checkov's key of a block for one that a connection joins it to
_OF_RIGHTS = (BaseTerraformCloudsplainingIAMScanner, BaseCloudsplainingIAMCheck)


@dataclass(frozen=True)
class Outcome:
    """One evaluation of one check on one block; `result` is None where the check does not apply."""

    result: str | None
    detail: str
    keys: tuple[str, ...] = ()
    tags: Tags | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # of a verdict: what decided
    grounds: tuple[str, ...] = ()  # of a failure: texts of what makes it one
    around: tuple[Ground, ...] = ()  # of a failure: what else it rests on
    beside: tuple[tuple[str, str], ...] = ()  # of a failure: addresses of blocks that decided, with paths in them

    def verdict(self, check: str) -> Line:
        """Return the verdict in a line of the snapshot."""
        found: Line = {"check": check, "result": self.result, "keys": list(self.keys)}
        return found | {"detail": self.detail, "tags": self.tags}

    def decisive(self, origins: Mapping[str, str] = MappingProxyType({})) -> Line:
        """Return what decided, in a line of the snapshot; `origins` says where values come from, by their names."""
        found: Line = {"values": dict(self.values)} if self.values else {}
        found |= {"origins": dict(origins)} if origins else {}
        rests = hashed_by_kind((*((Kind.CAUSE, text) for text in self.grounds), *self.around))
        return found | ({"grounds": list(rests)} if rests and self.result == FAILED else {})


def is_broken(outcome: Outcome) -> bool:
    """Return whether the check raised instead of saying anything."""
    return outcome.result == UNKNOWN and outcome.detail.startswith(_BROKEN)


def graph_registries() -> list[Any]:
    """Return Checkov's registries of graph checks, for Terraform and for templates. It reads their files once."""
    logging.getLogger().setLevel(logging.ERROR)
    graphs = [get_graph_checks_registry(name) for name in ("terraform", "cloudformation")]
    for registry in graphs:
        registry.load_checks()
    return graphs


class Engine:
    """The registries, pruned and instrumented. One for each process."""

    def __init__(
        self,
        checks: frozenset[str],
        rules: Iterable[Mapping[str, Any]] = (),
        documents: Mapping[str, Any] = MappingProxyType({}),
        standing: frozenset[str] = frozenset(),
        quiet: KnownTypes = NONE,
        whole: frozenset[str] = frozenset(),
        by_tags: frozenset[str] = frozenset(),
    ) -> None:
        self.checks, self.rules = checks, tuple(rules)
        self.broken: dict[str, str] = {}  # graph checks that broke on this root: id -> exception
        graphs = graph_registries()
        ours = [rule for rule in self.rules if rule["scope"]["provider"] in ("aws", "cloudformation")]
        graphs[0].checks += [parse(rule, graphs[0].parser) for rule in ours if rule["definition"]]
        self.documents = Table.of(documents)
        self.placed = frozenset(_asked_by_place(ours))
        self.standing, self.quiet, self.whole, self.by_tags = standing, quiet, whole, by_tags
        replaced = frozenset(check for rule in ours for check in rule.get("instead_of") or ())
        known = {check.id for registry in (*TERRAFORM_REGISTRIES, cfn_registry) for _, check in registry.all_checks()}
        known |= {check.id for registry in graphs for check in registry.checks}
        self.unknown_checks = tuple(sorted(id for id in checks - known if id.startswith(("CKV_AWS_", "CKV2_AWS_"))))
        for registry in (*TERRAFORM_REGISTRIES, cfn_registry):
            _prune(registry, checks - (CHECKS.keys() if registry is cfn_registry else replaced))
        register((rule for rule in ours if rule["metadata"]["id"] in checks), checks, self.documents)
        for registry in graphs:
            asked = checks - replaced if registry is graphs[0] else checks
            registry.checks = sorted((check for check in registry.checks if check.id in asked), key=lambda c: c.id)
        both = ((resource_registry, graphs[0]), (cfn_registry, graphs[1]))
        self.types = {  # the types that some check looks at; a check of every block names none
            kind: _examined(registry).union(*(types_of(check, self.documents.whole) for check in graph.checks))
            for kind, (registry, graph) in zip(("terraform", "cloudformation"), both, strict=True)
        }
        for check in (*graphs[0].checks, *graphs[1].checks):
            make_exact(check.solver)
            conditional(check)
        say_everything()

    def checks_of(self, kind: str, type_: str) -> list[Any]:
        """Return the checks that look at blocks of a kind and type one by one."""
        return list(_BY_KIND[kind].get_checks(type_))

    def judge(self, check: Any, file: str, configuration: Mapping[str, Any], name: str, kind: str) -> Outcome:
        """Run a check on one block. The verdict counts only if it rests on known values."""
        if isinstance(check, OwnCheck):
            return _own(check, configuration, kind)
        return _judged(check, file, configuration, name, kind)

    def graph_outcomes(self, graph: Any, kind: str = "terraform") -> Iterator[tuple[Any, dict[str, Any], Outcome]]:
        """Run the graph checks on the blocks of a root or a template; yield the check, the attributes of the block, and
        the outcome.
        """
        registry = get_graph_checks_registry(kind)
        for check in registry.checks:
            results: dict[Any, list[Any]] = {}
            try:
                registry.run_check_parallel(check, results, graph)
            except Exception as error:  # noqa: BLE001 - boundary: a check of Checkov that breaks is a gap, not a silence
                self.broken[check.id] = type(error).__name__
            answered = results.get(check, [])
            for result in answered:
                outcome = self._graph_outcome(check, result, graph)
                if outcome.result is not None:
                    yield check, result["entity"], outcome
            for entity, why in list(unanswered(check, graph, answered)):
                tags = tags_of({key: value for key, value in entity.items() if not key.endswith("_")})
                yield check, entity, Outcome(UNKNOWN, why, tags=tags)

    def _graph_outcome(self, check: Any, result: dict[str, Any], graph: Any) -> Outcome:
        entity = result["entity"]
        failure = entity.pop(FAILURE, "")
        attributes = {key: value for key, value in entity.items() if not key.endswith("_") and key != _NEIGHBOUR}
        tags = tags_of(attributes)
        if failure:
            return Outcome(UNKNOWN, f"{_BROKEN}{failure}", _looked_at(result), tags=tags)
        final, detail = settle_rule(check, result["result"].value, attributes)
        keys = looks_at(check, entity, final)
        keys = (undecided_at(check, attributes) if final == UNKNOWN else ()) or keys
        refused = regions_refused(check, entity, graph) if final == FAILED else {}
        wrong = {f"{type_}.{REGION}": json.dumps(region) for type_, region in refused.items() if region is not None}
        if refused and not wrong:
            return Outcome(UNKNOWN, f"{NO_PROVIDER}{REGION}", keys, tags=tags)
        if (why := unproven_beside(check, entity, graph, keys, final)) or final == UNKNOWN:
            return Outcome(UNKNOWN, why or detail, keys, tags=tags)
        beside = wrong or values_beside(check, entity, graph)
        own = {name: text for name, text in _decided(final, attributes, keys).items() if text or not connects(check)}
        rests = (*_grounds(final, attributes, keys), *(text_of(*one) for one in beside.items()))
        # A check that reads no argument of a block fails because a neighbour is missing.
        return Outcome(final, "", keys, tags=tags, values=own | beside, grounds=rests or (check.id,))


def _judged(check: Any, file: str, body: Mapping[str, Any], name: str, kind: str) -> Outcome:
    """Return the outcome of a check of Checkov on a block."""
    for scanner in _OF_RIGHTS:  # a check with a cached policy would not read the block
        scanner.policy_document_cache.clear()
    answer = attempt(check, file, without_makers(body), name, kind)
    attributes = _properties(body)
    keys = _looked_at(answer)
    if FAILURE in answer:
        return Outcome(UNKNOWN, f"{_BROKEN}{answer[FAILURE]}", keys)
    seen = tuple(key.removeprefix("Properties/") for key in keys)  # as in `attributes`
    reads = reads_of(check, attributes, seen, read_of(body))
    tags = tags_of(attributes)
    settled = settle(answer["result"].value, reads, presence=asks_presence(check))
    if settled is None and isinstance(check, _OF_RIGHTS):  # UNKNOWN has only this meaning here
        unread = "no statement of the policy could be read: it is not JSON that AWS accepts, or is not in the code"
        return Outcome(UNKNOWN, unread, keys, tags=tags)
    final, detail = settled or (None, "")
    values = _decided(final, attributes, keys)
    if CheckCategories.SECRETS in getattr(check, "categories", ()):  # a match is a secret; no other value is reported
        removed = {name: text and "[removed: secret]" for name, text in values.items()}
        values = removed if final == FAILED else {WHOLE: SEARCHED} if final == PASSED else {}
    return Outcome(final, detail, keys, tags=tags, values=values, grounds=_grounds(final, attributes, keys))


_A_BLOCK = re.compile(r"aws_|AWS::")  # a type of resource; no argument has such a name


def _properties(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a block of Terraform, or the properties of a resource of CloudFormation."""
    properties = body.get("Properties")
    if "Type" in body and "Properties" in body:
        return properties if isinstance(properties, Mapping) else {}
    return body


def _own(check: OwnCheck, body: Mapping[str, Any], kind: str) -> Outcome:
    """Return the outcome of a judgement of our own: it is final."""
    body = _properties(body) if check.block_type == TEMPLATE else body
    try:
        found = check.judge(kind, body)
    except Exception as error:  # noqa: BLE001 - boundary, as in `attempt`
        return Outcome(UNKNOWN, f"{_BROKEN}{type(error).__name__}")
    if found is None:
        return Outcome(None, "")
    values = _decided(found.result, body, found.keys) if found.values is None else found.values
    if found.result == PASSED or found.beside:  # a neighbouring block that is not in the body does not count as unset
        values = {name: text for name, text in values.items() if text or not _A_BLOCK.match(name)}
    # Where a block beside decided, it is there: that there is none is no cause.
    there = {name.partition(".")[0] for name in found.told} if found.beside else set[str]()
    rests = found.grounds or _grounds(found.result, body, [key for key in found.keys if key not in there])
    if found.beside:
        rests += tuple(text_of(name, text) for name, text in found.told.items())
    if found.result == FAILED:  # what it names may fail for what that holds
        rests += contents_of_references(body, found.keys)
    around = tuple((Kind.RESTRAINT, text) for text in found.restraints)
    told = {**values, **found.told}
    tags = tags_of(body)
    return Outcome(
        found.result,
        found.detail,
        found.keys,
        tags=tags,
        values=told,
        grounds=rests,
        around=around,
        beside=found.beside,
    )


def _decided(result: str | None, attributes: Any, keys: Iterable[str]) -> dict[str, str]:
    told = [*keys, *keys_alike(attributes, keys)] if result == FAILED else keys  # a check may stop at the first
    return decided(attributes, told) if result in (PASSED, FAILED) else {}


def _grounds(result: str | None, attributes: Any, keys: Iterable[str]) -> tuple[str, ...]:
    return grounds(attributes, keys) if result == FAILED else ()


def _looked_at(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths that a check says it looked at."""
    return tuple(sorted({str(key) for key in answer.get("evaluated_keys") or () if key}))


def attempt(check: Any, file: str, configuration: Any, name: str, kind: str) -> dict[str, Any]:
    """Run a check without showing it any skip comment."""
    try:
        answer: dict[str, Any] = check.run(file, configuration, name, kind, {})
    except Exception as error:  # noqa: BLE001 - boundary: a check of Checkov that breaks is an UNKNOWN, not a silence
        return {"result": CheckResult.UNKNOWN, "evaluated_keys": [], FAILURE: type(error).__name__}
    result = answer["result"]
    found = result[0] if isinstance(result, tuple) else result
    return answer | {"result": found or CheckResult.UNKNOWN}  # some return None for an empty policy


def _examined(registry: Any) -> frozenset[str]:
    """Return the types of resources that the checks of a registry examine one by one, and look for beside these."""
    own = {check for checks in registry.checks.values() for check in checks if isinstance(check, OwnCheck)}
    return frozenset(
        kind
        for kind, checks in registry.checks.items()
        if any(not isinstance(check, OwnCheck) or check.examines(kind) for check in checks)
    ).union(*(check.looks_beside for check in own))


def _asked_by_place(rules: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the types of resources of which a judgement asks the region of their provider."""
    for rule in rules:
        for kind, condition in ((rule.get("judgement") or {}).get("resources") or {}).items():
            if any(one.get("at") == FROM_PROVIDER for one in maps({kind: condition})):
                yield kind


def _prune(registry: Any, checks: Set[str]) -> None:
    for by_type in (registry.checks, registry.wildcard_checks):
        for name in list(by_type):
            by_type[name] = [check for check in by_type[name] if check.id in checks]
            if not by_type[name]:
                del by_type[name]
