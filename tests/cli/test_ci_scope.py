"""A push cannot bring code in unseen: what is code and not examined stops the gate with 11, and is named."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.pushes import CLOSED, ci, volumes, workspace
from cli.test_ci_base import commit, git

_CODE = volumes("new")
_WORKFLOW = "on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace whose code passes, on a branch that has just left main."""
    folder = workspace(tmp_path / "shop", volumes("old", text=CLOSED))
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "feature")
    return folder


def put(folder: Path, name: str, text: str = _CODE) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_a_workspace_without_code_outside_its_scope_passes(shop: Path) -> None:
    assert ci(shop, "--base", "main").exit_code == 0
    assert ci(shop).exit_code == 0


OUTSIDE = {
    "infra/node_modules/x/main.tf": _CODE,
    "infra/.venv/main.tf": _CODE,
    "infra/cdk.out/Stack.template.json": '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
    ".terraform/main.tf": _CODE,
    "legacy/main.tf": _CODE,
    "older/main.tofu": _CODE,
    "infra/app/Dockerfile": "FROM a\n",
    ".github/workflows/deploy.yml": _WORKFLOW,
    ".hidden/stack.yml": "Resources: {A: {Type: AWS::S3::Bucket}}\n",
    "evidence/2026-Q1/data/02-reference/content/scanners/iac/examples/a/main.tf": _CODE,
}


@pytest.mark.parametrize("arguments", [("--base", "main"), ("--base", "main", "--changed-only"), ()])
def test_code_outside_the_scope_stops_a_push(shop: Path, arguments: tuple[str, ...]) -> None:
    assert_unseen(shop, OUTSIDE, *arguments)


def test_code_among_content_of_its_own_stops_a_push(shop: Path) -> None:
    """Only the examples of a rule are none of the code, and a folder in them is no example."""
    assert_unseen(shop, {"scanners/iac/examples/rule/prod/main.tf": _CODE}, "--base", "main")


def assert_unseen(shop: Path, files: dict[str, str], *arguments: str) -> None:
    """Each of these files is told as not examined, and stops a push that adds them."""
    for name, text in files.items():
        put(shop, name, text)
    git(shop, "add", "-f", "-A")
    git(shop, "commit", "-q", "-m", "unseen")
    answer = ci(shop, *arguments, "--json", str(shop.parent / "ci.json"))
    report = json.loads((shop.parent / "ci.json").read_text())
    told = {one["file"] for one in report["findings"] if "outside what is examined" in one["reason"]}
    assert told == files.keys(), answer.output
    assert (answer.exit_code, report["counts"]["unread"]) == (11, len(files)), answer.output


def test_a_root_module_replaced_by_a_link_stops_a_push(shop: Path) -> None:
    git(shop, "checkout", "-q", "main")
    put(shop, "infra/prod/main.tf", volumes("prod", text=CLOSED))
    put(
        shop,
        "preuve.yaml",
        (shop / "preuve.yaml").read_text().replace("]}", "], exclude: [{path: archive, reason: no longer applied}]}"),
    )
    put(shop, "archive/main.tf")
    commit(shop)
    git(shop, "checkout", "-q", "-b", "link")
    git(shop, "rm", "-q", "-r", "infra/prod")
    (shop / "infra" / "prod").symlink_to("../archive")
    commit(shop)
    for arguments in (("--base", "main"), ("--base", "main", "--changed-only"), ()):
        answer = ci(shop, *arguments)
        assert (answer.exit_code, "infra/prod" in answer.output) == (11, True), (arguments, answer.output)


def test_a_root_module_replaced_by_an_absent_submodule_stops_a_push(shop: Path) -> None:
    pinned = git(shop, "rev-parse", "HEAD")
    git(shop, "update-index", "--add", "--cacheinfo", f"160000,{pinned},infra/prod")
    git(shop, "commit", "-q", "-m", "submodule")
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, "infra/prod" in answer.output) == (11, True), answer.output


