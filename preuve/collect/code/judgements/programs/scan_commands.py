"""Decides whether a command or an action is a scan that can fail, and whether its script then fails.

The programs and actions are data of the rule (`scanners/iac/ci-scan-gate.yaml`). A scan counts only with options that
are known to let it fail; an unknown option never counts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import Any

from preuve.collect.code.judgements.programs.scripts import Command, Statement, Word, statements, without_comments
from preuve.library.yaml.word_lists import words_in

Part = Mapping[str, Any]
_SEVERITIES = ("info", "low", "medium", "high", "critical")
_HERE = frozenset({"", ".", "./", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}"})
# Forms of an option's value; any other form is a list of patterns.
_ANY, _FLAG, _PATH, _GATE = "any", "flag", "path", "gate"
_ASKING = frozenset({"--version", "--help", "-h", "-v", "version", "help"})

_CHANGING = words_in("commands", "changing_the_shell")
_SAYING = frozenset({"echo", "printf", "true", ":", "exit"})  # these commands hide an earlier failure
_SET = re.compile(r"set(?: [-+][euxv]*(?:o (?:errexit|pipefail|nounset|xtrace))?)+")
_OPTION = re.compile(r"([-+])([euxv]*)(?:o (\w+))?")
_SURROUNDINGS = re.compile(r"PATH|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|IFS|LD_\w+|PYTHON\w*")


class ScanEffect(IntEnum):
    """Whether a failing scan stops a merge."""

    NEVER = 0
    PERHAPS = 1
    SURELY = 2


@dataclass(frozen=True)
class Tools:
    """The programs and actions that scan in one repository, with the path of its workspace, the gate of the workspace,
    and the settings files of tools that exist.
    """

    options: Mapping[str, Any]  # of the rule
    workspace: str = "."
    severity: str = "high"
    settings: frozenset[str] = frozenset()

    def names(self, text: str) -> bool:
        """Return whether a text names a scanning program or action outside of comments."""
        words = "|".join(re.escape(name) for name in sorted(self._programs))
        return re.search(rf"(?<![\w-])(?:{words})(?!\w)", without_comments(text)) is not None

    @property
    def _programs(self) -> frozenset[str]:
        return frozenset(key.split()[0] for key in self.options["programs"])

    def action(self, uses: str, given: Part | None) -> ScanEffect | None:
        """Return whether an action is a scan that can fail; None if it is no scan. `given` are its inputs, None if
        unknown.
        """
        name = uses.partition("@")[0]
        about = next((of for form, of in self.options["uses"].items() if fnmatchcase(name.lower(), form)), None)
        if about is None:
            return ScanEffect.PERHAPS if self.names(name) else None
        if given is None:
            return ScanEffect.PERHAPS
        values = [(str(key), _word(value)) for key, value in given.items() if not str(key).startswith("__")]
        return self._able(values, about, ".")

    def command(self, command: Command, folder: str) -> ScanEffect | None:
        """Return whether a command is a scan that can fail; None if it names no scan."""
        words = _unwrapped(command.words, self.options["through"])
        for key, about in self.options["programs"].items():
            own = key.split()
            if _texts(words[: len(own)]) == own:
                return self._able(list(_options(words[len(own) :], about["takes"])), about, folder)
        if not any(self.names(word.text) for word in command.words):
            return None
        if words and words[0].fixed and _texts(words[:1])[0] in self._programs:
            return ScanEffect.NEVER if _does_something_else(words[1:2]) else ScanEffect.PERHAPS
        passing = any(_texts(words[: len(form.split())]) == form.split() for form in self.options["passing"])
        return ScanEffect.NEVER if passing else ScanEffect.PERHAPS

    def _able(self, given: Sequence[tuple[str, Word | None]], about: Part, folder: str) -> ScanEffect:
        """Return whether a scan with some options can fail. A word that belongs to no option has the name ""."""
        known = {"": _PATH, **about["takes"]}
        if any(_is_refused(about.get("never", {}), name, value) for name, value in given):
            return ScanEffect.NEVER
        fits = all(name in known and self._fits(value, known[name], folder) for name, value in given)
        if not fits or self.settings.intersection(about.get("settings", ())):
            return ScanEffect.PERHAPS
        if any(need not in dict(given) for need in about.get("needs", ())):
            return ScanEffect.NEVER
        led = any(known[name] == _PATH for name, _ in given)
        here = not about.get("needs_path") and self._leads(".", folder)
        return ScanEffect.SURELY if led or here else ScanEffect.PERHAPS

    def _fits(self, value: Word | None, form: Any, folder: str) -> bool:
        """Return whether the value of an option lets a scan fail; the value None means that the option has none."""
        if form == _FLAG or value is None:
            return form == _FLAG and value is None
        if isinstance(form, list):
            return any(value.text == one or (value.fixed and fnmatchcase(value.text, one)) for one in form)
        if form == _ANY or not value.whole:
            return value.whole
        if form == _PATH:
            return (value.fixed or value.text in _HERE) and self._leads(value.text, folder)
        return form == _GATE and value.text in ("", *_SEVERITIES[: _SEVERITIES.index(self.severity) + 1])

    def _leads(self, path: str, folder: str) -> bool:
        """Return whether a path covers the workspace or the whole repository."""
        to = posixpath.normpath(posixpath.join(folder, "." if path in _HERE else path))
        return to in (self.workspace, ".")

    def is_plain(self, env: Any) -> bool:
        """Return whether no variable of an environment affects the shell or a scan."""
        if env is not None and not isinstance(env, Mapping):
            return False
        steering = tuple(self.options["variables"])
        return not any(_SURROUNDINGS.fullmatch(str(name)) or str(name).startswith(steering) for name in env or ())


def _word(value: Any) -> Word:
    """Return the input of an action."""
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return Word(text, fixed="${{" not in text)


def _is_refused(never: Any, name: str, value: Word | None) -> bool:
    """Return whether a scan with this option, or with this value of it, never fails."""
    if isinstance(never, Mapping):
        return value is not None and value.text in never.get(name, ())
    return name in never


def _texts(words: Sequence[Word]) -> list[str]:
    """Return the words of a command, with the program's name without its folder."""
    return [word.text if at else word.text.rsplit("/", 1)[-1] for at, word in enumerate(words)]


