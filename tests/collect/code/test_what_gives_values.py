"""What gives variables and parameters their values is heard by its content, wherever it lies and whatever its name
ends in; what may give some and cannot be read leaves them unknown.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from preuve.collect.code.files.sources import MAX_BYTES, Sources
from preuve.collect.code.files.templates import looks_like_one
from preuve.collect.code.inputs import variables
from preuve.collect.code.inputs.commands import given_in
from preuve.collect.code.inputs.input_names import ANY
from preuve.collect.code.inputs.loose_variables import LooseVariables
from preuve.collect.code.inputs.named_parameters import DeclaredNames
from preuve.collect.code.inputs.nested_stacks import as_said
from preuve.collect.code.inputs.parameter_files import doubtful, given_by, given_texts, parameter_files
from preuve.collect.code.inputs.values_files import overrides_in
from preuve.collect.code.inputs.written_values import names_written
from preuve.collect.code.language.hcl.syntax.nodes import Body
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.collect.code.language.templates.source import parse

from .conftest import Scanner, volume, write

CHECK = "CKV_AWS_17"
CODE = (
    'variable "public" {\n  default = false\n}\n'
    'resource "aws_db_instance" "a" {\n  publicly_accessible = var.public\n}\n'
)
OPENS = "public = true\n"
APPLY = "terraform apply -var 'public=true'\n"
USED = DeclaredNames(frozenset({b"Public"}))
SECRET = b"\0GITCRYPT\0\xff\xfe\xfa"
PAIRS = '{"//": "of production", "public": true}'

HEARD: dict[str, dict[str, str | bytes]] = {
    # where Terraform looks, or a command says: hidden, deep
    "hidden": {".prod.auto.tfvars": OPENS},
    "hidden_json": {".prod.auto.tfvars.json": '{"public": true}'},
    "hidden_named": {".prod.tfvars": OPENS},
    "hidden_any": {".prod.vars": OPENS},
    "hidden_folder": {".config/prod.tfvars": OPENS},
    "deep": {"a/b/c/d/e/prod.tfvars": OPENS},
    # programs and pipelines of any name, size and encoding
    **{
        f"by_{name}": {name: APPLY}
        for name in (
            *("Jenkinsfile.prod", "prod.Jenkinsfile", "Makefile.prod", "build.kts", "Rakefile.rake", "main.go"),
            *("Deploy.cs", "deploy.php", "pom.xml", "shell.nix", "a.service", "deploy.sh.tpl", "pipeline.yml.erb"),
            *("deploy.md.tmpl", "deploy.rst.j2", "run.log.in", "d.html.sh.erb", "d.html.md.erb"),
            *("deploy-template.yml", ".deploy.sh", "notes.txt"),
        )
    },
    "environment": {".env.prod": 'TF_VAR_public="true"\n'},
    "image": {"prod.Dockerfile": 'ENV TF_VAR_public="true"\n'},
    "long": {"deploy.sh": APPLY + "# x\n" * 60_000},
    "very_long": {"deploy.sh": APPLY + "#" * MAX_BYTES},
    "other_encoding": {"deploy.sh": f"# déployé\n{APPLY}".encode("latin-1")},
    "of_windows": {"deploy.ps1": APPLY.encode("utf-16")},
    "action": {
        "d.yml": "steps:\n  - uses: dflook/terraform-apply@v1\n    with:\n      variables: |\n        public = true\n"
    },
    "comment": {"x.json": PAIRS, "d.sh": "terraform apply -var-file=x.json\n"},
    "long_json": {"x.json": f'{{"public": true{" " * 200_000}}}', "d.sh": "terraform apply -var-file=x.json\n"},
    "input": {"x.odt.md": OPENS, "d.yml": "- uses: dflook/terraform-apply@v1\n  with: {var_file: x.odt.md}\n"},
    # programs through libraries, and code that makes what applies this
    **{
        f"library_{number}": {"m.go" if ":=" in text or "tfexec" in text or "map[" in text else "m.py": text}
        for number, text in enumerate(
            (
                'tf.Apply(ctx, tfexec.Var("public=true"))\n',
                "tf.Plan(ctx, tfexec.Var(name))\n",
                'o := tfexec.Var(fmt.Sprintf("public=%t", on))\n',
                '// terratest/modules/terraform\nVars: map[string]interface{}{"a": {"b": 1}, "public": true},\n',
                "// terratest/modules/terraform\no := x{Vars: map[string]any{\n  name: true,\n}}\n",
                "// terratest/modules/terraform\no := x{Vars: vars}\n",
                'from python_terraform import Terraform\nTerraform().apply(skip_plan=True, var={"public": "true"})\n',
                "import python_terraform as p\np.Terraform(variables={'public': True})\n",
                "import tftest\ntftest.TerraformTest('.').apply(tf_vars={**others, 'a': 1})\n",
                "import tftest\ntftest.TerraformTest('.').apply(tf_vars=dict(public=True))\n",
            )
        )
    },
    **{
        f"made_{number}": {"build.tf": f'resource "aws_codebuild_project" "p" {{\n  environment {{\n{text}\n  }}\n}}\n'}
        for number, text in enumerate(
            (
                'environment_variable {\n  name = "TF_VAR_public"\n  value = "true"\n}',
                'environment_variable {\n  name = "TF_VAR_${var.n}"\n  value = "true"\n}',
                'variables = { TF_VAR_public = "true" }',
            )
        )
    },
    **{
        f"written_by_code_{number}": {"gen/g.tf": text}
        for number, text in enumerate(
            (
                'resource "local_file" "f" {\n  filename = "../infra/ci.auto.tfvars"\n  content = "public = true"\n}',
                'resource "local_sensitive_file" "f" {\n  filename = "${var.d}/x.tfvars"\n  content = var.c\n}',
                'resource "null_resource" "f" {\n  provisioner "local-exec" {\n    command = "gen > x.tfvars"\n  }\n}',
                'data "external" "f" {\n  program = ["gen", "x.auto.tfvars.json"]\n}',
            )
        )
    },
    # what cannot be read may set anything
    "encrypted": {"terraform.tfvars": SECRET},
    "encrypted_auto": {"x.auto.tfvars": SECRET},
    "encrypted_other": {"env/prod.tfvars": SECRET},
    "encrypted_any": {"prod.vars": SECRET, "d.sh": "terraform apply -var-file=prod.vars\n"},
    "encrypted_text": {"prod.txt": "$ANSIBLE_VAULT;1.1\n3132\n", "d.sh": "terraform apply -var-file=prod.txt\n"},
    # what is written or made into a file of variables
    **{
        f"written_{number}": {name: text}
        for number, (name, text) in enumerate(
            (
                ("ci.yml", "a:\n  script:\n    - echo 'public = true' > ci.auto.tfvars\n    - terraform apply\n"),
                ("d.sh", "cat > x.auto.tfvars <<E\npublic = true\nE\n"),
                ("d.sh", "printf 'public=true\\n' >> terraform.tfvars\n"),
                ("d.sh", "echo public=true | tee x.auto.tfvars\n"),
                ("Makefile", "x:\n\techo 'a = 1\\npublic = true' | tee -a x.auto.tfvars\n"),
                ("d.sh", "jq -n '{public: true}' > x.auto.tfvars.json\n"),
                ("d.py", 'import json\njson.dump({"public": True}, open("x.auto.tfvars.json", "w"))\n'),
                ("d.py", 'Path("x.auto.tfvars").write_text(render())\n'),
                ("d.js", 'fs.writeFileSync("x.auto.tfvars.json", JSON.stringify({public: true}))\n'),
                ("d.ps1", '"public = true" | Out-File -Encoding utf8 x.auto.tfvars\n'),
                ("d.yml", "- ansible.builtin.template:\n    src: x\n    dest: terraform.tfvars\n"),
                ("d.sh", "cat > p.vars <<E\npublic = true\nE\nterraform apply -var-file=p.vars\n"),
                ("d.sh", 'cat > x_override.tf <<E\nvariable "public" { default = true }\nE\n'),
                ("d.sh", "sops -d x.enc > prod.tfvars\n"),
                ("d.sh", 'echo "$VARIABLES" > terraform.tfvars\n'),
                ("d.sh", "aws s3 cp s3://b/x.tfvars ./terraform.tfvars\n"),
                ("d.sh", "terraform apply -var-file=/secure/prod.tfvars\n"),
                ("d.sh", "terraform apply -var-file=${ENV}-secret.tfvars\n"),
                ("d.sh", "scp h:/p.tfvars terraform.tfvars\n"),
                ("d.sh", "ln -s /secrets/p.tfvars terraform.tfvars\n"),
                ("Makefile", "x:\n\taws s3api get-object --bucket x --key .tfvars terraform.tfvars\n"),
                ("d.sh", "terraform apply -var-file=$ENV-secret.tfvars\n"),
                ("prod.tfvars.tmpl", OPENS),
                ("prod.tfvars.j2", "public = {{ public }}\n"),
                ("terraform.tfvars.tpl", OPENS),
                ("prod.tfvars.yaml", "public: true\n"),
                ("prod.yaml", "# of production\n---\npublic: true\n"),
                ("prod.yml", "public:\n  - true\n"),
                ("prod.tfvars.enc", "\0\1\2"),
                ("prod.tfvars.age", "age-encryption.org/v1\n"),
                ("prod.tfvars.gpg", "-----BEGIN PGP MESSAGE-----\n"),
                ("prod.tfvars.vault", "$ANSIBLE_VAULT;1.1;AES256\n"),
                ("v.json", '{"data": {"attributes": {"key": "public", "value": "true", "category": "terraform"}}}'),
            )
        )
    },
    "latin": {"terraform.tfvars": "# é\n".encode("latin-1")},
    "broken": {"terraform.tfvars.json": "{"},
    "overridden": {"x_override.tf": SECRET},
    "overridden_json": {"override.tf.json": "{"},
}
SURE = ("hidden", "hidden_json")  # Terraform reads them by itself
NOT_HEARD: dict[str, dict[str, str | bytes]] = {
    "prose": {"README.md": APPLY, "guide.html": APPLY},
    "example": {"deploy.example.sh": APPLY, ".env.sample": "TF_VAR_public=true\n"},
    "same": {".prod.auto.tfvars": "public = false\n", "Jenkinsfile.prod": APPLY.replace("true", "false")},
    "other_action": {"d.yml": "- uses: actions/checkout@v4\n  with: {variables: 'public = true'}\n"},
    "other_input": {"d.yml": "- uses: x/terraform@v1\n  with:\n    variables: a = 1\n    public: true\n"},
    "other_library": {
        "m.go": "// terratest/modules/terraform\no := x{Vars: nil}\nvar public = 1\n",
        "m.py": "import tftest\nvar = {}\nf(tf_vars={'a': {'c': 1}})\n",
    },
    "only_said": {
        "build.tf": '# name = "TF_VAR_public"\nvariable "n" {\n  description = "see TF_VAR_public"\n  default = 1\n}\n'
    },
    "several": {"x.json": '{"public": true, "a.b": 1}'},
    "encrypted_data": {"data.bin": SECRET, "logo.png": SECRET},
    "encrypted_code": {"other.tf": SECRET},
    "written_for_others": {"d.sh": "echo 'size = 1' > x.auto.tfvars\nls > x.txt\n"},
    "only_said_of_files": {
        "gen/g.tf": '# x.tfvars\nvariable "n" {\n  description = "x.tfvars"\n}\ndata "external" "f" {}'
    },
    "named_by_code": {"gen/g.tf": 'locals {\n  files = ["external/x.tfvars"]\n}'},
    "linted": {".tflint.hcl": 'config {\n  varfile = ["prod.tfvars"]\n}\n'},
    "watched": {".github/workflows/d.yml": "on:\n  push:\n    paths: ['**/*.tfvars']\njobs: {}\n"},
    "key_of_others": {"v.json": '{"data": {"attributes": {"key": "public", "category": "env"}}}'},
    "other_yaml": {"x.yaml": "public: true\nother: 1\n"},
    "page_of_values": {"terraform.tfvars.md": OPENS},
    "template_of_a_page": {"d.html.md.erb": "`public = true` in `terraform.tfvars`\n", "x.html.j2": "b.tfvars"},
    "there": {"d.sh": "terraform plan -var-file=$ENV.tfvars\nterraform plan -var-file p.tfvars\n", "p.tfvars": ""},
}


# Texts beside the code that Terraform cannot read: what they write may be filled in before a run, but for an example.
BESIDE = {
    "filled_in": ("prod.tfvars", "public = ${PUBLIC}\n", "UNKNOWN"),
    "filled_in_for_others": ("prod.tfvars", "size = ${SIZE}\n", "PASSED"),
    "shown": ("example.tfvars", "public = <yes or no>\n", "PASSED"),
    "example_that_is_read": ("example.tfvars", OPENS, "UNKNOWN"),
}


@pytest.fixture(scope="module")
def results(scan_files: Scanner) -> dict[str, str]:
    def link(base: Path) -> None:
        (base.parent / "shared.tfvars").write_text(OPENS)
        write(base, [("infra/linked/main.tf", CODE)])
        (base / "infra" / "linked" / "terraform.tfvars").symlink_to(base.parent / "shared.tfvars")

    cases = HEARD | NOT_HEARD
    files = {f"infra/{case}/{name}": text for case, of in cases.items() for name, text in of.items()}
    files |= {f"infra/{case}/main.tf": CODE for case in cases}
    files |= {"infra/group/main.tf": volume(), "infra/group/child/main.tf": CODE, "infra/group/vars/p.tfvars": OPENS}
    for case, (name, text, _) in BESIDE.items():
        files |= {f"infra/{case}/main.tf": volume(), f"infra/{case}/a/main.tf": CODE, f"infra/{case}/b/{name}": text}
    found = scan_files(files, prepare=link, checks=frozenset({CHECK}))
    return {line["root"].removeprefix("infra/"): line["result"] for line in found.lines if line["kind"] == "record"}


@pytest.mark.parametrize("case", [*HEARD, "linked", "group/child"])
def test_what_gives_a_variable_a_value_is_heard(results: dict[str, str], case: str) -> None:
    assert results[case] == ("FAILED" if case in SURE else "UNKNOWN")


@pytest.mark.parametrize("case", BESIDE)
def test_a_text_that_terraform_cannot_read_sets_what_it_writes(results: dict[str, str], case: str) -> None:
    assert results[f"{case}/a"] == BESIDE[case][2]


@pytest.mark.parametrize("case", NOT_HEARD)
def test_what_gives_none_changes_nothing(results: dict[str, str], case: str) -> None:
    assert results[case] == "PASSED"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "- uses: x/tofu@v1\n  with:\n    variables: |\n      a = 1\n      b = [\n        {c = 2}]\n    d: 1\n",
            {"a", "b", "c"},
        ),
        ("- uses: x/Terraform-via-pr@v1\n  with:\n    arg-var: a=1\n    path: .\n", {"a"}),
        ('{"uses": "x/terraform@v1", "with": {"variables": "a = 1", "x": "y"}}', {"a", "x"}),
        ("- uses: ./.github/workflows/terraform.yml\n  with:\n    tf_vars: '{\"a\": 1}'\n", {"a"}),
        ("# uses: x/terraform@v1\nvariables: |\n  a = 1\n", set()),
        ("- uses: x/terraform@v1\n- uses: y/z@v1\n  with:\n    path: a=1\n", set()),
    ],
)
def test_the_inputs_of_an_action_for_terraform_give_variables(text: str, names: set[str]) -> None:
    assert given_in(text.encode()).keys() == names


@pytest.mark.parametrize(
    "text",
    [
        "terraform plan -var-file=%s -var-file %s",
        'terraform plan --var-file="$(pwd)/%s" # of production',
        'terraform plan -var-file=x."${{ env.E }}".tfvars',
        "- run: cd live && TF_LOG=x tofu plan -var-file=%s && echo done",
        "@terraform -chdir=live plan -var 'a=[\"b\"]' -var-file=../%s | tee x",
        "terraform plan \\\n  -input=false \\\n  -var-file=%s",
        'extra_arguments "a" {\n  required_var_files = ["${get_parent_terragrunt_dir("root")}/%s", "%s"]\n}',
        'extra_arguments "a" {\n  optional_var_files = [\n  "%s",\n  "${get_terragrunt_dir()}/%s",\n]\n}',
        'extra_arguments "a" {\narguments = ["-var-file=${get_dir()}/${get_env("A", "B")}/%s", "-var-file=%s"]\n}',
    ],
)
def test_what_an_option_names_is_read(text: str) -> None:
    assert not [*names_written(f"x:\n\t{text.replace('%s', 'terraform.tfvars')}\n")]


# The name of a file goes on: a variable, a list, a loop, the environment, a pipe, an artifact.
GOING_ON = (
    'for f in %s x.json; do curl -so "$f" "https://h/$f"; done',
    'TFVARS_FILE=%s\n\tcp /etc/p "$TFVARS_FILE"',
    "TFVARS_FILE = '%s'\n\tshutil.copyfile('/etc/p', TFVARS_FILE)",
    "export TFVARS=%s\n\t./gen.sh",
    "env:\n\t  TFVARS_FILE: %s\n\trun: ./gen.sh",
    "TFVARS := %s\n$(TFVARS): p.csv\n\t./gen.sh $< -o $@",
    'var varFile = "%s"',
    "FILES=(\n%s\n)",
    "const files = [\n  '%s',\n]",
    "loop:\n\t  - %s",
    "%s",
    "artifacts: {paths: [%s]}",
    "artifacts:\n\t  paths:\n\t    - %s",
    ". ./gen.sh %s",
    "F=$(echo %s)\n\tgen > $F",
    "printf -v F %s; gen > $F",
    "test -f %s || gen > $_",
    "echo %s | xargs gen -o",
    "find /etc -name '%s' -print0 | xargs -0 cp -t .",
    "for f in /etc/p/*.auto.%s; do cp $f .; done",
    "cp /etc/p/%s* .",
    "less -o %s x",
    "sed -n 's/a/b/w %s' x",
    "summary: ; gen -o %s",
    "terraform apply -var-file=$(./gen %s)",
    "terraform apply -var-file=`gen %s`",
    "terraform apply -var-file=<(gen %s)",
    "terraform apply -var-file={{ lookup('pipe', 'gen %s') }}",
    'required_var_files = ["${run_cmd("gen", "%s")}"]',
    "terraform apply -var-file=x.tfvars > %s",
    # The option in what is no command of Terraform, or not the whole of it.
    'OPT=-var-file=%s\n\tcurl -o "${OPT#*=}" https://h',
    'CMD = ["terraform", "apply", "-var-file", "%s"]\n\topen(CMD[-1], "w")',
    'set -- terraform apply -var-file %s\n\tgen > "$4"',
    "VARS := -var-file=%s\n$(VARS:-var-file=%=%): p.csv\n\t./gen.py $< > $@",
    "echo -var-file=%s | cut -d= -f2 | xargs gen -o",
    'X="a terraform apply -var-file=%s"; gen "${X#*=}"',
    "F=$(echo terraform apply -var-file=%s | cut -d= -f2); gen > $F",
    "gen --var-file=%s",
    'system("terraform apply -var-file=" + gen["%s"])',
    'extra_arguments "a" {\n  required_var_files = [run_cmd["gen", "%s"]]\n}',
    'extra_arguments "a" {\n  required_var_files = [gen("%s")]\n}',
    'required_var_files = ["%s"]',
    'run("apply", "-var-file", "%s")',
    # An ending that a program takes off, and wildcards.
    *(f"gunzip %s{ending}" for ending in (".gz", ".json.gpg", ".tmpl", ".example", "_new", "-old")),
    "gunzip ci_override.tf.gz",
    "cp /etc/p/*.tfvar* .",
    "find /etc -name '*tfvars' -exec cp {} . \\;",
    "cp /etc/p/*.{json,tfvars} .",
    "cp /etc/p/*.{tfvars,json} .",
    "terraform apply -var-file=$(ls *tfvars | xargs gen)",
    # A part of the name that a program searches for.
    "ls | grep tfvars | xargs cp -t .",
    "ls /etc/p | awk '/tfvars$/' | xargs cp -t .",
    "find /etc/p -iname '*.auto*tfvars' | xargs cp -t .",
    "Get-ChildItem | Select-String tfvars | Copy-Item",
    "copy(f) if f.endswith('tfvars') else 0",
    "X=$(grep a env/%s | awk '{print $3}')",
)
# Where only the parser of a language, or a program that reads its own text, knows what a line is.
AROUND = (
    "%s",
    "# %s",
    "# note\r%s",
    "// note\u2028%s",
    "// %s",
    "#@ %s",
    "/*\n%s\n*/",
    '"""\n\n%s\n\n"""\n',
    "<#\n#> %s",
    "X='\n# %s'",
    "cat <<E\n# %s\nE",
)


@pytest.mark.parametrize("text", GOING_ON)
@pytest.mark.parametrize("around", AROUND)
def test_a_name_that_goes_on_is_written_in_whatever_line(text: str, around: str) -> None:
    assert ANY in names_written(around % text.replace("%s", "terraform.tfvars"))


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("ending", ["", ".py", ".js", ".sh", ".yml", ".ps1", ".clj"])
def test_an_option_counts_in_whatever_line(around: str, ending: str) -> None:
    assert given_in((around % "terraform apply -var x=$Y").encode(), ending)


@pytest.mark.parametrize(
    "text",
    [
        "cat > x.tfvars <<E\na = 1\nE",
        "@cat <<'E' | sudo tee -a x.tfvars > /dev/null\na = 1\nE",
        "tee x.tfvars <<-E\na = 1\nE",
        "echo a=1 | tee x.tfvars",
        "printf 'a = 1\\n' >> x.tfvars",
    ],
)
def test_what_stands_in_the_text_is_all_that_it_writes(text: str) -> None:
    assert {*names_written(f"{text}\n")} == {"a"}


@pytest.mark.parametrize(
    "line",
    ["F=a.tfvars\n", "for x in a.tfvars; do > $x\n", "F%d=a.tfvars; gen $F%d\n", "for x%d in a.tfvars; do > $x%d\n"],
)
def test_many_mentions_of_files_take_no_long_time(line: str) -> None:
    start = process_time()
    assert ANY in names_written("".join(line.replace("%d", str(n)) for n in range(60_000 // len(line))))
    assert process_time() - start < 10


@pytest.mark.parametrize("line", ["gen > x.tfvars\n", "gen > x.tfvars.json\n", "gen > x_override.tofu.json\n"])
def test_a_name_anywhere_in_a_long_text_is_heard(line: str) -> None:
    """Also where the part that is read ends in the middle of it."""
    for before in range(1_000_000 - len(line), 1_000_001):
        assert ANY in names_written(f"{'#' * (before - 1)}\n{line}"), before


def test_a_text_that_writes_both_kinds_of_files_writes_what_is_not_in_it() -> None:
    assert {*names_written("echo a=1 > x.tfvars\ngen > x_override.tf\n")} == {"a", ANY}


def test_a_target_of_make_is_written() -> None:
    assert ANY in names_written("ci.auto.tfvars: gen\n\t./gen > $@\n")


@pytest.mark.parametrize(
    "text",
    [
        "cmd > %s",
        "cmd >> %s",
        "cat ${{ inputs.from }} > %s",
        "gen ${{ inputs.from }} %s",
        "cat {{ x }} | { gen %s; }",
        'echo "$X" > "%s"',
        "echo 'it' \"$X\" > %s",
        "cmd | tee -a %s",
        "cmd | sudo tee %s",
        "cmd | sponge %s",
        "curl -sS -o %s https://h/x",
        "curl -sSO https://h/%s",
        "wget https://h/%s",
        "sops -d --output %s x",
        "@cp ${X}/a %s",
        "cp a %s && ls",
        "if x; then mv a %s; fi",
        "/bin/cp -f a '%s'",
        "rsync -a h:/x %s",
        "scp h:/x %s",
        "ln -s /secrets/x %s",
        "aws s3 cp s3://b/x %s --quiet",
        "aws s3api get-object --bucket b --key k %s",
        "gsutil cp gs://b/x %s",
        "gcloud storage cp gs://b/x %s",
        "- run: cp a %s",
        'sh -c "cp a %s"',
        'subprocess.run(["cp", "a", "%s"])',
        "dest: %s",
        "cmd | Out-File -Encoding utf8 %s",
        "Set-Content -Path %s $x",
        'open("%s", "w").write(x)',
        'open(os.path.join(d, "%s"), "a")',
        '(base / "%s").write_text(x)',
        'fs.writeFileSync("%s", x)',
        'os.WriteFile("%s", x, 0600)',
        'Files.write(Path.of("%s"), x)',
        'os.Create("%s")',
        "F=%s\n\tgen > $F",
        'f = open(\n  "%s",\n  "w",\n)',
        "gen --out %s",
        "sed -Ei s/a/b/ %s",
        "unzip x.zip %s",
        "git checkout origin/prod -- %s",
        "A=1 gen > %s",
        "curl -H 'A: b' https://h > %s",
        "cat <<E > %s\n$(gen)\nE",
        "file: %s",
        "env:\n\t  OUT: %s",
        'gen | cat > "$(pwd)/%s"',
        # Quotes are a message only where a word before them says so, in the same statement.
        "sh 'vault read x > %s'",
        '- run: "./gen.sh > %s"',
        'os.system("vault read x > %s")',
        """awk '{print $1" = "$2 > "%s"}' in.txt""",
        """bash -c 'echo "hi" && gen > %s'""",
        "' x.json > %s",
        "echo don\\'t; gen > %s",
        'echo "$(gen > %s)"',
        'log "x" && gen > %s',
        # An option for another file, and a variable whose name says that it is for one.
        "gen --var-file base.tfvars -o %s",
        "gen --var-file=base.json > %s",
        'TFVARS_FILE=%s\n\tgen > "$TFVARS_FILE"',
        'tfvars_path = "%s"\n\topen(tfvars_path, "w")',
        # More than the text holds.
        "echo env=prod && gen > %s",
        "echo region=eu; gen > %s",
        "{ cat base.vars; echo region=eu; } > %s",
        "gen | tee %s; echo a=1 >> x.tfvars",
        'render.py <<E > %s\nregion = "eu"\nE',
        'cat base.vars - <<E > %s\nregion = "eu"\nE',
        # A copy under the name of its source, and what opens a file.
        "cp /etc/p/%s .",
        "mv $X/%s live/",
        "rsync -a /mnt/vars/%s live",
        'aws s3 cp "$B/%s" . --quiet',
        "find /vars -name %s -exec cp {} . \\;",
        *(f'open("%s", {mode})' for mode in ('"wt"', '"r+"', '"rb+"', "mode", 'mode="a"')),
        'Path("%s").open("xb")',
        'new PrintStream("%s")',
        "open(my $fh, '>', '%s')",
        "name: %s",
    ],
)
def test_what_writes_a_file_is_heard(text: str) -> None:
    assert ANY in names_written(f"x:\n\t{text % 'terraform.tfvars'}\n")


# What gives Terraform nothing: words about an option, the options of tools that only read.
NOTHING = {
    "Makefile": ("tflint --var-file=%s.tfvars",),
    "d.sh": ('echo "give it with -var: x"', ': "tells -var: x"', "cat <<EOF\n-var: x\nEOF"),
    "d.py": ('log("give -var: x")',),
    "Taskfile.yml": ('    desc: "apply; give -var: x"',),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in NOTHING.items() for text in texts])
def test_words_and_options_of_others_give_nothing(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, [("main.tf", CODE), (name, f"terraform apply\n{text.replace('%s', 'x')}\nterraform apply\n")])
    assert not LooseVariables(Sources(tmp_path)).found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.py", 'x = """\nterraform apply -var public=true\n"""\n'),
        ("d.py", 'x = """a"""\nrun("terraform apply -var public=true")\n"""b"""\n'),
        ("d.sh", "#!/bin/sh -c 'terraform apply -var public=true'\n"),
        ("d.sh", "cd x//y\n// terraform apply -var public=true\n"),
        ("d.js", 'run("mods/*")\nrun("terraform apply -var public=true")\nrun("x*/")\n'),
    ],
)
def test_what_only_looks_like_a_comment_counts(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, [("main.tf", CODE), (name, text)])
    assert any("public" in one.given for one in LooseVariables(Sources(tmp_path)).found)


# What counts in a run that names a file which sets `public`, and in one that names a file which does not.
IN_RUNS = {
    "terraform apply -var-file=a.tfvars -var 'public=true'": (True, True),
    'terraform apply -var-file=a.tfvars -var "$K=$V"': (True, True),
    "echo 'public = true' > a.tfvars": (True, True),
    "jq . x > ci.auto.tfvars.json": (True, True),
    "export TF_VAR_public=true\nterraform apply -var-file=a.tfvars": (False, True),
    'export "TF_VAR_$K=$V"\nterraform apply': (False, True),
    "terraform apply -var-file=$E.secret": (False, False),
}


@pytest.mark.parametrize("text", IN_RUNS)
def test_a_run_that_names_files_decides_what_they_set_against_the_environment_alone(tmp_path: Path, text: str) -> None:
    write(tmp_path, [("main.tf", CODE), ("d.sh", f"{text}\n"), ("p.auto.tfvars.json.j2", "public = true")])
    found = [one for one in LooseVariables(Sources(tmp_path)).found if one.given]
    counts = tuple(any(one.beside_files({"public"}, files) for one in found) for files in ({"public"}, {"other"}))
    assert counts == IN_RUNS[text]


FILLED_IN = (
    "$ENV",
    "${ENV}",
    "$(ENV)",
    "${{ env.E }}",
    "{{ env }}",
    "{env}",
    "$(basename $X)",
    '"$ENV"',
    '"${{ env.E }}"',
)
FORMS = ("%s.tfvars", "env/%s.tfvars", "prod-%s.tfvars.json", "%s/prod.tfvars", "%s")


def _asked(base: Path, name: str, text: str, *others: str) -> set[str]:
    """Return the folders around the roots for which a text leaves all variables unknown."""
    write(
        base, [(f"{root}/main.tf", CODE) for root in ("live", "other")] + [(name, text), *((one, "") for one in others)]
    )
    found = LooseVariables(Sources(base)).found
    return {one.around.relative_to(base).as_posix() for one in found if ANY in one.given}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("filled_in", FILLED_IN)
def test_a_file_that_an_option_names_and_that_may_not_be_there_leaves_all_unknown(
    tmp_path: Path, filled_in: str, form: str
) -> None:
    text = f"x:\n\tterraform apply -var-file={form % filled_in} -no-color\n"
    assert _asked(tmp_path, "Makefile", text) == {"."}
    assert not _asked(tmp_path, "Makefile", text, f"live/{form.replace('%s', 'prod')}", "live/prod.tfvars")


@pytest.mark.parametrize(
    ("name", "text", "around"),
    [
        ("d.sh", "terraform -chdir=live apply -var-file=x.tfvars\n", {"live"}),
        ("d.sh", "cd live && terraform apply -var-file=x.tfvars\n", {"live"}),
        ("d.sh", "cd live && cd $X && terraform apply -var-file=x.tfvars\n", {"."}),
        ("d.sh", "terraform -chdir=$X apply -var-file=x.tfvars\n", {"."}),
        ("d.sh", "terraform -chdir=away apply -var-file=x.tfvars\n", {"."}),
        ("d.sh", "terraform -chdir=../live apply -var-file=x.tfvars\n", {"."}),
        ("d.py", 'run(["terraform", "apply", "-var-file", args.file])\n', {"."}),
        ("report.py", "args = parse()\nvar_file = args.var_file\nvar, *var_file = sys.argv[1:]\n", set()),
        ("A.java", 'String var_file = System.getProperty("x.y");\n', set()),
        ("d.py", 'var_file = "x.tfvars"\n', {"."}),
        ("d.yml", "- uses: x/apply@v1\n  with: {var_file: x.vars}\n", {"."}),
        (".github/workflows/example/cd.yml", "- run: terraform apply -var-file=x.tfvars\n", set()),
        (".github/workflows/example/cd.sh", "terraform apply -var-file=x.tfvars\n", {"."}),
        (".github/workflows/cd.yml", "- run: terraform apply -var-file=x.tfvars\n", {"."}),
    ],
)
def test_which_roots_a_file_that_is_not_there_concerns(tmp_path: Path, name: str, text: str, around: set[str]) -> None:
    assert _asked(tmp_path, name, text) == around


@pytest.mark.parametrize("sign", ["{", "(", "<", "%", "${", "$(", "x", "*", "'$", "-var-file=", "a.tf ", " "])
@pytest.mark.parametrize("before", ["-var-file=", "x > ", ""])
def test_a_long_name_takes_no_time(tmp_path: Path, sign: str, before: str) -> None:
    text = f"terraform apply {before}{sign * (100_000 // len(sign))}.tfvars\n"
    start = process_time()
    _asked(tmp_path, "d.sh", text)
    assert process_time() - start < 2


def test_many_names_take_no_time(tmp_path: Path) -> None:
    start = process_time()
    _asked(tmp_path, "d.sh", "".join(f"-var-file=a{number}*.tfvars " for number in range(9_000)))
    assert process_time() - start < 3


def test_what_may_be_hostile_takes_no_time() -> None:
    assert not given_in(b'{"apply:": 1, "var": 1, ' + b'"uses": 1, ' * 100_000 + b"}")
    assert len(given_in(b"terraform" + b" -var # " * 20_000)) == 1
    assert len(dict(overrides_in("ParameterKey: " + "a=1;b=2;" * 100_000))) == 3
    twice = '{"a": 1}'
    for _ in range(200):
        twice = f'{{"a": 1, "a": {twice}}}'
    assert not looks_like_one(f'{{"x": "AWS::S3::Bucket", "Type": "AWS::S3::Bucket", "y": {twice}}}'.encode())


@pytest.mark.parametrize(
    "more", ['"Description": "x"', '"Type": "AWS::S3::Bucket"', '"Properties": {}, "Properties": {}']
)
def test_resources_alone_are_told_whatever_attributes_they_have(more: str) -> None:
    assert looks_like_one(f'{{"B": {{"Type": "AWS::S3::Bucket", {more}}}}}'.encode())


def test_many_values_take_no_time() -> None:
    line = "terraform apply " + " ".join(f"-var a{number % 7}=[{number}]" for number in range(30_000))
    assert len(given_in(f"{line}\n".encode())) == 7


TEMPLATE = """
Parameters: {Public: {Type: String, Default: "false"}}
Resources: {A: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: !Ref Public}}}
"""


@pytest.mark.parametrize("text", [SECRET, b"[prod\n= x"])
def test_settings_of_sam_that_cannot_be_read_leave_all_parameters_unknown(scan_files: Scanner, text: bytes) -> None:
    files: dict[str, str | bytes] = {"infra/template.yaml": TEMPLATE, "infra/samconfig.toml": text}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    assert [line["result"] for line in found.of("record", "infra")] == ["UNKNOWN"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deploy.go", 'ParameterKey: aws.String("Public"), ParameterValue: aws.String("true")'),
        ("Deploy.java", 'Parameter.builder().parameterKey("Public").parameterValue("true")'),
        ("Old.java", 'new Parameter().withParameterKey("Public")'),
        ("deploy.kts", 'parameterKey = "Public"'),
        ("deploy.rs", '.parameter_key("Public")'),
        ("deploy.php", "['ParameterKey' => 'Public']"),
        ("long.json", f'[{{"ParameterKey": "Public", "ParameterValue": "true"}}]{" " * 1_000_000}'),
        ("long_flat.json", f'{{"Public": "true"}}{" " * 1_000_000}'),
        ("long.yaml", f"- ParameterKey: Public\n  ParameterValue: true\n{'# x' * 400_000}"),
        ("long_named.json", f'{{"Parameters": {{"Public": "true"}}}}{" " * 1_000_000}'),
        ("deploy.py", "Parameters=[{'ParameterKey': 'Public', 'ParameterValue': 'true'}]"),
        ("build.gradle.kts", "aws cloudformation deploy --parameter-overrides Public=true"),
        ("deploy.sh.tpl", "aws cloudformation deploy --parameter-overrides Public=true"),
        ("deploy.sh", "# é\naws cloudformation deploy --parameter-overrides Public=true".encode("latin-1")),
    ],
)
def test_programs_of_any_name_give_parameters(tmp_path: Path, name: str, text: str | bytes) -> None:
    write(tmp_path, [(name, text)])
    assert any("Public" in given.values for given in given_by(Sources(tmp_path), tmp_path / name, USED))


@pytest.mark.parametrize("name", ["README.md", "params.example.json", "deploy.sample.sh"])
def test_what_only_shows_parameters_gives_none(tmp_path: Path, name: str) -> None:
    write(tmp_path, [(name, "aws cloudformation deploy --parameter-overrides Public=true")])
    assert not given_by(Sources(tmp_path), tmp_path / name, USED)


# Each form in which some tool is told what a parameter is given; %s stands for its name.
FORMS = {
    "reversed": "aws cloudformation update-stack --parameters ParameterValue=true,ParameterKey=%s",
    "rain": "rain deploy t.yaml s --params %s=true",
    "rain_after_others": 'rain deploy t.yaml s --params "A=b,%s=true"',
    "catalogue": "aws servicecatalog provision-product --provisioning-parameters Key=%s,Value=true",
    "twice": "sam deploy --parameter-overrides %s=true\nsam deploy --parameter-overrides %s=false",
    "json": '[{"ParameterKey":"%s","ParameterValue":"true"}]',
    "of_azure": "steps:\n  - task: CloudFormationCreateOrUpdateStack@1\n    inputs:\n"
    '      templateParameters: \'[{"ParameterKey":"%s"}]\'',
    "of_bitbucket": 'variables: {STACK_PARAMETERS: \'[{"ParameterKey": "%s", "ParameterValue": "true"}]\'}',
    "of_jenkins": 'cfnUpdate(stack:"x", file:"t.yaml", params:["%s=true"])',
    "of_taskcat": "tests: {a: {template: t.yaml, parameters: {%s: true}}}",
    "of_org_formation": "Stack:\n  Type: update-stacks\n  Template: ./t.yaml\n  Parameters:\n    %s: true",
    "settings_of_sam": '[a.deploy.parameters]\nparameter_overrides = "%s=true"\n'
    '[b.deploy.parameters]\nparameter_overrides = "%s=false"',
    "comprehension": 'p = {"%s": v}\nc.update_stack(Parameters=[{"ParameterKey": k} for k in p])',
    "filled_in": "echo %s=$VALUE | xargs deploy",
    "a_tool_of_ones_own": "gives t.yaml for <%s> the value true",
}
PLACES = (
    "d.sh",
    "Makefile",
    "d.py",
    "Jenkinsfile",
    "d.yml",
    "x.toml",
    ".taskcat.yml",
    "d.ps1",
    "d",
    "d.json",
    "samconfig.toml",
)


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_names_a_parameter_may_give_it_a_value(tmp_path: Path, form: str, name: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), (name, FORMS[form].replace("%s", "Public"))])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml").keys() == {"Public"}


@pytest.mark.parametrize(
    "text", ["x", "Publicity = true", "sam deploy --parameter-overrides Public=false", "public: true"]
)
@pytest.mark.parametrize("name", ["d.sh", "d.py", "d.yml"])
def test_a_text_that_gives_a_parameter_its_default_or_names_another_gives_none(
    tmp_path: Path, name: str, text: str
) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("u.yaml", TEMPLATE), (name, text)])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize(
    "name",
    [
        *(".dockerignore", "LICENSE", "README", "d.py", "d.ts", "d.go", "preuve.yaml", ".preuve/workspace.schema.json"),
        *("disputes/rds-not-public-0123456789ab.yaml", "evidence/2026-Q4/data/x.yaml"),
    ],
)
def test_what_deploys_nothing_gives_none(tmp_path: Path, name: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), (name, "Missing Public variable\n")])
    write(tmp_path, [("evidence/2026-Q4/tagmanifest-sha256.txt", "")])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize(("text", "same"), [("%s\n# more", True), ("# more\n%s", True), ("%s --more", False)])
def test_what_a_text_gives_is_what_stands_beside_the_name(tmp_path: Path, text: str, same: bool) -> None:
    """An edit elsewhere in a program changes nothing of what a failure rests on, nor of what is remembered of it."""

    def said(text: str) -> tuple[object, object]:
        write(tmp_path, [("t.yaml", TEMPLATE), ("d.sh", text)])
        files = parameter_files(Sources(tmp_path))
        return given_texts(parse(TEMPLATE), files, "t.yaml"), [*map(as_said, files)]

    one = "deploy([('Public', given)])"
    before, after = said(one), said(text % one)
    assert [was == now for was, now in zip(before, after, strict=True)] == [same, same]


BUILD = """
Parameters: {Public: {Type: String, Default: "false"}}
Resources:
  B:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        BuildSpec: |
          phases: {build: {commands: [make]}}
          # %s
      Name: !Ref Public
