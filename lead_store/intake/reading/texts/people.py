"""Texts that hold people one after the other, as cards or in lines of their own, and no table."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import BinaryIO

SHEET = "Contacts"


class PeopleInText(ABC):
    """The people of a file, as `Workbook` has sheets; `encoding` is a Python codec name."""

    def __init__(self, file: BinaryIO, encoding: str | None) -> None:
        self._file, self._encoding = file, encoding

    def visible_sheets(self) -> tuple[str, ...]:
        """The one there is."""
        return (SHEET,)

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """A header row, and a row for each person. Raises Unreadable (file_damaged)."""
        assert name == SHEET
        yield from enumerate(self._rows(), start=1)

    @abstractmethod
    def _rows(self) -> Iterable[list[str]]:
        """The header's cells, and those of each person."""
