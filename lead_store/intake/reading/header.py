"""Rows at the head of a table -> which of them is the header row, with the reason. Reads no file."""

from collections.abc import Sequence


def find_header(rows: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """The number of the header row."""
    for number, cells in rows:
        if any(cells):
            return number
    return None
