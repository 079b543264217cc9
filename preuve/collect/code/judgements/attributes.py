"""Attributes that identify a resource, in contrast to other properties and references.

`id` and `arn` identify a resource, and attributes named after the type: `user_group_id` of an
`aws_elasticache_user_group`, `LoadBalancerArn` of a load balancer. `default_network_acl_id` of a VPC does not, nor does
`description`.
"""

from __future__ import annotations

import re

from preuve.collect.code.language.values.value import PartText, Unknown, Value, owner_of

_OWN = frozenset({"arn", "id", "identifier", "name", "uri", "url"})
_FIRST = ("aws_instance", "primary_network_interface_id")  # each instance has exactly one primary interface
_ARN = re.compile(
    r"arn:[^:]*:(?P<service>[^:]*):(?P<region>[^:]*):(?P<account>[^:]*):(?P<kind>(?:[a-z-]+:)?)(?P<name>.+?)(?::\*)?"
)
# Types that code may name by a literal ARN: the service, and the part of the ARN before the name.
_IN_ARNS = {
    "aws_cloudwatch_log_group": ("logs", "log-group:"),
    "AWS::Logs::LogGroup": ("logs", "log-group:"),
    "aws_s3_bucket": ("s3", ""),
    "AWS::S3::Bucket": ("s3", ""),
    "aws_secretsmanager_secret": ("secretsmanager", "secret:"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "secret:"),
}
_ENDING = re.compile(r"(.+?)_?(?:arn|id|identifier|name|url)")


def names_itself(type_: str, attribute: str) -> bool:
    """Return whether an attribute of a type identifies the resource; `""` is the reference itself (`!Ref`)."""
    written = attribute.lower()
    if not written or written in _OWN or (type_, written) == _FIRST:
        return True
    found = _ENDING.fullmatch(written)
    noun = _plain(found[1] if found else written)
    return len(noun) > 1 and _plain(type_).endswith(noun)


def names_in_words(text: str, type_: str, name: Value, region: Value = None, account: Value = None) -> bool | None:
    """Return whether a literal text identifies a resource with some name: by this name, or by an ARN of its service,
    region and account that ends in it. None if the region or account of the ARN is unknown.
    """
    if not isinstance(name, str):
        return False
    found = _ARN.fullmatch(text)
    if found is None or text == name:
        return text == name
    of_type = (found["service"], found["kind"])
    if found["name"] != name or of_type != _IN_ARNS.get(type_, of_type):
        return False
    if any(isinstance(own, str) and found[part] not in ("", own) for part, own in _places(region, account)):
        return False
    return (type_ in _IN_ARNS and all(found[part] == own for part, own in _places(region, account))) or None


def _places(region: Value, account: Value) -> tuple[tuple[str, Value], ...]:
    return ("region", region), ("account", account)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def attribute_of(value: Value) -> str | None:
    """Return the attribute through which a value identifies its owner; None if the value is an argument."""
    owner = owner_of(value)
    part = value.parts[0] if isinstance(value, PartText) and len(value.parts) == 1 else value
    if not isinstance(part, Unknown) or len(part.causes) != 1:
        return None
    cause = part.causes[0]
    return cause[len(owner) :].lstrip(".") if cause == owner or cause.startswith(f"{owner}.") else None
