"""Everything that must hold between pieces of content, reported at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from preuve.library.company import templates
from preuve.library.validation import absences
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.code import code_rules, fixes, identities
from preuve.library.validation.code.checkov_ids import unknown_checks
from preuve.library.validation.rules import Checker
from preuve.library.yaml.place import content_root
from preuve.model.content import Automation, Control, EvidenceItem, Library, Policy, ScopeLimit
from preuve.model.errors import Position, Problem


@dataclass(frozen=True)
class LintResult:
    """The problems that lint found, and the checked rules for further use."""

    problems: tuple[Problem, ...]
    rules: tuple[CheckedRule, ...]
    checker: Checker


def lint(library: Library, in_doubt: Collection[str] = ()) -> LintResult:
    """Check a loaded library against botocore's models and against itself.

    `in_doubt` are the files that already have a defect. Their content is not known, so an item that names content of
    them, or that they should name, is no problem.
    """
    checker = Checker.of(library, library.policies.values())
    rules: tuple[CheckedRule, ...] = ()
    problems: list[Problem] = []
    if _whole(_CONDITIONS, in_doubt):
        for name in library.types:
            checker.shapes.members(name)
        rules = checker.rules(library.policies.values())
        problems += [*checker.shapes.problems, *checker.problems]
        problems += _scope_limits(library, checker)
        problems += absences.optionals(rules, checker.structs, checker.shapes, absences.read_plainly(content_root()))
    for needs, check in _CHECKS:
        problems += check(library) if _whole(needs, in_doubt) else ()
    return LintResult(tuple(sorted(set(problems))), rules, checker)


def _whole(needs: Iterable[str], in_doubt: Collection[str]) -> bool:
    """Return whether all content of these files and folders is known."""
    return not any(name.startswith(tuple(needs)) for name in in_doubt)


def _planned(library: Library) -> Iterator[Problem]:
    for name in sorted(set(library.planned_policies) & set(library.policies)):
        yield Problem(Position("controls/planned.yaml"), f"{name} is built", "remove it")


def _registers(library: Library) -> Iterator[Problem]:
    """Check that `names` and the identity of a register are members of its entries."""
    for declared in library.types.values():
        if declared.registers:
            named = (*(path.removesuffix("[]") for path in declared.personal), declared.identity)
            named = (*named, *(declared.beside or ()))
            for name in named:
                if name not in declared.declared:
                    yield Problem(declared.position, f"{declared.name} has no member {name}", "fix the name")


def _scope_limits(library: Library, checker: Checker) -> Iterator[Problem]:
    """Check that the members which `beyond` names exist: a missing one would count as a setting that is not set."""
    for framework in library.frameworks.values():
        beyond = framework.beyond or ScopeLimit((), ())
        for key in ("part_of", "copied_to", "named_by", "closed_by"):
            for name, paths in getattr(beyond, key).items():
                members = checker.shapes.members(name) if name in library.types else {}
                named = {path.partition(".")[0].removesuffix("[]") for path in paths}
                for member in sorted(named - {"", *members}):
                    at = Position(f"controls/{framework.id}/framework.yaml")
                    yield Problem(at, f"beyond.{key}: {name} has no member {member}", "fix the name")


def _controls(library: Library) -> Iterator[Control]:
    for framework in library.frameworks.values():
        yield from framework.controls


def _policies(library: Library) -> Iterator[Problem]:
    for policy in library.policies.values():
        yield from _policy(library, policy)


def _policy(library: Library, policy: Policy) -> Iterator[Problem]:
    at = policy.position
    if not policy.aws and policy.iac is None:
        yield Problem(at, f"{policy.id} tests nothing", "give it aws, iac or both")
    for name in policy.params:
        if name not in library.parameters:
            yield Problem(at, f"{policy.id}: there is no parameter {name}", "declare it in policies/params.yaml")
    for rule in policy.aws:
        if rule.within and rule.within not in policy.params:
            yield Problem(rule.position, f"{policy.id}: within names {rule.within}", "list it under params")
    for check, named in policy.iac.placed(at) if policy.iac else ():
        if check in library.excluded_checks:
            yield Problem(named, f"{policy.id}: {check} is kept out: {library.excluded_checks[check]}", "remove it")
    yield from _examples(policy)


def _examples(policy: Policy) -> Iterator[Problem]:
    for rule in policy.aws:
        verdicts = {example.expected for example in policy.examples if example.type == rule.resource}
        passing = "not_evaluated" if rule.breach_only else "pass"
        for wanted in (passing, "fail"):
            if wanted not in verdicts:
                yield Problem(policy.position, f"{policy.id}: no {wanted} example for {rule.resource}", "add one")
    known = {rule.resource for rule in policy.aws}
    for example in policy.examples:
        if example.type not in known:
            yield Problem(example.position, f"{policy.id}: the example is of no type that the policy tests", "set type")


def _links(library: Library) -> Iterator[Problem]:
    for control in _controls(library):
        yield from _control(library, control)


def _control(library: Library, control: Control) -> Iterator[Problem]:
    at = control.position
    for link in control.policies:
        if link.policy not in library.policies:
            yield Problem(at, f"{control.id}: there is no policy {link.policy}", "move it to planned, or fix the id")
    for name in control.planned:
        if name in library.policies:
            yield Problem(at, f"{control.id}: {name} is built", "move it from planned to policies")
        elif name not in library.planned_policies:
            yield Problem(at, f"{control.id}: {name} is not in controls/planned.yaml", "fix the id")
    for name in control.evidence:
        if name not in library.evidence:
            yield Problem(at, f"{control.id}: there is no evidence item {name}", "fix the id")
    yield from _details(library, control)
    yield from _by_one_means(library, control)
    yield from _inverted(library, control)
    yield from _support(control)


def _details(library: Library, control: Control) -> Iterator[Problem]:
    for key in ("detailed_by", "refs"):
        for name in control.details.get(key, ()):
            if library.control(name) is None:
                yield Problem(control.position, f"{control.id}: {key} names no control {name}", "fix the id")


def _by_one_means(library: Library, control: Control) -> Iterator[Problem]:
    """Yield a problem for each policy about one of several possible means that claims to show the whole of a
    control.
    """
    for link in control.policies:
        if link.strength == "full" and link.policy in library.policies and library.policies[link.policy].one_means:
            said = f"{control.id}: {link.policy} has one_means, so its link cannot be full"
            yield Problem(control.position, said, "link it as partial or as supporting")


def _inverted(library: Library, control: Control) -> Iterator[Problem]:
    """Yield a problem for a policy that decides a control and only supports the controls that detail it."""
    details = [other for name in control.details.get("detailed_by", ()) if (other := library.control(name))]
    below = [link for other in details for link in other.policies]
    lesser = {link.policy for link in below} - {link.policy for link in below if link.decides}
    for link in control.policies:
        if link.decides and link.policy in lesser:
            said = f"{control.id}: {link.policy} decides it, and only supports the items that detail it"
            yield Problem(control.position, said, "link it as supporting")


def _support(control: Control) -> Iterator[Problem]:
    at = control.position
    if control.automation is Automation.MANUAL:
        if control.policies:
            yield Problem(at, f"{control.id} is manual and lists policies", "set automation: partial")
        if not control.evidence:
            yield Problem(at, f"{control.id} has no support at all", "list manual evidence")
        return
    if not control.policies:
        hint = "build one of its planned policies" if control.planned else "list policies"
        yield Problem(at, f"{control.id} is automated and no policy supports it", f"{hint}, or set automation: manual")
    if not control.claims:
        hint = "add claims, each with its text and the policies that carry it"
        yield Problem(at, f"{control.id} does not say what its automated part tests", hint)
    if control.not_shown is None:
        yield Problem(at, f"{control.id} does not say what checks do not show", "add not_shown: {en: …, fr: …}")
    yield from claims(control)


def _mapping(library: Library) -> Iterator[Problem]:
    mapped = {link.policy for control in _controls(library) for link in control.policies}
    for policy in library.policies.values():
        if policy.id not in mapped:
            yield Problem(policy.position, f"{policy.id} supports no control", "list it in a control")
    yield from _shared_lists(_controls(library))


def _shared_lists(controls: Iterable[Control]) -> Iterator[Problem]:
    by_list: dict[tuple[str, frozenset[str]], list[Control]] = defaultdict(list)
    for control in controls:
        names = frozenset([*(link.policy for link in control.policies), *control.planned])
        if names:
            by_list[(control.framework, names)].append(control)
    for same in by_list.values():
        for control in same[1:]:
            if not control.same_policies_as:
                yield Problem(
                    control.position,
                    f"{control.id} lists exactly the policies of {same[0].id}",
                    "say why under same_policies_as",
                )


def _evidence(library: Library) -> Iterator[Problem]:
    known = {control.id for control in _controls(library)}
    for item in library.evidence.values():
        for name in item.controls:
            if name not in known:
                yield Problem(item.position, f"{item.id}: there is no control {name}", "fix the id")
        for name in item.after:
            if name not in library.evidence:
                yield Problem(item.position, f"{item.id}: there is no evidence item {name}", "fix the id")
        if item.id in _before(item, library):
            yield Problem(item.position, f"{item.id} comes after itself", "leave one of the `after` out")
        for language in ("en", "fr", *item.title.others):
            found = templates.find(item.template, language)
            if found is None or found.language != language:
                text = f"{item.id}: there is no template {item.template} in the language {language}"
                yield Problem(item.position, text, f"write it in {templates.DOCUMENTS} or {templates.REGISTERS}")


def _before(item: EvidenceItem, library: Library) -> set[str]:
    """Return all items that an item comes after, directly or not."""
    found: set[str] = set()
    ahead = list(item.after)
    while ahead:
        name = ahead.pop()
        if name not in found and name in library.evidence:
            found.add(name)
            ahead += library.evidence[name].after
    return found


def _crosswalk(library: Library) -> Iterator[Problem]:
    known = {control.id for control in _controls(library)}
    links = [(link.position, name) for link in library.crosswalk.links for name in (link.from_, *link.to)]
    entries = [entry for guide in library.crosswalk.guides for entry in guide.entries]
    for position, name in [*links, *((entry.position, name) for entry in entries for name in entry.links)]:
        if name not in known:
            yield Problem(position, f"there is no control {name}", "fix the id")
    linked: set[str] = set()
    for link in library.crosswalk.links:
        if link.from_ in linked:
            yield Problem(link.position, f"{link.from_} is linked twice", "keep one of the entries")
        linked.add(link.from_)


# The files that checks of conditions need, and the files that each comparison of items needs complete.
_CONDITIONS = (
    *("scanners/aws/", "scanners/github/", "scanners/registers/", "scanners/reference/", "policies/params.yaml"),
    *("policies/shared.yaml",),
)
_CHECKS: tuple[tuple[tuple[str, ...], Callable[[Library], Iterable[Problem]]], ...] = (
    (("policies/params.yaml", "controls/planned.yaml"), _policies),
    (("policies/", "controls/planned.yaml", "controls/evidence.yaml"), _links),
    (("controls/", "policies/"), _mapping),
    (("controls/",), _evidence),
    (("controls/",), _crosswalk),
    (("policies/", "scanners/iac/"), code_rules.problems),
    (("policies/", "scanners/iac/"), fixes.problems),
    (("scanners/iac/", "scanners/checks.yaml"), unknown_checks),
    (("scanners/",), identities.problems),
    ((), _registers),
    ((), _planned),
)


# ---- claims ---------------------------------------------------------------------------------------------------------
# Checks the claims of controls: each claim needs policies, and each deciding policy needs a claim.


def claims(control: Control) -> Iterator[Problem]:
    """Yield the problems of a control's claims."""
    yield from _carried(control)
    named = {name for claim in control.claims for name in claim.policies}
    silent = [link.policy for link in control.policies if link.decides and link.policy not in named]
    if silent and control.claims:
        said = f"{control.id}: {', '.join(silent)} decides the status, but no claim names it"
        yield Problem(
            control.position,
            said,
            "name it in a claim that says what it tests (claims, in both languages), or link it as supporting",
        )


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
