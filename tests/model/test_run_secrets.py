"""What another program says is repeated without the secrets of the run, however it spells them."""

from __future__ import annotations

import base64
import html
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.fakes import Host as FakeHost
from notify.fakes import serving
from preuve.collect.aws.causes import unread
from preuve.model.company.run_secrets import HIDDEN, OF_RUN, Secrets
from preuve.model.company.secret import SecretPlace
from preuve.model.errors import QUOTED, PreuveError
from preuve.notify.delivery import Address, Host, Route
from preuve.notify.wire import RefusedError, Request
from preuve.system.secret import read_secret

PRINTABLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
SECRETS = st.text(PRINTABLE, min_size=8, max_size=60)
AROUND = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), max_size=30)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="").lower() if text == text.lower() else quote(text),
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: "".join(sign if sign.isalnum() else f"\\u{ord(sign):04X}" for sign in text),
    html.escape,
    lambda text: "".join(sign if sign.isalnum() else f"&#{ord(sign)};" for sign in text),
    lambda text: repr(text)[1:-1],
)
ENCODED = (base64.b64encode, base64.urlsafe_b64encode)
TOKEN = "ATATT3x/Ff+GF0=9z&q"


@given(SECRETS, AROUND, AROUND, st.sampled_from(SPELLINGS))
def test_no_spelling_of_a_secret_is_left(secret: str, before: str, after: str, spelt: Callable[[str], str]) -> None:
    hidden = Secrets([secret]).hidden(before + spelt(secret) + after)
    assert HIDDEN in hidden
    assert spelt(secret) not in hidden or spelt(secret) in HIDDEN


@given(SECRETS, AROUND, AROUND, st.sampled_from(ENCODED), st.sampled_from(SPELLINGS))
def test_base64_gives_no_secret_away_whatever_stands_around_it(
    secret: str, before: str, after: str, encode: Callable[[bytes], bytes], spelt: Callable[[str], str]
) -> None:
    whole = spelt(encode((before + secret + after).encode()).decode())
    hidden = Secrets([secret]).hidden(f"Basic {whole}")
    left = hidden.removeprefix("Basic ").split(HIDDEN)
    assert len(left) >= 2, "it was found"
    core = base64.b64encode(secret.encode()).decode()[:-4]
    assert core not in hidden


@given(st.lists(SECRETS, min_size=2, max_size=4), AROUND)
def test_one_secret_inside_another_leaves_nothing_of_it(secrets: list[str], around: str) -> None:
    joined = "".join(secrets)
    assert Secrets([*secrets, joined]).hidden(f"<{around}|{joined}>").endswith(f"|{HIDDEN}>")


@given(AROUND)
def test_a_text_without_a_secret_stays(text: str) -> None:
    if not any(sign in text for sign in ":="):
        assert Secrets([TOKEN]).hidden(text) == text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (
            "fatal: 'https://x-token:ghs_9@github.com/a/b.git' not found",
            "fatal: 'https://***@github.com/a/b.git' not found",
        ),
        ("https://oauth2@gitlab.example.org/a", "https://***@gitlab.example.org/a"),
        ("no tunnel through http:%2F%2Fme:pw%40proxy:3128", "no tunnel through http:%2F%2F***@proxy:3128"),
        ('{"Authorization": "Basic dXNlcjpwdw=="}', '{"Authorization": "Basic ***"}'),
        ("authorization: s3cr3t, host: a", "authorization: ***, host: a"),
        ("mail to a@example.org at https://example.org/@a", "mail to a@example.org at https://example.org/@a"),
    ],
)
def test_the_user_of_an_address_and_an_authorization_are_secrets_of_anybody(said: str, left: str) -> None:
    assert Secrets().hidden(said) == left


def test_parts_of_a_secret_are_secrets() -> None:
    secrets = Secrets(["bot@example.org:" + TOKEN, "https://hooks.slack.com/services/T00000/B00000/abcdEFGH1234"])
    for said in (f"no user with {TOKEN}", "POST /services/T00000/B00000/abcdEFGH1234", "no team has abcdEFGH1234"):
        assert secrets.hidden(said).endswith(HIDDEN)
    assert secrets.hidden("hooks.slack.com does not know bot@example.org") == (
        "hooks.slack.com does not know bot@example.org"
    )


def test_the_environment_has_secrets_and_places_of_secrets() -> None:
    secrets = Secrets()
    harmless = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token.jwt",
        "LANG": "fr_FR.UTF-8",
        "GIT_AUTHOR_NAME": "Camille Martin",
        "CACHE_KEY": "terraform",
    }
    secrets.learn_environment({"AWS_SECRET_ACCESS_KEY": TOKEN, "PGPASSWORD": TOKEN[::-1], **harmless})
    shown = " ".join(harmless.values())
    assert secrets.hidden(f"{TOKEN} {TOKEN[::-1]} {shown}") == f"{HIDDEN} {HIDDEN} {shown}"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    return read_secret(SecretPlace(environment="IT"), "it", tmp_path, {"IT": f"me@example.org:{TOKEN}"})


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with serving(FakeHost(lambda _: (200, b"{}"))) as found:
        yield found


@given(around=AROUND)
def test_no_error_holds_what_was_read_as_a_secret(around: str) -> None:
    OF_RUN.learn(TOKEN)
    said = around + quote(TOKEN, safe="")
    error = PreuveError(f"it says: {QUOTED} of {TOKEN}", f"not {TOKEN}", quoted=said)
    for text in (str(error), error.template, error.hint, error.quoted, str(pickle.loads(pickle.dumps(error)))):
        assert TOKEN not in text and quote(TOKEN, safe="") not in text


def test_a_host_that_repeats_a_request_gives_no_secret_away(secret: str, host: FakeHost) -> None:
    """Also where the quoted part ends in the middle of a secret."""
    basic = base64.b64encode(secret.encode()).decode()
    for filling in range(250, 310):
        echo = f"{'x' * filling} {secret} Authorization: Basic {basic}".encode()
        host.fault(lambda _: True, "status", status=400, body=echo)
        wire = Host(Address.of(host.url, "it"), Route(), {"Authorization": f"Basic {basic}"})
        with pytest.raises(RefusedError) as caught:
            wire(Request("POST", "/"))
        assert "ATATT" not in str(caught.value) and basic[4:12] not in str(caught.value)


def test_a_refusal_of_aws_gives_no_token_away(secret: str) -> None:
    from botocore.exceptions import ClientError

    for filling in range(250, 310):
        answer = {"Error": {"Code": "SignatureDoesNotMatch", "Message": f"{'x' * filling} {TOKEN} {TOKEN}"}}
        assert "ATATT" not in unread(ClientError(answer, "ListBuckets"), "s3:ListBuckets").message
