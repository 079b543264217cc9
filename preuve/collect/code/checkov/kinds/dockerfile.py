"""Dockerfiles, judged by the image that they build: the last stage, with the defaults of `ARG` and `ENV` filled in.

Checkov examines instructions as written, whichever stage they belong to: a `USER` of a build stage passes an image that
runs as root, and so does `USER 0`.
"""

from __future__ import annotations

import io
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import checkov.dockerfile.checks  # noqa: F401 - registers Checkov's checks
from checkov.dockerfile.registry import registry
from dockerfile_parse import DockerfileParser

from preuve.collect.code.checkov.kinds.blocks import Block, BlockChecks
from preuve.collect.code.files.kinds import is_dockerfile
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap, Line, Scope
from preuve.collect.code.judgements.programs.downloads import downloads, unchecked
from preuve.collect.code.secrets.workflows_and_images import of_dockerfile
from preuve.model.snapshot import NOT_COVERED, NOT_READ, PARSE_ERROR

FRAMEWORK = "dockerfile"

Instruction = Mapping[str, Any]  # of dockerfile_parse: instruction, value, startline, endline (from 0)

_COMPARING = frozenset({"CKV_DOCKER_5", "CKV_DOCKER_11"})  # they compare instructions, but here each is judged alone
_STAGE = re.compile(r"(?:--\S+\s+)*(?P<image>\S+)(?:\s+AS\s+(?P<name>\S+))?\s*", re.IGNORECASE)
_DEFAULT = re.compile(r"""(\w+)=("[^"]*"|'[^']*'|\S*)""")
_OLD_ENV = re.compile(r"(?P<name>\w+)\s+(?P<value>[^\s=].*)")
_VARIABLE = re.compile(r"\$(?:(?P<plain>\w+)|\{(?P<name>\w+)(?:(?P<empty>:?)(?P<sign>[-+])(?P<other>[^}]*))?\})")
# A parser directive, among others at the very top.
_ESCAPE = re.compile(
    r"(?:[ \t]*#[ \t]*\w+[ \t]*=[^\n]*\n)*?[ \t]*#[ \t]*(?i:escape)[ \t]*=[ \t]*([`\\])[ \t\r]*(?:\n|\Z)"
)
_HEREDOC = re.compile(r"\s*(RUN|COPY|ADD)\b.*?<<-?\s*[\"']?(?P<end>\w+)[\"']?", re.IGNORECASE)
_PORT_OF_REGISTRY = re.compile(r"^[^/]+:\d+/")
# A port of TCP or a range: moby's `nat.ParsePortSpec`, which reads numbers with leading zeros too.
_PORTS = re.compile(r"""["']?(?:[^/]*:)?0*(?P<first>\d{1,5})(?:-0*(?P<last>\d{1,5}))?(?:/tcp)?["']?""")
_SSH = 22
_ROOT = re.compile(r"(root|[+-]?0+|(?i:container)?(?i:administrator))(:.*)?")


_MOST_BYTES = 100_000  # more than anybody writes by hand


def checks_of(checks: frozenset[str], rules: Iterable[Mapping[str, Any]]) -> BlockChecks:
    """Return the selected checks for Dockerfiles."""
    return BlockChecks(FRAMEWORK, registry, checks - _COMPARING, rules)


def evaluate(checks: BlockChecks, sources: Sources, start: Path, name: str) -> list[Line]:
    """Return every line of the snapshot for the Dockerfiles below `start`."""
    gaps: list[Gap] = []
    records: list[Line] = []
    images = 0
    files = [file for folder in sources.folders(start, gaps) for file in _candidates(sources, folder, gaps)]
    for file in files:
        text = file.read_text(encoding="utf-8")
        instructions = _instructions(text)
        stages = _stages(instructions)
        if not stages:
            gaps.append(Gap(sources.relative(file), PARSE_ERROR, "no FROM instruction"))
            continue
        comments = [(0, str(item["value"])) for item in instructions if item["instruction"] == "COMMENT"]
        shown = sources.relative(file)
        records += checks.lines(name, _blocks(instructions, stages, shown), comments)
        records += checks.secrets(name, shown, text, of_dockerfile(text, shown, instructions), "Dockerfile")
        images += 1
    if not files and not gaps:
        gaps.append(Gap("", NOT_COVERED, "no Dockerfile in this folder"))
    scope = Scope(FRAMEWORK, len(files), {"Dockerfile": images} if images else {}).to_line(name)
    return [scope, *(gap.to_line(name, FRAMEWORK) for gap in sorted(set(gaps))), *records]


