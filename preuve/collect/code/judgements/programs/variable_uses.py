"""Decides whether a script executes the value of a variable that a stranger controls.

Only known uses are harmless: the value as a quoted argument of a program that runs no code, in a comparison, or in a
copy. The value is executed if a shell, an interpreter, or the file with the variables of later steps receives it. Every
other use is unclear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from preuve.collect.code.judgements.programs.shell_commands import (
    BARE,
    CHANGED,
    PUT,
    Command,
    NotReadError,
    commands_of,
    is_marked,
)
from preuve.library.yaml.word_lists import words_in

_SETS = re.compile(r"\bGITHUB_(?:ENV|PATH)\b")  # files whose lines set variables or paths of later steps
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_EVALUATING = frozenset({"eval", "iex", "invoke-expression"})
_INTERPRETER = re.compile(r"python[\d.]*|node|nodejs|perl|ruby|php|pwsh|powershell")
_READING = frozenset({"-", "/dev/stdin", "/dev/fd/0"})  # in place of a file
_GIVES_SCRIPT = re.compile(r"-\w*c\w*")
_GIVES_CODE = re.compile(r"-\w*[cerpE]\b|--eval\b|--print\b|(?i:-command\b)")
_OPENING = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"})
_CLOSING = frozenset({"}", "done", "fi", "esac"})
_LISTING = frozenset({"for", "select", "case"})  # the words after these are copied or compared
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=")
# Programs that start the program in their arguments.
_STARTING = frozenset({"sudo", "env", "command", "builtin", "exec", "nohup", "nice", "timeout"})
# Variables that tell programs what to run.
_LEADING = re.compile(
    r"PATH|NODE_PATH|CLASSPATH|(?:LD|DYLD)_.*|BASH_ENV|ENV|PS\d|.*_COMMAND|.*OPTIONS|.*OPTS|.*EDITOR|.*PAGER|SHELL|PYTHON.*"
)
_COPYING = frozenset({"export", "local", "readonly", "declare", "typeset"})
_SAYING = frozenset({"echo", "printf", "cat"})
_ANYHOW = frozenset({"echo", "printf", "test", "[", "[[", ":", "true", "false", "read", "exit", "return", *_COPYING})
_IN_QUOTES = words_in("commands", "running_nothing")
_FILTERS = frozenset({"sed", "awk", "gawk", "mawk", "jq", "yq", "npx", "npm", "yarn", "pnpm"})  # of what they read
_AFTER = {"jq": 2, "yq": 2, "awk": 1, "gawk": 1, "mawk": 1, "docker": 1, "podman": 1}  # so far behind its option
_OPTION = frozenset({"--arg", "--argjson", "-v", "-e", "--env", "-l", "--label"})
_OF_GIT = words_in("commands", "of_git")
_OF_GIT_RUNNING = re.compile(r"--(?:exec|upload-pack|receive-pack|config)\b|-[cx]\b")
_BY_NUMBER = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})  # `[[` evaluates the operands of these
_KEPT = re.compile(r"&?\d|(?>.*?GITHUB_(?:OUTPUT|STEP_SUMMARY)).*|/dev/\w+|.*\.(?:txt|md|json|csv|log|html|ya?ml|xml)")
_POSITIONS = re.compile(r"\$(?:[1-9@*]|\{[1-9@*](?P<changed>[^}]+)?\})")
_DEEPEST = 5  # scripts in scripts
_LONGEST = 100_000  # characters of a script


class Use(IntEnum):
    """What a script does with a value; of several uses, the greatest counts."""

    HARMLESS = 0
    UNCLEAR = 1
    RUN = 2


def use_in(script: str, named: re.Pattern[str], *, ref: bool = False, depth: int = 0) -> Use:
    """Return how a script uses the variable that a pattern finds. `ref`: its value is a git ref, which contains no
    blanks.
    """
    if not named.search(script) and "((" not in script:  # an arithmetic expression needs no dollar
        return Use.HARMLESS
    if depth > _DEEPEST or len(script) > _LONGEST:
        return Use.UNCLEAR
    try:
        return _Script(named, ref, depth).use(commands_of(script, named))
    except (NotReadError, RecursionError):
        return Use.UNCLEAR


def _worst(text: str) -> Use:
    """Return what happens to a value if the text around it is executed."""
    return Use.RUN if PUT in text or BARE in text else Use.UNCLEAR if CHANGED in text else Use.HARMLESS


def _unclear(*words: str) -> Use:
    return Use.UNCLEAR if is_marked(*words) else Use.HARMLESS


def _name(word: str) -> str:
    return word.rsplit("/", 1)[-1].lower().removesuffix(".exe")


class _Script:
    """A script that is searched for a value."""

    def __init__(self, named: re.Pattern[str], ref: bool, depth: int) -> None:
        self._named = named
        self._ref = ref
        self._depth = depth

    def use(self, commands: Sequence[Command]) -> Use:
        """Return what its commands do."""
        found, flow = Use.HARMLESS, ""
        for command in commands:
            given = command.given + (flow if command.piped else "")
            words = tuple(_begun(command.words))
            closing = words[0] in _CLOSING if words else not command.words
            if closing:  # it ends a group of commands with common output
                given += CHANGED
            found = max(found, self._command(words, given), self._written(command, words, given), *self._set(command))
            told = "".join((*words, given))
            plain = bool(words) and _name(words[0]) in _SAYING and CHANGED not in told
            flow = "" if not is_marked(told) else PUT if plain else CHANGED
        return found

    def _set(self, command: Command) -> Iterator[Use]:
        """Yield the uses in the assignments of a command; copies are not followed."""
        yield Use.UNCLEAR if command.unclear else Use.HARMLESS
        for word in command.words:
            if (assigned := _ASSIGNED.match(word)) and _LEADING.fullmatch(assigned["name"]):
                yield _unclear(word)

    def _written(self, command: Command, words: tuple[str, ...], given: str) -> Use:
        """Return the use by the files that a command writes."""
        files = [*command.files, *(words[1:] if words and _name(words[0]) == "tee" else ())]
        found = _unclear(*command.files)
        for file in files:
            if _SETS.search(file):
                direct = "".join(word for word in words if not (self._ref and _is_value(word)))
                found = max(found, _worst(direct), _unclear(given))
            elif file in command.files and not _KEPT.fullmatch(file):
                found = max(found, _unclear(*words, given))
        return found

    def _command(self, words: tuple[str, ...], given: str) -> Use:
        if not words or words[0] in _CLOSING or words[0] in _LISTING:
            return Use.HARMLESS
        first, rest = words[0], words[1:]
        if is_marked(first):
            return Use.RUN if first[0] in (PUT, BARE) else Use.UNCLEAR
        name = _name(first)
        if name in _EVALUATING:
            return self._code(" ".join(rest))
        if name in _SHELLS or _INTERPRETER.fullmatch(name):
            return self._shell(rest, given) if name in _SHELLS else _interpreted(rest, given)
        return self._started(rest, given) if name in _STARTING else self._program(first, name, rest, given)

    def _program(self, first: str, name: str, rest: tuple[str, ...], given: str) -> Use:
        """Return how a program uses its arguments and its input."""
        inner = next((at for at, word in enumerate(rest) if _name(word) in _SHELLS | _EVALUATING), len(rest))
        found = self._command(rest[inner:], given) if inner < len(rest) and name not in _ANYHOW else Use.HARMLESS
        arguments = rest[:inner] if name not in _ANYHOW else rest
        if not is_marked(*arguments, given):
            return found
        return found if self._is_harmless(first, name, arguments) else Use.UNCLEAR if found < Use.RUN else found

    def _is_harmless(self, first: str, name: str, arguments: tuple[str, ...]) -> bool:
        if name in _ANYHOW:
            worked_out = name == "[[" and not _BY_NUMBER.isdisjoint(arguments)
            return not worked_out and not (name in _COPYING and "-i" in arguments)
        if not self._ref and BARE in "".join(arguments):
            return False
        if name == "git":
            return arguments[:1] != () and arguments[0] in _OF_GIT and not any(map(_OF_GIT_RUNNING.match, arguments))
        if name in _AFTER:
            back = _AFTER[name]
            free = (word for at, word in enumerate(arguments) if at < back or arguments[at - back] not in _OPTION)
            return not is_marked(*free)
        if name in _FILTERS or name in ("source", "."):
            return not is_marked(*(arguments if name in _FILTERS else arguments[:1])) and _READING.isdisjoint(arguments)
        return "/" in first or name in _IN_QUOTES  # a script is not read: only what it is called with

    def _started(self, rest: tuple[str, ...], given: str) -> Use:
        for at, word in enumerate(rest):
            if not (word.startswith("-") or _ASSIGNED.match(word) or word[:1].isdigit()):
                return self._command(rest[at:], given)
        return _unclear(*rest, given)

    def _shell(self, rest: tuple[str, ...], given: str) -> Use:
        """Return how a shell uses the script after `-c`, and the script on its input."""
        skipped = False
        for at, word in enumerate(rest):
            if skipped:
                skipped = False
            elif option := _GIVES_SCRIPT.match(word):
                text = word[option.end() :] or "".join(rest[at + 1 : at + 2])
                return max(self._code(text), self._called(text, rest[at + 2 :]))
            elif word[:1] in ("-", "+") or word in _READING:
                skipped = word[-1:] in ("o", "O") and not word.startswith("--")
            else:
                return _unclear(word)
        return self._code(given)

    def _code(self, text: str) -> Use:
        inner = use_in(text, self._named, ref=self._ref, depth=self._depth + 1)
        return max(_worst(text), inner)

    def _called(self, text: str, arguments: tuple[str, ...]) -> Use:
        """Return how a script uses its arguments."""
        if not is_marked(*arguments):
            return Use.HARMLESS
        return min(Use.UNCLEAR, use_in(text, _POSITIONS, ref=self._ref, depth=self._depth + 1))


def _begun(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command without those before its program."""
    begun = False
    for word in words:
        begun = begun or not (word in _OPENING or _ASSIGNED.match(word))
        if begun:
            yield word


def _is_value(word: str) -> bool:
    """Return whether a word is a name with a value of one word, not a separate line."""
    return re.fullmatch(rf"\w+=[^\n{CHANGED}]*", word) is not None


def _interpreted(rest: tuple[str, ...], given: str) -> Use:
    """Return what the interpreter of a language does with its code, which may come from its input."""
    for at, word in enumerate(rest):
        if option := _GIVES_CODE.match(word):
            return _worst(word[option.end() :] or "".join(rest[at + 1 : at + 2]))
        if word in _READING:
            break
        if not word.startswith("-"):
            return _unclear(word)
    return _worst(given)
