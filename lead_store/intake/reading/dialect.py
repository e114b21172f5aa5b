"""How a file is to be read (Dialect) and what was seen in it (Column, Inspection). Detects nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class CellRange(NamedTuple):
    """Rows and columns of a sheet, numbered from 1, the last ones included; None where it goes on to the end."""

    first_row: int
    last_row: int | None = None
    first_column: int = 1
    last_column: int | None = None


class SheetHead(NamedTuple):
    """A sheet of several with the same columns, and the row of its header."""

    name: str
    header_row: int


@dataclass(frozen=True)
class Dialect:
    """Everything needed to read a file the same way again. Fields that a format does not have are None."""

    format: str
    """`csv` (text with any delimiter), `xlsx`, `xls`, `ods`, `html` (a web page's table), `xml` (Excel 2003's) or
    `vcf` (vCards), `txt` (lines such as "Name: Ana")."""
    encoding: str | None = None
    """A Python codec name, such as `utf-8` or `windows-1252`."""
    delimiter: str | None = None
    """One character; for text in one column, one that does not occur in it. Of a sheet, where lines in its cells are
    cut."""
    quote: str | None = None
    escape: str | None = None
    """Character that takes the meaning from the quote after it; doubled quotes work always."""
    skips_initial_space: bool = False
    """Whether blanks between a delimiter and an opening quote belong to the file's layout."""
    header_row: int | None = None
    """Row number as Excel shows it; None where the file has no header."""
    sheet: str | None = None
    sheets_as_one: tuple[SheetHead, ...] = ()
    """It and others that are read one after the other; their names are then the last column."""
    cell_range: CellRange | None = None
    """Where the table lies that is read, of several in the sheet; None where all is one table."""
    member: str | None = None
    """Name of the file inside a ZIP or GZIP."""
    width: int = 0
    """Number of columns, those beside the table's included; 0 where it is not known yet."""
    unwraps_lines: bool = False
    """Whether each line was quoted as a whole, as programs do that took it for one cell."""
    breaks_at: str | None = None
    """What stands between the people of a list in one long line; a line of its own begins after each."""
    cuts: tuple[int, ...] = ()
    """Where the second and each further column begins, in characters, in a text whose columns are aligned by blanks."""
    formulas_are_texts: bool = False
    """Whether formulas that are nothing but a text, as in ="0119", stand for that text."""
    drops_trailing_blanks: bool = False
    """Whether the program that wrote the file leaves out blank cells at the end of a row."""

    def to_json(self) -> dict[str, Any]:
        """The dialect with camelCase keys, as CONTRACTS shows them to the user."""
        return {_camel(own.name): getattr(self, own.name) for own in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Dialect":
        """The inverse of to_json; keys it does not know are left alone."""
        known = {_camel(own.name): own.name for own in fields(cls)}
        told = {known[key]: value for key, value in values.items() if key in known}
        cell_range = told.get("cell_range")
        read = {
            "cuts": tuple(told.get("cuts") or ()),
            "cell_range": CellRange(*cell_range) if cell_range else None,
            "sheets_as_one": tuple(SheetHead(*sheet) for sheet in told.get("sheets_as_one") or ()),
        }
        return cls(**{**told, **read})

    @property
    def columns_read(self) -> int:
        """Number of the table's columns."""
        if self.cell_range is None or self.cell_range.last_column is None:
            return self.width
        return self.cell_range.last_column - self.cell_range.first_column + 1

    def changed(self, **values: Any) -> "Dialect":
        """The same dialect with these fields set."""
        return replace(self, **values)


@dataclass(frozen=True)
class Column:
    """A column with the header that people see.

    Attributes:
        values: filled cells from all over the file, by which it is judged and of which people are shown some.
        tally: the count of each value over all rows without a problem; None where too many are different.
    """

    index: int
    header: str
    values: tuple[str, ...]
    tally: Mapping[str, int] | None = None


@dataclass(frozen=True)
class PreviewRow:
    """A data row at the head of the file, numbered as Excel numbers it."""

    row_number: int
    cells: tuple[str | None, ...]
    problem: str | None = None


@dataclass(frozen=True)
class Inspection:
    """What was seen: how the file would be read, its columns, and the evidence in plain sentences."""

    dialect: Dialect
    sheets: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int
    """Data rows of the whole file, those with a problem included."""
    evidence: tuple[str, ...]
    warnings: tuple[str, ...]
    """Those sentences of the evidence that ask for a look, such as which rows cannot be used."""
    preview: tuple[PreviewRow, ...]
    tables: Mapping[CellRange, str] = field(default_factory=dict)
    """Where tables lie, of several in the sheet, each with what it is shown as."""
    left_out: str | None = None
    """Which of these, or of the sheets, are not read, in a sentence."""
    in_question: tuple[str, ...] = ()
    """Fields of the dialect that most files give no reason to judge, and this one does."""
