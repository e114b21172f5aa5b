"""Rows of one bucket as they would be imported; and how their cells are written on every tab of the review."""

from typing import Any

import pandas as pd
import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, attributes, pager

ROWS_PER_PAGE = 50
ROW_COLUMN = st.column_config.NumberColumn(width=70, format="%d", pinned=True)
NUMBER_COLUMN = st.column_config.NumberColumn(width=90, format="localized")
MEANINGS = {
    "created": "People who are new to you. Each becomes a lead with what its row says, and those merged into it.",
    "unchanged": "Leads whom you have already, just as these rows say. Nothing is written for them.",
    "skipped": "Rows left out by your own rules or decisions.",
}


def show(run: Import, view: str) -> None:
    """A page of rows of the bucket."""
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        found = imports.search_people(tx, run, bucket=view, after=pager.get_place(name), limit=ROWS_PER_PAGE)
    st.caption(MEANINGS[view])
    show_table([_cells(row) for row in found])
    show_pager(name, found)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Row": row["row_number"],
        "Name": row["name"],
        "Reached at": row["identifier"],
        "E-mail": row["email"],
        "Your id": row["external_id"],
        "Tags": row["tags"] or [],
        "Opted out": "Yes" if row["opted_out"] else None,
        "Attributes": attributes.in_one_line(row["attributes"]),
    }


def show_table(table: list[dict[str, Any]]) -> None:
    """The lines as a table without the columns that nothing stands in, or a word that there are none."""
    if not table:
        return show_nothing("There are no more rows.")
    st.dataframe(
        pd.DataFrame(table, columns=filled(table)),
        hide_index=True,
        placeholder="",
        height="content" if len(table) <= 12 else 460,
        column_config=number_columns(table),
    )


def filled(table: list[dict[str, Any]]) -> list[str]:
    """The columns of the table in which anything stands."""
    names = table[0] if table else ()
    return [name for name in names if any(line[name] not in (None, "", []) for line in table)]


def number_columns(table: list[dict[str, Any]]) -> dict[str, Any]:
    """How columns of numbers are shown: as wide as a number needs, and row numbers always in sight."""
    numbers = {name for line in table for name, value in line.items() if isinstance(value, int)}
    return {name: ROW_COLUMN if name == "Row" else NUMBER_COLUMN for name in numbers}


def show_nothing(sentence: str) -> None:
    """A word where no rows are."""
    with st.container(border=True, horizontal_alignment="center"):
        st.caption(sentence, width="content")


def show_pager(name: str, found: list[dict[str, Any]]) -> None:
    """Back and Next, below a page of rows."""
    if found:
        last = found[-1]["row_number"]
        position = f"Rows {found[0]['row_number']:,} to {last:,} of the file"
        pager.show(name, last=last, is_full=len(found) == ROWS_PER_PAGE, position=position)
