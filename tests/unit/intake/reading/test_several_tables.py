"""Several tables in one sheet: found, one of them read, and the others offered."""

import io

import pytest
import xlsxwriter

from lead_store.errors import Unreadable
from lead_store.intake.reading import CellRange, inspect, read_batches
from lead_store.intake.reading.texts import text

CUSTOMERS = """Name,Phone,Email
Ana Souza,+55 11 98765-4321,ana@example.org
Bruno Lima,+55 11 98765-4322,bruno@example.org
Carla Dias,+55 11 98765-4323,carla@example.org
"""
SUPPLIERS = """Email,Company,Contact,Phone
dora@acme.com,Acme,Dora Reis,+55 11 98765-4324
enzo@beta.com,Beta,Enzo Alves,+55 11 98765-4325
"""
ONE_BELOW_ANOTHER = f"Our customers,,\n{CUSTOMERS}\nSuppliers\n{SUPPLIERS}"
BESIDE = """Name,Phone,,Name,Phone
Ana Souza,+55 11 98765-4321,,Dora Reis,+55 11 98765-4324
Bruno Lima,+55 11 98765-4322,,Enzo Alves,+55 11 98765-4325
Carla Dias,+55 11 98765-4323
"""
FIRST, SECOND = CellRange(2, 5), CellRange(8, 10)


def look(content: str, **overrides):
    return inspect(io.BytesIO(content.encode()), "people.csv", overrides)


def rows(content: bytes, seen):
    columns = ("row_number", "problem", *(f"c{column.index}" for column in seen.columns))
    return [
        row
        for batch in read_batches(io.BytesIO(content), seen.dialect)
        for row in zip(*(batch.column(name).to_pylist() for name in columns), strict=True)
    ]


