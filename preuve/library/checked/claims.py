"""Checks the claims of controls: each claim needs policies, and each deciding policy needs a claim."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.content import Control
from preuve.model.errors import Problem


def claims(control: Control) -> Iterator[Problem]:
    """Yield the problems of a control's claims."""
    yield from _carried(control)
    named = {name for claim in control.claims for name in claim.policies}
    silent = [link.policy for link in control.policies if link.decides and link.policy not in named]
    if silent and control.claims:
        said = f"{control.id}: {', '.join(silent)} decides the status, but no claim names it"
        yield Problem(control.position, said, "say what it tests in a claim, or link it as supporting")


def _carried(control: Control) -> Iterator[Problem]:
    """Yield a problem for a claim with policies of another control, or without a built policy."""
    built = {link.policy for link in control.policies}
    for claim in control.claims:
        said = f"{control.id}: the claim {claim.text.en[:60]!r}"
        foreign = [name for name in claim.policies if name not in built and name not in control.planned]
        if foreign:
            hint = "name policies that the control lists"
            yield Problem(
                control.position, f"{said} rests on {', '.join(foreign)}, which the control does not list", hint
            )
        elif built.isdisjoint(claim.policies):
            hint = "leave it out until one of them is built"
            yield Problem(control.position, f"{said} rests on planned policies alone", hint)
