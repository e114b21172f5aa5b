"""How the rows of a file end: whether those that are too short are damaged, or lack nothing but blank cells."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lead_store.intake.problems import Code

FEWEST_SHORT_ROWS = 3

EXCEL_BLOCK_ROWS = 16
"""Excel saves text in blocks of as many rows, and ends the rows of each at the last column that any of them fills.
Source: Microsoft, "Column delimiters are missing in an Excel spreadsheet that is saved as text" (KB 77295)."""

_TO_THE_LAST_FILLED = "Rows end at their last filled cell, so shorter rows are complete."
_NEVER_REACHED = "No row reaches the last column, so what is missing at the end of rows is blank."
_IN_BLOCKS = "Rows are short by sixteens, as Excel saves a sheet whose last columns are blank there: they are complete."


@dataclass
class Endings:
    """Counts of rows, gathered table by table in the order of the file."""

    whole: int = 0
    """Rows without a problem, and of these the ones whose last cell is filled."""
    filled_last: int = 0
    short: int = 0
    """Rows that are too short and have two filled cells at least; a lone cell is a note or a total."""
    is_mixed: bool = False
    """Whether a block of Excel's holds whole rows and short ones."""
    _last_whole: int = -1
    _last_short: int = -2

    def add(self, table: pa.Table, good: pa.Table) -> None:
        """The rows of the next table, and those of them that have no problem."""
        self.whole += good.num_rows
        self.filled_last += good.num_rows - good.columns[-1].null_count
        short = _short_rows(table) if good.num_rows < table.num_rows else table.slice(0, 0)
        self.short += short.num_rows
        if not self.is_mixed:
            self.is_mixed = self._meets(good, short)

    @property
    def complete_because(self) -> str | None:
        """Why the writer of the file is known to leave out blank cells at the end of a row; None where it is not."""
        if self.short < FEWEST_SHORT_ROWS:
            return None
        if not self.whole:
            return _NEVER_REACHED
        if self.filled_last == self.whole:
            return _TO_THE_LAST_FILLED
        return None if self.is_mixed else _IN_BLOCKS

    def _meets(self, good: pa.Table, short: pa.Table) -> bool:
        """Whether whole rows and short ones have a block in common, the last of earlier tables counted in."""
        whole, missing = _blocks(good, self._last_whole), _blocks(short, self._last_short)
        self._last_whole, self._last_short = int(whole[-1]), int(missing[-1])
        return bool(np.isin(missing, whole).any())


def _short_rows(table: pa.Table) -> pa.Table:
    short = table.filter(pc.equal(table["problem"], Code.ROW_TOO_SHORT.value))
    return short.filter(short["c1"].is_valid()) if "c1" in short.column_names else short.slice(0, 0)


def _blocks(table: pa.Table, last: int) -> NDArray[np.int64]:
    numbers = table["row_number"].combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)
    return np.concatenate([[last], (numbers - 1) // EXCEL_BLOCK_ROWS])
