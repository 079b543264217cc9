"""Help, and what is said of wrong arguments, are in the language of the workspace: every text, and none too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from preuve.cli.help import HelpFormatter
from preuve.cli.main import entry, main
from preuve.publish.words.help import HelpWords, help_words

COMMANDS = ["", *main.list_commands(click.Context(main)), "scan aws", "scan iac", "waiver approve"]
FRENCH = help_words("fr")
HEAD = "schema: 1\norganisation: {{name: T, language: {}}}\n"
# Values and names of programs, which stay, beside the defaults of options.
STAY = {"ssh-agent", "gitlab.com", "main", "json", "PREUVE_CACHE", "PREUVE_SIGNING_KEY"}
SAME_NAMES = {"OPTIONS", "REF", "ORG", "URL", "ID", "DATE"}
PROSE = re.compile(r'"[^"$]* [^"]*"')  # what a person would write, in an example


class Asked(dict[str, str]):
    """Translations that note what they are asked for."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def contexts() -> Iterator[click.Context]:
    for words in COMMANDS:
        context, command = click.Context(main, info_name="preuve"), main
        for word in words.split():
            command = command.get_command(context, word)  # type: ignore[assignment]
            context = click.Context(command, parent=context, info_name=word)
        yield context


def asked() -> tuple[Asked, Asked]:
    """Return the texts and names that the help of all commands asks for."""
    assert FRENCH is not None
    texts, names = Asked(dict(FRENCH.texts)), Asked(dict(FRENCH.names))
    for context in contexts():
        context.command.format_help(context, HelpFormatter(HelpWords(texts, names)))
    return texts, names


def values() -> set[str]:
    """Return the defaults of options, as help shows them."""
    return {str(param.default) for context in contexts() for param in context.command.params} | STAY


def is_text(asked: str, stay: set[str]) -> bool:
    """Whether a person reads it: no example without prose, no label, no value and no bound of one."""
    if asked.startswith(("preuve ", "--")) and not re.search("  ", asked):
        return bool(PROSE.search(asked))
    return bool(re.search("[A-Za-z]{2}", asked)) and asked not in stay


def test_every_text_of_help_has_a_french_one_and_each_of_these_is_shown() -> None:
    texts, names = asked()
    stay = values()
    whole = {text for text in texts.asked if text not in texts and text.partition(": ")[0] + ":" not in texts}
    assert {text for text in whole if is_text(text, stay)} == set()
    assert set(texts) - texts.asked == set()
    assert names.asked - set(names) == SAME_NAMES
    assert set(names) - names.asked == set()


def test_a_french_text_says_the_french_name_of_an_argument() -> None:
    assert FRENCH is not None
    for english, french in FRENCH.texts.items():
        named = set(re.findall(r"\b[A-Z][A-Z_]+\b", english)) & set(FRENCH.names)
        assert [name for name in named if FRENCH.names[name] not in french] == []


