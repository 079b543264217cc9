"""A called folder of Terraform is a root of its own as soon as anything in the workspace shows that it is applied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from time import process_time

import pytest

from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.job import IacJob
from preuve.collect.code.run.applied_folders import AppliedFolders
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.units import Unit, make_plan, walk
from preuve.model.company.code import IacRoot

from .conftest import Scanner

_CODE = {
    "mods/sg/m.tf": 'variable "c" {\n  default = ["0.0.0.0/0"]\n}\nresource "aws_sns_topic" "t" {}',
    "mods/vpc/m.tf": 'resource "aws_sns_topic" "t" {}',
    "live/l.tf": 'module "m" {\n  source = "../mods/sg"\n}\nmodule "v" {\n  source = "../mods/vpc"\n}',
}


def _units(base: Path, files: Mapping[str, str], path: str = ".") -> tuple[Unit, ...]:
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text)
    reader = Reader(Sources(base))
    return make_plan(walk(IacJob(base, (IacRoot(path, "terraform"),), frozenset()), reader), reader)


def _roots(base: Path, files: Mapping[str, str], path: str = ".") -> set[str]:
    return {unit.root for unit in _units(base, files, path) if unit.reach}


_BESIDE = {
    "prod.tfvars": 'c = ["0.0.0.0/0"]',
    "prod.tfvars.json": "{}",
    "prod.vars": 'c = ["0.0.0.0/0"]',
    "env/prod.tfvars": 'c = ["0.0.0.0/0"]',
    "env/eu/prod.tfvars": "",
    "terraform.tfstate.d/prod/terraform.tfstate": "{}",
    "terraform.tfstate": "{}",
    "terraform.tfstate.backup": "{}",
    "prod.s3.tfbackend": 'bucket = "b"',
    "backends/prod.tfbackend": 'bucket = "b"',
    "q.tfquery.hcl": 'list "aws_instance" "i" {\n  provider = aws\n}',
    "e.tf": 'terraform {\n  encryption {\n    method "aes_gcm" "m" {}\n  }\n}',
    "b.tf": 'terraform {\n  backend "local" {}\n}',
    "c.tf": "terraform {\n  cloud {}\n}",
    "i.tf": 'import {\n  to = aws_sns_topic.t\n  id = "x"\n}',
}
_OF_MODULES = {
    "README.md": "# mods/sg",
    "v.tf": 'terraform {\n  required_version = "> 1"\n  required_providers {}\n  provider_meta "x" {}\n}',
    "o.tf": 'output "x" {\n  value = 1\n}\nmoved {\n  from = a.b\n  to = a.c\n}',
    "t.tftest.hcl": 'run "x" {\n  command = apply # by terraform\n}',
    "tests/t.tftest.hcl": 'run "x" {}',
    "tests/m.tfmock.hcl": 'mock_resource "x" {}',
    "policy.json": "{}",
    "user_data.sh": "echo x",
}
_ELSEWHERE = {
    "atlantis.yaml": "projects:\n  - dir: mods/sg\n",
    "digger.yml": "projects:\n  - name: x\n    dir: mods/sg\n",
    ".spacelift/config.yml": "stack_defaults:\n  project_root: mods/sg\n",
    ".terrateam/config.yml": "dirs:\n  mods/sg:\n    tags: [x]\n",
    "env0.yaml": 'projects: ["mods/sg"]\n',
    "mods/digger.yml": "projects:\n  - dir: sg\n",
    "eu/terragrunt.hcl": 'terraform {\n  source = "${get_repo_root()}//mods/sg"\n}\n',
    "w.tfcomponent.hcl": 'component "x" {\n  source = "./mods/sg"\n}\n',
}
# What runs Terraform, and what goes to a folder: each of the first with each of the second leaves the folder open.
_RUNNING = (
    *("terraform apply", "tofu -chdir=$D apply", "run(['terraform', 'destroy'])", "tf.Apply(ctx)", "terraform $ACTION"),
    *("- name: terraform", '- {name: a b, run: "terraform apply"}', '{"name": "a b", "run": "terraform apply"}'),
    *("terraform import a.b c", "terragrunt run --all up", "- community.general.terraform:", "make apply", "TF_DIR=$D"),
    *(
        "terraform init",
        "terraform init -input=false && $GO",
        "tofu -chdir=x init",
        "TF_IN_AUTOMATION=1",
        "TF_VERSION: 1",
    ),
    *("tf-wrapper deploy", "tf_wrapper deploy", "tf-version 1", "./tf-lint && ./up", "run(['terraform', 'init'])"),
    *("terraform workspace new x", "uses: o/tf-deploy@v1", "working-directory: $D", "kind: Terraform", "./runs.sh"),
)
_GOING = (
    *("cd mods/sg", 'cd   "mods"/"sg"', "cd mods; cd sg", "cd mods\\sg", "cd /opt/src/mods/sg", "-chdir=./mods/sg/."),
    *(
        "COMPONENT=sg",
        "C: [vpc0, sg]",
        "for d in sg x",
        "join('mods', 'sg')",
        "path: mods/sg",
        "up mods/sg",
        "$ROOT/mods/sg",
    ),
    *(
        'cd "mods/$1"',
        "mods/*/",
        "find mods -type d",
        "$(ls mods)",
        "mods/${{ matrix.d }}",
        '"dir": "mods\\/sg"',
        "dir('../mods/sg')",
    ),
    *("cd MODS\\SG", "'cd mods/sg\\nx'", "$PWD/mods/sg:/src"),
)
_PLACES = (
    "d.sh",
    "Makefile",
    "deploy.py",
    ".gitlab-ci.yml",
    ".github/workflows/d.yml",
    "deploy/d.ps1",
    "main.go",
    "x.json",
    "labeler-apply.sh",
    ".github/workflows/renovate.yml",
)
_OF_CODE = {
    "tfe.tf": 'resource "tfe_workspace" "w" {\n  name = "x"\n  working_directory = "mods/sg/"\n}',
    "stack.tf": 'resource "spacelift_stack" "w" {\n  project_root = "./mods/sg"\n}',
    "local.tf": 'resource "terraform_data" "w" {\n  input = "cd ../mods/sg && tofu apply"\n}',
    "exec.tf": 'provisioner "local-exec" {\n  command = "terraform apply"\n  working_dir = "../mods/sg"\n}',
}
_NAMING = {
    "README.md": "cd mods/sg",
    "docs/x.rst": "cd mods/sg",
    ".github/CODEOWNERS": "mods/sg @a\n",
    "release-please-config.json": '{"packages": {"mods/sg": {}}, "release-type": "terraform-module"}',
    ".github/dependabot.yml": "updates:\n  - package-ecosystem: terraform\n    directory: /mods/sg\n",
    ".github/labeler.yml": "terraform:\n  - mods/sg/**\n",
    "renovate.json": '{"terraform": {"matchPaths": ["mods/sg/**"]}}',
    ".pre-commit-config.yaml": "- repo: x/pre-commit-terraform\n  hooks:\n  - id: x\n    files: ^mods/sg/\n",
    ".tflint.hcl": 'plugin "terraform" {\n  x = "mods/sg"\n}\n',
    ".github/workflows/checks.yml": "name: Terraform checks\non:\n  push:\n    paths: ['mods/**', mods/sg]\n"
    "jobs:\n  a:\n    steps:\n      - run: terraform fmt -check && make lint\n",
    "tests/t.go": 'x := "../mods/sg"',
    "wide.tf": f'module "x" {{\n  source{" " * 60}= "./mods/sg"\n  apply = "terraform"\n}}',
    "clean.sh": 'for d in live mods/sg; do rm -rf "$d/.cache"; done\n',
    "Makefile": "a:\n\tterraform fmt mods/sg\n\ttflint --chdir=mods/sg\n\tterraform-docs mods/sg\n",
    "zip.tf": 'locals {\n  a = filemd5("mods/sg/m.tf")\n  source_dir = "mods/sg"\n  b = "terraform apply"\n}',
    "d.sh": "terraform -chdir=live apply\ncat mods/sg/m.tf\n",
    "other.sh": "cd other/sg\nterraform apply\n",
    "other.tf": 'module "x" {\n  source = "./mods/sg"\n}',
    "other.tf.json": '{"module": {"x": {"source": "./mods/sg"}}}',
    "preuve.yaml": "scope: {iac: [{path: mods/sg, kind: terraform}]}",
    "values.yaml": "name: sg\n",
    "all.tofutest.hcl": 'run "x" {\n  command = apply\n  module {\n    source = "./mods/sg"\n  }\n}\n',
    "mods/sg/scan.sh": "terraform fmt -check\nterraform validate\n",
    "mods/sg/.terraform-docs.yml": "formatter: markdown\n",
    "ci.yml": "- run: cd mods/sg && terraform init -backend=false && terraform validate\n- run: terraform test\n",
}


@pytest.mark.parametrize("name", _BESIDE)
def test_a_file_that_only_a_root_has_makes_its_folder_one(tmp_path: Path, name: str) -> None:
    assert _roots(tmp_path, {**_CODE, f"mods/sg/{name}": _BESIDE[name]}) == {"live", "mods/sg"}


@pytest.mark.parametrize("name", _OF_MODULES)
def test_what_a_module_may_have_makes_it_no_root(tmp_path: Path, name: str) -> None:
    assert _roots(tmp_path, {**_CODE, f"mods/sg/{name}": _OF_MODULES[name]}) == {"live"}


@pytest.mark.parametrize("name", _ELSEWHERE)
def test_settings_of_a_tool_that_applies_what_it_names_make_a_root(tmp_path: Path, name: str) -> None:
    units = _units(tmp_path, {**_CODE, name: _ELSEWHERE[name]})
    assert {unit.root for unit in units if unit.reach and not unit.maybe} == {"live", "mods/sg"}


_DEPENDING = (
    'dependencies {\n  paths = ["../vpn", "%s"]\n}\n',
    'dependencies { paths = ["%s"] }\n',
    'dependency "d" {\n  config_path = "%s"\n  mock_outputs = {}\n}\n',
)
_NAMING_A_FOLDER = (
    'terraform {\n  source = "%s"\n}\n',
    'locals {\n  src = "%s"\n}\n',
    'locals {\n  config_path = "%s"\n  paths = ["%s"]\n}\n',
    'inputs = {\n  dependency = "x"\n  config_path = "%s"\n}\n',
    '# dependency "d" {\nlocals {\n  config_path = "%s"\n}\n',
    'dependency "d" {\n  config_path = "x"\n}\nlocals {\n  x = "%s"\n}\n',
)


@pytest.mark.parametrize("path", ["../sg", "./../sg/", "../../eu/sg", "../../eu//sg", "${get_terragrunt_dir()}/../sg"])
@pytest.mark.parametrize("including", ["", "eu/", "eu/app/"])
def test_settings_of_terragrunt_depend_on_folders_with_settings_of_their_own(
    tmp_path: Path, path: str, including: str
) -> None:
    """A path there names no other folder; one anywhere else names each with these last steps, whatever is there."""
    files = {"eu/app/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}", "eu/sg/a.tf": ""}
    for number, text in enumerate((*_DEPENDING, *_NAMING_A_FOLDER)):
        files[f"{including}terragrunt.hcl"] = text.replace("%s", path)
        found = "mods/sg" in _roots(tmp_path / str(number), {**_CODE, **files})
        assert found == (text in _NAMING_A_FOLDER and "eu" not in path), text
        files[f"{including}terragrunt.hcl"] = text.replace("%s", "../mods/sg")
        found = "mods/sg" in _roots(tmp_path / f"{number}s", {**_CODE, **files, "eu/mods/sg/terragrunt.hcl": ""})
        assert found == (text in _NAMING_A_FOLDER), text


def _doubted(base: Path, files: Mapping[str, str]) -> dict[str, str]:
    return {unit.root: unit.maybe for unit in _units(base, {**_CODE, **files}) if unit.maybe}


@pytest.mark.parametrize("going", _GOING)
def test_a_text_that_runs_terraform_and_names_a_folder_may_apply_it(tmp_path: Path, going: str) -> None:
    """Whatever the text is, and in whatever way it runs Terraform and names the folder."""
    _units(tmp_path, {**_CODE, "runs.sh": "terraform apply"})
    for place, running in product(_PLACES, _RUNNING):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{going}\n{running}\n")
        sources = Sources(tmp_path)
        found = AppliedFolders(sources).left_open_by(Reader(sources), tmp_path / "mods" / "sg")
        file.unlink()
        assert file in found, (place, running)


@pytest.mark.parametrize("running", _RUNNING)
@pytest.mark.parametrize("place", ["Makefile", "deploy.sh", "project.json", "ci/up.py", ".terraform-version"])
def test_a_text_that_runs_terraform_may_apply_the_folder_that_it_lies_in(
    tmp_path: Path, place: str, running: str
) -> None:
    others = {"runs.sh": "terraform apply", f"mods/sg/{place}": running}
    assert _doubted(tmp_path, others) == {"mods/sg": f"mods/sg/{place}"}


_ASKING = {**_CODE, "mods/sg/m.tf": f'variable "r" {{}}\n{_CODE["mods/sg/m.tf"]}'}
_TO_ASKING = {
    "pushd mods\n(cd $X; cd sg; terraform apply -var r=1)": "d.sh",
    "dir('mods') { dir('sg') { sh 'terraform apply' } }": "Jenkinsfile",
    "cd ./sg && ./x.sh || terraform apply": "mods/d.sh",
    "sg:\n\t./x.sh && cd sg && terraform apply": "mods/Makefile",
    "R=$(pwd)/mods\ncd $R/sg && terraform apply": "d.sh",
    'cd "$R"/sg && terraform apply': "ci/d.sh",
    "cd $R\\sg\nterraform apply": "d.ps1",
    "cd ${R}/sg && terraform apply": "ci/e.sh",
    "for d in */; do (cd $d && terraform apply); done": "mods/d.sh",
    'terraform "-chdir=$1" apply': "mods/e.sh",
    "%:\n\tcd $@ && terraform apply": "mods/Makefile",
    "- x && cd mods/sg && terraform apply": "ci/release-please.yml",
    "- x && cd mods/sg && terraform init && $GO": "ci/codecov-terraform.yml",
    "terraform -chdir=mods/sg test -no-cleanup": "d.sh",
    'run "x" {\n  command = apply\n  skip_cleanup = true\n  module {\n    source = "./mods/sg"\n  }\n}': "a.tftest.hcl",
    "x && cd mods/sg && terraform apply": "deploy.html.erb",
    "- entry: ./up mods/sg\n  id: terraform": ".pre-commit-config.yaml",
    '{"postUpgradeTasks": ["cd mods/sg; terraform x"]}': "renovate.json",
    "  - x && cd mods/sg && terraform apply": "ci/tfsec.yml",
    "include:\n  - component: h/opentofu/full-pipeline@1\n    inputs: {root_dir: mods/sg}\n": ".gitlab-ci.yml",
    'class A {\n  #cmd = "terraform apply"\n  #dir = "mods/sg"\n}': "d.ts",
}


@pytest.mark.parametrize("text", _TO_ASKING)
def test_a_folder_that_needs_values_is_named_by_more_than_one_word(tmp_path: Path, text: str) -> None:
    """By its last step where the text lies beside it or names the step above, and after a value that may be any."""
    units = _units(tmp_path, {**_ASKING, _TO_ASKING[text]: text})
    assert {unit.root: unit.maybe for unit in units if unit.maybe}.get("mods/sg") == _TO_ASKING[text]
    here = tmp_path / "other"
    units = _units(here, {**_ASKING, "d.sh": "echo sg\nterraform -chdir=live apply"})
    assert not {unit.root for unit in units if unit.maybe}


def test_a_script_that_runs_another_one_in_a_folder_may_apply_it(tmp_path: Path) -> None:
    code = 'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command = "./d.sh mods/sg"\n  }\n}'
    assert _doubted(tmp_path, {"e.tf": code, "d.sh": "cd $1 && terraform apply"}) == {"mods/sg": "e.tf"}


_LISTING = {
    "stacks.json": '["mods/sg"]',
    "stacks.yaml": "stacks:\n  - mods/sg\n",
    "stacks.csv": "name,dir\nsg,mods/sg\n",
    "deploy.txt": "mods/sg\n",
    ".env": "DIR=mods/sg\n",
    "vars.mk": "DIR := ./mods/sg/\n",
    "ci/vars.yml": "variables: {DIR: mods/sg}\n",
    "settings.toml": '[a]\ndir = "x/mods/sg"\n',
}
_READING = {
    "d.sh": "for d in $(read_it %s); do (cd $d && terraform apply); done",
    "Makefile": "include %s\nup:\n\tcd $(DIR) && terraform apply",
    ".gitlab-ci.yml": "include: %s\ndeploy:\n  script: cd $DIR && tofu apply",
    "d.py": 'for d in load(open("%s")):\n    run(["terraform", "apply"], cwd=d)',
}


@pytest.mark.parametrize("name", _LISTING)
def test_what_a_text_that_applies_reads_may_list_folders_for_it(tmp_path: Path, name: str) -> None:
    for number, (file, text) in enumerate(_READING.items()):
        listed = {name: _LISTING[name], file: text % name}
        assert _doubted(tmp_path / f"{number}a", listed) == {"mods/sg": name}, file
        assert not _doubted(tmp_path / f"{number}b", {**listed, file: text % "other"}), file
        assert not _doubted(tmp_path / f"{number}c", {**listed, name: _LISTING[name].replace("mods/", "")}), file


def test_any_sign_may_be_in_the_name_of_a_folder(tmp_path: Path) -> None:
    for number, name in enumerate(("my sg", "sg+x", "r=eu", "~sg")):
        code = {file.replace("sg", name): text.replace("sg", name) for file, text in _CODE.items()}
        units = _units(tmp_path / str(number), {**code, "d.sh": f'cd "mods/{name}" && terraform apply'})
        assert {unit.root: unit.maybe for unit in units if unit.maybe} == {f"mods/{name}": "d.sh"}


@pytest.mark.parametrize("name", _OF_CODE)
def test_code_that_runs_terraform_in_a_folder_may_apply_it(tmp_path: Path, name: str) -> None:
    assert _doubted(tmp_path, {name: _OF_CODE[name]}) == {"mods/sg": name}


@pytest.mark.parametrize("name", _NAMING)
def test_what_is_known_to_apply_nothing_leaves_nothing_open(tmp_path: Path, name: str) -> None:
    assert not _roots(tmp_path, {**_CODE, name: _NAMING[name]}) & {"mods/sg", "mods/vpc"}


_STEPS = "jobs:\n  a:\n    steps:\n"
_GOING_AND_RUNNING = {
    "cd mods/sg && terraform apply": "d.sh",
    "set -e\ncd ./mods/sg/\nterraform init -input=false\nTF_LOG=x tofu -no-color apply -auto-approve\n": "d.sh",
    "(cd 'mods/sg' && \\\n  terraform init && \\\n  terraform apply)": "d.sh",
    "cd live && terraform apply\ncd ../mods/sg && terraform apply\n": "d.sh",
    "cd mods\ncd sg\nterraform apply": "d.sh",
    "cd ../../mods/sg; terraform apply": "ci/eu/d.sh",
    "AWS_PROFILE=x terraform -chdir=mods/sg apply -var c=1": "d.sh",
    "a:\n\t@cd mods/sg && \\\n\tterraform apply\n": "Makefile",
    "a:\n  script:\n    - cd mods/sg\n    - terraform init\n    - terraform apply\n": ".gitlab-ci.yml",
    f"{_STEPS}      - run: cd mods/sg && terraform apply\n": ".github/workflows/d.yml",
    f"{_STEPS}      - working-directory: mods/sg\n        run: terraform apply\n": ".github/workflows/d.yml",
    f"{_STEPS}      - name: x\n        run: |\n          terraform init\n\n          terraform apply x.plan\n"
    "        working-directory: ./mods/sg\n": ".github/workflows/d.yml",
}
_ONLY_PERHAPS = {
    "echo 'cd mods/sg && terraform apply'": "d.sh",
    "cd mods/$X && terraform apply": "d.sh",
    "cd mods/sg$X && terraform apply": "d.sh",
    "cd mods/sg && terraform plan -out apply": "d.sh",
    "cd mods/sg; terraform fmt; cd ../..; terraform apply": "d.sh",
    "cd mods/sg && terraform -chdir=x apply": "d.sh",
    "cd other\ncd mods/sg\nterraform apply": "d.sh",  # which of two
    "a:\n\tcd mods/sg\n\tterraform apply\n": "Makefile",
    "a:\n  cmds:\n    - cd mods/sg\n    - terraform apply\n": "Taskfile.yml",
    f"{_STEPS}      - run: cd mods/sg\n      - run: terraform apply\n": ".github/workflows/d.yml",
    f"{_STEPS}      - run: terraform apply\n      - working-directory: mods/sg\n": ".github/workflows/d.yml",
    f"{_STEPS}      - run: terraform apply\n  b:\n    working-directory: mods/sg\n": ".github/workflows/d.yml",
    f"{_STEPS}      - run: cd x && terraform apply\n        working-directory: mods/sg\n": ".github/workflows/d.yml",
    f"{_STEPS}      - name: terraform apply\n        working-directory: mods/sg\n": ".github/workflows/d.yml",
}


@pytest.mark.parametrize("text", _GOING_AND_RUNNING)
def test_a_command_that_surely_applies_one_folder_makes_it_a_root(tmp_path: Path, text: str) -> None:
    units = _units(tmp_path, {**_CODE, _GOING_AND_RUNNING[text]: text})
    assert {unit.root for unit in units if unit.reach and not unit.maybe} == {"live", "mods/sg"}


# In a line that may be a comment: the settings of tools, and commands that would be sure.
_PERHAPS_A_COMMENT = {
    "projects:\n  - dir: live\n  # - dir: mods/sg\n": "atlantis.yaml",
    "projects:\n  - dir: live # mods/sg\n": "atlantis.yaml",
    '# source = "../mods/sg"\n': "live/terragrunt.hcl",
    '/*\nterraform {\n  source = "../mods/sg"\n}\n*/\n': "live/terragrunt.hcl",
    "# cd mods/sg && terraform apply\n": "d.sh",
    '"""Use:\n\ncd mods/sg && terraform apply\n"""\n': "d.py",
    "// note\rcd mods/sg && terraform apply\n": "d.js",
    '#(sh "sh" "-c" "cd mods/sg && terraform apply")': "d.clj",
    "const T = `\n// x; cd mods/sg && terraform apply\n`": "d.go",
    'os.system(\n\n"""cd mods/sg && """\n\'terraform apply\'\n)': "d.py",
}


@pytest.mark.parametrize("text", _PERHAPS_A_COMMENT)
def test_what_may_be_a_comment_leaves_open_and_shows_nothing(tmp_path: Path, text: str) -> None:
    file = _PERHAPS_A_COMMENT[text]
    assert _doubted(tmp_path, {file: text})["mods/sg"] == file


@pytest.mark.parametrize("text", _ONLY_PERHAPS)
def test_a_command_that_may_apply_another_folder_leaves_it_open(tmp_path: Path, text: str) -> None:
    file = _ONLY_PERHAPS[text]
    assert _doubted(tmp_path, {"other/mods/sg/x.txt": "", file: text})["mods/sg"] == file


@pytest.mark.parametrize("text", ["a", "a/", "@", "- ", "cd a\n", "terraform -chdir=a apply\n", "A=b "])
def test_a_long_text_takes_no_long_time(tmp_path: Path, text: str) -> None:
    start = process_time()
    _units(tmp_path, {**_CODE, "d.sh": f"terraform apply\nX={text * (100_000 // len(text))}\n"})
    assert process_time() - start < 10


def test_a_folder_of_too_many_copies_is_not_judged_by_itself(tmp_path: Path) -> None:
    """Its callers say that it is not."""
    calls = {
        f"mods/m{n}/m.tf": "".join(f'module "{name}" {{\n  source = "../m{n + 1}"\n}}\n' for name in "ab")
        for n in range(20)
    }
    files = {**calls, "mods/m20/m.tf": "", "live/l.tf": 'module "m" {\n  source = "../mods/m0"\n}\n'}
    units = _units(tmp_path, {**files, "d.sh": "terraform apply mods/m0 mods/m18"})
    assert {unit.root: unit.maybe for unit in units if unit.reach} == {"live": "", "mods/m18": "d.sh"}
    assert [gap.file for unit in units if unit.root == "live" for gap in unit.gaps] == [""]


_TRIES = ("examples/basic", "mods/sg/examples/basic", "mods/sg/tests/setup", "test/unit", "samples/a", "demo", "e2e/x")


@pytest.mark.parametrize("caller", _TRIES)
def test_a_call_in_an_example_or_a_test_is_no_deployment(tmp_path: Path, caller: str) -> None:
    up = "../" * (caller.count("/") + 1)
    call = {f"{caller}/x.tf": f'module "m" {{\n  source = "{up}mods/sg"\n  c = ["10.0.0.0/8"]\n}}'}
    product = {"mods/sg/m.tf": _CODE["mods/sg/m.tf"]}
    assert _roots(tmp_path, {**product, **call}) == {caller, "mods/sg"}
    assert _roots(tmp_path, {**_CODE, **call}) == {caller, "live"}  # there it is deployed too


def test_what_an_example_calls_in_itself_is_a_part_of_it(tmp_path: Path) -> None:
    files = {
        "examples/modules/m.tf": 'resource "aws_sns_topic" "t" {}',
        "examples/a/x.tf": 'module "m" {\n  source = "../modules"\n}',
    }
    assert _roots(tmp_path, files) == {"examples/a"}
    assert _roots(tmp_path, files, "examples") == {"examples/a"}


@pytest.mark.parametrize("caller", ["environments/test", "live/demo", "envs/testing"])
def test_a_call_with_a_backend_of_its_own_is_a_deployment(tmp_path: Path, caller: str) -> None:
    call = 'terraform {\n  backend "s3" {}\n}\nmodule "m" {\n  source = "../../mods/sg"\n}'
    files = {"mods/sg/m.tf": _CODE["mods/sg/m.tf"], f"{caller}/m.tf": call}
    assert _roots(tmp_path, files) == {caller}


def test_a_change_of_what_shows_a_root_concerns_it(tmp_path: Path) -> None:
    units = _units(tmp_path, {**_CODE, "atlantis.yaml": _ELSEWHERE["atlantis.yaml"]})
    touched = ChangedUnits(Sources(tmp_path), frozenset({"atlantis.yaml"})).touches
    assert [unit.root for unit in units if unit.reach and touched(unit)] == ["mods/sg"]


_GROUP = """
variable "c" {
  default = ["0.0.0.0/0"]
}
resource "aws_db_instance" "a" {
  publicly_accessible = var.c == ["0.0.0.0/0"]
}
"""


def test_only_what_is_worse_than_in_the_calls_is_told_and_it_is_not_decided(scan_files: Scanner) -> None:
    """What fails or is open in a call is told there alone, and what nobody may apply is judged in its calls alone. A
    value that nothing gives, or that the text gives, is as open as one that fails.
    """
    calls = {"safe": "[]", "failing": '["0.0.0.0/0"]', "open": "data.x.y.z", "alone": "[]", "asking": "[]", "set": "[]"}
    files = {f"infra/mods/{name}/m.tf": _GROUP for name in calls}
    files["infra/mods/asking/m.tf"] = _GROUP.replace('default = ["0.0.0.0/0"]', "type = list(string)")
    files["infra/mods/set/m.tf"] = _GROUP.replace('default = ["0.0.0.0/0"]', "default = []")
    files |= {
        f"infra/live/{name}/l.tf": f'module "m" {{\n  source = "../../mods/{name}"\n  c = {value}\n}}'
        for name, value in calls.items()
    }
    files |= {f"infra/mods/{name}/d.sh": "terraform apply" for name in calls if name != "alone"}
    files["infra/mods/set/d.sh"] = "terraform apply -var c=$C"
    # Two blocks on one line, of which the other one fails
    blocks = {"a": {"publicly_accessible": '${var.c == ["0.0.0.0/0"]}'}, "b": {"publicly_accessible": True}}
    code = {"variable": {"c": {"default": ["0.0.0.0/0"]}}, "resource": {"aws_db_instance": blocks}}
    files["infra/mods/line/m.tf.json"] = json.dumps(code)
    files["infra/mods/line/d.sh"] = "terraform apply"
    files["infra/live/line/l.tf"] = 'module "m" {\n  source = "../../mods/line"\n  c = []\n}'
    found = scan_files(files, checks=frozenset({"CKV_AWS_17"}))
    told = {(line["root"], line["result"], line["detail"]) for line in found.lines if line["kind"] == "record"}
    assert {one for one in told if "/mods/" in one[0]} == {
        (f"infra/mods/{name}", "UNKNOWN", f"unresolved: infra/mods/{name}/d.sh may apply this folder by itself")
        for name in ("safe", "asking", "set", "line")
    }
    assert {(root, result) for root, result, _ in told if "/live/" in root} == {
        ("infra/live/safe", "PASSED"),
        ("infra/live/failing", "FAILED"),
        ("infra/live/open", "UNKNOWN"),
        ("infra/live/alone", "PASSED"),
        ("infra/live/asking", "PASSED"),
        ("infra/live/set", "PASSED"),
        ("infra/live/line", "PASSED"),
        ("infra/live/line", "FAILED"),
    }
