"""One tiny file per quirk of tests/spreadsheets, and what reading makes of it."""

import io
from pathlib import Path

import pytest

from lead_store.errors import Unreadable
from lead_store.intake.reading import Inspection, inspect, read_batches
from lead_store.intake.reading.texts.text import BLOCK_BYTES

SPREADSHEETS = Path(__file__).parents[3] / "spreadsheets"


def seen_in(name: str, **overrides) -> Inspection:
    with (SPREADSHEETS / name).open("rb") as file:
        return inspect(file, name, overrides)


def rows_of(name: str, **overrides) -> list[tuple]:
    """Row number, problem and cells of each row, as everyone else gets them."""
    seen = seen_in(name, **overrides)
    with (SPREADSHEETS / name).open("rb") as file:
        rows = [row for batch in read_batches(file, seen.dialect, 2) for row in batch.to_pylist()]
    cells = [f"c{index}" for index in range(seen.dialect.width)]
    return [(row["row_number"], row["problem"], *(row[cell] for cell in cells)) for row in rows]


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "header_row", "rows", "headers"),
    [
        ("windows_1252_semicolon.csv", "windows-1252", ";", 1, 2, "Código Nome Celular"),
        ("windows_1250.csv", "windows-1250", ";", 1, 2, "Jméno Telefon"),
        ("windows_1251.csv", "windows-1251", ";", 1, 2, "Имя Телефон"),
        ("mac_roman_cr.csv", "mac_roman", ";", 1, 2, "Nome Cidade"),
        ("shift_jis.csv", "cp932", ",", 1, 2, "氏名 電話番号"),
        ("gb18030.csv", "gb18030", ",", 1, 2, "姓名 电话"),
        ("utf16_tab_named_csv.csv", "utf-16-le", "\t", 1, 1, "Nome Celular"),
        ("utf8_mark.csv", "utf-8", ",", 1, 1, "name phone"),
        # The only accent stands in the last row: the first rows alone would be taken for UTF-8.
        ("late_accent.csv", "windows-1252", ",", 1, 301, "name phone"),
        ("one_damaged_byte.csv", "utf-8", ",", 1, 4, "nome fone"),
        # Excel does not show the line `sep=;`, so the header is its row 1.
        ("sep_line.csv", "utf-8", ";", 1, 1, "Nome Celular"),
        ("pipe.csv", "utf-8", "|", 1, 2, "name phone"),
        ("caret.csv", "utf-8", "^", 1, 2, "name phone city"),
        ("letterhead_above.csv", "utf-8", ";", 4, 3, "Nome Celular E-mail Cidade"),
        ("no_header.csv", "utf-8", ",", None, 2, "Column_1 Column_2 Column_3"),
        # The lower of two header rows names the columns; the upper one names groups of them.
        ("two_header_rows.csv", "utf-8", ",", 2, 2, "Nome Celular Cidade UF"),
        ("mixed_line_ends.csv", "utf-8", ",", 1, 3, "name phone"),
        ("repeated_and_empty_headers.csv", "utf-8", ",", 1, 2, "Nome Column_2 Telefone Telefone_(2)"),
        ("csv_in_zip_named_csv.csv", "utf-8", ";", 1, 1, "nome fone"),
        ("csv_in_gzip.gz", "utf-8", ";", 1, 1, "nome fone"),
        ("text_named_xlsx.xlsx", "utf-8", ",", 1, 1, "name phone"),
        # One zero among ten bytes is no UTF-16.
        ("nul_in_tiny_file.csv", "utf-8", ",", 1, 1, "id n"),
        ("header_ends_in_delimiter.csv", "utf-8", ";", 1, 2, "Nome Celular"),
        ("control_z_at_the_end.csv", "utf-8", ";", 1, 1, "Nome Celular"),
        ("two_byte_order_marks.csv", "utf-8", ";", 1, 1, "Nome Celular"),
        ("contacts_on_second_sheet.xlsx", None, None, 1, 2, "Nome Celular"),
        # The sheet of products has more rows, but nobody can be reached by them.
        ("products_before_contacts.xlsx", None, None, 1, 2, "Nome Celular"),
        ("notes_and_blank_rows.xlsx", None, None, 5, 2, "Nome Celular"),
        ("xlsx_named_xls.xls", None, None, 5, 2, "Nome Celular"),
        ("binary_workbook.xls", None, None, 1, 3, "Nome Telefone E-mail Nascimento Pontos"),
    ],
)
def test_a_file_is_judged_by_what_it_holds(name, encoding, delimiter, header_row, rows, headers):
    seen = seen_in(name)
    dialect = seen.dialect
    assert (dialect.encoding, dialect.delimiter, dialect.header_row, seen.rows) == (
        encoding,
        delimiter,
        header_row,
        rows,
    )
    assert [column.header.replace(" ", "_") for column in seen.columns] == headers.split(" ")
    assert all(sentence.endswith(".") for sentence in seen.evidence)


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("windows_1252_semicolon.csv", {"encoding": "windows-1250"}),
        ("windows_1252_semicolon.csv", {"delimiter": ","}),
        ("windows_1252_semicolon.csv", {"quote": None}),
        ("windows_1252_semicolon.csv", {"header_row": None}),
        ("products_before_contacts.xlsx", {"sheet": "Produtos"}),
    ],
)
def test_what_the_user_chose_is_not_told_as_a_judgement(name, overrides):
    chosen = [sentence for sentence in seen_in(name, **overrides).evidence if "chosen by you" in sentence]
    assert len(chosen) == 1


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "rows_of_other_width.csv",
            [
                (2, None, "Ana", "1", "Recife"),
                (3, "row_too_short", "Bia", "2", None),
                (4, "row_too_long", "Cai", "3", "Natal"),
                # Row 5 is blank: counted, not given. Surplus blank cells say nothing.
                (6, None, "Dan", "4", "Itu"),
            ],
        ),
        (
            # No whole row ends in a blank cell, and three are short: this writer leaves blank cells out.
            "trailing_blanks_dropped.csv",
            [
                (2, None, "Ana", "1", None, None),
                (3, None, "Bia", "2", "Recife", None),
                (4, None, "Cai", "3", "Natal", "vip"),
                (5, None, "Dan", "4", None, None),
                (6, None, "Eva", "5", None, None),
            ],
        ),
        (
            "quotes_astray.csv",
            [
                (2, None, 'Ana "Nina" Lima', "1"),
                (3, "row_quotes_astray", '"Bia', "2"),
                (4, None, "Cai, the third", "3"),
                (5, None, "Dan", "4"),
            ],
        ),
        ("line_breaks_in_cells.csv", [(2, None, "Ana", "first\nsecond"), (4, None, "Bia", "plain")]),
        ("nul_byte.csv", [(2, None, "Ana", "1"), (3, "row_undecodable", "B\\x00ia", "2"), (4, None, "Cai", "3")]),
        ("backslash_escape.csv", [(2, None, "Ana", 'says "hi" often'), (3, None, "Bia", 'table 2" wide, oak')]),
        (
            "lines_quoted_as_a_whole.csv",
            [
                (2, None, "Ana Reis", "(11) 98888-0001", "ana@exemplo.com"),
                (3, None, "Bia Luz", "11 98888-0002", "bia@exemplo.com"),
                (4, None, "Rui Sá", "11 98888-0003", "rui@exemplo.com"),
            ],
        ),
        ("apostrophe_quotes.csv", [(2, None, "Lima, Ana", "Recife"), (3, None, "Reis, Bia", "Natal")]),
        ("dates_1904.xlsx", [(2, None, "Ana", "1990-12-25")]),
        ("notes_and_blank_rows.xlsx", [(6, None, "Ana", "1"), (8, None, "Bia", "2")]),
        (
            # Whole numbers have no `.0`; one that is longer than Excel's 15 digits is not shown as if it were whole.
            "numbers_dates_formulas.xlsx",
            [(2, None, "Ana", "5511988880001", "12.5", "1990-12-25"), (3, None, "Bia", "250788382382", "1E+17", "xy")],
        ),
    ],
)
def test_rows_keep_their_numbers_and_their_columns(name, rows):
    assert rows_of(name) == rows


