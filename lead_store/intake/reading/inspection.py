"""Looks at a whole file and says how it would be read: the dialect, its evidence, columns, counts and a preview."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO
from unicodedata import normalize

from lead_store.errors import Unreadable
from lead_store.intake.reading.archives import LARGEST_FILE_BYTES, require_size
from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.delimiters import Sniffed, delimiter_name, sniff
from lead_store.intake.reading.dialect import Column, Dialect, Inspection
from lead_store.intake.reading.encodings import detect_encoding, known_encoding
from lead_store.intake.reading.formulas import FEWEST_TEXTS, TEXTS, text_of
from lead_store.intake.reading.header import ROWS_LOOKED_AT, HeaderFound, Row, find_header
from lead_store.intake.reading.records import parse_records
from lead_store.intake.reading.sheet_marks import marks_of
from lead_store.intake.reading.source import Source, open_source, open_workbook, tables_of
from lead_store.intake.reading.survey import Survey, survey_of
from lead_store.intake.reading.text import TextBlocks, visible

MOST_COLUMNS = 1_000
"""Contact exports have up to a few hundred columns; a file with more is a matrix, and every row would be huge."""

_LEAST_REGULARITY, _LEAST_VOCABULARY = 0.9, 0.5
"""Of rows of one width and of words known from headers, before lines are taken for quoted as a whole."""


_SAID_OF = {
    "html": "The file is a web page under the name of a spreadsheet; its table is read.",
    "vcf": "The file holds vCards, as phones and address books export them: each person is a row.",
}
"""Of the kinds whose encoding is judged by their bytes and that hold no delimited text."""


# Of the judgements that most files give no reason for.
_CHOSEN = {
    "unwraps_lines": "What to make of quotes around whole lines was chosen by you.",
    "escape": "What a backslash before a quote means was chosen by you.",
    "formulas_are_texts": "What to make of formulas was chosen by you.",
    "drops_trailing_blanks": "What to make of shorter rows was chosen by you.",
}


@dataclass
class _Head:
    """The first rows of a file and what was judged from them."""

    dialect: Dialect
    rows: list[Row]
    header: HeaderFound
    sheets: tuple[str, ...] = ()
    evidence: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    in_question: list[str] = field(default_factory=list)


def inspect(
    file: BinaryIO,
    name: str,
    overrides: Mapping[str, Any] | None = None,
    *,
    largest_bytes: int = LARGEST_FILE_BYTES,
    allows_no_rows: bool = False,
) -> Inspection:
    """How the file would be read. `overrides` fixes fields of the dialect; the rest is judged around them.

    `name` is only used in evidence: a file is what it holds. Reads the whole file: its rows are counted, not
    estimated. A file that has a header and no rows is refused unless `allows_no_rows`: there is nobody to import,
    yet its columns can be looked at. Raises Unreadable.
    """
    fixed = dict(overrides or {})
    require_size(file, largest_bytes)
    with open_source(file, fixed.get("member"), largest_bytes) as source:
        seen = _inspect_source(source, fixed)
    if not seen.rows and not (allows_no_rows and seen.columns):
        raise _nothing_below(bool(seen.columns))
    return seen


def _inspect_source(source: Source, fixed: Mapping[str, Any]) -> Inspection:
    head = _text_head(source.file, fixed) if source.kind == "csv" else _workbook_head(source.file, source.kind, fixed)
    dialect = head.dialect.changed(member=source.member)
    if source.member:
        head.evidence.insert(0, f"The spreadsheet {source.member} was unpacked from an archive.")
    dialect, header_cells = _with_header(dialect, head, fixed)
    _require_width(dialect.width)
    dialect, survey = _surveyed(source, dialect, head, fixed)
    if not head.rows:
        raise _nothing_below(has_header=False)
    columns = _columns(header_cells, survey)
    warnings = (*head.marks, *survey.sentences())
    evidence = (*head.evidence, *warnings, *_date_sentences(survey, columns))
    if source.kind == "csv" and (survey.endings.short > 0 or dialect.drops_trailing_blanks):
        head.in_question.append("drops_trailing_blanks")
    in_question = tuple(head.in_question)
    evidence += tuple(_CHOSEN[name] for name in in_question if name in fixed)
    return Inspection(dialect, head.sheets, columns, survey.rows, evidence, warnings, survey.preview, in_question)


def _surveyed(source: Source, dialect: Dialect, head: _Head, fixed: Mapping[str, Any]) -> tuple[Dialect, Survey]:
    """The whole file, gone through once more where its short rows turn out to be complete."""
    if "drops_trailing_blanks" in fixed:
        dialect = dialect.changed(drops_trailing_blanks=fixed["drops_trailing_blanks"])
    survey = survey_of(tables_of(source.file, dialect), dialect)
    because = survey.endings.complete_because
    if because and "drops_trailing_blanks" not in fixed:
        dialect = dialect.changed(drops_trailing_blanks=True)
        survey = survey_of(tables_of(source.file, dialect), dialect)
        head.evidence.append(because)
    return dialect, survey


def _text_head(file: BinaryIO, fixed: Mapping[str, Any]) -> _Head:
    encoding, why = _encoding_of(file, fixed)
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
    return _Head(dialect, rows, header, evidence=evidence, in_question=in_question)


def _quotes_evidence(dialect: Dialect, fixed: Mapping[str, Any]) -> Iterator[str]:
    if "quote" in fixed:
        yield "The quotes were chosen by you."
    elif dialect.quote is None:
        yield "Quotes belong to the values: most of those in the first rows do not enclose one."
    if dialect.escape and "escape" not in fixed:
        yield "Quotes inside values are marked with a backslash."


def _encoding_of(file: BinaryIO, fixed: Mapping[str, Any]) -> tuple[str, str]:
    if fixed.get("encoding"):
        return known_encoding(fixed["encoding"]), "The encoding was chosen by you."
    return detect_encoding(file)


def _sniffed_rows(file: BinaryIO, base: Dialect, fixed: Mapping[str, Any]) -> tuple[Sniffed, list[Row], str | None]:
    """How the first block is best read, its first filled rows, and the delimiter that a `sep=` line announces."""
    blocks = TextBlocks(file, base.encoding or "utf-8", unwraps_lines=base.unwraps_lines)
    first, is_last = next(iter(blocks))
    text = first.decode("utf-8", blocks.decode_errors)
    sniffed = sniff(text, base, fixed, blocks.hint, is_whole=is_last)
    rows = _first_filled(_numbered_cells(text, sniffed.dialect, sniffed.width, is_last))
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


def _first_filled(rows: Iterable[Row]) -> list[Row]:
    """The first rows that hold anything."""
    return list(islice((row for row in rows if any(row[1])), ROWS_LOOKED_AT))


def _without_margin(cells: Sequence[str]) -> Sequence[str]:
    """The cells up to the last filled one: a sheet is as wide as the cell farthest to the right, wherever that is."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _workbook_head(file: BinaryIO, kind: str, fixed: Mapping[str, Any]) -> _Head:
    base, evidence = _workbook_base(file, kind, fixed)
    workbook = open_workbook(file, kind, base.encoding)
    sheets = workbook.visible_sheets()
    chosen = [fixed["sheet"]] if fixed.get("sheet") else list(sheets)
    heads = []
    for sheet in chosen:
        try:
            rows: list[Row] = [
                (number, _without_margin(cells)) for number, cells in _first_filled(workbook.rows(sheet))
            ]
        except Unreadable as refused:
            # Some programs list a sheet that they did not write.
            if refused.code != "sheet_missing" or fixed.get("sheet"):
                raise
            continue
        heads.append(_Head(base.changed(sheet=sheet), rows, find_header(rows), sheets, [*evidence]))
    filled = [head for head in heads if head.rows]
    if not filled:
        raise _nothing_in(kind)
    best = max(filled, key=_contact_likeness)
    if fixed.get("sheet"):
        best.evidence.append("The sheet was chosen by you.")
    elif len(sheets) > 1:
        what = "tables" if kind == "html" else "sheets"
        best.evidence.append(f"Of {len(sheets)} {what}, “{best.dialect.sheet}” looks most like a list of contacts.")
    best.marks += marks_of(file, kind, best.dialect.sheet or "")
    return best


