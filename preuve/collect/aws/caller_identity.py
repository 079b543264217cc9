"""Finds the account and region of the user's AWS credentials, without waiting and without asking the user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import botocore.exceptions
import botocore.session
from botocore.config import Config

_CONNECT, _READ = 2, 4  # seconds
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")
_AWS_ERRORS = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)


@dataclass(frozen=True)
class CallerIdentity:
    """The settings found in the environment; "" for a setting that is missing."""

    account: str = ""
    region: str = ""


def caller_identity(endpoint_url: str = "") -> CallerIdentity:
    """Read the environment and the AWS files. If there are credentials, one call returns their account.

    A profile that asks for an MFA code is not used. Nor is the metadata service of EC2, because a call to it blocks on
    a machine without one.
    """
    session = botocore.session.Session()
    try:
        named = str(session.get_config_variable("region") or "")
        asks = bool(session.get_scoped_config().get("mfa_serial"))
    except _AWS_ERRORS:
        return CallerIdentity()
    region = named if _REGION.fullmatch(named) else ""
    try:
        return CallerIdentity("" if asks else _account(session, region, endpoint_url), region)
    except _AWS_ERRORS:
        return CallerIdentity(region=region)


def _account(session: Any, region: str, endpoint_url: str) -> str:
    session.get_component("credential_provider").remove("iam-role")
    if session.get_credentials() is None:
        return ""
    config = Config(
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        retries={"total_max_attempts": 1},
        ignore_configured_endpoint_urls=True,
    )
    arguments = {"config": config, "endpoint_url": endpoint_url or None}
    client = session.create_client("sts", region_name=region or "us-east-1", **arguments)
    return str(client.get_caller_identity()["Account"])
