"""Web pages and XML that programs write under the name of a workbook."""

import io
from contextlib import suppress

import pytest

from lead_store.errors import Unreadable
from lead_store.intake.reading import inspect, read_batches
from lead_store.intake.reading.markup import tables as markup

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="windows-1252">
<style>td {{ mso-number-format: "@" }}</style></head><body>
<table><tr><td><b>Relatório</b></td><td><table border=1>
<tr><td colspan=3>Clientes ativos</td></tr>
<tr><th>Nome<th>Celular<th>E-mail
{rows}
</table></td></tr></table></body></html>"""

XML = """<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Capa"><Table><Row><Cell><Data ss:Type="String">Relatório</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Clientes"><Table>
<Row ss:Index="3"><Cell><Data ss:Type="String">Nome</Data></Cell><Cell><Data ss:Type="String">Telefone</Data></Cell>
 <Cell ss:Index="4"><Data ss:Type="String">Nascimento</Data></Cell></Row>
{rows}
</Table></Worksheet></Workbook>"""


def table(*rows):
    """A table of a page."""
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return ("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>").encode()


def read(content, **overrides):
    """What is seen of a file, and its rows: number, problem, cells."""
    file = io.BytesIO(content)
    seen = inspect(file, "list.xls", overrides)
    rows = [row for batch in read_batches(file, seen.dialect) for row in batch.to_pylist()]
    return seen, [(row["row_number"], row["problem"], *list(row.values())[3:]) for row in rows]


def test_of_a_page_the_table_that_looks_like_contacts_is_read():
    rows = "<tr><td>João Ação<td>11987654321<td>joao@exemplo.com<tr><td>Bia &amp; Lia<td>11987654322<td>&nbsp;"
    seen, found = read(PAGE.format(rows=rows).encode("windows-1252"))
    assert (seen.dialect.format, seen.dialect.sheet, seen.dialect.encoding) == ("html", "Table 2", "windows-1252")
    assert (seen.dialect.header_row, [column.header for column in seen.columns]) == (2, ["Nome", "Celular", "E-mail"])
    assert found == [
        (3, None, "João Ação", "11987654321", "joao@exemplo.com"),
        (4, None, "Bia & Lia", "11987654322", None),
    ]


def test_another_table_of_a_page_can_be_chosen():
    seen, _ = read(PAGE.format(rows="<tr><td>Ana<td>1<td>a@b.co").encode(), sheet="Table 1", header_row=None)
    assert (seen.rows, seen.sheets) == (1, ("Table 1", "Table 2"))


def test_cells_over_several_rows_and_columns_leave_the_others_in_their_columns():
    rows = """<tr><td rowspan="2">Ana<br>Lima</td><td>11987654321</td><td>a@b.co</td></tr>
    <tr><td>11987654322</td><td>c@d.co</td></tr><tr><td colspan="2">Bia</td><td>e@f.co</td></tr>"""
    assert read(PAGE.format(rows=rows).encode())[1] == [
        (3, None, "Ana\nLima", "11987654321", "a@b.co"),
        (4, None, None, "11987654322", "c@d.co"),
        (5, None, "Bia", None, "e@f.co"),
    ]


def test_a_number_counts_and_not_how_excel_showed_it():
    _, found = read(PAGE.format(rows='<tr><td>Ana<td x:num="11987654321">1,19877E+10<td>a@b.co').encode())
    assert found[0][3] == "11987654321"


def test_a_page_in_utf_16_is_a_page():
    rows = "".join(f"<tr><td>Zoë {number}<td>1198765432{number}<td>z{number}@b.co" for number in range(9))
    seen, found = read(b"\xff\xfe" + PAGE.format(rows=rows).encode("utf-16-le"))
    assert (seen.rows, found[0][2]) == (9, "Zoë 0")


def test_a_row_of_a_page_that_does_not_decode_is_rejected_by_itself():
    rows = "".join(f"<tr><td>José {number}<td>1198765432{number}<td>z@b.co" for number in range(9))
    content = PAGE.format(rows=rows).encode().replace("José 4".encode(), b"Jos\xe9 4")
    _, found = read(content)
    assert [row[0] for row in found if row[1] == "row_undecodable"] == [7]


def test_the_xml_of_excel_2003_is_a_workbook():
    rows = """<Row><Cell><Data ss:Type="String">João &amp; Ana</Data></Cell>
     <Cell><Data ss:Type="Number">11987654321.0</Data></Cell>
     <Cell ss:Index="4"><Data ss:Type="DateTime">1980-01-02T00:00:00.000</Data></Cell></Row>
    <Row ss:Index="7"><Cell ss:MergeAcross="1"><ss:Data ss:Type="String"><B>Bia</B> Lima</ss:Data></Cell>
     <Cell><Data ss:Type="Boolean">1</Data></Cell></Row>"""
    seen, found = read(XML.format(rows=rows).encode())
    assert (seen.dialect.format, seen.dialect.sheet, seen.dialect.header_row) == ("xml", "Clientes", 3)
    assert found == [
        (4, None, "João & Ana", "11987654321", None, "1980-01-02"),
        (7, None, "Bia Lima", None, "TRUE", None),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><body><p>Nothing here</p></body></html>", "file_kind"),
        (b'<html><frameset><frame src="sheet001.htm"></frameset></html>', "file_kind"),
        (b'<?xml version="1.0"?><people><person/></people>', "file_kind"),
        (b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="--x"\n', "file_kind"),
        (b"<table>" + b"<tr><td colspan=16384>x" * 5_000, "file_expands"),
        (b"<table>" + (b"<tr>" + b"<td rowspan=9999 colspan=50>x" * 10) * 2_000, "file_expands"),
        (b"<table><tr><td rowspan=999999 colspan=9999>x" + b"<tr>" * 5_000, "file_expands"),
        (b"<table><tr><td>" + b"x y " * 2_000_000, "file_damaged"),
        (XML.format(rows="<Row><Cell><Data>a < b</Data></Cell></Row>").encode(), "file_damaged"),
        (XML.format(rows='<Row><Cell ss:Index="16384"/></Row>' * 3_000).encode(), "file_expands"),
        (XML.replace("<Workbook", "<!DOCTYPE x [<!ENTITY a 'b'>]><Workbook").encode(), "file_expands"),
    ],
)
def test_markup_that_holds_no_table_or_grows_is_refused(content, code):
    with pytest.raises(Unreadable) as refused:
        inspect(io.BytesIO(content), "list.xls")
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["<", "<br>", "&", "<!--", "<td a='", "<table>", "<tr><td>"])
def test_markup_that_never_ends_comes_to_an_end(text):
    content = b"<table><tr><td>Nome<tr><td>" + text.encode() * 50_000
    with suppress(Unreadable):
        assert inspect(io.BytesIO(content), "list.xls").rows <= 50_000


def test_a_page_is_read_across_blocks_of_the_file(monkeypatch):
    monkeypatch.setattr("lead_store.intake.reading.texts.text.BLOCK_BYTES", 7)
    rows = "".join(f"<tr><td>José {number}<td>1198765{number:04d}<td>a@b.co" for number in range(30))
    assert [row[2] for row in read(PAGE.format(rows=rows).encode())[1]] == [f"José {number}" for number in range(30)]


def test_a_page_of_many_tables_is_gone_through_twice_whichever_of_them_is_read(monkeypatch):
    tables = [table(*([f"Ana {number}", f"1198765{number:04}"] for number in range(500))) for _ in range(20)]
    page = b"<html>" + b"".join(tables)
    passes = []
    parser_for = markup._parser_for
    monkeypatch.setattr(markup, "_parser_for", lambda target: passes.append(1) or parser_for(target))
    for overrides in ({}, {"sheet": "Table 3"}, {"sheet": "Table 20"}):
        passes.clear()
        seen = inspect(io.BytesIO(page), "people.xls", overrides)
        assert (seen.rows, len(seen.sheets), len(passes)) == (500, 20, 2)


@pytest.mark.parametrize("rows", [1, 399, 400, 401, 900])
def test_the_rows_of_a_table_are_the_same_whether_its_head_is_known_or_not(rows):
    page = b"<html>" + table(["Eva", "1"]) + table(*([f"Ana {number}", str(number)] for number in range(rows)))
    known, unknown = (markup.MarkedUpTables(io.BytesIO(page), "html", "utf-8") for _ in range(2))
    assert known.visible_sheets() == ("Table 1", "Table 2")
    assert list(known.rows("Table 2")) == list(unknown.rows("Table 2"))
    assert len(list(known.rows("Table 2"))) == rows
