"""Workbooks that calamine refuses though spreadsheet programs open them, written anew in a way that it reads.

What a cell means stays calamine's judgement. Writing anew takes many times as long as reading, so it is for small
workbooks: larger ones come from programs that many people use, and whose files calamine knows.
"""

import importlib
import io
import re
import warnings
import zipfile
from typing import BinaryIO

from lead_store.errors import Unreadable
from lead_store.intake.reading.archives import require_honest_workbook

LARGEST_BYTES = 24 * 1024 * 1024
"""Of all parts together: some 50,000 rows."""

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
# Between the tags of rows, cells and paragraphs nothing counts, while "<span>Ana</span> <span>Lima</span>" is a text.
_BETWEEN_TAGS = re.compile(rb">\s+(?=</?(?:table|office):|<text:p\b)|(?<=</text:p>)\s+(?=<)")


def written_anew(file: BinaryIO, kind: str) -> BinaryIO | None:
    """The same workbook for another try; None where there is no way to write it.

    Raises:
        Unreadable: file_expands.
    """
    write = {"xlsx": _xlsx, "ods": _ods}.get(kind)
    if write is None:
        return None
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST_BYTES:
                return None
            anew = write(archive)
    except Unreadable:
        raise
    except Exception:  # Of a damaged workbook, openpyxl and what it is built on raise anything.
        return None
    if anew is not None:
        require_honest_workbook(anew)
    return anew


def _xlsx(archive: zipfile.ZipFile) -> BinaryIO | None:
    """By openpyxl, which asks less of a workbook: not that each merge names its cells, nor that parts are in UTF-8."""
    openpyxl = importlib.import_module("openpyxl")  # Few files need it.
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of styles and extensions that it leaves out.
        source = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True, keep_links=False)
        # All is read before anything is written: openpyxl cannot leave a sheet half done.
        sheets = [(sheet, list(sheet.iter_rows(values_only=True))) for sheet in source.worksheets]
        anew = openpyxl.Workbook(write_only=True)
        for sheet, rows in sheets:
            written = anew.create_sheet(sheet.title)
            written.sheet_state = sheet.sheet_state
            for row in rows:
                written.append(row)
        anew.save(target)
    return target if any(any(row) for _, rows in sheets for row in rows) else None


def _ods(archive: zipfile.ZipFile) -> BinaryIO:
    """Without the line breaks that some programs put between cells, and with the type that others leave out."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as anew:
        anew.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        for info in archive.infolist():
            part = archive.read(info)
            if info.filename == "content.xml":
                part = _BETWEEN_TAGS.sub(lambda found: found.group().rstrip(), part)
            if info.filename != "mimetype":
                anew.writestr(info.filename, part)
    return target
