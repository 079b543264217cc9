"""The coverage of the catalogue: the controls of each framework by degree of automation, and what supports them."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.content import Automation, Control, Framework, Library


def summary(library: Library) -> Iterator[str]:
    """Yield a few lines per framework: controls, their policies and items of manual evidence, by automation."""
    yield f"{len(library.policies)} policies on {len(library.types)} resource types"
    for framework in library.frameworks.values():
        yield f"{framework.id}: {len(framework.controls)} controls"
        for kind in Automation:
            yield f"  {kind.value:8}{_counted([item for item in framework.controls if item.automation is kind])}"


def _counted(controls: list[Control]) -> str:
    policies = {link.policy for control in controls for link in control.policies}
    evidence = {name for control in controls for name in control.evidence}
    planned = {name for control in controls for name in control.planned}
    counts = f"{len(controls):4} controls  {len(policies):4} policies  {len(evidence):3} items of manual evidence"
    return counts + (f"  ({len(planned)} policies planned)" if planned else "")


def by_control(library: Library) -> Iterator[str]:
    """Yield every control with its policies and its manual evidence."""
    for framework in library.frameworks.values():
        for kind in Automation:
            yield from _controls(framework, kind)


def _controls(framework: Framework, kind: Automation) -> Iterator[str]:
    controls = [item for item in framework.controls if item.automation is kind]
    yield f"{framework.id}, {kind.value}: {len(controls)} controls"
    for control in controls:
        yield f"  {control.id}  {control.title.en}"
        for word, names in _support(control):
            yield f"    {word}: {', '.join(names)}"


def _support(control: Control) -> Iterator[tuple[str, list[str]]]:
    supports = (
        ("policies", [f"{link.policy} ({link.strength})" for link in control.policies]),
        ("planned", list(control.planned)),
        ("manual evidence", list(control.evidence)),
    )
    return ((word, names) for word, names in supports if names)
