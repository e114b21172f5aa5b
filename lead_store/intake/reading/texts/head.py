"""The head of a text: its encoding, quotes and delimiter, and its first rows, judged from its first block."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.header import HeaderFound, Row, find_header
from lead_store.intake.reading.heads import Head, first_filled
from lead_store.intake.reading.texts.delimiters import Sniffed, delimiter_name, sniff
from lead_store.intake.reading.texts.encodings import encoding_of
from lead_store.intake.reading.texts.formulas import FEWEST_TEXTS, TEXTS, text_of
from lead_store.intake.reading.texts.records import parse_records
from lead_store.intake.reading.texts.text import TextBlocks

_LEAST_REGULARITY, _LEAST_VOCABULARY = 0.9, 0.5
"""Of rows of one width and of words known from headers, before lines are taken for quoted as a whole."""


def text_head(file: BinaryIO, fixed: Mapping[str, Any]) -> Head:
    """What is judged of a text; `fixed` is not judged. Raises Unreadable."""
    encoding, why = encoding_of(file, fixed.get("encoding"))
    base = Dialect("csv", encoding=encoding)
    sniffed, rows, hint = _sniffed_rows(file, base, fixed)
    header = find_header(rows)
    in_question, evidence = [], [why]
    if sniffed.width == 1 and "quote" not in fixed:
        unwrapped, rows_within, hint_within = _sniffed_rows(file, base.changed(unwraps_lines=True), fixed)
        header_within = find_header(rows_within)
        if _is_table(unwrapped, rows_within, header_within):
            in_question.append("unwraps_lines")
            if fixed.get("unwraps_lines", True):
                sniffed, rows, hint, header = unwrapped, rows_within, hint_within, header_within
            if "unwraps_lines" not in fixed:
                evidence.append("Each line is quoted as a whole; it is read without these quotes.")
    evidence.append(_delimiter_evidence(sniffed.dialect, sniffed, hint, is_chosen=bool(fixed.get("delimiter"))))
    evidence += _quotes_evidence(sniffed.dialect, fixed)
    dialect = sniffed.dialect
    if dialect.escape or "escape" in fixed:
        in_question.append("escape")
    as_texts = _with_texts(rows)
    if as_texts is not None:
        in_question.append("formulas_are_texts")
        if fixed.get("formulas_are_texts", True):
            dialect, rows, header = dialect.changed(formulas_are_texts=True), as_texts, find_header(as_texts)
        if "formulas_are_texts" not in fixed:
            evidence.append(TEXTS)
    return Head(dialect, rows, header, evidence=evidence, in_question=in_question)


def _quotes_evidence(dialect: Dialect, fixed: Mapping[str, Any]) -> Iterator[str]:
    if "quote" in fixed:
        yield "The quotes were chosen by you."
    elif dialect.quote is None:
        yield "Quotes belong to the values: most of those in the first rows do not enclose one."
    if dialect.escape and "escape" not in fixed:
        yield "Quotes inside values are marked with a backslash."


def _sniffed_rows(file: BinaryIO, base: Dialect, fixed: Mapping[str, Any]) -> tuple[Sniffed, list[Row], str | None]:
    """How the first block is best read, its first filled rows, and the delimiter that a `sep=` line announces."""
    blocks = TextBlocks(file, base.encoding or "utf-8", unwraps_lines=base.unwraps_lines)
    first, is_last = next(iter(blocks))
    text = first.decode("utf-8", blocks.decode_errors)
    sniffed = sniff(text, base, fixed, blocks.hint, is_whole=is_last)
    rows = first_filled(_numbered_cells(text, sniffed.dialect, sniffed.width, is_last))
    return sniffed, rows, blocks.hint


def _with_texts(rows: list[Row]) -> list[Row] | None:
    """The rows with formulas that are mere texts as these; None where there are none, or one, which is an accident."""
    shown: list[Row] = [(number, [text_of(cell) for cell in cells]) for number, cells in rows]
    changed = sum(a != b for (_, old), (_, new) in zip(rows, shown, strict=True) for a, b in zip(old, new, strict=True))
    return shown if changed >= FEWEST_TEXTS else None


def _is_table(sniffed: Sniffed, rows: Sequence[Row], header: HeaderFound) -> bool:
    """Lines that were quoted as a whole: "Lima, Ana" in a list of names has a header of one cell, or none."""
    cells = next((cells for number, cells in rows if number == header.row_number), [])
    is_regular = sniffed.width > 1 and sniffed.regularity >= _LEAST_REGULARITY
    return is_regular and len(cells) == sniffed.width and header.vocabulary >= _LEAST_VOCABULARY


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


def _delimiter_evidence(dialect: Dialect, sniffed: Sniffed, hint: str | None, *, is_chosen: bool) -> str:
    assert dialect.delimiter is not None
    name, width = delimiter_name(dialect.delimiter), sniffed.width
    cells = f"{sniffed.regularity:.0%} of the first rows have {width} {'cell' if width == 1 else 'cells'}."
    if is_chosen:
        return f"The {name} was chosen by you as the delimiter: {cells}"
    if hint == dialect.delimiter:
        return f"The line “sep={hint}” above the data says that the delimiter is the {name}."
    if width == 1:
        return "No delimiter separates the lines into columns: the file has one column."
    return f"The delimiter is the {name}: {cells}"
