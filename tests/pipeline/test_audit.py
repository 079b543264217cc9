"""The whole command: what it leaves behind, what it hides, and what happens when it is interrupted."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import bagit
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from emulator import ACCOUNT, REGION, Emulator, running
from pipeline.runs import ROOT, narrowed, prepared_for, run, with_few, write_workspace
from preuve.cli.main import main
from preuve.evidence.bag import read_info, unsafe, write_manifest
from preuve.evidence.folder import keep_content
from preuve.library.vocabulary import own_texts
from preuve.model.errors import AlteredError, Exit, PreuveError
from preuve.model.layout import CONTENT, JUNIT, RECORDS, RESULTS, SNAPSHOT, SUMMARY
from preuve.model.results import ControlStatus, FindingStatus
from preuve.pipeline.bundle.leaks import refuse_leaks
from preuve.pipeline.run.audit import write_payload
from preuve.pipeline.run.preparation import as_kept, prepare
from preuve.publish.history.page_facts import FILE as KEPT
from preuve.publish.site.paths import FINDINGS, HOME, framework_page, page_file, policy_page
from preuve.redact.inspection import Inspector
from preuve.redact.known_names import KnownNames
from preuve.redact.names.variants import own_words
from preuve.redact.spelling import plain
from preuve.snapshot.reader import read_calls
from preuve.snapshot.strays import foreign
from preuve.system.manifests import MANIFEST, read_manifest

PERSON, MAIL = "camille.roux-delatour", "camille.roux@exemple-personnel.fr"
PASSWORD, OTHER_PASSWORD = "Tournesol-2026-jaune", "Coquelicot+rouge9"
SECRET_KEY = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzEXAMPLEKEY"
ACCESS_KEY = "AKIAZ7Q2M4X6B8V0C1N3"
JOB = "https://gitlab.example/acme/infra/-/jobs/42"
PATIENCE = 600  # seconds until a child that hangs fails the test


def command(*arguments: str) -> list[str]:
    """Return the command that starts `preuve`."""
    return [sys.executable, "-m", "preuve.cli.main", *arguments]


def environment() -> dict[str, str]:
    """The environment of the child: this one, the sources of this checkout, and the job that it is a step of."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "CI_JOB_URL": JOB}


