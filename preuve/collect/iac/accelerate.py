"""Speed patches to Checkov's internals, for the versions on which they were proven to change no record.

Rendering variables is most of the work of a Terraform scan: Checkov builds an expression interpreter for every string,
and evaluates the same strings again and again. For CloudFormation it rebuilds one grammar for every path. On a small
repository most of the time is its start. `tests/collect/iac/test_worker.py` compares the records with and without.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import pickle
import posixpath
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from preuve.collect.iac.iam_table import read_less

PROVEN = ("3.3.30",)

_IMPURE = ("timestamp", "uuid")  # functions whose value is another one each time
_CONTAINERS = (dict, list, set)
_PLAIN = frozenset({str, int, float, bool, type(None)})  # values that are not copied: nothing can change them
_MOST = 50_000  # answers kept: without a limit a worker grew to 1.9 GB on 4,000 files

Evaluate = Callable[..., Any]

# What Checkov imports at its start and evaluating code never uses: containers, its vendor's platform, cloning of
# repositories, models of its other products, its reports, the scan for secrets, and networkx, as rustworkx holds its
# graphs. Together with checks of other clouds they are more than half of its start.
_UNUSED = frozenset(
    {"aiohttp", "boto3", "botocore", "docker", "pydantic"}
    | {"detect_secrets", "junit_xml", "networkx", "prettytable", "requests", "tabulate", "tqdm", "urllib3", "yarl"}
)
_OPTIONAL = ("git", "numpy", "regex")  # whoever imports these can do without
_SIGNATURES = "checkov.common.external_checks.verification."  # of checks that others write, which are never loaded
_NOT_AWS = re.compile(r"checkov\.terraform\.checks\.(resource|data|provider)\.(?!aws\b|base_|registry\b)\w+")


def import_less(*, aws_only: bool) -> None:
    """Before Checkov is loaded: keep what is not needed from being imported, on the proven versions."""
    from checkov.version import version  # noqa: PLC0415 - loads nothing else

    if version in PROVEN:
        absent: dict[str, Any] = dict.fromkeys(_OPTIONAL)  # an ImportError, which they expect
        sys.modules.update(absent)
        sys.meta_path.insert(0, _StandIns(aws_only=aws_only))
        read_less()
        _keep_grammar()


def _keep_grammar() -> None:
    """Keep the compiled grammar of HCL beside the bytecode of its parser, and no less trusted than that is.

    Otherwise it is kept in the folder for temporary files, which is a new one for each worker: half a second. Where it
    cannot be written it is compiled each time. It is found by the hash of the grammar and the compiler's version.
    """
    parser = importlib.util.find_spec("hcl2")
    if parser is None or parser.origin is None:
        return
    before, tempfile.tempdir = tempfile.tempdir, str(Path(parser.origin).with_name("__pycache__"))
    try:
        importlib.import_module("hcl2.parser")
    finally:
        tempfile.tempdir = before


class _StandIns(MetaPathFinder, Loader):
    """Finds modules whose every member is a class that nobody uses: it can be inherited from, caught and called."""

    def __init__(self, *, aws_only: bool) -> None:
        self._aws_only = aws_only

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        unused = name.partition(".")[0] in _UNUSED or name.startswith(_SIGNATURES)
        unused = unused or (self._aws_only and _NOT_AWS.fullmatch(name) is not None)
        return ModuleSpec(name, self, is_package=True) if unused else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {"__init__": lambda *_, **__: None})


def accelerate(version: str) -> bool:
    """Apply the patches if they were proven on this version of Checkov; answers whether they were."""
    if version not in PROVEN:
        return False
    _one_interpreter()
    _remember_evaluations()
    _remember_real_paths()
    _one_grammar()
    _copy_less()
    from preuve.collect.iac.rendering import render_less  # noqa: PLC0415 - loads Checkov

    render_less()
    return True


def _one_interpreter() -> None:
    import checkov.terraform.graph_builder.variable_rendering.safe_eval_functions as functions  # noqa: PLC0415

    interpreter = functions.get_asteval()
    symbols = dict(interpreter.symtable)
    fresh = {name: getattr(interpreter, name) for name in ("expr", "retval", "_interrupt", "_calldepth", "lineno")}

    def reuse() -> Any:
        table = interpreter.symtable
        if len(table) != len(symbols) or any(table.get(name) is not value for name, value in symbols.items()):
            table.clear()  # an expression has assigned a name
            table.update(symbols)
        interpreter.__dict__.update(fresh, error=[], code_text=[])
        return interpreter

    functions.get_asteval = reuse


def _remember_evaluations() -> None:
    import checkov.terraform.graph_builder.local_graph  # noqa: F401, PLC0415 - so that every user of it is loaded
    import checkov.terraform.graph_builder.variable_rendering.evaluate_terraform as terraform  # noqa: PLC0415
    import checkov.terraform.graph_builder.variable_rendering.safe_eval_functions as functions  # noqa: PLC0415

    functions.evaluate = terraform.evaluate = remembered(functions.evaluate)
    original, quick = terraform.evaluate_terraform, remembered(terraform.evaluate_terraform)
    for module in list(sys.modules.values()):
        if getattr(module, "evaluate_terraform", None) is original:
            module.evaluate_terraform = quick  # type: ignore[attr-defined]


def remembered(evaluate: Evaluate) -> Evaluate:
    """The same function of a string, computed once for each string. Containers are copied: Checkov changes them."""
    answers: dict[Any, Any] = {}  # modules repeat from root to root, so it is kept between them

    def quick(text: Any, *options: Any, **named: Any) -> Any:
        if type(text) is not str:
            return evaluate(text, *options, **named)
        key = (text, options, *named.items()) if options or named else text
        answer = answers.get(key, _NONE)
        if answer is _NONE:
            if any(word in text for word in _IMPURE):
                return evaluate(text, *options, **named)
            if len(answers) >= _MOST:
                answers.clear()
            answer = answers[key] = _answer(evaluate, text, options, named)
        if isinstance(answer, _Pickled):
            return pickle.loads(answer)  # noqa: S301 - our own bytes
        if isinstance(answer, _Raised):
            raise answer.kind.__new__(answer.kind, "as before")  # not every kind can be called with a text alone
        return answer

    return quick


_NONE = object()


class _Pickled(bytes):
    """A container that was an answer."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Raised:
    """An exception that was one. An object of it would hold every frame that it passed, and all that those hold."""

    kind: type[Exception]


