"""Rules for the engine's tree (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import order
import preuve

PACKAGE = Path(preuve.__file__).parent
MOST = 12  # modules that one looks over
# What a function does, in the imperative; ruff's D401 does not see "Whether …" or "Why …". Add a verb, not a noun.
_SAID = """
Accept Add Answer Append Apply Ask Begin Bring Build Cache Call Change Check Classify Close Collect Combine
Compare Compile Complete Compute Contact Convert Copy Count Cut Decode Delay Delete Derive Describe Do Draw Drop
Encode End Escape Evaluate Examine Expand Explain Fetch Fill Find Follow Forbid Forget Format Gather Group Hand
Handle Hash Have Hold Ignore Join Judge Keep Know Leave Let List Load Lock Make Mark Measure Merge Name Note
Open Pack Parse Plan Prepare Print Propose Provide Push Put Raise Rate Read Record Redact Reduce Refuse Register
Release Remember Remove Render Replace Report Require Resolve Return Rewrite Run Say Scan Seal Search Select
Send Set Settle Show Sign Sort Spell Split Start Store Suspend Take Tell Timestamp Turn Type-check Unpack Wait
Work Wrap Write Yield
"""
VERBS = frozenset(_SAID.split())
# Prepositions, adverbs and the like: alone they name neither a module, nor a class, nor a public function.
_ADVERBS = """
about above again ahead alone among anywhere apart around at aside before behind below beside between beyond both
either elsewhere everywhere here how inside itself many more near now of often once otherwise outside over perhaps
since somewhere soon there together under where why within without
"""
ADVERBS = frozenset(_ADVERBS.split())
# Participles, adjectives and pronouns that once named modules and classes here, and said nothing of what is in them.
_PARTICIPLES = """
absent begun cut current drawn each every for given held kept latest lean left lost made maybe past present quiet read
said seen sending shown spread stale strict taken thing told unseen unset way whole written
"""
NO_NOUNS = ADVERBS | frozenset(_PARTICIPLES.split())
PARTICIPLE_OR_ADVERB = re.compile(r"\w+((?<!e)ed|ly)")  # `feed` and `speed` are nouns
NOUNS = frozenset({"assembly", "tally"})


def test_no_package_has_more_than_a_dozen_modules() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    counted = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in modules)
    assert {name: count for name, count in counted.items() if count > MOST} == {}


def test_no_module_has_the_name_of_a_package_beside_it() -> None:
    beside = [path for path in PACKAGE.rglob("*.py") if path.with_suffix("").is_dir()]
    assert beside == []


def test_modules_and_classes_are_named_by_nouns() -> None:
    modules = [path.stem for path in PACKAGE.rglob("*") if path.suffix == ".py" or (path / "__init__.py").is_file()]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    classes = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert sorted(name for name in {*modules, *classes} if _is_no_noun(name)) == []


def test_functions_are_not_named_by_a_preposition_or_an_adverb_alone() -> None:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py"))
    names = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert sorted(names & ADVERBS) == []


def test_docstrings_of_functions_begin_with_a_verb() -> None:
    files = [path for top in (PACKAGE, PACKAGE.parent / "tools") for path in top.rglob("*.py")]
    assert [said for path in files for said in _without_verb(path)] == []


def test_each_file_in_the_order_of_tests_exists_and_stands_there_once() -> None:
    names = [*order.TECHSTART.split(), *order.DEAREST.split()]
    assert [name for name in names if not (Path(__file__).parent / name).is_file()] == []
    assert len(names) == len(set(names))


def _is_no_noun(name: str) -> bool:
    word = name.strip("_").lower()
    return word in NO_NOUNS or (PARTICIPLE_OR_ADVERB.fullmatch(word) is not None and word not in NOUNS)


def _without_verb(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and not _is_noun_or_help(node):
            first, _, _ = (ast.get_docstring(node) or "Do").partition("\n")
            if first.split()[0].rstrip(".,:;") not in VERBS:
                yield f"{file}:{node.lineno}: {first}"


def _is_noun_or_help(node: ast.FunctionDef) -> bool:
    """Properties are named for what they hold; the docstring of a command is its help."""
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    return any(word in decorators for word in ("property", ".command", ".group"))
