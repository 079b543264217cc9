"""Rules on documents in JSON: other ways to write a policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.rule import Rule, Wording, anything, plain, replaced
from collect.code.rewriting.syntax import (
    NULL,
    Attribute,
    Block,
    Call,
    Expr,
    Object,
    Raw,
    Site,
    Text,
    Tuple,
    changed,
    quoted,
)


def _document(value: Expr, site: Site) -> bool:
    return (
        isinstance(value, Call)
        and value.name == "jsonencode"
        and len(value.arguments) == 1
        and anything(value.arguments[0], site)
    )


class _Written(Wording):
    """The form of a document: the value is the content of `jsonencode(…)`."""

    def of(self, value: Expr, name: str) -> tuple[str, str, dict[str, str]]:
        assert isinstance(value, Call)
        return super().of(value.arguments[0], name)


def _on_documents(name: str, expression: str, beside: str = "", files: dict[str, str] | None = None) -> Rule:
    wording = _Written(expression, beside, files or {})

    def rewrite(example: Example) -> Iterator[Project]:
        made = replaced(example, _document, wording)
        if made is not None:
            yield made

    return Rule(name, rewrite)


# ---- aws_iam_policy_document --------------------------------------------------------------------------------------

_SETS = {"Action": "actions", "NotAction": "not_actions", "Resource": "resources", "NotResource": "not_resources"}
_SUBJECTS = {"Principal": "principals", "NotPrincipal": "not_principals"}


def _many(value: Expr) -> Tuple:
    return value if isinstance(value, Tuple) else Tuple((value,))


def statements(document: Expr) -> tuple[Block, ...] | None:
    """Return the `statement` blocks of a policy; None if a document is no policy."""
    if not isinstance(document, Object) or "Statement" not in document.plain:
        return None
    return tuple(_statement(item) for item in _many(document.plain["Statement"]).items if isinstance(item, Object))


def _statement(statement: Object) -> Block:
    items: list[Attribute | Block] = []
    for name, value in statement.plain.items():
        if name in _SETS:
            items.append(Attribute(_SETS[name], _many(value)))
        elif name in _SUBJECTS:
            items += (_subjects(_SUBJECTS[name], kind, who) for kind, who in _who(value))
        elif name == "Condition" and isinstance(value, Object):
            items += _conditions(value)
        else:
            items.append(Attribute(name.lower(), value))
    return Block("statement", (), tuple(items))


def _who(value: Expr) -> Iterator[tuple[str, Expr]]:
    if isinstance(value, Object):
        yield from value.plain.items()
    else:
        yield "*", value


def _subjects(name: str, kind: str, who: Expr) -> Block:
    return Block(name, (), (Attribute("type", Text(kind)), Attribute("identifiers", _many(who))))


def _conditions(value: Object) -> Iterator[Block]:
    for test, pairs in value.plain.items():
        for variable, wanted in pairs.plain.items() if isinstance(pairs, Object) else ():
            yield Block(
                "condition",
                (),
                (
                    Attribute("test", Text(test)),
                    Attribute("variable", Text(variable)),
                    Attribute("values", _many(wanted)),
                ),
            )


def _data(name: str, items: tuple[Attribute | Block, ...]) -> Block:
    return Block("data", ("aws_iam_policy_document", name), items)


def _plainly(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    return (_data(name, found),)


def _with_sources(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    sources = Attribute("source_policy_documents", Tuple((Raw(f"data.aws_iam_policy_document.{name}_a.json"),)))
    return _data(name + "_a", found), _data(name, (sources,))


def _with_overrides(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    overrides = Attribute("override_policy_documents", Raw(f"[data.aws_iam_policy_document.{name}_a.json]"))
    return _data(name + "_a", found), _data(name, (overrides,))


def _with_text_sources(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    return (_data(name, (Attribute("source_policy_documents", Tuple(())), *found)),)


def _with_dynamic(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    dynamic = (
        Block("dynamic", ("statement",), (Attribute("for_each", Raw("[1]")), Block("content", (), block.items)))
        for block in found
    )
    return (_data(name, tuple(dynamic)),)


def _with_dynamic_values(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    def taken(block: Block) -> Block:
        lists = [item for item in block.items if isinstance(item, Attribute) and isinstance(item.value, Tuple)]
        values = Object(tuple((item.name, item.value) for item in lists))
        items = (
            replace(item, value=Raw(f"statement.value.{item.name}")) if item in lists else item for item in block.items
        )
        content = Block("content", (), tuple(items))
        return Block("dynamic", ("statement",), (Attribute("for_each", Tuple((values,))), content))

    return (_data(name, tuple(map(taken, found))),)


def _counted(name: str, found: tuple[Block, ...]) -> tuple[Block, ...]:
    return (_data(name, (Attribute("count", Raw("1")), *found)),)


Sources = Callable[[str, tuple[Block, ...]], tuple[Block, ...]]


def _as_data(name: str, sources: Sources, reference: str = "data.aws_iam_policy_document.{}.json") -> Rule:
    def rewrite(example: Example) -> Iterator[Project]:
        made: list[Block] = []

        def change(value: Expr, site: Site) -> Expr | None:
            if not (isinstance(value, Call) and _document(value, site)):
                return None
            found = statements(value.arguments[0])
            if found is None:
                return None
            own = f"d{len(made)}"
            made.extend(sources(own, found))
            return Raw(reference.format(own))

        blocks = tuple(changed(block, change) for block in example.blocks)
        if made:
            yield Project(blocks + tuple(made))

    return Rule(name, rewrite)


def _statement_apart(example: Example) -> Iterator[Project]:
    """Statements are given to the module that has the policy's resource."""
    found = replaced(example, _is_statement_list, Wording("local.@name", "locals {\n  @name = @value\n}"))
    if found is not None:
        yield found


