"""Words in the names of users that no person has, and words that are an initial and a last name by chance."""

from __future__ import annotations

from preuve.library.yaml.word_lists import words_in

MACHINES, NOBODY, PARTICLES = (words_in("machines", key) for key in ("words", "chance", "particles"))