"""


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("sam deploy --parameter-overrides Public=true", True),
        ("sam deploy --parameter-overrides \\\n            A=b \\\n            Public=true", True),
        ("sam deploy --parameter-overrides Public=false", False),
        ("sam deploy --stack-name Public", False),
    ],
)
def test_a_build_in_a_template_may_give_another_one_a_value(tmp_path: Path, command: str, given: bool) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("build.yaml", BUILD % command)])
    found = doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")
    assert bool(found) is given


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?>\n<testsuites tests='1'>Public = true</testsuites>",
        '{"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/x.json", "a": "Public = true"}',
        '{\n  "schema": "push/1",\n  "a": "Public = true"}',
    ],
)
@pytest.mark.parametrize("name", ["o/r.xml", "o/r.json", "o/r.sarif"])
def test_a_report_gives_none(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), (name, text)])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize(
    "text",
    [
        '{"schema": "a/1", "Parameters": {"Public": "true"}}',
        '{"schema": "push/1", "Parameters": {"Public": "true"}}',
        '{"schema": "push/1", "Public": "true"}',
        '{"$schema": "https://x.example/sarif.json", "Parameters": {"Public": "true"}}',
        '{"schema": "of-ours/1", "prod": {"Public": "true"}}',
    ],
)
def test_what_begins_like_a_report_and_holds_values_gives_them(tmp_path: Path, text: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("params.json", text)])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize(
    "name",
    [
        *("install", "INSTALL", "Change", "changes", "security", "history", "todo", "upgrading", "evidence/deploy.sh"),
        *("disputes/deploy.sh", "disputes/p.yaml", ".preuve/deploy", "preuve.yaml.sh", "waivers.yaml.params"),
        *("evidence/p.json", "infra/preuve.yaml", "infra/disputes/rds-not-public-0123456789ab.yaml"),
    ],
)
def test_what_deploys_is_heard_wherever_it_lies_and_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    command = "aws cloudformation deploy --parameter-overrides Public=true\n"
    write(tmp_path, [("t.yaml", TEMPLATE), (name, command)])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


_OVERRIDES = "ParameterOverrides = jsonencode({ Public = 1 })"
_DEPLOY = "aws cloudformation deploy --template-file t.yaml --parameter-overrides Public=true"
IN_TERRAFORM = {
    "pipeline": f'resource "aws_codepipeline" "p" {{\n  configuration = {{\n    {_OVERRIDES}\n  }}\n}}',
    "stack": 'resource "aws_cloudformation_stack" "s" {\n  parameters = {\n    Public = "true"\n  }\n}',
    "stack_set": 'resource "aws_cloudformation_stack_set_instance" "s" {\n  x = { "Public" = var.y }\n}',
    "command": f'resource "terraform_data" "d" {{\n  input = "{_DEPLOY}"\n}}',
    "build": 'resource "x" "b" {\n  buildspec = "sam deploy --parameter-overrides Public=true"\n}',
    "product": 'resource "x" "p" {\n  provisioning_parameters {\n    key = "Public"\n  }\n}',
    "application": 'resource "aws_serverlessapplicationrepository_x" "s" {\n  parameters = { Public = 1 }\n}',
    "cloud_control": 'resource "awscc_cloudformation_stack" "s" {\n  parameters = { Public = 1 }\n}',
    "module": 'module "s" {\n  source = "./any"\n  file = "t.yaml"\n  with = { Public = 1 }\n}',
    "object": 'resource "aws_s3_object" "o" {\n  source = "t.yaml"\n}\nlocals {\n  x = { Public = 1 }\n}',
}


@pytest.mark.parametrize("name", ["m.tf", "deep/m.tofu"])
@pytest.mark.parametrize("form", IN_TERRAFORM)
def test_terraform_that_makes_stacks_gives_parameters(tmp_path: Path, form: str, name: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), (name, IN_TERRAFORM[form])])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml").keys() == {"Public"}


_ELSEWHERE = (
    "file://away.json",
    "$OVERRIDES",
    '"$@"',
    "$(cat p.csv | tr , =)",
    "`cat p`",
    "https://b.s3.amazonaws.com/p.json",
    "{{ p }}",
)
_STACKS = (
    "aws cloudformation deploy --template-file t.yaml --parameter-overrides",
    "aws cloudformation create-stack --template-body file://a/t.yaml --parameters",
    "aws cloudformation deploy --template-file $T --parameter-overrides",
    "sam build -t t.yaml\nsam deploy --parameter-overrides",
    "rain deploy t.yaml s --params",
)


@pytest.mark.parametrize("command", _STACKS)
@pytest.mark.parametrize("said", _ELSEWHERE)
@pytest.mark.parametrize("before", ["", "Size=1 ", "\\\n  "])
def test_a_command_that_gives_a_stack_what_is_not_in_it_leaves_all_parameters_open(
    tmp_path: Path, command: str, said: str, before: str
) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("d.sh", f"{command} {before}{said} --no-fail\n")])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml").keys() == {"Public"}


_OF_GITHUB = "- uses: aws-actions/aws-cloudformation-github-deploy@v1\n  with:\n    template: a/t.yaml\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "w.yml",
            "- run: >-\n    aws cloudformation deploy\n    --template-file t.yaml\n"
            "    --parameter-overrides $X\n  env: {}\n",
        ),
        ("d.ps1", "aws cloudformation deploy `\n --template-file t.yaml `\n --parameter-overrides $X"),
        (
            "d.sh",
            "aws cloudformation create-stack --template-body file://t.yaml"
            " --parameters ParameterKey=$K,ParameterValue=1",
        ),
        ("w.yml", f"{_OF_GITHUB}    parameter-overrides: ${{{{ vars.O }}}}\n"),
        ("w.yml", f'{_OF_GITHUB}    parameter-overrides: "file:///${{{{ github.workspace }}}}/p.json"\n'),
    ],
)
def test_a_command_on_several_lines_and_inputs_of_an_action_give_what_is_elsewhere(
    tmp_path: Path, name: str, text: str
) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), (name, text)])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml").keys() == {"Public"}
    for old, new in (("${{ vars", "Size=${{ vars"), ("p.json", "u.yaml"), ("$X", "Size=$X"), ("=$K", "=Size")):
        text = text.replace(old, new)
    write(tmp_path, [("u.yaml", TEMPLATE), (name, text)])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "aws cloudformation deploy --template-file t.yaml --parameter-overrides Size=$S --region $R",
        "aws cloudformation deploy --template-file u.yaml --parameter-overrides $O",
        "aws cloudformation deploy --template-file t.yaml --stack-name $O",
        "aws cloudformation create-stack --template-body file://t.yaml --parameters ParameterKey=A,ParameterValue=$O",
        "aws ssm send-command --parameters $O",
        "aws cloudformation create-stack --template-body file://t.yaml --parameters file://u.yaml",
    ],
)
def test_a_command_that_names_what_it_gives_leaves_the_others_alone(tmp_path: Path, text: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("u.yaml", TEMPLATE), ("d.sh", text)])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


_TAGS = 'resource "aws_s3_bucket" "b" {\n  tags = { Public = "yes" }\n}\nprovider "aws" {\n  default_tags {\n'
_TAGS += '    tags = merge(local.t, { "Public" = 1 })\n  }\n}\n# Public = true\n'
_TAGS += 'output "o" {\n  description = "Public or not"\n  value = var.Public\n}\n'


@pytest.mark.parametrize("name", ["m.tf", "n.tf"])
def test_tags_and_words_of_terraform_give_no_parameters(tmp_path: Path, name: str) -> None:
    stack = 'resource "aws_cloudformation_stack" "s" {\n  template_url = "x"\n}\n'
    write(tmp_path, [("t.yaml", TEMPLATE), ("m.tf", stack)])
    write(tmp_path, [(name, (stack if name == "m.tf" else "") + _TAGS)])
    assert not doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")


@pytest.mark.parametrize("section", ["Modules", "Packages", "Constants", "Rain", "x-any", "resources"])
@pytest.mark.parametrize("more", ["", "Resources:\n  Q: {Type: AWS::SQS::Queue}\n", "AWSTemplateFormatVersion: x\n"])
def test_a_template_for_a_build_step_gives_parameters(tmp_path: Path, section: str, more: str) -> None:
    build = f"{section}:\n  M:\n    Source: ./t.yaml\n    Properties:\n      Public: true\n"
    write(tmp_path, [("t.yaml", TEMPLATE), ("build.yaml", more + build)])
    assert doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml").keys() == {"Public"}


REFERENCES = {
    "!Ref Public": "t.yaml",
    f"!Ref\n{' ' * 40}Public": "t.yaml",
    "!Ref # which\n            Public": "t.yaml",
    "!Ref &name Public": "t.yaml",
    '!Ref "Publi\\x63"': "t.yaml",
    '!Sub "${Publi\\u0063}"': "t.yaml",
    f'{{"Ref":\n{" " * 40}"Public"}}': "t.json",
    '{"Ref": "Publi\\u0063"}': "t.json",
    '{"\\u0052ef": "Public"}': "t.json",
}


@pytest.mark.parametrize("declared", ["Public", "Publi\\u0063"])
@pytest.mark.parametrize("written", REFERENCES)
def test_a_parameter_is_heard_of_however_the_template_writes_it(tmp_path: Path, written: str, declared: str) -> None:
    resources = f'{{"A": {{"Type": "AWS::RDS::DBInstance", "Properties": {{"PubliclyAccessible": {written}}}}}}}'
    text = f'{{"Parameters": {{"{declared}": {{"Default": "false", "Type": "String"}}}}, "Resources": {resources}}}'
    given = "aws cloudformation deploy --parameter-overrides Public=true"
    write(tmp_path, [(REFERENCES[written], text), ("d.sh", given)])
    assert doubtful(parse(text), parameter_files(Sources(tmp_path)), REFERENCES[written]).keys() == {"Public"}


# What makes of a value another one, or may do so, and what only stands after it.
GOES_ON = (
    *('"$X"', "'$X'", '"true"', "'true'", "$X", "`cat x`", "$(cat x)", " || isPublic", " or x", " if dev else true"),
    *(" ? a : b", " + x", " == x", ".replace('a', 'b')", "\n    true", "\n    if dev else true)", "\n    || x", " %s"),
)
ENDS = ("", "\n", "\r\n", " Other=b", "\nOther: b", " --stack-name x", " \\\n  --stack-name x", " # why", "\n\n# why\n")
PAIRS_OF_ONE = (
    "Public=false",
    "Public: false",
    'Public: "false"',
    "Public='false'",
    "ParameterKey=Public,ParameterValue=false",
)


@pytest.mark.parametrize("pair", PAIRS_OF_ONE)
@pytest.mark.parametrize("after", [*GOES_ON, *ENDS])
def test_what_is_given_is_known_only_where_it_ends(tmp_path: Path, pair: str, after: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("d.cfg", f"{pair}{after}")])
    found = doubtful(parse(TEMPLATE), parameter_files(Sources(tmp_path)), "t.yaml")
    assert bool(found) is (after in GOES_ON)


@pytest.mark.parametrize("other", ['"Publi\\u0063": true', '"Publi\\x63": true', "Pub\\\nlic=true"])
def test_a_name_is_heard_however_a_text_writes_it(tmp_path: Path, other: str) -> None:
    write(tmp_path, [("t.yaml", TEMPLATE), ("p.yaml", f"Public: false\n{other}\n"), ("q.yaml", other)])
    found = {given.by: given.values["Public"] for given in parameter_files(Sources(tmp_path)) if given.values}
    assert found.keys() == {"p.yaml", "q.yaml"}
    assert "false" not in found.values()


def test_a_file_of_variables_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def heard(text: str) -> Body:
        parsed.append(text)
        return parse_file(text)

    monkeypatch.setattr(variables, "parse_file", heard)
    text = 'name = "of this test alone"'
    first = variables.arguments_in("a.tfvars", text)
    assert variables.is_read("b.tfvars", text.encode())
    assert variables.arguments_in("c.tfvars", text) is first
    assert parsed == [text]
