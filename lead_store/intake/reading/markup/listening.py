"""What gathers the rows of tables while a parser of markup goes through a file, piece by piece."""

from lead_store.intake.reading.workbooks.expansion import MOST_EMPTY_CELLS, refuse_expansion

LONGEST_TEXT = 4 * 1024 * 1024

Found = tuple[str, int, list[str]]
"""The name of a table, the number of a row in it, and its cells."""


class Listener:
    """Gathers the rows that a parser comes past."""

    def __init__(self) -> None:
        self.ended: set[str] = set()
        """Names of the tables that have no further rows."""
        self.found: list[Found] = []
        self._blank = 0

    def take(self) -> list[Found]:
        """The rows that are complete, once."""
        found, self.found = self.found, []
        return found

    def comment(self, text: str) -> None:
        """Nothing that people see."""

    def leave_blank(self, cells: int) -> list[str]:
        """Cells that the file has by a number alone. Raises Unreadable (file_expands) where there are too many."""
        self.allow_blank(cells)
        return [""] * cells

    def allow_blank(self, cells: int) -> None:
        """As `leave_blank`, for cells that are made later."""
        self._blank += cells
        if self._blank > MOST_EMPTY_CELLS:
            raise refuse_expansion(self._blank)


def count_of(told: str | None, most: int, least: int = 1) -> int:
    """A whole number that a file tells, within what a sheet has."""
    digits = (told or "").strip()
    return min(max(int(digits), least), most) if digits.isdecimal() and len(digits) < 10 else least
