"""A person whom a run knows is found by what is made of the name; others, and words of a language, stay."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import botocore.session
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from preuve.library.company.registers import FAMILY, GIVEN, people_in_columns
from preuve.library.vocabulary import vocabulary
from preuve.library.yaml.place import content_root
from preuve.model.snapshot import IacGap, IacRecord, Listing, Meta, Resource
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from redact.people import CASES, PEOPLE, Person, cut_short, noted, shortened, written

PLACES = st.sampled_from(
    ["{}", "arn:aws:s3:::{}-backup", "arn:aws:lambda:eu-west-3:123456789012:function:{}", "owner={}", "/home/{}/x",
     "vm-{}-01", 'resource "aws_s3_bucket" "x" {{ bucket = "{}" }}', "demandé par {}, le 12", "({})", "sg_{}"]
)  # fmt: skip
PEOPLE_OF = KnownNames({"person-a": "Jean Dupont", "person-b": "Jeanne Dupont", "person-c": "Anne Delorme"})


@given(st.data(), PEOPLE, PLACES)
def test_what_is_made_of_a_known_name_is_replaced_wherever_it_stands(
    data: st.DataObject, who: Person, place: str
) -> None:
    names = KnownNames({"person-aaaaaaaaaaaa": data.draw(written(who)).replace(",", "")})
    text = place.format(data.draw(shortened(who)))
    for said in (text, json.dumps({text: text})):
        kept = names.replaced(said)
        assert not who.stands_in(kept), said
        assert "person-aaaaaaaaaaaa" in kept
        assert not names.found(kept) and names.replaced(kept) == kept


@given(st.data(), PEOPLE)
def test_a_name_that_is_cut_short_added_to_or_respelt_is_replaced(data: st.DataObject, who: Person) -> None:
    names = KnownNames({"person-aaaaaaaaaaaa": who.name})
    text = data.draw(cut_short(who))
    for said in (text, json.dumps({"x": f"vu par {text}, hier"}), f"({text})"):
        kept = names.replaced(said)
        assert not who.stands_in(kept), said
        assert kept.count("person-aaaaaaaaaaaa") >= 1
        assert not names.found(kept) and names.replaced(kept) == kept
    assert isinstance(json.loads(names.replaced(json.dumps({text: text}))), dict)


@settings(max_examples=60, deadline=None)
@given(st.data(), PEOPLE, st.sampled_from(["{}", "s3://x/{}/", "?u={}&x=1", "x%2F{}%2Fy", "vu par {}, hier"]))
def test_a_name_is_replaced_in_whatever_notation_a_program_writes_it(
    data: st.DataObject, who: Person, place: str
) -> None:
    names, written = KnownNames({"person-aaaaaaaaaaaa": who.name}), data.draw(noted(who))
    for inside in (str, lambda text: json.dumps({"K": text}), lambda text: json.dumps({"K": text}, ensure_ascii=False)):
        said = inside(place.format(written))
        kept = names.replaced(said)
        assert names.found(said)
        assert re.sub(r"\n[ \t#_+]*", "", kept) == inside(place.format("person-aaaaaaaaaaaa")), said
        assert not names.found(kept)


SHORT = KnownNames(
    {f"person-{number:012}": name for number, name in enumerate(
        ["Lu Xi", "Fa Be", "Ada Bee", "Jane Doe", "Ida Cade", "Tom Ale", "Sam Ami", "Ann Ode", "Eva Ec"]
    )}
)  # fmt: skip
NUMBERS = st.one_of(
    st.binary(min_size=4, max_size=40).map(bytes.hex),
    st.binary(min_size=4, max_size=40).map(lambda code: code.hex(":")),
    st.uuids().map(str),
    st.ip_addresses(v=6).map(lambda place: place.exploded),
    st.binary(min_size=30, max_size=60).map(lambda code: base64.b64encode(code).decode()),
)


@given(
    NUMBERS, CASES, st.sampled_from(["{}", "sha256:{}", "arn:aws:kms:eu-west-3:123456789012:key/{}", '{{"Id":"{}"}}'])
)
def test_no_number_is_taken_for_a_short_name(number: str, case: Callable[[str], str], place: str) -> None:
    text = place.format(case(number))
    assert SHORT.replaced(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "0fa:be1:1abee:9", "2001:0db8:fa:be:0000", "1abee234", "12ade-abee-34cd-9f00-0123456789ab", "0123abee",
        "fa:be:00:11:22:33", "kJDoE/x", "Ami, ami : samis ; une ode", "Zoé a vu Doe ; hier Jane est là",
        "Jane ; le nom est Doe", "first: Jane, x: Doe", "J'ai vu", "Doe j'ai vu",
    ],
)  # fmt: skip
def test_words_and_numbers_that_hold_the_letters_of_a_short_name_stay(text: str) -> None:
    assert SHORT.replaced(text) == text


def test_no_name_of_aws_is_taken_for_a_person() -> None:
    session = botocore.session.get_session()
    services = session.get_available_services()
    models = [session.get_service_model(name) for name in ("s3", "ec2", "iam", "kms", "rds", "lambda", "logs")]
    words = {*services, *(name for model in models for name in (*model.shape_names, *model.operation_names))}
    text = "\n".join(sorted(words))
    assert SHORT.replaced(text) == text


@pytest.mark.parametrize(
    "name",
    ["李 娜", "王 小明", "राम शर्मा", "রহিম উদ্দিন", "ரவி குமார்", "Анна Петрова",
     "김 민수", "山田 太郎", "محمد علي", "דוד כהן",
     "สมชาย ใจดี", "Nguyễn Thị Mai", "Ἀλέξανδρος Παππᾶς", "ලසිත් මාලිංග"],
)  # fmt: skip
def test_a_name_is_known_in_any_script(name: str) -> None:
    names = KnownNames({"person-aaaaaaaaaaaa": name})
    first, *_, last = words = name.split()
    forms = {name, unicodedata.normalize("NFD", name), f"{last} {first}", f"{first}_{last}", "-".join(words)}
    forms |= {quote(name), "".join(f"&#{ord(sign)};" for sign in name), json.dumps(name)[1:-1]}
    for form in forms if len(words) == 2 else {name, unicodedata.normalize("NFD", name), quote(name)}:
        for place in ("X1 {} end", "{}", "infra/N5 {} Z.tf", "vu par {}, hier"):
            text = place.format(form)
            assert names.replaced(text) == place.format("person-aaaaaaaaaaaa"), (form, text)
            assert names.found(text)


@pytest.mark.parametrize(
    "text",
    ["安全 第一", "数据安全策略", "高兴", "李 和 娜", "李先生和娜娜", "राम और शर्मा", "शर्मा, कल राम", "রহিম ও উদ্দিন"],
)  # fmt: skip
def test_a_text_of_another_script_stays_where_nobody_is_named(text: str) -> None:
    known = ["安 全", "高 兴", "李 娜", "राम शर्मा", "রহিম উদ্দিন"]
    assert KnownNames({f"person-{number}": name for number, name in enumerate(known)}).replaced(text) == text


def test_a_name_of_three_ideographs_is_known_as_it_is_mostly_written() -> None:
    assert KnownNames({"person-a": "王 小明"}).replaced("由王小明批准") == "由person-a批准"


def test_a_snapshot_is_read_the_same_whatever_people_are_called() -> None:
    # A Louis Ambda may log in as `lambda`: his name would make another type of every `AWS::Lambda::Function`.
    root = content_root() / "scanners"
    loaded = [yaml.safe_load(path.read_text()) for path in root.glob("[ag][wi]*/*.yaml")]
    types = {kind for one in loaded for kind in one["resources"]}
    calls = {call for one in loaded for call in re.findall(r"'call': '([^']+)'", str(one))}
    members = {field.name for kind in (Meta, Listing, Resource, IacRecord, IacGap) for field in fields(kind)}
    # Gwen Lue may log in as `glue`: what conditions and documents compare with decides a verdict.
    policies = "\n".join(path.read_text() for path in content_root().glob("policies/**/*.yaml"))
    policies = re.sub(r"(?m)^.*filterPattern.*$", "", policies)  # of examples
    literals = re.findall(r'(?:[=!]= |(?:startsWith|endsWith|contains)\(|in \[)"([^"\n]+)"', policies)
    tables = [str(yaml.safe_load(path.read_text())["data"]) for path in (root / "reference").glob("*.yaml")]
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in {*types, *calls, *members, *literals, *tables})
    words = sorted(set(re.findall(r"[^\W\d_]{4,}", text.lower())))
    assert {"kinesis", "lambda", "region", "glue", "passrole", "reject"} <= set(words)
    names = KnownNames({f"person-{number:012}": f"{word[0]}qx {word[1:]}" for number, word in enumerate(words)})
    assert names.replaced(text) == text


@given(st.lists(PEOPLE, min_size=1, max_size=5, unique=True), st.data())
def test_no_word_of_a_language_is_taken_for_a_person(people: list[Person], data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(sorted(vocabulary())), min_size=1, max_size=30))
    assume(not any(person.stands_in(" ".join(words)) for person in people))
    text = data.draw(st.sampled_from([" ", "-", "_", "."])).join(words)
    assert KnownNames({f"person-{number}": one.name for number, one in enumerate(people)}).replaced(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("adelorme", "person-c"),
        ("tf-a.delorme-state", "tf-person-c-state"),
        ("DELORME_A", "person-c"),
        ("A. Delorme et Delorme A. sont là", "person-c et person-c sont là"),
        ("jeanne.dupont, jean-dupont", "person-b, person-a"),
        ("j.dupont, JDUPONT", "[removed: person], [removed: person]"),  # of two people
    ],
)
def test_who_is_meant_is_told_where_it_is_known(text: str, kept: str) -> None:
    assert PEOPLE_OF.replaced(text) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Hugo Petit", "les petits, une petite table ; plan H. Petit rappel"),
        ("François Rance", "hébergé en France, eu-west-3 (france)"),
        ("Daniel Anger", "danger, dangereux"),
        ("Martin Delorme", "Martin Fowler, M. Fowler"),
        ("Anne Delorme", "a delorme, delormea, adelormes, delorme, B. Delorme, a_delormes"),
        ("Sophie Server", "s-server, s.server"),
    ],
)
def test_a_word_that_looks_like_a_person_stays(name: str, text: str) -> None:
    assert KnownNames({"person-a": name}).replaced(text) == text


def test_a_user_name_that_the_account_has_keeps_its_own_pseudonym() -> None:
    names = KnownNames({"person-a": "Anne Delorme", "person-b": "adelorme"})
    assert names.replaced("adelorme, a.delorme") == "person-b, person-a"


def test_people_of_one_name_stay_as_many_as_the_data_tells_apart() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    addresses = ["anne.delorme@acme.fr", "anne.delorme2@acme.fr"]
    rows = [Redactor(pseudonyms).data({"Person": one}, ["Person"])["Person"] for one in addresses]
    kept = KnownNames(pseudonyms.names).replaced("Anne Delorme, anne.delorme2")
    assert len({*rows, *kept.split(", ")}) >= 3 and "elorme" not in kept


def as_snapshots_write(line: object) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(st.lists(PEOPLE, min_size=1, max_size=3, unique=True), st.data())
def test_a_file_that_was_kept_earlier_is_read_as_a_snapshot_would_hold_it(
    people: list[Person], data: st.DataObject
) -> None:
    names = KnownNames({f"person-{number:012}": one.name for number, one in enumerate(people)})
    said = st.sampled_from(people).flatmap(lambda who: written(who) | shortened(who)) | st.sampled_from(["x", "Duval"])
    lines = data.draw(st.lists(st.dictionaries(said, said | st.lists(said, max_size=2), max_size=3), max_size=5))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "results.jsonl"
        path.write_text("".join(f"{as_snapshots_write(line)}\n" for line in lines), encoding="utf-8")
        renamed = list(map(names.renaming(path), lines))
        names.replace_below(Path(place))
        assert renamed == [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert not any(who.stands_in(json.dumps(renamed, ensure_ascii=False)) for who in people)


@given(PEOPLE, st.data(), st.sampled_from(["DB_PASSWORD=", "secret : ", "mot de passe : ", "--password ", "token: "]))
def test_no_half_of_a_name_stays_where_the_other_half_was_taken_for_a_secret(
    who: Person, data: st.DataObject, announced: str
) -> None:
    written_as = data.draw(written(who))
    kept = Redactor(Pseudonyms(b"k" * 32)).text(f"export {announced}{written_as}, hier")
    names = KnownNames({"person-aaaaaaaaaaaa": who.name})
    told = names.replaced(kept)
    assert not who.stands_in(told), kept
    assert not names.found(told) and names.replaced(told) == told


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("DB_PASSWORD=[removed: assignment] delorme; x", "DB_PASSWORD=[removed: assignment]; x"),
        ("[removed: announced], Anne est là", "[removed: announced] est là"),
        ("[removed: assignment] delormette", "[removed: assignment] delormette"),
        ("[removed: assignment] de la part de Delorme", "[removed: assignment] de la part de Delorme"),
    ],
)
def test_what_is_left_beside_a_secret_is_a_name_only_if_it_is_known(said: str, kept: str) -> None:
    assert PEOPLE_OF.replaced(said) == kept


@given(st.lists(PEOPLE, min_size=1, max_size=4, unique=True), st.data())
def test_a_person_whose_name_stands_in_two_columns_is_known(people: list[Person], data: st.DataObject) -> None:
    given, family = (data.draw(CASES)(data.draw(st.sampled_from(names))) for names in (GIVEN, FAMILY))
    columns = data.draw(st.permutations([given, family, "e-mail", "service"]))
    cells = ({given: who.first, family: who.last, "e-mail": f"p{number}@acme.fr"} for number, who in enumerate(people))
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="x", delimiter=data.draw(st.sampled_from(",;\t")))
    table.writeheader()
    table.writerows(cells)
    with tempfile.TemporaryDirectory() as place:
        path = (
            Path(place) / "registers" / data.draw(st.sampled_from(["people.csv", "staff.csv", "training-records.csv"]))
        )
        path.parent.mkdir()
        path.write_text(text.getvalue(), encoding="utf-8")
        pseudonyms = Pseudonyms(b"k" * 32)
        for name in people_in_columns(Path(place)):
            pseudonyms.of(name)
    said = data.draw(st.lists(st.sampled_from(people).flatmap(lambda who: written(who) | shortened(who)), max_size=5))
    kept = KnownNames(pseudonyms.names).replaced("\nvu par ".join(said))
    assert not any(who.stands_in(kept) for who in people)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_stand_in_two_columns_however_their_headings_are_spelled(
    tmp_path: Path, form: Literal["NFC", "NFD"]
) -> None:
    (tmp_path / "registers").mkdir()
    text = unicodedata.normalize(form, "n°;Prénom;Nom d\u2019usage\n1;Lea;Duval\n")
    (tmp_path / "registers/x.csv").write_text(text, encoding="utf-8")
    assert list(people_in_columns(tmp_path)) == ["Lea Duval"]


def test_an_example_that_may_be_typed_over_names_people_too(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/x.csv").write_text("n°;Prénom;NOM\nEXEMPLE : 1;Anne;Delorme\n2;Léa;Duval\n3;Zoé;\n")
    (tmp_path / "registers/y.csv").write_bytes(b"pr\xe9nom;nom\nAnne;Delorme\n")
    assert list(people_in_columns(tmp_path)) == ["Anne Delorme", "Léa Duval"]


ITEMS = ["- {}\n          - {}", "{} = 1\n\n\n\n\n\n\n{} = 2", "| {}        | {}    |", "{} :        {}",
         "le vin est {}\n\n\n\n\n\n\n{} de vins", "{}\n            = {}", "{},\n\t\t\t\t\t\t{}"]  # fmt: skip


@pytest.mark.parametrize("text", ITEMS)
@pytest.mark.parametrize("write", [str, lambda text: json.dumps(text)[1:-1]])
def test_words_of_two_items_far_apart_are_no_person(text: str, write: Callable[[str], str]) -> None:
    """A list of first names in the workspace's own parameters was broken by a person of two of them."""
    names = KnownNames({"person-a": "Pierre Martin", "person-b": "Rose Marchand"})
    for said in (text.format("martin", "pierre"), text.format("pierre", "martin"), text.format("rose", "Marchand")):
        assert names.replaced(write(said)) == write(said)


@pytest.mark.parametrize(
    "apart", ["\n" + " " * 12, " " * 24, "\r\n\t\t\t\t\t\t\t", "\n\t\t\t\t\t\t# ", "\n        // "]
)
def test_a_name_over_the_end_of_a_line_is_one_person(apart: str) -> None:
    names = KnownNames({"person-a": "Pierre Martin"})
    for said in (f"vu par Pierre{apart}Martin", json.dumps(f"vu par pierre{apart}martin")):
        assert names.found(said)