@pytest.mark.parametrize(("pattern", "codes"), [("!/infra/extra.tf", {11}), ("!/infra/", {3, 11})])  # 3: none is left
def test_code_that_a_sparse_checkout_leaves_out_stops_a_push(shop: Path, pattern: str, codes: set[int]) -> None:
    put(shop, "infra/extra.tf")
    put(shop, "infra/notes.json", '{"a": 1}')  # no code: its content says so
    commit(shop)
    git(shop, "sparse-checkout", "set", "--no-cone", "/*", pattern)
    for arguments in (("--base", "main"), ("--base", "main", "--changed-only"), ()):
        answer = ci(shop, *arguments)
        assert answer.exit_code in codes, (arguments, answer.output)
        assert "infra/" in answer.output, answer.output
        assert "notes.json" not in answer.output


def test_unchanged_code_that_git_was_told_not_to_check_out_stops_what_reads_beside_it(shop: Path) -> None:
    put(shop, "infra/extra.tf", volumes("extra", text=CLOSED))
    put(shop, "other/main.tf", volumes("other", text=CLOSED))
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, "infra/new.tf", volumes("new", text=CLOSED))
    commit(shop)
    for name in ("infra/extra.tf", "other/main.tf"):
        git(shop, "update-index", "--assume-unchanged", name)
        (shop / name).unlink()
    (shop / "other").rmdir()

    def told(*arguments: str) -> set[str]:
        answer = ci(shop, *arguments, "--json", str(shop.parent / "ci.json"))
        assert answer.exit_code == 11, answer.output
        found = json.loads((shop.parent / "ci.json").read_text())["findings"]
        return {finding["file"] for finding in found if finding["file"].endswith(("extra.tf", "other/main.tf"))}

    assert told("--base", "main", "--changed-only") == {"infra/extra.tf"}
    assert told("--base", "main") == {"infra/extra.tf", "other/main.tf"}
    excluded = (shop / "preuve.yaml").read_text().replace("]}", "], exclude: [{path: other, reason: not in use}]}", 1)
    put(shop, "preuve.yaml", excluded)
    assert told() == {"infra/extra.tf"}


def test_untracked_dependencies_are_reported_and_do_not_stop_a_push(shop: Path) -> None:
    put(shop, ".gitignore", "node_modules\nbuild\n")
    commit(shop)
    put(shop, "infra/node_modules/x/main.tf")
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, "node_modules" in answer.output) == (0, True), answer.output
    put(shop, "build/main.tf")  # ignored by git, and perhaps applied anyway
    assert ci(shop, "--base", "main").exit_code == 11


def test_a_push_cannot_exclude_its_own_code(shop: Path) -> None:
    before = (shop / "preuve.yaml").read_text()
    put(shop, "preuve.yaml", before.replace("]}", "], exclude: [{path: legacy, reason: of a supplier}]}", 1))
    put(shop, "legacy/main.tf")
    commit(shop)
    judged = ci(shop, "--base", "main")
    assert (judged.exit_code, "legacy/main.tf" in judged.output) == (11, True), judged.output

    git(shop, "branch", "-f", "main")
    git(shop, "checkout", "-q", "-b", "next")
    put(shop, "legacy/more.tf")
    commit(shop)
    accepted = ci(shop, "--base", "main")
    assert (accepted.exit_code, "of a supplier" in accepted.output) == (0, True), accepted.output


def test_code_that_a_push_moves_into_what_is_left_out_stops_it_once(shop: Path) -> None:
    before = (shop / "preuve.yaml").read_text()
    put(shop, "preuve.yaml", before.replace("]}", "], exclude: [{path: vendor, reason: of a supplier}]}", 1))
    put(shop, "infra/prod/main.tf", volumes("prod", text=CLOSED))
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "vendor").mkdir()
    git(shop, "mv", "infra/prod", "vendor/prod")
    commit(shop)
    for arguments in ((), ("--changed-only",)):
        answer = ci(shop, "--base", "main", *arguments)
        assert (answer.exit_code, "vendor/prod/main.tf" in answer.output) == (11, True), answer.output
    git(shop, "branch", "-f", "main")
    put(shop, "vendor/prod/more.tf", volumes("more"))
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 0


def test_a_push_that_includes_excluded_code_has_it_examined(shop: Path) -> None:
    before = (shop / "preuve.yaml").read_text()
    git(shop, "checkout", "-q", "main")
    put(shop, "preuve.yaml", before.replace("]}", "], exclude: [{path: legacy, reason: of a supplier}]}", 1))
    put(shop, "legacy/main.tf")
    commit(shop)
    git(shop, "checkout", "-q", "-B", "feature")
    put(shop, "preuve.yaml", before.replace("[{path: infra", "[{path: legacy, kind: terraform}, {path: infra"))
    put(shop, "legacy/main.tf", volumes("other"))
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 10


