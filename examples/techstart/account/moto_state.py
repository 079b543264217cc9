"""Reads moto's own state, which runs in this process: ids that are not known before the estate is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from .server import ACCOUNT

_KEY = re.compile(r"Credential=([^/,\s]+)/")
_GLOBAL = "us-east-1"  # of what has no region
_ASKED = ContextVar("asked", default=ACCOUNT)


@contextmanager
def asking(headers: Mapping[str, str]) -> Iterator[str]:
    """Within it, the account is the one whose keys signed a request: those of a role that was assumed, or our own."""
    found = _holder(headers)
    before = _ASKED.set(found)
    try:
        yield found
    finally:
        _ASKED.reset(before)


def _holder(headers: Mapping[str, str]) -> str:
    from moto.iam.models import iam_backends  # noqa: PLC0415 - moto reads its settings when it is imported

    signed = _KEY.search(headers.get("authorization", ""))
    if signed is None:
        return ACCOUNT
    for account_id, partitions in list(iam_backends.items()):
        made = dict.get(partitions, "aws")  # moto's own look makes every partition, each with all managed policies
        if made is not None and signed[1] in made.access_keys:
            return str(account_id)
    return ACCOUNT


def account() -> str:
    """The account that is asked."""
    return _ASKED.get()


def backend(service: Any) -> Any:
    """moto's backends of a service in the account, by region (`aws` for a global one)."""
    from moto.backends import get_backend  # noqa: PLC0415 - moto reads its settings when it is imported

    return get_backend(service)[account()]


@cache
def name_resources_where_they_are() -> None:
    """Has GetResources name a resource in its own region alone, as AWS does, and a global one in us-east-1.

    moto names buckets, distributions and users in each region.
    """
    from moto.backends import get_backend  # noqa: PLC0415
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend as Tagging  # noqa: PLC0415

    everywhere = Tagging._get_resources_generator

    def there(self: Any, *filters: Any, **named: Any) -> Iterator[Any]:
        buckets = get_backend("s3")[self.account_id]["aws"].buckets
        for tagged in everywhere(self, *filters, **named):
            region, name = tagged.arn.split(":")[3], tagged.arn.rpartition(":")[2]
            home = region or (buckets[name].region_name if name in buckets else _GLOBAL)
            if home == self.region_name:
                yield tagged

    Tagging._get_resources_generator = there


def resource_id(name: str, region: str) -> str:
    """The id behind `instance/NAME` or the ARN behind `balancer/NAME`, empty where there is none."""
    kind, _, wanted = name.partition("/")
    if kind == "balancer":
        balancers = backend("elbv2")[region].load_balancers.values()
        return next((str(balancer.arn) for balancer in balancers if balancer.name == wanted), "")
    instances = backend("ec2")[region].all_instances()
    return next((str(item.id) for item in instances if {"key": "Name", "value": wanted} in _tags(item)), "")


def count(what: str, region: str) -> int:
    """How many functions, database instances, clusters or scaling groups there are in a region."""
    if what == "functions":
        return len(list(backend("lambda")[region].list_functions()))
    if what == "groups":
        return len(backend("autoscaling")[region].autoscaling_groups)
    return len({"instances": backend("rds")[region].databases, "clusters": backend("rds")[region].clusters}[what])


def _tags(instance: Any) -> list[dict[str, str]]:
    return [{"key": tag["key"], "value": tag["value"]} for tag in instance.get_tags()]
