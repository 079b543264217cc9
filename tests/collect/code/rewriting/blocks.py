"""Rules on blocks: their number, the form of their parts, their companions, absent blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from collect.code.rewriting.project import Example, Project
from collect.code.rewriting.rule import Rule, anything, of_failing
from collect.code.rewriting.syntax import (
    NULL,
    Attribute,
    Block,
    Expr,
    Item,
    Object,
    Raw,
    Site,
    Text,
    Tuple,
    changed,
    name_of,
    renamed,
    show,
    show_block,
)

_COUNTED = ("resource", "data")
_NOT_DYNAMIC = frozenset({"lifecycle", "provisioner", "connection", "timeouts", "dynamic"})


def project(blocks: Iterator[Block] | tuple[Block, ...], extra: str = "") -> Project:
    """A project of some blocks, unmarked."""
    return Project(tuple(replace(block, failed=False) for block in blocks), extra)


# ---- repeated blocks ----------------------------------------------------------------------------------------------


def _repeated(name: str, add: tuple[Attribute, ...], index: str, extra: str = "", *, exact: bool = True) -> Rule:
    """Create every resource and data source with `count` or `for_each`; references name the single instance."""

    def rewrite(example: Example) -> Iterator[Project]:
        found = [block for block in example.blocks if _may_repeat(block)]
        if not found:
            return
        blocks = [replace(block, items=(*add, *block.items)) if block in found else block for block in example.blocks]
        for block in found:
            blocks = [renamed(other, block.address, block.address + index) for other in blocks]
        yield project(tuple(blocks), extra)

    return Rule(name, rewrite, exact)


def _may_repeat(block: Block) -> bool:
    """Whether `count` or `for_each` keeps the meaning: `each` of a block that is made once is unknown, and not then."""
    repeated = {"count", "for_each"} & set(block.attributes) or re.search(r"\beach\.", show_block(block))
    return block.kind in _COUNTED and not repeated


def _raw(name: str, source: str) -> tuple[Attribute, ...]:
    return (Attribute(name, Raw(source)),)


_ON = 'variable "on" {\n  type = bool\n  default = true\n}\n'

REPEATED: tuple[Rule, ...] = (
    _repeated("count-one", _raw("count", "1"), "[0]"),
    _repeated("count-as-text", _raw("count", '"1"'), "[0]"),
    _repeated("count-length", _raw("count", 'length(["a"])'), "[0]"),
    _repeated("count-conditional", _raw("count", "true ? 1 : 0"), "[0]"),
    _repeated("count-variable", _raw("count", "var.n"), "[0]", 'variable "n" {\n  default = 1\n}\n'),
    _repeated("count-on-by-default", _raw("count", "var.on ? 1 : 0"), "[0]", _ON),
    _repeated("count-two", _raw("count", "2"), "[1]"),
    _repeated("for-each-set", _raw("for_each", 'toset(["a"])'), '["a"]'),
    _repeated("for-each-map", _raw("for_each", "{ a = 1 }"), '["a"]'),
    _repeated("for-each-for", _raw("for_each", '{ for k in ["a", "b"] : k => k if k != "b" }'), '["a"]'),
    _repeated("for-each-local", _raw("for_each", "local.all"), '["a"]', "locals {\n  all = { a = { on = true } }\n}\n"),
    _repeated(
        "for-each-variable", _raw("for_each", "var.all"), '["a"]', 'variable "all" {\n  default = { a = {} }\n}\n'
    ),
    _repeated(
        "for-each-set-variable",
        _raw("for_each", "var.all"),
        '["a"]',
        'variable "all" {\n  type = set(string)\n  default = ["a"]\n}\n',
    ),
    _repeated("unknown-count", _raw("count", "var.n"), "[0]", 'variable "n" {}\n', exact=False),
    _repeated("unknown-count-conditional", _raw("count", "var.on ? 1 : 0"), "[0]", 'variable "on" {}\n', exact=False),
    _repeated(
        "unknown-count-of-the-workspace", _raw("count", 'terraform.workspace == "prod" ? 1 : 0'), "[0]", exact=False
    ),
    _repeated("unknown-for-each", _raw("for_each", "var.all"), '["a"]', 'variable "all" {}\n', exact=False),
    _repeated("unknown-for-each-set", _raw("for_each", "toset(var.all)"), '["a"]', 'variable "all" {}\n', exact=False),
)


def _off_by_default(example: Example) -> Iterator[Project]:
    """Nothing is made unless `prod.tfvars` is named."""
    variable = 'variable "on" {\n  type = bool\n  default = false\n}\n'
    for made in _repeated("", _raw("count", "var.on ? 1 : 0"), "[0]", variable).rewrite(example):
        yield made.adding(files={"prod.tfvars": "on = true\n"})


def _none_by_default(example: Example) -> Iterator[Project]:
    variable = 'variable "all" {\n  type = map(any)\n  default = {}\n}\n'
    for made in _repeated("", _raw("for_each", "var.all"), '["a"]', variable).rewrite(example):
        yield made.adding(files={"env/prod.tfvars.json": '{"all": {"a": {}}}'})


def _each_value(example: Example) -> Iterator[Project]:
    """The literals of a resource are those of its `for_each`."""
    blocks = list(example.blocks)
    for index in range(len(blocks)):
        block = blocks[index]  # as those before it are named by now
        if not _may_repeat(block):
            continue
        values: list[Expr] = []

        def change(value: Expr, site: Site, values: list[Expr] = values) -> Expr | None:
            if not anything(value, site):
                return None
            values.append(value)
            return Raw(f"each.value.v{len(values) - 1}")

        taken = changed(block, change)
        members = Object(tuple((f"v{number}", value) for number, value in enumerate(values)))
        each = Attribute("for_each", Object((("a", members),)))
        blocks[index] = taken.holding(each, *taken.items)
        blocks = [renamed(other, block.address, block.address + '["a"]') for other in blocks]
    if tuple(blocks) != example.blocks:
        yield project(tuple(blocks))


def _each_key(example: Example) -> Iterator[Project]:
    """A text of a resource is the key of its `for_each`, one text for each rewriting."""
    for index, block in enumerate(example.blocks):
        names = [item.name for item in block.items if isinstance(item, Attribute) and isinstance(item.value, Text)]
        for name in names if _may_repeat(block) else ():
            value = block.attributes[name]
            items = tuple(
                replace(item, value=Raw("each.key")) if isinstance(item, Attribute) and item.name == name else item
                for item in block.items
            )
            each = Attribute("for_each", Raw(f"toset([{show(value)}])"))
            blocks = list(example.blocks)
            blocks[index] = block.holding(each, *items)
            yield project(tuple(renamed(b, block.address, f"{block.address}[{show(value)}]") for b in blocks))


def _count_index(example: Example) -> Iterator[Project]:
    """The literals of a resource are picked by `count.index`."""
    blocks = list(example.blocks)
    for index in range(len(blocks)):
        block = blocks[index]  # as those before it are named by now
        if not _may_repeat(block):
            continue

        def change(value: Expr, site: Site) -> Expr | None:
            return Raw(f"[{show(value)}, null][count.index]") if anything(value, site) else None

        taken = changed(block, change)
        blocks[index] = taken.holding(Attribute("count", Raw("1")), *taken.items)
        blocks = [renamed(other, block.address, block.address + "[0]") for other in blocks]
    if tuple(blocks) != example.blocks:
        yield project(tuple(blocks))


# ---- dynamic blocks -----------------------------------------------------------------------------------------------

Made = Callable[[str, tuple[Block, ...]], tuple[Block, ...]]


def _dynamic(name: str, make: Made, extra: str = "", *, exact: bool = True, nested: bool = False) -> Rule:
    """The blocks in resources and data sources are dynamic; with `nested`, those in them too."""

    def inside(block: Block, *, top: bool) -> Block:
        items: list[Item] = []
        groups: dict[str, list[Block]] = {}
        for item in block.items:
            if not isinstance(item, Block) or (top and item.kind in _NOT_DYNAMIC):
                items.append(item)
            else:
                part = inside(item, top=False) if nested else item
                groups.setdefault(item.kind, []).append(part)
        for kind, group in groups.items():
            items.extend(make(kind, tuple(group)))
        return block.holding(*items)

    def rewrite(example: Example) -> Iterator[Project]:
        blocks = tuple(inside(block, top=True) if block.kind in _COUNTED else block for block in example.blocks)
        if blocks != example.blocks:
            yield project(blocks, extra)

    return Rule(name, rewrite, exact)


def _once(for_each: str) -> Made:
    def make(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(_dynamic_block(kind, Raw(for_each), block.items) for block in group)

    return make


def _dynamic_block(kind: str, for_each: Expr, items: tuple[Item, ...], *more: Attribute) -> Block:
    return Block("dynamic", (kind,), (Attribute("for_each", for_each), *more, Block("content", (), items)))


def _of_objects(iterator: str = "", wrap: Callable[[str], str] = str) -> Made:
    """One dynamic block for all of a type; what they hold is in the objects that it goes through."""

    def make(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
        if any(block.blocks for block in group):
            return _once("[1]")(kind, group)
        names = list(dict.fromkeys(name for block in group for name in block.attributes))
        objects = Tuple(
            tuple(Object(tuple((name, block.attributes.get(name, NULL)) for name in names)) for block in group)
        )
        each = iterator or kind
        content = tuple(Attribute(name, Raw(f"{each}.value.{name}")) for name in names)
        more = (Attribute("iterator", Raw(iterator)),) if iterator else ()
        return (_dynamic_block(kind, Raw(wrap(show(objects))), content, *more),)

    return make


def _looked_up(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same with `lookup` and a default for what an object does not hold."""
    if any(block.blocks for block in group):
        return _once("[1]")(kind, group)
    names = list(dict.fromkeys(name for block in group for name in block.attributes))
    objects = Tuple(tuple(Object(tuple(block.attributes.items())) for block in group))
    content = tuple(Attribute(name, Raw(f'lookup({kind}.value, "{name}", null)')) for name in names)
    return (_dynamic_block(kind, objects, content),)


