"""The pseudonym key and the private table of names."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from preuve.model.errors import PreuveError, UsageError
from preuve.redact.pseudonyms import Pseudonyms, load_key, read_table, table_beside


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_key_file_is_created_on_first_use_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "preuve" / "pseudonyms.key"
    key = load_key(path)
    assert len(key) == 32
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert load_key(path) == key
    assert load_key(tmp_path / "other.key") != key
    assert [item.name for item in path.parent.iterdir()] == ["pseudonyms.key"]


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "k.key"
    load_key(path)
    path.chmod(bits)
    with pytest.raises(UsageError) as caught:
        load_key(path)
    assert caught.value.hint == f"run: chmod 600 {path}"


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "ab" * 31])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "k.key"
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(UsageError, match="pseudonym key"):
        load_key(path)
    assert path.read_text() == content


def test_an_unreadable_key_is_an_error_with_its_cause(tmp_path: Path) -> None:
    (tmp_path / "k.key").mkdir(mode=0o700)
    with pytest.raises(PreuveError, match=r"cannot read the pseudonym key .*k\.key: Is a directory"):
        load_key(tmp_path / "k.key")


def test_an_unwritable_key_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PreuveError, match="cannot write"):
        load_key(tmp_path / "file" / "k.key")


def test_a_stopped_run_leaves_no_second_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "hardlink_to", stopped)
    with pytest.raises(KeyboardInterrupt):
        load_key(tmp_path / "k.key")
    assert list(tmp_path.iterdir()) == []


def test_the_table_is_private_and_keeps_names_of_earlier_runs(tmp_path: Path) -> None:
    table = table_beside(tmp_path / "k.key")
    pseudonyms = {}
    for name in ("jane", "rené"):
        run = Pseudonyms(b"k" * 32)
        pseudonyms[run.of(name)] = name
        run.save(table)
    assert read_table(table) == pseudonyms
    assert mode(table) == 0o600


@pytest.mark.parametrize("name", ["Ines.Lopez", "INES-lopez", "Ines@Ex.com", "Zoé"])
def test_a_persons_name_is_one_in_any_case_and_a_key_is_not(name: str) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    assert pseudonyms.of(name) == pseudonyms.of(name.lower()) == pseudonyms.of(name.upper())
    assert pseudonyms.of("AKIA", "key") != pseudonyms.of("akia", "key")


def test_hostile_names_have_pseudonyms_too() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    assert pseudonyms.of("\ud800") != pseudonyms.of("\ud801")


def test_an_address_in_other_letters_is_the_same_person() -> None:
    names = Pseudonyms(b"k" * 32)
    assert names.of("Root@Acme.example") == names.of("root@acme.example")
