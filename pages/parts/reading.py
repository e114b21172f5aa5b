"""How a file was read: each judgement with its evidence and its alternatives, and the rows as they come out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.errors import Unreadable
from lead_store.imports import Import
from lead_store.intake.reading import CellRange, Dialect
from pages.parts import acting, rows
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32 (big-endian)",
    "windows-1252": "Windows-1252 (Western)",
    "iso8859-1": "Latin-1",
    "iso8859-15": "Latin-9",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850 (Western)",
    "cp437": "DOS 437 (United States)",
    "cp860": "DOS 860 (Portuguese)",
    "windows-1250": "Windows-1250 (Central European)",
    "iso8859-2": "Latin-2 (Central European)",
    "cp852": "DOS 852 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Russian)",
    "koi8-u": "KOI8-U (Ukrainian)",
    "cp866": "DOS 866 (Cyrillic)",
    "iso8859-5": "ISO 8859-5 (Cyrillic)",
    "mac-cyrillic": "Mac Cyrillic",
    "windows-1253": "Windows-1253 (Greek)",
    "iso8859-7": "ISO 8859-7 (Greek)",
    "windows-1254": "Windows-1254 (Turkish)",
    "iso8859-9": "Latin-5 (Turkish)",
    "cp857": "DOS 857 (Turkish)",
    "windows-1255": "Windows-1255 (Hebrew)",
    "windows-1256": "Windows-1256 (Arabic)",
    "iso8859-6": "ISO 8859-6 (Arabic)",
    "windows-1257": "Windows-1257 (Baltic)",
    "iso8859-13": "Latin-7 (Baltic)",
    "windows-1258": "Windows-1258 (Vietnamese)",
    "cp874": "Windows-874 (Thai)",
    "cp932": "Shift-JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "iso2022_jp": "ISO-2022-JP (Japanese)",
    "gb18030": "GB18030 (Chinese)",
    "big5": "Big5 (Traditional Chinese)",
    "cp949": "EUC-KR (Korean)",
}
DELIMITERS = {
    ",": "Comma  ,",
    ";": "Semicolon  ;",
    "\t": "Tab",
    "|": "Bar  |",
    "^": "Caret  ^",
    "~": "Tilde  ~",
    ":": "Colon  :",
    " ": "Blank",
    "\x1f": "Unit separator",
    "\x01": "Ctrl-A",
}
QUOTES = {'"': 'Double  "', "'": "Single  '", None: "None"}
# Judgements that most files give no reason for: shown where one does.
SELDOM: dict[str, tuple[str, dict[Any, str]]] = {
    "unwraps_lines": ("Quotes around whole lines", {True: "Take them off", False: "Leave them"}),
    "breaks_at": (
        "One long line",
        {
            None: "A row for each line",
            ",": "A row after each comma",
            ";": "A row after each semicolon",
            "\t": "A row after each tab",
            "|": "A row after each bar",
            " ": "A row after each blank",
        },
    ),
    "cuts": ("Columns aligned by blanks", {True: "Cut where they begin", False: "Leave lines whole"}),
    "escape": ("A backslash before a quote", {None: "Is text itself", "\\": "Marks it as text"}),
    "formulas_are_texts": ('Formulas such as ="0119"', {True: "Read as their text", False: "Keep as written"}),
    "drops_trailing_blanks": ("Rows with too few cells", {False: "Leave them out", True: "Add blank cells"}),
}
ALL_ALIKE = True
"""The choice of all sheets that have the columns of the one that is read."""
HEADER_ROWS = 30
CHOICE_WIDTH_PIXELS = 180
FEWEST_COLUMNS = 3
CHANGEABLE = ("received", "mapped", "in_review", "failed")
# With another sheet or delimiter, rows and columns are others: what was fixed about them means nothing now.
FORGETS = {
    "sheet": ("cell_range", "sheets_as_one", "header_row", "width"),
    "sheets_as_one": ("cell_range", "width"),
    "cell_range": ("header_row", "width", "drops_trailing_blanks"),
    "delimiter": ("cell_range", "width", "drops_trailing_blanks", "cuts"),
    "cuts": ("cell_range", "width", "delimiter", "drops_trailing_blanks"),
}


def show(run: Import) -> None:
    """The judgements, the evidence and a preview; a change reads the file again at once."""
    if run.status not in CHANGEABLE:
        st.info("This import has started, so its file cannot be read in another way now.", icon=":material/lock:")
    if last_time := (run.inspection or {}).get("read_as_last_time"):
        when = moment(datetime.fromisoformat(last_time["saved_at"]))
        st.info(
            f"Read as last time: {plain(last_time['saved_by'])} chose so for a file like this one on {when}.",
            icon=":material/history:",
        )
    judgements = _judgements(run)
    with st.container(border=True):
        with st.grid(max(len(judgements), FEWEST_COLUMNS), min_column_width=CHOICE_WIDTH_PIXELS):
            for name, label, choices in judgements:
                _show_choice(run, name, label, choices)
        if refused := st.session_state.pop(_refused_key(run), None):
            st.warning(f"{plain(refused)} So it is still read as before.", icon=":material/undo:")
        st.caption("  \n".join(_evidence(run)))
    _show_preview(run)


def _evidence(run: Import) -> Iterator[str]:
    inspection = run.inspection or {}
    for sentence in inspection["evidence"]:
        icon = "warning" if sentence in inspection.get("warnings", ()) else "check"
        yield f":material/{icon}: {plain(sentence)}"


def _judgements(run: Import) -> list[tuple[str, str, dict[Any, str]]]:
    dialect = imports.get_dialect(run)
    in_question = (run.inspection or {}).get("in_question", ())
    last = max(HEADER_ROWS, dialect.header_row or 0)
    header_rows = {None: "No header row"} | {number: f"Row {number}" for number in range(1, last + 1)}
    header = ("header_row", "Header row", header_rows)
    tables = list(_tables(run))
    encoding = ("encoding", "Encoding", _with_present(ENCODINGS, dialect.encoding))
    if dialect.format in ("vcf", "txt"):
        return [encoding]
    if dialect.format != "csv":
        of_text = [encoding] if dialect.format == "html" else []
        cuts = _with_present({None: "Leave them whole", **DELIMITERS}, dialect.delimiter)
        lines = [("delimiter", "Lines in column A", cuts)]
        return [*of_text, _sheets(run, dialect), *(lines if "delimiter" in in_question else []), *tables, header]
    delimiters = DELIMITERS | ({dialect.delimiter: "Blanks, aligned"} if dialect.cuts else {})
    return [
        encoding,
        ("delimiter", "Columns are separated by", _with_present(delimiters, dialect.delimiter)),
        *([] if dialect.cuts else [("quote", "Quotes", _with_present(QUOTES, dialect.quote))]),
        *tables,
        header,
        *((name, *SELDOM[name]) for name in in_question if name in SELDOM),
    ]


def _tables(run: Import) -> Iterator[tuple[str, str, dict[Any, str]]]:
    """The choice of a table where the sheet has several."""
    tables = {CellRange(*cells): label for cells, label in (run.inspection or {}).get("tables", [])}
    if tables:
        yield "cell_range", "Table", {None: "All as one", **tables}


def _sheets(run: Import, dialect: Dialect) -> tuple[str, str, dict[Any, str]]:
    """The choice of a sheet, or of all that have its columns where there are such."""
    inspection = run.inspection or {}
    is_asked = "sheets_as_one" in inspection.get("in_question", ())
    choices = {sheet: sheet for sheet in inspection.get("sheets", [])}
    all_alike = {ALL_ALIKE: "All with these columns"} if is_asked else {}
    return "sheet", "Table" if dialect.format == "html" else "Sheet", {**choices, **all_alike}


def _with_present(choices: dict[Any, str], present: Any) -> dict[Any, str]:
    return choices if present in choices else {present: str(present), **choices}


def _show_choice(run: Import, name: str, label: str, choices: dict[Any, str]) -> None:
    key = f"reading:{run.id}:{name}"
    st.session_state[key] = _present(imports.get_dialect(run), name)
    st.selectbox(
        label,
        list(choices),
        format_func=lambda choice: choices.get(choice, str(choice)),
        key=key,
        # Streamlit takes None for no choice, where it is one here.
        placeholder=choices.get(None),
        on_change=_change,
        args=(run, name, key),
        disabled=run.status not in CHANGEABLE or not acting.may_import(),
    )


def _present(dialect: Dialect, name: str) -> Any:
    if name == "sheet" and dialect.sheets_as_one:
        return ALL_ALIKE
    present = getattr(dialect, name)
    return bool(present) if name == "cuts" else present


def _change(run: Import, name: str, key: str) -> None:
    """Read again with this choice and the earlier ones; where that cannot be, all stays and the page says why."""
    choice = st.session_state[key]
    if name == "sheet" and choice is ALL_ALIKE:
        name = "sheets_as_one"
    try:
        with acting.transaction(Role.IMPORTER) as tx:
            fixed = _earlier_choices(imports.search_history(tx, run.id))
            for other in FORGETS.get(name, ()):
                fixed.pop(other, None)
            imports.change_reading(tx, run.id, {**fixed, name: choice}, acting.who())
    except Unreadable as refused:
        # What else to do is for those who upload: here another choice is at hand.
        what, *_ = refused.detail.split(". ")
        st.session_state[_refused_key(run)] = f"With that choice: {what.rstrip('.')}."


def _refused_key(run: Import) -> str:
    return f"reading:{run.id}:refused"


def _earlier_choices(history: list[dict[str, Any]]) -> dict[str, Any]:
    """Each change records all that was fixed until then, so the last one holds everything."""
    changes = [entry["details"] for entry in history if entry["what"] in ("read differently", "read as last time")]
    return dict(changes[-1]) if changes else {}


def _show_preview(run: Import) -> None:
    inspection = run.inspection or {}
    preview = inspection["preview"]
    headers = [column["header"] for column in inspection["columns"]]
    # As the index, the row numbers stay apart from a column of the file that is called the same.
    numbers = pd.Index([row["row_number"] for row in preview], name="Row")
    table = pd.DataFrame([row["cells"] for row in preview], columns=headers, index=numbers)
    st.dataframe(table, placeholder="", column_config={"_index": rows.ROW_COLUMN})
    of_all = counted(inspection["rows"], "row")
    every = "The only row" if inspection["rows"] == 1 else f"All {of_all}"
    shown = f"The first {len(preview)} of {of_all}" if len(preview) < inspection["rows"] else every
    from_thousands = ", each sheet from a full thousand on" if imports.get_dialect(run).sheets_as_one else ""
    st.caption(f"{shown}, numbered as spreadsheet programs number them{from_thousands}.")
