"""Rows that cannot be used, with the cell that is to blame, the reason, and what to do about it."""

from collections import Counter
from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from lead_store.intake.problems import WORDING, Code
from pages.parts import acting, corrections, pager, rows

ALL = "all"
EXPLANATION = (
    "These rows are left out; everything else is imported. Type over a cell to correct it here, or download the rows "
    "with their reasons, correct them in a spreadsheet, and upload them again."
)


def show(run: Import, view: str) -> None:
    """A page of rows, of all reasons or of one."""
    st.caption(EXPLANATION)
    reason = _choose_reason(run)
    name = f"{run.id}:{view}:{reason}"
    with acting.transaction() as tx:
        found = imports.search_rows(
            tx, run, bucket=view, code=reason, after=pager.get_place(name), limit=rows.ROWS_PER_PAGE
        )
    if found and corrections.may_correct(run):
        why = {row["row_number"]: _why(row) for row in found}
        corrections.show_grid(run, found, why, f"{name}:{found[0]['row_number']}")
    else:
        rows.show_table([_line(row) for row in found])
    rows.show_pager(name, found)
    if found and corrections.may_correct(run):
        corrections.show_same_fix(run, reason or (found[0]["blocking"] if _has_one_reason(run) else None))
        corrections.show_files(run)


def _choose_reason(run: Import) -> str | None:
    """One of the reasons there are, or None for all."""
    counts = _count_reasons(run)
    if len(counts) < 2:
        return None
    choice = st.pills(
        "Reason",
        [ALL, *(code for code, _ in counts.most_common())],
        default=ALL,
        required=True,
        format_func=lambda code: (
            f"All  {counts.total():,}" if code == ALL else f"{WORDING[Code(code)].label}  {counts[code]:,}"
        ),
        key=f"reason:{run.id}",
        label_visibility="collapsed",
    )
    return None if choice == ALL else choice


def _count_reasons(run: Import) -> Counter[str]:
    counts: Counter[str] = Counter()
    for facts in (run.review or {}).get("tally", []):
        if facts["blocking"]:
            counts[facts["blocking"]] += facts["rows"]
    return counts


def _has_one_reason(run: Import) -> bool:
    return len(_count_reasons(run)) == 1


def _why(row: dict[str, Any]) -> str:
    """The reason, and what the grid has no column for."""
    surplus = imports.find_surplus(row)
    return f"{_line(row)['Why']}: {surplus}" if surplus else _line(row)["Why"]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    code = Code(row["blocking"] or Code.REJECTED_BY_RULE)
    problem = next((found for found in row["problems"] or () if found["code"] == code), {})
    return {
        "Row": row["row_number"],
        "Name": row["name"],
        "Why": WORDING[code].label,
        "Cell": problem.get("value") or row["identifier"],
        "Column": problem.get("column"),
        "What to do": WORDING[code].suggestion,
    }
