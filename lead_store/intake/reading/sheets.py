"""The sheets of a workbook, a page or cards: which of them looks most like a list of contacts, and the head of that."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from lead_store.errors import Unreadable
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import Row, find_header
from lead_store.intake.reading.heads import Head, contact_likeness, first_filled, without_margin
from lead_store.intake.reading.lines_in_cells import cut_rows, evidence_of, find_lines
from lead_store.intake.reading.source import open_workbook
from lead_store.intake.reading.texts.encodings import encoding_of
from lead_store.intake.reading.workbooks.sheet_marks import marks_of

_SAID_OF = {
    "html": "The file holds a web page, as programs write them under the name of a workbook; its table is read.",
    "txt": "Each person has lines of their own, such as “Name: …”: each is a row, and the labels are the columns.",
    "vcf": "The file holds vCards, as phones and address books export them: each person is a row.",
}
"""Of the kinds whose encoding is judged by their bytes and that hold no delimited text."""


def sheets_head(file: BinaryIO, kind: str, fixed: Mapping[str, Any]) -> Head:
    """What is judged of all sheets; `fixed` is not judged. Raises Unreadable."""
    base, evidence = _workbook_base(file, kind, fixed)
    workbook = open_workbook(file, kind, base.encoding)
    sheets = workbook.visible_sheets()
    chosen: str | None = fixed.get("sheet")
    heads: dict[str, Head] = {}
    for sheet in dict.fromkeys([*([chosen] if chosen else []), *sheets]):
        try:
            rows: list[Row] = [(number, without_margin(cells)) for number, cells in first_filled(workbook.rows(sheet))]
        except Unreadable as refused:
            # Some programs list a sheet that they did not write.
            if refused.code != "sheet_missing" or sheet == chosen:
                raise
            continue
        heads[sheet] = _head_of(base.changed(sheet=sheet), rows, sheets, evidence, fixed)
    filled = [heads[sheet] for sheet in ([chosen] if chosen else heads) if heads[sheet].rows]
    if not filled:
        raise _nothing_in(kind)
    best = max(filled, key=lambda head: contact_likeness(head.rows, head.header))
    best.rows_of_sheets = {sheet: heads[sheet].rows for sheet in sheets if sheet in heads}
    if chosen:
        best.evidence.append("The sheet was chosen by you.")
    elif len(sheets) > 1:
        what = "tables" if kind == "html" else "sheets"
        best.evidence.append(f"Of {len(sheets)} {what}, “{best.dialect.sheet}” looks most like a list of contacts.")
    best.marks += marks_of(file, kind, best.dialect.sheet or "")
    return best


def _head_of(
    dialect: Dialect, rows: list[Row], sheets: tuple[str, ...], evidence: list[str], fixed: Mapping[str, Any]
) -> Head:
    """The head of a sheet, its lines cut where its cells hold such."""
    lines = find_lines(rows, {**fixed, "delimiter": None})
    if lines is None:
        return Head(dialect, rows, find_header(rows), sheets, evidence=[*evidence])
    delimiter = fixed.get("delimiter", lines.delimiter)
    own = [*evidence]
    if delimiter is not None:
        dialect = dialect.changed(delimiter=delimiter, quote=lines.quote, escape=lines.escape)
        rows = cut_rows(rows, dialect)
        own.append(evidence_of(dialect))
    return Head(dialect, rows, find_header(rows), sheets, evidence=own, in_question=["delimiter"])


def _workbook_base(file: BinaryIO, kind: str, fixed: Mapping[str, Any]) -> tuple[Dialect, list[str]]:
    """What is known of all sheets, and why."""
    if kind == "xml":
        return Dialect(kind), ["The file is a workbook in the XML of Excel 2003."]
    if kind not in _SAID_OF:
        return Dialect(kind), []
    what = _SAID_OF[kind]
    encoding, why = encoding_of(file, fixed.get("encoding"))
    return Dialect(kind, encoding=encoding), [what, why]


def _nothing_in(kind: str) -> Unreadable:
    if kind == "html":
        return Unreadable(
            "This file is a web page without a table. Export the list as .xlsx or .csv, and upload that file.",
            code="file_kind",
            kind="a web page",
        )
    return Unreadable("The workbook has no sheet with anything in it.", code="file_empty")
