"""Rows at the head of a table -> which of them is the header row, with the reason. Reads no file.

Each row is asked how much it looks like a header: does it fill the table's width, are its cells labels, distinct,
words that headers use, and do the columns below hold something else than labels? Against it speak values (an e-mail,
a phone, a date), words that come again below, and table rows above it, which a header further down would lose.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lead_store.intake.reading.cells import VALUE_KINDS, Kind, kind_of
from lead_store.intake.reading.header_words import header_words_in

ROWS_LOOKED_AT = 200
_CANDIDATES = 60
_FEWEST_ROWS, _MOST_CELLS = 30, 40_000
"""Of a table of very many columns, fewer rows tell."""
_BODY = 100

_YEAR = re.compile(r"(?:19|20)\d\d")

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class HeaderFound:
    """The header row's number (None: there is none), how sure (0 to 1), the reason in a sentence, its words' score,
    and whether values stand below its labels."""

    row_number: int | None
    confidence: float
    reason: str
    vocabulary: float
    has_contrast: bool = False


@dataclass(frozen=True)
class _Candidate:
    number: int
    score: float
    fill: float
    vocabulary: float
    contrast: float
    values: float
    recurring: float
    alike: float
    """Share of the cells that are the same kind of value as the cells below them."""


def find_header(rows: Sequence[Row]) -> HeaderFound:
    """The header among the first rows of a file (blank ones included or not)."""
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in rows[:ROWS_LOOKED_AT]]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if not filled:
        return HeaderFound(None, 0.0, "There is no row with anything in it.", 0.0)
    filled = filled[: max(_FEWEST_ROWS, _MOST_CELLS // max(len(cells) for _, cells in filled))]
    kinds = [[kind_of(cell) for cell in cells] for _, cells in filled]
    width = _table_width(kinds)
    candidates = [_judge(at, filled, kinds, width) for at in range(min(len(filled), _CANDIDATES))]
    best = max(candidates, key=lambda candidate: candidate.score)
    if _is_data(best, len(filled)):
        return HeaderFound(None, 0.8, _reason_against(best), best.vocabulary)
    sure = min(1.0, 0.5 + best.vocabulary / 2 + best.contrast / 3)
    return HeaderFound(best.number, round(sure, 2), _reason_for(best, filled[0][0]), best.vocabulary, best.contrast > 0)


def _table_width(kinds: Sequence[Sequence[Kind]]) -> int:
    """The number of cells that rows of the table reach; titles and notes reach fewer."""
    extents = Counter(_extent(row) for row in kinds)
    most = max(extents.values())
    return max(extent for extent, count in extents.items() if count * 3 >= most)


def _extent(row: Sequence[Kind]) -> int:
    return max((at + 1 for at, kind in enumerate(row) if kind is not Kind.BLANK), default=0)


def _judge(at: int, rows: Sequence[Row], kinds: Sequence[Sequence[Kind]], width: int) -> _Candidate:
    number, cells = rows[at]
    body = range(at + 1, min(len(rows), at + 1 + _BODY))
    filled = _columns_of(cells)
    count = len(filled)
    head = _with_years_as_labels(cells, kinds[at], [rows[row][1] for row in body])
    values = sum(head[column] in VALUE_KINDS for column in filled) / count
    prose = sum(head[column] is Kind.PROSE for column in filled) / count
    codes = sum(head[column] is Kind.CODE for column in filled) / count
    vocabulary = sum(header_words_in(cells[column]) for column in filled) / count
    distinct = len({cells[column].casefold() for column in filled}) / count
    kinds_below = [kinds[row] for row in body]
    others = [rows[row][1] for row in (*range(max(0, at - _BODY), at), *body)]
    contrast = _contrast(filled, head, kinds_below, _fillers(filled, cells, others))
    alike = _alike(filled, head, kinds_below)
    recurring = _recurring(filled, cells, others)
    # Where all is text, a row above that fills the same columns is as good a row of the table.
    lost = sum(
        _is_like_body(kinds[row], width) or (not contrast and _columns_of(rows[row][1]) == filled) for row in range(at)
    )
    fill = min(1.0, count / width)
    score = (
        2.5 * fill
        + 0.5 * distinct
        + 2.5 * vocabulary * fill
        + 2.0 * contrast * fill
        - 4.0 * values
        - 1.5 * prose
        - 0.7 * codes
        - 2.0 * recurring
        - 0.9 * min(lost, 5)
        - 0.02 * at
        - (0 if body else 1.5)
    )
    return _Candidate(number, score, fill, vocabulary, contrast, values, recurring, alike)


def _columns_of(cells: Sequence[str]) -> list[int]:
    """The columns that a row fills."""
    return [column for column, cell in enumerate(cells) if cell]


def _with_years_as_labels(cells: Sequence[str], kinds: Sequence[Kind], body: Sequence[Sequence[str]]) -> Sequence[Kind]:
    """The kinds of the row, a year being a label where the column below it holds something else than years."""
    return [
        Kind.LABEL
        if _YEAR.fullmatch(cell) and not any(_YEAR.fullmatch(row[column]) for row in body if column < len(row))
        else kind
        for column, (cell, kind) in enumerate(zip(cells, kinds, strict=True))
    ]


def _is_like_body(row: Sequence[Kind], width: int) -> bool:
    """Whether the row looks like one of the table's: most of its width is filled, with values among it."""
    filled = [kind for kind in row if kind is not Kind.BLANK]
    return len(filled) >= max(2, 0.6 * width) and any(kind in VALUE_KINDS for kind in filled)


