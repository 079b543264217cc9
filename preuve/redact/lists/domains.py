"""Ends of domains that make an address of what stands after a sign for one, between blanks."""

from __future__ import annotations

from preuve.library.yaml.word_lists import words_in

DOMAINS = words_in("domains", "countries") | words_in("domains", "others")
