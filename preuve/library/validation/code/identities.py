"""Matches blocks of code with resources of the account: `scanners/identities.yaml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from preuve.library.validation.rules import Needs
from preuve.library.yaml.documents import Document
from preuve.model.company.workspace import Workspace
from preuve.model.content import WORKSPACE, Library, Naming, Namings
from preuve.model.errors import Problem

FILE = "scanners/identities.yaml"
SCHEMA = "scanners/identities.schema.json"


def build(document: Document) -> Namings:
    """Return the namings of a file."""
    resources = document.data["resources"]
    return Namings(tuple(_entries(document)), frozenset(resources), document.data.get("people", {}))


def _entries(document: Document) -> Iterator[Naming]:
    for resource, data in document.data["resources"].items():
        for key in ("blocks", "parts"):
            for block, argument in data.get(key, {}).items():
                at = document.position("resources", resource, key, block)
                yield Naming(block, resource, at, argument, part=key == "parts", last="id" in data)


def all_namings(bundled: Namings, own: Namings) -> Namings:
    """Return the bundled namings and those that a workspace adds."""
    people = {**bundled.people, **own.people}
    return Namings((*bundled.entries, *own.entries), bundled.resources | own.resources, people)


STACK = "AWS::CloudFormation::Stack"
STACK_RESOURCES = "Resources"  # the member that lists the resources of a stack


def with_stacks(needs: Needs, workspace: Workspace) -> Needs:
    """Add the resources of the account's stacks to what is collected, if templates are in scope."""
    if not workspace.reads_accounts or all(root.kind != "cloudformation" for root in workspace.iac):
        return needs
    return replace(needs, types={**needs.types, STACK: needs.types.get(STACK, frozenset()) | {STACK_RESOURCES}})


def problems(library: Library) -> Iterator[Problem]:
    """Yield blocks that stand twice, types that no collector reads, and types judged on both sides but missing here."""
    namings = library.namings
    times = Counter(naming.block for naming in namings.entries)
    for naming in namings.entries:
        if naming.resource not in library.types:
            yield Problem(naming.position, f"no collector reads {naming.resource}", "fix the type, or remove it")
        if times[naming.block] > 1:
            yield Problem(naming.position, f"{naming.block} occurs twice", "a block makes one resource")
        if naming.part and not naming.argument:
            yield Problem(naming.position, f"{naming.block} does not say what it is a part of", "name the argument")
    for policy in library.policies.values():
        for rule in policy.aws if policy.iac else ():
            declared = library.types.get(rule.resource)
            if declared is None or declared.singleton or declared.scope == WORKSPACE:
                continue  # no block stands for an account or a region
            if rule.resource not in namings.resources:
                hint = f"name the blocks that make one in {FILE}"
                yield Problem(policy.position, f"{policy.id}: {rule.resource} cannot be found in code", hint)
