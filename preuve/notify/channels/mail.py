"""The digest as a mail in a file, the same bytes each time."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from preuve.model.company.notify import MailTarget
from preuve.model.errors import PreuveError, UsageError
from preuve.notify import words
from preuve.notify.model import Digest
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line
from preuve.system.causes import cause, to_do
from preuve.system.files import whole

_MAILBOX = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def mail(digest: Digest, target: MailTarget, t: Locale, *, closed: bool) -> bytes:
    """Make the mail; `closed` is whether its run is in a closed bundle.

    The form of addresses allows no line end, and every other header is made here. Raises UsageError if an address
    contains one.
    """
    if not all(map(_MAILBOX.fullmatch, (target.sender, *target.to))):
        raise UsageError("notify.mail contains an invalid address", "write security@example.org")
    message = EmailMessage(policy=SMTP)
    text = _text(digest, t, closed=closed)
    message["From"] = target.sender
    message["To"] = ", ".join(target.to)
    message["Subject"] = one_line(words.subject_line(digest, t), 200)
    message["Date"] = format_datetime(datetime.fromisoformat(digest.told.now))
    message["Message-ID"] = _id(text, target.sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def _id(text: str, sender: str) -> str:
    return f"<preuve.{hashlib.sha256(text.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _text(digest: Digest, t: Locale, *, closed: bool) -> str:
    parts = [words.heading(digest, t)]
    for part in words.sections(digest, t):
        parts.append([part.title, *(f"- {line}" for line in part.lines)])
    if end := words.reference(digest, closed=closed, t=t):
        parts.append(end)
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def write(path: Path, content: bytes) -> None:
    """Write the file completely or not at all. Raises PreuveError if it cannot be written."""
    try:
        with whole(path) as file:
            file.write(content)
    except OSError as error:
        hint = to_do(error, "set notify.mail.file to another place")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
