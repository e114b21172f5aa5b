"""Heads: what is judged of a file before all of it is read, by `texts.head` or `sheets`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import ROWS_LOOKED_AT, HeaderFound, Row


@dataclass
class Head:
    """The first filled rows of a file and what was judged from them, with the evidence in sentences."""

    dialect: Dialect
    rows: list[Row]
    header: HeaderFound
    sheets: tuple[str, ...] = ()
    rows_of_sheets: dict[str, list[Row]] = field(default_factory=dict)
    """The first filled rows of each sheet."""
    evidence: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Evidence that asks for a look."""
    in_question: list[str] = field(default_factory=list)
    """As of `Inspection`."""


def first_filled(rows: Iterable[Row]) -> list[Row]:
    """The first rows that hold anything."""
    return list(islice((row for row in rows if any(row[1])), ROWS_LOOKED_AT))


def without_margin(cells: Sequence[str]) -> Sequence[str]:
    """The cells up to the last filled one: a sheet is as wide as the cell farthest to the right, wherever that is."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def contact_likeness(rows: Sequence[Row], header: HeaderFound) -> float:
    """Header words tell most, then e-mails and phones; a table of a few rows is more often a cover or a legend."""
    below = len(rows) - 1
    reaches = [any(kind_of(cell) in (Kind.EMAIL, Kind.PHONE) for cell in cells) for _, cells in rows]
    likeness = 2 * header.vocabulary + 2 * sum(reaches) / len(reaches)
    return likeness + (header.row_number is not None) + min(below, 20) / 20
