"""Looks at a whole file and says how it would be read: the dialect, its evidence, columns, counts and a preview."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from unicodedata import normalize

from lead_store.errors import Unreadable
from lead_store.intake.reading.archives import LARGEST_FILE_BYTES, require_size
from lead_store.intake.reading.dialect import CellRange, Column, Dialect, Inspection
from lead_store.intake.reading.header import Row, find_header
from lead_store.intake.reading.header_groups import told_apart
from lead_store.intake.reading.heads import Head
from lead_store.intake.reading.sheets import sheets_head
from lead_store.intake.reading.sheets_as_one import left_out as sheets_left_out
from lead_store.intake.reading.sheets_as_one import read_as_one, sheets_alike
from lead_store.intake.reading.sideways import SIDEWAYS, is_sideways
from lead_store.intake.reading.source import Source, open_source, tables_of
from lead_store.intake.reading.survey import Survey, survey_of
from lead_store.intake.reading.tables import TableFound, best_of, find_tables, first_rows, left_out
from lead_store.intake.reading.texts.head import text_head
from lead_store.intake.reading.texts.text import visible

MOST_COLUMNS = 1_000
"""Contact exports have up to a few hundred columns; a file with more is a matrix, and every row would be huge."""

_KINDS_WITH_SEVERAL = ("csv", "xlsx", "xls", "ods", "xml")
_HEADERS_MADE = ("vcf", "txt")
_OF_A_TABLE = ("header_row", "width", "drops_trailing_blanks")
_WIDEST_BELOW = 200
"""Columns of a further table that are looked at: the first may have fewer."""

# Of the judgements that most files give no reason for.
_CHOSEN = {
    "unwraps_lines": "What to make of quotes around whole lines was chosen by you.",
    "cuts": "Whether lines are cut where they have blanks was chosen by you.",
    "breaks_at": "Where a row begins in a long line was chosen by you.",
    "escape": "What a backslash before a quote means was chosen by you.",
    "formulas_are_texts": "What to make of formulas was chosen by you.",
    "delimiter": "Where the lines in cells are cut was chosen by you.",
    "cell_range": "The table was chosen by you.",
    "sheets_as_one": "All that have these columns were chosen by you.",
    "drops_trailing_blanks": "What to make of shorter rows was chosen by you.",
}


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
    """How the one table is read that is there, or that of several which was chosen or looks most like contacts."""
    chosen = CellRange(*fixed["cell_range"]) if fixed.get("cell_range") else None
    whole = _look_at(source, {name: value for name, value in fixed.items() if not (chosen and name in _OF_A_TABLE)})
    tables = _tables_in(whole, source)
    has_no_header = not chosen and fixed.get("header_row", 1) is None
    if not tables or has_no_header:
        return _inspection_of(whole, fixed)
    cell_range = chosen if "cell_range" in fixed else best_of(tables, fixed.get("header_row"))
    within = _fixed_within(fixed, cell_range, whole) if cell_range else fixed
    look = _look_at(source, within, cell_range, first_row=tables[0].cell_range.first_row)
    not_read = left_out(tables, cell_range)
    look.head.marks += [not_read] if not_read else []
    look.head.in_question.append("cell_range")
    labels = {table.cell_range: table.label for table in tables}
    return replace(_inspection_of(look, fixed), tables=labels, left_out=not_read or look.left_out)


def _fixed_within(fixed: Mapping[str, Any], cells: CellRange, whole: "_Look") -> dict[str, Any]:
    """What is fixed of the table there: a header row that lies elsewhere is not its own."""
    within = dict(fixed)
    row_number = fixed.get("header_row") or cells.first_row
    if not cells.first_row <= row_number <= (cells.last_row or row_number):
        del within["header_row"]
    if cells.last_column is not None:
        within["width"] = whole.dialect.width
    return within


@dataclass(frozen=True)
class _Look:
    """What was judged of a table, its header's cells, and what going through all of it came to."""

    head: Head
    dialect: Dialect
    header: Sequence[str]
    survey: Survey
    left_out: str | None


def _look_at(
    source: Source, fixed: Mapping[str, Any], cell_range: CellRange | None = None, first_row: int | None = None
) -> _Look:
    """A range, or all; `first_row`: of the first of several tables, which is the header where all are read as one."""
    head = text_head(source.file, fixed) if source.kind == "csv" else sheets_head(source.file, source.kind, fixed)
    dialect = head.dialect.changed(member=source.member)
    if source.member:
        head.evidence.insert(0, f"The spreadsheet {source.member} was unpacked from an archive.")
    if cell_range is not None:
        dialect = dialect.changed(cell_range=cell_range)
        head.rows = _first_rows(source, dialect)
        head.header = find_header(head.rows)
    elif first_row is not None:
        head.header = replace(head.header, row_number=first_row, reason=f"Row {first_row} heads the first table.")
    dialect, header = _with_header(dialect, head, fixed)
    not_read = None
    if cell_range is None:
        dialect, header, not_read = _with_sheets_alike(dialect, header, head, fixed)
    _require_width(dialect.width)
    dialect, survey = _surveyed(source, dialect, head, header, fixed)
    if not head.rows:
        raise _nothing_below(has_header=False)
    return _Look(head, dialect, header, survey, not_read)


