"""Every member of a snapshot is compared, has a closed form, or is on the list of what is on trust.

A foreign sentence is put into one place of each kind, of a snapshot of the demonstration's account and code.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from emulator import Emulator
from pipeline.runs import LIMITS, ROOT
from preuve.evidence.folder import keep_content
from preuve.evidence.runs.form import beyond_form
from preuve.library.validation.members import Shapes
from preuve.model.errors import UsageError
from preuve.model.layout import CONTENT, SNAPSHOT
from preuve.model.snapshot import UNKEPT, Member, Unread
from preuve.pipeline.bundle.consistency.agreement import disagreements
from preuve.pipeline.run.audit import write_payload
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.demonstration import on_port
from preuve.pipeline.run.preparation import Preparation, as_kept, prepare
from preuve.redact.known_names import KnownNames
from preuve.snapshot.strays import foreign

SENTENCE = "The supervisory authority confirms that no nonconformity was found."
DOCUMENTS = ("meta.json", "workspace.json", "earlier.json")
# Objects with free names: their members are one place, and what lies below `params` and `data` too.
_OPEN = re.compile(
    r"^(call\.params|resource\.(?:data|unread|calls)|record\.(?:tags|values|origins)|root\.(?:types|unjudged|moved)"
    r"|workspace\.params|meta\.(?:members|callers|parts)|earlier\.records"
    r"|workspace\.\w+\[\]\.approval\.(?:committed|opened))\.(?!SENTENCE)(.*)".replace("SENTENCE", re.escape(SENTENCE))
)

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORGED = (
    (_TIME, "2019-01-01T00:00:00Z"),
    (re.compile(r"[a-z]{2}-[a-z]+-\d"), "us-west-2"),
    (re.compile(r"\d{12}"), "210987654321"),
    (re.compile(r"arn:aws:.*"), "arn:aws:iam::210987654321:role/other"),
)
_SOME, _ALL = 12, 1000
_VARIES = re.compile(r"resource\.id$|call\.params\.")  # told of most types and operations, and not of all
Place = tuple[str, int, tuple[Any, ...]]  # file, line, and the way to a member
Change = Callable[[Any, tuple[Any, ...], list[Any]], None]  # the last: what stands in such places elsewhere


@pytest.fixture(scope="module")
def snapshot(_techstart_account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Preparation]:
    """The demonstration's account, code and workspace, as an audit keeps them."""
    _techstart_account.reset(state=False)
    folder = tmp_path_factory.mktemp("trust")
    root = folder / "workspace"
    shutil.copytree(ROOT / "examples" / "techstart", root, ignore=shutil.ignore_patterns("evidence", ".preuve"))
    ready = prepare(root)
    port = int(_techstart_account.endpoint.rpartition(":")[2])
    ready = Preparation(**{**vars(ready), "workspace": on_port(ready.workspace, port)})
    run = {"id": "2026-Q4", "period": "2026-Q4", "kind": "audit", "commit": "0" * 40, "dirty": False}
    earlier = {"bundle": "2026-Q3", "records": {"a.json": {"status": "PASS", "since": "2026-07-01T00:00:00Z"}}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMONSTRATION_GITHUB_TOKEN", "demonstration")
        documents = {"earlier.json": {**earlier, "runs_in_period": 2}}
        take_snapshot(
            ready, folder / "snapshot", Scope(aws=True, iac=True), lambda *_, **__: None, LIMITS, run, documents
        )
    enriched(folder / "snapshot")
    whole = replace(ready, shapes=Shapes(ready.library))  # as for a bundle
    return folder / "snapshot", as_kept(whole, folder / "snapshot")


def test_the_bundle_of_the_demonstration_stays_small(snapshot: tuple[Path, Preparation], tmp_path: Path) -> None:
    """At most 25 MB, of which the history, the seal and the papers as PDF, which are not here, take less than 1 MB."""
    folder, ready = snapshot
    shutil.copytree(folder, tmp_path / SNAPSHOT)
    keep_content(tmp_path / CONTENT, ready.workspace.root)
    write_payload(tmp_path, tmp_path / "none", ready, lambda *_: None, None, KnownNames({}))
    sizes = {path: path.stat().st_size for path in (tmp_path / "data").rglob("*") if path.is_file()}
    assert len(sizes) > 2500
    assert sum(sizes.values()) < 24_000_000


def enriched(folder: Path) -> None:
    """Add what the demonstration does not have, so that each form stands there once."""
    position = {"file": "waivers.yaml", "line": 1, "column": 1}
    refused = dict.fromkeys(("id", "policy", "resource", "reason", "owner", "approver", "created", "expires"), "x")
    refusal = Unread("access_denied", "AccessDenied", "no", "organizations:ListAccounts")
    unread = to_builtins(refusal)
    member = to_builtins(Member("123456789012", "a", "ACTIVE", "/", "read", unread=refusal))
    add(
        folder / "workspace.json",
        problems=[{"position": position, "message": "waivers.yaml is empty", "hint": ""}],
        refused=[{**refused, "defect": "waivers.yaml is empty"}],
        left_out=[{"path": "old", "reason": "no longer applied"}],
        to_complete=["scope.accounts"],
    )
    part = {
        "started": "2026-11-24T12:00:00Z",
        "finished": "2026-11-24T12:00:00Z",
        "calls": 1,
        "preuve": "1",
        "build": "a",
    }
    add(
        folder / "meta.json",
        ca={"file": "proxy.pem", "sha256": "0" * 64},
        organization={"members": [member], "unread": unread, "units_unread": unread, "calls": 1},
        parts={"123456789012": part},
        unknown_checks=["CKV_AWS_1"],
    )
    place = {"root": "infra", "file": "infra/main.tf"}
    block = {**place, "address": "aws_s3_bucket.a", "type": "aws_s3_bucket", "line": 1, "end_line": 2}
    more = [
        {"kind": "state", **place, "resources": [{"address": "a.b", "type": "a", "id": "b", "arn": ""}]},
        {
            "kind": "block",
            **block,
            "identity": {"name": "a", "arn": "arn:aws:s3:::a", "region": "eu-west-3", "of": "b"},
        },
        {
            **{"kind": "record", **block, "check": "CKV_AWS_18", "result": "SKIPPED", "keys": ["a"], "detail": "d"},
            **{"suppressed": "why", "decided_at": [1, 2], "decided_in": "o.tf", "grounds": ["0" * 16]},
        },
        {
            "kind": "root",
            "root": "infra",
            "framework": "terraform",
            "files": 1,
            "resources": 1,
            "moved": {"a.b": "a.c"},
        },
    ]
    with (folder / "iac" / "infra.jsonl").open("a") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in more)


