"""A digest lists new, fixed, overdue, ending and stale items; unknown ones are marked as unknown, and nothing else
leaves.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from email import message_from_bytes
from email.policy import default
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notify.conftest import LIBRARY
from notify.fakes import Jira, Slack, slack_faults
from notify.scene import ACCOUNT, KEY_ID, NIGHTS, S, Scene, assessment, faults, found
from preuve.assess.changes.comparison import Key, key
from preuve.library.company.workspace import load_workspace
from preuve.library.yaml.place import content_root
from preuve.model.company.notify import MailTarget
from preuve.model.content import Severity
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import ControlResult, ControlStatus, EvidenceResult, Finding, Place, Reason, WaiverResult
from preuve.notify.channels import slack as slacks
from preuve.notify.channels.mail import mail
from preuve.notify.digest import digested
from preuve.notify.model import Digest, EndingWaiver, Item, NoticeRun, StaleEvidence, cleaned
from preuve.notify.run import NotifyRequest, notify
from preuve.notify.source import read_source
from preuve.notify.words import heading, sections, subject_line
from preuve.publish.history.durations import Outcome, WeaknessSpan
from preuve.publish.history.history import History
from preuve.publish.history.runs import RunEntry, write_scope
from preuve.publish.words.locale import load_locale
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump

EN = load_locale("en")
POLICY, OTHER = "s3-encrypted", "s3-versioning"


def digest(scene: Scene, folder: Path, previous: Path | None = None) -> Digest:
    scene.settle(mail=True)
    workspace = load_workspace(scene.root, LIBRARY)
    return digested(read_source(folder, previous, workspace), LIBRARY, workspace, "preuve")


def shown(told: Digest, language: str = "en") -> str:
    t = load_locale(language)
    return "\n".join([*heading(told, t), *(line for part in sections(told, t) for line in (part.title, *part.lines))])


def test_new_and_fixed_failures_are_listed_by_policy_and_severity(scene: Scene) -> None:
    scene.settle(mail=True)
    before = scene.scan(
        NIGHTS[0],
        found(POLICY, S.PASS),
        found(OTHER, S.FAIL),
        found("kms-rotation", S.FAIL),
        found("iam-root-mfa", S.PASS),
        found("rds-encrypted", S.PASS),
        found("rds-not-public", S.WAIVED),
    )
    now = scene.scan(
        NIGHTS[1],
        found(POLICY, S.FAIL, severity="high"),
        found(POLICY, S.FAIL, "b", severity="high"),
        found("iam-root-mfa", S.FAIL, severity="critical"),
        found("rds-encrypted", S.WAIVED),
        found("rds-not-public", S.FAIL),
        found(OTHER, S.PASS),
        found("kms-rotation", S.FAIL),
        found("s3-mfa-delete", S.FAIL),
    )
    told = digest(scene, now, before)
    ended = ("rds-not-public", 1)
    assert [(item.policy, item.count) for item in told.new or ()] == [("iam-root-mfa", 1), (POLICY, 2), ended]
    assert told.apart == 1 and "1 failure cannot be compared" in shown(told)
    assert [(item.policy, item.count) for item in told.fixed or ()] == [(OTHER, 1)]
    assert "critical 1" in shown(told) and "2 resources" in shown(told)


def test_scans_are_compared_within_the_scope_of_both(scene: Scene, tmp_path: Path) -> None:
    """Both scans share today's workspace, which does not show what yesterday's scan left out."""
    code = replace(found(POLICY, S.FAIL), source="iac", place=Place("aws_s3_bucket", "a", root="infra"))
    runs = [scene.scan(NIGHTS[0], code, found(POLICY, S.FAIL)), scene.scan(NIGHTS[1], found(POLICY, S.PASS))]
    for folder, now, left in zip(runs, NIGHTS, ((), ("infra/a",)), strict=False):
        known = {"accounts": [{"id": ACCOUNT}], "regions": ["eu-west-3"], "params": {}, "iac": [{"path": "infra"}]}
        known["left_out"] = [{"path": path} for path in left]
        (tmp_path / "workspace.json").write_text(json.dumps(known), encoding="utf-8")
        write_scope(folder, tmp_path, now, aws=True, iac=True)
    told = digest(scene, runs[1], runs[0])
    assert [(item.policy, item.count) for item in told.fixed or ()] == [(POLICY, 1)]  # that of the account
    write_scope(runs[0], tmp_path, NIGHTS[5], aws=True, iac=True)
    with pytest.raises(PreuveError, match="come from different runs"):
        digest(scene, runs[1], runs[0])


def test_without_an_earlier_run_new_and_fixed_are_unknown(scene: Scene) -> None:
    scene.settle(mail=True)
    told = digest(scene, scene.scan(NIGHTS[0], found(POLICY, S.FAIL), found(OTHER, S.NOT_EVALUATED)))
    assert (told.new, told.fixed, told.overdue) == (None, None, None)
    text = shown(told)
    assert text.count("Unknown: ") == 3 and "1 not evaluated" in text and "could not be read" in text


def test_a_scan_of_the_account_is_not_compared_for_code(scene: Scene) -> None:
    scene.settle(mail=True)
    root = scene.root / "preuve.yaml"
    code = replace(found(POLICY, S.FAIL), source="iac")
    code = replace(code, place=replace(code.place, account="", region="", root="infra"))
    before = scene.scan(NIGHTS[0], found(POLICY, S.FAIL), code)
    now = scene.scan(NIGHTS[1], found(POLICY, S.PASS))
    text = root.read_text(encoding="utf-8").replace("scope:", "scope:\n  iac: [{path: infra, kind: terraform}]")
    workspace_text = text
    scene.settle(mail=True)
    root.write_text(workspace_text, encoding="utf-8")
    workspace = load_workspace(scene.root, LIBRARY)
    told = digested(read_source(now, before, workspace), LIBRARY, workspace, "preuve")
    assert [(item.where[:8], item.count) for item in told.fixed or ()] == [("account-", 1)]


def history(first: str, *open_: Key, severity: Severity = Severity.HIGH, outcome: Outcome = Outcome.OPEN) -> History:
    runs = [RunEntry("2026-Q3", first, {}, {}), RunEntry("2026-Q4", NIGHTS[9], {}, {})]
    return History(runs, None, [WeaknessSpan(name, severity, 0, 1, outcome) for name in open_], ())


@pytest.mark.parametrize(("first", "days"), [("2026-10-11T00:00:00Z", None), ("2026-10-10T00:00:00Z", 31)])
def test_a_failure_open_longer_than_its_severity_allows_is_overdue(scene: Scene, first: str, days: int | None) -> None:
    late = found(POLICY, S.FAIL)
    known = history(first, key(late))
    told = digest(scene, scene.bundle("2026-Q4", assessment(NIGHTS[9], [late, found(OTHER, S.FAIL, "new")]), known))
    if days is None:
        assert told.overdue is None  # the first run may have seen it long before
        return
    assert [(item.policy, item.days) for item in told.overdue or ()] == [(POLICY, days)]
    assert "open for 31 days" in shown(told)


def test_a_failure_fixed_in_between_is_not_overdue(scene: Scene) -> None:
    back = found(POLICY, S.FAIL)
    known = history("2026-01-01T00:00:00Z", key(back), outcome=Outcome.FIXED)
    told = digest(scene, scene.bundle("2026-Q4", assessment(NIGHTS[9], [back]), known))
    assert told.overdue == ()


def waiver(policy: str, expires: str, state: str = "active") -> WaiverResult:
    return WaiverResult(
        "W-Nora-Martin", policy, "nora-bucket", "Nora Martin", "Paul Petit", "Nora says", expires, state
    )


def control(name: str, policies: tuple[str, ...] = (), *evidence: EvidenceResult) -> ControlResult:
    return ControlResult(name, "iso27001-2022", ControlStatus.NOT_SUPPORTED, (), policies, (), evidence)


def test_ending_waivers_and_stale_evidence_are_listed(scene: Scene) -> None:
    waivers = [
        waiver(POLICY, "2026-12-10"),
        waiver(OTHER, "2026-12-11"),
        waiver("kms-rotation", "2026-11-09", "expired"),
        waiver("rds-encrypted", "2026-11-20", "unused"),
    ]
    stale, fresh = EvidenceResult("GOV-01", "stale", owner="Nora Martin"), EvidenceResult("GOV-02", "current")
    controls = [control("A.5.1", (), stale, fresh, EvidenceResult("GOV-03", "missing"))]
    run = assessment(NIGHTS[9], [found(POLICY, S.PASS)], controls, waivers)
    told = digest(scene, scene.bundle("2026-Q4", run))
    assert [(item.policy, item.day) for item in told.waivers] == [(POLICY, "2026-12-10")]
    assert [item.id for item in told.stale] == ["GOV-01"]
    assert "1 item of manual evidence is missing" in shown(told)
    assert "Nora" not in shown(told)


def test_every_word_is_in_the_language_of_the_workspace(scene: Scene) -> None:
    scene.language = "fr"
    told = digest(scene, scene.bundle("2026-Q4", assessment(NIGHTS[9], [found(POLICY, S.FAIL)])))
    text = shown(told, "fr")
    assert "Nouveaux échecs" in text and "élevée 1" in text and "failures" not in text


@pytest.mark.parametrize("defect", ["try-out", "changed", "none", "key"])
def test_an_unusable_run_is_not_sent(scene: Scene, defect: str) -> None:
    scene.settle(mail=True)
    more = {"Try-Out": "true"} if defect == "try-out" else {}
    folder = scene.bundle("2026-Q4", assessment(NIGHTS[9], [found(POLICY, S.FAIL)]), **more)
    if defect == "changed":
        path = folder / "data/08-machine/results.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace("FAIL", "PASS"), encoding="utf-8")
    if defect == "none":
        folder = scene.root
    if defect == "key":
        folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
        (scene.root.parent / "key").unlink()
    with pytest.raises(PreuveError):
        scene.tell(folder)
    assert not (scene.root.parent / "out").exists()
    assert defect != "key" or not (scene.root.parent / "key").exists(), "no key is made"


def test_a_later_run_is_refused_as_previous(scene: Scene) -> None:
    scene.settle(mail=True)
    first, later = (scene.scan(now, found(POLICY, S.FAIL)) for now in NIGHTS[:2])
    with pytest.raises(UsageError, match="not an earlier run"):
        scene.tell(first, previous=later)


@pytest.mark.parametrize("kind", [PreuveError, UsageError])
def test_an_error_names_the_folder_that_it_is_about(scene: Scene, kind: type[PreuveError]) -> None:
    scene.settle(mail=True)
    folder, other = scene.scan(NIGHTS[1], found(POLICY, S.FAIL)), scene.root.parent / "infra"
    other.mkdir()
    if kind is PreuveError:
        for name in ("results.jsonl", "scope.json"):
            (other / name).write_text("{}", encoding="utf-8")
    with pytest.raises(kind, match=f"^{other} holds n") as error:
        scene.tell(folder, previous=other)
    assert type(error.value) is kind


# ---- what leaves --------------------------------------------------------------------------------------------------

SECRET = st.text("abcdefghijkmnpqrstuvwxyz", min_size=14, max_size=14).map(lambda text: f"zq{text}zq")
NAMES = ("place.id", "place.arn", "place.root", "place.file", "place.type", "place.region", "reason.values", "observed",
         "calls", "waiver", "checks", "owner", "approver", "id", "resource", "reason", "attestation")  # fmt: skip


def filled(finding: Finding, say: Callable[[str], str]) -> Finding:
    """A finding with something to keep in every field that may hold text."""
    place = replace(
        finding.place,
        id=say("place.id"), arn=f"arn:aws:s3:::{say('place.arn')}", file=say("place.file"), type=say("place.type"),
        region=say("place.region"), root=say("place.root"),
        called_from=((say("place.file"), say("place.file"), 3),),
    )  # fmt: skip
    return replace(
        finding,
        place=place,
        reason=Reason(finding.reason.code, {"member": say("reason.values"), "said": f"{say('reason.values')}@corp.fr"}),
        observed={say("observed"): {"Email": f"{say('observed')}@corp.fr", "Account": ACCOUNT}},
        calls=(say("calls"),),
        waiver=say("waiver"),
        checks=(say("checks"),),
    )


def told_of(secrets: dict[str, str], now: str) -> Any:
    """A run with a secret in every field except for the allowed ones."""

    def say(name: str) -> str:
        return secrets[name]

    findings = [
        filled(found(policy, status, severity=severity), say)
        for policy, status, severity in (
            (POLICY, S.FAIL, "critical"), (OTHER, S.PASS, "high"), ("kms-rotation", S.NOT_EVALUATED, "high"),
            ("iam-root-mfa", S.WAIVED, "high"),
        )
    ]  # fmt: skip
    entry = WaiverResult(
        say("id"), POLICY, say("resource"), say("owner"), say("approver"), say("reason"), "2026-11-20", "active"
    )
    evidence = EvidenceResult("GOV-01", "stale", say("attestation"), "", "", say("owner"), say("approver"))
    own = EvidenceResult(say("id"), "stale", say("attestation"))
    result = control("A.8.24", (POLICY, say("id")), evidence, own)
    return assessment(now, findings, [result, control(say("id"), (POLICY,))], [replace(entry, state="active")])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SECRET, min_size=len(NAMES), max_size=len(NAMES), unique=True))
def test_requests_contain_only_allowed_facts(tmp_path_factory: pytest.TempPathFactory, secrets: list[str]) -> None:
    scene = Scene(tmp_path_factory.mktemp("told") / "workspace")
    scene.settle(jira="https://jira.example.org", slack="https://hooks.example.org/services/x", mail=True)
    held = dict(zip(NAMES, secrets, strict=True))
    sent: list[bytes] = []
    for number, now in enumerate(NIGHTS[:2]):
        folder = scene.bundle(f"2026-Q{number + 3}", told_of(held, now))
        done = scene.command(folder)
        assert done.exit_code == 0, done.output
        sent.append(done.stdout_bytes)
    everything = b"\n".join(sent)
    decoded = everything + quoted(everything) + json.dumps(everything.decode("ascii")).encode()
    for secret in (*secrets, ACCOUNT, KEY_ID, "arn:aws", "corp.fr", "eu-west-3"):
        for form in (secret, secret[::-1], quote(secret), base64.b64encode(secret.encode()).decode()[:10]):
            assert form.encode() not in decoded, secret
    assert POLICY.encode() in everything and b"A.8.24" in everything


PLACES = st.one_of(
    st.from_regex(
        r"arn:aws(-cn)?:(iam|s3|kms):([a-z]{2}-west-[1-3])?:([0-9]{12})?:(role|key)/[A-Za-z0-9/-]{1,20}", fullmatch=True
    ),
    st.from_regex(r"[0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4}", fullmatch=True),
    st.sampled_from(
        ["eu-west-3", "us-gov-east-1", "ap-southeast-2", "us-iso-east-1", "eusc-de-east-1", "eu-central-1a"]
    ),
    st.ip_addresses(v=4).map(str).filter(lambda it: it != "0.0.0.0"),
    st.ip_addresses(v=6).map(str).filter(lambda it: it != "::"),
    st.sampled_from(["10.0.0.0/8", "fd00::/8", "i-0abc12345678def90", "vpc-1a2b3c4d", "https://acme.example/x?y=1"]),
    st.sampled_from(
        ["db.c1.eu-west-3.rds.amazonaws.com", "zoe.petit@acme.fr", "+33 6 12 34 56 78", "AKIAIOSFODNN7REALKEY"]
    ),
)
AROUND = st.sampled_from([" ", " (", ") ", ", ", " : ", "« ", " »", "' ", '" ', "; "])


@given(st.lists(st.tuples(AROUND, PLACES, AROUND), min_size=1, max_size=3))
def test_a_title_of_the_company_tells_no_place_person_or_secret(parts: list[tuple[str, str, str]]) -> None:
    title = cleaned("Voir" + "".join(map("".join, parts)) + "à corriger")
    assert [item for _, item, _ in parts if item in title] == [] and title.startswith("Voir")


def test_a_title_of_the_content_is_sent_as_it_is() -> None:
    items = (*LIBRARY.policies.values(), *LIBRARY.evidence.values())
    titles = [item.title.in_language(language) for item in items for language in ("en", "fr")]
    assert [title for title in titles if cleaned(title) != title] == []
    plain = "Ports open to 0.0.0.0/0 or ::/0, TLS 1.2, A.8.24, 2026-11-24, 12:30, south-east"
    assert cleaned(plain) == plain


def test_failures_of_code_that_left_the_scope_are_told_apart_from_those_of_the_run(
    scene: Scene, tmp_path: Path
) -> None:
    scene.settle(mail=True)
    old, new = (
        replace(found(POLICY, S.FAIL), source="iac", place=Place("aws_s3_bucket", "a", root=root))
        for root in ("infra", "infra2")
    )
    gone = [replace(old, severity=Severity.CRITICAL), replace(old, place=replace(old.place, id="b"))]
    runs = [scene.scan(NIGHTS[0], *gone), scene.scan(NIGHTS[1], new)]
    for folder, now, root in zip(runs, NIGHTS, ("infra", "infra2"), strict=False):
        known = {"accounts": [], "regions": [], "params": {}, "iac": [{"path": root}]}
        (tmp_path / "workspace.json").write_text(json.dumps(known), encoding="utf-8")
        write_scope(folder, tmp_path, now, aws=False, iac=True)
    told = digest(scene, runs[1], runs[0])
    assert (told.apart, sum(told.left.values())) == (1, 2)
    assert "2 failures of the previous run, 2 of them critical or high, were not examined" in shown(told)


def test_failures_whose_block_left_the_code_are_counted_and_not_among_what_is_fixed(
    scene: Scene, tmp_path: Path
) -> None:
    scene.settle(mail=True)
    gone = replace(found(POLICY, S.FAIL), source="iac", place=Place("aws_s3_bucket", "a", root="infra"))
    there = replace(gone, status=S.PASS, place=replace(gone.place, id="b"))
    runs = [scene.scan(NIGHTS[0], gone, there), scene.scan(NIGHTS[1], there)]
    (tmp_path / "workspace.json").write_text(
        json.dumps({"accounts": [], "regions": [], "params": {}, "iac": [{"path": "infra"}]}), encoding="utf-8"
    )
    for folder, now in zip(runs, NIGHTS, strict=False):
        write_scope(folder, tmp_path, now, aws=False, iac=True)
    told = digest(scene, runs[1], runs[0])
    assert (told.fixed, sum(told.left.values()), sum(told.removed.values())) == ((), 0, 1)
    assert "is no longer in the code: nothing shows that it is fixed" in shown(told)


def quoted(content: bytes) -> bytes:
    """Return the text without the encoding of mail (`=C3=A9`)."""
    import quopri

    return quopri.decodestring(content)


def test_only_these_fields_may_leave() -> None:
    allowed = {
        Item: "policy title severity where count controls page days",
        EndingWaiver: "policy title day",
        StaleEvidence: "id title",
        NoticeRun: "run now key",
        Digest: "told counts failing incomplete new fixed apart left removed params overdue waivers stale missing "
        "subjects",
    }
    for kind, names in allowed.items():
        assert {field.name for field in fields(kind)} == set(names.split())


@pytest.mark.parametrize(
    "values",
    [
        {"policy": "Nora Martin"},
        {"policy": "arn:aws:s3:::x"},
        {"where": ACCOUNT},
        {"where": "production"},
        {"controls": ("nora@example.fr",)},
        {"page": "/etc/passwd"},
        {"page": "data/nora@corp.fr"},
    ],
)
def test_an_item_with_an_invalid_value_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(PreuveError) as caught:
        Item(**{"policy": "a", "title": "t", "severity": Severity.HIGH, "where": "code", "count": 1, **values})
    assert not any(str(value) in str(caught.value) for value in values.values())


def test_a_ticket_cites_articles_in_the_style_of_its_language(scene: Scene) -> None:
    scene.language = "fr"
    scene.settle(mail=True)
    control_ = control("GDPR.32.1.b", (POLICY,))
    folder = scene.bundle("2026-Q4", assessment(NIGHTS[0], [found(POLICY, S.FAIL)], [control_]))
    workspace = load_workspace(scene.root, LIBRARY)
    (subject,) = digested(read_source(folder, None, workspace), LIBRARY, workspace, "preuve").subjects
    assert subject.item.controls == ("RGPD, art. 32.1.b",)


def test_a_title_loses_addresses_and_secrets() -> None:
    title = "Ask nora.martin@corp.fr\r\nfor AKIAIOSFODNN7EXAMPLX of arn:aws:iam::123456789012:user/nora"
    item = Item(POLICY, title, Severity.HIGH, "code", 1)
    assert not re.search(r"nora|AKIA|\n", item.title)


# ---- Slack and mail -----------------------------------------------------------------------------------------------

HOSTILE = (
    "<!channel> <@U1> & `x` *b* _i_ ~s~ :bomb: <https://evil.example|here>",
    "&" * 500,
    "a\nb\r\nBcc: everyone@corp.fr",
    "🧨" * 300,
    "\u202egnihton",
    ":a:b:c:",
)


def huge(title: str, number: int) -> Digest:
    items = tuple(Item(f"policy-{n}", title, Severity.HIGH, "code", n + 1, days=n) for n in range(number))
    ends = tuple(EndingWaiver(f"policy-{n}", title, "2026-12-01") for n in range(number))
    stale = tuple(StaleEvidence(f"GOV-{n}", title) for n in range(number))
    counts = dict.fromkeys(S, 10**9)
    failing = dict.fromkeys(Severity, 10**9)
    told = NoticeRun("2026-Q4", NIGHTS[0], "k")
    return Digest(told, counts, failing, 10**9, items, items, 10**9, 10**9, items, ends, stale)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("number", [0, 1, 40, 400])
def test_a_message_stays_within_the_limits_of_slack(title: str, number: int) -> None:
    for language in ("en", "fr"):
        body = json.loads(slacks.message(huge(title, number), load_locale(language), closed=True))
        assert slack_faults(body) == []
        text = "\n".join(block["text"]["text"] for block in body["blocks"])
        assert not re.search(r"<|:\w+:|`|~", text)
        listed = len(re.findall(r"^• .*policy-\d+", text, re.MULTILINE)) + len(re.findall("GOV-", text))
        left = sum(
            int(re.sub(r"\D", "", more)) for more in re.findall(r"^(?:and|et) ([\d,\u202f]+)", text, re.MULTILINE)
        )
        assert listed + left == 5 * number, "what is left out is counted"


@given(st.text(max_size=400))
def test_slack_displays_any_title_literally(title: str) -> None:
    assert slack_faults(json.loads(slacks.message(huge(title, 3), EN, closed=False))) == []


@given(st.text(max_size=300))
def test_no_title_can_add_a_mail_header(title: str) -> None:
    told = huge(title, 2)
    content = mail(told, MailTarget("preuve@example.org", ("a@example.org", "b@example.org"), "x.eml"), EN, closed=True)
    parsed = message_from_bytes(content, policy=default)
    assert sorted(parsed.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
         "MIME-Version"]
    )  # fmt: skip
    assert parsed["To"].addresses[1].addr_spec == "b@example.org" and not parsed.defects
    assert "policy-1" in parsed.get_content() and content.isascii()
    assert content == mail(
        told, MailTarget("preuve@example.org", ("a@example.org", "b@example.org"), "y.eml"), EN, closed=True
    )


@pytest.mark.parametrize("address", ["a@example.org\n", "a@example.org\nBcc: b@example.org", "a@b.fr\r\n\r\nx"])
def test_no_address_can_add_a_mail_header(address: str) -> None:
    for target in (MailTarget(address, ("a@example.org",), "x"), MailTarget("a@example.org", (address,), "x")):
        with pytest.raises(UsageError):
            mail(huge("t", 1), target, EN, closed=True)


def test_slack_gets_a_message_once(scene: Scene, slack: Slack) -> None:
    scene.settle(slack=slack.url + slack.path)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    assert faults(scene.tell(folder)) == []
    assert "already been sent" in str(scene.tell(folder)[0])
    assert "already been sent" in str(scene.tell(folder, send=False)[0])
    assert len(slack.messages) == 1
    scene.tell(folder, again=True)
    assert len(slack.messages) == 2


@pytest.mark.parametrize("after", [True, False])
def test_a_message_that_may_have_arrived_is_sent_again_only_on_request(scene: Scene, slack: Slack, after: bool) -> None:
    scene.settle(slack=slack.url + slack.path)
    slack.fault(lambda _: True, "drop", after=after)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    for _ in range(2):
        done = scene.command(folder, "--send")
        assert done.exit_code == 1 and len(slack.messages) == after
        assert "--again" in done.output
    assert scene.command(folder, "--send", "--again").exit_code == 0


def test_the_next_run_sends_a_refused_message(scene: Scene, slack: Slack) -> None:
    scene.settle(slack=slack.url + slack.path)
    slack.fault(lambda _: True, "status", status=404)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    lines = scene.tell(folder)
    assert faults(lines) and "verysecret" not in str(lines)
    assert faults(scene.tell(folder)) == [] and len(slack.messages) == 1


def test_a_webhook_on_another_host_is_not_called(scene: Scene, slack: Slack, jira: Jira) -> None:
    scene.settle(slack=slack.url + slack.path)
    text = (scene.root / "preuve.yaml").read_text(encoding="utf-8")
    (scene.root / "preuve.yaml").write_text(re.sub(r'host: "[^"]+"', 'host: "hooks.slack.com"', text), encoding="utf-8")
    done = scene.command(scene.scan(NIGHTS[0], found(POLICY, S.FAIL)), "--send")
    assert done.exit_code == 2 and "none of hooks.slack.com" in done.output
    assert slack.seen == [] and "verysecret" not in done.output


# ---- the command --------------------------------------------------------------------------------------------------


def test_a_dry_run_speaks_of_jira_only_where_it_would_be_told(scene: Scene, jira: Jira, slack: Slack) -> None:
    scene.settle(jira=jira.url, slack=slack.url + slack.path, mail=True)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    for channels, told in ((("slack",), False), (("jira", "slack"), True)):
        done = scene.command(folder, *(word for name in channels for word in ("--to", name)))
        assert "--send" in done.output and ("Jira" in done.output.splitlines()[-1]) is told


def test_a_dry_run_prints_exactly_what_is_sent_later_and_contacts_no_host(
    scene: Scene, jira: Jira, slack: Slack
) -> None:
    scene.settle(jira=jira.url, slack=slack.url + slack.path, mail=True)
    first = scene.scan(NIGHTS[0], found(POLICY, S.FAIL), found(OTHER, S.FAIL), found("kms-rotation", S.FAIL))
    then = scene.scan(NIGHTS[1], found(POLICY, S.PASS), found(OTHER, S.FAIL), found(OTHER, S.FAIL, "b"))
    jira.page = 100
    for folder in (first, then):
        seen = len(jira.seen) + len(slack.seen)
        dry = scene.command(folder)
        assert dry.exit_code == 0 and len(jira.seen) + len(slack.seen) == seen
        assert "verysecret" not in dry.output and "t0ken" not in dry.output
        jira.seen.clear()
        slack.seen.clear()
        assert scene.command(folder, "--send").exit_code == 0
        for request in (*jira.wrote(), *slack.seen):
            body = request.body
            if request.path.endswith("/transitions"):
                continue  # the ids of a workflow are Jira's
            assert body + b"\n\n" in dry.stdout_bytes
        written = (scene.root.parent / "out" / "digest.eml").read_bytes()
        assert written in dry.stdout_bytes
        asked = [request.method for request in jira.seen]
        printed = re.findall(rb"^(GET|POST|PUT) \S+/rest/api", dry.stdout_bytes, re.MULTILINE)
        assert [method.decode() for method in printed] == asked


def test_a_failing_channel_does_not_stop_the_others(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url, mail=True)
    (scene.root.parent / "token").chmod(0o644)
    done = scene.command(scene.scan(NIGHTS[0], found(POLICY, S.FAIL)), "--send")
    assert done.exit_code == (2 if (scene.root.parent / "token").stat().st_mode & 0o077 else 0)
    assert (scene.root.parent / "out" / "digest.eml").is_file() and jira.seen == []


def test_a_faulty_address_stops_no_other_channel(scene: Scene) -> None:
    scene.settle(jira="https://dupre.atlassian.net:99999", mail=True)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    (fault,) = faults(scene.tell(folder))
    assert "notify.jira.url is no address" in fault
    assert (scene.root.parent / "out" / "digest.eml").is_file()
    assert faults(scene.tell(folder, "mail")) == []


def test_a_demonstration_is_sent_only_to_this_machine(scene: Scene, jira: Jira) -> None:
    scene.settle(jira="https://jira.example.org")
    told = assessment(NIGHTS[0], [found(POLICY, S.FAIL)])
    folder = scene.bundle("2026-Q4", told, Demonstration="true")
    assert "demonstration" in faults(scene.tell(folder))[0]
    scene.settle(jira=jira.url)
    assert faults(scene.tell(folder)) == [] and jira.only()
    scene.settle(mail=True)
    assert "demonstration" in faults(scene.tell(folder))[0]
    assert not (scene.root.parent / "out" / "digest.eml").exists()


def test_a_demonstration_with_one_target_elsewhere_is_sent_to_none(scene: Scene, jira: Jira) -> None:
    scene.settle(jira=jira.url, mail=True)
    folder = scene.bundle("2026-Q4", assessment(NIGHTS[0], [found(POLICY, S.FAIL)]), Demonstration="true")
    assert len(faults(scene.tell(folder))) == 1 and jira.seen == []
    assert faults(scene.tell(folder, "jira")) == [] and jira.only(), "the one on this machine alone"


def test_each_target_is_checked_before_the_first_sends(scene: Scene, jira: Jira) -> None:
    """A fault of the last one is told before anything leaves."""
    scene.settle(jira=jira.url, mail=True)
    path = scene.root / "preuve.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("../out/", "evidence/2026-Q4/"), encoding="utf-8")
    folder = scene.bundle("2026-Q4", assessment(NIGHTS[0], [found(POLICY, S.FAIL)]))
    asked = NotifyRequest(scene.root, folder, None, (), send=True)
    lines = notify(asked, lambda *_: None, lambda _: None, lambda _: None)
    assert "evidence folder" in str(next(lines)) and jira.seen == []
    assert faults(list(lines)) == [] and jira.only(), "another channel is not stopped"


def test_a_mail_is_never_written_into_the_evidence(scene: Scene) -> None:
    scene.settle(mail=True)
    path = scene.root / "preuve.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("../out/", "evidence/2026-Q4/"), encoding="utf-8")
    folder = scene.bundle("2026-Q4", assessment(NIGHTS[0], [found(POLICY, S.FAIL)]))
    assert "evidence folder" in faults(scene.tell(folder))[0]
    assert not (folder / "digest.eml").exists()


@pytest.mark.parametrize("more", [(), ("--to", "slack")])
def test_without_a_channel_the_command_explains_what_to_do(scene: Scene, more: tuple[str, ...]) -> None:
    scene.settle(mail=True)
    if not more:
        (scene.root / "preuve.yaml").write_text("schema: 1\norganisation: {name: A}\n", encoding="utf-8")
    done = scene.command(scene.scan(NIGHTS[0], found(POLICY, S.FAIL)), *more)
    assert isinstance(done.exception, UsageError) and "docs/notify.md" in done.exception.hint


@pytest.mark.parametrize(
    "jira",
    [
        '{url: "http://jira.example.org"}',
        '{url: "https://jira.example.org/"}',
        '{url: "https://u@jira.example.org"}',
        "{credentials: {file: a, environment: B}}",
        "{credentials: {value: t0ken}}",
        '{project: "sec or 1=1"}',
        "{fields: {summary: x}}",
        "{fields: {labels: [x]}}",
        '{label: "a b"}',
        "{transitions: {close: x}}",
    ],
)
def test_defective_settings_are_refused(scene: Scene, jira: str) -> None:
    import yaml

    whole = {"url": "https://jira.example.org", "project": "SEC", "issue_type": "Task", "credentials": {"file": "x"}}
    data = {"schema": 1, "organisation": {"name": "A"}, "notify": {"jira": {**whole, **yaml.safe_load(jira)}}}
    scene.root.mkdir(parents=True)
    (scene.root / "preuve.yaml").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PreuveError, match=r"preuve\.yaml"):
        load_workspace(scene.root, LIBRARY)


def test_no_bundle_contains_the_recipients(scene: Scene) -> None:
    scene.settle(jira="https://jira.example.org", slack="https://hooks.example.org/x", mail=True)
    kept = dump(load_workspace(scene.root, LIBRARY), Redactor(Pseudonyms(b"k" * 32)), frozenset())
    assert "notify" not in kept and "example.org" not in json.dumps(kept)


def test_the_settings_in_the_documentation_are_valid(scene: Scene) -> None:
    text = (content_root() / "docs" / "notify.md").read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0]
    scene.root.mkdir(parents=True)
    (scene.root / "preuve.yaml").write_text(f"schema: 1\norganisation: {{name: A}}\n{example}", encoding="utf-8")
    found_ = load_workspace(scene.root, LIBRARY).notify
    assert found_ and all(getattr(found_, field.name) for field in fields(found_))


@pytest.mark.parametrize(
    "line", [{"kind": "finding"}, {"kind": "waiver", "policy": "a", "state": "active", "expires": "x"}]
)
def test_an_invalid_result_is_an_error(scene: Scene, line: dict[str, str]) -> None:
    scene.settle(mail=True)
    folder = scene.scan(NIGHTS[0], found(POLICY, S.FAIL))
    with (folder / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    with pytest.raises(PreuveError):
        scene.tell(folder)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_subject_of_a_message_asks_nothing_and_leaves_out_what_is_not_known(language: str) -> None:
    t = load_locale(language)
    for compared, old in product((None, ()), (None, ())):
        digest: Any = SimpleNamespace(new=compared, fixed=compared, overdue=old, told=SimpleNamespace(run="2026-Q4"))
        line = subject_line(digest, t)
        assert "?" not in line and line.startswith("preuve 2026-Q4")
        assert line.count("0") - 1 == 2 * (compared is not None) + (old is not None)
