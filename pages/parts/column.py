"""One column of the spreadsheet: its header and samples, the field it feeds, how sure that is, and why."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping import ColumnMatch, Mapping
from pages.parts import acting
from pages.parts.plain import plain, shortened

ATTRIBUTE, DROPPED = "attribute", "dropped"
CHOICES = {
    **{field.value: CATALOGUE[field].label for field in Field},
    ATTRIBUTE: "Keep as an attribute",
    DROPPED: "Leave out",
}
SURE, UNSURE = 0.8, 0.5


def show(run: Import, mapping: Mapping, match: ColumnMatch, samples: Sequence[str], *, is_locked: bool) -> None:
    """The column as a row: what is in it on the left, what becomes of it on the right."""
    with st.container(border=True, key=f"column-{match.index}"):
        seen, choice, why = st.columns([5, 4, 4], vertical_alignment="center")
        with seen:
            st.markdown(f"**{plain(shortened(match.header))}**")
            st.caption(" · ".join(plain(shortened(sample, 32)) for sample in samples[:3]) or "Empty in every row.")
        with choice:
            _show_choice(run, match, is_locked=is_locked)
        with why:
            _show_reason(mapping, match)
            if match.field is Field.OPTED_OUT:
                _show_consent(run, match, is_locked=is_locked)


def _show_choice(run: Import, match: ColumnMatch, *, is_locked: bool) -> None:
    key = f"column:{run.id}:{match.index}"
    st.session_state[key] = _choice_of(match)
    st.selectbox(
        f"Field of {match.header}",
        list(CHOICES),
        format_func=CHOICES.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=_keep_choice,
        args=(run.id, match.index, key),
        disabled=is_locked,
    )


def _choice_of(match: ColumnMatch) -> str:
    return match.field.value if match.field else DROPPED if match.is_dropped else ATTRIBUTE


def _show_reason(mapping: Mapping, match: ColumnMatch) -> None:
    if match.field:
        words, color = _certainty(match.confidence)
        same = mapping.columns_of(match.field)
        place = f" · tried as number {same.index(match) + 1} of {len(same)}" if len(same) > 1 else ""
        st.markdown(f":{color}-badge[{words}]{place}")
    if match.reason:
        st.caption(plain(match.reason))


def _certainty(confidence: float) -> tuple[str, str]:
    if confidence >= 1:
        return "Your choice", "primary"
    if confidence >= SURE:
        return "Sure", "green"
    return ("Likely", "orange") if confidence >= UNSURE else ("A guess, please look", "red")


def _show_consent(run: Import, match: ColumnMatch, *, is_locked: bool) -> None:
    key = f"consent:{run.id}:{match.index}"
    st.session_state[key] = match.opt_in
    st.selectbox(
        f"What yes means in {match.header}",
        [True, False],
        format_func=lambda opt_in: (
            "Yes = accepts messages; no opts out" if opt_in else "Yes = wants no messages, opts out"
        ),
        key=key,
        label_visibility="collapsed",
        on_change=_keep_consent,
        args=(run.id, match.index, key),
        disabled=is_locked,
    )


def _keep_choice(import_id: UUID, index: int, key: str) -> None:
    choice = st.session_state[key]
    field = None if choice in (ATTRIBUTE, DROPPED) else Field(choice)
    with acting.transaction(Role.IMPORTER) as tx:
        imports.choose_column(tx, import_id, index, field, is_dropped=choice == DROPPED)


def _keep_consent(import_id: UUID, index: int, key: str) -> None:
    with acting.transaction(Role.IMPORTER) as tx:
        imports.choose_column(tx, import_id, index, Field.OPTED_OUT, opt_in=st.session_state[key])