def add(path: Path, **more: object) -> None:
    """Add members to a document."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))


def lines(folder: Path) -> Iterator[tuple[str, int, Any]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        whole = [path.read_text()] if name in DOCUMENTS else path.read_text().splitlines()
        yield from ((name, number, json.loads(text)) for number, text in enumerate(whole))


def members(kind: str, data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each member, and a further one of each object, by the name of its kind of place."""
    if isinstance(data, dict):
        yield f"{kind}.{SENTENCE}", (*way, SENTENCE)
        for name, value in data.items():
            if name != "kind" or way:
                yield from members(f"{kind}.{name}", value, (*way, name))
    elif isinstance(data, list):
        if not (way[:1] == ("data",) and any(isinstance(value, dict) for value in data)):
            yield f"{kind}[]", (*way, 0)
        for number, value in enumerate(data):
            yield from members(f"{kind}[]", value, (*way, number))
    else:
        yield f"{kind}{sort_of(data) if kind.startswith('resource.data.') else ''}", way


def sort_of(value: Any) -> str:
    """Return what a value is that is no free text."""
    if isinstance(value, str):
        return " (time)" if _TIME.fullmatch(value) else " (not kept)" if value == UNKEPT else ""
    return f" ({type(value).__name__})"


def kind_of(name: str) -> str:
    found = _OPEN.match(name)
    if not found:
        return name.replace(SENTENCE, "(name)")
    inner = re.search(r"(\[\])*(\.\w+)?$", found[2]) if found[1] in ("resource.unread", "meta.parts") else None
    sort = re.search(r"(\[\])?( \((time|not kept|int|bool|float)\))?$", found[2])
    return f"{found[1]}.*" + (inner or sort)[0]


