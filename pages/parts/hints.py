"""New people who are probably leads whom we know under another identifier; linked by a person, or left."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices, pager, rows

PER_PAGE = 20
EXPLANATION = (
    "These people would become new leads, but each is probably a lead whom you have under another number. Linked, the "
    "row updates that lead and gives it the number. Left, a new lead is created: that is what happens until you decide."
)
REASONS = {
    "same_email": "Same name and e-mail",
    "same_external_id": "Same id of yours",
    "one_digit": "Same name, number one digit away",
}
WORDS = {"link": "Link to the lead", "leave": "Leave: a new lead"}


def show(run: Import, view: str) -> None:
    """A page of hints, and the choice for those that are marked or for all."""
    st.caption(EXPLANATION)
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        found = imports.search_hints(tx, run, after=pager.get_place(name), limit=PER_PAGE)
    if not found:
        return rows.show_table([])
    lines = [_line(hint) for hint in found]
    if choices.may_decide(run):
        st.caption("Mark lines to decide about them alone.")
        marked = choices.mark_lines(lines, f"{name}:{pager.get_place(name)}")
        _ask(run, name, [found[place]["row_number"] for place in marked])
    else:
        rows.show_table(lines)
    pager.show(name, last=found[-1]["row_number"], is_full=len(found) == PER_PAGE)


def _ask(run: Import, name: str, numbers: list[int]) -> None:
    def decide(choice: str) -> None:
        with acting.transaction(Role.IMPORTER) as tx:
            imports.decide_hints(tx, run.id, choice, acting.who(), row_numbers=numbers or None)

    choices.ask_for_marked(len(numbers), "row", WORDS, f"{name}:marked", decide, everything="all of them")


def _line(hint: dict[str, Any]) -> dict[str, Any]:
    stored = hint["stored"]
    return {
        "Row": hint["row_number"],
        "Name": hint["name"],
        "Reached at": hint["identifier"],
        "Lead whom you have": stored.get("name"),
        "That lead's number": stored.get("phone") or stored.get("email"),
        "Why": REASONS[hint["reason"]],
        "Decision": {"link": "Linked", "leave": "Left"}.get(hint["decision"] or "", ""),
    }
