"""How the account numbers (IBAN) of each country are built, by its letters."""

from __future__ import annotations

from preuve.library.yaml.word_lists import word_lists

_STRUCTURES = ",".join(word_lists("accounts").values()).split(",")
ACCOUNTS = {country.lower(): structure for country, structure in map(str.split, _STRUCTURES)}
