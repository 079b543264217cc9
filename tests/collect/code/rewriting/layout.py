"""Rules on how a configuration is laid out: signs between its words, its syntax, its files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.rule import Rule, of_failing, plain
from collect.code.rewriting.syntax import (
    NULL,
    Attribute,
    Block,
    Bool,
    Expr,
    Item,
    Number,
    Object,
    Raw,
    Site,
    Text,
    Tuple,
    changed,
    key_text,
    otherwise,
    show,
    show_all,
    show_block,
    tokens,
)

# ---- signs --------------------------------------------------------------------------------------------------------


def _textual(name: str, write: Callable[[str], str]) -> Rule:
    """The text of the file is written in another way."""

    def rewrite(example: Example) -> Iterator[Project]:
        yield Project((), files={"main.tf": write(show_all(example.blocks))})

    return Rule(name, rewrite)


def _between(text: str, sign: str, end: str) -> str:
    """A sign between all words, and another at the end of lines; none inside a reference."""
    made, before = "", ""
    for token in tokens(text):
        apart = token.kind not in ("space", "newline") and token.text not in ".[]" and before not in (".", "")
        made += (sign if apart else "") + (end if token.kind == "newline" else "") + token.text
        before = token.text
    return made


def _blocks_in_a_line(block: Block, indent: str = "") -> str:
    inner = indent + "  "
    head = " ".join([block.kind, *(f'"{label}"' for label in block.labels), "{"])
    if not block.items:
        return f"{indent}{head}}}"
    if len(block.items) == 1 and isinstance(block.items[0], Attribute):
        return f"{indent}{head} {block.items[0].name} = {show(block.items[0].value)} }}"
    lines = (
        f"{inner}{item.name} = {show(item.value)}" if isinstance(item, Attribute) else _blocks_in_a_line(item, inner)
        for item in block.items
    )
    return "\n".join([f"{indent}{head}", *lines, f"{indent}}}"])


def _bare_labels(text: str) -> str:
    return re.sub(
        r'^(\w+) "([\w-]+)"(?: "([\w-]+)")? \{',
        lambda m: " ".join([m[1], m[2], *filter(None, [m[3]]), "{"]),
        text,
        flags=re.M,
    )


def _in_other_words(name: str, write: Callable[[Expr], str | None]) -> Rule:
    """Lists and objects are written in another way."""

    def rewrite(example: Example) -> Iterator[Project]:
        def change(value: Expr, site: Site) -> Expr | None:
            made = write(value)
            return None if made is None else Raw(made)

        blocks = tuple(changed(block, change) for block in example.blocks)
        if blocks != example.blocks:
            yield Project(blocks)

    return Rule(name, rewrite)


def _spread(value: Expr, indent: str = "    ") -> str | None:
    """Over many lines, with comments and a comma at the end."""
    inner = indent + "  "
    match value:
        case Tuple() if value.items:
            items = (_spread(item, inner) or show(item) for item in value.items)
            return "[\n" + "".join(f"{inner}{item}, # ]\n" for item in items) + f"{indent}]"
        case Object() if value.members:
            members = ((name, _spread(item, inner) or show(item)) for name, item in value.members)
            return "{ // }\n" + "".join(f"{inner}{name} = {item}\n\n" for name, item in members) + f"{indent}}}"
    return None


def _keyed(write: Callable[[str], str]) -> Callable[[Expr], str | None]:
    """Keys of objects in other words."""

    def rewrite(value: Expr) -> Expr:
        match value:
            case Object():
                return Object(tuple((write(name), rewrite(item)) for name, item in value.members))
            case Tuple():
                return Tuple(tuple(map(rewrite, value.items)))
        return value

    def made(value: Expr) -> str | None:
        found = rewrite(value)
        return None if found == value else show(found)

    return made


def _colons(value: Expr) -> str | None:
    match value:
        case Object():
            return "{" + ", ".join(f"{name}: {_colons(item) or show(item)}" for name, item in value.members) + ",}"
        case Tuple():
            return f"[{', '.join(_colons(item) or show(item) for item in value.items)}]"
    return None


def _computed_keys(example: Example) -> Iterator[Project]:
    """The keys of objects are locals."""
    names: dict[str, str] = {}

    def write(name: str) -> str:
        names.setdefault(key_text(name), f"k{len(names)}")
        return f"(local.{names[key_text(name)]})"

    for project in _in_other_words("", _keyed(write)).rewrite(example):
        values = "".join(f"  {local} = {json.dumps(name)}\n" for name, local in names.items())
        yield project.adding("locals {\n" + values + "}\n")


SIGNS: tuple[Rule, ...] = (
    _textual("layout-comments", lambda text: _between(text, "/* } */ ", "")),
    _textual("layout-comments-over-lines", lambda text: _between(text, '/* { \n " */ ', " // {")),
    _textual("layout-comments-at-ends", lambda text: _between(text, "", ' # } "')),
    _textual("layout-comment-blocks", lambda text: "/*\n" + text + "*/\n" + text + '/* resource "x" "y" { */'),
    _textual("layout-crlf", lambda text: text.replace("\n", "\r\n")),
    _textual("layout-byte-order-mark", lambda text: "\ufeff" + text),
    _textual("layout-byte-order-mark-crlf", lambda text: "\ufeff" + text.replace("\n", "\r\n")),
    _textual("layout-tabs", lambda text: _between(text, "\t\t", "  \t")),
    _textual("layout-blank-lines", lambda text: text.replace("\n", "\n\n\n")),
    _textual("layout-no-last-newline", str.strip),
    _textual("layout-no-indent", lambda text: re.sub(r"^ +", "", text, flags=re.M)),
    _textual("layout-no-space-at-signs", lambda text: re.sub(r"^( *[\w-]+) = ", r"\1=", text, flags=re.M)),
    _textual("layout-bare-labels", _bare_labels),
    Rule(
        "layout-blocks-in-a-line",
        lambda example: iter(
            (Project((), files={"main.tf": "\n".join(map(_blocks_in_a_line, example.blocks)) + "\n"}),)
        ),
    ),
    _in_other_words("layout-spread", _spread),
    _in_other_words("layout-colons", _colons),
    _in_other_words("layout-quoted-keys", _keyed(lambda name: f'"{key_text(name)}"')),
    _in_other_words("layout-keys-in-parentheses", _keyed(lambda name: f'("{key_text(name)}")')),
    _in_other_words("layout-template-keys", _keyed(lambda name: f'"${{"{key_text(name)}"}}"')),
    Rule("layout-computed-keys", _computed_keys),
)


# ---- JSON ---------------------------------------------------------------------------------------------------------


def _json_value(value: Expr) -> object:
    match value:
        case Text():
            return _template(value.source)
        case Bool() | Number() | Raw("null"):
            return plain(value)
        case Raw() if value.source.startswith('"'):
            return _template(value.source[1:-1])
    return _json_members(value, _json_value)


def _json_members(value: Expr, write: Callable[[Expr], object]) -> object:
    """A list or an object, each member written by itself; what is neither as an expression in a text."""
    match value:
        case Tuple():
            return [write(item) for item in value.items]
        case Object():
            return {_template(name.strip('"')): write(item) for name, item in value.members}
    return f"${{{show(value)}}}"


def _template(source: str) -> str:
    """Return the text between quotes, as a template: escapes of letters are resolved, those of `${` are kept."""
    return Text(source.replace("$${", "\\u0024\\u0024{").replace("%%{", "\\u0025\\u0025{")).value


def _json_in_expressions(value: Expr) -> object:
    """The same with every value as an expression in a text."""
    if isinstance(value, Raw) and value.source.startswith('"'):
        return _json_value(value)
    return _json_members(value, _json_in_expressions)


_NAMED = frozenset({"provider", "alias", "source", "version", "depends_on"})


def _json_names(value: Expr) -> object:
    """Names of arguments, which Terraform takes in JSON as texts and not as templates."""
    return [show(item) for item in value.items] if isinstance(value, Tuple) else show(value)


def _json_body(block: Block, write: Callable[[Expr], object], *, top: bool = True) -> dict[str, object]:
    body: dict[str, object] = {}
    for item in block.items:
        if isinstance(item, Attribute):
            plain = top and item.name in _NAMED
            if block.kind == "lifecycle" and item.name == "ignore_changes":
                body[item.name] = _json_names(item.value)
            elif plain and isinstance(item.value, Text | Raw):
                body[item.name] = item.value.source
            else:
                body[item.name] = write(item.value)
        else:
            found = body.setdefault(item.kind, [])
            assert isinstance(found, list)
            found.append(_json_body(item, write, top=False))
    return body


def _json_lists(blocks: tuple[Block, ...], write: Callable[[Expr], object] = _json_value) -> object:
    """Each block as an object of its own in a list."""
    found: dict[str, list[object]] = {}
    for block in blocks:
        made: object = _json_body(block, write)
        for label in reversed(block.labels):
            made = {label: made}
        found.setdefault(block.kind, []).append(made)
    return found


def _json_tree(blocks: tuple[Block, ...]) -> object:
    """Blocks of a kind and type together, each in a list."""
    found: dict[str, object] = {"//": "made by a program"}
    for block in blocks:
        place = found
        *above, last = (block.kind, *block.labels)
        for label in above:
            place = place.setdefault(label, {})  # type: ignore[assignment]
        place.setdefault(last, []).append({"//": "}", **_json_body(block, _json_value)})  # type: ignore[attr-defined]
    return found


def _json_single(blocks: tuple[Block, ...]) -> object:
    """Write a single block without a list."""

    def lean(value: object) -> object:
        if isinstance(value, dict):
            return {name: lean(item) for name, item in value.items()}
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            return lean(value[0])
        return value

    def body(block: Block, *, top: bool) -> dict[str, object]:
        found = _json_body(block, _json_value, top=top)
        for kind in {inner.kind for inner in block.blocks}:
            own = [body(inner, top=False) for inner in block.blocks if inner.kind == kind]
            found[kind] = own[0] if len(own) == 1 else own
        return found

    found: dict[str, object] = {}
    for block in blocks:
        made: object = body(block, top=True)
        for label in reversed(block.labels):
            made = {label: made}
        earlier = found.get(block.kind)
        found[block.kind] = [*(earlier if isinstance(earlier, list) else [earlier]), made] if earlier else made
    return found


def _as_json(name: str, write: Callable[[tuple[Block, ...]], object], dump: Callable[[object], str], file: str) -> Rule:
    return Rule(name, lambda example: iter((Project((), files={file: dump(write(example.blocks))}),)))


def _indented(data: object) -> str:
    return json.dumps(data, indent=2)


def _in_json_escapes(data: object) -> str:
    """Letters in texts as escapes; names stay."""
    return re.sub(
        r': "([^"\\]*)"', lambda match: ': "' + "".join(f"\\u{ord(c):04x}" for c in match[1]) + '"', json.dumps(data)
    )


def _half_in_json(example: Example) -> Iterator[Project]:
    half = (len(example.blocks) + 1) // 2
    first, second = example.blocks[:half], example.blocks[half:]
    yield Project(second, files={"first.tf.json": _indented(_json_lists(first))})


JSON: tuple[Rule, ...] = (
    _as_json("json-lists", _json_lists, _indented, "main.tf.json"),
    _as_json("json-tree", _json_tree, _indented, "main.tf.json"),
    _as_json("json-single", _json_single, _indented, "main.tf.json"),
    _as_json("json-in-a-line", _json_lists, json.dumps, "main.tf.json"),
    _as_json("json-escapes", _json_lists, _in_json_escapes, "main.tf.json"),
    _as_json("json-expressions", lambda blocks: _json_lists(blocks, _json_in_expressions), _indented, "main.tf.json"),
    _as_json("json-crlf", _json_lists, lambda data: _indented(data).replace("\n", "\r\n"), "main.tf.json"),
    _as_json("json-tofu", _json_lists, _indented, "main.tofu.json"),
    Rule("json-half", _half_in_json),
)


# ---- files --------------------------------------------------------------------------------------------------------


def _file_each(example: Example) -> Iterator[Project]:
    files = {f"{index}.tf": show_block(block) + "\n" for index, block in enumerate(example.blocks)}
    yield Project((), files=files)


def _named(name: str, file: str, more: dict[str, str] | None = None) -> Rule:
    return Rule(name, lambda example: iter((Project((), files={file: show_all(example.blocks), **(more or {})}),)))


def _emptied(block: Block) -> Block:
    """Return the minimum that Terraform requires of a block that an override file fills."""
    kept = {"module": ("source",), "provider": ("alias",)}.get(block.kind, ("count",))
    return block.holding(*(item for item in block.items if isinstance(item, Attribute) and item.name in kept))


def _nulled(block: Block) -> Block:
    items: list[Item] = []
    for item in block.items:
        stays = isinstance(item, Attribute) and item.name in ("count", "alias", "source", "provider")
        if isinstance(item, Attribute):
            items.append(item if stays else replace(item, value=NULL))
    return block.holding(*items)


def _otherwise(block: Block) -> Block:
    """The block with other values; its blocks, which an override file replaces, have other values too."""

    return changed(block, otherwise)


def _overridden(
    name: str, base: Callable[[Block], Block], file: str, write: Callable[[tuple[Block, ...]], str]
) -> Rule:
    def rewrite(example: Example) -> Iterator[Project]:
        blocks = tuple(block for block in example.blocks if block.kind in ("resource", "data"))
        others = tuple(block for block in example.blocks if block not in blocks)
        if blocks:
            yield Project((*others, *map(base, blocks)), files={file: write(blocks)})

    return Rule(name, rewrite)


def _override_each(example: Example) -> Iterator[Project]:
    """Each attribute is in an override file of its own; the last of them counts."""
    files: dict[str, str] = {}
    for block in example.blocks if any(block.kind == "resource" for block in example.blocks) else ():
        if block.kind not in ("resource", "data"):
            continue
        for item in block.items:
            if isinstance(item, Attribute):
                for letter, value in (("a", NULL), ("b", item.value)):
                    text = show_block(block.holding(replace(item, value=value))) + "\n"
                    path = f"{letter}_{item.name}_override.tf"
                    files[path] = files.get(path, "") + text
    if files:
        yield Project(example.blocks, files=files)


def _twice(example: Example) -> Iterator[Project]:
    yield Project(example.blocks, files={"again.tf": show_all(example.blocks)})


def _twice_otherwise(example: Example) -> Iterator[Project]:
    """A second file has what is right under the same addresses: Terraform refuses that."""
    if not example.fails:
        return
    right = []
    for block in example.subjects:
        alike = [other for other in example.right if (other.kind, other.labels[:-1]) == (block.kind, block.labels[:-1])]
        right += [replace(other, labels=block.labels) for other in alike[:1]]
    if right:
        moved = {block.address: (block.address,) for block in example.subjects}
        yield Project(example.blocks, files={"right.tf": show_all(tuple(right))}, moved=moved)


FILES: tuple[Rule, ...] = (
    Rule("files-one-each", _file_each),
    _named("files-other-name", "zz-everything.tf"),
    _named("files-name-with-spaces", "all of it (1).tf"),
    _named("files-name-with-accents", "réseau-été.tf"),
    _named("files-tofu", "main.tofu"),
    _named("files-tofu-first", "main.tofu", {"main.tf": "# see main.tofu\n"}),
    _named("files-empty-beside", "main.tf", {"empty.tf": "", "comment.tf": "# nothing\n", "empty.tf.json": "{}"}),
    _overridden("override-of-nothing", _emptied, "main_override.tf", show_all),
    _overridden("override-file", _emptied, "override.tf", show_all),
    _overridden("override-of-nulls", _nulled, "x_override.tf", show_all),
    _overridden("override-of-others", _otherwise, "x_override.tf", show_all),
    _overridden("override-in-json", _emptied, "x_override.tf.json", lambda blocks: _indented(_json_lists(blocks))),
    Rule("override-each-argument", _override_each),
    of_failing(replace(_overridden("unknown-override-in-tofu", _emptied, "x_override.tofu", show_all), exact=False)),
    replace(_named("refused-override-alone", "override.tf"), exact=False),
    Rule("refused-twice", _twice, exact=False),
    Rule("refused-twice-otherwise", _twice_otherwise, exact=False),
)

LAYOUT: tuple[Rule, ...] = (*SIGNS, *JSON, *FILES)
