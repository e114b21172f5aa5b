"""How well files are read, ours beside csv.Sniffer, CleverCSV, DuckDB and pandas; and how fast a million rows are.

    python -m benchmarks.reading                  the table of docs/decisions/0003-reading-files.md
    python -m benchmarks.reading --files FOLDER   which files of a folder are read, and which refused
    python -m benchmarks.reading --speed          a million rows of CSV, with the memory at its highest

Needs the corpus of real files beside this checkout for the first. The expectations are what the files' own projects
say, as (delimiter, header row as Excel numbers it, data rows); where no one says, a file is left out.
"""

import argparse
import csv
import io
import resource
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import clevercsv
import duckdb
import pandas
import pyarrow as pa
import pyarrow.csv

from lead_store.errors import Unreadable
from lead_store.intake.reading import inspect, read_batches

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

Judgement = tuple[str | None, int | None, int | None]

POLLOCK: Judgement = (",", 1, 83)
EXPECTED: dict[str, Judgement] = {
    "importer-fixtures/agency-chaos.csv": (",", 2, 4),
    "importer-fixtures/swedish_sep_hint.csv": (";", 1, 2),
    "importer-fixtures/br_practice_export_cp1252.csv": (";", 1, 5),
    "importer-fixtures/es_seguimiento_preamble.csv": (";", 3, 1),
    "importer-fixtures/linkedin_connections.csv": (",", 4, 4),
    "importer-fixtures/facebook_lead_ads_utf16.tsv": ("\t", 1, 2),
    "importer-fixtures/horrible-headers-mixed.csv": (",", 1, 3),
    "csvkit/test_utf16_big.csv": (",", 1, 2),
    "csvkit/test_utf16_little.csv": (",", 1, 2),
    "csvkit/test_utf8_bom.csv": (",", 1, 2),
    "csvkit/test_latin1.csv": (",", 1, 2),
    "csvkit/mac_newlines.csv": (",", 1, 2),
    "csvkit/no_header_row.csv": (",", None, 1),
    "csvkit/test_skip_lines.csv": (",", 4, 1),
    "csvkit/test_header_newline.csv": (",", 1, 1),
    "csvkit/realdata_ks_1033_data.csv": (",", 1, 1575),
    "csvkit/realdata_FY09_EDU_Recipients_by_State.csv": (",", 1, 52),
    "csvkit/bad.csv": (",", 1, 3),
    "csvkit/optional_quote_characters.csv": (",", 1, 1),
    "duckdb/auto_utf8bom.csv": (",", 1, 2),
    "duckdb/auto_skip_row.csv": (",", 2, 1),
    "duckdb/auto_multiple_skip_row.csv": (",", 3, 1),
    "duckdb/auto_unnamed_columns.csv": (",", None, 2),
    "duckdb/auto_pipe_delim_quote.csv": ("|", None, 3),
    "duckdb/auto_semicolon_escape.csv": (";", None, 3),
    "duckdb/auto_backslash_escape.csv": ("|", None, 3),
    "duckdb/auto_single_quote_backslash.csv": ("|", None, 3),
    "duckdb/encodings_utf16.csv": (",", 1, 20),
    "duckdb/encodings_shift_jis.csv": (",", 1, 20),
    "duckdb/encodings_latin1.csv": (",", 1, 12),
    "duckdb/test_mixed_line_endings.csv": (",", None, 3),
    "duckdb/unescaped_quotes_stops.csv": (",", 1, 9),
    "duckdb/people.csv": (",", 1, 4),
    "duckdb/dirty_line.csv": (",", 2, 2),
    "duckdb/evil_nullpadding.csv": (";", None, 3),
    "duckdb/empty_space_start_value.csv": (",", 1, 4),
    "duckdb/all_quotes.csv": (",", 1, 5),
    "duckdb/thousands_separator_multi_column_quote.csv": (",", 1, 5),
    "duckdb/decimal_separators_decimal_separators.csv": (";", 1, 5),
    "duckdb/comments_simple.csv": (";", 3, 4),
    "duckdb/bad_escape.csv": (",", 1, 2),
    "duckdb/rejects_frankstein_nightmare.csv": (",", 1, 47),
    "duckdb/double_quoted_header.csv": (",", 1, 2),
    "papaparse/long-sample.csv": (",", None, 8),
    "univocity-parsers/examples_european.csv": (";", 1, 5),
    "univocity-parsers/examples_example.csv": (",", 6, 8),
    "univocity-parsers/issues_github_177_input.csv": (",", 1, 2),
    "univocity-parsers/issues_github_7_input.csv": (",", 2, 1),
    "univocity-parsers/issues_github_194_uk-500.csv": (",", 1, 500),
    "listmonk/subs.csv": (",", 1, 100),
    "react-spreadsheet-import/exampleFile.csv": (",", 1, 1000),
    "django-import-export/books-mac.csv": (",", 1, 1),
    "django-import-export/books-ISO-8859-1.csv": (",", 1, 1),
    "sqlite-utils/example1.csv": (",", 1, 4),
    "sqlite-utils/example2.csv": (";", 1, 4),
    "sqlite-utils/example3.csv": (",", 1, 4),
    "sqlite-utils/example4.csv": ("\t", 1, 4),
    "pollock/source.csv": POLLOCK,
    "pollock/file_no_trailing_newline.csv": POLLOCK,
    "pollock/file_double_trailing_newline.csv": POLLOCK,
    "pollock/file_no_header.csv": (",", None, 83),
    "pollock/file_header_multirow_2.csv": (",", 2, 83),
    "pollock/file_header_multirow_3.csv": (",", 3, 83),
    "pollock/file_preamble.csv": (",", 3, 83),
    "pollock/file_one_data_row.csv": (",", 1, 1),
    "pollock/file_field_delimiter_0x20.csv": (" ", 1, 83),
    "pollock/file_field_delimiter_0x2C_0x20.csv": POLLOCK,
    "pollock/file_field_delimiter_0x3B.csv": (";", 1, 83),
    "pollock/file_field_delimiter_0x9.csv": ("\t", 1, 83),
    "pollock/file_quotation_char_0x27.csv": POLLOCK,
    "pollock/file_escape_char_0x5C.csv": POLLOCK,
    "pollock/file_escape_char_0x00.csv": POLLOCK,
    "pollock/file_record_delimiter_0xD.csv": POLLOCK,
    "pollock/row_extra_quote0_col0.csv": POLLOCK,
    "pollock/row_extra_quote5_col3.csv": POLLOCK,
    "pollock/row_less_sep_row5_col6.csv": POLLOCK,
    "pollock/row_more_sep_row5_col6.csv": POLLOCK,
    "pollock/row_field_delimiter_5_0x20.csv": POLLOCK,
    "pollock/row_field_delimiter_0_0x20.csv": POLLOCK,
}


