"""Files that harm or cannot be used are refused early, each with its code."""

import gzip
import io
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lead_store.errors import Unreadable
from lead_store.intake.reading import inspect


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(*cells: tuple[int, int, str]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for row, column, value in cells:
        sheet.write(row, column, value)
    book.close()
    return target.getvalue()


def with_long_text(cells: int, size: int) -> bytes:
    """A workbook that writes a text of this size once and shows it in so many cells."""
    target = io.BytesIO()
    content = workbook((0, 0, "name"), *((row, 0, "LONG") for row in range(1, cells + 1)))
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            archive.writestr(info.filename, source.read(info).replace(b"LONG", b"x" * size))
    return target.getvalue()


def with_part(content: bytes, name: str, change) -> bytes:
    """The same archive with one of its parts changed, or left out where the change gives nothing."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for info in source.infolist():
            part = source.read(info)
            part = change(part) if info.filename == name else part
            if part is not None:
                archive.writestr(info.filename, part)
    return target.getvalue()


def ods(rows_repeated: int, phone: str = "11987654321") -> bytes:
    """A sheet with a header and one row of two filled cells that stands there `rows_repeated` times."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row {}>" + cell + cell + "</table:table-row>"
    rows = row.format("", "Name", "Phone") + row.format(f'table:number-rows-repeated="{rows_repeated}"', "Ana", phone)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="People">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed(**{"mimetype": mimetype, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def xls_in_circles() -> bytes:
    """A container of binary workbooks whose only sector is followed by itself, without end."""
    fixed = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    tables = struct.pack("<I", 0) + b"\xff" * 432
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + fixed + tables + bytes(512)


def binary_workbook(*, damaged_at: int) -> bytes:
    """A real one with one byte changed."""
    folder = next(parent for parent in Path(__file__).parents if parent.name == "tests")
    content = bytearray((folder / "spreadsheets" / "binary_workbook.xls").read_bytes())
    content[damaged_at] = 255
    return bytes(content)


WIDE = ",".join(f"c{index}" for index in range(2_000)).encode()
PEOPLE = workbook((0, 0, "name"), (1, 0, "Ana"))
SHEET = "xl/worksheets/sheet1.xml"


def with_entities(part: bytes) -> bytes:
    """As a billion-laughs file has them."""
    return part.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(gzip.compress(b"name,phone\n" * 12_000_000, 6), "file_expands", id="a-gzip-that-expands"),
        pytest.param(packed(**{"a.csv": b"name,phone\n" * 12_000_000}), "file_expands", id="a-zip-that-expands"),
        pytest.param(packed(**{"a.csv": b"x,y\n1,2\n", "b.csv": b"x,y\n"}), "file_kind", id="a-zip-of-two-files"),
        pytest.param(packed(**{"a.zip": packed(**{"b.csv": b"x,y\n1,2\n"})}), "file_kind", id="a-zip-in-a-zip"),
        # Two cells in opposite corners of a sheet lay out as 17 billion.
        pytest.param(
            workbook((0, 0, "name"), (1_048_575, 16_383, "Ana")), "file_expands", id="cells-in-opposite-corners"
        ),
        # Row 2 holds a cell that says it is elsewhere.
        *(
            pytest.param(
                with_part(PEOPLE, SHEET, lambda part, at=at: part.replace(b'r="A2"', at)),
                "file_expands",
                id=f"a-cell-{at}",
            )
            for at in (b'r="XFD1048576"', b"r = 'XFD1048576'", b'r="A99999999999"', b'r="ZZZZ1"')
        ),
        pytest.param(ods(1_000_000), "file_expands", id="a-filled-row-a-million-times"),
        pytest.param(ods(10_000, "x" * 100_000), "file_expands", id="a-long-text-in-10000-rows"),
        pytest.param(with_long_text(3_000, 1_000_000), "file_expands", id="a-text-of-a-megabyte-in-3000-cells"),
        pytest.param(
            with_part(
                PEOPLE,
                "xl/sharedStrings.xml",
                lambda part: part.replace(b'uniqueCount="2"', b'uniqueCount="4294967295"'),
            ),
            "file_expands",
            id="four-billion-texts-announced",
        ),
        pytest.param(
            with_part(ods(3), "META-INF/manifest.xml", lambda part: part[:-2] + b"><manifest:encryption-data/></x>"),
            "file_encrypted",
            id="an-ods-with-a-password",
        ),
        pytest.param(
            with_part(ods(3), "content.xml", lambda part: part.replace(b"</table:table>", b"</table:tabl>")),
            "file_damaged",
            id="an-ods-with-a-table-without-end",
        ),
        pytest.param(
            with_part(ods(3), "content.xml", lambda part: b'<?xml version="1.0" encoding="kTF-8"?>' + part),
            "file_damaged",
            id="an-ods-in-no-encoding",
        ),
        pytest.param(b"\x09\x04\x06\x00\x00\x00\x10\x00", "file_kind", id="a-workbook-of-excel-4"),
        pytest.param(with_part(PEOPLE, SHEET, with_entities), "file_expands", id="entities"),
        pytest.param(b'{"name":"Ana","phone":"1"}\n{"name":"Bia"}\n', "file_kind", id="json-lines"),
        pytest.param(b'[\n  {"name": "Ana"}\n]\n', "file_kind", id="a-json-list"),
        pytest.param(PEOPLE[: len(PEOPLE) // 2], "file_damaged", id="half-a-workbook"),
        pytest.param(xls_in_circles(), "file_damaged", id="a-binary-workbook-in-circles"),
        # The length of a record leads to 4 GB behind the end of the file.
        pytest.param(binary_workbook(damaged_at=1494), "file_damaged", id="a-binary-workbook-damaged"),
        pytest.param(gzip.compress(b"name,phone\nAna,1\n")[:-9], "file_damaged", id="half-a-gzip"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file_encrypted",
            id="encrypted",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x06\x00",
            "file_encrypted",
            id="encrypted-as-by-excel-95",
        ),
        pytest.param(
            packed(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "file_kind", id="a-document"
        ),
        pytest.param(packed(**{"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "file_kind", id="a-numbers-document"),
        pytest.param(
            b"\x03Ana" + b" " * 51 + b"\x03\x00" + "Ana".ljust(54).encode("utf-16-le"),
            "file_kind",
            id="a-lock-of-excel",
        ),
        pytest.param(b"<html><body><p>Ana</p></body></html>", "file_kind", id="a-web-page"),
        pytest.param(bytes(range(256)) * 20, "file_kind", id="any-bytes"),
        pytest.param(WIDE + b"\n" + WIDE, "file_too_wide", id="too-wide"),
    ],
)
def test_a_harmful_or_foreign_file_is_refused(content, code):
    with pytest.raises(Unreadable) as refusal:
        inspect(io.BytesIO(content), "upload.csv")
    assert refusal.value.code == code


def test_a_row_that_is_repeated_some_times_is_read():
    assert inspect(io.BytesIO(ods(3)), "upload.ods").rows == 3


def test_a_long_text_in_some_cells_is_read():
    assert inspect(io.BytesIO(with_long_text(50, 30_000)), "upload.xlsx").rows == 50
    assert inspect(io.BytesIO(ods(50, "x" * 30_000)), "upload.ods").rows == 50


def as_utf16(part: bytes) -> bytes:
    return part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_part(PEOPLE, "xl/_rels/workbook.xml.rels", as_utf16), id="a-part-in-utf-16"),
        pytest.param(with_part(ods(1), "mimetype", lambda part: None), id="no-type"),
        pytest.param(with_part(ods(1), "content.xml", lambda part: part.replace(b"><", b">\n  <")), id="indented"),
    ],
)
def test_a_workbook_of_an_unusual_program_is_read(content):
    seen = inspect(io.BytesIO(content), "upload.csv")
    assert seen.rows == 1
    assert seen.preview[0].cells[0] == "Ana"


def test_a_sheet_that_is_listed_and_not_there_is_passed_over():
    sheet = b'<sheet name="Gone" sheetId="9" r:id="rId9"/></sheets>'
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relation = b'<Relationship Id="rId9" Type="%s" Target="worksheets/sheet9.xml"/></Relationships>' % kind
    content = with_part(PEOPLE, "xl/workbook.xml", lambda part: part.replace(b"</sheets>", sheet))
    content = with_part(content, "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"</Relationships>", relation))
    assert inspect(io.BytesIO(content), "upload.xlsx").rows == 1


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(Unreadable) as refusal:
        inspect(io.BytesIO(b"name\nAna\n"), "big.csv", largest_bytes=5)
    assert refusal.value.code == "file_too_large"


def test_an_unknown_encoding_is_refused():
    with pytest.raises(Unreadable) as refusal:
        inspect(io.BytesIO(b"name\nAna\n"), "a.csv", {"encoding": "base64"})
    assert refusal.value.code == "file_undecodable"


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(Unreadable) as refusal:
        inspect(io.BytesIO(PEOPLE), "a.xlsx", {"sheet": "Clientes"})
    assert refusal.value.code == "sheet_missing"


def test_a_cell_of_a_megabyte_is_read():
    content = b'name,note\nAna,"' + b"x\n" * 500_000 + b'"\nBia,y\n'
    assert inspect(io.BytesIO(content), "a.csv").rows == 2


def test_a_workbook_that_takes_its_reader_along_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Unreadable):
        inspect(io.BytesIO(xls_in_circles()), "people.xls")
    assert not list(tmp_path.iterdir())