def _candidates(sources: Sources, folder: Path, gaps: list[Gap]) -> Iterator[Path]:
    for file in sources.entries(folder, gaps):
        if not is_folder(file, if_hidden=False) and is_dockerfile(file):
            gap = sources.screen(file) or _too_large(sources, file)
            if gap is None:
                yield file
            else:
                gaps.append(gap)


def _too_large(sources: Sources, file: Path) -> Gap | None:
    """Return a gap for a large file: its parser rereads a continued line with each line, so 0.5 MB takes minutes."""
    if file.stat().st_size <= _MOST_BYTES:
        return None
    return Gap(sources.relative(file), NOT_READ, f"larger than {_MOST_BYTES} bytes")


def _instructions(text: str) -> list[Instruction]:
    escape = _escape(text)
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    content = "\n".join(_as_continued(_without_heredocs(lines, escape), escape)) + "\n"
    return list(DockerfileParser(fileobj=io.BytesIO(content.encode())).structure)


def _escape(text: str) -> str:
    """Return the character that continues a line: a directive at the top may name another one."""
    found = _ESCAPE.match(text)
    return found[1] if found else "\\"


def _as_continued(lines: Iterable[str], escape: str) -> Iterator[str]:
    """Yield the lines in a form that the parser continues where Docker does; no line moves.

    Docker ignores empty lines and comments inside an instruction. For Docker, an escape character that is itself
    escaped is no continuation (`buildkit`, `frontend/dockerfile/parser/parser.go`).
    """
    goes_on = False
    for line in lines:
        if line.lstrip().startswith("#"):
            yield line
        elif goes_on and not line.strip():
            yield "#"
        else:
            shown = line.rstrip(" \t")
            alone = shown.endswith(escape) and not shown.endswith(2 * escape)
            goes_on = alone
            yield line if alone else shown.rstrip(escape)


def _without_heredocs(lines: Iterable[str], escape: str) -> Iterator[str]:
    """Yield the lines, with the script of a `RUN <<EOF` in its instruction, without other heredocs; no line moves."""
    end, runs = "", False
    for line in lines:
        if not end and (opening := _HEREDOC.match(line)):
            end, runs = opening["end"], opening[1].upper() == "RUN"
            yield f"RUN true {escape}" if runs else line.replace("<<", "")
        elif end and line.strip() == end:
            end = ""
            yield "; true" if runs else ""
        elif end:
            yield f"; {line.strip()} {escape}" if runs else ""
        else:
            yield line


# ---- stages --------------------------------------------------------------------------------------------------------


def _stages(instructions: Iterable[Instruction]) -> list[list[Instruction]]:
    stages: list[list[Instruction]] = []
    for item in instructions:
        if item["instruction"] == "FROM":
            stages.append([item])
        elif stages:
            stages[-1].append(item)
    return stages


def _named(start: Instruction) -> tuple[str, str]:
    """Return the image that a stage starts from and its own name, in lower case: Docker ignores case in names."""
    match = _STAGE.fullmatch(str(start["value"]))
    return (match["image"], (match["name"] or "").lower()) if match else (str(start["value"]), "")


def _final(stages: list[list[Instruction]]) -> list[Instruction]:
    """Return the instructions that make the image: the last stage's, after those of the stage that it starts from."""
    image = _named(stages[-1][0])[0].lower()
    for number, stage in enumerate(stages[:-1]):
        if _named(stage[0])[1] == image or image == str(number):
            return [*_final(stages[: number + 1]), *stages[-1]]
    return stages[-1]


# ---- what is judged ------------------------------------------------------------------------------------------------


def _blocks(instructions: list[Instruction], stages: list[list[Instruction]], file: str) -> Iterator[Block]:
    final = _final(stages)
    last = stages[-1][0]
    subject = {kind: [item for item in final if item["instruction"] == kind] for kind in _kinds(final)}
    yield Block("Dockerfile", "*", file, file, (last["startline"] + 1, last["endline"] + 1), subject, _said(subject))
    user = next((item for item in reversed(final) if item["instruction"] == "USER"), None)
    names = {_named(stage[0])[1] for stage in stages} - {""}
    numbers: Counter[str] = Counter()
    for item, defaults in zip(instructions, _defaults(instructions), strict=True):
        kind = str(item["instruction"])
        numbers[kind] += 1
        overruled = kind == "USER" and item is not user
        own_stage = kind == "FROM" and _named(item)[0].lower() in names
        if kind != "COMMENT" and not overruled and not own_stage:
            yield _block(item, f"{file}.{kind}[{numbers[kind]}]", file, defaults)


