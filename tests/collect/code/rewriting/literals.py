"""Rules on texts, numbers, true and false, lists and objects: other ways to write them, other ways to work them out."""

from __future__ import annotations

from collect.code.rewriting import rule as where
from collect.code.rewriting.rule import Rule, Wording, on_values

_PASSED_ON = {"@name/main.tf": 'variable "v" {}\noutput "v" {\n  value = var.v\n}\n'}
_EACH = """module "@name" {
  source = "./@name"
  for_each = { for i, a in @value : format("%03d", i) => a }
  v = each.value
}"""
_HALVES = 'locals {\n  @{name}_a = "@first"\n  @{name}_b = "@second"\n}'

TEXTS: tuple[Rule, ...] = tuple(
    on_values(name, fits, wording)
    for name, fits, wording in (
        ("text-template", where.text, '"${@value}"'),
        ("text-template-halves", where.text, Wording('"${local.@{name}_a}${local.@{name}_b}"', _HALVES)),
        ("text-template-literal-half", where.text, Wording('"@first${local.@{name}_b}"', _HALVES)),
        ("text-template-conditional", where.text, '"${true ? "@first" : "x"}@second"'),
        ("text-template-nested", where.text, '"${"${"@first"}"}@second"'),
        ("text-template-trimmed", where.plain_text, '"@first${~ "@second" ~}"'),
        (
            "text-of-a-variable",
            where.text,
            Wording('"@first${var.@name}"', 'variable "@name" {\n  default = "@second"\n}'),
        ),
        ("text-directive-if", where.text, '"%{ if true }@inner%{ else }x%{ endif }"'),
        ("text-directive-if-not", where.text, '"%{ if 1 == 2 }x%{ else }@inner%{ endif }"'),
        ("text-directive-for", where.text, '"%{ for a in ["@first", "@second"] }${a}%{ endfor }"'),
        ("text-directive-for-letters", where.text, '"%{ for i, a in [@letters] ~}${a}%{~ endfor }"'),
        ("text-heredoc", where.text, "chomp(<<EOT\n@template\nEOT\n)"),
        ("text-heredoc-indented", where.text, "chomp(<<-EOT\n      @template\n    EOT\n)"),
        (
            "text-heredoc-halves",
            where.plain_text,
            Wording("trimspace(<<-EOT\n  @first${local.@{name}_b}\n  EOT\n)", _HALVES),
        ),
        (
            "text-heredoc-if",
            where.text,
            "trimspace(<<-EOT\n    %{ if true ~}\n    @template\n    %{~ endif }\n    EOT\n)",
        ),
        (
            "text-heredoc-for",
            where.text,
            "trimspace(<<-EOT\n    %{ for a in [@value] ~}\n    ${a}\n    %{~ endfor ~}\n    EOT\n)",
        ),
        (
            "text-heredoc-in-a-local",
            where.text,
            Wording("chomp(local.@name)", "locals {\n  @name = <<EOT\n@template\nEOT\n}"),
        ),
        ("text-unicode", where.text, '"@unicode"'),
        (
            "text-escaped-interpolation",
            where.text,
            'replace("$${x}@inner%%{y}", "/\\\\$\\\\{x\\\\}|%\\\\{y\\\\}/", "")',
        ),
        ("text-escaped-quotes", where.text, 'replace("\\"@inner\\"", "\\"", "")'),
        ("text-join", where.text, 'join("", ["@first", "@second"])'),
        ("text-join-letters", where.text, 'join("", [for a in [@letters] : a])'),
        ("text-split", where.plain_text, 'split(",", "x,@raw")[1]'),
        ("text-element-split", where.plain_text, 'element(split(",", "x,@raw"), 1)'),
        ("text-join-split", where.text, 'join("0", split("0", @value))'),
        ("text-format", where.text, 'format("%s%s", "@first", "@second")'),
        ("text-format-numbered", where.text, 'format("%[2]s%[1]s", "@second", "@first")'),
        ("text-format-value", where.text, 'format("%v", @value)'),
        ("text-formatlist", where.text, 'formatlist("%s@second", ["@first"])[0]'),
        ("text-replace", where.text, 'replace("@first#X#@second", "#X#", "")'),
        ("text-replace-pattern", where.text, 'replace("@first#12#@second", "/#[0-9]+#/", "")'),
        ("text-base64decode", where.text, 'base64decode("@base64")'),
        ("text-base64-half", where.text, '"${base64decode(base64encode("@first"))}@second"'),
        ("text-textdecodebase64", where.text, 'textdecodebase64("@base64", "UTF-8")'),
        ("text-jsondecode", where.text, "jsondecode(@quoted_json)"),
        ("text-csvdecode", where.plain_text, 'csvdecode("a,b\\n@raw,x")[0].a'),
        ("text-yamldecode", where.plain_text, "yamldecode(\"a: '@raw'\").a"),
        ("text-regex", where.plain_text, 'regex("^x(.*)$", "x@raw")[0]'),
        ("text-regex-named", where.plain_text, 'regex("^x(?P<a>.*)$", "x@raw").a'),
        ("text-regexall", where.plain_text, 'regexall("[^#]+", "#@raw#")[0]'),
        ("text-trimspace", where.text, 'trimspace("  @inner\\n")'),
        ("text-trim", where.text, 'trim("#@inner#", "#")'),
        ("text-trimprefix", where.text, 'trimprefix("xx-@inner", "xx-")'),
        ("text-trimsuffix", where.text, 'trimsuffix("@inner-xx", "-xx")'),
        ("text-chomp", where.text, 'chomp("@inner\\n")'),
        ("text-substr", where.text, 'substr("xx@inner", 2, -1)'),
        ("text-strrev", where.text, "strrev(@reversed)"),
        ("text-upper", where.upper_text, "upper(@lower)"),
        ("text-lower", where.lower_text, "lower(@upper)"),
        ("text-tostring", where.text, "tostring(@value)"),
        ("text-coalesce", where.text, 'coalesce("", @value)'),
        ("text-compact", where.text, 'compact(["", @value])[0]'),
        ("text-sort", where.text, "sort([@value])[0]"),
        ("text-keys", where.text, "keys({ (@value) = 1 })[0]"),
        ("text-key-of-for", where.text, "one([for k, a in { (@value) = 1 } : k])"),
        ("text-transpose", where.text, "keys(transpose({ a = [@value] }))[0]"),
        ("text-toset", where.text, "tolist(toset([@value]))[0]"),
        ("text-basename", where.no_slash, 'basename("/a/b/@raw")'),
        (
            "text-templatestring",
            where.plain_text,
            Wording("templatestring(local.@name, { a = @value })", 'locals {\n  @name = "$${a}"\n}'),
        ),
        ("text-file", where.text, Wording('file("${path.module}/@name.txt")', "", {"@name.txt": "@raw"})),
        ("text-file-trimmed", where.text, Wording('trimspace(file("./@name.txt"))', "", {"@name.txt": "@raw\n"})),
        (
            "text-file-in-a-folder",
            where.text,
            Wording('file("${path.root}/files/@name.txt")', "", {"files/@name.txt": "@raw"}),
        ),
        ("text-filebase64", where.text, Wording('base64decode(filebase64("@name.bin"))', "", {"@name.bin": "@raw"})),
        (
            "text-file-csv",
            where.plain_text,
            Wording('csvdecode(file("@name.csv"))[0].a', "", {"@name.csv": "a,b\n@raw,x\n"}),
        ),
        (
            "text-templatefile",
            where.text,
            Wording('templatefile("${path.module}/@name.tftpl", { a = "@second" })', "", {"@name.tftpl": "@first${a}"}),
        ),
        (
            "text-templatefile-for",
            where.text,
            Wording(
                'templatefile("@name.tftpl", { all = ["@first", "@second"], on = true })',
                "",
                {"@name.tftpl": "%{ if on }%{ for a in all }${a}%{ endfor }%{ endif }"},
            ),
        ),
    )
)