def preuve(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end."""
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False
    )


def here(*arguments: object) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(main, [str(item) for item in arguments])


# ---- personal data and secrets


def plant(emulator: Emulator) -> str:
    """Fills the account with what must not leave it; returns an access key that AWS made."""
    iam, ec2, s3 = emulator.client("iam"), emulator.client("ec2"), emulator.client("s3")
    iam.create_user(UserName=PERSON, Tags=[{"Key": "Contact", "Value": MAIL}])
    made = str(iam.create_access_key(UserName=PERSON)["AccessKey"]["AccessKeyId"])
    iam.create_login_profile(UserName=PERSON, Password=PASSWORD)
    iam.create_group(GroupName="equipe")
    iam.add_user_to_group(GroupName="equipe", UserName=PERSON)
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": "Tout"}
    allow["Condition"] = {"StringEquals": {"aws:username": MAIL, "aws:PrincipalTag/mdp": f"password={PASSWORD}"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName=PERSON, PolicyName="tout", PolicyDocument=document)
    iam.create_policy(PolicyName="partage", PolicyDocument=document, Description=f"demander à {MAIL}")

    s3.create_bucket(Bucket="partage", CreateBucketConfiguration={"LocationConstraint": REGION})
    tags = {
        "Owner": MAIL,
        "Responsable": f"{PERSON}, équipe données",
        "Note": f"password={PASSWORD}",
        "DbPassword": OTHER_PASSWORD,
        "Cle": ACCESS_KEY,
        "Aws": f"aws_secret_access_key={SECRET_KEY}",
    }
    s3.put_bucket_tagging(Bucket="partage", Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in tags.items()]})
    reader = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{PERSON}"}
    read = {"Effect": "Allow", "Principal": reader, "Action": "s3:GetObject"}
    policy = {"Version": "2012-10-17", "Statement": [{**read, "Resource": "arn:aws:s3:::partage/*"}]}
    s3.put_bucket_policy(Bucket="partage", Policy=json.dumps(policy))

    group = ec2.create_security_group(GroupName=MAIL, Description=f"password: {PASSWORD}")["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": MAIL}],
            }
        ],
    )
    user_data = f"#!/bin/sh\nexport DB_PASSWORD={PASSWORD}\nexport AWS_SECRET_ACCESS_KEY={SECRET_KEY}\n"
    image = ec2.describe_images()["Images"] or [{"ImageId": "ami-12345678"}]
    names = [
        {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": MAIL}, {"Key": "Cle", "Value": ACCESS_KEY}]}
    ]
    ec2.run_instances(
        ImageId=image[0]["ImageId"], MinCount=1, MaxCount=1, UserData=user_data, KeyName=PERSON, TagSpecifications=names
    )
    template = {"UserData": base64.b64encode(user_data.encode()).decode(), "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName="modele", LaunchTemplateData=template, VersionDescription=MAIL)

    variables = {"DB_PASSWORD": PASSWORD, "DATABASE_URL": f"postgres://app:{OTHER_PASSWORD}@base/app", "KEY": made}
    emulator.respond(
        "lambda",
        "ListFunctions",
        {
            "Functions": [
                {
                    "FunctionName": "facturation",
                    "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:facturation",
                    "Description": f"écrire à {MAIL}, password={PASSWORD}",
                    "Runtime": "python3.12",
                    "Environment": {"Variables": variables},
                }
            ]
        },
        region=REGION,
    )
    container = {
        "name": "app",
        "image": "app:1",
        "memory": 128,
        "environment": [{"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "CONTACT", "value": MAIL}],
        "command": ["run", f"--password={PASSWORD}"],
    }
    emulator.client("ecs").register_task_definition(family="taches", containerDefinitions=[container])
    emulator.client("sns").subscribe(
        TopicArn=emulator.client("sns").create_topic(Name="alertes")["TopicArn"], Protocol="email", Endpoint=MAIL
    )
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier="base",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername=PERSON,
        MasterUserPassword=PASSWORD,
        Tags=[{"Key": "Contact", "Value": MAIL}],
    )
    emulator.client("logs").create_log_group(logGroupName="/app", tags={"Contact": MAIL})
    plant_descriptions(emulator)
    return made


def plant_descriptions(emulator: Emulator) -> None:
    """Fills what people describe things with."""
    told = f"voir {PERSON} ou {MAIL}, password={PASSWORD}"
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    emulator.client("iam").create_role(RoleName="calcul", AssumeRolePolicyDocument=document, Description=told)
    emulator.client("kms").create_key(Description=told, Tags=[{"TagKey": "Contact", "TagValue": told}])
    emulator.client("secretsmanager").create_secret(Name="base", Description=told, SecretString=OTHER_PASSWORD)
    emulator.client("ssm").put_parameter(Name="/app/cle", Description=told, Value=SECRET_KEY, Type="String")
    emulator.client("cloudwatch").put_metric_alarm(
        AlarmName="alarme", AlarmDescription=told, MetricName="m", Namespace="n", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    ec2 = emulator.client("ec2")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    ec2.create_snapshot(VolumeId=volume, Description=told)


@dataclass(frozen=True)
class Audited:
    """An account with planted data, and its audit."""

    emulator: Emulator
    folder: Path
    workspace: Path
    made: str
    output: str


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    """A whole audit of an account with planted personal data and secrets."""
    with running() as emulator:
        made = plant(emulator)
        emulator.faults({"kind": "deny", "operation": "GetBucketVersioning", "message": f"{MAIL} may not"})
        workspace = write_workspace(tmp_path_factory.mktemp("audited"), emulator.endpoint)
        done = preuve("audit", "--workspace", str(workspace), "--name", "essai")
        assert done.returncode in (0, 11), done.stderr
        yield Audited(emulator, workspace / "evidence" / "essai", workspace, made, done.stdout + done.stderr)


def forms(secret: str) -> list[bytes]:
    """Return the forms of a text in a file: literal, escaped, quoted, or in base64 at any offset."""
    written = {secret, html.escape(secret), quote(secret), json.dumps(secret)[1:-1]}
    raw = secret.encode()
    coded = {base64.b64encode(b"\0" * shift + raw)[(shift * 8 + 5) // 6 + (shift > 0) : -4] for shift in range(3)}
    return [*(text.encode() for text in written), *coded]


def contents(path: Path) -> bytes:
    """A file with everything that is packed in it."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    if path.suffix == ".pdf":
        streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
        return content + b"".join(zlib.decompressobj().decompress(item) for item in streams if item[:1] == b"\x78")
    return content


def test_no_planted_secret_is_in_any_file_of_the_bundle(audited: Audited) -> None:
    files = {path.relative_to(audited.folder).as_posix(): path for path in audited.folder.rglob("*") if path.is_file()}
    assert {path.suffix for path in files.values()} >= {".html", ".jsonl", ".xml", ".json", ".csv", ".xlsx", ".txt"}
    assert leaked(audited, files) == []
    assert [secret for secret in planted(audited) if secret in audited.output] == []


def planted(audited: Audited) -> tuple[str, ...]:
    return PERSON, MAIL, PASSWORD, OTHER_PASSWORD, SECRET_KEY, ACCESS_KEY, audited.made


def leaked(audited: Audited, files: Mapping[str, Path]) -> list[tuple[str, str]]:
    return [
        (name, secret)
        for name, path in files.items()
        for content in [contents(path) + name.encode()]
        for secret in planted(audited)
        if any(form in content for form in forms(secret))
    ]


def test_exports_contain_no_planted_secret_and_all_findings(audited: Audited, tmp_path: Path) -> None:
    for name in ("ocsf", "defectdojo", "ciso-assistant"):
        done = here("export", audited.folder, "--format", name, "--out", tmp_path / f"{name}.json")
        assert done.exit_code == 0, done.output
    files = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(files) == 6 and leaked(audited, files) == []
    lines = [json.loads(line) for line in (audited.folder / RESULTS).open(encoding="utf-8")]
    findings = Counter(line["status"] for line in lines if line["kind"] == "finding")
    assert Counter(event["status_code"] for event in json.loads(files["ocsf.json"].read_bytes())) == findings


def test_the_search_page_agrees_with_the_counts_of_the_results(audited: Audited) -> None:
    lines = [json.loads(line) for line in (audited.folder / RESULTS).open(encoding="utf-8")]
    findings = Counter(line["status"] for line in lines if line["kind"] == "finding")
    text = (audited.folder / SUMMARY / "findings.en.html").read_text(encoding="utf-8")
    index = json.loads(html.unescape(text.split('id="index">')[1].split("</script>")[0]))
    assert Counter(index["statuses"][number] for number in index["findings"][::3]) == findings


def test_the_numbers_on_pages_agree_with_the_results(audited: Audited) -> None:
    lines = [json.loads(line) for line in (audited.folder / RESULTS).open(encoding="utf-8")]
    found = Counter((line["policy"], line["status"]) for line in lines if line["kind"] == "finding")
    items = [line for line in lines if line["kind"] == "control" and not line["control"].startswith("GDPR.T.")]
    controls = Counter((line["framework"], line["status"]) for line in items)  # themes are in no total
    policies = sorted({line["policy"] for line in lines if line["kind"] == "policy"})
    pages = {policy: page(audited, policy_page(policy)) for policy in policies}
    wanted = {policy: [found[policy, status] for status in FindingStatus] for policy in policies}
    assert {name: numbers(text, "<ul class=counts>(.*?)</ul>") for name, text in pages.items()} == wanted
    overview, totals = page(audited, HOME), [sum(found[policy, it] for policy in policies) for it in FindingStatus]
    assert numbers(overview, "<ul class=tiles>(.*?)</ul>") == totals
    listed = {
        re.findall(r"<small>([\w-]+)</small>", row)[0]: numbers(row, "(<td.*)")
        for row in page(audited, FINDINGS).split("<tr>")
        if "policies/" in row and "<small>" in row
    }
    assert {name: listed[name] for name in policies} == wanted
    for framework in {name for name, _ in controls}:
        text = page(audited, framework_page(framework))
        some = [controls[framework, status] for status in ControlStatus if controls[framework, status]]
        assert sorted(numbers(text, "<ul class=counts aria-hidden=true>(.*?)</ul>")) == sorted(some)


def page(audited: Audited, name: str) -> str:
    return (audited.folder / page_file(name, "en")).read_text(encoding="utf-8")


def numbers(text: str, within: str) -> list[int]:
    """Return the numbers between tags at the first match."""
    (first, *_) = re.findall(within, text, re.DOTALL)
    return [int(number.replace(",", "")) for number in re.findall(r">\s*([\d,]+)\s*(?:<|$)", first)]


def test_the_junit_files_of_an_audit_are_valid_for_xunit(audited: Audited) -> None:
    import xmlschema

    schema = xmlschema.XMLSchema(ROOT / "tests" / "fixtures" / "junit" / "junit-10.xsd")
    assert not list(schema.iter_errors(audited.folder / JUNIT))


def test_a_bundle_stays_small(audited: Audited) -> None:
    """The bundle of the demonstration has at most 25 MB; this one has its pages, and fewer resources."""
    sizes = {path: path.stat().st_size for path in audited.folder.rglob("*") if path.is_file()}
    pages = [size for path, size in sizes.items() if path.suffix == ".html"]
    assert len(pages) > 1000
    assert sum(pages) / len(pages) < 9_000
    assert sum(sizes.values()) < 17_000_000
    content = audited.folder / CONTENT
    assert not [path for path in content.rglob("*.yaml") if "\nexamples:" in path.read_text(encoding="utf-8")]


def test_the_planted_resources_were_read(audited: Audited) -> None:
    """Without this the test above could pass on an empty account."""
    text = (audited.folder / RESULTS).read_text(encoding="utf-8")
    for name in ("partage", "base", "facturation", "person-"):
        assert name in text
    lines = (audited.folder / SNAPSHOT / "aws").rglob("*.jsonl")
    assert "telling_name" in "".join(path.read_text(encoding="utf-8") for path in lines)


def test_the_raw_copy_opens_the_commitment_of_every_answer(audited: Audited) -> None:
    raw = [json.loads(line) for path in audited.workspace.rglob(".key/raw/**/*.jsonl") for line in path.open()]
    opened = {
        item["id"]: hashlib.sha256(bytes.fromhex(item["salt"]) + item["response"].encode()).hexdigest() for item in raw
    }
    calls = list(read_calls(audited.folder / SNAPSHOT))
    assert {line["id"]: line["commitment"] for line in calls if line["status"]} == opened
    assert PASSWORD in "".join(item["response"] for item in raw), "what redaction took out is in the raw copy"
    refused = {line["id"]: line for line in calls if line["error"] and line["status"]}
    assert refused, "the account refuses what is not set"
    said = {item["id"]: json.loads(item["response"])["Error"]["Message"] for item in raw if item["id"] in refused}
    assert said.keys() == refused.keys(), "a refusal, on which a verdict may rest, can be opened too"


def test_what_a_refusal_says_stands_with_its_call_and_on_its_page(audited: Audited) -> None:
    """That nothing is set and that nobody may know have one code in some services: the words decide."""
    calls = list(read_calls(audited.folder / SNAPSHOT))
    refused = [line for line in calls if line["error"] and line["status"]]
    assert all(line["message"] for line in refused)
    assert all("message" not in line for line in calls if not line["error"])
    pages = "".join(
        path.read_text(encoding="utf-8") for path in audited.folder.rglob("*.html") if "calls" in path.parts
    )
    unclear = [line for line in refused if line["status"] != 404]  # `NoSuchBucketPolicy` says it all
    assert unclear
    for line in unclear:
        assert html.escape(f"{line['error']}: {line['message'][:20]}", quote=False) in pages


def test_a_person_keeps_the_same_pseudonym_in_the_next_audit(audited: Audited, tmp_path: Path) -> None:
    prepared = prepared_for(audited.workspace, audited.emulator.endpoint)
    users = narrowed(prepared, lambda rule: rule.rule.resource == "AWS::IAM::User")
    names = {item.id for item in run(users, tmp_path / "again").snapshot.resources if item.type == "AWS::IAM::User"}
    first = (audited.folder / SNAPSHOT / "aws" / ACCOUNT / "global" / "iam.jsonl").read_text(encoding="utf-8")
    assert len(names) == 1
    assert all(name.startswith("person-") and f'"id":"{name}"' in first for name in names)
    other = narrowed(prepared_for(tmp_path / "other", audited.emulator.endpoint), lambda rule: rule in users.rules)
    assert names.isdisjoint(item.id for item in run(other, tmp_path / "third").snapshot.resources)


# ---- the bundle


def test_standard_tools_accept_the_bundle(audited: Audited) -> None:
    bagit.Bag(str(audited.folder)).validate()
    manifests = ["manifest-sha256.txt", "tagmanifest-sha256.txt"]
    subprocess.run(["sha256sum", "-c", "--quiet", "--strict", *manifests], cwd=audited.folder, check=True)


def test_every_path_can_be_unpacked_on_windows(audited: Audited) -> None:
    names = [path.relative_to(audited.folder).as_posix() for path in audited.folder.rglob("*")]
    assert [name for name in names if unsafe(name)] == []


def test_the_bundle_declares_its_purpose_and_retention(audited: Audited) -> None:
    info = read_info(audited.folder)
    closed = date.fromisoformat(info["Bagging-Date"])
    assert (info["External-Identifier"], info["Period"], info["Demonstration"]) == ("essai", "essai", "true")
    assert info["Retention-Until"][:7] == f"{closed.year + 3}-{closed.month:02}"
    assert "GDPR" in info["Purpose"]


# ---- the same result again


@pytest.fixture(scope="module")
def little(audited: Audited, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """An audit of the same account by three policies: what a bundle must be is the same for any number of them."""
    audited.emulator.reset(state=False)
    workspace = write_workspace(tmp_path_factory.mktemp("little"), audited.emulator.endpoint)
    with_few(workspace, "iam-user-console-mfa", "s3-encrypted", "s3-versioning")
    done = here("audit", "-w", workspace, "--name", "essai")
    assert done.exit_code in (0, 11), done.output
    return replace(audited, folder=workspace / "evidence" / "essai", workspace=workspace)


def refuse(*_: object) -> None:
    """Replaces a missing network."""
    raise OSError("the network is down")


def test_the_bundle_alone_gives_the_same_bytes_offline_and_reveals_forged_files(
    little: Audited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    forged = tmp_path / "forged"
    shutil.copytree(little.folder, forged)
    record = forged / RECORDS / "iam-user-console-mfa.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"FAIL"', '"PASS"'), encoding="utf-8")
    (forged / RECORDS / "s3-encrypted.json").unlink()
    page = forged / SUMMARY / "policies" / "iam-user-console-mfa.fr.html"
    page.write_text(page.read_text(encoding="utf-8").replace("is-fail", "is-pass"), encoding="utf-8")
    (page.parent / "mine.fr.html").write_text("<p>all is well", encoding="utf-8")
    info = forged / "bag-info.txt"
    info.write_text(info.read_text(encoding="utf-8").replace("Demonstration: true\n", ""), encoding="utf-8")
    done = CliRunner().invoke(main, ["assess", "--bundle", str(forged), "--output", str(tmp_path / "again")])
    assert done.exit_code == 10
    said = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("data/")]
    assert any(line.startswith("bag-info.txt") for line in done.stdout.splitlines())
    assert not any(line.startswith("chain.jsonl") for line in done.stdout.splitlines())
    pages = [f"{SUMMARY}/policies/{name}.fr.html" for name in ("iam-user-console-mfa", "mine")]
    assert said == [*pages, f"{RECORDS}/iam-user-console-mfa.json", f"{RECORDS}/s3-encrypted.json"]
    for name in (RESULTS, JUNIT, "README.html", f"{SUMMARY}/index.fr.html", f"{RECORDS}/s3-encrypted.json"):
        assert (tmp_path / "again" / name).read_bytes() == (little.folder / name).read_bytes()


def test_another_process_gives_the_same_bytes_from_the_bundle(audited: Audited) -> None:
    """An order that depends on memory would differ in each process."""
    command = [sys.executable, "-m", "preuve.cli.main", "assess", "--bundle", str(audited.folder)]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_a_missing_resource_in_the_snapshot_and_another_catalogue_are_reported(little: Audited, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(little.folder, forged)
    (buckets,) = (forged / SNAPSHOT).rglob("s3.jsonl")
    lines = buckets.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(line for line in lines if json.loads(line).get("kind") == "resource")
    buckets.write_text("".join(line for line in lines if line != gone), encoding="utf-8")
    policy = forged / CONTENT / "policies/s3/s3-encrypted.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("severity: ", "severity:  "), encoding="utf-8")
    (forged / CONTENT / "controls/planned.yaml").unlink()
    done = CliRunner().invoke(main, ["assess", "--bundle", str(forged)])
    assert done.exit_code == 10
    assert "AWS::S3::Bucket" in done.stdout and "≠" in done.stdout
    assert done.stdout.index("  policies/s3/s3-encrypted.yaml\n") < done.stdout.index("  controls/planned.yaml\n")


def test_what_no_collection_writes_and_what_says_two_things_is_no_identical_bundle(
    little: Audited, tmp_path: Path
) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(little.folder, forged)
    assert list(foreign(forged / SNAPSHOT)) == []
    workspace = forged / SNAPSHOT / "workspace.json"
    own = workspace.read_bytes()
    workspace.write_text(json.dumps({**json.loads(own), "note": "as a person reads it"}), encoding="utf-8")
    done = CliRunner().invoke(main, ["assess", "--bundle", str(forged)])
    assert done.exit_code == 10
    assert re.search(r"workspace\.json:1:\d+ note", done.stdout)
    workspace.write_bytes(own)
    (buckets,) = (forged / SNAPSHOT).rglob("s3.jsonl")
    for path in (buckets.parent / "READ-ME.html", forged / "letter.html"):
        path.write_text("<p>no nonconformity", encoding="utf-8")
    done = CliRunner().invoke(main, ["assess", "--bundle", str(forged)])
    assert done.exit_code == 10
    assert "READ-ME.html" in done.stdout and "letter.html" in done.stdout
    lines = buckets.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if json.loads(line)["kind"] == "resource")
    lines[first] = '{"data":{"Encryption":"as a person reads it"},' + lines[first].removeprefix("{")
    buckets.write_text("".join(lines), encoding="utf-8")
    done = CliRunner().invoke(main, ["assess", "--bundle", str(forged)])
    assert isinstance(done.exception, AlteredError) and done.exception.exit_code == 10


def test_the_same_snapshot_gives_the_same_payload(little: Audited, tmp_path: Path) -> None:
    shutil.copytree(little.folder / SNAPSHOT, tmp_path / "again" / SNAPSHOT)
    prepared = prepare(little.workspace)
    keep_content(tmp_path / "again" / CONTENT, prepared.workspace.root)
    write_payload(
        tmp_path / "again",
        tmp_path / "home",
        as_kept(prepared, little.folder / SNAPSHOT),
        lambda *_: None,
        None,
        KnownNames({}),
    )
    write_manifest(tmp_path / "again")
    before, after = (read_manifest(folder / MANIFEST) for folder in (little.folder, tmp_path / "again"))
    # No chain was given here, so there is no seal to report; all else is the same.
    assert [name for name in {*before, *after} if before.get(name) != after.get(name)] == [KEPT]


def test_an_audit_without_a_scope_names_the_settings_to_fill_in(tmp_path: Path) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: Acme}\n", encoding="utf-8")
    refused = here("audit", "--workspace", tmp_path).exception
    assert isinstance(refused, PreuveError) and refused.exit_code == Exit.INVALID
    assert "names nothing to examine" in str(refused) and "scope.accounts" in refused.hint


@pytest.mark.parametrize("home", ["evidence", "elsewhere"])
def test_the_key_of_earlier_runs_is_asked_of_those_that_the_audit_compares_with(tmp_path: Path, home: str) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: Acme}\n", encoding="utf-8")
    results, meta = (tmp_path / home / "earlier" / name for name in (RESULTS, f"{SNAPSHOT}/meta.json"))
    for path, said in (
        (results, {"kind": "run", "now": "2026-08-01T00:00:00Z"}),
        (meta, {"pseudonym_key_id": "a1" * 8}),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said) + "\n", encoding="utf-8")
    for asked in ("evidence", "elsewhere"):
        begun_ = here("audit", "--workspace", tmp_path, "--output", tmp_path / asked)
        assert ("earlier" in begun_.stderr) is (asked == home)


