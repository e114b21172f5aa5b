"""Heads: what is judged of a file before all of it is read, by `text_head` or `workbook_head`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import ROWS_LOOKED_AT, HeaderFound, Row
from lead_store.intake.reading.texts.encodings import detect_encoding, known_encoding


@dataclass
class Head:
    """The first filled rows of a file and what was judged from them, with the evidence in sentences."""

    dialect: Dialect
    rows: list[Row]
    header: HeaderFound
    sheets: tuple[str, ...] = ()
    evidence: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Evidence that asks for a look."""
    in_question: list[str] = field(default_factory=list)
    """As of `Inspection`."""


def first_filled(rows: Iterable[Row]) -> list[Row]:
    """The first rows that hold anything."""
    return list(islice((row for row in rows if any(row[1])), ROWS_LOOKED_AT))


def encoding_of(file: BinaryIO, fixed: Mapping[str, Any]) -> tuple[str, str]:
    """The encoding of a text, and why. Raises Unreadable for one that the user chose and that is none."""
    if fixed.get("encoding"):
        return known_encoding(fixed["encoding"]), "The encoding was chosen by you."
    return detect_encoding(file)
