"""Sends a result to the channels that the workspace names: reads it, then one channel after the other."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.notify import JiraTarget, MailTarget, Notify, SlackTarget
from preuve.model.company.secret import SecretPlace
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.progress import Show, Step
from preuve.notify import dry_run
from preuve.notify.channels import mail as mails
from preuve.notify.channels import slack
from preuve.notify.channels.jira import Jira
from preuve.notify.channels.jira_api import Api
from preuve.notify.delivery import Address, Host, Route
from preuve.notify.digest import account_names, digested
from preuve.notify.ledger import Ledger
from preuve.notify.model import Digest
from preuve.notify.source import Source, read_source
from preuve.notify.wire import Pause, Wire
from preuve.pipeline.run.preparation import adds_content
from preuve.pipeline.run.progress import in_words
from preuve.publish.words.locale import Locale, load_locale
from preuve.system.folders import folder_turn
from preuve.system.home import expanded
from preuve.system.secret import read_secret

CHANNELS = ("jira", "slack", "mail")
Said = Iterator[str | PreuveError]


@dataclass(frozen=True)
class NotifyRequest:
    """The notice to send, its channels (none named: all of the workspace), and how."""

    workspace: Path
    folder: Path
    previous: Path | None = None
    channels: tuple[str, ...] = ()
    send: bool = False
    again: bool = False  # send again what was, or may have been, sent


def notify(asked: NotifyRequest, show: Show, out: dry_run.Show, pause: Pause = time.sleep) -> Said:
    """Send a result, and report what was sent and what was not; without `send` only show to `out` what would be sent.

    `pause` waits so many seconds between tries. Raises UsageError if the workspace has no channel to use.
    """
    own = asked.workspace if adds_content(asked.workspace) else None
    library = load_library(own, validate=own is not None)
    workspace = load_workspace(asked.workspace, library)
    settings = _settings(workspace)
    channels = _channels(asked, settings)
    source = read_source(asked.folder, asked.previous, workspace)
    label = settings.jira.label if settings.jira else "preuve"
    digest = digested(source, library, workspace, label)
    teller = _Teller(asked, workspace, settings, source, digest, load_locale(workspace.language), out, pause)
    progress = in_words(show, workspace.language)
    if asked.send and source.demonstration and not all(map(teller.is_here, channels)):
        yield UsageError("this is a demonstration: it is sent to nobody", "leave out --send")
        return
    with ExitStack() as stack:
        if asked.send:
            teller.ledger.folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(folder_turn(teller.ledger.folder))
        ready, faults = teller.ready(channels)
        yield from faults
        for number, said in enumerate(ready, 1):
            progress(Step("notify", {"n": sum(item.resources > 0 for item in digest.subjects)}), number, len(ready))
            yield from told(said)
    if not asked.send:
        yield from teller.explained(channels)


def told(said: Said) -> Said:
    """Yield what a channel reports; an error of one does not stop the others."""
    try:
        yield from said
    except PreuveError as error:
        yield error


def _settings(workspace: Workspace) -> Notify:
    settings = workspace.notify
    if settings is None or not (settings.jira or settings.slack or settings.mail):
        raise UsageError("preuve.yaml names no recipient", "fill in notify: docs/notify.md says how")
    return settings


def _channels(asked: NotifyRequest, settings: Notify) -> tuple[str, ...]:
    named = tuple(channel for channel in CHANNELS if getattr(settings, channel))
    missing = sorted(set(asked.channels) - set(named))
    if missing:
        raise UsageError(f"notify in preuve.yaml has no {missing[0]}", "fill it in: docs/notify.md says how")
    return tuple(channel for channel in named if channel in asked.channels or not asked.channels)


@dataclass(frozen=True)
class _Teller:
    asked: NotifyRequest
    workspace: Workspace
    settings: Notify
    source: Source
    digest: Digest
    t: Locale
    out: dry_run.Show
    pause: Pause

    @property
    def ledger(self) -> Ledger:
        default = Path(self.workspace.evidence_folder) / ".notify"
        folder = expanded(Path(self.settings.ledger)) if self.settings.ledger else default
        return Ledger(self.workspace.root / folder, writes=self.asked.send)

    def is_here(self, channel: str) -> bool:
        """Return whether a channel ends on this machine: a mail goes on, and a faulty address is told later."""
        jira, slack_ = self.settings.jira, self.settings.slack
        with suppress(PreuveError):
            if channel == "jira" and jira:
                return Address.of(jira.url, "notify.jira.url").host == "127.0.0.1"
            return channel == "slack" and slack_ is not None and slack_.host.partition(":")[0] == "127.0.0.1"
        return False

    def ready(self, channels: Sequence[str]) -> tuple[list[Said], list[PreuveError]]:
        """Check the address, secret and file of each channel before the first one sends. Return those that can send,
        and the errors of the others.
        """
        able: list[Said] = []
        faults: list[PreuveError] = []
        for channel in channels:
            try:
                able.append(getattr(self, f"_{channel}")())
            except PreuveError as error:
                faults.append(error)
        return able, faults

    def explained(self, channels: Sequence[str]) -> Iterator[str]:
        """Yield what a dry run cannot show, and the account of each pseudonym: this stays on the terminal."""
        for pseudonym, account in account_names(self.source).items():
            yield self.t("notify.account", pseudonym=pseudonym, account=account)
        yield self.t("notify.dry", jira=self.t("notify.dry_jira") if "jira" in channels else "")

    def _jira(self) -> Said:
        target = self.settings.jira
        assert target is not None  # noqa: S101 - it is among the channels
        wire = self._jira_host(target) if self.asked.send else dry_run.dry_jira(target, self.ledger, self.out)
        return self._tickets(Jira(Api(wire, target), self.ledger, self.digest.told, self.t, self.pause))

    def _tickets(self, tickets: Jira) -> Said:
        said = 0
        for line in tickets.tell(self.digest.subjects):
            said += 1
            if self.asked.send or isinstance(line, PreuveError):
                yield line
        if not said:
            yield self.t("notify.did.jira_none")

    def _slack(self) -> Said:
        target = self.settings.slack
        assert target is not None  # noqa: S101 - it is among the channels
        body = slack.message(self.digest, self.t, closed=self.source.closed)
        wire = self._slack_host(target) if self.asked.send else dry_run.dry_slack(f"{target.host}/[webhook]", self.out)
        lines = slack.tell(body, wire, self.ledger, self.t, again=self.asked.again)
        sent = self.t("notify.did.slack")  # left out of a dry run
        return (line for line in lines if self.asked.send or line != sent)

    def _mail(self) -> Said:
        target = self.settings.mail
        assert target is not None  # noqa: S101 - it is among the channels
        content = mails.mail(self.digest, target, self.t, closed=self.source.closed)
        return self._write(self._mail_file(target), content, target) if self.asked.send else self._show(content)

    def _show(self, content: bytes) -> Said:
        self.out(content + b"\n")
        yield from ()

    def _write(self, path: Path, content: bytes, target: MailTarget) -> Said:
        mails.write(path, content)
        yield self.t("notify.did.mail", file=target.file)

    def _mail_file(self, target: MailTarget) -> Path:
        path = self.workspace.root / expanded(Path(target.file))
        if path.resolve().is_relative_to((self.workspace.root / self.workspace.evidence_folder).resolve()):
            raise UsageError(
                "notify.mail.file lies in the evidence folder", "name another place: a bundle is never changed"
            )
        return path

    def _jira_host(self, target: JiraTarget) -> Wire:
        address = Address.of(target.url, "notify.jira.url")
        secret = self._secret(target.credentials, "notify.jira.credentials")
        basic = "Basic " + base64.b64encode(secret.encode("ascii")).decode("ascii")
        headers = {"Authorization": basic if ":" in secret else f"Bearer {secret}"}
        return self._host(address, headers)

    def _slack_host(self, target: SlackTarget) -> Wire:
        address = Address.of(self._secret(target.webhook, "notify.slack.webhook"), "what notify.slack.webhook names")
        if address.shown != target.host:
            raise UsageError(f"the webhook is none of {target.host}", "name its host in notify.slack.host")
        return self._host(address, {})

    def _host(self, address: Address, headers: dict[str, str]) -> Wire:
        settings = self.settings
        ca = self.workspace.root / expanded(Path(settings.ca)) if settings.ca else None
        if ca and not ca.is_file():
            raise UsageError(f"{ca}, which notify.ca names, is not there", "name a file of certificates (PEM)")
        return Host(address, Route(settings.proxy, str(ca or "")), headers, self.pause)

    def _secret(self, place: SecretPlace, what: str) -> str:
        return read_secret(place, what, self.workspace.root, os.environ)
