"""Rules on values of any type: names for them, places for them, ways to choose them."""

from __future__ import annotations

from collect.code.rewriting import rule as where
from collect.code.rewriting.rule import Rule, Wording, of_failing, on_values

_OBJECT = "type = object({ v = optional(@type, @value) })"

VARIABLES: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, Wording(expression, beside, files))
    for name, expression, beside, files in (
        ("variable-default", "var.@name", 'variable "@name" {\n  default = @value\n}', {}),
        ("variable-typed", "var.@name", 'variable "@name" {\n  type = @type\n  default = @value\n}', {}),
        ("variable-any", "var.@name", 'variable "@name" {\n  type = any\n  default = @value\n}', {}),
        (
            "variable-not-nullable",
            "var.@name",
            'variable "@name" {\n  type = @type\n  default = @value\n  nullable = false\n  sensitive = true\n}',
            {},
        ),
        ("variable-tfvars", "var.@name", 'variable "@name" {}', {"terraform.tfvars": "@name = @value\n"}),
        (
            "variable-tfvars-over-default",
            "var.@name",
            'variable "@name" {\n  default = null\n}',
            {"terraform.tfvars": "# of production\n@name = @value\n"},
        ),
        (
            "variable-auto-tfvars",
            "var.@name",
            'variable "@name" {}',
            {"@name.auto.tfvars": "@name = @value\n"},
        ),
        (
            "variable-auto-tfvars-in-order",
            "var.@name",
            'variable "@name" {}',
            {"a_@name.auto.tfvars": "@name = null\n", "b_@name.auto.tfvars": "@name = @value # the last\n"},
        ),
        (
            "variable-null-in-tfvars",
            "var.@name",
            'variable "@name" {\n  default = @value\n  nullable = false\n}',
            {"terraform.tfvars": "@name = null\n"},
        ),
        (
            "variable-auto-tfvars-json",
            "var.@name",
            'variable "@name" {\n  default = null\n}',
            {"@name.auto.tfvars.json": '{"@name": @json}'},
        ),
        (
            "variable-override-file",
            "var.@name",
            'variable "@name" {\n  default = null\n}',
            {"@{name}_override.tf": 'variable "@name" {\n  default = @value\n}\n'},
        ),
        ("optional-default", "var.@name.v", f'variable "@name" {{\n  {_OBJECT}\n  default = {{}}\n}}', {}),
        (
            "optional-default-of-a-null",
            "var.@name.v",
            f'variable "@name" {{\n  {_OBJECT}\n  default = {{ v = null }}\n}}',
            {},
        ),
        (
            "optional-default-in-a-list",
            "var.@name[0].v",
            'variable "@name" {\n  type = list(object({ k = string, v = optional(@type, @value) }))\n'
            '  default = [{ k = "a" }]\n}',
            {},
        ),
        (
            "optional-default-in-a-map",
            'var.@name["a"].v',
            'variable "@name" {\n  type = map(object({ v = optional(@type, @value) }))\n  default = { a = {} }\n}',
            {},
        ),
        (
            "optional-default-nested",
            "var.@name.w.v",
            'variable "@name" {\n  type = object({ w = optional(object({ v = optional(@type, @value) }), {}) })\n'
            "  default = {}\n}",
            {},
        ),
    )
)

LOCALS: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, Wording(expression, beside, files))
    for name, expression, beside, files in (
        ("local", "local.@name", "locals {\n  @name = @value\n}", {}),
        (
            "local-chain",
            "local.@{name}_c",
            "locals {\n  @{name}_c = local.@{name}_b\n  @{name}_b = local.@{name}_a\n}",
            {"a_@name.tf": "locals {\n  @{name}_a = @value\n}\n"},
        ),
        ("local-nested", "local.@name.a.b", "locals {\n  @name = { a = { b = @value } }\n}", {}),
        ("local-bracket", 'local.@name["a"]["b"]', 'locals {\n  @name = { "a" = { "b" = @value } }\n}', {}),
        (
            "local-key-of-a-local",
            "local.@name[local.@{name}_k]",
            'locals {\n  @name = { a = @value, b = null }\n  @{name}_k = "a"\n}',
            {},
        ),
        (
            "local-lookup-default",
            'lookup(local.@name, "other", local.@name["default"])',
            "locals {\n  @name = { default = @value }\n}",
            {},
        ),
        (
            "local-of-a-variable",
            "local.@name",
            'variable "@name" {\n  default = @value\n}\nlocals {\n  @name = var.@name\n}',
            {},
        ),
        (
            "local-override-file",
            "local.@name",
            "locals {\n  @name = null\n}",
            {"@{name}_override.tf": "locals {\n  @name = @value\n}\n"},
        ),
    )
)

