"""Data sources whose attributes can be computed from the code alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from preuve.collect.code.language.hcl.code import SourceBlock
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.expressions import Environment, settled
from preuve.collect.code.language.hcl.loops import Instance
from preuve.collect.code.language.hcl.providers import Providers
from preuve.collect.code.language.values.value import (
    JsonText,
    NamedText,
    PartKey,
    PartText,
    ProviderValue,
    Sign,
    Unknown,
    Value,
    is_known,
    listed,
    sources_of,
    unknown,
)

POLICY_DOCUMENT = "aws_iam_policy_document"
# In a statement that a loop may make any number of times: the statement itself. The other members describe all
# statements of the loop together.
PERHAPS = Sign("\ue000perhaps")
MORE = Sign("\ue000more")  # in an object that may have unknown members
_NAMES = re.compile(r"(^|_)(arns?|bucket|ids?|names?)$")
# Attributes that are never null; any other that the code does not set may be null.
ALWAYS_SET = frozenset({"id", "arn", "name", "bucket", "identifier", "cluster_identifier"})
# The number of an account, any account: a lookup may find another one's objects.
ACCOUNTS = re.compile(r"(^|_)(owner|account)_ids?$")
_NOT_MADE_BY_AWS = ("external", "http", "terraform_remote_state", "local_")
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_SOURCES, _OVERRIDES = ("source_policy_documents", "source_json"), ("override_policy_documents", "override_json")
_VERSION = "2012-10-17"
_OF_VARIABLES = ("Resource", "NotResource")
_ELEMENTS = ("Sid", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_KEYS = {  # the argument that selects a key, and the attributes that name it
    "aws_kms_alias": ("name", "arn", "id", "target_key_arn", "target_key_id"),
    "aws_kms_key": ("key_id", "arn", "id"),
}
_SURROUNDINGS = frozenset({"aws_caller_identity", "aws_partition", "aws_region", "aws_default_tags"})


def known_data(module: Providers, written: SourceBlock, instance: Instance, address: str, name: str) -> Value:
    """Return an attribute of a data source."""
    kind = written.block.labels[0]
    if kind == POLICY_DOCUMENT and name in ("json", "minified_json"):
        content = module.content(written.body, instance.names)
        document = policy_document(content)
        sources = frozenset({address}) | sources_of(content.arguments.values())
        return _encoded(document, sources)
    if kind == "template_file" and name == "rendered":
        return _rendered(module, written, instance)
    if kind == "aws_region" and name in ("name", "id", "region") and not written.body.arguments.keys() - {"provider"}:
        region = module.region(written)
        if isinstance(region, str):
            return region
    cause = f"{address}.{name}"
    sources = frozenset({address})
    made = Unknown((cause,), made=True, sources=sources)
    if name in _KEYS.get(kind, ()):
        argument = written.body.arguments.get(_KEYS[kind][0])
        called = settled(argument.value, module.environment.with_names(instance.names)) if argument else made
        return called if name == _KEYS[kind][0] else _of_key(called, made)
    if kind in _SURROUNDINGS:  # facts about the place where the code runs
        return made
    told = Unknown if name in ALWAYS_SET else ProviderValue
    named = _NAMES.search(name) is not None and ACCOUNTS.search(name) is None
    return told((cause,), sources=sources, made=named and not kind.startswith(_NOT_MADE_BY_AWS))


def _of_key(called: Value, made: Unknown) -> Value:
    """Return the ARN of the key behind an alias. The alias shows whether the key is the customer's or AWS's own.

    A value that surely is not an alias is a key with an unknown id.
    """
    parts = called.parts if isinstance(called, PartText) else (called,)
    written = "".join(part for part in parts if isinstance(part, str))
    if "alias/" not in written and all(not isinstance(part, Unknown) or part.made for part in parts):
        return made
    if written.startswith("arn:"):
        return called
    return PartText(made.causes, sources=made.sources, parts=("arn:", made, ":kms:", made, ":", made, ":", *parts))


def _encoded(document: Any, sources: frozenset[str]) -> Value:
    sources |= sources_of([document])
    keys = [key.text for key in _keys(document) if isinstance(key, PartKey)]
    if is_known(document) and not keys:
        return NamedText(json.dumps(document), sources)
    return JsonText(unknown(document, *keys).causes, sources=sources | sources_of(keys), value=document)


def _keys(document: dict[str, Any]) -> Iterator[Any]:
    """Yield the keys of all conditions of a document."""
    for statement in _statements_of(document):
        written = statement.get(PERHAPS, statement) if isinstance(statement, dict) else {}
        conditions = written.get("Condition") if isinstance(written, dict) else None
        for keys in conditions.values() if isinstance(conditions, dict) else ():
            yield from keys if isinstance(keys, dict) else ()


def _rendered(module: Providers, written: SourceBlock, instance: Instance) -> Value:
    environment = module.environment.with_names(instance.names)
    arguments = written.body.arguments
    template = settled(arguments["template"].value, environment) if "template" in arguments else None
    given = settled(arguments["vars"].value, environment) if "vars" in arguments else _older(written, environment)
    if not isinstance(template, str) or not isinstance(given, dict):
        return unknown(template, given, why="data.template_file")
    return module.host.render(template, given)


def _older(written: SourceBlock, environment: Environment) -> dict[str, Value]:
    """Return the `vars` block of a template as a map. Terraform rejects the block since 0.12, so an older version,
    which reads it as the map, applies this code.
    """
    blocks = (block.body for block in written.body.blocks if block.kind == "vars")
    return {name: settled(one.value, environment) for body in blocks for name, one in body.arguments.items()}


# ---- policy documents -----------------------------------------------------------------------------------------------


def policy_document(content: Content) -> dict[str, Any]:
    """Build the policy document of an `aws_iam_policy_document`. An unknown statement, or one with only a known effect,
    stands for any number of statements.
    """
    own = [_statement(inner) for _, inner in content.blocks.get("statement", ())]
    own += [item for label, why in content.open.items() for item in _looped(content, label, why)]
    found = _statements(content, *_SOURCES)
    for later in (own, _statements(content, *_OVERRIDES)):
        found = _merged(found, later)
    document = {"Version": _highest(_versions(content)), "Statement": found}
    if isinstance(content.arguments.get("policy_id"), str):
        document = {"Id": content.arguments["policy_id"], **document}
    return document


def _looped(content: Content, label: str, why: Unknown) -> list[Any]:
    """Return the statements that loops may make: if all of them allow, none takes away what another one grants. Of
    several loops of which one may deny, any may be there without the others.
    """
    made = [inner for name, inner in content.perhaps if name == label]
    anything = unknown(why)
    if not made or label != "statement":
        return [anything]
    allows = all(inner.arguments.get("effect", "Allow") == "Allow" for inner in made)
    found = {"Effect": "Allow" if allows else anything, **dict.fromkeys(_ELEMENTS, anything)}
    statements = [_statement(inner) for inner in made] if allows or len(made) == 1 else [anything]
    return [found if isinstance(one, Unknown) else {**found, PERHAPS: one} for one in statements]


def _merged(statements: list[Any], over: list[Any]) -> list[Any]:
    """Merge statements with those that override others by `Sid`; a statement that may be overridden is unknown."""
    found = list(statements)
    for statement in over:
        sids = [_sid(item) for item in found[: len(statements)]]
        sid = _sid(statement)
        if sid and isinstance(sid, str) and sid in sids and PERHAPS not in statement:
            found[sids.index(sid)] = statement
            continue
        for place, other in enumerate(sids):
            if sid and other and (sid == other or isinstance(sid, Unknown) or isinstance(other, Unknown)):
                found[place] = unknown(found[place], statement)
        found.append(statement)
    return found


def _sid(statement: Any) -> Value:
    """Return the `Sid` of a statement; unknown if the statement is unknown."""
    if isinstance(statement, Unknown):
        return statement
    if not isinstance(statement, dict):
        return None
    return statement.get(PERHAPS, statement).get("Sid")


def _versions(content: Content) -> Iterator[Value]:
    """Yield the version that the code sets, and those of the documents that it merges."""
    yield content.arguments.get("version") or _VERSION
    for document in _documents(content, *_SOURCES, *_OVERRIDES):
        yield document if isinstance(document, Unknown) else document.get("Version")


def _highest(versions: Iterable[Value]) -> Value:
    """Return the version of merged documents: the provider takes the highest, and AWS has none above 2012's."""
    found = [one for one in versions if one]
    hidden = [one for one in found if isinstance(one, Unknown)]
    return unknown(*hidden) if hidden and _VERSION not in found else max(map(str, found))