def _first_rows(source: Source, dialect: Dialect) -> list[Row]:
    """The first rows of the table in the dialect's range."""
    width = (dialect.cell_range and dialect.cell_range.last_column) or _WIDEST_BELOW
    return first_rows(tables_of(source.file, dialect.changed(width=width, drops_trailing_blanks=True)))


def _tables_in(look: _Look, source: Source) -> list[TableFound]:
    """The tables of the sheet where there are several."""
    if source.kind not in _KINDS_WITH_SEVERAL or look.dialect.sheets_as_one:
        return []
    dialect = look.dialect.changed(header_row=None, width=_WIDEST_BELOW, drops_trailing_blanks=True)
    return find_tables(look.dialect.header_row, look.head.rows, look.survey.openings, tables_of(source.file, dialect))


def _inspection_of(look: _Look, fixed: Mapping[str, Any]) -> Inspection:
    head, dialect, survey = look.head, look.dialect, look.survey
    named = told_apart(head.rows, dialect.header_row) or []
    if named and dialect.header_row:
        head.evidence.append(f"Row {dialect.header_row - 1} tells apart the columns that are called the same.")
    if is_sideways(head.rows):
        head.marks.append(SIDEWAYS)
    columns = _columns([*named, *look.header[len(named) :]], survey)
    warnings = (*head.marks, *survey.sentences())
    evidence = (*head.evidence, *warnings, *_date_sentences(survey, columns))
    if dialect.delimiter and (survey.endings.short > 0 or dialect.drops_trailing_blanks):
        head.in_question.append("drops_trailing_blanks")
    in_question = tuple(head.in_question)
    evidence += tuple(_CHOSEN[name] for name in in_question if name in fixed)
    return Inspection(
        dialect,
        head.sheets,
        columns,
        survey.rows,
        evidence,
        warnings,
        survey.preview,
        left_out=look.left_out,
        in_question=in_question,
    )


def _surveyed(
    source: Source, dialect: Dialect, head: Head, header: Sequence[str], fixed: Mapping[str, Any]
) -> tuple[Dialect, Survey]:
    """The whole table, gone through once more where its short rows turn out to be complete."""
    if "drops_trailing_blanks" in fixed:
        dialect = dialect.changed(drops_trailing_blanks=fixed["drops_trailing_blanks"])
    survey = survey_of(tables_of(source.file, dialect), dialect, header)
    because = survey.endings.complete_because
    if because and "drops_trailing_blanks" not in fixed:
        dialect = dialect.changed(drops_trailing_blanks=True)
        survey = survey_of(tables_of(source.file, dialect), dialect, header)
        head.evidence.append(because)
    return dialect, survey


def _with_header(dialect: Dialect, head: Head, fixed: Mapping[str, Any]) -> tuple[Dialect, Sequence[str]]:
    """The dialect with header row and width, and the header's cells."""
    if "header_row" in fixed:
        row_number = fixed["header_row"]
        head.evidence.append("The header row was chosen by you.")
    else:
        row_number = head.header.row_number
        head.evidence += [] if dialect.format in _HEADERS_MADE else [head.header.reason]
    cells: Sequence[str] = next((cells for number, cells in head.rows if number == row_number), [])
    below = [cells for number, cells in head.rows if number > (row_number or 0)]
    width = fixed.get("width") or _width(cells, below)
    return dialect.changed(header_row=row_number, width=width), cells


def _with_sheets_alike(
    dialect: Dialect, header: Sequence[str], head: Head, fixed: Mapping[str, Any]
) -> tuple[Dialect, Sequence[str], str | None]:
    """The same with the sheets that have these columns, where that was chosen; or else which are left out."""
    alike = sheets_alike(head.rows_of_sheets, header)
    if not alike:
        return dialect, header, None
    what = "table" if dialect.format == "html" else "sheet"
    head.in_question.append("sheets_as_one")
    if not fixed.get("sheets_as_one"):
        not_read = sheets_left_out(alike, dialect.sheet, what)
        head.marks.append(not_read)
        return dialect, header, not_read
    head.evidence.append(read_as_one(len(alike), what))
    width = dialect.width
    named = [*header[:width], *[""] * (width - len(header)), what.capitalize()]
    return dialect.changed(sheets_as_one=alike, width=width + 1), named, None


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
    for index, values in enumerate(survey.values):
        # A second byte order mark comes from files that were put together.
        shown = normalize("NFC", visible(header[index]).replace("\ufeff", "")) if index < len(header) else ""
        name = " ".join(shown.split())
        name = name or f"Column {index + 1}"
        taken[name] = taken.get(name, 0) + 1
        shown = name if taken[name] == 1 else f"{name} ({taken[name]})"
        columns.append(Column(index, shown, tuple(values), survey.tallies[index]))
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
