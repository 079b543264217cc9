"""Texts: the same keys and values in both languages, none missing, none unused, none written into a template."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import preuve
from preuve.library.yaml.place import content_root, languages
from preuve.model.content import Automation, Severity
from preuve.model.errors import PreuveError
from preuve.model.results import ControlStatus, FindingStatus, JoinState, Reason
from preuve.publish.papers.head import scope
from preuve.publish.words.locale import Locale, flatten, load_locale

from . import factory

ROOT = content_root()
TEMPLATES = sorted((ROOT / "reports" / "templates").glob("*.html"))
CODES = tuple(load_locale("en").strings["reasons"])
CAUSES = """access_denied throttled time_out region_off credentials connection not_supported time_limit not_ready
fewer_listed server_error
not_collected other"""
_SCHEMA = json.loads((ROOT / "reports/schemas/results.schema.json").read_text(encoding="utf-8"))
JOINS = _SCHEMA["$defs"]["join"]["properties"]["why"]["enum"]
# Keys that are composed at run time, by group.
COMPUTED = """progress attest.recorded code_kind decide notify.event notify.did
details system_errors reasons causes gap_causes finding finding_means control control_means severity automation strength
conclusion evidence_state waiver_state approval nonconformity_state change outcome gap run_kind history.control
cadence role quarter source pagination groups months date summary.status site.language site.nav site.control.rows
site.policy.absent site.policy.equivalence site.paper push.framework push.label push.column verify
site.files fill.change fill.count fill.field fill.short fill.why monthly.col monthly.state monthly.why plan.action
site.crosswalk.strength site.crosswalk.link site.crosswalk.guide site.readme.folder
join_state joins site.apart site.scope.holds words faults doctor.name doctor.state doctor.fix
site.index removed cite.law monthly.decide.waiver_over monthly.decide.no_source monthly.decide.declared
monthly.decide.more_declared paper.how paper.source
site.api.request_id history.moved site.waiver.counts site.accounts.left_out"""
_PACKAGE = Path(preuve.__file__).parent
SAYING = (
    *_PACKAGE.glob("collect/code/**/*.py"),
    *_PACKAGE.glob("documents/**/*.py"),
    _PACKAGE / "redact" / "notations" / "definition.py",
    _PACKAGE / "pipeline" / "push" / "surroundings.py",
)
SAME_IN_BOTH = """site.control.claim_code doctor.name.code doctor.name.attestations doctor.account.permissions
cite.clause code_kind.terraform code_kind.cloudformation code_kind.dockerfile code_kind.github_actions
site.readme.signature removed.secret removed.other
site.language.en site.language.fr site.col.type site.col.total site.nav.label site.col.attestation
site.col.pagination summary.next_permissions summary.next_explain source.iac site.index.code site.paper.conclusion
site.paper.date paper.exceptions paper.signature paper.verdicts paper.population history.commit run_kind.audit
site.soa.applicable site.soa.page site.soa.organisation site.files.actions site.files.exclusions site.files.population
site.col.verdicts site.reference.change site.nav.code site.crosswalk.from"""


@pytest.fixture(params=languages())
def locale(request: pytest.FixtureRequest) -> Locale:
    return load_locale(request.param)


def strings(language: str) -> dict[str, str]:
    return dict(flatten(load_locale(language).strings))


def values(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(strings("en")) == sorted(strings("fr"))


def test_both_languages_name_the_same_values() -> None:
    french = strings("fr")
    assert [key for key, text in strings("en").items() if values(text) != values(french[key])] == []


def test_no_french_text_is_still_english() -> None:
    french = strings("fr")
    words = {key: re.sub(r"\{\w+\}", "", text) for key, text in strings("en").items() if french[key] == text}
    assert {key for key, text in words.items() if re.search("[a-z]{3}", text)} <= set(SAME_IN_BOTH.split())


@pytest.mark.parametrize("code", CODES)
def test_every_reason_code_has_a_sentence(locale: Locale, code: str) -> None:
    names = values(str(locale.strings["reasons"][code]))
    sentence = locale.reason(Reason(code, {name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in sentence for name in names - {"action"})


def test_every_reason_that_the_assessment_gives_has_a_sentence() -> None:
    sources = sorted((Path(preuve.__file__).parent / "assess").rglob("*.py"))
    given = {code for path in sources for code in re.findall(r'Reason\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
    assert given
    assert given - set(CODES) == set()


def test_every_word_of_the_model_is_translated(locale: Locale) -> None:
    groups = {
        "finding": FindingStatus,
        "control": ControlStatus,
        "control_means": ControlStatus,
        "finding_means": FindingStatus,
        "severity": Severity,
        "automation": Automation,
        "join_state": JoinState,
        "joins": filter(None, JOINS),
    }
    keys = [f"{group}.{word}" for group, words in groups.items() for word in words] + [
        f"causes.{cause}" for cause in CAUSES.split()
    ]
    assert [key for key in keys if not locale.has(key)] == []


def test_no_two_statuses_share_a_word(locale: Locale) -> None:
    words = [locale.word(group, name) for group in ("finding", "control") for name in locale.strings[group]]
    assert len(set(words)) == len(words)


def test_a_missing_permission_is_named_only_where_access_was_denied(locale: Locale) -> None:
    unread = {"member": "Policy", "code": "X", "action": "s3:GetBucketPolicy"}
    assert "s3:GetBucketPolicy" in locale.reason(Reason("unread_member", {**unread, "cause": "access_denied"}))
    assert "s3:GetBucketPolicy" not in locale.reason(Reason("unread_member", {**unread, "cause": "throttled"}))


def test_a_removed_secret_is_named_in_the_language(locale: Locale) -> None:
    said = {
        kind: locale.reason(Reason("failed", {"found": f"DB_PASSWORD is [removed: {kind}]", "asked": "none"}))
        for kind in ("telling_name", "person", "base64", "token", "secret", "npm_token")
    }
    assert len(set(said.values())) == 6
    wanted = {"en": "value whose name announces a secret]", "fr": "valeur dont le nom annonce un secret]"}
    assert wanted[locale.language] in said["telling_name"] and "telling_name" not in said["telling_name"]
    assert "npm_token" in said["npm_token"]


def test_a_long_list_of_names_is_cut_in_a_sentence() -> None:
    reason = Reason("planned", {"policies": ", ".join(f"p{number}" for number in range(20))})
    assert load_locale("en").reason(reason) == "Not checked yet, planned: p0, p1, p2, p3, p4, p5 and 14 more."


def test_values_are_inserted_once_and_unchanged() -> None:
    reason = Reason("evaluation_error", {"error": "{member} [[x]] {error}"})
    assert load_locale("en").reason(reason).endswith("{member} [[x]] {error}.")


def test_missing_keys_values_and_languages_are_errors(locale: Locale) -> None:
    with pytest.raises(PreuveError, match="no text"):
        locale("site.not_there")
    with pytest.raises(PreuveError, match="needs the value"):
        locale("site.rev")
    with pytest.raises(PreuveError, match="language 'de'"):
        load_locale("de")


def test_numbers_dates_and_plurals_follow_the_language() -> None:
    english, french = load_locale("en"), load_locale("fr")
    assert (english.number(12345), french.number(12345)) == ("12,345", "12\u202f345")
    assert english.date("2026-08-01T09:05:00Z") == "1 August 2026, 09:05 UTC"
    assert french.date("2026-08-01") == "1er août 2026"
    assert english.count("site.limits.findings", 0) == "0 findings"
    assert french.count("site.limits.findings", 0) == "0 constat"


def test_french_punctuation_stays_with_its_word() -> None:
    assert not [key for key, text in load_locale("fr")._flat.items() if re.search(r" [:;?!»]", text)]


# ---- templates ----------------------------------------------------------------------------------------------------


def used_keys() -> set[str]:
    sources = [*TEMPLATES, *sorted((ROOT / "preuve").rglob("*.py"))] if (ROOT / "preuve").is_dir() else TEMPLATES
    quoted = re.compile(r"""["']([a-z_]+(?:\.[A-Za-z_]+)+)["']""")
    return {key for path in sources for key in quoted.findall(path.read_text(encoding="utf-8"))}


def test_every_key_used_in_a_template_exists() -> None:
    keys = {
        key
        for path in TEMPLATES
        for key in re.findall(r"""\bt(?:\.count)?\(\s*["']([\w.]+)["']\s*[,)]""", path.read_text(encoding="utf-8"))
    }
    english = strings("en")
    assert keys
    assert sorted(key for key in keys if key not in english and f"{key}.other" not in english) == []


def test_no_text_is_unused() -> None:
    used = used_keys()
    unused = [
        key
        for key in strings("en")
        if key not in used
        and key.rsplit(".", 1)[0] not in used
        and not key.startswith(tuple(f"{group}." for group in COMPUTED.split()))
    ]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_contains_words_of_its_own(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    attributes = re.findall(r"""\b(?:aria-label|title|alt|placeholder|data-th)=["']([^"']*[A-Za-z][^"']*)["']""", text)
    words = re.findall(r"[A-Za-zÀ-ÿ]{2,}", re.sub(r"<[^>]*>", " ", text))
    assert (attributes, [word for word in words if word not in ("sha",)]) == ([], [])


def test_reasons_for_unknown_values_are_translated() -> None:
    said = Reason("iac_unknown", {"checks": "CKV_1", "detail": "unresolved: var.x; dynamic block: ingress"})
    assert "non résolu\u00a0: var.x; bloc dynamique\u00a0: ingress." in load_locale("fr").reason(said)
    assert "unresolved: var.x; dynamic block: ingress." in load_locale("en").reason(said)


def test_notes_about_code_out_of_scope_are_in_french() -> None:
    told = load_locale("fr").in_words("scope.iac does not name it; 59 more in 17 folders")
    assert told == "scope.iac ne le désigne pas; 59 de plus dans 17 dossiers"


def test_files_that_are_not_read_are_told_in_french() -> None:
    in_words = load_locale("fr").in_words
    assert in_words("cannot be read: No such file or directory") == "illisible\u00a0: fichier ou dossier introuvable"
    assert in_words("broken symbolic link, not followed").startswith("lien symbolique rompu")
    assert in_words("not UTF-8") == "pas en UTF-8" and in_words("not a regular file") == "pas un fichier ordinaire"


def test_the_phrases_in_the_locale_are_those_that_the_collector_writes() -> None:
    files = (*SAYING, *_PACKAGE.glob("collect/**/*.py"), *content_root().glob("scanners/iac/*.yaml"))
    files += (_PACKAGE / "model" / "snapshot.py", _PACKAGE / "pipeline" / "push" / "surroundings.py")
    files += (content_root() / "scanners" / "other_tools.yaml",)
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    phrases = load_locale("en").strings["details"]
    assert [phrase for phrase, words in phrases.items() if phrase != words or phrase not in source] == []


_FACTS = frozenset({"elsewhere", "of_stack"})


def elsewhere(content: Any) -> Iterator[str]:
    """Yield the external facts that rules for code name."""
    if isinstance(content, dict):
        yield from (said for key, said in content.items() if key in _FACTS and isinstance(said, str))
    for item in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from elsewhere(item)


def test_phrases_of_rules_for_code_are_translated() -> None:
    rules = (yaml.safe_load(path.read_text("utf-8")) for path in content_root().glob("scanners/iac/*.yaml"))
    said = {text for rule in rules for text in elsewhere(rule) if re.search("[a-z] [a-z]", text)}
    assert said - load_locale("fr").strings["details"].keys() == set()


def causes(node: ast.AST) -> Iterator[str]:
    """The texts that say why something is unknown, with a digit in place of each value."""
    for call in ast.walk(node):
        named = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and named.lower() == "unknown" and call.args:
            (said, *_) = call.args
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in parts)


def test_each_cause_of_an_unknown_value_is_translated() -> None:
    phrases = load_locale("en").strings["details"]
    for path in SAYING:
        for said in causes(ast.parse(path.read_text(encoding="utf-8"))):
            rest = said
            for phrase in phrases:
                rest = rest.replace(phrase, "")
            assert not re.search("[a-z]{2} [a-z]{2}", rest), f"{path.name}: {said}"


def test_a_list_without_a_region_agrees_in_gender() -> None:
    site = factory.site("fr")
    french = dict(scope(replace(site, workspace=replace(site.workspace, regions=(), iac=())), load_locale("fr")))
    assert (french["Régions"], french["Code"]) == ("aucune", "aucun")


def test_a_reason_is_put_into_words_once_and_each_one_in_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    t = Locale("en", load_locale("en").strings)
    made: list[str] = []
    filled = Locale._filled
    monkeypatch.setattr(Locale, "_filled", lambda self, key, *a, **k: made.append(key) or filled(self, key, *a, **k))
    reasons = [Reason("absent_fail", {"member": f"Member{number % 3}"}) for number in range(30)]
    assert len({t.reason(reason) for reason in reasons}) == len(made) == 3
    named = Reason("policy_waived", {"policies": "x"})
    assert t.reason(named) == "Failing under a waiver: x." != t.reason(named, {"x": "its title"})
