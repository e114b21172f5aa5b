"""Sheets that are small in their file and huge in memory: two cells far apart, or one row repeated a million times.

python-calamine lays a sheet out as a full grid, so its area is worked out from the XML before it is opened.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from lead_store.errors import Unreadable

MOST_EMPTY_CELLS = 28_000_000
"""Every row of Excel up to column Z; at 24 bytes each that is 650 MB."""

MOST_REPEATED_CELLS = 1_000_000
"""Filled cells that the file writes once and the sheet has many times, as a tick box pulled down to its end."""

MOST_REPEATED_BYTES = 256 * 1024 * 1024
"""Texts that the file writes once and the sheet has many times."""

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
"""Of any sheet: no program has more."""

_DENSE = 8
"""A grid of up to this many times the cells written out is a normal, sparsely filled sheet."""

_PIECE_BYTES = 1024 * 1024
_OVERLAP_BYTES = 4096

# Programs write r="B7"; another way to write it is read as XML allows, which takes longer.
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d{1,9})"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,9})\d')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br\s*=\s*["\']([A-Z]{1,9})(\d{1,19})["\'][^>]*(?<!/)>')
_UNUSUAL = re.compile(rb"r(?:\s*=\s*'|\s+=|=\s)")
_ODS_TAG = re.compile(
    rb"<(?:\w+:)?(?:covered-)?(table-cell)\b([^>]*?)(/>|></|>)|<(/?)(?:\w+:)?(table-row|table)(?![\w:-])([^>]*?)(/?)>"
)
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def require_dense_sheet(open_part: Callable[[], IO[bytes]]) -> None:
    """Raises Unreadable (file_expands) for the XML of an XLSX sheet whose cells span a far larger grid."""
    with open_part() as part:
        grid = _rough_grid(part)
    if grid is None or grid.area > MOST_EMPTY_CELLS or grid.columns > LAST_COLUMN:
        # Formats and row heights may reach to the end of the sheet; only cells with something in them are laid out.
        with open_part() as part:
            grid = _exact_grid(part)
        if grid.columns > LAST_COLUMN or grid.last_row > LAST_ROW:
            raise _spans_too_much(grid.area)
        _require_area(grid.area, grid.cells)


@dataclass
class _XlsxGrid:
    """The grid that the cells of a sheet span, and how many cells are written out."""

    first_row: int = 1 << 30
    last_row: int = 0
    columns: int = 0
    cells: int = 0

    @property
    def area(self) -> int:
        return max(0, self.last_row - self.first_row + 1) * self.columns

    def add_row(self, row: int) -> None:
        self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)


def _rough_grid(part: IO[bytes]) -> _XlsxGrid | None:
    """An upper bound, at a tenth of the cost of looking at every cell; None where that cannot be told."""
    grid = _XlsxGrid(columns=26)
    for text in pieces(part):
        for row in _ROW.findall(text):
            grid.add_row(int(row))
        if _FAR_COLUMN.search(text):
            grid.columns = max(grid.columns, *(column_number(letters) for letters in set(_FAR_COLUMN.findall(text))))
        if _UNUSUAL.search(text) or _cells_below(grid.last_row).search(text):
            return None
    return grid


def _cells_below(row: int) -> re.Pattern[bytes]:
    """Cells below the row: they say themselves where they are, whatever row they stand in."""
    digits = str(row)
    greater = [rf"\d{{{len(digits) + 1}}}"]
    for at, digit in enumerate(digits):
        if digit != "9":
            greater.append(rf"{digits[:at]}[{int(digit) + 1}-9]\d{{{len(digits) - at - 1}}}")
    return re.compile(rf' r="[A-Z]{{1,9}}(?:{"|".join(greater)})'.encode())


def _exact_grid(part: IO[bytes]) -> _XlsxGrid:
    grid = _XlsxGrid()
    for text in pieces(part):
        found = _FILLED_CELL.findall(text)
        grid.cells += len(found)
        for row in {row for _, row in found}:
            grid.add_row(int(row))
        grid.columns = max([grid.columns, *(column_number(letters) for letters in {letters for letters, _ in found})])
    return grid


def pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The part piece by piece, each with the end of the one before, so that no tag is missed where it is cut."""
    rest = b""
    while piece := part.read(_PIECE_BYTES):
        yield rest + piece
        rest = piece[-_OVERLAP_BYTES:]


