"""Delimited text -> record batches. Clean stretches go through pyarrow whole; only around damage are records read
one by one (records.py). Both give the same answer: a stretch counts as clean only where the two cannot differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from lead_store.intake.problems import Code
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.rows import RowBuilder, schema, sorted_by_row, without_blank_rows
from lead_store.intake.reading.texts.formulas import with_texts
from lead_store.intake.reading.texts.ragged import read_ragged
from lead_store.intake.reading.texts.records import Record, parse_records, reread
from lead_store.intake.reading.texts.text import MARK, TextBlocks, visible

_LINE_FEED, _RETURN = 10, 13

_FIRST_STRETCH = 64 * 1024
"""Bytes read record by record after damage; doubled while damage goes on, so that a file damaged all over
is not searched again and again."""
_LONGEST_STRETCH = 1024 * 1024


def read_delimited(blocks: TextBlocks, dialect: Dialect) -> Iterator[pa.Table]:
    """Tables of the rows below the header, in row order, blank rows left out but counted."""
    reader = _Reader(dialect, blocks.decode_errors)
    buffer, enough = b"", 0
    for block, is_last in blocks:
        buffer = buffer + block if buffer else block
        if len(buffer) < enough and not is_last:
            continue
        for table in reader.read(buffer, is_last):
            shown = with_texts(table) if dialect.formulas_are_texts else table
            kept = _below_header(shown, dialect.header_row or 0)
            if kept.num_rows:
                yield kept
        # A record that is not whole yet is tried again when twice as much of it is there, not at every block.
        enough = 0 if reader.consumed else 2 * len(buffer)
        buffer = buffer[reader.consumed :]


def _below_header(table: pa.Table, header_row: int) -> pa.Table:
    numbers = table["row_number"]
    if table.num_rows and numbers[0].as_py() <= header_row:
        table = table.filter(pa.compute.greater(numbers, header_row))
    return without_blank_rows(table)


@dataclass
class _Reader:
    """Reads one buffer after the other; knows the number of the next row and how much of the buffer is used."""

    dialect: Dialect
    decode_errors: str
    next_row: int = 1
    consumed: int = 0
    stretch: int = _FIRST_STRETCH

    def read(self, buffer: bytes, is_last: bool) -> Iterator[pa.Table]:
        self.consumed = 0
        while self.consumed < len(buffer):
            rest = buffer[self.consumed :] if self.consumed else buffer
            clean = _clean_length(rest, self.dialect, is_last)
            if clean:
                yield self._whole(rest[:clean])
                self.consumed += clean
                if clean > self.stretch:
                    self.stretch = _FIRST_STRETCH
                rest = rest[clean:]
            if rest:
                table = self._one_by_one(rest, is_last)
                if table is None:
                    return
                yield table

    def _whole(self, clean: bytes) -> pa.Table:
        """A clean stretch, read column-wise; a width at a time where its rows differ in width."""
        table = _read_columns(clean, self.dialect, self.dialect.width)
        if table is None:
            return self._ragged(clean)
        first = self.next_row
        self.next_row += table.num_rows
        nothing = pa.nulls(table.num_rows, pa.string())
        numbers = pa.array(np.arange(first, self.next_row, dtype=np.int32))
        return pa.table([numbers, nothing, nothing, *table.columns], schema=schema(self.dialect.width))

    def _ragged(self, clean: bytes) -> pa.Table:
        ragged, first = read_ragged(clean, self.dialect, self._of_one_width), self.next_row
        self.next_row += ragged.count
        number = schema(0).field("row_number")
        tables = [
            table.add_column(0, number, pa.array((first + places).astype(np.int32))) for places, table in ragged.tables
        ]
        builder = self._builder()
        for row in ragged.odd:
            self._place(builder, row.text, first + row.place)
        return sorted_by_row([*tables, builder.take()])

    def _of_one_width(self, content: bytes, width: int) -> pa.Table:
        table = _read_columns(content, self.dialect, width)
        assert table is not None, "Rows of one width were read as rows of several."
        return table

    def _place(self, builder: RowBuilder, text: str, row_number: int) -> None:
        record, _ = next(parse_records(text, self.dialect, 0, is_last=True))
        cells = record.cells
        if len(cells) < self.dialect.width:
            cells = reread(text, self.dialect, self.dialect.width) or cells
        builder.add(row_number, cells, record.problem)

    def _one_by_one(self, rest: bytes, is_last: bool) -> pa.Table | None:
        """The next stretch, record by record; None where the text ends inside its first record."""
        size = self.stretch
        while True:
            part = rest if len(rest) <= size else rest[: _last_line_end(rest, size)]
            is_whole = len(part) == len(rest)
            text = part.decode("utf-8", self.decode_errors)
            builder, end = self._builder(), 0
            for record, position in parse_records(text, self.dialect, 0, is_last=is_last and is_whole):
                self._add(builder, record, text[end:position])
                end = position
                if end >= self.stretch:
                    break
            if end:
                self.stretch = min(self.stretch * 2, _LONGEST_STRETCH)
                self.consumed += len(text[:end].encode("utf-8", self.decode_errors))
                return builder.take()
            if is_whole:
                return None
            # The first record is longer than the part; more of it does not mean more records.
            size *= 4

    def _add(self, builder: RowBuilder, record: Record, text: str) -> None:
        cells, problem = record.cells, record.problem
        if len(cells) < self.dialect.width and problem is None:
            cells = reread(text.rstrip("\r\n"), self.dialect, self.dialect.width) or cells
        if any(MARK.search(cell) for cell in cells):
            cells, problem = [visible(cell) for cell in cells], Code.ROW_UNDECODABLE
        builder.add(self.next_row, cells, problem)
        self.next_row += 1

    def _builder(self) -> RowBuilder:
        return RowBuilder(self.dialect.width, self.dialect.drops_trailing_blanks, self.dialect.delimiter or ",")


def _read_columns(clean: bytes, dialect: Dialect, width: int) -> pa.Table | None:
    """The columns c0 to c(width-1) of a clean stretch as text, null for a blank cell; None where a row has another
    width."""
    names = [f"c{index}" for index in range(width)]
    is_ragged = False

    def give_up(_: Any) -> str:
        nonlocal is_ragged
        is_ragged = True
        return "error"

    try:
        return csv.read_csv(
            pa.BufferReader(clean),
            read_options=csv.ReadOptions(column_names=names, use_threads=False, block_size=len(clean) + 1024),
            parse_options=csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=give_up,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        if is_ragged:
            return None
        raise


def _last_line_end(text: bytes, limit: int) -> int:
    """The position after the last line end within `limit`; after the first one beyond it where there is none."""
    found = max(text.rfind(b"\n", 0, limit), text.rfind(b"\r", 0, limit))
    if found < 0:
        later = [at for at in (text.find(b"\n", limit), text.find(b"\r", limit)) if at >= 0]
        found = min(later, default=len(text) - 1)
    return found + 1


def _clean_length(text: bytes, dialect: Dialect, is_last: bool) -> int:
    """Bytes at the start of `text` that are whole records without anything a column-wise reader could misread."""
    delimiter = (dialect.delimiter or ",").encode()
    if len(delimiter) > 1 or (dialect.quote and not dialect.quote.isascii()):
        return 0
    limit = _first_unusual(text, dialect)
    marks = np.frombuffer(text, np.uint8, count=limit)
    quotes = np.flatnonzero(marks == ord(dialect.quote)) if dialect.quote else np.empty(0, np.int64)
    if len(quotes):
        limit = min(limit, _first_astray(np.frombuffer(text, np.uint8), quotes, delimiter[0], is_last))
        quotes = quotes[: np.searchsorted(quotes, limit)]
    if limit == len(text) and is_last and len(quotes) % 2 == 0:
        return limit
    return _last_boundary(text, limit, quotes)


def _first_unusual(text: bytes, dialect: Dialect) -> int:
    """Where the first NUL, escape character or undecodable byte stands; the length of the text without any."""
    found = [at for at in (text.find(b"\0"), text.find(dialect.escape.encode()) if dialect.escape else -1) if at >= 0]
    if dialect.skips_initial_space:
        found.append(0)
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError as error:
            found.append(error.start)
    return min(found, default=len(text))


def _first_astray(marks: np.ndarray, quotes: np.ndarray, delimiter: int, is_last: bool) -> int:
    """The first quote that is neither opening at a cell's start, nor closing at its end, nor doubled.

    Counted from a record's start, quotes at even places open and those at odd places close; a doubled quote is a
    close and an open side by side.
    """
    ends = (delimiter, _LINE_FEED, _RETURN)
    follows = np.diff(quotes) == 1
    opening, closing = quotes[0::2], quotes[1::2]
    before = marks[np.maximum(opening - 1, 0)]
    opens = np.isin(before, ends) | (opening == 0)
    opens[1:] |= follows[1::2][: len(opens) - 1]
    behind = marks[np.minimum(closing + 1, len(marks) - 1)]
    closes = np.isin(behind, ends) | ((closing == len(marks) - 1) & is_last)
    doubled = follows[1::2]
    closes[: len(doubled)] |= doubled
    wrong = np.concatenate([opening[~opens], closing[~closes]])
    return int(wrong.min()) if len(wrong) else len(marks)


def _last_boundary(text: bytes, limit: int, quotes: np.ndarray) -> int:
    """The position after the last line end before `limit` that is outside quotes; 0 where there is none."""
    end = limit
    line_feed = b"\n" if b"\n" in text else b"\r"
    while (at := text.rfind(line_feed, 0, end)) >= 0:
        at = max(at, text.rfind(b"\r", at, end))
        quotes_before = int(np.searchsorted(quotes, at))
        if quotes_before % 2:
            # All lines back to the opening quote are inside it.
            end = int(quotes[quotes_before - 1])
        elif text[at] == _RETURN and text[at + 1 : at + 2] in (b"", b"\n"):
            end = at
        else:
            return at + 1
    return 0
