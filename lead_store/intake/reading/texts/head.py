"""The head of a text: its encoding, quotes and delimiter, and its first rows, judged from its first block."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from lead_store.intake.reading.cells import Kind, is_phone, kind_of
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import HeaderFound, Row, find_header
from lead_store.intake.reading.heads import Head, first_filled
from lead_store.intake.reading.texts.aligned import BETWEEN, find_cuts
from lead_store.intake.reading.texts.delimiters import Sniffed, delimiter_name, sniff
from lead_store.intake.reading.texts.encodings import encoding_of
from lead_store.intake.reading.texts.formulas import FEWEST_TEXTS, TEXTS, text_of
from lead_store.intake.reading.texts.records import parse_records
from lead_store.intake.reading.texts.text import blocks_of

_LEAST_REGULARITY, _LEAST_VOCABULARY = 0.9, 0.5
"""Of rows of one width and of words known from headers, before lines are taken for quoted as a whole."""

_MOST_LONG_LINES, _FEWEST_LISTED = 3, 10
"""A list that was copied from a chat or a mail is a line, or a few; nobody has as many phones."""
_LIST_MARKS = (",", ";", "\t", "|", " ")
_NO_HEADER = HeaderFound(None, 0.9, "There is no header row: the first of the list is one of its people.", 0.0)


@dataclass(frozen=True)
class _Reading:
    """A way to read the first block: what was sniffed, the dialect, the first filled rows, and which is the header."""

    sniffed: Sniffed
    dialect: Dialect
    rows: list[Row]
    header: HeaderFound
    text: str
    """The block."""
    hint: str | None
    """The delimiter that a `sep=` line announces."""


_Other = tuple[_Reading, str]
"""Another way to read the first block, which it gives reason for, and the reason in a sentence."""


def text_head(file: BinaryIO, fixed: Mapping[str, Any]) -> Head:
    """What is judged of a text; `fixed` is not judged. Raises Unreadable."""
    encoding, why = encoding_of(file, fixed.get("encoding"))
    reading = _read(file, Dialect("csv", encoding=encoding), fixed)
    # Who chooses a delimiter wants no other cuts, unless they choose these as well.
    fixed = {"cuts": False, **fixed} if fixed.get("delimiter") else fixed
    in_question, evidence = [], [why]
    for name, find_other in _OTHERS.items():
        found = find_other(file, reading, fixed)
        if found is None:
            continue
        other, because = found
        in_question.append(name)
        reading = other if fixed.get(name, True) else reading
        evidence += [] if name in fixed else [because]
    if reading.dialect.escape or "escape" in fixed:
        in_question.append("escape")
    if not (reading.dialect.breaks_at or reading.dialect.cuts):
        evidence.append(_delimiter_evidence(reading.sniffed, reading.hint, is_chosen=bool(fixed.get("delimiter"))))
        evidence += _quotes_evidence(reading.dialect, fixed)
    return Head(reading.dialect, reading.rows, reading.header, evidence=evidence, in_question=in_question)


def _read(file: BinaryIO, base: Dialect, fixed: Mapping[str, Any]) -> _Reading:
    """How the first block is best read."""
    blocks = blocks_of(file, base)
    first, is_last = next(iter(blocks))
    text = first.decode("utf-8", blocks.decode_errors)
    sniffed = sniff(text, base, fixed, blocks.hint, is_whole=is_last)
    rows = first_filled(_numbered_cells(text, sniffed.dialect, sniffed.width, is_last))
    return _Reading(sniffed, sniffed.dialect, rows, find_header(rows), text, blocks.hint)


def _unwrapped(file: BinaryIO, reading: _Reading, fixed: Mapping[str, Any]) -> _Other | None:
    """Lines that a program quoted as a whole, which it took for one cell."""
    if reading.sniffed.width > 1 or "quote" in fixed:
        return None
    within = _read(file, Dialect("csv", encoding=reading.dialect.encoding, unwraps_lines=True), fixed)
    because = "Each line is quoted as a whole; it is read without these quotes."
    return (within, because) if _is_table(within) else None


def _broken(file: BinaryIO, reading: _Reading, fixed: Mapping[str, Any]) -> _Other | None:
    """A list in one long line, or a few, with a mark between its people."""
    mark = fixed.get("breaks_at") or _mark_of_list(reading)
    if mark is None:
        return None
    base = Dialect("csv", encoding=reading.dialect.encoding, breaks_at=mark)
    because = f"The file is one long list: a row begins after each {delimiter_name(mark)}."
    broken = _read(file, base, {"quote": None, **fixed, "delimiter": mark})
    return replace(broken, header=_NO_HEADER), because


def _mark_of_list(reading: _Reading) -> str | None:
    """What stands between the people of a few long lines: with it, most pieces are a phone or an e-mail."""
    if not 0 < len(reading.rows) <= _MOST_LONG_LINES:
        return None
    own = reading.dialect.delimiter
    # A blank stands within people, too: it is asked only where it is what separates most.
    for mark in dict.fromkeys([*(mark for mark in _LIST_MARKS if mark == own), *_LIST_MARKS[:-1]]):
        pieces = [piece for piece in reading.text.replace("\n", mark).split(mark) if piece.strip()]
        people = sum(is_phone(piece) or kind_of(piece) is Kind.EMAIL for piece in pieces)
        if len(pieces) >= _FEWEST_LISTED * len(reading.rows) and 2 * people >= len(pieces):
            return mark
    return None


def _cut(file: BinaryIO, reading: _Reading, fixed: Mapping[str, Any]) -> _Other | None:
    """Columns that blanks keep aligned, where nothing else separates them."""
    is_cut_otherwise = reading.sniffed.width > 1 and reading.dialect.delimiter != " "
    cuts = () if is_cut_otherwise else find_cuts(reading.text)
    if not cuts:
        return None
    base = Dialect("csv", encoding=reading.dialect.encoding, cuts=cuts)
    within = _read(file, base, {**fixed, "delimiter": BETWEEN, "quote": None})
    because = f"The columns begin at the same place in each line: there are {len(cuts) + 1}, apart by blanks."
    return (within, because) if within.header.vocabulary >= _LEAST_VOCABULARY else None


def _as_texts(_: BinaryIO, reading: _Reading, __: Mapping[str, Any]) -> _Other | None:
    """Formulas that are mere texts; one alone is an accident."""
    rows = reading.rows
    shown: list[Row] = [(number, [text_of(cell) for cell in cells]) for number, cells in rows]
    changed = sum(a != b for (_, old), (_, new) in zip(rows, shown, strict=True) for a, b in zip(old, new, strict=True))
    if changed < FEWEST_TEXTS:
        return None
    dialect = reading.dialect.changed(formulas_are_texts=True)
    return replace(reading, dialect=dialect, rows=shown, header=find_header(shown)), TEXTS


_OTHERS = {"unwraps_lines": _unwrapped, "breaks_at": _broken, "cuts": _cut, "formulas_are_texts": _as_texts}


def _is_table(reading: _Reading) -> bool:
    """Lines that were quoted as a whole: "Lima, Ana" in a list of names has a header of one cell, or none."""
    sniffed, header = reading.sniffed, reading.header
    cells = next((cells for number, cells in reading.rows if number == header.row_number), [])
    is_regular = sniffed.width > 1 and sniffed.regularity >= _LEAST_REGULARITY
    return is_regular and len(cells) == sniffed.width and header.vocabulary >= _LEAST_VOCABULARY


def _quotes_evidence(dialect: Dialect, fixed: Mapping[str, Any]) -> Iterator[str]:
    if "quote" in fixed:
        yield "The quotes were chosen by you."
    elif dialect.quote is None:
        yield "Quotes belong to the values: most of those in the first rows do not enclose one."
    if dialect.escape and "escape" not in fixed:
        yield "Quotes inside values are marked with a backslash."


def _numbered_cells(text: str, dialect: Dialect, width: int, is_last: bool) -> Iterator[Row]:
    start = 0
    for number, (record, end) in enumerate(parse_records(text, dialect, 0, is_last=is_last), start=1):
        cells = record.cells
        if len(cells) != width and any(cells):
            cells = _header_cells(text[start:end].rstrip("\r\n"), dialect, width) or cells
        yield number, cells
        start = end


def _header_cells(line: str, dialect: Dialect, width: int) -> list[str] | None:
    """The cells of a line that may be a damaged header: a quote astray in it, or another delimiter than below.

    Its names are only shown, so this may be more lenient than the reading of a data row.
    """
    quote = dialect.quote or ""
    for delimiter in (dialect.delimiter or ",", ";", ",", "\t", "|"):
        cells = [cell.strip().strip(quote) for cell in line.split(delimiter)]
        if width >= 3 and len(cells) == width and all(kind_of(cell) is Kind.LABEL for cell in cells):
            return cells
    return None


def _delimiter_evidence(sniffed: Sniffed, hint: str | None, *, is_chosen: bool) -> str:
    delimiter = sniffed.dialect.delimiter
    assert delimiter is not None
    name, width = delimiter_name(delimiter), sniffed.width
    cells = f"{sniffed.regularity:.0%} of the first rows have {width} {'cell' if width == 1 else 'cells'}."
    if is_chosen:
        return f"The {name} was chosen by you as the delimiter: {cells}"
    if hint == delimiter:
        return f"The line “sep={hint}” above the data says that the delimiter is the {name}."
    if width == 1:
        return "No delimiter separates the lines into columns: the file has one column."
    return f"The delimiter is the {name}: {cells}"