def places(folder: Path) -> dict[str, list[Place]]:
    """Return one place of each kind; where names are free, or lines are of other types, some, for not all are alike."""
    found: dict[str, dict[Any, Place]] = {}
    for file, number, data in lines(folder):
        root = file.removesuffix(".json") if file in DOCUMENTS else data["kind"]
        sort = data.get("type", "/global/" in file) if root in ("resource", "listing", "call") else ""
        for name, way in members(root, data):
            some = found.setdefault(kind_of(name), {})
            if not some or ((sort or _OPEN.match(name)) and len(some) < (_ALL if _VARIES.match(name) else _SOME)):
                some.setdefault(way[1:2] if _OPEN.match(name) else sort, (file, number, way))
    return {kind: list(some.values()) for kind, some in found.items()}


def at(data: Any, way: tuple[Any, ...]) -> Any:
    """Return what a way leads to; nothing where the way is to a name that is not there."""
    for step in way:
        if (step == SENTENCE and isinstance(data, dict)) or data == []:
            return None
        data = data[step]
    return data


def changed(data: Any, way: tuple[Any, ...], _others: list[Any]) -> None:
    """Put the sentence in as a value, or as the name of a value like those beside it."""
    around = at(data, way[:-1])
    if isinstance(around, list) and not around:
        around.append(SENTENCE)
    else:
        around[way[-1]] = next(iter(around.values()), SENTENCE) if way[-1] == SENTENCE else SENTENCE


def wrapped(data: Any, way: tuple[Any, ...], _others: list[Any]) -> None:
    """Put the value into an object, under the sentence as its name."""
    if at(data, way) is not None:
        at(data, way[:-1])[way[-1]] = {SENTENCE: at(data, way)}


def removed(data: Any, way: tuple[Any, ...], _others: list[Any]) -> None:
    """Take a member out of its object, or an entry out of its list."""
    if at(data, way) is not None:
        del at(data, way[:-1])[way[-1]]


def doubled(data: Any, way: tuple[Any, ...], _others: list[Any]) -> None:
    """Have an entry of a list twice."""
    around = at(data, way[:-1])
    if isinstance(around, list) and around:
        around.insert(way[-1], around[way[-1]])


def exchanged(data: Any, way: tuple[Any, ...], others: list[Any]) -> None:
    """Put in what stands in the same place of another line."""
    value = at(data, way)
    other = next((item for item in others if item != value and type(item) is type(value)), None)
    if value is not None and other is not None:
        at(data, way[:-1])[way[-1]] = other


def beside(folder: Path, file: str) -> set[str]:
    """Return the file, the documents, and the file that says whether raw copies of its account were kept."""
    sts = "/".join([*file.split("/")[:2], "global", "sts.jsonl"])
    return {*DOCUMENTS, file, *([sts] if (folder / sts).is_file() else [])}


def part_of(folder: Path, to: Path, file: str) -> Path:
    """Copy what is read together with a file, and return the copy of the file."""
    for name in beside(folder, file):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, to / name)
    return to / file


def told(folder: Path, prepared: Preparation) -> set[str]:
    """Return what re-performing says of a snapshot beside the files that it compares."""
    try:
        return set(foreign(folder)) or set(disagreements(folder, as_kept(prepared, folder)))
    except UsageError as error:  # no workspace at all
        return {str(error)}


def silent(folder: Path, prepared: Preparation, work: Path, change: Change) -> tuple[set[str], set[str]]:
    """Return the kinds of places where a change is told everywhere, and those where it is not."""
    contents: dict[str, list[Any]] = {}
    others: dict[str, list[Any]] = {}
    for file, _, data in lines(folder):
        contents.setdefault(file, []).append(data)
        for name, way in members(file.removesuffix(".json") if file in DOCUMENTS else data["kind"], data):
            others.setdefault(kind_of(name), []).append(at(data, way))
    known: dict[str, set[str]] = {}
    seen, found = set(), set()
    for kind, some in places(folder).items():
        for file, number, way in some:
            line = copy.deepcopy(contents[file][number])
            change(line, way, others[kind])
            if line == contents[file][number]:
                continue
            part = work / file.replace("/", " ")
            if file not in known:
                part_of(folder, part, file)
                known[file] = told(part, prepared)
            data = [*contents[file][:number], line, *contents[file][number + 1 :]]
            (part / file).write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in data))
            seen.add(kind)
            is_silent = told(part, prepared) <= known[file]
            shutil.copyfile(folder / file, part / file)
            if is_silent:  # in one place of its kind: the others add nothing
                found.add(kind)
                break
    return seen - found, found