CHOICES: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, wording)
    for name, wording in (
        ("parentheses", "(@value)"),
        ("parentheses-over-lines", "(\n    @value # )\n  )"),
        ("comment-before", "/* @name = { */ (@value // }\n  )"),
        ("list-index", "[@value][0]"),
        ("list-index-of-many", "[null, null, @value][1 + 1]"),
        ("legacy-index", Wording("local.@name.0", "locals {\n  @name = [@value]\n}")),
        ("map-index", '{ k = @value }["k"]'),
        ("object-attribute", "{ k = @value }.k"),
        ("lookup", 'lookup({ k = @value }, "k")'),
        ("lookup-default", 'lookup({}, "k", @value)'),
        ("conditional-true", "true ? @value : null"),
        ("conditional-false", "false ? null : @value"),
        ("conditional-compared", '"a" == "a" && !(1 > 2) ? @value : null'),
        ("conditional-length", "length([]) == 0 ? @value : null"),
        ("conditional-nested", "false ? null : (1 >= 1 ? @value : null)"),
        ("conditional-variable", Wording("var.@name ? @value : null", 'variable "@name" {\n  default = true\n}')),
        (
            "conditional-compared-variable",
            Wording('var.@name == "prod" ? @value : null', 'variable "@name" {\n  default = "prod"\n}'),
        ),
        (
            "conditional-null-variable",
            Wording("var.@name == null ? @value : var.@name", 'variable "@name" {\n  default = null\n}'),
        ),
        (
            "conditional-contains",
            Wording('contains(var.@name, "a") ? @value : null', 'variable "@name" {\n  default = ["a", "b"]\n}'),
        ),
        ("for-list", "[for a in [@value] : a][0]"),
        ("for-list-if", "[for a in [null, @value] : a if a != null][0]"),
        ("for-list-index", '[for i, a in ["x", "y"] : i == 1 ? @value : null][1]'),
        ("for-object", '{ for k in ["k"] : k => @value }["k"]'),
        ("for-object-of-object", '{ for k, a in { k = @value } : upper(k) => a }["K"]'),
        ("for-object-if", '{ for k, a in { j = null, k = @value } : k => a if k != "j" }.k'),
        ("for-grouping", '{ for k in ["k"] : k => @value... }["k"][0]'),
        ("for-nested", "[for a in [1] : [for b in [@value] : b][0]][0]"),
        ("splat", "([{ k = @value }][*].k)[0]"),
        ("splat-of-one", "({ k = @value }[*].k)[0]"),
        ("splat-of-a-local", Wording("(local.@name[*].k)[0]", "locals {\n  @name = [{ k = @value }]\n}")),
        ("splat-legacy", Wording("element(local.@name.*.k, 0)", "locals {\n  @name = [{ k = @value }]\n}")),
        ("try", "try(@value, null)"),
        ("try-missing", Wording("try(local.@name.missing, @value)", "locals {\n  @name = {}\n}")),
        ("can", "can(@value) ? @value : null"),
        ("one", "one([@value])"),
        ("element", "element([@value], 3)"),
        ("element-concat", "element(concat([], [@value]), 0)"),
        ("concat", "concat([null], [@value])[1]"),
        ("values", "values({ k = @value })[0]"),
        ("merge", "merge({ k = null }, { k = @value }).k"),
        ("merge-expanded", 'merge([{ j = null }, { k = @value }]...)["k"]'),
        ("zipmap", 'zipmap(["k"], [@value])["k"]'),
        ("reverse", "reverse([@value, null])[1]"),
        ("slice", "slice([null, @value], 1, 2)[0]"),
        ("jsondecode", "jsondecode(@quoted_json)"),
        ("jsondecode-jsonencode", "jsondecode(jsonencode({ k = @value })).k"),
        ("yamldecode", "yamldecode(@quoted_json)"),
        ("yamldecode-yamlencode", "yamldecode(yamlencode({ k = @value })).k"),
        ("nonsensitive", "nonsensitive(sensitive(@value))"),
        ("sensitive", "sensitive(@value)"),
        ("file-json", Wording('jsondecode(file("${path.module}/@name.json"))', "", {"@name.json": "@json"})),
        ("file-yaml", Wording('yamldecode(file("@name.yaml")).k', "", {"@name.yaml": "# a comment\nk: @json\n"})),
        (
            "file-json-map",
            Wording('jsondecode(file("${path.root}/@name.json"))["a"].k', "", {"@name.json": '{"a": {"k": @json}}'}),
        ),
        (
            "file-templated-json",
            Wording(
                'jsondecode(templatefile("${path.module}/@name.tftpl", { a = @value }))',
                "",
                {"@name.tftpl": "${jsonencode(a)}\n"},
            ),
        ),
    )
)

