"""One column of the spreadsheet: its header and samples, the field it feeds, how sure that is, and why."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from lead_store.intake import mapping as columns_to_fields
from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping import ColumnMatch, Mapping
from pages.parts import acting
from pages.parts.counted import counted
from pages.parts.plain import plain, quoted, shortened

ATTRIBUTE, DROPPED = "attribute", "dropped"
CHOICES = {
    **{field.value: CATALOGUE[field].label for field in Field},
    ATTRIBUTE: "Keep as attribute",
    DROPPED: "Leave out",
}
SURE, UNSURE = 0.8, 0.5
ORDINALS = ("first", "second", "third", "fourth", "fifth")


def show(run: Import, mapping: Mapping, match: ColumnMatch, samples: Sequence[str], *, is_locked: bool) -> None:
    """The column as a row: what is in it on the left, what becomes of it on the right."""
    with st.container(border=True, key=f"column-{match.index}"):
        seen, choice, why = st.columns([5, 5, 4], vertical_alignment="center")
        with seen.container(gap="xxsmall"):
            st.markdown(f"**{plain(shortened(match.header))}**")
            st.markdown(
                " ".join(quoted(shortened(sample, 28)) for sample in samples[:3]) or ":gray[Empty in every row]"
            )
        with choice.container(gap="xxsmall"):
            _show_choice(run, match, is_locked=is_locked)
            if match.field is Field.OPTED_OUT:
                _show_consent(run, match, is_locked=is_locked)
                _show_effect(run, match)
        with why.container(gap="xxsmall"):
            _show_reason(mapping, match)


def _show_choice(run: Import, match: ColumnMatch, *, is_locked: bool) -> None:
    key = f"column:{run.id}:{match.index}"
    st.session_state[key] = _choice_of(match)
    st.selectbox(
        f"What {plain(match.header)} holds",
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
    if not match.field:
        outcome = "Its values are not kept." if match.is_dropped else "Kept with each lead, under its header."
        st.caption(f"{outcome} {plain(match.reason)}")
        return
    words, color = _certainty(match.confidence)
    st.markdown(f":{color}-badge[{words}] {_turn(mapping, match)}")
    st.caption(plain(match.reason))


def _turn(mapping: Mapping, match: ColumnMatch) -> str:
    """Where several columns feed one field: when this one is tried."""
    same = mapping.columns_of(match.field) if match.field else ()
    if len(same) < 2:
        return ""
    place = same.index(match)
    return f":gray[tried {ORDINALS[place] if place < len(ORDINALS) else f'as number {place + 1}'}]"


def _certainty(confidence: float) -> tuple[str, str]:
    if confidence >= 1:
        return "Your choice", "primary"
    if confidence >= SURE:
        return "Sure", "green"
    return ("Likely", "orange") if confidence >= UNSURE else ("A guess: please look", "red")


def _show_consent(run: Import, match: ColumnMatch, *, is_locked: bool) -> None:
    key = f"consent:{run.id}:{match.index}"
    st.session_state[key] = match.opt_in
    st.selectbox(
        f"What yes means in {plain(match.header)}",
        [True, False],
        format_func=lambda opt_in: "“No” opts people out" if opt_in else "“Yes” opts people out",
        key=key,
        label_visibility="collapsed",
        on_change=_keep_consent,
        args=(run.id, match.index, key),
        disabled=is_locked,
    )


def _show_effect(run: Import, match: ColumnMatch) -> None:
    """What the column will do, counted over the whole file; over its first rows where that was not counted."""
    inspection = run.inspection or {}
    effect = next((entry.get("opted_out") for entry in inspection["columns"] if entry["index"] == match.index), None)
    if effect:
        people, of_rows = effect["yes_is_consent" if match.opt_in else "yes_is_opt_out"], ""
    else:
        cells = [row["cells"][match.index] or "" for row in inspection["preview"]]
        people = columns_to_fields.count_opted_out(Counter(cells), match.opt_in)
        of_rows = f" of the first {len(cells)} rows"
    answer = "no" if match.opt_in else "yes"
    who = counted(people, "person", "people")
    st.caption(f"“{plain(shortened(match.header, 40))}” = {answer} will opt out {who}{of_rows}.")


def _keep_choice(import_id: UUID, index: int, key: str) -> None:
    choice = st.session_state[key]
    field = None if choice in (ATTRIBUTE, DROPPED) else Field(choice)
    with acting.transaction(Role.IMPORTER) as tx:
        imports.choose_column(tx, import_id, index, field, is_dropped=choice == DROPPED)


def _keep_consent(import_id: UUID, index: int, key: str) -> None:
    with acting.transaction(Role.IMPORTER) as tx:
        imports.choose_column(tx, import_id, index, Field.OPTED_OUT, opt_in=st.session_state[key])
