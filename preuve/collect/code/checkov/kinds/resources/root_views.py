"""A root module to examine, and what one tool sees of it in one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from preuve.collect.code.checkov.kinds.embedded_templates import TemplateResults
from preuve.collect.code.checkov.kinds.resources.commands import as_given
from preuve.collect.code.checkov.shapes.forms import forms
from preuve.collect.code.checkov.shapes.values import body_of
from preuve.collect.code.job import Gap, Line
from preuve.collect.code.judgements.relations.neighbours import RootNeighbourhood
from preuve.collect.code.language.hcl.blocks import (
    AbsentBlock,
    BlockInstance,
    values_in,
)
from preuve.collect.code.language.hcl.code import Variables
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.secrets.possible_texts import may_be_one, possible
from preuve.collect.code.verdict.identities import Block
from preuve.collect.code.verdict.marks import Mark
from preuve.model.company.code import NOTHING_SAID, OutsideValues, TerraformRun


@dataclass(frozen=True)
class RootModule:
    """A root module to examine: its folder, its name in the snapshot, and the runs (variable files, workspace) that
    apply it.

    `arguments` are the arguments that name blocks, by type: the names of such blocks are reported. `added` are runs
    that only a push names; `outside` is what a provider that is not in the code gives.
    """

    folder: Path
    name: str
    runs: tuple[TerraformRun, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[TerraformRun] = frozenset()
    outside: OutsideValues = NOTHING_SAID


@dataclass(frozen=True)
class ExaminedBlock:
    """A block with its arguments in the shapes in which checks look for them."""

    made: BlockInstance
    body: Mapping[str, Any]


class CheckView:
    """A block as checks are shown it: by its body, in each of its forms, and with what stands beside it."""

    def __init__(self, content: Content, body: dict[str, Any], beside: RootNeighbourhood) -> None:
        self._content, self._body, self.beside = content, body, beside
        self._worlds: dict[Mark, list[dict[str, Any]]] = {}

    def body(self, mark: Mark) -> dict[str, Any]:
        """Return its body, with what each value that is not known may be, if that is asked for."""
        some = mark is possible and any(map(may_be_one, values_in(self._content)))
        return self._body | body_of(self._content, possible) if some else self._body

    def worlds(self, mark: Mark) -> list[dict[str, Any]]:
        """Return its body in each of its forms."""
        if mark not in self._worlds:
            place = place_in(self._body)
            self._worlds[mark] = [body_of(one, mark) | place for one in forms(self._content)]
        return self._worlds[mark]


def forms_of(made: BlockInstance) -> list[dict[str, Any]]:
    """Return the bodies of a block in each of its forms."""
    return [body_of(one) for one in forms(as_given(made))]


def place_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says of the place of its block."""
    return {key: item for key, item in body.items() if key.startswith("__")}


@dataclass
class RootView:
    """A root module as one tool (Terraform or OpenTofu) sees it in one run."""

    records: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    resources: list[ExaminedBlock] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    left_out: list[AbsentBlock] = field(default_factory=list)
    inside: dict[str, TemplateResults] = field(default_factory=dict)  # address of a block -> the template in it
    commands: list[Gap] = field(default_factory=list)  # commands on the machine of Terraform
    # By place: what each call of a module gives that is perhaps made.
    calls: dict[tuple[Path, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    called: set[Path] = field(default_factory=set)  # the folders of the modules that are perhaps made
    moved: set[tuple[str, str]] = field(default_factory=set)  # new and earlier addresses
    cut_short: bool = False

    def all_records(self) -> Iterator[Line]:
        """Yield the results on its blocks, and on the templates in them."""
        return chain(self.records, *(held.records for held in self.inside.values()))


@dataclass(frozen=True)
class RootApplication:
    """One way in which a root module is applied: by a tool, with values of its variables."""

    tool: str
    variables: Variables
