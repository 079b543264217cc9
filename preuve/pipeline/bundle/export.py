"""Carries a closed bundle into one zip, or its results into the format of another tool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from preuve.assess.changes.comparison import unread_places
from preuve.evidence.closed_bundle import ClosedBundle, read_closed
from preuve.evidence.export import export, whole
from preuve.model.errors import UsageError
from preuve.model.layout import CONTENT, RESULTS, SNAPSHOT
from preuve.model.results import QUIET, FindingStatus
from preuve.pipeline.bundle.verify import language_of
from preuve.pipeline.run.preparation import kept
from preuve.publish.exchange import ciso_assistant, defectdojo, ocsf
from preuve.publish.exchange.entries import Results
from preuve.publish.history.page_facts import read_kept
from preuve.publish.results import read_assessment
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import load_locale
from preuve.publish.words.names import joined
from preuve.snapshot.reader import read_meta
from preuve.system.manifests import is_unsealed

_LINES = (".jsonl", ".ndjson")  # endings of files with one document per line


def export_bundle(folder: Path, target: Path, format_: str) -> Iterator[str]:
    """Write a bundle to `target`, or its results in `format_`, and report it in the language of the bundle."""
    if format_ == "zip" and target.suffix.lower() != ".zip":
        raise UsageError(f"Windows would not open {target.name}", "give a name that ends in .zip")
    bundle = read_closed(folder)
    if is_unsealed(folder.resolve()):
        raise UsageError(f"{folder} is not sealed, and no evidence yet", "seal it first: preuve seal")
    if format_ == "zip":
        export(bundle, target)
        said = load_locale(language_of(folder))
        yield said.count("note.exported", len(bundle.files), file=target, bundle=bundle.name)
        return
    results = Results(read_site(folder), load_locale(language_of(folder)))
    with whole(target) as place:
        _FORMATS[format_](results, place)
    yield from _said(results, bundle, target)
    if format_ in _NOTES:
        yield from _NOTES[format_](results)


def read_site(bundle: Path) -> Site:
    """Read the results of a bundle, without judging again. Raises UsageError if it has nothing but results."""
    if not (bundle / CONTENT).is_dir():
        raise UsageError(
            f"{bundle} keeps its results alone, without the content that judged them",
            "export the bundle of a whole audit, or this one as a zip",
        )
    library, workspace = kept(bundle / SNAPSHOT, bundle / CONTENT)
    site = Site(read_assessment(bundle / RESULTS), library, workspace, read_meta(bundle / SNAPSHOT))
    return replace(site, demonstration=workspace.demonstration, history=read_kept(bundle).history)


# ---- writing ------------------------------------------------------------------------------------------------------


def _ocsf(results: Results, place: Path) -> None:
    place.write_bytes(ocsf.lines(results) if place.suffix in _LINES else ocsf.array(results))


def _defectdojo(results: Results, place: Path) -> None:
    if place.suffix != ".json":
        raise UsageError(f"DefectDojo would read {place.name} as a table", "give a name that ends in .json")
    place.write_bytes(defectdojo.report(results))


def _ciso_assistant(results: Results, place: Path) -> None:
    place.mkdir()
    for name, content in ciso_assistant.files(results).items():
        (place / name).write_bytes(content)


# ---- saying -------------------------------------------------------------------------------------------------------


def _said(results: Results, bundle: ClosedBundle, target: Path) -> Iterator[str]:
    counts = Counter(entry.finding.status for entry in results.entries)
    told = (f"{results.locale.word('finding', status)} {counts[status]}" for status in FindingStatus if counts[status])
    values = {"file": target, "bundle": bundle.name, "counts": ", ".join(told)}
    yield results.locale.count("note.exchanged", len(results.entries), **values)


def _of_defectdojo(results: Results) -> Iterator[str]:
    left = sum(1 for entry in results.entries if entry.finding.status in QUIET)
    yield results.locale.count("note.dojo_left_out", left)
    if blind := unread_places(results.site.assessment.findings):
        yield results.locale.count("note.dojo_blind", len(blind))
    if results.unseen:
        yield results.locale.count("note.dojo_unseen", len(results.unseen))


def _of_ciso_assistant(results: Results) -> Iterator[str]:
    yield results.locale("note.ciso_order")
    left = ciso_assistant.left_out(results)
    if left:
        yield results.locale.count(
            "note.ciso_left_out", len(left), controls=joined(left, results.site.library, results.locale)
        )


_FORMATS: Mapping[str, Callable[[Results, Path], None]] = {
    "ocsf": _ocsf,
    "ciso-assistant": _ciso_assistant,
    "defectdojo": _defectdojo,
}
_NOTES: Mapping[str, Callable[[Results], Iterator[str]]] = {
    "ciso-assistant": _of_ciso_assistant,
    "defectdojo": _of_defectdojo,
}