def _is_statement_list(value: Expr, site: Site) -> bool:
    return (
        not site.typed
        and isinstance(value, Tuple)
        and bool(value.items)
        and all(isinstance(item, Object) and "Effect" in item.plain for item in value.items)
        and anything(value, site)
    )


def _statements_merged(example: Example) -> Iterator[Project]:
    wording = Wording('[for s in @value : merge({ Sid = "Any" }, s)]')
    found = replaced(example, _is_statement_list, wording)
    if found is not None:
        yield found


def _escaped_json(example: Example) -> Iterator[Project]:
    """Every letter of the document as an escape of JSON."""

    def change(value: Expr, site: Site) -> Expr | None:
        if not (isinstance(value, Call) and _document(value, site)):
            return None
        return Raw(quoted(_in_escapes(plain(value.arguments[0]))))

    blocks = tuple(changed(block, change) for block in example.blocks)
    if blocks != example.blocks:
        yield Project(blocks)


def _in_escapes(data: object) -> str:
    match data:
        case str():
            return '"' + "".join(f"\\u{ord(letter):04x}" for letter in data) + '"'
        case list():
            return f"[{', '.join(map(_in_escapes, data))}]"
        case dict():
            return "{" + ", ".join(f"{_in_escapes(name)}: {_in_escapes(item)}" for name, item in data.items()) + "}"
    return json.dumps(data)


def _data_with_nulls(example: Example) -> Iterator[Project]:
    """Set arguments of a data source to null that were not set, and write its version."""
    made = []
    for block in example.blocks:
        if block.labels[:1] == ("aws_iam_policy_document",):
            extra = (Attribute("source_policy_documents", NULL), Attribute("version", Text("2012-10-17")))
            made.append(block.adding(*extra))
        else:
            made.append(block)
    if tuple(made) != example.blocks:
        yield Project(tuple(made))


