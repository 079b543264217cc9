"""Secrets in files that say what code is given (`values_files.py`): settings, values, parameters, states."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from preuve.collect.code.checkov.engine import Engine
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_shown
from preuve.collect.code.job import NOT_READ, Gap, Line, Scope
from preuve.collect.code.language.hcl.syntax import Name, NotHclError, parse_file
from preuve.collect.code.language.templates.source import TemplateError, parse
from preuve.collect.code.secrets.code import Asked, Lines, Piece, lines_of, of_file, of_variables
from preuve.collect.code.secrets.literal import Secrets, secrets_of, secrets_under

_SETTING = re.compile(
    r"\s*(?:export\s+|set\s+)?[\"']?(?P<name>[A-Za-z_][\w.-]*)[\"']?\s*[=:]\s*(?P<value>.*?)\s*[,;]?\s*"
)
_REMARK = ("#", "//", ";", "--")
_WHOLE = "file"
_OF_NPM = ".npmrc"


def evaluate_values(engine: Engine, sources: Sources, file: Path, root: str, kind: str) -> list[Line]:
    """Every line of the snapshot for a file that says what code is given."""
    asked = Asked.by(engine.rules, engine.checks, "" if kind == "terraform" else kind)
    content = sources.content(file)
    scope = Scope(kind, int(kind == "terraform")).to_line(root)  # which counts templates only of CloudFormation
    if isinstance(content, Gap):
        return [scope, content.to_line(root, kind)]
    name, text = sources.relative(file), content.decode()
    try:
        found = list(lines_of(asked, root, name, text, pieces_of(file.name, text), _WHOLE)) if asked.rules else []
    except RecursionError:
        return [scope, Gap(name, NOT_READ, "nested too deep").to_line(root, kind)]
    return [scope, *found]


def pieces_of(name: str, text: str) -> Iterator[Piece]:
    """The parts of a file; none of one that only shows what may be written: what has the form of a secret is one."""
    if is_shown(name):
        return iter(())
    value = _structured(name.casefold(), text)
    if value is not None:
        lines = (1, text.count("\n") + 1)
        secrets = secrets_of("", value if isinstance(value, Mapping) else {"values": value})
        return iter((Piece(name, _WHOLE, lines, secrets, partial(_same, lines)),))
    if name.endswith(_OF_NPM):  # to HCL its lines are remarks
        return _of_lines(name, text)
    try:
        body = parse_file(text)
    except NotHclError:
        return _of_lines(name, text)
    if any(isinstance(argument.value, Name) for argument in body.arguments.values()):  # words without quotes
        return _of_lines(name, text)
    return iter((*of_variables(body.arguments), *of_file(body)))


def _structured(name: str, text: str) -> Any:
    """What JSON, YAML or TOML says, of a state with its outputs as values; None for any other text."""
    try:
        if PurePath(name).suffix == ".toml":
            return tomllib.loads(text)
        if PurePath(name).suffix in (".yaml", ".yml"):
            return parse(text)
        value = json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except (ValueError, TemplateError):
        return None
    if not isinstance(value, dict) or "tfstate" not in name or not isinstance(outputs := value.get("outputs"), dict):
        return value
    plain = {key: item.get("value") if isinstance(item, dict) else item for key, item in outputs.items()}
    return {**value, "outputs": plain}


def _of_lines(name: str, text: str) -> Iterator[Piece]:
    """The settings in a text, one on each line."""
    remark = ("#", ";") if name.endswith(_OF_NPM) else _REMARK  # where a registry begins with slashes
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith(remark):
            at = (number, number)
            yield Piece(f"{name}:{number}", _WHOLE, at, _of_line(line), partial(_same, at))


def _of_line(line: str) -> Secrets:
    setting = _SETTING.fullmatch(line)
    if setting is None:
        return secrets_of("", {"line": line})
    return secrets_under(setting["name"], setting["value"].strip("\"'"), path=setting["name"])


def _same(lines: Lines, _steps: tuple[str, ...]) -> Lines:
    return lines
