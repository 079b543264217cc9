"""The code behind what Terraform invokes: the function with its aliases and layers, the document of an association."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.collect.code.language.behind.names import is_named
from preuve.collect.code.language.hcl.blocks import Made, addresses, values_at
from preuve.collect.code.language.values.value import Value, items_of

# Types that are run, or that what is run is made of, with the argument that names each.
_CODE = {
    "aws_lambda_function": "function_name",
    "aws_lambda_alias": "name",
    "aws_lambda_layer_version": "layer_name",
    "aws_s3_object": "key",
    "aws_s3_bucket_object": "key",
    "aws_ssm_document": "name",
}
# Arguments by which something names what it runs, or what that is made of.
_NAMING = (("function_name",), ("config", "function_name"), ("name",), ("layers",), ("s3_key",))
_DOCUMENTS = frozenset({"aws_ssm_document", "aws_ssm_association"})  # only an association runs one
# Arguments of a function that leave what it does as it is.
_APART = frozenset(
    {"description", "tags", "tags_all", "memory_size", "timeout", "reserved_concurrent_executions", "publish"}
    | {"tracing_config", "logging_config", "ephemeral_storage", "timeouts"}
)


def code_behind(made: Made, there: Mapping[str, Made]) -> Iterator[Made]:
    """Yield the blocks that say what is run: those that something names by references, or by their own names."""
    seen, waiting = {made.address}, [made]
    while waiting:
        one = waiting.pop()
        for found in sorted(_named_by(one, there) - seen):
            seen.add(found)
            waiting.append(there[found])
            if there[found].type in _CODE:
                yield _without(there[found])


def _named_by(made: Made, there: Mapping[str, Made]) -> set[str]:
    found = {at for at in addresses(made.content) if at in there and (there[at].type in _CODE or _looks_up(there[at]))}
    names = [value for path in _NAMING for value in values_at(made.content, path)]
    own = ((at, it, it.content.arguments.get(_CODE.get(it.type, ""))) for at, it in there.items())
    alike = ((at, name) for at, it, name in own if (made.type in _DOCUMENTS) == (it.type in _DOCUMENTS))
    return found | {at for at, name in alike if any(_is_among(one, name) for one in names)}


def _looks_up(made: Made) -> bool:
    return made.kind == "data" and made.type in _CODE


def _is_among(names: Value, own: Value) -> bool:
    return is_named(names, own) or any(is_named(one, own) for one in items_of(names))


def _without(made: Made) -> Made:
    """Return a block without what leaves its code as it is."""
    content = made.content
    arguments = {name: value for name, value in content.arguments.items() if name not in _APART}
    blocks = {kind: found for kind, found in content.blocks.items() if kind not in _APART}
    return replace(made, content=replace(content, arguments=arguments, blocks=blocks))
