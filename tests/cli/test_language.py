"""Commands report results in the language of the workspace: no such note is written in code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import preuve
from content_copy import bundled
from emulator import ACCOUNT, REGION
from preuve.cli.language import language_of
from preuve.cli.main import entry, main
from preuve.library.company.workspace import load_workspace
from preuve.model.errors import ContentError, UsageError
from preuve.publish.words.errors import shown as explained
from preuve.publish.words.language import spoken_language
from preuve.publish.words.locale import load_locale

PACKAGE = Path(preuve.__file__).parent
# Help, whose English is the key of its translations, and what is for whoever sets up a machine.
ENGLISH = {"cli/main.py"}
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ,:;]+[a-z]{2,})+|^(?!preuve )[a-z]{3,} +$")
SHOW = {"echo", "show", "progress"}  # their arguments are shown
TEXT = {"str", "Iterator[str]", "list[str]"}


def shown(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the texts for the terminal: arguments of `click.echo` and of progress, and results of text functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in SHOW:
            yield from node.args
        if isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) in TEXT:
            answers = ast.Yield if node.name.startswith("_") else ast.Yield | ast.Return
            yield from (inner.value for inner in ast.walk(node) if isinstance(inner, answers) and inner.value)


def literals(value: ast.AST) -> Iterator[str]:
    """Yield the words of an expression, without the arguments of calls, such as the key of a text."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    if not isinstance(value, ast.Call):
        for child in ast.iter_child_nodes(value):
            yield from literals(child)


def notes_in_code() -> dict[str, list[str]]:
    sources = [path for name in ("cli", "pipeline") for path in (PACKAGE / name).rglob("*.py")]
    found: dict[str, list[str]] = {}
    for path in sources:
        name = path.relative_to(PACKAGE).as_posix()
        if name in ENGLISH:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = [text for value in shown(tree) for text in literals(value) if WORDS.search(text)]
        if words:
            found[name] = words
    return found


def test_no_note_of_a_command_is_written_in_code() -> None:
    assert notes_in_code() == {}


# ---- a French workspace -------------------------------------------------------------------------------------------

ENGLISH_WORDS = re.compile(r"\b(?:the|of|is|was|are|and|not|to|wrote|kept|found|in|until|by|files?)\b", re.IGNORECASE)


def said(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=text)


@pytest.fixture
def french(tmp_path: Path) -> Path:
    folder = tmp_path / "espace"
    done = said("init", str(folder), "--account", ACCOUNT, "--region", REGION, "--yes", "--language", "fr")
    assert done.exit_code == 0, done.output
    return folder


def english(output: str, root: Path) -> list[str]:
    """English words of an output, without the names of files and commands."""
    plain = re.sub(r"\S*[/\\.]\S*|preuve \w+|--\S+", "", output.replace(str(root), ""))
    return ENGLISH_WORDS.findall(plain)


def test_a_new_workspace_is_announced_in_its_language(tmp_path: Path) -> None:
    folder = tmp_path / "espace"
    folder.mkdir()
    (folder / ".gitignore").write_text("x\n", encoding="utf-8")
    done = said("init", str(folder), "--language", "fr", text="Société\n12\n\n\n\n")
    assert (done.exit_code, english(done.output, tmp_path)) == (0, [])
    assert "Ensuite" in done.output


def test_an_attestation_is_recorded_in_words_of_the_workspace(french: Path, tmp_path: Path) -> None:
    done = said(
        "attest", "INC-03", "--owner", "dpo", "--conclusion", "in_place", "--statement", "Aucune.", "-w", str(french)
    )
    assert (done.exit_code, english(done.output, tmp_path)) == (0, [])
    done = said("attest", "GDP-01", "--template", "-w", str(french))
    assert (done.exit_code, english(done.output, tmp_path)) == (0, [])


