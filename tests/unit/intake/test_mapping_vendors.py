"""Header rows of many vendors' exports: vendor_headers.txt, whose first lines explain its notation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import suggest

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


def vendor_rows() -> Iterator[object]:
    text = Path(__file__).with_name("vendor_headers.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            title, *cells = (cell.strip() for cell in line.split(" | "))
            parts = [cell.rpartition("=") if "=" in cell else (cell, "", "") for cell in cells]
            yield pytest.param([(header.strip(), mark.strip()) for header, _, mark in parts], id=title)


@pytest.mark.parametrize("columns", list(vendor_rows()))
def test_columns_of_a_known_layout_feed_their_fields(columns: list[tuple[str, str]]) -> None:
    mapping = suggest([header for header, _ in columns], [[] for _ in columns])
    wrong = []
    for match, (header, mark) in zip(mapping.columns, columns, strict=True):
        wanted = FIELD_OF_LETTER.get(mark[:1])
        is_optional = not mark or "?" in mark
        if match.field is None:
            is_right = is_optional
        elif is_optional:
            is_right = match.field == wanted
        else:
            is_right = match.field == wanted and (match.order > 0) == ("+" in mark)
        if not is_right:
            wrong.append((header, mark, match.field, match.order))
    assert not wrong
