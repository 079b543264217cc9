"""What happened in the account in the months before: how it was, and what was put right or went wrong when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from account.estate.tools import PARIS, Aws

AUDITS = (date(2025, 12, 18), date(2026, 3, 26), date(2026, 6, 25), date(2026, 9, 24))
FIRST_SCAN, LAST_SCAN = date(2025, 12, 1), date(2026, 11, 23)
NO_SCANS = "2026-08"  # the runner was down, and nobody noticed for a month


@dataclass(frozen=True)
class Change:
    """What somebody did on a day."""

    day: date
    service: str
    call: str
    given: Mapping[str, Any]

    def apply(self, aws: Aws) -> None:
        """Do it."""
        getattr(aws(self.service, PARIS), self.call)(**self.given)


_OPEN = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False)
_CLOSED = dict.fromkeys(_OPEN, True)
_START = date(2025, 11, 1)


def changes(aws: Aws) -> list[Change]:
    """In the order of their days; those of the first day make the account what it was."""
    group = _group(aws)
    return [
        Change(_START, "cloudtrail", "stop_logging", {"Name": "techstart-piste"}),
        Change(_START, "s3", "put_public_access_block", _block("techstart-paie", _OPEN)),
        Change(_START, "s3", "put_public_access_block", _block("techstart-factures", _OPEN)),
        Change(_START, "s3", "put_bucket_versioning", _versions("techstart-clients-documents", "Suspended")),
        Change(_START, "s3", "put_bucket_versioning", _versions("techstart-etat-terraform", "Suspended")),
        Change(_START, "s3", "delete_bucket_encryption", {"Bucket": "techstart-paie"}),
        Change(_START, "ec2", "authorize_security_group_ingress", {"GroupId": group, "IpPermissions": [_RDP]}),
        Change(_START, "iam", "delete_account_password_policy", {}),
        Change(_START, "iam", "attach_user_policy", _admin("ines.lopez")),
        Change(date(2026, 1, 12), "cloudtrail", "start_logging", {"Name": "techstart-piste"}),
        Change(date(2026, 2, 17), "s3", "put_public_access_block", _block("techstart-paie", _CLOSED)),
        Change(date(2026, 3, 9), "iam", "detach_user_policy", _admin("ines.lopez")),
        Change(date(2026, 4, 14), "iam", "update_account_password_policy", _PASSWORDS),
        Change(date(2026, 5, 5), "s3", "put_bucket_versioning", _versions("techstart-clients-documents", "Enabled")),
        Change(date(2026, 6, 2), "s3", "put_public_access_block", _block("techstart-factures", _CLOSED)),
        # Opened again in a hurry, and closed again.
        Change(date(2026, 7, 20), "s3", "put_public_access_block", _block("techstart-paie", _OPEN)),
        Change(date(2026, 9, 7), "ec2", "revoke_security_group_ingress", {"GroupId": group, "IpPermissions": [_RDP]}),
        Change(date(2026, 10, 6), "s3", "put_public_access_block", _block("techstart-paie", _CLOSED)),
        Change(date(2026, 10, 19), "s3", "put_bucket_versioning", _versions("techstart-etat-terraform", "Enabled")),
    ]


def scans() -> Iterator[date]:
    """The nights whose scan was recorded: one a week."""
    day = FIRST_SCAN
    while day <= LAST_SCAN:
        if not f"{day}".startswith(NO_SCANS):
            yield day
        day += timedelta(days=7)


_RDP = {"IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
_PASSWORDS = {
    "MinimumPasswordLength": 8,
    "RequireNumbers": True,
    "RequireLowercaseCharacters": True,
    "AllowUsersToChangePassword": True,
}


def _block(bucket: str, settings: Mapping[str, bool]) -> dict[str, Any]:
    return {"Bucket": bucket, "PublicAccessBlockConfiguration": dict(settings)}


def _versions(bucket: str, status: str) -> dict[str, Any]:
    return {"Bucket": bucket, "VersioningConfiguration": {"Status": status}}


def _admin(user: str) -> dict[str, str]:
    return {"UserName": user, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}


def _group(aws: Aws) -> str:
    """The group of the application's servers."""
    named = {"Name": "group-name", "Values": ["techstart-application"]}
    groups = aws("ec2", PARIS).describe_security_groups(Filters=[named])["SecurityGroups"]
    return str(groups[0]["GroupId"])
