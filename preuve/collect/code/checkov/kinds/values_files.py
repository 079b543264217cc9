"""Secrets in files that say what code is given (`values_files.py`): settings, values, parameters, states."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain, groupby, pairwise
from operator import itemgetter
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from preuve.collect.code.files.kinds import (
    is_environment,
    is_for_people,
    is_of_tests,
    is_only_listed,
    is_program_of_settings,
    is_schema,
    is_script,
    is_telling,
    may_be_for_anything,
)
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_an_example, is_known_to_set, is_shown, text_of
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.language.hcl.syntax.nodes import Name, NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.collect.code.language.templates.source import TemplateError, TooLargeError, line_of, parse, way_into
from preuve.collect.code.secrets.contents.sql import StatedLines, plain_sql, stated_lines
from preuve.collect.code.secrets.contents.xml_values import XmlValue, values_of
from preuve.collect.code.secrets.forms import kinds_and_doubts, set_in, written_in, written_out
from preuve.collect.code.secrets.places import Role, is_for
from preuve.collect.code.secrets.proximity import has_secret_near_name, has_unexplained_key, secrets_near_names
from preuve.collect.code.secrets.search import (
    BESIDE_ONE,
    NAMED,
    UNEXPLAINED,
    Detection,
    Secrets,
    secrets_in_data,
    secrets_of,
    secrets_under,
    without_doubts,
)
from preuve.collect.code.secrets.states import secrets_in_state
from preuve.collect.code.secrets.terraform_files import Lines, Piece, SecretRules, lines_of, of_file, of_variables
from preuve.model.snapshot import NOT_READ
from preuve.redact.notations.assignments import Assignments, with_assignments
from preuve.redact.notations.handed_secrets import handed
from preuve.redact.notations.names import Telling, tells
from preuve.redact.notations.values import without_documented

if TYPE_CHECKING:
    from preuve.collect.code.checkov.engine import Engine

_SETTING = re.compile(
    r"\s*+(?:(?:export|set)\s++)?(?P<opened>[\"']?)(?P<name>[A-Za-z_][\w.-]*)(?P<closed>[\"']?)\s*+[=:]\s*+(?P<value>.*)"
)
_REMARK = ("#", "//", ";", "--")
_WHOLE, _LIST = "file", "values"
_OF_NPM = ".npmrc"
# Lines of a format of their own, by the end of a file's name: one part of each is a password.
_LOGINS = {
    "pgpass": re.compile(r"(?:(?:[^:\\\n]|\\.)*:){4}(.+)"),  # host:port:database:user:password
    "ipsec.secrets": re.compile(r"[^:\n]*:\s*+(?:PSK|XAUTH|EAP)\s++[\"']?([^\"'\s]+)[\"']?.*"),
    "ap-secrets": re.compile(r"\S++\s++\S++\s++[\"']?([^\"'\s]+)[\"']?.*"),  # user, server, secret
    "curlrc": re.compile(r"\s*+(?:--?)?(?:u|user|proxy-user)\b\s*+[=:]?\s*+[\"']?[^:\"'\s]++:([^\"'\s]+)[\"']?\s*+"),
}
_BUILT_LIKE_ONE = Secrets((), (UNEXPLAINED,))
_SURELY, _PERHAPS = Secrets((Detection("line", NAMED),)), Secrets((), (BESIDE_ONE,))
_NOTHING_STATED = StatedLines()
_BEGINS_KEY = "PRIVATE KEY-----"
_MOST_WORDS = 3
_DRAWING = re.compile(r"(?:\s*+<[?!][^<>]{0,1000}>)*+\s*+<(?:mxfile|mxGraphModel)\b(?![^<>]*/>)")  # of draw.io
_KEY_BY_SIGNS, _SPEAKS_OF_KEYS = "[removed: aws_secret_key]", re.compile(r"(?i)key|secret|token|credential|aws|A[KS]IA")
_INSIDE = ("[removed: assignment]", "[removed: argument]", "[removed: basic_login]")
_NEAR = 3  # lines
_OF_CLOUD_INIT = "#cloud-config"
_OF_A_SHELL = re.compile(r"#![^\n]*\b(?:ba|da|k|z)?sh\b")
_OF_DEVICES = "fstab"
_BY_LINES = (_OF_NPM, _OF_DEVICES, *_LOGINS, ".ini", ".properties", ".cfg", ".conf", ".cnf")
_OF_JAVA, _ESCAPED = ".properties", re.compile(r"\\u+(00[2-7][0-9A-Fa-f])")  # which Java reads as the letter
_OF_KEYS, _A_KEY = ".key", "secret_key"  # of Rails: `config/credentials/production.key`
_OF_DATABASES = (".sql", ".ddl", ".psql")
_OF_SCRIPTS = ("#", "//", "::", "REM ", "rem ")
_OF_PROGRAMS = ".ipynb"  # whose texts are lines of one
_DOCUMENT = re.compile(r"(?m)^---(?:[ \t].*)?$")  # the start of a further document in YAML


def evaluate_values(engine: Engine, sources: Sources, file: Path, root: str, kind: str) -> list[Line]:
    """Return every line of the snapshot for a file that says what code is given."""
    asked = SecretRules.by(engine.rules, engine.checks, "" if kind == "terraform" else kind)
    text = text_of(sources, file)
    # For CloudFormation only templates are counted, and what merely lies beside code is no code.
    scope = Scope(kind, int(kind == "terraform" and is_telling(file.name))).to_line(root)
    if not isinstance(text, str):
        return [scope, *([text.to_line(root, kind)] if text else ())]
    name = sources.relative(file)
    try:
        pieces = iter(()) if is_only_listed(name) else pieces_of(file.name, text)
        pieces = map(_without_doubts, pieces) if is_of_tests(name) else pieces
        found = list(lines_of(asked, root, name, text, pieces, _WHOLE)) if asked.rules else []
    except TooLargeError as error:
        return [scope, Gap(name, NOT_READ, error.what).to_line(root, kind)]
    except RecursionError:
        return [scope, Gap(name, NOT_READ, "nested too deep").to_line(root, kind)]
    return [scope, *(line for line in found if is_telling(file.name) or not _is_by_chance(name, line, text))]


def _is_by_chance(name: str, line: Line, text: str) -> bool:
    """Return whether nothing beside what only has the length and the signs of a key speaks of one, or tests are given
    what is told by names inside of a text.
    """
    kinds = set(line.get("values", {}).values())
    if kinds and is_of_tests(name) and kinds <= {_KEY_BY_SIGNS, *_INSIDE}:
        return True
    if kinds != {_KEY_BY_SIGNS}:
        return False
    first, last = line["decided_at"]
    return _SPEAKS_OF_KEYS.search("\n".join(text.splitlines()[max(0, first - _NEAR) : last + _NEAR])) is None


def pieces_of(name: str, text: str) -> Iterator[Piece]:
    """Yield the parts of a file. An example file has none except secrets recognised by their form."""
    if is_an_example(name) or is_only_listed(name):
        return iter(())
    text = without_documented(text)
    if is_script(name) or _OF_A_SHELL.match(text):
        pieces = _of_script(name, text)
        return chain(pieces if is_script(name) else map(_without_doubts, pieces), _of_unexplained(name, text))
    if is_program_of_settings(name) or is_schema(name):
        return _where(written_out, name, text, doubts=True)
    most = Telling.SURELY if is_known_to_set(name, text) else Telling.PERHAPS
    value = _structured(name.casefold(), text)
    if value is None:
        return _of_text(name, text)
    lines, found = (1, text.count("\n") + 1), _of_structure(value, most, _stem(name))
    return iter((Piece(name, _WHOLE, lines, found, partial(_line_of, cache(partial(_parsed, text)), lines)),))


def _parsed(text: str) -> Any:
    """Return JSON or one document of YAML with its lines; None if it is neither."""
    try:
        return parse(text)
    except TemplateError:
        return None


def _line_of(parsed: Callable[[], Any], whole: Lines, steps: tuple[str, ...]) -> Lines:
    """Return the line of what a path leads to in a text; the whole file if it is not found."""
    value = parsed()
    if value is None:
        return whole
    named = steps[:1] in ((_LIST,), ("",)) and not isinstance(value, Mapping)  # a list stands under a name of ours
    way = way_into(value, "/".join(steps[1:] if named else steps), _value_member)
    line = line_of(value, way)
    return (line, line) if line else whole


def _value_member(pair: Mapping[str, Any]) -> str:
    """Return the member of a pair of name and value that is the value: the path has the name."""
    return next((name for name in pair if is_for(name, Role.VALUE)), "")


def _of_text(name: str, text: str) -> Iterator[Piece]:
    """Return the settings in a text: as HCL has them, one on each line, or what a script sets."""
    if _is_of_words(text) and tells(_called(name), free=True):
        return _of_words(name, text)
    if not is_telling(name) and (is_shown(name) or is_for_people(name) or _is_drawn(name, text)):
        return _where(set_in, name, text)
    if not is_telling(name) and may_be_for_anything(name):
        return _where(partial(set_in, of_a_program=True), name, text, doubts=True)
    if name.casefold().endswith(_OF_DATABASES):
        text = plain_sql(text)
        return _where(written_in, name, text, doubts=True, stated=stated_lines(text))
    if text.lstrip().startswith("<") and (values := values_of(text)) is not None:
        return _of_xml(name, text, values)
    by_lines = name.endswith(_BY_LINES) or is_environment(name)  # HCL would take some of their lines for comments
    try:
        body = None if by_lines else parse_file(text)
    except NotHclError:
        body = None
    if body is not None and not any(isinstance(argument.value, Name) for argument in body.arguments.values()):
        pieces: Iterator[Piece] = iter((*of_variables(body.arguments), *of_file(body)))
    else:
        pieces = (_of_lines if is_telling(name) else _of_script)(name, text)  # words without quotes
    return pieces if is_telling(name) else map(_without_doubts, pieces)


def _is_drawn(name: str, text: str) -> bool:
    """Return whether XML is a drawing, all of whose words are for people."""
    return name.casefold().endswith(".xml") and _DRAWING.match(text) is not None


def _without_doubts(piece: Piece) -> Piece:
    return replace(piece, secrets=without_doubts(piece.secrets))


def _stem(name: str) -> str:
    """Return how a file is called, without a dot before and an ending."""
    return PurePath(name.lstrip(".")).stem


def _called(name: str) -> str:
    """Return how a file is called, with an ending that tells of a secret: `mysql.password`."""
    if name.casefold().endswith(_OF_KEYS):
        return _A_KEY
    return name.replace(".", "_") if tells(PurePath(name).suffix, free=True) else _stem(name)


def _is_of_words(text: str) -> bool:
    """Return whether a text is one word on each of its few lines."""
    lines = text.split("\n", _MOST_WORDS + 1)
    return 0 < len(text.split()) <= _MOST_WORDS and all(len(line.split()) <= 1 for line in lines) and "://" not in text


def _of_words(name: str, text: str) -> Iterator[Piece]:
    """Yield the words of a file from which a program reads a secret: the name of the file is that of the values."""
    called = _called(name)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            at = (number, number)
            yield Piece(name, _WHOLE, at, secrets_under(called, line.strip(), path=called), partial(_same, at))


def _of_structure(value: Any, most: Telling, called: str) -> Secrets:
    """Return the secrets in a structure, and if it is a state or a plan of Terraform those that this calls so."""
    listed = most is Telling.SURELY and not isinstance(value, Mapping)
    own = secrets_in_data({_LIST: value} if listed else value, most=most, called=called)
    return replace(own, found=tuple(dict.fromkeys((*own.found, *secrets_in_state(value)))))


def _structured(name: str, text: str) -> Any:
    """Parse JSON, YAML or TOML; None for any other text. Raises TooLargeError for what grows beyond the limit."""
    try:
        if PurePath(name).suffix == ".toml":
            return tomllib.loads(text)
        if PurePath(name).suffix in (".yaml", ".yml") or text.startswith(_OF_CLOUD_INIT):
            documents = [parse(part) for part in _DOCUMENT.split(text) if part.strip()]
            return documents[0] if len(documents) == 1 else documents or None
        return (
            json.loads(text, object_pairs_hook=_members)
            if text.lstrip()[:1] in ("{", "[") and not name.endswith(_OF_PROGRAMS)
            else None
        )
    except TooLargeError:
        raise
    except (ValueError, TemplateError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a map; of a name that stands there twice all values."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, list[Any]] = {}
    for name, item in pairs:
        every.setdefault(name, []).append(item)
    return {name: items[0] if len(items) == 1 else items for name, items in every.items()}


def _of_xml(name: str, text: str, values: list[XmlValue]) -> Iterator[Piece]:
    """Yield the lines of XML whose values are secrets by their names, and what else is found in its text."""
    lines = text.splitlines()
    for line, named in groupby(sorted(values, key=itemgetter(0)), key=itemgetter(0)):
        secrets = secrets_in_data([{value.name: value.text} for value in named])
        if secrets.found:
            lines[line - 1] = ""
            yield Piece(f"{name}:{line}", _WHOLE, (line, line), secrets, partial(_same, (line, line)))
    rest = "\n".join(lines)
    yield from _of_lines(name, rest) if is_telling(name) else map(_without_doubts, _of_script(name, rest))


def _where(
    holds: Callable[[str], bool], name: str, text: str, *, doubts: bool = False, stated: StatedLines = _NOTHING_STATED
) -> Iterator[Piece]:
    """Yield the lines of a text that is for something else, and surely hold a secret, or where one is `stated`; with
    `doubts` those, too, in which what is built like one stands beside a word that tells of one.
    """
    lines = dict.fromkeys(stated.doubts, _PERHAPS) | dict.fromkeys(stated.passwords, _SURELY)
    lines |= {number: _SURELY for number, line in enumerate(text.splitlines(), 1) if holds(line)}
    number, counted = 1, 0
    for start in secrets_near_names(text) if doubts else ():
        number, counted = number + text.count("\n", counted, start), start
        lines.setdefault(number, _PERHAPS)
    for number, secrets in sorted(lines.items(), key=itemgetter(0)):
        at = (number, number)
        yield Piece(f"{name}:{number}", _WHOLE, at, secrets, partial(_same, at))


def _of_script(name: str, text: str) -> Iterator[Piece]:
    """Yield the values that a script sets or passes on, with their lines; the whole file if several lines together
    form one.
    """
    lines = ["" if line.lstrip().startswith(_OF_SCRIPTS) else line for line in text.splitlines()]
    # Below the line that begins a key its body is the same secret. What a line that holds one gives a variable is not
    # told again where it is used.
    told = [not _begins_key(above) and _holds(line) for above, line in pairwise(("", *lines))]
    left = "\n".join("" if own else line for line, own in zip(lines, told, strict=True))
    taken = [
        line if own else put for line, own, put in zip(lines, told, with_assignments(left).split("\n"), strict=False)
    ]
    rows = enumerate(zip(told, lines, taken, strict=True), 1)
    found = [number for number, (own, line, put) in rows if own or (put != line and _holds(put))]
    whole = _holds("\n".join("" if number in found else line for number, line in enumerate(lines, 1)))
    places = [(number, number) for number in found] + ([(1, len(lines))] if whole else [])
    for place in places:
        written = dict.fromkeys("\n".join(of[place[0] - 1 : place[1]]) for of in (lines, taken))
        secrets = secrets_of("", {"script": tuple(written)})
        yield Piece(f"{name}:{place[0]}", _WHOLE, place, secrets, partial(_same, place))


def _of_unexplained(name: str, text: str) -> Iterator[Piece]:
    """Yield the lines of a script with a word that is built like a key and that nothing explains or tells."""
    if not has_unexplained_key(text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if has_unexplained_key(line) and not _holds(line):
            yield Piece(f"{name}:{number}", _WHOLE, (number, number), _BUILT_LIKE_ONE, partial(_same, (number, number)))


def _begins_key(line: str) -> bool:
    return _BEGINS_KEY in line and "-----END" not in line


def _holds(text: str) -> bool:
    return next(kinds_and_doubts(text), "") != ""


def _of_lines(name: str, text: str) -> Iterator[Piece]:
    """Yield the settings in a text, one on each line; all of it if several lines together hand something over."""
    remark = ("#", ";") if name.endswith((_OF_NPM, _OF_DEVICES)) else _REMARK  # where a place begins with slashes
    form = next((form for end, form in _LOGINS.items() if name.endswith(end)), None)
    read = _of_variable if is_environment(name) else _of_line
    if name.endswith(_OF_JAVA):
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    taken, found = Assignments(), False
    for number, (above, line) in enumerate(pairwise(("", *text.splitlines())), 1):
        if line.strip() and not _begins_key(above) and not line.lstrip().startswith(remark):
            at = (number, number)
            login = form.fullmatch(line) if form else None
            secrets = secrets_under("password", login[1], path="password") if login else read(taken.of(line))
            found |= bool(secrets.found)
            yield Piece(f"{name}:{number}", _WHOLE, at, secrets, partial(_same, at))
    if not found and (any(handed(text, of_a_program=True)) or has_secret_near_name(text)):
        place = (1, text.count("\n") + 1)
        yield Piece(name, _WHOLE, place, secrets_of("", {"text": text}), partial(_same, place))


def _of_variable(line: str) -> Secrets:
    """Return the secrets in a line that sets a variable of a program: for double quotes, HCL has the rules of those who
    read it (`${…}` is put in, a remark may follow), and no one fills in `<x>`.
    """
    setting = _SETTING.fullmatch(line)
    if setting is None or not setting["value"].startswith('"'):
        return _of_line(line)
    try:
        body = parse_file(f"{setting['name']} = {setting['value']}\n")
    except NotHclError:
        return _of_line(line)
    return next(of_variables(body.arguments)).secrets


def _of_line(line: str) -> Secrets:
    setting = _SETTING.fullmatch(line)
    if setting is None or _ends_a_text(setting):
        return secrets_of("", {"line": line})
    value = setting["value"].rstrip()
    value = value[:-1].rstrip() if value.endswith((",", ";")) else value
    return secrets_under(setting["name"], value.strip("\"'"), path=setting["name"])


def _ends_a_text(setting: re.Match[str]) -> bool:
    """Return whether the sign that assigns is the last one of a text in quotes: no value stands in it."""
    return bool(setting["opened"]) and not setting["closed"] and setting["value"].startswith(setting["opened"])


def _same(lines: Lines, _steps: tuple[str, ...]) -> Lines:
    return lines
