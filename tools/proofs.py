"""The proofs of policies besides their own examples: on the emulated account, on Terraform. Found in a checkout only.

`tests/policies/` runs these files and `docs/catalogue.md` is made from them, so that the page shows what was tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.library.validation.code.code_rules import ENDINGS, PREFIX, examples_of, stem_of
from preuve.library.validation.code.code_rules import FOLDER as RULES
from preuve.library.yaml.documents import Document, load_document
from preuve.library.yaml.schema import problems
from preuve.model.content import Policy
from preuve.model.errors import ContentError, Position, Problem

ACCOUNT = "tests/policies/aws"
CODE = "tests/policies/iac"
ORGANIZATION = "tests/policies/github/organization.yaml"
SCHEMA = "tests/policies/proof.schema.json"
Step = Mapping[str, Any]


@dataclass(frozen=True)
class AccountProof:
    """A misconfigured resource that fails and a corrected one that passes, or why there are none."""

    policy: str
    position: Position
    shown_fails: tuple[str, ...] = ()  # what FAILs in the demonstration account: ids or names of resources
    shown_passes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()  # what FAILs once it was made
    passes: tuple[str, ...] = ()  # what PASSes once it is corrected
    misconfigured: tuple[Step, ...] = ()
    corrected: tuple[Step, ...] = ()
    none: str = ""

    @property
    def answered(self) -> frozenset[tuple[str, str]]:
        """The (service, operation) pairs that a step answers in place of the emulator."""
        steps = (*self.misconfigured, *self.corrected)
        return frozenset(operation(step["answer"]) for step in steps if "answer" in step)


def operation(name: str) -> tuple[str, str]:
    """Split `s3.CreateBucket` into service and operation."""
    service, _, called = name.partition(".")
    return service, called


def account_proofs(root: Path) -> dict[str, AccountProof]:
    """Return the proofs on the emulated account by policy. Raises ContentError with all defects."""
    found: dict[str, AccountProof] = {}
    wrong: list[Problem] = []
    for path in sorted((root / ACCOUNT).glob("*.yaml")):
        document = load_document(path, path.relative_to(root).as_posix())
        refused = problems(document, SCHEMA)
        wrong += refused
        for proof in () if refused else _proofs(document):
            if proof.policy in found:
                wrong.append(Problem(proof.position, f"{proof.policy} is also in {found[proof.policy].position.file}"))
            found[proof.policy] = proof
    if wrong:
        raise ContentError(wrong)
    return found


def github_proofs(root: Path) -> Mapping[str, Any]:
    """Return by policy the change that makes it fail on the organization of the tests, and the resource that then
    fails.
    """
    proofs: Mapping[str, Any] = load_document(root / ORGANIZATION, ORGANIZATION).data
    return proofs


def _proofs(document: Document) -> Iterator[AccountProof]:
    for name, data in document.data.items():
        fails, shown = _several(data.get("fails", ())), data.get("demonstration", {})
        yield AccountProof(
            policy=name,
            position=document.position(name),
            shown_fails=_several(shown.get("fails", ())),
            shown_passes=_several(shown.get("passes", ())),
            fails=fails,
            passes=_several(data.get("passes", fails)),
            misconfigured=tuple(data.get("misconfigured", ())),
            corrected=tuple(data.get("corrected", ())),
            none=data.get("none", ""),
        )


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def code_proofs(root: Path, policy: Policy) -> tuple[Path, ...]:
    """Return the folders with code that passes and fails for a policy: its own, and those of preuve's rules that it
    names.
    """
    checks = policy.iac.checkov if policy.iac else ()
    own = [root / RULES / "examples" / stem_of(check) for check in checks if check.startswith(PREFIX)]
    home = root / CODE / policy.id
    return tuple(folder for folder in (home, *sorted(home.glob("*/")), *own) if provider_of(folder))


def provider_of(folder: Path) -> str:
    """Return the kind of code in a folder of examples, "" if one of them is missing."""
    complete = (name for name in ENDINGS if all((folder / file).is_file() for file in examples_of(name)))
    return next(complete, "")
