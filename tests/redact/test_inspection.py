"""The last look before a bundle is closed: it finds what redaction let through, and not our own words."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.redact.identifiers.addresses import has_address, likely_parts
from preuve.redact.inspection import Inspector
from preuve.redact.known_names import KnownNames
from preuve.redact.names.variants import own_words
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, remaining, settled
from preuve.redact.spelling import plain

FACTS, CONTENT = "data/08-machine/snapshot", "data/02-reference/content"
NAMES = KnownNames({"person-aaaa": "jane.doe", "person-bbbb": "Zoé Lefèvre", "person-cccc": "backup"})
KEY = "AKIAZ7Q2M4X6B8V0C1N3"


def look(folder: Path, **files: str) -> list[tuple[str, str]]:
    """Return the leaks found in files that are named by their kind."""
    places = {
        "page": "data/00-summary/index.fr.html",
        "facts": f"{FACTS}/aws/1/global/s3.jsonl",
        "table": "data/06-registers/waivers.csv",
        "ours": f"{CONTENT}/policies/a.yaml",
        "theirs": f"{CONTENT}/workspace/policies/a.yaml",
        "first": "README.html",
    }
    for kind, text in files.items():
        path = folder / places[kind]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [(leak.file, leak.what) for leak in Inspector(folder, FACTS, CONTENT, NAMES).leaks()]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<p>jane@techstart.fr</p>", "e-mail address"),
        ("<p>jane&#64;techstart.fr</p>", "e-mail address"),
        ("<td>Jane.Doe</td>", "name of a person"),
        ("<td>zoé lefèvre</td>", "name of a person"),
        (f"<td>{KEY}</td>", "secret (aws_access_key)"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "secret (private_key)"),
        ("postgres://app:hunter2@db/crm", "secret (url_password)"),
        (f"ghp_{'a1B2' * 9}", "secret (github_token)"),
    ],
)
def test_forbidden_content_is_found_in_a_page(tmp_path: Path, text: str, what: str) -> None:
    assert ("data/00-summary/index.fr.html", what) in look(tmp_path, page=text)


@pytest.mark.parametrize(
    "text",
    ["security@example.com", "aws-test@techstart.example", "person-k3v5q7tzm2ab", "secret : effacer la valeur",
     "backup", "jane.doering", "majane.doe", "[removed: aws_access_key]", "arn:aws:iam::1:user/person-k3v5q7tzm2ab"],
)  # fmt: skip
def test_our_own_words_and_resource_names_are_not_reported(tmp_path: Path, text: str) -> None:
    assert look(tmp_path, page=text, table=text) == []


def test_a_name_of_words_that_are_all_ours_counts_unless_they_stand_side_by_side_in_a_text_of_ours() -> None:
    words = sorted(word for word in own_words() if word.isascii() and 3 < len(word) < 10)
    made = [*zip(words[::200], words[75::200], strict=False), ("alice", "martin"), ("mark", "young"), ("max", "grant")]
    found = 0
    for first, last in ((first.title(), last.title()) for first, last in made):
        names = KnownNames({"person-aaaa": f"{first} {last}"})
        forms = (f"{first} {last}", f"{last} {first}", f"{first}-{last}", f"{last}, {first}", f"{first[0]}. {last}")
        for form in (*forms, f"{first} {last}".upper(), f"{first}.{last}@".lower(), f"{first}</td><td>{last}"):
            text = f"<p>reviewed by {form} on 3 May"
            seen = names.stand_in(text, plain(text))
            assert names.stand_in_ours(text, plain(text)) is seen, form
            found += seen
    assert found > 4 * len(made) > 200
    long = KnownNames({"person-aaaa": "Le Long"})
    assert [long.stand_in_ours(text, plain(text)) for text in ("le long", "Le Long", "LE LONG")] == [False, True, True]


def test_a_leak_across_the_parts_of_a_long_file_is_found(tmp_path: Path) -> None:
    # A file is read in parts of a mebibyte, and a key may be on the line below its name.
    name, key = "aws_secret_access_key:\n", f"{'a1B2' * 10}\n"
    filling = "0123456789abcde\n" * (1 << 16)
    for missing in (0, len(name), len(name + key)):
        found = look(tmp_path, table=filling[missing:] + name + key + filling)
        assert found == [("data/06-registers/waivers.csv", "secret (aws_secret_key)")]


def test_a_text_that_is_harmless_in_one_kind_of_file_is_checked_again_in_another(tmp_path: Path) -> None:
    # Only a browser reads a key in this; the text of a table and of facts is seen before the page's.
    text = KEY.replace("Z", "&#90;")
    found = look(tmp_path, first=text, table=text, facts=json.dumps({"a": text}))
    assert found == [("README.html", "secret (aws_access_key)")]


@pytest.mark.parametrize("kind", ["page", "facts", "table", "theirs"])
def test_an_address_is_one_in_any_spelling_and_in_any_file(tmp_path: Path, kind: str) -> None:
    for sign in ("&#64;", "%40", "＠", " (at) ", r"\u0040"):
        text = f"jane{sign}techstart.fr"
        found = look(tmp_path, **{kind: json.dumps({"a": text}).replace("\\\\u", "\\u") if kind == "facts" else text})
        assert [what for _, what in found] == ["e-mail address"], sign


@given(st.lists(st.sampled_from([KEY, "jane@techstart.fr", "Jane.Doe", "a", "b"]), min_size=2, max_size=6))
def test_each_file_with_a_leak_is_reported(words: list[str]) -> None:
    # The content of an earlier file is not searched twice, but its leaks are.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, word in enumerate(words):
            text = f"<p>a<td>{word}<p>b" if number % 2 else json.dumps({"a": "a", "b": word, "c": "b"})
            (folder / f"{number}.{'html' if number % 2 else 'json'}").write_text(text, encoding="utf-8")
        told = {leak.file for leak in Inspector(folder, FACTS, CONTENT, NAMES).leaks()}
    assert told == {
        f"{number}.{'html' if number % 2 else 'json'}" for number, word in enumerate(words) if len(word) > 1
    }


@given(st.lists(st.sampled_from(["password=Tournesol-2026", "a", "b"]), min_size=2, max_size=6))
def test_each_document_of_facts_with_a_secret_is_reported(values: list[str]) -> None:
    # A value in which nothing was found is not searched twice, but one that is a secret is told wherever it stands.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / FACTS
        folder.mkdir(parents=True)
        for number, value in enumerate(values):
            (folder / f"{number}.json").write_text(json.dumps({"a": ["b", {value: 1}], "c": None}), encoding="utf-8")
        told = [leak.file for leak in Inspector(Path(name), FACTS, CONTENT, NAMES).leaks()]
    assert told == [f"{FACTS}/{number}.json" for number, value in enumerate(values) if len(value) > 1]


def test_values_that_recur_are_searched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    monkeypatch.setattr("preuve.redact.inspection.remaining", lambda value: searched.append(value) or [])
    look(tmp_path, facts="\n".join(json.dumps({"a": ["x", {"b": "x"}], "c": str(n % 3)}) for n in range(9)) + "\n")
    assert sorted(searched) == ["0", "1", "2", "a", "b", "c", "x"]


def test_an_assignment_is_a_secret_in_facts(tmp_path: Path) -> None:
    told = {"Tags": {"Note": "password=Tournesol-2026"}, "Env": "DB_PASSWORD=[removed: assignment]", "a": "x\u2028y"}
    found = look(tmp_path, facts=json.dumps(told, ensure_ascii=False) + "\n")
    assert found == [(f"{FACTS}/aws/1/global/s3.jsonl", "secret (assignment)")]


def test_content_of_the_workspace_is_inspected_and_ours_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, ours=KEY, theirs=KEY) == [(f"{CONTENT}/workspace/policies/a.yaml", "secret (aws_access_key)")]


def test_a_workbook_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with zipfile.ZipFile(tmp_path / "data" / "soa.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", "<si><t>jane&#64;techstart.fr</t></si>")
    assert look(tmp_path) == [("data/soa.xlsx", "e-mail address")]


# ---- names --------------------------------------------------------------------------------------------------------


def test_a_name_is_replaced_at_every_place() -> None:
    assert NAMES.replaced("Owner: JANE.DOE, jane.doe.") == "Owner: person-aaaa, person-aaaa."
    assert NAMES.replaced(json.dumps({"who": "Zoé Lefèvre"})) == '{"who": "person-bbbb"}'


@pytest.mark.parametrize("text", ["ZOÉ LEFÈVRE", "ſam.iı", "SAM.İI", "jane.doe", "Hans.STRAUß", "hans.strauẞ"])
def test_a_name_is_found_and_replaced_whatever_the_case_of_its_letters(text: str) -> None:
    names = KnownNames({"p-a": "zoé lefèvre", "p-b": "sam.ii", "p-c": "JANE.DOE", "p-d": "hans.strauß"})
    assert names.found(f"<td>{text}</td>")
    assert names.replaced(f"first line\n{text} and others").removesuffix(" and others")[:-1] == "first line\np-"


@pytest.mark.parametrize("text", ["jane.doering", "majane.doe", "janedoe", "jane, the doe", "Jane", "backup"])
def test_a_text_that_only_resembles_a_name_stays(text: str) -> None:
    assert NAMES.replaced(text) == text


def test_the_name_of_the_company_stays() -> None:
    names = KnownNames({"person-a": "Tech Start", "person-b": "Jane Doe"}, ["Tech Start SAS"])
    assert names.replaced("Tech Start, Jane Doe") == "Tech Start, person-b"


NAME = st.from_regex(r"[a-zéè]{3,8}[. ][a-zéè]{3,8}", fullmatch=True)


@given(NAME, st.sampled_from([" ", '"', "<", "/", "(", ":", ","]), st.sampled_from([" ", '"', ">", "/", ")", ":", ","]))
def test_no_name_survives_in_a_snapshot(name: str, before: str, after: str) -> None:
    names = KnownNames({"person-k3v5q7tzm2ab": name})
    for text in (f"x{before}{name}{after}x", json.dumps(f"{before}{name}{after}")):
        replaced = names.replaced(text)
        assert not names.found(replaced)
        assert name not in replaced


PIECES = st.sampled_from(
    [
        *("Clé API : ", "mot de passe : ", "secret : ", "passphrase: ", "token=", "password:", "Bearer ", "https://"),
        *("Jérôme Dupont", "jerome.dupont", "JeromeDupont", "Jo Li", "jo.li", "person-ay2z7msluuq7", "secret:prod/"),
        *("arn:aws:iam::123456789012:user/", "arn:aws:secretsmanager:eu-west-3:123456789012:secret:", "db-a1B2c3"),
        *("Azerty2024!", "hunter2hunter2", "x", "-", ".", "/", ":", "@", " ", " ", ", ", "1", "[removed: assignment]"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=7).map("".join))
def test_the_last_check_finds_nothing_in_what_redaction_and_names_leave(text: str) -> None:
    pseudonyms = Pseudonyms(b"x" * 32)
    redactor = Redactor(pseudonyms)
    for name in ("Jérôme Dupont", "jerome.dupont", "Jo Li", "jo.li"):
        pseudonyms.of(name)
    names = KnownNames(pseudonyms.names)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, FACTS, "aws.jsonl")
        path.parent.mkdir(parents=True)
        line = json.dumps({"id": redactor.text(text)}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path.write_text(f"{line}\n{line}\n", encoding="utf-8")
        names.replace_below(path.parent)
        assert list(Inspector(Path(place), FACTS, CONTENT, names).leaks()) == []
        first, second, _ = path.read_text(encoding="utf-8").split("\n")
    kept = json.loads(first)["id"]
    assert first == second and remaining(kept) == []
    assert remaining(Redactor(Pseudonyms(b"x" * 32)).text(kept)) == []


def test_a_pseudonym_after_an_announcing_word_stays() -> None:
    for said in ("Clé API : Jérôme Dupont", "passphrase: jerome.dupont", "secret:prod/jerome.dupont/db"):
        kept = settled(KnownNames({"person-ay2z7msluuq7": "Jérôme Dupont"}).replaced(said))
        assert "person-ay2z7msluuq7" in kept and remaining(kept) == []


_SPELT = (
    "jane.doe", "acme", ".fr", "git", "a", "1", "é", "n", "@", "＠", "%40", "%2540", "&#64;", "&commat;", r"\u0040",
    r"\x40", " at ", "(at)", "<at>", "{chez}", " arobase ", "(dot)", " point ", r"\n", "\u0301", "\u200b",
    " ", '"', ",", "/", ":", "=", ";", "'", "+", "-", "_", "\\",
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_SPELT), max_size=10).map("".join))
def test_the_parts_of_a_line_that_are_looked_at_have_its_addresses(line: str) -> None:
    assert has_address('"'.join(likely_parts(line))) is has_address(line)


def test_the_end_of_a_line_is_no_part_of_an_address(tmp_path: Path) -> None:
    assert look(tmp_path, facts=json.dumps({"a": "import pytest\n@pytest.mark"}) + "\n") == []
    found = look(tmp_path, facts=json.dumps({"a": "to\njane@techstart.fr, C:\\n@techstart.fr"}) + "\n")
    assert [what for _, what in found] == ["e-mail address"]
