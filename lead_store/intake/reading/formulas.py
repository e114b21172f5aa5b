"""Formulas: those of a sheet whose results were not saved with it, and those of a CSV that are nothing but a text.

The results that are saved in a workbook are read by calamine.
"""

import re
import zipfile
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.reading.large_sheets import part_of_sheet

# Programs write all their formulas alike, so the first few thousand rows tell.
_BYTES_LOOKED_AT = 4 * 1024 * 1024

# A result that is an empty text has a type, and is saved; Excel and LibreOffice leave no result out.
_WITHOUT_RESULT = re.compile(rb"<c\b(?![^>]*\bt=)[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")

UNSAVED = (
    "Some cells hold formulas whose results were not saved in the file, so they read as blank. Open it in a "
    "spreadsheet program, save it, and upload it again."
)


def has_unsaved_results(file: BinaryIO, sheet: str) -> bool:
    """Whether formulas of the XLSX sheet have no result beside them, as programs leave them that cannot calculate."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        part = part_of_sheet(archive, sheet)
        if part is None:
            return False
        with archive.open(part) as stream:
            return _WITHOUT_RESULT.search(stream.read(_BYTES_LOOKED_AT)) is not None


TEXTS = 'Formulas that are nothing but a text, such as ="0119", are read as that text.'
FEWEST_TEXTS = 2
_IS_TEXT = r'^="([^"]*)"$'


def text_of(cell: str) -> str:
    """What a spreadsheet program shows of a cell of a CSV that is a formula with nothing but a text: ="0119" keeps the
    zero of a number, and many programs write it."""
    return re.sub(_IS_TEXT, r"\1", cell)


def with_texts(table: pa.Table) -> pa.Table:
    """The columns of a table (`rows.schema`) with such formulas as their texts, null where these are blank."""
    for place, name in enumerate(table.column_names):
        column = table[name]
        if name[0] == "c" and pc.any(pc.starts_with(column, '="')).as_py():
            texts = pc.replace_substring_regex(column, _IS_TEXT, r"\1")
            texts = pc.if_else(pc.equal(texts, ""), None, texts)
            table = table.set_column(place, table.schema.field(name), texts)
    return table
