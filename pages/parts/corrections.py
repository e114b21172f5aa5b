"""Rejected rows corrected: in a grid, all alike at once, or in a spreadsheet that is uploaded again."""

import io
from typing import Any
from uuid import UUID

import pandas as pd
import phonenumbers
import streamlit as st

from lead_store import access, imports
from lead_store.access import Member, Role
from lead_store.errors import LeadStoreError
from lead_store.imports import Correction, Import
from lead_store.intake.phones import IMPORT, UNKNOWN_RANGE, imports_unknown_ranges
from pages.parts import acting, countries, rows, trouble, uploads
from pages.parts.counted import counted
from pages.parts.plain import quoted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHONE_CODES = ("phone_invalid", "phone_ambiguous")
ROW, WHY = "Row", "Why"
ABROAD, BEFORE = "They are from another country", "Put digits before them"
AS_THEY_ARE = "Import those with + as they are"
UNKNOWN_RANGES = (
    "No numbering plan that we know has such numbers: their range is new, or somebody made them up. A message to a "
    "number that does not exist reaches nobody."
)


def may_correct(run: Import) -> bool:
    """True where rejected rows can be corrected now, by those who may import."""
    return run.status in ("in_review", "imported") and run.removed_at is None and acting.may_import()


def show_grid(run: Import, found: list[dict[str, Any]], why: dict[int, str], key: str) -> None:
    """The rows with the file's own columns, open to be typed over; checked again with one click."""
    headers = [column["header"] for column in (run.inspection or {}).get("columns", [])]
    cells = {row["row_number"]: row["cells"] for row in imports.with_cells(run, found)}
    names = [f"{header} ({place + 1})" if headers.count(header) > 1 else header for place, header in enumerate(headers)]
    table = pd.DataFrame(list(cells.values()), columns=names, dtype="object")
    table.insert(0, WHY, [why[number] for number in cells])
    table.insert(0, ROW, list(cells))
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=[ROW, WHY],
        placeholder="",
        key=key,
        column_config={ROW: rows.ROW_COLUMN, WHY: st.column_config.TextColumn(pinned=True)},
    )
    changes = _changes(table, edited, names)
    label = f"Check {counted(len(changes), 'corrected row')}" if changes else "Check corrected rows"
    if st.button(label, disabled=not changes, key=f"{key}:check", help=None if changes else "Type over a cell first."):
        with acting.transaction(Role.IMPORTER) as tx:
            done = imports.correct_cells(tx, run.id, changes, acting.who())
        _tell(done)
        st.rerun()


def _changes(before: pd.DataFrame, after: pd.DataFrame, names: list[str]) -> dict[int, dict[int, str | None]]:
    changes: dict[int, dict[int, str | None]] = {}
    for place, number in enumerate(before[ROW]):
        for index, name in enumerate(names):
            old, new = before[name].iloc[place], after[name].iloc[place]
            if (old or "") != (new or ""):
                changes.setdefault(int(number), {})[index] = new or None
    return changes


def show_same_fix(run: Import, code: str | None) -> None:
    """One fix for all numbers with the same problem, shown on some of them before it is made."""
    if code not in PHONE_CODES:
        return
    with st.expander("Correct all of these numbers alike", icon=":material/build:"):
        names = countries.names()
        kinds = [ABROAD, BEFORE, AS_THEY_ARE] if _may_take_unknown(run, code) else [ABROAD, BEFORE]
        kind = st.radio("Fix", kinds, label_visibility="collapsed")
        if kind == AS_THEY_ARE:
            return _show_unknown_ranges(run)
        fix: dict[str, str | None] = {}
        if kind == ABROAD:
            fix["region"] = st.selectbox("Country", list(names), format_func=names.__getitem__, index=None)
        else:
            code_of = phonenumbers.country_code_for_region(run.region or "")
            fix["prefix"] = st.text_input("Digits", placeholder=f"+{code_of or 55}").strip()
        if any(fix.values()):
            _show_preview(run, code, fix)


