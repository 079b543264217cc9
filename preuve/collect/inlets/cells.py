"""Fills the cells of a register from the values of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from stringprep import in_table_b1
from typing import Any

from preuve.collect.inlets.lines import EmptyCell, Line, follow
from preuve.library.company.register.cells import LOGINS, users
from preuve.model.company.inlet import (
    ADDRESS,
    BOOLEAN,
    COUNT,
    DATE,
    GITHUB_USERS,
    IAM_USERS,
    MOMENT,
    InletCase,
    InletField,
    InletWorst,
)
from preuve.model.moment import has_begun
from preuve.redact.secrets import without_secrets

REMOVED = "[removed: secret]"  # a register lies in git
LONGEST = 2_000  # characters: longer texts are cut
# Years: one before is a slip of the pen or a spreadsheet's zero, one after of another calendar (2570 is 2027).
_EARLIEST, _LATEST = "1901", "2199"
_YES = frozenset({"yes", "true", "1", "oui", "vrai"})
_NO = frozenset({"no", "false", "0", "non", "faux"})
_YES_NO = {"fr": ("oui", "non")}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_MIDNIGHT = re.compile(r" 00:00(:00)?$")  # what spreadsheets and HR tools add to a day
# Signs between the letters of what stands before the @ of a person's address; Entra ends that of a guest with a mark.
_INSIDE, _GUEST = "._+-'&#", "#ext#"
_COUNT = re.compile(r"\d{1,9}|[1-9]\d{0,2}(?: \d{3}){1,2}", re.ASCII)  # French has a blank between thousands
_SERIAL = re.compile(r"[2-6]\d{4}(?:[.,]\d+)?", re.ASCII)  # a day of 1954 to 2091 as a spreadsheet counts it
_SIGNS = ("=", "@", "＝", "＠", "+", "-", "＋", "－")  # begin a formula for a spreadsheet, and much that people write
_HANDLE = re.compile(r"@(?=[\w.-]+(?:,|$))")  # a person as chats and forges write it: @ali-ext
_HARMLESS = re.compile(r"-+|[+-]\d[\d .,()/]*")  # a dash for nothing, a number, a telephone number
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


_AROUND = " \t\r\n\u200b\ufeff"  # what a copied text may have around it


class CellError(Exception):
    """A cell that cannot be used; `why` is a word of `fill.why` in the locales."""

    def __init__(self, why: str, said: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.said = said
        self.known = tuple(known)  # what it may say, where that is a list


@dataclass(frozen=True)
class CellForm:
    """The form of a register: its language, and the pseudonyms of people."""

    language: str
    person: Callable[[str], str]
    today: date


def cell(line: Line, item: InletField, forms: Sequence[str], writing: CellForm) -> str:
    """Work out the cell of a column; empty where the file says nothing. Raises CellError if it cannot be used.

    `forms` are those of its dates beside ISO 8601.
    """
    if item.constant is not None:
        return item.constant.in_language(writing.language)
    if case := next((case for case in item.cases if _holds(line, case)), None):
        return case.then.in_language(writing.language)
    value = first_value(line, item.sources, item.nothing)
    said = _worst(value, item.worst) if item.worst else plain(value)
    if not said:
        return item.empty.in_language(writing.language) if item.empty else ""
    if item.kind == ADDRESS and _CONTROL.search(_text(value).strip(_AROUND)):
        raise CellError("address", said)  # without its unusual signs it would be another address
    if item.line and (number := plain(line.value(item.line))):
        said = f"{said}:{number}"
    made = without_secrets(_made(said, item, forms, writing), lambda *_: REMOVED)
    return writing.person(made) if item.personal else _neutral(made)


def _holds(line: Line, case: InletCase) -> bool:
    found = [plain(value) for value in line.values(case.at)]
    return bool(found) and set(found) <= set(case.every)


def _worst(entries: Any, worst: InletWorst) -> str:
    """Return the worst word among entries with what stands beside it, and the numbers of entries without a word."""
    told: list[tuple[int, str]] = []
    for entry in entries if isinstance(entries, list) else ():
        word = plain(follow(entry, worst.by)).casefold()
        number = plain(follow(entry, worst.number)) if worst.number else ""
        beside = next(filter(None, (plain(follow(entry, path)) for path in worst.beside)), "")
        if word in worst.order or number:
            rank = worst.order.index(word) if word in worst.order else len(worst.order)
            said = word if word in worst.order else number
            told.append((rank, f"{said} ({beside})" if beside else said))
    best = min((rank for rank, _ in told), default=0)
    return ", ".join(dict.fromkeys(said for rank, said in sorted(told) if rank in (best, len(worst.order))))


def _neutral(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula. In a workbook, one is known as such and has no text."""
    if text.startswith("@") and all(_HANDLE.match(name.strip()) for name in text.split(",")):
        text = _HANDLE.sub("", text)
    return f"'{text}" if text.startswith(_SIGNS) and not _HARMLESS.fullmatch(text) else text


def first_value(line: Line, sources: Iterable[str], nothing: Iterable[str] = ()) -> Any:
    """Return the value of the first source that is set; one of `nothing` stands for an empty cell."""
    values = (line.value(source) for source in sources)
    return next((value for value in values if is_set(value, nothing)), None)


