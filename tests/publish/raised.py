"""The messages and next steps of errors that are written out in the code, with {} in place of each value."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import preuve
from preuve.model.errors import ContentError, PreuveError, Problem, UnfitError

PACKAGE = Path(preuve.__file__).parent
Names = Mapping[str, Sequence[ast.expr]]
_FIRST = {
    PreuveError: 0,
    UnfitError: 0,
    Problem: 1,
}  # where the message stands among the arguments; the next step follows


def raised() -> Iterator[tuple[str, str]]:
    """Yield the module and each text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in ("__init__.py", "__main__.py"):
            continue
        name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
        tree, module = ast.parse(path.read_text(encoding="utf-8")), importlib.import_module(name.replace("/", "."))
        known = _assigned(tree.body)
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            inside = {**known, **_assigned(ast.walk(scope))}
            for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
                yield from ((name, text) for part in _parts(call, module) for text in texts_of(part, inside))


def filled_in() -> Iterator[tuple[str, str, str]]:
    """Yield the module, each message with one of its values put in (other values are x), and the text of that value:
    what a function of ours returns, or what a name was given.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in ("__init__.py", "__main__.py"):
            continue
        name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
        tree, module = ast.parse(path.read_text(encoding="utf-8")), importlib.import_module(name.replace("/", "."))
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            inside = {**_assigned(tree.body), **_assigned(ast.walk(scope))}
            for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
                for message in (node for part in _parts(call, module) for node in _messages(part, inside)):
                    yield from ((name, text, value) for text, value in _put_in(message, inside, tree, module))


def _messages(part: ast.expr, names: Names) -> Iterator[ast.JoinedStr]:
    given = names.get(part.id, ()) if isinstance(part, ast.Name) else (part,)
    yield from (node for one in given for node in ast.walk(one) if isinstance(node, ast.JoinedStr))


def _put_in(message: ast.JoinedStr, names: Names, tree: ast.Module, module: ModuleType) -> Iterator[tuple[str, str]]:
    for place, part in enumerate(message.values):
        if isinstance(part, ast.FormattedValue):
            for value in {text.replace("{}", "y") for text in _values(part.value, names, tree, module)}:
                parts = ["x" if isinstance(item, ast.FormattedValue) else item.value for item in message.values]
                yield "".join(map(str, [*parts[:place], value, *parts[place + 1 :]])), value


def _values(node: ast.expr, names: Names, tree: ast.Module, module: ModuleType) -> Iterator[str]:
    """Yield the texts that a value in a message may be."""
    given = [value for item in ast.walk(node) if isinstance(item, ast.Name) for value in names.get(item.id, ())]
    yield from texts_of(node, names)
    for call in (item for value in (node, *given) for item in ast.walk(value) if isinstance(item, ast.Call)):
        yield from _of_function(call.func, tree, module)


def _of_function(called: ast.expr, tree: ast.Module, module: ModuleType) -> Iterator[str]:
    """Yield what a function or method of ours returns as a text of its own."""
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    made = getattr(module, name, None)
    home = getattr(made, "__module__", "") if isinstance(called, ast.Name) else module.__name__
    if not isinstance(home, str) or not home.startswith(PACKAGE.name):
        return
    if home != module.__name__:
        tree = ast.parse(Path(str(importlib.import_module(home).__file__)).read_text(encoding="utf-8"))
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name):
        inside = {**_assigned(tree.body), **_assigned(ast.walk(scope))}
        for node in ast.walk(scope):
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                yield from texts_of(node.value, inside)


def _parts(call: ast.Call, module: ModuleType) -> Sequence[ast.expr]:
    made = getattr(module, call.func.id, None) if isinstance(call.func, ast.Name) else None
    if not isinstance(made, type) or issubclass(made, ContentError):
        return ()
    first = next((place for kind, place in _FIRST.items() if issubclass(made, kind)), None)
    return () if first is None else call.args[first : first + 2]


def _assigned(nodes: Iterator[ast.AST] | Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
    return found


def texts_of(node: ast.expr, names: Names) -> list[str]:
    """Every text that an expression may be; none where it is made elsewhere."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if isinstance(node, ast.IfExp | ast.BoolOp):
        values = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        return [text for value in values for text in texts_of(value, names)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        before, after = (texts_of(side, names) or ["{}"] for side in (node.left, node.right))
        return [one + other for one in before for other in after]
    if isinstance(node, ast.Name):
        rest = {name: values for name, values in names.items() if name != node.id}
        return [text for value in names.get(node.id, ()) for text in texts_of(value, rest)]
    return []
