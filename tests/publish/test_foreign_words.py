"""Words of Python, of a library or of the system reach nobody raw: our own sentence says what failed."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import preuve
from preuve.publish.words.errors import said
from preuve.publish.words.locale import load_locale
from preuve.system import causes

PACKAGE = Path(preuve.__file__).parent
FR = load_locale("fr")
# What may be made of a foreign exception: a cause of ours, a class of causes, a place, a number, a note for makers.
TAKES = {
    "to_do",
    "cause",
    "unread",
    "next_step",
    "of_exception",
    "in_vain",
    "isinstance",
    "type",
    "_reason",
    "number_of",
    "_unwritable",
    "_first",
    "_as_told",
}
NUMBERS = {"errno", "lineno", "colno", "start", "problem_mark", "context_mark", "filename", "response", "add_note"}
OWN = (
    "quoted",
    "Unread",
    "PartError",
)  # marked as another program's; evidence of a defect, which no page shows as a sentence
ELSEWHERE = {
    "preuve/cli/main.py: Abort": "the question that click was asking is ours",
    "preuve/cli/main.py: UnicodeEncodeError": "the text that cannot be written, and the encoding, are taken",
    "preuve/cli/main.py: ClickException": "what click says of arguments has translations (show_usage)",
    "preuve/collect/aws/calls.py: ClientError": "handed to _refused, which quotes AWS",
    "preuve/collect/aws/http/answers.py: RecursionError": "the other class of the clause is our own",
    "preuve/collect/aws/http/transport.py: ReadTimeoutError": "another exception of botocore is made of it",
    "preuve/collect/aws/http/transport.py: HTTPError": "another exception of botocore is made of it",
    "preuve/collect/aws/http/transport.py: BaseException": "it is raised where the answer is waited for",
    "preuve/collect/github/calls.py: Exception": "the message of an Unread, which quotes only GitHub",
    "preuve/evidence/timestamp.py: URLError": "its reason is quoted",
    "preuve/library/cel/conditions.py: RuntimeError": "its words become ours in _plain and in Fault",
    "preuve/library/cel/operations.py: Exception": "what our own functions raise; other words become ours in Fault",
    "preuve/library/cel/operations.py: RuntimeError": "the words of an evaluation become ours by their kind",
    "preuve/library/yaml/documents.py: MarkedYAMLError": "libyaml's words become ours in _defect",
    "preuve/notify/delivery.py: OSError": "quoted",
    "preuve/snapshot/strays.py: ValidationError": "only the place is taken from it, in _path",
    "preuve/system/own_process.py: Exception": "it is raised where the work was asked for",
    "preuve/system/walk.py: OSError": "handed to whoever walks",
}
VERIFIER = "preuve/evidence/verifier/"  # runs alone, in a bundle: what the system says is a value in its sentence


def handlers() -> Iterator[tuple[str, ast.ExceptHandler]]:
    """Every clause that names an exception which is not ours."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    classes = (node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    ours = set(classes)
    for path, tree in trees.items():
        name = path.relative_to(PACKAGE.parent).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.name and not name.startswith(VERIFIER):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                foreign = [kind for item in kinds if item and (kind := ast.unparse(item).split(".")[-1]) not in ours]
                if foreign and f"{name}: {foreign[0]}" not in ELSEWHERE:
                    yield f"{name}:{node.lineno}: {foreign[0]}", node


def raw(handler: ast.ExceptHandler) -> Iterator[int]:
    """Yield the lines that use the exception for more than its class, its place and its number."""
    allowed: set[int] = set()
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise) and node.cause is not None:
            allowed.update(map(id, ast.walk(node.cause)))
        if isinstance(node, ast.Attribute) and node.attr in NUMBERS:
            allowed.update(map(id, ast.walk(node)))
        if isinstance(node, ast.keyword) and node.arg == "quoted":
            allowed.update(map(id, ast.walk(node)))
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            given = [item for item in node.args if isinstance(item, ast.Name) or called in OWN]
            if called == "getattr" and isinstance(node.args[1], ast.Constant) and node.args[1].value in NUMBERS:
                allowed.update(map(id, ast.walk(node)))
            if called in {*TAKES, *OWN, "unreadable"}:
                allowed.update(inner for item in given for inner in map(id, ast.walk(item)))
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Name) and node.id == handler.name and id(node) not in allowed:
            yield node.lineno


def test_no_sentence_is_made_of_the_words_of_a_foreign_exception() -> None:
    found = dict(handlers())
    assert len(found) > 60, "they are found"
    assert {place: lines for place, handler in found.items() if (lines := list(raw(handler)))} == {}


def test_each_exemption_is_of_a_clause_that_is_there() -> None:
    gone = set(ELSEWHERE)
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                gone -= {f"{name}: {ast.unparse(kind).split('.')[-1]}" for kind in kinds}
    assert gone == set()


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_each_error_of_the_system_is_said_in_french(number: int) -> None:
    english = causes.cause(OSError(number, "foreign words", "/secret/place"))
    assert "foreign" not in english and "/secret" not in english
    assert said(english, FR) != english
    assert os.strerror(number) not in said(english, FR)
