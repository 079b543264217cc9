"""Notes on a push that must not be overlooked: what judged it, known findings, exclusions, unread code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, WaiverResult
from preuve.model.snapshot import LEFT_OUT, NOT_EXAMINED, NOT_JUDGED, NOT_LOADED, NOT_MADE, IacGap
from preuve.publish.push.words import LONGEST, Words, by_policy, worst_first
from preuve.publish.words.approvals import doubted, unsigned
from preuve.publish.words.errors import defect
from preuve.publish.words.names import UNPROVABLE
from preuve.publish.words.names import not_made as off_by_default
from preuve.publish.words.text import one_line

SHOWN = 10  # of a kind
MOST_NAMED = 5  # policies or types in one line


def notes(words: Words) -> Iterator[str]:
    """Yield a line for each note, the most important first."""
    push, locale = words.push, words.locale
    yield from loud(words)
    below = len(push.failing) - len(push.stopping)
    if below:
        yield locale.count("push.below", below)
    if push.compared.by == "nothing" and push.failing:
        yield locale("push.first")
    if push.known or push.compared.gone:
        yield _known(words)
    yield from _some(words, _opened(words))
    yield from _some(words, _taken_away(words))
    if push.compared.apart:
        yield locale("push.apart", name=one_line(push.compared.name, LONGEST))
    if push.waived:
        yield locale.count("push.waived", len(push.waived))
    yield from _set_aside(words)
    yield from _some(words, _unread(words))
    yield from _some(words, _not_seen(words))
    yield from left_out(words)
    yield from not_made(words)
    if undecided := unsettled(words):
        yield locale.count("push.undecided", len(undecided), policies=_worst(undecided, words))
    if beyond := beyond_code(words):
        yield locale.count("push.beyond_code", len(beyond), policies=_worst(beyond, words))
    yield from uncovered(words)


def loud(words: Words) -> Iterator[str]:
    """Yield a warning if the push changes the files that judge it."""
    push, locale = words.push, words.locale
    if push.changes:
        judged = one_line(push.judged_by)
        by = locale("push.by_base", commit=judged) if judged else locale("push.by_head")
        yield locale("push.changed", files=one_line(", ".join(push.changes), LONGEST), judged=by)


def unsettled(words: Words) -> list[Finding]:
    """Return the findings that were read and are undecided because the code does not contain a value."""
    return [finding for finding in _not_decided(words) if finding.reason.code not in UNPROVABLE]


def beyond_code(words: Words) -> list[Finding]:
    """Return the findings that the code passes as far as it shows: code alone never decides them."""
    return [finding for finding in _not_decided(words) if finding.reason.code in UNPROVABLE]


def _not_decided(words: Words) -> Iterator[Finding]:
    told = (finding for finding in words.push.told if not finding.incomplete)
    return (finding for finding in told if finding.status is FindingStatus.NOT_EVALUATED)


def _worst(found: list[Finding], words: Words) -> str:
    """Return the policies of some findings, the most severe first, each with its number of findings."""
    groups = [(group[0], len(group)) for group in by_policy(worst_first(found))]
    named = [f"{words.severity(first)} {first.policy} ({words.locale.number(n)})" for first, n in groups]
    return ", ".join(words.some(named, MOST_NAMED))


def uncovered(words: Words) -> Iterator[str]:
    """Yield every type of resource that no policy looks at."""
    gaps = {finding.reason.values.get("subject") for finding in words.push.told if finding.incomplete}
    alone = (item for item in words.push.assessment.uncovered_types if item.type not in gaps)
    found = sorted(alone, key=lambda item: (-item.blocks, item.type))
    if found:
        named = ", ".join(f"{one_line(item.type, 80)} ({words.locale.number(item.blocks)})" for item in found)
        yield words.locale.count("push.uncovered", len(found), types=named)


def _known(words: Words) -> str:
    push, locale = words.push, words.locale
    text = locale.count("push.known", len(push.known), name=one_line(push.compared.name, LONGEST))
    if push.compared.by == "baseline" and push.compared.gone:
        text += " " + locale.count("push.gone", push.compared.gone)
    return text


def _opened(words: Words) -> Iterator[str]:
    """Yield findings that the base decides and the push does not, once for each policy and place."""
    lines = (
        words.locale(
            "push.opened",
            where=words.where(one) or words.resource(one),
            title=words.title(one),
            reason=words.reason(one),
        )
        for one in worst_first(words.push.opened)
    )
    return iter(dict.fromkeys(lines))


def _taken_away(words: Words) -> Iterator[str]:
    """Yield what protected an account or a region in the base and is no longer in the code, and what passed there and
    is now outside the policy because of its own tags.
    """
    both = (("push.removed", words.push.removed), ("push.unasked", words.push.unasked))
    for key, one in ((key, one) for key, found in both for one in worst_first(found)):
        where = words.where(one)
        named = f"{where} {words.resource(one)}" if where else words.resource(one)
        yield words.locale(key, where=named, title=words.title(one), severity=words.severity(one))


def _set_aside(words: Words) -> Iterator[str]:
    """Yield waivers that do not count, are not signed or cover nothing, and defects of the content that judged."""
    assessment, locale = words.push.assessment, words.locale
    over = [waiver for waiver in assessment.waivers if waiver.state == "expired"]
    lines = [locale("push.over", **asdict(waiver)) for waiver in over]
    problems = (defect(problem, locale) for problem in assessment.problems)
    yield from _some(words, iter([*lines, *doubted(assessment, locale), *problems]))
    yield from _some(words, (_later(waiver, words) for waiver in assessment.waivers if waiver.state == "later"))
    for key, waivers in (("push.unsigned", unsigned(assessment)), ("push.unused", _unused(words))):
        if waivers:
            yield locale(key, waivers=_ids(waivers, words))


def _later(waiver: WaiverResult, words: Words) -> str:
    t = words.locale
    return t("push.later", waiver=one_line(waiver.id, 80), policy=waiver.policy, date=t.date(waiver.created))


def _unused(words: Words) -> list[WaiverResult]:
    """Return waivers of code that cover no failure; those of one account, or of an ARN, are not of code."""
    policies = words.push.library.policies
    found = (waiver for waiver in words.push.assessment.waivers if waiver.state == "unused" and not words.push.narrowed)
    return [
        waiver
        for waiver in found
        if words.control_ids(waiver.policy)
        and policies[waiver.policy].iac
        and not waiver.resource.startswith("arn:")
        and " " not in waiver.resource
    ]


def _ids(waivers: list[WaiverResult], words: Words) -> str:
    return ", ".join(words.some([one_line(waiver.id, 80) for waiver in waivers], MOST_NAMED))


def _unread(words: Words) -> Iterator[str]:
    """Yield unread code, once for each file, however many root modules read it."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in (item for item in words.push.told if item.incomplete):
        cause = finding.reason.values.get("cause", "")
        if cause == NOT_LOADED:  # reported below, once for each root
            continue
        place = "" if cause in _OF_A_KIND else (words.where(finding) or words.resource(finding))
        groups.setdefault((finding.known, place, _kind_of(finding)), []).append(finding)
    for (known, *_), found in sorted(groups.items(), key=lambda item: item[0][:2]):
        first = next((finding for finding in found if finding.place.file), found[0])
        key = "push.unread_known" if known else "push.unread"
        line = words.locale(key, where=words.where(first) or words.resource(first), reason=words.reason(first))
        yield f"{line} {words.locale.count('push.more_gaps', len(found) - 1)}" if len(found) > 1 else line