HEAD = "schema: 1\norganisation:\n  name: Test\n  language: fr\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "\tcountry: FR\n",
        HEAD + "  name: Autre\n",
        HEAD + "  country: yes\n",
        HEAD + "  country: 2026-01-01\n",
        HEAD + "  country: 0x10\n",
        HEAD + "scope: [a, b\n",
        HEAD + "scope: *a\n",
        HEAD + "scope: &a {x: *a}\n",
        HEAD + "scope: {<<: 1}\n",
        HEAD + "scope: !t 1\n",
        HEAD + "scope: 'a\n",
        HEAD + "  name: a: b\n",
        HEAD + "scope: " + "[" * 50 + "]" * 50,
        (HEAD + "  country: é\n").encode("cp1252"),
        (HEAD + "scope: 1\n").encode("utf-16"),
        HEAD + "scope: \0\n",
        HEAD + "scope: {regions: eu-west-3, accounts: [12], iac: 1}\n",
        HEAD + "  country: Paris\nscoop: {}\n",
        HEAD.replace("schema: 1", "schema: 2"),
        HEAD.replace("  name: Test\n", ""),
        HEAD + "params: {rds_backup_min_days: -1}\n",
        HEAD + "params: {rds_backup_min_days: x}\n",
        HEAD + "exclusions: [{control: C.5.2, reason: aucune}]\n",
        HEAD + "evidence: {folder: ''}\n",
    ],
)
def test_a_file_with_defects_is_refused_in_the_language_that_it_states(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / "preuve.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContentError) as refused:
        load_workspace(tmp_path, bundled())
    locale = load_locale(spoken_language(tmp_path))
    assert locale.language == "fr"
    said = " ".join(explained(refused.value, locale))
    assert english(said.replace("true", ""), tmp_path) == []


@pytest.mark.parametrize("stated", ["français", "FR", "Fr", "fr-FR", "fr_FR", "french", "de", "zz", "''"])
@pytest.mark.parametrize(
    ("terminal", "language"), [("fr_FR.UTF-8", "fr"), ("en_GB.UTF-8", "en"), ("de_DE.UTF-8", "en")]
)
def test_a_language_without_texts_is_told_in_that_of_the_terminal(
    tmp_path: Path, stated: str, terminal: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", terminal)
    (tmp_path / "preuve.yaml").write_text(HEAD.replace("language: fr", f"language: {stated}"), encoding="utf-8")
    assert language_of(tmp_path) == language
    with pytest.raises(ContentError) as refused:
        load_workspace(tmp_path, bundled())
    said = " ".join(explained(refused.value, load_locale(language)))
    line = HEAD[: HEAD.index("language:")].count("\n") + 1
    assert f"preuve.yaml:{line}:" in said and "en, fr" in said
    assert language == "en" or english(said.replace(stated, ""), tmp_path) == []


RULE = """\
id: own-rule
rev: 1
title: {en: Own, fr: La nôtre}
severity: high
rationale: {en: Why., fr: Pourquoi.}
remediation: {en: Do., fr: Faites.}
params: [nothing]
aws: {resource: AWS::S3::Bucket, assert: resource.Nme == 5}
iac: {checkov: [CKV_AWS_99999], equivalence: same_intent}
"""


def test_lint_reports_problems_and_counts_in_the_language_of_the_workspace(
    french: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["preuve", "lint", "--coverage", "-w", str(french)])
    with pytest.raises(SystemExit) as clean:
        entry()
    counts = capfd.readouterr().out
    assert (clean.value.code, english(re.sub(r"\w+(?:-\w+)+", "", counts), french)) == (0, [])
    assert "Utilisation de la cryptographie" in counts, "controls are named in French"
    (french / "policies/s3").mkdir(parents=True)
    (french / "policies/s3/own-rule.yaml").write_text(RULE, encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        entry()
    problems = capfd.readouterr().err
    assert (refused.value.code, english(problems.replace("own-rule", ""), french)) == (2, [])
    assert "il n'y a pas de membre Nme" in problems and "n'étaye aucune mesure" in problems


def test_init_without_an_answer_says_so_in_its_language(tmp_path: Path) -> None:
    asked = ["init", str(tmp_path / "espace"), "--language", "fr"]
    with pytest.raises(UsageError, match=r"personne ne peut y répondre ici\s: rien n'a été écrit") as refused:
        CliRunner().invoke(main, asked, input="", standalone_mode=False, catch_exceptions=False)
    assert "--yes" in refused.value.hint and "donnez" in refused.value.hint


@pytest.mark.parametrize("option", [("-w", "{}"), ("--workspace={}",), ("--", "{}"), ()])
def test_an_error_is_printed_in_the_language_of_the_workspace(
    french: Path, option: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(french if not option else french.parent)
    monkeypatch.setattr("sys.argv", ["preuve", "fill", *(word.format(french) for word in option)])
    with pytest.raises(SystemExit) as stopped:
        entry()
    shown = capfd.readouterr().err
    assert (stopped.value.code, english(shown, french)) == (2, [])
    assert "erreur" in shown and "preuve fill --list" in shown


# ---- a terminal that cannot write every letter ----------------------------------------------------------------------


def beside_utf8(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a locale that has not every letter."""
    return subprocess.run(
        [sys.executable, "-m", "preuve.cli.main", *words],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **environment},
        encoding="latin-1",
    )


def test_a_locale_without_a_sign_ends_no_command(tmp_path: Path) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: A, language: en}\n", encoding="utf-8")
    done = beside_utf8("fill", "--list", "-w", str(tmp_path), PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2192 people" in done.stdout


def test_a_name_that_the_locale_cannot_write_is_told_in_our_words(tmp_path: Path) -> None:
    text = "schema: 1\norganisation: {name: A, language: en}\nscope: {iac: [{path: équipe, kind: terraform}]}\n"
    (tmp_path / "preuve.yaml").write_text(text, encoding="utf-8")
    done = beside_utf8("ci", str(tmp_path), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cannot write" in done.stderr and "LC_ALL=C.UTF-8" in done.stderr