@dataclass
class _OdsGrid:
    """The grid of one ODS table, as far as it has been read."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    row_repeats: int = 1
    row_columns: int = 0
    column: int = 0
    row_filled: int = 0
    filled: int = 0
    cell_start: int = 0
    cell_repeats: int = 0
    row_bytes: int = 0
    repeated_bytes: int = 0

    def start_row(self, repeats: int) -> None:
        self.row_repeats, self.row_columns, self.column, self.row_filled, self.row_bytes = repeats, 0, 0, 0, 0

    def add_cell(self, repeats: int, start: int, *, is_filled: bool) -> None:
        self.column += repeats
        self.cells += 1
        if is_filled:
            self.row_filled += repeats
            self.row_columns = self.column
            self.cell_start, self.cell_repeats = start, repeats

    def end_cell(self, end: int) -> None:
        """At whatever tag comes next: how large the cell was is known now."""
        self.row_bytes += (end - self.cell_start) * self.cell_repeats
        self.cell_repeats = 0

    def end_row(self) -> None:
        """Blank rows count once something follows them; a filled row counts as often as it is repeated."""
        self.rows += self.row_repeats
        if self.row_filled:
            self.columns = max(self.columns, self.row_columns)
            self.filled += self.row_filled * self.row_repeats
            _require_area(self.rows * self.columns, self.cells)
            _require_area(self.filled, self.cells, MOST_REPEATED_CELLS)
            self.repeated_bytes += self.row_bytes * (self.row_repeats - 1)
            if self.repeated_bytes + self.row_bytes > MOST_REPEATED_BYTES:
                raise refuse_expansion(self.repeated_bytes + self.row_bytes)


def require_dense_tables(part: IO[bytes]) -> None:
    """Raises Unreadable (file_expands) for an ODS content whose repeated rows and cells make a far larger grid.

    Raises ExpatError where a tag is not closed: calamine would look for its end for ever.
    """
    grid, parser = _OdsGrid(), expat.ParserCreate()
    rest, offset = b"", 0
    while piece := part.read(_PIECE_BYTES):
        parser.Parse(piece, False)
        text = rest + piece
        # A tag that is cut by the end of the piece is read with the next one; so is one whose content is not seen yet.
        end = text.rfind(b">", 0, -2) + 1
        for match in _ODS_TAG.finditer(text, 0, end + 2):
            grid = _with_tag(grid, match, offset)
        rest, offset = text[end:], offset + end
    parser.Parse(b"", True)


def _with_tag(grid: _OdsGrid, match: re.Match[bytes], offset: int) -> _OdsGrid:
    cell, of_cell, end_of_cell, closing, name, attributes, is_empty = match.groups()
    if grid.cell_repeats:
        grid.end_cell(offset + match.start())
    if cell:
        grid.add_cell(_repeats(of_cell), offset + match.end(), is_filled=end_of_cell == b">")
    elif name == b"table":
        return _OdsGrid()
    else:
        if not closing:
            grid.start_row(_repeats(attributes))
        if closing or is_empty:
            grid.end_row()
    return grid


def _repeats(attributes: bytes) -> int:
    repeated = _ODS_REPEATED.search(attributes)
    return int(repeated.group(1)) if repeated else 1


def _require_area(area: int, cells: int, most: int = MOST_EMPTY_CELLS) -> None:
    if area > max(most, cells * _DENSE):
        raise _spans_too_much(area)


def _spans_too_much(area: int) -> Unreadable:
    return Unreadable(
        "The sheet spans millions of empty or repeated cells, so it was not opened. "
        "Copy the filled part to a new sheet, save it, and upload that file.",
        code="file_expands",
        cells=area,
    )


def refuse_expansion(expanded: int) -> Unreadable:
    """The error of a file that comes to so many bytes once it is unpacked and laid out."""
    return Unreadable(
        "The file expands to far more than a spreadsheet needs, so it was not opened. "
        "Save it again in a spreadsheet program, or upload it as CSV.",
        code="file_expands",
        expanded=expanded,
    )
