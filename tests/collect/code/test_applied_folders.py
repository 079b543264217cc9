"""A called folder of Terraform is a root of its own as soon as anything in the workspace shows that it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.job import IacJob
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.units import Unit, make_plan, walk
from preuve.model.company.code import IacRoot

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
    "t.tftest.hcl": 'run "x" {}',
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
    "tfe.tf": 'resource "tfe_workspace" "w" {\n  name = "x"\n  working_directory = "mods/sg/"\n}',
    "stack.tf": 'resource "spacelift_stack" "w" {\n  project_root = "./mods/sg"\n}',
    "local.tf": 'resource "terraform_data" "w" {\n  input = "cd ../mods/sg && tofu apply"\n}',
    ".github/workflows/d.yml": "      - run: terraform apply\n        working-directory: mods/sg\n",
    ".gitlab-ci.yml": "a:\n  variables: {TF_ROOT: $CI_PROJECT_DIR/mods/sg}\n",
    "Makefile": "apply:\n\tterraform -chdir=mods/sg apply\n",
    "deploy/d.sh": "cd ../mods/sg\nterraform apply\n",
    "mods/d.sh": "cd sg && terraform apply\n",
    "mods/digger.yml": "projects:\n  - dir: sg\n",
    "deploy.py": 'import subprocess\nsubprocess.run(["terraform", "-chdir=mods/sg", "apply"])\n',
    "eu/terragrunt.hcl": 'terraform {\n  source = "${get_repo_root()}//mods/sg"\n}\n',
    "container.sh": "terraform -chdir=/repo/mods/sg apply\n",
    "top.sh": 'terraform -chdir="$ROOT/mods/sg" apply\n',
    "here.sh": 'cd "$(dirname "$0")/mods/sg"\nterraform apply\n',
    "g.bat": "cd mods\\sg\r\nterraform apply\r\n",
    "d.ps1": "Set-Location mods\\sg\nterraform apply\n",
    "d.json": '{"run": "terraform apply", "dir": "mods\\/sg"}',
    "steps.sh": "cd mods\ncd sg\nterraform apply\n",
    "both.sh": "cd mods; terraform -chdir=sg apply\n",
    "dot.sh": "terraform -chdir=./mods/sg/. apply\n",
    "labeler-apply.sh": "cd mods/sg && terraform apply\n",
    "loop.sh": "for d in live mods/sg; do (cd $d && terraform apply); done\n",
    ".github/workflows/m.yml": "matrix:\n  dir:\n    - mods/sg\nrun: terraform apply\n",
    ".github/workflows/f.yml": "matrix: {dir: [live, mods/sg]}\nrun: terraform apply\n",
    "cwd.py": 'run(["tofu", "apply"], cwd="mods/sg")\n',
    "w.tfcomponent.hcl": 'component "x" {\n  source = "./mods/sg"\n}\n',
}
_NAMING = {
    ".github/dependabot.yml": "updates:\n  - package-ecosystem: terraform\n    directory: /mods/sg\n",
    "README.md": "cd mods/sg",
    "docs/x.rst": "cd mods/sg",
    ".github/CODEOWNERS": "mods/sg @a\n",
    ".github/workflows/d.yml": "on:\n  push:\n    paths:\n      - mods/sg/**\n",
    "release-please-config.json": '{"packages": {"mods/sg": {}}}',
    "tests/t.go": 'x := "../mods/sg"',
    "docs.tf": "/**\n * See the `./mods/sg` module, and apply it with terraform.\n */\n",
    "old.tf.disabled": 'module "x" {\n  source = "./mods/sg"\n}',
    ".o.tf.swp": 'module "x" {\n  source = "./mods/sg"\n}',
    "wide.tf": f'module "x" {{\n  source{" " * 60}= "./mods/sg"\n  apply = "terraform"\n}}',
    "clean.sh": 'for d in live mods/sg; do rm -rf "$d/.terraform"; done\n',
    "Makefile": "a:\n\tterraform -chdir=live apply\n\tterraform fmt mods/sg\n\ttflint --chdir=mods/sg\n"
    "\tterraform-docs mods/sg\n",
    "zip.tf": 'locals {\n  a = filemd5("mods/sg/m.tf")\n  source_dir = "mods/sg"\n  b = "terraform apply"\n}',
    ".github/workflows/docs.yml": "- uses: terraform-docs/gh-actions@v1\n  with:\n    working-dir: mods/sg\n",
    "d.sh": "# cd mods/sg\ntflint mods/sg/m.tf\ncat mods/sg/$x\n",
    "other.tf": 'module "x" {\n  source = "./mods/sg"\n}',
    "other.tf.json": '{"module": {"x": {"source": "./mods/sg"}}}',
    "preuve.yaml": "scope: {iac: [{path: mods/sg, kind: terraform}]}",
    "values.yaml": "name: sg\n",
}


@pytest.mark.parametrize("name", _BESIDE)
def test_a_file_that_only_a_root_has_makes_its_folder_one(tmp_path: Path, name: str) -> None:
    assert _roots(tmp_path, {**_CODE, f"mods/sg/{name}": _BESIDE[name]}) == {"live", "mods/sg"}


@pytest.mark.parametrize("name", _OF_MODULES)
def test_what_a_module_may_have_makes_it_no_root(tmp_path: Path, name: str) -> None:
    assert _roots(tmp_path, {**_CODE, f"mods/sg/{name}": _OF_MODULES[name]}) == {"live"}


@pytest.mark.parametrize("name", _ELSEWHERE)
def test_what_names_a_folder_may_apply_it(tmp_path: Path, name: str) -> None:
    roots = _roots(tmp_path, {**_CODE, name: _ELSEWHERE[name]})
    assert "mods/sg" in roots
    assert "mods/vpc" not in roots


@pytest.mark.parametrize("name", _NAMING)
def test_what_is_known_to_apply_nothing_makes_no_root(tmp_path: Path, name: str) -> None:
    assert not _roots(tmp_path, {**_CODE, name: _NAMING[name]}) & {"mods/sg", "mods/vpc"}


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


def test_a_loop_over_a_folder_applies_all_in_it(tmp_path: Path) -> None:
    loop = "for d in mods/*; do (cd $d && terraform apply); done\n"
    assert _roots(tmp_path, {**_CODE, "d.sh": loop}) == {"live", "mods/sg", "mods/vpc"}


@pytest.mark.parametrize("caller", ["environments/test", "live/demo", "envs/testing"])
def test_a_call_with_a_backend_of_its_own_is_a_deployment(tmp_path: Path, caller: str) -> None:
    call = 'terraform {\n  backend "s3" {}\n}\nmodule "m" {\n  source = "../../mods/sg"\n}'
    files = {"mods/sg/m.tf": _CODE["mods/sg/m.tf"], f"{caller}/m.tf": call}
    assert _roots(tmp_path, files) == {caller}


def test_a_change_of_what_shows_a_root_concerns_it(tmp_path: Path) -> None:
    units = _units(tmp_path, {**_CODE, "atlantis.yaml": _ELSEWHERE["atlantis.yaml"]})
    touched = ChangedUnits(Sources(tmp_path), frozenset({"atlantis.yaml"})).touches
    assert [unit.root for unit in units if unit.reach and touched(unit)] == ["mods/sg"]