@pytest.mark.parametrize("name", ["a/b", "..", "/tmp/a", "a/"])
def test_the_name_of_a_bundle_is_no_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: Acme}\n", encoding="utf-8")
    refused = here("audit", "--workspace", tmp_path, "--name", name).exception
    assert isinstance(refused, PreuveError) and refused.exit_code == Exit.INVALID
    assert f"{name} is not the name of a bundle" in str(refused)
    assert [path.name for path in tmp_path.iterdir()] == ["preuve.yaml"]


def test_no_bundle_is_named_after_a_person_whom_the_run_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "schema: 1\norganisation: {name: Acme}\nscope: {iac: [{path: a, kind: terraform}]}\n"
    (tmp_path / "preuve.yaml").write_text(code, encoding="utf-8")
    names = KnownNames({"person-aaaaaaaaaaaa": "Alice Martin"})
    monkeypatch.setattr("preuve.pipeline.run.audit.work_in_process", lambda *_: names)
    refused = here("audit", "--workspace", tmp_path, "--name", "Alice-Martin").exception
    assert isinstance(refused, PreuveError) and "named after a person" in str(refused)
    assert not list((tmp_path / "evidence").glob("*"))


def test_a_bundle_with_a_leak_is_not_closed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "page.html").write_text(f"<td>{PERSON}</td>")
    (tmp_path / "data" / "waivers.csv").write_text(f"owner\n{MAIL}")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(tmp_path, KnownNames({"person-aaaaaaaaaaaa": PERSON}))
    for told in ("(names of people or secrets)", "data/page.html:1 « <td>[…]</td> »", "data/waivers.csv:2"):
        assert told in str(caught.value)
    assert PERSON not in str(caught.value) and MAIL not in str(caught.value)