ENCRYPTED = 'variable "on" {\n  type = bool\n  default = %s\n}\n' + volumes(
    "old", text=CLOSED.replace("true", "var.on")
)
RUN = "runs: [{variables: [infra/prod/on.tfvars]}]"
PLAN = {"format_version": "1.2", "variables": {"on": {"value": True}}, "planned_values": {"root_module": {}}}


@pytest.mark.parametrize(
    ("scope", "more"),
    [
        ("{path: infra, kind: terraform}", f"{{path: infra/prod, kind: terraform, {RUN}}}"),
        ("{path: infra/prod, kind: terraform}", f"{{path: infra/a, kind: terraform, {RUN}}}"),
        ("{path: infra, kind: terraform}", "{path: infra/prod, kind: terraform, plan: infra/prod/plan.json}"),
        ("{path: infra/prod, kind: terraform}", "{path: infra/prod, kind: terraform, plan: infra/prod/plan.json}"),
    ],
    ids=["runs of a folder below", "runs of a link", "a plan below", "a plan"],
)
def test_a_push_cannot_say_how_the_code_of_the_base_is_applied(shop: Path, scope: str, more: str) -> None:
    settings = (shop / "preuve.yaml").read_text()
    put(shop, "preuve.yaml", settings.replace("{path: infra, kind: terraform}", scope))
    put(shop, "infra/prod/main.tf", ENCRYPTED % "true")
    (shop / "infra" / "a").symlink_to("prod")
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, "preuve.yaml", settings.replace("{path: infra, kind: terraform}", f"{scope}, {more}"))
    put(shop, "infra/prod/main.tf", ENCRYPTED % "false")
    if "plan" in more:
        put(shop, "infra/prod/plan.json", json.dumps(PLAN))
    else:
        put(shop, "infra/prod/on.tfvars", "on = true\n")
    commit(shop)
    answer = ci(shop, "--base", "main")
    assert answer.exit_code == 10, answer.output


@pytest.mark.parametrize(
    ("more", "now", "files"),
    [
        ("", "[{variables: [infra/prod/closed.tfvars]}]", {"closed.tfvars": "on = true\n"}),
        (
            "",
            "[{variables: [infra/prod/closed.tfvars]}]",
            {"closed.tfvars": "on = true\n", "x.auto.tfvars": "on = false\n"},
        ),
        (", {workspace: w}", "[{workspace: w}]", {}),
    ],
    ids=["another run", "a file that is read by itself", "one of two runs"],
)
def test_a_push_cannot_end_a_run_of_the_base(shop: Path, more: str, now: str, files: dict[str, str]) -> None:
    settings, scope = (shop / "preuve.yaml").read_text(), "{path: infra, kind: terraform}"
    named = "{path: infra/prod, kind: terraform, runs: %s}"
    put(shop, "preuve.yaml", settings.replace(scope, named % f"[{{variables: [infra/prod/on.tfvars]}}{more}]"))
    put(shop, "infra/prod/main.tf", ENCRYPTED % "true")
    put(shop, "infra/prod/on.tfvars", "on = true\n")
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, "preuve.yaml", settings.replace(scope, named % now))
    put(shop, "infra/prod/main.tf", ENCRYPTED % "false")
    (shop / "infra/prod/on.tfvars").unlink()
    for name, text in files.items():
        put(shop, f"infra/prod/{name}", text)
    commit(shop)
    answer = ci(shop, "--base", "main")
    assert answer.exit_code in (10, 11), answer.output


def test_a_first_workspace_does_not_judge_the_push_that_brings_it(shop: Path) -> None:
    first = (shop / "preuve.yaml").read_text().replace("]}", "], exclude: [{path: infra, reason: of a supplier}]}", 1)
    put(shop, "other/main.tf", volumes("other"))
    (shop / "preuve.yaml").unlink()
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, "preuve.yaml", first.replace("path: infra, kind", "path: other, kind"))
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, "infra/main.tf", volumes("old"))
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 10
    assert ci(shop, "--base", "main", "--judge", "head").exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("--changed-only",)])
