"""Commands that a block of Terraform runs on the machine of Terraform, and the functions that it invokes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from preuve.collect.code.checkov.shapes.values import body_of
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.attributes import as_provider_sees
from preuve.collect.code.job import Gap
from preuve.collect.code.language.dependencies.invoked_code import InvokedCode
from preuve.collect.code.language.dependencies.terraform import source, texts_behind
from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.references import references
from preuve.collect.code.language.hcl.syntax.nodes import Block as Written
from preuve.collect.code.language.hcl.syntax.nodes import Body
from preuve.collect.code.language.hcl.syntax.short_form import written as written_out
from preuve.collect.code.verdict.grounds import hashes_of
from preuve.model.known_types import KnownTypes
from preuve.model.snapshot import RUNS_COMMANDS

_ON_THE_RESOURCE = (("file",), ("remote-exec",))  # provisioners that run nothing where Terraform runs
_INVOKING = ("aws_lambda_invocation", "aws_ssm_association")  # resources that run what is elsewhere when they are made
# What keeps the keys of a state of OpenTofu, and encrypts with them, without a program of its own.
_ENCRYPTING = frozenset({"aes_gcm", "aws_kms", "azure_vault", "gcp_kms", "openbao", "pbkdf2", "unencrypted"})
_REMOTE_STATE = "terraform_remote_state"
SHARED = ("shared_config_files", "shared_credentials_files", "shared_credentials_file")
_CREDENTIAL_PROCESS = re.compile(rb"(?m)^[ \t]*credential_process[ \t]*=.*$")


def place_of(made: BlockInstance, sources: Sources) -> tuple[str, int]:
    """Return the file of a block and its line."""
    return sources.relative(made.file), made.written.block.line


def commands_of_block(made: BlockInstance, sources: Sources, quiet: KnownTypes, invoked: InvokedCode) -> Iterator[Gap]:
    """Yield a gap for the commands that a block runs on the machine of Terraform, and for the functions that it
    invokes: they may call AWS. Only `quiet` types are known to read and do nothing else.
    """
    file, line = place_of(made, sources)
    at = made.address.partition("[")[0]
    if _runs(made, quiet):
        run = [said_of(made, made.content), *invoked.said_behind(made)]
        yield Gap(file, RUNS_COMMANDS, "", line, at, hashes_of(run))
    signs_in = made.kind in ("provider", "terraform") or (made.kind, made.type) == ("data", _REMOTE_STATE)
    if signs_in and (started := [*_credential_processes(made, sources)]):
        yield Gap(file, RUNS_COMMANDS, "", line, at, hashes_of(started))
    for block, inside in _programs(made.content) if made.kind == "terraform" else ():
        yield Gap(file, RUNS_COMMANDS, "", block.line, at, hashes_of([said_of(made, inside)]))
    for block in made.written.body.blocks:
        if block.kind == "provisioner" and block.labels not in _ON_THE_RESOURCE:
            run = [said_of(made, inner) for _, inner in made.content.blocks[block.kind]]
            whole = [said_of(made, made.content)] if _names_itself(block.body) else []
            yield Gap(file, RUNS_COMMANDS, "", block.line, at, hashes_of([*run, *whole]))
        for trigger in block.body.blocks if block.kind == "lifecycle" else ():
            if trigger.kind == "action_trigger":
                said = {name: source(one.value) for name, one in trigger.body.arguments.items()}
                yield Gap(file, RUNS_COMMANDS, "", trigger.line, at, hashes_of([said]))


def as_given(made: BlockInstance) -> Content:
    """Return the content of a block in the form that its provider gets."""
    return as_provider_sees(made.type if made.kind == "resource" else "", made.content)


def said_of(made: BlockInstance, content: Content, *, reads: bool = False) -> Any:
    """Return what is said in a body of a block; what is not known may become any of what is written behind it. It may
    name a file that it `reads`.
    """
    texts = texts_behind(content, made.module, made.written, reads=reads)
    return [body_of(content), *texts] if texts else body_of(content)


def _runs(made: BlockInstance, quiet: KnownTypes) -> bool:
    """Return whether a block runs or invokes something by itself, or is not known only to read."""
    match made.kind:
        case "resource":
            return made.type in _INVOKING
        case "provider":
            return _holds(body_of(made.content), "exec")
        case "import" | "module" | "removed" | "terraform":
            return False
        case "data" if made.type == _REMOTE_STATE:
            return _holds(body_of(made.content), "exec")
    return made.kind == "action" or made.type not in quiet


def _credential_processes(made: BlockInstance, sources: Sources) -> Iterator[str]:
    """Yield the programs that give a provider or a backend its credentials, by the files in the code that it reads."""
    for path in (made.module.share.folder / name for name in sorted(set(_named_files(body_of(made.content))))):
        content = sources.content(path) if sources.readable(path) else b""
        if isinstance(content, bytes):
            yield from (line.decode(errors="replace") for line in _CREDENTIAL_PROCESS.findall(content))


def _named_files(body: Any, *, shared: bool = False) -> Iterator[str]:
    """Yield the files of credentials and settings of AWS that a body names."""
    if isinstance(body, Mapping):
        for name, item in body.items():
            yield from _named_files(item, shared=name in SHARED)
    elif isinstance(body, list):
        for item in body:
            yield from _named_files(item, shared=shared)
    elif shared and isinstance(body, str):
        yield body


def _programs(settings: Content) -> Iterator[tuple[Written, Content]]:
    """Yield the programs that a `terraform` block starts: those by which a backend signs in, and encryption that is not
    known to work without a program.
    """
    for block, said in chain.from_iterable(settings.blocks.get(kind, ()) for kind in ("backend", "encryption")):
        yield from _blocks_in(said, "exec") if block.kind == "backend" else ()
        for inner, inside in chain.from_iterable(said.blocks.get(kind, ()) for kind in ("key_provider", "method")):
            if block.kind == "encryption" and not _ENCRYPTING.intersection(inner.labels[:1]):
                yield inner, inside


def _blocks_in(content: Content, kind: str) -> Iterator[tuple[Written, Content]]:
    """Yield the blocks of a kind in a body, at any depth: in JSON the type of a backend is a separate block."""
    for name, found in content.blocks.items():
        for block, inside in found:
            yield from [(block, inside)] if name == kind else _blocks_in(inside, kind)


def _names_itself(body: Body) -> bool:
    """Return whether a body contains `self`: the values that it takes from its resource are arguments, or follow from
    them.
    """
    found = (one for argument in body.arguments.values() for one in references(argument.value))
    return any(written_out(one).startswith("self.") for one in found) or any(
        _names_itself(block.body) for block in body.blocks
    )


def _holds(body: Any, name: str) -> bool:
    """Return whether a body contains a block or a member of this name at any depth."""
    if isinstance(body, Mapping):
        return name in body or any(_holds(item, name) for item in body.values())
    return isinstance(body, list) and any(_holds(item, name) for item in body)
