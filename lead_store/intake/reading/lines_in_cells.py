"""Lines of text in the cells of column A, as a spreadsheet program leaves them that took another delimiter than the
file has: each is a row, and cut as a text would be.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import Row, find_header
from lead_store.intake.reading.texts.delimiters import delimiter_name, sniff
from lead_store.intake.reading.texts.records import Record, parse_records

_LEAST_REGULARITY, _LEAST_VOCABULARY = 0.5, 0.5
_FEWEST_ROWS = 2


def find_lines(rows: Sequence[Row], fixed: Mapping[str, Any]) -> Dialect | None:
    """How the cells of a sheet's first rows are cut, where each is a line of a text; None where they are not."""
    if len(rows) < _FEWEST_ROWS or any(len(cells) != 1 for _, cells in rows):
        return None
    text = "\n".join(" ".join(cells[0].splitlines()) for _, cells in rows)
    sniffed = sniff(text, Dialect("csv"), fixed, None, is_whole=True)
    header = find_header(cut_rows(rows, sniffed.dialect))
    names = next((cut(cells, sniffed.dialect).cells for number, cells in rows if number == header.row_number), [])
    is_table = len(names) == sniffed.width > 1 and sniffed.regularity >= _LEAST_REGULARITY
    return sniffed.dialect if is_table and header.vocabulary >= _LEAST_VOCABULARY else None


def cut_rows(rows: Sequence[Row], dialect: Dialect) -> list[Row]:
    """The rows with the cells of their lines."""
    return [(number, cut(cells, dialect).cells) for number, cells in rows]


def cut(cells: Sequence[str], dialect: Dialect) -> Record:
    """The cells of the line in the first cell, and what is wrong with it; further cells stand behind them."""
    record = next((record for record, _ in parse_records(cells[0], dialect, 0, is_last=True)), Record([""]))
    further = [cell for cell in cells[1:] if cell]
    return Record([*record.cells, *further], record.problem)


def evidence_of(dialect: Dialect) -> str:
    """That lines are cut, in a sentence."""
    assert dialect.delimiter is not None
    return f"The cells of column A hold a line each; it is cut at each {delimiter_name(dialect.delimiter)}."
