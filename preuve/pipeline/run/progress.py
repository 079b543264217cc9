"""Progress in words of the workspace's language."""

from __future__ import annotations

from preuve.model.progress import Progress, Show, Step
from preuve.publish.words.locale import load_locale
from preuve.publish.words.text import one_line


def in_words(show: Show, language: str) -> Progress:
    """Return the progress reporter that shows texts in a language."""
    locale = load_locale(language)

    def progress(step: Step, done: int = 0, total: int = 0) -> None:
        values = dict(step.values)
        if "cause" in values:  # why something was not read
            values["cause"] = locale.word("causes", str(values["cause"]))
            values["code"] = locale.word("causes.code", one_line(str(values["code"]), 80))
            values["message"] = one_line(str(values["message"]), 160)
        show(locale(f"progress.{step.code}", **values), done, total)

    return progress