def is_set(value: Any, nothing: Iterable[str] = ()) -> bool:
    """Return whether a value says something; one of `nothing`, in whatever case, stands for an empty cell."""
    if isinstance(value, EmptyCell | list | Mapping):
        return value != []
    return plain(value).casefold() not in ("", *(item.casefold() for item in nothing))


def plain(value: Any) -> str:
    """Write a value as one line of text. Raises CellError for a cell without a value of its own, or keys below it."""
    if isinstance(value, EmptyCell):
        raise CellError(value.why)
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, Mapping):
        raise CellError("nested")
    text = _text(value)
    cleaned = unicodedata.normalize("NFC", " ".join(_CONTROL.sub("", text).split()))  # two spellings of é are one
    return cleaned if len(cleaned) <= LONGEST else f"{cleaned[: LONGEST - 1]}…"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _made(said: str, item: InletField, forms: Sequence[str], writing: CellForm) -> str:
    if item.words:
        if said not in item.words:
            raise CellError("unknown", said, item.words)
        return item.words[said].in_language(writing.language)
    if item.kind in (DATE, MOMENT):
        made = _date(said, forms) if item.kind == DATE else _moment(said)
        if item.past and not has_begun(date.fromisoformat(made[:10]), writing.today):
            raise CellError("future", said)
        # What a machine's clock wrote (with a time) is of its calendar, and judged by who reads how old a file is.
        if made < _EARLIEST or (made[:4] > _LATEST and "T" not in said):
            raise CellError("date", said)
        return made
    if item.kind == BOOLEAN:
        return _yes_no(said, item, writing.language)
    if item.kind in (IAM_USERS, GITHUB_USERS):
        return _users(said, item.kind)
    if item.kind == ADDRESS:
        return _address(said)
    return _count(said) if item.kind == COUNT else said


def _address(said: str) -> str:
    if not _is_address(said):
        raise CellError("address", said)
    return said.casefold()


def _count(said: str) -> str:
    if not _COUNT.fullmatch(said):
        raise CellError("count", said)
    return said.replace(" ", "")


def _users(said: str, kind: str) -> str:
    """Return names of users with commas between them, or the word for none."""
    found = users(said, LOGINS if kind == GITHUB_USERS else "")
    if found is None:
        raise CellError(kind, said)
    return ", ".join(found) or said


def _is_address(said: str) -> bool:
    """Return whether a text is an e-mail address, of whatever script, and nothing else. With a sign more or in another
    form of its letters it would be nobody's: no account would be found for that person.
    """
    local, _, domain = said.rpartition("@")
    labels = domain.split(".")
    name = local[: -len(_GUEST)] if local.casefold().endswith(_GUEST) else local
    named = _is_word(name.removeprefix("_"), _INSIDE) and all(_is_word(item, "-") for item in labels)
    return named and len(labels) > 1 and unicodedata.is_normalized("NFKC", said)


def _is_word(text: str, inside: str) -> bool:
    """Return whether a text begins and ends with a letter or a digit, and has but those and the signs `inside` it."""
    ends = text[:1].isalnum() and _is_letter(text[0]) and _is_letter(text[-1])  # a mark is on what comes before it
    return ends and all(sign in inside or _is_letter(sign) for sign in text)


def _is_letter(sign: str) -> bool:
    """Return whether a sign is a letter, a mark on one, or a digit; what looks like an accent alone is none."""
    kind = unicodedata.category(sign)
    spacing = "\u02b0" <= sign <= "\u02ff"  # letters for Unicode, quotes and accents for who reads
    return (kind[0] in "LM" or kind == "Nd") and not spacing and not in_table_b1(sign)


def _yes_no(said: str, item: InletField, language: str) -> str:
    yes, no = (frozenset(item.yes), frozenset(item.no)) if item.yes else (_YES, _NO)
    asked = said if item.yes else said.casefold()
    if (asked in yes) == (asked in no):
        raise CellError("unknown", said, (*item.yes, *item.no)) if item.yes else CellError("boolean", said)
    return _YES_NO.get(language, ("yes", "no"))[0 if asked in yes else 1]


def _date(said: str, forms: Iterable[str]) -> str:
    """Return the day; two forms that read two days make none. Raises CellError."""
    found = {day for form in forms if (day := _read(said, form))}
    if _ISO.fullmatch(said):
        found.add(_parsed(said).date().isoformat())
    if len(found) != 1:
        raise CellError("two_days" if found else "serial" if _SERIAL.fullmatch(said) else "date", said)
    return found.pop()


def is_day(said: str, forms: Iterable[str]) -> bool:
    """Return whether a text is a day in one of these forms."""
    return any(_read(said, form) for form in forms)


def contradicts(value: Any, forms: Sequence[str]) -> bool:
    """Return whether a value is a day only if day and month change places: others of its column may then be, too."""
    said = "" if isinstance(value, EmptyCell) else _text(value).strip()
    swapped = [form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m") for form in forms]
    return not is_day(said, forms) and is_day(said, swapped)


def _moment(said: str) -> str:
    """Return a moment in UTC. Raises CellError for a time without a zone."""
    moment = _parsed(said, "moment")
    if moment.tzinfo is None:
        raise CellError("zone", said)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _parsed(said: str, kind: str = "date") -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError as error:
        raise CellError(kind, said) from error


def _read(said: str, form: str) -> str:
    try:
        return datetime.strptime(_MIDNIGHT.sub("", said), form).date().isoformat()
    except ValueError:
        return ""
