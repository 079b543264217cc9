"""Recognises code of tools that are not examined, by file names or contents. Independent of Checkov.

The tools and how they are recognised are content: `scanners/other_tools.yaml`. A file is such code whether or not the
output of the tool could be examined; `made_by` has the places of some tools' output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import PurePath

import yaml
from msgspec import Struct, convert

from preuve.library.yaml.place import content_root

# HCL that creates nothing: locks, linters, tests, values of variables.
_HARMLESS_HCL = re.compile(
    r"\.terraform\.lock\.hcl|\.tflint\.hcl|\.copywrite\.hcl|docker-bake.*\.hcl"
    r"|.+\.(tftest|tofutest|tfmock|tfquery|pkrvars)\.hcl"
)
# Settings of a state in S3 (`-backend-config`) and nothing else.
_BACKEND = re.compile(
    rb"(?:\s++|(?:#|//)[^\n]*+|(?:access_key|acl|allowed_account_ids|assume_role_duration_seconds|bucket|dynamodb_table"
    rb"|encrypt|endpoint|external_id|kms_key_id|key|max_retries|profile|region|role_arn|secret_key|session_name"
    rb"|shared_credentials_file|skip_\w+|sse_customer_key|token|use_\w+|workspace_key_prefix)"
    rb"[ \t]*=[ \t]*(?:\"[^\"\n$%]*\"|true|false|\d+)[ \t]*(?=[\n\r#/]|\Z))*+"
)
_TERRAGRUNT = re.compile(
    rb"(?m)^[ \t]*((include|dependency|unit|stack|generate)[ \t]+\"[^\"]+\""
    rb"|(include|terraform|remote_state|dependencies|locals|feature|engine|errors|catalog)[ \t]*\{|inputs[ \t]*=)"
)
_MARKUP = (".yaml", ".yml", ".json", ".j2", ".tpl", ".tmpl", ".gotmpl", ".template")
_API = re.compile(rb"(?m)^(?:[ \t{]{0,4}\"apiVersion\"|apiVersion)[ \t]*:[ \t]*[\"']?([\w./-]+)")
_KIND = re.compile(rb"(?m)^([ \t{]{0,4}\"kind\"|kind|\{.*\"kind\")[ \t]*:[ \t]*[\"']?\w+")
_BEGINS = re.compile(rb"(?:[ \t]*+(?:(?:#|---).*+|\r?)\n)*+[ \t]*(?:\{|[\"']?(?:apiVersion|kind|metadata|spec)\b)")
_KUBERNETES = "kubernetes"
# Kubernetes-like APIs whose objects create nothing.
_HARMLESS_APIS = ("node.eks.aws/", "backstage.io/", "skaffold/", "kind.x-k8s.io/")
_LOADS = re.compile(rb"\s*+(?!#|//)(.*\W)?(import\w*|__import__|from|using|open|require\w*|use)\b.*", re.DOTALL)
_OF_GO = re.compile(rb"\s*(?:[\w.]+\s+)?\"")  # a line in a list of imports
_MOST = 20  # examined places at which a program names a library


class _Content(Struct, frozen=True, forbid_unknown_fields=True):
    has: str
    all: tuple[str, ...]
    endings: tuple[str, ...] = ()


class _GeneratedCode(Struct, frozen=True, forbid_unknown_fields=True):
    folder: str
    kind: str


class _Tool(Struct, frozen=True, forbid_unknown_fields=True):
    """A tool, and how its code is recognised (`scanners/other_tools.yaml`)."""

    name: str
    files: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    content: tuple[_Content, ...] = ()
    apis: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    made: _GeneratedCode | None = None


@cache
def tools() -> Mapping[str, _Tool]:
    """Return the known tools, by id."""
    text = (content_root() / "scanners" / "other_tools.yaml").read_text("utf-8")
    return convert(yaml.load(text, yaml.CSafeLoader), dict[str, _Tool])


@cache
def made_by(tool: str) -> tuple[str, str]:
    """Return the folder into which a tool writes what is applied, and the kind of that code; "" twice for none."""
    made = tools()[tool].made if tool in tools() else None
    return (made.folder, made.kind) if made else ("", "")


def name_of(tool: str) -> str:
    """Return the display name of a tool."""
    return tools()[tool].name


def said_of(tool: str) -> str:
    """Return the text about code of a tool that is not examined; locales translate it (`details`)."""
    text = f"code of {name_of(tool)}, which is not read"
    folder, _ = made_by(tool)
    return f"{text}, while scope.iac can name what it writes: {folder}" if folder else text


def tool_by_name(name: str) -> str:
    """Return the tool that uses files of this name (lower case); "" if the name does not show one."""
    found = _names().fullmatch(name)
    return (found.lastgroup or "") if found else ""


def tool_by_path(path: PurePath) -> str:
    """Return the tool that uses files of this path; "" if the path does not show one."""
    found = _paths().fullmatch("/".join(path.parts[-_DEEPEST:]).casefold())
    return (found.lastgroup or "") if found else ""


_DEEPEST = 5  # steps of a path that a pattern reads


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{tool}>{'|'.join(of.files)})" for tool, of in tools().items() if of.files))


@cache
def _paths() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{tool}>{'|'.join(of.paths)})" for tool, of in tools().items() if of.paths))


def tool_by_content(name: str, content: bytes) -> str:
    """Return the tool that a file's code belongs to; "" for none."""
    if name.endswith(".hcl"):
        return _tool_by_hcl(name, content)
    markup = name.endswith(_MARKUP)
    if markup or ("." not in name and _BEGINS.match(content)):  # prose may quote a manifest
        apis = _API.findall(content) if b"apiVersion" in content else []
        if apis and _KIND.search(content):
            found = [_by_api(api.decode()) for api in apis]
            return next((tool for tool in found if tool not in ("", _KUBERNETES)), next(filter(None, found), ""))
    for tool, has, patterns, endings in _contents():
        fits = name.endswith(endings) if endings else markup
        if fits and has in content and all(pattern.search(content) for pattern in patterns):
            return tool
    return ""