@pytest.mark.parametrize(
    "content",
    [
        b'"Name"\n"Lima, Ana"\n"Reis, Bia"\n',  # the header has one cell
        b'"Lima, Ana"\n"Reis, Bia"\n"Luz, Cai"\n',  # no words of headers
    ],
)
def test_commas_in_a_list_of_quoted_names_make_no_columns(content):
    seen = inspect(io.BytesIO(content), "names.csv")
    assert (seen.dialect.width, seen.dialect.unwraps_lines) == (1, False)


def test_lines_quoted_as_a_whole_are_told_across_blocks_unless_the_user_says_what_quotes_are():
    rows = 2 * BLOCK_BYTES // len('"Ana 100000,11988880001"\n')
    content = b'"Name,Phone"\n' + b"".join(b'"Ana %d,11988880001"\n' % number for number in range(rows))
    seen = inspect(io.BytesIO(content), "people.csv")
    assert (seen.rows, seen.warnings, [column.header for column in seen.columns]) == (rows, (), ["Name", "Phone"])
    assert inspect(io.BytesIO(content), "people.csv", {"quote": '"'}).dialect.width == 1


def test_a_total_below_the_data_is_a_row_with_its_number():
    assert rows_of("letterhead_above.csv")[-1] == (7, None, "TOTAL", "2", None, None)


