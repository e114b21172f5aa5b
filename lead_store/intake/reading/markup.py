"""Tables in markup: web pages and XML that programs write under the name of a workbook -> rows of text.

Excel opens both, so many programs export nothing else. A web page may hold several tables, some of them for its
layout; they count as sheets. The XML is Excel 2003's (SpreadsheetML); no other is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from lxml import etree

from lead_store.intake.reading.expansion import LAST_COLUMN, LAST_ROW, MOST_EMPTY_CELLS, refuse_expansion
from lead_store.intake.reading.rehearsing import damaged
from lead_store.intake.reading.text import TextBlocks
from lead_store.intake.reading.values import as_seen, number_as_seen

KINDS = ("html", "xml")
"""Of `kinds`, and formats of a dialect."""

MOST_TABLES = 20
"""Of a page that are offered, the longest: a page with more has one for each person."""

_HEAD_ROWS = 400
"""Of each table, kept once all were gone through: who looks at the first rows alone of many has them at once."""
_LONGEST_TEXT = 4 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024
_BREAKS = frozenset(("br", "p", "div", "li"))
_UNSEEN = frozenset(("script", "style"))

Found = tuple[str, int, list[str]]
"""The name of a table, the number of a row in it, and its cells."""


class MarkedUpTables:
    """The tables of a file of markup, as `Workbook` has sheets."""

    def __init__(self, file: BinaryIO, kind: str, encoding: str | None) -> None:
        self._file, self._kind, self._encoding = file, kind, encoding
        self._heads: dict[str, list[tuple[int, list[str]]]] = {}

    def visible_sheets(self) -> tuple[str, ...]:
        """Names of the tables with a filled row, in their order."""
        lengths: dict[str, int] = {}
        for batch in self._batches(self._target()):
            for name, number, cells in batch:
                if name not in lengths:
                    lengths[name], self._heads[name] = 0, []
                lengths[name] += any(cells)
                if name in self._heads and len(self._heads[name]) < _HEAD_ROWS:
                    self._heads[name].append((number, cells))
            longest = _longest(lengths)
            self._heads = {name: self._heads[name] for name in longest if name in self._heads}
        # A table within another one's cell is complete before that one is.
        order = sorted(lengths, key=lambda name: (len(name), name)) if self._kind == "html" else lengths
        return tuple(name for name in order if name in longest)

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Every row of the table with its number, counted from 1. Raises Unreadable (file_damaged, file_expands)."""
        head = self._heads.get(name, [])
        yield from head
        if 0 < len(head) < _HEAD_ROWS:
            return
        known = head[-1][0] if head else 0
        target = self._target()
        for batch in self._batches(target):
            yield from ((number, cells) for table, number, cells in batch if table == name and number > known)
            if name in target.ended:
                return

    def _target(self) -> "_Page | _Workbook":
        return _Page() if self._kind == "html" else _Workbook()

    def _batches(self, target: "_Page | _Workbook") -> Iterator[list[Found]]:
        """The rows of all tables, as many at a time as a piece of the file has."""
        try:
            parser = _parser_for(target)
            for piece in self._text() if self._kind == "html" else self._bytes():
                parser.feed(piece)
                yield target.take()
            parser.close()
        except etree.LxmlError as error:
            raise damaged() from error
        yield target.take()

    def _text(self) -> Iterator[bytes]:
        """A page in the encoding that its bytes show, whatever it says of itself."""
        for text, _ in TextBlocks(self._file, self._encoding or "utf-8").without_marks():
            yield text.encode()

    def _bytes(self) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(_PIECE_BYTES):
            yield piece


def _longest(lengths: dict[str, int]) -> list[str]:
    """The tables that are offered."""
    return sorted(filter(lengths.get, lengths), key=lambda name: -lengths[name])[:MOST_TABLES]


def _parser_for(target: "_Page | _Workbook") -> "etree.HTMLParser[None] | etree.XMLParser[None]":
    if isinstance(target, _Page):
        return etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    return etree.XMLParser(target=target, resolve_entities=False, no_network=True)


@dataclass
class _Table:
    """A table of a page that is being read."""

    name: str
    rows: int = 0
    cells: list[str] | None = None
    """Of the row that has begun; None between rows."""
    text: list[str] | None = None
    """Of the cell that has begun; None between cells."""
    length: int = 0
    shown: str | None = None
    """What the cell's number is, where its text is only how it was shown."""
    columns: int = 1
    down: int = 1
    taken: dict[int, int] = field(default_factory=dict)
    """Column -> how many more rows a cell above reaches into."""
    begun: dict[int, int] = field(default_factory=dict)