def _workbook_base(file: BinaryIO, kind: str, fixed: Mapping[str, Any]) -> tuple[Dialect, list[str]]:
    """What is known of all sheets, and why."""
    if kind == "xml":
        return Dialect(kind), ["The file is a workbook in the XML of Excel 2003."]
    if kind not in _SAID_OF:
        return Dialect(kind), []
    what = _SAID_OF[kind]
    encoding, why = _encoding_of(file, fixed)
    return Dialect(kind, encoding=encoding), [what, why]


def _nothing_in(kind: str) -> Unreadable:
    if kind == "html":
        return Unreadable(
            "This file is a web page without a table. Export the list as .xlsx or .csv, and upload that file.",
            code="file_kind",
            kind="a web page",
        )
    return Unreadable("The workbook has no sheet with anything in it.", code="file_empty")


def _contact_likeness(head: _Head) -> float:
    """Header words tell most, then e-mails and phones; a sheet of a few rows is more often a cover or a legend."""
    below = len(head.rows) - 1
    reaches = [any(kind_of(cell) in (Kind.EMAIL, Kind.PHONE) for cell in cells) for _, cells in head.rows]
    likeness = 2 * head.header.vocabulary + 2 * sum(reaches) / len(reaches)
    return likeness + (head.header.row_number is not None) + min(below, 20) / 20


