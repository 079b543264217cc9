"""The templates that read each account in a job of its own: what their linters say, and the script as it runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml

FLEET = Path(__file__).parents[2] / "ci" / "templates" / "fleet"
KEY = "ab" * 32
PREUVE = r"""#!/bin/sh
echo "$@" >> "$CALLS"
env | grep -c PREUVE_PSEUDONYM_KEY >> "$CALLS"
if [ "$1" = audit ]; then
  mkdir -p evidence/2026-Q4; touch evidence/2026-Q4/bagit.txt
  [ -z "${PREUVE_GIT_TOKEN-}" ] && [ "$(cat "$PREUVE_SIGNING_KEY")" = signs ] || exit 3
  printf 'protocol=https\nhost=git.example.org\n\n' | git credential fill | grep -qx password=pushes || exit 4
fi
[ "$1" = publish ] && exit 0
exit "$CODE"
"""


def run(folder: Path, code: int, *arguments: str) -> tuple[int, list[str]]:
    """Return the exit code of the script, and the commands that it ran."""
    program = folder / "bin" / "preuve"
    program.parent.mkdir()
    program.write_text(PREUVE, encoding="utf-8")
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    told = {"PATH": path, "HOME": str(folder), "CALLS": str(folder / "calls"), "CODE": str(code)}
    environment = {**told, "PREUVE_PSEUDONYM_KEY": KEY}
    if arguments[0] == "audit":
        environment |= {"PREUVE_SIGNING_KEY": "signs", "PREUVE_GIT_TOKEN": "pushes"}
    done = subprocess.run([str(FLEET / "run.sh"), *arguments], env=environment, cwd=folder, check=False)
    calls = (folder / "calls").read_text(encoding="utf-8").splitlines() if (folder / "calls").exists() else []
    assert calls[1::2] == ["0"] * len(calls[::2]), "the key must not stay in the environment"
    return done.returncode, calls[::2]


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (11, 0), (2, 2), (1, 1)])
def test_an_existing_part_does_not_fail_the_job(tmp_path: Path, code: int, ends: int) -> None:
    calls = ["collect --account 111122223333 --output s3://parts/preuve"]
    assert run(tmp_path, code, "collect", "111122223333", "s3://parts/preuve") == (ends, calls)
    key = tmp_path / ".config/preuve/pseudonyms.key"
    assert (key.read_text(encoding="ascii").strip(), key.stat().st_mode & 0o777) == (KEY, 0o600)


@pytest.mark.parametrize("code", [0, 10, 11])
def test_an_audit_is_published_and_its_exit_code_kept(tmp_path: Path, code: int) -> None:
    ends, calls = run(tmp_path, code, "audit", "s3://parts/preuve", "s3://proofs/audits")
    assert ends == code
    assert calls == ["audit --parts s3://parts/preuve", "publish s3://proofs/audits evidence/2026-Q4"]


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, 0, "reveal", "p-1") == (2, [])


# ---- Step Functions -----------------------------------------------------------------------------------------------

VALUES = {
    "partition": "aws",
    "cluster": "arn:aws:ecs:eu-west-3:111122223333:cluster/preuve-fleet",
    "collect": "arn:aws:ecs:eu-west-3:111122223333:task-definition/preuve-fleet-collect:1",
    "audit": "arn:aws:ecs:eu-west-3:111122223333:task-definition/preuve-fleet-audit:1",
    "subnets": '["subnet-0123456789abcdef0"]',
    "security_group": "sg-0123456789abcdef0",
    "parts": "s3://parts/preuve",
    "evidence": "s3://proofs/audits",
    "at_once": "20",
}


def machine() -> dict[str, Any]:
    """The state machine as Terraform's templatefile makes it."""
    text = (FLEET / "step-functions" / "state-machine.asl.json").read_text(encoding="utf-8")
    return dict(json.loads(re.sub(r"\$\{(\w+)\}", lambda found: VALUES[found[1]], text)))


