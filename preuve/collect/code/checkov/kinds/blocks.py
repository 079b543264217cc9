"""Code that is no graph of resources (image builds, workflows), as blocks that checks examine one by one.

Each of Checkov's checks gets one block, with the place of the block, so that two of them never share a verdict; its
graph checks and preuve's own rules get the blocks as nodes without edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checkov.common.checks_infra.registry import get_graph_checks_registry
from rustworkx import PyDiGraph

from preuve.collect.code.checkov.correctness_patches import FAILURE
from preuve.collect.code.checkov.engine import Outcome, attempt
from preuve.collect.code.checkov.records import record
from preuve.collect.code.checkov.rules import parse
from preuve.collect.code.job import Line
from preuve.collect.code.judgements.judgements import JUDGEMENTS
from preuve.collect.code.secrets.terraform_files import Piece, SecretRules, lines_of
from preuve.collect.code.verdict.comments import comments_of, reason
from preuve.collect.code.verdict.deciding_values import decided
from preuve.collect.code.verdict.grounds import text_of
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN


@dataclass(frozen=True)
class Block:
    """One instruction, job or step. Checkov's checks for `entity` are given `subject`."""

    type: str  # its name for graph checks
    entity: str
    address: str
    file: str
    lines: tuple[int, int]
    subject: Any
    says: Mapping[str, Any]  # the part that the code sets: it is shown if a check passes
    attributes: Mapping[str, Any] = field(default_factory=dict)  # its form for graph checks
    unseen: str = ""  # the deciding value is not in the code: the verdict is UNKNOWN
    decides: Mapping[str, str] = field(default_factory=dict)  # the subject of a failure; "" if it is not set
    rests: tuple[str, ...] = ()  # parts of a failure: one more makes it a new failure
    cited: tuple[int, int] | None = None  # the lines that it is about, if these are fewer


class BlockChecks:
    """The selected checks of one framework: Checkov's, and preuve's own rules for it."""

    def __init__(
        self, framework: str, registry: Any, checks: frozenset[str], rules: Iterable[Mapping[str, Any]]
    ) -> None:
        groups = (registry.checks, registry.wildcard_checks)
        self._checks = [
            (entity, check)
            for group in groups
            for entity, found in sorted(group.items())
            for check in sorted(found, key=lambda item: str(item.id))
            if check.id in checks
        ]
        rules = list(rules)
        self._secrets = SecretRules.by(rules, checks, framework)
        graph = get_graph_checks_registry(framework)
        graph.load_checks()
        own_rules = [rule for rule in rules if rule["scope"]["provider"] == framework]
        own = [parse(rule, graph.parser, exact=False) for rule in own_rules if not rule.get("judgement")]
        self._judged_by = [rule for rule in own_rules if rule.get("judgement") and rule["metadata"]["id"] in checks]
        self._graph_checks = sorted(
            (check for check in (*graph.checks, *own) if check.id in checks), key=lambda item: str(item.id)
        )
        self._run_graph_check = graph.run_check_parallel

    def lines(self, root: str, blocks: Iterable[Block], comments: Iterable[tuple[int, str]]) -> Iterator[Line]:
        """Yield a line for each block and check that applies to it; `comments` are lines that may be skip comments."""
        blocks = list(blocks)
        skips = list(comments_of(comments))
        for block, check, result, detail in (*self._alone(blocks), *self._in_graph(blocks)):
            line = _line(root, block, check, result, detail)
            skipped = reason(skips, check, *block.lines)
            yield line | ({"suppressed": skipped} if skipped else {})
        for block in blocks:
            yield from self._judged(root, block)

    def _judged(self, root: str, block: Block) -> Iterator[Line]:
        """Yield a line for each of preuve's own judgements on a block."""
        for rule in self._judged_by:
            options = rule["judgement"]
            judgement = JUDGEMENTS[options["ask"]]
            found = judgement.ask(block.type, block.attributes, options) if block.type in judgement.parts else None
            if found is not None:
                line = _line(root, block, rule["metadata"]["id"], found.result, found.detail)
                yield line | ({"values": dict(found.values)} if found.values else {})

    def options_of(self, ask: str) -> Mapping[str, Any] | None:
        """Return the options of the rule that uses a judgement; None if none does."""
        return next((rule["judgement"] for rule in self._judged_by if rule["judgement"]["ask"] == ask), None)

    def secrets(self, root: str, file: str, text: str, pieces: Iterable[Piece], whole: str) -> Iterator[Line]:
        """Return a line for each part of a file with a secret written out, or a place for one; `text` is all of it."""
        return lines_of(self._secrets, root, file, text, pieces, whole) if self._secrets.rules else iter(())

    def _alone(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, str, str, str]]:
        for block in blocks:
            for entity, check in self._checks:
                if entity == block.entity:
                    answer = attempt(check, block.file, block.subject, block.address, entity)
                    result, failure = str(answer["result"].value), answer.get(FAILURE, "")
                    if result != UNKNOWN or failure:  # Checkov's UNKNOWN means here that the check does not apply
                        yield block, check.id, *_settled(block, result, failure)

    def _in_graph(self, blocks: list[Block]) -> Iterator[tuple[Block, str, str, str]]:
        graph: PyDiGraph[Any, Any] = PyDiGraph()  # like Checkov's own
        for number, block in enumerate(blocks):
            own = {"resource_type": block.type, "block_type_": "resource", "source_": "", "preuve_block": number}
            graph.add_node((number, {**block.attributes, **own}))
        for check in self._graph_checks:
            results: dict[Any, list[Any]] = {}
            self._run_graph_check(check, results, graph)
            for result in results.get(check, ()):
                entity = result["entity"]
                failure = entity.pop(FAILURE, "")
                block = blocks[entity["preuve_block"]]
                yield block, check.id, *_settled(block, str(result["result"].value), failure)


def _settled(block: Block, result: str, failure: str) -> tuple[str, str]:
    if failure:
        return UNKNOWN, f"the check failed: {failure}"
    if block.unseen:
        return UNKNOWN, block.unseen
    return (result, "") if result in (PASSED, FAILED) else (UNKNOWN, "a value is not known")


def _whole(block: Block) -> Iterator[str]:
    """Yield the grounds that a block states, or all of it, if it does not state the grounds of a failure."""
    members = {name: text for name, text in block.decides.items() if text} or block.attributes
    return (text_of(name, value) for name, value in members.items())


def _line(root: str, block: Block, check: str, result: str, detail: str) -> Line:
    values = block.decides if result == FAILED else decided(block.says, block.says) if result == PASSED else {}
    rests = block.rests or (tuple(_whole(block)) if result == FAILED else ())
    outcome = Outcome(result, detail, tags={}, values=values, grounds=rests)
    return record(root, block.address, block.type, (block.file, *(block.cited or block.lines)), check, outcome)