def _by_key(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
    """One dynamic block over a map; each object is found again by its key."""
    if any(block.blocks for block in group):
        return _once("{ a = 1 }")(kind, group)
    names = list(dict.fromkeys(name for block in group for name in block.attributes))
    pairs = (
        (f"k{index}", Object(tuple((name, block.attributes.get(name, NULL)) for name in names)))
        for index, block in enumerate(group)
    )
    members = show(Object(tuple(pairs)))
    content = tuple(Attribute(name, Raw(f"({members})[{kind}.key].{name}")) for name in names)
    return (_dynamic_block(kind, Raw(members), content),)


def _one_value(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
    """The first attribute of each block is the value of the iterator."""
    found = []
    for block in group:
        first = next(
            (item for item in block.items if isinstance(item, Attribute) and anything(item.value, Site())), None
        )
        items = tuple(
            Attribute(item.name, Raw(f"{kind}.value")) if item is first and isinstance(item, Attribute) else item
            for item in block.items
        )
        found.append(_dynamic_block(kind, Tuple((first.value,)) if first else Raw("[1]"), items))
    return tuple(found)


def _maybe_more(kind: str, group: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks stay, and there may be others like them."""
    return (*group, _dynamic_block(kind, Raw("var.more"), group[0].items))


DYNAMIC: tuple[Rule, ...] = (
    _dynamic("dynamic-one", _once("[1]")),
    _dynamic("dynamic-set", _once('toset(["a"])')),
    _dynamic("dynamic-map", _once("{ a = 1 }")),
    _dynamic("dynamic-range", _once("range(1)")),
    _dynamic("dynamic-conditional", _once("true ? [1] : []")),
    _dynamic("dynamic-splat", _once('"a"[*]')),
    _dynamic("dynamic-on-by-default", _once("var.on ? [1] : []"), _ON),
    _dynamic("dynamic-variable", _once("var.all"), 'variable "all" {\n  default = ["a"]\n}\n'),
    _dynamic("dynamic-local-for", _once('[for a in local.all : a if a != "b"]'), 'locals {\n  all = ["a", "b"]\n}\n'),
    _dynamic("dynamic-nested", _once("[1]"), nested=True),
    _dynamic("dynamic-objects", _of_objects()),
    _dynamic("dynamic-objects-iterator", _of_objects("it")),
    _dynamic("dynamic-objects-for", _of_objects("", "[for o in {} : o]".replace("{}", "{0}").format)),
    _dynamic("dynamic-objects-map", _of_objects("", "{{ for i, o in {0} : i => o }}".format)),
    _dynamic("dynamic-objects-nested", _of_objects(), nested=True),
    _dynamic("dynamic-lookup", _looked_up),
    _dynamic("dynamic-by-key", _by_key),
    _dynamic("dynamic-value", _one_value),
    _dynamic("unknown-dynamic", _once("var.all"), 'variable "all" {}\n', exact=False),
    _dynamic("unknown-dynamic-conditional", _once("var.on ? [1] : []"), 'variable "on" {}\n', exact=False),
    _dynamic("unknown-dynamic-of-the-workspace", _once('terraform.workspace == "x" ? [1] : []'), exact=False),
    _dynamic(
        "unknown-dynamic-data",
        _once("data.aws_availability_zones.all.names"),
        'data "aws_availability_zones" "all" {}\n',
        exact=False,
    ),
    _dynamic("unknown-dynamic-beside", _maybe_more, 'variable "more" {}\n', exact=False),
)


# ---- what is not there --------------------------------------------------------------------------------------------


Expression = Callable[[str, Expr], str]


def _alike(example: Example, block: Block) -> list[Block]:
    return [other for other in example.right if (other.kind, other.labels[:1]) == (block.kind, block.labels[:1])]


def _with_nulls(block: Block, right: list[Block], expression: Expression, names: set[str]) -> Block:
    """The block with what those have that pass and it has not, in its own blocks too."""
    own = {name_of(item) for item in block.items} | {"alias", "provider", "depends_on", "count", "for_each"}
    wanted = {name: value for other in right for name, value in other.attributes.items() if name not in own}
    names.update(wanted)
    items = (
        _with_nulls(
            item, [inner for other in right for inner in other.blocks if inner.kind == item.kind], expression, names
        )
        if isinstance(item, Block)
        else item
        for item in block.items
    )
    return block.holding(*items, *(Attribute(name, Raw(expression(name, value))) for name, value in wanted.items()))


def _nulls(name: str, expression: Expression, extra: str = "", *, exact: bool = True) -> Rule:
    """Return a rule that sets arguments to null that were not set."""

    def rewrite(example: Example) -> Iterator[Project]:
        names: set[str] = set()
        blocks = tuple(
            _with_nulls(block, _alike(example, block), expression, names)
            if block.kind in (*_COUNTED, "provider")
            else block
            for block in example.blocks
        )
        if names:
            yield project(blocks, "".join(extra.replace("NAME", each) for each in sorted(names)))

    return of_failing(Rule(name, rewrite, exact))


def _value(source: Callable[[str], str]) -> Expression:
    """Return the correct value as an expression, or any text if it names a block that is not here."""
    return lambda _, value: source(show(value) if anything(value, Site()) else '"x"')


NULLS: tuple[Rule, ...] = (
    _nulls("null", lambda name, value: "null"),
    _nulls("null-variable", lambda name, value: f"var.{name}", 'variable "NAME" {\n  default = null\n}\n'),
    _nulls("null-local", lambda name, value: f"local.{name}", "locals {\n  NAME = null\n}\n"),
    _nulls("null-conditional", _value("false ? {} : null".format)),
    _nulls("null-conditional-variable", _value("var.on ? {} : null".format), 'variable "on" {\n  default = false\n}\n'),
    _nulls("null-try", _value("try(null, {})".format)),
    _nulls("null-one", _value("one([for a in [{}] : a if false])".format)),
    _nulls("null-lookup", lambda name, value: 'lookup({}, "a", null)'),
    _nulls(
        "null-optional",
        lambda name, value: f"var.{name}.v",
        'variable "NAME" {\n  type = object({ v = optional(any) })\n  default = {}\n}\n',
    ),
    _nulls("null-jsondecode", lambda name, value: 'jsondecode("null")'),
    _nulls("unknown-instead-of-null", lambda name, value: f"var.{name}", 'variable "NAME" {}\n', exact=False),
    _nulls("unknown-null-conditional", _value("var.on ? {} : null".format), 'variable "on" {}\n', exact=False),
    _nulls("unknown-null-of-the-workspace", _value('terraform.workspace == "x" ? {} : null'.format), exact=False),
    _nulls("unknown-null-lookup", _value("lookup({{ x = {} }}, terraform.workspace, null)".format), exact=False),
    _nulls("unknown-null-ephemeral", lambda name, value: "ephemeral.x.y.z", exact=False),
    _nulls("unknown-null-provider-function", _value("provider::x::y({})".format), exact=False),
)


def _absent_blocks(name: str, for_each: str, extra: str = "", *, exact: bool = True) -> Rule:
    """Return a rule that adds the correct block as a dynamic block with no iteration."""

    def rewrite(example: Example) -> Iterator[Project]:
        blocks = []
        for block in example.blocks if example.fails else ():
            alike = _alike(example, block)
            own = {name_of(item) for item in block.items}
            more = {inner.kind: inner for other in alike for inner in other.blocks if inner.kind not in own}
            blocks.append(
                block.adding(
                    *(
                        _dynamic_block(kind, Raw(for_each), inner.items)
                        for kind, inner in more.items()
                        if kind not in _NOT_DYNAMIC
                    )
                )
            )
        if tuple(blocks) != example.blocks and blocks:
            yield project(tuple(blocks), extra)

    return Rule(name, rewrite, exact)


def _absent_companions(name: str, add: tuple[Item, ...], index: str, extra: str = "", *, exact: bool = True) -> Rule:
    """Return a rule that adds the correct companion with a count of zero."""

    def rewrite(example: Example) -> Iterator[Project]:
        if not example.fails:
            return
        here = {block.labels[0]: block for block in reversed(example.subjects) if block.kind == "resource"}
        taken = {block.address for block in example.blocks}
        beside = []
        for other in example.right:
            if (
                other.kind not in _COUNTED
                or other.labels[0] in here
                or other.address in taken
                or not _may_repeat(other)
            ):
                continue
            beside.append(replace(other, items=(*add, *other.items)))
        for other in [*example.right]:
            if other.kind == "resource" and other.labels[0] in here:
                beside = [renamed(block, other.address, here[other.labels[0]].address) for block in beside]
        for other in [*beside]:
            beside = [renamed(block, other.address, other.address + index) for block in beside]
        known = taken | {block.address for block in beside}
        if beside and all(_refers_only_to(block, known) for block in beside):
            yield project((*example.blocks, *beside), extra)

    return Rule(name, rewrite, exact)


def _refers_only_to(block: Block, known: set[str]) -> bool:
    found: list[str] = []

    def look(value: Expr, site: Site) -> Expr | None:
        if isinstance(value, Raw):
            found.extend(re.findall(r"(?<![\w.])(?:data\.)?aws_\w+\.\w+", value.source))
        return None

    changed(block, look)
    return set(found) <= known


ABSENT: tuple[Rule, ...] = (
    _absent_blocks("absent-dynamic", "[]"),
    _absent_blocks("absent-dynamic-conditional", "false ? [1] : []"),
    _absent_blocks("absent-dynamic-off-by-default", "var.on ? [1] : []", 'variable "on" {\n  default = false\n}\n'),
    _absent_blocks("absent-dynamic-variable", "var.all", 'variable "all" {\n  type = list(any)\n  default = []\n}\n'),
    _absent_blocks("absent-dynamic-null", "var.one[*]", 'variable "one" {\n  default = null\n}\n'),
    _absent_blocks("unknown-absent-dynamic", "var.all", 'variable "all" {}\n', exact=False),
    _absent_blocks("unknown-absent-dynamic-conditional", "var.on ? [1] : []", 'variable "on" {}\n', exact=False),
    _absent_blocks("unknown-absent-dynamic-of-the-workspace", 'terraform.workspace == "x" ? [1] : []', exact=False),
    _absent_companions("absent-companion", _raw("count", "0"), "[0]"),
    _absent_companions("absent-companion-for-each", _raw("for_each", "{}"), '["a"]'),
    _absent_companions("absent-companion-set", _raw("for_each", "toset([])"), '["a"]'),
    _absent_companions(
        "absent-companion-off-by-default",
        _raw("count", "var.on ? 1 : 0"),
        "[0]",
        'variable "on" {\n  default = false\n}\n',
    ),
    _absent_companions("absent-companion-local", _raw("count", "local.n"), "[0]", "locals {\n  n = length([])\n}\n"),
    _absent_companions("absent-companion-disabled", (Block("lifecycle", (), _raw("enabled", "false")),), ""),
    _absent_companions(
        "unknown-absent-companion", _raw("count", "var.on ? 1 : 0"), "[0]", 'variable "on" {}\n', exact=False
    ),
    _absent_companions(
        "unknown-absent-companion-for-each", _raw("for_each", "var.all"), '["a"]', 'variable "all" {}\n', exact=False
    ),
    _absent_companions(
        "unknown-absent-companion-of-the-workspace",
        _raw("count", 'terraform.workspace == "x" ? 1 : 0'),
        "[0]",
        exact=False,
    ),
)


# ---- separate resources -------------------------------------------------------------------------------------------

_DIRECTIONS = ("ingress", "egress")
# What these open, several of their rules open together: rules that are resources of their own are judged one by one.
_ONLY_TOGETHER = frozenset({"in_many_parts", "all_of_udp_in_two_rules"})


def _rules_apart(name: str, make: Callable[[Block, str, str], Iterator[Block]]) -> Rule:
    """The rules of a security group are resources of their own."""

    def rewrite(example: Example) -> Iterator[Project]:
        blocks: list[Block] = []
        moved: dict[str, tuple[str, ...]] = {}
        for block in example.blocks:
            rules = _rules(block)
            if block.labels[:1] != ("aws_security_group",) or not rules or block.labels[1] in _ONLY_TOGETHER:
                blocks.append(block)
                continue
            apart = [
                made
                for index, inner in enumerate(rules)
                for made in make(inner, f"{block.labels[1]}_{index}", block.address)
            ]
            blocks += [block.without(*_DIRECTIONS), *apart]
            moved[block.address] = (block.address, *(made.address for made in apart))
        if moved and example.fails:
            yield replace(project(tuple(blocks)), moved=moved)

    return Rule(name, rewrite)


def _old_rule(rule: Block, name: str, group: str) -> Iterator[Block]:
    yield Block(
        "resource",
        ("aws_security_group_rule", name),
        (
            Attribute("type", Text(rule.kind)),
            Attribute("security_group_id", Raw(f"{group}.id")),
            *rule.items,
        ),
    )


def _new_rule(rule: Block, name: str, group: str) -> Iterator[Block]:
    known = rule.attributes
    kept = [Attribute("ip_protocol", known["protocol"])]
    if known["protocol"] != Text("-1"):
        kept += [Attribute(each, known[each]) for each in ("from_port", "to_port")]
    for source, target in (("cidr_blocks", "cidr_ipv4"), ("ipv6_cidr_blocks", "cidr_ipv6")):
        ranges = known.get(source)
        for index, item in enumerate(ranges.items if isinstance(ranges, Tuple) else ()):
            yield Block(
                "resource",
                (f"aws_vpc_security_group_{rule.kind}_rule", f"{name}_{index}"),
                (Attribute("security_group_id", Raw(f"{group}.id")), *kept, Attribute(target, item)),
            )


_ALL_OF_A_RULE: dict[str, Expr] = {
    "description": Text(""),
    "from_port": NULL,
    "to_port": NULL,
    "protocol": NULL,
    "cidr_blocks": Tuple(()),
    "ipv6_cidr_blocks": Tuple(()),
    "prefix_list_ids": Tuple(()),
    "security_groups": Tuple(()),
    "self": Raw("false"),
}


def _rules(block: Block) -> list[Block]:
    return [inner for inner in block.blocks if inner.kind in _DIRECTIONS]


def _rules_as_attribute(example: Example) -> Iterator[Project]:
    """Terraform also takes the rules of a group as a list of objects, which say everything."""
    blocks = []
    for block in example.blocks:
        if block.labels[:1] not in (("aws_security_group",), ("aws_default_security_group",)):
            blocks.append(block)
            continue
        made = block.holding(*(item for item in block.items if item not in _rules(block)))
        for direction in _DIRECTIONS:
            rules = [inner for inner in block.blocks if inner.kind == direction]
            objects = (Object(tuple({**_ALL_OF_A_RULE, **rule.attributes}.items())) for rule in rules)
            if rules:
                made = made.adding(Attribute(direction, Tuple(tuple(objects))))
        blocks.append(made)
    if tuple(blocks) != example.blocks:
        yield project(tuple(blocks))


_APART = {  # by type: the argument, the type of the resource apart, and how that names the first
    "aws_sqs_queue": ("policy", "aws_sqs_queue_policy", "queue_url"),
    "aws_kms_key": ("policy", "aws_kms_key_policy", "key_id"),
    "aws_s3_bucket": ("acl", "aws_s3_bucket_acl", "bucket"),
}
_TOGETHER = {
    "aws_s3_bucket_policy": ("policy", "aws_s3_bucket", "bucket"),
    "aws_sqs_queue_policy": ("policy", "aws_sqs_queue", "name"),  # no check looks at the one of aws_sns_topic
}


def _apart(example: Example) -> Iterator[Project]:
    """An argument is a resource of its own."""
    blocks: list[Block] = []
    moved = {}
    for block in example.blocks:
        attribute, kind, by = _APART.get(block.labels[0] if block.labels else "", ("", "", ""))
        if attribute not in block.attributes:
            blocks.append(block)
            continue
        name = block.labels[1]
        other = (Attribute(by, Raw(f"{block.address}.id")), Attribute(attribute, block.attributes[attribute]))
        blocks += [block.without(attribute), Block("resource", (kind, f"{name}_apart"), other)]
        moved[block.address] = (block.address, f"{kind}.{name}_apart")
    if moved and example.fails:
        yield replace(project(tuple(blocks)), moved=moved)


def _together(example: Example) -> Iterator[Project]:
    """Replace a companion resource by its resource with the companion's argument."""
    blocks: list[Block] = []
    moved = {}
    for block in example.blocks:
        attribute, kind, by = _TOGETHER.get(block.labels[0] if block.labels else "", ("", "", ""))
        if attribute not in block.attributes:
            blocks.append(block)
            continue
        items = (Attribute(by, Text(block.labels[1])), Attribute(attribute, block.attributes[attribute]))
        blocks.append(Block("resource", (kind, f"{block.labels[1]}_together"), items))
        moved[block.address] = (f"{kind}.{block.labels[1]}_together",)
    if moved and example.fails:
        yield replace(project(tuple(blocks)), moved=moved)


def _inline_policies(kind: str, by: str) -> Rule:
    """A policy of its own is one of a role, a user or a group."""

    def rewrite(example: Example) -> Iterator[Project]:
        blocks: list[Block] = []
        moved = {}
        for block in example.blocks:
            if block.labels[:1] != ("aws_iam_policy",) or block.kind != "resource":
                blocks.append(block)
                continue
            blocks.append(Block("resource", (kind, block.labels[1]), (Attribute(by, Text("somebody")), *block.items)))
            moved[block.address] = (f"{kind}.{block.labels[1]}",)
        if moved and example.fails:
            yield replace(project(tuple(blocks)), moved=moved)

    return Rule(f"{kind.removeprefix('aws_').replace('_', '-')}-inline", rewrite)


SEPARATE: tuple[Rule, ...] = (
    _rules_apart("rules-apart", _old_rule),
    _rules_apart("rules-apart-each", _new_rule),
    Rule("rules-as-attribute", _rules_as_attribute),
    Rule("arguments-apart", _apart),
    Rule("arguments-together", _together),
    _inline_policies("aws_iam_role_policy", "role"),
    _inline_policies("aws_iam_group_policy", "group"),
)


# ---- beside -------------------------------------------------------------------------------------------------------


def _with(name: str, extra: str) -> Rule:
    return Rule(name, lambda example: iter((project(example.blocks, extra),)))


def _resources(name: str, change: Callable[[Block], Block], extra: str = "") -> Rule:
    """Every resource is changed in the same way."""

    def rewrite(example: Example) -> Iterator[Project]:
        blocks = tuple(change(block) if block.kind == "resource" else block for block in example.blocks)
        if blocks != example.blocks:
            yield project(blocks, extra)

    return Rule(name, rewrite)


def _lifecycle(source: str) -> Callable[[Block], Block]:
    items = tuple(
        Attribute(*pair) for pair in ((line.split(" = ")[0], Raw(line.split(" = ")[1])) for line in source.split("; "))
    )
    return lambda block: block.adding(Block("lifecycle", (), items))


def _ignoring_all_it_sets(block: Block) -> Block:
    names = ", ".join(
        item.name for item in block.items if isinstance(item, Attribute) and item.name not in ("provider", "count")
    )
    return block.adding(Block("lifecycle", (), (Attribute("ignore_changes", Raw(f"[{names}]")),)))


def _without_regions(rule: Rule) -> Rule:
    """The rule, for examples that name no provider: theirs say in which region things are."""

    def rewrite(example: Example) -> Iterator[Project]:
        if not any(block.kind == "provider" or "provider" in block.attributes for block in example.blocks):
            yield from rule.rewrite(example)

    return replace(rule, rewrite=rewrite)


def _default_tags(example: Example) -> Iterator[Project]:
    """Tags that every resource has are those of the provider."""
    tagged = [block for block in example.blocks if block.kind == "resource"]
    tags = {show(block.attributes.get("tags", NULL)) for block in tagged}
    if len(tags) != 1 or tags == {"null"} or any(block.kind in ("provider", "data") for block in example.blocks):
        return
    common = tagged[0].attributes["tags"]
    provider = Block("provider", ("aws",), (Block("default_tags", (), (Attribute("tags", common),)),))
    yield project((provider, *(block.without("tags") for block in example.blocks)))


_SETTINGS = """
terraform {
  required_version = ">= 1.5"
  backend "s3" {}
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
"""
_UNUSED = """
variable "encrypted" {
  default = true
  validation {
    condition     = var.encrypted
    error_message = "no"
  }
}
"""
_DECOY = """
output "decoy" {
  value = { acl = "private", encrypted = true, cidr_blocks = ["10.0.0.0/8"] }
}
"""

BESIDE: tuple[Rule, ...] = (
    _with("as-it-is", ""),
    _with("beside-moved", "moved {\n  from = aws_x.a\n  to = aws_x.b\n}\n"),
    _with("beside-removed", "removed {\n  from = aws_x.gone\n  lifecycle {\n    destroy = false\n  }\n}\n"),
    _with("beside-output", _DECOY),
    _with("beside-check", 'check "up" {\n  assert {\n    condition = true\n    error_message = "}"\n  }\n}\n'),
    _with("beside-heredoc", 'locals {\n  text = <<EOT\n}\nresource "aws_x" "y" {\n/* " \nEOT\n}\n'),
    _with("beside-terraform", _SETTINGS),
    _with("beside-unused-variable", _UNUSED),
    _with(
        "beside-unused-module", 'module "none" {\n  source = "example/none/aws"\n  version = "1.0.0"\n  count = 0\n}\n'
    ),
    Rule(
        "beside-import",
        lambda example: iter(
            (
                project(
                    example.blocks,
                    "".join(
                        f'import {{\n  to = {block.address}\n  id = "x"\n}}\n'
                        for block in example.subjects
                        if block.kind == "resource"
                    ),
                ),
            )
        ),
    ),
    _resources("lifecycle-ignore-all", _lifecycle("ignore_changes = all")),
    _resources("lifecycle-ignore-each", _ignoring_all_it_sets),
    _resources("lifecycle-prevent-destroy", _lifecycle("create_before_destroy = true; prevent_destroy = true")),
    _resources("lifecycle-enabled", _lifecycle("enabled = true")),
    _resources(
        "depends-on",
        lambda block: block.adding(Attribute("depends_on", Raw("[terraform_data.first]"))),
        'resource "terraform_data" "first" {}\n',
    ),
    _resources(
        "provisioner",
        lambda block: block.adding(Block("provisioner", ("local-exec",), (Attribute("command", Text("true")),))),
    ),
    _without_regions(
        _resources(
            "provider-alias",
            lambda block: block.adding(Attribute("provider", Raw("aws.other"))),
            'provider "aws" {\n  alias = "other"\n  profile = "other"\n}\n',
        )
    ),
    _without_regions(
        _with("default-tags-others", 'provider "aws" {\n  default_tags {\n    tags = { Unrelated = "x" }\n  }\n}\n')
    ),
    Rule("default-tags", _default_tags),
)

ORDER: tuple[Rule, ...] = (
    Rule("order-of-blocks", lambda example: iter((project(tuple(reversed(example.blocks))),))),
    Rule("order-of-items", lambda example: iter((project(tuple(_backwards(block) for block in example.blocks)),))),
)


def _backwards(block: Block) -> Block:
    inner = (_backwards(item) if isinstance(item, Block) else item for item in reversed(block.items))
    return block.holding(*inner)


BLOCKS: tuple[Rule, ...] = (
    *REPEATED,
    Rule("unknown-off-by-default", _off_by_default, exact=False),
    Rule("unknown-none-by-default", _none_by_default, exact=False),
    Rule("for-each-value", _each_value),
    Rule("for-each-key", _each_key),
    Rule("count-index", _count_index),
    *DYNAMIC,
    *NULLS,
    *ABSENT,
    *SEPARATE,
    *BESIDE,
    *ORDER,
)