def _statements(content: Content, *names: str) -> list[Any]:
    """Return the statements of the documents that arguments list."""
    return [item for document in _documents(content, *names) for item in _statements_of(document)]


def _statements_of(document: dict[str, Any] | Unknown) -> list[Any]:
    if isinstance(document, Unknown):
        return [document]
    statements = document.get("Statement", [])
    return list(statements) if isinstance(statements, list | tuple) else [statements]


def _documents(content: Content, *names: str) -> Iterator[dict[str, Any] | Unknown]:
    """Yield the documents that arguments list."""
    for name in names:
        yield from (_parsed(text) for text in _many(content.arguments.get(name)) if text not in ("", None))


def _parsed(document: Value) -> dict[str, Any] | Unknown:
    if isinstance(document, JsonText):
        found = document.value
    elif isinstance(document, Unknown):
        return document
    else:
        try:
            found = json.loads(document)
        except (ValueError, TypeError, RecursionError):
            return Unknown(("a policy document that is not JSON",))
    return found if isinstance(found, dict) else unknown(found, why="a policy document")


_MORE = frozenset({"condition", "principals"})  # blocks that may exist beside others


def _statement(content: Content) -> Any:
    if not content.open.keys() <= _MORE:
        return unknown(*content.open.values())
    given = content.arguments
    result: dict[str, Any] = {"Effect": given.get("effect", "Allow")}
    if "sid" in given:
        result["Sid"] = given["sid"]
    result |= {name: _many(given[key]) for key, name in _LISTS.items() if key in given}
    result |= {name: list(map(_variable, result[name])) for name in _OF_VARIABLES if name in result}
    for key, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if key in content.blocks or key in content.open:
            found = _principals([inner for _, inner in content.blocks.get(key, ())])
            result[name] = _with_more(found, content.open.get(key))
    if "condition" in content.blocks or "condition" in content.open:
        found = _conditions([inner for _, inner in content.blocks.get("condition", ())])
        result["Condition"] = _with_more(found, content.open.get("condition"))
    return result


