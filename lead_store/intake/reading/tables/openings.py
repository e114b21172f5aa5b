"""Rows that may be headers of further tables, found while a whole file is gone through."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.header_words import header_words_in

LEAST_VOCABULARY = 0.6
TITLE_ROWS = 3
_MOST_ASKED = 2_000
"""Rows that are asked whether they are a header: where more look so from afar, nothing can be told from afar."""
_TELLING_ROWS, _TELLING_SHARE = 200, 0.8
_FIGURES = r"[0-9@]"


@dataclass
class Openings:
    """Rows that may be headers of further tables, gathered table by table in the order of the file.

    Asked are rows below a blank one, and those with a mere text where a column has numbers or e-mails.
    """

    header: Sequence[str]
    last_row: int
    """Of the rows seen so far: at first, the header's."""
    found: list[int] = field(default_factory=list)
    _asked: int = 0
    _telling: int | None = None
    _is_first: bool = True
    _present: Sequence[str] = ()

    def add(self, table: pa.Table) -> None:
        """The rows of the next table."""
        if not table.num_rows:
            return
        cells = table.select(table.column_names[3:])
        if self._is_first:
            self._telling = _telling_column(cells.slice(0, _TELLING_ROWS))
            self._present = self.header
        numbers = table["row_number"].combine_chunks().to_numpy(zero_copy_only=False)
        places = self._places(cells, numbers)
        self._asked += len(places)
        if self._asked > _MOST_ASKED:
            self.found, places = [], places[:0]
        for place, row in zip(places, cells.take(places).to_pylist(), strict=True):
            texts = [(text or "").strip() for text in row.values()]
            # Right below the header stands the rest of it, and no table yet.
            is_right_below = self._is_first and place == 0
            if not is_right_below and is_heading(texts) and not is_same(texts, self._present):
                self.found.append(int(numbers[place]))
                self._present = texts
        self.last_row = int(numbers[-1])
        self._is_first = False

    def _places(self, cells: pa.Table, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        is_below_gap = np.diff(numbers, prepend=self.last_row) > 1
        asked = is_below_gap.copy()
        for titles in range(1, TITLE_ROWS):
            asked[titles:] |= is_below_gap[:-titles]
        if self._telling is not None:
            has_figures = pc.match_substring_regex(cells.column(self._telling), _FIGURES)
            asked |= ~pc.fill_null(has_figures, True).to_numpy()
        return np.flatnonzero(asked)


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a row's cells are different labels, most of them of words that headers use."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len({cell.casefold() for cell in filled}) < len(filled):
        return False
    if any(kind_of(cell) not in (Kind.LABEL, Kind.CODE) for cell in filled):
        return False
    return sum(map(header_words_in, filled)) >= LEAST_VOCABULARY * len(filled)


def is_same(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether each filled cell says what the header says there."""
    there = [*(cell.strip().casefold() for cell in header), *[""] * len(cells)]
    return all(not cell or cell.casefold() == there[place] for place, cell in enumerate(cells))


def _telling_column(cells: pa.Table) -> int | None:
    """The column filled most of those whose values have figures, or are e-mails."""
    best, most = None, 0
    for place, column in enumerate(cells.columns):
        filled = column.drop_null()
        telling = pc.sum(pc.match_substring_regex(filled, _FIGURES)).as_py() or 0
        if telling > most and telling >= _TELLING_SHARE * len(filled):
            best, most = place, telling
    return best