def _said(subject: Mapping[str, Iterable[Instruction]]) -> dict[str, list[str]]:
    return {kind: [str(item["value"]) for item in items] for kind, items in subject.items() if kind != "COMMENT"}


def _kinds(instructions: Iterable[Instruction]) -> list[str]:
    return list(dict.fromkeys(str(item["instruction"]) for item in instructions))


def _block(item: Instruction, address: str, file: str, defaults: Mapping[str, str]) -> Block:
    kind, value = str(item["instruction"]), str(item["value"])
    unknown, off = "", unchecked(_filled(value, defaults)[0]) if kind == "RUN" else ()
    fetches = kind == "RUN" and (bool(off) or downloads(value))
    if kind in _AS_CHECKS_KNOW_IT:
        value, unknown = _filled(value, defaults)
        value = _AS_CHECKS_KNOW_IT[kind](value)
    return Block(
        kind,
        kind,
        address,
        file,
        (item["startline"] + 1, item["endline"] + 1),
        [{**item, "value": value}],
        {kind: value},
        {"value": value, **({"unchecked": off[0]} if off else {}), **({"downloads": True} if fetches else {})},
        f"unresolved: {unknown}" if unknown else "",
        {"command": off[0]} if off else {},
        (str(item["value"]),),
    )


def _image(value: str) -> str:
    """Return the image alone, without a flag; the port of a registry is no tag."""
    match = _STAGE.fullmatch(value)
    return _PORT_OF_REGISTRY.sub("", match["image"] if match else value)


def _user(value: str) -> str:
    """Return the user as Docker reads it: without quotes, and as `root` if the name or number has all rights."""
    try:
        user = "".join(shlex.split(value))
    except ValueError:
        return value
    return "root" if _ROOT.fullmatch(user) else user


def _ports(value: str) -> str:
    """Return the ports, with SSH's in place of a range that contains it, and of each other spelling of its number."""
    return " ".join(map(_port, value.lower().split()))


def _port(word: str) -> str:
    match = _PORTS.fullmatch(word)
    holds = match and int(match["first"]) <= _SSH <= int(match["last"] or match["first"])
    return f"{_SSH}" if holds else word


_AS_CHECKS_KNOW_IT = {"FROM": _image, "USER": _user, "EXPOSE": _ports}


def _defaults(instructions: Iterable[Instruction]) -> Iterator[Mapping[str, str]]:
    """Yield before each instruction the values that `ARG` and `ENV` have set; `ENV` has precedence over `ARG`."""
    given: dict[str, str] = {}
    by_env: set[str] = set()
    for item in instructions:
        yield given
        kind, value = str(item["instruction"]), str(item["value"])
        if kind in ("ARG", "ENV"):
            old = _OLD_ENV.fullmatch(value) if kind == "ENV" else None
            pairs = [(old["name"], old["value"])] if old else _DEFAULT.findall(value)
            given.update((name, text.strip("\"'")) for name, text in pairs if kind == "ENV" or name not in by_env)
            by_env.update(name for name, _ in pairs if kind == "ENV")


def _filled(value: str, defaults: Mapping[str, str]) -> tuple[str, str]:
    """Return the value with its variables filled in, and the first variable without a value."""
    unknown: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name = match["plain"] or match["name"]
        known = _value(match, defaults.get(name))
        if known is None or "$" in known:
            unknown.append(name)
            return match[0]
        return known

    filled = _VARIABLE.sub(fill, value)
    if "${" in filled and not unknown:
        unknown.append(filled[filled.index("${") :])
    return filled, next(iter(unknown), "")


def _value(match: re.Match[str], known: str | None) -> str | None:
    """Return the value of a variable reference: `${x:-y}` is y if x is not set, `${x:+y}` is y if it is set."""
    is_set = known is not None and (known != "" or not match["empty"])
    if match["sign"] == "+":
        return match["other"] if is_set else ""
    return known if is_set or match["sign"] is None else match["other"]