ADDRESSES: tuple[Rule, ...] = tuple(
    on_values(name, where.cidr, wording)
    for name, wording in (
        ("address-cidrsubnet", "cidrsubnet(@value, 0, 0)"),
        ("address-cidrhost", '"${cidrhost(@value, 0)}/@bits"'),
        ("address-for", '[for a in ["@address"] : "${a}/@bits"][0]'),
        ("address-format", 'format("%s/%d", "@address", @bits)'),
        ("address-template", '"@address/${@bits}"'),
        ("address-join", 'join("/", ["@address", @bits])'),
        ("address-base64", '"${base64decode(base64encode("@address"))}/@bits"'),
        ("address-replace", 'replace("@address-@bits", "-", "/")'),
        ("address-octets", '"${join(".", [for o in split(".", "@address") : tonumber(o)])}/@bits"'),
        (
            "address-map",
            Wording('local.@name["any"]', 'locals {\n  @name = { any = "@address/@bits", own = "10.0.0.0/8" }\n}'),
        ),
    )
)

NUMBERS: tuple[Rule, ...] = tuple(
    on_values(name, fits, wording)
    for name, fits, wording in (
        ("number-plus", where.number, "@value + 0"),
        ("number-difference", where.number, "(@value + 3) - 3"),
        ("number-negative-twice", where.number, "-(-(@value))"),
        ("number-times", where.number, "@value * 2 / 2"),
        ("number-over-lines", where.number, "(\n    @value\n    * 1\n  )"),
        ("number-tonumber", where.number, 'tonumber("@value")'),
        ("number-parseint", where.number, 'parseint("@value", 10)'),
        ("number-max", where.number, "max(@value, @value - 1)"),
        ("number-min", where.number, "min(@value, @value + 1)"),
        ("number-sum", where.number, "sum([@value, 1, -1])"),
        ("number-floor", where.number, "floor(@value + 0.5)"),
        ("number-ceil", where.number, "ceil(@value - 0.5)"),
        ("number-fraction", where.number, "@{value}.0"),
        ("number-exponent", where.number, "@{value}e0"),
        ("number-length", where.number, "@value + length([])"),
        ("number-modulo", where.number, "(@value + 0 % 7)"),
        ("number-conditional", where.number, "1 < 2 ? @value : 0"),
        ("number-as-text", where.typed_number, '"@value"'),
        ("number-in-a-template", where.typed_number, '"${@value}"'),
        ("number-as-text-of-a-local", where.typed_number, Wording("local.@name", 'locals {\n  @name = "@value"\n}')),
        (
            "number-as-text-of-a-typed-variable",
            where.typed_number,
            Wording("var.@name", 'variable "@name" {\n  type = string\n  default = @value\n}'),
        ),
        ("text-as-number", where.text_of_number, "tonumber(@value)"),
        ("text-as-number-template", where.text_of_number, '"${tonumber(@value)}"'),
        ("text-as-sum", where.text_of_number, "tonumber(@value) + 0"),
    )
)

