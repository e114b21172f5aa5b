"""Workbooks made of rows, and the rows that reading makes of them, for tests."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from lead_store.intake.reading import Dialect, read_batches


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> io.BytesIO:
    """An XLSX with these rows per sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, cells)
    return target


def rows_of(file: io.BytesIO, dialect: Dialect) -> list[list[object]]:
    """Each row's number, problem and cells."""
    rows = [row for batch in read_batches(file, dialect) for row in batch.to_pylist()]
    return [[row["row_number"], row["problem"], *list(row.values())[3:]] for row in rows]
