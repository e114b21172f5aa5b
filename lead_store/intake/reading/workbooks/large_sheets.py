"""A large XLSX sheet -> the same rows in flat memory.

python-calamine holds a whole sheet, 17 times the size of the file at a million rows. Its reading of cells is not to
be had in parts, so the file is: the sheet's XML is cut between rows, and each cut is read as a workbook of its own,
with the styles and texts of the first. What a cell means is thus calamine's judgement at any size.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO
from xml.etree import ElementTree

import python_calamine as calamine

LARGE_SHEET_BYTES = 64 * 1024 * 1024
CUT_BYTES = 12 * 1024 * 1024

_READ_BYTES = 1024 * 1024
_SHEET_START = re.compile(rb"<sheetData(?:\s[^>]*)?>")
_ROW_END = b"</row>"
_CLOSING = b"</sheetData></worksheet>"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK = "xl/workbook.xml"


def sheet_in_cuts(file: BinaryIO, sheet: str) -> Iterator[calamine.CalamineSheet] | None:
    """The sheet cut between rows, row numbers kept; None where it is small, or laid out in a way that is not cut."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        part = part_of_sheet(archive, sheet)
        if part is None or archive.getinfo(part).file_size < LARGE_SHEET_BYTES:
            return None
        with archive.open(part) as stream:
            head = stream.read(256 * 1024)
    start = _SHEET_START.search(head)
    # Rows may leave their number out and be counted instead; a cut would count from one again.
    if start is None or b"<row " not in head or not re.match(rb'<row [^>]*\br="', head[head.index(b"<row ") :]):
        return None
    return _cuts(file, part, sheet)


def part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the sheet's XML part, where the workbook has the usual layout."""
    relations = "xl/_rels/workbook.xml.rels"
    if not {_WORKBOOK, relations} <= set(archive.namelist()):
        return None
    targets = {
        element.get("Id"): element.get("Target", "") for element in ElementTree.fromstring(archive.read(relations))
    }
    for element in ElementTree.fromstring(archive.read(_WORKBOOK)).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION)) or ""
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            return part if part in archive.namelist() else None
    return None


def _cuts(file: BinaryIO, part: str, sheet: str) -> Iterator[calamine.CalamineSheet]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        shared = archive.getinfo("xl/sharedStrings.xml").file_size if _has_shared_texts(archive) else 0
        # Every cut parses the shared texts again, so a cut is at least as large as they are.
        size = max(CUT_BYTES, shared)
        with archive.open(part) as stream:
            for rows in _row_ranges(stream, size):
                yield _workbook_of(archive, part, rows).get_sheet_by_name(sheet)


def _has_shared_texts(archive: zipfile.ZipFile) -> bool:
    return "xl/sharedStrings.xml" in archive.namelist()


def _row_ranges(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """The sheet's XML, again and again with its own beginning and the next rows."""
    buffer = bytearray()
    beginning: bytes | None = None
    while piece := stream.read(_READ_BYTES):
        buffer += piece
        if beginning is None and (start := _SHEET_START.search(buffer)):
            beginning = bytes(buffer[: start.end()])
            del buffer[: start.end()]
        if beginning is not None and len(buffer) >= size:
            end = buffer.rfind(_ROW_END) + len(_ROW_END)
            if end >= len(_ROW_END):
                yield b"".join((beginning, buffer[:end], _CLOSING))
                del buffer[:end]
    if beginning is not None:
        yield beginning + bytes(buffer)


def _workbook_of(archive: zipfile.ZipFile, part: str, rows: bytes) -> calamine.CalamineWorkbook:
    """The same workbook with only these rows; other sheets are left out, since calamine opens what it is asked for."""
    cut = io.BytesIO()
    with zipfile.ZipFile(cut, "w", zipfile.ZIP_STORED) as target:
        for info in archive.infolist():
            if info.filename == part:
                target.writestr(info.filename, rows)
            elif not info.filename.startswith(("xl/worksheets/", "xl/media/")) or info.filename.endswith(".rels"):
                target.writestr(info.filename, archive.read(info))
    del rows
    cut.seek(0)
    return calamine.CalamineWorkbook.from_filelike(cut)
