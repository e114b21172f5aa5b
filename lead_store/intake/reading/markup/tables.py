"""Tables in markup: web pages and XML that programs write under the name of a workbook -> rows of text.

Excel opens both, so many programs export nothing else. A web page may hold several tables, some of them for its
layout; they count as sheets. The XML is Excel 2003's (SpreadsheetML); no other is read.
"""

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from lead_store.intake.reading.markup.excel_xml import ExcelXml
from lead_store.intake.reading.markup.listening import Found
from lead_store.intake.reading.markup.web_page import Page
from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.texts.text import TextBlocks

KINDS = ("html", "xml")
"""Of `kinds`, and formats of a dialect."""

MOST_TABLES = 20
"""Of a page that are offered, the longest: a page with more has one for each person."""

_HEAD_ROWS = 400
"""Of each table, kept once all were gone through: who looks at the first rows alone of many has them at once."""
_PIECE_BYTES = 1024 * 1024


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

    def _target(self) -> "Page | ExcelXml":
        return Page() if self._kind == "html" else ExcelXml()

    def _batches(self, target: "Page | ExcelXml") -> Iterator[list[Found]]:
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


def _parser_for(target: "Page | ExcelXml") -> "etree.HTMLParser[None] | etree.XMLParser[None]":
    if isinstance(target, Page):
        return etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    return etree.XMLParser(target=target, resolve_entities=False, no_network=True)
