"""Reads preuve.yaml: validates it against its schema, converts it, and checks what the schema cannot express."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import msgspec

from preuve.library.suggestion import suggest
from preuve.library.yaml.documents import Document, Path_
from preuve.library.yaml.place import languages
from preuve.library.yaml.schema import problems as schema_problems
from preuve.model.company.code import IacRoot, Omission
from preuve.model.company.organization import CALLS, Account, EnvironmentRule, KeptOut, Organization, Unit
from preuve.model.company.settings import EnvironmentEntry, KeptOutEntry, OrganizationEntry, Scope, Settings
from preuve.model.content import Library
from preuve.model.errors import Position, Problem, raise_for

SCHEMA = "reports/schemas/workspace.schema.json"
_ORGANIZATION = ("scope", "organization")
_OF_TERRAFORM = {"plan": "a plan", "runs": "runs", "state": "a state", "region": "a region of its own"}


def settings_of(document: Document, library: Library) -> Settings:
    """Return the settings in a document. Raises ContentError with all defects."""
    problems = schema_problems(document, SCHEMA)
    raise_for(problems)
    settings = msgspec.convert(document.data, Settings)
    problems = [*_scope_problems(document, settings.scope), *_unknown(document, settings, library)]
    raise_for(problems)
    return settings


# ---- what the schema cannot say -----------------------------------------------------------------------------------


def _scope_problems(document: Document, scope: Scope) -> Iterator[Problem]:
    for place, given in (("scope",), scope.accounts), (_ORGANIZATION, scope.organization):
        if given and not scope.regions:
            yield Problem(document.position(*place), "scope names accounts and no regions", "add regions: [eu-west-3]")
    for index, root in enumerate(scope.iac):
        yield from _root_problems(document, index, root)
    yield from _exclude_problems(document, scope)
    yield from _account_problems(document, scope)
    yield from _organization_problems(document, scope)


def _root_problems(document: Document, index: int, root: IacRoot) -> Iterator[Problem]:
    def at(*key: str | int) -> Position:
        return document.position("scope", "iac", index, *key)

    for key, value in _paths(root):
        path = Path(value)
        if path.is_absolute() or ".." in path.parts:
            yield Problem(at(*key), f"{path} leaves the workspace", "name a place below preuve.yaml")
    for name, called in _OF_TERRAFORM.items():
        if getattr(root, name) and root.kind != "terraform":
            yield Problem(at(name), f"only Terraform has {called}", f"remove {name}")
    if root.tags is not None and root.kind not in ("terraform", "cloudformation"):
        yield Problem(at("tags"), "only Terraform and CloudFormation have tags", "remove tags")
    if root.plan and root.runs:
        yield Problem(at("runs"), "a plan is that of one run", "keep either plan or runs")
    if root.state and len(root.runs) > 1:
        yield Problem(at("state"), "a state is that of one run", "keep either state or one run")


def _paths(root: IacRoot) -> Iterator[tuple[Path_, str]]:
    """Yield the paths that an entry of the scope names, each with its position."""
    yield from (((key,), getattr(root, key)) for key in ("path", "plan", "state"))
    for number, run in enumerate(root.runs):
        for place, file in enumerate(run.variables):
            yield ("runs", number, "variables", place), file


def _exclude_problems(document: Document, scope: Scope) -> Iterator[Problem]:
    """Check that each exclusion lies in the workspace, and contains neither all of it nor a part in scope."""
    for index, item in enumerate(scope.exclude):
        at, path = document.position("scope", "exclude", index, "path"), PurePath(item.path)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            yield Problem(at, f"{path} is no part of the workspace", "name a place below preuve.yaml")
        for root in map(PurePath, (root.path for root in scope.iac)):
            if path.parts and root.is_relative_to(path):
                yield Problem(at, f"{path} is left out, and scope.iac names {root}", "keep one of them")


def _account_problems(document: Document, scope: Scope) -> Iterator[Problem]:
    ids = [account.id for account in scope.accounts]
    for index, account in enumerate(ids):
        if account in ids[:index]:
            yield Problem(
                document.position("scope", "accounts", index), f"{account} is named twice", "keep one of them"
            )
    for index, item in enumerate(scope.accounts):
        holder = item.role_arn.split(":")[4] if item.role_arn else item.id
        if holder != item.id:
            at = document.position("scope", "accounts", index, "role_arn")
            hint = "name the role of the account that is read; put the roles to assume before it under through"
            yield Problem(at, f"the role is one of account {holder}, and the entry is of {item.id}", hint)
    yield from _partition_problems(document, scope)


def _partition_problems(document: Document, scope: Scope) -> Iterator[Problem]:
    """Yield a problem if roles belong to several partitions: credentials of one are not valid in another, and regions
    are read in every account.
    """
    asked = scope.organization
    access = [*scope.accounts, *([asked, asked.accounts] if asked else [])]
    found = sorted({item.role_arn.split(":")[1] for item in access if item.role_arn})
    if len(found) > 1:
        hint = "keep a workspace for each: credentials of one are not valid in another"
        yield Problem(document.position("scope"), f"roles are of several partitions of AWS: {', '.join(found)}", hint)


def _organization_problems(document: Document, scope: Scope) -> Iterator[Problem]:
    named = {account.id for account in scope.accounts}
    for index, item in enumerate(scope.organization.exclude if scope.organization else ()):
        if item.account in named:
            at = document.position(*_ORGANIZATION, "exclude", index, "account")
            yield Problem(at, f"{item.account} is left out, but scope.accounts names it", "keep one of them")


def _unknown(document: Document, settings: Settings, library: Library) -> Iterator[Problem]:
    if settings.organisation.language not in languages():
        at = document.position("organisation", "language")
        yield Problem(at, f"there are no texts in {settings.organisation.language}", f"one of {', '.join(languages())}")
    for index, name in enumerate(settings.frameworks):
        if name not in library.frameworks:
            known = ", ".join(sorted(library.frameworks))
            yield Problem(document.position("frameworks", index), f"there is no framework {name}", f"one of {known}")
    for name, value in settings.params.items():
        at = document.position("params", name)
        if name not in library.parameters:
            hint = suggest(name, library.parameters, "preuve explain POLICY names those of a policy")
            yield Problem(at, f"there is no parameter {name}", hint)
        elif not _alike(value, library.parameters[name].value):
            default = library.parameters[name].value
            yield Problem(at, f"{name} must be {_KINDS[type(default)]}", f"the catalogue has {default!r}")
        elif isinstance(value, int) and value < 0:
            yield Problem(at, f"{name} must not be negative", f"the catalogue has {library.parameters[name].value!r}")
        elif library.parameters[name].lower_case and (large := [text for text in value if text != text.lower()]):
            yield Problem(at, f"{large[0]} is never met: {name} is compared in lower case", f"write {large[0].lower()}")
        elif library.parameters[name].lower_case and (odd := [text for text in value if not _WORDS.fullmatch(text)]):
            why = f"{name} has a value that is no name: {odd[0]!r}"
            yield Problem(
                at, why, "letters, digits, hyphens, underscores and blanks, and a letter or digit at both ends"
            )
    yield from _exclusion_problems(document, settings, library)


def _exclusion_problems(document: Document, settings: Settings, library: Library) -> Iterator[Problem]:
    for index, item in enumerate(settings.exclusions):
        at, control = document.position("exclusions", index), library.control(item.control)
        if control is None:
            yield Problem(at, f"there is no control {item.control}", "fix the id")
        elif not library.frameworks[control.framework].may_be_excluded(control):
            why = f"{item.control} applies to every company and cannot be excluded"
            yield Problem(at, why, "remove it; what of it is not met is accepted finding by finding, in waivers.yaml")


_WORDS = re.compile(r"\w(?:[\w -]*\w)?")  # conditions make a pattern of them
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list of such items",
    dict: "the same keys, each with such a value",
}


def _alike(value: Any, default: Any) -> bool:
    """Return whether a parameter has the type of its default; the items of an empty list are texts."""
    if type(value) is not type(default):
        return False
    if isinstance(default, list):
        return all(type(item) is type(default[0] if default else "") for item in value)
    if isinstance(default, dict):
        return set(value) == set(default) and all(_alike(item, default[key]) for key, item in value.items())
    return True


# ---- what is kept otherwise than it is written ----------------------------------------------------------------------


def accounts_of(scope: Scope) -> tuple[Account, ...]:
    """Return the accounts that the scope names."""
    return tuple(
        Account(item.id, item.name or item.id, item.roles, item.profile, item.environment) for item in scope.accounts
    )


def left_out_of(scope: Scope) -> tuple[Omission, ...]:
    """Return the code that is not examined, each path in its shortest form."""
    return tuple(replace(item, path=posixpath.normpath(item.path)) for item in scope.exclude)


def organization_of(document: Document, entry: OrganizationEntry) -> Organization:
    """Return the organization of a workspace; an entry that names a unit or an account has its position."""

    def at(*key: str | int) -> Position:
        return document.position(*_ORGANIZATION, *key)

    def unit(name: str, *key: str | int) -> Unit | None:
        return Unit(name, at(*key)) if name else None

    def kept_out(item: KeptOutEntry, index: int) -> KeptOut:
        key = ("exclude", index, "account" if item.account else "unit")
        return KeptOut(item.reason, at(*key), item.account, unit(item.unit, *key))

    def rule(item: EnvironmentEntry, index: int) -> EnvironmentRule:
        return EnvironmentRule(item.environment, unit(item.unit, "environments", index, "unit"), item.tag)

    return Organization(
        position=at(),
        asks=Account(CALLS, CALLS, entry.roles, entry.profile),
        roles=entry.accounts.roles,
        profile=entry.accounts.profile or entry.profile,
        units=tuple(Unit(name, at("units", index)) for index, name in enumerate(entry.units)),
        tags=entry.tags,
        kept_out=tuple(kept_out(item, index) for index, item in enumerate(entry.exclude)),
        environments=tuple(rule(item, index) for index, item in enumerate(entry.environments)),
    )
