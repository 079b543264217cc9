"""Decides whether two Terraform resources are in one account and region: names are unique there, and some settings
apply to the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from preuve.collect.code.judgements.attributes import attribute_of
from preuve.collect.code.judgements.relations.unknown_values import are_surely_equal
from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.values.value import Value, is_known

_OF_ALL = ("aws_s3_bucket",)  # types whose names are unique in the world
NO_REGION = ("aws_iam_", "aws_cloudfront_")  # prefixes of types whose names are unique in an account
# Arguments that do not choose the account.
_OF_ANY_ACCOUNT = frozenset({"alias", "default_tags", "ignore_tags", "region", "version"})
_ROLE = re.compile(r"arn:[^:]*:iam::(\d{12}):role/")


def is_beside(made: BlockInstance, other: BlockInstance) -> bool | None:
    """Return whether a name in another resource is surely resolved in the scope where this resource has its own; None
    if unknown.
    """
    if made.type in _OF_ALL:
        return True
    if made.type.startswith(NO_REGION):
        return is_one_account(made, other) or None
    if is_elsewhere(made, other):
        return False
    return (_is_one_region(made, other) and is_one_account(made, other)) or None


def is_reached(made: BlockInstance, other: BlockInstance, value: Value) -> bool:
    """Return whether a reference in another resource leads to this one: an ARN contains its account and region, a name
    does not.
    """
    if made.type in _OF_ALL or (attribute_of(value) or "").endswith("arn"):
        return True
    elsewhere = not made.type.startswith(NO_REGION) and is_elsewhere(made, other)
    return not elsewhere and not _may_be_two_accounts(made, other)


def is_of_one_provider(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether two resources surely share account and region: one provider makes them, and neither names its own
    region.
    """
    if any(made.content.arguments.get("region") is not None for made in (one, other)):
        return False
    mine, its = (made.module.provider(made.written) for made in (one, other))
    if mine is not None or its is not None:
        return mine is its
    named = any("provider" in made.written.body.arguments for made in (one, other))
    return not named and one.module is other.module


def is_elsewhere(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether two resources are surely in different regions."""
    mine, its = (region_of(made) for made in (one, other))
    return isinstance(mine, str) and isinstance(its, str) and mine != its


def is_one_account(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether two resources are surely in one account: one provider makes them, or two that choose it in the
    same way.
    """
    mine, its = (made.module.provider(made.written) for made in (one, other))
    if mine is None or its is None:
        return _is_one_name(one, other) or (mine is its and _are_implied(one, other))
    return mine is its or (_account(mine) == _account(its) and is_known(list(_choosing(mine))))


def _may_be_two_accounts(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether the providers of two resources are known and choose their accounts differently."""
    mine, its = (made.module.provider(made.written) for made in (one, other))
    return mine is not None and its is not None and _account(mine) != _account(its)


def _is_one_region(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether two resources are surely in one region."""
    mine, its = (region_of(made) for made in (one, other))
    if mine is None and its is None:  # the region of the environment, or of an unseen provider
        seen = all(made.module.provider(made.written) is not None for made in (one, other))
        return seen or _is_one_name(one, other) or _are_implied(one, other)
    return is_of_one_provider(one, other) or (isinstance(mine, str) and mine == its) or are_surely_equal(mine, its)


def _is_one_name(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether two resources of one module name the same provider."""
    names = {made.module.provider_name(made.written) for made in (one, other)}
    return one.module is other.module and len(names) == 1 and "" not in names


def _are_implied(one: BlockInstance, other: BlockInstance) -> bool:
    """Return whether no block configures the providers of two resources, so that the environment does."""
    return all(made.module.is_implied(made.written) for made in (one, other))


def region_of(made: BlockInstance) -> Value:
    """Return the region of a resource, its own or its provider's; None if neither names one."""
    own = made.content.arguments.get("region")
    return made.module.region(made.written) if own is None else own


def account_of(made: BlockInstance) -> Value:
    """Return the account of a resource if its provider is limited to it or assumes a role in it; otherwise None."""
    provider = made.module.provider(made.written)
    if provider is None:
        return None
    allowed = provider.arguments.get("allowed_account_ids")
    if isinstance(allowed, list | tuple) and len(allowed) == 1:
        return allowed[0]
    roles = [inner.arguments.get("role_arn") for _, inner in provider.blocks.get("assume_role", ())]
    found = _ROLE.match(roles[0]) if len(roles) == 1 and isinstance(roles[0], str) else None
    return found[1] if found else None


def _account(said: Content) -> tuple[dict[str, Value], dict[str, list[Any]]]:
    """Return the arguments of a provider that choose its account."""
    arguments = _choosing_here(said)
    blocks = {name: found for name, found in said.blocks.items() if name not in _OF_ANY_ACCOUNT}
    return arguments, {name: [_account(inner) for _, inner in found] for name, found in blocks.items()}


def _choosing_here(said: Content) -> dict[str, Value]:
    """Return the arguments that choose an account, and the blocks that may not exist."""
    return {name: value for name, value in {**said.arguments, **said.open}.items() if name not in _OF_ANY_ACCOUNT}


def _choosing(said: Content) -> Iterator[Value]:
    """Yield the values that choose the account of a provider."""
    yield from _choosing_here(said).values()
    for name, found in said.blocks.items():
        if name not in _OF_ANY_ACCOUNT:
            yield from (value for _, inner in found for value in _choosing(inner))
