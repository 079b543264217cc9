"""Texts without their comments, which nothing runs: by the language that the ending of the file tells."""

from __future__ import annotations

import re

from preuve.library.yaml.word_lists import words_in

_SLASHES = words_in("files", "comments_with_slashes")
_WITHOUT_HASHES = {*_SLASHES, ".bat", ".cmd"} - words_in("files", "comments_with_hashes_too")
# Make and just pass a comment after their own signs to the shell.
_LINE = re.compile(r"(?m)^[ \t]*+[@+-]*+[ \t]*+#(?![!\[])[^\n]*+")
# What is opened and not closed goes to the end, so that no later line is taken for its end again; it is kept.
_LINE_OF_SLASHES = re.compile(r"(?m)^[ \t]*+(?:(?P<line>//)[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?P<closed>\*/)?)")
_LINE_OF_WINDOWS = re.compile(r"(?im)^[ \t]*+@?(?:rem\b|::)[^\n]*+")
# One that describes a module, a class or a function: after a colon, a blank line, the line with the interpreter or
# nothing, and nothing goes on.
_TEXT_OF_LINES = re.compile(
    r"(?P<alone>(?:\A(?:#![^\n]*+\n)?+|(?<=:\n)|(?<=:\r\n)|(?<=\n\n)|(?<=\n\r\n))[ \t]*+)?"
    r'(?:"""(?:[^"\\]|\\[\s\S]|"(?!""))*+|\'\'\'(?:[^\'\\]|\\[\s\S]|\'(?!\'\'))*+)'
    r'(?P<closed>(?:"""|\'\'\')(?P<last>(?=[ \t]*+(?:\r?\n\s*+(?![)\]},.%+])|\r?\n?\Z)))?)?'
)


def without_comments(text: str, ending: str) -> str:
    """Return a text without lines of comments; in Python, without texts of several lines that belong to nothing."""
    text = text if ending in _WITHOUT_HASHES else _LINE.sub("", text)
    if ending in _SLASHES:
        return _LINE_OF_SLASHES.sub(lambda found: "" if found["line"] or found["closed"] else found[0], text)
    if ending in (".bat", ".cmd"):
        return _LINE_OF_WINDOWS.sub("", text)
    return _TEXT_OF_LINES.sub(_kept, text) if ending == ".py" else text


def _kept(found: re.Match[str]) -> str:
    return found[0] if found["alone"] is None or found["last"] is None else ""
