"""Checks of the workspace's GitHub token: whether it is accepted, which permissions it lacks, when it expires."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from preuve.collect.answer import NotSetError, UnreadError
from preuve.collect.aws.session import Limits
from preuve.collect.github.calls import Access, GitHubCaller
from preuve.collect.github.run import WHO, https
from preuve.collect.github.wire import Response, Wire
from preuve.library.iam.permissions import calls_to_github
from preuve.model.company.workspace import GitHub
from preuve.model.content import GITHUB, Call
from preuve.model.errors import Position, PreuveError
from preuve.model.snapshot import GLOBAL, Unread
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.workspace.doctor.check import Check, State, advice, named, refusal
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import Locale
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

_REPOSITORIES = Call(GITHUB, "GET /orgs/{org}/repos", Position("preuve"))
_LIMITS = Limits(connect=3, read=10)
_SECONDS = 60
_SOON = 30  # days
_ENDS = "github-authentication-token-expiration"
_DAY = slice(0, len("2026-11-24"))
_KEYLESS = Redactor(Pseudonyms(b"doctor keeps nothing that it reads"))


def checks(prepared: Preparation, t: Locale) -> Iterator[Check]:
    """Check the token; mention GitHub as a possible source if the workspace does not mention it."""
    github = prepared.workspace.github
    if github is None and any(calls_to_github(prepared.library, prepared.needs)):
        yield Check("GitHub", State.WARNING, t("doctor.github.unsaid"), t("doctor.github.say"))
    if github is None or github.none:
        return
    label = f"GitHub {github.organization}"
    try:
        wire = _HeaderRecorder(https(github, prepared.workspace, _LIMITS))
    except PreuveError as error:
        yield Check(label, State.FAIL, *shown(error, t))
        return
    yield from _token(label, prepared, github, wire, t)


@dataclass
class _HeaderRecorder:
    """A connection that keeps the headers of the last answer."""

    wire: Wire
    last: Response | None = None

    def __call__(self, url: str) -> Response:
        """Return the answer."""
        self.last = self.wire(url)
        return self.last


def _token(label: str, prepared: Preparation, github: GitHub, wire: _HeaderRecorder, t: Locale) -> Iterator[Check]:
    caller = GitHubCaller(Access(github.api, wire), _KEYLESS, "doctor", time.monotonic() + _SECONDS)
    refused = _refused(caller, WHO, {"org": github.organization})
    if refused is not None:
        yield Check(label, State.FAIL, refusal(refused, t), _fix(refused, t))
        return
    yield Check(label, State.OK, t("doctor.github.sees"))
    yield from _kind(label, wire.last, t)
    calls = list(calls_to_github(prepared.library, prepared.needs))
    values = {"org": github.organization, "owner": github.organization, **_repository(caller, github)}
    asked = [call for call in calls if set(call.with_) <= set(values)]
    lacking = [call for call in asked if _denied(_refused(caller, call, _parameters(call, values)))]
    permissions = t("doctor.account.permissions", account=label)
    if lacking:
        lacks = named(sorted({name for call in lacking for name in call.iam}), t, 8)
        yield Check(permissions, State.FAIL, t("doctor.github.lacks", permissions=lacks), t("doctor.github.give"))
    elif "repo" not in values:
        yield Check(permissions, State.UNKNOWN, t("doctor.github.empty"), t("doctor.github.give"))
    else:
        told = t("doctor.github.answered", count=len(asked), repository=values["repo"])
        yield Check(permissions, State.OK, told)


def _fix(refused: Unread, t: Locale) -> str:
    if refused.cause == "github_hidden":
        return t("doctor.github.hidden")
    return advice(refused, t, t("doctor.github.anew"))


def _repository(caller: GitHubCaller, github: GitHub) -> dict[str, str]:
    """Return one repository on which the calls about repositories can be tried."""
    try:
        found = caller.make(_REPOSITORIES, GLOBAL, {"org": github.organization}).value
    except UnreadError:
        return {}
    first = next((item for item in found if not item.get("archived")), None)
    return {} if first is None else {"repo": first["name"], "branch": first.get("default_branch", "main")}


def _parameters(call: Call, values: Mapping[str, str]) -> dict[str, Any]:
    return {**call.const, **{name: values[name] for name in call.with_}}


def _denied(refused: Unread | None) -> bool:
    return refused is not None and refused.cause in ("github_denied", "github_hidden", "not_shown")


def _kind(label: str, response: Response | None, t: Locale) -> Iterator[Check]:
    """Yield warnings on the kind of token: a classic token can do far more than read; an expiring one is reported in
    time.
    """
    token = t("doctor.github.token", account=label)
    if response is not None and response.header("x-oauth-scopes"):
        yield Check(token, State.WARNING, t("doctor.github.classic"), t("doctor.github.fine"))
    try:
        ends = datetime.fromisoformat(response.header(_ENDS)[_DAY] if response else "").date()
    except ValueError:
        return
    left = (ends - datetime.now(UTC).date()).days
    state = State.WARNING if left < _SOON else State.OK
    renew = t("doctor.github.renew") if left < _SOON else ""
    yield Check(token, state, t("doctor.github.ends", date=ends.isoformat()), renew)


def _refused(caller: GitHubCaller, call: Call, parameters: Mapping[str, Any]) -> Unread | None:
    try:
        caller.make(call, GLOBAL, parameters)
    except UnreadError as error:
        return error.reason
    except NotSetError:
        return None
    return None
