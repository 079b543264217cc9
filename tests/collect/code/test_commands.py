"""Values that programs and environments give to variables of Terraform."""

from __future__ import annotations

import pytest

from preuve.collect.code.inputs.commands import given_in
from preuve.collect.code.inputs.input_names import ANY
from preuve.collect.code.language.values.value import Unknown, unknowns


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("terraform plan -var a=x", {"a": ("x",)}),
        ("terraform plan --var='a=x y'", {"a": ("x y",)}),
        ('terraform plan -var="a=x" -var a=z', {"a": ("x", "z")}),
        ("terraform plan -var 'a=[\"0.0.0.0/0\"]'", {"a": (["0.0.0.0/0"],)}),
        ('TF_CLI_ARGS_plan="-var=a=x"', {"a": ("x",)}),
        ("tofu plan \\\n  -var \\\n  a=x", {"a": ("x",)}),
        ("args: [terraform, plan, -var, a=x]", {"a": ("x]",)}),
        ("TF_VAR_a=x TF_VAR_b='y'", {"a": ("x",), "b": ("y",)}),
        ("TF_VAR_a: x # so", {"a": ("x",)}),
        ('os.environ["TF_VAR_a"] = "x"', {"a": ("x",)}),
        ("terraform plan -var-file=a.json -variable=x", {}),
        ("docker run -var a=x", {}),
        ('plan:\n  - plan: {extra_args: ["-var", "a=x"]}', {"a": ("x",)}),
    ],
)
def test_arguments_of_a_terraform_command_are_found(text: str, wanted: dict[str, tuple[object, ...]]) -> None:
    found = given_in(text.encode())
    assert {
        name: tuple(list(one) if isinstance(one, list | tuple) else one for one in values)
        for name, values in found.items()
    } == wanted


@pytest.mark.parametrize(
    "text",
    [
        'kv=a=x; terraform apply -var "$kv"',
        'terraform apply -var "$N=[1]"',
        "terraform apply -var ${{ inputs.given }}",
        '["terraform", "apply", "-var", given]',
        "cmd: $(TF) apply -var `cat given`",
        'export "TF_VAR_$N=[1]"; terraform apply',
        "env:\n  TF_VAR_${{ matrix.name }}: x",
        "env:\n  TF_VAR_a_${{ matrix.name }}: x",
        'os.environ["TF_VAR_" + name] = "x"',
        'os.environ["TF_VAR_a_" + name] = "x"',
        "f'TF_VAR_{name}=x'",
        'P=TF_VAR_\nexport "${P}${k}=$v"',
        'PREFIX = "TF_VAR_"\nos.environ[PREFIX + k] = v',
        'os.environ[\n    "TF_VAR_"\n    + name\n] = v',
        'os.environ["".join(["TF_VAR_", name])] = v',
        'os.Setenv(fmt.Sprintf("%s%s", "TF_VAR_", k), v)',
        '//usr/bin/env terraform apply -var "$X"',
        '#!/usr/bin/env -S terraform apply -var "$X"',
    ],
)
def test_an_option_whose_name_is_worked_out_may_set_anything(text: str) -> None:
    assert given_in(text.encode())[ANY] == (Unknown(()),)


@pytest.mark.parametrize(
    "text",
    [
        "env | grep TF_VAR_ | sort\nenv | grep '^TF_VAR_'\nif name.startswith(\"TF_VAR_\"):",
        'unset TF_VAR_*\nif strings.HasPrefix(name, "TF_VAR_") {',
        "terraform apply -var-file=x ${y:-var}",
        'awk -var "$x"',
    ],
)
def test_what_only_names_the_option_sets_nothing(text: str) -> None:
    assert given_in(text.encode()) == {}


@pytest.mark.parametrize("ending", [".go", ".sh", ".py", ".yml"])
@pytest.mark.parametrize("text", ["# -var is not used here\nterraform apply", '// terraform apply -var "$X"\n'])
def test_what_looks_like_a_comment_counts(text: str, ending: str) -> None:
    """A comment of one language is code of another, and programs read comments."""
    assert ANY in given_in(text.encode(), ending)


@pytest.mark.parametrize(
    "text",
    [
        "deploy:\n\t$(TF) apply -var 'a=[1]'",
        "<executable>terraform</executable><argument>-var</argument>\n <argument>a=[1]</argument>",
        "terraform:\n  - -var # open\n  - 'a=[1]'",
        '{"cmd": "[\\"terraform\\",\\"-var\\",\\"a=[1]\\"]"}',
    ],
)
def test_signs_between_an_option_and_its_value_hide_nothing(text: str) -> None:
    assert given_in(text.encode()).keys() == {"a"}