def _does_something_else(words: Sequence[Word]) -> bool:
    """Return whether a scanner is run with a subcommand that does not scan."""
    if not words or not words[0].fixed:
        return False
    return words[0].text in _ASKING or re.fullmatch(r"[a-z][a-z-]*", words[0].text) is not None


def _unwrapped(words: Sequence[Word], through: Iterable[str]) -> Sequence[Word]:
    """Return a command without the words that only run it: `uv run checkov`."""
    own = next((form.split() for form in through if _texts(words[: len(form.split())]) == form.split()), [])
    return words[len(own) :]


def _options(words: Sequence[Word], known: Mapping[str, Any]) -> Iterator[tuple[str, Word | None]]:
    """Yield the options of a command with their values, and its other words under ""."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, assigned, value = word.text.partition("=")
        if not name.startswith("-"):
            yield ("" if word.fixed or word.text in _HERE else word.text), word
        elif not word.fixed and ("$" in name or not assigned):
            yield word.text, word
        elif assigned:
            yield name, Word(value, word.fixed, word.whole)
        elif known.get(name, _FLAG) != _FLAG and waiting:
            yield name, waiting.pop(0)
        else:
            yield name, None


# ---- scripts --------------------------------------------------------------------------------------------------------


class Script:
    """A script in a folder of the repository, statement by statement. GitHub starts `bash -e`, and with `shell: bash`
    also `-o pipefail`.
    """

    def __init__(self, tools: Tools, folder: str, *, pipefail: bool) -> None:
        self._tools = tools
        self._folder = folder
        self._errexit = True
        self._pipefail = pipefail
        self._most = ScanEffect.SURELY

    def stands(self, script: str) -> ScanEffect:
        """Return the effect of the best scan in a script."""
        found = statements(script)
        if found is None:
            return ScanEffect.PERHAPS
        best = ScanEffect.NEVER
        for number, statement in enumerate(found):
            best = max(best, self._statement(statement, found[number + 1 :]))
            if len(statement.commands) == 1 and statement.commands[0].name == "exit":
                break
        return best

    def _statement(self, statement: Statement, later: Sequence[Statement]) -> ScanEffect:
        best = ScanEffect.NEVER
        for at, command in enumerate(statement.commands):
            able = self._tools.command(command, self._folder)
            self._note(command, alone=len(statement.commands) == 1)
            if able is not None:
                best = max(best, min(able, self._most, self._place(statement, at, later)))
        return best

    def _place(self, statement: Statement, at: int, later: Sequence[Statement]) -> ScanEffect:
        """Return whether the failure of a command in a statement ends the script, or becomes its result."""
        before, after = statement.joins[:at], statement.joins[at:]
        lost = after[:1] == ("|",) and not self._pipefail
        if lost or statement.commands[at].negated or statement.ends == "&":
            return ScanEffect.NEVER
        if after[:1] == ("||",):
            return _forgiven(statement.commands[at + 1 :])
        return self._ended(statement, before, after, later)

    def _ended(
        self, statement: Statement, before: Sequence[str], after: Sequence[str], later: Sequence[Statement]
    ) -> ScanEffect:
        """Return whether a failure that no other command of its statement catches ends the script."""
        if {"|", "||"} & {*before, *after} or statement.ends == ";":
            return ScanEffect.PERHAPS
        if not later or (self._errexit and not before and not after):
            return ScanEffect.SURELY
        if self._errexit and not after:  # the previous command decides whether it runs
            return ScanEffect.PERHAPS
        return ScanEffect.NEVER if all(map(_only_says, later)) else ScanEffect.PERHAPS

    def _note(self, command: Command, *, alone: bool) -> None:
        """Note what a command changes for later commands."""
        texts = [word.text for word in command.words]
        if command.name == "set" and alone and _SET.fullmatch(" ".join(texts)):
            self._set(" ".join(texts[1:]))
            return
        names = [text.partition("=")[0] for text in texts[1:]] if command.name == "export" else []
        plain = command.name not in _CHANGING or (bool(names) and all(map(str.isidentifier, names)))
        if not plain or not self._tools.is_plain(dict.fromkeys([*names, *command.sets])):
            self._most = min(self._most, ScanEffect.PERHAPS)

    def _set(self, options: str) -> None:
        for sign, letters, name in _OPTION.findall(options):
            if "e" in letters or name == "errexit":
                self._errexit = sign == "-"
            if name == "pipefail":
                self._pipefail = sign == "-"


def _forgiven(then: Sequence[Command]) -> ScanEffect:
    """Return the effect of a command whose failure leads to another command (`||`)."""
    first = then[0]
    if len(then) > 1 or first.name not in _SAYING or first.negated:
        return ScanEffect.PERHAPS
    code = [word.text for word in first.words[1:]]
    return ScanEffect.NEVER if first.name != "exit" or code == ["0"] else ScanEffect.PERHAPS


def _only_says(statement: Statement) -> bool:
    """Return whether a statement succeeds whatever happened before."""
    said = [command.name for command in statement.commands]
    code = [word.text for command in statement.commands if command.name == "exit" for word in command.words[1:]]
    return all(name in _SAYING for name in said) and ("exit" not in said or code == ["0"])
