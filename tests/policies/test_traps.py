"""Results of policies for code that a quick check misjudges.

`traps/<policy>.tf` and `.yaml` (CloudFormation) give the expected result behind the first line of each block: PASSED,
FAILED, UNKNOWN, or NOTHING if the policy does not concern it; the worst of all checks of the policy counts. Each file
is judged once more with every boolean and number written as a text, with the same results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code import IacJob, look
from preuve.library.validation.code.code_rules import rendered
from preuve.library.validation.code.known_types import quiet_types
from preuve.model.company.code import IacRoot

FOLDER = Path(__file__).parent / "traps"
FILES = sorted(FOLDER.iterdir())
KINDS = {".tf": "terraform", ".yaml": "cloudformation"}
WORST_FIRST = ("FAILED", "UNKNOWN", "PASSED")
WANTED = re.compile(r"# (PASSED|FAILED|UNKNOWN|NOTHING)$")
ARGUMENT = re.compile(r"(?<= = )(true|false|\d+)$", re.MULTILINE)
PROPERTY = re.compile(r"(?<=: )(true|false|\d+)(?=[,}\]\n])")

Found = Mapping[tuple[str, int], str]


def checks_of(policy: str) -> frozenset[str]:
    iac = bundled().policies[policy].iac
    assert iac is not None
    return frozenset(iac.checkov)


def rules_of(checks: frozenset[str]) -> tuple[Mapping[str, Any], ...]:
    """Our own rules among some checks, with the parameters as they come."""
    library = bundled()
    params = {name: item.value for name, item in library.parameters.items()}
    ours = (rule for rule in library.code_rules.values() if rule.id in checks)
    return tuple(rendered(rule, params, library.reference) for rule in ours)


def wanted(file: Path) -> dict[int, str]:
    """Return the expected result of each block, by its first line."""
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    return {number: found[1] for number, line in lines if (found := WANTED.search(line))}


def as_texts(file: Path) -> str:
    text = file.read_text("utf-8")
    if file.suffix == ".tf":
        return ARGUMENT.sub(lambda found: f'"{ {"true": "1", "false": "0"}.get(found[1], found[1]) }"', text)
    return PROPERTY.sub(r'"\1"', text)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The worst result of each block, by its root and line."""
    base = tmp_path_factory.mktemp("traps")
    for file in FILES:
        for way, text in (("written", file.read_text("utf-8")), ("texts", as_texts(file))):
            (base / root(file, way)).mkdir()
            (base / root(file, way) / file.name).write_text(text, encoding="utf-8")
    roots = tuple(IacRoot(root(file, way), KINDS[file.suffix]) for file in FILES for way in ("written", "texts"))
    checks = frozenset[str]().union(*(checks_of(file.stem) for file in FILES))
    worst: dict[tuple[str, int], str] = {}
    for line in look(IacJob(base, roots, checks, rules_of(checks), documents=bundled().documents, quiet=quiet_types())):
        assert line["kind"] != "gap", line["detail"]
        if line["kind"] == "record" and line["check"] in checks_of(line["root"].split("+")[0]):
            key = line["root"], line["line"]
            worst[key] = min(worst.get(key, "PASSED"), line["result"], key=WORST_FIRST.index)
    return worst


def root(file: Path, way: str) -> str:
    return f"{file.stem}+{file.suffix[1:]}+{way}"


def cases() -> Iterator[object]:
    for file in FILES:
        for way in ("written", "texts"):
            yield pytest.param(file, way, id=f"{file.name} {way}")


@pytest.mark.parametrize(("file", "way"), list(cases()))
def test_each_block_has_the_verdict_of_its_comment(found: Found, file: Path, way: str) -> None:
    expected = wanted(file)
    assert expected
    assert {line: found.get((root(file, way), line), "NOTHING") for line in expected} == expected
