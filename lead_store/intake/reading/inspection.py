"""Looks at a whole file and says how it would be read: the dialect, its evidence, columns, counts and a preview."""

import csv
from collections.abc import Mapping
from typing import Any, BinaryIO

from lead_store.intake.reading.dialect import Column, Dialect, Inspection, PreviewRow
from lead_store.intake.reading.encoding import TextBlocks, detect_encoding
from lead_store.intake.reading.header import find_header
from lead_store.intake.reading.records import parse_records
from lead_store.intake.reading.workbooks import open_workbook, sheet_rows, visible_sheets


def inspect(file: BinaryIO, name: str, overrides: Mapping[str, Any] | None = None) -> Inspection:
    from lead_store.intake.reading import read_batches

    overrides = dict(overrides or {})
    file.seek(0)
    magic = file.read(8)
    evidence = []
    sheets: tuple[str, ...] = ()
    if magic.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        workbook = open_workbook(file)
        sheets = visible_sheets(workbook)
        dialect = Dialect("xlsx", sheet=overrides.get("sheet", sheets[0]))
        rows = [row for row, _ in zip(sheet_rows(workbook, dialect.sheet), range(200))]
    else:
        encoding, why = detect_encoding(file)
        evidence.append(why)
        dialect = Dialect("csv", encoding=overrides.get("encoding", encoding), delimiter=",", quote='"')
        blocks = TextBlocks(file, dialect.encoding)
        text, last = next(iter(blocks))
        text = text.decode("utf-8", blocks.decode_errors)
        best = max(",;\t|", key=lambda d: text[:5000].count(d))
        dialect = dialect.changed(delimiter=overrides.get("delimiter", best))
        rows = [(n, r.cells) for n, (r, _) in enumerate(parse_records(text, dialect, 0, is_last=last), 1)][
            :200
        ]
    header_row = overrides.get("header_row", find_header(rows))
    header = next((cells for number, cells in rows if number == header_row), [])
    width = len(header) or max((len(c) for _, c in rows), default=0)
    dialect = dialect.changed(header_row=header_row, width=width)
    count, preview = 0, []
    for batch in read_batches(file, dialect):
        count += batch.num_rows
        if not preview:
            for row in batch.slice(0, 20).to_pylist():
                preview.append(
                    PreviewRow(row["row_number"], tuple(row[f"c{i}"] for i in range(width)), row["problem"])
                )
    columns = tuple(
        Column(
            i,
            (header[i] if i < len(header) else "") or f"Column {i + 1}",
            tuple(dict.fromkeys(r.cells[i] for r in preview if r.cells[i]))[:5],
        )
        for i in range(width)
    )
    return Inspection(dialect, sheets, columns, count, tuple(evidence), tuple(preview))
