"""The running import: its title and what one can do about it, overall bar, speed, time left, the table of batches."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import BUCKETS, Import
from pages.parts import acting, heading, places, statuses
from pages.parts.plain import plain
from pages.parts.times import duration

REFRESH_SECONDS = 1.0
RUNNING = ("importing", "undoing")
ENDED = ("imported", "cancelled", "undone")
TITLES = {
    "importing": "Importing",
    "paused": "Import paused",
    "imported": "Import done",
    "cancelled": "Import cancelled",
    "undoing": "Taking the import back",
    "undone": "Import taken back",
    "failed": "Import stopped",
}
STATUS_LABELS = {"pending": "Waiting", "running": "Running", "done": "Done", "failed": "Failed", "undone": "Undone"}


def show(run: Import) -> None:
    """Refreshed by itself while the import runs; one click for everything else."""
    st.fragment(_show, run_every=REFRESH_SECONDS if run.status in RUNNING else None)(run.id, run.status)


def _show(import_id: UUID, status_before: str) -> None:
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
        batches = imports.search_batches(tx, import_id)
    if run.status != status_before:
        st.rerun()
    aim = "undone" if run.status in ("undoing", "undone") else "done"
    done = sum(batch["rows"] for batch in batches if batch["status"] == aim)
    total = sum(batch["rows"] for batch in batches)
    actions = heading.show(TITLES[run.status], f"{heading.name_of(run)}, in batches, each done whole or not at all.")
    if acting.may_import():
        with actions:
            _show_actions(run)
    if run.status == "failed":
        st.error(plain((run.error or {}).get("detail", "")), icon=":material/error:")
    _show_numbers(run, batches, done, total)
    if run.status in RUNNING:
        st.caption("You can close this page: the work goes on, and this address brings you back.")
    _show_table(batches)


def _show_numbers(run: Import, batches: list[dict[str, Any]], done: int, total: int) -> None:
    seconds = _working_seconds(batches)
    rate = done / seconds if seconds else 0.0
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{done / max(total, 1):.0%}**", width="content")
            statuses.show(run)
        st.progress(done / max(total, 1))
        with st.container(horizontal=True, gap="large"):
            st.metric("Rows done", f"{done:,} of {total:,}", width="content")
            if rate:
                st.metric("Rows a second", f"{rate:,.0f}", width="content")
                label = "Time taken" if run.status in ENDED else "Time so far"
                st.metric(label, duration(seconds), width="content")
            if rate and run.status == "importing":
                st.metric("Time left", f"about {duration((total - done) / rate)}", width="content")


def _working_seconds(batches: list[dict[str, Any]]) -> float:
    """The time in which any batch was being done: two side by side count once, a pause not at all."""
    spans = sorted(
        (batch["started_at"], batch["finished_at"] or datetime.now(UTC))
        for batch in batches
        if batch["started_at"] and batch["status"] != "pending"
    )
    seconds, until = 0.0, None
    for start, end in spans:
        begins = max(start, until) if until else start
        seconds += max((end - begins).total_seconds(), 0.0)
        until = max(until, end) if until else end
    return seconds


def _show_actions(run: Import) -> None:
    if run.status in ("importing", "paused", "failed") and st.button("Cancel the rest", type="tertiary"):
        _confirm_cancel(run)
    if run.status == "importing":
        _act(run, "Pause", imports.pause, icon=":material/pause:")
    if run.status in ("paused", "failed"):
        _act(run, "Resume", imports.resume, icon=":material/play_arrow:", kind="primary")
    if run.status in ENDED and st.button("Open the report", type="primary"):
        places.go(places.REPORT, run.id)


def _act(
    run: Import, label: str, action: Callable[[Connection, UUID, str], Any], *, icon: str, kind: Any = "secondary"
) -> None:
    if st.button(label, icon=icon, type=kind):
        with acting.transaction(Role.IMPORTER) as tx:
            action(tx, run.id, acting.who())
        st.rerun()


@st.dialog("Cancel the rest of this import?")
def _confirm_cancel(run: Import) -> None:
    st.markdown("Rows that are done stay imported. The rest of the file is not imported, and cannot be resumed.")
    if st.button("Cancel the rest", type="primary", width="stretch", key="confirm_cancel"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.cancel(tx, run.id, acting.who())
        st.rerun()


def _show_table(batches: list[dict[str, Any]]) -> None:
    is_repeated = any(batch["attempts"] > 1 for batch in batches)
    table = [
        {
            "Batch": batch["batch_number"] + 1,
            "Status": STATUS_LABELS[batch["status"]],
            "Rows": batch["rows"],
            **{statuses.BUCKETS[bucket][0]: batch[bucket] if batch["finished_at"] else None for bucket in BUCKETS},
            "Seconds": _seconds(batch),
            **({"Attempts": batch["attempts"]} if is_repeated else {}),
        }
        for batch in batches
    ]
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in table[0]} if table else {}
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        placeholder="",
        height="content" if len(table) < 12 else 440,
        column_config={
            **numbers,
            "Status": st.column_config.TextColumn(),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def _seconds(batch: dict[str, Any]) -> float | None:
    if not (batch["started_at"] and batch["finished_at"]):
        return None
    return round((batch["finished_at"] - batch["started_at"]).total_seconds(), 1)