def test_the_state_machine_is_valid() -> None:
    import cfnlint.api
    import cfnlint.core

    state_machine = {"RoleArn": "arn:aws:iam::111122223333:role/states", "Definition": machine()}
    resources = {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": state_machine}}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    config = cfnlint.core.ManualArgs(regions=["eu-west-3"])
    assert cfnlint.api.lint(json.dumps(template), config=config) == []
    del state_machine["Definition"]["States"]["Audit"]["Resource"]  # the linter looks inside
    assert cfnlint.api.lint(json.dumps(template), config=config)


def test_each_account_has_its_own_task_and_all_are_judged_at_the_end() -> None:
    states = machine()["States"]
    each = states["EachAccount"]
    assert each["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert (each["ToleratedFailurePercentage"], each["Next"]) == (100, "Audit")
    collect = each["ItemProcessor"]["States"]["Collect"]["Arguments"]["Overrides"]["ContainerOverrides"]
    audit = states["Audit"]["Arguments"]["Overrides"]["ContainerOverrides"]
    parts = "{% 's3://parts/preuve/' & $states.context.Execution.Name %}"  # no other execution's
    assert each["ItemSelector"] == {"account": "{% $states.context.Map.Item.Value %}", "parts": parts}
    assert [item["Command"] for item in (*collect, *audit)] == [
        ["collect", "{% $states.input.account %}", "{% $states.input.parts %}"],
        ["audit", parts, "s3://proofs/audits"],
    ]


def test_terraform_gives_the_state_machine_every_value() -> None:
    text = (FLEET / "step-functions" / "main.tf").read_text(encoding="utf-8")
    parsed = hcl2.loads(text)
    assert {name.strip('"') for block in parsed["resource"] for name in block} >= {
        "aws_sfn_state_machine", "aws_ecs_task_definition", "aws_iam_role_policy", "aws_security_group",
    }  # fmt: skip
    given = re.search(r"templatefile\([^{]*\{(.*?)\n  \}\)", text, re.DOTALL)
    assert given
    assert set(re.findall(r"^    (\w+) +=", given[1], re.MULTILINE)) == set(VALUES)


# ---- Kubernetes ---------------------------------------------------------------------------------------------------


def jobs() -> dict[str, dict[str, Any]]:
    """The jobs by name."""
    files = sorted((FLEET / "kubernetes").glob("*.yaml"))
    found = [item for path in files for item in yaml.safe_load_all(path.read_text(encoding="utf-8"))]
    return {item["metadata"]["name"]: item for item in found if item["kind"] == "Job"}


# Settings that a template cannot know, or that preuve needs: bundle, key and cache are on the container's disk.
ACCEPTED = {"CKV_K8S_21", "CKV_K8S_22", "CKV_K8S_35"}


def test_kubernetes_runs_the_jobs_without_rights() -> None:
    from checkov.kubernetes.runner import Runner
    from checkov.runner_filter import RunnerFilter

    report = Runner().run(root_folder=str(FLEET / "kubernetes"), runner_filter=RunnerFilter(framework=["kubernetes"]))
    assert report.parsing_errors == []
    assert len(report.passed_checks) > 20
    assert {check.check_id for check in report.failed_checks} <= ACCEPTED


def test_a_pod_reads_the_account_of_its_index(tmp_path: Path) -> None:
    job = jobs()["preuve-collect"]["spec"]
    assert (job["completionMode"], "backoffLimitPerIndex" in job) == ("Indexed", True)
    (container,) = job["template"]["spec"]["containers"]
    stub = tmp_path / "run.sh"
    stub.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    stub.chmod(0o755)
    environment = {"ACCOUNTS": "111122223333\n222233334444", "JOB_COMPLETION_INDEX": "1"}
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [*container["command"], *container["args"]]
    done = subprocess.run(command, env={**environment, **path}, capture_output=True, text=True, check=True)
    assert done.stdout == "collect 222233334444 s3://BUCKET/preuve/RUN\n"
    assert {item["name"] for item in container["env"]} == {"ACCOUNTS", "PREUVE_PSEUDONYM_KEY"}


def test_the_head_of_the_template_fills_in_the_run_and_the_number_of_pods_alone() -> None:
    template = FLEET / "kubernetes" / "collect.yaml"
    command = re.search(r"#   (sed .*) \|", text := template.read_text(encoding="utf-8"))
    assert command
    script = f"accounts='111122223333\n222233334444' run=20261120T060000Z\n{command[1]}"
    filled = subprocess.run(
        ["sh", "-c", script], cwd=template.parent, capture_output=True, text=True, check=True
    ).stdout
    assert "completions: 2\n" in filled
    changed = [line for line in filled.splitlines() if line not in text.splitlines() and not line.startswith("#")]
    assert [line.split()[0] for line in changed] == ["completions:", "-"]


def test_both_jobs_name_the_parts_of_one_run() -> None:
    texts = [(FLEET / "kubernetes" / name).read_text(encoding="utf-8") for name in ("collect.yaml", "audit.yaml")]
    assert [re.findall(r"s3://BUCKET/\S*?(?=,|\n)", text) for text in texts] == [["s3://BUCKET/preuve/RUN"]] * 2


def test_both_jobs_have_the_key_and_no_token_of_the_cluster() -> None:
    for name, job in jobs().items():
        spec = job["spec"]["template"]["spec"]
        assert (spec["serviceAccountName"], spec["automountServiceAccountToken"]) == (name, False)
        assert "@sha256:" in spec["containers"][0]["image"]


# ---- GitHub -------------------------------------------------------------------------------------------------------


def test_the_workflow_seals_and_stores_what_it_judged_as_the_one_for_one_account_does() -> None:
    fleet, one = (
        yaml.safe_load((folder / "github/.github/workflows" / name).read_text(encoding="utf-8"))["jobs"]
        for folder, name in ((FLEET, "preuve-fleet.yml"), (FLEET.parent, "preuve-audit.yml"))
    )
    publish = dict(fleet["publish"])
    # By default a job is skipped when one before it failed, as the job of an account may.
    assert publish.pop("if") == "${{ !cancelled() && needs.audit.result == 'success' }}"
    assert publish == one["publish"]
    handed = {step["with"]["name"] for step in fleet["audit"]["steps"] if "upload-artifact" in step.get("uses", "")}
    taken = {step["with"]["name"] for step in publish["steps"] if "download-artifact" in step.get("uses", "")}
    assert handed == taken
