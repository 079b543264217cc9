"""Data sealed with a key is readable only with that key, and not after a change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.sealed_texts import mark, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.binary(max_size=200))
def test_only_the_same_key_opens(text: bytes) -> None:
    sealed = seal(KEY, text)
    assert unseal(KEY, sealed) == text
    assert unseal(OTHER, sealed) is None
    assert seal(KEY, text) != sealed
    assert len(text) < 8 or text not in sealed


@given(st.binary(max_size=80), st.data())
def test_a_changed_or_cut_text_does_not_open(text: bytes, data: st.DataObject) -> None:
    sealed = seal(KEY, text)
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]
    assert unseal(KEY, changed) is None
    assert unseal(KEY, sealed[:at]) is None


def test_a_mark_depends_on_the_text_and_the_key() -> None:
    assert mark(KEY, b"text") == mark(KEY, b"text")
    assert len({mark(KEY, b"text"), mark(KEY, b"Text"), mark(OTHER, b"text")}) == 3


def test_names_are_readable_only_with_the_same_key() -> None:
    here, there, stranger = Pseudonyms(KEY), Pseudonyms(KEY), Pseudonyms(OTHER)
    pseudonym = here.of("jane.doe")
    assert there.learn(here.sealed())
    assert there.names == {pseudonym: "jane.doe"}
    assert not stranger.learn(here.sealed())
    assert stranger.names == {}
