"""The rejected rows as an XLSX workbook: the cell that is wrong is marked, and says what is wrong with it."""

from itertools import islice
from typing import Any, BinaryIO

import xlsxwriter
from sqlalchemy import Connection

from lead_store.imports.reporting import ADDED_COLUMNS, explain, read_rejected
from lead_store.storage.import_queries import Import

# Cells stay texts: a phone must not become a number, nor a cell of the file a formula or a link.
OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
MARKED = {"bg_color": "#FFD9D6", "border": 1, "border_color": "#B3261E", "num_format": "@"}
COLUMN_WIDTH = 22
# A sheet ends here, and so do the rows that people correct by hand.
MAXIMUM_ROWS = 1_048_575


def write_rejected_workbook(tx: Connection, run: Import, target: BinaryIO) -> int:
    """Write the rejected rows as a workbook with the columns of `write_rejected_rows`; how many there were."""
    headers = [column["header"] for column in (run.inspection or {}).get("columns", [])]
    with xlsxwriter.Workbook(target, OPTIONS) as workbook:
        sheet = workbook.add_worksheet("Rejected rows")
        text, marked = workbook.add_format({"num_format": "@"}), workbook.add_format(MARKED)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headers) + len(ADDED_COLUMNS) - 1, COLUMN_WIDTH, text)
        bold = workbook.add_format({"bold": True, "num_format": "@"})
        for place, header in enumerate([*headers, *ADDED_COLUMNS]):
            sheet.write_string(0, place, header, bold)
        count = 0
        for count, row in enumerate(islice(read_rejected(tx, run), MAXIMUM_ROWS), start=1):
            _write_row(sheet, count, row, headers, (text, marked))
    return count


def _write_row(sheet: Any, place: int, row: dict[str, Any], headers: list[str], formats: tuple[Any, Any]) -> None:
    code, sentence, suggestion = explain(row)
    wrong = {problem["column"] for problem in row["problems"] or [] if problem["code"] == row["blocking"]}
    for index, cell in enumerate(row["cells"]):
        if headers[index] in wrong:
            sheet.write_string(place, index, cell or "", formats[1])
            sheet.write_comment(place, index, f"{sentence} {suggestion}")
        elif cell:
            sheet.write_string(place, index, cell, formats[0])
    for index, text in enumerate((str(row["row_number"]), code, sentence, suggestion), start=len(headers)):
        sheet.write_string(place, index, text, formats[0])