class _Listener:
    """Gathers the rows that a parser comes past."""

    def __init__(self) -> None:
        self.ended: set[str] = set()
        """Names of the tables that have no further rows."""
        self._found: list[Found] = []
        self._blank = 0

    def take(self) -> list[Found]:
        """The rows that are complete, once."""
        found, self._found = self._found, []
        return found

    def comment(self, text: str) -> None:
        """Nothing that people see."""

    def _leave_blank(self, cells: int) -> list[str]:
        """Cells that the file has by a number alone. Raises Unreadable (file_expands) where there are too many."""
        self._allow_blank(cells)
        return [""] * cells

    def _allow_blank(self, cells: int) -> None:
        self._blank += cells
        if self._blank > MOST_EMPTY_CELLS:
            raise refuse_expansion(self._blank)


class _Page(_Listener):
    """What an HTML parser tells of a page -> rows. Cells may end only with their row, and rows with the next."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[_Table] = []
        self._tables = 0
        self._unseen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._tables += 1
            self._open.append(_Table(f"Table {self._tables}"))
        elif tag in _UNSEEN:
            self._unseen += 1
        elif self._open and tag == "tr":
            self._end_row()
            self._open[-1].cells = []
        elif self._open and tag in ("td", "th"):
            self._begin_cell(attributes)
        elif tag in _BREAKS:
            self.data("\n")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif self._open and tag in ("td", "th"):
            self._end_cell()
        elif self._open and tag == "tr":
            self._end_row()
        elif self._open and tag == "table":
            self._end_row()
            self.ended.add(self._open.pop().name)

    def data(self, text: str) -> None:
        table = self._open[-1] if self._open and not self._unseen else None
        if table is not None and (texts := table.text) is not None:
            texts.append(text)
            table.length += len(text)
            if table.length > _LONGEST_TEXT:
                raise damaged()

    def close(self) -> None:
        while self._open:
            self._end_row()
            self._open.pop()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.cells is None:
            table.cells = []
        table.text, table.length = [], 0
        table.shown = _exact(attributes.get("x:num"))
        table.columns = _count(attributes.get("colspan"), LAST_COLUMN)
        table.down = _count(attributes.get("rowspan"), LAST_ROW)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.text is None or table.cells is None:
            return
        lines = (" ".join(line.split()) for line in "".join(table.text).split("\n"))
        text = table.shown or "\n".join(line for line in lines if line)
        table.text = None
        while len(table.cells) in table.taken:
            table.cells += self._leave_blank(1)
        end = max(len(table.cells) + 1, min(len(table.cells) + table.columns, LAST_COLUMN))
        if table.down > 1:
            table.begun.update(dict.fromkeys(range(len(table.cells), end), table.down - 1))
        table.cells += [text, *self._leave_blank(end - len(table.cells) - 1)]

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.cells is None:
            return
        table.rows += 1
        self._found.append((table.name, table.rows, table.cells))
        self._allow_blank(len(table.taken))
        left = {column: rows - 1 for column, rows in table.taken.items() if rows > 1}
        table.taken, table.begun, table.cells = left | table.begun, {}, None


class _Workbook(_Listener):
    """What an XML parser tells of an Excel 2003 workbook -> rows.

    Source of its elements and attributes: Microsoft, "XML Spreadsheet Reference" (Office XP).
    """

    def __init__(self) -> None:
        super().__init__()
        self._sheet = ""
        self._row = 0
        self._cells: list[str] = []
        self._kind = ""
        self._text: list[str] | None = None
        self._length = 0
        self._across = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        told = {_local(name): value for name, value in attributes.items()}
        match _local(tag):
            case "Worksheet":
                self._sheet, self._row = told.get("Name", ""), 0
            case "Row":
                self._row = max(self._row + 1, _count(told.get("Index"), LAST_ROW))
                self._cells = []
            case "Cell":
                place = _count(told.get("Index"), LAST_COLUMN) - 1
                blank = max(place, len(self._cells) + self._across) - len(self._cells)
                self._cells += self._leave_blank(blank)
                self._across = _count(told.get("MergeAcross"), LAST_COLUMN, least=0)
                self._cells.append("")
            case "Data":
                self._kind, self._text, self._length = told.get("Type", ""), [], 0

    def end(self, tag: str) -> None:
        match _local(tag):
            case "Worksheet":
                self.ended.add(self._sheet)
            case "Row":
                self._found.append((self._sheet, self._row, self._cells))
                self._across = 0
            case "Data" if self._text is not None and self._cells:
                self._cells[-1] = _value("".join(self._text).strip(), self._kind)
                self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise damaged()

    def close(self) -> None:
        """A row that has not ended is not whole."""


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _value(text: str, kind: str) -> str:
    """A cell's text as people see it: what it holds is in its type."""
    try:
        if kind == "Number":
            return number_as_seen(float(text))
        if kind == "DateTime":
            return as_seen(datetime.fromisoformat(text))
    except ValueError:
        return text
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text


def _exact(number: str | None) -> str | None:
    try:
        return number_as_seen(float(number)) if number else None
    except (ValueError, OverflowError):
        return None


def _count(told: str | None, most: int, least: int = 1) -> int:
    """A whole number that a file tells, within what a sheet has."""
    digits = (told or "").strip()
    return min(max(int(digits), least), most) if digits.isdecimal() and len(digits) < 10 else least
