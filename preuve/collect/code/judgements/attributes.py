"""Attributes that identify a resource, as opposed to something else that it has or refers to.

`id` and `arn` do, and attributes called after the type: `user_group_id` of an `aws_elasticache_user_group`,
`LoadBalancerArn` of a load balancer. `default_network_acl_id` of a VPC does not, nor does `description`.
"""

from __future__ import annotations

import re

from preuve.collect.code.language.values.value import PartText, Unknown, Value, owner_of

_OWN = frozenset({"arn", "id", "identifier", "name", "uri", "url"})
_FIRST = ("aws_instance", "primary_network_interface_id")  # each machine has exactly one
_ARN = re.compile(r"arn:[^:]*:[^:]*:(?P<region>[^:]*):[^:]*:(?:[a-z-]+:)?(?P<name>.+?)(?::\*)?")
_ENDING = re.compile(r"(.+?)_?(?:arn|id|identifier|name|url)")


def names_itself(type_: str, attribute: str) -> bool:
    """Return whether an attribute of a type names the resource; `""` is the resource as it stands (`!Ref`)."""
    written = attribute.lower()
    if not written or written in _OWN or (type_, written) == _FIRST:
        return True
    found = _ENDING.fullmatch(written)
    noun = _plain(found[1] if found else written)
    return len(noun) > 1 and _plain(type_).endswith(noun)


def names_in_words(text: str, name: Value, region: Value = None) -> bool:
    """Return whether a text that is written out names what is called so: by its name, or by an ARN that ends in it. An
    ARN of another `region`, where that is known, names another.
    """
    if not isinstance(name, str):
        return False
    found = _ARN.fullmatch(text)
    if found is None or text == name:
        return text == name
    return found["name"] == name and (not isinstance(region, str) or found["region"] in ("", region))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def attribute_of(value: Value) -> str | None:
    """Return which attribute of its owner a value is; None if it is an argument."""
    owner = owner_of(value)
    part = value.parts[0] if isinstance(value, PartText) and len(value.parts) == 1 else value
    if not isinstance(part, Unknown) or len(part.causes) != 1:
        return None
    cause = part.causes[0]
    return cause[len(owner) :].lstrip(".") if cause == owner or cause.startswith(f"{owner}.") else None