SCALARS: tuple[Rule, ...] = tuple(
    on_values(name, where.scalar, wording)
    for name, wording in (
        ("coalesce-null", "coalesce(null, @value)"),
        ("flatten", "flatten([[null], [[@value]]])[1]"),
        ("tolist", "tolist([@value])[0]"),
        ("tomap", "tomap({ k = @value }).k"),
        ("distinct", "distinct([@value, @value])[0]"),
        ("chunklist", "chunklist([@value], 1)[0][0]"),
        ("setproduct", "tolist(setproduct([@value], [@value]))[0][1]"),
        ("for-of-product", "[for p in setproduct([@value], [@value]) : p[0]][0]"),
        ("coalescelist", "coalescelist([], [@value])[0]"),
        ("matchkeys", 'matchkeys([@value], ["a"], ["a", "b"])[0]'),
        ("one-of-a-set", "one(toset([@value]))"),
        ("set-union", "tolist(setunion([@value], [@value]))[0]"),
        ("conditional-same", 'terraform.workspace == "x" ? @value : @value'),
    )
)

MODULES: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, Wording(expression, beside, files))
    for name, expression, beside, files in (
        (
            "module-output",
            "module.@name.v",
            'module "@name" {\n  source = "./@name"\n}',
            {"@name/main.tf": 'output "v" {\n  value = @value\n}\n'},
        ),
        (
            "module-output-of-a-variable",
            "module.@name.v",
            'module "@name" {\n  source = "./@name"\n  v = @value\n}',
            {"@name/main.tf": 'variable "v" {}\n\noutput "v" {\n  value = var.v\n}\n'},
        ),
        (
            "module-output-of-a-default",
            "module.@name.v.w",
            'module "@name" {\n  source = "./@name"\n}',
            {"@name/main.tf": 'variable "v" {\n  default = @value\n}\n\noutput "v" {\n  value = { w = var.v }\n}\n'},
        ),
        (
            "module-output-two-deep",
            "module.@name.v",
            'module "@name" {\n  source = "./@name"\n}',
            {
                "@name/main.tf": 'module "inner" {\n  source = "./inner"\n  v = local.v\n}\n'
                'locals {\n  v = @value\n}\noutput "v" {\n  value = module.inner.v\n}\n',
                "@name/inner/main.tf": 'variable "v" {}\noutput "v" {\n  value = var.v\n}\n',
            },
        ),
        (
            "module-output-counted",
            "module.@name[0].v",
            'module "@name" {\n  source = "./@name"\n  count = 1\n}',
            {"@name/main.tf": 'output "v" {\n  value = @value\n}\n'},
        ),
        (
            "module-output-for-each",
            'module.@name["a"].v',
            'module "@name" {\n  source = "./@name"\n  for_each = toset(["a", "b"])\n}',
            {"@name/main.tf": 'output "v" {\n  value = @value\n}\n'},
        ),
        (
            "module-output-splat",
            "one(module.@name[*].v)",
            'module "@name" {\n  source = "./@name"\n  count = 1\n}',
            {"@name/main.tf": 'output "v" {\n  value = @value\n}\n'},
        ),
        (
            "module-output-values",
            "values(module.@name)[0].v",
            'module "@name" {\n  source = "./@name"\n  for_each = { a = @value }\n  v = each.value\n}',
            {"@name/main.tf": 'variable "v" {}\noutput "v" {\n  value = var.v\n}\n'},
        ),
    )
)

REFERENCES: tuple[Rule, ...] = tuple(
    on_values(name, fits, Wording(expression, beside))
    for name, fits, expression, beside in (
        (
            "resource-argument",
            where.anything,
            "terraform_data.@name.input",
            'resource "terraform_data" "@name" {\n  input = @value\n}',
        ),
        (
            "resource-argument-of-a-bucket",
            where.text,
            "aws_s3_bucket.@name.bucket",
            'resource "aws_s3_bucket" "@name" {\n  bucket = @value\n}',
        ),
        (
            "resource-argument-counted",
            where.text,
            "null_resource.@name[0].triggers.k",
            'resource "null_resource" "@name" {\n  count = 1\n  triggers = { k = @value }\n}',
        ),
        (
            "resource-argument-for-each",
            where.text,
            'null_resource.@name["a"].triggers["k"]',
            'resource "null_resource" "@name" {\n  for_each = toset(["a"])\n  triggers = { k = @value }\n}',
        ),
        (
            "resource-argument-splat",
            where.text,
            "(null_resource.@name[*].triggers.k)[0]",
            'resource "null_resource" "@name" {\n  count = 1\n  triggers = { k = @value }\n}',
        ),
    )
)

