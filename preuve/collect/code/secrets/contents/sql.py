"""Passwords in SQL: in a statement about a user, in a column of rows, and beside a word that announces one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.redact.notations.names import announces, tells
from preuve.redact.notations.values import looks_secret

_TEXT = r"'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\""
# A comment that MySQL or MariaDB runs (`/*!40000 … */`) is code.
_COMMENT = re.compile(rf"(?P<text>{_TEXT})|--[^\n]*+|/\*(?!M?!)(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
_STATEMENT = re.compile(rf"(?i)(?:{_TEXT}|(?!\n[ \t]*go[ \t]*\n)[^;'\"]|['\"])++")  # `GO` ends one for SQL Server
# The sign before a text of SQL Server or PostgreSQL, its quotes there, and the type of a variable.
_PREFIX = re.compile(r"(?i)(?<![\w'])(?:N|E|U&)(?=')")
_DOLLARS = re.compile(r"\$(?P<tag>\w{0,40})\$(?P<value>[^$\n']{4,400})\$(?P=tag)\$")
_TYPE = re.compile(
    r"(?i)(?<=\w)[ \t]{1,9}(?:n?(?:var)?char2?|text|sysname)[ \t]{0,9}(?:\(\w{1,9}\))?(?=[ \t]{0,9}:?=[ \t]{0,9}')"
)
_SETS = re.compile(
    r"(?i)\b(?:identified\s{1,9}(?:with\s{1,9}\S{1,60}\s{1,9})?(?:by|as)\s{1,9}(?:(?:password|values)\s{1,9})?"
    r"|password\s{1,9}for\s{1,9}\S{1,100}\s{0,9}=\s{0,9}"
    r"|(?:encrypted\s{1,9})?password\s{1,9}(?:=\s{0,9})?(?:\w{1,60}\s{0,9}\(\s{0,9}){0,3}|password\s{0,9}\(\s{0,9}"
    r"|pragma\s{1,9}(?:\w{1,60}\.)?(?:re)?key\s{0,9}=\s{0,9}|attach\s[^;]{1,300}\skey\s{1,9}"  # of SQLCipher
    r"|sp_addlogin\s{1,9}'[^'\n]{1,100}'\s{0,9},\s{0,9})"
    r"(?P<sign>[\"'])(?P<value>[^\"'\n]{4,400})(?P=sign)"
)
_COLUMNS = r"\((?P<columns>[^()]{1,1000})\)\s{0,9}"
_INSERTS = re.compile(
    rf"(?i)\b(?:insert|replace)\s{{1,9}}(?:ignore\s{{1,9}})?into\s{{1,9}}(?P<table>[^\s(]{{1,100}})\s{{0,9}}(?:{_COLUMNS})?"
    r"(?:values(?=\s{0,9}\()|(?P<select>select\s{1,9}(?:(?:all|distinct)\s{1,9})?))"
)
_COPIES = re.compile(
    rf"(?i)\bcopy\s{{1,9}}[^\s(]{{1,100}}\s{{0,9}}{_COLUMNS}from\s{{1,9}}stdin\b(?P<how>[^;\n]{{0,200}}+);[^\n]*+\n"
)
_END_OF_COPY = "\n\\.\n"
_PART = rf"{_TEXT}|[^()'\"]"
_NESTED = rf"{_TEXT}|[^(),'\"]|\((?:{_PART}|\((?:{_PART})*+\))*+\)"
_ROW = re.compile(rf"\s{{0,99}}+,?\s{{0,99}}+\((?P<row>(?:{_NESTED}|,)++)\)")
_FIELD = re.compile(rf"(?:{_NESTED})++")
_TABLE = re.compile(
    r"(?i)\bcreate\s{1,9}(?:\w{1,20}\s{1,9})?table\s{1,9}(?:if\s{1,9}not\s{1,9}exists\s{1,9})?(?P<table>[^\s(]{1,100})"
    rf"\s{{0,9}}\((?P<columns>(?:{_NESTED}|,)++)\)"
)
_QUOTED = re.compile(r"'((?:[^']|'')*+)'|\"((?:[^\"]|\"\")*+)\"")
_BETWEEN_QUOTES = re.compile(r"(?<=['\"])(?<!:['\"])[^'\"\n]{4,400}(?=['\"])")  # `:'x'` is a variable of psql
_WORD = re.compile(r"[A-Za-z_]\w*+")
# Before a text that is another's: a name with a sign, or a word of SQL that a description or a pattern follows.
_GIVEN_TO = re.compile(
    r"(?i)(?:(?P<name>\w++)[\]\"`]?\s*+(?:=|<>|!=|\bin\b\s*+\()|\b(?:collate|comment|i?like|is)\b|~\*?)\s*+['\"]\Z"
)
_NAME = re.compile(r"[A-Za-z_]\w*")
_MARKS = " \"'`[]\r\n\t"
_REACH = 200  # characters of a name and its sign before a text
_LONGEST = 4_000  # characters of what is selected for a row


@dataclass(frozen=True)
class StatedLines:
    """The lines of SQL with a password, and those with a text that may be one; the first has the number 1."""

    passwords: set[int] = field(default_factory=set)
    doubts: set[int] = field(default_factory=set)


def plain_sql(text: str) -> str:
    """Return SQL with the texts of its dialects as plain ones (`N'x'`, `$$x$$`), and without the types of variables."""
    return _TYPE.sub("", _DOLLARS.sub(r"'\g<value>'", _PREFIX.sub("", text.replace("\r\n", "\n"))))


def stated_lines(text: str) -> StatedLines:
    """Return the lines in plain SQL of what looks like a password: where a statement sets one, in a column whose name
    announces one, and, in doubt, wherever a word of the same statement does.

    A comment may stand between a word and its value, and is searched itself: some tools run what it says.
    """
    lines = StatedLines()
    for code in dict.fromkeys(
        (text, _COMMENT.sub(lambda found: found["text"] or " " + "\n" * found[0].count("\n"), text))
    ):
        tables = {_name(table["table"]): _columns(table["columns"]) for table in _TABLE.finditer(code)}
        number, counted = 1, 0
        for position, surely in sorted({*_passwords(code, tables), *_doubts(code, tables)}):
            number, counted = number + code.count("\n", counted, position), position
            (lines.passwords if surely else lines.doubts).add(number)
    return lines


def _name(table: str) -> str:
    return table.rpartition(".")[2].strip(_MARKS).casefold()


def _columns(written: str) -> list[bool]:
    """Return of each column of a list whether its name announces a password."""
    names = (column[0].split()[0].strip(_MARKS) if column[0].split() else "" for column in _FIELD.finditer(written))
    return [announces(name) for name in names]


def _passwords(text: str, tables: Mapping[str, list[bool]]) -> Iterator[tuple[int, bool]]:
    yield from ((found.start("value"), True) for found in _SETS.finditer(text) if looks_secret(found["value"]))
    yield from ((at, True) for at in _copied(text))
    for inserts in _INSERTS.finditer(text):
        columns = _columns_of(inserts, tables)
        if inserts["select"]:
            spans = iter([(inserts.end(), min(len(text), inserts.end() + _LONGEST))])
        else:
            spans = _rows(text, inserts)
        for span in spans if any(columns) else ():
            yield from ((at, True) for at in _in_fields(text, span, columns))


def _columns_of(inserts: re.Match[str], tables: Mapping[str, list[bool]]) -> list[bool]:
    return _columns(inserts["columns"]) if inserts["columns"] else tables.get(_name(inserts["table"]), [])


def _copied(text: str) -> Iterator[int]:
    """Yield the position of each line of data with a password in a column."""
    for copies, start, end in _dumped(text):
        columns, between = _columns(copies["columns"]), "," if "csv" in copies["how"].casefold() else "\t"
        at = start
        for line in text[start:end].split("\n") if any(columns) else ():
            values = zip(columns, line.split(between), strict=False)
            if any(is_one and looks_secret(value) for is_one, value in values):
                yield at
            at += len(line) + 1


def _dumped(text: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each statement that is followed by lines of data, as PostgreSQL's dumps have them, and where these are."""
    at = 0
    while copies := _COPIES.search(text, at):
        end = text.find(_END_OF_COPY, copies.end() - 1)
        at = max(copies.end(), end if end >= 0 else len(text))
        yield copies, copies.end(), at


