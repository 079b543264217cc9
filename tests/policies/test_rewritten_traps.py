"""Values hidden by CloudFormation's functions never make a failing template of `traps/` pass, nor remove its result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collect.code.template_rewriting import rewritten, written
from policies.test_traps import FILES, checks_of, rules_of, wanted
from preuve.collect.code import IacJob, look
from preuve.model.company.code import IacRoot


def failing() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each resource that must fail, with its policy."""
    for file in FILES:
        text = file.read_text("utf-8")
        if file.suffix != ".yaml" or "!" in text:
            continue
        lines = {number for number, result in wanted(file).items() if result == "FAILED"}
        names = [line.strip().partition(":")[0] for number, line in enumerate(text.splitlines(), 1) if number in lines]
        alone = [name for name in names if not name.endswith("Half")]  # which fails with the other one
        resources = yaml.safe_load(text)["Resources"] if alone else {}
        yield from ((file.stem, resources[name]) for name in alone)


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_rewriting_passes_or_is_skipped(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    base = tmp_path_factory.mktemp("rewritten")
    roots: list[IacRoot] = []
    bodies = list(failing())
    for number, (policy, body) in enumerate(bodies):
        form = data.draw(st.sampled_from(["json", "long", "short"]))
        root = f"{number}+{policy}"
        (base / root).mkdir()
        text = written(rewritten(data.draw, {"Properties": {}} | body), form)
        (base / root / f"t.{'json' if form == 'json' else 'yaml'}").write_text(text, encoding="utf-8")
        roots.append(IacRoot(root, "cloudformation"))
    checks = frozenset[str]().union(*(checks_of(policy) for policy, _ in bodies))
    said: dict[str, set[str]] = {root.path: set() for root in roots}
    for line in look(IacJob(base, tuple(roots), checks, rules_of(checks))):
        policy = line["root"].partition("+")[2]
        if line["kind"] == "gap" or (line["kind"] == "record" and line["check"] in checks_of(policy)):
            said[line["root"]].add(line.get("result", "gap"))
    wrong = {root: (found, _text(base / root)) for root, found in said.items() if not found or found == {"PASSED"}}
    assert not wrong, next(iter(wrong.values()))


def _text(folder: Path) -> str:
    return next(folder.iterdir()).read_text("utf-8")
