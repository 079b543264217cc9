"""Thirteen accounts of a group that does not exist, each with its own data, reached by roles; five are in trouble."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.config import Config

from .seed import steer

REGION = "eu-west-3"
MEMBERS = {
    "200000000001": ("log-archive", "Security"),
    "200000000002": ("security", "Security"),
    "200000000003": ("shop", "Workloads/Prod"),
    "200000000004": ("shop-test", "Workloads/Test"),
    "200000000005": ("payroll", "Workloads/Prod"),
    "200000000006": ("data", "Workloads/Prod"),
    "200000000007": ("sandbox", "Workloads/Test"),
    "200000000008": ("closed-shop", "Workloads/Prod"),
    "200000000009": ("acquired", "Workloads/Prod"),
    "200000000010": ("long", "Workloads/Prod"),
    "200000000011": ("unlucky", "Workloads/Prod"),
    "200000000012": ("partner-lab", "Partners"),
}
SUSPENDED, REFUSES, ENDS, KILLED_ONCE, KILLED = (
    "200000000008", "200000000009", "200000000010", "200000000007", "200000000011",
)  # fmt: skip
_ROLE = "arn:aws:iam::{account}:role/preuve-scan"
_NOT_YOURS = "You don't have permissions to access this resource."
_CALLS = 60  # of the account whose role ends
_SLOW = 2.0  # seconds before whoever is killed gets its keys
_LOOK = 0.05
_HELD = ".turn-"


def fill(endpoint: str) -> int:
    """Fill all accounts; returns how many they are."""
    _organization(endpoint)
    for number, (account, (name, _)) in enumerate(MEMBERS.items()):
        _account(_session(endpoint, account), endpoint, name, number)
    steer(endpoint, "reset", {"state": False})
    return 1 + len(MEMBERS)


def _organization(endpoint: str) -> None:
    """The organization with its units and accounts, of which one is closed."""
    client = _own(endpoint, "organizations")
    client.create_organization(FeatureSet="ALL")
    units = {"": client.list_roots()["Roots"][0]["Id"]}
    for account, (name, unit) in MEMBERS.items():
        for path in (*map(str, reversed(Path(unit).parents)), unit):
            if path not in (".", *units):
                above, _, last = path.rpartition("/")
                made = client.create_organizational_unit(ParentId=units[above], Name=last)
                units[path] = made["OrganizationalUnit"]["Id"]
        with patch("moto.organizations.utils.make_random_account_id", lambda account=account: account):
            client.create_account(Email=f"aws+{name}@techgroup.example", AccountName=name)
        client.move_account(AccountId=account, SourceParentId=units[""], DestinationParentId=units[unit])
    client.close_account(AccountId=SUSPENDED)


def _own(endpoint: str, service: str) -> Any:
    """A client of the account that manages the organization."""
    session = boto3.Session("AKIAEMULATEDACCOUNT0", "not-a-secret")
    return session.client(service, region_name=REGION, endpoint_url=endpoint, config=_CONFIG)


def _session(endpoint: str, account: str) -> boto3.Session:
    sts = _own(endpoint, "sts")
    keys = sts.assume_role(RoleArn=_ROLE.format(account=account), RoleSessionName="fill")["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


_CONFIG = Config(retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})


def _account(session: boto3.Session, endpoint: str, name: str, number: int) -> None:
    """A few resources; which of them are as they should be differs from account to account."""

    def client(service: str) -> Any:
        return session.client(service, region_name=REGION, endpoint_url=endpoint, config=_CONFIG)

    s3, iam, ec2 = client("s3"), client("iam"), client("ec2")
    for what in ("documents", "logs")[: 1 + number % 2]:
        bucket = f"techgroup-{name}-{what}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        if number % 3:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    iam.create_user(UserName=f"{name}.admin")
    if number % 4 == 0:
        iam.create_access_key(UserName=f"{name}.admin")
    group = ec2.create_security_group(GroupName=f"{name}-web", Description="web")["GroupId"]
    source = "0.0.0.0/0" if number % 3 == 2 else "10.0.0.0/8"
    opened = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": source}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[opened])


@contextmanager
def disturbed(endpoint: str) -> Iterator[None]:
    """Within it one account is suspended, one refuses the role, one's role ends, and the readers of two are killed."""
    closed = "The account is suspended."
    steer(
        endpoint,
        "faults",
        [
            {"kind": "deny", "operation": "AssumeRole", "resource": SUSPENDED, "message": closed},
            {"kind": "deny", "operation": "AssumeRole", "resource": REFUSES},
            {"kind": "expired", "account": ENDS, "after": _CALLS},
            *(  # Organizations tells an account that does not manage it nothing of these
                {
                    "kind": "deny",
                    "service": "organizations",
                    "account": account,
                    "operation": operation,
                    "message": _NOT_YOURS,
                }
                for account in MEMBERS
                for operation in ("ListRoots", "ListPolicies")
            ),
            *(
                {"kind": "latency", "operation": "AssumeRole", "resource": account, "seconds": _SLOW}
                for account in (KILLED_ONCE, KILLED)
            ),
        ],
    )
    ended = threading.Event()
    thread = threading.Thread(target=_kill, args=(ended,), name="killer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _kill(ended: threading.Event) -> None:
    """Kill the process that reads an account, once or whenever there is one; Linux alone shows who it is."""
    spared: set[str] = set()
    while not ended.wait(_LOOK):
        for process in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
            try:
                held = {file.name.removeprefix(_HELD) for file in _open_files(process)}
                wanted = held & ({KILLED, KILLED_ONCE} - spared)  # whoever reads an account holds a folder of its name
                if wanted and _ours(process):
                    os.kill(process, signal.SIGKILL)
                    spared |= wanted & {KILLED_ONCE}
            except (OSError, ValueError, IndexError):
                continue  # it ended meanwhile, or is another's


def _open_files(process: int) -> Iterator[Path]:
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile
            yield link.readlink()


def _ours(process: int) -> bool:
    """Whether a process was begun by this one, or by one that was."""
    while process > 1:
        if process == os.getpid():
            return True
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        process = int(status.rpartition(")")[2].split()[1])
    return False