def _may_take_unknown(run: Import, code: str) -> bool:
    choices = run.rules.get("phone_choices", {})
    return run.status == "in_review" and code == "phone_invalid" and not imports_unknown_ranges(choices)


def _show_unknown_ranges(run: Import) -> None:
    with acting.transaction() as tx:
        some = imports.preview_unknown_ranges(tx, run.id)
    if not some:
        st.caption("None of the first rows has a +, a known country code, and as many digits as numbers there have.")
        return
    st.caption(UNKNOWN_RANGES)
    _show_some(some)
    if st.button("Import them, and check all rows again", key=f"{run.id}:{UNKNOWN_RANGE}"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.choose_phone_readings(tx, run.id, {UNKNOWN_RANGE: IMPORT}, acting.who())
            imports.prepare(tx, run.id, acting.who())
        st.rerun()


def _show_some(fixed: list[tuple[str, str]]) -> None:
    st.markdown("  \n".join(f"{quoted(old)} becomes {quoted(new)}" for old, new in fixed[:5]))


def _show_preview(run: Import, code: str, fix: dict[str, str | None]) -> None:
    with acting.transaction() as tx:
        some = imports.preview_fix(tx, run.id, code, **fix)
    if not some:
        st.caption("None of the first rows would be a valid number with this fix.")
        return
    _show_some(some)
    if st.button("Correct all that become valid", key=f"{run.id}:{code}:fix"):
        with acting.transaction(Role.IMPORTER) as tx:
            done = imports.fix_alike(tx, run.id, code, acting.who(), **fix)
        _tell(done)
        st.rerun()


def show_files(run: Import) -> None:
    """The rejected rows to take away, and to bring back corrected."""
    with st.container(horizontal=True, vertical_alignment="center"):
        # Each file is made when it is asked for, on a thread without the page's session.
        member, name = acting.get(), f"rejected-{run.file_name.rsplit('.', 1)[0]}"
        st.download_button(
            "Download for Excel",
            lambda: _workbook(member, run.id),
            f"{name}.xlsx",
            XLSX,
            icon=":material/download:",
            on_click="ignore",
            help="Each cell that is wrong is marked, and says what is wrong with it.",
        )
        st.download_button(
            "Download as CSV",
            lambda: _csv(member, run.id),
            f"{name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="Your own columns, then the row, the reason and what to do about it.",
        )
        if may_correct(run):
            with st.popover("Upload corrected rows", icon=":material/upload:"):
                _show_upload(run)


def _workbook(member: Member, import_id: UUID) -> bytes:
    target = io.BytesIO()
    with access.acting(member) as tx:
        imports.write_rejected_workbook(tx, imports.get_import(tx, import_id), target)
    return target.getvalue()


def _csv(member: Member, import_id: UUID) -> bytes:
    target = io.BytesIO()
    with access.acting(member) as tx:
        text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
        imports.write_rejected_rows(tx, imports.get_import(tx, import_id), text)
        return target.getvalue()


def _show_upload(run: Import) -> None:
    st.caption("The rejected rows, corrected. Leave the column “row” as it is; rows you do not need may be deleted.")
    refusal = st.container()
    file = st.file_uploader("Corrected rows", ["csv", "xlsx"], key=f"{run.id}:corrected", label_visibility="collapsed")
    if not file or not st.button("Check the corrected rows", key=f"{run.id}:corrected:check"):
        return
    try:
        with acting.transaction(Role.IMPORTER) as tx:
            done = imports.receive_corrections(tx, run.id, uploads.open_file(file), file.name, acting.who())
    except LeadStoreError as error:
        with refusal:  # At the end of the page it would lie hidden behind this box.
            trouble.show(error)
        return
    _tell(done)
    st.rerun()


def _tell(done: Correction) -> None:
    unknown = f" {counted(done.unknown, 'row')} of the file not among the rejected ones." if done.unknown else ""
    if not done.rows:
        st.toast(f"Nothing was changed.{unknown}")
        return
    left = done.rows - done.usable
    rest = f" {left:,} still cannot be used." if left else ""
    st.toast(f"{done.usable:,} of {done.rows:,} corrected rows can be imported now.{rest}{unknown}")