def _fillers(filled: Sequence[int], cells: Sequence[str], rows: Sequence[Sequence[str]]) -> set[int]:
    """Columns whose text comes again in them, as "n/a" among phones does; not where the whole row does, as on each
    page of a report."""
    texts = {column: cells[column].casefold() for column in filled}
    others = [row for row in rows if any(row[column : column + 1] != [cells[column]] for column in filled)]
    return {
        column
        for column, text in texts.items()
        if any(column < len(row) and row[column].casefold() == text for row in others)
    }


def _contrast(filled: Sequence[int], head: Sequence[Kind], body: Sequence[Sequence[Kind]], fillers: set[int]) -> float:
    """Share of the header's columns that hold values or codes below a label; what fills a blank is no label."""
    told = counted = 0
    for column in filled:
        below = [row[column] for row in body if column < len(row) and row[column] is not Kind.BLANK]
        if not below:
            continue
        counted += 1
        is_label = head[column] in (Kind.LABEL, Kind.CODE) and column not in fillers
        differing = sum(
            kind in VALUE_KINDS or kind in (Kind.CODE, Kind.PROSE) for kind in below if kind is not head[column]
        )
        told += is_label and differing >= 0.6 * len(below)
    return told / counted if counted else 0.0


def _alike(filled: Sequence[int], head: Sequence[Kind], body: Sequence[Sequence[Kind]]) -> float:
    """Share of the cells that are values of the same kind as most cells below them; numbers count a third, since
    counts do head columns."""
    worth = 0.0
    for column in filled:
        if head[column] not in VALUE_KINDS:
            continue
        below = [row[column] for row in body if column < len(row) and row[column] is not Kind.BLANK]
        if below and sum(kind is head[column] for kind in below) >= 0.5 * len(below):
            worth += 1.0 if head[column] is not Kind.NUMBER else 0.34
    return worth / len(filled)


def _recurring(filled: Sequence[int], cells: Sequence[str], body: Sequence[Sequence[str]]) -> float:
    """Share of the cells whose text, or all of whose words, come again below in their column."""
    again = counted = 0
    for column in filled:
        below = [row[column].casefold() for row in body if column < len(row) and row[column]]
        if not below:
            continue
        counted += 1
        text = cells[column].casefold()
        words = set(text.split())
        below_words = {word for cell in below for word in cell.split()}
        again += text in below or (len(words) > 1 and words <= below_words)
    return again / counted if counted else 0.0


def _is_data(best: _Candidate, rows: int) -> bool:
    if best.values >= 0.5 and best.vocabulary < 0.3:
        return True
    if best.alike >= 0.1 and best.vocabulary < (0.75 if best.alike >= 0.25 else 0.5):
        return True
    if best.values > 0 and best.contrast == 0 and best.vocabulary < 0.3:
        return True
    speaks_for_nothing = best.contrast == 0 and best.vocabulary < 0.3 and rows > 2
    if speaks_for_nothing and (best.recurring > 0 or best.fill < 0.75):
        return True
    return best.recurring >= 0.5 and best.vocabulary < 0.5 and best.contrast < 0.5 and rows > 2


def _reason_for(best: _Candidate, first: int) -> str:
    above = "" if best.number == first else "; the rows above it do not belong to the table"
    if best.vocabulary >= 0.3:
        return f"Row {best.number} is the header: its cells are words that headers use{above}."
    if best.contrast > 0:
        return f"Row {best.number} is the header: it holds labels where the rows below hold values{above}."
    return f"Row {best.number} is taken as the header: it is the first row as wide as the table{above}."


def _reason_against(best: _Candidate) -> str:
    if best.values or not best.recurring:
        return f"There is no header row: row {best.number} holds values like the rows below it."
    return f"There is no header row: the words of row {best.number} come again in the rows below."
