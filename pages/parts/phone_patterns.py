"""Phones that can be read in two ways: one question per pattern, answered for all its rows."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from lead_store.intake.phones import PhonePattern, describe_pattern
from pages.parts import acting
from pages.parts.counted import counted
from pages.parts.plain import plain, quoted


def show(run: Import) -> None:
    """The questions that are open, and those that were answered, whose answers can be changed."""
    review = run.review or {}
    if run.status != "in_review" or not acting.may_import():
        return
    answers = run.rules.get("phone_choices", {})
    open_ones = [found for found in review.get("phone_patterns", []) if found["pattern"] not in answers]
    if open_ones:
        _show_questions(run, open_ones)
    elif answers:
        with st.expander("How numbers with two readings are read", icon=":material/call:"):
            _show_form(run, [{"pattern": pattern} for pattern in answers], answers)


def _show_questions(run: Import, patterns: list[dict[str, Any]]) -> None:
    rows = sum(found["rows"] for found in patterns)
    with st.container(border=True):
        st.markdown(f"#### {counted(rows, 'number')} can be read in two ways")
        st.caption("Left out until you say how to read such numbers. All rows are then checked again.")
        _show_form(run, patterns, {})


def _show_form(run: Import, patterns: list[dict[str, Any]], answers: dict[str, str]) -> None:
    with st.form(f"phones:{run.id}", border=False):
        choices = {found["pattern"]: _ask(found, answers.get(found["pattern"])) for found in patterns}
        if st.form_submit_button("Check again with these answers", icon=":material/refresh:"):
            given = {pattern: choice for pattern, choice in choices.items() if choice}
            with acting.transaction(Role.IMPORTER) as tx:
                imports.choose_phone_readings(tx, run.id, given, acting.who())
                imports.prepare(tx, run.id, acting.who())
            st.rerun()


def _ask(found: dict[str, Any], answer: str | None) -> str | None:
    described = describe_pattern(found["pattern"])
    samples = " ".join(quoted(sample) for sample in found.get("samples", []))
    count = f"**{counted(found['rows'], 'row')}:** " if "rows" in found else ""
    choices = [reading.choice for reading in described.readings]
    return st.radio(
        f"{count}{plain(described.sentence)} {samples}",
        choices,
        index=choices.index(answer) if answer in choices else None,
        format_func=lambda choice: _words(described, choice),
        key=f"pattern:{found['pattern']}",
    )


def _words(described: PhonePattern, choice: str) -> str:
    reading = next(each for each in described.readings if each.choice == choice)
    return f"{reading.label}: {described.example} is {reading.example}" if reading.example else reading.label
