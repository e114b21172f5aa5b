"""Texts that an XLSX writes once and shows in many cells: a megabyte in each of 20,000 cells is 20 GB from 200 KB.

How much they come to is worked out from the XML before the workbook is opened.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

import numpy as np

from lead_store.intake.reading.workbooks.expansion import MOST_REPEATED_BYTES, pieces, refuse_expansion

_SMALLEST_CELL = len('<c t="s"><v>1</v></c>')
_DENSE = 8
"""Texts that are shown up to this many times as often as they are written are normal."""

_MOST_ANNOUNCED = 1_000_000
_ANNOUNCED = re.compile(rb"""\b(?:uniqueC|c)ount\s*=\s*["'](\d+)""")

_PIECE_BYTES = 1024 * 1024
_LONGEST_TAG = 64
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_NUMBER_OF_TEXT = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v\b[^>]*>\s*(\d{1,9})""")
# Among comments, a cell may be written in any way.
_ANY_NUMBER = re.compile(rb">\s*(\d{1,9})\s*<")


def require_modest_texts(archive: zipfile.ZipFile) -> None:
    """Raises Unreadable (file_expands) where the texts in the cells of a sheet come to far more than is written."""
    texts = next((info for info in archive.infolist() if info.filename.lower().endswith("sharedstrings.xml")), None)
    if texts is None:
        return
    with archive.open(texts) as part:
        announced = max(map(int, _ANNOUNCED.findall(part.read(_PIECE_BYTES))), default=0)
    with archive.open(texts) as part:
        sizes = _sizes_of_texts(part)
    # calamine takes memory for as many as are announced.
    if announced > max(_MOST_ANNOUNCED, _DENSE * len(sizes)):
        raise refuse_expansion(announced)
    for sheet in archive.infolist():
        limit = max(MOST_REPEATED_BYTES, _DENSE * (texts.file_size + sheet.file_size))
        if not sheet.filename.endswith(".xml") or sheet.file_size // _SMALLEST_CELL * sizes.max() <= limit:
            continue
        with archive.open(sheet) as part:
            shown = sum(int(sizes[numbers].sum()) for numbers in _numbers_of_texts(part, len(sizes)))
        if shown > limit:
            raise refuse_expansion(shown)


def _sizes_of_texts(part: IO[bytes]) -> np.ndarray:
    """Bytes of each text with its tags, by number; behind them those of whatever follows."""
    ends, offset, rest = [np.zeros(1, np.int64)], 0, b""
    while piece := part.read(_PIECE_BYTES):
        text = rest + piece
        found = np.fromiter((found.end() for found in _END_OF_TEXT.finditer(text)), np.int64)
        ends.append(found + offset)
        kept = max(0, len(text) - _LONGEST_TAG, *found[-1:])
        offset, rest = offset + kept, text[kept:]
    return np.diff(np.concatenate([*ends, [offset + len(rest)]]))


def _numbers_of_texts(sheet: IO[bytes], count: int) -> Iterator[np.ndarray]:
    for text in pieces(sheet):
        pattern = _ANY_NUMBER if b"<!--" in text else _NUMBER_OF_TEXT
        numbers = np.array(pattern.findall(text), dtype="S9").astype(np.int64)
        yield numbers[numbers < count]
