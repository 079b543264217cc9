"""Tokens recognised by their form, each with a lower-case part that every text with the token contains."""

from __future__ import annotations

from preuve.library.yaml.word_lists import word_lists

TOKENS: tuple[tuple[str, str], ...] = tuple(
    (part, token["form"]) for token in word_lists("tokens")["tokens"] for part in token["part"].split()
)
