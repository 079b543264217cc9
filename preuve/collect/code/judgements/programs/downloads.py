"""Finds commands of an image's build that download without verifying the server's certificate, or over plain HTTP,
which has none.
"""

from __future__ import annotations

import itertools
import json
import re
import shlex
from collections.abc import Iterator

from preuve.library.yaml.word_lists import words_in

_FLAGS = re.compile(r"(?:--\w[\w-]*(?:=\S*)?\s+)*")
_WITH_VALUE = frozenset("AbcCdDeEFhHKmoPQrtTuUwxXyYz")  # curl's short options with a value
_ASSIGNED = re.compile(r"(\w+)=(.*)", re.DOTALL)
_DOWNLOADS = re.compile(r"(?<![\w-])(?:curl|wget)(?![\w-])", re.IGNORECASE)
# An address of another machine.
_PLAIN = re.compile(r"http://(?!localhost\b|127\.|\[::1\]|\$).+", re.IGNORECASE | re.DOTALL)
_BEFORE_ADDRESS = words_in("commands", "before_an_address")
_SCHEME = "http://"  # the shown part of an address: the rest may contain a login
_ALONE = re.compile(r"-(?:[#acfgijkLlMNnOpqRsSvV]*|#*[A-Za-z]\S+)")  # short options, with their value if any
# Programs that verify a checksum or a signature, some only with this argument.
_SUMS = ("sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "b2sum")
_COMPARES = {**dict.fromkeys((*_SUMS, "gpgv", "minisign", "cosign"), ""), "gpg": "--verify", "openssl": "dgst"}
_IN_FRONT = words_in("commands", "in_front")
_RUNS = re.compile(r"\$\(|`")  # a command in a text
_SCRIPT = re.compile(r"-\w*c")  # the option of a shell before a script
_ENDS = frozenset("();|&")
_CONFIGURED = re.compile(
    r"curlrc\b.*\binsecure\b|\binsecure\b.*curlrc\b|check[_-]certificate\s*=\s*[\"']?(?:off|no|0|quiet)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAYING = frozenset({"echo", "printf"})
_READ_BY_PEOPLE = re.compile(r"(?:^|/)(?:README|NOTICE|LICENSE|VERSION|motd|issue)$|\.(?:md|txt|rst|html)$|^/dev/null$")
_PASSES_ON = re.compile(r"[<>`({]|(?<!\|)\|(?!\|)")  # output that goes to another command or a file
_AROUND = "`$[],"  # signs around a nested command, or a list of words that is no JSON
_DEEPEST = 5  # nested commands at most


def unchecked(value: str) -> tuple[str, ...]:
    """Return, once for each use, the words of a RUN instruction that disable certificate checks or download over plain
    HTTP. A download that is then compared with a checksum or a signature counts as checked.
    """
    text = value[_FLAGS.match(value).end() :] if _FLAGS.match(value) else value  # type: ignore[union-attr]
    words = _exec_form(text)
    written = [words] if words else [command for command in _commands(text) if not _is_said(command, text)]
    commands = [one for command in written for one in _with_nested(command, 0)]
    compared = max((number for number, command in enumerate(commands) if _compares(command)), default=0)
    found = [(word, number) for number, command in enumerate(commands) for word in _found(command)]
    configured = (match[0][:100] for match in _CONFIGURED.finditer(text))
    return (*configured, *(word for word, number in found if not word.endswith(_SCHEME) or number >= compared))


def downloads(value: str) -> bool:
    """Return whether a RUN instruction names a program that downloads."""
    return _DOWNLOADS.search(value) is not None


def _exec_form(text: str) -> list[str]:
    try:
        words = json.loads(text)
    except ValueError:
        return []
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else []


def _commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of a script as lists of words, with the variables that they set replaced."""
    known: dict[str, str] = {}
    command: list[str] = []
    for word in _words(text.replace("\\\n", " ").replace("\n", " ; ")):
        if word and set(word) <= _ENDS:
            yield command
            command = []
        else:
            filled = re.sub(r"\$\{?(\w+)\}?", lambda match: known.get(match[1], match[0]), word)
            command += filled.split() if filled != word else [word]
            if assigned := _ASSIGNED.fullmatch(word):
                known[assigned[1]] = assigned[2]
    yield command


def _words(text: str) -> list[str]:
    reader = shlex.shlex(text, posix=True, punctuation_chars=True)
    reader.whitespace_split, reader.commenters = True, ""
    try:
        return list(reader)
    except ValueError:  # an unclosed quote
        return re.findall(r"[();|&]+|[^\s();|&\"']+", text)


def _with_nested(command: list[str], depth: int) -> Iterator[list[str]]:
    """Yield a command and the commands in its words; from a text that nothing may run, only those that download."""
    yield command
    for before, word in itertools.pairwise(["", *command]):
        runs = _RUNS.search(word) or _SCRIPT.fullmatch(before)
        if depth < _DEEPEST and re.search(r"\s", word) and (runs or re.search(r"curl|wget", word)):
            yield from (one for inner in _commands(word) for one in _with_nested(inner, depth + 1))


def _found(command: list[str]) -> Iterator[str]:
    for number, word in enumerate(command):
        name = re.split(r"[/=`$]", word.strip(_AROUND))[-1]
        options = [option.strip(_AROUND) for option in command[number + 1 :]]
        if name in ("curl", "curl.exe") and (found := next(_insecure(options), "")):
            yield f"curl {found}"
        if name in ("wget", "wget.exe") and (found := next(filter(_is_without_check, options), "")):
            yield f"wget {found}"
        if name in ("curl", "curl.exe", "wget", "wget.exe") and any(_plain(options)):
            yield f"{name} {_SCHEME}"


def _compares(command: list[str]) -> bool:
    """Return whether a command verifies something: its first word is the program, whatever the others are."""
    begins = (command[at:] for at, word in enumerate(command) if at == 0 or word.startswith("`"))
    return any(map(_is_comparison, begins))


def _is_comparison(command: list[str]) -> bool:
    named = itertools.dropwhile(lambda word: word in _IN_FRONT or _ASSIGNED.fullmatch(word), command)
    name, *words = [word.strip(_AROUND) for word in named] or [""]
    asked = _COMPARES.get(name.rpartition("/")[2])
    return asked is not None and any(word.startswith(asked) for word in ("", *words))


def _is_said(command: list[str], text: str) -> bool:
    """Return whether a command only prints its words and nothing in the instruction can run them."""
    if not command or command[0] not in _SAYING or any("$(" in word or "`" in word for word in command):
        return False
    signs = {word for word in command if set(word) <= set("<>&|")}
    files = [name for word, name in itertools.pairwise(command) if word in signs]
    if not signs:
        return _PASSES_ON.search(text) is None
    return signs <= {">", ">>"} and all(_READ_BY_PEOPLE.search(name) and text.count(name) == 1 for name in files)


def _insecure(options: list[str]) -> Iterator[str]:
    """Yield the options of curl that accept any certificate; a word after `-H` or `-o` is a value, not an option."""
    is_value = False
    for option in options:
        letters = re.fullmatch(r"-([A-Za-z0-9#:]+)(.*)", option, re.DOTALL)
        taking = next((at for at, letter in enumerate(letters[1]) if letter in _WITH_VALUE), None) if letters else None
        long = option.startswith("--in") and len(option) > len("--in") and "--insecure".startswith(option)
        if not is_value and (long or (letters and "k" in letters[1][:taking])):
            yield option
        is_value = not is_value and letters is not None and taking == len(letters[1]) - 1 and not letters[2]


def _plain(options: list[str]) -> Iterator[bool]:
    """Yield whether a word is an address requested over plain HTTP; after another option it may be a proxy's."""
    for before, option in itertools.pairwise(["", *options]):
        address = not before.startswith("-") or before in _BEFORE_ADDRESS or _ALONE.fullmatch(before) is not None
        yield address and _PLAIN.fullmatch(option) is not None


def _is_without_check(option: str) -> bool:
    return len(option) > len("--no-c") and "--no-check-certificate".startswith(option)