def _with_more(found: Any, why: Unknown | None) -> Any:
    """Return the statements of blocks, marked as incomplete: a loop may make more of them."""
    if why is None:
        return found
    return {**found, MORE: unknown(why)} if isinstance(found, dict) else unknown(found, why)


def _principals(blocks: list[Content]) -> Any:
    found: dict[str, list[Any]] = {}
    for block in blocks:
        kind = block.arguments.get("type")
        if not isinstance(kind, str):
            return unknown(kind, why="principals.type")
        found.setdefault(kind, []).extend(map(_variable, _many(block.arguments.get("identifiers"))))
    return "*" if found == {"*": ["*"]} else found


def _conditions(blocks: list[Content]) -> Any:
    found: dict[str, dict[str, list[Any]]] = {}
    for block in blocks:
        test, variable = block.arguments.get("test"), block.arguments.get("variable")
        key = PartKey(variable) if isinstance(variable, PartText) else variable
        alike = isinstance(key, PartKey) and key in found.get(str(test), {})  # two that are written alike may be two
        if not isinstance(test, str) or not isinstance(key, str) or alike:
            return unknown(test, variable, why="condition")
        found.setdefault(test, {}).setdefault(key, []).extend(map(_variable, _many(block.arguments.get("values"))))
    return found


def _variable(value: Value) -> Value:
    """Return a text with `&{…}` replaced by `${…}`, a variable of IAM policies, as the provider does."""
    if isinstance(value, PartText):
        return replace(value, parts=tuple(map(_variable, value.parts)))
    if not isinstance(value, str) or "&{" not in value:
        return value
    text = value.replace("&{", "${")
    return NamedText(text, value.sources, value.owner) if isinstance(value, NamedText) else text


def _many(value: Value) -> list[Any]:
    """Return the items of an argument that is a list of texts; a single unknown if the list is unknown."""
    return [] if value is None else list(listed(value))
