"""A finding in code that its author holds to be wrong: a draft for the owner of the policy to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from preuve.assess.known import counted, finding_id
from preuve.library.workspace import FILE
from preuve.library.yaml_text import reviewable
from preuve.model.errors import PreuveError, UsageError
from preuve.model.push import Push
from preuve.model.results import Finding
from preuve.publish.push.words import Words

FOLDER = "disputes"
_DAYS = 90  # a first answer is not for a year


def dispute(push: Push, root: Path, name: str, today: date) -> Path:
    """Write the draft of a dispute; answers the file. What exists is never overwritten."""
    if not (root / FILE).is_file():
        raise UsageError(f"{root.resolve()} is no workspace", "run: preuve init")
    finding = next((item for item in push.assessment.findings if counted(item) and finding_id(item) == name), None)
    if finding is None:
        raise UsageError(f"there is no failure {name} in the code", "run preuve ci: it names each with its id")
    path = root / FOLDER / f"{finding.policy}-{name}.yaml"
    text = "".join(f"{line}\n" for line in _lines(finding, Words(push), today))
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists", "edit it, or delete it first") from error
    except OSError as error:
        raise PreuveError(f"cannot write {path}: {error.strerror}", "see who owns the folder") from error
    return path


def _lines(finding: Finding, words: Words, today: date) -> Iterator[str]:
    locale, policy = words.locale, words.policy(finding)
    yield from _comment(locale("dispute.head", policy=finding.policy))
    yield f"finding: {reviewable(finding_id(finding))}"
    yield f"policy: {policy.id}  # {words.title(finding)}"
    yield f"rev: {policy.rev}"
    yield f"found: {reviewable(today.isoformat())}"
    yield f"resource: {reviewable(words.resource(finding))}"
    yield f"where: {reviewable(words.where(finding))}"
    yield f"verdict: {reviewable(words.reason(finding))}"
    yield from _list("values", words.values(finding))
    yield from _list("called_from", words.called(finding))
    yield from _list("controls", words.control_ids(finding.policy))
    yield ""
    yield f'why_wrong: ""  # {locale("dispute.why")}'
    yield f'answer: ""  # {locale("dispute.answer")}'
    yield ""
    yield from _comment(locale("dispute.waiver"))
    yield "waiver:"
    yield f"  id: {reviewable(f'W-{finding_id(finding)}')}"
    yield f"  policy: {policy.id}"
    yield f"  resource: {reviewable(f'{finding.place.root}:{finding.place.id}')}"
    for name in ("reason", "owner", "approver"):
        yield f'  {name}: ""  # {locale("site.to_complete")}'
    yield f"  created: {reviewable(today.isoformat())}"
    yield f"  expires: {reviewable((today + timedelta(days=_DAYS)).isoformat())}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in text.strip().split("\n"))


def _list(name: str, items: tuple[str, ...]) -> Iterator[str]:
    yield f"{name}:" if items else f"{name}: []"
    yield from (f"  - {reviewable(item)}" for item in items)