def as_workbook(content: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("People")
        for place, line in enumerate(content.split("\n")):
            sheet.write_row(place, 0, line.split(","))
    return target.getvalue()


def test_a_header_row_below_all_rows_leaves_nothing_to_read():
    with pytest.raises(Unreadable, match=r"no rows below it|nothing but blank"):
        look("Name,Phone,Email\n", header_row=2)


def test_one_table_is_read_and_the_other_is_offered():
    seen = look(ONE_BELOW_ANOTHER)
    assert list(seen.tables) == [FIRST, SECOND]
    assert list(seen.tables.values()) == [
        "Rows 2 to 5: Name, Phone, Email",
        "Rows 8 to 10: Email, Company, Contact, …",
    ]
    assert (seen.dialect.cell_range, seen.dialect.header_row, seen.rows) == (FIRST, 2, 3)
    assert "Only rows 2 to 5 are read" in seen.left_out
    assert seen.left_out in seen.warnings
    assert [row[:3] for row in rows(ONE_BELOW_ANOTHER.encode(), seen)] == [
        (3, None, "Ana Souza"),
        (4, None, "Bruno Lima"),
        (5, None, "Carla Dias"),
    ]


@pytest.mark.parametrize("read", [str.encode, as_workbook])
def test_the_other_table_is_read_by_its_own_header(read):
    content = read(ONE_BELOW_ANOTHER)
    seen = inspect(io.BytesIO(content), "people", {"cell_range": list(SECOND)})
    assert [column.header for column in seen.columns] == ["Email", "Company", "Contact", "Phone"]
    assert (seen.dialect.header_row, seen.rows, seen.warnings) == (8, 2, (seen.left_out,))
    assert rows(content, seen) == [
        (9, None, "dora@acme.com", "Acme", "Dora Reis", "+55 11 98765-4324"),
        (10, None, "enzo@beta.com", "Beta", "Enzo Alves", "+55 11 98765-4325"),
    ]


def test_all_can_be_read_as_one():
    seen = look(ONE_BELOW_ANOTHER, cell_range=None)
    assert (seen.dialect.cell_range, seen.rows, seen.left_out) == (None, 7, None)
    assert "Row 2 heads the first table." in seen.evidence
    assert "The header row was chosen by you." not in seen.evidence
    assert list(seen.tables) == [FIRST, SECOND]


def test_a_table_far_below_is_found_across_blocks(monkeypatch):
    monkeypatch.setattr(text, "BLOCK_BYTES", 2_000)
    people = "".join(f"Ana {n},+55 11 98765-{n:04},ana{n}@example.org\n" for n in range(500))
    seen = look(f"Name,Phone,Email\n{people}{SUPPLIERS}")
    assert list(seen.tables) == [CellRange(1, 501), CellRange(502, 504)]
    assert seen.rows == 500


def test_the_table_of_people_is_proposed():
    stock = "Item,Quantity,Price\nPen,3,1.20\nInk,4,8.00\nPad,1,2.50\nCap,9,6.10\n"
    seen = look(f"{stock}\n{CUSTOMERS}")
    assert list(seen.tables) == [CellRange(1, 5), CellRange(7, 10)]
    assert seen.dialect.cell_range == CellRange(7, 10)


@pytest.mark.parametrize(
    "content",
    [
        f"{CUSTOMERS}\nGroup B\n{CUSTOMERS}",
        f"{CUSTOMERS}\nTotal,3,\nPrinted,on Monday,\n",
        f"{CUSTOMERS}\nEve Example,Client,Email\n",
        f"name,phone,email\n{CUSTOMERS}",
        "Name,Phone,,Street,City\nAna,+55 11 98765-4321,,Rua A,Santos\nRui,+55 11 98765-4322,,Rua B,Santos\n",
        "Type,Phone,Type,Phone\nMobile,+55 11 98765-4321,Home,+55 11 3765-4321\n"
        "Mobile,+55 11 98765-4322,Home,+55 11 3765-4322\nMobile,+55 11 98765-4323,Home,+55 11 3765-4323\n",
    ],
    ids=["the same header", "a total", "a person of such words", "two headers", "a blank column", "kinds of phones"],
)
def test_one_table_is_not_taken_for_several(content):
    seen = look(content)
    assert (dict(seen.tables), seen.dialect.cell_range, seen.left_out) == ({}, None, None)


def test_where_every_other_row_is_blank_nothing_is_taken_for_a_table():
    people = "".join(f"ana{n}@example.org,Acme,Ana {n},+55 11 98765-{n:04}\n\n" for n in range(2_500))
    seen = look(f"{CUSTOMERS}\n{SUPPLIERS}\n{people}")
    assert (dict(seen.tables), seen.rows) == ({}, 2_506)


def test_a_row_of_header_words_in_a_group_is_no_end_of_the_list():
    group = CUSTOMERS.replace("Carla Dias,+55 11 98765-4323,carla@example.org", "Contact,Phone,Status")
    seen = look(f"{CUSTOMERS}\n{group}\n{CUSTOMERS}")
    assert (dict(seen.tables), seen.rows) == ({}, 11)


def test_a_row_that_is_damaged_beside_the_table_is_rejected_in_it():
    content = f"{BESIDE}Zo\0e,+55 11 98765-4329\n"
    right = CellRange(1, None, 4, 5)
    found = rows(content.encode(), look(content, cell_range=right))
    assert found[-1] == (5, "row_undecodable", None, None)


def test_only_the_title_right_above_a_table_belongs_to_it():
    seen = look(f"{CUSTOMERS}Zoe,,\n\nSuppliers\n{SUPPLIERS}")
    assert list(seen.tables) == [CellRange(1, 5), CellRange(8, 10)]


@pytest.mark.parametrize("read", [str.encode, as_workbook])
@pytest.mark.parametrize(
    ("chosen", "people"),
    [
        (None, [(2, None, "Ana Souza"), (3, None, "Bruno Lima"), (4, None, "Carla Dias")]),
        (CellRange(1, None, 4, 5), [(2, None, "Dora Reis"), (3, None, "Enzo Alves")]),
    ],
)
def test_tables_side_by_side_are_read_one_by_one(read, chosen, people):
    content = read(BESIDE)
    seen = inspect(io.BytesIO(content), "people", {"cell_range": chosen} if chosen else None)
    assert list(seen.tables.values()) == ["Columns 1 to 2: Name, Phone", "Columns 4 to 5: Name, Phone"]
    assert [column.header for column in seen.columns] == ["Name", "Phone"]
    assert [row[:3] for row in rows(content, seen)] == people
    assert seen.rows == len(people)


def test_tables_side_by_side_need_no_blank_column_between():
    seen = look(BESIDE.replace(",,", ","))
    assert list(seen.tables) == [CellRange(1, None, 1, 2), CellRange(1, None, 3, 4)]


def test_tables_side_by_side_may_differ_in_a_column():
    seen = look(
        "Name,Phone,,Name,Phone,Email\nAna,+55 11 98765-4321,,Dora,+55 11 98765-4324,d@example.org\n"
        "Rui,+55 11 98765-4322,,Enzo,+55 11 98765-4325,e@example.org\n"
    )
    assert list(seen.tables) == [CellRange(1, None, 1, 2), CellRange(1, None, 4, 6)]


def test_a_header_row_that_was_chosen_elsewhere_is_not_the_tables_own():
    assert look(ONE_BELOW_ANOTHER, cell_range=SECOND, header_row=2).dialect.header_row == 8
    assert look(ONE_BELOW_ANOTHER, cell_range=SECOND, header_row=None).rows == 3
    assert look(ONE_BELOW_ANOTHER, header_row=8).rows == 2


def test_how_a_table_is_read_can_be_kept():
    dialect = look(BESIDE, cell_range=CellRange(1, None, 4, 5)).dialect
    assert type(dialect).from_json(dialect.to_json()) == dialect
