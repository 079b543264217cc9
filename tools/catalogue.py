"""The catalogue as one page, `docs/catalogue.md`: each policy with its proofs.

`python -m tools.catalogue` writes it. Its columns of proofs are made from the files that the tests of `tests/policies/`
run, so that the page claims only what was tested. A line is one policy and there are no totals, so that two branches
that add one each can keep the lines of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.library.iam.permissions import calls
from preuve.library.load import load_library
from preuve.library.validation import compiled_conditions
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.rules import Checker, needs
from preuve.library.yaml.place import content_root
from preuve.model.content import Library, Policy
from preuve.model.errors import ContentError
from tools.proofs import AccountProof, account_proofs, code_proofs, github_proofs

PAGE = "docs/catalogue.md"
RESPONSES = "examples/techstart/account/responses"
_EXPECTED = ("pass", "fail", "not_applicable", "not_evaluated")
_ABOUT = """\
# Catalogue

`make content` generates this page from `policies/`, `scanners/` and `tests/policies/`: do not edit it. Each policy is
one file, `policies/<service>/<id>.yaml`. `preuve explain ID` shows it with the controls that it supports. `preuve
lint --coverage` lists the controls of each framework with the policies that support them.

The columns:

- **Code**: the Checkov checks that test the same thing in Terraform and CloudFormation. *Same intent*: their verdict
  counts both ways. *Partial*: they can show a breach, but their pass is never a pass of the policy. —: the policy
  does not test code.
- **Examples**: the number of examples of the policy for pass / fail / not applicable / not evaluated. `preuve test`
  runs them. They are checked against AWS's own service models.
- **Emulated account**: a misconfigured resource fails there, and a corrected one passes. *Demonstration*: the account
  of `make audit` has both. *Made*: `tests/policies/aws/` makes one and corrects it. *Example*: the emulator (moto)
  lacks this number of the operations that the policy needs, or answers them less well than AWS; the test answers them
  in the response shapes of the service model. A policy on several resource types is shown on at least one of them.
  *Organization*: a policy on GitHub fails and passes on an organization that answers in the shapes of GitHub's
  description. —: the policy does not test the account.
- **Terraform**: a failing and a passing fixture, scanned by Checkov (a Dockerfile or a workflow if the policy is
  about those). With *partial*, the pass is never counted. —: the policy does not test code.

A policy without one of these proofs says why.
"""


Operations = frozenset[tuple[str, str]]  # (service, operation)


@dataclass(frozen=True)
class Proofs:
    """The proofs of the policies besides their examples."""

    account: Mapping[str, AccountProof]
    github: frozenset[str]  # the policies that fail and pass on the organization of the tests
    saved: Operations  # operations that the demonstration account answers from saved responses
    code: frozenset[str]  # the policies with a failing and a passing fixture


def catalogue(library: Library, rules: Iterable[CheckedRule], proofs: Proofs) -> str:
    """Return the page."""
    by_policy: dict[str, list[CheckedRule]] = {}
    for rule in rules:
        by_policy.setdefault(rule.policy.id, []).append(rule)
    parts = [_ABOUT]
    for service, policies in _by_service(library).items():
        parts += [f"## {service}\n", *_policies(library, policies, by_policy, proofs), ""]
    return "\n".join(parts).rstrip() + "\n"


# ---- policies -----------------------------------------------------------------------------------------------------


def _by_service(library: Library) -> Mapping[str, list[Policy]]:
    found: dict[str, list[Policy]] = {}
    for policy in library.policies.values():
        found.setdefault(Path(policy.position.file).parent.name, []).append(policy)
    return dict(sorted(found.items()))


def _policies(
    library: Library,
    policies: Sequence[Policy],
    rules: Mapping[str, Sequence[CheckedRule]],
    proofs: Proofs,
) -> Iterator[str]:
    yield from _head(("Policy", "Severity", "Resource types", "Code", "Examples", "Emulated account", "Terraform"))
    for policy in policies:
        examples = Counter(example.expected for example in policy.examples)
        types = dict.fromkeys(rule.resource for rule in policy.aws)
        yield _line(
            f"`{policy.id}`<br>{policy.title.en}",
            policy.severity.value,
            "<br>".join(types) or "—",
            _code(policy),
            " / ".join(str(examples[name]) for name in _EXPECTED),
            _account(library, policy, rules.get(policy.id, ()), proofs),
            _terraform(policy, proofs),
        )


def _code(policy: Policy) -> str:
    if policy.iac is None:
        return "—"
    return f"{', '.join(policy.iac.checkov)} ({policy.iac.equivalence.replace('_', ' ')})"


def _account(library: Library, policy: Policy, rules: Sequence[CheckedRule], proofs: Proofs) -> str:
    proof = proofs.account.get(policy.id)
    if policy.id in proofs.github:
        return "organization"
    if not policy.aws or proof is None:
        return "**none**" if policy.aws else "—"
    if proof.none:
        return f"no: {proof.none}"
    needed = {(call.service, call.operation) for call in calls(library, needs(library, rules))}
    answered = needed & (proof.answered | (proofs.saved if proof.shown_passes else frozenset()))
    how = ", ".join(["demonstration"] * bool(proof.shown_passes) + ["made"] * bool(proof.fails))
    return f"{how}; example ({len(answered)} of {len(needed)})" if answered else how


def _terraform(policy: Policy, proofs: Proofs) -> str:
    if policy.iac is None:
        return "—"
    return "yes" if policy.id in proofs.code else "**none**"


def _head(columns: Sequence[str]) -> Iterator[str]:
    yield _line(*columns)
    yield _line(*["---"] * len(columns))


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


# ---- from the checkout --------------------------------------------------------------------------------------------


def saved_operations(folder: Path) -> Operations:
    """Return the operations with a saved response: files `<region>/<service>.<Operation>.json`."""
    names = (path.stem.partition(".") for path in folder.glob("*/*.json"))
    return frozenset((service, operation) for service, _, operation in names)


def checked_rules(library: Library) -> tuple[CheckedRule, ...]:
    """Return the rules of the bundled policies with what they read. Raises ContentError if one fails the check."""
    known = compiled_conditions.restored(content_root(), library, tuple(library.policies.values()))
    if known is not None:
        return known[0]
    checker = Checker.of(library, library.policies.values())
    rules = checker.rules(library.policies.values())
    problems = [*checker.shapes.problems, *checker.problems]
    if problems:
        raise ContentError(problems)
    return rules


def page() -> str:
    """Return the page of the checkout."""
    library, root = load_library(), content_root()
    code = frozenset(name for name, policy in library.policies.items() if code_proofs(root, policy))
    proofs = Proofs(account_proofs(root), frozenset(github_proofs(root)), saved_operations(root / RESPONSES), code)
    return catalogue(library, checked_rules(library), proofs)


if __name__ == "__main__":
    (content_root() / PAGE).write_text(page(), encoding="utf-8")
