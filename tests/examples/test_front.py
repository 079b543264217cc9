"""The front of the emulated account: what an SDK sees of it."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from emulator import ACCOUNT, PROGRAM, Emulator
from examples.techstart.account.cli import WORKSPACE_PORT
from examples.techstart.account.front import Front
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.saved import SavedResponses

RETRIED = {"mode": "standard", "total_max_attempts": 2}

# One operation per wire protocol, and how it is called.
PROTOCOLS = [
    pytest.param("kms", "list_keys", {}, id="json"),
    pytest.param("lambda", "list_functions", {}, id="rest-json"),
    pytest.param("sns", "list_topics", {}, id="query"),
    pytest.param("ec2", "describe_vpcs", {}, id="ec2"),
    pytest.param("s3", "list_buckets", {}, id="s3"),
    pytest.param("cloudfront", "list_distributions", {}, id="rest-xml"),
    pytest.param("sqs", "list_queues", {}, id="json that was query"),
]


def call(client: Any, method: str, params: dict[str, Any]) -> str:
    """The error code that a call ends with, empty if it works."""
    try:
        getattr(client, method)(**params)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize(("service", "method", "params"), PROTOCOLS)
def test_deny_gives_the_access_denied_code_of_botocore(
    emulator: Emulator, service: str, method: str, params: dict[str, Any]
) -> None:
    emulator.faults({"kind": "deny", "service": service})
    code = call(emulator.client(service, retries=RETRIED), method, params)
    assert code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
    assert len(emulator.ledger()) == 1, "a denial must not be retried"


@pytest.mark.parametrize(("service", "method", "params"), PROTOCOLS)
@pytest.mark.parametrize("kind", ["throttle", "error"])
def test_throttle_and_error_are_retried_and_then_end(
    emulator: Emulator, service: str, method: str, params: dict[str, Any], kind: str
) -> None:
    emulator.faults({"kind": kind, "service": service, "times": 1})
    assert call(emulator.client(service, retries=RETRIED), method, params) == ""
    assert [entry["by"] for entry in emulator.ledger()] == ["fault", "moto"]


@pytest.mark.parametrize(("service", "method", "params"), PROTOCOLS)
def test_expired_token_and_disabled_region_end_the_call(
    emulator: Emulator, service: str, method: str, params: dict[str, Any]
) -> None:
    client = emulator.client(service, retries=RETRIED)
    emulator.faults({"kind": "expired"})
    assert "Expired" in call(client, method, params)
    emulator.faults({"kind": "region_off", "region": "eu-west-3"})
    switched_off = ("UnrecognizedClientException", "AuthFailure", "InvalidClientTokenId", "InvalidAccessKeyId")
    code = call(client, method, params)
    assert code in switched_off or service == "cloudfront"  # a global service is signed for us-east-1
    assert len(emulator.ledger()) == 2


def test_a_disabled_region_leaves_other_regions_unchanged(emulator: Emulator) -> None:
    emulator.faults({"kind": "region_off", "region": "eu-west-1"})
    assert call(emulator.client("ec2", "eu-west-1"), "describe_vpcs", {}) == "AuthFailure"
    assert call(emulator.client("ec2", "eu-west-3"), "describe_vpcs", {}) == ""


def test_drop_closes_the_connection_without_an_answer(emulator: Emulator) -> None:
    emulator.faults({"kind": "drop", "operation": "ListBuckets"})
    with pytest.raises(ConnectionClosedError):
        emulator.client("s3").list_buckets()


def test_hang_lasts_until_the_client_gives_up(emulator: Emulator) -> None:
    emulator.faults({"kind": "hang", "operation": "ListBuckets"})
    with pytest.raises(ReadTimeoutError):
        emulator.client("s3", read_timeout=0.2).list_buckets()


def test_latency_delays_and_then_answers(emulator: Emulator) -> None:
    emulator.faults({"kind": "latency", "seconds": 0.4, "times": 1})
    with pytest.raises(ReadTimeoutError):
        emulator.client("s3", read_timeout=0.1).list_buckets()
    emulator.faults({"kind": "latency", "seconds": 0.1})
    assert call(emulator.client("s3"), "list_buckets", {}) == ""


def test_a_fault_affects_only_its_resource(emulator: Emulator) -> None:
    client = emulator.client("s3")
    for name in ("alpha", "beta"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    emulator.faults({"kind": "deny", "operation": "GetBucketAcl", "resource": "beta"})
    assert call(client, "get_bucket_acl", {"Bucket": "alpha"}) == ""
    assert call(client, "get_bucket_acl", {"Bucket": "beta"}) == "AccessDenied"


def test_an_unknown_kind_of_fault_is_refused_by_name(emulator: Emulator) -> None:
    with pytest.raises(HTTPError) as refused:
        emulator.faults({"kind": "dney"})
    assert "dney" in json.load(refused.value)["error"]


@pytest.mark.parametrize(
    ("service", "method", "params"),
    [
        ("cloudcontrol", "list_resource_requests", {}),  # moto has no such service
        ("ec2", "describe_verified_access_groups", {}),
        ("kms", "describe_custom_key_stores", {}),
        ("iam", "get_context_keys_for_custom_policy", {"PolicyInputList": ["{}"]}),
        ("lambda", "get_runtime_management_config", {"FunctionName": "x"}),
        ("cloudfront", "list_streaming_distributions", {}),
    ],
)
def test_operations_missing_in_moto_give_a_final_4xx_that_never_means_not_set(
    emulator: Emulator, service: str, method: str, params: dict[str, Any]
) -> None:
    client = emulator.client(service, retries=RETRIED)
    assert call(client, method, params) == "EmulatorOperationMissing"
    (entry,) = emulator.ledger()
    assert (entry["status"] // 100, entry["by"]) == (4, "missing")
    assert entry["why"], "the next one who wonders needs to know what moto said"


def test_moto_gets_one_call_at_a_time() -> None:
    counted, threads, calls = [0], 8, 100

    def moto(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        before = counted[0]
        for _ in range(5000):
            continue  # time for another thread, which would then count from the same number
        counted[0] = before + 1
        start_response("200 OK", [])
        return [b""]

    front = Front(moto, SavedResponses(None), GitHub("acme"))

    def ask() -> None:
        for _ in range(calls):
            front({"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}, lambda *_: None)

    running = [threading.Thread(target=ask) for _ in range(threads)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert counted == [threads * calls]


IDENTIFIED = [
    ("s3", "get_bucket_policy_status", {"Bucket": "b"}, "s3", "GetBucketPolicyStatus"),
    ("s3", "get_public_access_block", {"Bucket": "b"}, "s3", "GetPublicAccessBlock"),
    ("s3", "list_objects_v2", {"Bucket": "b"}, "s3", "ListObjectsV2"),
    ("s3", "head_object", {"Bucket": "b", "Key": "a/b"}, "s3", "HeadObject"),
    ("s3control", "get_public_access_block", {"AccountId": ACCOUNT}, "s3control", "GetPublicAccessBlock"),
    ("elb", "describe_load_balancers", {}, "elb", "DescribeLoadBalancers"),
    ("elbv2", "describe_load_balancers", {}, "elbv2", "DescribeLoadBalancers"),
    ("apigateway", "get_rest_apis", {}, "apigateway", "GetRestApis"),
    ("apigatewayv2", "get_apis", {}, "apigatewayv2", "GetApis"),
    ("opensearch", "list_domain_names", {}, "opensearch", "ListDomainNames"),
    ("efs", "describe_file_systems", {}, "efs", "DescribeFileSystems"),
    ("dynamodbstreams", "list_streams", {}, "dynamodbstreams", "ListStreams"),
    ("cloudwatch", "describe_alarms", {}, "cloudwatch", "DescribeAlarms"),
    ("sso-admin", "list_instances", {}, "sso-admin", "ListInstances"),
    ("sesv2", "list_configuration_sets", {}, "sesv2", "ListConfigurationSets"),
    ("resourcegroupstaggingapi", "get_resources", {}, "resourcegroupstaggingapi", "GetResources"),
    ("backup", "list_backup_selections", {"BackupPlanId": "p"}, "backup", "ListBackupSelections"),
    ("route53", "list_resource_record_sets", {"HostedZoneId": "Z1"}, "route53", "ListResourceRecordSets"),
]


@pytest.mark.parametrize(("client_name", "method", "params", "service", "operation"), IDENTIFIED)
def test_the_ledger_names_the_operation_that_was_called(
    emulator: Emulator, client_name: str, method: str, params: dict[str, Any], service: str, operation: str
) -> None:
    call(emulator.client(client_name), method, params)
    (entry,) = emulator.ledger()
    assert (entry["service"], entry["operation"]) == (service, operation)


def test_the_ledger_distinguishes_reads_by_their_parameters(emulator: Emulator) -> None:
    client = emulator.client("iam")
    for user in ("camille", "camille", "noor"):
        call(client, "get_user", {"UserName": user})
    first, again, other = (entry["digest"] for entry in emulator.ledger("GetUser"))
    assert first == again != other


def test_reset_empties_the_account_and_removes_faults_and_responses(emulator: Emulator) -> None:
    client = emulator.client("sns")
    client.create_topic(Name="alerts")
    emulator.faults({"kind": "deny", "operation": "ListSubscriptions"})
    emulator.respond("sns", "ListTopics", {"Topics": [{"TopicArn": "arn:added"}]})
    assert client.list_topics()["Topics"] == [{"TopicArn": "arn:added"}]
    emulator.reset()
    assert client.list_topics()["Topics"] == []
    assert client.list_subscriptions()["Subscriptions"] == []


def test_an_added_response_can_depend_on_region_and_parameters(emulator: Emulator) -> None:
    cases = [
        {"when": {"KeyId": "gone"}, "error": {"code": "NotFoundException", "message": "no such key"}},
        {"body": {"KeyRotationEnabled": True}},
    ]
    emulator.respond("kms", "GetKeyRotationStatus", region="eu-west-1", cases=cases)
    client = emulator.client("kms", "eu-west-1")
    assert client.get_key_rotation_status(KeyId="k")["KeyRotationEnabled"] is True
    assert call(client, "get_key_rotation_status", {"KeyId": "gone"}) == "NotFoundException"
    assert emulator.ledger()[-1]["by"] == "saved"
    call(emulator.client("kms", "eu-west-3"), "get_key_rotation_status", {"KeyId": "k"})
    assert emulator.ledger()[-1]["by"] == "moto"


def test_the_port_is_closed_on_every_other_address(emulator: Emulator) -> None:
    port = int(emulator.endpoint.rpartition(":")[2])
    table = "".join(open(f"/proc/net/{name}").read() for name in ("tcp", "tcp6"))  # noqa: SIM115, PTH123
    listening = [line.split()[1] for line in table.splitlines() if len(line.split()) > 3 and line.split()[3] == "0A"]
    mine = [address for address in listening if address.endswith(f":{port:04X}")]
    assert mine == [f"0100007F:{port:04X}"]
    with socket.socket() as other, pytest.raises(OSError):
        other.connect(("127.0.0.2", port))


def test_a_request_with_a_foreign_host_name_is_refused(emulator: Emulator) -> None:
    request = Request(f"{emulator.endpoint}/_front/ledger", headers={"Host": "evil.example:80"})
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    assert refused.value.code == 403


INHERITED = {
    "PATH": "/usr/bin",
    "AWS_PROFILE": "company-production",
    "AWS_SESSION_TOKEN": "token",
    "AWS_ENDPOINT_URL": "https://example.com",
    "HTTPS_PROXY": "http://proxy.example:3128",
    "http_proxy": "http://proxy.example:3128",
    "KEPT": "yes",
}
WAITS = """
import json, os, sys
print(json.dumps([sys.argv[1], dict(os.environ)]), flush=True)
sys.stdin.read()
raise SystemExit(7)
"""


@pytest.fixture(scope="module")
def ran() -> Iterator[tuple[Emulator, dict[str, str]]]:
    """The account that `run` serves to a command, large, and the environment of the command, whose code it returns."""
    command = [sys.executable, str(PROGRAM), "run", "--benchmark", "1", "--", sys.executable, "-c", WAITS, "{port}"]
    with subprocess.Popen(
        command, env=INHERITED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        port, seen = json.loads(process.stdout.readline())
        yield Emulator(f"http://127.0.0.1:{port}"), seen
        process.communicate(timeout=60)
    assert process.returncode == 7


def test_run_removes_aws_settings_from_the_command(ran: tuple[Emulator, dict[str, str]]) -> None:
    seen = ran[1]
    assert seen["KEPT"] == "yes"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "http_proxy"} & set(seen)
    assert seen["AWS_CONFIG_FILE"] == seen["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert not [name for name in seen if name.startswith("MOTO_")]


def test_run_takes_a_free_port_on_request(ran: tuple[Emulator, dict[str, str]]) -> None:
    assert int(ran[0].endpoint.rpartition(":")[2]) != WORKSPACE_PORT
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = ["run", "--port", str(taken.getsockname()[1]), "--", sys.executable, "-c", "", "{port}"]
        done = subprocess.run([sys.executable, str(PROGRAM), *busy], capture_output=True, timeout=120, check=False)
        assert done.returncode != 0, "a port that was named is that one or none"


def test_ids_are_the_same_on_every_run(ran: tuple[Emulator, dict[str, str]], techstart_account: Emulator) -> None:
    def ids(account: Emulator) -> tuple[set[str], set[str]]:
        ec2, kms = account.client("ec2"), account.client("kms")
        groups = {group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
        return groups, {key["KeyId"] for key in kms.list_keys()["Keys"]}

    (groups, keys), (other_groups, other_keys) = ids(techstart_account), ids(ran[0])
    assert keys == other_keys
    assert groups < other_groups  # the large estate has some more


def test_the_benchmark_option_adds_its_resources(
    ran: tuple[Emulator, dict[str, str]], techstart_account: Emulator
) -> None:
    def counts(account: Emulator) -> list[int]:
        volumes = [account.client("ec2", name).describe_volumes()["Volumes"] for name in ("eu-west-3", "eu-west-1")]
        lists = [account.client("s3").list_buckets()["Buckets"], account.client("iam").list_users()["Users"], *volumes]
        return [len(found) for found in lists]

    more = [large - usual for large, usual in zip(counts(ran[0]), counts(techstart_account), strict=True)]
    assert more == [200, 50, 40, 40]


def test_run_reports_a_missing_command_at_once() -> None:
    command = [sys.executable, str(PROGRAM), "run", "--port", "0", "--", "no-such-command"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 127
    assert "no-such-command" in done.stderr
    assert "resources" not in done.stderr, "nothing is seeded for nothing"


def test_automatic_snapshots_have_stable_names(techstart_account: Emulator) -> None:
    rds = techstart_account.client("rds")
    made = [item for item in rds.describe_db_snapshots()["DBSnapshots"] if item["SnapshotType"] == "automated"]
    assert made
    for snapshot in made:
        assert snapshot["DBSnapshotIdentifier"] == f"rds:{snapshot['DBInstanceIdentifier']}-2026-09-01-03-05"
        assert snapshot["DBSnapshotArn"].endswith(snapshot["DBSnapshotIdentifier"])
        rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])


def test_a_queue_has_the_same_address_on_any_port(techstart_account: Emulator) -> None:
    sqs = techstart_account.client("sqs")
    urls = sqs.list_queues()["QueueUrls"]
    assert f"https://sqs.eu-west-3.amazonaws.com/{ACCOUNT}/techstart-taches" in urls
    for url in urls:
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        assert sqs.get_queue_url(QueueName=url.rpartition("/")[2])["QueueUrl"] == url


def test_a_tagged_resource_is_named_in_its_own_region_alone(techstart_account: Emulator) -> None:
    s3 = techstart_account.client("s3")
    seen: dict[str, str] = {}
    for region in ("eu-west-3", "eu-west-1", "us-east-1", "ap-south-1"):
        pages = techstart_account.client("resourcegroupstaggingapi", region).get_paginator("get_resources").paginate()
        for arn in (item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]):
            own, name = arn.split(":")[3], arn.rpartition(":")[2]
            if not own and arn.startswith("arn:aws:s3:"):
                own = s3.get_bucket_location(Bucket=name)["LocationConstraint"]
            assert region == (own or "us-east-1")
            assert arn not in seen
            seen[arn] = region
    assert {"eu-west-3", "eu-west-1"} <= set(seen.values())
    assert any(arn.startswith("arn:aws:s3:") for arn in seen)