def another(data: Any, way: tuple[Any, ...], _others: list[Any]) -> None:
    """Put another number, time, region, account or ARN in a place that has one."""
    if at(data, way) is not None:
        at(data, way[:-1])[way[-1]] = _another(at(data, way))


def _another(value: Any) -> Any:
    if isinstance(value, bool | int):
        return not value if isinstance(value, bool) else value + 1
    forms = (forged for form, forged in _FORGED if isinstance(value, str) and form.fullmatch(value))
    return next(forms, value)


def listed(heading: str) -> set[str]:
    """Return a table of the documentation."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8").partition("## What is on trust")[2]
    table = text.partition("\n## ")[0].partition(f"| in | {heading} |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE)
    return {f"{kind}.{name}" for kind, names in rows for name in re.findall("`([^`]+)`", names)}


def test_an_honest_snapshot_is_not_told_as_altered(snapshot: tuple[Path, Preparation]) -> None:
    assert told(*snapshot) == set()


@pytest.mark.parametrize(
    ("change", "heading"),
    [(changed, "free text"), (wrapped, ""), (removed, "may be missing"), (doubled, "may be there twice")],
)
def test_what_is_altered_is_told_or_stands_where_the_documentation_says(
    snapshot: tuple[Path, Preparation], tmp_path: Path, change: Change, heading: str
) -> None:
    """Foreign sentences, names and lists, and what is taken away or repeated, in one place of each kind."""
    found = silent(*snapshot, tmp_path, change)[1]
    if change in (removed, doubled):  # in data everything may be, whatever it is
        found = {re.sub(r"(resource\.data\.\*).*", r"\1", name) for name in found}
    assert found == (listed(heading) if heading else {"workspace.params.*", "workspace.params.*[]"})


def test_another_number_time_region_account_or_arn_is_told_where_the_documentation_says(
    snapshot: tuple[Path, Preparation], tmp_path: Path
) -> None:
    """Each has the form of what stood there."""
    assert silent(*snapshot, tmp_path, another)[0] == listed("compared, whatever its form")


def test_what_stands_in_another_line_is_told_where_the_calls_of_an_account_contradict_it(
    snapshot: tuple[Path, Preparation], tmp_path: Path
) -> None:
    assert silent(*snapshot, tmp_path, exchanged)[0] >= {
        *(f"call.{name}" for name in ("id", "service", "operation", "action", "region")),
        *(f"listing.{name}" for name in ("type", "account", "region", "pagination", "calls[]")),
        *(f"resource.{name}" for name in ("type", "account", "region", "parent", "absent[]", "calls.*")),
    }


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "123456789012/eu-west-3/sqs/7"),
        ("operation", "DeleteQueue"),
        ("action", "sqs:DeleteQueue"),
        ("region", "eu-west-2"),
        ("error", "AccessDenied"),
        ("status", 403),
        ("time", "2019-01-01T00:00:00Z"),
        ("message", "denied"),
        ("params", {"QueueName": "a"}),
    ],
)
def test_a_call_that_another_line_contradicts_is_told(
    snapshot: tuple[Path, Preparation], tmp_path: Path, member: str, value: object
) -> None:
    """Each value has the form of its member."""
    folder, prepared = snapshot
    copied = tmp_path / "snapshot"
    found = next(path for path in sorted(folder.rglob("eu-west-3/*.jsonl")) if '"ListQueues"' in path.read_text())
    path = part_of(folder, copied, found.relative_to(folder).as_posix())
    data = [json.loads(line) for line in path.read_text().splitlines()]
    call = next(line for line in data if line.get("operation") == "ListQueues")
    call[member] = value
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in data))
    assert list(foreign(copied)) == []
    named = "error" if member == "status" else member  # the one contradicts the other
    assert any(re.search(rf" {named}(\.|$)", line) for line in told(copied, prepared))


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        (lambda line, _: line["absent"].append("Nobody_looked"), "absent"),
        (lambda line, _: line["absent"].append("Encryption"), "absent"),
        (lambda line, _: line["absent"].extend(line["absent"]), "absent"),
        (lambda line, _: line["absent"].clear(), "data.Logging"),
        (lambda line, _: line["calls"].update(Nobody_looked=line["calls"][""]), "calls.Nobody_looked"),
        (lambda line, _: line["calls"].pop("Encryption"), "calls.Encryption"),
        (lambda line, _: line["calls"].update(Encryption=line["calls"][""]), "calls.Encryption"),
        (lambda line, _: line["calls"].update(Encryption=f"{line['account']}/global/sts/1"), "calls.Encryption"),
        (lambda line, other: line["calls"].update(Encryption=other["calls"]["Encryption"]), "calls.Encryption"),
        (lambda line, other: line.update(id=other["id"]), "id"),
        (lambda line, _: line["waivers"].append("W-001"), "waivers.W-001"),
    ],
)
def test_a_resource_that_does_not_follow_from_its_calls_is_told(
    snapshot: tuple[Path, Preparation], tmp_path: Path, altered: Callable[[Any, Any], None], said: str
) -> None:
    """A member that the type has not, or twice; a call of another member, service or bucket; another's waiver."""
    folder, prepared = snapshot
    copied = tmp_path / "snapshot"
    path = part_of(folder, copied, next(folder.rglob("global/s3.jsonl")).relative_to(folder).as_posix())
    data = [json.loads(line) for line in path.read_text().splitlines()]
    line, other, *_ = (
        line
        for line in data
        if line["kind"] == "resource" and not line["waivers"] and {"Encryption"} <= line["data"].keys()
        if "Logging" in line["absent"]
    )
    altered(line, other)
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in data))
    assert list(foreign(copied)) == []
    assert any(found.endswith(f" {said}") for found in told(copied, prepared))


