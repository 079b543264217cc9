"""A root module and the modules that it calls, as Terraform sees them: each instance of each block, with its values.

Everything is evaluated on demand and once. A value that depends on itself is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from os.path import relpath
from pathlib import Path
from typing import Any, Self

from preuve.collect.code.language.hcl.code import SourceBlock
from preuve.collect.code.language.hcl.constraint import constraint
from preuve.collect.code.language.hcl.content import ABSENT, META, Caller
from preuve.collect.code.language.hcl.data import ACCOUNTS, ALWAYS_SET, known_data
from preuve.collect.code.language.hcl.expressions import evaluate, evaluate_named, settled
from preuve.collect.code.language.hcl.lone_expressions import source_of
from preuve.collect.code.language.hcl.loops import (
    Instance,
    by_key,
    each_items,
    loop_of,
    makes_nothing,
    names_of_only,
    open_instance,
)
from preuve.collect.code.language.hcl.providers import Providers
from preuve.collect.code.language.hcl.references import ALL, ignored
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.steps import BlockValue, Namespace, truth
from preuve.collect.code.language.values.type import STRING, is_number
from preuve.collect.code.language.values.value import (
    JsonText,
    Loop,
    NamedText,
    OneOf,
    PartText,
    ProviderValue,
    RefusedError,
    Unknown,
    Value,
    is_known,
    is_small,
    one_of_few,
    owner_of,
    unknown,
    with_default,
)
from preuve.library.validation.code.known_types import table_of_blocks

_MOST_OF_A_BLOCK = 1_000  # instances
_MOST_OF_A_VALUE = 1_000_000  # members and characters of a named value

# Names that a provider assigns: never literal in code, never null, a wildcard or an address range.
_NAMES = re.compile(r"(^|_)(arns?|bucket|ids?|names?)$|^(cluster_)?identifier$|^arn_without_revision$|_identity_path$")
_OWN_ACCOUNT = ("owner_id", "account_id")  # attributes of created resources whose value the code does not set otherwise


class Module(Providers):
    """One call of a module, or the root: the scope of the expressions in it."""

    def _value(self, key: Any, why: str, find: Callable[[], Value]) -> Value:
        """Evaluate once as `remember` does; unknown if Terraform may refuse the expression."""
        found = self.remember(key, lambda: _caught(find, why), lambda: Unknown((f"{why}, which leads back to itself",)))
        if isinstance(found, RefusedError):
            raise found
        return found

    def callers(self) -> Iterator[Caller[Self]]:
        """Yield the calls that lead to this module, its own first."""
        caller = self.caller
        while caller is not None:
            yield caller
            caller = caller.module.caller

    # ---- names ----

    def root(self, name: str) -> Value:
        """Return the value of the first name of a traversal."""
        found = _ROOTS.get(name)
        if found is not None:
            return _Names(lambda attribute: found(self, attribute))
        if name in ("each", "count", "self", "ephemeral"):
            return Unknown((name,))
        return _Names(lambda label: self._resource("resource", name, label))

    def variable(self, name: str) -> Value:
        """Return the value of `var.name`."""
        return self._value(("var", name), f"var.{name}", lambda: self._variable(name))

    def local(self, name: str) -> Value:
        """Return the value of `local.name`."""
        if name not in self.code.locals or ("local", name) in self.code.twice:
            return Unknown((f"local.{name}",))  # not even `try` accepts an undeclared name
        argument, file = self.code.locals[name]
        called = f"local.{name}"
        at = f"{called} in {file.name}:{argument.line}"
        return self._value(("local", name), called, lambda: evaluate_named(argument.value, self.environment, at))

    def output(self, name: str) -> Value:
        """Return the value of `module.….name` for the caller. Raises RefusedError if there is no such output."""
        written = self.code.one("output", name)
        if written is None or "value" not in written.body.arguments:
            if self.code.complete:
                raise RefusedError(f"no output {name}")
            return Unknown((f"output.{name}",))
        if ("output", name) in self.code.twice:
            return Unknown((f"output.{name}",))
        value, called = written.body.arguments["value"], f"output.{name}"
        at = f"{called} in {written.file.name}:{value.line}"
        return self._value(("output", name), called, lambda: evaluate_named(value.value, self.environment, at))

    def _variable(self, name: str) -> Value:
        written = self.code.one("variable", name)
        if written is None:
            return Unknown((f"var.{name}",))
        if ("variable", name) in self.code.twice:
            return self._declared_twice(name)
        arguments = written.body.arguments
        value = self._given(name)
        nullable = "nullable" not in arguments or settled(arguments["nullable"].value, self.environment) is not False
        if value is ABSENT or not (nullable or (value is not None and "default" not in arguments)):
            if "default" not in arguments:
                file = "" if self.caller else self.share.variables.elsewhere.get(name, "")
                return Unknown((f"var.{name} ({file} sets it)" if file else f"var.{name}",))
            default = evaluate(arguments["default"].value, self.environment)
            default = default if self.caller else self._doubted(name, default)
            value = default if value is ABSENT else with_default(value, default)
        return convert(value, constraint(arguments["type"].value, self.environment)) if "type" in arguments else value

    def _declared_twice(self, name: str) -> Value:
        """Return the unknown value of a variable that is declared twice, which Terraform rejects, with the texts of all
        its defaults.
        """
        bodies = (one.body for one in self.code.all_of("variable") if one.block.labels == (name,))
        defaults = [body.arguments["default"].value for body in bodies if "default" in body.arguments]
        return unknown(
            *(evaluate(default, self.environment) for default in defaults), why=f"var.{name}, declared twice"
        )

    def _given(self, name: str) -> Value:
        if self.caller:
            return self.caller.given(name)
        given = self.share.variables.given
        return self._doubted(name, given[name]) if name in given else ABSENT

    def _doubted(self, name: str, value: Value) -> Value:
        """Return the value of a root variable; unknown if a variable file that the workspace does not name sets
        another value.
        """
        for file, other in self.share.variables.doubtful.get(name, ()):
            if not _surely_same(value, other):
                return unknown(value, other, why=f"var.{name} ({file} sets it)")
        unread = self.share.variables.unread
        return unknown(value, why=f"var.{name} ({unread} may set it)") if unread else value

    def _path(self, name: str) -> Value:
        found = {"module": relpath(self.code.folder, self.share.folder), "root": "."}.get(name)
        return Unknown((f"path.{name}",)) if found is None else found

    def _terraform(self, name: str) -> Value:
        workspace = self.share.variables.workspace
        return workspace if name == "workspace" and workspace else Unknown((f"terraform.{name}",))

    def _data(self, kind: str) -> Value:
        return _Names(lambda label: self._resource("data", kind, label))

    # ---- what blocks make ----

    def instances(self, written: SourceBlock) -> list[Instance]:
        """Return the instances of a block, one for each element of its loop; none if the block surely does not
        exist.
        """
        key = ("instances", id(written))
        return list(
            self.remember(key, lambda: self._instances(written), lambda: [open_instance(Unknown(("a loop",)), None)])
        )

    def _instances(self, written: SourceBlock) -> list[Instance]:
        arguments = written.body.arguments
        sure = self._enabled(written)
        if sure is False:
            return []
        size = self._size(written)
        name = next((name for name in ("count", "for_each") if name in arguments), "")
        if name:
            node = arguments[name].value
            make = self._counted if name == "count" else self._each
            return make(node, size, sure=sure is True)
        self.share.count(1)
        return [Instance("", {}, sure is True)]

    def _enabled(self, written: SourceBlock) -> Value:
        """Evaluate `lifecycle { enabled = … }` of OpenTofu."""
        for block in written.body.blocks:
            if block.kind == "lifecycle" and "enabled" in block.body.arguments:
                try:
                    return truth(settled(block.body.arguments["enabled"].value, self.environment))
                except RefusedError:
                    return Unknown(("lifecycle.enabled",))
        return True

    def _size(self, written: SourceBlock) -> int:
        """Count the blocks that one copy of a block contains; a module call counts all blocks of the module."""
        target = self.target(written) if written.block.kind == "module" else None
        return 1 if target is None else 1 + self.share.size(target)

    def _counted(self, node: syntax.Node, size: int, *, sure: bool) -> list[Instance]:
        count = settled(node, self.environment)
        number = int(count) if isinstance(count, str) and count.isdecimal() and len(count) < 9 else count
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            if makes_nothing(node, self.environment, self.code.single_locals):
                return []
            why = unknown(count, why="" if isinstance(count, Unknown) else "count")
            return [self._open(why, node, sure=sure)]
        if number > _MOST_OF_A_BLOCK or not self.share.count(number * size):
            why = Unknown((f"one of {number} copies",))
            return [open_instance(why, self._loop(node, sure=sure), sure=sure)]
        return [Instance(f"[{place}]", {"count": {"index": place}}, sure) for place in range(number)]

    def _each(self, node: syntax.Node, size: int, *, sure: bool) -> list[Instance]:
        each = settled(node, self.environment)
        items = each_items(each)
        if items is None:
            if makes_nothing(node, self.environment, self.code.single_locals):
                return []
            why = unknown(each, why="" if isinstance(each, Unknown) else "for_each")
            return [self._open(why, node, each, sure=sure)]
        if len(items) > _MOST_OF_A_BLOCK or not self.share.count(len(items) * size):
            why = Unknown((f"one of {len(items)} copies",))
            return [open_instance(why, self._loop(node, sure=sure), each, sure=sure)]
        return [Instance(f'["{key}"]', {"each": {"key": key, "value": value}}, sure) for key, value in items]

    def _open(self, why: Unknown, node: syntax.Node, of: Value = None, *, sure: bool) -> Instance:
        """Return the instance for a loop with unknown elements, with the names of its only element if it has at most
        one.
        """
        loop = self._loop(node, sure=sure)
        found = open_instance(why, loop, of)
        return replace(found, names={**found.names, **names_of_only(node, self.environment, loop)})

    def _loop(self, node: syntax.Node, *, sure: bool) -> Loop | None:
        """Return the loop of a block; None if something else also decides whether the block exists."""
        return loop_of(node, self.environment, self.address) if sure else None

    def _resource(self, kind: str, type_: str, name: str) -> Value:
        """Return `aws_s3_bucket.name` or `data.aws_s3_bucket.name`, with all its instances."""
        written = self.code.one(kind, type_, name)
        prefix = "data." if kind == "data" else ""
        if written is None:
            return Unknown((f"{prefix}{type_}.{name}",))
        return by_key(self.instances(written), lambda instance: self.thing(written, instance), written.body.arguments)

    def thing(self, written: SourceBlock, instance: Instance) -> Value:
        """Return an instance of a resource or data source as a value."""
        prefix = "data." if written.block.kind == "data" else ""
        address = f"{self.address}{prefix}{'.'.join(written.block.labels)}{instance.key}"
        sources = frozenset({address})
        return BlockValue((address,), sources=sources, read=lambda name: self._member(written, instance, address, name))

    def _member(self, written: SourceBlock, instance: Instance, address: str, name: str) -> Value:
        key = ("member", id(written), instance.key, name)
        return self._value(key, f"{address}.{name}", lambda: self._read(written, instance, address, name))

    def _read(self, written: SourceBlock, instance: Instance, address: str, name: str) -> Value:
        if written.block.kind == "data":
            return known_data(self, written, instance, address, name)
        sources = frozenset({address})
        named = _NAMES.search(name) is not None
        arguments = written.body.arguments
        names = (name, _RETURNS.get((written.block.labels[0], name), name))
        argument = next((arguments[one] for one in names if one in arguments), None)
        if argument and not self._ignored(written).isdisjoint((ALL, *names)):
            argument = None  # others read the account's value, not this one
        value = evaluate(argument.value, self.environment.with_names(instance.names)) if argument else None
        value = _exported(written.block.labels[0], name, value)
        if isinstance(value, str):
            return NamedText(value, sources, owner_of(value) or address)
        if isinstance(value, Unknown):
            owner = owner_of(value) or address
            if isinstance(value, PartText | JsonText):
                return replace(value, sources=value.sources | sources, owner=owner)
            made = value.made if ACCOUNTS.search(name) else named
            return replace(
                Unknown(value.causes, made, value.sources | sources, computed=value.computed, written=value.written),
                owner=owner,
            )
        if value is not None and name not in META:
            return value
        kind = Unknown if name in ALWAYS_SET else ProviderValue
        own = named and (name in _OWN_ACCOUNT or ACCOUNTS.search(name) is None)
        return kind((f"{address}.{name}",), made=own, sources=sources, owner=address)

    def _ignored(self, written: SourceBlock) -> set[str]:
        """Return the arguments of a block whose changes Terraform ignores."""
        return {re.split(r"[.\[]", path, maxsplit=1)[0] for path in ignored(written.body)}

    # ---- module calls ----

    def call(self, name: str) -> Value:
        """Return `module.name`, with all its instances."""
        written = self.code.one("module", name)
        if written is None:
            return Unknown((f"module.{name}",))
        target = self.target(written)

        def output(instance: Instance) -> Value:
            address = f"{self.address}module.{name}{instance.key}"
            if target is None:
                return Unknown((address,))
            return BlockValue((address,), read=lambda output: self.called(written, instance, target).output(output))

        return by_key(self.instances(written), output, written.body.arguments)

    def target(self, written: SourceBlock) -> Path | None:
        """Return the folder that a call leads to."""
        source = written.body.arguments.get("source")
        text = source_of(self.code, source.value) if source else ""
        return self.share.target(self.code.folder, text) if text else None

    def called(self, written: SourceBlock, instance: Instance, target: Path) -> Module:
        """Return the module of one instance of a call."""
        key = ("called", id(written), instance.key)
        caller = Caller(self, written, instance)
        made: Module = self.remember(
            key, lambda: Module(self.share, self.share.code(target), caller), lambda: _endless(written)
        )
        return made

    def modules(self) -> Iterator[tuple[SourceBlock, Instance, Module | None]]:
        """Yield the module calls of this module; None for a module that cannot be read."""
        for written in self.code.all_of("module"):
            target = self.target(written)
            for instance in self.instances(written):
                yield written, instance, None if target is None else self.called(written, instance, target)


class _Names(Namespace):
    """A namespace in which each name has a value."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        self._read = read

    def attribute(self, name: str) -> Value:
        return self._read(name)