def _tool_by_hcl(name: str, content: bytes) -> str:
    if b"dockerfile-inline" in content:
        return "docker_bake"
    if _HARMLESS_HCL.fullmatch(name) or _BACKEND.fullmatch(content):
        return ""
    return "terragrunt" if _TERRAGRUNT.search(content) else "hcl"


def _by_api(api: str) -> str:
    if any(part in api for part in _HARMLESS_APIS):
        return ""
    return next((tool for tool, of in tools().items() if any(part in api for part in of.apis)), _KUBERNETES)


@cache
def _contents() -> tuple[tuple[str, bytes, tuple[re.Pattern[bytes], ...], tuple[str, ...]], ...]:
    return tuple(
        (tool, one.has.encode(), tuple(re.compile(text.encode()) for text in one.all), one.endings)
        for tool, of in tools().items()
        for one in of.content
    )


# ---- programs -------------------------------------------------------------------------------------------------------


def tool_by_imports(content: bytes) -> str:
    """Return the infrastructure tool that a program uses; "" for none."""
    if not (named := _any_library().search(content)):
        return ""
    found = (tool for tool, form in _lines() if form.search(content))
    loaded = (tool for tool, form in _libraries() if _loads(content, form, named.start()))
    return next(found, "") or next(loaded, "")


def _loads(content: bytes, library: re.Pattern[bytes], start: int) -> bool:
    """Return whether a line that names a library loads it."""
    for found in islice(library.finditer(content, start), _MOST):
        line = content[content.rfind(b"\n", 0, found.start()) + 1 : found.start()]
        if _LOADS.fullmatch(line) or _OF_GO.fullmatch(line):
            return True
    return False


@cache
def _libraries() -> tuple[tuple[str, re.Pattern[bytes]], ...]:
    return tuple(
        (tool, re.compile(rb"(?<![\w-])(?:" + "|".join(of.loads).encode() + b")"))
        for tool, of in tools().items()
        if of.loads
    )


@cache
def _lines() -> tuple[tuple[str, re.Pattern[bytes]], ...]:
    return tuple((tool, re.compile("|".join(of.lines).encode())) for tool, of in tools().items() if of.lines)


@cache
def _any_library() -> re.Pattern[bytes]:
    """Return a pattern for the libraries of all tools, so that most programs are excluded at once."""
    every = [text.removeprefix("(?m)") for of in tools().values() for text in (*of.loads, *of.lines)]
    return re.compile(("(?m)" + "|".join(every)).encode())
