"""Progress in words of the workspace's language."""

from __future__ import annotations

from preuve.model.progress import Progress, Show, Step
from preuve.publish.words.locale import load_locale


def in_words(show: Show, language: str) -> Progress:
    """Return the progress reporter that shows texts in a language."""
    locale = load_locale(language)

    def progress(step: Step, done: int = 0, total: int = 0) -> None:
        show(locale(f"progress.{step.code}", **step.values), done, total)

    return progress
