"""Delimited text -> records, one by one, where a file is damaged or unusual. The rest goes through delimited.py.

The grammar is RFC 4180, read kindly: a quote only opens a cell at the cell's start, and only closes it before a
delimiter, a line end or the end of the text. Any other quote stands for itself. What cannot be told apart is not
guessed: a record whose quotes are astray *and* that runs over several lines has lost its end, so its first line is
reported and reading goes on at the next line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lead_store.intake.problems import Code
from lead_store.intake.reading.dialect import Dialect

LONGEST_RECORD = 4 * 1024 * 1024
"""Characters after which an open quote counts as never closed: it keeps memory and time within bounds,
and no cell that a person filled is that long."""

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class Record:
    """One record: its cells as text, and what is wrong with it, if anything."""

    cells: list[str]
    problem: Code | None = None
    has_quotes_astray: bool = False


@dataclass(frozen=True)
class _Patterns:
    """What to look for in one dialect."""

    plain: re.Pattern[str]
    """An unquoted cell."""
    marks: re.Pattern[str]
    """The next quote or escaped character within a quoted cell."""
    after_close: re.Pattern[str]
    """What may stand between a closing quote and the end of its cell."""
    escaped: re.Pattern[str] | None
    """A character with a meaning in this dialect that is escaped; the escape before any other one is text."""


@lru_cache(maxsize=256)
def _patterns(delimiter: str, quote: str, escape: str | None) -> _Patterns:
    edge, mark = re.escape(delimiter), re.escape(quote)
    blank = "[ ]" if delimiter == "\t" else "[ \t]"
    after = re.compile(f"{blank}*(?={edge}|\r|\n|\\Z)")
    if escape is None:
        return _Patterns(re.compile(f"[^{edge}\r\n]*"), re.compile(mark), after, None)
    sign = re.escape(escape)
    return _Patterns(
        re.compile(f"(?:{sign}.|[^{edge}\r\n])*", re.DOTALL),
        re.compile(f"{sign}.|{mark}" if quote else f"{sign}.", re.DOTALL),
        after,
        re.compile(f"{sign}([{edge}{mark}{sign}\r\n])"),
    )


def parse_records(text: str, dialect: Dialect, start: int, *, is_last: bool) -> Iterator[tuple[Record, int]]:
    """Each record from `start` on with the position after its line end. Stops before a record that may go on
    beyond the text, unless this is the last text."""
    position = start
    while position < len(text):
        record, end = _parse_record(text, dialect, position, is_last)
        if record is None:
            return
        yield record, end
        position = end


def reread(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """The cells of one record that came out too short because a value ends in a quote that was not doubled, as in
    `"Table, round 48"","Oak"`. Only believed where it gives exactly the width of the table."""
    if dialect.quote is None or f"{dialect.quote}{dialect.quote}" not in text:
        return None
    record, end = _parse_quoted(text, dialect, 0, True, doubled_may_close=True)
    is_whole = record is not None and record.problem is None and end == len(text) and len(record.cells) == width
    return record.cells if record is not None and is_whole else None


def _parse_record(text: str, dialect: Dialect, start: int, is_last: bool) -> tuple[Record | None, int]:
    line_end = _LINE_END.search(text, start)
    # A `\r` at the very end may be half of a `\r\n`.
    is_open = line_end is None or (line_end.end() == len(text) and text[line_end.start()] == "\r")
    if is_open and not is_last:
        return (None, start) if len(text) - start < LONGEST_RECORD else _lost_record(text, dialect, start)
    stop, after = (line_end.start(), line_end.end()) if line_end else (len(text), len(text))
    quote = dialect.quote
    assert dialect.delimiter is not None
    is_plain = quote is None or text.find(quote, start, stop) < 0
    if is_plain and (dialect.escape is None or text.find(dialect.escape, start, stop) < 0):
        cells = text[start:stop].split(dialect.delimiter)
        return Record(cells), after
    return _parse_quoted(text, dialect, start, is_last)


def _parse_quoted(
    text: str, dialect: Dialect, start: int, is_last: bool, *, doubled_may_close: bool = False
) -> tuple[Record | None, int]:
    cells: list[str] = []
    astray = has_line_end = False
    position = start
    while True:
        cell = _next_cell(text, dialect, position, doubled_may_close)
        if cell.end < 0:
            if not is_last and len(text) - start < LONGEST_RECORD:
                return None, start
            return _lost_record(text, dialect, start)
        has_line_end = has_line_end or cell.has_line_end
        astray = astray or cell.has_quotes_astray
        cells.append(cell.text)
        if not text.startswith(str(dialect.delimiter), cell.end):
            break
        position = cell.end + 1
    if astray and has_line_end:
        return _lost_record(text, dialect, start)
    line_end = _LINE_END.match(text, cell.end)
    after = line_end.end() if line_end else cell.end
    may_go_on = after == len(text) and not is_last and text[after - 1] != "\n"
    if may_go_on and len(text) - start < LONGEST_RECORD:
        # The next text may begin with another quote, which would undo the closing one, or with the rest of a `\r\n`.
        return None, start
    return Record(cells, has_quotes_astray=astray), after


@dataclass(slots=True)
class _Cell:
    text: str
    end: int
    """The position after the cell; -1 where its quote is never closed."""
    has_quotes_astray: bool = False
    has_line_end: bool = False


def _next_cell(text: str, dialect: Dialect, start: int, doubled_may_close: bool) -> _Cell:
    opening = start
    if dialect.skips_initial_space:
        while text.startswith(" ", opening):
            opening += 1
    if dialect.quote and text.startswith(dialect.quote, opening):
        content, end, astray = _quoted_cell(text, dialect, opening + 1, doubled_may_close)
        return _Cell(content, end, astray, end > 0 and _LINE_END.search(text, opening, end) is not None)
    patterns = _patterns(str(dialect.delimiter), dialect.quote or "", dialect.escape)
    match = patterns.plain.match(text, opening)
    assert match is not None
    content = match.group()
    return _Cell(patterns.escaped.sub(r"\1", content) if patterns.escaped else content, match.end())


def _quoted_cell(text: str, dialect: Dialect, start: int, doubled_may_close: bool) -> tuple[str, int, bool]:
    """The cell whose content starts at `start`, the position after it (-1: never closed), whether a quote is astray."""
    quote = str(dialect.quote)
    patterns = _patterns(str(dialect.delimiter), quote, dialect.escape)
    astray = False
    pieces: list[str] = []
    position = kept = start
    line_end = _LINE_END.search(text, start)
    lines_until = line_end.start() if line_end else len(text)
    while (match := patterns.marks.search(text, position)) is not None:
        at = match.start()
        if astray and at > lines_until:
            # The end of this record is lost already; searching on would read the file once per row.
            return "", at, True
        if text[at] != quote:
            if patterns.escaped and patterns.escaped.match(text, at):
                pieces.append(text[kept:at])
                kept = at + 1
            position = match.end()
        elif doubled_may_close and text.startswith(quote, at + 1) and (end := patterns.after_close.match(text, at + 2)):
            return "".join([*pieces, text[kept : at + 1]]), end.end(), True
        elif text.startswith(quote, at + 1):
            pieces.append(text[kept : at + 1])
            position = kept = at + 2
        elif (close := patterns.after_close.match(text, at + 1)) is not None:
            pieces.append(text[kept:at])
            return "".join(pieces), close.end(), astray
        else:
            astray = True
            position = at + 1
    return "", -1, astray


def _lost_record(text: str, dialect: Dialect, start: int) -> tuple[Record, int]:
    """The first line of a record whose end cannot be told, as a record with a problem."""
    line_end = _LINE_END.search(text, start)
    stop, after = (line_end.start(), line_end.end()) if line_end else (len(text), len(text))
    assert dialect.delimiter is not None
    return Record(text[start:stop].split(dialect.delimiter), Code.ROW_QUOTES_ASTRAY, True), after
