"""Rows that have an identifier in common: of one person, or of several; decided for all, or for those marked."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, addresses, attributes, choices, pager, rows

GROUPS_PER_PAGE = 20
IDENTIFIERS = {"whatsapp": "phone number", "sms": "phone number", "email": "e-mail address"}
DUPLICATES = (
    "The same person several times in this file. The rows become one lead, in the way that you choose; the others "
    "count as merged, or as skipped where only one is kept."
)
SHARED = (
    "The same {identifier} under plainly different names. Two people are never merged in silence: without your "
    "decision the first person is imported, and the others are rejected."
)
MARK = "Mark lines to see their rows side by side, below the table, and to decide about them alone."
OWNER = "owner"


def show_duplicates(run: Import, view: str) -> None:
    """Groups of rows of one person, side by side."""
    st.caption(DUPLICATES)
    choices.ask_rule(run, "duplicates", "Rows of the same person")
    _show_groups(run, imports.RULES["duplicates"], with_other_people=False)


def show_shared(run: Import, view: str) -> None:
    """Groups of rows with one identifier and several names; then addresses that people share."""
    shared = (run.review or {}).get("shared", {})
    key = "email" if run.channel == "email" else "phone"
    identifier = IDENTIFIERS[run.channel]
    if shared.get(key, {}).get("groups"):
        st.markdown(f"#### One {identifier}, several people: {shared[key]['groups']:,}")
        st.caption(SHARED.format(identifier=identifier))
        choices.ask_rule(run, "shared_identifier", f"When several people have one {identifier}")
        single = {choice: words for choice, words in imports.RULES["shared_identifier"].items() if choice != "ask"}
        _show_groups(run, single, with_other_people=True)
    addresses.show(run)


def _show_groups(run: Import, words: dict[str, str], *, with_other_people: bool) -> None:
    name = f"{run.id}:groups:{with_other_people}"
    with acting.transaction() as tx:
        groups = imports.search_groups(
            tx, run.id, with_other_people=with_other_people, after=pager.get_place(name), limit=GROUPS_PER_PAGE
        )
        found = imports.search_group_rows(tx, run, [group["group_number"] for group in groups])
    if not groups:
        return rows.show_table([])
    if not choices.may_decide(run):
        rows.show_table([_line(row) for row in found])
    else:
        st.caption(MARK)
        lines = [_summary(group, found) for group in groups]
        marked = [groups[place] for place in choices.mark_lines(lines, f"{name}:table:{pager.get_place(name)}")]
        _show_marked(run, name, marked, found, words)
    pager.show(name, last=groups[-1]["group_number"], is_full=len(groups) == GROUPS_PER_PAGE)


def _summary(group: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, Any]:
    own = [row for row in found if row["group_number"] == group["group_number"]]
    names = list(dict.fromkeys(row["name"] for row in own if row["name"]))
    buckets = [row["bucket"] for row in own]
    return {
        "Reached at": own[0]["identifier"] if own else group["identifier"],
        "Rows": group["rows"],
        "Names": " · ".join(names[:5]) + (" …" if len(names) > 5 else ""),
        "What happens": ", ".join(f"{buckets.count(bucket)} {bucket}" for bucket in dict.fromkeys(buckets)),
    }


def _show_marked(
    run: Import, name: str, marked: list[dict[str, Any]], found: list[dict[str, Any]], words: dict[str, str]
) -> None:
    if not marked:
        return
    numbers = {group["group_number"] for group in marked}
    own = [row for row in found if row["group_number"] in numbers]
    rows.show_table([_line(row) for row in own])
    if len(marked) == 1 and marked[0]["other_people"]:
        words = {**words, OWNER: "Another person of these has it"}
    key = f"{name}:marked"
    owner = None
    if st.session_state.get(f"{key}:choice") == OWNER and OWNER in words:
        people = {row["row_number"]: f"{row['name']} (row {row['row_number']:,})" for row in own}
        owner = st.selectbox("Whose is it?", list(people), format_func=people.__getitem__)

    def decide(choice: str) -> None:
        keys = [group["identifier"] for group in marked]
        row_number = owner if choice == OWNER else None
        with acting.transaction(Role.IMPORTER) as tx:
            imports.decide_groups(tx, run.id, keys, choice, acting.who(), row_number=row_number)

    choices.ask_for_marked(len(marked), "group", words, key, decide)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Row": row["row_number"],
        "Reached at": row["identifier"],
        "Name": row["name"],
        "E-mail": row["email"],
        "Your id": row["external_id"],
        "Tags": row["tags"] or [],
        "Attributes": attributes.in_one_line(row["attributes"]),
        "What happens": row["bucket"].capitalize(),
    }
