"""A scan counts as one that can stop a merge only where it surely runs and surely fails the job."""

from __future__ import annotations

import re

import pytest
import yaml
from checkov.common.parsers.yaml.loader import SafeLineLoader

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.collect.code.judgements.judgements import JUDGEMENTS
from preuve.collect.code.judgements.programs.scripts import statements
from preuve.library.validation.code.code_rules import rendered
from preuve.library.yaml.place import content_root

GATE = "CKV2_PREUVE_CI_SCAN_GATE"
RULE = rendered(bundled().code_rules[GATE], {})
CHECKOUT = {"uses": "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "with": {"fetch-depth": 0}}
_SHOWN = re.compile(r"(?s)```yaml\n(.*?)```")
P, F, U = "PASSED", "FAILED", "UNKNOWN"


def judged(workflow: object, settings: tuple[str, ...] = (), gate: str = "high", workspace: str = ".") -> str:
    body = {"workflows": {"ci.yml": workflow}, "workspace": workspace, "gate": gate, "settings": settings}
    found = JUDGEMENTS["blocking_scan"].ask("repository", body, RULE["judgement"])
    assert found is not None
    return found.result


def of_step(step: dict[str, object], job: dict[str, object] | None = None, top: dict[str, object] | None = None) -> str:
    own = {"runs-on": "ubuntu-latest", "steps": [CHECKOUT, step], **(job or {})}
    return judged({"on": "pull_request", "jobs": {"a": own}, **(top or {})})


# Each stands alone: what a push can make of a scan, and what people write.
RUNS = [
    ("preuve ci", P),
    ("preuve ci .", P),
    ("preuve scan iac", P),
    ('preuve ci --base origin/main --junit preuve.xml --summary "$GITHUB_STEP_SUMMARY"', P),
    ('preuve ci --base "origin/${{ github.base_ref }}"', P),
    ("preuve ci --gate high", P),
    ("preuve ci --gate=low", P),
    ("/opt/preuve/.venv/bin/preuve ci", P),
    ("uv run preuve ci", P),
    ("preuve ci > report.txt 2>&1", P),
    ("preuve \\\n  ci\n", P),
    ("set -euo pipefail\npip install preuve # the gate\npreuve ci\necho done", P),
    ("make build && preuve ci", P),
    ("preuve ci && echo fine", P),
    ("set +e\npreuve ci", P),  # its result is that of the script
    ("export REGION=eu-west-3\npreuve ci", P),
    ("checkov -d . --quiet", P),
    ("checkov --directory=. --framework terraform", P),
    ("trivy config --exit-code 1 .", P),
    ("tfsec .", P),
    ("terrascan scan -i terraform", P),
    ("kics scan -p .", P),
    ("snyk iac test", P),
    # what stops nothing
    ("echo # preuve ci", F),
    ("echo preuve ci", F),
    ("printf 'preuve ci'", F),
    ("# preuve ci", F),
    ("true # preuve ci", F),
    ("preuve ci --update-baseline", F),
    ("preuve ci || exit 0", F),
    ("preuve ci || true", F),
    ("preuve ci || :", F),
    ("preuve ci || echo failed", F),
    ("preuve ci &", F),
    ("! preuve ci", F),
    ("set +e\npreuve ci\necho done", F),
    ("set +e\npreuve ci\nexit 0", F),
    ("exit 0\npreuve ci", F),
    ("preuve ci && echo fine\necho done", F),
    ("preuve ci | tee out.txt", F),  # without pipefail
    ("preuve --version", F),
    ("preuve ci --help", F),
    ("preuve lint", F),
    ("preuve scan aws", F),
    ("pip install checkov", F),
    ("checkov -d . -s", F),
    ("checkov -d . --soft-fail", F),
    ("checkov --version", F),
    ("trivy config .", F),
    ("trivy image --exit-code 1 app", F),
    ("tfsec --soft-fail", F),
    ("kics scan -p . --ignore-on-exit all", F),
    # what is not known
    ("preuve ci; true", U),
    ("preuve ci --gate critical", U),
    ("preuve ci --gate $GATE", U),
    ("preuve ci docs", U),
    ("preuve ci $ARGUMENTS", U),
    ('preuve ci "$WHERE"', U),
    ("preuve ci --base HEAD", U),
    ("preuve ci --baseline all.yaml", U),
    ("preuve ci --framework gdpr", U),
    ("preuve ci --cache .cache", U),
    ("preuve ci --judge head", U),
    ("false && preuve ci\necho done", U),
    ("preuve ci || ./report.sh", U),
    ("preuve ci || exit 1", U),
    ("if false; then preuve ci; fi", U),
    ("preuve() { true; }\npreuve ci", U),
    ("trap 'exit 0' EXIT\npreuve ci", U),
    ("alias preuve=true\npreuve ci", U),
    ("export PATH=$PWD/bin:$PATH\npreuve ci", U),
    ("PATH=bin preuve ci", U),
    ("cd docs && preuve ci", U),
    ("cd docs\npreuve ci", U),
    ("test -f x || exit 0\npreuve ci", U),
    ("bash -c 'preuve ci || true'", U),
    ("timeout 5 preuve ci", U),
    ("cat <<EOF\npreuve ci\nEOF", U),
    ("x=$(preuve ci)", U),
    ("preuve ci `cat more`", U),
    ("checkov -d docs", U),
    ("checkov -d . -c CKV_AWS_1", U),
    ("checkov -d . --skip-check 'CKV*'", U),
    ("checkov -d . --config-file c.yaml", U),
    ("checkov -f main.tf", U),
    ("trivy config --exit-code $CODE .", U),
    ("trivy config --exit-code 0 .", U),
    ("docker run bridgecrew/checkov -d .", U),
]


@pytest.mark.parametrize(("run", "result"), RUNS)
def test_a_command_counts_if_its_failure_surely_ends_the_step(run: str, result: str) -> None:
    assert of_step({"run": run}) == result


@pytest.mark.parametrize(
    ("uses", "given", "result"),
    [
        ("ORG/preuve/ci@0", {"path": "."}, P),
        ("ORG/preuve/ci@0", None, P),
        ("ORG/preuve/ci@0", {"path": "docs"}, U),
        ("ORG/preuve/ci@0", {"base": "HEAD"}, U),
        ("ORG/preuve/ci@0", {"gate": "critical"}, U),
        ("ORG/preuve/ci@0", "${{ fromJSON(env.X) }}", U),
        ("bridgecrewio/checkov-action@v12", {"directory": ".", "soft_fail": False}, P),
        ("bridgecrewio/checkov-action@v12", {"soft_fail": True}, F),
        ("bridgecrewio/checkov-action@v12", {"soft_fail": "${{ inputs.soft }}"}, U),
        ("bridgecrewio/checkov-action@v12", {"config_file": "x.yaml"}, U),
        ("aquasecurity/trivy-action@0.30.0", {"scan-type": "config", "exit-code": "1"}, P),
        ("aquasecurity/trivy-action@0.30.0", {"scan-type": "config", "exit-code": 1, "scan-ref": "."}, P),
        ("aquasecurity/trivy-action@0.30.0", {"scan-type": "config", "scan-ref": "."}, F),
        ("aquasecurity/trivy-action@0.30.0", {"scan-type": "image", "exit-code": "1"}, F),
        ("acme/checkov-wrapper@v1", None, U),
        ("actions/setup-python@v6", None, F),
    ],
)
def test_an_action_counts_with_inputs_that_leave_it_able_to_fail(uses: str, given: object, result: str) -> None:
    assert of_step({"uses": uses, **({} if given is None else {"with": given})}) == result


@pytest.mark.parametrize(
    ("step", "result"),
    [
        ({"if": False}, F),
        ({"if": "false"}, F),
        ({"if": "${{ false }}"}, F),
        ({"if": "failure()"}, F),
        ({"if": "github.event_name == 'push'"}, F),
        ({"if": "github.event_name == 'pull_request'"}, P),
        ({"if": "github.event_name != 'push'"}, P),
        ({"if": "always()"}, P),
        ({"if": True}, P),
        ({"if": "github.actor != 'bot'"}, U),
        ({"continue-on-error": True}, F),
        ({"continue-on-error": "${{ inputs.soft }}"}, U),
        ({"continue-on-error": False}, P),
        ({"shell": "bash"}, P),
        ({"shell": "bash {0}"}, U),
        ({"shell": "pwsh"}, U),
        ({"working-directory": "docs"}, U),
        ({"env": {"PATH": "bin"}}, U),
        ({"env": {"BASH_ENV": "x.sh"}}, U),
        ({"env": "${{ fromJSON(vars.X) }}"}, U),
        ({"env": {"CKV_SOFT_FAIL_ON": "HIGH"}}, U),
        ({"env": {"REGION": "eu-west-3"}}, P),
    ],
)
def test_a_step_or_a_job_counts_if_it_surely_runs(step: dict[str, object], result: str) -> None:
    assert of_step({"run": "preuve ci", **step}) == result
    if not {"shell", "working-directory"} & step.keys():
        assert of_step({"run": "preuve ci"}, step) == result
    else:
        assert of_step({"run": "preuve ci"}, top={"defaults": {"run": step}}) == result


@pytest.mark.parametrize(
    ("on", "result"),
    [
        ("pull_request", P),
        (["push", "pull_request"], P),
        ({"pull_request": None}, P),
        ({"pull_request": {"branches": ["main"]}}, P),
        ({"pull_request": {"types": ["opened", "synchronize", "reopened"]}}, P),
        ({"push": {"branches": ["main"]}, "merge_group": None}, P),
        ("push", U),  # a pull request of a fork is none
        ({"push": {"branches": ["**"]}}, U),
        ({"push": {"branches": ["main"]}}, F),  # merged already
        ({"push": {"tags": ["v*"]}}, F),
        ("schedule", F),
        ("workflow_dispatch", F),
        ({"pull_request": {"types": ["closed"]}}, F),
        ({"pull_request": {"types": ["labeled"]}}, U),
        ({"pull_request": {"branches": ["release"]}}, U),
        ({"pull_request": {"branches": ["**", "!main"]}}, U),
        ({"pull_request": {"paths": ["docs/**"]}}, U),
        ({"pull_request": {"paths-ignore": ["**/*.tf"]}}, U),
        ({"push": {"branches-ignore": ["dependabot/**"]}}, U),
        ("pull_request_target", U),
        ("workflow_call", U),
    ],
)
def test_a_workflow_counts_if_it_runs_before_each_merge(on: object, result: str) -> None:
    assert of_step({"run": "preuve ci"}, top={"on": on}) == result


def test_a_condition_on_the_event_is_asked_of_each_event() -> None:
    def of(condition: str) -> str:
        return of_step({"run": "preuve ci", "if": condition}, top={"on": ["push", "pull_request", "schedule"]})

    assert of("github.event_name == 'push'") == U
    assert of("github.event_name != 'push'") == P
    assert of("${{ github.event_name == 'schedule' }}") == F


def test_a_job_that_waits_for_one_that_may_be_left_out_is_left_out_with_it() -> None:
    def of(**first: object) -> str:
        scan = {"runs-on": "ubuntu-latest", "needs": "a", "steps": [CHECKOUT, {"run": "preuve ci"}]}
        return judged({"on": "pull_request", "jobs": {"a": {"steps": [], **first}, "b": scan}})

    assert (of(), of(**{"if": "github.actor == 'x'"}), of(needs="b"), of(needs="gone")) == (P, U, U, U)


def test_a_scan_counts_on_the_code_of_the_push_alone() -> None:
    def of(*steps: dict[str, object]) -> str:
        return of_step({}, {"steps": [*steps, {"run": "preuve ci"}]})

    other = {"uses": "actions/checkout@v5", "with": {"repository": "acme/tool", "ref": "v1", "path": ".tool"}}
    assert (of(CHECKOUT), of(CHECKOUT, other), of(other, CHECKOUT)) == (P, P, P)
    assert (of(), of(other)) == (U, U)
    assert of({"uses": "actions/checkout@v5", "with": {"ref": "main"}}) == U


def test_a_scan_fails_at_the_gate_of_the_workspace_and_by_no_settings_of_its_tool() -> None:
    def of(run: str, **how: object) -> str:
        steps = [CHECKOUT, {"run": run}]
        return judged({"on": "pull_request", "jobs": {"a": {"runs-on": "linux", "steps": steps}}}, **how)  # type: ignore[arg-type]

    assert (of("preuve ci --gate critical", gate="critical"), of("preuve ci --gate high", gate="medium")) == (P, U)
    assert (of("checkov -d ."), of("checkov -d .", settings=(".checkov.yaml",))) == (P, U)
    assert (of("preuve ci app", workspace="app"), of("preuve ci other", workspace="app")) == (P, U)


def test_the_settings_of_a_workspace_and_of_tools_are_read_from_its_files(scan_files: Scanner) -> None:
    def of(run: str, **files: str) -> str:
        step = yaml.safe_dump(
            {"on": "pull_request", "jobs": {"a": {"runs-on": "x", "steps": [CHECKOUT, {"run": run}]}}}
        )
        tree = {".github/workflows/a.yml": step, "preuve.yaml": files.pop("settings", "gate: {severity: medium}\n")}
        found = scan_files(
            tree | {name.replace("_", "."): text for name, text in files.items()},
            root=".",
            kind="github_actions",
            checks=frozenset({GATE}),
            rules=(RULE,),
        )
        return str(found.record(".", "repository", GATE)["result"])

    assert of("preuve ci --gate medium") == P
    assert of("preuve ci --gate high") == U
    assert of("preuve ci --gate high", settings="a: [") == U
    assert of("checkov -d .", _checkov_yaml="soft-fail: true\n") == U


def test_the_pipelines_of_a_workspace_scan_before_each_merge() -> None:
    template = content_root() / "ci/templates/github/.github/workflows/preuve.yml"
    policy = bundled().policies["ci-iac-scan-gate"]
    shown = [template.read_text(), *policy.fix.values(), *_SHOWN.findall(policy.remediation.en)]
    assert len(shown) == 3
    assert [judged(yaml.load(text, SafeLineLoader)) for text in shown] == [P] * 3


def test_a_script_is_read_or_nothing_is_said_of_it() -> None:
    for script in (
        "a 'b",
        'a "b',
        "a (b)",
        "a &&",
        "|| a",
        "a ;; b",
        "a <<X\nX",
        "`a`",
        "for x in y; do a; done",
        "a >",
    ):
        assert statements(script) is None, script
    for script in ("checkov -d . > \\\n  out.json", "checkov -d . >\\\nout.json", "> \\\n \\\n out.json checkov -d ."):
        (found,) = statements(script) or ()
        assert [word.text for word in found.commands[0].words] == ["checkov", "-d", "."], script
    (found,) = statements("X=1 a 'b c'\"d\"\\ e#f >out # g") or ()
    assert [word.text for word in found.commands[0].words] == ["a", "b cd e#f"]
    assert found.commands[0].sets == ("X",)
