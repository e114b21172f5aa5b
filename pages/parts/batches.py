"""The running import: overall bar, speed, time left, the table of batches, and what one can do about it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import BUCKETS, Import
from pages.parts import acting, places, statuses
from pages.parts.plain import plain
from pages.parts.times import duration

REFRESH_SECONDS = 1.0
RUNNING = ("importing", "undoing")


def show(run: Import) -> None:
    """Refreshed by itself while the import runs."""
    st.fragment(_show, run_every=REFRESH_SECONDS if run.status in RUNNING else None)(run.id, run.status)


def _show(import_id: UUID, status_before: str) -> None:
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
        batches = imports.search_batches(tx, import_id)
    if run.status != status_before:
        st.rerun()
    done = sum(batch["rows"] for batch in batches if batch["status"] == "done")
    total = sum(batch["rows"] for batch in batches) or run.rows_read or 0
    st.progress(done / max(total, 1), text=f"{done:,} of {total:,} rows")
    _show_speed(run, batches, done, total)
    _show_actions(run)
    _show_table(batches)


def _show_speed(run: Import, batches: list[dict[str, Any]], done: int, total: int) -> None:
    seconds = _working_seconds(batches)
    rate = done / seconds if seconds else 0.0
    with st.container(horizontal=True):
        statuses.show(run)
        if rate:
            st.caption(f"{rate:,.0f} rows a second")
        if run.status == "importing" and rate:
            st.caption(f"{duration((total - done) / rate)} left")


def _working_seconds(batches: list[dict[str, Any]]) -> float:
    """From the first batch's start to now or the last one's end, without the time in which nothing ran."""
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
    if run.status == "failed":
        st.error(plain((run.error or {}).get("detail", "")), icon=":material/error:")
    with st.container(horizontal=True):
        if run.status == "importing":
            _act(run, "Pause", imports.pause, icon=":material/pause:")
        if run.status in ("paused", "failed"):
            _act(run, "Resume", imports.resume, icon=":material/play_arrow:", kind="primary")
        if run.status in ("importing", "paused", "failed"):
            _act(run, "Cancel the rest", imports.cancel, kind="tertiary")
        if run.status in ("imported", "cancelled", "undone") and st.button("Open the report", type="primary"):
            places.go(places.REPORT, run.id)


def _act(run: Import, label: str, action, *, icon: str | None = None, kind: str = "secondary") -> None:
    if st.button(label, icon=icon, type=kind):  # type: ignore[arg-type]
        with acting.transaction(Role.IMPORTER) as tx:
            action(tx, run.id, acting.who())
        st.rerun()


def _show_table(batches: list[dict[str, Any]]) -> None:
    table = [
        {
            "Batch": batch["batch_number"],
            "Status": batch["status"].capitalize(),
            "Rows": batch["rows"],
            **{statuses.BUCKETS[bucket][0]: batch[bucket] for bucket in BUCKETS},
            "Seconds": _seconds(batch),
            "Attempts": batch["attempts"],
        }
        for batch in batches
    ]
    st.dataframe(pd.DataFrame(table), hide_index=True, placeholder="", height=min(38 * len(table) + 40, 420))


def _seconds(batch: dict[str, Any]) -> float | None:
    if not (batch["started_at"] and batch["finished_at"]):
        return None
    return round((batch["finished_at"] - batch["started_at"]).total_seconds(), 1)
