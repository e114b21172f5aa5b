"""The rows behind the tiles of the review, a page at a time, under one tab per question."""

from typing import Any

import pandas as pd
import streamlit as st

from lead_store import imports
from lead_store.imports import FieldBit, Import
from lead_store.intake.problems import WORDING, Code
from pages.parts import acting, pager

VIEWS = {
    "created": "New",
    "updated": "Updates",
    "merged": "Duplicates",
    "shared": "Shared phones and e-mails",
    "rejected": "Cannot be used",
    "unchanged": "Unchanged",
    "skipped": "Skipped",
}
ROWS_PER_PAGE = 50
GROUPS_PER_PAGE = 20


def get_view() -> str:
    """The tab that is open, as the URL says it."""
    view = st.query_params.get("show", "created")
    return view if view in VIEWS else "created"


def set_view(view: str) -> None:
    """Open another tab."""
    st.query_params["show"] = view


def show(run: Import, ledger: dict[str, int]) -> None:
    """The tabs, and the rows of the open one."""
    view = get_view()
    shared = (run.review or {}).get("shared", {})
    counts = {**ledger, "shared": sum(found["groups"] for found in shared.values())}
    st.session_state["view"] = view
    st.segmented_control(
        "Rows",
        [key for key in VIEWS if counts[key] or key == view or key not in ("unchanged", "skipped")],
        format_func=lambda key: f"{VIEWS[key]} {counts[key]:,}",
        key="view",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: set_view(st.session_state["view"]),
    )
    {"updated": _show_updates, "merged": _show_groups, "shared": _show_shared, "rejected": _show_rejected}.get(
        view, _show_rows
    )(run, view)


def _show_rows(run: Import, view: str) -> None:
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        rows = imports.search_rows(tx, run, bucket=view, after=pager.get_place(name), limit=ROWS_PER_PAGE)
    if not rows:
        return _show_nothing()
    st.dataframe(pd.DataFrame([_cells(row) for row in rows]), hide_index=True, placeholder="")
    _page(name, rows)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Row": row["row_number"],
        "Name": row["name"],
        "Reached at": row["identifier"],
        "E-mail": row["email"],
        "Tags": ", ".join(row["tags"] or ()),
        "Your id": row["external_id"],
        "Attributes": _attributes(row["attributes"]),
    }


def _attributes(attributes: dict[str, Any] | None) -> str:
    return " · ".join(f"{key}: {value}" for key, value in (attributes or {}).items())


def _show_updates(run: Import, view: str) -> None:
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        rows = imports.search_updates(tx, run, after=pager.get_place(name), limit=ROWS_PER_PAGE)
    if not rows:
        return _show_nothing()
    changes = [change for row in rows for change in _changes(row)]
    st.dataframe(pd.DataFrame(changes), hide_index=True, placeholder="")
    _page(name, rows)


def _changes(row: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per field that would be written: what is stored, and what the file says."""
    stored, found = row["stored"], []
    who = {"Row": row["row_number"], "Lead": stored.get("name") or row["name"] or row["identifier"]}
    for bit in FieldBit:
        if row["writes"] & bit:
            field = str(bit.name).lower()
            old, new = stored.get("opted_out_at" if bit is FieldBit.OPTED_OUT else field), row.get(field)
            if bit is FieldBit.ATTRIBUTES:
                new = {key: value for key, value in (new or {}).items() if (old or {}).get(key) != value}
                old = {key: (old or {}).get(key) for key in new if (old or {}).get(key) is not None}
            found.append({**who, "Field": FIELD_LABELS[bit], "Stored now": _text(old), "After the import": _text(new)})
    return found


FIELD_LABELS = {
    FieldBit.NAME: "Name",
    FieldBit.EMAIL: "E-mail",
    FieldBit.PHONE: "Phone",
    FieldBit.EXTERNAL_ID: "Your id",
    FieldBit.TAGS: "Tags",
    FieldBit.ATTRIBUTES: "Attributes",
    FieldBit.OPTED_OUT: "Opted out",
}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return _attributes(value)
    if isinstance(value, list):
        return ", ".join(value)
    return {True: "Yes", False: "No", None: ""}.get(value, str(value)) if not isinstance(value, str) else value


def _show_groups(run: Import, view: str) -> None:
    _show_groups_of(run, with_other_people=False)


def _show_groups_of(run: Import, *, with_other_people: bool) -> None:
    name = f"{run.id}:groups:{with_other_people}"
    with acting.transaction() as tx:
        groups = imports.search_groups(
            tx, run.id, with_other_people=with_other_people, after=pager.get_place(name), limit=GROUPS_PER_PAGE
        )
        rows = imports.search_group_rows(tx, run, [group["group_number"] for group in groups])
    if not groups:
        return _show_nothing()
    table = [
        {
            "Reached at": row["identifier"],
            "Row": row["row_number"],
            "Name": row["name"],
            "E-mail": row["email"],
            "Attributes": _attributes(row["attributes"]),
            "What happens": row["bucket"].capitalize(),
        }
        for row in rows
    ]
    st.dataframe(pd.DataFrame(table), hide_index=True, placeholder="")
    pager.show(name, last=groups[-1]["group_number"], is_full=len(groups) == GROUPS_PER_PAGE)


def _show_shared(run: Import, view: str) -> None:
    _show_groups_of(run, with_other_people=True)
    with acting.transaction() as tx:
        shared = imports.search_shared_emails(tx, run.id)
    if shared:
        st.markdown("#### E-mail addresses of several people")
        st.dataframe(pd.DataFrame(shared), hide_index=True)


def _show_rejected(run: Import, view: str) -> None:
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        rows = imports.search_rows(tx, run, bucket=view, after=pager.get_place(name), limit=ROWS_PER_PAGE)
    if not rows:
        return _show_nothing()
    st.dataframe(pd.DataFrame([_reasons(row) for row in rows]), hide_index=True, placeholder="")
    _page(name, rows)


def _reasons(row: dict[str, Any]) -> dict[str, Any]:
    code = Code(row["blocking"] or Code.REJECTED_BY_RULE)
    problem = next((found for found in row["problems"] or () if found["code"] == code), {})
    return {
        "Row": row["row_number"],
        "Name": row["name"],
        "Cell": problem.get("value"),
        "Column": problem.get("column"),
        "Why": WORDING[code].label,
        "What to do": WORDING[code].suggestion,
    }


def _page(name: str, rows: list[dict[str, Any]]) -> None:
    pager.show(name, last=rows[-1]["row_number"], is_full=len(rows) == ROWS_PER_PAGE)


def _show_nothing() -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.caption("No rows here.")
