"""Whether a sheet has formulas whose results were not saved with it. What is saved is read by calamine."""

import re
import zipfile
from typing import BinaryIO

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