def by_ours(path: Path) -> Judgement:
    with path.open("rb") as file:
        seen = inspect(file, path.name)
    return seen.dialect.delimiter, seen.dialect.header_row, seen.rows


def _text(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        return file.read()


def by_csv_sniffer(path: Path) -> Judgement:
    text = _text(path, "utf-8")
    dialect = csv.Sniffer().sniff(text[:20_000])
    has_header = csv.Sniffer().has_header(text[:20_000])
    rows = sum(1 for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(row))
    return dialect.delimiter, 1 if has_header else None, rows - has_header


def by_clevercsv(path: Path) -> Judgement:
    text = _text(path, clevercsv.encoding.get_encoding(str(path)))
    dialect = clevercsv.Sniffer().sniff(text[:20_000], verbose=False)
    has_header = clevercsv.Sniffer().has_header(text[:20_000])
    rows = sum(1 for row in clevercsv.reader(io.StringIO(text, newline=""), dialect) if any(row))
    return dialect.delimiter, 1 if has_header else None, rows - has_header


def by_duckdb(path: Path) -> Judgement:
    with duckdb.connect() as connection:
        sniffed = connection.execute("FROM sniff_csv(?)", [str(path)]).fetchdf().iloc[0]
        query = "SELECT count(*) FROM read_csv(?, all_varchar = true)"
        rows = connection.execute(query, [str(path)]).fetchall()[0][0]
    header_row = int(sniffed["SkipRows"]) + 1 if sniffed["HasHeader"] else None
    return sniffed["Delimiter"], header_row, rows


def by_pandas(path: Path) -> Judgement:
    frame = pandas.read_csv(path, sep=None, engine="python", dtype=str)
    return None, 1, len(frame)


CANDIDATES: dict[str, Callable[[Path], Judgement]] = {
    "csv.Sniffer": by_csv_sniffer,
    "CleverCSV": by_clevercsv,
    "DuckDB": by_duckdb,
    "pandas, sep=None": by_pandas,
    "ours": by_ours,
}


@dataclass
class Score:
    """Right answers of one candidate, its refusals of good files, and its time."""

    delimiter: int = 0
    header: int = 0
    rows: int = 0
    all_three: int = 0
    refused: int = 0
    seconds: float = 0.0

    def add(self, judged: Judgement, expected: Judgement) -> None:
        right = [one == other for one, other in zip(judged, expected, strict=True)]
        self.delimiter += right[0]
        self.header += right[1]
        self.rows += right[2]
        self.all_three += all(right)


def score(candidate: Callable[[Path], Judgement], show_wrong: bool) -> Score:
    result = Score()
    for name, expected in EXPECTED.items():
        started = time.perf_counter()
        try:
            judged = candidate(CORPUS / "files" / name)
        except Exception as error:
            result.refused += 1
            judged = (None, -1, None)
            if show_wrong:
                print(f"  {name}: {type(error).__name__} {error}"[:150])
        result.seconds += time.perf_counter() - started
        result.add(judged, expected)
        if show_wrong and judged != expected:
            print(f"  {name}: {judged}, expected {expected}")
    return result


def print_table(show_wrong: bool) -> None:
    print(f"| of {len(EXPECTED)} files | delimiter | header row | rows | all three | refused | seconds |")
    print("|---|---|---|---|---|---|---|")
    for name, candidate in CANDIDATES.items():
        s = score(candidate, show_wrong and name == "ours")
        delimiter = "-" if name.startswith("pandas") else str(s.delimiter)
        all_three = "-" if name.startswith("pandas") else str(s.all_three)
        print(f"| {name} | {delimiter} | {s.header} | {s.rows} | {all_three} | {s.refused} | {s.seconds:.1f} |")
    print_refusals(CORPUS / "files")


def print_refusals(folder: Path) -> None:
    """Every file of the folder: read whole, with as many rows as were announced, or refused with which code."""
    codes: Counter[str] = Counter()
    slowest = ("", 0.0)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        started = time.perf_counter()
        try:
            with path.open("rb") as file:
                seen = inspect(file, path.name)
                rows = sum(batch.num_rows for batch in read_batches(file, seen.dialect))
            codes["read" if rows == seen.rows else "read otherwise than announced"] += 1
        except Unreadable as refusal:
            codes[refusal.code] += 1
        except Exception as error:
            codes["crashed"] += 1
            print(f"  {path}: {error!r}"[:200])
        slowest = max(slowest, (path.name, time.perf_counter() - started), key=lambda entry: entry[1])
    print(f"\nAll {codes.total()} files: {dict(codes.most_common())}; slowest {slowest[0]}, {slowest[1]:.2f} s")


def write_million(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Nome,Telefone,E-mail,Cidade,Tags\n")
        for number in range(1_000_000):
            phone = f"(11) 9{number % 8999 + 1000}-{number * 7 % 8999 + 1000}"
            file.write(f'João Silva {number},{phone},joao{number}@exemplo.com.br,São Paulo,"vip, aluno"\n')


def print_speed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write_million(path)
        print(f"1,000,000 rows, {path.stat().st_size / 1e6:.0f} MB")
        with path.open("rb") as file:
            timed("inspect, the whole file", lambda: seen.append(inspect(file, "million.csv")), seen := [])
            dialect = seen[0].dialect
            timed("read_batches", lambda: sum(batch.num_rows for batch in read_batches(file, dialect)))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory at its highest so far {memory:.0f} MB")
        text = pa.csv.ConvertOptions(column_types={name: pa.string() for name in ("Nome", "Telefone")})
        timed("pyarrow alone", lambda: pa.csv.read_csv(path, convert_options=text))
        timed("DuckDB, all text", lambda: duckdb.read_csv(str(path), all_varchar=True).to_arrow_table())
        timed("pandas, C parser", lambda: pandas.read_csv(path, dtype=str))


def timed(label: str, action: Callable[[], object], _: list | None = None) -> None:
    started = time.perf_counter()
    action()
    print(f"{label:28} {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--files", type=Path)
    parser.add_argument("--wrong", action="store_true", help="name the files that ours judges otherwise")
    arguments = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if arguments.speed:
            print_speed()
        elif arguments.files:
            print_refusals(arguments.files)
        else:
            print_table(arguments.wrong)
