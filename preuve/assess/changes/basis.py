"""What the results of a policy rest on: the meaning of its rule, and the code that was not read for it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from preuve.assess.code.findings import open_gaps
from preuve.model.content import Library, Policy
from preuve.model.results import PolicyResult
from preuve.model.snapshot import Snapshot

_PARAMETER = re.compile(r"params\.([a-z][a-z0-9_]*)")


def with_basis(
    results: Mapping[str, PolicyResult],
    policies: Iterable[Policy],
    library: Library,
    params: Mapping[str, Any],
    snapshot: Snapshot,
) -> dict[str, PolicyResult]:
    """Return the results with what they rest on, so that a later run knows whether it asked the same question of the
    same code.
    """
    known = {policy.id: (rule_of(policy, library, params), _unread(policy, snapshot)) for policy in policies}
    none: tuple[str, tuple[str, ...]] = ("", ())
    found = ((name, result, known.get(name, none)) for name, result in results.items())
    return {name: replace(result, rule=rule, unread=unread) for name, result, (rule, unread) in found}


def rule_of(policy: Policy, library: Library, params: Mapping[str, Any]) -> str:
    """Return a hash of a policy's meaning: conditions, rules for code, parameter values, and the members that make up
    the names of the resources it judges: a resource under a new name was not fixed.
    """
    code = [
        library.code_rules[name] for name in (policy.iac.checkov if policy.iac else ()) if name in library.code_rules
    ]
    texts = [rule.text for rule in code]
    texts += [policy.iac.whole] if policy.iac else []
    named = {*policy.params, *(name for text in texts for name in _PARAMETER.findall(text))}
    values = {name: params[name] for name in sorted(named) if name in params}
    judged = (library.types.get(rule.resource) for rule in policy.aws)
    called = {kind.name: [kind.identity, *kind.beside] for kind in judged if kind and kind.beside}
    text = json.dumps([policy.digest, values, *([called] if called else [])], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _unread(policy: Policy, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the roots with unread code that the policy may concern, such as a missing module."""
    gaps = open_gaps(policy.iac, snapshot.gaps) if policy.iac else ()
    return tuple(sorted({gap.root for gap in gaps}))