def test_a_word_or_a_phrase_of_ours_is_nobodys_name_where_we_wrote_it(audited: Audited, tmp_path: Path) -> None:
    # Of each kind of file in each folder the smallest one; of what was read and of the workspace none.
    kinds: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in audited.folder.rglob("*"):
        name = path.relative_to(audited.folder)
        if path.is_file() and not name.as_posix().startswith((SNAPSHOT, CONTENT)):
            kinds[name.parts[0] if len(name.parts) < 3 else name.parts[1], path.suffix].append(path)
    chosen = [min(paths, key=lambda path: path.stat().st_size) for paths in kinds.values()]
    texts = [html.unescape(contents(path).decode("utf-8", "replace")) for path in chosen if path.suffix != ".pdf"]
    spelt = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), "\n".join(texts))
    told = plain(re.sub(r"[\w+/]{40,}=*|\w*\d\w*", "#", spelt))  # hashes end anywhere
    read = "\n".join(plain(path.read_text()) for path in (audited.folder / SNAPSHOT).rglob("*.json*"))
    theirs = set(re.findall(r"[^\W\d_]+", read))
    runs = [run.split() for run in re.findall(r"[^\W\d_]+(?: [^\W\d_]+)*", told)]
    words = {word for run in runs for word in run if len(word) > 3 and word not in theirs}
    # What several of our texts make together is no phrase of ours.
    phrases = {" ".join(pair) for run in runs for pair in pairwise(run) if words.issuperset(pair)}
    ours = plain(own_texts())
    phrases = {phrase for phrase in phrases if f" {phrase} " in ours}
    assert len(words) > 1000 and len(phrases) > 300 and {"lang", "doctype", "prose"} <= words
    assert len(words - own_words()) < 20, words - own_words()  # some hashes have no digit
    some = {*sorted(words)[::40], "lang", "doctype", "prose"}
    people = [*(f"{word[0]}qx {word[1:]}" for word in sorted(some)), *sorted(phrases)[::40]]
    names = KnownNames({f"person-{number:012}": name for number, name in enumerate(people)})
    for number, path in enumerate(chosen):
        shutil.copy(path, tmp_path / f"{number}{path.suffix}")
    assert list(Inspector(tmp_path, SNAPSHOT, CONTENT, names).leaks()) == []
    # In data the same words are names.
    facts = tmp_path / SNAPSHOT / "aws" / "ec2.jsonl"
    facts.parent.mkdir(parents=True)
    facts.write_text('{"data":{"Tags":{"Who":"prose"}}}\n', encoding="utf-8")
    (leak,) = Inspector(tmp_path, SNAPSHOT, CONTENT, names).leaks()
    assert leak.file == f"{SNAPSHOT}/aws/ec2.jsonl"
    names.replace_below(facts.parent)
    assert "prose" not in facts.read_text()


