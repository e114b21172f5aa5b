"""Header rows of many vendors' exports: vendor_headers.txt, whose first lines explain its notation, and
sampled_headers.txt, which has a sample row each."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from benchmarks.layouts import FIELD_OF_LETTER, Layout, read_layouts
from lead_store.intake.mapping import suggest

# What programs and people do to headers on the way, and what must not matter.
DAMAGES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "snake case": lambda header: re.sub(r"\W+", "_", header.lower()).strip("_"),
    "accents replaced by question marks": lambda header: _each_accent(header, "?"),
    "accents lost": lambda header: _each_accent(header, ""),
    "read in the wrong encoding": lambda header: header.encode().decode("cp1252", errors="ignore"),
    "marked as required": lambda header: f"{header} *",
}


def _each_accent(header: str, mark: str) -> str:
    is_latin = all(ord(letter) < 0x250 for letter in header)
    return "".join(letter if letter.isascii() else mark for letter in header) if is_latin else header


def layouts(name: str) -> Iterator[ParameterSet]:
    for layout in read_layouts(Path(__file__).with_name(name)):
        yield pytest.param(layout, id=layout.title)


@pytest.mark.parametrize("layout", [*layouts("vendor_headers.txt"), *layouts("sampled_headers.txt")])
def test_columns_of_a_known_layout_feed_their_fields(layout: Layout) -> None:
    mapping = suggest(layout.headers, layout.samples)
    wrong = []
    for match, header, mark in zip(mapping.columns, layout.headers, layout.marks, strict=True):
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


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_headers_hardly_changes_what_they_feed(damage: str) -> None:
    changed = total = 0
    for layout in read_layouts(Path(__file__).with_name("vendor_headers.txt")):
        headers = layout.headers
        whole = suggest(headers, [[] for _ in headers])
        damaged = suggest([DAMAGES[damage](header) for header in headers], [[] for _ in headers])
        changed += sum(a.field != b.field for a, b in zip(whole.columns, damaged.columns, strict=True))
        total += len(headers)
    assert changed <= 0.01 * total