def _with_header(dialect: Dialect, head: _Head, fixed: Mapping[str, Any]) -> tuple[Dialect, Sequence[str]]:
    """The dialect with header row and width, and the header's cells."""
    if "header_row" in fixed:
        row_number = fixed["header_row"]
        head.evidence.append("The header row was chosen by you.")
    else:
        row_number = head.header.row_number
        head.evidence += [] if dialect.format == "vcf" else [head.header.reason]
    cells: Sequence[str] = next((cells for number, cells in head.rows if number == row_number), [])
    below = [cells for number, cells in head.rows if number > (row_number or 0)]
    width = fixed.get("width") or _width(cells, below)
    return dialect.changed(header_row=row_number, width=width), cells


def _width(header: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """The header's width, or that of most rows below where the header leaves columns unnamed."""
    named = len(header)
    # Delimiters at the end of the header alone name nothing: no row reaches there.
    while named > 1 and not header[named - 1].strip() and all(len(row) < named for row in below):
        named -= 1
    extents = [max((at + 1 for at, cell in enumerate(row) if cell), default=0) for row in below]
    if not named:
        return max((len(row) for row in below), default=1)
    wider = [extent for extent in extents if extent > named]
    if len(wider) >= 2 and len(wider) * 2 > len(extents):
        return max(set(wider), key=wider.count)
    return named


def _require_width(width: int) -> None:
    if width > MOST_COLUMNS:
        raise Unreadable(
            f"The file has {width:,} columns, and {MOST_COLUMNS:,} is the most that can be read. "
            "Keep the columns that you need, and upload it again.",
            code="file_too_wide",
            columns=width,
        )


def _date_sentences(survey: Survey, columns: Sequence[Column]) -> Iterator[str]:
    for index, order in survey.dates.items():
        sentence = order.sentence(columns[index].header)
        if sentence:
            yield sentence


def _columns(header: Sequence[str], survey: Survey) -> tuple[Column, ...]:
    taken: dict[str, int] = {}
    columns = []
    for index, samples in enumerate(survey.samples):
        # A second byte order mark comes from files that were put together.
        shown = normalize("NFC", visible(header[index]).replace("\ufeff", "")) if index < len(header) else ""
        name = " ".join(shown.split())
        name = name or f"Column {index + 1}"
        taken[name] = taken.get(name, 0) + 1
        shown = name if taken[name] == 1 else f"{name} ({taken[name]})"
        columns.append(Column(index, shown, tuple(samples), survey.tallies[index]))
    return tuple(columns)


def _nothing_below(has_header: bool) -> Unreadable:
    if not has_header:
        return Unreadable(
            "The file holds nothing but blank lines. Upload a file with a header row and at least one row.",
            code="file_empty",
        )
    return Unreadable(
        "The file has a header row and no rows below it, so there is nobody to import. Export it again with its rows.",
        code="file_header_only",
    )
