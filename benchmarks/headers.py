"""How well columns are matched to fields: header rows of real exports with known answers.

    python -m benchmarks.headers [FILE] [--misses] [--half 0|1]

FILE has a JSON object a line: headers, sample_rows, expected_index (field -> zero-based column or null),
also_acceptable (field -> headers); or, as .txt, the notation of benchmarks.layouts. A field is right where the column
tried first is the expected one, or one also acceptable; wrong where it is another, or where nothing was expected;
missed where none was found.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks.layouts import read_layouts
from lead_store.intake.fields import Field
from lead_store.intake.mapping import Mapping, suggest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "headers.jsonl"
FIELDS = {
    "phone": Field.PHONE,
    "email": Field.EMAIL,
    "full_name": Field.NAME,
    "first_name": Field.FIRST_NAME,
    "last_name": Field.LAST_NAME,
    "external_id": Field.EXTERNAL_ID,
    "tags": Field.TAGS,
    "opt_out": Field.OPTED_OUT,
    "company": Field.COMPANY,
}


def suggest_for(row: dict[str, Any]) -> Mapping:
    headers = row["headers"]
    samples = [[cells[i] if i < len(cells) else "" for cells in row["sample_rows"]] for i in range(len(headers))]
    return suggest(headers, samples)


def verdict(row: dict[str, Any], mapping: Mapping, name: str) -> str:
    """right, wrong, missed or nothing (none there, none found) for one field of one file."""
    columns = mapping.columns_of(FIELDS[name])
    expected = row["expected_index"].get(name)
    acceptable = row.get("also_acceptable", {}).get(name, [])
    if not columns:
        return "nothing" if expected is None else "missed"
    first = columns[0]
    if first.index == expected:
        return "right"
    if first.header in acceptable:
        return "nothing" if expected is None else "right"
    return "wrong"


def read_rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".txt":
        return [layout.as_corpus_row() for layout in read_layouts(path)]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--misses", action="store_true", help="list each file and field that is not right")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the rows in even or in odd places")
    arguments = parser.parse_args()
    rows = read_rows(arguments.file)
    rows = rows if arguments.half is None else rows[arguments.half :: 2]
    started = time.perf_counter()
    mappings = [suggest_for(row) for row in rows]
    print(f"{len(rows)} header rows in {1000 * (time.perf_counter() - started):.0f} ms")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for place, (row, mapping) in enumerate(zip(rows, mappings, strict=True)):
        for name in FIELDS:
            result = verdict(row, mapping, name)
            counts[name].update([result] + ["expected"] * (row["expected_index"].get(name) is not None))
            if arguments.misses and result in ("wrong", "missed"):
                _show_miss(place, row, mapping, name, result)
    _show_table(counts, len(rows))


def _show_table(counts: dict[str, Counter[str]], rows: int) -> None:
    titles = f"{'expected':>8} {'right':>6} {'wrong':>6} {'missed':>6} {'right/expected':>15} {'wrong/rows':>11}"
    print(f"{'field':12} {titles}")
    for name, count in counts.items():
        right = f"{count['right'] / count['expected']:.1%}" if count["expected"] else "-"
        numbers = f"{count['expected']:8} {count['right']:6} {count['wrong']:6} {count['missed']:6}"
        print(f"{name:12} {numbers} {right:>15} {count['wrong'] / rows:>11.1%}")


def _show_miss(place: int, row: dict[str, Any], mapping: Mapping, name: str, result: str) -> None:
    found = [(column.index, column.header, column.confidence) for column in mapping.columns_of(FIELDS[name])]
    expected = row["expected_index"].get(name)
    wanted = None if expected is None else (expected, row["headers"][expected])
    print(f"{result:6} {name:11} {place:3} {row['source'][:50]!r}: wanted {wanted}, found {found[:3]}")


if __name__ == "__main__":
    main()