def test_a_refusal_at_closing_names_the_resource_or_the_line_of_the_workspace(tmp_path: Path) -> None:
    names, workspace = KnownNames({"person-aaaaaaaaaaaa": "Jean Dupont"}), tmp_path / "workspace"
    bundle = tmp_path / "bundle"
    facts = bundle / SNAPSHOT / "aws" / "ec2.jsonl"
    for path in (facts, bundle / "data" / "page.html", workspace / "waivers.yaml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: b\nreason: for Jean DUPONT\n")
    facts.write_text("")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(bundle, names, workspace)
    assert "waivers.yaml:2" in caught.value.hint
    volume = {
        "type": "AWS::EC2::Volume",
        "id": "vol-1",
        "region": "eu-west-3",
        "data": {"Tags": {"Who": "Jean DUPONT"}},
    }
    facts.write_text(json.dumps(volume) + "\n")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(bundle, names, workspace)
    assert "AWS::EC2::Volume vol-1 eu-west-3, Tags.Who" in caught.value.hint
    assert "DUPONT" not in f"{caught.value}{caught.value.hint}"


def test_of_several_people_the_lines_of_those_whose_names_leak_are_named(tmp_path: Path) -> None:
    names = KnownNames({"person-aaaaaaaaaaaa": "Jean Dupont", "person-bbbbbbbbbbbb": "Noor Benali"})
    workspace, bundle = tmp_path / "workspace", tmp_path / "bundle"
    (bundle / "data").mkdir(parents=True)
    (bundle / "data" / "page.html").write_text("<p>\n<td>J. Dup&#111;nt</td>", encoding="utf-8")
    (workspace / "attestations").mkdir(parents=True)
    (workspace / "attestations" / "a.yaml").write_text("owner: Noor Benali\n", encoding="utf-8")
    (workspace / "waivers.yaml").write_text("waivers:\n  - owner: Jean Dupont\n", encoding="utf-8")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(bundle, names, workspace)
    assert "(waivers.yaml:2)" in caught.value.hint