BOOLS: tuple[Rule, ...] = tuple(
    on_values(name, fits, wording)
    for name, fits, wording in (
        ("bool-as-text", where.typed_bool, '"@value"'),
        ("bool-in-a-template", where.typed_bool, '"${@value}"'),
        (
            "bool-of-a-typed-variable",
            where.typed_bool,
            Wording("var.@name", 'variable "@name" {\n  type = bool\n  default = "@value"\n}'),
        ),
        ("true-not-false", where.true, "!false"),
        ("true-and-over-lines", where.true, "(\n    true\n    && !false\n  )"),
        ("true-or", where.true, "false || true"),
        ("true-equal", where.true, '"a" == "a"'),
        ("true-not-equal", where.true, "[1] != [2]"),
        ("true-compared", where.true, "3 >= 2"),
        ("true-tobool", where.true, 'tobool("true")'),
        ("true-alltrue", where.true, "alltrue([true, true])"),
        ("true-anytrue", where.true, "anytrue([false, true])"),
        ("true-contains", where.true, 'contains(["a", "b"], "a")'),
        ("true-length", where.true, "length([]) == 0"),
        ("true-can", where.true, 'can(regex("^a", "ab"))'),
        ("true-startswith", where.true, 'startswith("ab", "a")'),
        ("true-strcontains", where.true, 'strcontains("abc", "b")'),
        ("true-for", where.true, 'alltrue([for a in ["x"] : a == "x"])'),
        ("false-not-true", where.false, "!true"),
        ("false-and", where.false, "(true && false)"),
        ("false-equal", where.false, '"a" == "b"'),
        ("false-null", where.false, "null != null"),
        ("false-tobool", where.false, 'tobool("false")'),
        ("false-alltrue", where.false, "alltrue([true, false])"),
        ("false-contains", where.false, 'contains(["a", "b"], "c")'),
        ("false-length", where.false, "length([]) > 0"),
        ("false-endswith", where.false, 'endswith("ab", "a")'),
        ("false-can", where.false, 'can(regex("^b", "ab"))'),
    )
)

