"""Rules of rewriting, and the construction of one that replaces values by equivalent expressions."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Template

from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.syntax import (
    Bool,
    Expr,
    Number,
    Object,
    Raw,
    Site,
    Text,
    Tuple,
    changed,
    changed_value,
    escaped,
    key,
    key_text,
    otherwise,
    quoted,
    show,
)

Fits = Callable[[Expr, Site], bool]


@dataclass(frozen=True)
class Rule:
    """A way to write the same code in another form.

    `exact`: the new form still has a value that Terraform knows before it applies. Otherwise it may have the original
    value, and neither Terraform nor a reader of the code knows it.
    """

    name: str
    rewrite: Callable[[Example], Iterator[Project]]  # the first few change everything at once, others one place each
    exact: bool = True


class _Words(Template):
    delimiter = "@"


_NAMED_WORDS = re.compile(r"@{?(\w+)")
# Policies that ask whether a secret is written out in the code: one that is only referred to is none.
OF_LITERALS = frozenset({"no-secrets-in-code", "no-secrets-in-compute-config"})


@dataclass(frozen=True)
class Wording:
    """An expression in place of a value, with what it needs beside it.

    `@name` is a name of its own; `@value` the value as it was written; others are in `words`.
    """

    expression: str
    beside: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def holds_value(self) -> bool:
        """Whether the value, or a part of it, is still in the code."""
        texts = (self.expression, self.beside, *self.files.values())
        return any(name not in ("name", "type") for text in texts for name in _NAMED_WORDS.findall(text))

    def of(self, value: Expr, name: str) -> tuple[str, str, dict[str, str]]:
        """The expression, the text beside it and the files for one value."""
        known = words(value, name)
        files = {_Words(path).substitute(known): _Words(text).substitute(known) for path, text in self.files.items()}
        beside = _Words(self.beside).substitute(known)
        return _Words(self.expression).substitute(known), beside + "\n" if beside else "", files


def words(value: Expr, name: str) -> dict[str, str]:
    """Return the placeholders of a form."""
    found = {"name": name, "value": show(value), "type": type_of(value), "json": json.dumps(plain(value))}
    found["other"] = show(changed_value(value, otherwise, Site()))
    found |= {"quoted_json": quoted(found["json"]), "raw_json": found["json"].replace("${", "$${").replace("%{", "%%{")}
    if isinstance(value, Text):
        found |= _words_of_text(value.value)
    if isinstance(value, Tuple):
        found["size"] = str(len(value.items))
        found["objects"] = f"[{', '.join(f'{{ v = {show(item)} }}' for item in value.items)}]"
    if isinstance(value, Object):
        pairs = [f"{{ k = {quoted(key_text(name))}, v = {show(item)} }}" for name, item in value.members]
        found["pairs"] = f"[{', '.join(pairs)}]"
        found["separate"] = ", ".join(f"{{ {name} = {show(item)} }}" for name, item in value.members)
    return found


def _words_of_text(text: str) -> dict[str, str]:
    half = len(text) // 2
    address, _, bits = text.partition("/")
    return {
        "raw": text,
        "template": text.replace("${", "$${").replace("%{", "%%{"),
        "inner": escaped(text),
        "first": escaped(text[:half]),
        "second": escaped(text[half:]),
        "upper": quoted(text.upper()),
        "lower": quoted(text.lower()),
        "reversed": quoted(text[::-1]),
        "base64": base64.b64encode(text.encode()).decode(),
        "unicode": "".join(f"\\u{ord(letter):04x}" for letter in text),
        "letters": ", ".join(quoted(letter) for letter in text),
        "address": address,
        "bits": bits,
    }


def plain(value: Expr) -> object:
    """A literal as plain data; what is none as the text that it is."""
    match value:
        case Text() | Bool():
            return value.value
        case Number() | Raw("null"):
            return json.loads(value.source)
        case Tuple():
            return [plain(item) for item in value.items]
        case Object():
            return {key_text(name): plain(item) for name, item in value.members}
    return show(value)


def type_of(value: Expr) -> str:
    """A type that fits a literal exactly."""
    match value:
        case Text():
            return "string"
        case Bool():
            return "bool"
        case Number():
            return "number"
        case Tuple():
            kinds = {type_of(item) for item in value.items}
            return f"list({kinds.pop()})" if len(kinds) == 1 else "any"
        case Object():
            return (
                f"object({{ {', '.join(f'{key(key_text(name))} = {type_of(item)}' for name, item in value.members)} }})"
            )
    return "any"


# ---- where a rule fits --------------------------------------------------------------------------------------------


def anything(value: Expr, site: Site) -> bool:
    """A literal, or a list or object of literals."""
    match value:
        case Text() | Number() | Bool():
            return True
        case Tuple():
            return all(anything(item, site) for item in value.items)
        case Object():
            return all(anything(item, site) for _, item in value.members)
    return False


def scalar(value: Expr, site: Site) -> bool:
    """A text, a number, true or false."""
    return isinstance(value, Text | Number | Bool)


def text(value: Expr, site: Site) -> bool:
    """A text that is not empty."""
    return isinstance(value, Text) and value.value != ""


def plain_text(value: Expr, site: Site) -> bool:
    """A text without any sign that means something in YAML, CSV or a pattern of a file."""
    return isinstance(value, Text) and re.fullmatch(r"[A-Za-z][\w./:@-]*[\w/]", value.value) is not None


def no_slash(value: Expr, site: Site) -> bool:
    """A plain text that could be the name of a file."""
    return plain_text(value, site) and isinstance(value, Text) and "/" not in value.value


def upper_text(value: Expr, site: Site) -> bool:
    """A text in capital letters."""
    return isinstance(value, Text) and value.value.isascii() and value.value.isupper()


def lower_text(value: Expr, site: Site) -> bool:
    """A text in small letters."""
    return isinstance(value, Text) and value.value.isascii() and value.value.islower()


def number(value: Expr, site: Site) -> bool:
    """A number."""
    return isinstance(value, Number)


def typed_number(value: Expr, site: Site) -> bool:
    """A number that the provider would also take as a text."""
    return isinstance(value, Number) and site.typed


def typed_bool(value: Expr, site: Site) -> bool:
    """Whether the value is a boolean for which the provider also accepts a text."""
    return isinstance(value, Bool) and site.typed


def text_of_number(value: Expr, site: Site) -> bool:
    """A text that Terraform also makes of a number."""
    return isinstance(value, Text) and site.typed and re.fullmatch(r"0|-?[1-9]\d{0,8}", value.value) is not None


def true(value: Expr, site: Site) -> bool:
    """`true`"""
    return value == Bool(True)


def false(value: Expr, site: Site) -> bool:
    """`false`"""
    return value == Bool(False)


def cidr(value: Expr, site: Site) -> bool:
    """A range of IPv4 addresses."""
    return isinstance(value, Text) and re.fullmatch(r"[\d.]+/\d+", value.value) is not None


def listed(value: Expr, site: Site) -> bool:
    """A list of literals with something in it."""
    return isinstance(value, Tuple) and bool(value.items) and anything(value, site)


def scalars(value: Expr, site: Site) -> bool:
    """A list of scalars of one type with something in it."""
    return (
        listed(value, site)
        and isinstance(value, Tuple)
        and len({type(item) for item in value.items}) == 1
        and all(scalar(item, site) for item in value.items)
    )


def texts(value: Expr, site: Site) -> bool:
    """A list of texts that are not empty."""
    return listed(value, site) and isinstance(value, Tuple) and all(text(item, site) for item in value.items)


def sorted_texts(value: Expr, site: Site) -> bool:
    """A list of texts that is also a set."""
    if not texts(value, site) or not isinstance(value, Tuple):
        return False
    found = [plain(item) for item in value.items]
    return found == sorted(set(map(str, found)))


def mapped(value: Expr, site: Site) -> bool:
    """An object of literals with something in it."""
    return isinstance(value, Object) and bool(value.members) and anything(value, site)


def map_of_scalars(value: Expr, site: Site) -> bool:
    """An object whose members are scalars of one type."""
    return (
        mapped(value, site)
        and isinstance(value, Object)
        and len({type(item) for _, item in value.members}) == 1
        and all(scalar(item, site) for _, item in value.members)
    )


# ---- making rules -------------------------------------------------------------------------------------------------


def on_values(name: str, fits: Fits, wording: Wording | str, *, exact: bool = True) -> Rule:
    """The rule that puts a wording in place of values: of all as a whole, of all their smallest parts, of each one."""
    chosen = Wording(wording) if isinstance(wording, str) else wording

    def rewrite(example: Example) -> Iterator[Project]:
        if not example.fails or example.policy not in OF_LITERALS or chosen.holds_value():
            yield from _rewritten(example, fits, chosen)

    return Rule(name, rewrite, exact)


def of_failing(rule: Rule) -> Rule:
    """The same rule on examples that fail alone."""
    return replace(rule, rewrite=lambda example: rule.rewrite(example) if example.fails else iter(()))


def _rewritten(example: Example, fits: Fits, wording: Wording) -> Iterator[Project]:
    def smallest(value: Expr, site: Site) -> bool:
        return fits(value, site) and not _any_part(value, fits, site)

    whole = replaced(example, fits, wording)
    if whole is None:
        return
    yield whole
    parts = replaced(example, smallest, wording)
    if parts is not None and parts != whole:
        yield parts
    for index in range(_count(example, fits)):
        one = replaced(example, fits, wording, only=index)
        if one is not None and one not in (whole, parts):
            yield one


def _any_part(value: Expr, fits: Fits, site: Site) -> bool:
    found = []

    def look(part: Expr, at: Site) -> Expr | None:
        if part is not value and fits(part, at):
            found.append(part)
        return None

    changed_value(value, look, site)
    return bool(found)


def _count(example: Example, fits: Fits) -> int:
    found = []

    def look(value: Expr, site: Site) -> Expr | None:
        if fits(value, site):
            found.append(value)
        return None

    for block in example.blocks:
        changed(block, look)
    return len(found)


def replaced(example: Example, fits: Fits, wording: Wording, only: int | None = None) -> Project | None:
    """Return the example with another form of the matching values, or of one of them; None without a match."""
    beside: list[str] = []
    files: dict[str, str] = {}
    seen = [0]

    def change(value: Expr, site: Site) -> Expr | None:
        if not fits(value, site):
            return None
        seen[0] += 1
        if only is not None and only != seen[0] - 1:
            return None
        expression, text, more = wording.of(value, f"v{seen[0]}")
        beside.append(text)
        for path, content in more.items():
            files[path] = files.get(path, "") + content
        return Raw(expression)

    blocks = tuple(replace(changed(block, change), failed=False) for block in example.blocks)
    return Project(blocks, "".join(dict.fromkeys(beside)), files) if beside else None