def test_a_leak_that_data_alone_announces_names_its_resource_and_no_line_with_another_leak(tmp_path: Path) -> None:
    names, workspace = KnownNames({"person-aaaaaaaaaaaa": "Jean Dupont"}), tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "people.csv").write_text("Jean Dupont\n", encoding="utf-8")
    (tmp_path / "bundle" / SNAPSHOT).mkdir(parents=True)
    line = {"kind": "resource", "type": "AWS::S3::Bucket", "id": "exports", "data": {"Note": "Clé API : abcdefgh12345"}}
    (tmp_path / "bundle" / SNAPSHOT / "s3.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(PreuveError) as caught:
        refuse_leaks(tmp_path / "bundle", names, workspace)
    assert "announced" in str(caught.value)
    assert "AWS::S3::Bucket exports, Note" in caught.value.hint and "people.csv" not in caught.value.hint


def test_every_record_agrees_with_the_bundle(audited: Audited) -> None:
    schema = json.loads((ROOT / "reports" / "schemas" / "evidence-record.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    manifest = read_manifest(audited.folder / MANIFEST)
    request_ids = {line["request_id"] for line in read_calls(audited.folder / SNAPSHOT)}
    records = [json.loads(path.read_bytes()) for path in (audited.folder / RECORDS).rglob("*.json")]
    for record in records:
        validator.validate(record)
        for evidence in record["evidence"]:
            assert manifest[evidence["path"]] == evidence["sha256"]
            assert {call["request_id"] for call in evidence["calls"]} <= request_ids
        assert record["run"]["workflow_run_url"] == JOB
        assert record["history"] == {"status_since": record["run"]["finished"], "runs_in_period": 1}
    denied = next(record for record in records if record["policy"]["id"] == "s3-versioning")
    assert {item["why"] for item in denied["population"]["unread"]} == {"denied"}
    counted = {
        record["policy"]["id"]: record["population"]["reconciled"]
        for record in records
        if record["policy"]["method"] == "api"
    }
    both = "rds:DescribeAccountAttributes DBInstances and rds:DescribeAccountAttributes DBClusters"
    assert counted["rds-encrypted"] == {"with": both, "count": 1, "delta": 0}
    planted = {"with": "lambda:GetAccountSettings FunctionCount", "count": 0, "delta": 1}  # a listing of ours
    assert counted["lambda-runtime-supported"] == planted
    assert len({record["record_id"] for record in records}) == len(records) > 100


# ---- interrupted


def begun(emulator: Emulator, arguments: Sequence[str]) -> subprocess.Popen[str]:
    """Start the command, and return once it reads buckets, each of which answers slowly."""
    emulator.reset(state=False)
    emulator.faults({"kind": "latency", "service": "s3", "seconds": 1})
    child = subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        # A suite that was begun with `&` ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread holds a lock here
    )
    end = time.monotonic() + PATIENCE
    while not emulator.ledger("GetBucketPolicy"):
        assert child.poll() is None, child.communicate()[1]
        assert time.monotonic() < end
    return child


def entries(workspace: Path) -> list[str]:
    """Return the content of the evidence folder."""
    home = workspace / "evidence"
    return sorted(path.name for path in home.iterdir()) if home.is_dir() else []


def test_ctrl_c_leaves_nothing_behind(techstart_account: Emulator, tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path, techstart_account.endpoint)
    child = begun(techstart_account, ["audit", "--workspace", str(workspace), "--name", "essai"])
    before = len(techstart_account.ledger())
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=PATIENCE)
    made = len(techstart_account.ledger()) - before
    assert child.returncode == -signal.SIGINT
    assert "nothing unfinished is left" in said
    assert "Traceback" not in said
    assert entries(workspace) == []
    assert made < 400, "only what was under way is finished; a whole run makes many more"


def test_a_killed_run_leaves_no_evidence_and_the_next_run_reports_it(
    techstart_account: Emulator, tmp_path: Path
) -> None:
    workspace = with_few(write_workspace(tmp_path, techstart_account.endpoint), "s3-tls-only", "s3-encrypted")
    arguments = ["audit", "--workspace", str(workspace), "--name", "essai"]
    child = begun(techstart_account, arguments)
    child.kill()
    child.communicate(timeout=PATIENCE)
    (left,) = entries(workspace)
    assert left.startswith(".incomplete-")
    techstart_account.reset(state=False)
    done = preuve(*arguments)
    assert done.returncode in (0, 11), done.stderr
    assert left in done.stderr
    assert entries(workspace) == ["chain.jsonl", "essai"]
    assert (workspace / "evidence" / "essai" / RESULTS).stat().st_size > 0