LISTS: tuple[Rule, ...] = tuple(
    on_values(name, fits, wording)
    for name, fits, wording in (
        ("list-concat", where.listed, "concat([], @value)"),
        ("list-for", where.listed, "[for a in @value : a]"),
        ("list-for-of-objects", where.listed, "[for a in @objects : a.v]"),
        ("list-splat", where.listed, "@objects[*].v"),
        ("list-values", where.listed, '[for k, a in { for i, b in @value : format("%03d", i) => b } : a]'),
        ("list-slice", where.listed, "slice(concat(@value, [null]), 0, @size)"),
        ("list-reverse", where.listed, "reverse(reverse(@value))"),
        ("list-over-lines", where.listed, "concat(\n    @value, # ]\n    [],\n  )"),
        ("list-tolist", where.scalars, "tolist(@value)"),
        ("list-flatten", where.scalars, "flatten([[@value], []])"),
        ("list-flatten-for", where.scalars, "flatten([for a in @value : [[a]]])"),
        ("list-chunklist", where.scalars, "chunklist(@value, @size)[0]"),
        ("list-coalescelist", where.scalars, "coalescelist([], @value)"),
        ("list-compact", where.texts, 'compact(concat(@value, [""]))'),
        ("list-formatlist", where.texts, 'formatlist("%s", @value)'),
        ("list-join-split", where.texts, 'split("|", join("|", @value))'),
        ("list-toset", where.sorted_texts, "toset(@value)"),
        ("list-setunion", where.sorted_texts, "setunion(@value, [])"),
        ("list-setsubtract", where.sorted_texts, "setsubtract(@value, [])"),
        ("list-sort", where.sorted_texts, "sort(@value)"),
        ("list-keys", where.sorted_texts, "keys({ for a in @value : a => 1 })"),
        (
            "list-optional",
            where.scalars,
            Wording(
                "var.@name.v", 'variable "@name" {\n  type = object({ v = optional(@type, @value) })\n  default = {}\n}'
            ),
        ),
        (
            "list-of-a-set-variable",
            where.sorted_texts,
            Wording("var.@name", 'variable "@name" {\n  type = set(string)\n  default = @value\n}'),
        ),
        ("list-tolist-of-a-set", where.sorted_texts, "tolist(toset(@value))"),
        (
            "list-module-splat",
            where.scalars,
            Wording("values(module.@name)[*].v", _EACH, _PASSED_ON),
        ),
    )
)

OBJECTS: tuple[Rule, ...] = tuple(
    on_values(name, fits, wording)
    for name, fits, wording in (
        ("object-merge", where.mapped, "merge({}, @value)"),
        ("object-merge-null", where.mapped, "merge(@value, null)"),
        ("object-merge-parts", where.mapped, "merge(@separate)"),
        ("object-merge-expanded", where.mapped, "merge([@separate]...)"),
        ("object-for", where.mapped, "{ for k, a in @value : k => a }"),
        ("object-for-of-pairs", where.mapped, "{ for p in @pairs : p.k => p.v }"),
        ("object-for-if", where.mapped, "{ for k, a in @value : k => a if a != null }"),
        ("object-jsondecode", where.mapped, "jsondecode(@quoted_json)"),
        ("object-zipmap", where.map_of_scalars, "zipmap(keys(@value), values(@value))"),
        ("object-tomap", where.map_of_scalars, "tomap(@value)"),
        (
            "object-of-a-map-variable",
            where.map_of_scalars,
            Wording("merge(var.@name, {})", 'variable "@name" {\n  type = map(any)\n  default = @value\n}'),
        ),
        ("object-jsonencode", where.mapped, "jsondecode(jsonencode(@value))"),
    )
)

