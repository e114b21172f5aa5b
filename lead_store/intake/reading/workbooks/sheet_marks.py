"""What the XML of a sheet tells beside its cells, for people to know: formulas without results, rows out of sight."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape

from lead_store.intake.reading.workbooks.large_sheets import part_of_sheet

# Programs write all their formulas alike, and a filter hides rows everywhere: the first few thousand rows tell.
_BYTES_LOOKED_AT = 4 * 1024 * 1024

# A result that is an empty text has a type, and is saved; Excel and LibreOffice leave no result out.
_WITHOUT_RESULT = re.compile(rb"<c\b(?![^>]*\bt=)[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_HIDDEN_ROW = {
    "xlsx": re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"[^>]*(?<!/)>'),
    "ods": re.compile(rb'<table:table-row\b[^>]*\btable:visibility="(?:filter|collapse)"[^>]*(?<!/)>'),
}
_ROW_END = {"xlsx": b"</row>", "ods": b"</table:table-row>"}
_VALUE = {"xlsx": re.compile(rb"<(?:v|is)\b"), "ods": re.compile(rb"<text:p\b")}
_LONGEST_ROW = 20_000

UNSAVED = (
    "Some cells hold formulas whose results were not saved in the file, so they read as blank. Open it in a "
    "spreadsheet program, save it, and upload it again."
)
HIDDEN = (
    "Some rows are hidden in the sheet, by a filter or by hand. They are read like all others: delete them there if "
    "they are not to be imported."
)


def marks_of(file: BinaryIO, kind: str, sheet: str) -> Iterator[str]:
    """A sentence for each mark of the sheet; none for kinds of files that are no XML."""
    if kind not in ("xlsx", "ods"):
        return
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        text = _head_of_xlsx(archive, sheet) if kind == "xlsx" else _head_of_ods(archive, sheet)
    if kind == "xlsx" and _WITHOUT_RESULT.search(text):
        yield UNSAVED
    if _hides_values(text, kind):
        yield HIDDEN


def _hides_values(text: bytes, kind: str) -> bool:
    """Rows that hold nothing are hidden to make a sheet look short, and nobody misses them."""
    for row in _HIDDEN_ROW[kind].finditer(text):
        start, stop = row.end(), row.end() + _LONGEST_ROW
        end = text.find(_ROW_END[kind], start, stop)
        if _VALUE[kind].search(text, start, stop if end < 0 else end):
            return True
    return False


def _head_of_xlsx(archive: zipfile.ZipFile, sheet: str) -> bytes:
    part = part_of_sheet(archive, sheet)
    if part is None:
        return b""
    with archive.open(part) as stream:
        return stream.read(_BYTES_LOOKED_AT)


def _head_of_ods(archive: zipfile.ZipFile, sheet: str) -> bytes:
    """All sheets stand one after the other in the same part."""
    with archive.open("content.xml") as stream:
        text = stream.read(_BYTES_LOOKED_AT)
    start = text.find(f'table:name="{escape(sheet, {chr(34): "&quot;"})}"'.encode())
    return text[start:].partition(b"</table:table>")[0] if start >= 0 else b""
