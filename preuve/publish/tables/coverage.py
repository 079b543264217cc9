"""The coverage of the catalogue: the controls of each framework by degree of automation, and their policies and
evidence.
"""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.content import Automation, Control, Framework, Library
from preuve.publish.words.locale import Locale


def summary(library: Library, locale: Locale) -> Iterator[str]:
    """Yield a few lines per framework: controls, their policies and items of manual evidence, by automation."""
    yield locale("lint.types", policies=len(library.policies), types=len(library.types))
    words = {kind: locale.word("automation", kind) for kind in Automation}
    width = max(map(len, words.values()))
    for framework in library.frameworks.values():
        yield locale("lint.framework", framework=framework.id, n=len(framework.controls))
        for kind in Automation:
            controls = [item for item in framework.controls if item.automated() is kind]
            if controls:
                yield f"  {words[kind]:{width}} {_counted(controls, locale)}"


def _counted(controls: list[Control], locale: Locale) -> str:
    policies = {link.policy for control in controls for link in control.policies}
    evidence = {name for control in controls for name in control.evidence}
    planned = {name for control in controls for name in control.planned}
    return locale(
        "lint.counts",
        controls=f"{len(controls):4}",
        policies=f"{len(policies):4}",
        items=f"{len(evidence):3}",
        planned=len(planned) or "",
    )


def by_control(library: Library, locale: Locale) -> Iterator[str]:
    """Yield every control with its policies and its manual evidence."""
    for framework in library.frameworks.values():
        for kind in Automation:
            yield from _controls(framework, kind, locale)


def _controls(framework: Framework, kind: Automation, locale: Locale) -> Iterator[str]:
    controls = [item for item in framework.controls if item.automated() is kind]
    if not controls:
        return
    yield locale("lint.automation", framework=framework.id, automation=locale.word("automation", kind), n=len(controls))
    for control in controls:
        yield f"  {control.id}  {control.title.in_language(locale.language)}"
        yield from (f"    {line}" for line in _support(control, locale))


def _support(control: Control, locale: Locale) -> Iterator[str]:
    if control.policies:
        named = [f"{link.policy} ({locale.word('strength', link.strength)})" for link in control.policies]
        yield locale("lint.policies", names=", ".join(named))
    if control.planned:
        yield locale("lint.planned", names=", ".join(control.planned))
    if control.evidence:
        yield locale("lint.evidence", names=", ".join(control.evidence))
