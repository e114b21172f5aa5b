"""What holds for any file at all: round trips, balanced counts, and one answer on the fast and the careful path."""

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lead_store.errors import Unreadable
from lead_store.intake.reading import Dialect, inspect
from lead_store.intake.reading.rows import in_batches
from lead_store.intake.reading.source import tables_of
from lead_store.intake.reading.texts.delimited import _Reader
from lead_store.intake.reading.texts.text import TextBlocks

# A carriage return alone, a NUL and lone surrogates cannot come out of a spreadsheet program as cell text.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
TRICKY = st.text("ab,;\t|\"'\\ \n\r=é", max_size=8)
CELLS = st.one_of(TEXT, TRICKY)


def rows_of(content: bytes, dialect: Dialect) -> list[dict]:
    batches = in_batches(tables_of(io.BytesIO(content), dialect), dialect.width, 7)
    return [row for batch in batches for row in batch.to_pylist()]


def cells_of(row: dict, width: int) -> list[str]:
    return [row[f"c{index}"] or "" for index in range(width)]


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))


@settings(max_examples=300, deadline=None)
@given(
    tables(),
    st.sampled_from(",;\t|^~"),
    st.sampled_from("\"'"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
@example([["a", 'x"', "b"]], ",", '"', "\n", csv.QUOTE_MINIMAL)
def test_a_file_written_by_python_reads_back_the_same(table, delimiter, quote, line_end, quoting):
    if quoting == csv.QUOTE_MINIMAL:
        # Python leaves a line break unquoted that is not its own one, and then no reader can tell it from a row's end.
        table = [[cell.replace("\r", "").replace("\n", line_end) for cell in row] for row in table]
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quotechar=quote, lineterminator=line_end, quoting=quoting)
    writer.writerows(table)
    # The first row is no `sep=` line, which Excel would not show either.
    if written.getvalue().lower().lstrip("\"'").startswith("sep="):
        return
    width = len(table[0])
    dialect = Dialect("csv", "utf-8", delimiter, quote, width=width)
    # The encoding is given, so a first character that is a byte order mark belongs to the text only further on.
    content = b"\xef\xbb\xbf" + written.getvalue().encode()
    rows = rows_of(content, dialect)
    expected = [(number, row) for number, row in enumerate(table, start=1) if any(row)]
    assert [(row["row_number"], cells_of(row, width)) for row in rows] == expected
    assert all(row["problem"] is None for row in rows)


@settings(max_examples=200, deadline=None)
@given(tables(), st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_NONE, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@example([["a\\", 'b"', "c,d"]], ",", csv.QUOTE_NONE)
def test_a_file_with_escaped_characters_reads_back_the_same(table, delimiter, quoting):
    # Where nothing is quoted, Python writes a foreign line break bare and refuses a row of one blank cell.
    table = [[cell.replace("\r", "") or "-" for cell in row] for row in table]
    written = io.StringIO(newline="")
    csv.writer(
        written, delimiter=delimiter, quoting=quoting, escapechar="\\", doublequote=False, lineterminator="\n"
    ).writerows(table)
    if written.getvalue().lower().lstrip('"').startswith("sep="):
        return
    width = len(table[0])
    # Without quoting Python still escapes the quotes inside values, so the quote keeps its meaning.
    dialect = Dialect("csv", "utf-8", delimiter, '"', "\\", width=width)
    rows = rows_of(b"\xef\xbb\xbf" + written.getvalue().encode(), dialect)
    assert [cells_of(row, width) for row in rows] == table


def careful(content: bytes, dialect: Dialect) -> list[dict]:
    """The reading of records one by one, whatever the content."""
    reader = _Reader(dialect, "surrogateescape")
    table = reader._one_by_one(content, True)
    return [] if table is None else table.to_pylist()


@settings(max_examples=500, deadline=None)
@given(st.text('ab,"\n\r é\\', max_size=40), st.integers(1, 3))
@example('a,"b\nc"x\n', 2)
@example('a,""b\n', 2)
def test_clean_stretches_and_single_records_give_the_same_answer(text, width):
    dialect = Dialect("csv", "utf-8", ",", '"', width=width)
    content = text.encode()
    slow = [row for row in careful(content, dialect) if any(row[name] for name in list(row)[1:])]
    assert rows_of(content, dialect) == slow


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text('ab,,,"\n\r é', max_size=12), max_size=12), st.integers(1, 3), st.booleans())
@example(["a,b,c\n", "\r\n", "a\n", ",,,\n", 'a,"b"",c\n', '"x\ny",\r', "é"], 3, False)
def test_rows_of_other_widths_are_the_same_read_together_and_one_by_one(pieces, width, drops_trailing_blanks):
    dialect = Dialect("csv", "utf-8", ",", '"', width=width, drops_trailing_blanks=drops_trailing_blanks)
    content = "".join(pieces).encode()
    one_by_one = rows_of(content, dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lead_store.intake.reading.texts.ragged.FEWEST_ROWS_OF_A_WIDTH", 1)
        assert rows_of(content, dialect) == one_by_one


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text('ab,"\n é', max_size=9), max_size=30), st.integers(1, 40))
def test_the_size_of_the_blocks_does_not_matter(pieces, size):
    content = "".join(pieces).encode()
    dialect = Dialect("csv", "utf-8", ",", '"', width=2)
    whole = rows_of(content, dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lead_store.intake.reading.texts.text.BLOCK_BYTES", size)
        assert rows_of(content, dialect) == whole


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(b"\x1f\x8b\x08")
@example(b"\xff\xfe\x00")
def test_any_bytes_give_rows_or_a_clear_refusal(content):
    refusal = None
    try:
        seen = inspect(io.BytesIO(content), "any.csv")
    except Unreadable as error:
        refusal = error
    if refusal is not None:
        assert (refusal.code.startswith("file_"), refusal.detail[-1]) == (True, ".")
        return
    rows = rows_of(content, seen.dialect)
    assert len(rows) == seen.rows
    assert [row["row_number"] for row in rows] == sorted({row["row_number"] for row in rows})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text("abc1 ", min_size=1, max_size=5), min_size=1, max_size=5), min_size=1, max_size=20))
def test_rows_read_and_rows_rejected_are_the_rows_there_are(table):
    written = io.StringIO(newline="")
    csv.writer(written).writerows(table)
    rows = rows_of(written.getvalue().encode(), Dialect("csv", "utf-8", ",", '"', width=3))
    assert [row["row_number"] for row in rows] == list(range(1, len(table) + 1))
    assert [row["problem"] for row in rows] == [
        None if len(row) == 3 else "row_too_short" if len(row) < 3 else "row_too_long" for row in table
    ]


def test_a_dialect_survives_json():
    dialect = Dialect("csv", "windows-1252", ";", '"', header_row=3, width=4, drops_trailing_blanks=True)
    assert Dialect.from_json(dialect.to_json()) == dialect
    assert dialect.to_json()["headerRow"] == 3


def test_blocks_are_given_once_with_the_last_one_marked():
    assert list(TextBlocks(io.BytesIO(b"a\n"), "utf-8")) == [(b"a\n", True)]