def _rows(text: str, inserts: re.Match[str]) -> Iterator[tuple[int, int]]:
    row = _ROW.match(text, inserts.end())
    while row:
        yield row.span("row")
        row = _ROW.match(text, row.end())


def _in_fields(text: str, span: tuple[int, int], columns: list[bool]) -> Iterator[int]:
    """Yield the position of each text that looks like a password in a field of such a column, also in a call."""
    for is_one, value in zip(columns, _FIELD.finditer(text, *span), strict=False):
        if is_one:
            yield from (
                found.start()
                for found in _QUOTED.finditer(text, *value.span())
                if looks_secret(found[1] if found[1] is not None else found[2])
            )


def _doubts(text: str, tables: Mapping[str, list[bool]]) -> Iterator[tuple[int, bool]]:
    """Yield the position of each text that looks like a password in a statement with a word that announces one, unless
    the text is given to another name, or lies in a row whose columns are known.
    """
    code = _without(text, ((start, end) for _, start, end in _dumped(text)))
    for statement in _STATEMENT.finditer(code):
        said = statement[0]
        inserted = list(_INSERTS.finditer(said))
        if not (_announces(said) or any(any(_columns_of(one, tables)) for one in inserted)):
            continue
        known = (inserts for inserts in inserted if _columns_of(inserts, tables))
        rows = (row for inserts in known for row in _rows(said, inserts))
        unread = _without(said, (row for row in rows if "\\'" not in said[slice(*row)]))  # of MySQL
        for found in _BETWEEN_QUOTES.finditer(unread):
            before = _GIVEN_TO.search(unread, max(0, found.start() - _REACH), found.start())
            is_of_another = before is not None and not (before["name"] and tells(before["name"], free=True))
            is_name = unread[found.start() - 1] == '"' and _NAME.fullmatch(found[0]) is not None  # of a column
            if not (is_of_another or is_name) and looks_secret(found[0]):
                yield statement.start() + found.start(), False


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with blanks in place of some of its parts, which stand in order."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _announces(statement: str) -> bool:
    words = _WORD.findall(_QUOTED.sub("''", statement))
    return any(announces(word) for word in dict.fromkeys(words))