DOCUMENTS: tuple[Rule, ...] = (
    _on_documents("document-quoted", "@quoted_json"),
    _on_documents("document-heredoc", "<<EOT\n@raw_json\nEOT\n"),
    _on_documents("document-heredoc-indented", "<<-EOT\n      @raw_json\n    EOT\n"),
    _on_documents("document-heredoc-local", "local.@name", "locals {\n  @name = <<EOT\n@raw_json\nEOT\n}"),
    _on_documents("document-local", "jsonencode(local.@name)", "locals {\n  @name = @value\n}"),
    _on_documents("document-local-encoded", "local.@name", "locals {\n  @name = jsonencode(@value)\n}"),
    _on_documents(
        "document-variable", "jsonencode(var.@name)", 'variable "@name" {\n  type = any\n  default = @value\n}'
    ),
    _on_documents(
        "document-variable-text", "var.@name", 'variable "@name" {\n  type = string\n  default = @quoted_json\n}'
    ),
    _on_documents("document-merge", "jsonencode(merge({}, @value))"),
    _on_documents("document-decoded", "jsonencode(jsondecode(@quoted_json))"),
    _on_documents("document-yaml", "jsonencode(yamldecode(@quoted_json))"),
    _on_documents("document-for", "jsonencode({ for k, a in @value : k => a })"),
    _on_documents("document-template", '"${jsonencode(@value)}"'),
    _on_documents("document-try", 'try(jsonencode(@value), "{}")'),
    _on_documents("document-conditional", 'true ? jsonencode(@value) : "{}"'),
    _on_documents("document-trimmed", "trimspace(<<-EOT\n    @raw_json\n  EOT\n  )"),
    _on_documents("document-file", 'file("${path.module}/@name.json")', files={"@name.json": "@json"}),
    _on_documents("document-file-decoded", 'jsonencode(jsondecode(file("@name.json")))', files={"@name.json": "@json"}),
    _on_documents(
        "document-templatefile",
        'templatefile("${path.module}/@name.json.tftpl", { on = true })',
        files={"@name.json.tftpl": "%{ if on }@raw_json%{ endif }"},
    ),
    _on_documents(
        "document-templatefile-encoded",
        'templatefile("@name.tftpl", { document = @value })',
        files={"@name.tftpl": "${jsonencode(document)}"},
    ),
    _on_documents(
        "document-members-encoded",
        'templatefile("@name.tftpl", { document = @value })',
        files={"@name.tftpl": '{${join(",", [for k, a in document : "${jsonencode(k)}: ${jsonencode(a)}"])}}'},
    ),
    _on_documents(
        "document-members-looped",
        'templatefile("@name.tftpl", { document = @value })',
        files={"@name.tftpl": '{"Id": "x"%{ for k, a in document }, ${jsonencode(k)}: ${jsonencode(a)}%{ endfor }}'},
    ),
    _on_documents(
        "document-module-output",
        "module.@name.json",
        'module "@name" {\n  source = "./@name"\n}',
        {"@name/main.tf": 'output "json" {\n  value = jsonencode(@value)\n}\n'},
    ),
    _on_documents("document-base64", "base64decode(base64encode(jsonencode(@value)))"),
    Rule("document-escapes", _escaped_json),
    Rule("document-statements-local", _statement_apart),
    Rule("document-statements-merged", _statements_merged),
    _as_data("document-data", _plainly),
    _as_data("document-data-minified", _plainly, "data.aws_iam_policy_document.{}.minified_json"),
    _as_data("document-data-of-sources", _with_sources),
    _as_data("document-data-of-overrides", _with_overrides),
    _as_data("document-data-of-no-sources", _with_text_sources),
    _as_data("document-data-dynamic", _with_dynamic),
    _as_data("document-data-dynamic-values", _with_dynamic_values),
    _as_data("document-data-counted", _counted, "data.aws_iam_policy_document.{}[0].json"),
    _as_data("document-data-splat", _counted, "one(data.aws_iam_policy_document.{}[*].json)"),
    _as_data("document-data-element", _counted, 'element(concat(data.aws_iam_policy_document.{}.*.json, [""]), 0)'),
    Rule("document-data-with-nulls", _data_with_nulls),
)
