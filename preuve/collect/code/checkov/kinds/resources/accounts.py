"""The account in which a block of Terraform is made: by its own words, or by how its provider signs in."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from preuve.collect.code.checkov.kinds.resources.commands import SHARED
from preuve.collect.code.language.dependencies.terraform import texts_behind
from preuve.collect.code.language.hcl.blocks import (
    BlockInstance,
    values_at,
)
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.verdict.grounds import (
    hashes_of,
)
from preuve.collect.code.verdict.identities import Block, accounts_in, accounts_said

_SIGNING_IN = ("profile", "access_key", *SHARED)
_ROLES = ("assume_role_with_web_identity", "assume_role")


def _is_sure(made: BlockInstance) -> bool:
    """Return whether a block is surely made: its own loop, and those of all calls that lead to it."""
    return made.instance.sure and all(caller.instance.sure for caller in made.module.callers())


def of_the_whole(block: Block, made: BlockInstance) -> Block:
    """Return a block with what is asked of one for a whole account: whether it is surely made, and the accounts, as far
    as it or its provider says.
    """
    said = accounts_said(made.content.arguments)
    provider = made.module.provider(made.written) if said is None else None
    block = replace(block, unsure=block.unsure or not _is_sure(made), accounts=said or ())
    if provider is None:
        return block
    # The role of the outside identity is taken first, those of `assume_role` with it.
    taken = (values_at(provider, (one, "role_arn")) for one in _ROLES)
    roles = [*chain.from_iterable(taken)]
    own = {name: provider.arguments[name] for name in _SIGNING_IN if name in provider.arguments}
    texts = _behind_signing_in(made, replace(provider, arguments=own)) if own or roles else ()
    signs_in = hashes_of([[{**own, "roles": roles}, *texts]])[0] if own or roles else ""
    return replace(block, accounts=accounts_in(provider.arguments.get("allowed_account_ids"), roles), signs_in=signs_in)


def account_of(made: BlockInstance) -> str:
    """Return the account of a block if the code says which it is, else a hash of how its provider signs in; "" where
    that is said nowhere.
    """
    block = of_the_whole(Block(made.address, made.type, "", 0, 0, {}), made)
    accounts = {one for run in block.accounts for one in run}
    return accounts.pop() if len(accounts) == 1 else block.signs_in


def _behind_signing_in(made: BlockInstance, said: Content) -> tuple[str, ...]:
    """Return what is behind how the provider of a block signs in, as far as that is not known."""
    found = made.module.provider_block(made.written)
    roles = {kind: said.blocks[kind] for kind in _ROLES if kind in said.blocks}
    return texts_behind(replace(said, blocks=roles, open={}), *found) if found else ()