@pytest.mark.parametrize(
    ("name", "altered"),
    [
        ("commitment", lambda call: call.pop("commitment")),
        ("error", lambda call: call.update(status=299)),
        ("attempts", lambda call: call.update(attempts=99)),
        ("attempts", lambda call: call.update(attempts=0)),
        ("region", lambda call: call.update(region="nobody-looked-here")),
        ("params.Bucket", lambda call: call.update(params={"Bucket": {"Nobody": 1}})),
        ("params.Bucket", lambda call: call.update(params={"Bucket": [["Nobody"]]})),
        ("params", lambda call: call.update(params={})),
    ],
)
def test_a_global_call_that_could_not_be_answered_so_is_told(
    snapshot: tuple[Path, Preparation], tmp_path: Path, name: str, altered: Callable[[Any], None]
) -> None:
    folder, prepared = snapshot
    copied = tmp_path / "snapshot"
    path = part_of(folder, copied, next(folder.rglob("global/s3.jsonl")).relative_to(folder).as_posix())
    data = [json.loads(line) for line in path.read_text().splitlines()]
    altered(next(line for line in data if line.get("operation") == "GetBucketVersioning"))
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in data))
    assert list(foreign(copied)) == []
    assert any(found.endswith(f" {name}") for found in told(copied, prepared))


CHAINED = {
    **{"number": 1, "previous": "", "nonce": "0" * 32, "kind": "audit", "time": "2026-11-24T12:00:00Z"},
    **{"period": "2026-Q4", "commit": "", "results": "0" * 64, "counts": {"FAIL": 1}, "failing": {"high": 1}},
    **{"incomplete": 0, "demonstration": False, "bundle": "0" * 64, "sealed": "2026-11-24T12:00:00Z"},
    **{"signer": "", "authority": ""},
}


def test_a_line_of_the_chain_has_no_place_for_a_sentence() -> None:
    assert list(beyond_form(CHAINED)) == []
    for name in (*CHAINED, "statement"):
        assert list(beyond_form({**CHAINED, name: SENTENCE})) == [name]
