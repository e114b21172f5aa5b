"""Each column with its samples and the field it feeds; the country, the channel, and what existing leads get."""

from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from lead_store.intake import mapping as columns_to_fields
from lead_store.intake.mapping import ColumnMatch
from pages.parts import acting, column, countries, heading, places, stepper
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

CHANNELS = {"whatsapp": "WhatsApp, by the phone", "sms": "SMS, by the phone", "email": "E-mail"}
ON_EXISTING = {
    "update": "Update: filled cells win",
    "fill": "Fill in only what is blank",
    "skip": "Leave them as they are",
}
COLUMNS_IN_ONE_LIST = 15
CHOICE_WIDTH_PIXELS = 250
CHANGEABLE = ("received", "mapped", "in_review", "failed")


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    places.leave_unread(run)
    stepper.show(run, places.COLUMNS)
    is_locked = run.status not in CHANGEABLE or not acting.may_import()
    missing = columns_to_fields.check(imports.get_mapping(run), run.channel)
    actions = heading.show("Match the columns", f"Say what each column of {heading.name_of(run)} holds.")
    if not is_locked:
        with actions:
            _show_next(run, missing)
    _show_notes(run, [] if is_locked else missing)
    _show_rules(run, is_locked=is_locked)
    _show_columns(run, is_locked=is_locked)


def _show_next(run: Import, missing: list[str]) -> None:
    if st.button(
        "Check all rows",
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=bool(missing),
        help=plain(missing[0]) if missing else None,
    ):
        _check_all_rows(run)


def _check_all_rows(run: Import) -> None:
    with acting.transaction(Role.IMPORTER) as tx:
        imports.map_columns(
            tx,
            run.id,
            imports.get_mapping(run),
            acting.who(),
            region=run.region,
            channel=run.channel,
            on_existing=run.on_existing,
        )
        imports.prepare(tx, run.id, acting.who())
    places.go(places.REVIEW, run.id)


def _show_notes(run: Import, missing: list[str]) -> None:
    if run.status not in CHANGEABLE:
        st.info("This import has started, so its columns cannot be changed now.", icon=":material/lock:")
    for sentence in missing:
        st.warning(plain(sentence), icon=":material/rule:")
    saved = (run.inspection or {}).get("saved_mapping")
    if saved:
        when = moment(datetime.fromisoformat(saved["saved_at"]))
        st.info(
            f"Matched as last time: a file with the same headers was imported by {plain(saved['saved_by'])} on {when}.",
            icon=":material/history:",
        )


def _show_rules(run: Import, *, is_locked: bool) -> None:
    with st.container(border=True), st.grid(3, min_column_width=CHOICE_WIDTH_PIXELS):
        names = {None: "No country: only numbers with +"} | countries.names()
        _choose(run, "channel", "Reach people by", CHANNELS, is_locked=is_locked)
        _choose(run, "region", "Phones without a country code are from", names, is_locked=is_locked)
        _choose(run, "on_existing", "Leads that you already have", ON_EXISTING, is_locked=is_locked)


def _choose(run: Import, name: str, label: str, choices: dict[Any, str], *, is_locked: bool) -> None:
    key = f"{name}:{run.id}"
    st.session_state[key] = getattr(run, name)
    st.selectbox(
        label,
        list(choices),
        format_func=lambda choice: choices.get(choice, str(choice)),
        key=key,
        on_change=_keep,
        args=(run.id, name, key),
        disabled=is_locked,
    )


def _keep(import_id: UUID, name: str, key: str) -> None:
    with acting.transaction(Role.IMPORTER) as tx:
        imports.draft_columns(tx, import_id, **{name: st.session_state[key]})


def _show_columns(run: Import, *, is_locked: bool) -> None:
    chosen = imports.get_mapping(run)
    samples = {entry["index"]: entry["samples"] for entry in (run.inspection or {}).get("columns", [])}

    def show_all(matches: list[ColumnMatch]) -> None:
        with st.container(gap="xsmall"):
            for match in matches:
                column.show(run, chosen, match, samples.get(match.index, ()), is_locked=is_locked)

    if len(chosen.columns) <= COLUMNS_IN_ONE_LIST:
        return show_all(list(chosen.columns))
    show_all([match for match in chosen.columns if match.field])
    others = [match for match in chosen.columns if not match.field]
    filled = [match for match in others if samples.get(match.index)]
    blank = len(others) - len(filled)
    st.markdown(f"#### {counted(len(others), 'other column')}")
    st.caption(
        "Kept with each lead, under their headers, unless you leave them out. A message can use what is kept."
        + (f" {counted(blank, 'column is', 'columns are')} empty." if blank else "")
    )
    if st.toggle("Show them", key=f"others:{run.id}", value=len(others) <= COLUMNS_IN_ONE_LIST):
        show_all([*filled, *(match for match in others if match not in filled)])


show()