# The code does not show the result: it may be the original value.
NOT_KNOWN: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, Wording(expression, beside), exact=False)
    for name, expression, beside in (
        ("unknown-variable", "var.@name", 'variable "@name" {}'),
        ("unknown-variable-typed", "var.@name", 'variable "@name" {\n  type = @type\n}'),
        ("unknown-variable-attribute", "var.@name.v", 'variable "@name" {\n  type = object({ v = @type })\n}'),
        ("unknown-ephemeral-variable", "var.@name", 'variable "@name" {\n  type = @type\n  ephemeral = true\n}'),
        ("unknown-undeclared-variable", "var.@name", ""),
        ("unknown-undeclared-local", "local.@name", ""),
        ("unknown-local", "local.@name", 'variable "@name" {}\nlocals {\n  @name = var.@name\n}'),
        ("unknown-condition", "var.@name ? @value : null", 'variable "@name" {}'),
        ("unknown-condition-otherwise", "var.@name ? null : @value", 'variable "@name" {\n  type = bool\n}'),
        ("unknown-condition-compared", 'var.@name == "prod" ? @value : null', 'variable "@name" {}'),
        ("unknown-condition-and", 'var.@name != "dev" && true ? @value : null', 'variable "@name" {}'),
        ("unknown-condition-of-the-workspace", 'terraform.workspace == "x" ? @value : null', ""),
        ("unknown-condition-of-another-workspace", 'terraform.workspace != "x" ? null : @value', ""),
        ("unknown-workspace-key", "{ default = null, prod = @value }[terraform.workspace]", ""),
        ("unknown-workspace-lookup", "lookup({ prod = @value }, terraform.workspace, null)", ""),
        (
            "unknown-key",
            "local.@name[var.@name]",
            'variable "@name" {}\nlocals {\n  @name = { a = @value, b = null }\n}',
        ),
        ("unknown-index", "[null, @value][var.@name]", 'variable "@name" {}'),
        ("unknown-element", "element([null, @value], var.@name)", 'variable "@name" {}'),
        ("unknown-try", "try(var.@name.v, @value)", 'variable "@name" {}'),
        ("unknown-for-if", "one([for a in [@value] : a if var.@name])", 'variable "@name" {}'),
        ("unknown-for", "[for a in var.@name : a.v][0]", 'variable "@name" {}'),
        ("unknown-splat", "(var.@name[*].v)[0]", 'variable "@name" {}'),
        ("unknown-merge", "merge({ k = @value }, var.@name).k", 'variable "@name" {}'),
        (
            "unknown-provider-function",
            "provider::x::y(@value)",
            'terraform {\n  required_providers {\n    x = { source = "example/x" }\n  }\n}',
        ),
        (
            "unknown-ephemeral",
            "ephemeral.aws_secretsmanager_secret_version.@name.secret_string",
            'ephemeral "aws_secretsmanager_secret_version" "@name" {\n  secret_id = "s"\n}',
        ),
        ("unknown-function", "nosuchfunction(@value)", ""),
        (
            "unknown-data",
            "data.aws_ssm_parameter.@name.value",
            'data "aws_ssm_parameter" "@name" {\n  name = "@name"\n}',
        ),
        ("unknown-data-external", "data.external.@name.result.v", 'data "external" "@name" {\n  program = ["true"]\n}'),
        (
            "unknown-data-index",
            'data.aws_ssm_parameter.@name["a"].value',
            'data "aws_ssm_parameter" "@name" {\n  for_each = toset(["a"])\n  name = each.key\n}',
        ),
        (
            "unknown-remote-state",
            "data.terraform_remote_state.@name.outputs.v",
            'data "terraform_remote_state" "@name" {\n  backend = "s3"\n}',
        ),
        ("unknown-resource", "random_pet.@name.id", 'resource "random_pet" "@name" {}'),
        (
            "unknown-resource-output",
            "terraform_data.@name.output",
            'resource "terraform_data" "@name" {\n  input = @value\n}',
        ),
        (
            "unknown-module",
            "module.@name.v",
            'module "@name" {\n  source = "example/nothing/aws"\n  version = "1.0.0"\n}',
        ),
        (
            "unknown-module-of-a-repository",
            "module.@name.v",
            'module "@name" {\n  source = "git::https://example.com/nothing.git?ref=v1"\n}',
        ),
        ("unknown-missing-output", "module.@name.w", 'module "@name" {\n  source = "./nothing"\n}'),
        ("unknown-file", 'jsondecode(file("${path.module}/made-by-the-build.json"))', ""),
        ("unknown-file-of-a-variable", 'yamldecode(file("${var.@name}.yaml")).v', 'variable "@name" {}'),
        ("unknown-template-file", 'jsondecode(templatefile("missing.tftpl", { a = @value }))', ""),
        ("unknown-working-folder", 'path.cwd == "/x" ? @value : null', ""),
        ("unknown-time", 'startswith(timestamp(), "2") ? @value : null', ""),
        ("unknown-applying", "terraform.applying ? @value : null", ""),
        ("unknown-self", "self.v", ""),
        ("unknown-each", "each.value", ""),
    )
)

