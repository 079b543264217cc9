"""The output of `preuve fill`: the inlets, and the changes of a file to a register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from preuve.library.company.templates import names_in
from preuve.model.company.inlet import BOOLEAN, DATE, Change, FileReading, Inlet, Intake, Kind, Refusal, RegisterChanges
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import for_log, one_line

MOST = 50  # shown rows of a kind
_SHOWN = tuple(kind for kind in Kind if kind is not Kind.SAME)
_SAID = 100  # characters of a cell
_NOTICE = 300  # characters of what a file says beside its rows
_EXAMPLE = date(2026, 12, 31)  # of how a day is written


def listing(inlets: Iterable[Inlet], t: Locale) -> Iterator[str]:
    """Yield a line for each inlet."""
    for inlet in inlets:
        title = one_line(inlet.title.in_language(t.language))
        yield for_log(
            t("fill.inlet", id=inlet.id, title=title, formats=", ".join(inlet.source.formats), register=inlet.register)
        )


def inlet_guide(inlet: Inlet, t: Locale) -> Iterator[str]:
    """Yield how to get the file, and what preuve reads of it."""
    yield for_log(one_line(inlet.title.in_language(t.language)))
    yield for_log(inlet.how.in_language(t.language).strip())
    yield t("fill.reads", formats=", ".join(inlet.source.formats), register=inlet.register)
    names = names_in(inlet.register, t.language)
    for item in inlet.fields.values():
        said = item.constant.in_language(t.language) if item.constant else " | ".join(item.sources)
        notes = [t(f"fill.field.{note}") for note in ("optional", "personal") if getattr(item, note)]
        yield for_log(
            f"  {names.get(item.column, item.column)}{t('site.colon')} {said}"
            + (f" ({', '.join(notes)})" if notes else "")
        )
    if any(item.kind == DATE for item in inlet.fields.values()):
        yield t("fill.dates", forms=_forms(inlet, t))
    yield t("fill.key", columns=", ".join(names.get(column, column) for column in inlet.key))
    yield t("fill.fresh", days=t.number(inlet.fresh_days))


def report(filling: RegisterChanges, t: Locale) -> Iterator[str]:
    """Yield the origin of the rows, the refused rows, the changes, and whether they were written."""
    intake = filling.intake
    yield for_log(_origin(intake, t))
    if intake.origin.until < filling.today.isoformat():
        yield t("fill.old", date=t.date(intake.origin.until))
    yield from _short(filling, t)
    if filling.lost:
        yield t.count("fill.lost", filling.lost)
    yield from (for_log(_earlier(item, filling, t)) for item in filling.earlier)
    if filling.earlier or filling.lost or intake.short:
        yield t("fill.not_whole")
    if filling.unrecorded:
        yield t.count("fill.unrecorded", filling.unrecorded)
    yield from (for_log(_refused(filling, item, t)) for item in intake.refused[:MOST])
    if len(intake.refused) > MOST:
        yield t("fill.more", change=t("fill.refused_too"), n=t.number(len(intake.refused) - MOST))
    for kind in _SHOWN:
        found = [item for item in filling.changes if item.kind is kind]
        yield from (for_log(_change(item, filling, t)) for item in found[:MOST])
        if len(found) > MOST:
            yield t("fill.more", change=t.word("fill.change", kind), n=t.number(len(found) - MOST))
    yield _counted(filling, t)
    yield from (for_log(_empty(filling, column, t)) for column in filling.empty)
    if filling.written:
        yield t("note.wrote", file=filling.path)
    else:
        yield t(_unwritten(filling), file=f"registers/{filling.inlet.register}.csv")


def _short(filling: RegisterChanges, t: Locale) -> Iterator[str]:
    """Yield why a file may not have every row, and what it says about it."""
    if short := filling.intake.short:
        yield t(f"fill.short.{short.value}", n=t.number(filling.inlet.source.page))
    for key, said in filling.intake.notices.items():
        yield for_log(f"  {one_line(key, _SAID)}{t('site.colon')} {one_line(said, _NOTICE)}")


def _earlier(item: FileReading, filling: RegisterChanges, t: Locale) -> str:
    """Report a file whose rows may still be missing, and how to resolve that."""
    records = f"registers/.filled/{filling.inlet.register}.files.json"
    key = "fill.earlier" if all(item.rows) else "fill.earlier_untold"
    return t(key, file=one_line(item.file or item.sha256[:12], _SAID), date=t.date(item.made), records=records)


def _empty(filling: RegisterChanges, column: str, t: Locale) -> str:
    key = "fill.empty_yes_no" if filling.inlet.fields[column].kind == BOOLEAN else "fill.empty_cells"
    return t.count(key, filling.empty[column], column=filling.names.get(column, column))


def _unwritten(filling: RegisterChanges) -> str:
    intake = filling.intake
    if filling.written is False:
        return "fill.no_change"
    if intake.entries or not (intake.refused or intake.short):
        return "fill.not_written"
    return "fill.none_good" if intake.refused else "fill.none_there"


def _origin(intake: Intake, t: Locale) -> str:
    found = intake.origin
    tool = " ".join(filter(None, (found.tool, found.version)))
    dates = {"made": t.date(found.made), "until": t.date(found.until)}
    return t("fill.origin", file=found.file, tool=tool, sha256=found.sha256, **dates)


def _refused(filling: RegisterChanges, item: Refusal, t: Locale) -> str:
    columns = ", ".join(filling.names.get(name, name) for name in item.column.split(", "))
    place = f"{filling.intake.origin.file}:{item.row}" + (f", {columns}" if columns else "")
    values = {"said": "", "known": "", "forms": _forms(filling.inlet, t), **item.values}
    why = t(f"fill.why.{item.why}", **{name: one_line(text, _SAID) for name, text in values.items()})
    return t("fill.refused", place=place, why=why)


def _forms(inlet: Inlet, t: Locale) -> str:
    """Return examples of a day in each form that the inlet reads."""
    return t("fill.or").join(_EXAMPLE.strftime(form) for form in (*inlet.source.dates, "%Y-%m-%d"))


def _change(item: Change, filling: RegisterChanges, t: Locale) -> str:
    told = item.cells.items() if item.kind is not Kind.ADDED else ()
    names = {column: filling.names.get(column, column) for column in item.cells}
    cells = t.clauses(_cell(names[column], *both, t) for column, both in told)
    if item.kind is Kind.AGED:
        cells = ", ".join(names.values())
    kind = t("fill.clash", by=item.by) if item.kind is Kind.CLASH else t.word("fill.change", item.kind)
    line = f"{kind}{t('site.colon')} {one_line(item.key, _SAID)}"
    return f"{line} ({cells})" if cells else line


def _cell(column: str, before: str, after: str, t: Locale) -> str:
    said = (one_line(text, _SAID) or t("fill.empty") for text in (before, after))
    return f"{column}{t('site.colon')} {' → '.join(said)}"


def _counted(filling: RegisterChanges, t: Locale) -> str:
    counts = Counter(item.kind for item in filling.changes)
    intake = filling.intake
    refused = len({item.row for item in intake.refused})  # a row may have several bad cells
    left = _parts({"refused": refused, "alike": intake.alike, "left": intake.left_out}, t)
    read = ", ".join([t.count("fill.count.good", len(intake.entries)), *left])
    changes = ", ".join(_parts({str(kind): counts[kind] for kind in Kind}, t))
    return t("fill.counts", read=read, changes=changes) if changes else t("fill.counts_read", read=read)


def _parts(counts: Mapping[str, int], t: Locale) -> list[str]:
    """Return the texts of all counts above zero."""
    return [t.count(f"fill.count.{name}", number) for name, number in counts.items() if number]
