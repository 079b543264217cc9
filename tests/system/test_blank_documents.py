"""A document without a word or a picture shows nothing; what is not understood is left to its reader."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from preuve.system.blank_documents import shows_nothing

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
PAGE = b"3 0 obj<</Type/Page/Parent 2 0 R%s>>endobj trailer<</Root 1 0 R>>\n%%%%EOF"
BODY = '<w:document xmlns:w="http://w"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
SHEET = '<worksheet xmlns="http://s"><sheetData><row r="1"><c r="A1">{}</c></row></sheetData></worksheet>'


def packed(**members: str) -> bytes:
    """Return an archive, the same at any time: a test is named after what it is given."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("[Content_Types].xml"), '<Types xmlns="http://t"><Default Extension="xml"/></Types>'
        )
        for name, text in members.items():
            path = name.replace("__", "/").replace("_xml", ".xml").replace("_png", ".png")
            archive.writestr(zipfile.ZipInfo(path), text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", b""),
        ("a.txt", b"\xef\xbb\xbf \r\n\t"),
        ("a.bin", b"\0" * 4096),
        ("a.md", b"# \n\n---\n| | |\n|---|---|\n***\n"),
        ("a.csv", b";;;\r\n;;;\r\n"),
        ("a.html", b"<!doctype html><html><head><title>PSSI</title></head><body><p>&nbsp;</p></body></html>"),
        ("a.pdf", PDF + PAGE % b"/MediaBox[0 0 595 842]"),
        ("a.docx", packed(word__document_xml=BODY.format(" "))),
        ("a.xlsx", packed(xl__worksheets__sheet1_xml=SHEET.format(""), xl__sharedStrings_xml="<sst/>")),
    ],
)
def test_a_document_without_content_shows_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert shows_nothing(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"x"),
        ("a.txt", "é".encode("utf-16")),
        ("a.txt", b"\xe9t\xe9"),
        ("a.html", b'<body><img src="scan.png"></body>'),
        ("a.pdf", PDF + PAGE % b"/Resources<</Font<</F1 4 0 R>>>>"),
        ("a.pdf", PDF + PAGE % b"/Resources<</XObject<</Im0 4 0 R>>>>"),
        ("a.pdf", PDF + b"4 0 obj<</Type/ObjStm>>stream"),
        ("a.docx", packed(word__document_xml=BODY.format("PSSI"))),
        ("a.docx", packed(word__document_xml=BODY.format(""), word__media__image1_png="x")),
        ("a.xlsx", packed(xl__worksheets__sheet1_xml=SHEET.format("<v>1</v>"))),
        ("a.zip", packed(x="y")),
        ("a.docx", b"PK\x03\x04 damaged"),
        ("a.png", b"\x89PNG\r\n"),
    ],
)
def test_a_document_that_may_show_something_is_left_to_its_reader(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert not shows_nothing(tmp_path / name)
