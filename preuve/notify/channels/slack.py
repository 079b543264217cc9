"""The digest as a message of Slack: blocks within Slack's limits, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from preuve.model.errors import PreuveError
from preuve.notify import words
from preuve.notify.ledger import Ledger, State
from preuve.notify.model import Digest
from preuve.notify.wire import Answer, Request, UnclearError, Wire, encoded
from preuve.publish.words.locale import Locale

_OF_A_SECTION = 1900  # Slack takes 3000; five such lists and the head stay below 13000 for a message
_OF_THE_HEAD = 1200
_MARKS = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})  # Slack's own marks cannot be escaped
_UNCLEAR = "look at the channel; if it is not there: preuve notify --to slack --send --again"
_EMOJI = re.compile(r":(?=[\w+'-]+:)")


def escaped(text: str) -> str:
    """Escape text so that Slack shows it unchanged, without mentions, links, marks or emojis."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _EMOJI.sub("∶", plain.translate(_MARKS))


def size(text: str) -> int:
    """Return the length of a text in units of UTF-16, the largest of the usual counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def message(digest: Digest, t: Locale, *, closed: bool) -> bytes:
    """Return the body of the one request."""
    head = [escaped(line) for line in (*words.heading(digest, t), *words.reference(digest, closed=closed, t=t))]
    blocks = [_block(_within([f"*{head[0]}*", *head[1:]], _OF_THE_HEAD, t))]
    for part in words.sections(digest, t):
        lines = (f"• {escaped(line)}" for line in part.lines)
        blocks.append(_block(_within([f"*{escaped(part.title)}*", *lines], _OF_A_SECTION, t)))
    return encoded({"text": escaped(words.subject_line(digest, t)), "blocks": blocks})


def _block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _within(lines: Sequence[str], most: int, t: Locale) -> str:
    """Return as many lines as fit, and how many more there are."""
    room = most - size(words.omission_note(len(lines), t)) - 4
    kept: list[str] = []
    for line in lines:
        if sum(map(size, kept)) + len(kept) + size(line) > room:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    return "\n".join([*kept, words.omission_note(left, t)] if left else kept)


def tell(body: bytes, send: Wire, ledger: Ledger, t: Locale, *, again: bool) -> Iterator[str]:
    """Send the message once.

    If its delivery is unknown, that is a PreuveError, and it is sent `again` only on request.
    """
    state = ledger.message(body)
    if state is State.SENT and not again:
        yield t("notify.did.slack_already")
        return
    if state is State.UNCLEAR and not again:
        raise PreuveError("it is not known whether Slack received this message before: it is not sent again", _UNCLEAR)
    ledger.mark(body, State.UNCLEAR)  # before sending: a run that is killed while it sends must not send twice
    try:
        _check(send(Request("POST", "", body)))
    except UnclearError as error:
        error.hint = _UNCLEAR  # the same run, repeated without `again`, is refused
        raise
    except PreuveError:
        ledger.mark(body, State.UNSENT)
        raise
    ledger.mark(body, State.SENT)
    yield t("notify.did.slack")


def _check(answer: Answer) -> None:
    if (answer.status, answer.body.strip()) != (200, b"ok"):
        raise UnclearError("Slack did not confirm the message", _UNCLEAR)
