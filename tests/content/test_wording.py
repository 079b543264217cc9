"""Texts of the content: statements about the law in each language, and the words and punctuation of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from preuve.library.yaml.place import content_root

_FILES = sorted(
    path
    for folder in ("controls", "policies", "reports/locales")
    for path in (content_root() / folder).rglob("*.yaml")
    if path.name != "en.yaml"
)
# The location of data is no transfer by itself: that takes an exporter, an importer and a third country (EDPB 05/2021).
_RESIDENCY_AS_TRANSFER = re.compile(
    r"\b(?:is|decides whether) a transfer\b|\b(?:est|sont|c'est|décide s'il y a)(?: un)? transfert\b"
)


@cache
def loaded(path: Path) -> Any:
    """The data of a content file: that it is one that the library takes is not for these tests."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def texts(node: Any, language: str) -> Iterator[str]:
    """Every text of this language below a node of a content file."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == language and isinstance(value, str):
                yield " ".join(value.split())
            yield from texts(value, language)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, language)


def strings(node: Any) -> Iterator[str]:
    """Every text of a locale."""
    values = node.values() if isinstance(node, dict) else [node]
    for value in values:
        yield from strings(value) if isinstance(value, dict) else [str(value)]


# What is of one country is said to be, or is a source by its number.
_NATIONAL = re.compile(r"\bCNIL\b|CERT-FR|17Cyber|\bCSE\b|French law|droit français|\bFrench company|société française")
_OF_A_COUNTRY = re.compile(
    r"(?i)\bin france\b|\ben france\b|^france|\bfrench\b|française|délibération|recommand|(?-i:CNIL) 2022|^CNIL, "
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_of_one_country_says_so(language: str) -> None:
    """The competent authority is that of article 55 or 56, and national law that of a Member State."""
    files = [path for path in _FILES if path.is_relative_to(content_root() / "controls")]
    said = [text for path in files for text in texts(loaded(path), language)]
    assert [text for text in said if _NATIONAL.search(text) and not _OF_A_COUNTRY.search(text)] == []
    assert [text for text in said if re.search(r"French law|droit français", text)] == []


# Words that auditors, the CNIL or AWS in French do not use, and their own words.
_NOT_FRENCH = {
    r"courtiers? de messages": "agent de messages",
    r"grappes?": "cluster",
    r"jokers?": "caractère générique",
    r"caviard\w+": "occultation",
    r"kit de notification": "dossier de notification",
    r"politiques? maison": "gérée par le client",
    r"stratégies? IAM": "politique IAM",
    r"répliques? (?:de|d'un)": "réplica",
    r"peerings?": "appairage",
    r"sujets? SNS": "rubrique SNS",
    r"points? de (?:reprise|restauration)": "point de récupération",
    r"limites? de permissions": "limite d'autorisations",
    r"filtrage AIPD": "analyse de la nécessité d'une AIPD",
    r"position du DPO": "fonction du DPO",
    r"DPD": "DPO",
    r"OJ L": "JO L",
    r"contrôleurs? de données|processeurs? de données": "responsable du traitement, sous-traitant",
    r"encrypt\w+|crypté\w*|cryptage": "chiffré, chiffrement",
    r"digital\w*": "numérique",
    r"implément\w+": "mettre en œuvre",
    r"managés?": "géré",
    r"crue?s? sur parole": "accepté tel quel",
    r"the|and|with|which|finding|scope|owner|review|hash|trail": "du français",
    r"bucket|endpoint|wildcard|snapshot|(?<!AWS )backup": "le mot d'AWS en français",
}
_NOT_ENGLISH = {
    r"whyever|whomever": "for whatever reason",
    r"mend(?:s|ed|ing)?": "fix, repair",
    r"in clear": "unencrypted",
}
_CODE = re.compile(
    r"`[^`]*`|\$?\{[^{}]*\}|<[^<>]*>|https?://\S+|(?:jq|az|trivy|prowler) .*|[\w./-]+\.(?:ya?ml|csv|json)\b"
)
_MOST_WORDS = 60
# Said of code, with its names and values; a note on an equivalence is part of the meaning and changes with its `rev`.
_IN_CODE = frozenset({"asks", "how", "note"})


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_french_cites_paragraphs_as_french_does(path: Any) -> None:
    data = loaded(path)
    french = strings(data) if path.stem == "fr" else texts(data, "fr")
    assert [text for text in french if re.search(r"\b\d+\(\d+\)", text)] == []


@pytest.mark.parametrize("path", sorted((content_root() / "policies").rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_policy_treats_data_residency_as_a_transfer(path: Any) -> None:
    data = loaded(path)
    said = [text for language in ("en", "fr") for text in texts(data, language)]
    assert [text for text in said if _RESIDENCY_AS_TRANSFER.search(text)] == []


def prose(language: str) -> dict[str, str]:
    """Every text of the content and the locale in a language, without what is code in it."""
    found = {}
    for folder in ("controls", "policies", "scanners", "inlets", "indicators"):
        for path in sorted((content_root() / folder).rglob("*.yaml")):
            if "examples" not in path.parts:
                data = loaded(path)
                found |= {f"{path.stem} {said[:60]}": said for said in told(data, language)}
    locale = loaded(content_root() / f"reports/locales/{language}.yaml")
    found |= {f"locale {said[:60]}": " ".join(said.split()) for said in strings(locale)}
    return {place: _CODE.sub("X", said) for place, said in found.items()}


def told(node: Any, language: str) -> Iterator[str]:
    """Yield the texts below a node, without those about code."""
    if isinstance(node, dict):
        yield from texts({name: value for name, value in node.items() if name == language}, language)
        for name, value in node.items():
            if name not in _IN_CODE:
                yield from told(value, language) if name != language else ()
    elif isinstance(node, list):
        for value in node:
            yield from told(value, language)


# What no audit can see, or is not so: of a run, of who did something, of what everybody or nobody does.
_TOO_MUCH = {
    "en": r"with certainty|everything in scope was|nothing in scope was|most (?:intrusions|breaches|attacks)|"
    r"valid evidence|nobody knows (?:who|what|which)|no policy limits|every run since|"
    r"was (?:changed outside the code|fixed by hand), or",
    "fr": r"avec certitude|tout le périmètre a été|la plupart des (?:intrusions|fuites|attaques)|"
    r"vaut (?:alors )?élément|nul ne sait (?:qui|ce|quel|laquelle)|aucune politique ne le|toutes les exécutions depuis",
}
_CAUSES = {"en": "possible causes", "fr": "causes possibles"}


@pytest.mark.parametrize("language", _TOO_MUCH)
def test_no_text_says_more_than_was_seen(language: str) -> None:
    wrong = re.compile(_TOO_MUCH[language], re.IGNORECASE)
    assert [
        place for place, said in prose(language).items() if wrong.search(said) and _CAUSES[language] not in said
    ] == []


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    return prose("fr")


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return prose("en")


@pytest.mark.parametrize("word", _NOT_FRENCH)
def test_french_uses_the_words_of_the_field(french: dict[str, str], word: str) -> None:
    wrong = re.compile(rf"(?<![\w.:-])(?:{word})(?![\w.:-])", re.IGNORECASE)
    assert [(place, _NOT_FRENCH[word]) for place, said in french.items() if wrong.search(said)] == []


@pytest.mark.parametrize("word", _NOT_ENGLISH)
def test_english_is_plain(english: dict[str, str], word: str) -> None:
    wrong = re.compile(rf"\b(?:{word})\b", re.IGNORECASE)
    assert [(place, _NOT_ENGLISH[word]) for place, said in english.items() if wrong.search(said)] == []


@pytest.mark.parametrize(
    "mark",
    [r"«(?! )|(?<! )»", r"[a-zé)»](?:[;?!]|:(?=\s|$))", r"\bRGPD, articles? \d", r"  "],
    ids=["guillemets", "a space before a mark", "citation", "one space"],
)
def test_french_punctuation_follows_french_rules(french: dict[str, str], mark: str) -> None:
    assert [place for place, said in french.items() if re.search(mark, said)] == []


_AT_THE_BEGINNING = {
    "en": "If|The|Such|An|In|It|Of|When|Where|Nor|This|These|Whether|Each|Only|Its|They|Without",
    "fr": "Si|Le|La|Les|Une|Un|Ce|Cette|Il|Elle|Ces|Dans|Sans|Seul|Seule|Chaque|Quand",
}


@pytest.mark.parametrize("language", _AT_THE_BEGINNING)
def test_no_sentence_lost_its_end(language: str) -> None:
    lost = re.compile(rf"[a-zà-ÿ)] (?:{_AT_THE_BEGINNING[language]}) [a-zà-ÿ]")
    assert not {place: found[0] for place, said in prose(language).items() if (found := lost.search(said))}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_is_too_long(language: str) -> None:
    said = {
        sentence
        for text in prose(language).values()
        for sentence in re.split(r"(?<=[.!?]) (?=[A-ZÉÀÊÎ«])", re.sub(r"\([^()]*\)|\[\[|\]\]", "", text))
    }
    assert [sentence for sentence in said if len(sentence.split()) > _MOST_WORDS] == []


# The stock of policies is nobody's choice, and most parameters are defaults; only a waiver is somebody's deviation.
# A note to whoever writes the content is none to whoever reads the bundle.
_NOBODY_SAYS = {
    "en": r"\b(that the company chose|company itself chose|a measure of the company|company's own regions)\b"
    r"|: verify\.",
    "fr": r"que l'organisme a retenue?s?|lui-même choisi|lesquels? une mesure de l'organisme"
    r"|retenues par l'organisme|: à vérifier\.",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_makes_the_stock_of_policies_a_choice_or_has_a_note_to_its_author(language: str) -> None:
    content = [loaded(path) for path in _FILES if path.name != "fr.yaml"]
    said = [text for data in content for text in texts(data, language)]
    said += strings(loaded(content_root() / f"reports/locales/{language}.yaml"))
    assert [text for text in said if re.search(_NOBODY_SAYS[language], text)] == []


def test_the_catalogue_says_for_which_country_it_was_written() -> None:
    reading = loaded(content_root() / "controls/gdpr/framework.yaml")["details"]["reading"]
    assert "France, for which it was written" in " ".join(reading["en"].split())
    assert "de la France, pour laquelle il a été écrit" in " ".join(reading["fr"].split())


# What no check of a setting sees: that nothing else does the same, who knows or does what, what happened.
_UNSEEN = re.compile(
    r"^Nothing\b|\bnobody\b|\b(?i:whoever knows|everybody knows|(?<!or )for ever$|all traffic|all ports)\b"
    r"|leaves? no log|not logged|\b[Aa]nybody can\b"
    r"|can be (?:called|deleted|had)\b|\b(?:is|are) in one\b|\bcan assume\b"
    r"|^Rien\b|\b(?i:ne prévient personne|connu de tous|pour toujours$|tout trafic|tous les ports)\b(?! (?:TCP|UDP))"
    r"|ne laisse aucun journal|\b[Nn]'importe qui peut\b|peut être (?:appelée?|supprimée?)\b|dans une seule zone"
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reason_of_a_check_says_a_setting_and_what_it_permits(language: str) -> None:
    rules = [loaded(path) for path in sorted((content_root() / "scanners/iac").glob("*.yaml"))]
    checks = [*loaded(content_root() / "scanners/checks.yaml").values(), *rules]
    whys = [*texts([_whys(check) for check in checks], language)]
    assert len(whys) > 200
    assert [text for text in whys if _UNSEEN.search(text)] == []


def _whys(check: dict[str, Any]) -> list[Any]:
    return [part["why"] for part in (check, *check.get("causes", ())) if "why" in part]


_ALARMS = [one for one in sorted((content_root() / "policies").glob("*/alarm-*.yaml")) if "asks" in loaded(one)["aws"]]


@pytest.mark.parametrize("file", _ALARMS, ids=lambda file: file.stem)
def test_what_an_alarm_asks_names_each_call(file: Path) -> None:
    rule = loaded(file)["aws"]
    plain = ".map(call, event_of(call," in rule["assert"]
    calls = re.findall(r'"[a-z0-9]+:([A-Z]\w+)"', rule["assert"]) if plain else []
    for language, these in (("en", r"\bthese (?:calls|events)"), ("fr", r"\bces (?:appels|événements)")):
        (asks,) = texts(rule["asks"], language)
        assert not re.search(these, asks)
        assert [call for call in calls if call not in asks] == []
