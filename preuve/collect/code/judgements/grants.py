"""The grantees in the ACL of a bucket or an object: a canned ACL, or single grants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause, not_known

_PRIVATE = frozenset(
    {"private", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"}
)
_PUBLIC = frozenset({"public-read", "public-read-write", "authenticated-read", "website"})
_EVERYBODY = ("/groups/global/allusers", "/groups/global/authenticatedusers")
_DELIVERY = "/groups/s3/logdelivery"

# The same in templates.
_PRIVATE_IN_TEMPLATES = frozenset(
    {"Private", "AwsExecRead", "BucketOwnerRead", "BucketOwnerFullControl", "LogDeliveryWrite"}
)
_PUBLIC_IN_TEMPLATES = frozenset({"PublicRead", "PublicReadWrite", "AuthenticatedRead"})

OBJECTS = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy")
_NO_ACL = ", which is none of the canned ACLs: "
OPEN = ""  # no cause: the grant is surely public


def openings(body: Body) -> Iterator[tuple[str, str]]:
    """Yield the path of each grant that gives public access, with OPEN, or with the cause why it only may."""
    for name in ("acl", "AccessControl"):
        if (canned := _canned(name, argument(body, name))) is not None:
            yield name, canned
    yield from _grants(body, "")  # the ACL of the bucket itself
    for policy, surely, place in _blocks(body, "access_control_policy", ""):
        yield from _grants(policy, place, surely=surely)


def _canned(name: str, value: Any) -> str | None:
    if value is None or value in _PRIVATE | _PRIVATE_IN_TEMPLATES:
        return None
    if value in _PUBLIC | _PUBLIC_IN_TEMPLATES:
        return OPEN
    return cause(value) if not_known(value) else f"{name}{_NO_ACL}{value}"


def _grants(body: Body, prefix: str, *, surely: bool = True) -> Iterator[tuple[str, str]]:
    for grant, there, place in _blocks(body, "grant", prefix):
        for grantee, named, inner in [(grant, True, place), *_blocks(grant, "grantee", place)]:
            if (found := _group(argument(grantee, "uri"))) is not None:
                loop = OPEN if surely and there and named else "dynamic block: grant"
                yield f"{inner}uri", found or loop
    for name in ("access_control_policy", "grant"):
        yield from (("", hidden) for hidden in blocks(body, name)[2])


def _blocks(body: Body, name: str, prefix: str) -> Iterator[tuple[Body, bool, str]]:
    surely, perhaps, _ = blocks(body, name)
    yield from ((item, True, f"{prefix}{name}/[{number}]/") for number, item in enumerate(surely))
    yield from ((item, False, f"{prefix}{name}/") for item in perhaps)


def _group(value: Any) -> str | None:
    """Return OPEN for a group of everybody, None for no group or the one for log delivery, otherwise why the group is
    unknown.
    """
    if value is None:
        return None
    text = str(value).lower()
    if text.endswith(_EVERYBODY):
        return OPEN
    return None if text.endswith(_DELIVERY) else cause(value)