def test_a_damaged_byte_is_shown_and_rejects_only_its_row():
    problems = {number: problem for number, problem, *_ in rows_of("one_damaged_byte.csv")}
    assert problems == {2: None, 3: None, 4: "row_undecodable", 5: None}
    assert rows_of("one_damaged_byte.csv")[2][2] == "Ant\\xffnio"


def test_the_surplus_of_a_long_row_is_kept():
    seen = seen_in("rows_of_other_width.csv")
    with (SPREADSHEETS / "rows_of_other_width.csv").open("rb") as file:
        extras = [row["extra"] for batch in read_batches(file, seen.dialect) for row in batch.to_pylist()]
    assert extras == [None, None, "extra", None]


def test_hidden_sheets_are_not_offered():
    assert seen_in("contacts_on_second_sheet.xlsx").sheets == ("Capa", "Contatos")
    assert seen_in("contacts_on_second_sheet.xlsx").dialect.sheet == "Contatos"


def test_what_the_user_fixes_holds_and_the_rest_is_judged_around_it():
    assert seen_in("contacts_on_second_sheet.xlsx", sheet="Capa").dialect.sheet == "Capa"
    assert seen_in("letterhead_above.csv", header_row=None).rows == 6
    assert seen_in("pipe.csv", delimiter=",").dialect.delimiter == ","
    assert seen_in("windows_1252_semicolon.csv", encoding="mac_roman").columns[0].header != "Código"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.csv", "file_empty"),
        ("blank_lines_only.csv", "file_empty"),
        ("header_only.csv", "file_header_only"),
        ("document.pdf", "file_kind"),
        ("image_named_csv.csv", "file_kind"),
    ],
)
def test_a_file_that_holds_no_rows_is_refused(name, code):
    with pytest.raises(Unreadable) as refusal:
        seen_in(name)
    assert refusal.value.code == code


def test_formulas_that_are_nothing_but_a_text_are_read_as_it():
    assert any("nothing but a text" in sentence for sentence in seen_in("formulas_that_are_texts.csv").evidence)
    assert rows_of("formulas_that_are_texts.csv") == [
        (2, None, "Ana Lima", "011987654321", "Natal"),
        (3, None, "Bia Costa", "011987654322", "Recife"),
        (4, None, "Caio", "011987654323", None),
    ]


def test_formulas_whose_results_were_not_saved_are_told_of():
    assert any("formulas" in sentence for sentence in seen_in("formulas_without_results.xlsx").evidence)
    assert not any("formulas" in sentence for sentence in seen_in("numbers_dates_formulas.xlsx").evidence)