def _answer(evaluate: Evaluate, text: str, options: Any, named: Any) -> Any:
    try:
        value = evaluate(text, *options, **named)
    except Exception as error:  # noqa: BLE001 - to be raised again, every time
        return _Raised(type(error))
    return _Pickled(pickle.dumps(value, protocol=5)) if isinstance(value, _CONTAINERS) else value


def _remember_real_paths() -> None:
    plain = posixpath.realpath
    known = functools.lru_cache(maxsize=100_000)(plain)

    def realpath(path: Any, *, strict: bool = False) -> Any:
        return known(path) if isinstance(path, str) and not strict else plain(path, strict=strict)

    import checkov.terraform.graph_builder.local_graph as graph  # noqa: PLC0415

    graph.os = _OsWith(realpath)


class _OsWith:
    """`os` as one module of Checkov sees it, with another `os.path.realpath`."""

    def __init__(self, realpath: Callable[..., Any]) -> None:
        self.path = _Over(os.path, realpath=realpath)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


class _Over:
    """A module with some of its members replaced."""

    def __init__(self, module: Any, **members: Any) -> None:
        self._module = module
        self.__dict__.update(members)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _copy_less() -> None:
    import checkov.common.util.data_structures_utils as structures  # noqa: PLC0415

    plain = structures.pickle_deepcopy

    def quick(value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list and len(value) == 1 and type(value[0]) in _PLAIN:  # how Checkov holds most arguments
            return value[:]
        return plain(value)

    for module in list(sys.modules.values()):
        if getattr(module, "pickle_deepcopy", None) is plain:
            module.pickle_deepcopy = quick  # type: ignore[attr-defined]
    # Of the result of a graph check, and of its block, Checkov then sets members alone.
    for name in ("checkov.common.runners.base_runner", "checkov.terraform.base_runner"):
        vars(importlib.import_module(name))["pickle_deepcopy"] = dict


def _one_grammar() -> None:
    ply = importlib.import_module("ply")
    make_parser, make_lexer = importlib.import_module("ply.yacc").yacc, importlib.import_module("ply.lex").lex
    grammars: dict[Any, Any] = {}

    def yacc(*, module: Any, start: str, **options: Any) -> Any:
        key = (type(module), start)
        if key not in grammars:
            grammars[key] = make_parser(module=module, start=start, **options)
        return grammars[key]

    def lex(*, module: Any, **options: Any) -> Any:
        key = type(module)
        if key not in grammars:
            grammars[key] = make_lexer(module=module, **options)
        fresh = grammars[key].clone()  # as it was made: only clones are used
        fresh.lexstatestack = []
        return fresh

    vars(importlib.import_module("bc_jsonpath_ng.parser"))["ply"] = _Over(ply, yacc=_Over(ply.yacc, yacc=yacc))
    vars(importlib.import_module("bc_jsonpath_ng.lexer"))["ply"] = _Over(ply, lex=_Over(ply.lex, lex=lex))