# A default takes the place of null, which one of the values is that there may be.
DEFAULTS: tuple[Rule, ...] = tuple(
    of_failing(
        on_values(
            name,
            where.anything,
            Wording(
                "module.@name.v",
                f'variable "@name" {{}}\nmodule "@name" {{\n  source = "./@name"\n  v = {given}\n}}',
                {"@name/main.tf": f'variable "v" {{\n  {declared}\n}}\noutput "v" {{\n  value = {used}\n}}\n'},
            ),
            exact=False,
        )
    )
    for name, given, declared, used in (
        (
            "unknown-null-of-a-variable",
            "var.@name ? @other : null",
            "type = @type\n  default = @value\n  nullable = false",
            "var.v",
        ),
        (
            "unknown-null-of-an-attribute",
            "{ k = var.@name ? @other : null }",
            "type = object({ k = optional(@type, @value) })",
            "var.v.k",
        ),
        (
            "unknown-null-in-a-list",
            "[{ k = lookup({ a = @other }, var.@name, null) }]",
            "type = list(object({ k = optional(@type, @value) }))",
            "var.v[0].k",
        ),
        (
            "unknown-null-of-an-object",
            "lookup({ a = { k = @other } }, var.@name, null)",
            "type = object({ k = optional(@type, @value) })\n  default = {}\n  nullable = false",
            "var.v.k",
        ),
    )
)

# What is written out lies behind a name, a loop or a call.
BEHIND: tuple[Rule, ...] = tuple(
    on_values(name, where.anything, Wording(expression, f'variable "@name" {{}}\n{beside}', files), exact=False)
    for name, expression, beside, files in (
        ("unknown-of-few", "local.@name[var.@name]", "locals {\n  @name = { a = @value, b = @value }\n}", {}),
        ("unknown-of-two", "local.@name", "locals {\n  @name = var.@name ? @value : @value\n}", {}),
        ("unknown-try-behind-a-local", "local.@name", "locals {\n  @name = try(var.@name.v, @value)\n}", {}),
        ("unknown-try-of-a-local", "try(var.@name.v, local.@name)", "locals {\n  @name = @value\n}", {}),
        ("unknown-try-in-a-loop", "[for v in [try(var.@name.v, @value)] : v][0]", "", {}),
        (
            "unknown-of-two-in-a-module",
            "module.@name.v",
            'module "@name" {\n  source = "./@name"\n  v = var.@name ? @value : @value\n}',
            {"@name/main.tf": 'variable "v" {}\noutput "v" {\n  value = var.v\n}\n'},
        ),
    )
)

# A file that the scan does not name: `terraform plan -var-file=prod.tfvars` reads it.
OTHER_FILES: tuple[Rule, ...] = (
    of_failing(
        on_values(
            "unknown-other-tfvars",
            where.anything,
            Wording("var.@name", 'variable "@name" {\n  default = null\n}', {"prod.tfvars": "@name = @value\n"}),
            exact=False,
        )
    ),
    on_values(
        "unknown-other-tfvars-over-default",
        where.anything,
        Wording("var.@name", 'variable "@name" {\n  default = @value\n}', {"env/prod.tfvars": "@name = null\n"}),
        exact=False,
    ),
)

VALUES: tuple[Rule, ...] = (
    *(*OTHER_FILES, *VARIABLES, *LOCALS, *CHOICES, *SCALARS, *MODULES),
    *(*REFERENCES, *NOT_KNOWN, *DEFAULTS, *BEHIND),
)
