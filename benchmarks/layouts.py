"""Header rows written down as text, with what each column must feed and, where given, sample rows.

The notation is explained in the first lines of tests/unit/intake/vendor_headers.txt. How rows are scored is left to
benchmarks.headers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lead_store.intake.fields import Field

FIELD_OF_LETTER = {
    "n": Field.NAME,
    "f": Field.FIRST_NAME,
    "l": Field.LAST_NAME,
    "p": Field.PHONE,
    "e": Field.EMAIL,
    "i": Field.EXTERNAL_ID,
    "t": Field.TAGS,
    "o": Field.OPTED_OUT,
    "c": Field.COMPANY,
    "k": Field.COUNTRY,
    "a": Field.AREA_CODE,
}
_CORPUS_NAMES = {Field.NAME: "full_name", Field.OPTED_OUT: "opt_out"}


@dataclass
class Layout:
    """One header row; marks are such as "p", "p+" (a fallback), "p?" (it may) or "" (it must feed nothing)."""

    title: str
    headers: list[str]
    marks: list[str]
    sample_rows: list[list[str]] = field(default_factory=list)

    @property
    def samples(self) -> list[list[str]]:
        """The cells of each column."""
        return [[row[at] if at < len(row) else "" for row in self.sample_rows] for at in range(len(self.headers))]

    def as_corpus_row(self) -> dict[str, Any]:
        """The same in the shape of the corpus's headers.jsonl."""
        expected: dict[str, int] = {}
        acceptable: dict[str, list[str]] = {}
        for index, mark in enumerate(self.marks):
            if not mark or "+" in mark:
                continue
            target = FIELD_OF_LETTER[mark[0]]
            name = _CORPUS_NAMES.get(target, target.value)
            if "?" in mark:
                acceptable.setdefault(name, []).append(self.headers[index])
            else:
                expected[name] = index
        return {
            "source": self.title,
            "headers": self.headers,
            "sample_rows": self.sample_rows,
            "expected_index": expected,
            "also_acceptable": acceptable,
        }


def read_layouts(path: Path) -> list[Layout]:
    """All layouts of a file, in its order."""
    return list(_layouts(path.read_text(encoding="utf-8")))


def _layouts(text: str) -> Iterator[Layout]:
    layout: Layout | None = None
    for line in text.splitlines():
        if line.startswith(">") and layout:
            layout.sample_rows.append(_cells(line[1:]))
        elif line and not line.startswith("#"):
            if layout:
                yield layout
            title, *cells = _cells(line)
            parts = [cell.rpartition("=") if "=" in cell else (cell, "", "") for cell in cells]
            layout = Layout(title, [header.strip() for header, _, _ in parts], [mark for _, _, mark in parts])
    if layout:
        yield layout


def _cells(line: str) -> list[str]:
    # A bar within a cell stands for a list and has no spaces around it.
    return [cell.strip() for cell in re.split(r"\s\|(?=\s|$)", line)]