@pytest.fixture(params=["fr", "en"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "preuve.yaml").write_text(HEAD.format(request.param), encoding="utf-8")
    return tmp_path


def in_french(workspace: Path) -> bool:
    return "language: fr" in (workspace / "preuve.yaml").read_text(encoding="utf-8")


def shown(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["preuve", *arguments])
    done = CliRunner().invoke(main, arguments, prog_name="preuve")
    assert done.exit_code == 0, done.output
    return done.output.replace("\u00a0", " ")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_the_language_of_the_workspace(
    command: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    said = shown(monkeypatch, *command.split(), "--help")
    french = [f"Usage : preuve{f' {command}' if command else ''}", "Options :", "Affiche cette aide et s'arrête."]
    english = [f"Usage: preuve{f' {command}' if command else ''}", "Options:", "Show this message and exit."]
    expected, other = (french, english) if in_french(workspace) else (english, french)
    assert [text for text in expected if text not in said] == []
    assert [text for text in other if text in said] == []


@pytest.mark.parametrize("option", [("-w", "{}"), ("--workspace", "{}"), ("--workspace={}",), ("-w{}",)])
def test_the_workspace_on_the_command_line_says_the_language_of_help(
    option: tuple[str, ...], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = shown(monkeypatch, "audit", *(word.format(workspace) for word in option), "--help")
    assert ("Exemple :" in said, "Example:" in said) == (in_french(workspace), not in_french(workspace))


@pytest.mark.parametrize(("set_to", "heading"), [("fr_FR.UTF-8", "Commandes :"), ("C.UTF-8", "Commands:")])
def test_without_a_workspace_help_is_in_the_language_of_the_terminal(
    set_to: str, heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_MESSAGES", set_to)
    assert heading in shown(monkeypatch, "--help")


def test_the_terminal_does_not_overrule_the_workspace(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8" if in_french(workspace) else "fr_FR.UTF-8")
    monkeypatch.chdir(workspace)
    assert ("Commandes :" in shown(monkeypatch, "--help")) == in_french(workspace)


WRONG = {
    "seal . --tmestamp": "il n'y a pas d'option '--tmestamp'. Vouliez-vous dire '--timestamp' ?",
    "lint --covrage": "il n'y a pas d'option '--covrage'. (Vouliez-vous dire l'une de celles-ci : '--coverage',"
    " '--workspace' ?)",
    "lint --x": "il n'y a pas d'option '--x'.",
    "xyz": "il n'y a pas de commande 'xyz'.",
    "diff": "il manque l'argument 'ANTÉRIEUR'.",
    "notify nowhere": "valeur incorrecte pour 'DOSSIER' : le dossier 'nowhere' n'existe pas.",
    "reveal x": "il manque l'option '--reason'.",
    "lint a": "argument en trop : a",
    "lint a b": "arguments en trop : a b",
    "lint --coverage=1": "l'option '--coverage' ne prend pas de valeur.",
    "lint --workspace": "l'option '--workspace' demande une valeur.",
    "ci --gate bad": "valeur incorrecte pour '--gate' : 'bad' n'est pas l'une des valeurs possibles :"
    " 'critical', 'high', 'medium', 'low', 'info'.",
    "audit --workers x": "valeur incorrecte pour '--workers' : 'x' n'est pas un nombre entier.",
    "audit --workers 0": "valeur incorrecte pour '--workers' : 0 est hors de l'intervalle x>=1.",
    "audit --parts-max-age x": "valeur incorrecte pour '--parts-max-age' : 'x' n'est pas un nombre.",
    "ci preuve.yaml": "valeur incorrecte pour '[CHEMIN]' : 'preuve.yaml' est un fichier, pas un dossier.",
    "attest x --file .": "valeur incorrecte pour '--file' : '.' est un dossier, pas un fichier.",
    "attest x --file x": "valeur incorrecte pour '--file' : le fichier 'x' n'existe pas.",
    "verify . --head x": "valeur incorrecte pour '--head' : une empreinte de tête est faite de 64 chiffres"
    " hexadécimaux, comme l'audit l'a affichée à la fin",
    "reveal x --reason y --candidates none": "valeur incorrecte pour '--candidates' : 'none' : fichier ou dossier"
    " introuvable",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_what_is_wrong_with_arguments_is_said_in_french(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "preuve.yaml").write_text(HEAD.format("fr"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["preuve", *arguments.split()])
    with pytest.raises(SystemExit) as stopped:
        entry()
    shown = capfd.readouterr().err.replace("\u00a0", " ")
    *before, said = shown.strip().split("\n")
    assert (stopped.value.code, said) == (2, f"erreur : {WRONG[arguments]}")
    assert not before or re.fullmatch(r"Usage : .+\n(?:\s.*\n)*Aide : .+ --help\n", "\n".join(before))


def test_a_word_that_can_be_no_path_is_refused_as_any_other(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("sys.argv", ["preuve", "lint", "x" * 5000])
    with pytest.raises(SystemExit) as stopped:
        entry()
    assert stopped.value.code == 2
    assert ("argument en trop" in capfd.readouterr().err) == in_french(workspace)


def test_a_group_without_a_command_shows_its_help_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "preuve.yaml").write_text(HEAD.format("fr"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["preuve", "scan"])
    with pytest.raises(SystemExit):
        entry()
    assert "Commandes\u00a0:" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "english", "french"),
    [
        ("preuve for", "Delete raw responses", "Supprime les réponses brutes"),
        ("preuve scan i", "Examine the code in scope.", "Examine le code du périmètre."),
        ("preuve ci --summ", "Append a Markdown summary", "Ajoute un résumé en Markdown"),
    ],
)
def test_what_a_shell_says_beside_a_word_is_in_the_language_of_the_workspace(
    words: str, english: str, french: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("sys.argv", ["preuve"])
    typed = {"_PREUVE_COMPLETE": "zsh_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    said = CliRunner().invoke(main, [], prog_name="preuve", env=typed).output.splitlines()
    expected = french if in_french(workspace) else english
    assert [line[: len(expected)] for line in said[2::3]] == [expected]


def test_bash_which_shows_no_help_reads_no_words_for_it(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("sys.argv", ["preuve"])
    monkeypatch.setattr("preuve.cli.help.words_here", lambda: pytest.fail("the words were read"))
    typed = {"_PREUVE_COMPLETE": "bash_complete", "COMP_WORDS": "preuve for", "COMP_CWORD": "1"}
    assert CliRunner().invoke(main, [], prog_name="preuve", env=typed).output.split() == ["plain,forget"]


def test_what_is_written_goes_by_one_name_in_each_command() -> None:
    places = [
        param for context in contexts() for param in context.command.params if {"--output", "--out"} & {*param.opts}
    ]
    assert len(places) > 4 and {tuple(param.opts) for param in places} == {("-o", "--output", "--out")}