@pytest.mark.parametrize(
    "text",
    [
        "terraform apply -var 'a=8'0",
        "terraform apply -var 'a=8'\"0\"",
        "terraform apply -var a=8'0'",
        'sh -c "terraform apply -var a=8" 0',
        "TF_VAR_a=8'0' terraform apply",
        "env: {TF_VAR_a: 8 0}",
        'os.environ["TF_VAR_a"] = "8" + zero',
        "terraform apply -var 'a='$X",
    ],
)
def test_a_value_that_goes_on_after_its_quotes_is_unknown(text: str) -> None:
    assert given_in(text.encode()) == {"a": (Unknown(()),)}


@pytest.mark.parametrize(
    "text",
    ['terraform plan -var "a=$X"', "TF_VAR_a: ${{ vars.A }}", "export TF_VAR_a", 'terraform plan -var "a=[\\"x\\"]"'],
)
def test_an_interpolated_argument_is_unknown(text: str) -> None:
    assert [type(value) for value in given_in(text.encode())["a"]] == [Unknown]


@pytest.mark.parametrize(
    "value",
    ['[file("x")]', '[fileset(".","*")]', "[var.x]", f"[{'[for i in range(1024): ' * 3}i{']' * 4}"],
)
def test_what_rests_on_something_else_or_takes_too_much_work_is_unknown(value: str) -> None:
    (found,) = given_in(f"terraform apply -var 'a={value}'".encode())["a"]
    assert list(unknowns(found))


@pytest.mark.parametrize(
    "text",
    [
        "inputs = { a = true }",
        'inputs = merge(local.common, {\n  "a" = "x"\n})',
        'component "db" {\n  inputs = {\n    b = 1\n    a = var.a\n  }\n}',
    ],
)
def test_inputs_given_by_another_tool_are_unknown(text: str) -> None:
    assert [type(value) for value in given_in(text.encode(), ".hcl")["a"]] == [Unknown]
    assert given_in(text.encode()) == {}


_TRIPLED = "".join(f"  e{n} = merge({', '.join([f'local.e{n + 1}'] * 3)})\n" for n in range(18))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("inputs = { a = true, (var.k) = 1 }", {"a", ANY}),
        ("locals {\n  e = { a = true }\n}\ninputs = merge(local.e, { b = 1 })", {"a", "b"}),
        ("locals {\n  e = local.e\n}\ninputs = local.e", {ANY}),
        ("locals {\n  e = { a = true }\n}\ninputs = merge(local.e, local.e)", {"a"}),
        ("locals {\n  e = merge(local.e, local.e, local.e)\n}\ninputs = local.e", {ANY}),
        (f"locals {{\n{_TRIPLED}  e18 = {{ a = true }}\n}}\ninputs = local.e0", {"a"}),
        ("inputs = local.elsewhere", {ANY}),
        ('inputs = merge(yamldecode(file("vars.yaml")), {})', {ANY}),
        ('locals {\n  e = read_terragrunt_config("env.hcl")\n}\ninputs = local.e.locals', {ANY}),
        ('inputs = { for k in ["a"] : k => true }', {ANY}),
        ("inputs = var.x ? { a = 1 } : {}", {ANY}),
        ("inputs = {", {ANY}),
        ('# inputs\nterraform {\n  source = "../x"\n}', set()),
    ],
)
def test_inputs_whose_names_are_not_written_may_be_any(text: str, names: set[str]) -> None:
    assert given_in(text.encode(), ".hcl").keys() == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"inputs": {"a": true}}', {"a"}),
        ('{"inputs": {"${local.k}": true}}', {ANY}),
        ('{"inputs": "${local.e}"}', {ANY}),
        ('{"inputs": {', {ANY}),
        ('{"locals": {"inputs": 1}}', set()),
    ],
)
def test_inputs_in_json_are_given_too(text: str, names: set[str]) -> None:
    assert given_in(text.encode(), ".hcl.json").keys() == names


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("- community.general.terraform: {project_path: ., variables: {a: 0.0.0.0/0}}", True),
        ("- terraform:\n    project_path: .\n    complex_vars: true\n    variables:\n      a: [0.0.0.0/0]", True),
        ("terraform:\n  variables:\n    a: 0.0.0.0/0", False),  # the job of a pipeline
    ],
)
def test_variables_that_ansible_gives_are_unknown(text: str, given: bool) -> None:
    found = given_in(text.encode())
    assert ("a" in found) is given
    assert all(isinstance(value, Unknown) for values in found.values() for value in values)
