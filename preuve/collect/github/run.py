"""Collects the organization on GitHub that a workspace has in scope: plans units, and runs them like those of AWS."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import attrgetter

from preuve.collect.answer import UnreadError
from preuve.collect.aws.session import Limits, authorities_of
from preuve.collect.github.calls import Access, GitHubCaller
from preuve.collect.github.wire import Https, Wire
from preuve.collect.unit import Unit
from preuve.collect.units import Pools, UnitOutput, run_units, write_unread
from preuve.library.validation.rules import Needs
from preuve.model.company.workspace import GitHub, Workspace
from preuve.model.content import GITHUB, Call, Library
from preuve.model.errors import Position, PreuveError, UsageError
from preuve.model.snapshot import DECLARED_NONE, GLOBAL, Unread
from preuve.system.secret import read_secret

WHO = Call(GITHUB, "GET /orgs/{org}", Position("preuve"), with_={"org": "Account"})
NOBODY = "none"  # the folder if no organization is in scope
_AT_ONCE = 4  # GitHub asks for few requests at a time


def plan(library: Library, needs: Needs, organization: str) -> list[Unit]:
    """Return the units of an organization."""
    types = sorted(
        (declared for name in needs.types if (declared := library.types[name]).provider == GITHUB),
        key=attrgetter("service"),
    )
    return [
        Unit(organization, GLOBAL, GLOBAL, service, tuple(group), needs.types, needs.texts)
        for service, group in groupby(types, key=attrgetter("service"))
    ]


def collect(library: Library, needs: Needs, workspace: Workspace, to: UnitOutput, limits: Limits | None = None) -> int:
    """Read everything that the run needs, and return the number of calls; write that no organization is in scope if
    none is.
    """
    limits, github = limits or Limits(), workspace.github
    planned = plan(library, needs, next(iter(workspace.holders(GITHUB)), NOBODY))
    if not planned:
        return 0
    if github is None or github.none:
        reason = Unread(DECLARED_NONE, "", github.none) if github else Unread("no_github")
        write_unread(to.writer, planned, reason, to.redactor, account="")
        return 0
    try:
        wire = https(github, workspace, limits)
    except PreuveError as error:
        write_unread(to.writer, planned, Unread("github_no_token", "", str(error)), to.redactor)
        return 0
    access = Access(github.api, wire, workspace.waivers)
    return _collected(planned, access, to, lambda: time.monotonic() + limits.unit)


def https(github: GitHub, workspace: Workspace, limits: Limits) -> Wire:
    """Return the connection to an organization, with its token. Raises PreuveError if there is no token."""
    if github.token is None:
        raise UsageError("scope.github names no token", "name the file or the variable that holds it")
    token = read_secret(github.token, "scope.github.token", workspace.root, os.environ)
    authorities = authorities_of(workspace)
    return Https(github.api, str(authorities or ""), limits.connect, limits.read, token)


def _collected(planned: list[Unit], access: Access, to: UnitOutput, deadline: Callable[[], float]) -> int:
    def caller(unit: Unit) -> GitHubCaller:
        return GitHubCaller(access, to.redactor, unit.name, deadline())

    def stop() -> None:
        access.stopped = True

    asked, refused = _asked(planned[0].account, access, to, deadline())
    if refused is not None:  # every reading would fail for the same reason
        write_unread(to.writer, planned, refused, to.redactor)
        return asked
    with ThreadPoolExecutor(_AT_ONCE, "detail") as details, ThreadPoolExecutor(_AT_ONCE, "unit") as units:
        calls = run_units(planned, caller, Pools(details, units), to, stop)
    return asked + calls


def _asked(organization: str, access: Access, to: UnitOutput, deadline: float) -> tuple[int, Unread | None]:
    """Return whether the token can see the organization, and the number of calls that this took."""
    caller = GitHubCaller(access, to.redactor, f"{organization}/{GLOBAL}/access", deadline)
    try:
        found = caller.make(WHO, GLOBAL, {"org": organization}).value
    except UnreadError as error:
        return len(caller.records), error.reason
    finally:
        if caller.records:
            to.writer.unit(organization, GLOBAL, "access", caller.records, GITHUB)
    if str(found.get("login", "")).lower() != organization.lower():
        return len(caller.records), Unread(
            "not_github", "OtherOrganization", "the answer is about another organization"
        )
    return len(caller.records), None
