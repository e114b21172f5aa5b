"""How much of a damaged file is read rightly: ours and others on the Pollock benchmark.

    python -m benchmarks.pollock CHECKOUT/polluted_files [--misses N]
    python -m benchmarks.pollock CHECKOUT/survey_sample

CHECKOUT is https://github.com/HPI-Information-Systems/Pollock (Vitagliano et al., VLDB 2023): `csv` holds files as
people have them, `clean` what each of them says. polluted_files is one table, damaged in 2,290 ways; survey_sample are
97 real files. Compared are the filled cells and the records below the header, each as a bag: F1 of what was read
against what the file says, 0 where it was refused. Blanks at the ends of cells and within do not count.
"""

import argparse
import csv
import io
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import clevercsv
import duckdb
import pandas

from lead_store.intake.reading import inspect, read_batches

Record = tuple[str, ...]


def by_ours(path: Path) -> list[Sequence[str | None]]:
    with path.open("rb") as file:
        seen = inspect(file, path.name, allows_no_rows=True)
        places = [*(f"c{column.index}" for column in seen.columns), "extra"]
        return [
            row
            for batch in read_batches(file, seen.dialect)
            for row in zip(*(batch.column(place).to_pylist() for place in places), strict=True)
        ]


def by_csv_sniffer(path: Path) -> list[Sequence[str | None]]:
    text = path.read_text("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text[:20_000])))[1:]


def by_clevercsv(path: Path) -> list[Sequence[str | None]]:
    text = path.read_text(clevercsv.encoding.get_encoding(str(path)))
    dialect = clevercsv.Sniffer().sniff(text[:20_000], verbose=False)
    return list(clevercsv.reader(io.StringIO(text, newline=""), dialect))[1:]


def by_duckdb(path: Path) -> list[Sequence[str | None]]:
    with duckdb.connect() as connection:
        return connection.execute("from read_csv(?, all_varchar = true)", [str(path)]).fetchall()


def by_pandas(path: Path) -> list[Sequence[str | None]]:
    frame = pandas.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    return [tuple(row) for row in frame.itertuples(index=False)]


CANDIDATES: dict[str, Callable[[Path], list[Sequence[str | None]]]] = {
    "csv.Sniffer": by_csv_sniffer,
    "CleverCSV": by_clevercsv,
    "DuckDB": by_duckdb,
    "pandas, sep=None": by_pandas,
    "ours": by_ours,
}


@dataclass(frozen=True)
class Score:
    """F1 of cells and records, whether the file was refused, and seconds."""

    cells: float
    records: float
    is_refused: bool
    seconds: float


def score(name: str, path: Path) -> Score:
    says = _records(_clean(path))
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found, is_refused = _records(CANDIDATES[name](path)), False
    except Exception:  # Each refuses in its own way.
        found, is_refused = [], True
    seconds = time.perf_counter() - started
    if is_refused and says:
        return Score(0.0, 0.0, is_refused, seconds)
    return Score(_f1(_cells(says), _cells(found)), _f1(says, found), is_refused, seconds)


def _clean(path: Path) -> list[list[str]]:
    with (path.parents[1] / "clean" / path.name).open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.reader(file))[1:]


def _records(rows: Iterable[Sequence[str | None]]) -> list[Record]:
    records = (tuple(filled for cell in row if (filled := " ".join((cell or "").split()))) for row in rows)
    return [record for record in records if record]


def _cells(records: Iterable[Record]) -> list[str]:
    return [cell for record in records for cell in record]


def _f1(said: Sequence[object], found: Sequence[object]) -> float:
    alike = (Counter(said) & Counter(found)).total()
    return 2 * alike / (len(said) + len(found)) if said or found else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=0, help="name so many files of which ours reads the least")
    options = parser.parse_args()
    paths = sorted(
        path for path in (options.folder / "csv").iterdir() if (options.folder / "clean" / path.name).exists()
    )
    csv.field_size_limit(1 << 30)
    print(f"| of {len(paths)} files | cells | records | refused | seconds |\n|---|---|---|---|---|")
    for name in CANDIDATES:
        with ProcessPoolExecutor() as pool:
            scores = list(pool.map(score, [name] * len(paths), paths, chunksize=16))
        cells, records = (sum(getattr(each, what) for each in scores) / len(scores) for what in ("cells", "records"))
        refused, seconds = sum(each.is_refused for each in scores), sum(each.seconds for each in scores)
        print(f"| {name} | {cells:.3f} | {records:.3f} | {refused} | {seconds:.0f} |")
    for least, path in sorted(zip((each.records for each in scores), paths, strict=True))[: options.misses]:
        print(f"{least:.3f} {path.name}")


if __name__ == "__main__":
    main()