def test_a_root_that_a_push_calls_is_judged_as_a_root_still(shop: Path, arguments: tuple[str, ...]) -> None:
    """However it is called: `false` by default fails, and without a default nobody knows any more."""
    roots = {"fails": ENCRYPTED % "false", "open": ENCRYPTED.replace("default = %s", "")}
    given = dict(enumerate(("", "count = 0", "count = local.none", "on = true")))
    for kind, number in product(roots, given):
        put(shop, f"infra/{kind}{number}/main.tf", ENCRYPTED % "true")
    commit(shop)
    git(shop, "branch", "-f", "main")
    calls = "locals {\n  none = 0\n}\n"
    for kind, number in product(roots, given):
        put(shop, f"infra/{kind}{number}/main.tf", roots[kind])
        calls += f'module "{kind}{number}" {{\n  source = "../{kind}{number}"\n  {given[number]}\n}}\n'
    put(shop, "infra/zz/main.tf", calls)
    commit(shop)
    answer = ci(shop, "--base", "main", *arguments, "--json", str(shop.parent / "ci.json"))
    report = json.loads((shop.parent / "ci.json").read_text())
    told = [one for one in report["findings"] if one["policy"] == "ebs-volume-encrypted" and not one["known"]]
    fail = {one["file"] for one in told if one["status"] == "FAIL"}
    undecided = {one["file"] for one in told if one["id"] in report["no_longer_decided"]}
    assert answer.exit_code == 10
    assert fail == {f"infra/fails{number}/main.tf" for number in given}
    assert undecided == {f"infra/open{number}/main.tf" for number in given}


def test_a_root_that_a_push_renames_and_calls_is_judged_as_a_root_still(shop: Path) -> None:
    put(shop, "infra/prod/main.tf", ENCRYPTED % "true")
    commit(shop)
    git(shop, "branch", "-f", "main")
    git(shop, "mv", "infra/prod", "infra/live")
    put(shop, "infra/live/main.tf", ENCRYPTED % "false")
    put(shop, "infra/zz/main.tf", 'module "p" {\n  source = "../live"\n  on = true\n}\n')
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 10


@pytest.mark.parametrize(
    ("before", "named", "code"),
    [
        ("", "off on", 11),
        ("", "off", 10),
        ("", "on", 0),
        ("runs: [{variables: [infra/prod/on.tfvars]}]", "off on", 11),
        ("runs: [{variables: [infra/prod/on.tfvars]}]", "on also", 0),
    ],
)
def test_a_file_that_a_run_of_a_push_overrides_stays_in_doubt(shop: Path, before: str, named: str, code: int) -> None:
    settings, scope = (shop / "preuve.yaml").read_text(), "{path: infra, kind: terraform}"
    base = f"{scope}, {{path: infra/prod, kind: terraform, {before}}}" if before else scope
    put(shop, "preuve.yaml", settings.replace(scope, base))
    put(shop, "infra/prod/main.tf", ENCRYPTED % "true")
    if before:
        put(shop, "infra/prod/on.tfvars", "on = true\n")
    commit(shop)
    git(shop, "branch", "-f", "main")
    files = ", ".join(f"infra/prod/{name}.tfvars" for name in named.split())
    run = f"{{path: infra/prod, kind: terraform, runs: [{{variables: [{files}]}}]}}"
    put(shop, "preuve.yaml", settings.replace(scope, f"{base}, {run}"))
    for name in named.split():
        put(shop, f"infra/prod/{name}.tfvars", f"on = {str(name != 'off').lower()}\n")
    commit(shop)
    answer = ci(shop, "--base", "main")
    assert answer.exit_code == code, answer.output


def test_a_folder_without_a_workspace_is_examined_whole(tmp_path: Path) -> None:
    put(tmp_path, "a/main.tf", volumes("old", text=CLOSED))
    put(tmp_path, "b/Dockerfile", "FROM debian:12@sha256:0\nUSER app\nHEALTHCHECK CMD true\n")
    put(
        tmp_path,
        ".github/workflows/x.yml",
        "on: push\npermissions: {}\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n",
    )
    assert "scope.iac" not in ci(tmp_path).output