_ROOTS: dict[str, Callable[[Module, str], Value]] = {
    "var": Module.variable,
    "local": Module.local,
    "module": Module.call,
    "data": Module._data,
    "resource": lambda module, kind: _Names(lambda label: module._resource("resource", kind, label)),
    "path": Module._path,
    "terraform": Module._terraform,
    "tofu": Module._terraform,
}


def _surely_same(value: Value, other: Value) -> bool:
    """Return whether two values give a variable the same value after conversion: options and the environment give
    texts.
    """
    if not (is_known(value) and is_known(other)):
        return False
    if isinstance(other, str) and (isinstance(value, bool) or is_number(value)):
        value = convert(value, STRING)
    return type(other) is type(value) and bool(other == value)


def _caught(find: Callable[[], Value], what: str) -> Value | RefusedError:
    try:
        found = find()
        return found if is_small(found, _MOST_OF_A_VALUE) else Unknown((f"{what}, which is too large",))
    except RefusedError as error:
        return error


# Attributes that return the value of another argument of the block.
_RETURNS = {("aws_ssm_parameter", "value"): "insecure_value", ("terraform_data", "output"): "input"}


def _exported(type_: str, name: str, value: Value) -> Value:
    """Return the exported value of an argument: for some arguments, AWS stores less than the code says."""
    kept = table_of_blocks("exported").get(type_, {}).get(name, "*")
    return value if kept == "*" else _kept(value, *kept.split("*"))


def _kept(value: Value, before: str, after: str) -> Value:
    """Return a text without a prefix and a suffix; of a partly known text, its known ends lose them."""
    if isinstance(value, str):
        cut = value.removeprefix(before).removesuffix(after)
        return value if cut == value else cut  # the same object keeps the name of its block
    if isinstance(value, OneOf):
        several = [_kept(one, before, after) for one in value.values]
        return value if several == [*value.values] else one_of_few(unknown(value), several)
    if isinstance(value, PartText):
        end = len(value.parts) - 1
        parts = (
            _kept(part, "" if place else before, "" if place < end else after) if isinstance(part, str) else part
            for place, part in enumerate(value.parts)
        )
        return replace(value, parts=tuple(part for part in parts if part != ""))
    return value


def _endless(written: SourceBlock) -> Module:
    raise RefusedError(f"module.{written.block.labels[0]} calls itself")