_OF_A_KIND = frozenset({NOT_EXAMINED, NOT_JUDGED})  # only the first of each kind of code and provider is reported
_KNOWN_PROVIDER = "aws"  # each type of this provider is reported


def _kind_of(finding: Finding) -> tuple[str, ...]:
    """Return the key that equal gaps share."""
    values = finding.reason.values
    provider, subject = values.get("subject", "").partition("_")[0], values.get("subject", "")
    about = subject if provider == _KNOWN_PROVIDER or "::" in subject else provider
    return (values.get("cause", ""), about, "" if about else values.get("detail", "").partition(";")[0])


def _not_seen(words: Words) -> Iterator[str]:
    """Yield code that is not covered: modules that are not installed, kinds of files that are not read.

    Of the modules of a root, only the first is named, with the number of the others: one `terraform init` installs them
    all.
    """
    groups: dict[tuple[str, ...], list[IacGap]] = {}
    gaps = (gap for gap in words.push.gaps if gap.cause not in (NOT_MADE, LEFT_OUT))
    for gap in {(gap.file, gap.line, gap.detail): gap for gap in gaps}.values():
        module = gap.cause == NOT_LOADED
        groups.setdefault((gap.root,) if module else (gap.file, str(gap.line), gap.detail), []).append(gap)
    for gap, *others in groups.values():
        file = words.from_top(gap.file or gap.root) or "."
        where = f"{file}:{gap.line}" if gap.line else file
        cause = one_line(words.locale.in_words(gap.detail), LONGEST) or words.locale.word("gap_causes", gap.cause)
        line = words.locale("push.not_seen", where=where, cause=cause)
        yield f"{line} {words.locale.count('push.more_modules', len(others))}" if others else line


def left_out(words: Words) -> Iterator[str]:
    """Yield what is left out on purpose, a line for each reason; code that could not be read is not among it."""
    places = grouped(
        (gap.detail, words.from_top(gap.file or gap.root)) for gap in words.push.gaps if gap.cause == LEFT_OUT
    )
    for why, found in places.items():
        named = words.some([one_line(place, 80) for place in dict.fromkeys(found)], MOST_NAMED)
        yield words.locale("push.left_out", why=one_line(words.locale.in_words(why), LONGEST), places=", ".join(named))


def not_made(words: Words) -> Iterator[str]:
    """Yield the number of blocks that the code leaves out, each once, and the conditions that leave most out."""
    blocks, whys = off_by_default(words.push.gaps, words.locale)
    if blocks:
        yield words.locale.count("push.not_made", blocks, whys=words.locale.clauses(words.some(whys, MOST_NAMED)))


def _some(words: Words, lines: Iterator[str]) -> Iterator[str]:
    """Yield the first lines, and the number of the others."""
    yield from words.some([one_line(line, LONGEST) for line in lines], SHOWN)