# A part is unknown: the whole may be the original value.
PARTS: tuple[Rule, ...] = tuple(
    on_values(f"unknown-{name}", fits, Wording(expression, 'variable "@name" {}'), exact=False)
    for name, fits, expression in (
        ("text-start", where.text, '"${var.@name}@second"'),
        ("text-end", where.text, '"@first${var.@name}"'),
        ("text-before", where.text, '"${var.@name}@inner"'),
        ("text-after", where.text, '"@inner${var.@name}"'),
        ("text-condition", where.text, '"${var.@name ? @value : ""}"'),
        ("text-join", where.text, 'join("", ["@first", var.@name])'),
        ("text-join-list", where.text, 'join("", var.@name)'),
        ("text-format", where.text, 'format("%s%s", "@first", var.@name)'),
        ("text-format-of-the-format", where.text, "format(var.@name, @value)"),
        ("text-replace", where.text, 'replace(@value, "#", var.@name)'),
        ("text-replace-in-a-variable", where.text, 'replace(var.@name, "#", @value)'),
        ("text-lower", where.text, "lower(var.@name)"),
        ("text-trimspace", where.text, "trimspace(var.@name)"),
        ("text-base64decode", where.text, '"${base64decode(var.@name)}@second"'),
        ("text-coalesce", where.text, "coalesce(var.@name, @value)"),
        ("text-compact", where.text, "compact([var.@name, @value])[0]"),
        ("text-split", where.text, 'split(",", var.@name)[0]'),
        ("text-directive-if", where.text, '"%{ if var.@name }@inner%{ endif }"'),
        ("text-directive-if-else", where.text, '"%{ if var.@name }x%{ else }@inner%{ endif }"'),
        ("text-directive-for", where.text, '"%{ for a in var.@name }${a}%{ endfor }"'),
        ("text-heredoc", where.text, "trimspace(<<-EOT\n    ${var.@name}\n    EOT\n)"),
        (
            "text-heredoc-if",
            where.text,
            "trimspace(<<-EOT\n    %{ if var.@name ~}\n    @template\n    %{~ endif }\n    EOT\n)",
        ),
        ("address-start", where.cidr, '"${var.@name}/@bits"'),
        ("address-end", where.cidr, '"@address/${var.@name}"'),
        ("address-for", where.cidr, '[for a in var.@name : "${a}/@bits"][0]'),
        ("address-cidrsubnet", where.cidr, "cidrsubnet(var.@name, 0, 0)"),
        ("address-cidrsubnet-number", where.cidr, "cidrsubnet(@value, 0, var.@name)"),
        ("number-plus", where.number, "var.@name + 0"),
        ("number-times", where.number, "@value * var.@name"),
        ("number-max", where.number, "min(max(var.@name, @value), @value)"),
        ("number-length", where.number, "length(var.@name)"),
        ("number-tonumber", where.number, "tonumber(var.@name)"),
        ("number-try", where.number, "try(tonumber(var.@name), @value)"),
        ("true-or", where.true, "var.@name || false"),
        ("true-not", where.true, "!var.@name"),
        ("true-compared", where.true, 'var.@name == "x"'),
        ("true-contains", where.true, 'contains(var.@name, "x")'),
        ("true-length", where.true, "length(var.@name) > 0"),
        ("true-can", where.true, "can(var.@name.x)"),
        ("true-not-null", where.true, "var.@name != null"),
        ("false-and", where.false, "var.@name && true"),
        ("false-not", where.false, "!var.@name"),
        ("false-compared", where.false, 'var.@name == "x"'),
        ("false-contains", where.false, 'contains(["a", var.@name], "x")'),
        ("false-length", where.false, "length(var.@name) == 0"),
        ("false-anytrue", where.false, "anytrue([false, var.@name])"),
        ("list-concat", where.listed, "concat(@value, var.@name)"),
        ("list-concat-before", where.listed, "concat(var.@name, @value)"),
        ("list-flatten", where.scalars, "flatten([var.@name, @value])"),
        ("list-distinct", where.scalars, "distinct(concat(@value, var.@name))"),
        ("list-coalescelist", where.scalars, "coalescelist(var.@name, @value)"),
        ("list-compact", where.texts, "compact(concat(@value, [var.@name]))"),
        ("list-formatlist", where.texts, "formatlist(var.@name, @value)"),
        ("list-for-if", where.listed, "[for a in @value : a if a != var.@name]"),
        ("list-for", where.listed, "[for a in var.@name : a]"),
        ("list-slice", where.listed, "slice(@value, 0, var.@name)"),
        ("list-setunion", where.sorted_texts, "setunion(@value, var.@name)"),
        ("list-setsubtract", where.sorted_texts, "setsubtract(@value, var.@name)"),
        ("list-split", where.texts, 'split(",", var.@name)'),
        ("list-splat", where.listed, "var.@name[*].v"),
        ("list-conditional-member", where.listed, 'concat(@value, var.@name ? ["x"] : [])'),
        ("list-conditional", where.listed, "concat([], var.@name ? @value : [])"),
        ("object-merge", where.mapped, "merge(@value, var.@name)"),
        ("object-merge-before", where.mapped, "merge(var.@name, @value)"),
        ("object-merge-conditional", where.mapped, "merge({}, var.@name ? @value : null)"),
        ("object-for-if", where.mapped, "{ for k, a in @value : k => a if k != var.@name }"),
        ("object-for", where.mapped, "{ for k, a in var.@name : k => a }"),
        ("object-key", where.map_of_scalars, "merge({ (var.@name) = null }, @value)"),
        ("object-zipmap", where.map_of_scalars, "zipmap(var.@name, values(@value))"),
    )
)

LITERALS: tuple[Rule, ...] = (*PARTS, *TEXTS, *ADDRESSES, *NUMBERS, *BOOLS, *LISTS, *OBJECTS)
