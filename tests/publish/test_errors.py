"""Errors in the language of a workspace: each translation is of a text that the code has, with the same values."""

from __future__ import annotations

import ast
import inspect
import json
import json.decoder
import json.scanner
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import _keywords

import preuve
from preuve.library.yaml.place import content_root
from preuve.model.errors import QUOTED, ContentError, Position, PreuveError, Problem
from preuve.notify.wire import RefusedError
from preuve.publish.words.errors import _matched, defect, known, said, shown, texts
from preuve.publish.words.locale import load_locale
from publish.raised import filled_in, raised

FR = load_locale("fr")
VALUE = re.compile(r"\{\w*\}")


def in_code() -> set[str]:
    """Every text in the code, with {} in place of each value."""
    found = set()
    for path in Path(preuve.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                found.add("".join(parts))
    return found


# What libyaml, Python and the system say from C, and what our code and click put together of smaller parts.
ELSEWHERE = """
Invalid control character at
is a boolean for some YAML readers and text for others
is nothing for some YAML readers and text for others
is a number too large to be kept exactly
is a date for some YAML readers
is an octal, hexadecimal or binary number for some YAML readers
is a base-60 number for some YAML readers
is an ambiguous number
there are: none
Directory
is not a valid integer range.
is not a valid float range.
. Did you mean
. (Did you mean one of
"""


def of_libraries() -> str:
    """The source of the libraries whose messages are translated."""
    modules = (json.decoder, json.scanner, yaml.reader, yaml.scanner, yaml.parser, yaml.composer, _keywords)
    modules += (click.core, click.exceptions, click.parser, click.types)
    return "\n".join(map(inspect.getsource, modules))


# Errors that only somebody sees who changes preuve itself: they stay in English (docs/formats.md).
FOR_MAKERS = {
    "preuve/publish/site/html/style": "the bundled styles",
    "preuve/publish/words/locale": "a language that is being added",
}
FOR_MACHINES = {"results.schema.json", "evidence-record.schema.json"}  # what preuve itself writes
WORDS = re.compile(r"[A-Za-z]{2}")
ENGLISH = re.compile(r"(?<![\w/.])[A-Za-z]{2,}(?![\w/.])")


def test_a_message_that_another_one_leads_in_is_translated_behind_it() -> None:
    lone = "nothing shows that owner and approver are two people"
    for before in ("waiver W-001 counts for nothing", "decision on A.5.1"):
        assert said(f"{before}: {lone}", FR) == f"{said(before + ': x', FR)[:-1]}{said(lone, FR)}"
    outer = [text for text in texts("fr") if re.fullmatch(r"[a-z].*counts for nothing: \{\w+\}", text)]
    for text in outer:
        for inner in texts("fr"):
            if inner.startswith("{"):
                told = said(VALUE.sub("y", text.rpartition("{")[0]) + VALUE.sub("x", inner), FR)
                assert told.startswith(texts("fr")[text].partition("{")[0]), (text, inner)


def test_each_error_that_a_command_can_say_has_a_french_text() -> None:
    known = {VALUE.sub("{}", english) for english in texts("fr")}
    found = [(module, text) for module, text in raised() if not module.startswith(tuple(FOR_MAKERS))]
    assert len(found) > 500, "they are found"
    untold = {text: module for module, text in found if text not in known and WORDS.search(VALUE.sub("", text))}
    assert untold == {}
    assert [english for english, french in texts("fr").items() if "{}" in english + french] == [], "no name: no value"


def test_a_value_of_an_error_that_is_a_text_of_ours_is_french_in_it() -> None:
    """What a function returns as a cause is never raised, so that the test above does not meet it."""
    found = [
        item for item in filled_in() if not item[0].startswith(tuple(FOR_MAKERS)) and len(ENGLISH.findall(item[2])) > 1
    ]
    assert len(found) > 50, "they are found"
    assert {
        (module, value) for module, text, value in found if value in said(text, FR) and said(value, FR) == value
    } == set()


def test_an_error_put_together_of_parts_is_french_in_all_of_them() -> None:
    for english, french in (
        (
            "x.json: it is JSON that cannot be read: NaN is no number",
            "x.json : ce JSON ne peut pas être lu : NaN n'est pas un nombre",
        ),
        (
            "c.csv has none of these columns: Mail, E-mail; its first row is a, b",
            "c.csv n'a aucune de ces colonnes : Mail, E-mail ; sa première ligne est a, b",
        ),
        ("the ticket SEC-1: 127.0.0.1 answered 403: no", "le ticket SEC-1 : 127.0.0.1 a répondu 403 : no"),
    ):
        assert said(english, FR).replace("\u00a0", " ").replace("\u202f", " ") == french


def test_each_translation_belongs_to_an_error_in_the_code() -> None:
    """One that is put together of parts has each of them in the code, in a schema or in the code of a library."""
    known, keys = in_code(), [VALUE.sub("{}", english) for english in texts("fr")]
    schemas = [path.read_text("utf-8").replace('\\"', '"') for path in schemas_of_companies()]
    anywhere = "\n".join([*known, *schemas, of_libraries(), ELSEWHERE])
    parts = {key: [part.strip(" :,;()") for part in key.split("{}")] for key in keys if key not in known}
    assert {key: part for key, found in parts.items() for part in found if part not in anywhere} == {}
    assert [key for key in keys if keys.count(key) > 1] == []


def schemas_of_companies() -> list[Path]:
    """The schemas of files that a company writes."""
    written = ("reports/schemas/*", "indicators/*", "inlets/*", "policies/*")
    return [path for folder in written for path in content_root().glob(f"{folder}.schema.json")]


def described(schema: object) -> Iterator[str]:
    """Yield what a schema says of each text that must have a form: it is shown where a text has not."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str) and "description" in schema:
            yield schema["description"]
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from described(part)


def test_what_a_schema_asks_of_a_text_is_said_in_french() -> None:
    schemas = [path for path in schemas_of_companies() if path.name not in FOR_MACHINES]
    asked = {text for path in schemas for text in described(json.loads(path.read_text(encoding="utf-8")))}
    assert len(asked) > 40, "they are found"
    assert {text for text in asked if said(text, FR) == text} == set()


def test_a_translation_has_the_same_placeholders_as_its_text() -> None:
    """But for what a library adds in English to a character that YAML does not allow."""
    pairs = ((key, text) for key, text in texts("fr").items() if not key.startswith("unacceptable character"))
    assert [key for key, text in pairs if sorted(VALUE.findall(key)) != sorted(VALUE.findall(text))] == []


def test_an_error_is_shown_with_its_values_and_its_next_step() -> None:
    error = PreuveError("there is no preuve.yaml in /a {b}", "run: preuve init")
    assert shown(error, FR) == ("il n'y a pas de preuve.yaml dans /a {b}", "lancez\u00a0: preuve init")
    assert shown(error, load_locale("en")) == (str(error), error.hint)


def test_a_nested_error_is_translated_and_an_unknown_one_is_not() -> None:
    assert said("this register does not count: it is not UTF-8", FR).endswith("il n'est pas en UTF-8")
    assert said("this register does not count: alas", FR).endswith("\u00a0: alas")
    assert said("alas", FR) == "alas"
    assert said("nope.csv cannot be read: No such file or directory", FR).endswith(
        "\u00a0: fichier ou dossier introuvable"
    )
    where = said("the chain of runs in the branch evidence-log of origin cannot be used: git gave no reason", FR)
    assert where.startswith("la chaîne des exécutions de la branche evidence-log de origin est inutilisable")
    assert where.endswith("git n'a pas donné de raison")


@pytest.mark.parametrize(
    "answer",
    [
        "Client must be authenticated to access this resource.",
        "summary is not valid",
        "it is not UTF-8",
        "x answered 500: the id appears twice",
    ],
)
def test_what_another_program_said_is_never_translated(answer: str) -> None:
    error = RefusedError(f"jira.example.org answered 401: {QUOTED}", quoted=answer)
    around = RefusedError(f"the ticket SEC-1: {error.template}", quoted=error.quoted)
    assert str(error) == f"jira.example.org answered 401: {answer}"
    for one, told in ((error, "jira.example.org a répondu 401"), (around, "le ticket SEC-1\u00a0: jira.example.org a")):
        message, _ = shown(pickle.loads(pickle.dumps(one)), FR)  # as it comes from another process
        assert message.startswith(told) and message.endswith(f": {answer}")


def test_what_stands_for_the_words_of_another_program_is_marked_as_quoted() -> None:
    quoting = {VALUE.sub("{}", english) for english in texts("fr") if "{said}" in english}
    assert len(quoting) > 10
    unmarked = []
    for path in Path(preuve.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
                if text in quoting and "QUOTED" not in names:
                    unmarked.append(f"{path}: {text}")
    assert unmarked == []


def test_what_a_setting_may_be_is_told_in_french() -> None:
    """The description of a key is the next step of an error about its value."""
    schema = json.loads((content_root() / "reports/schemas/workspace.schema.json").read_text("utf-8"))

    def nodes(node: object) -> Iterator[dict[str, object]]:
        if isinstance(node, dict):
            yield node
        for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from nodes(below)

    told = {str(node["description"]) for node in nodes(schema) if {"pattern", "description"} <= set(node)}
    assert len(told) > 10
    assert [text for text in sorted(told) if said(text, FR) == text] == []


def test_each_defect_of_content_keeps_its_place() -> None:
    defects = [Problem(Position("preuve.yaml", 3, 1), "there is no control A.9.9", "fix the id")]
    assert (
        shown(ContentError(defects), FR)[0] == "preuve.yaml:3:1: il n'y a pas de mesure A.9.9 (corrigez l'identifiant)"
    )


def test_a_defect_kept_by_a_run_is_translated_with_its_place() -> None:
    line = "waivers.yaml:9:3: waiver W-003 counts for nothing: the id appears twice (fix the id)"
    told = "waivers.yaml:9:3: la dérogation W-003 ne compte pas\u00a0: l'identifiant apparaît deux fois"
    assert defect(line, FR) == f"{told} (corrigez l'identifiant)"
    assert defect("alas", FR) == "alas"


@pytest.mark.parametrize("name", ["détecté (UTC)", "a (b) (c)", "x: y", "(1-4)", "it is (a: b)"])
@pytest.mark.parametrize("file", ["registers/own.csv", "registers/own (1).csv"])
def test_names_with_brackets_and_colons_leave_a_defect_translated(name: str, file: str) -> None:
    message = f"the value under {name} is no number"
    hint = "write there a number; until then, nothing that reads this cell is evaluated or counted"
    problem = Problem(Position(file, 2, 1), message, hint)
    assert (said(message, FR), said(hint, FR)) != (message, hint)
    assert defect(str(problem), FR) == shown(ContentError([problem]), FR)[0]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("attestations: Permission denied", "attestations : accès refusé"),
        ("registers could not be written: File exists", "registers n'a pas pu être écrit : le fichier existe déjà"),
        ("scope.accounts of preuve.yaml has: none", "scope.accounts de preuve.yaml contient : aucun"),
        (
            "this attestation would not count: attestations/a.yaml:3:7: a.pdf shows nothing: it is empty, or has blank "
            "pages only (attest the document itself)",
            "cette attestation ne compterait pas : attestations/a.yaml:3:7: a.pdf ne montre rien",
        ),
    ],
)
def test_what_stands_inside_of_a_message_is_translated_too(english: str, french: str) -> None:
    told = said(english, load_locale("fr")).replace("\u00a0", " ").replace("\u202f", " ")
    assert told.startswith(french)


def test_a_pattern_is_not_tried_on_a_text_that_lacks_a_part_of_it() -> None:
    """Several values are tried at each place of a text, and a defect is cut at each of its colons."""
    assert _matched(None, (": ", " is no "), "a: " * 1000) is None  # type: ignore[arg-type]
    for english in texts("fr"):
        text = VALUE.sub("x", english)
        assert known(text), text
