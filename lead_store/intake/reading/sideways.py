"""Tables that stand on their side: each column is a person, and the first one holds the headers."""

from collections.abc import Sequence

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.header import ROWS_LOOKED_AT, Row
from lead_store.intake.reading.header_words import header_words_in
from lead_store.intake.reading.tables.openings import is_heading

SIDEWAYS = (
    "People seem to stand side by side, each in a column. Turn the table (in a spreadsheet program: copy it, Paste"
    " Special, Transpose), and upload it again."
)
_FEWEST_PEOPLE = 2
_REACHES = (Kind.EMAIL, Kind.PHONE)


def is_sideways(rows: Sequence[Row]) -> bool:
    """Whether the first cells of all rows are headers, and what stands beside some of them are phones or e-mails."""
    filled = [[cell.strip() for cell in cells] for _, cells in rows if any(cells)]
    if not 2 <= len(filled) < ROWS_LOOKED_AT or not is_heading([cells[0] for cells in filled]):
        return False
    values = [[cell for cell in cells[1:] if cell] for cells in filled]
    # The first row of a table that stands upright is full of header words as well.
    if not values[0] or any(map(header_words_in, values[0])):
        return False
    return any(
        len(row) >= _FEWEST_PEOPLE and sum(kind_of(cell) in _REACHES for cell in row) * 2 > len(row) for row in values
    )
