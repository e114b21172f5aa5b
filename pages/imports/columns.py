"""Each column with its samples and the field it feeds; the country, the channel, and what existing leads get."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from lead_store.intake import mapping as columns_to_fields
from pages.parts import acting, column, countries, places, stepper
from pages.parts.plain import plain, shortened

CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS", "email": "E-mail"}
ON_EXISTING = {
    "update": "Update them: what this file says wins",
    "fill": "Fill only what is blank",
    "skip": "Leave them as they are",
}
COLUMNS_SHOWN = 60
CHANGEABLE = ("received", "mapped", "in_review", "failed")


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    stepper.show(run, places.COLUMNS)
    st.title("Match the columns", anchor=False)
    st.markdown(f"Say what each column of **{plain(shortened(run.file_name))}** means. What is matched was suggested.")
    _show_notes(run)
    _show_rules(run)
    _show_columns(run)
    _show_next(run)


def _show_notes(run: Import) -> None:
    saved = (run.inspection or {}).get("saved_mapping")
    if saved:
        st.info(
            f"Matched as last time: {plain(saved['saved_by'])} imported a file with these columns before.",
            icon=":material/history:",
        )
    if run.status not in CHANGEABLE:
        st.info("This import has started, so its columns cannot be changed now.", icon=":material/lock:")


def _show_rules(run: Import) -> None:
    with st.container(border=True):
        channel, region, existing = st.columns(3)
        with channel:
            _choose(run, "channel", "Reach people by", CHANNELS)
        with region:
            _choose(run, "region", "Phones without a country code are from", {None: "No default"} | countries.names())
        with existing:
            _choose(run, "on_existing", "Leads you already have", ON_EXISTING)


def _choose(run: Import, name: str, label: str, choices: dict) -> None:
    key = f"{name}:{run.id}"
    st.session_state[key] = getattr(run, name)
    st.selectbox(
        label,
        list(choices),
        format_func=lambda choice: choices.get(choice, str(choice)),
        key=key,
        on_change=_keep_rule,
        args=(run.id, name, key),
        disabled=run.status not in CHANGEABLE,
    )


def _keep_rule(import_id, name: str, key: str) -> None:
    with acting.transaction(Role.IMPORTER) as tx:
        imports.draft_columns(tx, import_id, **{name: st.session_state[key]})


def _show_columns(run: Import) -> None:
    chosen = imports.get_mapping(run)
    shows_all = st.session_state.get(f"all:{run.id}", False)
    shown = chosen.columns if shows_all else chosen.columns[:COLUMNS_SHOWN]
    samples = {entry["index"]: entry["samples"] for entry in (run.inspection or {}).get("columns", [])}
    for match in shown:
        column.show(run, chosen, match, samples.get(match.index, ()), is_locked=run.status not in CHANGEABLE)
    if len(chosen.columns) > COLUMNS_SHOWN:
        st.toggle(f"Show all {len(chosen.columns):,} columns", key=f"all:{run.id}")


def _show_next(run: Import) -> None:
    missing = columns_to_fields.check(imports.get_mapping(run), run.channel)
    if run.status not in CHANGEABLE:
        return
    for sentence in missing:
        st.warning(plain(sentence), icon=":material/arrow_upward:")
    if st.button(
        "Check all rows",
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=bool(missing),
        help=missing[0] if missing else None,
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


show()
