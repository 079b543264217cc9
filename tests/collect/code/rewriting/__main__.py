"""Shows the rewritings of an example by a rule, and their results: `python -m
collect.code.rewriting`, from `tests/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from collect.code.rewriting.rules import RULES  # noqa: E402
from collect.code.rewriting.sample import each, examples  # noqa: E402
from collect.code.rewriting.verdicts import Case, Outcome, Verdict, outcomes  # noqa: E402

_AT_ONCE = 2500


def main() -> int:
    """Scan the requested examples, and print wrong results with the rewritten text, or a table."""
    parser = argparse.ArgumentParser(prog="python -m collect.code.rewriting", description=main.__doc__)
    parser.add_argument("rule", nargs="?", default="", help="part of the name of a rule")
    parser.add_argument("policy", nargs="?", default="", help="part of the name of an example")
    parser.add_argument("--forms", type=int, default=1, help="how many forms of each rewriting (default: 1)")
    parser.add_argument("--table", action="store_true", help="only numbers, rule by rule")
    parser.add_argument("--all", action="store_true", help="also what came out right")
    asked = parser.parse_args()
    rules = [rule for rule in RULES if asked.rule in rule.name]
    known = [example for example in examples() if asked.policy in example.name]
    cases = [case for rule in rules for case in each(rule, known, most=asked.forms)]
    came = [outcome for part in _parts(cases) for outcome in part]
    shown = [outcome for outcome in came if asked.all or outcome.wrong]
    print(_table(came) if asked.table else "\n".join(map(_in_full, shown)))
    print(_total(came))
    return any(outcome.wrong for outcome in came)


def _parts(cases: Sequence[Case]) -> Iterable[list[Outcome]]:
    waiting = iter(cases)
    while part := list(islice(waiting, _AT_ONCE)):
        with tempfile.TemporaryDirectory() as folder:
            yield outcomes(Path(folder), part)


def _in_full(outcome: Outcome) -> str:
    files = (f"--- {name}\n{text}" for name, text in outcome.case.project.written().items())
    return "\n".join([f"=== {outcome}", *files])


def _table(came: Iterable[Outcome]) -> str:
    rows: dict[str, Counter[tuple[bool, Verdict]]] = defaultdict(Counter)
    for outcome in came:
        rows[outcome.case.rule][(outcome.case.example.fails, outcome.verdict)] += 1
    columns = [(True, verdict) for verdict in Verdict] + [(False, verdict) for verdict in Verdict]
    head = "| Rule | " + " | ".join(f"{'fails' if fails else 'passes'}: {verdict}" for fails, verdict in columns) + " |"
    lines = (f"| {rule} | " + " | ".join(str(row[column]) for column in columns) + " |" for rule, row in rows.items())
    return "\n".join([head, "| --- " * (len(columns) + 1) + "|", *lines])


def _total(came: Sequence[Outcome]) -> str:
    parts = []
    for fails in (True, False):
        counts = Counter(outcome.verdict for outcome in came if outcome.case.example.fails is fails)
        shares = (
            f"{counts[verdict]} {verdict} ({counts[verdict] / max(1, counts.total()):.1%})" for verdict in Verdict
        )
        parts.append(f"{'what fails' if fails else 'what passes'}: {', '.join(shares)}")
    return "\n".join([*parts, f"wrong: {sum(outcome.wrong for outcome in came)} of {len(came)}"])


if __name__ == "__main__":
    sys.exit(main())
