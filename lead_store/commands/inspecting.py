"""A file looked at from the command line: how it would be read and matched, without a database."""

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.csv import WriteOptions, write_csv

from lead_store.access import check_region
from lead_store.intake import mapping
from lead_store.intake.fields import Field
from lead_store.intake.reading import Inspection, inspect, read_batches


def inspect_file(file: Path, region: str | None, tables: Path | None) -> dict[str, Any]:
    """The inspection object of CONTRACTS.md; with `tables`, the rows also go to a CSV file there.

    Raises:
        Invalid: `region_invalid`.
        Unreadable: the file cannot be read as a spreadsheet.
        OSError: the file cannot be opened.
    """
    region = check_region(region)
    with file.open("rb") as content:
        seen = inspect(content, file.name, allows_no_rows=True)
        if tables is not None:
            _write_table(content, seen, tables / f"{file.name}.csv")
    headers = [column.header for column in seen.columns]
    suggested = mapping.suggest(headers, [column.values for column in seen.columns], region)
    return {
        "file": str(file),
        "format": seen.dialect.format,
        "encoding": seen.dialect.encoding,
        "delimiter": seen.dialect.delimiter,
        "quote": seen.dialect.quote,
        "headerRow": seen.dialect.header_row,
        "sheet": seen.dialect.sheet,
        "sheets": list(seen.sheets),
        "rows": seen.rows,
        "evidence": list(seen.evidence),
        "columns": [
            {
                "index": column.index,
                "header": column.header,
                "samples": list(mapping.typical_of(column.values)),
                "field": _public(match.field),
                "confidence": round(match.confidence, 2),
                "order": match.order if _public(match.field) else None,
                "areaCodeOf": match.joins,
                "reason": match.reason,
            }
            for column, match in zip(seen.columns, suggested.columns, strict=True)
        ],
    }


def as_text(seen: dict[str, Any]) -> str:
    """The same for a person at a terminal."""
    if "error" in seen:
        return f"{seen['file']}: {seen['error']['detail']}"
    lines = [f"{seen['file']}: {seen['format']}, {seen['rows']:,} rows"]
    lines += [f"  {sentence}" for sentence in seen["evidence"]]
    for column in seen["columns"]:
        field = column["field"] or "attribute"
        lines.append(f"  {column['header'][:32]:<32} {field:<12} {column['confidence']:>5.0%}  {column['reason']}")
    return "\n".join(lines)


def _public(field: Field | None) -> str | None:
    # An area code alone is no phone that could be tried: `areaCodeOf` tells which column's numbers it completes.
    return field.value if field and field is not Field.AREA_CODE else None


def _write_table(content: Any, seen: Inspection, target: Path) -> None:
    """Header and rows exactly as read: UTF-8, comma, damaged rows with the cells they have."""
    target.parent.mkdir(parents=True, exist_ok=True)
    names = [column.header for column in seen.columns]
    with target.open("wb") as file:
        header = pa.table({str(place): [name] for place, name in enumerate(names)})
        write_csv(header, file, WriteOptions(include_header=False))
        for batch in read_batches(content, seen.dialect):
            if batch["extra"].null_count < batch.num_rows:
                file.write(_with_surplus(batch, seen.dialect.delimiter or ",").encode())
                continue
            cells = [batch.column(f"c{place}") for place in range(len(names))]
            table = pa.table(cells, names=[str(place) for place in range(len(names))])
            write_csv(table, file, WriteOptions(include_header=False))


def _with_surplus(batch: pa.RecordBatch, delimiter: str) -> str:
    """Rows of which some go on beyond the last column."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    for _, _, extra, *cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
        writer.writerow([*cells, *(extra.split(delimiter) if extra else ())])
    return target.getvalue()