def test_types_that_no_policy_judges_are_reported_and_other_providers_stop_a_push(shop: Path) -> None:
    put(
        shop,
        "infra/wide.tf",
        'resource "aws_redshift_cluster" "w" {\n  count = 2\n}\nresource "aws_pinpoint_app" "d" {\n}\n',
    )
    answer = ci(shop)
    assert (answer.exit_code, "aws_pinpoint_app (1)" in answer.output) == (0, True), answer.output

    put(shop, "infra/other.tf", 'resource "awscc_s3_bucket" "b" {\n}\nresource "google_storage_bucket" "b" {\n}\n')
    put(shop, "k8s/a.yaml", "apiVersion: v1\nkind: Pod\n")
    put(shop, "k8s/b.yaml", "apiVersion: v1\nkind: Pod\n")
    put(shop, "infra/a.tfcomponent.hcl", 'component "x" {\n}\n')
    files = {name: shop.parent / name for name in ("out.json", "out.xml", "out.sarif", "out.md")}
    arguments = zip(("--json", "--junit", "--sarif", "--summary"), map(str, files.values()), strict=True)
    answer = ci(shop, *(part for pair in arguments for part in pair))
    said = " ".join(answer.output.split())
    assert answer.exit_code == 11
    for words in (
        "awscc_s3_bucket",
        "(google_*)",
        "Kubernetes, which is not read, 1 more",
        "Terraform Stacks",
    ):
        assert said.count(words) == 1, (words, said)
    told = json.loads(files["out.json"].read_text())
    assert told["counts"]["unread"] == 4
    assert {item["type"]: item["blocks"] for item in told["uncovered"]}["aws_pinpoint_app"] == 1
    gaps = [item for item in told["findings"] if item["reason"].startswith("The code could not be examined")]
    assert (len(gaps), sum(len(item["policies"]) > 10 for item in gaps)) == (
        4,
        2,
    )  # a pod and another cloud make nothing in an account
    suite = ElementTree.parse(files["out.xml"]).getroot()
    unread = [case for case in suite.iter("testcase") if case.get("classname") == "code.not_examined"]
    assert len(unread) == 4
    assert all(case.find("error") is not None for case in unread)

    assert ci(shop, "--update-baseline").exit_code == 11  # tools are to be left out with a reason, types may be known
    put(shop, "preuve.yaml", (shop / "preuve.yaml").read_text().replace("]}", f"], exclude: {_LEFT_OUT}}}", 1))
    accepted = ci(shop)
    assert accepted.exit_code == 0, accepted.output
    put(shop, "infra/third.tf", 'resource "awscc_rds_db_instance" "d" {\n}\n')
    assert ci(shop).exit_code == 11


_LEFT_OUT = "[{path: k8s, reason: of another team}, {path: infra/a.tfcomponent.hcl, reason: not applied}]"


def test_a_folder_with_only_another_tools_code_is_not_called_empty(tmp_path: Path) -> None:
    put(tmp_path, "terragrunt.hcl", 'include "root" {\n}\n')
    answer = ci(tmp_path)
    assert (answer.exit_code, "code" in answer.output, "Terragrunt" in answer.output) == (2, True, True)
    assert "nor any code" not in answer.output


def test_a_failure_by_a_default_limit_names_that_default(shop: Path) -> None:
    database = 'resource "aws_db_instance" "d" {\n  backup_retention_period = 1\n}\n'
    put(shop, "infra/db.tf", database)
    assert "rds_backup_min_days = 7 is preuve's default" in " ".join(ci(shop, "--gate", "info").output.split())
    put(shop, "preuve.yaml", (shop / "preuve.yaml").read_text() + "params: {rds_backup_min_days: 7}\n")
    assert "rds_backup_min_days = 7 is preuve's default" not in " ".join(ci(shop, "--gate", "info").output.split())


@pytest.mark.parametrize("name", ["preuve.yaml", "waivers.yaml", "baseline.yaml"])
def test_a_file_with_the_wrong_suffix_stops_a_push(tmp_path: Path, name: str) -> None:
    folder = workspace(tmp_path / "shop", volumes("old", text=CLOSED))
    put(folder, name.replace(".yaml", ".yml"), "")
    if name == "preuve.yaml":
        (folder / name).unlink()
    answer = ci(folder)
    assert (answer.exit_code, f"rename it to {name}" in answer.output) == (2, True), answer.output
